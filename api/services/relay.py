"""Acts that their account signs as a request and somebody else brings: the account needs neither gas nor a node.

The request names account, contract, calldata, gas, a nonce of its own and a deadline, so whoever carries it can change
nothing in it, and carries it once (ERC-2771, EIP-712). The relayer's key pays the gas, and can move nothing of anyone's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.domain import typed_data
from api.domain.errors import Conflict, InvalidInput, RuleBroken
from api.domain.operations import Call, Contract, Operation
from api.services.acts import Acts, Request, new_operation
from api.services.outside import Drafting, operation_kind

VALID_S = 600
"""Seconds from the asking in which a request must be mined."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A call, and the typed data that its account signs ({domain, types, primaryType, message})."""

    call: Call
    typed_data: typed_data.TypedData


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A call, the message that its account signed for it, and the signature, 65 bytes 0x-hex."""

    call: Call
    message: Mapping[str, Any]
    signature: str


class Relay:
    """Two steps: `requests` drafts what an account signs, `submit` takes it signed. `relayer` pays the gas."""

    def __init__(self, acts: Acts, relayer: str) -> None:
        self._acts = acts
        self._relayer = relayer

    async def requests(self, account: str, tell: Callable[[Acts], Awaitable[object]]) -> Sequence[Drafted]:
        """What `account` has to sign for the act that `tell` performs over the Acts it is given. RuleBroken when a
        contract would refuse it now, or the account has no right to it."""
        drafting = Drafting(self._acts, account)
        await tell(drafting)
        for call in drafting.calls:
            self._require_relayable(call)
        deadline = (await self._acts.chain.head()).time + VALID_S
        nonce = await self._next_nonce(account)
        drafted: list[Drafted] = []
        for index, call in enumerate(drafting.calls):
            terms = await self._acts.chain.forward_terms(call)
            message = {**terms, "nonce": nonce + index, "deadline": deadline}
            drafted.append(Drafted(call, self._typed(message)))
        return drafted

    async def submit(
        self, signed: Sequence[SignedRequest], request: Request | None = None, approval: str | None = None
    ) -> Sequence[Operation]:
        """Puts signed requests into the outbox, all or none, each checked against its call; of an act that needs two
        people, those that their approval has."""
        if request is not None and (known := await self._acts.known(request)):
            return known
        now = (await self._acts.chain.head()).time
        account = signed[0].call.account
        party = await self._acts.ledger.party_of_account(account)
        if party is None:
            raise RuleBroken("MissingRight", account=account, party=0, rights=0, required=0)
        nonce = await self._next_nonce(account)
        operations: list[Operation] = []
        for index, one in enumerate(signed):
            kind = self._require_relayable(one.call)
            await self._check(one, account, nonce + index, now)
            if index == 0:
                await self._acts.chain.simulate(one.call)
            operations.append(replace(self._operation(kind, party, one, request, index), approval=approval))
        return await self._acts.store(operations)

    def _operation(self, kind: str, party: int, one: SignedRequest, request: Request | None, index: int) -> Operation:
        fields = ("from", "to", "value", "gas", "deadline", "data")
        carried = {**{name: one.message[name] for name in fields}, "signature": one.signature}
        # Refunds are of value sent along, and there is none; naming who would get one lets the forwarder go on after
        # a refusal, so that the refused request is used up.
        call = Call(Contract.FORWARDER, "executeBatch", ([carried], self._relayer), self._relayer)
        operation = new_operation(kind, party, call, request, index)
        return replace(operation, relayed_for=one.call.account, relayed_nonce=int(one.message["nonce"]))

    async def _check(self, one: SignedRequest, account: str, nonce: int, now: int) -> None:
        """That the message is the call's, is next, is in time, and that its account signed it."""
        expected = {**await self._acts.chain.forward_terms(replace(one.call, account=account)), "nonce": nonce}
        for name, value in expected.items():
            found = one.message[name]
            if str(found).lower() == str(value).lower():
                continue
            if name == "nonce":
                raise Conflict("RelayNonceNotNext", next=value, given=found)
            raise InvalidInput("SignedRequestMismatch", field=name, expected=str(value), found=str(found))
        if one.message["deadline"] <= now:
            raise RuleBroken("ERC2771ForwarderExpiredRequest", deadline=one.message["deadline"])
        signer = self._acts.chain.signed_by(self._typed(one.message), one.signature)
        if signer != account:
            raise InvalidInput("SignedRequestMismatch", field="signature", expected=account, found=signer)

    def _typed(self, message: Mapping[str, Any]) -> typed_data.TypedData:
        chain = self._acts.chain
        return typed_data.forward_request(chain.chain_id, chain.addresses[Contract.FORWARDER], message)

    async def _next_nonce(self, account: str) -> int:
        """One above what is under way, at least what the forwarder counts. What is under way is asked first: a request that
        has ended by then is mined, and counted."""
        under_way = await self._acts.box.last_relayed(account)
        counted = int(await self._acts.chain.call(Contract.FORWARDER, "nonces", account))
        return counted if under_way is None else max(counted, under_way + 1)

    def _require_relayable(self, call: Call) -> str:
        """The operation's kind. A deposit token is no contract of the protocol's, and the register of parties takes accounts'
        own word alone: they know no forwarder."""
        kind = operation_kind(self._acts, call)
        if call.contract in (Contract.TOKEN, Contract.REGISTRY):
            raise InvalidInput("ActNotRelayable", contract=call.contract.value, function=call.function)
        return kind
