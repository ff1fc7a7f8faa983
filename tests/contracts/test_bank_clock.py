"""I-14 on the bank rail: at each boundary, one second before, on it and after, behaviour is the one stated."""

from __future__ import annotations

import pytest

from tests.contracts.constants import FACE, TENOR
from tests.contracts.twin import Actor, Twin
from tests.reference.arithmetic import start_of
from tests.reference.banking import CUTOFF_DAYS, REST_DAYS, Line
from tests.reference.financing import Deal

AROUND = pytest.mark.parametrize(("offset", "over"), [(-1, False), (0, True), (1, True)])
# A deadline counts up to and including it.
DEADLINE = pytest.mark.parametrize(("offset", "over"), [(-1, False), (0, False), (1, True)])


@pytest.fixture
def note(twin: Twin, core: Actor, tier1: Actor) -> int:
    """A note in CNY on the bank rail."""
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)], currency=3)
    twin.accept(tier1.key, 1)
    return 1


def due_day(twin: Twin) -> int:
    return twin.model.world.ledger.receivables[1].due_day


@AROUND
def test_i_14_clock_sale_reservation_ends(
    twin: Twin, note: int, tier1: Actor, financier: Actor, rando: Actor, offset: int, over: bool
) -> None:
    """Until 24:00 of its last day the bank's word counts; then anyone may release the note."""
    last = twin.today + 1
    reservation = twin.reserve_sale(
        tier1.key, Deal(twin.bank_quote(financier, note), FACE), twin.commitment(last_day=last)
    )
    price = twin.model.world.banks.sales[reservation].price
    moment = start_of(last + 1) + offset
    twin.move_to(moment - 5)
    paid = twin.payment(reservation, Line(note, tier1.party, price))
    if over:
        found = twin.attest_payment(rando.key, paid, at=moment)
        assert found is not None and found.explains("ReservationOver", (reservation, last))
        twin.lapse_reservation(rando.key, reservation, note)
    else:
        with twin.refused("ReservationNotOver", reservation, last):
            twin.lapse_reservation(rando.key, reservation, note, at=moment - 1)
        assert twin.attest_payment(rando.key, paid, at=moment) is None


@AROUND
def test_i_14_clock_cut_off_begins(twin: Twin, note: int, core: Actor, offset: int, over: bool) -> None:
    """From 00:00 of the cut-off day a bank may be asked to repay."""
    cut_off = due_day(twin) - CUTOFF_DAYS
    moment = start_of(cut_off) + offset
    twin.move_to(moment - 5)
    word = twin.commitment(last_day=cut_off)
    if over:
        twin.reserve_repayment(core.key, note, word=word, at=moment)
    else:
        with twin.refused("BeforeCutOff", note, cut_off):
            twin.reserve_repayment(core.key, note, word=word, at=moment)


@AROUND
def test_i_14_clock_rest_ends(twin: Twin, note: int, core: Actor, bank: Actor, offset: int, over: bool) -> None:
    """A released note rests until 24:00 of the next day."""
    twin.move_to(start_of(due_day(twin) - CUTOFF_DAYS))
    twin.decline(bank.key, twin.reserve_repayment(core.key, note), note)
    rest = twin.today + REST_DAYS
    moment = start_of(rest + 1) + offset
    twin.move_to(moment - 5)
    word = twin.commitment(last_day=rest + 1)
    if over:
        twin.reserve_repayment(core.key, note, word=word, at=moment)
    else:
        with twin.refused("NoteResting", note, rest):
            twin.reserve_repayment(core.key, note, word=word, at=moment)


@AROUND
def test_i_14_clock_value_day_is_no_day_to_come(
    twin: Twin, note: int, core: Actor, rando: Actor, offset: int, over: bool
) -> None:
    twin.move_to(start_of(due_day(twin)))
    reservation, tomorrow = twin.reserve_repayment(core.key, note), twin.today + 1
    moment = start_of(tomorrow) + offset
    twin.move_to(moment - 5)
    due = twin.model.world.ledger.due(note, tomorrow)
    assert due is not None
    paid = twin.payment(reservation, Line(note, due.payee, due.cash), value_day=tomorrow)
    if over:
        assert twin.attest_payment(rando.key, paid, at=moment) is None
    else:
        with twin.refused("ValueDayInvalid", tomorrow, 0, tomorrow - 1):
            twin.attest_payment(rando.key, paid, at=moment)


@DEADLINE
def test_i_14_clock_bank_s_word_to_reserve(
    twin: Twin, note: int, tier1: Actor, financier: Actor, offset: int, over: bool
) -> None:
    moment = twin.chain.now + 500
    word = twin.commitment(deadline=moment)
    deal = Deal(twin.bank_quote(financier, note), FACE)
    if over:
        with twin.refused("DeadlinePassed", moment):
            twin.reserve_sale(tier1.key, deal, word, at=moment + offset)
    else:
        twin.reserve_sale(tier1.key, deal, word, at=moment + offset)


@DEADLINE
def test_i_14_clock_bank_s_word_that_it_paid(
    twin: Twin, note: int, tier1: Actor, financier: Actor, rando: Actor, offset: int, over: bool
) -> None:
    reservation = twin.reserve_sale(tier1.key, Deal(twin.bank_quote(financier, note), FACE))
    moment, price = twin.chain.now + 500, twin.model.world.banks.sales[reservation].price
    paid = twin.payment(reservation, Line(note, tier1.party, price), deadline=moment)
    if over:
        with twin.refused("DeadlinePassed", moment):
            twin.attest_payment(rando.key, paid, at=moment + offset)
    else:
        assert twin.attest_payment(rando.key, paid, at=moment + offset) is None
