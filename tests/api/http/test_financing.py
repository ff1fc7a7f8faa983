"""What quoting, financing and repaying refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import anyio
import pytest

from api.domain.operations import Contract
from api.domain.records import Quote
from api.domain.typed_data import quote as typed_quote
from api.services.acts import ACT, ADMINISTER
from api.services.financing import quote_struct
from api.store.app.database import Database
from api.store.app.quotes import StoredQuotes
from tests.api.http.town import NO_HASH, Town, check_problem


@pytest.fixture(scope="module")
def held(town: Town) -> dict[str, Any]:
    """A note that tier1 holds and does not sell."""
    return town.held(due_in=300)


def test_quotes_are_for_notes_that_somebody_holds(town: Town) -> None:
    offered = town.offered()
    bid = {"note": offered["id"], "rate_bps": 300, "max_amount": "100"}
    town.refused("/quotes", {"party": town.ids["bank"], "bids": [bid]}, "not-held", 409)
    town.refused("/quotes", {"party": town.ids["bank"], "bids": [{**bid, "note": 999_999}]}, "unknown-note", 404)
    town.refused("/quotes", {"party": 4_000_000_000, "bids": [bid]}, "unknown-party", 404)


def test_quote_expired(town: Town, held: dict[str, Any]) -> None:
    quote = town.quoted(held, valid_for_s=60)
    head = town.stack.rpc("eth_getBlockByNumber", "latest", False)
    town.pass_to(int(head["timestamp"], 16) + 100)
    town.refused("/financings", town.deal(held, quote), "quote-expired", 409)
    assert quote not in [q["id"] for q in town.get("/quotes", note=held["id"])["items"]]


def test_quote_cancelled(town: Town, held: dict[str, Any]) -> None:
    quote = town.quoted(held)
    path = f"/quotes/{quote}?party={{}}"
    town.refused(path.format(town.ids["factor"]), None, "unknown-quote", 404, "DELETE")
    answer = town.http.delete(path.format(town.ids["bank"]), headers={"Prefer": "wait=30"})
    assert answer.status_code == 200, answer.text
    town.refused("/financings", town.deal(held, quote), "quote-is-cancelled", 409)


def test_quote_used_up(town: Town) -> None:
    note = town.held()
    quote = town.quoted(note, max_amount="600000")
    town.do("/financings", town.deal(note, quote, 4_000_00))
    problem = town.refused("/financings", town.deal(note, quote, 2_000_01), "quote-used-up", 409)
    assert problem["evidence"]["available"] == "200000"
    (left,) = town.get("/quotes", note=note["id"])["items"]
    assert left["amount"] == "200000"


def test_live_quotes_of_all_notes_page_by_note_and_rank_within_each(town: Town) -> None:
    first, second = town.held(), town.held()
    gone = town.quoted(first, rate_bps=100, valid_for_s=60)
    for note in (second, first):
        for financier, rate in (("bank", 900), ("factor", 300)):
            town.quoted(note, financier, rate_bps=rate)
    town.pass_to(int(town.stack.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16) + 61)
    page = town.get("/quotes", cursor=str(first["id"] - 1), limit=1)
    assert [(q["note"], q["rate_bps"]) for q in page["items"]] == [(first["id"], 300), (first["id"], 900)]
    assert gone not in [q["id"] for q in page["items"]]
    assert page["items"] == town.get("/quotes", note=first["id"])["items"]
    rest = town.get("/quotes", cursor=page["next"], limit=1)
    assert [(q["note"], q["rate_bps"]) for q in rest["items"]] == [(second["id"], 300), (second["id"], 900)]
    for query, rule in (({"amount": "5"}, "request-invalid"), ({"cursor": "x"}, "cursor-invalid")):
        check_problem(town.http.get("/quotes", params=query), rule, 422)


def test_old_epoch(town: Town, held: dict[str, Any]) -> None:
    party = town.new_party("short-lived bank", "financier")
    town.provide("short-lived bank", "financing")
    quote = town.quoted(held, "short-lived bank")
    town.do(f"/parties/{party}/suspend", {"party": 0, "reason_hash": "0x" + "01" * 32})
    town.refused("/financings", town.deal(held, quote), "party-is-suspended", 409)
    town.do(f"/parties/{party}/reinstate", {"party": 0})
    town.refused("/financings", town.deal(held, quote), "quote-epoch-over", 409)
    assert quote not in [q["id"] for q in town.get("/quotes", note=held["id"])["items"]]


def test_signer_without_the_quote_right_now(town: Town, held: dict[str, Any]) -> None:
    """The financier's administrator takes the right away with a transaction of its own, past the API. That raises the
    epoch too; a quote under the new epoch, signed without the right, is what is left to refuse."""
    party = town.new_party("strict bank", "financier")
    town.provide("strict bank", "financing")
    account = town.get(f"/parties/{party}")["settlement_account"]
    good = town.quoted(held, "strict bank")
    town.stack.send(account, Contract.REGISTRY, "setRights", account, ACT | ADMINISTER, bytes(32))
    town.refused("/financings", town.deal(held, good), "missing-right", 403)
    body = {"party": party, "bids": [{"note": held["id"], "rate_bps": 300, "max_amount": "100"}]}
    town.until(lambda: town.get(f"/parties/{party}")["quote_epoch"], bool)
    town.refused("/quotes", body, "no-signing-account", 403)


def test_quote_for_another_seller(town: Town, held: dict[str, Any]) -> None:
    deal = town.deal(held, town.quoted(held))
    town.refused("/financings", {**deal, "party": town.ids["tier2"]}, "quote-for-other-seller", 403)


def test_a_supplier_cannot_finance(town: Town, held: dict[str, Any]) -> None:
    town.refused("/financings", town.deal(held, town.quoted(held, "tier3")), "missing-role", 409)


def test_no_registry_reference(town: Town, held: dict[str, Any]) -> None:
    """Nobody makes such a quote here; the desk refuses one that came otherwise."""
    quote_id = town.quoted(held)
    anyio.run(_store, town, quote_id, _without_reference, town.stack.address(Contract.FINANCING))
    town.refused("/financings", town.deal(held, quote_id[::-1]), "registry-reference-missing", 422)


def _without_reference(town: Town, quote: Quote, desk: str) -> Quote:
    bare = replace(quote, registry_reference=NO_HASH)
    return replace(bare, signature=_resigned(town, bare, 31_337, desk))


def test_cash_that_is_not_there_or_not_released(town: Town, held: dict[str, Any]) -> None:
    party = town.new_party("poor bank", "financier")
    quote = town.quoted(held, "poor bank")
    problem = town.refused("/financings", town.deal(held, quote), "erc20-insufficient-allowance", 409)
    assert problem["evidence"]["allowance"] == "0"
    town.do("/deposits/approvals", {"party": party, "desk": "financing", "currency": "CNY"})
    (deposit, *_) = town.get(f"/parties/{party}/deposits")
    assert deposit["may_draw"] == {"financing": str(2**96 - 1), "repayment": "0", "recourse": "0"}
    town.refused("/financings", town.deal(held, quote), "erc20-insufficient-balance", 409)


@pytest.mark.parametrize(
    ("amount", "min_price", "rule", "status"),
    [
        (10_000_00, 10_000_00, "price-too-low", 422),
        (10_000_01, 1, "value-exceeded", 422),
        (99, 1, "below-minimum", 422),
        (10_000_00 - 99, 1, "below-minimum", 422),
        (0, 0, "zero-amount", 422),
    ],
)
def test_amounts_that_do_not_fit(
    town: Town, held: dict[str, Any], amount: int, min_price: int, rule: str, status: int
) -> None:
    quote = town.quoted(held, max_amount="100000000")
    town.refused("/financings", town.deal(held, quote, amount, min_price), rule, status)


def test_a_note_that_is_spent(town: Town) -> None:
    note = town.held()
    quote = town.quoted(note)
    town.passed(note, "tier2")
    town.refused("/financings", town.deal(note, quote), "not-held", 409)


def test_no_deals_and_unknown_quotes(town: Town, held: dict[str, Any]) -> None:
    town.refused("/financings", {"party": town.ids["tier1"], "deals": []}, "no-deals", 422)
    town.refused("/financings", town.deal(held, "0" * 32), "unknown-quote", 404)


# -- ranking and asking


def ranked(town: Town, note: dict[str, Any], **query: Any) -> list[dict[str, Any]]:
    return list(town.get("/quotes", note=note["id"], **query)["items"])


def test_quotes_are_ranked_by_the_cash_that_the_desk_pays(town: Town) -> None:
    """All-in and to the unit: what is told is what comes, whole or in part; discount rounds up."""
    note = town.held(amount=7_777_77, due_in=47)
    rates = {"bank": 437, "factor": 436}
    made = {name: town.quoted(note, name, rate_bps=rate) for name, rate in rates.items()}
    short = town.quoted(note, "bank", rate_bps=1, max_amount="500000")
    seen = ranked(town, note)
    assert [q["id"] for q in seen] == [made["factor"], made["bank"], short]
    assert [q["id"] for q in ranked(town, note, amount="500000")] == [short, made["factor"], made["bank"]]
    for part in (333_33, 500_00):
        best = ranked(town, note, amount=str(part))[0]
        before = town.cash("tier1")
        town.do("/financings", town.deal(note, best["id"], part, int(best["cash"])))
        assert town.cash("tier1") == before + int(best["cash"])
        assert town.stack.view(Contract.FINANCING, "price", part, best["rate_bps"], *_days(town, note)) == int(
            best["cash"]
        )
    (left,) = [q for q in ranked(town, note) if q["id"] == short]
    assert left["amount"] == str(500_000 - 333_33 - 500_00)
    whole = ranked(town, note)[0]
    town.refused(
        "/financings", town.deal(note, whole["id"], int(whole["amount"]), int(whole["cash"]) + 1), "price-too-low", 422
    )
    before = town.cash("tier1")
    town.do("/financings", town.deal(note, whole["id"], int(whole["amount"]), int(whole["cash"])))
    assert town.cash("tier1") == before + int(whole["cash"])
    assert ranked(town, note) == []


def _days(town: Town, note: dict[str, Any]) -> tuple[int, int]:
    epoch = date(1970, 1, 1)
    due = date.fromisoformat(town.get(f"/receivables/{note['receivable']}")["due_date"])
    return (town.today() - epoch).days, (due - epoch).days


def test_of_equal_cash_those_without_recourse_come_first_then_the_older(town: Town) -> None:
    note = town.held(due_in=50)
    terms = [("bank", True), ("factor", False), ("bank", False), ("factor", True)]
    made = [town.quoted(note, who, rate_bps=400, recourse=recourse) for who, recourse in terms]
    seen = ranked(town, note)
    assert len({q["cash"] for q in seen}) == 1
    assert [q["id"] for q in seen] == [made[1], made[2], made[0], made[3]]


def test_what_cannot_be_taken_is_left_out(town: Town) -> None:
    """Withdrawn, past its time, by a suspended financier, by one whose identity check is over, by nobody who may buy."""
    note = town.held(due_in=55)
    suspended = town.new_party("ranked bank", "financier")
    expiring = town.admission("expiring bank", "financier", identity_expiry=town.today().isoformat())
    answer = town.do("/parties", {"party": 0, "parties": [expiring]})
    town.ids["expiring bank"] = answer["parties"][0]["party"]
    gone, brief, good = (
        town.quoted(note),
        town.quoted(note, valid_for_s=60),
        town.quoted(note, "factor", valid_for_s=10**6),
    )
    made = [good, *(town.quoted(note, who, valid_for_s=10**6) for who in ("ranked bank", "expiring bank", "tier3"))]
    assert {q["id"] for q in ranked(town, note)} == {gone, brief, *made[:3]}
    town.do(f"/parties/{suspended}/suspend", {"party": 0, "reason_hash": "0x" + "01" * 32})
    answer = town.http.delete(f"/quotes/{gone}?party={town.ids['bank']}", headers={"Prefer": "wait=30"})
    assert answer.status_code == 200, answer.text
    assert {q["id"] for q in ranked(town, note)} == {brief, good, made[2]}
    town.pass_days(1)
    assert [q["id"] for q in ranked(town, note)] == [good]
    town.refused("/financings", town.deal(note, made[2]), "identity-expired", 409)


def test_a_request_taken_back_leaves_quotes_that_were_made(town: Town) -> None:
    note = town.held(due_in=40)
    path = f"/quote-requests/{note['id']}?party={town.ids['tier1']}"
    town.refused(path, None, "unknown-quote-request", 404, "DELETE")
    asked = [town.ids["bank"], town.ids["factor"]]
    town.do("/quote-requests", {"party": town.ids["tier1"], "note": note["id"], "financiers": asked})
    quote = town.quoted(note, "factor")
    standing = town.get("/quote-requests", note=note["id"])["items"]
    assert [(r["note"], r["seller"]["id"], r["financier"]["id"]) for r in standing] == [
        (note["id"], town.ids["tier1"], one) for one in sorted(asked)
    ]
    ended = town.do(f"{path}&financier={town.ids['bank']}", {}, "DELETE")
    assert ended == {"note": note["id"], "financiers": [town.ids["bank"]]}
    town.refused(f"{path}&financier={town.ids['bank']}", None, "unknown-quote-request", 404, "DELETE")
    other = f"/quote-requests/{note['id']}?party={town.ids['tier2']}"
    town.refused(other, None, "unknown-quote-request", 404, "DELETE")
    assert town.do(path, {}, "DELETE") == {"note": note["id"], "financiers": [town.ids["factor"]]}
    assert town.get("/quote-requests", note=note["id"])["items"] == []
    town.do("/financings", town.deal(note, quote))


def test_a_request_to_all_is_taken_back_as_one(town: Town) -> None:
    note = town.held(due_in=40)
    path = f"/quote-requests/{note['id']}?party={town.ids['tier1']}"
    town.do("/quote-requests", {"party": town.ids["tier1"], "note": note["id"]})
    (one,) = town.get("/quote-requests", note=note["id"])["items"]
    assert one["financier"] is None
    town.refused(f"{path}&financier={town.ids['bank']}", None, "unknown-quote-request", 404, "DELETE")
    assert town.do(path, {}, "DELETE") == {"note": note["id"], "financiers": []}


def _resigned(town: Town, quote: Quote, chain_id: int, desk: str) -> str:
    data = typed_quote(chain_id, desk, quote_struct(quote))
    return "0x" + town.stack.signer.sign_typed_data(quote.signer, data).hex()


def _other_chain(town: Town, quote: Quote, desk: str) -> Quote:
    return replace(quote, signature=_resigned(town, quote, 1, desk))


def _other_contract(town: Town, quote: Quote, desk: str) -> Quote:
    return replace(quote, signature=_resigned(town, quote, 31_337, quote.signer))


def _changed_term(town: Town, quote: Quote, desk: str) -> Quote:
    return replace(quote, rate_bps=quote.rate_bps - 1)


def _other_signer(town: Town, quote: Quote, desk: str) -> Quote:
    other = replace(quote, signer=town.stack.signer.accounts()[0])
    return replace(quote, signature=_resigned(town, other, 31_337, desk))


def _high_s(town: Town, quote: Quote, desk: str) -> Quote:
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    raw = bytes.fromhex(quote.signature[2:])
    flipped = order - int.from_bytes(raw[32:64], "big")
    return replace(quote, signature="0x" + (raw[:32] + flipped.to_bytes(32, "big") + bytes([55 - raw[64]])).hex())


@pytest.mark.parametrize("spoil", [_other_chain, _other_contract, _changed_term, _other_signer, _high_s])
def test_a_signature_that_is_not_for_these_terms(
    town: Town, held: dict[str, Any], spoil: Callable[[Town, Quote, str], Quote]
) -> None:
    """Straight into the quote book, as somebody with the database at hand would."""
    quote_id = town.quoted(held)
    desk = town.stack.address(Contract.FINANCING)
    anyio.run(_store, town, quote_id, spoil, desk)
    town.refused("/financings", town.deal(held, quote_id[::-1]), "quote-signature-invalid", 422)


async def _store(town: Town, quote_id: str, spoil: Callable[[Town, Quote, str], Quote], desk: str) -> None:
    database = Database(town.stack.settings.app_db)
    book = StoredQuotes(database)
    good = await book.get(quote_id)
    assert good is not None
    base = replace(good, id=quote_id[::-1], nonce=good.nonce + 1)
    signed = replace(base, signature=_resigned(town, base, 31_337, desk))
    await book.put([spoil(town, signed, desk)])
    database.close()


# -- repaying


def test_what_nobody_is_owed(town: Town) -> None:
    offered = town.offered()
    problem = town.refused("/repayments", {"party": town.ids["core"], "notes": [offered["id"]]}, "not-due", 409)
    assert problem["evidence"]["status"] == "offered"
    note = town.held()
    town.do("/repayments", {"party": town.ids["core"], "notes": [note["id"]]})
    town.refused("/repayments", {"party": town.ids["core"], "notes": [note["id"]]}, "not-due", 409)
    town.refused("/repayments", {"party": town.ids["core"], "notes": [999_999]}, "unknown-note", 404)
    town.refused("/repayments", {"party": town.ids["core"], "receivables": [999_999]}, "unknown-receivable", 404)


def test_more_than_the_payer_said(town: Town, held: dict[str, Any]) -> None:
    body = {"party": town.ids["core"], "notes": [held["id"]], "max_total": str(int(held["value"]) - 1)}
    problem = town.refused("/repayments", body, "total-exceeded", 422)
    assert problem["evidence"]["total"] == held["value"]


def test_a_payer_without_money(town: Town, held: dict[str, Any]) -> None:
    body = {"party": town.ids["tier5"], "notes": [held["id"]]}
    town.refused("/repayments", body, "erc20-insufficient-allowance", 409)
    town.do("/deposits/approvals", {"party": town.ids["tier5"], "desk": "repayment", "currency": "CNY"})
    town.refused("/repayments", body, "erc20-insufficient-balance", 409)


def test_anybody_pays_for_the_debtor_and_an_unanswered_child_pays_its_offeror(town: Town) -> None:
    note = town.held()
    town.do("/notes/split", town.split_body(note, "tier2", 4_000_00))
    child = town.note(town.get("/status")["totals"]["notes"])
    before = town.cash("tier1")
    town.provide("tier4", "repayment")
    town.do("/repayments", {"party": town.ids["tier4"], "notes": [note["id"], child["id"]]})
    assert town.cash("tier1") == before + 10_000_00


def test_everything_due_is_paid_currency_by_currency(town: Town) -> None:
    debtor = town.new_party("two-currency core", "core_enterprise")
    town.provide("two-currency core", "repayment")
    for currency in ("CNY", "GBP"):
        town.credit_line("two-currency core", currency, 10**9)
        town.held(debtor="two-currency core", currency=currency, due_in=30)
    later = town.held(debtor="two-currency core", due_in=90)
    until = (town.today() + timedelta(days=60)).isoformat()
    answer = town.do("/repayments", {"party": debtor, "due_until": until})
    assert len(answer["operations"]) == 2
    left = town.get("/receivables", debtor=debtor, status="outstanding")["items"]
    assert [r["id"] for r in left] == [later["receivable"]]


def test_a_suspended_debtor_still_pays(town: Town) -> None:
    debtor = town.new_party("fallen core", "core_enterprise")
    town.provide("fallen core", "repayment")
    town.credit_line("fallen core", "CNY", 10**9)
    note = town.held(debtor="fallen core")
    town.do(f"/parties/{debtor}/suspend", {"party": 0, "reason_hash": "0x" + "01" * 32})
    town.do("/repayments", {"party": debtor, "notes": [note["id"]]})
    assert town.note(note["id"])["status"] == "repaid"
