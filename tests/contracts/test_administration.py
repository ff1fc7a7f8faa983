"""Policy, currencies, wiring, pause, and the contracts' own calls to each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eth_utils import keccak

from tests.contracts import signing
from tests.contracts.chain import key_of
from tests.contracts.constants import FACE, LINE, POLICY, PRODUCT, TENOR, ZERO_ADDRESS
from tests.contracts.twin import Actor, Twin
from tests.reference.arithmetic import start_of
from tests.reference.notes import Policy

NAMES = {
    "default_tenor_days": "defaultTenorDays",
    "hard_tenor_days": "hardTenorDays",
    "terms_days": "termsDays",
    "tier_limit": "tierLimit",
    "grace_days": "graceDays",
    "overdue_rate_bps": "overdueRateBps",
    "offer_lifetime_days": "offerLifetimeDays",
    "min_child_value": "minChildValue",
}


def terms(policy: Policy) -> tuple[Any, ...]:
    return tuple(getattr(policy, name) for name in policy.__dataclass_fields__)


@pytest.mark.parametrize(
    ("field", "value", "bound"),
    [
        ("hard_tenor_days", 366, 365),
        ("hard_tenor_days", 0, 1),
        ("default_tenor_days", 301, 300),
        ("terms_days", 366, 365),
        ("tier_limit", 17, 16),
        ("tier_limit", 0, 1),
        ("grace_days", 31, 30),
        ("overdue_rate_bps", 2_401, 2_400),
        ("offer_lifetime_days", 91, 90),
        ("offer_lifetime_days", 0, 1),
        ("min_child_value", 0, 1),
    ],
)
def test_policy_has_hard_caps(twin: Twin, field: str, value: int, bound: int) -> None:
    policy = replace(POLICY, hard_tenor_days=300, default_tenor_days=0)
    desk = twin.deployment["IssuanceDesk"]
    officer = twin.deployment.officer_of("IssuanceDesk", "setPolicy")
    refusal = desk.refusal("setPolicy", terms(replace(policy, **{field: value})), sender=officer.address)
    assert refusal == ("PolicyOutOfBounds", (NAMES[field], value, bound))
    inside = replace(policy, **{field: bound})
    assert desk.refusal("setPolicy", terms(inside), sender=officer.address) is None


def test_policy_is_copied_and_changes_nothing_confirmed(twin: Twin, core: Actor, held: int, tier1: Actor) -> None:
    other = Policy(
        default_tenor_days=1,
        hard_tenor_days=TENOR,
        terms_days=1,
        tier_limit=2,
        grace_days=0,
        overdue_rate_bps=1,
        offer_lifetime_days=1,
        min_child_value=7,
        registry_required=False,
    )
    twin.set_policy(other)
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)])
    receivables = twin.model.world.ledger.receivables
    assert (receivables[1].policy, receivables[2].policy) == (POLICY, other)
    with twin.refused("TenorOverPolicy", TENOR + 1, TENOR):
        twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR + 1)])


def test_grace_may_be_none(twin: Twin, core: Actor, tier1: Actor, rando: Actor) -> None:
    twin.set_policy(replace(POLICY, grace_days=0))
    twin.confirm(core.key, [twin.item(tier1.party, FACE, 1)])
    twin.accept(tier1.key, 1)
    twin.move_to(start_of(twin.today + 2))
    twin.declare_overdue(rando.key, 1)


def test_currencies_are_contracts_and_allowed_once(twin: Twin) -> None:
    officer = twin.deployment.officers["policy"].address
    issuance = twin.deployment["IssuanceDesk"]
    assert issuance.call("currencyOf", twin.token(1)) == 1
    refusal = issuance.refusal("allowCurrency", twin.token(1), sender=officer)
    assert refusal == ("CurrencyAlreadyAllowed", (twin.token(1), 1))
    nothing = key_of("nothing here").address
    assert issuance.refusal("allowCurrency", nothing, sender=officer) == ("InvalidToken", (nothing,))


def test_before_any_policy_nothing_is_issued(twin: Twin) -> None:
    deployment = twin.deployment
    names = ("AccessManager", "Forwarder", "ParticipantRegistry", "CreditRegister", "ReceivableNotes")
    addresses = [deployment[name].address for name in names]
    desk = deployment.deploy("IssuanceDesk", *addresses, alias="bare")
    deployment.administer("ReceivableNotes", "setDesk", desk.address, True)
    core, tier1 = twin.actors["core"], twin.actors["tier1"]
    item, word = twin.item(tier1.party, FACE, TENOR), twin.attest()
    row = signing.confirmation_tuple(item)
    signature = twin.sign_batch(core.party, 1, [item], word)
    refusal = desk.refusal(
        "confirm", 1, [row], (word.signer, word.nonce, word.deadline, signature), sender=core.address
    )
    assert refusal == ("TenorOverPolicy", (TENOR, 0))
    deployment.contracts.pop("bare")


def test_a_desk_or_writer_is_taken_off_at_once(twin: Twin, held: int, core: Actor, tier1: Actor) -> None:
    deployment = twin.deployment
    repayment, issuance = deployment["RepaymentDesk"], deployment["IssuanceDesk"]
    deployment.administer("ReceivableNotes", "setDesk", repayment.address, False)
    refusal = repayment.refusal("repay", [held], core.cash.address, FACE, sender=core.address)
    assert refusal == ("NotDesk", (repayment.address,))
    deployment.administer("CreditRegister", "setWriter", issuance.address, ZERO_ADDRESS)
    item, word = twin.item(tier1.party, FACE, TENOR), twin.attest()
    row = signing.confirmation_tuple(item)
    signature = twin.sign_batch(core.party, 1, [item], word)
    refusal = issuance.refusal(
        "confirm", 1, [row], (word.signer, word.nonce, word.deadline, signature), sender=core.address
    )
    assert refusal == ("NotWriter", (issuance.address,))


def test_a_line_freed_too_early_is_restored_whatever_the_limit(
    twin: Twin, held: int, core: Actor, rando: Actor
) -> None:
    credit, line = twin.deployment["CreditRegister"], (core.party, twin.token(1))
    twin.deployment.administer("CreditRegister", "setWriter", rando.address, twin.model.world.note_contract)
    twin.set_line(core.party, 1, 5)
    credit.do(rando.key, "free", *line, 10)
    assert credit.call("line", *line) == (5, FACE - 10)
    receipt = credit.do(rando.key, "restore", *line, 10)
    assert credit.call("line", *line) == (5, FACE)
    expected = {"debtor": core.party, "currency": twin.token(1), "used": FACE}
    assert credit.events(receipt, "LineUsed") == [expected]


def test_administration_waits_where_its_role_has_a_delay(twin: Twin, core: Actor) -> None:
    deployment = twin.deployment
    authority, credit = deployment["AccessManager"], deployment["CreditRegister"]
    officer = key_of("slow credit officer")
    deployment.fund(officer.address)
    authority.do(deployment.operator, "grantRole", 3, officer.address, 3_600)
    args = (core.party, twin.token(1), LINE + 1)
    refusal = credit.refusal("setLine", *args, sender=officer.address)
    assert refusal is not None
    assert refusal[0] == "AccessManagerNotScheduled"
    data = credit.data("setLine", *args)
    authority.do(officer, "schedule", credit.address, data, 0)
    due = twin.chain.now + 3_600
    refusal = credit.refusal("setLine", *args, sender=officer.address)
    assert refusal is not None
    assert refusal[0] == "AccessManagerNotReady"
    credit.do(officer, "setLine", *args, at=due)
    twin.model.now = twin.chain.now
    twin.model.set_line(*args)


def test_acts_return_what_they_made(twin: Twin, core: Actor, tier1: Actor, tier2: Actor, financier: Actor) -> None:
    notes, twin_tokens = twin.deployment["ReceivableNotes"], twin.deployment
    item, word = twin.item(tier1.party, FACE, TENOR), twin.attest()
    row = signing.confirmation_tuple(item)
    signature = twin.sign_batch(core.party, 1, [item], word)
    words = (word.signer, word.nonce, word.deadline, signature)
    assert twin_tokens["IssuanceDesk"].call("confirm", 1, [row], words, sender=core.address) == 1
    twin.confirm(core.key, [item], attestation=word, signature=signature)
    twin.accept(tier1.key, 1)
    rows = [(1, [(tier2.party, 500, keccak(b"trade")), (tier2.party, 500, keccak(b"trade"))])]
    assert notes.call("split", rows, sender=tier1.address) == 2
    quote = twin.quote(financier, 1)
    deal = (signing.quote_tuple(quote), twin.sign_quote(quote), FACE // 2, 0)
    assert twin_tokens["FinancingDesk"].call("finance", [deal, deal], sender=tier1.address) == (2, 3)
    total = twin_tokens["RepaymentDesk"].call("repay", [1], core.cash.address, FACE, sender=core.address)
    assert total == FACE


@pytest.mark.parametrize("contract", PRODUCT)
def test_every_contract_stays_under_its_size(artifacts: dict[str, Any], contract: str) -> None:
    code = artifacts[contract].get("deployedBytecode") or artifacts[contract].get("deployed_bytecode")
    if code is None:
        pytest.fail(f"{contract} has no deployed bytecode in its artifact: {sorted(artifacts[contract])}")
    assert len(code.removeprefix("0x")) // 2 < 22_000


def test_every_model_error_is_an_error_of_the_contracts(twin: Twin) -> None:
    """The model's words are the contracts' words, argument by argument."""
    import re
    from pathlib import Path

    known = {name: len(types) for name, types in twin.deployment.errors.known.values()}
    folder = Path(__file__).resolve().parents[1] / "reference"
    said = set[str]()
    for file in folder.glob("*.py"):
        said |= set(re.findall(r'"([A-Z][A-Za-z0-9]+)"', file.read_text(encoding="utf-8")))
    assert said - {"NONE"} <= set(known), said - set(known)
