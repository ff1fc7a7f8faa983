"""A company's accounts on the chain: new ones, their rights, the one that receives its cash, and what is done when all keys
are lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.domain.errors import NotFound
from api.domain.operations import Call, Contract, Operation
from api.domain.typed_data import TypedData, recover_party
from api.services.acts import ADMINISTER, OPERATOR, Request, UseCases


@dataclass(frozen=True, slots=True)
class Word:
    """An account's own word to serve a party: its EIP-712 signature (0x-hex), good until `deadline` (Unix seconds of the
    chain), and the hash of the evidence of its authority."""

    account: str
    evidence_hash: str
    deadline: int
    signature: str


class Accounts(UseCases):
    """What an administering account of a party does to its accounts, and the operator to a party that has none left."""

    async def add(self, party: int, word: Word, rights: int, request: Request | None = None) -> Sequence[Operation]:
        """Binds an account to the party, with rights (bits of Rights.sol)."""
        args = (word.account, rights, word.evidence_hash, word.deadline, word.signature)
        return await self._perform("add_account", "addAccount", party, args, request)

    async def set_rights(
        self, party: int, account: str, rights: int, evidence_hash: str, request: Request | None = None
    ) -> Sequence[Operation]:
        """Limits, widens or (0) removes an account's rights."""
        return await self._perform("set_rights", "setRights", party, (account, rights, evidence_hash), request)

    async def change_settlement(self, party: int, word: Word, request: Request | None = None) -> Sequence[Operation]:
        """Announces another settlement account, open to veto before it counts."""
        args = (word.account, word.evidence_hash, word.deadline, word.signature)
        return await self._perform("change_settlement", "announceSettlementChange", party, args, request)

    async def veto_settlement(self, party: int, request: Request | None = None) -> Sequence[Operation]:
        """Ends an announced change of the party's settlement account."""
        return await self._perform("veto_settlement", "vetoSettlementChange", party, (), request)

    async def finish_settlement(self, party: int, request: Request | None = None) -> Sequence[Operation]:
        """Leads the party's cash to the announced account, once the veto period is over."""
        return await self._perform("finish_settlement", "finishSettlementChange", party, (party,), request)

    async def veto_recovery(self, party: int, request: Request | None = None) -> Sequence[Operation]:
        """Ends an announced recovery of the party."""
        return await self._perform("veto_recovery", "vetoRecovery", party, (), request)

    # -- the operator's

    async def recovery_word(
        self, party: int, account: str, removed: Sequence[str], evidence_hash: str, deadline: int
    ) -> TypedData:
        """What `account` signs to take a party over: typed data under its present nonce. NotFound("UnknownParty")."""
        chain = self._acts.chain
        if await self._acts.ledger.party(party) is None:
            raise NotFound("UnknownParty", party=party)
        terms = {
            "party": party,
            "account": account,
            "removed": list(removed),
            "evidenceHash": evidence_hash,
            "nonce": await chain.call(Contract.REGISTRY, "nonces", account),
            "deadline": deadline,
        }
        return recover_party(chain.chain_id, chain.addresses[Contract.REGISTRY], terms)

    async def announce_recovery(
        self, party: int, word: Word, removed: Sequence[str], request: Request | None = None
    ) -> Sequence[Operation]:
        """Announces an account that shall administer a party whose keys are lost, and those that lose their rights."""
        args = (party, word.account, list(removed), word.evidence_hash, word.deadline, word.signature)
        return await self._operate("announce_recovery", "announceRecovery", args, request)

    async def withdraw_recovery(self, party: int, request: Request | None = None) -> Sequence[Operation]:
        """Ends an announced recovery at once."""
        return await self._operate("withdraw_recovery", "withdrawRecovery", (party,), request)

    async def finish_recovery(self, party: int, request: Request | None = None) -> Sequence[Operation]:
        """Puts the announced account in charge, once the veto period is over."""
        page = await self._acts.ledger.key_changes(party=party, cursor=None, limit=1)
        # Where none is announced, or one of the settlement account alone, the contract says so.
        removed = [account for change in page.items for account in change.removed]
        return await self._operate("finish_recovery", "finishRecovery", (party, removed), request)

    async def _operate(
        self, kind: str, function: str, args: tuple[object, ...], request: Request | None
    ) -> Sequence[Operation]:
        async def build() -> Sequence[Call]:
            return [Call(Contract.REGISTRY, function, args, self._acts.operator)]

        return await self._acts.perform(kind, OPERATOR, request, build)

    async def _perform(
        self, kind: str, function: str, party: int, args: tuple[object, ...], request: Request | None
    ) -> Sequence[Operation]:
        async def build() -> Sequence[Call]:
            return [Call(Contract.REGISTRY, function, args, await self._acts.account_of(party, ADMINISTER))]

        return await self._acts.perform(kind, party, request, build)
