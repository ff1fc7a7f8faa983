"""Acts of accounts whose keys are elsewhere: the transaction is made here, signed there, and sent from here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.domain.errors import InvalidInput, NotFound, RuleBroken
from api.domain.operations import Call, Contract, Operation
from api.services.acts import Acts, Request, new_operation

KINDS: Mapping[tuple[Contract, str], str] = {
    (Contract.ISSUANCE, "confirm"): "confirm",
    (Contract.NOTES, "accept"): "accept",
    (Contract.NOTES, "refuse"): "refuse",
    (Contract.NOTES, "withdraw"): "withdraw",
    (Contract.NOTES, "lapse"): "lapse",
    (Contract.NOTES, "split"): "split",
    (Contract.NOTES, "setConsent"): "consent",
    (Contract.REPAYMENT, "declareOverdue"): "declare_overdue",
    (Contract.FINANCING, "finance"): "finance",
    (Contract.FINANCING, "cancelQuote"): "cancel_quote",
    (Contract.REPAYMENT, "repay"): "repay",
    (Contract.ASSIGNMENTS, "notifyDebtor"): "notify_debtor",
    (Contract.RECOURSE, "demand"): "demand_recourse",
    (Contract.RECOURSE, "honour"): "honour_recourse",
    (Contract.ORDER, "freeze"): "freeze",
    (Contract.ORDER, "release"): "release",
    (Contract.ORDER, "orderReassignment"): "reassign",
    (Contract.ORDER, "executeReassignment"): "execute_reassignment",
    (Contract.ORDER, "cancelReassignment"): "cancel_reassignment",
    (Contract.TOKEN, "approve"): "approve",
    (Contract.REGISTRY, "addAccount"): "add_account",
    (Contract.REGISTRY, "setRights"): "set_rights",
    (Contract.REGISTRY, "announceSettlementChange"): "change_settlement",
    (Contract.REGISTRY, "vetoSettlementChange"): "veto_settlement",
    (Contract.REGISTRY, "finishSettlementChange"): "finish_settlement",
    (Contract.REGISTRY, "vetoRecovery"): "veto_recovery",
}
"""Acts of parties, by contract and function; an operation's `kind` follows from them, never from what a client says."""


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A call, and the transaction that its account signs (to, data, value, gas, fees, nonce, chainId)."""

    call: Call
    transaction: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Signed:
    """A call, and the raw transaction that its account signed, 0x-hex."""

    call: Call
    raw: str


class Drafting(Acts):
    """Acts in the name of one named account: calls are tried and handed out instead of put into the outbox."""

    def __init__(self, acts: Acts, account: str) -> None:
        super().__init__(acts.chain, acts.box, acts.signer, acts.ledger, acts.operator)
        self._account = account
        self.calls: list[Call] = []

    async def account_of(self, party: int, right: int) -> str:
        return await named_account(self, self._account, party, right)

    async def perform(
        self,
        kind: str,
        party: int,
        request: Request | None,
        build: Callable[[], Awaitable[Sequence[Call]]],
        *,
        check: bool = True,
        keep: Callable[[], Awaitable[None]] | None = None,
    ) -> Sequence[Operation]:
        for call in await build():
            await self.chain.simulate(call)
            self.calls.append(call)
        return ()


class Outside:
    """Two steps: `unsigned` makes the transactions of an act, `submit` takes them signed."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    async def unsigned(self, account: str, tell: Callable[[Acts], Awaitable[object]]) -> Sequence[Unsigned]:
        """What `account` has to sign for the act that `tell` performs over the Acts it is given. RuleBroken when a
        contract would refuse it now, or the account has no right to it."""
        drafting = Drafting(self._acts, account)
        await tell(drafting)
        made: list[Unsigned] = []
        for index, call in enumerate(drafting.calls):
            transaction = await self._acts.chain.unsigned(call)
            made.append(Unsigned(call, {**transaction, "nonce": transaction["nonce"] + index}))
        return made

    async def submit(
        self, signed: Sequence[Signed], request: Request | None = None, approval: str | None = None
    ) -> Sequence[Operation]:
        """Puts signed transactions into the outbox, all or none, each checked against its call; of an act that needs two
        people, those that their approval has."""
        if request is not None and (known := await self._acts.known(request)):
            return known
        operations: list[Operation] = []
        for index, one in enumerate(signed):
            kind = operation_kind(self._acts, one.call)
            transaction = self._acts.chain.check_signed(one.call, one.raw)
            party = await self._acts.ledger.party_of_account(one.call.account)
            if party is None:
                raise RuleBroken("MissingRight", account=one.call.account, party=0, rights=0, required=0)
            if index == 0:
                await self._acts.chain.simulate(one.call)
            operation = new_operation(kind, party, one.call, request, index)
            operations.append(
                replace(
                    operation,
                    signed=transaction.raw,
                    nonce=transaction.nonce,
                    tx_hash=transaction.tx_hash,
                    approval=approval,
                )
            )
        return await self._acts.store(operations)


async def named_account(acts: Acts, account: str, party: int, right: int) -> str:
    """The account, where it is the party's and has the right. NotFound("UnknownParty"), RuleBroken("MissingRight")."""
    view = await acts.ledger.party(party)
    if view is None:
        raise NotFound("UnknownParty", party=party)
    rights = next((a.rights for a in view.accounts if a.address == account), 0)
    if not rights & right:
        raise RuleBroken("MissingRight", account=account, party=party, rights=rights, required=right)
    return account


def operation_kind(acts: Acts, call: Call) -> str:
    """The kind of an operation whose account signs outside. InvalidInput("ActNotSignable") for what is no act of a
    party's."""
    kind = KINDS.get((call.contract, call.function))
    known_token = call.at in acts.chain.tokens.values()
    if kind is None or (call.contract is Contract.TOKEN) != known_token:
        raise InvalidInput("ActNotSignable", contract=call.contract.value, function=call.function)
    return kind
