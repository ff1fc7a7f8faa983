"""Writing answers: ready bytes, and what becomes of operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import anyio
import orjson
from fastapi import Response

from api.domain.operations import Operation, OperationStatus
from api.routers.deps import Services, Write
from api.schemas.telling import operation
from api.services.acts import failure

Json = dict[str, Any]


def json_answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON as bytes, past the framework's own encoder."""
    return Response(orjson.dumps(content), status, headers, "application/json")


async def followed(desk: Services, write: Write, operations: Sequence[Operation]) -> tuple[Sequence[Operation], bool]:
    """The operations, and whether each has ended: waits as long as the request prefers, also for the index.

    RuleBroken when one that was waited for failed: the request then gets the rule's problem.
    """
    if not write.wait_s or not operations:
        return operations, not operations
    started = anyio.current_time()
    seen = await desk.box.wait([o.id for o in operations], write.wait_s)
    for one in seen:
        if one.status is OperationStatus.FAILED:
            raise failure(one)
    if any(one.status is not OperationStatus.CONFIRMED for one in seen):
        return seen, False
    block = max(one.block or 0 for one in seen)
    left = max(write.wait_s - (anyio.current_time() - started), 0.1)
    return seen, await desk.ledger.model.wait_for(block, left)


async def operations_answer(
    desk: Services, write: Write, operations: Sequence[Operation], more: Mapping[str, Any] | None = None
) -> Response:
    """200 once everything is confirmed and can be read, else 202 and where to look."""
    seen, ended = await followed(desk, write, operations)
    return written(seen, ended, write, more)


def written(
    operations: Sequence[Operation], ended: bool, write: Write, more: Mapping[str, Any] | None = None
) -> Response:
    """The operations of a request, as bytes."""
    headers: dict[str, str] = {}
    if write.wait_s:
        headers["Preference-Applied"] = f"wait={write.wait_s}"
    if not ended and operations:
        headers["Location"] = f"/operations/{operations[0].id}"
    content = {"operations": [operation(o, write.language) for o in operations], **(more or {})}
    return json_answer(content, 200 if ended else 202, headers)
