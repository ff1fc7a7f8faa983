"""How operations end, as the outbox is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.domain.errors import CascadeError
from api.domain.sending import Ending, Queued, Receipt, Submitted


def refused(operation: Queued, error: CascadeError) -> Ending:
    """An operation that was never sent, because it is known that it cannot succeed."""
    return Ending(operation.seq, False, error=record(error))


def mined(operation: Submitted, receipt: Receipt, error: Mapping[str, Any] | None, final: bool) -> Ending:
    """An operation of which one transaction was mined; with `error`, to no effect."""
    replaced = receipt.tx_hash != operation.transaction.tx_hash
    return Ending(
        operation.seq,
        error is None,
        block=receipt.block,
        block_hash=receipt.block_hash,
        gas_used=receipt.gas_used,
        error=error,
        final=final,
        tx_hash=receipt.tx_hash if replaced else None,
    )


def record(error: CascadeError) -> dict[str, Any]:
    """What an operation keeps of an error."""
    return {"rule": error.rule, "evidence": dict(error.evidence)}
