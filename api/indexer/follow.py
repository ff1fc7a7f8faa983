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
_AWAKE_S = 30.0
_RETRY_S = 1.0
_FIRST_SPAN = 16


class NeedsRebuild(Exception):
    """The chain left what is indexed at a depth that is not kept: only a fresh index helps."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`poll_s` while blocks come, growing to `idle_s` when none does; ranges of at most `most_blocks`."""

    poll_s: float = 0.015
    idle_s: float = 0.25
    most_blocks: int = 2_000


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
        self._span = min(_FIRST_SPAN, rhythm.most_blocks)

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
        pause, awake_until = self._rhythm.poll_s, time.monotonic() + _AWAKE_S
        while not stop.is_set():
            try:
                if await self.catch_up(stop):
                    pause, awake_until = self._rhythm.poll_s, time.monotonic() + _AWAKE_S
                elif time.monotonic() > awake_until:
                    pause = min(pause * 2, self._rhythm.idle_s)
            except (Unavailable, RpcError) as error:
                _log.warning("chain does not answer", reason=str(error))
                pause = _RETRY_S
            with anyio.move_on_after(pause):
                await stop.wait()

    async def catch_up(self, stop: anyio.Event | None = None) -> bool:
        """Goes to the head that there is now; True when anything was new."""
        cursor = self._cursor()
        head = await self.fetcher.head()
        if head.number == cursor.block and head.hash == cursor.hash:
            if cursor.head != head.number:
                self.ledger.see_head(head.number)
            return False
        try:
            if head.number <= cursor.block:
                raise Shifted
            await self._advance(cursor, head, stop)
        except Shifted:
            await self._step_back()
        return True

    async def _advance(self, cursor: Cursor, head: Header, stop: anyio.Event | None) -> None:
        """Range by range; the next is fetched while one is written."""
        coming = self._begin(cursor.block + 1, head)
        try:
            while coming is not None:
                try:
                    fetched = await coming
                except RangeTooBig:
                    if self._span == 1:
                        raise CascadeError("BlockTooBig", block=cursor.block + 1) from None
                    self._span = max(1, self._span // 4)
                    coming = self._begin(cursor.block + 1, head)
                    continue
                self._adapt(len(fetched.logs))
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
        last = self.fetcher.last_of(first, self._span, head.number)
        return asyncio.create_task(self.fetcher.fetch(first, last, head.number))

    def _adapt(self, logs: int) -> None:
        if logs > 2 * ENOUGH_LOGS:
            self._span = max(1, self._span // 2)
        elif logs < ENOUGH_LOGS:
            self._span = min(self._rhythm.most_blocks, self._span * 2)

    async def _step_back(self) -> None:
        """Rewinds to the newest stored block that the chain still has."""
        cursor = self._cursor()
        stored = self.ledger.headers(cursor.floor)
        present = await self.fetcher.headers([number for number, _ in stored])
        for number, digest in stored:
            if number in present and present[number].hash == digest:
                if number < cursor.block:
                    await to_thread.run_sync(self.ledger.rewind, number)
                    _log.info("rewound", block=number, depth=cursor.block - number)
                return
        raise NeedsRebuild

    def _cursor(self) -> Cursor:
        cursor = self.ledger.cursor()
        if cursor is None:
            raise CascadeError("IndexNotStarted")
        return cursor
