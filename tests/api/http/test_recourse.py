"""Recourse over HTTP: a financier demands of its seller what an overdue note is short of, and the seller pays it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.http.everybody import Everybody, everybody
from tests.api.http.town import Town, check_problem
from tests.api.http.wallet import sign_typed_data

GRACE_DAYS = 5
HOLIDAYS = 15
"""Days by which a due date may have moved, and one more."""


@pytest.fixture(scope="module")
def be(town: Town) -> Iterator[Everybody]:
    with everybody(town) as be:
        yield be


def of(answer: dict[str, Any], note: int) -> list[dict[str, Any]]:
    return [one for one in answer["items"] if one["note"] == note]


def relayed(town: Town, act: str, who: str, request: dict[str, Any]) -> dict[str, Any]:
    """An act whose account signs it outside, without gas; its operation."""
    account = town.get(f"/parties/{town.ids[who]}")["settlement_account"]
    asking = {"act": act, "account": account, "request": {"party": town.ids[who], **request}}
    (drafted,) = town.do("/operations/requests", asking)["requests"]
    signature = sign_typed_data(town.stack.signer.accounts().index(account), drafted["typed_data"])
    one = {"call": drafted["call"], "message": drafted["typed_data"]["message"], "signature": signature}
    return dict(town.do("/operations/relayed", {"relayed": [one]})["operations"][0])


def test_from_the_sale_to_the_sellers_payment(be: Everybody) -> None:
    """By the keys of both: the demand as a request that is relayed, and so the payment. Prices are between the two."""
    town = be.town
    bank, seller = town.ids["bank"], town.new_party("answerer", "supplier")
    note = town.held(seller="answerer", debtor="other_core", amount=5_000_00, due_in=3)
    town.do("/financings", town.deal(note, town.quoted(note, "bank", recourse=True, rate_bps=360)))
    sold = town.get("/status")["totals"]["notes"]
    (told,) = of(be.get("bank", "/recourse"), sold)
    assert (told["seller"]["id"], told["financier"]["id"], told["amount"]) == (seller, bank, "500000")
    assert (told["status"], told["claim"], told["demanded_date"]) == ("standing", None, None)
    for who in ("answerer", "auditor"):
        assert of(be.get(who, "/recourse", limit=500), sold) == [told]
    for who in ("tier1", "factor", "other_core", "operator"):
        assert of(be.get(who, "/recourse", limit=500), sold) == []

    demand = {"party": bank, "notes": [sold]}
    payment = {"party": seller, "note": sold}
    town.refused("/recourse/demands", demand, "not-declared-overdue", 409)
    town.refused("/recourse/payments", payment, "not-demanded", 409)
    town.pass_days(3 + GRACE_DAYS + HOLIDAYS)
    town.do(f"/receivables/{note['receivable']}/declare-overdue", {"party": bank})
    claims = [of(be.get(who, "/recourse"), sold)[0] for who in ("bank", "answerer")]
    assert [(c["status"], c["claim"] is None) for c in claims] == [("claimable", False), ("claimable", True)]
    for who, rule, status in (("answerer", "not-holder", 403), ("tier1", "unknown-note", 404)):
        answer = be.ask(who, "POST", "/recourse/demands", json={**demand, "party": be.party(who)})
        check_problem(answer, rule, status)

    operation = relayed(town, "demand_recourse", "bank", {"notes": [sold]})
    assert (operation["kind"], operation["party"]) == ("demand_recourse", bank)
    town.refused("/recourse/demands", demand, "already-demanded", 409)
    (owed,) = of(be.get("answerer", "/recourse"), sold)
    assert (owed["status"], owed["demanded_date"]) == ("demanded", town.today().isoformat())
    assert int(told["price"]) < int(owed["claim"]) <= 500_000 + 5_000

    check_problem(
        be.ask("tier1", "POST", "/recourse/payments", json={**payment, "party": be.party("tier1")}), "unknown-note", 404
    )
    check_problem(be.ask("bank", "POST", "/recourse/payments", json={**payment, "party": bank}), "not-seller", 409)
    town.refused("/recourse/payments", {**payment, "max_total": "1"}, "total-exceeded", 422)
    town.do("/deposits", {"party": 0, "to": seller, "currency": "CNY", "amount": owed["claim"]})
    leave = {"party": seller, "desk": "recourse", "currency": "CNY", "amount": owed["claim"]}
    town.do("/deposits/approvals", leave)
    before = town.cash("bank")
    operation = relayed(town, "honour_recourse", "answerer", {"note": sold})
    assert (operation["kind"], town.cash("bank") - before) == ("honour_recourse", int(owed["claim"]))
    back = town.note(town.get("/status")["totals"]["notes"])
    assert (back["origin"], back["holder"]["id"], back["parent"]) == ("recourse", seller, sold)
    assert of(be.get("bank", "/recourse", limit=500), sold) == []
    # It is paid for its debtor in the end, which may issue again.
    town.do("/repayments", {"party": town.ids["core"], "notes": [back["id"]]})
    assert town.get(f"/receivables/{note['receivable']}")["status"] == "settled"
