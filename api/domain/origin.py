"""Where an act comes from: the id of the request that asked for it, as its answer carried it, and the step of a trace, from
the edge of the API to the operation and on to worker and indexer. For finding things again, never for deciding anything."""

from __future__ import annotations

from contextvars import ContextVar

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
"""None outside a request: on the command line, in the worker."""

TRACE: ContextVar[str | None] = ContextVar("trace", default=None)
"""The step that one is in, as W3C writes it (`traceparent`); None where nothing is traced."""
