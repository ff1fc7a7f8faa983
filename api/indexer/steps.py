"""What the indexer tells of operations whose request is traced: that the read model has them now."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from typing import Protocol

import structlog

from api.domain.errors import Unavailable
from api.domain.tracing import Facts, Tracer
from api.indexer.fetch import Fetched

_NEW = 16
"""Blocks below the head. Older ones are indexed again after a rebuild, long after their traces have ended."""


class Traces(Protocol):
    async def of(self, hashes: Collection[str]) -> Mapping[str, str]:
        """The trace of each transaction, by its hash, where its operation has one."""
        ...


class Steps:
    """Asks for the traces of what was applied, and tells each."""

    def __init__(self, tracer: Tracer, traces: Traces) -> None:
        self._tracer = tracer
        self._traces = traces

    async def applied(self, fetched: Fetched, began: float) -> None:
        """A range that was begun at `began` (monotonic seconds) and is committed."""
        if fetched.last + _NEW < fetched.head:
            return
        took_s = time.monotonic() - began
        blocks = {log["transactionHash"]: int(log["blockNumber"], 16) for log in fetched.logs}
        try:
            found = await self._traces.of(blocks) if blocks else {}
        except Unavailable as error:
            structlog.get_logger("indexer").warning("not traced", rule=error.rule)
            return
        for tx_hash, trace in found.items():
            facts: Facts = {"cascade.tx_hash": tx_hash, "cascade.block": blocks[tx_hash]}
            self._tracer.past("index", trace, took_s, facts)
