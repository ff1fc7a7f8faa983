"""How writes behave: retries, waiting, acts signed outside, imports."""

from __future__ import annotations

import copy
import uuid
from pathlib import Path
from typing import Any

import pytest

from api.domain.operations import Call, Contract
from tests.api.http.town import REGISTRY, WAIT, Town, check_problem
from tests.api.http.wallet import sign_transaction

SAMPLES = Path(__file__).resolve().parents[3] / "scripts" / "samples"


@pytest.fixture
def key() -> dict[str, str]:
    """An idempotency key that nobody used."""
    return {"Idempotency-Key": f"test-{uuid.uuid4().hex}"}


# -- retries


def test_a_retry_gets_the_first_answer_and_does_nothing_twice(town: Town, key: dict[str, str]) -> None:
    note = town.held()
    body = town.split_body(note, "tier2", 1_000_00)
    first = town.do("/notes/split", body, **key)
    before = town.stack.fact()
    assert town.do("/notes/split", body, **key) == first
    assert town.stack.fact() == before
    assert town.note(note["id"])["value"] == "900000"


def test_the_same_key_with_another_request_is_a_conflict(town: Town, key: dict[str, str]) -> None:
    note = town.held()
    town.do("/notes/split", town.split_body(note, "tier2", 1_000_00), **key)
    before = town.stack.fact()
    other = town.http.post("/notes/split", json=town.split_body(note, "tier2", 2_000_00), headers={**WAIT, **key})
    check_problem(other, "idempotency-key-reused", 409)
    elsewhere = town.http.post("/notes/refuse", json={"party": town.ids["tier1"], "notes": [note["id"]]}, headers=key)
    check_problem(elsewhere, "idempotency-key-reused", 409)
    assert town.stack.fact() == before


@pytest.mark.parametrize("bad", ["short", "with space inside", "x" * 129, "hash#inside"])
def test_malformed_keys(town: Town, bad: str) -> None:
    answer = town.http.post("/notes/lapse", json={"party": 0, "notes": [1]}, headers={"Idempotency-Key": bad})
    check_problem(answer, "idempotency-key-invalid", 422)


def test_retried_confirmation_quote_and_admission(town: Town, key: dict[str, str]) -> None:
    late, good = town.imported(due_in=-20), town.imported()
    body = {"party": town.ids["core"], "items": [good, late], "skip_refused": True}
    first = town.do("/receivables", body, **key)
    assert town.do("/receivables", body, **key) == first
    assert [r["item"] for r in first["refused"]] == [late]

    note = town.held()
    bid = {"note": note["id"], "rate_bps": 300, "max_amount": "100000", "registry_reference": REGISTRY}
    quoting = {"party": town.ids["bank"], "bids": [bid, {**bid, "rate_bps": 310}]}
    mine = {"Idempotency-Key": key["Idempotency-Key"] + "-q"}
    quotes = town.do("/quotes", quoting, **mine)
    assert town.do("/quotes", quoting, **mine) == quotes
    changed = town.http.post("/quotes", json={**quoting, "bids": [bid]}, headers=mine)
    check_problem(changed, "idempotency-key-reused", 409)
    assert len(town.get("/quotes", note=note["id"])["items"]) == 2

    admitting = {"party": 0, "parties": [town.admission("retried", "supplier")]}
    mine = {"Idempotency-Key": key["Idempotency-Key"] + "-a"}
    admitted = town.do("/parties", admitting, **mine)
    assert town.do("/parties", admitting, **mine) == admitted


# -- waiting


def test_without_waiting_the_answer_says_where_to_look(town: Town) -> None:
    note = town.offered()
    answer = town.http.post("/notes/accept", json={"party": town.ids["tier1"], "notes": [note["id"]]})
    assert answer.status_code == 202
    (operation,) = answer.json()["operations"]
    assert answer.headers["location"] == f"/operations/{operation['id']}"
    assert operation["status"] in ("queued", "submitted", "confirmed")
    location = answer.headers["location"]
    seen = town.until(lambda: town.get(location), lambda found: found["status"] == "confirmed")
    assert seen["status"] == "confirmed"
    assert seen["tx_hash"].startswith("0x")
    assert seen["gas_used"] > 21_000


def test_waiting_is_acknowledged_and_bounded(town: Town) -> None:
    note = town.offered()
    body = {"party": town.ids["tier1"], "notes": [note["id"]]}
    answer = town.http.post("/notes/accept", json=body, headers={"Prefer": "respond-async, wait=99999"})
    assert (answer.status_code, answer.headers["preference-applied"]) == (200, "wait=60")
    assert town.note(note["id"])["status"] == "held"


def test_operations_are_listed_newest_first(town: Town) -> None:
    page = town.get("/operations", limit=3, status="confirmed")
    assert len(page["items"]) == 3
    older = town.get("/operations", limit=3, status="confirmed", cursor=page["next"])
    assert not {o["id"] for o in page["items"]} & {o["id"] for o in older["items"]}
    assert {o["kind"] for o in town.get("/operations", kind="accept")["items"]} == {"accept"}
    check_problem(town.http.get("/operations/" + "0" * 32), "unknown-operation", 404)
    check_problem(town.http.get("/operations", params={"cursor": "nonsense"}), "cursor-invalid", 422)


# -- signed outside


def sign(town: Town, transaction: dict[str, Any]) -> str:
    """As a wallet that holds the account's key elsewhere would."""
    return sign_transaction(town.stack.signer.accounts().index(transaction["from"]), transaction)


def unsigned(town: Town, act: str, request: dict[str, Any], party: str) -> list[dict[str, Any]]:
    account = town.get(f"/parties/{town.ids[party]}")["settlement_account"]
    answer = town.http.post("/operations/unsigned", json={"act": act, "account": account, "request": request})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["transactions"])


def test_an_act_is_signed_elsewhere_and_sent_from_here(town: Town) -> None:
    note = town.offered()
    before = town.stack.fact()
    (one,) = unsigned(town, "accept", {"party": town.ids["tier1"], "notes": [note["id"]]}, "tier1")
    assert town.stack.fact() == before
    answer = town.do("/operations/signed", {"signed": [{"call": one["call"], "raw": sign(town, one["transaction"])}]})
    (operation,) = answer["operations"]
    assert (operation["kind"], operation["party"]) == ("accept", town.ids["tier1"])
    assert town.note(note["id"])["status"] == "held"


def test_a_signed_transaction_counts_once_and_for_this_chain(town: Town) -> None:
    """Sent again, with or without a key of its own, and signed for another chain."""
    note = town.offered()
    (one,) = unsigned(town, "accept", {"party": town.ids["tier1"], "notes": [note["id"]]}, "tier1")
    elsewhere = {**one["transaction"], "chainId": "0x1"}
    body = {"signed": [{"call": one["call"], "raw": sign(town, elsewhere)}]}
    problem = town.refused("/operations/signed", body, "signed-transaction-mismatch", 422)
    assert problem["evidence"]["field"] == "chain_id"
    body = {"signed": [{"call": one["call"], "raw": sign(town, one["transaction"])}]}
    town.do("/operations/signed", body)
    for more in ({}, {"Idempotency-Key": "signed-once-again"}):
        before = town.stack.fact()
        again = town.http.post("/operations/signed", json=body, headers={**WAIT, **more})
        assert again.status_code == 409, again.text
        assert town.stack.fact() == before


def test_a_confirmation_signed_elsewhere_counts_for_just_the_attested_terms(town: Town) -> None:
    request = {"party": town.ids["core"], "items": [town.imported()]}
    (one,) = unsigned(town, "confirm", request, "core")
    forged = copy.deepcopy(one["call"])
    terms = forged["args"][1][0]
    (backing,) = terms["invoices"]
    terms["amount"] = backing["claimed"] = backing["invoiceAmount"] = "999999999"
    body = {"signed": [{"call": forged, "raw": sign(town, one["transaction"])}]}
    problem = town.refused("/operations/signed", body, "signed-transaction-mismatch", 422)
    assert problem["evidence"]["field"] == "data"
    town.do("/operations/signed", {"signed": [{"call": one["call"], "raw": sign(town, one["transaction"])}]})


def test_terms_that_the_registrar_did_not_attest(town: Town) -> None:
    """The wallet signs what it likes: the chain asks the registrar."""
    request = {"party": town.ids["core"], "items": [town.imported()]}
    (one,) = unsigned(town, "confirm", request, "core")
    forged = copy.deepcopy(one["call"])
    terms = forged["args"][1][0]
    (backing,) = terms["invoices"]
    terms["amount"] = backing["claimed"] = backing["invoiceAmount"] = "999999999"
    args = _numbers(forged["args"])
    call = Call(Contract.ISSUANCE, "confirm", tuple(args), forged["account"])
    data = "0x" + town.stack.bindings.calldata(call).hex()
    raw = sign(town, {**one["transaction"], "data": data})
    town.refused("/operations/signed", {"signed": [{"call": forged, "raw": raw}]}, "attestation-invalid", 422)


def test_outside_signing_is_for_the_partys_own_accounts_and_acts(town: Town) -> None:
    note = town.offered()
    stranger = town.get(f"/parties/{town.ids['tier2']}")["settlement_account"]
    request = {"party": town.ids["tier1"], "notes": [note["id"]]}
    body = {"act": "accept", "account": stranger, "request": request}
    town.refused("/operations/unsigned", body, "missing-right", 403)
    (one,) = unsigned(town, "accept", request, "tier1")
    call = {**one["call"], "contract": "ParticipantRegistry", "function": "admit"}
    town.refused("/operations/signed", {"signed": [{"call": call, "raw": "0x02"}]}, "act-not-signable", 422)
    body = {"signed": [{"call": one["call"], "raw": "0xdeadbeef"}]}
    town.refused("/operations/signed", body, "signed-transaction-invalid", 422)
    town.refused("/operations/unsigned", {**body, "act": "mint"}, "request-invalid", 422)


def _numbers(value: Any) -> Any:
    if isinstance(value, list):
        return [_numbers(v) for v in value]
    if isinstance(value, dict):
        return {k: _numbers(v) for k, v in value.items()}
    return int(value) if isinstance(value, str) and value.isdecimal() else value


# -- imports


def upload(town: Town, name: str, data: bytes, **options: Any) -> Any:
    answer = town.http.post(
        "/imports",
        data={"party": town.ids["core"], **options},
        files={"file": (name, data, "application/octet-stream")},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_sample_ledger_goes_in_once(town: Town) -> None:
    data = (SAMPLES / "ledger.csv").read_bytes()
    first = upload(town, "ledger.csv", data)
    assert len(first["imported"]) > 25
    assert {r["rule"] for r in first["refused"]} >= {"total-not-positive", "due-date-missing", "duplicate-invoice"}
    assert all(r["reason"] and r["reason_zh"] for r in first["refused"])
    again = upload(town, "../../etc/ledger.csv", data)
    assert (again["imported"], len(again["known"])) == ([], len(first["imported"]))
    assert again["known"] == first["imported"]
    last = first["imported"][0]["id"] - 1
    items = town.get("/imports/items", buyer=town.ids["core"], limit=500, cursor=str(last))["items"]
    assert {i["id"] for i in first["imported"]} <= {i["id"] for i in items}


def test_one_invoice_in_two_syntaxes_is_one(town: Town) -> None:
    (first,) = upload(town, "ubl-2.xml", (SAMPLES / "invoices/ubl-2.xml").read_bytes())["imported"]
    (known,) = upload(town, "cii-2.xml", (SAMPLES / "invoices/cii-2.xml").read_bytes())["known"]
    assert known["id"] == first["id"]


def test_identities_of_a_party_make_its_invoices_one(town: Town) -> None:
    admission = town.admission("aliased", "supplier", identities=["vat:CN91990000MA0000000X", "name:Aliased Works"])
    town.do("/parties", {"party": 0, "parties": [admission]})
    rows = "A-1,Aliased Works,,10.00,2025-06-01,2030-06-01,CNY\nA-1,,CN91990000MA0000000X,10.00,2025-06-01,2030-06-01,CNY\n"
    header = "doc_no,vendor,vendor_vat,amount,issue_date,due_date,currency\n"
    one, two = rows.splitlines(keepends=True)
    (first,) = upload(town, "a.csv", (header + one).encode())["imported"]
    (known,) = upload(town, "b.csv", (header + two).encode())["known"]
    assert known["fingerprint"] == first["fingerprint"]


def test_columns_and_assumptions_are_told(town: Town) -> None:
    text = "Beleg;Lieferant;Betrag;Datum\nD-1;tier1;1.234,50;2025-06-01\n"
    answer = upload(
        town,
        "german.csv",
        text.encode("latin-1"),
        column=["number=Beleg", "vendor=Lieferant", "amount=Betrag", "date=Datum"],
        encoding="latin-1",
        decimal_mark=",",
        currency="GBP",
        assume_due_days="60",
    )
    (item,) = answer["imported"]
    assert (item["payable"], item["currency"], item["due_date"]) == ("123450", "GBP", "2025-07-31")
    assert item["assumed"] == ["due_date"]
    bad = {"party": town.ids["core"], "column": "nonsense"}
    check_problem(town.http.post("/imports", data=bad, files={"file": b"x"}), "import-option-invalid", 422)


@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [
        ("empty.csv", b"", "file-empty"),
        ("scan.pdf", b"%PDF-1.7 ...", "kind-unknown"),
        ("bomb.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><Invoice>&a;</Invoice>', "xml-doctype"),
        ("other.xml", b"<Order/>", "root-unknown"),
    ],
)
def test_documents_that_are_none(town: Town, name: str, data: bytes, rule: str) -> None:
    answer = upload(town, name, data)
    assert [r["rule"] for r in answer["refused"]] == [rule]
    assert not answer["imported"]
