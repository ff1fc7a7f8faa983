"""One act as a trace: from the request to the read model, over three processes, as a collector on this machine gets it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.api.http.receiver import Received, Receiver, receiving
from tests.api.http.stack import PROJECT, running
from tests.api.http.town import Town

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@dataclass(frozen=True)
class Span:
    """What the collector got of one step."""

    process: str
    name: str
    trace: str
    id: str
    parent: str
    facts: dict[str, Any]


def spans(received: list[Received]) -> Iterator[Span]:
    for request in received:
        for group in ExportTraceServiceRequest.FromString(request.body).resource_spans:
            (process,) = (a.value.string_value for a in group.resource.attributes if a.key == "service.name")
            for scope in group.scope_spans:
                for one in scope.spans:
                    facts = {a.key: a.value.string_value or a.value.int_value for a in one.attributes}
                    ids = (one.trace_id.hex(), one.span_id.hex(), one.parent_span_id.hex())
                    yield Span(process.removeprefix("cascade-"), one.name, *ids, facts)


def until(receiver: Receiver, trace: str, wanted: Callable[[dict[str, Span]], bool]) -> dict[str, Span]:
    """The steps of a trace by name, once they are as wanted."""

    def found(received: list[Received]) -> dict[str, Span]:
        return {span.name: span for span in spans(received) if span.trace == trace}

    return found(receiver.until(lambda received: wanted(found(received))))


@pytest.fixture(scope="module")
def collector() -> Iterator[Receiver]:
    with receiving(lambda n: 200) as receiver:
        yield receiver


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory, collector: Receiver) -> Iterator[Town]:
    with running(tmp_path_factory.mktemp("traced"), SCF_TRACES_URL=collector.url) as stack:
        yield Town(stack)


def admit(town: Town, name: str, **headers: str) -> dict[str, Any]:
    body = {"party": 0, "parties": [town.admission(name, "supplier")]}
    return dict(town.do("/parties", body, **headers)["operations"][0])


def test_an_act_is_one_trace_from_the_request_to_the_read_model(traced: Town, collector: Receiver) -> None:
    caller = {"traceparent": f"00-{TRACE}-{CALLER}-01", "X-Request-ID": "traced-1"}
    operation = admit(traced, "nobody-else-knows", **caller)
    seen = until(collector, TRACE, lambda steps: len(steps) >= 7)
    assert {name: step.process for name, step in seen.items()} == {
        **dict.fromkeys(("POST /parties", "act", "store"), "api"),
        **dict.fromkeys(("sign", "send", "mine"), "worker"),
        "index": "indexer",
    }
    request, act, store = seen["POST /parties"], seen["act"], seen["store"]
    assert (request.parent, act.parent, store.parent) == (CALLER, request.id, act.id)
    assert {seen[name].parent for name in ("sign", "send", "mine", "index")} == {store.id}
    assert request.facts == {
        "http.request.method": "POST",
        "http.route": "/parties",
        "http.response.status_code": 200,
        "cascade.request_id": "traced-1",
    }
    assert act.facts == {"cascade.kind": "admit"}
    for name in ("sign", "send", "mine"):
        assert seen[name].facts["cascade.operation"] == operation["id"]
    for name in ("sign", "send", "mine", "index"):
        assert seen[name].facts["cascade.tx_hash"] == operation["tx_hash"]
    assert all(b"nobody-else-knows" not in request.body for request in collector.received)


def test_what_was_searched_for_is_no_part_of_a_trace(traced: Town, collector: Receiver) -> None:
    trace = "1" * 32
    traced.get("/search", q="nobody-else-seeks")
    traced.http.get("/search?q=nobody-else-seeks", headers={"traceparent": f"00-{trace}-{CALLER}-01"})
    assert list(until(collector, trace, bool)) == ["GET /search"]
    assert all(b"nobody-else-seeks" not in request.body for request in collector.received)


def test_a_caller_that_keeps_no_trace_makes_none(traced: Town, collector: Receiver) -> None:
    dropped, kept = "2" * 32, "3" * 32
    admit(traced, "dropped", traceparent=f"00-{dropped}-{CALLER}-00")
    admit(traced, "kept", traceparent=f"00-{kept}-{CALLER}-01")
    assert "index" in until(collector, kept, lambda steps: "index" in steps)
    assert until(collector, dropped, lambda steps: True) == {}


def test_a_caller_that_writes_nonsense_gets_a_trace_of_its_own(traced: Town, collector: Receiver) -> None:
    operation = admit(traced, "nonsense", traceparent="00-" + "z" * 32, **{"X-Request-ID": "traced-2"})

    def whole(received: list[Received]) -> set[str]:
        facts = [(span, span.facts) for span in spans(received)]
        traces = {s.trace for s, f in facts if f.get("cascade.request_id") == "traced-2"}
        return {s.trace for s, f in facts if f.get("cascade.tx_hash") == operation["tx_hash"]} & traces

    assert len(whole(collector.until(lambda received: bool(whole(received))))) == 1


def test_nothing_of_it_is_loaded_where_nobody_collects() -> None:
    script = """
import sys
import api.main, api.worker.__main__, api.indexer.__main__, api.notifier.__main__
from api.config import Settings
from api.domain.tracing import UNTRACED
from api.tracing import open_tracer
with open_tracer(Settings(), "api") as tracer:
    assert tracer is UNTRACED
print(sorted(name for name in sys.modules if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter"))))
"""
    out = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
