"""What operators see: one log line a request, figures for Prometheus, and whether all is at hand."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.bootstrap import Services, open_services
from api.chain.local import start_anvil
from api.chain.rpc import Rpc
from api.config import Settings
from api.domain.operations import Call, Contract, Operation, OperationStatus
from api.main import create_app
from tests.api.http.town import Town, check_problem

Client = httpx.AsyncClient


def inside(settings: Settings, ask: Callable[[Client, Services], Awaitable[Any]]) -> Any:
    """What `ask` finds out from an API of its own in this process."""

    async def run() -> Any:
        async with open_services(settings) as services:
            transport = httpx.ASGITransport(create_app(settings, services), raise_app_exceptions=False)
            async with Client(transport=transport, base_url="http://localhost") as client:
                return await ask(client, services)

    return anyio.run(run)


def lines(town: Town, request_id: str) -> list[dict[str, Any]]:
    """The API's log lines of one request."""
    return town.until(lambda: [x for x in town.stack.logged("api") if x.get("request_id") == request_id], bool)


# -- logs


def test_each_request_leaves_one_line(town: Town) -> None:
    for path, route, status in (
        ("/notes/999999", "/notes/{id}", 404),
        ("/search?q=secret-name", "/search", 200),
        ("/nowhere/secret-name", "unmatched", 404),
    ):
        request_id = uuid.uuid4().hex
        town.http.get(path, headers={"X-Request-ID": request_id, "Authorization": "Bearer secret-name"})
        (line,) = lines(town, request_id)
        assert (line["event"], line["method"], line["route"], line["status"]) == ("request", "GET", route, status)
        assert line["ms"] > 0
        assert line["by"] == ("local" if route != "unmatched" else None)
        assert "secret-name" not in str(line)


def test_what_is_refused_at_the_edge_is_seen_too(town: Town) -> None:
    request_id = uuid.uuid4().hex
    town.http.post("/notes/lapse", json={}, headers={"X-Request-ID": request_id, "Origin": "https://evil.example"})
    (line,) = lines(town, request_id)
    assert (line["status"], line["route"]) == (403, "unmatched")


def test_what_nobody_foresaw_is_a_problem_and_in_the_log(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    async def ask(client: Client, services: Services) -> httpx.Response:
        del services.ledger.__dict__["model"]  # no route reckons with that
        return await client.get("/notes/1", headers={"X-Request-ID": "broken-1"})

    answer = inside(town.stack.settings, ask)
    problem = check_problem(answer, "internal-error", 500)
    assert problem["evidence"]["request_id"] == "broken-1"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "Traceback" not in answer.text
    logged = capsys.readouterr()
    assert "AttributeError" in logged.out + logged.err


def test_a_transaction_leads_back_to_its_request(town: Town) -> None:
    note = town.offered()
    request_id = uuid.uuid4().hex
    body = {"party": note["holder"]["id"], "notes": [note["id"]]}
    (operation,) = town.do("/notes/accept", body, **{"X-Request-ID": request_id})["operations"]
    assert operation["request_id"] == request_id
    assert town.get(f"/operations/{operation['id']}")["request_id"] == request_id
    (signed,) = [x for x in town.stack.logged("worker") if x.get("tx_hash") == operation["tx_hash"]]
    assert (signed["event"], signed["operation"], signed["request_id"]) == ("signed", operation["id"], request_id)
    for query in ({"tx_hash": operation["tx_hash"]}, {"request_id": request_id}):
        (found,) = town.get("/operations", **query)["items"]
        assert found["id"] == operation["id"]
    assert town.get("/operations", tx_hash=operation["tx_hash"], request_id="other")["items"] == []


def test_a_retry_is_answered_with_the_first_requests_id(town: Town) -> None:
    note = town.offered()
    body = {"party": note["holder"]["id"], "notes": [note["id"]]}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    first = town.do("/notes/accept", body, **key, **{"X-Request-ID": "first-try"})
    again = town.do("/notes/accept", body, **key, **{"X-Request-ID": "second-try"})
    assert first["operations"][0]["request_id"] == again["operations"][0]["request_id"] == "first-try"


# -- figures


def figures(text: str) -> Mapping[tuple[str, ...], float]:
    """Each sample by its name and labels."""
    return {
        (s.name, *(v for _, v in sorted(s.labels.items()))): s.value
        for family in text_string_to_metric_families(text)
        for s in family.samples
    }


def test_metrics_count_requests_by_route(town: Town) -> None:
    def asked() -> float:
        seen = figures(town.http.get("/metrics").text)
        return seen.get(("cascade_http_requests_total", "GET", "/notes/{id}", "404"), 0)

    before = asked()
    for note in (999_997, 999_998, 999_999):
        town.http.get(f"/notes/{note}")
    assert asked() == before + 3
    text = town.http.get("/metrics").text
    assert "/notes/99999" not in text
    histogram = figures(text)
    assert histogram["cascade_http_request_seconds_bucket", "+Inf", "GET", "/notes/{id}"] >= 3


def test_metrics_tell_outbox_and_index(town: Town) -> None:
    town.offered()
    seen = figures(town.http.get("/metrics").text)
    assert seen["cascade_operations", "confirmed"] > 5
    assert seen["cascade_operations", "queued"] == 0
    assert seen["cascade_outbox_age_seconds",] == 0
    index = town.get("/status")["index"]
    assert seen["cascade_index_block",] == index["block"]
    assert seen["cascade_index_lag_blocks",] == 0
    assert seen["cascade_index_reorgs",] == index["reorgs"] == 0
    before = seen["cascade_index_events",]
    town.offered()
    assert figures(town.http.get("/metrics").text)["cascade_index_events",] >= before + 2


# -- readiness


def waiting(created_at: int) -> Operation:
    call = Call(Contract.NOTES, "lapse", ([1],), "0x" + "11" * 20)
    return Operation(uuid.uuid4().hex, "lapse", 0, call, OperationStatus.QUEUED, created_at=created_at)


def test_nobody_carries_out_what_is_queued(town: Town, tmp_path: Path) -> None:
    """An outbox without a worker: ready while it is empty, not when something has waited for long."""
    settings = replace(town.stack.settings, app_db_url=f"sqlite:///{tmp_path}/app.db")

    async def ask(client: Client, services: Services) -> tuple[httpx.Response, httpx.Response, str]:
        empty = await client.get("/readyz")
        await services.box.put([waiting(created_at=1_000)])
        return empty, await client.get("/readyz"), (await client.get("/metrics")).text

    empty, stuck, text = inside(settings, ask)
    assert (empty.status_code, empty.json()) == (200, {"status": "ok"})
    problem = check_problem(stuck, "not-ready", 503)
    assert problem["evidence"] == {"missing": ["worker"]}
    assert stuck.headers["retry-after"]
    assert figures(text)["cascade_outbox_age_seconds",] > 1_000_000_000
    assert figures(text)["cascade_operations", "queued"] == 1


def test_an_index_that_does_not_follow_and_a_chain_that_is_gone(town: Town, tmp_path: Path) -> None:
    async def run() -> tuple[httpx.Response, httpx.Response, httpx.Response]:
        chain = await start_anvil(tmp_path / "chain.log")
        settings = replace(town.stack.settings, rpc_url=chain.url)
        try:
            async with open_services(settings) as services, Rpc(chain.url) as rpc:
                transport = httpx.ASGITransport(create_app(settings, services))
                async with Client(transport=transport, base_url="http://localhost") as client:
                    index = await services.ledger.model.status()
                    behind = await client.get("/readyz")
                    await rpc.call("anvil_mine", hex(index.block + 10))
                    ahead = await client.get("/readyz")
                    chain.stop()
                    return behind, ahead, await client.get("/readyz")
        finally:
            chain.stop()

    before, behind, gone = anyio.run(run)
    assert before.status_code == 200, before.text
    assert check_problem(behind, "not-ready", 503)["evidence"] == {"missing": ["index"]}
    assert check_problem(gone, "not-ready", 503)["evidence"] == {"missing": ["chain"]}


def test_the_process_lives_whatever_is_missing(town: Town) -> None:
    async def run() -> int:
        transport = httpx.ASGITransport(create_app(town.stack.settings))
        async with Client(transport=transport, base_url="http://localhost") as client:
            return (await client.get("/healthz")).status_code

    assert anyio.run(run) == 200
