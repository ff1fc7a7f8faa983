"""Where an act comes from: the id of the request that asked for it, as its answer carried it, from the edge of the API to
the operation and on to the worker's log. It is for finding things again, never for deciding anything."""

from __future__ import annotations

from contextvars import ContextVar

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
"""None outside a request: on the command line, in the worker."""
