"""What accepting, refusing, withdrawing, lapsing and splitting refuse."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.http.town import NO_HASH, REGISTRY, TRADE, Town


@pytest.fixture
def offered(town: Town) -> dict[str, Any]:
    """A root note of tier1 that nobody answers."""
    return town.offered(due_in=300)


@pytest.fixture(scope="module")
def held(town: Town) -> dict[str, Any]:
    """A root note that tier1 holds."""
    return town.held(due_in=300)


def answering(town: Town, party: str, *notes: dict[str, Any]) -> dict[str, Any]:
    return {"party": town.ids[party], "notes": [n["id"] for n in notes]}


@pytest.mark.parametrize("act", ["accept", "refuse"])
def test_only_the_receiver_answers_an_offer(town: Town, offered: dict[str, Any], act: str) -> None:
    for party in ("tier2", "core", "bank"):
        problem = town.refused(f"/notes/{act}", answering(town, party, offered), "not-holder", 403)
        assert problem["evidence"]["caller"] == town.ids[party]


def test_only_the_offeror_withdraws(town: Town, offered: dict[str, Any]) -> None:
    for party in ("tier1", "other_core"):
        town.refused("/notes/withdraw", answering(town, party, offered), "not-offeror", 403)


@pytest.mark.parametrize(("act", "party"), [("accept", "tier1"), ("refuse", "tier1"), ("withdraw", "core")])
def test_only_an_offer_is_answered(town: Town, held: dict[str, Any], act: str, party: str) -> None:
    problem = town.refused(f"/notes/{act}", answering(town, party, held), "not-offered", 409)
    assert problem["evidence"]["status"] == "held"


@pytest.mark.parametrize("act", ["accept", "refuse", "withdraw", "lapse"])
def test_nothing_and_notes_that_are_not_there(town: Town, act: str) -> None:
    town.refused(f"/notes/{act}", {"party": town.ids["tier1"], "notes": []}, "request-invalid", 422)
    town.refused(f"/notes/{act}", {"party": town.ids["tier1"], "notes": [999_999]}, "unknown-note", 404)
    town.refused(f"/notes/{act}", {"party": 4_000_000_000, "notes": [1]}, "unknown-party", 404)


def test_a_batch_is_all_or_nothing(town: Town, held: dict[str, Any]) -> None:
    fresh = town.offered()
    town.refused("/notes/accept", answering(town, "tier1", fresh, held), "not-offered", 409)
    assert town.note(fresh["id"])["status"] == "offered"


def test_a_suspended_receiver_accepts_nothing(town: Town) -> None:
    supplier = town.new_party("halted", "supplier")
    note = town.offered(seller="halted")
    town.do(f"/parties/{supplier}/suspend", {"party": 0, "reason_hash": "0x" + "01" * 32})
    town.refused("/notes/accept", answering(town, "halted", note), "party-is-suspended", 409)


def test_withdrawn_and_refused_offers_go_back(town: Town) -> None:
    root = town.held()
    town.do("/notes/split", town.split_body(root, "tier2", 4_000_00))
    child = town.note(town.get("/status")["totals"]["notes"])
    assert town.note(root["id"])["value"] == "600000"
    town.do("/notes/withdraw", answering(town, "tier1", child))
    assert town.note(child["id"])["status"] == "withdrawn"
    assert town.note(root["id"])["value"] == "1000000"
    town.refused("/notes/accept", answering(town, "tier2", child), "not-offered", 409)


def test_offers_lapse_when_their_time_is_over(town: Town) -> None:
    note = town.offered(due_in=200)
    town.refused("/notes/lapse", {"party": 0, "notes": [note["id"]]}, "offer-not-lapsed", 409)
    town.pass_days(31)
    assert town.note(note["id"])["status"] == "lapsable"
    town.refused("/notes/accept", answering(town, "tier1", note), "offer-lapsed", 409)
    town.do("/notes/lapse", {"party": town.ids["tier5"], "notes": [note["id"]]})
    assert town.note(note["id"])["status"] == "lapsed"
    town.refused("/notes/lapse", {"party": 0, "notes": [note["id"]]}, "not-offered", 409)


def test_consent_accepts_at_once_within_its_limits(town: Town) -> None:
    consent = {
        "party": town.ids["tier2"],
        "offeror": town.ids["tier1"],
        "currency": "GBP",
        "amount": "300000",
        "latest_due_date": "2060-01-01",
        "expiry_date": "2060-01-01",
    }
    town.do("/consents", consent, "PUT")
    root = town.held(currency="GBP")
    town.do("/notes/split", town.split_body(root, "tier2", 3_000_00))
    assert town.note(town.get("/status")["totals"]["notes"])["status"] == "held"
    town.do("/notes/split", town.split_body(root, "tier2", 3_000_00))
    assert town.note(town.get("/status")["totals"]["notes"])["status"] == "offered"
    town.refused("/consents", {**consent, "currency": "CHF"}, "currency-without-token", 422, "PUT")


# -- splitting


def test_tier_limit(town: Town) -> None:
    note = town.held()
    for receiver in ("tier2", "tier3", "tier4"):
        note = town.passed(note, receiver)
    problem = town.refused("/notes/split", town.split_body(note, "tier5"), "tier-limit-reached", 409)
    assert (problem["evidence"]["tier"], problem["evidence"]["tierLimit"]) == (4, 4)


@pytest.mark.parametrize(
    ("changes", "rule", "status"),
    [
        ({"amount": 10_000_01}, "value-exceeded", 422),
        ({"amount": 0}, "zero-amount", 422),
        ({"amount": 99}, "below-minimum", 422),
        ({"amount": 10_000_00 - 99}, "below-minimum", 422),
        ({"to": "tier1"}, "self-transfer", 422),
        ({"to": "bank"}, "missing-role", 409),
        ({"to": "auditor"}, "missing-role", 409),
        ({"trade": NO_HASH}, "trade-hash-missing", 422),
    ],
)
def test_what_a_split_must_not_be(
    town: Town, held: dict[str, Any], changes: dict[str, Any], rule: str, status: int
) -> None:
    town.refused("/notes/split", town.split_body(held, **{"to": "tier2", **changes}), rule, status)


def test_the_sum_of_portions_counts(town: Town, held: dict[str, Any]) -> None:
    body = town.split_body(held, "tier2", 6_000_00)
    body["splits"][0]["portions"] += [{"to": town.ids["tier3"], "amount": "400001", "trade_hash": TRADE}]
    town.refused("/notes/split", body, "value-exceeded", 422)


def test_only_the_holder_splits_and_only_what_it_accepted(
    town: Town, held: dict[str, Any], offered: dict[str, Any]
) -> None:
    body = town.split_body(held, "tier3")
    town.refused("/notes/split", {**body, "party": town.ids["tier2"]}, "not-holder", 403)
    problem = town.refused("/notes/split", town.split_body(offered, "tier2"), "not-held", 409)
    assert problem["evidence"]["status"] == "offered"


def test_a_suspended_receiver_gets_nothing(town: Town, held: dict[str, Any]) -> None:
    supplier = town.new_party("stopped", "supplier")
    town.do(f"/parties/{supplier}/suspend", {"party": 0, "reason_hash": "0x" + "01" * 32})
    town.refused("/notes/split", town.split_body(held, "stopped"), "party-is-suspended", 409)


def test_a_note_bought_through_financing_is_not_split(town: Town) -> None:
    note = town.held()
    town.do("/financings", town.deal(note, town.quoted(note, "bank", registry_reference=REGISTRY)))
    bought = town.note(town.get("/status")["totals"]["notes"])
    assert bought["financed"]
    town.refused("/notes/split", town.split_body(bought, "tier2"), "financed-note", 409)


def test_from_the_due_day_on_nothing_moves(town: Town) -> None:
    note = town.held(due_in=3)
    quote = town.quoted(note, valid_for_s=86_400 * 30)
    town.pass_days(8)
    town.refused("/notes/split", town.split_body(note, "tier2"), "not-before-due-day", 409)
    town.refused("/financings", town.deal(note, quote), "not-before-due-day", 409)


def test_the_least_amount_is_told_before_the_rule_tells_it(town: Town) -> None:
    note = town.held()
    least = int(town.get(f"/receivables/{note['receivable']}")["min_child_value"])
    problem = town.refused("/notes/split", town.split_body(note, "tier2", least - 1), "below-minimum", 422)
    assert int(problem["evidence"]["minimum"]) == least
    town.do("/notes/split", town.split_body(note, "tier2", least))
