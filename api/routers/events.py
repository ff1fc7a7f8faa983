"""What happens to operations and to a party's keys, and what the chain takes back, as it happens: server-sent events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

import anyio
import orjson
from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse

from api.domain.operations import event_type
from api.domain.ports import Event
from api.routers.deps import Desk, Language, Seeing, Services
from api.routers.documented import reading
from api.schemas.telling import event

router = APIRouter(prefix="/operations", tags=["operations"])

HEARTBEAT_S = 15.0
_AT_ONCE = 200
_EXAMPLE = 'id: 17\nevent: operation.confirmed\ndata: {"type":"operation.confirmed","timestamp":"…","data":{…}}\n\n'
_EVENT_ID = Query(pattern=r"^[0-9]{1,18}$", description="As `Last-Event-ID`, for clients that cannot send it.")


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses={
        200: {"description": "Events, one after the other.", "content": {"text/event-stream": {"example": _EXAMPLE}}},
        **reading(),
    },
)
async def events(
    desk: Desk,
    see: Seeing,
    language: Language,
    last_event_id: Annotated[
        str | None, Header(pattern=r"^[0-9]{1,18}$", description="Goes on behind this event; without it, from now on.")
    ] = None,
    after: Annotated[str | None, _EVENT_ID] = None,
    seconds: Annotated[int, Query(ge=1, le=86_400, description="When the stream ends at the latest.")] = 3_600,
) -> StreamingResponse:
    """Every change of the operations that may be seen: queued, submitted, confirmed, failed, final, and reopened where a
    block was replaced; `party.key_change` when somebody is about to control the asker's party, or has come to; and
    `chain.reorganised` when the chain took blocks back, with those of the operations, notes and receivables in them that may
    be seen. Ids only grow; a client that was cut off goes on with `Last-Event-ID` and misses nothing. A comment line comes
    every 15 seconds when nothing else does."""
    since = last_event_id or after
    start = await desk.events.last() if since is None else int(since)
    stream = _stream(desk, start, see.operations_of, language, seconds)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _stream(desk: Services, last: int, party: int | None, language: str, seconds: int) -> AsyncIterator[bytes]:
    until = anyio.current_time() + seconds
    yield b": ready\n\n"
    while (left := until - anyio.current_time()) > 0:
        found = await desk.events.next(last, party, _AT_ONCE, min(HEARTBEAT_S, left))
        for one in found:
            yield _written(one, language)
            last = one.id
        if not found:
            yield b": still here\n\n"


def _written(one: Event, language: str) -> bytes:
    data = orjson.dumps(event(one, language))
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (one.id, event_type(one.change).encode(), data)
