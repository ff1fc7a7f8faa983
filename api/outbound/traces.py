"""Traces out, as OpenTelemetry has them (OTLP over HTTP). Imported only where a deployment says who collects them: the
packages behind it take longer to import than all of the API's routes."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from api import __version__
from api.domain.errors import CascadeError
from api.domain.origin import TRACE
from api.domain.tracing import Facts, Kind

_DELAY_MS, _TIMEOUT_S = 1_000, 5.0
_KINDS = {"internal": SpanKind.INTERNAL, "server": SpanKind.SERVER}
_W3C = TraceContextTextMapPropagator()


class OtlpTracer:
    """Sends steps to `url` from a thread, a batch a second; whoever does not answer holds up nothing. Of the traces that
    begin here so large a part is kept as `ratio` says."""

    on = True

    def __init__(self, url: str, ratio: float, process: str) -> None:
        resource = Resource.create({"service.name": f"cascade-{process}", "service.version": __version__})
        self._provider = TracerProvider(
            sampler=ParentBasedTraceIdRatio(ratio), resource=resource, shutdown_on_exit=False
        )
        exporter = OTLPSpanExporter(endpoint=url, timeout=_TIMEOUT_S)
        self._provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=_DELAY_MS))
        self._tracer = self._provider.get_tracer("cascade", __version__)
        _log_as_we_do()

    def close(self) -> None:
        """Sends what is left."""
        self._provider.shutdown()

    @contextmanager
    def step(
        self, name: str, facts: Facts | None = None, *, parent: str | None = None, kind: Kind = "internal"
    ) -> Iterator[_Step]:
        span = self._tracer.start_span(name, _within(parent or TRACE.get()), _KINDS[kind], facts)
        token = TRACE.set(_written(span))
        try:
            yield _Step(span)
        except Exception as error:
            span.set_attribute("error.type", error.rule if isinstance(error, CascadeError) else type(error).__name__)
            span.set_status(StatusCode.ERROR)
            raise
        finally:
            TRACE.reset(token)
            span.end()

    def past(self, name: str, parent: str, took_s: float, facts: Facts | None = None) -> None:
        began = time.time_ns() - int(took_s * 1e9)
        self._tracer.start_span(name, _within(parent), attributes=facts, start_time=began).end()


class _Step:
    def __init__(self, span: Span) -> None:
        self._span = span

    def tell(self, name: str, facts: Facts, *, failed: bool = False) -> None:
        self._span.update_name(name)
        self._span.set_attributes(facts)
        if failed:
            self._span.set_status(StatusCode.ERROR)


def _within(parent: str | None) -> Context:
    """What is no `traceparent` is none: it came from outside."""
    return _W3C.extract({} if parent is None else {"traceparent": parent}, Context())


def _written(span: Span) -> str:
    context = span.get_span_context()
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


class _Lines(logging.Handler):
    """The packages' own warnings (nobody collects, too much at once), as lines of our log."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger("traces").warning("traces are not collected", reason=record.getMessage())


def _log_as_we_do() -> None:
    logger = logging.getLogger("opentelemetry")
    if not any(isinstance(handler, _Lines) for handler in logger.handlers):
        logger.addHandler(_Lines(logging.WARNING))
        logger.propagate = False
