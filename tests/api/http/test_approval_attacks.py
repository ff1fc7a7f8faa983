"""Attacks on the rule of two people, each of them made."""

from __future__ import annotations

import copy
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select, update

from api.chain.eip712 import typed_data_digest
from api.domain.operations import Contract
from api.domain.principal import PersonRole
from api.store.app.tables import approval_signatures, approvals, sessions
from tests.api.http.staff import Someone
from tests.api.http.town import check_problem
from tests.api.http.two import Json, Pair, Signer, done

ADMIN, MAKER, CHECKER, VIEWER = PersonRole
ROWS = {
    "currency": "CNY",
    "token": "0x" + "44" * 20,
    "count": "1",
    "amount": "1",
    "firstDue": "2026-01-01",
    "lastDue": "2026-01-01",
    "rowsHash": "0x" + "55" * 32,
}
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def prepared(pair: Pair, by: Signer | Someone) -> str:
    """An approval of a confirmation, that nobody has signed."""
    answer = by.http.post("/receivables", json=pair.confirmation(by.http))
    assert answer.status_code == 202, answer.text
    return str(answer.json()["approval"])


def made(pair: Pair, maker: Signer) -> str:
    """The same, signed by its maker."""
    approval = prepared(pair, maker)
    done(pair.sign(maker, approval, "maker"))
    return approval


def status(by: Signer, approval: str) -> tuple[str, int]:
    """How it stands, and how many operations came of it."""
    seen = done(by.http.get(f"/approvals/{approval}"))
    return seen["status"], len(seen["operations"])


# -- who signs


def test_one_person_cannot_be_two(pair: Pair) -> None:
    """Neither with both roles, nor with two accounts."""
    both = pair.signer("assembler", MAKER, CHECKER)
    approval = made(pair, both)
    check_problem(pair.sign(both, approval, "checker"), "same-person", 409)
    second = pair.new_account("assembler")
    assert both.someone.link(second).status_code == 200
    check_problem(pair.sign(Signer(both.someone, second), approval, "checker"), "same-person", 409)
    assert status(both, approval) == ("signed", 0)


def test_one_key_cannot_be_two_people(pair: Pair, maker: Signer) -> None:
    """An account that changes hands between the signatures."""
    first, second = pair.signer("assembler", MAKER), pair.person("assembler", CHECKER)
    approval = made(pair, first)
    assert first.http.delete(f"/auth/accounts/{first.account}").status_code == 204
    assert second.link(first.account).status_code == 200
    check_problem(pair.sign(Signer(second, first.account), approval, "checker"), "same-key", 409)
    assert status(maker, approval) == ("signed", 0)


def test_roles_are_needed_for_each_part(pair: Pair, maker: Signer, checker: Signer) -> None:
    approval = prepared(pair, maker)
    for who, part in ((checker, "maker"), (pair.signer("assembler", ADMIN), "maker")):
        check_problem(pair.sign(who, approval, part), "person-role-missing", 403)
    done(pair.sign(maker, approval, "maker"))
    for other in (pair.signer("assembler", MAKER), pair.signer("assembler", ADMIN)):
        check_problem(pair.sign(other, approval, "checker"), "person-role-missing", 403)
    viewer = pair.signer("assembler", VIEWER)
    check_problem(pair.sign(viewer, approval, "checker"), "not-permitted", 403)
    assert status(maker, approval) == ("signed", 0)


def test_another_companys_person_signs_nothing(pair: Pair, maker: Signer) -> None:
    approval = made(pair, maker)
    typed = done(maker.http.get(f"/approvals/{approval}"))["typed_data"]
    stranger = pair.signer("smith", MAKER, CHECKER)
    body = {
        "by": "wallet",
        "part": "checker",
        "account": stranger.account,
        "signature": pair.signature(stranger, typed),
    }
    answer = stranger.http.post(f"/approvals/{approval}/signatures", json=body)
    check_problem(answer, "unknown-approval", 404)
    for step in ("refuse", "withdraw"):
        check_problem(stranger.http.post(f"/approvals/{approval}/{step}"), "unknown-approval", 404)
    assert status(maker, approval) == ("signed", 0)


def test_an_account_that_is_not_ones_own(pair: Pair, maker: Signer, checker: Signer) -> None:
    """The maker's signature handed in by the checker as its own, and a key that the company's chain knows but nobody linked."""
    approval = made(pair, maker)
    unlinked = pair.new_account("assembler")
    relayer = pair.stack.settings.relayer
    operator = pair.stack.signer.accounts()[0]
    for account in (maker.account, unlinked, relayer, operator):
        answer = pair.sign(Signer(checker.someone, account), approval, "checker")
        check_problem(answer, "approval-signature-invalid", 403)
    assert status(maker, approval) == ("signed", 0)


# -- what is signed


def test_a_signature_over_something_else(pair: Pair, maker: Signer, checker: Signer) -> None:
    approval, other = made(pair, maker), made(pair, maker)
    typed = done(checker.http.get(f"/approvals/{approval}"))["typed_data"]

    def refused(changed: Json) -> None:
        signature = pair.signature(checker, changed)
        answer = pair.sign(checker, approval, "checker", signature=signature)
        check_problem(answer, "approval-signature-invalid", 403)

    refused(done(checker.http.get(f"/approvals/{other}"))["typed_data"])
    for name, value in (("chainId", 1), ("verifyingContract", "0x" + "22" * 20), ("name", "Other"), ("version", "2")):
        changed = copy.deepcopy(typed)
        changed["domain"][name] = value
        refused(changed)
    changes: dict[str, Any] = {
        "id": other,
        "party": str(pair.companies["smith"]),
        "kind": "pay",
        "deadline": str(int(typed["message"]["deadline"]) + 1),
        "amounts": [],
        "calls": [],
        "rows": [ROWS],
        "thresholds": [{"kind": "pay", "currency": "CNY", "amount": "1"}],
    }
    assert changes.keys() == typed["message"].keys()
    for name, value in changes.items():
        changed = copy.deepcopy(typed)
        changed["message"][name] = value
        refused(changed)
    for name in ("contract", "account", "data"):
        changed = copy.deepcopy(typed)
        changed["message"]["calls"][0][name] = "0x" + "33" * 20
        refused(changed)
    assert status(maker, approval) == ("signed", 0)


def test_a_malleated_signature_and_others_that_are_none(pair: Pair, maker: Signer, checker: Signer) -> None:
    approval = made(pair, maker)
    good = pair.signature(checker, done(checker.http.get(f"/approvals/{approval}"))["typed_data"])
    data = bytes.fromhex(good[2:])
    high = ORDER - int.from_bytes(data[32:64], "big")
    malleated = data[:32] + high.to_bytes(32, "big") + bytes([55 - data[64]])
    for bad in (malleated, data[:64], data[:64] + b"\x00", data + b"\x00", b"\x00" * 65):
        answer = pair.sign(checker, approval, "checker", signature="0x" + bad.hex())
        check_problem(answer, "approval-signature-invalid", 403)
    assert done(pair.sign(checker, approval, "checker", signature=good))["status"] == "executed"


def test_an_approval_is_carried_out_once(pair: Pair, maker: Signer, checker: Signer) -> None:
    """Replayed by the same people, by others, and by both signing parts again."""
    approval = made(pair, maker)
    assert done(pair.sign(checker, approval, "checker"))["status"] == "executed"
    for who, part in ((checker, "checker"), (maker, "maker")):
        again = done(pair.sign(who, approval, part))
        assert (again["status"], len(again["operations"]), len(again["signatures"])) == ("executed", 1, 2)
    third = pair.signer("assembler", MAKER, CHECKER)
    for part in ("maker", "checker"):
        check_problem(pair.sign(third, approval, part), "approval-not-waiting", 409)
    for who, step in ((checker, "refuse"), (maker, "withdraw")):
        check_problem(who.http.post(f"/approvals/{approval}/{step}"), "approval-not-waiting", 409)
    assert status(maker, approval) == ("executed", 1)


def test_two_checkers_at_once(pair: Pair, maker: Signer) -> None:
    checkers = [pair.signer("assembler", CHECKER) for _ in range(4)]
    approval = made(pair, maker)
    with ThreadPoolExecutor(len(checkers)) as pool:
        answers = list(pool.map(lambda one: pair.sign(one, approval, "checker"), checkers))
    assert sorted(a.status_code for a in answers) == [200, 409, 409, 409]
    assert status(maker, approval) == ("executed", 1)


# -- what is stored


def typed_data_of(pair: Pair, approval: str) -> Json:
    query = select(approvals.c.typed_data).where(approvals.c.id == approval)
    return dict(json.loads(pair.guarded.database.read_now(lambda c: c.execute(query).scalar_one())))


def tamper(pair: Pair, approval: str, **columns: Any) -> None:
    change = update(approvals).where(approvals.c.id == approval).values(columns)
    pair.guarded.database.write_now(lambda c: c.execute(change))


@pytest.mark.parametrize("also_the_digest", [False, True])
def test_what_was_altered_in_the_database_is_not_carried_out(
    pair: Pair, maker: Signer, checker: Signer, also_the_digest: bool
) -> None:
    """Somebody who can write into the database puts another call in the place of the one that the maker signed."""
    approval, other = made(pair, maker), prepared(pair, maker)
    altered, donor = typed_data_of(pair, approval), typed_data_of(pair, other)
    altered["message"]["calls"] = donor["message"]["calls"]
    columns: dict[str, Any] = {"typed_data": json.dumps(altered, separators=(",", ":"), ensure_ascii=False)}
    if also_the_digest:
        columns["digest"] = "0x" + typed_data_digest(altered).hex()
    tamper(pair, approval, **columns)
    rule = "signature-void" if also_the_digest else "approval-altered"
    check_problem(pair.sign(checker, approval, "checker"), rule, 409)
    assert status(maker, approval) == ("signed", 0)


@pytest.mark.parametrize(
    "columns",
    [{"deadline": 2_000_000_000}, {"kind": "accounts"}, {"digest": "0x" + "11" * 32}],
    ids=lambda c: next(iter(c)),
)
def test_nor_what_its_row_says_otherwise(pair: Pair, maker: Signer, checker: Signer, columns: Json) -> None:
    approval = made(pair, maker)
    tamper(pair, approval, **columns)
    check_problem(pair.sign(checker, approval, "checker"), "approval-altered", 409)
    assert status(maker, approval) == ("signed", 0)


def test_a_makers_signature_that_was_put_there(pair: Pair, maker: Signer, checker: Signer) -> None:
    """A status and a signature written into the database make no maker."""
    approval = made(pair, maker)
    forged = update(approval_signatures).where(approval_signatures.c.approval == approval)
    values = {"signature": "0x" + "1b" * 65}
    pair.guarded.database.write_now(lambda c: c.execute(forged.values(values)))
    check_problem(pair.sign(checker, approval, "checker"), "signature-void", 409)
    bare = prepared(pair, maker)
    tamper(pair, bare, status="signed")
    check_problem(pair.sign(checker, bare, "checker"), "approval-not-waiting", 409)
    tamper(pair, bare, status="approved")
    assert [status(maker, a)[1] for a in (approval, bare)] == [0, 0]


# -- what happened in between


def test_signatures_of_who_may_no_more(pair: Pair, checker: Signer) -> None:
    """The maker is disabled, loses the role, ends the session, or the key, before the checker signs."""
    admin = pair.person("assembler", ADMIN)

    def void(reason: str, by: Signer, approval: str) -> None:
        problem = check_problem(pair.sign(checker, approval, "checker"), "signature-void", 409)
        assert (problem["evidence"]["person"], problem["evidence"]["reason"]) == (by.id, reason)
        assert status(checker, approval) == ("signed", 0)

    one = pair.signer("assembler", MAKER)
    approval = made(pair, one)
    done(admin.http.put(f"/people/{one.id}/roles", json={"roles": ["viewer"]}))
    void("role", one, approval)
    done(admin.http.put(f"/people/{one.id}/roles", json={"roles": ["maker"]}))
    done(admin.http.post(f"/people/{one.id}/disable"))
    void("disabled", one, approval)
    done(admin.http.post(f"/people/{one.id}/enable"))
    void("session", one, approval)

    leaving = pair.signer("assembler", MAKER)
    approval = made(pair, leaving)
    assert leaving.http.delete("/auth/sessions/current").status_code == 204
    void("session", leaving, approval)

    unlinking = pair.signer("assembler", MAKER)
    approval = made(pair, unlinking)
    assert unlinking.http.delete(f"/auth/accounts/{unlinking.account}").status_code == 204
    void("key", unlinking, approval)

    gone = pair.signer("assembler", MAKER)
    approval = made(pair, gone)
    pair.unbind(gone.account, "assembler")
    void("key", gone, approval)


def test_a_maker_who_ran_out_of_time_has_signed_all_the_same(pair: Pair, checker: Signer) -> None:
    """A session that ends by itself takes nothing back: a checker may come after the maker has gone home."""
    maker = pair.signer("assembler", MAKER)
    approval = made(pair, maker)
    over = update(sessions).where(sessions.c.id == maker.someone.session).values(seen_at=1, expires_at=2)
    pair.guarded.database.write_now(lambda c: c.execute(over))
    assert done(pair.sign(checker, approval, "checker"))["status"] == "executed"


def test_a_rule_that_refuses_by_now_leaves_it_open(pair: Pair, maker: Signer, checker: Signer) -> None:
    """One invoice under two approvals: with the first it is claimed, and the second says so before anybody signs it off."""
    body = pair.confirmation(maker.http)
    first, second = (done(maker.http.post("/receivables", json=body))["approval"] for _ in range(2))
    assert first != second
    for approval in (first, second):
        done(pair.sign(maker, approval, "maker"))
    pair.ended(maker.http, done(pair.sign(checker, first, "checker")))
    check_problem(pair.sign(checker, second, "checker"), "over-invoice", 409)
    assert status(maker, second) == ("signed", 0)


# -- bodies


def test_fields_that_are_not_asked_for(pair: Pair, maker: Signer, checker: Signer) -> None:
    approval = prepared(pair, maker)
    core = pair.companies["assembler"]
    signing = {"by": "wallet", "part": "maker", "account": maker.account, "signature": "0x" + "1b" * 65}
    asking = {"act": "confirm", "request": pair.confirmation(maker.http)}
    thresholds = {"party": core, "thresholds": [{"kind": "pay", "currency": "CNY", "amount": "1"}]}
    admin = pair.person("assembler", ADMIN)
    for who, path, body, more in (
        (maker, f"/approvals/{approval}/signatures", signing, {"person": checker.id}),
        (maker, f"/approvals/{approval}/signatures", signing, {"status": "executed"}),
        (maker, f"/approvals/{approval}/signatures", signing, {"code": "123456"}),
        (maker, "/approvals", asking, {"status": "executed"}),
        (maker, "/approvals", asking, {"signatures": []}),
        (maker, "/approvals", asking, {"party": 0}),
        (maker, "/approvals", {**asking, "request": {**asking["request"], "approval": approval}}, {}),
        (admin, "/approvals/thresholds", thresholds, {"kind": "finance"}),
        (maker, "/receivables", asking["request"], {"approval": approval}),
        (maker, "/auth/signing-key", {"code": "123456"}, {"account": maker.account}),
    ):
        check_problem(who.http.post(path, json={**body, **more}), "request-invalid", 422)
    accounts = {"party": core, "thresholds": [{"kind": "accounts", "currency": "CNY", "amount": "1"}]}
    check_problem(admin.http.post("/approvals/thresholds", json=accounts), "request-invalid", 422)
    for part in ("", "admin", "MAKER"):
        bad = {**signing, "part": part}
        check_problem(maker.http.post(f"/approvals/{approval}/signatures", json=bad), "request-invalid", 422)
    assert status(maker, approval) == ("prepared", 0)


def test_nothing_reached_the_chain_but_what_two_signed(pair: Pair, maker: Signer) -> None:
    """Last in the file: debts on the chain and approvals executed are the same number."""
    executed, cursor = 0, None
    while True:
        query = {"status": "executed", "limit": "100", **({"cursor": cursor} if cursor else {})}
        page = done(maker.http.get("/approvals", params=query))
        executed += sum(len(pair.ended(maker.http, one)) for one in page["items"])
        if (cursor := page["next"]) is None:
            break
    assert executed > 0
    assert pair.stack.view(Contract.NOTES, "receivableCount") == executed
