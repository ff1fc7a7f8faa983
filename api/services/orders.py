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
        return await self._perform("freeze", "freeze", party, (list(notes), order_hash), request)

    async def release(
        self, party: int, notes: Sequence[int], order_hash: str, request: Request | None = None
    ) -> Sequence[Operation]:
        """Ends freezes, and with each the reassignments recorded under it."""
        return await self._perform("release", "release", party, (list(notes), order_hash), request)

    async def reassign(
        self, party: int, note: int, to: int, amount: int, order_hash: str, request: Request | None = None
    ) -> Sequence[Operation]:
        """Records that an order gives `amount` (minor units) of a frozen note to `to`, after a delay that everybody sees."""
        args = (note, to, amount, order_hash)
        return await self._perform("reassign", "orderReassignment", party, args, request)

    async def execute(self, party: int, reassignment: int, request: Request | None = None) -> Sequence[Operation]:
        """Carries out a reassignment whose delay is over."""
        return await self._perform("execute_reassignment", "executeReassignment", party, (reassignment,), request)

    async def cancel(
        self, party: int, reassignment: int, order_hash: str, request: Request | None = None
    ) -> Sequence[Operation]:
        """Strikes a reassignment that is not executed yet."""
        args = (reassignment, order_hash)
        return await self._perform("cancel_reassignment", "cancelReassignment", party, args, request)

    async def _perform(
        self, kind: str, function: str, party: int, args: tuple[object, ...], request: Request | None
    ) -> Sequence[Operation]:
        async def build() -> Sequence[Call]:
            return [Call(Contract.ORDER, function, args, await self._acts.account_of(party, ACT))]

        return await self._acts.perform(kind, party, request, build)
