"""What confirming refuses, and what admission, credit lines and declaring overdue refuse with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.api.http.town import MONEY, Town, check_problem, credit_code


def confirming(town: Town, *items: int, debtor: str = "core", **more: Any) -> dict[str, Any]:
    return {"party": town.ids[debtor], "items": list(items), **more}


def test_over_the_line(town: Town) -> None:
    item = town.imported(debtor="other_core", amount=5_000_00, currency="GBP")
    town.credit_line("other_core", "GBP", 4_999_99)
    problem = town.refused("/receivables", confirming(town, item, debtor="other_core"), "over-line", 409)
    assert (problem["evidence"]["asked"], problem["evidence"]["available"]) == ("500000", "499999")
    town.credit_line("other_core", "GBP", 5_000_00)
    town.do("/receivables", confirming(town, item, debtor="other_core"))
    town.credit_line("other_core", "GBP", 0)
    town.refused(
        "/receivables",
        confirming(town, town.imported(debtor="other_core", currency="GBP"), debtor="other_core"),
        "over-line",
        409,
    )
    town.credit_line("other_core", "GBP", MONEY)


def test_tenor_over_policy(town: Town) -> None:
    problem = town.refused("/receivables", confirming(town, town.imported(due_in=380)), "tenor-over-policy", 422)
    assert problem["evidence"]["hardTenorDays"] == 365


def test_due_day_past(town: Town) -> None:
    problem = town.refused("/receivables", confirming(town, town.imported(due_in=-20)), "due-day-past", 422)
    assert problem["evidence"]["today"] == town.today().isoformat()


def test_claimed_already(town: Town) -> None:
    item = town.imported()
    town.do("/receivables", confirming(town, item))
    town.refused("/receivables", confirming(town, item), "already-claimed", 409)


def test_an_invoice_backs_several_debts_up_to_its_amount(town: Town) -> None:
    item = town.imported(amount=1_000_00)
    for amount, left in ((400_00, 600_00), (599_99, 1)):
        problem = town.refused(
            "/receivables",
            confirming(town, parts=[{"item": item, "amount": str(left + amount + 1)}]),
            "over-invoice",
            409,
        )
        assert (problem["evidence"]["asked"], problem["evidence"]["left"]) == (
            str(left + amount + 1),
            str(left + amount),
        )
        town.do("/receivables", confirming(town, parts=[{"item": item, "amount": str(amount)}]))
        root = town.note(town.get("/status")["totals"]["notes"])
        receivable = town.get(f"/receivables/{root['receivable']}")
        (backing,) = receivable["invoices"]
        assert receivable["face_value"] == backing["claimed"] == str(amount)
        assert (backing["amount"], backing["left"], backing["excess"]) == ("100000", str(left), "0")
    town.refused("/receivables", confirming(town, item), "already-claimed", 409)
    nothing = confirming(town, parts=[{"item": item, "amount": "0"}])
    town.refused("/receivables", nothing, "zero-amount", 422)
    twice = confirming(town, item, parts=[{"item": item, "amount": "1"}])
    town.refused("/receivables", twice, "request-invalid", 422)


def test_a_refused_roots_invoice_can_be_read_but_stays_claimed(town: Town) -> None:
    note = town.offered()
    town.do("/notes/refuse", {"party": note["holder"]["id"], "notes": [note["id"]]})
    assert town.get(f"/receivables/{note['receivable']}")["status"] == "cancelled"


@pytest.mark.parametrize("seller", ["bank", "auditor"])
def test_creditor_is_no_supplier(town: Town, seller: str) -> None:
    town.refused("/receivables", confirming(town, town.imported(seller=seller)), "missing-role", 409)


def test_creditor_is_suspended(town: Town) -> None:
    supplier = town.new_party("lapsed-supplier", "supplier")
    item = town.imported(seller="lapsed-supplier")
    town.do(f"/parties/{supplier}/suspend", {"party": 0, "reason_hash": "0x" + "01" * 32})
    town.refused("/receivables", confirming(town, item), "party-is-suspended", 409)


def test_debtor_is_suspended(town: Town) -> None:
    debtor = town.new_party("halted-core", "core_enterprise")
    town.credit_line("halted-core", "CNY", MONEY)
    item = town.imported(debtor="halted-core")
    town.do(f"/parties/{debtor}/suspend", {"party": 0, "reason_hash": "0x" + "01" * 32})
    town.refused("/receivables", confirming(town, item, debtor="halted-core"), "party-is-suspended", 409)


def test_debtor_is_no_core_enterprise(town: Town) -> None:
    item = town.imported(debtor="tier2", seller="tier1")
    town.refused("/receivables", confirming(town, item, debtor="tier2"), "missing-role", 409)


def test_debtor_is_the_creditor(town: Town) -> None:
    admission = town.admission("both", "supplier", roles=["core_enterprise", "supplier"])
    town.ids["both"] = town.do("/parties", {"party": 0, "parties": [admission]})["parties"][0]["party"]
    town.credit_line("both", "CNY", MONEY)
    item = town.imported(debtor="both", seller="both")
    town.refused("/receivables", confirming(town, item, debtor="both"), "creditor-is-debtor", 422)


def test_seller_is_not_admitted(town: Town) -> None:
    town.refused("/receivables", confirming(town, town.imported(seller="nobody")), "seller-not-admitted", 409)


def test_item_of_another_buyer_and_unknown_items(town: Town) -> None:
    item = town.imported(debtor="other_core")
    town.refused("/receivables", confirming(town, item), "item-of-other-buyer", 403)
    town.refused("/receivables", confirming(town, 10**9), "unknown-item", 404)
    town.refused("/receivables", confirming(town), "nothing-to-confirm", 422)


def test_currency_without_token(town: Town) -> None:
    town.refused("/receivables", confirming(town, town.imported(currency="CHF")), "currency-without-token", 422)


def test_zero_and_negative_totals_do_not_even_come_in(town: Town) -> None:
    text = f"doc_no,vendor,amount,issue_date,due_date,currency\nZ-1,tier1,0.00,{town.today()},{town.today()},CNY\n"
    answer = town.http.post(
        "/imports", data={"party": town.ids["core"]}, files={"file": ("z.csv", text.encode(), "text/csv")}
    ).json()
    assert (answer["imported"], [r["rule"] for r in answer["refused"]]) == ([], ["total-not-positive"])
    assert answer["refused"][0]["reason_zh"]


def test_skip_refused_confirms_the_rest_and_says_why(town: Town) -> None:
    good, late = town.imported(), town.imported(due_in=-20)
    answer = town.do("/receivables", confirming(town, good, late, skip_refused=True))
    assert [r["item"] for r in answer["refused"]] == [late]
    assert answer["refused"][0]["type"] == "/problems/due-day-past"
    problem = town.refused("/receivables", confirming(town, town.imported(), late), "due-day-past", 422)
    assert problem["evidence"]["item"] == late


def test_overdue_can_be_declared_once_after_grace_and_blocks_new_issues(town: Town) -> None:
    note = town.held(debtor="other_core", due_in=5)
    later = town.held(debtor="other_core", due_in=200)
    quote = town.quoted(later, valid_for_s=86_400 * 100)
    item = town.imported(debtor="other_core", due_in=100)
    path = f"/receivables/{note['receivable']}/declare-overdue"
    town.refused(path, {"party": 0}, "not-overdue", 409)
    town.pass_days(20)
    town.do(path, {"party": town.ids["tier1"]})
    town.refused(path, {"party": 0}, "already-declared", 409)
    town.refused("/receivables", confirming(town, item, debtor="other_core"), "debtor-overdue", 409)
    town.refused("/financings", town.deal(later, quote), "debtor-overdue", 409)
    town.provide("other_core", "repayment")
    answer = town.http.post(
        "/repayments", json={"party": town.ids["other_core"], "notes": [note["id"]], "max_total": note["value"]}
    )
    check_problem(answer, "total-exceeded", 422)
    before = town.cash("tier1")
    town.do("/repayments", {"party": town.ids["other_core"], "notes": [note["id"]]})
    assert town.cash("tier1") > before + int(note["value"])
    town.do("/receivables", confirming(town, item, debtor="other_core"))
    town.refused("/receivables/999999/declare-overdue", {"party": 0}, "unknown-receivable", 404)


# -- parties


def test_credit_code_admitted_before_renames_nobody(town: Town) -> None:
    again = town.admission("impostor", "supplier", credit_code=credit_code("tier1"))
    town.refused("/parties", {"party": 0, "parties": [again]}, "credit-code-already-admitted", 409)
    assert town.get(f"/parties/{town.ids['tier1']}")["name_en"] == "tier1 Ltd"


@pytest.mark.parametrize(
    ("changes", "rule", "status"),
    [
        ({"credit_code": "91990000MAHGY5HW10"}, "credit-code-invalid", 422),
        ({"name_zh": "", "name_en": " "}, "name-missing", 422),
        ({"roles": []}, "invalid-roles", 422),
        ({"identity_expiry": "2020-01-01"}, "identity-expired", 409),
        ({"identities": ["tier1"]}, "identity-invalid", 422),
        ({"identities": ["name:tier1"]}, "identity-taken", 409),
    ],
)
def test_admission_of_one_that_does_not_qualify(town: Town, changes: dict[str, Any], rule: str, status: int) -> None:
    admission = town.admission("candidate", "supplier", **changes)
    town.refused("/parties", {"party": 0, "parties": [admission]}, rule, status)


@pytest.mark.parametrize("which", ["settlement_account", "administrator"])
def test_account_that_serves_another_party(town: Town, which: str) -> None:
    taken = town.get(f"/parties/{town.ids['tier1']}")["settlement_account"]
    admission = town.admission("candidate", "supplier", **{which: taken})
    town.refused("/parties", {"party": 0, "parties": [admission]}, "account-bound-elsewhere", 409)


def test_suspending_and_reinstating_out_of_turn(town: Town) -> None:
    party = town.new_party("wavering", "supplier")
    reason = {"party": 0, "reason_hash": "0x" + "01" * 32}
    town.refused(f"/parties/{party}/reinstate", {"party": 0}, "party-not-suspended", 409)
    town.do(f"/parties/{party}/suspend", reason)
    assert town.get(f"/parties/{party}")["status"] == "suspended"
    town.refused(f"/parties/{party}/suspend", reason, "party-is-suspended", 409)
    town.do(f"/parties/{party}/reinstate", {"party": 0})
    town.refused("/parties/4000000000/suspend", reason, "unknown-party", 404)
    limit = {"party": 0, "currency": "CNY", "limit": "1"}
    town.refused("/parties/4000000000/credit-lines", limit, "unknown-party", 404, "PUT")


def test_expired_identity_starts_nothing(town: Town) -> None:
    expiry = (town.today() + timedelta(days=1)).isoformat()
    admission = town.admission("expiring", "supplier", identity_expiry=expiry)
    party = town.do("/parties", {"party": 0, "parties": [admission]})["parties"][0]["party"]
    note = town.offered(seller="expiring")
    town.pass_days(2)
    town.refused("/notes/accept", {"party": party, "notes": [note["id"]]}, "identity-expired", 409)


def test_an_admission_that_is_not_waited_for_is_learnt_all_the_same(town: Town) -> None:
    admission = town.admission("patient", "supplier")
    answer = town.http.post("/parties", json={"party": 0, "parties": [admission]})
    assert answer.status_code == 202
    assert answer.json()["parties"] == [{"credit_code": credit_code("patient"), "party": None}]
    hits = town.until(lambda: town.get("/search", q="patient")["results"], bool)
    assert [h["label_en"] for h in hits] == ["patient Ltd"]
