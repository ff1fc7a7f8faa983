"""Entity tags: a reader that has the answer already is told so, in a hundred bytes.

The tag is of the answer's bytes, so it is strong, and right whatever the answer was made from: the ledger at a block, names
that people gave, what the one who asks may see. It saves the way, not the work; an answer that was kept as it was sent
(api/services/remembered.py) brings its tag along, and then it saves both.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.headers import asked, first

REVALIDATE = "private, no-cache"
"""Nobody keeps it for others, and whoever keeps it asks before using it again."""
VARY = "Accept, Accept-Language, Authorization, Cookie"
FOR_READERS = {"Cache-Control": REVALIDATE, "Vary": VARY}
_FOR_READERS = tuple((name.lower().encode(), value.encode()) for name, value in FOR_READERS.items())
_OWN = (b"content-length", b"content-type")


class ETags:
    """ASGI middleware: tags JSON answers to reads, and answers 304 where the reader has what would be sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        wanted = asked(scope, b"if-none-match")
        held: Message | None = None
        dropping = False

        async def tagged(message: Message) -> None:
            nonlocal held, dropping
            if dropping:
                return
            if message["type"] == "http.response.start" and message["status"] == 200:
                headers = message["headers"]
                if (tag := first(headers, b"etag")) is not None:
                    dropping = matches(wanted, tag)
                    await (_not_modified(message, send) if dropping else send(message))
                    return
                json = first(headers, b"content-type") == "application/json"
                if json and first(headers, b"cache-control") is None:
                    held = message
                    return
            if held is not None and message["type"] == "http.response.body":
                start, held = held, None
                if not message.get("more_body", False):
                    dropping = _tag(start, message.get("body", b""), wanted)
                    if dropping:
                        await _not_modified(start, send)
                        return
                await send(start)
            await send(message)

        await self._app(scope, receive, tagged)


def weak_tag(content: Any) -> str:
    """The tag of answers that say the same of what a reader asks for as `content` does, in other bytes perhaps."""
    return f'W/"{blake2b(orjson.dumps(content), digest_size=16).hexdigest()}"'


def tag_of(body: bytes) -> str:
    """The tag of an answer with these bytes."""
    return f'"{blake2b(body, digest_size=16).hexdigest()}"'


def _tag(start: Message, body: bytes, wanted: str | None) -> bool:
    """Writes the tag of a whole answer into its headers; whether the reader has it."""
    tag = tag_of(body)
    start["headers"] = [*start["headers"], (b"etag", tag.encode()), *_FOR_READERS]
    return matches(wanted, tag)


def matches(wanted: str | None, tag: str) -> bool:
    """Whether an If-None-Match names this tag. Compared weakly, as RFC 9110 has it for this header."""
    if wanted is None:
        return False
    names = (part.strip() for part in wanted.split(","))
    return any(name == "*" or name.removeprefix("W/") == tag.removeprefix("W/") for name in names if name)


async def _not_modified(start: Message, send: Send) -> None:
    kept = [(name, value) for name, value in start["headers"] if name not in _OWN]
    await send({**start, "status": 304, "headers": kept})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
