"""How operations end, as the outbox is told."""

from __future__ import annotations

from typing import Any

from api.domain.errors import CascadeError
from api.domain.sending import Ending, Mined, Queued


def settled(mined: Mined) -> Ending:
    """A confirmed operation whose block is deep enough."""
    return Ending(mined.seq, True, mined.block, mined.block_hash, mined.gas_used)


def refused(operation: Queued, error: CascadeError) -> Ending:
    """An operation that was never sent, because it is known that it cannot succeed."""
    return Ending(operation.seq, False, error=record(error))


def record(error: CascadeError) -> dict[str, Any]:
    """What an operation keeps of an error."""
    return {"rule": error.rule, "evidence": dict(error.evidence)}
