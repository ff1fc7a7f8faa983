"""Traces, fund flows, positions and paths in every form: the same facts, cut to the same reader."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import httpx
import networkx
import pytest
from openpyxl import load_workbook

from api.domain.access import RECEIVABLE_FIELDS
from api.schemas.ledger import Page
from api.schemas.paths import Path
from tests.api.http.everybody import OPERATOR, Everybody, Story, everybody, tell
from tests.api.http.town import Town, check_problem
from tests.e2e.program import scf
from tests.unit.test_columns import unpacked

COLUMNS = "application/vnd.cascade.columns+json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def be(town: Town) -> Iterator[Everybody]:
    with everybody(town) as be:
        yield be


@pytest.fixture(scope="module")
def story(town: Town, be: Everybody) -> Story:
    return tell(town, be)


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def graph(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return networkx.read_graphml(io.BytesIO(answer.content), force_multigraph=True)


def digits(amount: str) -> str:
    return f"{int(amount) // 100}.{int(amount) % 100:02}"


def addresses(town: Town, story: Story) -> list[str]:
    return [
        f"/notes/{story.notes['root']}/trace",
        f"/receivables/{story.receivable}/fund-flow",
        f"/parties/{town.ids['tier2']}/position",
        f"/paths?from={town.ids['core']}&to={town.ids['bank']}",
    ]


def test_a_trace_in_every_form(town: Town, story: Story) -> None:
    path = f"/notes/{story.notes['root']}/trace"
    whole = town.get(path)
    notes = {str(n["id"]): n for n in whole["nodes"]}
    table = rows(town.http.get(path, params={"format": "csv"}))
    assert [r["note"] for r in table] == list(notes)
    for row in table:
        note = notes[row["note"]]
        assert (row["face"], row["value"]) == (digits(note["face"]), digits(note["value"]))
        assert (row["holder"], row["holder_name"]) == (str(note["holder"]["id"]), note["holder"]["name_en"])
    cash = rows(town.http.get(path, params={"format": "csv", "table": "cash"}))
    assert {r["tx_hash"] for r in cash} == {leg["source"]["tx_hash"] for n in whole["nodes"] for leg in n["cash"]}
    book = load_workbook(io.BytesIO(town.http.get(path, headers={"Accept": XLSX, "Accept-Language": "zh"}).content))
    assert book.sheetnames == ["凭证", "资金"]
    assert [row[0].value for row in book["凭证"].iter_rows(min_row=2)] == [int(n) for n in notes]
    tree = graph(town.http.get(path, headers={"Accept": "application/graphml+xml"}))
    edges = {(a, b) for a, b, _ in tree.edges(data=True)}
    assert edges == {(str(n["parent"]), i) for i, n in notes.items() if n["parent"] is not None}
    assert {data["amount"] for _, _, data in tree.edges(data=True)} == {
        digits(n["face"]) for n in notes.values() if n["parent"] is not None
    }
    drawn = town.http.get(path, params={"format": "mermaid"})
    assert drawn.text.startswith("flowchart TD\n")
    assert drawn.text.count("-->") == len(edges)
    assert f'filename="trace-{story.notes["root"]}.mmd"' in drawn.headers["content-disposition"]


def test_fund_flow_and_position_in_every_form(town: Town, story: Story) -> None:
    path = f"/receivables/{story.receivable}/fund-flow"
    whole = town.get(path)
    table = rows(town.http.get(path, params={"format": "csv"}))
    assert [(r["note"], r["amount"]) for r in table] == [(str(x["note"]), digits(x["amount"])) for x in whole["legs"]]
    flow = graph(town.http.get(path, params={"format": "graphml"}))
    assert flow.number_of_edges() == len(whole["legs"])
    quotes = sorted(leg["quote"]["nonce"] if leg["quote"] else "" for leg in whole["legs"])
    assert any(quotes)
    assert sorted(r["quote_nonce"] for r in table) == quotes
    assert sorted(data.get("quote_nonce", "") for _, _, data in flow.edges(data=True)) == quotes
    drawn = town.http.get(path, params={"format": "mermaid"}, headers={"Accept-Language": "en"}).text
    assert all(f"/{nonce}" in drawn for nonce in filter(None, quotes))
    path = f"/parties/{town.ids['tier2']}/position"
    whole = town.get(path)
    table = rows(town.http.get(path, params={"format": "csv"}))
    assert [(r["note"], r["value"]) for r in table] == [(str(x["note"]), digits(x["value"])) for x in whole["notes"]]
    (sums,) = rows(town.http.get(path, params={"format": "csv", "table": "sums"}))
    assert sums["held"] == digits(whole["sums"][0]["held"])
    owing = graph(town.http.get(path, params={"format": "graphml"}))
    assert all(b == str(town.ids["tier2"]) for _, b, _ in owing.edges(data=True))


@pytest.mark.parametrize(
    ("headers", "query", "media"),
    [
        ({"Accept": "text/html, */*"}, {}, "application/json"),
        ({"Accept": "text/csv;q=0.5, application/json"}, {}, "application/json"),
        ({"Accept": "text/csv, application/json;q=0.9"}, {}, "text/csv"),
        ({"Accept": "text/csv;q=0"}, {}, "application/json"),
        ({"Accept": "text/csv"}, {"format": "json"}, "application/json"),
        ({"Accept": f"{COLUMNS}, application/json;q=0.9"}, {}, COLUMNS),
        ({}, {"format": "columns"}, COLUMNS),
        ({}, {"format": "xlsx"}, XLSX),
        ({}, {"format": "mermaid"}, "text/vnd.mermaid"),
    ],
)
def test_the_form_is_negotiated(
    town: Town, story: Story, headers: dict[str, str], query: dict[str, str], media: str
) -> None:
    for path in addresses(town, story):
        url = httpx.URL(path).copy_merge_params(query)
        answer = town.http.get(url, headers=headers)
        assert answer.headers["content-type"].partition(";")[0] == media, answer.text
        assert "Accept," in answer.headers["vary"]
        assert "private" in answer.headers["cache-control"]


@pytest.mark.parametrize("who", ["core", "tier2", "bank", OPERATOR])
def test_by_columns_it_is_the_same_answer(town: Town, be: Everybody, story: Story, who: str) -> None:
    """To each who asks, and whichever of the two was asked for before."""
    for path in addresses(town, story):
        answer = be.ask(who, "GET", path)
        columns = be.ask(who, "GET", path, headers={"Accept": COLUMNS})
        assert columns.status_code == answer.status_code
        if answer.status_code == 200:
            assert columns.headers["content-type"] == COLUMNS
            assert unpacked(columns.json()) == answer.json()
            same = {"Accept": COLUMNS, "If-None-Match": columns.headers["etag"]}
            assert be.ask(who, "GET", path, headers=same).status_code == 304
            assert be.ask(who, "GET", path).content == answer.content


def test_forms_and_tables_that_there_are_not(town: Town, story: Story) -> None:
    for path in addresses(town, story):
        url = httpx.URL(path)
        check_problem(town.http.get(url.copy_merge_params({"format": "pdf"})), "unknown-format", 422)
        refused = town.http.get(url.copy_merge_params({"format": "csv", "table": "x"}))
        check_problem(refused, "unknown-table", 422)


@pytest.mark.parametrize("who", ["core", "tier1", "tier2", "tier3", "bank", "factor", "tier5", OPERATOR])
def test_a_file_tells_nobody_more_than_the_answer(town: Town, be: Everybody, story: Story, who: str) -> None:
    path = f"/notes/{story.notes['middle']}/trace"
    answer = be.ask(who, "GET", path)
    file = be.ask(who, "GET", path, params={"format": "csv"})
    drawn = be.ask(who, "GET", path, params={"format": "graphml"})
    if answer.status_code == 404:
        for other in (file, drawn):
            check_problem(other, "unknown-note", 404)
        return
    nodes = {str(n["id"]): n for n in answer.json()["nodes"]}
    table = {r["note"]: r for r in rows(file)}
    assert set(table) == set(nodes) == set(graph(drawn).nodes)
    for number, note in nodes.items():
        row = table[number]
        assert (row["face"] == "") == (note["face"] is None)
        assert (row["holder_name"] == "") == (note["holder"] is None)
        assert (row["parent"] == "") == (note["parent"] is None)


# -- paths


def ends(page: dict[str, Any]) -> list[list[int]]:
    return [[n["id"] for n in path["notes"]] for path in page["items"]]


def test_paths_lead_from_the_nearest_note_of_the_one_to_each_of_the_other(town: Town, story: Story) -> None:
    ids, notes = town.ids, story.notes

    def between(source: str, target: str) -> list[list[int]]:
        page = town.get("/paths", **{"from": ids[source], "to": ids[target], "limit": 500})
        Page[Path].model_validate(page)
        for path in page["items"]:
            assert path["amount"] == path["notes"][-1]["face"]
            assert set(path["receivable"]) == RECEIVABLE_FIELDS
            for above, below in zip(path["notes"], path["notes"][1:], strict=False):
                assert below["parent"] == above["id"]
        return [p for p in ends(page) if p[-1] in notes.values()]

    assert between("core", "tier3") == [[notes["root"], notes["middle"], notes["leaf"]]]
    assert between("tier1", "tier3") == [[notes["root"], notes["middle"], notes["leaf"]]]
    assert between("tier2", "tier3") == [[notes["middle"], notes["leaf"]]]
    assert between("tier1", "bank") == [[notes["root"], notes["middle"], notes["sold"]]]
    assert between("tier3", "tier1") == []
    assert between("tier3", "tier3") == []
    sale = town.get("/paths", **{"from": ids["tier2"], "to": ids["bank"], "limit": 500})["items"][-1]["notes"][-1]
    assert [leg["kind"] for leg in sale["cash"]] == ["finance"]


def test_paths_come_in_pages(town: Town, story: Story) -> None:
    query = {"from": town.ids["core"], "to": town.ids["tier1"]}
    every = ends(town.get("/paths", **query, limit=500))
    found: list[list[int]] = []
    cursor: dict[str, str] = {}
    while True:
        page = town.get("/paths", **query, limit=1, **cursor)
        found += ends(page)
        if page["next"] is None:
            break
        assert len(page["items"]) == 1
        cursor = {"cursor": page["next"]}
    assert found == every
    assert len(every) > 1
    check_problem(town.http.get("/paths", params={**query, "cursor": "x"}), "cursor-invalid", 422)
    check_problem(town.http.get("/paths", params={"from": 999_999, "to": 1}), "unknown-party", 404)


@pytest.mark.parametrize("who", ["core", "tier1", "tier2", "tier3", "bank", "factor", "tier5", OPERATOR, "auditor"])
def test_a_path_is_seen_where_everybody_on_it_is(town: Town, be: Everybody, story: Story, who: str) -> None:
    known = {n["id"]: n for n in be.all_of(who, "/notes", limit=500)}
    for source in ("core", "tier1", "tier2"):
        for target in ("tier1", "tier2", "tier3", "bank"):
            query = {"from": town.ids[source], "to": town.ids[target], "limit": 500}
            whole = town.get("/paths", **query)["items"]
            seen = be.get(who, "/paths", **query)["items"]
            expected = [
                path
                for path in whole
                if who == "auditor" or all(n["id"] in known and known[n["id"]]["holder"] for n in path["notes"])
            ]
            assert ends({"items": seen}) == ends({"items": expected}), (source, target)
            for path in seen if who != "auditor" else ():
                assert path["notes"] == [known[n["id"]] for n in path["notes"]]
                assert path["receivable"] == be.get(who, f"/receivables/{path['receivable']['id']}")
    if who == "tier3":
        query = {"from": town.ids["tier2"], "to": town.ids["tier3"], "limit": 500}
        assert [story.notes["middle"], story.notes["leaf"]] in ends(be.get(who, "/paths", **query))


# -- the command line


def test_commands_write_the_same_files(town: Town, story: Story, tmp_path: Any) -> None:
    settings = town.stack.settings
    environment = {"SCF_RPC_URL": settings.rpc_url, "SCF_DEMO_KEYS": "1", "SCF_ARTIFACTS": str(settings.artifacts)}

    def run(*arguments: str) -> Any:
        said = scf(settings.home, *arguments, **environment)
        assert said.returncode == 0, said.stderr
        return said

    root = story.notes["root"]
    for form in ("csv", "graphml", "mermaid"):
        said = run("trace", str(root), "--format", form)
        assert said.stdout.replace("\r", "") == town.http.get(
            f"/notes/{root}/trace", params={"format": form}
        ).text.replace("\r", "")
    out = tmp_path / "trace.xlsx"
    run("trace", str(root), "--format", "xlsx", "--out", str(out))
    assert load_workbook(out).sheetnames == ["Notes", "Cash"]
    party = str(town.ids["tier2"])
    said = run("position", party, "--format", "csv", "--table", "sums")
    assert said.stdout.splitlines()[0].lstrip("\ufeff").startswith("currency,")
    found = json.loads(run("paths", str(town.ids["core"]), party, "--json").stdout)
    assert found == town.get("/paths", **{"from": town.ids["core"], "to": party})
    listed = run("paths", str(town.ids["core"]), party).stdout.splitlines()
    assert len(listed) == 1 + len(found["items"])
    wrong = scf(settings.home, "trace", str(root), "--format", "csv", "--table", "x", **environment)
    assert (wrong.returncode, "[UnknownTable]" in wrong.stderr) == (1, True)
