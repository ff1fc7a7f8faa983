"""What the worker tells of operations whose request is traced: signing, sending, and how long the chain took."""

from __future__ import annotations

import time
from collections.abc import Sequence

from api.domain.sending import Receipt, Submitted
from api.domain.tracing import Facts, Tracer
from api.worker.under_way import NEVER, Entry


class Steps:
    """Times are monotonic seconds."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def signed(self, operation: Submitted, began: float) -> None:
        self._tell("sign", operation, began, {})

    def sent(self, operations: Sequence[Submitted], began: float) -> None:
        if self._tracer.on:
            for operation in operations:
                self._tell("send", operation, began, {})

    def mined(self, entry: Entry, receipt: Receipt) -> None:
        """What was sent by an earlier run began when this one took it over."""
        began = entry.since if entry.sent_at == NEVER else entry.sent_at
        self._tell("mine", entry.operation, began, {"cascade.block": receipt.block})

    def _tell(self, name: str, operation: Submitted, began: float, more: dict[str, int]) -> None:
        if self._tracer.on and operation.trace is not None:
            facts: Facts = {"cascade.operation": operation.id, "cascade.tx_hash": operation.latest.tx_hash, **more}
            self._tracer.past(name, operation.trace, time.monotonic() - began, facts)
