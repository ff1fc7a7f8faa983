"""Answers about a debt's tree, kept as the bytes that were sent, and sent again while nothing that they were made from has
changed: where the tree stands, who looks, and how the parties in it are called.

Nothing is kept for a time, and nobody has to throw anything away: each request reads anew what an answer was made from, and
compares (docs/adr/0025)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass

from api.domain.access import Eyes
from api.domain.views import PartyName, Stand
from api.services.ledger import Ledger
from api.services.sight import SeenFundFlow, SeenTrace, Sight

MOST_BYTES = 64 * 2**20
_BESIDE, _PER_NAME = 3_000, 300
"""Bytes that an answer takes beside its body, and for each party that is named in it; rather more than less."""

_SHARE = 4
"""An answer of more than this part of all is not kept: it would push out too many."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A body, and the entity tag that follows from its bytes."""

    body: bytes
    tag: str


@dataclass(frozen=True, slots=True)
class _Made:
    """An answer, and all that it was made from."""

    stand: Stand
    eyes: Eyes | None
    names: Mapping[int, PartyName]
    answer: Answer

    @property
    def size(self) -> int:
        return len(self.answer.body) + _BESIDE + _PER_NAME * len(self.names)


class Remembered:
    """The answers that one process keeps: at most `most` bytes of them, those asked for last."""

    def __init__(self, ledger: Ledger, most: int = MOST_BYTES) -> None:
        self._ledger = ledger
        self._most = most
        self._made: OrderedDict[Hashable, _Made] = OrderedDict()
        self._size = 0

    async def trace(self, see: Sight, note: int, form: str, write: Callable[[SeenTrace], Answer]) -> Answer:
        """As `see.trace` gives it and `write` writes it down, in this form."""

        async def make() -> tuple[SeenTrace, Answer]:
            seen = await see.trace(note)
            return seen, write(seen)

        return await self._answer(("trace", note, form), see, await self._ledger.model.stand_of_note(note), make)

    async def fund_flow(
        self, see: Sight, receivable: int, form: str, write: Callable[[SeenFundFlow], Answer]
    ) -> Answer:
        """As `see.fund_flow` gives it and `write` writes it down, in this form."""

        async def make() -> tuple[SeenFundFlow, Answer]:
            seen = await see.fund_flow(receivable)
            return seen, write(seen)

        stand = await self._ledger.model.stand_of_receivable(receivable)
        return await self._answer(("fund-flow", receivable, form), see, stand, make)

    async def _answer(
        self,
        what: tuple[str, int, str],
        see: Sight,
        stand: Stand | None,
        make: Callable[[], Awaitable[tuple[SeenTrace | SeenFundFlow, Answer]]],
    ) -> Answer:
        """What is kept names the stand that was read together with the rows, not `stand`, which was read before."""
        eyes = await see.eyes()
        key = (what, see.standing, None if eyes is None else eyes.party)
        known = self._made.get(key)
        if known is not None and known.stand == stand and known.eyes == eyes and await self._called(known.names):
            self._made.move_to_end(key)
            return known.answer
        seen, answer = await make()
        self._keep(key, _Made(seen.stand, eyes, seen.names, answer))
        return answer

    async def _called(self, names: Mapping[int, PartyName]) -> bool:
        """Whether these parties are called so now."""
        return await self._ledger.names(names) == names

    def _keep(self, key: Hashable, made: _Made) -> None:
        before = self._made.pop(key, None)
        self._size -= 0 if before is None else before.size
        if made.size > self._most // _SHARE:
            return
        self._size += made.size
        self._made[key] = made
        while self._size > self._most:
            _, gone = self._made.popitem(last=False)
            self._size -= gone.size
