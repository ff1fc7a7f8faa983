"""The watch over a running network: what it finds, for whom, told once, and acknowledged once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from api.domain.principal import PersonRole
from api.schemas.alerts import Alert
from tests.api.http.everybody import OPERATOR, Everybody, everybody, key, person
from tests.api.http.town import Town, check_problem
from tests.e2e.program import scf

UNKNOWN = 999_999


@pytest.fixture(scope="module")
def be(town: Town) -> Iterator[Everybody]:
    with everybody(town) as be:
        yield be


def alerts(town: Town, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = town.get("/alerts", limit=3, **query, **cursor)
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = {"cursor": page["next"]}


@pytest.fixture(scope="module")
def circle(town: Town) -> dict[str, Any]:
    """Value that goes from tier 1 to tier 2 and back; the alert of it."""
    before = {a["id"] for a in alerts(town)}
    root = town.held(amount=30_000_00, due_in=120)
    there = town.passed(root, "tier2", 20_000_00)
    town.passed(there, "tier1", 5_000_00)
    (found,) = [a for a in alerts(town, rule="circular_transfer") if a["id"] not in before]
    return {**found, "root": root["id"]}


def test_a_circle_is_found_and_told_in_both_languages(town: Town, circle: dict[str, Any]) -> None:
    found = {name: value for name, value in circle.items() if name != "root"}
    Alert.model_validate(found)
    assert (found["severity"], found["acknowledged"]) == ("high", None)
    assert {p["id"] for p in found["parties"]} == {town.ids["tier1"], town.ids["tier2"]}
    assert found["facts"]["amount"] == "500000"
    assert "5,000.00 CNY" in found["why"] and "5,000.00 CNY" in found["why_zh"]
    assert f"tier1 Ltd (#{town.ids['tier1']})" in found["why"]
    trace = town.get(found["trace"])
    assert circle["root"] in trace["path"]
    assert found["facts"]["notes"] == trace["path"]


def test_what_passes_down_is_no_circle(town: Town, circle: dict[str, Any]) -> None:
    before = alerts(town, rule="circular_transfer")
    root = town.held(amount=30_000_00, due_in=120)
    town.passed(town.passed(root, "tier2", 20_000_00), "tier3", 5_000_00)
    assert alerts(town, rule="circular_transfer") == before


def test_twins_are_found_once(town: Town) -> None:
    before = {a["id"] for a in alerts(town)}
    first, second = town.held(amount=12_345_67, due_in=100), town.held(amount=12_345_67, due_in=100)
    new = [a for a in alerts(town, rule="near_duplicate") if a["id"] not in before]
    (mine,) = [a for a in new if a["receivable"] == second["receivable"]]
    assert mine["facts"]["other"] == first["receivable"]
    assert mine["trace"] == f"/receivables/{second['receivable']}/fund-flow"
    assert len({a["id"] for a in alerts(town)}) == len(alerts(town))
    town.held(amount=12_345_68, due_in=100)
    again = [a for a in alerts(town, rule="near_duplicate") if a["id"] not in before]
    assert [a["id"] for a in again] == [a["id"] for a in new]


def test_edited_numbers_are_found_among_imports(town: Town) -> None:
    before = {a["id"] for a in alerts(town)}
    head = "doc_no,vendor,amount,issue_date,due_date,currency"
    rows = [f"{number},tier1,987.65,2025-06-01,2027-06-01,CNY" for number in ("WATCH-77A1", "WATCH-77B1", "OTHER-001")]
    text = "\n".join([head, *rows, ""])
    upload = {"file": ("watched.csv", text.encode(), "text/csv")}
    answer = town.http.post("/imports", data={"party": town.ids["core"]}, files=upload)
    assert len(answer.json()["imported"]) == 3, answer.text
    new = [a for a in alerts(town, rule="edited_number") if a["id"] not in before]
    assert [{a["facts"]["number"], a["facts"]["other"]} for a in new] == [{"WATCH-77A1", "WATCH-77B1"}]
    assert "987.65 CNY" in new[0]["why_zh"]


def test_filters(town: Town, circle: dict[str, Any]) -> None:
    every = alerts(town)
    assert [a["id"] for a in every] == sorted((a["id"] for a in every), reverse=True)
    assert alerts(town, severity="high") == [a for a in every if a["severity"] == "high"]
    assert alerts(town, open="true") == [a for a in every if a["acknowledged"] is None]
    assert town.http.get("/alerts", params={"rule": "x"}).status_code == 422


@pytest.mark.parametrize("who", ["core", "tier1", "bank", OPERATOR])
def test_alerts_are_for_who_sees_all(town: Town, be: Everybody, circle: dict[str, Any], who: str) -> None:
    assert be.get(who, "/alerts") == {"items": [], "next": None}
    for alert in (circle["id"], UNKNOWN):
        answer = be.ask(who, "POST", f"/alerts/{alert}/acknowledgement", json={"remark": "seen"})
        check_problem(answer, "unknown-alert", 404)
    assert be.get("auditor", "/alerts", limit=500) == town.get("/alerts", limit=500)


def test_an_alert_is_acknowledged_once_by_somebody(town: Town, be: Everybody, circle: dict[str, Any]) -> None:
    path = f"/alerts/{circle['id']}/acknowledgement"
    reader = person(be.party("auditor"), PersonRole.VIEWER)
    check_problem(be.ask(reader, "POST", path, json={}), "not-permitted", 403)
    check_problem(be.ask(key(be.party("auditor"), "read"), "POST", path, json={}), "not-permitted", 403)
    check_problem(be.ask("auditor", "POST", f"/alerts/{UNKNOWN}/acknowledgement", json={}), "unknown-alert", 404)
    first = be.ask("auditor", "POST", path, json={"remark": "a return of goods"})
    assert first.status_code == 200, first.text
    seen = first.json()["acknowledged"]
    assert (seen["party"], seen["person"], seen["remark"]) == (
        be.party("auditor"),
        f"{be.party('auditor'):032x}",
        "a return of goods",
    )
    again = town.http.post(path, json={"remark": "another word"})
    assert again.json()["acknowledged"] == seen
    assert circle["id"] not in {a["id"] for a in alerts(town, open="true")}
    assert circle["id"] in {a["id"] for a in alerts(town, open="false")}
    assert be.ask("auditor", "POST", path, json={"remark": "x" * 501}).status_code == 422


def test_the_command_tells_and_acknowledges(town: Town, circle: dict[str, Any]) -> None:
    settings = town.stack.settings
    environment = {"SCF_RPC_URL": settings.rpc_url, "SCF_DEMO_KEYS": "1", "SCF_ARTIFACTS": str(settings.artifacts)}

    def run(*arguments: str, **more: str) -> Any:
        return scf(settings.home, "watch", *arguments, **environment, **more)

    said = json.loads(run("--json", "--all").stdout)
    assert said == town.get("/alerts", limit=500)["items"]
    open_ = next(a for a in said if a["acknowledged"] is None)
    done = run("--acknowledge", str(open_["id"]), "--remark", "seen", "--json")
    assert done.returncode == 0, done.stderr
    (told,) = json.loads(done.stdout)
    assert told["acknowledged"]["remark"] == "seen"
    table = run(SCF_LANG="zh").stdout.splitlines()
    assert table[0].startswith("alert\t")
    assert str(open_["id"]) not in [line.split("\t")[0] for line in table[1:]]
    assert "[UnknownAlert]" in run("--acknowledge", "999999").stderr
