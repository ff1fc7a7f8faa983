"""Keeping up with the chain: one loop for the first run, for catching up and for the live tail."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import anyio
import structlog
from anyio import to_thread

from api.chain.rpc import RpcError
from api.domain.errors import CascadeError, Conflict, Unavailable
from api.indexer.apply import Applier
from api.indexer.fetch import ENOUGH_LOGS, Fetched, Fetcher, Header, RangeTooBig, Shifted
from api.indexer.steps import Steps
from api.store.ledger.rows import BlockRow
from api.store.ledger.writer import Cursor, Identity, Ledger

_log = structlog.get_logger("indexer")
_SLOWER = 1.01
"""By how much the next pause is longer when there was no block: ten milliseconds a second."""
_RETRY_S = 1.0
_FIRST_SPAN = 16
_QUICK_S, _SLOW_S = 2.0, 8.0
"""How long a range may take to be answered for the next to be larger, and from when on it is to be smaller."""
_RECOVERS = 32
"""So many ranges after a node gave up, larger ones are tried again: its limit may be on logs, and they vary."""
_IN_VAIN = 3


class NeedsRebuild(Exception):
    """The chain left what is indexed at a depth that is not kept: only a fresh index helps."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`poll_s` while blocks come, growing to `idle_s` when none does; ranges of at most `most_blocks`. A head below the
    index, on the same chain, is a node's that is behind, until it has been so for `behind_s`: then the blocks are gone."""

    poll_s: float = 0.015
    idle_s: float = 0.25
    most_blocks: int = 2_000
    behind_s: float = 3.0


class Span:
    """How many blocks to ask for at once: more as long as answers are small and quick, fewer when they are not."""

    def __init__(self, most: int) -> None:
        self._most = self._ceiling = most
        self._good = 0
        self.blocks = min(_FIRST_SPAN, most)

    def answered(self, logs: int, took_s: float) -> None:
        self._good += 1
        if self._good == _RECOVERS:
            self._good, self._ceiling = 0, min(self._ceiling * 2, self._most)
        if logs > 2 * ENOUGH_LOGS or took_s > _SLOW_S:
            self.blocks = max(1, self.blocks // 2)
        elif logs < ENOUGH_LOGS and took_s < _QUICK_S:
            self.blocks = min(self._ceiling, self.blocks * 2)

    def refused(self) -> None:
        """By the node, or it did not answer in time."""
        self._good = 0
        self.blocks = self._ceiling = max(1, self.blocks // 2)


class Follower:
    """Brings one ledger to the chain's head and keeps it there."""

    def __init__(
        self,
        ledger: Ledger,
        fetcher: Fetcher,
        applier: Applier,
        identity: Identity,
        depth: int,
        rhythm: Rhythm,
        steps: Steps | None = None,
    ) -> None:
        self.ledger = ledger
        self.fetcher = fetcher
        self._applier = applier
        self._identity = identity
        self._depth = depth
        self._rhythm = rhythm
        self._steps = steps
        self.span = Span(rhythm.most_blocks)
        self._behind_since: float | None = None
        self._in_vain = 0

    async def start(self) -> Cursor:
        """Checks that the index is of this chain and deployment, or begins a new one. Conflict when it is of
        another."""
        self.ledger.check(self._identity)
        cursor = self.ledger.cursor()
        if cursor is not None:
            return cursor
        head = await self.fetcher.head()
        number = max(self._identity.first_block - 1, 0)
        base = (await self.fetcher.headers([number])).get(number)
        if base is None:
            raise Conflict("IndexOfOtherDeployment", first_block=self._identity.first_block, head=head.number)
        return self.ledger.start(
            self._identity, BlockRow(base.number, base.hash, base.parent, base.time, 0), head.number
        )

    async def run(self, stop: anyio.Event) -> None:
        """Until `stop`. NeedsRebuild when the chain changed deeper than what is kept."""
        pause = self._rhythm.poll_s
        while not stop.is_set():
            try:
                new = await self.catch_up(stop)
                pause = self._rhythm.poll_s if new else min(pause * _SLOWER, self._rhythm.idle_s)
            except (Unavailable, RpcError) as error:
                _log.warning("cannot go on for now", rule=getattr(error, "rule", "ChainRefuses"), reason=str(error))
                pause = _RETRY_S
            with anyio.move_on_after(pause):
                await stop.wait()

    async def catch_up(self, stop: anyio.Event | None = None) -> bool:
        """Goes to the head that there is now; True when anything was new. Unavailable("NodeBehind"), ("NodeIncomplete") or
        ("NodeContradictsItself") when the node cannot be followed for now."""
        cursor = self.cursor()
        head = await self.fetcher.head()
        if head.number == cursor.block and head.hash == cursor.hash:
            if cursor.head != head.number:
                self.ledger.see_head(head.number)
            return False
        try:
            if head.number <= cursor.block:
                self._check_behind(cursor, head)
                raise Shifted
            self._behind_since = None
            await self._advance(cursor, head, stop)
            self._in_vain = 0
        except Shifted:
            await self._step_back()
        return True

    def _check_behind(self, cursor: Cursor, head: Header) -> None:
        """Returns when the head is of another chain than what is indexed, or was there for long enough."""
        if head.number < cursor.floor:
            raise Unavailable("NodeBehind", block=cursor.block)
        if (head.number, head.hash) not in self.ledger.headers(head.number)[-1:]:
            return
        now = time.monotonic()
        self._behind_since = self._behind_since or now
        if now - self._behind_since < self._rhythm.behind_s:
            raise Unavailable("NodeBehind", block=cursor.block)

    async def _advance(self, cursor: Cursor, head: Header, stop: anyio.Event | None) -> None:
        """Range by range; the next is fetched while one is written."""
        coming = self._begin(cursor.block + 1, head)
        try:
            while coming is not None:
                try:
                    fetched = await coming
                except RangeTooBig:
                    if self.span.blocks == 1:
                        raise CascadeError("BlockTooBig", block=cursor.block + 1) from None
                    self.span.refused()
                    coming = self._begin(cursor.block + 1, head)
                    continue
                except Unavailable:
                    self.span.refused()
                    raise
                self.span.answered(len(fetched.logs), fetched.took_s)
                stopped = stop is not None and stop.is_set()
                coming = None if stopped else self._begin(fetched.last + 1, head)
                began = time.monotonic()
                cursor = await to_thread.run_sync(self._applier.apply, self.ledger, fetched, cursor)
                if self._steps is not None:
                    await self._steps.applied(fetched, began)
        finally:
            if coming is not None:
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)

    def _begin(self, first: int, head: Header) -> asyncio.Task[Fetched] | None:
        if first > head.number:
            return None
        last = self.fetcher.last_of(first, self.span.blocks, head.number)
        return asyncio.create_task(self.fetcher.fetch(first, last, head.number))

    async def _step_back(self) -> None:
        """Rewinds to the newest stored block that the chain still has; NeedsRebuild when there is none.
        Unavailable("NodeContradictsItself") when time and again that is the last one, and yet the node's next block does not
        continue it."""
        cursor = self.cursor()
        stored = self.ledger.headers(cursor.floor)
        present = await self.fetcher.headers([number for number, _ in stored])
        for number, digest in stored:
            if number in present and present[number].hash == digest:
                if number < cursor.block:
                    self._in_vain, self._behind_since = 0, None
                    await to_thread.run_sync(self.ledger.rewind, number)
                    _log.info("rewound", block=number, depth=cursor.block - number)
                    return
                self._in_vain += 1
                if self._in_vain > _IN_VAIN:
                    raise Unavailable("NodeContradictsItself", block=cursor.block)
                return
        raise NeedsRebuild

    async def undo_all(self) -> None:
        """Rewinds as far as can be, where no stored block is the chain's any more."""
        cursor = self.cursor()
        if cursor.floor < cursor.block:
            await to_thread.run_sync(lambda: self.ledger.rewind(cursor.floor, complete=False))

    def cursor(self) -> Cursor:
        """Where the index stands."""
        cursor = self.ledger.cursor()
        if cursor is None:
            raise CascadeError("IndexNotStarted")
        return cursor
