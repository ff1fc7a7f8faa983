"""Acts that need two people of a company, from the asking to the chain."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.domain.principal import PersonRole
from tests.api.http.town import check_problem
from tests.api.http.two import Pair, Signer, done, recovered, two_people

ADMIN, MAKER, CHECKER, VIEWER = PersonRole


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with two_people(tmp_path_factory.mktemp("approving")) as pair:
        yield pair


@pytest.fixture(scope="module")
def maker(pair: Pair) -> Signer:
    return pair.signer("assembler", MAKER)


@pytest.fixture(scope="module")
def checker(pair: Pair) -> Signer:
    return pair.signer("assembler", CHECKER)


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
