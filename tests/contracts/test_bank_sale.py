"""Sales whose cash a bank carries: reserved, delivered, declined, lapsed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.contracts import signing
from tests.contracts.chain import key_of
from tests.contracts.constants import CNY, FACE, GRACE, MINIMUM, TENOR, USD, ZERO_HASH
from tests.contracts.twin import Actor, Twin
from tests.reference.arithmetic import start_of
from tests.reference.banking import CUTOFF_DAYS, RESERVATION_DAYS, Line
from tests.reference.banks import Outcome
from tests.reference.financing import Deal
from tests.reference.notes import NoteFlag, NoteStatus
from tests.reference.parties import Right
from tests.reference.passing import Portion

PART = FACE // 4


@pytest.fixture
def note(twin: Twin, core: Actor, tier1: Actor) -> int:
    """A note of tier 1 in CNY on the bank rail."""
    receivable = twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)], currency=3)
    root = twin.model.world.ledger.receivables[receivable].root
    twin.accept(tier1.key, root)
    return root


@pytest.fixture
def deal(twin: Twin, note: int, financier: Actor) -> Deal:
    return Deal(twin.bank_quote(financier, note), PART)


@pytest.fixture
def reservation(twin: Twin, deal: Deal, tier1: Actor) -> bytes:
    return twin.reserve_sale(tier1.key, deal)


def price(twin: Twin, reservation: bytes) -> int:
    return twin.model.world.banks.sales[reservation].price


def line(twin: Twin, reservation: bytes, **changes: Any) -> Line:
    """What the bank pays for a sale."""
    sale = twin.model.world.banks.sales[reservation]
    return replace(Line(sale.note, sale.seller, sale.price), **changes)


# -- the way through


def test_i_07_a_note_passes_against_just_the_price_that_a_bank_paid(
    twin: Twin, note: int, deal: Deal, reservation: bytes, rando: Actor, financier: Actor
) -> None:
    paid = twin.payment(reservation, line(twin, reservation))
    for wrong in (paid.lines[0].amount - 1, paid.lines[0].amount + 1):
        with twin.refused("AmountNotExact", note, paid.lines[0].amount, wrong):
            twin.attest_payment(rando.key, replace(paid, lines=(replace(paid.lines[0], amount=wrong),)))
    with twin.refused("AmountNotExact", note, paid.lines[0].amount, 0):
        twin.attest_payment(rando.key, replace(paid, lines=(replace(paid.lines[0], refused=True),)))
    assert twin.attest_payment(rando.key, paid) is None
    child = twin.model.world.ledger.notes[note + 1]
    assert (child.value, child.holder, child.flags) == (PART, financier.party, NoteFlag.ACCEPTED | NoteFlag.FINANCED)
    assert twin.model.world.ledger.status(note, twin.today) == NoteStatus.HELD
    desk = twin.deployment["BankSaleDesk"]
    assert twin.last is not None
    assert desk.events(twin.last, "SaleDelivered") == [
        {"reservation": reservation, "note": note, "child": note + 1, "paymentReference": paid.reference}
    ]


def test_a_reservation_tells_its_terms(twin: Twin, note: int, deal: Deal, reservation: bytes, financier: Actor) -> None:
    assert twin.last is not None
    told = twin.deployment["BankSaleDesk"].events(twin.last, "SaleReserved")
    sale = twin.model.world.banks.sales[reservation]
    assert told == [
        {
            "reservation": reservation,
            "note": note,
            "financier": financier.party,
            "sale": tuple(getattr(sale, name) for name in sale.__dataclass_fields__),
        }
    ]
    events = twin.deployment["BankDesk"].events(twin.last, "Reserved")
    assert [(e["reservation"], e["lastDay"]) for e in events] == [(reservation, twin.today + 2)]


def test_the_whole_note_with_recourse(twin: Twin, note: int, tier1: Actor, financier: Actor) -> None:
    """The seller answers as of the day on which the bank paid."""
    reservation = twin.reserve_sale(tier1.key, Deal(twin.bank_quote(financier, note, recourse=True), FACE))
    paid_on, paid = twin.today, price(twin, reservation)
    payment = twin.payment(reservation, line(twin, reservation))
    twin.move_to(start_of(paid_on + 1))
    assert twin.attest_payment(tier1.key, replace(payment, deadline=twin.chain.now + 60)) is None
    assert twin.model.world.ledger.status(note, twin.today) == NoteStatus.SPENT
    sale, origin = twin.deployment["FinancingDesk"].call("saleOf", note + 1)
    assert (tuple(sale), origin) == ((tier1.party, FACE, paid, 600, paid_on), note + 1)


def test_recourse_on_this_rail_is_demanded_and_paid_elsewhere(
    twin: Twin, note: int, tier1: Actor, financier: Actor
) -> None:
    reservation = twin.reserve_sale(tier1.key, Deal(twin.bank_quote(financier, note, recourse=True), FACE))
    twin.attest_payment(tier1.key, twin.payment(reservation, line(twin, reservation)))
    twin.move_to(start_of(twin.model.world.ledger.receivables[1].due_day + GRACE + 1))
    twin.declare_overdue(key_of("rando"), 1)
    twin.demand(financier.key, note + 1)
    with twin.refused("OnBankRail", CNY):
        twin.honour(tier1.key, note + 1, payer=tier1.cash.address)


def test_a_recourse_rate_that_is_not_kept_is_refused_before_the_bank_pays(
    twin: Twin, core: Actor, tier1: Actor, financier: Actor
) -> None:
    twin.confirm(core.key, [twin.item(tier1.party, FACE, 20)], currency=3)
    twin.accept(tier1.key, 1)
    quote = twin.bank_quote(financier, 1, recourse=True, rate_bps=2**16)
    with twin.refused("RecourseRateTooHigh", 2**16, 2**16 - 1):
        twin.reserve_sale(tier1.key, Deal(quote, FACE))
    twin.reserve_sale(tier1.key, Deal(replace(quote, recourse=False), FACE))


def test_early_payment_by_the_debtor_is_extinguished(twin: Twin, note: int, core: Actor, tier1: Actor) -> None:
    quote = twin.bank_quote(core, note, registry_reference=ZERO_HASH)
    reservation = twin.reserve_sale(tier1.key, Deal(quote, PART))
    assert twin.attest_payment(tier1.key, twin.payment(reservation, line(twin, reservation))) is None
    assert twin.model.world.ledger.receivables[1].outstanding == FACE - PART
    assert len(twin.model.world.ledger.notes) == 1


def test_financiers_sell_on_to_financiers(
    twin: Twin, note: int, reservation: bytes, tier1: Actor, financier: Actor, financier2: Actor
) -> None:
    twin.attest_payment(tier1.key, twin.payment(reservation, line(twin, reservation)))
    again = twin.reserve_sale(financier.key, Deal(twin.bank_quote(financier2, note + 1), PART))
    assert twin.attest_payment(tier1.key, twin.payment(again, line(twin, again))) is None
    assert twin.model.world.ledger.notes[note + 2].holder == financier2.party


def test_the_price_is_that_of_the_reservation(twin: Twin, reservation: bytes, tier1: Actor) -> None:
    fixed = price(twin, reservation)
    twin.move_to(start_of(twin.today + 2))
    assert twin.attest_payment(tier1.key, twin.payment(reservation, line(twin, reservation, amount=fixed))) is None


def test_what_was_agreed_stands(
    twin: Twin, note: int, deal: Deal, reservation: bytes, tier1: Actor, financier: Actor
) -> None:
    """A quote cancelled, an epoch raised, a party suspended: the bank may have paid by then."""
    paid = twin.payment(reservation, line(twin, reservation))
    twin.cancel_quote(financier.key, deal.quote.nonce)
    twin.raise_epoch(financier.key)
    twin.suspend(financier.party)
    twin.suspend(tier1.party)
    assert twin.attest_payment(key_of("rando"), paid) is None
    assert twin.model.world.ledger.notes[note + 1].holder == financier.party


# -- a reserved note does not move


def test_a_reserved_note_does_not_move(
    twin: Twin, note: int, reservation: bytes, core: Actor, tier1: Actor, tier2: Actor, financier: Actor
) -> None:
    with twin.refused("NotHeld", note, NoteStatus.RESERVED):
        twin.split(tier1.key, (note, [Portion(tier2.party, PART)]))
    with twin.refused("NotHeld", note, NoteStatus.RESERVED):
        twin.reserve_sale(tier1.key, Deal(twin.bank_quote(financier, note), PART))
    due_day = twin.model.world.ledger.receivables[1].due_day
    twin.move_to(start_of(due_day - CUTOFF_DAYS))
    with twin.refused("NotDue", note, NoteStatus.RESERVED):
        twin.reserve_repayment(core.key, note)


def test_offers_of_a_reserved_note_come_back(
    twin: Twin, note: int, tier1: Actor, tier2: Actor, financier: Actor
) -> None:
    twin.split(tier1.key, (note, [Portion(tier2.party, PART)]))
    reservation = twin.reserve_sale(tier1.key, Deal(twin.bank_quote(financier, note), PART))
    twin.refuse(tier2.key, note + 1)
    twin.attest_payment(tier1.key, twin.payment(reservation, line(twin, reservation)))
    assert twin.model.world.ledger.notes[note].value == FACE - PART


# -- the bank's no, and its silence


def test_the_bank_declines(twin: Twin, note: int, deal: Deal, reservation: bytes, bank: Actor, tier1: Actor) -> None:
    paid = twin.payment(reservation, line(twin, reservation))
    twin.decline(bank.key, reservation, note)
    assert twin.model.world.ledger.status(note, twin.today) == NoteStatus.HELD
    assert twin.model.world.quotes[deal.quote.financier, deal.quote.nonce].taken == 0
    late = twin.attest_payment(tier1.key, paid)
    assert late is not None and late.name == "ReservationOver"
    with twin.refused("ReservationOver", reservation, twin.today + 2):
        twin.decline(bank.key, reservation)
    with twin.refused("NotReservedUnder", note, reservation):
        twin.lapse_reservation(tier1.key, reservation, note)
    # the quote can be taken again, at once: the note is the seller's own to reserve
    assert twin.reserve_sale(tier1.key, replace(deal, amount=FACE)) != reservation


def test_anyone_releases_what_the_bank_declined(
    twin: Twin, note: int, reservation: bytes, bank: Actor, rando: Actor
) -> None:
    twin.decline(bank.key, reservation)
    assert twin.model.world.ledger.status(note, twin.today) == NoteStatus.RESERVED
    twin.lapse_reservation(rando.key, reservation, note)
    assert twin.model.world.ledger.status(note, twin.today) == NoteStatus.HELD


def test_anyone_ends_a_silent_bank_s_wait(twin: Twin, note: int, reservation: bytes, rando: Actor) -> None:
    last = twin.today + 2
    with twin.refused("ReservationNotOver", reservation, last):
        twin.lapse_reservation(rando.key, reservation, note)
    twin.move_to(start_of(last + 1))
    twin.lapse_reservation(rando.key, reservation, note)
    assert twin.model.world.ledger.status(note, twin.today) == NoteStatus.HELD
    with twin.refused("NotReservedUnder", note, reservation):
        twin.lapse_reservation(rando.key, reservation, note)


def test_a_cancelled_quote_stays_cancelled_when_given_back(
    twin: Twin, note: int, deal: Deal, reservation: bytes, bank: Actor, financier: Actor, tier1: Actor
) -> None:
    twin.cancel_quote(financier.key, deal.quote.nonce)
    twin.decline(bank.key, reservation, note)
    with twin.refused("QuoteIsCancelled", financier.party, deal.quote.nonce):
        twin.reserve_sale(tier1.key, deal)


def test_only_the_note_of_the_sale_is_released(twin: Twin, note: int, reservation: bytes, bank: Actor) -> None:
    with twin.refused("NotReservedUnder", note + 1, reservation):
        twin.decline(bank.key, reservation, note + 1)
    with twin.refused("NotReservedUnder", note, reservation):
        twin.decline(bank.key, reservation, note, note)


def test_i_08_what_is_reserved_counts_against_the_quote(
    twin: Twin, core: Actor, note: int, tier1: Actor, financier: Actor
) -> None:
    """A quote for a note sold in two parts: what waits for a bank cannot be taken elsewhere."""
    quote = twin.bank_quote(financier, note, max_amount=PART)
    reservation = twin.reserve_sale(tier1.key, Deal(quote, PART - MINIMUM))
    twin.attest_payment(tier1.key, twin.payment(reservation, line(twin, reservation)))
    with twin.refused("QuoteUsedUp", financier.party, quote.nonce, MINIMUM + 1, MINIMUM):
        twin.reserve_sale(tier1.key, Deal(quote, MINIMUM + 1))
    twin.reserve_sale(tier1.key, Deal(quote, MINIMUM))


# -- who and what


def test_no_payer_is_named(twin: Twin, note: int, tier1: Actor, financier: Actor) -> None:
    named = twin.quote(financier, note)
    with twin.refused("PayerNotAsked", financier.cash.address):
        twin.reserve_sale(tier1.key, Deal(named, PART))


def test_a_deposit_token_is_not_reserved(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    with twin.refused("NotOnBankRail", twin.token(1)):
        twin.reserve_sale(tier1.key, Deal(twin.bank_quote(financier, held), PART))


def test_the_bank_rail_is_not_paid_in_tokens(
    twin: Twin, note: int, core: Actor, tier1: Actor, financier: Actor
) -> None:
    with twin.refused("OnBankRail", CNY):
        twin.finance(tier1.key, Deal(twin.quote(financier, note), PART))
    with twin.refused("OnBankRail", CNY):
        twin.repay(core.key, note, payer=core.cash.address)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"rate_bps": 2**31}, "PriceTooLow"),
        ({"registry_reference": ZERO_HASH}, "RegistryReferenceMissing"),
        ({"valid_until": 1}, "QuoteExpired"),
        ({"epoch": 7}, "QuoteEpochOver"),
        ({"note": 99}, "UnknownNote"),
        ({"max_amount": PART - 1}, "QuoteUsedUp"),
    ],
)
def test_the_quote_is_judged_as_ever(
    twin: Twin, note: int, tier1: Actor, financier: Actor, changes: dict[str, Any], refusal: str
) -> None:
    quote = replace(twin.bank_quote(financier, note), **changes)
    with pytest.raises(Exception, match=refusal):
        twin.reserve_sale(tier1.key, Deal(quote, PART))


def test_the_ledger_is_asked_beforehand(
    twin: Twin, note: int, core: Actor, tier1: Actor, tier2: Actor, financier: Actor
) -> None:
    quote = twin.bank_quote(financier, note, max_amount=2 * FACE)
    with twin.refused("ValueExceeded", note, FACE + 1, FACE):
        twin.reserve_sale(tier1.key, Deal(quote, FACE + 1))
    with twin.refused("BelowMinimum", note, MINIMUM - 1, MINIMUM):
        twin.reserve_sale(tier1.key, Deal(quote, FACE - MINIMUM + 1))
    with twin.refused("QuoteForOtherSeller", tier2.party, tier1.party):
        twin.reserve_sale(tier1.key, Deal(replace(quote, seller=tier2.party), PART))
    twin.set_paused(True)
    with twin.refused("ProtocolPaused"):
        twin.reserve_sale(tier1.key, Deal(quote, PART))


def test_a_debtor_declared_overdue_stops_reservations(
    twin: Twin, core: Actor, tier1: Actor, financier: Actor, rando: Actor
) -> None:
    items = [twin.item(tier1.party, FACE, tenor) for tenor in (1, TENOR)]
    twin.confirm(core.key, items, currency=3)
    twin.accept(tier1.key, 1, 2)
    twin.move_to(start_of(twin.today + GRACE + 2))
    twin.declare_overdue(rando.key, 1)
    with twin.refused("DebtorOverdue", core.party, 1):
        twin.reserve_sale(tier1.key, Deal(twin.bank_quote(financier, 2), PART))


@pytest.mark.parametrize("tenor", [CUTOFF_DAYS, CUTOFF_DAYS + 1, CUTOFF_DAYS + 3, TENOR])
def test_i_13_a_sale_waits_some_days_and_never_into_the_cut_off(
    twin: Twin, core: Actor, tier1: Actor, financier: Actor, tenor: int
) -> None:
    twin.confirm(core.key, [twin.item(tier1.party, FACE, tenor)], currency=3)
    twin.accept(tier1.key, 1)
    latest = twin.today + min(RESERVATION_DAYS, tenor - CUTOFF_DAYS - 1)
    deal = Deal(twin.bank_quote(financier, 1), PART)
    for day in (twin.today - 1, latest + 1):
        with twin.refused("LastDayInvalid", day, twin.today, latest):
            twin.reserve_sale(tier1.key, deal, twin.commitment(last_day=day))
    if latest >= twin.today:
        twin.reserve_sale(tier1.key, deal, twin.commitment(last_day=latest))
    else:
        assert tenor == CUTOFF_DAYS


# -- the bank's word


def test_the_bank_signs_just_these_terms(twin: Twin, note: int, deal: Deal, tier1: Actor, financier2: Actor) -> None:
    terms = twin.sale_terms(deal)
    for name, value in {
        "note": note + 1,
        "seller": financier2.party,
        "financier": financier2.party,
        "amount": PART + 1,
        "price": terms["price"] - 1,
        "currency": USD,
        "quote": ZERO_HASH,
    }.items():
        word = twin.commitment(valid=False)
        with twin.refused("BankSignatureInvalid", word.signer, ...):
            twin.reserve_sale(tier1.key, deal, word, changes={name: value})


@pytest.mark.parametrize("domain", [{"chainId": 5}, {"name": "Cascade BankSaleDesk"}, {"version": "2"}])
def test_the_bank_signs_for_this_contract_and_chain(
    twin: Twin, deal: Deal, tier1: Actor, domain: dict[str, Any]
) -> None:
    word = twin.commitment(valid=False)
    with twin.refused("BankSignatureInvalid", word.signer, ...):
        twin.reserve_sale(tier1.key, deal, word, **domain)


def test_the_word_is_given_once(twin: Twin, note: int, deal: Deal, bank: Actor, tier1: Actor) -> None:
    word = twin.commitment()
    reservation = twin.reserve_sale(tier1.key, deal, word)
    twin.decline(bank.key, reservation, note)
    with twin.refused("ReservationExists", reservation):
        twin.reserve_sale(tier1.key, deal, word)


def test_the_word_is_that_of_an_active_bank(twin: Twin, deal: Deal, tier1: Actor, bank: Actor, bank2: Actor) -> None:
    with twin.refused("SignerOfOtherBank", bank2.address, bank.party, bank2.party):
        twin.reserve_sale(tier1.key, deal, twin.commitment(signer=bank2.address))
    with twin.refused("MissingRight", bank.cash.address, bank.party, Right.SETTLE, Right.ACT):
        twin.reserve_sale(tier1.key, deal, twin.commitment(signer=bank.cash.address))
    word = twin.commitment(tier1)
    with twin.refused("MissingRole", tier1.party, 2, 64):
        twin.reserve_sale(tier1.key, deal, word)
    twin.suspend(bank.party)
    with twin.refused("PartyIsSuspended", bank.party):
        twin.reserve_sale(tier1.key, deal)


def test_sale_desks_trust_the_bank_desk_alone(twin: Twin, note: int, reservation: bytes, tier1: Actor) -> None:
    desk, caller = twin.deployment["BankSaleDesk"], tier1.address
    attestation = signing.payment_tuple(twin.payment(reservation, line(twin, reservation)))
    assert desk.refusal("deliver", attestation, sender=caller) == ("NotBankDesk", (caller,))
    assert desk.refusal("release", reservation, note, sender=caller) == ("NotBankDesk", (caller,))
    assert desk.refusal("rehearse", reservation, sender=caller) == ("OnlyItself", (caller,))
    financing = twin.deployment["FinancingDesk"]
    row = (signing.quote_tuple(twin.quote(twin.actors["financier"], note)), b"", 1, 0)
    assert financing.refusal("agree", row, tier1.party, sender=caller) == ("NotDesk", (caller,))
    assert financing.refusal("giveBack", 1, 1, 1, sender=caller) == ("NotDesk", (caller,))
    word = (1, twin.today, caller, 1, 2**40, b"")
    refusal = twin.deployment["BankDesk"].refusal("reserve", word, ZERO_HASH, twin.today, sender=caller)
    assert refusal == ("NotDesk", (caller,))


# -- exceptions


def test_what_stands_against_delivery_may_pass(twin: Twin, note: int, reservation: bytes, rando: Actor) -> None:
    """Paused when the bank's word came: an exception, until the same word is brought again."""
    paid = twin.payment(reservation, line(twin, reservation))
    twin.set_paused(True)
    found = twin.attest_payment(rando.key, paid)
    assert found is not None and found.name == "ProtocolPaused"
    assert twin.model.world.banks.records[paid.bank, paid.reference][0] == Outcome.EXCEPTION
    with twin.refused("ProtocolPaused"):
        twin.attest_payment(rando.key, paid)
    twin.set_paused(False)
    assert twin.attest_payment(rando.key, paid) is None
    assert twin.model.world.banks.records[paid.bank, paid.reference][0] == Outcome.DELIVERED


def test_a_reference_that_became_an_exception_stands_for_that_payment_alone(
    twin: Twin, reservation: bytes, rando: Actor
) -> None:
    paid = twin.payment(reservation, line(twin, reservation))
    twin.set_paused(True)
    twin.attest_payment(rando.key, paid)
    with twin.refused("ReferenceUsed", paid.bank, paid.reference):
        twin.attest_payment(rando.key, replace(paid, deadline=paid.deadline + 1))


def test_an_exception_that_came_too_late_stays_one(
    twin: Twin, note: int, deal: Deal, reservation: bytes, rando: Actor, tier1: Actor
) -> None:
    """Not even the same deal, reserved again, is delivered by a payment for the first."""
    paid = twin.payment(reservation, line(twin, reservation), deadline=2**40)
    twin.move_to(start_of(twin.today + 3))
    found = twin.attest_payment(rando.key, paid)
    assert found is not None and found.evidence == (reservation, twin.today - 1)
    twin.lapse_reservation(rando.key, reservation, note)
    quote = twin.bank_quote(twin.actors["financier"], note)
    twin.reserve_sale(tier1.key, replace(deal, quote=quote))
    with twin.refused("ReservationOver", reservation, twin.today - 1):
        twin.attest_payment(rando.key, paid)


def test_unmatched_payments_are_exceptions(
    twin: Twin, note: int, reservation: bytes, rando: Actor, tier2: Actor, bank2: Actor
) -> None:
    good = line(twin, reservation)
    yesterday = twin.today - 1
    cases = {
        "UnknownReservation": twin.payment(b"\x05" * 32, good),
        "OtherBank": twin.payment(reservation, good, bank=bank2),
        "ValueDayInvalid": twin.payment(reservation, good, value_day=yesterday),
        "NotReservedUnder": twin.payment(reservation, replace(good, note=note + 1), currency=CNY),
        "OtherPayee": twin.payment(reservation, replace(good, payee=tier2.party)),
    }
    for name, paid in cases.items():
        found = twin.attest_payment(rando.key, paid)
        assert found is not None and found.name == name
        assert twin.model.world.banks.records[paid.bank, paid.reference][0] == Outcome.EXCEPTION
    two = twin.attest_payment(rando.key, twin.payment(reservation, good, replace(good, note=7)))
    assert two is not None and (two.name, two.evidence) == ("NotReservedUnder", (7, reservation))
    # none of them touched the deal
    assert twin.attest_payment(rando.key, twin.payment(reservation, good)) is None
    again = twin.attest_payment(rando.key, twin.payment(reservation, good))
    assert again is not None and again.name == "NotReservedUnder"
