"""Reads: their shapes are the documented ones, and they say how things stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import httpx
import orjson
import pytest
from pydantic import BaseModel, TypeAdapter

from api.bootstrap import open_services
from api.guard import IMPORT_PATHS
from api.main import create_app, main
from api.schemas import imports, ledger, operations, paths, positions, quotes
from api.schemas.problems import ProblemTypes
from tests.api.http.town import Town


@pytest.fixture(scope="module")
def story(town: Town) -> dict[str, Any]:
    """A receivable with something of everything: a split, a sale, a refusal, a repayment."""
    root = town.held(amount=50_000_00, due_in=120)
    child = town.passed(root, "tier2", 20_000_00)
    town.do("/financings", town.deal(child, town.quoted(child), 5_000_00))
    town.do("/notes/split", town.split_body(child, "tier3", 5_000_00))
    refused = town.note(town.get("/status")["totals"]["notes"])
    town.do("/notes/refuse", {"party": town.ids["tier3"], "notes": [refused["id"]]})
    town.do("/repayments", {"party": town.ids["core"], "notes": [child["id"]]})
    town.quoted(root)
    return {"root": root["id"], "child": child["id"], "receivable": root["receivable"]}


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/status", ledger.Status),
        ("/search?q=tier1", ledger.SearchResults),
        ("/search?q=1", ledger.SearchResults),
        ("/parties", ledger.Page[ledger.Party]),
        ("/parties/1", ledger.Party),
        ("/parties/1/deposits", list[ledger.Deposit]),
        ("/parties/1/position", positions.Position),
        ("/paths?from=1&to=5", ledger.Page[paths.Path]),
        ("/receivables", ledger.Page[ledger.Receivable]),
        ("/receivables/{receivable}", ledger.Receivable),
        ("/receivables/{receivable}/fund-flow", ledger.FundFlow),
        ("/notes?limit=500", ledger.Page[ledger.Note]),
        ("/notes/{child}", ledger.Note),
        ("/notes/{child}/trace", ledger.Trace),
        ("/quotes?note={root}", ledger.Page[quotes.RankedQuote]),
        ("/operations", ledger.Page[operations.Operation]),
        ("/imports/items", ledger.Page[imports.Item]),
        ("/healthz", ledger.Health),
        ("/readyz", ledger.Health),
        ("/problems", ProblemTypes),
    ],
)
def test_answers_have_the_documented_shape(town: Town, story: dict[str, Any], path: str, shape: Any) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(shape)
    answer = town.http.get(path.format(**story))
    assert answer.status_code == 200
    model = adapter.validate_json(answer.content)
    assert orjson.loads(adapter.dump_json(model)) == answer.json()
    if isinstance(model, BaseModel) and hasattr(model, "items"):
        assert model.items


def test_the_trace_leads_to_the_root_and_holds_everything_below(town: Town, story: dict[str, Any]) -> None:
    trace = town.get(f"/notes/{story['root']}/trace")
    nodes = {n["id"]: n for n in trace["nodes"]}
    assert trace["path"] == [story["root"]]
    assert sum(int(n["value"]) for n in nodes.values()) == int(trace["receivable"]["outstanding"])
    child = nodes[story["child"]]
    assert [leg["kind"] for leg in child["cash"]] == ["finance", "repayment"]
    sale = child["cash"][0]
    assert int(sale["amount"]) + int(sale["discount"]) == int(sale["principal"]) == 5_000_00
    assert {n["status"] for n in nodes.values()} == {"held", "repaid", "refused"}
    assert child["source"]["tx_hash"].startswith("0x")


def test_pages_follow_each_other(town: Town, story: dict[str, Any]) -> None:
    seen: list[int] = []
    cursor: str | None = None
    while True:
        query = {"limit": 3, **({} if cursor is None else {"cursor": cursor})}
        page = town.get("/notes", **query)
        seen += [n["id"] for n in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == sorted(set(seen))
    assert len(seen) == town.get("/status")["totals"]["notes"]


def test_filters(town: Town, story: dict[str, Any]) -> None:
    notes = town.get("/notes", receivable=story["receivable"], status="repaid")["items"]
    assert [n["id"] for n in notes] == [story["child"]]
    assert {n["tier"] for n in town.get("/notes", tier=2)["items"]} == {2}
    assert {n["holder"]["id"] for n in town.get("/notes", holder=town.ids["tier2"])["items"]} == {town.ids["tier2"]}
    assert all("financier" in p["roles"] for p in town.get("/parties", role="financier")["items"])
    debtors = town.get("/receivables", debtor=town.ids["core"])["items"]
    assert {r["debtor"]["id"] for r in debtors} == {town.ids["core"]}
    some = town.get("/receivables", id=[story["receivable"], 2**40 - 1])["items"]
    assert [r["id"] for r in some] == [story["receivable"]]
    some = town.get("/notes", id=[story["root"], story["child"], 2**40 - 1], limit=1)
    assert ([n["id"] for n in some["items"]], some["next"]) == ([story["root"]], str(story["root"]))
    assert town.get("/receivables", id=story["receivable"], debtor=town.ids["other_core"])["items"] == []


def test_search(town: Town, story: dict[str, Any]) -> None:
    kinds = {r["kind"] for r in town.get("/search", q=str(story["receivable"]))["results"]}
    assert "receivable" in kinds
    assert [r["label_zh"] for r in town.get("/search", q="TIER3")["results"]] == ["tier3有限公司"]
    assert town.get("/search", q="%")["results"] == []


def test_status_follows_the_chains_clock(town: Town) -> None:
    status = town.get("/status")
    assert status["today"] == town.today().isoformat()
    assert (status["demo"], status["index"]["stale"], status["index"]["lag"]) == (True, False, 0)
    assert status["featured_note"] is not None
    assert [c["code"] for c in status["currencies"]] == ["CNY", "GBP"]


def test_quotes_are_ranked_by_cash_today_and_sealed(town: Town) -> None:
    note = town.held()
    for financier, rate in (("bank", 900), ("factor", 300), ("bank", 600)):
        town.quoted(note, financier, rate_bps=rate)
    items = town.get("/quotes", note=note["id"])["items"]
    assert [q["rate_bps"] for q in items] == [300, 600, 900]
    assert "signature" not in items[0]


# -- the document


def test_the_openapi_document_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["--openapi"]) == 0
    document = orjson.loads((tmp_path / "build/openapi.json").read_bytes())
    assert document["openapi"].startswith("3.1")


def _walk(value: Any) -> Any:
    yield value
    if isinstance(value, dict):
        for inner in value.values():
            yield from _walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner)


def test_the_openapi_document_is_whole(town: Town) -> None:
    document = create_app(town.stack.settings).openapi()
    assert document == town.get("/openapi.json")
    for node in _walk(document):
        if isinstance(node, dict) and isinstance(node.get("$ref"), str):
            target: Any = document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
    names: list[str] = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            names.append(operation["operationId"])
            assert operation["description"], (method, path)
            assert any(status.startswith(("2", "3")) for status in operation["responses"]), (method, path)
            for content in operation.get("requestBody", {}).get("content", {}).values():
                schema = content["schema"]
                named = document["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
                assert named.get("examples") or (method == "post" and path in IMPORT_PATHS), (method, path)
    assert len(names) == len(set(names)) > 35


def test_the_services_can_be_given_to_the_app(town: Town) -> None:
    """As an embedding program would."""

    async def ask() -> int:
        async with open_services(town.stack.settings) as services:
            app = create_app(town.stack.settings, services)
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return (await client.get("/readyz")).status_code

    assert anyio.run(ask) == 200
