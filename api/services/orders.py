"""Orders of courts and other authorities over notes, as an arbiter carries them out."""

from __future__ import annotations

from collections.abc import Sequence

from api.domain.operations import Call, Contract, Operation
from api.services.acts import ACT, Request, UseCases


class Orders(UseCases):
    """What an arbiter does. Each act bears the hash of the order that it rests on, 0x-hex."""

    async def freeze(
        self, party: int, notes: Sequence[int], order_hash: str, request: Request | None = None
    ) -> Sequence[Operation]:
        """At once: the notes and their open offers neither move nor collect."""
        return await self._perform("freeze", party, notes, order_hash, request)

    async def release(
        self, party: int, notes: Sequence[int], order_hash: str, request: Request | None = None
    ) -> Sequence[Operation]:
        """Ends freezes, and with each the reassignments recorded under it."""
        return await self._perform("release", party, notes, order_hash, request)

    async def _perform(
        self, kind: str, party: int, notes: Sequence[int], order_hash: str, request: Request | None
    ) -> Sequence[Operation]:
        async def build() -> Sequence[Call]:
            account = await self._acts.account_of(party, ACT)
            return [Call(Contract.ORDER, kind, (list(notes), order_hash), account)]

        return await self._acts.perform(kind, party, request, build)
