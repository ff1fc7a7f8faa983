"""Acts that need two people of a company, from the asking to the chain."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from api.domain.operations import Contract
from api.domain.principal import PersonRole
from tests.api.http.town import NO_HASH, REGISTRY, WAIT, check_problem
from tests.api.http.two import EVIDENCE, Json, Pair, Signer, done, recovered
from tests.api.http.wallet import sign_transaction, sign_typed_data, wallet_of

ADMIN, MAKER, CHECKER, VIEWER = PersonRole
OUTSIDE = 60
"""A test account whose key the service has not."""


def test_two_people_confirm_a_debt(pair: Pair, maker: Signer) -> None:
    """The maker signs with a wallet, the checker with a key that the service keeps; only then does anything happen."""
    checker = pair.person("assembler", CHECKER)
    body = pair.confirmation(maker.http, amount="5000.00")
    asked = maker.http.post("/receivables", json=body, headers={"Idempotency-Key": "two-people-1"})
    assert asked.status_code == 202, asked.text
    approval = asked.json()["approval"]
    assert (asked.json()["operations"], asked.headers["location"]) == ([], f"/approvals/{approval}")
    again = maker.http.post("/receivables", json=body, headers={"Idempotency-Key": "two-people-1"})
    assert again.json() == asked.json()

    seen = done(checker.http.get(f"/approvals/{approval}"))
    assert (seen["kind"], seen["status"], seen["amounts"]) == (
        "confirm",
        "prepared",
        [{"currency": "CNY", "amount": "500000"}],
    )
    (line,) = seen["lines"]
    assert line["en"].startswith("Confirm to owe smith Ltd 5,000.00 CNY, due ")
    assert line["zh"].startswith("向smith有限公司确认应付 5,000.00 CNY")
    assert [c["name_en"] for c in seen["counterparties"]] == ["smith Ltd"]

    assert done(pair.sign(maker, approval, "maker"))["status"] == "signed"
    kept = checker.signing_key()
    executed = checker.sign_by_kept_key(approval, "checker")
    assert executed["status"] == "executed"
    assert [(s["part"], s["person"], s["means"], s["account"]) for s in executed["signatures"]] == [
        ("maker", maker.id, "wallet", maker.account),
        ("checker", checker.id, "custodial", kept),
    ]
    (operation,) = pair.ended(maker.http, executed)
    assert (operation["status"], operation["kind"], operation["approval"]) == ("confirmed", "confirm", approval)

    # An auditor needs nothing but this answer.
    audited = done(pair.auditor.http.get(f"/approvals/{approval}"))
    assert [recovered(audited["typed_data"], s["signature"]) for s in audited["signatures"]] == [
        s["account"] for s in audited["signatures"]
    ]
    assert approval in {a["id"] for a in done(pair.auditor.http.get("/approvals"))["items"]}
    reads = done(pair.guarded.operator.http.get("/audit/reads"))["items"]
    assert f"/approvals/{approval}" in {r["target"] for r in reads}
    check_problem(pair.person("smith", *PersonRole).http.get(f"/approvals/{approval}"), "unknown-approval", 404)


def test_a_repeated_request_is_answered_as_before_with_what_it_left_out(pair: Pair, maker: Signer) -> None:
    items = [pair.imported(maker.http), pair.imported(maker.http, due_in=-3)]
    body = {"party": pair.companies["assembler"], "items": items, "skip_refused": True}
    first, again = (
        maker.http.post("/receivables", json=body, headers={"Idempotency-Key": "left-out-1"}) for _ in range(2)
    )
    assert first.status_code == again.status_code == 202
    assert [r["item"] for r in first.json()["refused"]] == [items[1]]
    assert again.json() == first.json()
    other = {**body, "items": items[:1]}
    answer = maker.http.post("/receivables", json=other, headers={"Idempotency-Key": "left-out-1"})
    check_problem(answer, "idempotency-key-reused", 409)


def asked(answer: Any) -> str:
    """The approval that a request became."""
    assert answer.status_code == 202, answer.text
    assert answer.json()["operations"] == []
    return str(answer.json()["approval"])


def held(pair: Pair, maker: Signer, checker: Signer, amount: str = "5000.00", due_in: int = 60) -> Json:
    """A note that the supplier holds."""
    supplier = pair.person("smith", MAKER).http
    before = {n["id"] for n in done(supplier.get("/notes"))["items"]}
    body = pair.confirmation(maker.http, amount=amount, due_in=due_in)
    approval = pair.both(maker, checker, asked(maker.http.post("/receivables", json=body)))
    pair.ended(maker.http, approval)
    found = pair.town.until(lambda: [n for n in done(supplier.get("/notes"))["items"] if n["id"] not in before], bool)
    body = {"party": pair.companies["smith"], "notes": [found[0]["id"]]}
    done(supplier.post("/notes/accept", json=body, headers=WAIT))
    return dict(done(supplier.get(f"/notes/{found[0]['id']}")))


def quoted(pair: Pair, seller: Any, note: Json) -> str:
    """The lender's quote for a note; its id."""
    done(seller.post("/quote-requests", json={"party": pair.companies["smith"], "note": note["id"]}))
    bid = {"note": note["id"], "rate_bps": 300, "max_amount": note["value"], "registry_reference": REGISTRY}
    lender = pair.person("lender", MAKER).http
    answer = done(lender.post("/quotes", json={"party": pair.companies["lender"], "bids": [bid]}))
    return str(answer["quotes"][0]["id"])


def test_two_people_pay(pair: Pair, maker: Signer, checker: Signer) -> None:
    """Letting a desk draw, and paying a note."""
    note = held(pair, maker, checker)
    core = pair.companies["assembler"]
    leave = {"party": core, "desk": "repayment", "currency": "CNY"}
    approval = asked(maker.http.post("/deposits/approvals", json=leave))
    seen = done(checker.http.get(f"/approvals/{approval}"))
    assert (seen["kind"], seen["amounts"][0]["amount"]) == ("pay", str(2**256 - 1))
    assert seen["lines"][0]["en"].startswith("Let the repayment desk draw any amount of CNY from 0x")
    (operation,) = pair.ended(maker.http, pair.both(maker, checker, approval))
    assert (operation["kind"], operation["status"]) == ("approve", "confirmed")

    approval = asked(maker.http.post("/repayments", json={"party": core, "notes": [note["id"]]}))
    seen = done(checker.http.get(f"/approvals/{approval}"))
    assert seen["amounts"] == [{"currency": "CNY", "amount": "500000"}]
    assert seen["lines"][0]["en"].startswith(f"Pay notes {note['id']} from 0x")
    assert seen["lines"][0]["en"].endswith("5,000.00 CNY at most")
    (operation,) = pair.ended(maker.http, pair.both(maker, checker, approval))
    assert (operation["kind"], operation["status"]) == ("repay", "confirmed")


def test_thresholds_are_the_companys_and_take_two_people(pair: Pair, maker: Signer, checker: Signer) -> None:
    """Below it one person finances; from it on two. An administrator proposes it and cannot approve it."""
    smith = pair.companies["smith"]
    admin = pair.signer("smith", ADMIN, MAKER, CHECKER)
    other = pair.signer("smith", CHECKER)
    lender = pair.signer("lender", MAKER), pair.signer("lender", CHECKER)
    leave = {"party": pair.companies["lender"], "desk": "financing", "currency": "CNY"}
    pair.ended(lender[0].http, pair.both(*lender, asked(lender[0].http.post("/deposits/approvals", json=leave))))

    wanted = {"party": smith, "thresholds": [{"kind": "finance", "currency": "CNY", "amount": "200000"}]}
    check_problem(other.http.post("/approvals/thresholds", json=wanted), "not-company-admin", 403)
    proposed = done(admin.http.post("/approvals/thresholds", json=wanted))
    assert (proposed["kind"], proposed["lines"][0]["en"]) == (
        "thresholds",
        "financing: two people from 2,000.00 CNY on",
    )
    done(pair.sign(admin, proposed["id"], "maker"))
    check_problem(pair.sign(admin, proposed["id"], "checker"), "same-person", 409)
    assert done(other.http.get("/approvals/thresholds")) == {"thresholds": []}
    assert done(pair.sign(other, proposed["id"], "checker"))["status"] == "executed"
    (limit,) = wanted["thresholds"]
    assert done(other.http.get("/approvals/thresholds"))["thresholds"] == [{**limit, "used": "0"}]

    note = held(pair, maker, checker)
    quote = quoted(pair, admin.http, note)
    deal = {"quote": quote, "amount": "50000", "min_price": "1"}
    sold = admin.http.post("/financings", json={"party": smith, "deals": [deal]}, headers=WAIT)
    assert sold.status_code == 200, sold.text
    assert (sold.json()["approval"], sold.json()["operations"][0]["approval"]) == (None, None)
    # Whoever sells in parts needs two people as well: of twelve at once as many are one person's as stay below in all.
    part = {"party": smith, "deals": [{**deal, "amount": "20000"}]}
    with ThreadPoolExecutor(12) as pool:
        raced = [a.json() for a in pool.map(lambda _: admin.http.post("/financings", json=part), range(12))]
    assert [bool(answer["operations"]) for answer in raced].count(True) == 7
    assert len({answer["approval"] for answer in raced}) == 6
    (used,) = done(other.http.get("/approvals/thresholds"))["thresholds"]
    assert used == {**limit, "used": "190000"}
    account = pair.guarded.accounts["smith"]
    asking = {"act": "finance", "account": account, "request": part}
    (drafted,) = done(admin.http.post("/operations/requests", json=asking))["requests"]
    signed = sign_typed_data(pair.wallets.index(account), drafted["typed_data"])
    relayed = {"call": drafted["call"], "message": drafted["typed_data"]["message"], "signature": signed}
    check_problem(admin.http.post("/operations/relayed", json={"relayed": [relayed]}), "approval-needed", 409)
    approval = asked(admin.http.post("/financings", json={"party": smith, "deals": [{**deal, "amount": "200000"}]}))
    seen = done(admin.http.get(f"/approvals/{approval}"))
    assert seen["amounts"] == [{"currency": "CNY", "amount": "200000"}]
    assert "to lender Ltd for at least 0.01 CNY, without recourse" in seen["lines"][0]["en"]
    (operation,) = pair.ended(admin.http, pair.both(admin, other, approval))
    assert (operation["kind"], operation["status"]) == ("finance", "confirmed")
    # What two people did counts no more.
    parts = {"party": smith, "deals": [{**deal, "amount": "4000"}, {**deal, "amount": "4001"}]}
    assert admin.http.post("/financings", json=parts, headers=WAIT).status_code == 200
    back = {"party": smith, "thresholds": [{"kind": "finance", "currency": "CNY", "amount": "0"}]}
    done(pair.sign(admin, (approval := done(admin.http.post("/approvals/thresholds", json=back))["id"]), "maker"))
    done(pair.sign(other, approval, "checker"))
    assert done(other.http.get("/approvals/thresholds")) == {"thresholds": []}


def test_two_people_of_the_operator_change_the_rules(pair: Pair) -> None:
    """To stop everything takes one, and so does admitting; to let it go on, to set the policy, and to announce who takes a
    party over, two."""
    guarded = pair.guarded
    maker, checker = guarded.join(0, MAKER), guarded.join(0, CHECKER)
    rules = done(maker.http.get("/network/policy"))
    body = {"party": 0, **rules["policy"], "grace_days": 7}

    def by_two(approval: str) -> None:
        maker.sign_by_kept_key(approval, "maker")
        assert done(checker.http.get(f"/approvals/{approval}"))["status"] == "signed"
        (operation,) = pair.ended(maker.http, checker.sign_by_kept_key(approval, "checker"))
        assert operation["status"] == "confirmed"

    approval = asked(maker.http.put("/network/policy", json=body))
    seen = done(maker.http.get(f"/approvals/{approval}"))
    assert (seen["kind"], done(maker.http.get("/network/policy"))) == ("network", rules)
    assert seen["lines"][0]["en"].startswith("Set the policy: defaultTenorDays 183, ")
    by_two(approval)
    pair.town.until(lambda: done(maker.http.get("/network/policy"))["policy"]["grace_days"], lambda days: days == 7)
    assert done(maker.http.get("/network/policy"))["policy"]["grace_days"] == 7

    smith, account, old = pair.companies["smith"], pair.wallets[79], pair.guarded.accounts["smith"]
    word = {"party": 0, "account": account, "removed": [old], "evidence_hash": EVIDENCE, "deadline": str(2**40)}
    path = f"/parties/{smith}/recovery"
    typed = done(maker.http.post(f"{path}/word", json=word))["typed_data"]
    taking_over = {**word, "signature": pair.signature(Signer(maker, account), typed)}
    approval = asked(maker.http.post(path, json=taking_over))
    seen = done(maker.http.get(f"/approvals/{approval}"))
    assert (seen["kind"], [party["id"] for party in seen["counterparties"]]) == ("network", [smith])
    assert seen["lines"][0]["en"].endswith(f"{account} takes over smith Ltd; accounts that are removed: {old}")
    by_two(approval)
    # To veto it takes one person of the company, at once.
    own = pair.person("smith", MAKER).http
    pair.town.until(lambda: done(own.get("/key-changes"))["items"], bool)
    vetoed = own.post(f"{path}/veto", headers=WAIT)
    assert (vetoed.status_code, vetoed.json()["operations"][0]["kind"]) == (200, "veto_recovery"), vetoed.text
    assert done(own.get("/key-changes"))["items"] == []

    stopped = maker.http.put("/network/pause", json={"party": 0, "paused": True}, headers=WAIT)
    assert (stopped.status_code, stopped.json()["operations"][0]["kind"]) == (200, "pause"), stopped.text
    by_two(asked(maker.http.put("/network/pause", json={"party": 0, "paused": False})))
    assert done(maker.http.get("/network/policy"))["paused"] is False


def test_two_people_change_the_companys_accounts(pair: Pair) -> None:
    maker, checker = pair.signer("assembler", MAKER), pair.signer("assembler", CHECKER)
    account, core = pair.new_account("assembler"), pair.companies["assembler"]
    body = {"party": core, "account": account, "rights": [], "evidence_hash": NO_HASH}
    asking = maker.http.post("/approvals", json={"act": "set_rights", "request": body})
    assert asking.status_code == 201, asking.text
    assert (asking.json()["kind"], asking.json()["lines"][0]["en"]) == (
        "accounts",
        f"Change account {account}, rights: none",
    )
    (operation,) = pair.ended(maker.http, pair.both(maker, checker, asking.json()["id"]))
    assert (operation["kind"], operation["status"]) == ("set_rights", "confirmed")
    assert pair.stack.view(Contract.REGISTRY, "account", account)["party"] == 0

    word = pair.word(account, "assembler", 1)
    asking = maker.http.post("/approvals", json={"act": "add_account", "request": {**word, "rights": ["act"]}})
    (operation,) = pair.ended(maker.http, pair.both(maker, checker, done(asking)["id"]))
    assert (operation["kind"], operation["status"]) == ("add_account", "confirmed")
    assert pair.stack.view(Contract.REGISTRY, "account", account)["party"] == core


def test_a_program_prepares_and_signs_nothing(pair: Pair, checker: Signer, maker: Signer) -> None:
    admin = pair.person("assembler", ADMIN)
    key, erp = pair.guarded.api_key(admin, "read", "write")
    approval = asked(erp.post("/receivables", json=pair.confirmation(erp)))
    seen = done(erp.get(f"/approvals/{approval}"))
    assert (seen["prepared_by"], seen["prepared_means"], seen["status"]) == (key, "api_key", "prepared")
    for part in ("maker", "checker"):
        body = {"by": "wallet", "part": part, "account": maker.account, "signature": "0x" + "1b" * 65}
        answer = erp.post(f"/approvals/{approval}/signatures", json=body)
        check_problem(answer, "not-signed-in-as-person", 403)
    check_problem(pair.sign(checker, approval, "checker"), "approval-not-waiting", 409)
    assert pair.both(maker, checker, approval)["status"] == "executed"


def test_an_account_whose_key_is_elsewhere(pair: Pair) -> None:
    """Both people sign first; the account then signs just what they approved, as a request to relay or a transaction."""
    maker, checker = pair.signer("assembler", MAKER), pair.signer("assembler", CHECKER)
    core, wallet = pair.companies["assembler"], wallet_of(OUTSIDE)
    pair.bind(wallet, "assembler", 1)
    pair.stack.rpc("anvil_setBalance", wallet.address, hex(10**20))
    body = {"act": "confirm", "account": wallet.address, "request": pair.confirmation(maker.http)}

    def carry(approval: str | None, route: str, request: Json) -> Any:
        first = {"relayed": "requests", "signed": "unsigned"}[route]
        drafted = done(maker.http.post(f"/operations/{first}", json=request))
        if route == "relayed":
            ones = [
                {
                    "call": one["call"],
                    "message": one["typed_data"]["message"],
                    "signature": sign_typed_data(OUTSIDE, one["typed_data"]),
                }
                for one in drafted["requests"]
            ]
        else:
            ones = [
                {"call": one["call"], "raw": sign_transaction(OUTSIDE, one["transaction"])}
                for one in drafted["transactions"]
            ]
        return maker.http.post(f"/operations/{route}", json={route: ones, "approval": approval}, headers=WAIT)

    for route in ("relayed", "signed"):
        body = {**body, "request": pair.confirmation(maker.http)}
        check_problem(carry(None, route, body), "approval-needed", 409)
        approval = done(maker.http.post("/approvals", json=body))["id"]
        check_problem(carry(approval, route, body), "approval-not-waiting", 409)
        later = {**body, "act": "approved", "request": {"party": core, "approval": approval}}
        check_problem(maker.http.post("/operations/requests", json=later), "approval-not-waiting", 409)
        assert pair.both(maker, checker, approval)["status"] == "approved"
        # Another act under this approval: also a confirmation, of another invoice.
        other = {**body, "request": pair.confirmation(maker.http)}
        check_problem(carry(approval, route, other), "approval-mismatch", 409)
        carried = carry(approval, route, later)
        assert carried.status_code == 200, carried.text
        (operation,) = carried.json()["operations"]
        assert (operation["approval"], operation["status"]) == (approval, "confirmed")
        assert done(checker.http.get(f"/approvals/{approval}"))["status"] == "executed"
        check_problem(maker.http.post("/operations/requests", json=later), "approval-not-waiting", 409)


def test_named_ends(pair: Pair, maker: Signer, checker: Signer) -> None:
    refused, withdrawn, expired, approved = (
        asked(maker.http.post("/receivables", json=pair.confirmation(maker.http))) for _ in range(4)
    )
    for approval in (refused, withdrawn, expired):
        done(pair.sign(maker, approval, "maker"))
    check_problem(maker.http.post(f"/approvals/{refused}/refuse"), "person-role-missing", 403)
    check_problem(checker.http.post(f"/approvals/{withdrawn}/withdraw"), "person-role-missing", 403)
    assert done(checker.http.post(f"/approvals/{refused}/refuse"))["status"] == "refused"
    assert done(checker.http.post(f"/approvals/{refused}/refuse"))["ended_by"] == checker.id
    assert done(maker.http.post(f"/approvals/{withdrawn}/withdraw"))["status"] == "withdrawn"
    for approval in (refused, withdrawn):
        check_problem(pair.sign(checker, approval, "checker"), "approval-not-waiting", 409)
    check_problem(checker.http.post(f"/approvals/{withdrawn}/refuse"), "approval-not-waiting", 409)
    pair.pass_to(int(done(maker.http.get(f"/approvals/{approved}"))["typed_data"]["message"]["deadline"]) + 1)
    assert done(maker.http.get(f"/approvals/{expired}"))["status"] == "expired"
    check_problem(pair.sign(checker, expired, "checker"), "approval-expired", 409)
    check_problem(pair.sign(maker, approved, "maker"), "approval-expired", 409)
    for status, approval in (("refused", refused), ("withdrawn", withdrawn), ("expired", expired)):
        listed = {a["id"]: a["status"] for a in done(maker.http.get("/approvals", params={"status": status}))["items"]}
        assert listed[approval] == status
        assert set(listed.values()) == {status}
    assert expired not in {a["id"] for a in done(maker.http.get("/approvals", params={"status": "signed"}))["items"]}
