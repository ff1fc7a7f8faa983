"""Registration and notice through the API, and the order of article 768 that follows: as the contract gives it."""

from __future__ import annotations

import hashlib
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import delete

from api.domain.calendar import instant
from api.domain.operations import Contract
from api.store.app.database import Database
from api.store.app.tables import quotes
from tests.api.http.town import NO_HASH, Town


def reference(name: str) -> str:
    return "0x" + hashlib.sha256(name.encode()).hexdigest()


def sold(town: Town, note: dict[str, Any], financier: str, amount: int) -> dict[str, Any]:
    """A part of a note, bought under a reference of its own."""
    quote = town.quoted(note, financier, registry_reference=reference(f"{financier} {note['id']}"))
    town.do("/financings", town.deal(note, quote, amount))
    return town.note(town.get("/status")["totals"]["notes"])


def now(town: Town) -> int:
    return int(town.stack.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)


def entry(note: dict[str, Any], name: str, at: int, **more: str) -> dict[str, Any]:
    return {"note": note["id"], "registry_reference": reference(name), "registered_at": instant(at), **more}


def register(town: Town, *entries: dict[str, Any]) -> Any:
    return town.do("/registrations", {"party": town.ids["registrar"], "registrations": list(entries)})


def claims(town: Town, note: dict[str, Any]) -> list[dict[str, Any]]:
    return list(town.get(f"/receivables/{note['receivable']}/claims")["items"])


def check_agrees_with_the_contract(town: Town, items: list[dict[str, Any]]) -> None:
    """Two by two: 0 in proportion, 1 the first, 2 the second."""
    for a, b in permutations(items, 2):
        said = town.stack.view(Contract.ASSIGNMENTS, "precedence", a["note"], b["note"])
        assert said == (0 if a["place"] == b["place"] else 1 if a["place"] < b["place"] else 2)


def test_registration_then_notice_then_proportion(town: Town) -> None:
    """Three buyers of parts of one debt: none registered nor notified, then one notified, then two registered, then one of
    those corrected."""
    root = town.held(amount=9_000_00, due_in=90)
    middle = town.passed(root, "tier2", 4_000_00)
    a, b = sold(town, town.note(root["id"]), "bank", 1_000_00), sold(town, town.note(root["id"]), "factor", 1_000_00)
    c = sold(town, middle, "factor", 500_00)
    names = {a["id"]: f"bank {root['id']}", b["id"]: f"factor {root['id']}", c["id"]: f"factor {middle['id']}"}

    first = claims(town, root)
    assert [(i["note"], i["place"], i["equals"], i["basis"]) for i in first] == [
        (n["id"], 1, 2, "proportion") for n in (a, b, c)
    ]
    assert [i["registry_reference"] for i in first] == [reference(names[n["id"]]) for n in (a, b, c)]
    assert all(i["registered_at"] is i["registration"] is i["notice"] is None for i in first)
    assert [i["acquired"] for i in first] == [n["source"] for n in (a, b, c)]
    check_agrees_with_the_contract(town, first)

    town.do("/debtor-notices", {"party": town.ids["factor"], "notes": [c["id"]]})
    second = claims(town, root)
    assert [(i["note"], i["place"], i["basis"]) for i in second] == [
        (c["id"], 1, "notice"),
        (a["id"], 2, "proportion"),
        (b["id"], 2, "proportion"),
    ]
    assert second[0]["debtor_notified_at"] == second[0]["notice"]["time"]
    check_agrees_with_the_contract(town, second)

    moment = now(town)
    register(town, entry(a, names[a["id"]], moment - 50), entry(b, names[b["id"]], moment - 100))
    third = claims(town, root)
    assert [(i["note"], i["place"], i["basis"]) for i in third] == [
        (b["id"], 1, "registration"),
        (a["id"], 2, "registration"),
        (c["id"], 3, "notice"),
    ]
    assert [i["registered_at"] for i in third] == [instant(moment - 100), instant(moment - 50), None]
    sent = town.stack.rpc("eth_getTransactionReceipt", third[0]["registration"]["tx_hash"])
    assert int(sent["blockNumber"], 16) == third[0]["registration"]["block"]
    assert instant(moment - 100) in third[0]["reason"]
    assert "第768条" in third[0]["reason_zh"]
    check_agrees_with_the_contract(town, third)

    register(town, entry(b, names[b["id"]], moment - 50, replaces=instant(moment - 100)))
    fourth = claims(town, root)
    assert [(i["note"], i["place"], i["equals"]) for i in fourth] == [(a["id"], 1, 1), (b["id"], 1, 1), (c["id"], 3, 0)]
    check_agrees_with_the_contract(town, fourth)


@pytest.fixture(scope="module")
def bought(town: Town) -> dict[str, Any]:
    return sold(town, town.held(due_in=80), "bank", 2_000_00)


def body(town: Town, *entries: dict[str, Any], party: str = "registrar") -> dict[str, Any]:
    return {"party": town.ids[party], "registrations": list(entries)}


def test_what_the_register_does_not_take(town: Town, bought: dict[str, Any]) -> None:
    name, moment = f"bank {bought['parent']}", now(town)
    refused = [
        (entry(bought, "another deal", moment), "reference-of-other-deal", 422),
        (entry(bought, name, moment + 9_000), "registration-time-invalid", 422),
        (entry(bought, name, moment, replaces=instant(5)), "registration-replaced", 409),
        ({**entry(bought, name, moment), "note": bought["parent"]}, "not-bought-note", 409),
        ({**entry(bought, name, moment), "note": 999_999}, "unknown-note", 404),
    ]
    for one, rule, status in refused:
        town.refused("/registrations", body(town, one), rule, status)
    town.refused("/registrations", body(town, entry(bought, name, moment), party="bank"), "missing-role", 409)
    assert claims(town, bought)[0]["registered_at"] is None


@pytest.mark.parametrize("at", ["2025-07-01", "2025-13-01T00:00:00Z", "2025-07-01T02:00:00+08:00", 1_751_335_200, ""])
def test_instants_are_written_in_one_way(town: Town, bought: dict[str, Any], at: Any) -> None:
    one = {**entry(bought, "x", 0), "registered_at": at}
    problem = town.refused("/registrations", body(town, one), "request-invalid", 422)
    assert [(e["field"], e["rule"]) for e in problem["errors"]] == [
        ("body.registrations[0].registered_at", "instant-form")
    ]
    assert "2025-07-01T02:00:00Z" in problem["errors"][0]["message_zh"]


def test_the_same_key_registers_once(town: Town) -> None:
    note = sold(town, town.held(due_in=70), "bank", 1_000_00)
    said = body(town, entry(note, f"bank {note['parent']}", now(town)))
    key = f"registration-{note['id']}"
    made = [town.do("/registrations", said, **{"Idempotency-Key": key})["operations"][0]["id"] for _ in range(2)]
    assert made[0] == made[1]


def test_a_registration_is_not_undone_by_an_older_word(town: Town, bought: dict[str, Any]) -> None:
    name = f"bank {bought['parent']}"
    register(town, entry(bought, name, now(town) - 5))
    town.refused("/registrations", body(town, entry(bought, name, now(town))), "registration-replaced", 409)


def test_a_sale_whose_quote_was_made_elsewhere(town: Town) -> None:
    note = sold(town, town.held(due_in=85), "bank", 1_000_00)
    database = Database(town.stack.settings.app_db)
    database.write_now(lambda c: c.execute(delete(quotes).where(quotes.c.note == note["parent"])))
    database.close()
    one = entry(note, f"bank {note['parent']}", now(town))
    town.refused("/registrations", body(town, one), "deal-not-kept", 409)


def test_notice_is_the_assignees_or_the_debtors_and_once(town: Town) -> None:
    root = town.held(due_in=75)
    note = sold(town, root, "bank", 2_000_00)
    town.refused("/debtor-notices", {"party": town.ids["tier1"], "notes": [note["id"]]}, "not-assignee-nor-debtor", 403)
    town.refused("/debtor-notices", {"party": town.ids["tier1"], "notes": [root["id"]]}, "not-bought-note", 409)
    town.do("/debtor-notices", {"party": town.ids["core"], "notes": [note["id"]]})
    town.refused("/debtor-notices", {"party": town.ids["bank"], "notes": [note["id"]]}, "debtor-notified-already", 409)


def test_what_is_paid_is_no_claim_any_more(town: Town) -> None:
    note = sold(town, town.held(due_in=65), "bank", 2_000_00)
    assert [c["note"] for c in claims(town, note)] == [note["id"]]
    town.do("/repayments", {"party": town.ids["core"], "notes": [note["id"]]})
    assert claims(town, note) == []


def test_no_quote_without_a_reference_where_it_is_needed(town: Town) -> None:
    note = town.held(due_in=60)
    bid = {"note": note["id"], "rate_bps": 300, "max_amount": "100000", "registry_reference": NO_HASH}
    town.refused("/quotes", {"party": town.ids["bank"], "bids": [bid]}, "registry-reference-missing", 422)


def test_the_debtors_own_quote_needs_none(town: Town) -> None:
    """Early payment: what it buys is extinguished, and nobody has anything to register."""
    town.provide("core", "financing")
    note = town.held(due_in=60)
    quote = town.quoted(note, "core", registry_reference=NO_HASH)
    town.do("/financings", town.deal(note, quote))
    assert town.note(note["id"])["value"] == "0"
    assert claims(town, note) == []
