"""The permission matrix of the API, walked on a running network: everybody, every endpoint, everybody's objects. What is
answered is what a reader who sees all gets, cut to exactly the fields that the matrix shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from api.domain import access
from api.domain.access import CLAIM, CLAIM_FIELDS, DIRECTORY, ENDPOINTS, NOTE, RECEIVABLE, Fields, Need, Relation
from api.domain.principal import PersonRole
from api.guard import IMPORT_PATHS
from api.routers import deps
from tests.api.http.everybody import (
    DEBT,
    LINEAGE,
    MATURED,
    OPERATOR,
    RELATIONS,
    Everybody,
    Story,
    everybody,
    key,
    person,
    tell,
)
from tests.api.http.town import NO_HASH, REGISTRY, Town, check_problem

AUDITOR = "auditor"
UNKNOWN = 999_999
FIRST = [(who, name) for who in RELATIONS for name in ("root", "middle", "leaf", "offer", "sold")]
SECOND = [(who, name) for who in MATURED for name in ("root", "early", "late")]


@pytest.fixture(scope="module")
def be(town: Town) -> Iterator[Everybody]:
    with everybody(town) as be:
        yield be


@pytest.fixture(scope="module")
def story(town: Town, be: Everybody) -> Story:
    return tell(town, be)


def cut(whole: dict[str, Any], fields: Fields) -> dict[str, Any]:
    """Without cash, which is cut leg by leg."""
    return {name: value if name in fields else None for name, value in whole.items() if name != "cash"}


def uncash(note: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in note.items() if name != "cash"}


# -- notes


def check_note(be: Everybody, who: str, note: int, relations: set[Relation]) -> None:
    fields = access.shown(NOTE, relations)
    answer = be.ask(who, "GET", f"/notes/{note}")
    if not fields:
        check_problem(answer, "unknown-note", 404)
        return
    assert answer.status_code == 200, answer.text
    assert uncash(answer.json()) == cut(be.town.note(note), fields)


@pytest.mark.parametrize(("who", "name"), FIRST)
def test_a_note_shows_what_the_relation_shows(be: Everybody, story: Story, who: str, name: str) -> None:
    check_note(be, who, story.notes[name], RELATIONS[who].get(name, set()))


@pytest.mark.parametrize(("who", "name"), SECOND)
def test_once_due_the_debtor_sees_whom_it_pays(be: Everybody, story: Story, who: str, name: str) -> None:
    check_note(be, who, story.matured_notes[name], MATURED[who].get(name, set()))


@pytest.mark.parametrize("who", RELATIONS)
def test_listings_hold_what_is_seen_and_page_as_if_there_were_no_more(be: Everybody, story: Story, who: str) -> None:
    seen = sorted(story.notes[name] for name in RELATIONS[who])
    items = be.all_of(who, "/notes", receivable=story.receivable)
    assert [n["id"] for n in items] == seen
    for item in items:
        assert item == be.get(who, f"/notes/{item['id']}")


@pytest.mark.parametrize("who", RELATIONS)
@pytest.mark.parametrize("status", ["held", "offered", "repaid"])
def test_a_filter_tells_no_status_that_is_not_shown(be: Everybody, story: Story, who: str, status: str) -> None:
    for receivable in (story.receivable, story.matured):
        every = {n["id"]: n for n in be.all_of(who, "/notes", receivable=receivable)}
        wanted = [i for i, note in every.items() if note["status"] == status]
        found = be.all_of(who, "/notes", limit=1, receivable=receivable, status=status)
        assert [n["id"] for n in found] == wanted


@pytest.mark.parametrize("who", RELATIONS)
def test_a_search_by_number_finds_what_is_seen(be: Everybody, story: Story, who: str) -> None:
    for name, note in story.notes.items():
        hits = {(h["kind"], h["id"]) for h in be.get(who, "/search", q=str(note))["results"]}
        assert (("note", note) in hits) == (name in RELATIONS[who]), name
        assert ("receivable", note) not in hits or be.ask(who, "GET", f"/receivables/{note}").status_code == 200


@pytest.mark.parametrize(("who", "name"), FIRST)
def test_a_trace_holds_what_is_seen(be: Everybody, story: Story, who: str, name: str) -> None:
    note = story.notes[name]
    answer = be.ask(who, "GET", f"/notes/{note}/trace")
    if name not in RELATIONS[who]:
        check_problem(answer, "unknown-note", 404)
        return
    trace = answer.json()
    whole = be.town.get(f"/notes/{note}/trace")
    nodes = {n["id"]: n for n in whole["nodes"]}
    funded = LINEAGE.get(who, {}).get(name, set())
    for other, number in story.notes.items():
        relations = set(RELATIONS[who].get(other, set()))
        if other in funded and number in whole["path"]:
            relations |= {Relation.LINEAGE}
        shown = [uncash(n) for n in trace["nodes"] if n["id"] == number]
        fields = access.shown(NOTE, relations)
        assert shown == ([cut(nodes[number], fields)] if fields and number in nodes else [])
    assert {n["id"] for n in trace["nodes"]} <= set(story.notes.values())
    assert trace["path"] == [i for i in whole["path"] if any(n["id"] == i for n in trace["nodes"])]
    assert trace["receivable"] == be.get(who, f"/receivables/{story.receivable}")
    if funded:
        assert {n["id"] for n in trace["nodes"]} == {story.notes[n] for n in funded}


@pytest.mark.parametrize("who", [*RELATIONS, OPERATOR, AUDITOR])
def test_a_dossier_is_for_who_sees_all(be: Everybody, story: Story, who: str) -> None:
    for note in (story.notes["leaf"], UNKNOWN):
        answer = be.ask(who, "GET", f"/notes/{note}/dossier")
        if who == AUDITOR and note != UNKNOWN:
            assert (answer.status_code, answer.json()["note"]) == (200, note)
        else:
            check_problem(answer, "unknown-note", 404)


# -- receivables and cash


@pytest.mark.parametrize("who", DEBT)
def test_a_receivable_shows_what_the_relation_shows(be: Everybody, story: Story, who: str) -> None:
    fields = access.shown(RECEIVABLE, DEBT[who])
    answer = be.ask(who, "GET", f"/receivables/{story.receivable}")
    listed = [r for r in be.all_of(who, "/receivables", limit=3) if r["id"] == story.receivable]
    if not fields:
        check_problem(answer, "unknown-receivable", 404)
        assert listed == []
        return
    whole = be.town.get(f"/receivables/{story.receivable}")
    assert answer.json() == cut(whole, fields)
    assert listed == [answer.json()]


@pytest.mark.parametrize(
    ("who", "legs"),
    [
        ("core", []),
        ("tier1", []),
        ("tier2", ["finance"]),
        ("bank", ["finance"]),
        ("tier3", []),
        ("factor", []),
        ("tier5", None),
        ("other_core", None),
    ],
)
def test_cash_is_seen_at_its_ends(be: Everybody, story: Story, who: str, legs: list[str] | None) -> None:
    answer = be.ask(who, "GET", f"/receivables/{story.receivable}/fund-flow")
    if legs is None:
        check_problem(answer, "unknown-receivable", 404)
        return
    flow = answer.json()
    whole = be.town.get(f"/receivables/{story.receivable}/fund-flow")
    assert flow["legs"] == [leg for leg in whole["legs"] if legs]
    assert flow["totals"] == [total for total in whole["totals"] if legs]
    assert flow["receivable"] == be.get(who, f"/receivables/{story.receivable}")
    cash = [leg["kind"] for n in be.all_of(who, "/notes", receivable=story.receivable) for leg in n["cash"]]
    assert set(cash) == set(legs)


@pytest.mark.parametrize(("who", "sees"), [("core", True), ("tier2", True), ("tier1", False), ("tier3", False)])
def test_a_repayment_is_seen_by_debtor_and_payee(be: Everybody, story: Story, who: str, sees: bool) -> None:
    flow = be.get(who, f"/receivables/{story.matured}/fund-flow")
    assert [leg["note"] for leg in flow["legs"]] == ([story.matured_notes["early"]] if sees else [])


# -- the operator and the auditor


def test_the_operator_sees_debts_and_no_holders(be: Everybody, story: Story) -> None:
    notes = be.all_of(OPERATOR, "/notes", receivable=story.receivable)
    assert [n["id"] for n in notes] == sorted(story.notes.values())
    for note in notes:
        assert note == {**cut(be.town.note(note["id"]), NOTE[Relation.OPERATOR]), "cash": []}
    whole = be.town.get(f"/receivables/{story.receivable}")
    assert be.get(OPERATOR, f"/receivables/{story.receivable}") == whole
    assert be.get(OPERATOR, f"/receivables/{story.receivable}/fund-flow")["legs"] == []
    assert be.get(OPERATOR, f"/receivables/{story.matured}/fund-flow")["totals"] == []
    assert be.get(OPERATOR, "/notes", holder=be.party("tier2"))["items"] == []
    assert be.get(OPERATOR, "/quotes", note=story.notes["middle"])["items"] == []
    assert be.get(OPERATOR, "/imports/items")["items"] == []
    assert {o["party"] for o in be.all_of(OPERATOR, "/operations", limit=50)} == {0}
    trace = be.get(OPERATOR, f"/notes/{story.notes['sold']}/trace")
    assert all(n["holder"] is None and n["value"] is None for n in trace["nodes"])
    assert be.get(OPERATOR, "/status")["totals"] == be.town.get("/status")["totals"]
    check_problem(be.ask(OPERATOR, "GET", f"/parties/{be.party('core')}/deposits"), "unknown-party", 404)


AUDITED = [
    "/status",
    "/search?q=1",
    "/parties",
    "/parties/{core}",
    "/parties/{core}/deposits",
    "/parties/{core}/position",
    "/paths?from={core}&to={core}",
    "/reports/core-enterprise?party={core}",
    "/receivables?limit=500",
    "/receivables/{receivable}",
    "/receivables/{receivable}/fund-flow",
    "/receivables/{receivable}/claims",
    "/quote-requests",
    "/recourse",
    "/network/policy",
    "/network/changes",
    "/freezes",
    "/reassignments",
    "/key-changes",
    "/notes?limit=500",
    "/notes/{leaf}",
    "/notes/{leaf}/trace",
    "/quotes?note={middle}",
    "/quotes?limit=500",
    "/operations?limit=20",
    "/imports/items",
]


def test_the_auditor_sees_all_and_each_look_is_on_record(be: Everybody, story: Story) -> None:
    ids = {"core": be.party("core"), "receivable": story.receivable, **story.notes}
    auditor = person(be.party(AUDITOR), PersonRole.VIEWER)
    asked = []
    for template in AUDITED:
        path = template.format(**ids)
        answer = be.ask(auditor, "GET", path)
        assert answer.status_code == 200, answer.text
        if path != "/status":
            assert answer.json() == be.town.http.get(path).json(), path
        asked.append((path, answer.headers["x-request-id"]))
    missing = be.ask(auditor, "GET", f"/notes/{UNKNOWN}")
    asked.append((f"/notes/{UNKNOWN}", missing.headers["x-request-id"]))
    records = be.all_of(OPERATOR, "/audit/reads", limit=4)
    ours = [r for r in records if r["request_id"] in {i for _, i in asked}]
    assert [(r["target"], r["request_id"]) for r in ours[::-1]] == asked
    assert {(r["party"], r["person"], r["means"], r["method"]) for r in ours} == {
        (auditor.party, auditor.person, "session", "GET")
    }
    for who in ("core", "bank", "tier5"):
        assert be.get(who, "/audit/reads")["items"] == []


def test_a_suspended_auditor_is_a_stranger(be: Everybody, story: Story) -> None:
    auditor = be.party(AUDITOR)
    be.town.do(f"/parties/{auditor}/suspend", {"party": 0, "reason_hash": "0x" + "11" * 32})
    try:
        check_problem(be.ask(AUDITOR, "GET", f"/notes/{story.notes['leaf']}"), "unknown-note", 404)
        assert be.get(AUDITOR, "/notes")["items"] == []
    finally:
        be.town.do(f"/parties/{auditor}/reinstate", {"party": 0})
    assert be.ask(AUDITOR, "GET", f"/notes/{story.notes['leaf']}").status_code == 200


# -- parties, figures, operations, imports, quotes


@pytest.mark.parametrize("who", ["core", "tier2", "bank", "registrar"])
def test_members_see_the_directory(be: Everybody, story: Story, who: str) -> None:
    for other, number in be.town.ids.items():
        whole = be.town.get(f"/parties/{number}")
        assert be.get(who, f"/parties/{number}") == (whole if other == who else cut(whole, DIRECTORY))
        deposits = be.ask(who, "GET", f"/parties/{number}/deposits")
        if other == who:
            assert deposits.json() == be.town.get(f"/parties/{number}/deposits")
        else:
            check_problem(deposits, "unknown-party", 404)
    listed = be.all_of(who, "/parties", limit=5)
    assert [p["id"] for p in listed if p["accounts"] is not None] == [be.party(who)]
    status = be.get(who, "/status")
    assert (status["totals"], status["featured_note"]) == (None, None)


@pytest.mark.parametrize("who", ["core", "tier1", "tier2", "bank", "tier5"])
def test_operations_are_ones_own(be: Everybody, story: Story, who: str) -> None:
    every = be.all_of(AUDITOR, "/operations", limit=500)
    own = be.all_of(who, "/operations", limit=7)
    assert [o["id"] for o in own] == [o["id"] for o in every if o["party"] == be.party(who)]
    for operation in every[:40]:
        answer = be.ask(who, "GET", f"/operations/{operation['id']}")
        if operation["party"] == be.party(who):
            assert answer.json() == operation
        else:
            check_problem(answer, "unknown-operation", 404)


def test_jobs_are_ones_own_and_anothers_item_is_unknown_to_them(be: Everybody, story: Story) -> None:
    body = {"party": be.party("other_core"), "rows": [{"item": story.item}]}
    job = be.ask("other_core", "POST", "/jobs/confirmations", json=body).json()["id"]
    ended = be.town.until(lambda: be.get("other_core", f"/jobs/{job}"), lambda j: j["status"] == "done", timeout=60)
    assert (ended["status"], ended["refused"]) == ("done", 1)
    (row,) = be.all_of("other_core", f"/jobs/{job}/rows")
    assert (row["error"]["type"], row["error"]["evidence"]) == ("/problems/unknown-item", {"item": story.item})
    listed = be.all_of("other_core", "/jobs")
    assert (listed[0]["id"], {j["party"] for j in listed}) == (job, {be.party("other_core")})
    for who in ("core", "tier1", OPERATOR):
        assert job not in {j["id"] for j in be.all_of(who, "/jobs")}
        for path in (f"/jobs/{job}", f"/jobs/{job}/rows"):
            check_problem(be.ask(who, "GET", path), "unknown-job", 404)
    assert be.get(AUDITOR, f"/jobs/{job}") == ended


def test_imported_invoices_are_their_buyers(be: Everybody, story: Story) -> None:
    core, other = be.party("core"), be.party("other_core")
    assert story.item in {i["id"] for i in be.all_of("core", "/imports/items", limit=500)}
    assert {i["buyer"] for i in be.all_of("other_core", "/imports/items", limit=500)} == {other}
    assert be.get("other_core", "/imports/items", buyer=core)["items"] == []
    assert be.get("tier1", "/imports/items")["items"] == []
    for who in ("other_core", "tier1", OPERATOR):
        assert be.get(who, "/imports/plan", buyer=core)["items"] == []
    body = {"party": other, "items": [story.item]}
    missing = check_problem(be.ask("other_core", "POST", "/receivables", json=body), "unknown-item", 404)
    assert missing["evidence"] == {"item": story.item}


def test_an_invoice_of_anothers_is_refused_without_a_word_of_it(be: Everybody, story: Story) -> None:
    text = "doc_no,vendor,amount,issue_date,due_date,currency\nTAKEN-1,tier1,10.00,2025-06-01,2027-06-01,CNY\n"
    upload = {"file": ("ledger.csv", text.encode(), "text/csv")}
    first = be.ask("core", "POST", "/imports", data={"party": be.party("core")}, files=upload).json()
    again = be.ask("core", "POST", "/imports", data={"party": be.party("core")}, files=upload).json()
    assert again["known"] == first["imported"]
    answer = be.ask("other_core", "POST", "/imports", data={"party": be.party("other_core")}, files=upload)
    assert answer.json()["known"] == answer.json()["imported"] == []
    (refusal,) = answer.json()["refused"]
    assert (refusal["rule"], refusal["params"]) == ("invoice-taken", {})


@pytest.mark.parametrize(
    ("who", "sees"),
    [("tier2", {"factor"}), ("factor", {"factor"}), ("bank", set()), (AUDITOR, {"factor"}), ("tier3", set())],
)
def test_quotes_are_sealed(be: Everybody, story: Story, who: str, sees: set[str]) -> None:
    """The bank's own was taken as far as it goes for the value that is left; the factor's stands."""
    be.town.quoted(be.town.note(story.notes["middle"]), "bank", rate_bps=450)
    items = be.get(who, "/quotes", note=story.notes["middle"])["items"]
    by = {q["financier"]["id"] for q in items}
    expected = {be.party("bank"), be.party("factor")} if "factor" in sees and who != "factor" else set()
    if who in ("bank", "factor"):
        expected = {be.party(who)}
    assert by == expected


def test_quotes_of_all_notes_are_ones_own(be: Everybody, story: Story) -> None:
    """Those for one's notes and those that one made: nobody else's, and to a financier no more than what it said itself."""
    be.town.quoted(be.town.note(story.notes["middle"]), "bank", rate_bps=455, max_amount="7777777")
    everything = be.town.get("/quotes", limit=500)["items"]
    for who in ("tier2", "bank", "factor", "tier5", "core", OPERATOR, AUDITOR):
        party = be.party(who) if who != OPERATOR else None
        mine = [q for q in everything if who == AUDITOR or party in (q["seller"]["id"], q["financier"]["id"])]
        seen = be.get(who, "/quotes", limit=500)["items"]
        assert {q["id"] for q in seen} == {q["id"] for q in mine}, who
        for quote in seen:
            if quote["financier"]["id"] == party:
                assert int(quote["amount"]) <= int(quote["max_amount"])
            else:
                assert int(quote["amount"]) <= int(be.town.note(quote["note"])["value"])
    (own,) = [q for q in be.get("bank", "/quotes", limit=500)["items"] if q["max_amount"] == "7777777"]
    assert own["amount"] == "7777777"


@pytest.mark.parametrize("who", ["core", "tier5", "other_core", "tier1"])
def test_quotes_of_a_note_that_is_not_ones_own(be: Everybody, story: Story, who: str) -> None:
    answer = be.ask(who, "GET", f"/quotes?note={story.notes['middle']}")
    if who == "tier1":
        assert answer.json()["items"] == []
    else:
        check_problem(answer, "unknown-note", 404)


# -- acts


READ_ONLY = [endpoint for endpoint, e in ENDPOINTS.items() if e.need in (Need.ACT, Need.OPERATE)]


@pytest.mark.parametrize(("method", "path"), READ_ONLY)
def test_who_only_reads_does_not_act(be: Everybody, story: Story, method: str, path: str) -> None:
    before = be.town.stack.fact()
    core = be.party("core")
    for principal in (person(core, PersonRole.VIEWER), key(core, "read"), key(core, "admin")):
        body: dict[str, Any] = {"files": {"file": b""}} if path in IMPORT_PATHS else {"json": {}}
        answer = be.ask(principal, method, path.replace("{id}", "1"), **body)
        check_problem(answer, "not-permitted", 403)
    assert be.town.stack.fact() == before


@pytest.mark.parametrize(("method", "path"), [e for e, rule in ENDPOINTS.items() if rule.need is Need.OPERATE])
@pytest.mark.parametrize("who", ["core", "bank", "tier1", AUDITOR, "registrar"])
def test_only_the_operator_runs_the_network(be: Everybody, story: Story, method: str, path: str, who: str) -> None:
    before = be.town.stack.fact()
    answer = be.ask(who, method, path.replace("{id}", str(be.party("tier5"))), json={"party": 0})
    check_problem(answer, "not-permitted", 403)
    assert be.town.stack.fact() == before


def test_a_key_acts_by_its_scope(be: Everybody, story: Story) -> None:
    tier2 = be.party("tier2")
    check_problem(be.ask(key(tier2, "write"), "GET", "/notes"), "not-permitted", 403)
    check_problem(be.ask(key(tier2), "GET", "/status"), "not-permitted", 403)
    assert be.ask(key(tier2, "read"), "GET", "/notes").status_code == 200
    body = {"party": tier2, "note": story.notes["middle"]}
    assert be.ask(key(tier2, "write"), "POST", "/quote-requests", json=body).status_code == 201


def acts(be: Everybody, party: int, note: int, receivable: int, quote: str, item: int) -> dict[str, tuple[str, Any]]:
    """Every act of a party, naming these objects: endpoint → (path, body)."""
    deal = {"quote": quote, "amount": "100", "min_price": "1"}
    portion = {"to": be.party("tier5"), "amount": "100", "trade_hash": "0x" + "22" * 32}
    return {
        "POST /receivables": ("/receivables", {"party": party, "items": [item]}),
        "POST /receivables/{id}/declare-overdue": (f"/receivables/{receivable}/declare-overdue", {"party": party}),
        "POST /notes/{id}/certificates": (f"/notes/{note}/certificates", {"party": party}),
        "POST /notes/accept": ("/notes/accept", {"party": party, "notes": [note]}),
        "POST /notes/refuse": ("/notes/refuse", {"party": party, "notes": [note]}),
        "POST /notes/withdraw": ("/notes/withdraw", {"party": party, "notes": [note]}),
        "POST /notes/lapse": ("/notes/lapse", {"party": party, "notes": [note]}),
        "POST /notes/split": ("/notes/split", {"party": party, "splits": [{"note": note, "portions": [portion]}]}),
        **{
            f"POST /notes/{act}": (f"/notes/{act}", {"party": party, "notes": [note], "order_hash": REGISTRY})
            for act in ("freeze", "release")
        },
        **{
            f"POST /parties/{{id}}/{act}": (f"/parties/{party}/{act}", None)
            for act in ("recovery/veto", "settlement-change/veto", "settlement-change/finish")
        },
        "POST /reassignments": (
            "/reassignments",
            {"party": party, "note": note, "to": be.party("tier5"), "amount": "1", "order_hash": REGISTRY},
        ),
        "POST /reassignments/execute": ("/reassignments/execute", {"party": party, "reassignment": note}),
        "POST /reassignments/cancel": (
            "/reassignments/cancel",
            {"party": party, "reassignment": note, "order_hash": REGISTRY},
        ),
        "POST /quote-requests": ("/quote-requests", {"party": party, "note": note}),
        "DELETE /quote-requests/{id}": (f"/quote-requests/{note}?party={party}", None),
        "POST /registrations": (
            "/registrations",
            {
                "party": party,
                "registrations": [
                    {"note": note, "registry_reference": "0x" + "33" * 32, "registered_at": "2025-07-01T02:00:00Z"}
                ],
            },
        ),
        "POST /debtor-notices": ("/debtor-notices", {"party": party, "notes": [note]}),
        "POST /quotes": (
            "/quotes",
            {
                "party": party,
                "bids": [{"note": note, "rate_bps": 1, "max_amount": "100", "registry_reference": NO_HASH}],
            },
        ),
        "DELETE /quotes/{id}": (f"/quotes/{quote}?party={party}", None),
        "POST /financings": ("/financings", {"party": party, "deals": [deal]}),
        "POST /repayments": ("/repayments", {"party": party, "notes": [note]}),
        "POST /repayments of receivables": ("/repayments", {"party": party, "receivables": [receivable]}),
        "POST /recourse/demands": ("/recourse/demands", {"party": party, "notes": [note]}),
        "POST /recourse/payments": ("/recourse/payments", {"party": party, "note": note}),
        "PUT /consents": (
            "/consents",
            {
                "party": party,
                "offeror": be.party("tier1"),
                "currency": "CNY",
                "amount": "0",
                "latest_due_date": "2030-01-01",
                "expiry_date": "2030-01-01",
            },
        ),
        "POST /webhooks": ("/webhooks", {"party": party, "url": "https://example.com/hook"}),
        "POST /deposits/approvals": (
            "/deposits/approvals",
            {"party": party, "desk": "financing", "currency": "CNY", "amount": "0"},
        ),
        "POST /jobs/confirmations": ("/jobs/confirmations", {"party": party, "rows": [{"item": item}]}),
        "POST /approvals": ("/approvals", {"act": "confirm", "request": {"party": party, "items": [item]}}),
        "POST /approvals/thresholds": (
            "/approvals/thresholds",
            {"party": party, "thresholds": [{"kind": "finance", "currency": "CNY", "amount": "1"}]},
        ),
    }


WITHOUT_OBJECT = {
    "PUT /consents",
    "POST /deposits/approvals",
    "POST /webhooks",
    "POST /notes/freeze",  # names what nobody need have seen: who is no arbiter is refused before it is looked at
    "POST /notes/release",
    "POST /reassignments",
    "POST /parties/{id}/recovery/veto",  # name the party itself
    "POST /parties/{id}/settlement-change/veto",
    "POST /parties/{id}/settlement-change/finish",
    "POST /approvals/thresholds",
    "POST /jobs/confirmations",  # names items row by row: each ends by itself, tried below
}
IN_ONES_OWN_NAME = {f"{m} {p}" for (m, p), e in ENDPOINTS.items() if e.need is Need.ACT} - {
    "POST /imports",  # forms, tried below
    "POST /imports/checks",
    "POST /operations/unsigned",  # carry the others, tried below
    "POST /operations/signed",
    "POST /operations/requests",
    "POST /operations/relayed",
    "DELETE /webhooks/{id}",  # names no party, tried below
    "POST /approvals/{id}/signatures",  # the same
    "POST /approvals/{id}/refuse",
    "POST /approvals/{id}/withdraw",
    "POST /alerts/{id}/acknowledgement",  # the same, tried with the alerts
}


def test_every_act_is_tried(be: Everybody, story: Story) -> None:
    tried = {name.removesuffix(" of receivables") for name in acts(be, 1, 1, 1, "0" * 32, 1)}
    assert tried == IN_ONES_OWN_NAME


def test_nobody_acts_in_anothers_name(be: Everybody, story: Story) -> None:
    before = be.town.stack.fact()
    tier2 = be.party("tier2")
    quote, note = story.quotes["factor"], story.notes["middle"]
    for who in ("tier1", "tier5", "factor", AUDITOR, OPERATOR):
        for name, (path, body) in acts(be, tier2, note, story.receivable, quote, story.item).items():
            answer = be.ask(who, name.split(" ")[0], path, json=body)
            problem = check_problem(answer, "not-your-party", 403)
            assert problem["evidence"] == {"party": tier2, "yours": be.party(who)}, name
        upload = {"file": ("ledger.csv", b"doc_no\n", "text/csv")}
        for path in IMPORT_PATHS:
            answer = be.ask(who, "POST", path, data={"party": tier2}, files=upload)
            check_problem(answer, "not-your-party", 403)
    assert be.town.stack.fact() == before


@pytest.mark.parametrize("who", ["tier5", "other_core", "factor"])
def test_a_strangers_object_is_not_there_for_an_act(be: Everybody, story: Story, who: str) -> None:
    """The answer is that for an id that nothing has."""
    before = be.town.stack.fact()
    party, debt = be.party(who), story.matured
    theirs = acts(be, party, story.matured_notes["late"], debt, story.quotes["bank"], story.item)
    nobodys = acts(be, party, UNKNOWN, UNKNOWN, "0" * 32, UNKNOWN)
    for name in theirs.keys() - WITHOUT_OBJECT:
        method = name.split(" ")[0]
        answers = [be.ask(who, method, one[name][0], json=one[name][1]) for one in (theirs, nobodys)]
        told, blank = (a.json() for a in answers)
        assert answers[0].status_code == answers[1].status_code == 404, (name, told)
        assert told["type"] == blank["type"], name
        assert told["evidence"].keys() == blank["evidence"].keys(), name
    assert be.town.stack.fact() == before


@pytest.mark.parametrize("step", ["unsigned", "requests"])
@pytest.mark.parametrize("act", ["accept", "refuse", "withdraw", "split", "finance", "repay", "confirm"])
def test_nor_for_an_act_that_is_signed_outside(be: Everybody, story: Story, act: str, step: str) -> None:
    party = be.party("tier5")
    account = be.town.get(f"/parties/{party}")["settlement_account"]
    theirs = acts(be, party, story.matured_notes["late"], story.matured, story.quotes["bank"], story.item)
    endpoint = {"finance": "POST /financings", "repay": "POST /repayments", "confirm": "POST /receivables"}
    body = theirs[endpoint.get(act, f"POST /notes/{act}")][1]
    answer = be.ask("tier5", "POST", f"/operations/{step}", json={"act": act, "account": account, "request": body})
    assert answer.status_code == 404, answer.text
    other = {**body, "party": be.party("tier3")}
    answer = be.ask("tier5", "POST", f"/operations/{step}", json={"act": act, "account": account, "request": other})
    check_problem(answer, "not-your-party", 403)


def test_nor_for_a_call_that_comes_signed(be: Everybody, story: Story) -> None:
    """Also one's own transaction is not sent on where it names what one does not see, nor that of another party."""

    def send(who: str, signer: str, contract: str, function: str, *args: Any) -> Any:
        account = be.town.get(f"/parties/{be.party(signer)}")["settlement_account"]
        call = {"contract": contract, "function": function, "args": list(args), "account": account, "at": None}
        sent = be.ask(who, "POST", "/operations/signed", json={"signed": [{"call": call, "raw": "0x02"}]})
        message = {
            "from": account,
            "to": account,
            "value": "0",
            "gas": "1",
            "nonce": "0",
            "deadline": "1",
            "data": "0x00",
        }
        request = {"call": call, "message": message, "signature": "0x" + "00" * 65}
        relayed = be.ask(who, "POST", "/operations/relayed", json={"relayed": [request]})
        if sent.status_code != 422:
            assert {**relayed.json(), "request_id": ""} == {**sent.json(), "request_id": ""}
        return sent

    late, debt = str(story.matured_notes["late"]), str(story.matured)
    for function in ("accept", "refuse", "withdraw", "lapse"):
        check_problem(send("tier5", "tier5", "ReceivableNotes", function, [late]), "unknown-note", 404)
    check_problem(send("tier5", "tier5", "ReceivableNotes", "split", [{"note": late}]), "unknown-note", 404)
    check_problem(send("tier5", "tier5", "FinancingDesk", "finance", [{"quote": {"note": late}}]), "unknown-note", 404)
    check_problem(send("tier5", "tier5", "RepaymentDesk", "repay", [late], "0x", "1"), "unknown-note", 404)
    check_problem(send("tier5", "tier5", "RepaymentDesk", "declareOverdue", debt), "unknown-receivable", 404)
    for function in ("executeReassignment", "cancelReassignment"):
        check_problem(send("tier5", "tier5", "OrderDesk", function, "1"), "unknown-reassignment", 404)
    check_problem(send("tier5", "tier3", "ReceivableNotes", "accept", [late]), "not-your-party", 403)
    for odd in (["x"], {}, None, [1 << 70], ["1", {}]):
        check_problem(send("tier5", "tier5", "ReceivableNotes", "accept", odd), "signed-transaction-invalid", 422)
    held = send("tier3", "tier3", "ReceivableNotes", "accept", [late])
    check_problem(held, "signed-transaction-invalid", 422)


def test_a_debtor_pays_what_it_cannot_see_yet(be: Everybody, story: Story) -> None:
    """The leaf is in a debt of the core's that is not due: nobody but its debtor may name it unseen."""
    leaf, core = story.notes["leaf"], be.party("core")
    check_problem(be.ask("core", "GET", f"/notes/{leaf}"), "unknown-note", 404)
    pay = {"party": core, "notes": [leaf], "max_total": "1"}
    check_problem(be.ask("core", "POST", "/repayments", json=pay), "total-exceeded", 422)
    accept = {"party": core, "notes": [leaf]}
    check_problem(be.ask("core", "POST", "/notes/accept", json=accept), "unknown-note", 404)
    whole = {"party": be.party("tier1"), "receivables": [story.receivable], "max_total": "1"}
    check_problem(be.ask("tier1", "POST", "/repayments", json=whole), "unknown-receivable", 404)


def test_quoting_opens_no_eyes(be: Everybody, story: Story) -> None:
    """Nobody quotes unasked: not a financier, and not somebody who sees a part of the note for another reason."""
    bid = {"rate_bps": 1, "max_amount": "100", "registry_reference": "0x" + "33" * 32}
    for who, name in (("factor", "root"), ("bank", "root"), ("bank", "sold"), ("tier3", "middle")):
        body = {"party": be.party(who), "bids": [{"note": story.notes[name], **bid}]}
        check_problem(be.ask(who, "POST", "/quotes", json=body), "unknown-note", 404)
    early = {"party": be.party("core"), "bids": [{"note": story.notes["root"], **bid}]}
    before = be.get("core", f"/notes/{story.notes['root']}")
    assert be.ask("core", "POST", "/quotes", json=early).status_code == 201
    assert be.get("core", f"/notes/{story.notes['root']}") == before
    much = {"party": be.party("core"), "bids": [{"note": story.notes["root"], **bid, "max_amount": "9999999999"}]}
    assert be.ask("core", "POST", "/quotes", json=much).status_code == 201
    own = be.get("core", "/quotes", note=story.notes["root"])["items"]
    assert [q["amount"] for q in own] == ["9999999999", "100"]


def test_a_request_taken_back_closes_eyes_and_keeps_quotes(be: Everybody, story: Story) -> None:
    note = be.town.held(seller="tier5", debtor="other_core")
    request = {"party": be.party("tier5"), "note": note["id"], "financiers": [be.party("factor")]}
    assert be.ask("tier5", "POST", "/quote-requests", json=request).status_code == 201
    quote = be.town.quoted(note, "factor")
    for who in ("tier5", "factor", AUDITOR):
        assert [r["note"] for r in be.get(who, "/quote-requests", note=note["id"])["items"]] == [note["id"]]
    for who in ("bank", "other_core", OPERATOR):
        assert be.get(who, "/quote-requests", note=note["id"])["items"] == []
    mine = be.all_of("factor", "/quote-requests", limit=1)
    assert [r["note"] for r in mine] == sorted(r["note"] for r in mine)
    assert {(r["financier"] or {"id": be.party("factor")})["id"] for r in mine} == {be.party("factor")}

    taken_back = be.ask("tier5", "DELETE", f"/quote-requests/{note['id']}?party={be.party('tier5')}")
    assert taken_back.status_code == 200
    check_problem(be.ask("factor", "GET", f"/notes/{note['id']}"), "unknown-note", 404)
    bid = {"note": note["id"], "rate_bps": 1, "max_amount": "100", "registry_reference": "0x" + "33" * 32}
    body = {"party": be.party("factor"), "bids": [bid]}
    check_problem(be.ask("factor", "POST", "/quotes", json=body), "unknown-note", 404)
    check_problem(be.ask("bank", "GET", f"/quotes?note={note['id']}"), "unknown-note", 404)
    assert [q["id"] for q in be.get("tier5", "/quotes", note=note["id"])["items"]] == [quote]
    (own,) = be.get("factor", "/quotes", note=note["id"])["items"]
    assert (own["id"], own["amount"]) == (quote, note["value"])
    ended = be.ask("factor", "DELETE", f"/quotes/{quote}?party={be.party('factor')}")
    assert ended.status_code == 200, ended.text


def test_a_registrar_names_sold_notes_by_the_registrys_reference(be: Everybody, story: Story) -> None:
    registrar, sold = be.party("registrar"), story.notes["sold"]

    def ask(who: str, note: int, reference: str) -> Any:
        one = {"note": note, "registry_reference": reference, "registered_at": "2025-07-01T02:00:00Z"}
        return be.ask(who, "POST", "/registrations", json={"party": be.party(who), "registrations": [one]})

    before = be.town.stack.fact()
    check_problem(be.ask("registrar", "GET", f"/notes/{sold}"), "unknown-note", 404)
    for who, note, reference in (
        ("registrar", sold, "0x" + "33" * 32),
        ("registrar", story.notes["middle"], REGISTRY),
        ("registrar", UNKNOWN, REGISTRY),
        ("bank", sold, REGISTRY),
        ("tier5", sold, REGISTRY),
    ):
        problem = check_problem(ask(who, note, reference), "unknown-note", 404)
        assert problem["evidence"] == {"note": note}
    assert be.town.stack.fact() == before
    answer = ask("registrar", sold, REGISTRY)
    assert answer.status_code == 200, answer.text
    assert answer.json()["operations"][0]["party"] == registrar


CLAIMANTS: dict[str, set[Relation]] = {
    "core": set(),
    "tier1": set(),
    "tier2": {Relation.OFFEROR},
    "tier3": set(),
    "bank": {Relation.HOLDER},
    "factor": set(),
    OPERATOR: {Relation.OPERATOR},
    AUDITOR: set(Relation),
}
"""How each stands to the note that the bank bought."""


def test_who_took_a_part_of_a_debt_is_seen_by_those_it_concerns(be: Everybody, story: Story) -> None:
    path = f"/receivables/{story.receivable}/claims"

    def check(claimants: dict[str, set[Relation]]) -> None:
        (whole,) = be.town.get(path)["items"]
        assert whole["note"] == story.notes["sold"]
        for who, relations in claimants.items():
            fields = CLAIM_FIELDS if who == AUDITOR else access.shown(CLAIM, relations)
            assert be.get(who, path)["items"] == ([cut(whole, fields)] if fields else []), who

    check(CLAIMANTS)
    told = {"party": be.party("bank"), "notes": [story.notes["sold"]]}
    for who in ("tier5", "other_core", "registrar"):
        check_problem(be.ask(who, "GET", path), "unknown-receivable", 404)
    assert be.ask("bank", "POST", "/debtor-notices", json=told).status_code == 200
    check(CLAIMANTS | {"core": {Relation.NOTIFIED}})
    check_problem(be.ask("core", "GET", f"/notes/{story.notes['sold']}"), "unknown-note", 404)


def test_whom_a_holder_may_ask(be: Everybody, story: Story) -> None:
    tier2, tier1 = be.party("tier2"), be.party("tier1")
    unheld = {"party": tier2, "note": story.notes["root"]}
    check_problem(be.ask("tier2", "POST", "/quote-requests", json=unheld), "unknown-note", 404)
    supplier = {"party": tier2, "note": story.notes["middle"], "financiers": [tier1]}
    check_problem(be.ask("tier2", "POST", "/quote-requests", json=supplier), "missing-role", 409)
    nobody = {"party": tier2, "note": story.notes["middle"], "financiers": [UNKNOWN]}
    check_problem(be.ask("tier2", "POST", "/quote-requests", json=nobody), "unknown-party", 404)
    offered = {"party": be.party("tier4"), "note": story.notes["offer"]}
    check_problem(be.ask("tier4", "POST", "/quote-requests", json=offered), "not-held", 409)
    note = be.town.held(seller="tier5", debtor="other_core")
    everybody_asked = {"party": be.party("tier5"), "note": note["id"]}
    check_problem(be.ask("factor", "GET", f"/notes/{note['id']}"), "unknown-note", 404)
    assert be.ask("tier5", "POST", "/quote-requests", json=everybody_asked).status_code == 201
    for who in ("factor", "bank"):
        assert be.get(who, f"/notes/{note['id']}") == {**note, "cash": []}
        assert note["id"] in {n["id"] for n in be.all_of(who, "/notes", limit=100)}
    check_problem(be.ask("tier4", "GET", f"/notes/{note['id']}"), "unknown-note", 404)


def test_idempotency_keys_are_ones_own(be: Everybody, story: Story) -> None:
    headers = {"Idempotency-Key": "the-same-key-of-two"}
    made = []
    for who in ("tier1", "tier2", "tier1"):
        body = {"party": be.party(who), "desk": "financing", "currency": "CNY", "amount": "7"}
        made.append(be.ask(who, "POST", "/deposits/approvals", json=body, headers=headers))
    first, second, again = (m.json()["operations"][0] for m in made)
    assert (first["id"], first["party"]) == (again["id"], be.party("tier1"))
    assert (second["id"] != first["id"], second["party"]) == (True, be.party("tier2"))


def test_webhooks_and_events_are_ones_own(be: Everybody, story: Story) -> None:
    tier1 = be.party("tier1")
    made = be.ask("tier1", "POST", "/webhooks", json={"party": tier1, "url": "https://example.com/hook"}).json()
    path = f"/webhooks/{made['id']}"
    for who in ("tier2", "core", AUDITOR, OPERATOR):
        assert made["id"] not in {w["id"] for w in be.get(who, "/webhooks")["items"]}
        for method, address in (("GET", path), ("DELETE", path), ("GET", f"{path}/deliveries")):
            check_problem(be.ask(who, method, address), "unknown-webhook", 404)
    assert be.get("tier1", path)["url"] == "https://example.com/hook"
    assert be.ask("tier1", "DELETE", path).status_code == 204
    for who, seen in (("tier1", {tier1}), ("tier2", {be.party("tier2")}), (OPERATOR, {0})):
        told = be.ask(who, "GET", "/operations/events", params={"after": "0", "seconds": "1"}).text
        events = [json.loads(line.removeprefix("data: ")) for line in told.splitlines() if line.startswith("data: ")]
        assert {e["data"]["party"] for e in events} == seen


def test_approvals_are_ones_own(be: Everybody, story: Story) -> None:
    core = be.party("core")
    asked = be.ask(
        "core", "POST", "/approvals", json={"act": "confirm", "request": {"party": core, "items": [story.item]}}
    )
    assert asked.status_code == 201, asked.text
    path = f"/approvals/{asked.json()['id']}"
    sign = {"by": "code", "part": "maker", "code": "123456"}
    for who in ("tier1", "tier5", OPERATOR):
        assert asked.json()["id"] not in {a["id"] for a in be.all_of(who, "/approvals")}
        for address in (path, f"{path}/rows"):
            check_problem(be.ask(who, "GET", address), "unknown-approval", 404)
    stranger = person(be.party("tier5"), *PersonRole)
    for step, body in (("signatures", sign), ("refuse", None), ("withdraw", None)):
        for principal in (stranger, person(be.party(AUDITOR))):
            answer = be.ask(principal, "POST", f"{path}/{step}", json=body)
            check_problem(answer, "not-signed-in-as-person", 403)
    assert asked.json()["id"] in {a["id"] for a in be.all_of("core", "/approvals")}
    assert be.get(AUDITOR, path) == asked.json()
    assert be.get(AUDITOR, f"{path}/rows") == {"items": [], "next": None}
    assert asked.json()["id"] in {a["id"] for a in be.all_of(AUDITOR, "/approvals")}


def test_thresholds_are_ones_own(be: Everybody, story: Story) -> None:
    for who in ("core", "tier1", AUDITOR, OPERATOR):
        assert be.get(who, "/approvals/thresholds") == {"thresholds": []}


def test_open_endpoints_do_not_ask_who(be: Everybody, story: Story) -> None:
    for (method, path), endpoint in ENDPOINTS.items():
        if endpoint.need is Need.OPEN:
            assert be.ask(person(UNKNOWN), method, path).status_code in (200, 422)


def test_what_the_matrix_does_not_know_is_refused(be: Everybody, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    rest = {endpoint: e for endpoint, e in ENDPOINTS.items() if endpoint != ("GET", "/notes")}
    monkeypatch.setattr(deps, "ENDPOINTS", rest)
    check_problem(be.ask("tier1", "GET", "/notes"), "not-permitted", 403)
