"""What a settlement bank, an arbiter and a lender see by their office, asked over HTTP, and what an arbiter and the operator
do. The acts of bank and lender have no route: they are sent to the chain, on a network of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from api.chain.deploy_plan import ROLES
from api.chain.eip712 import typed_data_digest
from api.domain import access
from api.domain.access import CLAIM, NOTE, RECEIVABLE, Relation
from api.domain.operations import Contract
from api.domain.typed_data import loan_quote, quote
from tests.api.http.everybody import Everybody, everybody
from tests.api.http.stack import CHAIN_ID, running
from tests.api.http.town import NO_HASH, REGISTRY, Town, check_problem
from tests.api.http.wallet import sign_typed_data

USD = "0x" + "00" * 17 + b"USD".hex()
DELAY_S = 3_600
NOBODY = "0x" + "00" * 20
ORDER_HASH = "0x" + hashlib.sha256(b"court order").hexdigest()
RESERVATION = (
    *(("note", "uint40"), ("seller", "uint32"), ("financier", "uint32"), ("amount", "uint96"), ("price", "uint96")),
    *(("currency", "address"), ("quote", "bytes32"), ("bank", "uint32"), ("lastDay", "uint16")),
    *(("signer", "address"), ("nonce", "uint256"), ("deadline", "uint256")),
)


@dataclass(frozen=True)
class Office:
    """Who holds it, by which relation, to which note, and how that note stands."""

    who: str
    relation: Relation
    note: int
    receivable: int
    status: str


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running(tmp_path_factory.mktemp("offices")) as stack:
        town = Town(stack)
        # What is sent past the worker comes before its own of the same account, or after all of them.
        operator = stack.signer.accounts()[0]
        stack.send(operator, Contract.ISSUANCE, "allowCurrency", USD)
        # From now on a change of the policy waits for an hour.
        stack.send(operator, Contract.AUTHORITY, "revokeRole", ROLES["POLICY"], operator)
        stack.send(operator, Contract.AUTHORITY, "grantRole", ROLES["POLICY"], operator, DELAY_S)
        town.found()
        for name, role in (("settler", "settlement_bank"), ("arbiter", "arbiter"), ("lender", "financier")):
            town.new_party(name, role)
        yield town


@pytest.fixture(scope="module")
def be(town: Town) -> Iterator[Everybody]:
    with everybody(town) as be:
        yield be


def account(town: Town, name: str) -> str:
    return str(town.get(f"/parties/{town.ids[name]}")["settlement_account"])


def later(town: Town) -> int:
    return int(town.stack.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16) + 86_400


def signed(town: Town, name: str, data: dict[str, Any]) -> str:
    return "0x" + town.stack.signer.sign_typed_data(account(town, name), data).hex()


def frozen(town: Town, note: dict[str, Any]) -> Office:
    order = {"party": town.ids["arbiter"], "notes": [note["id"]], "order_hash": ORDER_HASH}
    town.do("/notes/freeze", order)
    return Office("arbiter", Relation.ARBITER, note["id"], note["receivable"], "frozen")


def pledged(town: Town, note: dict[str, Any]) -> Office:
    """tier1 borrows on a note from the lender, of whom nobody asked a quote."""
    lender = account(town, "lender")
    token = next(c["token"] for c in town.get("/status")["currencies"] if c["code"] == "CNY")
    assert town.stack.tried(lender, Contract.TOKEN, "approve", town.stack.address(Contract.PLEDGE), 10**12, at=token)
    terms = {
        "note": note["id"],
        "holder": town.ids["tier1"],
        "lender": town.ids["lender"],
        "pledgedValue": 3_000_00,
        "principal": 2_000_00,
        "rateBps": 600,
        "cap": 3_000_00,
        "payer": lender,
        "registryReference": REGISTRY,
        "validUntil": later(town),
        "nonce": 1,
        "epoch": 0,
        "signer": lender,
    }
    data = loan_quote(CHAIN_ID, town.stack.address(Contract.PLEDGE), terms)
    town.stack.send(account(town, "tier1"), Contract.PLEDGE, "pledge", terms, signed(town, "lender", data))
    return Office("lender", Relation.FINANCIER, note["id"], note["receivable"], "pledged")


def reserved(town: Town, note: dict[str, Any]) -> Office:
    """tier1 sells to the bank, and the settlement bank signs that it will carry the cash."""
    buyer, settler = account(town, "bank"), account(town, "settler")
    terms = {
        "note": note["id"],
        "seller": town.ids["tier1"],
        "financier": town.ids["bank"],
        "maxAmount": 4_000_00,
        "rateBps": 0,
        "recourse": False,
        "payer": NOBODY,
        "registryReference": REGISTRY,
        "validUntil": later(town),
        "nonce": 1,
        "epoch": 0,
        "signer": buyer,
    }
    data = quote(CHAIN_ID, town.stack.address(Contract.FINANCING), terms)
    deal = {"quote": terms, "signature": signed(town, "bank", data), "amount": 4_000_00, "minPrice": 4_000_00}
    day = (later(town) + 28_800) // 86_400
    word = {"bank": town.ids["settler"], "lastDay": day, "signer": settler, "nonce": 1, "deadline": later(town)}
    message = {
        "note": note["id"],
        "seller": town.ids["tier1"],
        "financier": town.ids["bank"],
        "amount": 4_000_00,
        "price": 4_000_00,
        "currency": USD,
        "quote": "0x" + typed_data_digest(data).hex(),
        **word,
    }
    commitment = {
        "domain": {
            "name": "Cascade BankDesk",
            "version": "1",
            "chainId": CHAIN_ID,
            "verifyingContract": town.stack.address(Contract.BANK),
        },
        "types": {"SaleReservation": [{"name": n, "type": t} for n, t in RESERVATION]},
        "primaryType": "SaleReservation",
        "message": message,
    }
    said = {**word, "signature": signed(town, "settler", commitment)}
    town.stack.send(account(town, "tier1"), Contract.BANK_SALE, "reserveSale", deal, said)
    return Office("settler", Relation.BANK, note["id"], note["receivable"], "reserved")


@pytest.fixture(scope="module")
def offices(town: Town) -> Mapping[str, Office]:
    town.provide("lender", "financing")
    town.credit_line("core", "USD", 10**12)
    notes = town.held(due_in=70), town.held(amount=8_000_00, due_in=80), town.held(due_in=90, currency="USD")
    done = (make(town, note) for make, note in zip((frozen, pledged, reserved), notes, strict=True))
    made = {office.who: office for office in done}
    for one in made.values():
        seen = town.until(lambda one=one: town.note(one.note)["status"], lambda status, one=one: status == one.status)  # type: ignore[misc]
        assert seen == one.status
    return made


def cut(whole: dict[str, Any], fields: access.Fields) -> dict[str, Any]:
    return {name: value if name in fields else None for name, value in whole.items() if name != "cash"}


WHO = ["settler", "arbiter", "lender"]


@pytest.mark.parametrize("who", WHO)
def test_an_office_shows_its_note_and_debt_and_no_other(be: Everybody, offices: Mapping[str, Office], who: str) -> None:
    for other in offices.values():
        one = be.ask(who, "GET", f"/notes/{other.note}")
        debt = be.ask(who, "GET", f"/receivables/{other.receivable}")
        if other.who != who:
            check_problem(one, "unknown-note", 404)
            check_problem(debt, "unknown-receivable", 404)
            continue
        told = one.json()
        assert cut(told, NOTE[other.relation]) == cut(be.town.note(other.note), NOTE[other.relation])
        assert told == {**cut(told, NOTE[other.relation]), "cash": told["cash"]}
        whole = be.town.get(f"/receivables/{other.receivable}")
        assert debt.json() == {n: v if n in RECEIVABLE[other.relation] else None for n, v in whole.items()}


@pytest.mark.parametrize("who", WHO)
def test_listings_filters_and_traces_agree(be: Everybody, offices: Mapping[str, Office], who: str) -> None:
    mine = offices[who]
    assert [n["id"] for n in be.all_of(who, "/notes")] == [mine.note]
    assert [n["id"] for n in be.all_of(who, "/notes", status=mine.status)] == [mine.note]
    for other in {o.status for o in offices.values()} - {mine.status}:
        assert be.all_of(who, "/notes", status=other) == []
    assert [r["id"] for r in be.all_of(who, "/receivables")] == [mine.receivable]
    trace = be.get(who, f"/notes/{mine.note}/trace")
    assert [n["id"] for n in trace["nodes"]] == trace["path"] == [mine.note]
    legs = be.get(who, f"/receivables/{mine.receivable}/fund-flow")["legs"]
    assert [leg["kind"] for leg in legs] == (["loan"] if who == "lender" else [])
    hits = be.get(who, "/search", q=str(mine.note))["results"]
    assert ("note", mine.note) in {(h["kind"], h["id"]) for h in hits}


def test_a_pledge_is_among_the_claims_without_a_place(be: Everybody, offices: Mapping[str, Office]) -> None:
    mine = offices["lender"]
    (whole,) = be.town.get(f"/receivables/{mine.receivable}/claims")["items"]
    assert (whole["kind"], whole["note"], whole["value"], whole["place"]) == ("pledge", mine.note, "300000", None)
    assert (whole["basis"], whole["registry_reference"]) == ("unknown", REGISTRY)
    assert "登记" in whole["reason_zh"]
    assert whole["assignee"]["id"] == be.party("lender")
    for who, relation in (("lender", Relation.FINANCIER), ("tier1", Relation.HOLDER)):
        seen = {n: v if n in CLAIM[relation] else None for n, v in whole.items()}
        assert be.get(who, f"/receivables/{mine.receivable}/claims")["items"] == [seen]
    assert be.get("core", f"/receivables/{mine.receivable}/claims")["items"] == []


def test_an_office_acts_on_nothing_by_itself(be: Everybody, offices: Mapping[str, Office]) -> None:
    """What is seen by office is not one's own: the act's rule refuses, and nothing changes."""
    before = be.town.stack.fact()
    for who, mine in offices.items():
        body = {"party": be.party(who), "notes": [mine.note]}
        assert be.ask(who, "POST", "/notes/accept", json=body).status_code in (403, 409)
        ask = {"party": be.party(who), "note": mine.note}
        check_problem(be.ask(who, "POST", "/quote-requests", json=ask), "unknown-note", 404)
    assert be.town.stack.fact() == before


def test_an_arbiter_freezes_and_releases(be: Everybody, offices: Mapping[str, Office]) -> None:
    """Here by a request that is relayed: an arbiter may keep its key itself. Who is none is told nothing of the note."""
    town, first = be.town, offices["arbiter"].note
    note = town.held(due_in=75, seller="tier5")["id"]
    order = {"party": town.ids["arbiter"], "notes": [note], "order_hash": "0x" + "0d" * 32}
    for who in ("tier1", "tier5", "lender"):
        for path in ("/notes/freeze", "/notes/release"):
            answer = be.ask(who, "POST", path, json={**order, "party": be.party(who)})
            check_problem(answer, "missing-role", 409)
    check_problem(
        be.ask("arbiter", "POST", "/notes/freeze", json={**order, "order_hash": NO_HASH}), "order-hash-missing", 422
    )
    check_problem(be.ask("arbiter", "POST", "/notes/release", json=order), "note-not-frozen", 409)

    by = account(town, "arbiter")
    asking = {"act": "freeze", "account": by, "request": order}
    (drafted,) = town.do("/operations/requests", asking)["requests"]
    index = town.stack.signer.accounts().index(by)
    one = {"call": drafted["call"], "message": drafted["typed_data"]["message"]}
    (frozen,) = town.do(
        "/operations/relayed", {"relayed": [{**one, "signature": sign_typed_data(index, drafted["typed_data"])}]}
    )["operations"]
    assert (frozen["kind"], frozen["party"], frozen["status"]) == ("freeze", town.ids["arbiter"], "confirmed")
    assert town.note(note)["status"] == "frozen"
    for who, seen in {"arbiter": {first, note}, "operator": {first, note}, "auditor": {first, note}}.items():
        items = be.all_of(who, "/freezes", limit=1)
        assert ({f["note"] for f in items}, items[-1]["arbiter"]["id"]) == (seen, town.ids["arbiter"])
    for who, seen in {"tier1": {first}, "tier5": {note}, "tier4": set()}.items():
        assert {f["note"] for f in be.get(who, "/freezes")["items"]} == seen

    check_problem(be.ask("arbiter", "POST", "/notes/freeze", json=order), "not-freezable", 409)
    assert be.ask("arbiter", "POST", "/notes/release", json=order).status_code == 200
    assert (town.note(note)["status"], [f["note"] for f in be.get("arbiter", "/freezes")["items"]]) == ("held", [first])


def test_a_change_of_the_policy_is_announced_before_it_counts(be: Everybody) -> None:
    """Where the role has a delay: everybody sees it coming, it is carried out afterwards, or called off."""
    town = be.town
    rules = town.get("/network/policy")
    stricter = {"party": 0, **rules["policy"], "hard_tenor_days": 300, "min_child_value": "500"}
    (announced,) = town.do("/network/policy", stricter, "PUT")["operations"]
    assert (announced["kind"], announced["function"]) == ("announce_change", "schedule")
    assert town.get("/network/policy") == rules
    (change,) = town.get("/network/changes")["items"]
    assert (change["contract"], change["function"], change["status"]) == ("IssuanceDesk", "setPolicy", "waiting")
    assert change["policy"] == {n: v for n, v in stricter.items() if n != "party"}
    assert be.get("tier5", "/network/changes")["items"] == [{**change, "arguments": None}]
    assert be.get("operator", "/network/changes")["items"] == [change]

    path = f"/network/changes/{change['id']}"
    check_problem(be.ask("core", "POST", f"{path}/execute", json={"party": 0}), "not-permitted", 403)
    town.refused(f"{path}/execute", {"party": 0}, "access-manager-not-ready", 409)
    town.refused("/network/policy", stricter, "access-manager-already-scheduled", 409, "PUT")
    town.pass_to(later(town) - 86_400 + DELAY_S + 1)
    assert town.get("/network/changes")["items"][0]["status"] == "ready"
    (done,) = town.do(f"{path}/execute", {"party": 0})["operations"]
    assert done["kind"] == "execute_change"
    now = town.get("/network/policy")
    assert (now["number"], now["policy"]) == (rules["number"] + 1, change["policy"])
    assert town.get("/network/changes")["items"] == []
    town.refused(f"{path}/execute", {"party": 0}, "unknown-change", 404)

    town.do("/network/policy", {"party": 0, **rules["policy"]}, "PUT")
    (back,) = town.get("/network/changes")["items"]
    (called_off,) = town.do(f"/network/changes/{back['id']}/cancel", {"party": 0})["operations"]
    assert called_off["kind"] == "cancel_change"
    assert (town.get("/network/changes")["items"], town.get("/network/policy")) == ([], now)


def test_an_arbiter_gives_what_the_order_names(be: Everybody, offices: Mapping[str, Office]) -> None:
    """After two days, to a note of the receiver's own; it falls with its freeze, and can be struck."""
    town, first = be.town, offices["arbiter"].note
    note = town.held(amount=9_000_00, due_in=77, seller="tier5")
    arbiter, to = town.ids["arbiter"], town.ids["tier3"]
    order = {"party": arbiter, "note": note["id"], "to": to, "amount": "400000", "order_hash": ORDER_HASH}
    check_problem(be.ask("arbiter", "POST", "/reassignments", json=order), "note-not-frozen", 409)
    town.do("/notes/freeze", {"party": arbiter, "notes": [note["id"]], "order_hash": ORDER_HASH})
    for changes, rule, status in (
        ({"party": town.ids["tier5"]}, "missing-role", 409),
        ({"amount": "900001"}, "value-exceeded", 422),
        ({"amount": "0"}, "zero-amount", 422),
        ({"to": town.ids["tier5"]}, "self-transfer", 422),
        ({"order_hash": NO_HASH}, "order-hash-missing", 422),
    ):
        town.refused("/reassignments", {**order, **changes}, rule, status)
    (operation,) = town.do("/reassignments", order)["operations"]
    assert (operation["kind"], operation["party"]) == ("reassign", arbiter)
    town.do("/reassignments", {**order, "amount": "100000"})

    given, spare = be.get("arbiter", "/reassignments")["items"]
    whole = ("note", "amount", "order_hash", "status")
    assert [given[name] for name in whole] == [note["id"], "400000", ORDER_HASH, "waiting"]
    assert (given["to"]["id"], given["arbiter"]["id"], given["currency"]["code"]) == (to, arbiter, "CNY")
    for who in ("tier5", "auditor"):
        assert be.all_of(who, "/reassignments", limit=1) == [given, spare]
    assert be.get("tier3", "/reassignments")["items"] == []
    cut_ = {**given, "to": None, "amount": None, "currency": None}
    assert be.get("operator", "/reassignments")["items"][0] == cut_
    run = {"party": arbiter, "reassignment": given["id"]}
    town.refused("/reassignments/execute", run, "reassignment-not-due", 409)
    for path, body in (("execute", {}), ("cancel", {"order_hash": ORDER_HASH})):
        stranger = {**run, **body, "party": town.ids["tier3"]}
        answer = be.ask("tier3", "POST", f"/reassignments/{path}", json=stranger)
        check_problem(answer, "unknown-reassignment", 404)
    strike = {"party": arbiter, "reassignment": spare["id"], "order_hash": ORDER_HASH}
    (operation,) = town.do("/reassignments/cancel", strike)["operations"]
    assert operation["kind"] == "cancel_reassignment"
    check_problem(be.ask("arbiter", "POST", "/reassignments/cancel", json=strike), "unknown-reassignment", 404)

    town.pass_to(later(town) + 86_400 + 1)
    assert [one["status"] for one in be.get("arbiter", "/reassignments")["items"]] == ["ready"]
    (operation,) = town.do("/reassignments/execute", run, **{"Idempotency-Key": "give-once"})["operations"]
    again = town.do("/reassignments/execute", run, **{"Idempotency-Key": "give-once"})["operations"]
    assert (operation["kind"], [o["id"] for o in again]) == ("execute_reassignment", [operation["id"]])
    child = town.note(town.get("/status")["totals"]["notes"])
    assert (child["parent"], child["holder"]["id"], child["value"]) == (note["id"], to, "400000")
    assert (child["status"], child["origin"]) == ("held", "order")
    assert (town.note(note["id"])["value"], town.note(note["id"])["status"]) == ("500000", "frozen")
    assert be.get("arbiter", "/reassignments")["items"] == []

    town.do("/reassignments", order)
    town.do("/notes/release", {"party": arbiter, "notes": [note["id"]], "order_hash": ORDER_HASH})
    assert be.get("arbiter", "/reassignments")["items"] == []
    assert [f["note"] for f in be.get("arbiter", "/freezes")["items"]] == [first]
