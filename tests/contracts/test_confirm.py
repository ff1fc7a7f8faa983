"""Confirmation: each rule tried alone, and what a good one writes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_utils import keccak

from tests.contracts.constants import FACE, LINE, POLICY, TENOR, ZERO_HASH
from tests.contracts.twin import Actor, Twin
from tests.reference.notes import ReceivableFlag
from tests.reference.parties import Role


def test_a_batch_is_confirmed_in_order(twin: Twin, core: Actor, tier1: Actor, tier2: Actor) -> None:
    items = [twin.item(tier1.party, FACE, TENOR), twin.item(tier2.party, 1, 0), twin.item(tier1.party, 2, 365)]
    first = twin.confirm(core.key, items)
    books = twin.model.world.ledger
    assert [books.receivables[first + i].face for i in range(3)] == [FACE, 1, 2]
    assert books.receivables[first + 2].flags & ReceivableFlag.LONG_TENOR
    assert books.receivables[first].flags & ReceivableFlag.LONG_TERMS
    assert not books.receivables[first + 1].flags & (ReceivableFlag.LONG_TENOR | ReceivableFlag.LONG_TERMS)


def test_the_registrars_word_is_on_record(twin: Twin, core: Actor, tier1: Actor, registrar: Actor) -> None:
    word, item = twin.attest(), twin.item(tier1.party, FACE, TENOR)
    twin.confirm(core.key, [item], attestation=word)
    assert twin.last is not None
    (used,) = twin.deployment["CreditRegister"].events(twin.last, "AttestationUsed")
    assert (used["signer"], used["nonce"]) == (registrar.address, word.nonce)


def test_flags_turn_just_above_their_limits(twin: Twin, core: Actor, tier1: Actor) -> None:
    today = twin.today
    items = [
        twin.item(tier1.party, FACE, 183, delivery_day=today),
        twin.item(tier1.party, FACE, 184, delivery_day=today),
        twin.item(tier1.party, FACE, 60, delivery_day=today),
        twin.item(tier1.party, FACE, 60, delivery_day=today - 1),
    ]
    first = twin.confirm(core.key, items)
    flags = [twin.model.world.ledger.receivables[first + i].flags for i in range(4)]
    assert [bool(flag & ReceivableFlag.LONG_TENOR) for flag in flags] == [False, True, False, False]
    assert [bool(flag & ReceivableFlag.LONG_TERMS) for flag in flags] == [True, True, False, True]


def test_refuses_more_than_the_line(twin: Twin, core: Actor, tier1: Actor) -> None:
    twin.confirm(core.key, [twin.item(tier1.party, LINE - 10, TENOR)])
    with twin.refused("OverLine", core.party, twin.token(1), 11, 10):
        twin.confirm(core.key, [twin.item(tier1.party, 6, TENOR), twin.item(tier1.party, 5, TENOR)])
    twin.confirm(core.key, [twin.item(tier1.party, 10, TENOR)])
    twin.set_line(core.party, 1, LINE // 2)
    with twin.refused("OverLine", core.party, twin.token(1), 1, 0):
        twin.confirm(core.key, [twin.item(tier1.party, 1, TENOR)])


def test_lines_are_per_currency(twin: Twin, core: Actor, tier1: Actor) -> None:
    twin.set_line(core.party, 2, 5)
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)], currency=1)
    with twin.refused("OverLine", core.party, twin.token(2), 6, 5):
        twin.confirm(core.key, [twin.item(tier1.party, 6, TENOR)], currency=2)


def test_refuses_a_tenor_over_policy(twin: Twin, core: Actor, tier1: Actor) -> None:
    with twin.refused("TenorOverPolicy", 366, 365):
        twin.confirm(core.key, [twin.item(tier1.party, FACE, 366)])


def test_refuses_a_due_day_past(twin: Twin, core: Actor, tier1: Actor) -> None:
    with twin.refused("DueDayPast", twin.today - 1, twin.today):
        twin.confirm(core.key, [twin.item(tier1.party, FACE, -1)])


def test_refuses_a_delivery_to_come(twin: Twin, core: Actor, tier1: Actor) -> None:
    with twin.refused("DeliveryAfterToday", twin.today + 1, twin.today):
        twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR, delivery_day=twin.today + 1)])


def test_refuses_zero(twin: Twin, core: Actor, tier1: Actor) -> None:
    with twin.refused("ZeroAmount"):
        twin.confirm(core.key, [twin.item(tier1.party, 0, TENOR)])


def test_refuses_an_empty_batch(twin: Twin, core: Actor) -> None:
    with twin.refused("NothingToConfirm"):
        twin.confirm(core.key, [])


def test_refuses_no_evidence(twin: Twin, core: Actor, tier1: Actor) -> None:
    with twin.refused("EvidenceMissing"):
        twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR, evidence=ZERO_HASH)])


def test_refuses_an_unknown_currency(twin: Twin, core: Actor, tier1: Actor) -> None:
    for unknown in (0, 5):
        with twin.refused("UnknownCurrency", unknown):
            twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)], currency=unknown)


def test_refuses_a_debtor_that_is_its_creditor(twin: Twin, core2: Actor) -> None:
    with twin.refused("CreditorIsDebtor", core2.party):
        twin.confirm(core2.key, [twin.item(core2.party, FACE, TENOR)])


def test_refuses_a_debtor_that_is_no_core_enterprise(twin: Twin, tier1: Actor, tier2: Actor) -> None:
    twin.set_line(tier1.party, 1, LINE)
    with twin.refused("MissingRole", tier1.party, int(Role.SUPPLIER), int(Role.CORE_ENTERPRISE)):
        twin.confirm(tier1.key, [twin.item(tier2.party, FACE, TENOR)])


def test_refuses_a_suspended_debtor(twin: Twin, core: Actor, tier1: Actor) -> None:
    twin.suspend(core.party)
    with twin.refused("PartyIsSuspended", core.party):
        twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)])


def test_refuses_a_creditor_that_is_no_supplier(twin: Twin, core: Actor, financier: Actor) -> None:
    with twin.refused("MissingRole", financier.party, int(Role.FINANCIER), int(Role.SUPPLIER)):
        twin.confirm(core.key, [twin.item(financier.party, FACE, TENOR)])
    with twin.refused("UnknownParty", 99):
        twin.confirm(core.key, [twin.item(99, FACE, TENOR)])


def test_refuses_a_suspended_or_expired_creditor(twin: Twin, core: Actor, tier1: Actor, tier2: Actor) -> None:
    twin.suspend(tier1.party)
    with twin.refused("PartyIsSuspended", tier1.party):
        twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)])
    twin.renew_identity(tier2.party, twin.today)
    twin.move_to(twin.chain.now + 86_400)
    with twin.refused("IdentityExpired", tier2.party, twin.today - 1):
        twin.confirm(core.key, [twin.item(tier2.party, FACE, TENOR)])


def test_refuses_a_debtor_declared_overdue(twin: Twin, core: Actor, held: int, tier1: Actor) -> None:
    receivable = twin.model.world.ledger.notes[held].receivable
    twin.move_to(twin.chain.now + (TENOR + POLICY.grace_days + 1) * 86_400)
    twin.declare_overdue(tier1.key, receivable)
    with twin.refused("DebtorOverdue", core.party, 1):
        twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)])
    twin.repay(core.key, held, payer=core.cash.address)
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)])


def test_refuses_while_paused(twin: Twin, core: Actor, tier1: Actor) -> None:
    twin.set_paused(True)
    with twin.refused("ProtocolPaused"):
        twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)])


# -- the registrar's attestation


def test_refuses_an_attestation_too_late(twin: Twin, core: Actor, tier1: Actor) -> None:
    deadline = twin.chain.now - 1
    with twin.refused("AttestationExpired", deadline):
        twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)], attestation=twin.attest(deadline=deadline))


def test_refuses_an_attestation_used_already(twin: Twin, core: Actor, tier1: Actor, registrar: Actor) -> None:
    word = twin.attest()
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)], attestation=word)
    with twin.refused("AttestationUsedAlready", registrar.address, word.nonce):
        twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)], attestation=word)


def test_attestation_nonces_need_no_order(twin: Twin, core: Actor, tier1: Actor) -> None:
    for nonce in (2**256 - 1, 255, 256, 0, 2**255):
        word = twin.attest(nonce=nonce)
        twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)], attestation=word)


def test_refuses_an_attester_that_is_no_registrar(twin: Twin, core: Actor, tier1: Actor) -> None:
    with twin.refused("MissingRole", core.party, int(Role.CORE_ENTERPRISE), int(Role.REGISTRAR)):
        twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)], attestation=twin.attest(signer=core.address))


def test_refuses_a_suspended_registrar(twin: Twin, core: Actor, tier1: Actor, registrar: Actor) -> None:
    twin.suspend(registrar.party)
    with twin.refused("PartyIsSuspended", registrar.party):
        twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)])


@pytest.mark.parametrize(
    "change",
    ["creditor", "amount", "delivery_day", "due_day", "evidence", "invoices"],
)
def test_refuses_an_attestation_of_other_terms(
    twin: Twin, core: Actor, tier1: Actor, tier2: Actor, registrar: Actor, change: str
) -> None:
    item = twin.item(tier1.party, FACE, TENOR)
    others = {
        "creditor": tier2.party,
        "amount": FACE + 1,
        "delivery_day": item.delivery_day - 1,
        "due_day": item.due_day + 1,
        "evidence": keccak(text="other evidence"),
        "invoices": (replace(item.invoices[0], invoice_amount=FACE + 1),),
    }
    changes = {change: others[change]}
    if change == "amount":
        changes["invoices"] = (replace(item.invoices[0], invoice_amount=FACE + 1, claimed=FACE + 1),)
    word = twin.attest()
    signature = twin.sign_batch(core.party, 1, [item], word)
    with twin.refused("AttestationInvalid", registrar.address, ...):
        twin.confirm(
            core.key,
            [replace(item, **changes)],
            attestation=replace(word, valid=False),
            signature=signature,
        )


def test_refuses_an_attestation_for_another_debtor_or_currency(
    twin: Twin, core: Actor, core2: Actor, tier1: Actor, registrar: Actor
) -> None:
    item, word = twin.item(tier1.party, FACE, TENOR), twin.attest()
    for debtor, currency in ((core2.party, 1), (core.party, 2)):
        signature = twin.sign_batch(debtor, currency, [item], word)
        with twin.refused("AttestationInvalid", registrar.address, ...):
            twin.confirm(core.key, [item], attestation=replace(word, valid=False), signature=signature)
