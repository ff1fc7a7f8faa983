"""A company's accounts on the chain: new ones, their rights, and the one that receives its cash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.domain.operations import Call, Contract, Operation
from api.services.acts import ADMINISTER, Request, UseCases


@dataclass(frozen=True, slots=True)
class Word:
    """An account's own word to serve a party: its EIP-712 signature (0x-hex), good until `deadline` (Unix seconds of the
    chain), and the hash of the evidence of its authority."""

    account: str
    evidence_hash: str
    deadline: int
    signature: str


class Accounts(UseCases):
    """What an administering account of a party does to its accounts."""

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

    async def _perform(
        self, kind: str, function: str, party: int, args: tuple[object, ...], request: Request | None
    ) -> Sequence[Operation]:
        async def build() -> Sequence[Call]:
            return [Call(Contract.REGISTRY, function, args, await self._acts.account_of(party, ADMINISTER))]

        return await self._acts.perform(kind, party, request, build)
