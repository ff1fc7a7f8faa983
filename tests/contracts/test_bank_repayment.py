"""Repayment by bank: notes reserved from the cut-off on, paid as of the value day, tendered, excepted; and rounds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.contracts import signing
from tests.contracts.constants import CNY, FACE, GRACE, POLICY, TENOR, USD, ZERO_HASH
from tests.contracts.twin import Actor, Twin
from tests.reference.arithmetic import overdue_down, start_of
from tests.reference.banking import CUTOFF_DAYS, RESERVATION_DAYS, REST_DAYS, Line
from tests.reference.banks import Outcome
from tests.reference.financing import Deal
from tests.reference.notes import NoteFlag, NoteStatus, ReceivableStatus
from tests.reference.orders import REASSIGN_DELAY
from tests.reference.parties import Right
from tests.reference.passing import Portion
from tests.reference.repaying import ROUND_DAYS

PART = FACE // 4


@pytest.fixture
def notes(twin: Twin, core: Actor, tier1: Actor, tier2: Actor, tier3: Actor) -> tuple[int, ...]:
    """Notes of one debt in CNY: 1 of tier 1, 2 of tier 2, and 3 still on offer to tier 3. It is the cut-off day."""
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)], currency=3)
    twin.accept(tier1.key, 1)
    twin.split(tier1.key, (1, [Portion(tier2.party, PART)]))
    twin.accept(tier2.key, 2)
    twin.move_to(start_of(due_day(twin) - CUTOFF_DAYS))
    twin.split(tier1.key, (1, [Portion(tier3.party, PART)]))
    return (1, 2, 3)


@pytest.fixture
def reservation(twin: Twin, notes: tuple[int, ...], core: Actor) -> bytes:
    return twin.reserve_repayment(core.key, *notes)


def due_day(twin: Twin, receivable: int = 1) -> int:
    return twin.model.world.ledger.receivables[receivable].due_day


def lines(twin: Twin, *notes: int, day: int | None = None) -> tuple[Line, ...]:
    """What is due for whole notes, to whom."""
    dues = [twin.model.world.ledger.due(note, day or twin.today) for note in notes]
    return tuple(Line(note, due.payee, due.cash) for note, due in zip(notes, dues, strict=True) if due is not None)


def excepted(found: Any, name: str, *evidence: Any) -> None:
    """The payment became an exception for just this."""
    assert found is not None and found.explains(name, evidence), found


# -- the way through


def test_i_09_each_payee_gets_what_is_due_and_no_unit_twice(
    twin: Twin, notes: tuple[int, ...], reservation: bytes, rando: Actor, tier1: Actor, tier2: Actor
) -> None:
    """The bank pays in two files; the offer's price goes to its offeror. A second payment of a note is an exception."""
    first, rest = lines(twin, 1), lines(twin, 2, 3)
    assert [line.payee for line in (*first, *rest)] == [tier1.party, tier2.party, tier1.party]
    assert twin.attest_payment(rando.key, twin.payment(reservation, *first)) is None
    assert twin.attest_payment(rando.key, twin.payment(reservation, *rest)) is None
    ledger = twin.model.world.ledger
    assert ledger.receivable_status(1) == ReceivableStatus.SETTLED
    assert [ledger.status(note, twin.today) for note in notes] == [NoteStatus.REPAID] * 3
    excepted(twin.attest_payment(rando.key, twin.payment(reservation, *rest)), "NotReservedUnder", 2, reservation)


def test_a_payment_tells_what_went_to_whom(twin: Twin, reservation: bytes, rando: Actor, tier2: Actor) -> None:
    paid = twin.payment(reservation, *lines(twin, 2))
    twin.attest_payment(rando.key, paid)
    assert twin.last is not None
    assert twin.deployment["BankRepaymentDesk"].events(twin.last, "PaidByBank") == [
        {
            "reservation": reservation,
            "note": 2,
            "payee": tier2.party,
            "amount": PART,
            "valueDay": twin.today,
            "paymentReference": paid.reference,
        }
    ]


def test_interest_is_counted_to_the_value_day(twin: Twin, notes: tuple[int, ...], core: Actor, rando: Actor) -> None:
    twin.move_to(start_of(due_day(twin) + 2))
    reservation, paid_on = twin.reserve_repayment(core.key, *notes), twin.today + 1
    twin.move_to(start_of(paid_on + 1))
    due = lines(twin, *notes, day=paid_on)
    assert due[1].amount == PART + overdue_down(PART, POLICY.overdue_rate_bps, 3)
    today = lines(twin, *notes)
    with twin.refused("AmountNotExact", 1, due[0].amount, today[0].amount):
        twin.attest_payment(rando.key, twin.payment(reservation, *today, value_day=paid_on))
    assert twin.attest_payment(rando.key, twin.payment(reservation, *due, value_day=paid_on)) is None


@pytest.mark.parametrize("wrong", [-1, 1])
def test_amounts_are_exact(twin: Twin, notes: tuple[int, ...], reservation: bytes, rando: Actor, wrong: int) -> None:
    first, second, third = lines(twin, *notes)
    with twin.refused("AmountNotExact", 2, PART, PART + wrong):
        amiss = replace(second, amount=PART + wrong)
        twin.attest_payment(rando.key, twin.payment(reservation, first, amiss, third))
    with twin.refused("OtherCurrency", CNY, USD):
        twin.attest_payment(rando.key, twin.payment(reservation, first, currency=USD))
    with twin.refused("CountNotExact", 0, 0, 1):
        twin.attest_payment(rando.key, twin.payment(reservation, first, counted=1))


def test_several_debts_at_once(twin: Twin, core: Actor, tier1: Actor, tier2: Actor, rando: Actor) -> None:
    twin.confirm(core.key, [twin.item(tier.party, FACE, 2) for tier in (tier1, tier2)], currency=4)
    twin.accept(tier1.key, 1)
    twin.accept(tier2.key, 2)
    reservation = twin.reserve_repayment(core.key, 1, 2)
    assert twin.attest_payment(rando.key, twin.payment(reservation, *lines(twin, 1, 2))) is None
    assert twin.model.world.credit.line(core.party, USD).used == 0


# -- who and when


def test_i_11_the_debtor_alone_has_its_notes_paid_by_a_bank(
    twin: Twin, notes: tuple[int, ...], core: Actor, core2: Actor, tier1: Actor, rando: Actor
) -> None:
    for other in (core2, tier1):
        with twin.refused("NotDebtor", 1, core.party, other.party):
            twin.reserve_repayment(other.key, *notes)
    with twin.refused("MissingRight", rando.address, 0, 0, Right.ACT):
        twin.reserve_repayment(rando.key, *notes)
    with twin.refused("MissingRight", core.cash.address, core.party, Right.SETTLE, Right.ACT):
        twin.reserve_repayment(core.cash, *notes)


def test_i_12_a_suspended_debtor_still_pays(twin: Twin, notes: tuple[int, ...], core: Actor, rando: Actor) -> None:
    twin.suspend(core.party)
    twin.set_paused(True)
    reservation = twin.reserve_repayment(core.key, *notes)
    assert twin.attest_payment(rando.key, twin.payment(reservation, *lines(twin, *notes))) is None


def test_no_debtor_is_its_own_bank(twin: Twin, tier1: Actor, bank2: Actor) -> None:
    twin.confirm(bank2.key, [twin.item(tier1.party, FACE, 1)], currency=3)
    twin.accept(tier1.key, 1)
    with twin.refused("BankIsDebtor", bank2.party):
        twin.reserve_repayment(bank2.key, 1, word=twin.commitment(bank2))


def test_reserving_asks_for_what_is_due(
    twin: Twin, notes: tuple[int, ...], core: Actor, tier1: Actor, financier: Actor
) -> None:
    with twin.refused("EmptyBatch"):
        twin.reserve_repayment(core.key)
    with twin.refused("UnknownNote", 99):
        twin.reserve_repayment(core.key, 99)
    with twin.refused("NotDue", 1, NoteStatus.RESERVED):
        twin.reserve_repayment(core.key, 1, 1)
    for day in (twin.today - 1, twin.today + RESERVATION_DAYS + 1):
        with twin.refused("LastDayInvalid", day, twin.today, twin.today + RESERVATION_DAYS):
            twin.reserve_repayment(core.key, 1, word=twin.commitment(last_day=day))
    twin.confirm(core.key, [twin.item(tier1.party, FACE, 1)], currency=3)
    with twin.refused("NotDue", 4, NoteStatus.OFFERED):
        twin.reserve_repayment(core.key, 4)
    twin.reserve_repayment(core.key, 1, word=twin.commitment(last_day=twin.today + RESERVATION_DAYS))
    with twin.refused("NotDue", 1, NoteStatus.RESERVED):
        twin.reserve_repayment(core.key, 2, 1)


def test_i_13_notes_stay_free_to_move_until_the_cut_off(twin: Twin, core: Actor, tier1: Actor, tier2: Actor) -> None:
    twin.confirm(core.key, [twin.item(tier1.party, FACE, CUTOFF_DAYS + 1)], currency=3)
    twin.accept(tier1.key, 1)
    with twin.refused("BeforeCutOff", 1, twin.today + 1):
        twin.reserve_repayment(core.key, 1)
    twin.split(tier1.key, (1, [Portion(tier2.party, PART)]))
    twin.move_to(start_of(twin.today + 1))
    twin.reserve_repayment(core.key, 1)
    with twin.refused("NotHeld", 1, NoteStatus.RESERVED):
        twin.split(tier1.key, (1, [Portion(tier2.party, PART)]))


def test_reserved_offers_wait_for_the_bank(
    twin: Twin, reservation: bytes, bank: Actor, tier1: Actor, tier3: Actor, rando: Actor
) -> None:
    """Whom the bank pays is fixed when it begins: nobody answers an offer in between."""
    for act, key in ((twin.accept, tier3.key), (twin.refuse, tier3.key), (twin.withdraw, tier1.key)):
        with twin.refused("NotOffered", 3, NoteStatus.RESERVED):
            act(key, 3)
    twin.decline(bank.key, reservation, 3)
    twin.accept(tier3.key, 3)


def test_value_that_comes_back_is_not_what_is_paid(
    twin: Twin, notes: tuple[int, ...], core: Actor, tier3: Actor, rando: Actor
) -> None:
    reservation = twin.reserve_repayment(core.key, 1, 2)
    paid = twin.payment(reservation, *lines(twin, 1, 2))
    twin.refuse(tier3.key, 3)
    assert twin.attest_payment(rando.key, paid) is None
    assert twin.model.world.ledger.notes[1].value == PART
    assert twin.model.world.ledger.status(1, twin.today) == NoteStatus.HELD


def test_the_bank_signs_just_these_notes(twin: Twin, notes: tuple[int, ...], core: Actor, core2: Actor) -> None:
    for name, value in {
        "notes": [1, 3, 2],
        "debtor": core2.party,
        "principal": FACE + 1,
        "currency": USD,
        "lastDay": twin.today + 3,
        "nonce": 2**255,
    }.items():
        word = twin.commitment(valid=False)
        with twin.refused("BankSignatureInvalid", word.signer, ...):
            twin.reserve_repayment(core.key, *notes, word=word, changes={name: value})


def test_no_bank_repays_tokens(twin: Twin, held: int, core: Actor) -> None:
    twin.move_to(start_of(due_day(twin)))
    with twin.refused("NotOnBankRail", twin.token(1)):
        twin.reserve_repayment(core.key, held)


# -- its no, its silence


def test_i_13_a_debtor_and_a_silent_bank_do_not_keep_a_note(
    twin: Twin, notes: tuple[int, ...], reservation: bytes, bank: Actor, core: Actor, rando: Actor
) -> None:
    """Each wait has its last day, and between two of them the note has a whole day of its own."""
    last = twin.today + 2
    with twin.refused("ReservationNotOver", reservation, last):
        twin.lapse_reservation(rando.key, reservation, *notes)
    twin.move_to(start_of(last + 1))
    twin.lapse_reservation(rando.key, reservation, *notes)
    assert twin.model.world.ledger.status(1, twin.today) == NoteStatus.HELD
    rest = twin.today + REST_DAYS
    with twin.refused("NoteResting", 1, rest):
        twin.reserve_repayment(core.key, 1)
    twin.move_to(start_of(rest + 1) - 5)
    with twin.refused("NoteResting", 1, rest):
        twin.reserve_repayment(core.key, 1)
    twin.move_to(start_of(rest + 1))
    again = twin.reserve_repayment(core.key, 1)
    twin.decline(bank.key, again, 1)
    with twin.refused("NoteResting", 1, twin.today + REST_DAYS):
        twin.reserve_repayment(core.key, 1)


def test_notes_are_released_as_named(
    twin: Twin, notes: tuple[int, ...], reservation: bytes, bank: Actor, rando: Actor
) -> None:
    with twin.refused("NotReservedUnder", 9, reservation):
        twin.decline(bank.key, reservation, 9)
    twin.decline(bank.key, reservation, 2)
    statuses = [twin.model.world.ledger.status(note, twin.today) for note in notes]
    assert statuses == [NoteStatus.RESERVED, NoteStatus.HELD, NoteStatus.RESERVED]
    with twin.refused("NotReservedUnder", 2, reservation):
        twin.lapse_reservation(rando.key, reservation, 1, 2)
    twin.lapse_reservation(rando.key, reservation, 1, 3)


def test_the_bank_of_the_reservation_declines(
    twin: Twin, reservation: bytes, core: Actor, bank: Actor, bank2: Actor
) -> None:
    with twin.refused("OtherBank", bank.party, bank2.party):
        twin.decline(bank2.key, reservation)
    with twin.refused("MissingRole", core.party, 1, 64):
        twin.decline(core.key, reservation)
    with twin.refused("MissingRight", bank.cash.address, bank.party, Right.SETTLE, Right.ACT):
        twin.decline(bank.cash, reservation)
    with twin.refused("UnknownReservation", ZERO_HASH):
        twin.decline(bank.key, ZERO_HASH)
    with twin.refused("UnknownReservation", ZERO_HASH):
        twin.lapse_reservation(core.key, ZERO_HASH)
    twin.suspend(bank.party)
    with twin.refused("PartyIsSuspended", bank.party):
        twin.decline(bank.key, reservation)


# -- what the payee's side cannot take, and orders


def test_what_a_payee_s_side_refuses_is_tendered(
    twin: Twin, notes: tuple[int, ...], core: Actor, rando: Actor, tier2: Actor
) -> None:
    twin.move_to(start_of(due_day(twin) + 1))
    reservation = twin.reserve_repayment(core.key, *notes)
    first, second, third = lines(twin, *notes)
    with twin.refused("AmountNotExact", 2, second.amount, 0):
        nothing = replace(second, amount=0, refused=True)
        twin.attest_payment(rando.key, twin.payment(reservation, first, nothing, third))
    paid = twin.payment(reservation, first, replace(second, refused=True), third)
    assert twin.attest_payment(rando.key, paid) is None
    note = twin.model.world.ledger.notes[2]
    assert (note.value, note.tender_day) == (PART, twin.today)
    assert note.flags & NoteFlag.TENDERED
    assert twin.last is not None
    assert twin.deployment["BankRepaymentDesk"].events(twin.last, "PayeeNotPaid") == [
        {
            "reservation": reservation,
            "note": 2,
            "payee": tier2.party,
            "amount": second.amount,
            "paymentReference": paid.reference,
        }
    ]
    # no interest from then on, and it can be paid as soon as the payee has an account again
    twin.move_to(start_of(twin.today + 5))
    again = twin.reserve_repayment(core.key, 2)
    assert lines(twin, 2)[0].amount == second.amount
    assert twin.attest_payment(rando.key, twin.payment(again, *lines(twin, 2))) is None


def test_a_frozen_note_is_tendered_and_not_paid(
    twin: Twin, notes: tuple[int, ...], core: Actor, rando: Actor, arbiter: Actor
) -> None:
    twin.move_to(start_of(due_day(twin)))
    reservation = twin.reserve_repayment(core.key, *notes)
    first, second, third = lines(twin, *notes)
    twin.freeze(arbiter.key, 2)
    paid = twin.payment(reservation, first, second, third)
    excepted(twin.attest_payment(rando.key, paid), "NoteFrozen", 2)
    assert twin.model.world.ledger.receivables[1].outstanding == FACE
    nothing = replace(second, amount=0, refused=True)
    with twin.refused("AmountNotExact", 2, second.amount, 0):
        twin.attest_payment(rando.key, twin.payment(reservation, first, nothing, third))
    withheld = twin.payment(reservation, first, replace(second, refused=True), third)
    assert twin.attest_payment(rando.key, withheld) is None
    note = twin.model.world.ledger.notes[2]
    assert (note.value, note.flags & NoteFlag.TENDERED) == (PART, NoteFlag.TENDERED)


def test_a_payment_that_an_order_stood_against_is_delivered_when_the_order_ends(
    twin: Twin, notes: tuple[int, ...], reservation: bytes, rando: Actor, arbiter: Actor
) -> None:
    twin.freeze(arbiter.key, 2)
    paid = twin.payment(reservation, *lines(twin, *notes))
    excepted(twin.attest_payment(rando.key, paid), "NoteFrozen", 2)
    with twin.refused("NoteFrozen", 2):
        twin.attest_payment(rando.key, paid)
    twin.release_notes(arbiter.key, 2)
    assert twin.attest_payment(rando.key, paid) is None


def test_an_offer_of_a_frozen_note_is_not_paid_either(
    twin: Twin, notes: tuple[int, ...], reservation: bytes, rando: Actor, arbiter: Actor
) -> None:
    twin.freeze(arbiter.key, 1)
    excepted(twin.attest_payment(rando.key, twin.payment(reservation, *lines(twin, 3))), "NoteFrozen", 3)


def test_what_an_order_took_is_not_paid_to_the_holder(
    twin: Twin, notes: tuple[int, ...], core: Actor, rando: Actor, tier4: Actor, arbiter: Actor
) -> None:
    reservation = twin.reserve_repayment(core.key, *notes, word=twin.commitment(last_day=twin.today + 5))
    paid = twin.payment(reservation, *lines(twin, 2), deadline=2**40)
    twin.freeze(arbiter.key, 2)
    taken = twin.order_reassignment(arbiter.key, 2, tier4.party, 1_000)
    twin.move_to(twin.chain.now + REASSIGN_DELAY)
    twin.execute_reassignment(rando.key, taken)
    twin.release_notes(arbiter.key, 2)
    excepted(twin.attest_payment(rando.key, paid), "ValueExceeded", 2, PART, PART - 1_000)


# -- overdue


def test_what_is_declared_overdue_is_paid_in_full_or_excepted(
    twin: Twin, notes: tuple[int, ...], core: Actor, rando: Actor
) -> None:
    twin.move_to(start_of(due_day(twin) + GRACE))
    reservation = twin.reserve_repayment(core.key, *notes)
    twin.move_to(start_of(twin.today + 1))
    twin.declare_overdue(rando.key, 1)
    part = twin.payment(reservation, *lines(twin, 1, 2))
    excepted(twin.attest_payment(rando.key, part), "PaidInPart", 1, PART)
    assert twin.attest_payment(rando.key, twin.payment(reservation, *lines(twin, *notes))) is None
    assert core.party not in twin.model.world.credit.overdue or twin.model.world.credit.overdue[core.party] == 0


# -- exceptions


def test_late_and_unmatched_payments_are_exceptions(
    twin: Twin, notes: tuple[int, ...], reservation: bytes, rando: Actor, tier3: Actor, bank2: Actor
) -> None:
    first, second, third = lines(twin, *notes)
    cases = {
        "UnknownReservation": twin.payment(b"\x06" * 32, first),
        "OtherBank": twin.payment(reservation, first, bank=bank2),
        "ValueDayInvalid": twin.payment(reservation, first, value_day=twin.today - 1),
        "NotReservedUnder": twin.payment(reservation, replace(first, note=77), currency=CNY),
        "OtherPayee": twin.payment(reservation, first, replace(third, payee=tier3.party)),
    }
    late = twin.payment(reservation, second, deadline=2**40)
    for name, paid in cases.items():
        found = twin.attest_payment(rando.key, paid)
        assert found is not None and found.name == name
        assert twin.model.world.banks.records[paid.bank, paid.reference][0] == Outcome.EXCEPTION
    twice = twin.payment(reservation, first, first)
    excepted(twin.attest_payment(rando.key, twice), "NotReservedUnder", 1, reservation)
    twin.move_to(start_of(twin.today + 3))
    excepted(twin.attest_payment(rando.key, late), "ReservationOver", reservation, twin.today - 1)
    assert twin.model.world.ledger.receivables[1].outstanding == FACE


def test_what_is_no_attestation_is_refused(
    twin: Twin, notes: tuple[int, ...], reservation: bytes, rando: Actor, bank: Actor, bank2: Actor
) -> None:
    paid = twin.payment(reservation, *lines(twin, 1))
    refusals: dict[str, tuple[Any, ...]] = {
        "ReferenceMissing": (replace(paid, reference=ZERO_HASH),),
        "EmptyBatch": (replace(paid, lines=()),),
        "ValueDayInvalid": (replace(paid, value_day=twin.today + 1), twin.today + 1, 0, twin.today),
        "DeadlinePassed": (replace(paid, deadline=5), 5),
        "SignerOfOtherBank": (replace(paid, signer=bank2.address), bank2.address, bank.party, bank2.party),
    }
    for name, (wrong, *evidence) in refusals.items():
        with twin.refused(name, *evidence):
            twin.attest_payment(rando.key, wrong)
    with twin.refused("BankSignatureInvalid", bank.address, ...):
        other = twin.sign_payment(replace(paid, counted=1))[1]
        twin.attest_payment(rando.key, replace(paid, valid=False), signature=other)
    for domain in ({"chainId": 9}, {"verifyingContract": twin.deployment["BankSaleDesk"].address}):
        with twin.refused("BankSignatureInvalid", bank.address, ...):
            signed = twin.sign_payment(paid, **domain)[1]
            twin.attest_payment(rando.key, replace(paid, valid=False), signature=signed)
    twin.suspend(bank.party)
    with twin.refused("PartyIsSuspended", bank.party):
        twin.attest_payment(rando.key, paid)


def test_a_reference_is_used_once_over_all_products(
    twin: Twin,
    notes: tuple[int, ...],
    reservation: bytes,
    rando: Actor,
    core: Actor,
    tier1: Actor,
    financier: Actor,
    bank: Actor,
    bank2: Actor,
) -> None:
    paid = twin.payment(reservation, *lines(twin, 1))
    assert twin.attest_payment(rando.key, paid) is None
    with twin.refused("ReferenceUsed", bank.party, paid.reference):
        twin.attest_payment(rando.key, paid)
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)], currency=3)
    twin.accept(tier1.key, 4)
    sale = twin.reserve_sale(tier1.key, Deal(twin.bank_quote(financier, 4), PART))
    price = twin.model.world.banks.sales[sale].price
    other = twin.payment(sale, Line(4, tier1.party, price), reference=paid.reference)
    with twin.refused("ReferenceUsed", bank.party, paid.reference):
        twin.attest_payment(rando.key, other)
    # another bank numbers its payments as it likes
    elsewhere = twin.payment(b"\x01" * 32, *paid.lines, bank=bank2, reference=paid.reference)
    excepted(twin.attest_payment(rando.key, elsewhere), "UnknownReservation", b"\x01" * 32)


def test_nobody_makes_an_exception_by_too_little_gas(
    twin: Twin, notes: tuple[int, ...], reservation: bytes, rando: Actor
) -> None:
    """With ever more gas the bank's word is refused, until it is enough to deliver."""
    paid = twin.payment(reservation, *lines(twin, *notes))
    desk, chain = twin.deployment["BankDesk"], twin.chain
    data, gas = desk.data("attest", signing.payment_tuple(paid), twin.sign_payment(paid)[1]), 60_000
    while not (receipt := chain.send(rando.key, desk.address, data, gas=gas)).ok:
        gas += 1_000
    assert len(desk.events(receipt, "PaymentDelivered")) == 1
    assert gas > 100_000
    chain.now, twin.model.now = receipt.timestamp, receipt.timestamp
    twin.model.attest_payment(paid, twin.sign_payment(paid)[0])
    twin.compare()


# -- rounds


@pytest.fixture
def round_(twin: Twin, notes: tuple[int, ...], core: Actor) -> int:
    """A round of three quarters, opened on the due day."""
    twin.move_to(start_of(due_day(twin)))
    twin.open_round(core.key, 1, FACE * 3 // 4)
    return 1


def shares(twin: Twin, *notes: int, day: int | None = None) -> tuple[Line, ...]:
    """What the next notes of the round get, in this order."""
    world, found = twin.model.world, list[Line]()
    place = replace(world.rounds[1])
    for note in notes:
        facts = world.ledger.notes[note]
        due = world.ledger.due(note, day or twin.today, place.share(facts.value))
        place.counted += facts.value
        assert due is not None
        found.append(Line(note, due.payee, due.cash))
    return tuple(found)


def test_i_10_a_bank_pays_a_round_share_by_share(
    twin: Twin, notes: tuple[int, ...], round_: int, core: Actor, rando: Actor
) -> None:
    with twin.refused("RoundOpen", 1):
        twin.reserve_repayment(core.key, *notes)
    reservation = twin.reserve_round(core.key, round_)
    first = twin.payment(reservation, *shares(twin, 2))
    assert twin.attest_payment(rando.key, first) is None
    rest = twin.payment(reservation, *shares(twin, 3, 1), counted=PART)
    with twin.refused("CountNotExact", 1, PART, 0):
        twin.attest_payment(rando.key, replace(rest, counted=0))
    assert twin.attest_payment(rando.key, rest) is None
    receivable = twin.model.world.ledger.receivables[1]
    assert (receivable.outstanding, receivable.repaid) == (FACE // 4, FACE * 3 // 4)
    assert twin.model.world.rounds[1].counted == FACE


def test_a_round_ends_though_a_payee_s_side_or_an_order_stands_against_it(
    twin: Twin, notes: tuple[int, ...], round_: int, core: Actor, rando: Actor, arbiter: Actor
) -> None:
    reservation = twin.reserve_round(core.key, round_)
    first, second, third = shares(twin, *notes)
    twin.freeze(arbiter.key, 2)
    paid = twin.payment(reservation, first, replace(second, refused=True), replace(third, refused=True))
    assert twin.attest_payment(rando.key, paid) is None
    ledger = twin.model.world.ledger
    assert [ledger.notes[note].value for note in (2, 3)] == [PART, PART]
    assert twin.model.world.rounds[1].counted == FACE


def test_a_round_is_paid_by_the_bank_that_the_debtor_named_last(
    twin: Twin, notes: tuple[int, ...], round_: int, core: Actor, rando: Actor, bank2: Actor
) -> None:
    relieved = twin.reserve_round(core.key, round_)
    named = twin.reserve_round(core.key, round_, twin.commitment(bank2))
    late = twin.payment(relieved, *shares(twin, 1))
    excepted(twin.attest_payment(rando.key, late), "NotReservedUnder", 1, relieved)
    assert twin.attest_payment(rando.key, twin.payment(named, *shares(twin, 1), bank=bank2)) is None


def test_a_round_s_bank_is_for_that_round(
    twin: Twin, notes: tuple[int, ...], round_: int, core: Actor, rando: Actor
) -> None:
    word = twin.commitment(last_day=twin.today + ROUND_DAYS)
    reservation = twin.reserve_round(core.key, round_, word)
    assert twin.attest_payment(rando.key, twin.payment(reservation, *shares(twin, *notes))) is None
    twin.open_round(core.key, 1, PART // 2)
    stale = twin.payment(reservation, *shares(twin, 1))
    excepted(twin.attest_payment(rando.key, stale), "RoundNotOpen", 1)


def test_i_11_the_debtor_alone_names_a_round_s_bank(
    twin: Twin, notes: tuple[int, ...], core: Actor, core2: Actor, bank2: Actor, tier1: Actor
) -> None:
    with twin.refused("RoundNotOpen", 1):
        twin.reserve_round(core.key, 1)
    twin.move_to(start_of(due_day(twin)))
    twin.open_round(core.key, 1, FACE // 2)
    with twin.refused("NotDebtor", 1, core.party, core2.party):
        twin.reserve_round(core2.key, 1)
    with twin.refused("NotDebtor", 9, 0, core.party):
        twin.reserve_round(core.key, 9)
    last = twin.today + ROUND_DAYS
    for day in (twin.today - 1, last + 1):
        with twin.refused("LastDayInvalid", day, twin.today, last):
            twin.reserve_round(core.key, 1, twin.commitment(last_day=day))
    for name, value in {"receivable": 2, "round": 2, "debtor": core2.party, "currency": USD}.items():
        word = twin.commitment(valid=False)
        with twin.refused("BankSignatureInvalid", word.signer, ...):
            twin.reserve_round(core.key, 1, word, changes={name: value})
    twin.reserve_round(core.key, 1, twin.commitment(last_day=last))


def test_no_bank_pays_a_round_of_tokens(twin: Twin, held: int, core: Actor) -> None:
    twin.move_to(start_of(due_day(twin)))
    twin.open_round(core.key, 1, FACE // 2)
    with twin.refused("NotOnBankRail", twin.token(1)):
        twin.reserve_round(core.key, 1)


def test_while_a_round_is_open_nothing_else_is_paid(
    twin: Twin, notes: tuple[int, ...], core: Actor, rando: Actor
) -> None:
    twin.move_to(start_of(due_day(twin)))
    reservation = twin.reserve_repayment(core.key, *notes)
    paid = twin.payment(reservation, *lines(twin, *notes))
    twin.open_round(core.key, 1, FACE // 2)
    excepted(twin.attest_payment(rando.key, paid), "RoundOpen", 1)
    round_bank = twin.reserve_round(core.key, 1)
    excepted(
        twin.attest_payment(rando.key, twin.payment(round_bank, *shares(twin, 1))), "NotDue", 1, NoteStatus.RESERVED
    )


def test_a_round_paid_after_its_bank_s_last_day_or_closed_is_an_exception(
    twin: Twin, notes: tuple[int, ...], round_: int, core: Actor, rando: Actor
) -> None:
    reservation = twin.reserve_round(core.key, round_, twin.commitment(last_day=twin.today + ROUND_DAYS))
    paid = replace(twin.payment(reservation, *shares(twin, 1)), deadline=2**40)
    twin.move_to(start_of(twin.today + ROUND_DAYS + 1))
    twin.close_round(rando.key, 1)
    excepted(twin.attest_payment(rando.key, paid), "ReservationOver", reservation, twin.today - 1)
