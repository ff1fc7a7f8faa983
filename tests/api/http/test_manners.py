"""What well-behaved readers get: tags, so that nothing is sent twice, and to be told how often they may ask."""

from __future__ import annotations

import uuid
from dataclasses import replace

import anyio
import httpx
import pytest

from api.bootstrap import open_services
from api.main import create_app
from api.routers.page import PAGE
from tests.api.http.town import Town, check_problem

# -- entity tags


@pytest.mark.parametrize(
    "path", ["/notes", "/notes/{note}", "/notes/{note}/trace", "/receivables", "/parties/1", "/operations"]
)
def test_what_the_reader_has_is_not_sent_again(town: Town, path: str) -> None:
    note = town.offered()
    path = path.format(note=note["id"])
    first = town.http.get(path)
    tag = first.headers["etag"]
    assert tag.startswith('"')
    assert first.headers["cache-control"] == "private, no-cache"
    for wanted in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = town.http.get(path, headers={"If-None-Match": wanted})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert "content-length" not in again.headers or again.headers["content-length"] == "0"
        assert again.headers["x-content-type-options"] == "nosniff"
    assert town.http.get(path, headers={"If-None-Match": '"other"'}).content == first.content


def test_a_tag_changes_with_the_answer(town: Town) -> None:
    note = town.offered()
    path = f"/notes/{note['id']}"
    tag = town.http.get(path).headers["etag"]
    town.do("/notes/accept", {"party": note["holder"]["id"], "notes": [note["id"]]})
    answer = town.http.get(path, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.json()["status"]) == (200, "held")


def test_writes_and_refusals_have_no_tag(town: Town) -> None:
    missing = town.http.get("/notes/999999", headers={"If-None-Match": "*"})
    assert (missing.status_code, missing.headers["cache-control"]) == (404, "no-store")
    assert "etag" not in missing.headers
    refused = town.http.post("/notes/lapse", json={"party": 0, "notes": [999_999]}, headers={"If-None-Match": "*"})
    assert refused.status_code == 404
    assert "etag" not in refused.headers


@pytest.mark.skipif(not (PAGE / "index.html").is_file(), reason="the page is not built (make setup)")
def test_the_page_is_not_sent_again_either(town: Town) -> None:
    first = town.http.get("/")
    again = town.http.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.skipif(not (PAGE / "index.html").is_file(), reason="the page is not built (make setup)")
@pytest.mark.parametrize(("accepted", "packed"), [("br, gzip;q=0.8", "gzip"), ("identity", None)])
def test_what_the_page_loads_is_packed_for_who_unpacks(town: Town, accepted: str, packed: str | None) -> None:
    for file in (PAGE / "assets").glob("index-*"):
        answer = town.http.get(f"/assets/{file.name}", headers={"Accept-Encoding": accepted})
        assert answer.headers.get("content-encoding") == packed
        assert answer.content == file.read_bytes()
        assert answer.headers["content-type"].split(";")[0] in ("text/javascript", "text/css")


# -- filters


def test_debts_by_currency_and_due_day(town: Town) -> None:
    cny, gbp = town.offered(due_in=40), town.offered(due_in=80, currency="GBP")
    ours = {note["receivable"] for note in (cny, gbp)}
    due = {r["id"]: r["due_date"] for r in town.get("/receivables", limit=500)["items"]}

    def found(**query: str) -> set[int]:
        return {r["id"] for r in town.get("/receivables", limit=500, **query)["items"]} & ours

    first, second = due[cny["receivable"]], due[gbp["receivable"]]
    assert first < second
    assert found() == ours
    assert found(currency="GBP") == {gbp["receivable"]}
    assert found(currency="XXX") == set()
    assert found(due_from=first) == ours
    assert found(due_until=first) == {cny["receivable"]}
    assert found(due_from=second, due_until=second) == {gbp["receivable"]}
    assert found(due_from=second, currency="CNY") == set()
    check_problem(town.http.get("/receivables", params={"due_from": "soon"}), "request-invalid", 422)


def test_notes_by_currency_and_due_day_of_their_debt(town: Town) -> None:
    cny, gbp = town.held(due_in=40), town.offered(due_in=80, currency="GBP")
    child = town.passed_open(cny, "tier2", int(cny["value"]) // 2)
    ours = {cny["id"], child["id"], gbp["id"]}
    due = {r["id"]: r["due_date"] for r in town.get("/receivables", limit=500)["items"]}

    def found(**query: str | int) -> set[int]:
        pages = [town.get("/notes", limit=500, **query)]
        while pages[-1]["next"]:
            pages.append(town.get("/notes", limit=500, cursor=pages[-1]["next"], **query))
        return {n["id"] for page in pages for n in page["items"]} & ours

    first, second = due[cny["receivable"]], due[gbp["receivable"]]
    assert found() == ours
    assert found(currency="GBP") == {gbp["id"]}
    assert found(due_from=first, due_until=first) == {cny["id"], child["id"]}
    assert found(due_from=first, due_until=first, holder=child["holder"]["id"]) == {child["id"]}
    assert found(due_from=second, currency="CNY") == set()
    assert found(currency="CNY", status="offered") == {child["id"]}
    check_problem(town.http.get("/notes", params={"currency": "gold"}), "request-invalid", 422)


# -- how often


def test_whoever_asks_too_often_is_told_when_to_come_back(town: Town) -> None:
    settings = replace(town.stack.settings, local_requests_per_minute=3)

    async def ask() -> list[httpx.Response]:
        async with open_services(settings) as services:
            transport = httpx.ASGITransport(create_app(settings, services))
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                found = [await client.get("/notes?limit=1") for _ in range(4)]
                return [*found, await client.get("/healthz")]

    *passed, refused, open_one = anyio.run(ask)
    assert [a.status_code for a in passed] == [200] * 3
    assert [a.headers["ratelimit"].split(";")[1] for a in passed] == ["r=2", "r=1", "r=0"]
    assert passed[0].headers["ratelimit-policy"] == '"request";q=3;w=60'
    problem = check_problem(refused, "too-many-requests", 429)
    assert problem["evidence"]["limit"] == 3
    assert 0 < int(refused.headers["retry-after"]) <= 20
    assert refused.headers["ratelimit"].startswith('"request";r=0;t=')
    assert open_one.status_code == 200
    assert "ratelimit" not in open_one.headers


def test_on_this_machine_nobody_counts_unless_told_to(town: Town) -> None:
    assert "ratelimit" not in town.http.get(f"/search?q={uuid.uuid4().hex}").headers
