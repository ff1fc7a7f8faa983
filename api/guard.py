"""The edge of the API, before any route: who may talk to it, how much, and what every answer carries.

While nobody has to sign in the server's own keys sign, and the only protection is that nobody but this machine reaches it:

* the Host header must be a loopback name (a web site that points its own name at 127.0.0.1 does not get in), or that of
  the web origin under which people sign in;
* a write whose Origin is another site is refused, and writes are JSON or multipart, never what a plain form sends;
* bodies are bounded before they are read, in bytes and in nesting;
* an address with an encoded slash names nothing: proxies and routers would read it differently.

What nobody foresaw leaves here too, as a problem, and into the log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.config import LOOPBACK
from api.domain.errors import CascadeError, InvalidInput, NotFound
from api.errors import language_of
from api.headers import Pair, asked, told
from api.limits import headers_of
from api.nesting import DEEPEST, is_too_deep, is_utf8
from api.routers.handlers import BodyTooLarge, problem_answer

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
LARGEST_JSON = 1_048_576
LARGEST_IMPORT = 67_108_864
"""Bytes of a body; a ledger of the size met so far has a twentieth of it."""
IMPORT_PATHS = frozenset({"/imports", "/imports/checks"})

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_NAMED_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[^:\[\]]+)(?::[0-9]{1,5})?")
_HIDDEN = re.compile(rb"%(2f|5c|00)", re.IGNORECASE)

log = structlog.get_logger("api")


class Guard:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, host: str | None = None, https: bool = False) -> None:
        """`host`: the Host header under which people reach the API beside the loopback names. `https`: they come by https,
        and are told to come by nothing else for a year."""
        self._app = app
        self._host = host
        self._always = {name.lower().encode(): value.encode() for name, value in SECURITY_HEADERS.items()}
        if https:
            self._always[b"strict-transport-security"] = b"max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = self._decorated(message["headers"], scope)
            await send(message)

        async def answer(error: CascadeError, **more: str) -> None:
            language = language_of(asked(scope, b"accept-language"))
            response = problem_answer(error, language, scope["request_id"], more)
            await response(scope, receive, send_guarded)

        try:
            await self._app(scope, await _admitted(scope, receive, self._host), send_guarded)
        except CascadeError as refusal:
            await answer(refusal, Connection="close")
        except ClientDisconnect:
            log.debug("the client went away")
        except Exception as error:
            log.error("failed", exc_info=error)
            if started:
                raise
            await answer(CascadeError("InternalError", request_id=scope["request_id"]))

    def _decorated(self, given: Iterable[Pair], scope: Scope) -> list[Pair]:
        """An answer's headers, and what every answer carries unless it says otherwise itself."""
        headers = self._always | headers_of(scope) | {b"cache-control": b"no-store"}
        out = list(given)
        for name, _ in out:
            headers.pop(name, None)
        return [*out, *headers.items(), (b"x-request-id", scope["request_id"].encode())]


async def _admitted(scope: Scope, receive: Receive, known: str | None) -> Receive:
    """What the app reads the body from; raises why a request does not get to its route."""
    limit = LARGEST_IMPORT if scope["path"] in IMPORT_PATHS else LARGEST_JSON
    refusal = _refusal(scope, limit, known)
    if refusal is not None:
        raise refusal
    if scope["method"] in _SAFE or scope["path"] in IMPORT_PATHS:
        return _bounded(receive, limit)
    body = await _whole(receive, limit)
    if not is_utf8(body):
        raise InvalidInput("RequestInvalid", field="body", rule="json-invalid")
    if is_too_deep(body):
        raise InvalidInput("BodyTooDeep", limit=DEEPEST)
    return _replayed(body, receive)


def _refusal(scope: Scope, limit: int, known: str | None) -> CascadeError | None:
    """Why a request does not get to its route."""
    host = told(scope, b"host", "")
    if not is_loopback_host(host) and host.lower() != known:
        return InvalidInput("HostNotAllowed", host=host[:200])
    if _HIDDEN.search(scope["raw_path"]):
        return NotFound("UnknownPath", path=scope["path"][:200])
    if scope["method"] in _SAFE:
        return None
    origin = asked(scope, b"origin")
    site = told(scope, b"sec-fetch-site", "none")
    if (origin is not None and urlsplit(origin).netloc.lower() != host.lower()) or site not in ("none", "same-origin"):
        return InvalidInput("CrossOriginRefused", origin=(origin or site)[:200])
    length = told(scope, b"content-length", "0")
    if not length.isascii() or not length.isdigit() or len(length) > 18 or int(length) > limit:
        return InvalidInput("BodyTooLarge", limit=limit)
    expected = "multipart/form-data" if scope["path"] in IMPORT_PATHS else "application/json"
    kind = told(scope, b"content-type", "").partition(";")[0].strip().lower()
    has_body = length != "0" or asked(scope, b"transfer-encoding") is not None
    if kind != expected and (has_body or kind) and scope["method"] != "DELETE":
        return InvalidInput("MediaTypeNotSupported", expected=expected)
    return None


@lru_cache(maxsize=256)
def is_loopback_host(host: str) -> bool:
    """Whether a Host header names this machine: 127.0.0.1, localhost or [::1], with or without a port."""
    match = _NAMED_HOST.fullmatch(host)
    return match is not None and match["name"].strip("[]").lower().rstrip(".") in LOOPBACK


def _bounded(receive: Receive, limit: int) -> Receive:
    read = 0

    async def receive_bounded() -> Message:
        nonlocal read
        message = await receive()
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > limit:
                raise BodyTooLarge(limit)
        return message

    return receive_bounded


async def _whole(receive: Receive, limit: int) -> bytes:
    parts: list[bytes] = []
    read = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        read += len(parts[-1])
        if read > limit:
            raise InvalidInput("BodyTooLarge", limit=limit)
        if not message.get("more_body", False):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_replayed
