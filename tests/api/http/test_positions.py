"""Positions over HTTP and from the command line: at each moment what the listings said then, and for nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from api.schemas.positions import Position
from tests.api.http.everybody import OPERATOR, Everybody, everybody
from tests.api.http.town import Town, check_problem
from tests.e2e.program import scf


@pytest.fixture(scope="module")
def be(town: Town) -> Iterator[Everybody]:
    with everybody(town) as be:
        yield be


def block(town: Town) -> int:
    return int(town.get("/status")["index"]["block"])


def held(town: Town, party: str) -> dict[int, str]:
    notes = town.get("/notes", holder=town.ids[party], limit=500)["items"]
    return {n["id"]: n["value"] for n in notes if n["value"] != "0"}


def told(position: dict[str, Any]) -> dict[int, str]:
    return {n["note"]: n["value"] for n in position["notes"]}


def test_a_position_is_what_was_so_then(town: Town) -> None:
    party = f"/parties/{town.ids['tier2']}/position"
    root = town.held(amount=50_000_00, due_in=120)
    seen: dict[int, dict[int, str]] = {block(town): held(town, "tier2")}
    child = town.passed(root, "tier2", 20_000_00)
    seen[block(town)] = held(town, "tier2")
    town.do("/financings", town.deal(child, town.quoted(child), 5_000_00))
    seen[block(town)] = held(town, "tier2")
    assert len({tuple(sorted(one.items())) for one in seen.values()}) == 3
    for number, notes in seen.items():
        position = town.get(party, block=number)
        Position.model_validate(position)
        assert position["moment"]["block"] == number
        assert told(position) == notes
    now = town.get(party)
    assert told(now) == held(town, "tier2")
    (cash,) = [c for c in now["cash"] if c["kind"] == "finance"]
    legs = [leg for n in town.get("/notes", holder=town.ids["tier2"], limit=500)["items"] for leg in n["cash"]]
    sold = [int(leg["amount"]) for leg in legs if leg["kind"] == "finance" and leg["payee"]["id"] == town.ids["tier2"]]
    assert int(cash["received"]) == sum(sold)
    for sums in now["sums"]:
        notes_in = [n for n in now["notes"] if n["currency"] == sums["currency"]]
        assert int(sums["held"]) == sum(int(n["value"]) for n in notes_in)
    today = town.get("/status")["today"]
    assert {**town.get(party, date=today), "moment": None} == {**now, "moment": None}


def test_blocks_that_change_nothing_of_a_party_send_no_position_again(town: Town) -> None:
    path, seen = f"/parties/{town.ids['tier2']}/position", block(town)
    first = town.http.get(path)
    known = {"If-None-Match": first.headers["etag"]}
    town.held()  # a note of tier 1
    assert block(town) > seen
    again = town.http.get(path, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    child = town.passed(town.held(amount=50_000_00), "tier2", 20_000_00)
    answer = town.http.get(path, headers=known)
    assert answer.status_code == 200
    assert child["id"] in told(answer.json())


def test_moments_that_there_are_not(town: Town) -> None:
    party = f"/parties/{town.ids['core']}/position"
    for query, rule, status in (
        ({"block": block(town) + 1_000}, "unknown-block", 404),
        ({"date": str(date.fromisoformat(town.get("/status")["today"]) + timedelta(2))}, "unknown-day", 404),
        ({"date": "2001-01-01"}, "unknown-day", 404),
        ({"date": "2025-01-01", "block": 1}, "moment-ambiguous", 422),
    ):
        check_problem(town.http.get(party, params=query), rule, status)
    check_problem(town.http.get("/parties/999999/position"), "unknown-party", 404)


@pytest.mark.parametrize("who", ["core", "tier2", "bank", "auditor", OPERATOR])
def test_a_position_is_ones_own_and_an_auditors_to_see(town: Town, be: Everybody, who: str) -> None:
    town.held()
    past = block(town) - 1
    for other, number in town.ids.items():
        for query in ({}, {"block": past}):
            answer = be.ask(who, "GET", f"/parties/{number}/position", params=query)
            if who in (other, "auditor"):
                assert answer.json() == town.get(f"/parties/{number}/position", **query)
            else:
                check_problem(answer, "unknown-party", 404)
    if who == "auditor":
        looked = [r["target"] for r in be.all_of(OPERATOR, "/audit/reads", limit=50)]
        assert f"/parties/{town.ids['core']}/position?block={past}" in looked


def test_the_command_says_the_same(town: Town) -> None:
    town.held()
    settings = town.stack.settings
    environment = {"SCF_RPC_URL": settings.rpc_url, "SCF_DEMO_KEYS": "1", "SCF_ARTIFACTS": str(settings.artifacts)}
    number = town.ids["core"]

    def position(*options: str, **more: str) -> Any:
        return scf(settings.home, "position", str(number), *options, **environment, **more)

    past = block(town) - 1
    said = position("--json", "--block", str(past))
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout) == town.get(f"/parties/{number}/position", block=past)
    today = town.get("/status")["today"]
    table = position("--date", today).stdout.splitlines()
    assert table[0].split("\t")[:3] == ["currency", "notes", "debts"]
    owed = int(town.get(f"/parties/{number}/position")["sums"][0]["owed"])
    assert table[1].split("\t")[table[0].split("\t").index("owed")] == f"{owed // 100:,}.{owed % 100:02}"
    assert "[UnknownDay]" in position("--date", "2001-01-01").stderr
    assert "查询库" in position("--block", "99999999", SCF_LANG="zh").stderr
