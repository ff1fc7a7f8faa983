"""Every writing route of the API, taken by one person who may do everything a person may: of what needs two people,
nothing reaches the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from api.config import load_settings
from api.domain.access import ENDPOINTS
from api.domain.approvals import KINDS, ActKind, kind_of
from api.domain.operations import Call, Contract
from api.domain.principal import PersonRole
from api.guard import IMPORT_PATHS
from api.main import create_app
from api.services.outside import KINDS as SIGNABLE
from api.store.app.tables import operations
from tests.api.http.staff import Someone
from tests.api.http.town import REGISTRY, WAIT, check_problem
from tests.api.http.two import Json, Pair, Signer, done
from tests.api.http.wallet import sign_transaction, sign_typed_data

ADMIN, MAKER, CHECKER, VIEWER = PersonRole
EVERYTHING = (ADMIN, MAKER, CHECKER, VIEWER)
TAKES_TWO = sorted(kind for call, kind in SIGNABLE.items() if kind_of(Call(*call, (), "")) is not None)
WRITING = {endpoint for endpoint in ENDPOINTS if endpoint[0] != "GET"}
LAST = ("/auth/sessions", "/auth/sessions/current", "/auth/password", "/people/{id}/disable", "/people/{id}/reset")
"""What ends the person's own session comes at the end."""


@dataclass
class Stage:
    """One person of each company with every role, and what each act names: act → (who, the act's own route, body)."""

    core: Someone
    smith: Someone
    acts: Mapping[str, tuple[Someone, str, Json]]
    before: int


@pytest.fixture(scope="module")
def stage(pair: Pair) -> Stage:
    """A note that the supplier holds, with a quote for it: all made by two people, or by one where one is enough."""
    maker, checker = pair.signer("assembler", MAKER), pair.signer("assembler", CHECKER)
    core, smith = (pair.person(name, *EVERYTHING) for name in ("assembler", "smith"))
    debt = done(maker.http.post("/receivables", json=pair.confirmation(maker.http)))
    pair.ended(maker.http, pair.both(maker, checker, debt["approval"]))
    (note,) = pair.town.until(lambda: done(smith.http.get("/notes"))["items"], bool)
    party = pair.companies["smith"]
    accept = {"party": party, "notes": [note["id"]]}
    assert smith.http.post("/notes/accept", json=accept, headers=WAIT).status_code == 200
    done(smith.http.post("/quote-requests", json={"party": party, "note": note["id"]}))
    lender = pair.signer("lender", MAKER), pair.signer("lender", CHECKER)
    leave = {"party": pair.companies["lender"], "desk": "financing", "currency": "CNY"}
    given = done(lender[0].http.post("/deposits/approvals", json=leave))["approval"]
    pair.ended(lender[0].http, pair.both(*lender, given))
    leave = {"party": pair.companies["assembler"], "desk": "repayment", "currency": "CNY"}
    given = done(maker.http.post("/deposits/approvals", json=leave))["approval"]
    pair.ended(maker.http, pair.both(maker, checker, given))
    bid = {"note": note["id"], "rate_bps": 300, "max_amount": "500000", "registry_reference": REGISTRY}
    quotes = done(lender[0].http.post("/quotes", json={"party": pair.companies["lender"], "bids": [bid]}))["quotes"]
    deal = {"quote": quotes[0]["id"], "amount": "10000", "min_price": "1"}
    debtor = pair.companies["assembler"]
    acts = {
        "confirm": (core, "/receivables", pair.confirmation(core.http)),
        "repay": (core, "/repayments", {"party": debtor, "notes": [note["id"]]}),
        "approve": (core, "/deposits/approvals", {"party": debtor, "desk": "financing", "currency": "CNY"}),
        "finance": (smith, "/financings", {"party": party, "deals": [deal]}),
    }
    return Stage(core, smith, acts, taken(pair))


def taken(pair: Pair) -> int:
    """Operations in the outbox that need two people."""
    query = select(func.count()).where(operations.c.kind.in_(TAKES_TWO))
    return int(pair.guarded.database.read_now(lambda c: c.execute(query).scalar_one()))


def account_of(pair: Pair, who: Someone, stage: Stage) -> tuple[str, int]:
    """The company's first account, which may do all, and its number among the test accounts."""
    account = pair.guarded.accounts["assembler" if who is stage.core else "smith"]
    return account, pair.wallets.index(account)


def needs_two(answer: httpx.Response) -> None:
    check_problem(answer, "approval-needed", 409)


@pytest.mark.parametrize("act", ["confirm", "repay", "approve", "finance"])
def test_the_acts_own_routes(pair: Pair, stage: Stage, act: str) -> None:
    who, path, body = stage.acts[act]
    answer = who.http.post(path, json=body)
    assert (answer.status_code, answer.json()["operations"]) == (202, [])
    assert done(who.http.get(f"/approvals/{answer.json()['approval']}"))["status"] == "prepared"
    assert taken(pair) == stage.before


@pytest.mark.parametrize("act", ["confirm", "repay", "approve", "finance"])
def test_signed_outside(pair: Pair, stage: Stage, act: str) -> None:
    """The first step drafts and stores nothing; the second wants an approval, and takes none that is not both people's."""
    who, _, body = stage.acts[act]
    account, index = account_of(pair, who, stage)
    asked = {"act": act, "account": account, "request": body}
    (one,) = done(who.http.post("/operations/unsigned", json=asked))["transactions"]
    sent = {"signed": [{"call": one["call"], "raw": sign_transaction(index, one["transaction"])}]}
    needs_two(who.http.post("/operations/signed", json=sent))
    own = done(who.http.post("/approvals", json=asked))["id"]
    for approval, rule, status in ((own, "approval-not-waiting", 409), ("0" * 32, "unknown-approval", 404)):
        check_problem(who.http.post("/operations/signed", json={**sent, "approval": approval}), rule, status)
    assert taken(pair) == stage.before


@pytest.mark.parametrize("act", ["confirm", "repay", "finance"])
def test_relayed(pair: Pair, stage: Stage, act: str) -> None:
    who, _, body = stage.acts[act]
    account, index = account_of(pair, who, stage)
    asked = {"act": act, "account": account, "request": body}
    (one,) = done(who.http.post("/operations/requests", json=asked))["requests"]
    message = one["typed_data"]["message"]
    request = {"call": one["call"], "message": message, "signature": sign_typed_data(index, one["typed_data"])}
    needs_two(who.http.post("/operations/relayed", json={"relayed": [request]}))
    own = done(who.http.post("/approvals", json=asked))["id"]
    answer = who.http.post("/operations/relayed", json={"relayed": [request], "approval": own})
    check_problem(answer, "approval-not-waiting", 409)
    assert taken(pair) == stage.before


def test_accounts_by_a_transaction_of_ones_own(pair: Pair, stage: Stage) -> None:
    """Nothing drafts these without two people; a call of one's own making is refused in the same way."""
    account, index = account_of(pair, stage.core, stage)
    args: list[Any] = [pair.new_account("assembler"), 7, REGISTRY]
    call = {"contract": "ParticipantRegistry", "function": "setRights", "args": [args[0], "7", args[2]]}
    data = pair.stack.bindings.calldata(Call(Contract.REGISTRY, "setRights", tuple(args), account))
    nonce = pair.stack.rpc("eth_getTransactionCount", account, "latest")
    transaction = {
        "chainId": hex(31_337),
        "to": pair.stack.address(Contract.REGISTRY),
        "value": "0x0",
        "data": "0x" + data.hex(),
        "gas": hex(300_000),
        "nonce": nonce,
        "maxFeePerGas": hex(10**10),
        "maxPriorityFeePerGas": hex(10**9),
    }
    raw = sign_transaction(index, transaction)
    signed = {"call": {**call, "account": account, "at": None}, "raw": raw}
    needs_two(stage.core.http.post("/operations/signed", json={"signed": [signed]}))
    body = {"party": pair.companies["assembler"], "account": args[0], "rights": ["act"], "evidence_hash": REGISTRY}
    asked = done(stage.core.http.post("/approvals", json={"act": "set_rights", "request": body}))
    assert asked["status"] == "prepared"
    assert taken(pair) == stage.before


def test_bulk(pair: Pair, stage: Stage) -> None:
    """The job is kept and waits, and no second signature of the same person lets it run."""
    who = stage.core
    rows = [{"item": item} for item in stage.acts["confirm"][2]["items"]]
    asked = who.http.post("/jobs/confirmations", json={"party": pair.companies["assembler"], "rows": rows})
    job = done(asked)
    alone = Signer(who, pair.new_account("assembler"))
    assert who.link(alone.account).status_code == 200
    done(pair.sign(alone, job["approval"], "maker"))
    check_problem(pair.sign(alone, job["approval"], "checker"), "same-person", 409)
    assert done(who.http.get(f"/jobs/{job['id']}"))["status"] == "awaiting_approval"
    assert taken(pair) == stage.before


def test_approvals_of_ones_own(pair: Pair, stage: Stage) -> None:
    """Asked for, signed as maker, and no further; thresholds neither."""
    who = stage.core
    alone = Signer(who, pair.new_account("assembler"))
    assert who.link(alone.account).status_code == 200
    body = {"act": "repay", "request": stage.acts["repay"][2]}
    limits = {
        "party": pair.companies["assembler"],
        "thresholds": [{"kind": "pay", "currency": "CNY", "amount": "999999999"}],
    }
    for path, asked in (("/approvals", body), ("/approvals/thresholds", limits)):
        approval = done(who.http.post(path, json=asked))["id"]
        done(pair.sign(alone, approval, "maker"))
        check_problem(pair.sign(alone, approval, "checker"), "same-person", 409)
    assert done(who.http.get("/approvals/thresholds")) == {"thresholds": []}
    assert taken(pair) == stage.before


def test_the_whole_list_of_writing_routes(pair: Pair, stage: Stage) -> None:
    """Each with the body that the document shows, as a person and as a program; the ids are those of the company."""
    admin = pair.person("assembler", *EVERYTHING)
    _, erp = pair.guarded.api_key(admin, "read", "write")
    document = create_app(load_settings({})).openapi()
    ids = {"id": "1", "account": pair.guarded.accounts["assembler"]}
    walked = set()
    for method, path in sorted(WRITING, key=lambda e: (e[1] in LAST, e)):
        if path in IMPORT_PATHS:
            body: dict[str, Any] = {"data": {"party": 1}, "files": {"file": ("ledger.csv", b"doc_no\n", "text/csv")}}
        else:
            body = {"json": _own(example(document, method, path), pair.companies["assembler"])}
        for http in (admin.http, erp):
            answer = http.request(method, path.format(**ids), **body)
            assert answer.status_code < 500, answer.text
        walked.add((method, path))
        assert taken(pair) == stage.before, (method, path)
    assert walked == WRITING


def test_every_call_that_can_be_signed_has_its_kind() -> None:
    """What is in neither list needs two people, whatever it is."""
    assert set(SIGNABLE) <= set(KINDS)
    assert kind_of(Call(Contract.BANK, "anythingNew", (), "")) is ActKind.ACCOUNTS
    assert {kind for kind in KINDS.values() if kind} == set(ActKind) - {ActKind.THRESHOLDS}
    assert kind_of(Call(Contract.NOTES, "accept", (), "")) is None


def example(document: Mapping[str, Any], method: str, path: str) -> Any:
    """The body that the OpenAPI document shows; None where there is none."""
    body = document["paths"][path][method.lower()].get("requestBody")
    if body is None:
        return None
    schema = body["content"]["application/json"]["schema"]
    while "$ref" in schema and "examples" not in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema["examples"][0]


def _own(body: Any, party: int) -> Any:
    """In the name of one's own company."""
    if not isinstance(body, dict):
        return body
    return {k: party if k == "party" and v else _own(v, party) for k, v in body.items()}
