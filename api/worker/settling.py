"""From mined to final: what was mined is looked at until its block is as deep as the deployment asks. A replaced block
takes its operations back to `submitted`, and the same bytes go out again."""

from __future__ import annotations

import time

import structlog

from api.domain.sending import Courier, Outbox, Submitted

SETTLE_S = 1.0
_AT_ONCE = 5_000

log = structlog.get_logger("worker")


class Settling:
    """Looks at mined operations now and then; at depth 0 there is nothing to look at."""

    def __init__(self, outbox: Outbox, courier: Courier, depth: int) -> None:
        self._outbox = outbox
        self._courier = courier
        self._depth = depth
        self._due = 0.0

    async def settle(self) -> list[Submitted]:
        """Notes what has become final; the operations whose blocks were replaced, in the order they were mined."""
        if not self._depth or time.monotonic() < self._due:
            return []
        self._due = time.monotonic() + SETTLE_S
        mined = await self._outbox.unsettled(_AT_ONCE)
        if not mined:
            return []
        deep = await self._courier.height() - self._depth
        hashes = await self._courier.block_hashes(sorted({m.block for m in mined}))
        final = [m.operation.seq for m in mined if hashes.get(m.block) == m.block_hash and m.block <= deep]
        lost = [m.operation for m in mined if hashes.get(m.block) != m.block_hash]
        if final:
            await self._outbox.settle(final)
        if lost:
            log.warning("blocks were replaced", operations=len(lost))
            reopened = await self._outbox.reopen([o.seq for o in lost])
            return [o for o in lost if o.seq in reopened]
        return []
