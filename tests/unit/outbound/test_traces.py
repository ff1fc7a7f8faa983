"""The tracer where things go wrong: a collector that is gone, a step that fails, an address that is none."""

from __future__ import annotations

import time

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from structlog.testing import capture_logs

from api.chain.local import free_port
from api.config import load_settings
from api.domain.errors import Conflict, InvalidInput
from api.domain.origin import TRACE
from api.tracing import open_tracer
from tests.api.http.receiver import Received, receiving


def span_of(request: Received) -> object:
    (group,) = ExportTraceServiceRequest.FromString(request.body).resource_spans
    return group.scope_spans[0].spans[0]


def test_a_collector_that_is_gone_stops_nothing() -> None:
    settings = load_settings({"SCF_TRACES_URL": f"http://127.0.0.1:{free_port()}/v1/traces"})
    began = time.monotonic()
    with capture_logs() as lines, open_tracer(settings, "api") as tracer, tracer.step("request"):
        assert TRACE.get() is not None
    assert TRACE.get() is None
    assert {line["event"] for line in lines} == {"traces are not collected"}
    assert time.monotonic() - began < 60  # it gives up at all


def test_a_step_that_fails_says_by_which_rule_and_no_more() -> None:
    with receiving(lambda n: 200) as receiver:
        settings = load_settings({"SCF_TRACES_URL": receiver.url})
        with (
            pytest.raises(Conflict),
            open_tracer(settings, "api") as tracer,
            tracer.step("request"),
        ):
            raise Conflict("NonceTaken", account="0xsecret")
        (request,) = receiver.received
    span = span_of(request)
    assert span.status.code == 2  # type: ignore[attr-defined]
    assert [(a.key, a.value.string_value) for a in span.attributes] == [("error.type", "NonceTaken")]  # type: ignore[attr-defined]
    assert b"0xsecret" not in request.body


def test_a_part_of_the_traces_is_enough() -> None:
    with receiving(lambda n: 200) as receiver:
        settings = load_settings({"SCF_TRACES_URL": receiver.url, "SCF_TRACES_RATIO": "0"})
        with open_tracer(settings, "api") as tracer, tracer.step("request"):
            assert TRACE.get() is not None
            tracer.past("sign", TRACE.get() or "", 0.1)
        assert receiver.received == []


@pytest.mark.parametrize("url", ["collector:4318", "file:///etc/passwd", "http://"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with (
        pytest.raises(InvalidInput, match="SettingInvalid"),
        open_tracer(load_settings({"SCF_TRACES_URL": url}), "api"),
    ):
        pass
