"""Around everything: each request gets an id, one log line, its place in the metrics and, where traces are collected, the
first step of one (or the next of the caller's own, see `traceparent`), whatever becomes of it.

The line names the route, never the address that was asked for: what people search for, and whatever else stands in an
address, stays out of logs; so do bodies and headers."""

from __future__ import annotations

import os
import re
import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.domain.origin import REQUEST_ID
from api.domain.tracing import Facts, Step, Tracer
from api.headers import asked
from api.metrics import Metrics

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds by machines: their lines are for debugging alone."""
UNMATCHED = "unmatched"
"""The route of what has none: an address is not a label, strangers choose it."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Observing:
    """ASGI middleware, outermost: what is refused at the edge is seen too."""

    def __init__(self, app: ASGIApp, metrics: Metrics, tracer: Tracer) -> None:
        self._app = app
        self._metrics = metrics
        self._tracer = tracer
        self._log = structlog.get_logger("api").bind()
        """As logging is configured by now: to work that out for each line takes longer than to write it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = asked(scope, b"x-request-id")
        request_id = given if given is not None and _REQUEST_ID.fullmatch(given) else os.urandom(16).hex()
        scope["request_id"] = request_id
        status = 500
        began = time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        token = REQUEST_ID.set(request_id)
        try:
            with self._tracer.step(scope["method"], parent=asked(scope, b"traceparent"), kind="server") as step:
                try:
                    await self._app(scope, receive, watched)
                finally:
                    self._note(scope, status, time.perf_counter() - began, step)
        finally:
            REQUEST_ID.reset(token)

    def _note(self, scope: Scope, status: int, took_s: float, step: Step) -> None:
        route = getattr(scope.get("route"), "path", UNMATCHED)
        self._metrics.request(scope["method"], route, status, took_s)
        say = self._log.debug if route in PROBES else self._log.info
        credential = scope.get("credential")
        if self._tracer.on:
            step.tell(f"{scope['method']} {route}", _facts(scope, route, status), failed=status >= 500)
        say("request", method=scope["method"], route=route, status=status, ms=round(took_s * 1_000, 1), by=credential)


def _facts(scope: Scope, route: str, status: int) -> Facts:
    return {
        "http.request.method": scope["method"],
        "http.route": route,
        "http.response.status_code": status,
        "cascade.request_id": scope["request_id"],
    }
