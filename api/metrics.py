"""What Prometheus reads at `/metrics`. Labels are routes, statuses and states: never a party, an account or an id."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from api.domain.ports import OutboxLoad
from api.domain.views import IndexStatus

MEDIA_TYPE = CONTENT_TYPE_LATEST
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""Seconds: from a point read to a write that is waited for."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """The figures of one process of the API; several are told apart by the address that they are read from."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "cascade_http_requests", "Requests answered.", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "cascade_http_request_seconds",
            "From the first byte of a request to the last of its answer.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._answers: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        """The two, with their labels on."""
        self._operations = Gauge(
            "cascade_operations", "Operations in the outbox, by status.", ("status",), registry=self._registry
        )
        self._age = Gauge(
            "cascade_outbox_age_seconds",
            "Age of the oldest operation that has not ended; 0 when all have.",
            registry=self._registry,
        )
        self._block = Gauge("cascade_index_block", "The last block of the read model.", registry=self._registry)
        self._lag = Gauge(
            "cascade_index_lag_blocks", "Blocks that the read model is behind the chain.", registry=self._registry
        )
        self._events = Gauge(
            "cascade_index_events", "Events in the read model: their rate is the indexer's.", registry=self._registry
        )
        self._reorgs = Gauge("cascade_index_reorgs", "How often blocks were taken back.", registry=self._registry)

    def request(self, method: str, route: str, status: int, took_s: float) -> None:
        """Counts one answer."""
        method = method if method in _METHODS else "other"
        answers = self._answers.get((method, route, status))
        if answers is None:
            answers = self._requests.labels(method, route, str(status)), self._seconds.labels(method, route)
            self._answers[method, route, status] = answers
        count, seconds = answers
        count.inc()
        seconds.observe(took_s)

    def outbox(self, load: OutboxLoad, now: float) -> None:
        """How full the outbox is; `now` in Unix seconds of this host, as the operations' own times are."""
        for status, count in load.by_status.items():
            self._operations.labels(status.value).set(count)
        self._age.set(0 if load.oldest_open is None else max(now - load.oldest_open, 0))

    def index(self, status: IndexStatus, lag: int) -> None:
        """How far the read model is, and how it came there."""
        self._block.set(status.block)
        self._events.set(status.events)
        self._reorgs.set(status.reorgs)
        self._lag.set(lag)

    def exposition(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self._registry)
