"""Orders over notes: freeze, release and reassignment, each rule tried alone."""

from __future__ import annotations

import pytest

from tests.contracts.constants import FACE, GRACE, ZERO_HASH
from tests.contracts.twin import Actor, Twin
from tests.reference.arithmetic import start_of
from tests.reference.financing import Deal
from tests.reference.notes import NoteFlag, NoteStatus, ReceivableStatus
from tests.reference.orders import REASSIGN_DELAY
from tests.reference.parties import Right
from tests.reference.passing import Portion


@pytest.fixture
def child(twin: Twin, held: int, tier1: Actor, tier2: Actor) -> int:
    """An open offer of a fifth of the held note."""
    return twin.split(tier1.key, (held, [Portion(tier2.party, FACE // 5)]))


@pytest.fixture
def frozen(twin: Twin, child: int, held: int, arbiter: Actor) -> int:
    """The held note, frozen."""
    twin.freeze(arbiter.key, held)
    return held


def status(twin: Twin, note: int) -> NoteStatus:
    return twin.model.world.ledger.status(note, twin.today)


def value(twin: Twin, note: int) -> int:
    return twin.model.world.ledger.notes[note].value


def wait(twin: Twin) -> None:
    twin.move_to(twin.chain.now + REASSIGN_DELAY)


# -- freeze and release


def test_a_freeze_is_at_once_and_a_release_too(
    twin: Twin, held: int, tier1: Actor, tier2: Actor, arbiter: Actor
) -> None:
    twin.freeze(arbiter.key, held)
    assert status(twin, held) == NoteStatus.FROZEN
    with twin.refused("NotHeld", held, int(NoteStatus.FROZEN)):
        twin.split(tier1.key, (held, [Portion(tier2.party, 500)]))
    twin.release_notes(arbiter.key, held)
    twin.split(tier1.key, (held, [Portion(tier2.party, 500)]))


def test_another_arbiter_may_release(twin: Twin, frozen: int, arbiter2: Actor) -> None:
    twin.release_notes(arbiter2.key, frozen)
    assert status(twin, frozen) == NoteStatus.HELD


def test_several_notes_under_one_order(twin: Twin, held: int, tier1: Actor, financier: Actor, arbiter: Actor) -> None:
    (sold,) = twin.finance(tier1.key, Deal(twin.quote(financier, held), FACE // 2))
    twin.freeze(arbiter.key, held, sold)
    assert [status(twin, note) for note in (held, sold)] == [NoteStatus.FROZEN] * 2
    twin.release_notes(arbiter.key, sold, held)
    assert [status(twin, note) for note in (held, sold)] == [NoteStatus.HELD] * 2


def test_a_spent_note_may_be_frozen_for_what_its_offers_give_back(
    twin: Twin, held: int, tier1: Actor, tier2: Actor, tier3: Actor, arbiter: Actor
) -> None:
    child = twin.split(tier1.key, (held, [Portion(tier2.party, FACE)]))
    twin.freeze(arbiter.key, held)
    twin.refuse(tier2.key, child)
    assert (status(twin, held), value(twin, held)) == (NoteStatus.FROZEN, FACE)
    with twin.refused("NotHeld", held, int(NoteStatus.FROZEN)):
        twin.split(tier1.key, (held, [Portion(tier3.party, FACE)]))


def test_refuses_what_belongs_to_nobody_yet(twin: Twin, offered: int, tier1: Actor, arbiter: Actor) -> None:
    with twin.refused("NotFreezable", offered, int(NoteStatus.OFFERED)):
        twin.freeze(arbiter.key, offered)
    twin.refuse(tier1.key, offered)
    with twin.refused("NotFreezable", offered, int(NoteStatus.REFUSED)):
        twin.freeze(arbiter.key, offered)
    with twin.refused("NotFreezable", 77, int(NoteStatus.NONE)):
        twin.freeze(arbiter.key, 77)


def test_refuses_an_open_offer_whose_parent_it_may_freeze(twin: Twin, child: int, arbiter: Actor) -> None:
    with twin.refused("NotFreezable", child, int(NoteStatus.OFFERED)):
        twin.freeze(arbiter.key, child)


def test_refuses_to_freeze_twice_and_to_release_what_is_free(twin: Twin, held: int, arbiter: Actor) -> None:
    with twin.refused("NoteNotFrozen", held):
        twin.release_notes(arbiter.key, held)
    twin.freeze(arbiter.key, held)
    with twin.refused("NotFreezable", held, int(NoteStatus.FROZEN)):
        twin.freeze(arbiter.key, held)
    with twin.refused("NoteNotFrozen", 77):
        twin.release_notes(arbiter.key, 77)


def test_all_or_none_of_a_batch(twin: Twin, frozen: int, child: int, tier2: Actor, arbiter: Actor) -> None:
    twin.release_notes(arbiter.key, frozen)
    with twin.refused("NotFreezable", child, int(NoteStatus.OFFERED)):
        twin.freeze(arbiter.key, frozen, child)
    assert status(twin, frozen) == NoteStatus.HELD


def test_refuses_an_act_without_notes_or_without_order(twin: Twin, frozen: int, tier3: Actor, arbiter: Actor) -> None:
    with twin.refused("EmptyBatch"):
        twin.freeze(arbiter.key)
    with twin.refused("EmptyBatch"):
        twin.release_notes(arbiter.key)
    with twin.refused("OrderHashMissing"):
        twin.release_notes(arbiter.key, frozen, order=ZERO_HASH)
    with twin.refused("OrderHashMissing"):
        twin.order_reassignment(arbiter.key, frozen, tier3.party, 1, order=ZERO_HASH)
    order = twin.order_reassignment(arbiter.key, frozen, tier3.party, 1)
    with twin.refused("OrderHashMissing"):
        twin.cancel_reassignment(arbiter.key, order, order=ZERO_HASH)
    twin.release_notes(arbiter.key, frozen)
    with twin.refused("OrderHashMissing"):
        twin.freeze(arbiter.key, frozen, order=ZERO_HASH)


def test_only_an_active_arbiter_with_the_act_right(
    twin: Twin, held: int, tier1: Actor, rando: Actor, arbiter: Actor
) -> None:
    roles = twin.model.world.registry.parties[tier1.party].roles
    with twin.refused("MissingRole", tier1.party, roles, 32):
        twin.freeze(tier1.key, held)
    with twin.refused("MissingRight", rando.address, 0, 0, int(Right.ACT)):
        twin.freeze(rando.key, held)
    with twin.refused("MissingRight", arbiter.cash.address, arbiter.party, int(Right.SETTLE), int(Right.ACT)):
        twin.freeze(arbiter.cash, held)
    twin.suspend(arbiter.party)
    with twin.refused("PartyIsSuspended", arbiter.party):
        twin.freeze(arbiter.key, held)


def test_works_while_paused(twin: Twin, held: int, tier3: Actor, arbiter: Actor, rando: Actor) -> None:
    twin.set_paused(True)
    twin.freeze(arbiter.key, held)
    order = twin.order_reassignment(arbiter.key, held, tier3.party, 700)
    wait(twin)
    note = twin.execute_reassignment(rando.key, order)
    twin.release_notes(arbiter.key, held)
    assert (value(twin, note), value(twin, held)) == (700, FACE - 700)


# -- reassignment


def test_the_receiver_gets_a_free_note_marked_so(
    twin: Twin, frozen: int, tier2: Actor, tier3: Actor, arbiter: Actor, rando: Actor
) -> None:
    before = value(twin, frozen)
    order = twin.order_reassignment(arbiter.key, frozen, tier3.party, 700)
    assert value(twin, frozen) == before
    wait(twin)
    note = twin.execute_reassignment(rando.key, order)
    facts, parent = twin.model.world.ledger.notes[note], twin.model.world.ledger.notes[frozen]
    assert (facts.value, facts.holder, facts.tier, facts.parent) == (700, tier3.party, parent.tier, frozen)
    assert facts.flags == NoteFlag.ACCEPTED | NoteFlag.REASSIGNED
    assert (parent.value, status(twin, frozen)) == (before - 700, NoteStatus.FROZEN)
    twin.split(tier3.key, (note, [Portion(tier2.party, 700)]))


def test_all_of_it_and_below_the_minimum(
    twin: Twin, frozen: int, tier3: Actor, tier4: Actor, arbiter: Actor, rando: Actor
) -> None:
    rest = value(twin, frozen) - 1
    orders = [
        twin.order_reassignment(arbiter.key, frozen, receiver.party, amount)
        for receiver, amount in ((tier3, 1), (tier4, rest))
    ]
    wait(twin)
    notes = [twin.execute_reassignment(rando.key, order) for order in orders]
    assert [value(twin, note) for note in (*notes, frozen)] == [1, rest, 0]


def test_value_that_the_order_names_for_the_debtor_is_extinguished(
    twin: Twin, frozen: int, core: Actor, arbiter: Actor, rando: Actor
) -> None:
    receivable = twin.model.world.ledger.receivables[1]
    order = twin.order_reassignment(arbiter.key, frozen, core.party, 700)
    wait(twin)
    assert twin.execute_reassignment(rando.key, order) == 0
    receivable = twin.model.world.ledger.receivables[1]
    assert (receivable.extinguished, receivable.outstanding) == (700, FACE - 700)


def test_what_was_bought_through_financing_stays_so(
    twin: Twin, held: int, tier1: Actor, tier3: Actor, financier: Actor, arbiter: Actor, rando: Actor
) -> None:
    (sold,) = twin.finance(tier1.key, Deal(twin.quote(financier, held), FACE // 2))
    twin.freeze(arbiter.key, sold)
    order = twin.order_reassignment(arbiter.key, sold, tier3.party, 700)
    wait(twin)
    note = twin.execute_reassignment(rando.key, order)
    with twin.refused("FinancedNote", note):
        twin.split(tier3.key, (note, [Portion(tier1.party, 700)]))


def test_refuses_at_the_order(
    twin: Twin, frozen: int, child: int, tier1: Actor, tier2: Actor, tier3: Actor, arbiter: Actor
) -> None:
    most = value(twin, frozen)
    with twin.refused("ZeroAmount"):
        twin.order_reassignment(arbiter.key, frozen, tier3.party, 0)
    with twin.refused("ValueExceeded", frozen, most + 1, most):
        twin.order_reassignment(arbiter.key, frozen, tier3.party, most + 1)
    with twin.refused("SelfTransfer", frozen, tier1.party):
        twin.order_reassignment(arbiter.key, frozen, tier1.party, 1)
    with twin.refused("UnknownParty", 99):
        twin.order_reassignment(arbiter.key, frozen, 99, 1)
    with twin.refused("NoteNotFrozen", child):
        twin.order_reassignment(arbiter.key, child, tier3.party, 1)
    with twin.refused("NoteNotFrozen", 77):
        twin.order_reassignment(arbiter.key, 77, tier3.party, 1)
    twin.suspend(tier3.party)
    with twin.refused("PartyIsSuspended", tier3.party):
        twin.order_reassignment(arbiter.key, frozen, tier3.party, 1)
    with twin.refused("MissingRole", tier2.party, 2, 32):
        twin.order_reassignment(tier2.key, frozen, tier2.party, 1)


@pytest.mark.parametrize(("offset", "over"), [(-1, False), (0, True), (1, True)])
def test_i_14_clock_reassignment_delay(
    twin: Twin, frozen: int, tier3: Actor, arbiter: Actor, rando: Actor, offset: int, over: bool
) -> None:
    order = twin.order_reassignment(arbiter.key, frozen, tier3.party, 700)
    ready = twin.chain.now + REASSIGN_DELAY
    if over:
        twin.execute_reassignment(rando.key, order, at=ready + offset)
    else:
        with twin.refused("ReassignmentNotDue", order, ready):
            twin.execute_reassignment(rando.key, order, at=ready + offset)


def test_executes_once_and_only_what_was_recorded(
    twin: Twin, frozen: int, tier3: Actor, arbiter: Actor, rando: Actor
) -> None:
    order = twin.order_reassignment(arbiter.key, frozen, tier3.party, 700)
    wait(twin)
    twin.execute_reassignment(rando.key, order)
    for unknown in (order, order + 1, 0):
        with twin.refused("UnknownReassignment", unknown):
            twin.execute_reassignment(rando.key, unknown)
        with twin.refused("UnknownReassignment", unknown):
            twin.cancel_reassignment(arbiter.key, unknown)


def test_any_arbiter_may_cancel_before_it_is_executed(
    twin: Twin, frozen: int, tier3: Actor, arbiter: Actor, arbiter2: Actor, rando: Actor
) -> None:
    order = twin.order_reassignment(arbiter.key, frozen, tier3.party, 700)
    wait(twin)
    with twin.refused("MissingRole", tier3.party, 2, 32):
        twin.cancel_reassignment(tier3.key, order)
    twin.cancel_reassignment(arbiter2.key, order)
    with twin.refused("UnknownReassignment", order):
        twin.execute_reassignment(rando.key, order)


def test_a_release_ends_what_was_recorded_under_the_freeze(
    twin: Twin, frozen: int, tier3: Actor, arbiter: Actor, rando: Actor
) -> None:
    order = twin.order_reassignment(arbiter.key, frozen, tier3.party, 700)
    wait(twin)
    twin.release_notes(arbiter.key, frozen)
    with twin.refused("NoteNotFrozen", frozen):
        twin.execute_reassignment(rando.key, order)
    twin.freeze(arbiter.key, frozen)
    with twin.refused("FreezeOver", frozen, 1, 2):
        twin.execute_reassignment(rando.key, order)


def test_is_checked_again_at_the_execution(
    twin: Twin, frozen: int, tier3: Actor, tier4: Actor, arbiter: Actor, arbiter2: Actor, rando: Actor
) -> None:
    most = value(twin, frozen)
    first = twin.order_reassignment(arbiter.key, frozen, tier3.party, most)
    second = twin.order_reassignment(arbiter2.key, frozen, tier4.party, most)
    wait(twin)
    twin.suspend(tier3.party)
    with twin.refused("PartyIsSuspended", tier3.party):
        twin.execute_reassignment(rando.key, first)
    twin.reinstate(tier3.party)
    twin.suspend(arbiter.party)
    with twin.refused("PartyIsSuspended", arbiter.party):
        twin.execute_reassignment(rando.key, first)
    twin.reinstate(arbiter.party)
    twin.set_roles(arbiter.party, 8)
    with twin.refused("MissingRole", arbiter.party, 8, 32):
        twin.execute_reassignment(rando.key, first)
    twin.set_roles(arbiter.party, 32)
    twin.execute_reassignment(rando.key, first)
    with twin.refused("ValueExceeded", frozen, most, 0):
        twin.execute_reassignment(rando.key, second)


def test_waits_while_a_round_is_open(
    twin: Twin, frozen: int, child: int, core: Actor, tier3: Actor, arbiter: Actor, rando: Actor
) -> None:
    order = twin.order_reassignment(arbiter.key, frozen, tier3.party, 700)
    twin.move_to(start_of(twin.model.world.ledger.receivables[1].due_day))
    twin.open_round(core.key, 1, FACE // 2)
    with twin.refused("RoundOpen", 1):
        twin.execute_reassignment(rando.key, order)
    twin.pay_round(core.key, 1, frozen, child, payer=core.cash.address)
    note = twin.execute_reassignment(rando.key, order)
    facts = twin.model.world.ledger.notes[note]
    assert facts.flags & NoteFlag.TENDERED and facts.round == 1
    assert value(twin, frozen) == FACE - FACE // 5 - 700


def test_extinguishes_nothing_of_an_unfinished_round(
    twin: Twin, frozen: int, child: int, core: Actor, tier3: Actor, arbiter: Actor, rando: Actor
) -> None:
    """Those who had nothing in it come first: their value may change hands, and not vanish."""
    to_debtor = twin.order_reassignment(arbiter.key, frozen, core.party, 700)
    to_other = twin.order_reassignment(arbiter.key, frozen, tier3.party, 700)
    twin.move_to(start_of(twin.model.world.ledger.receivables[1].due_day))
    twin.open_round(core.key, 1, FACE // 2)
    twin.close_round(rando.key, 1, at=start_of(twin.model.world.rounds[1].last_day + 1))
    with twin.refused("RoundUnfinished", 1, 1):
        twin.execute_reassignment(rando.key, to_debtor)
    given = twin.execute_reassignment(rando.key, to_other)
    twin.resume_round(core.key, 1)
    twin.pay_round(core.key, 1, frozen, child, given, payer=core.cash.address)
    twin.execute_reassignment(rando.key, to_debtor)


# -- what a freeze does to others


def test_open_offers_of_a_frozen_note_wait_but_may_come_back(
    twin: Twin, frozen: int, child: int, tier1: Actor, tier2: Actor, arbiter: Actor
) -> None:
    with twin.refused("NoteFrozen", frozen):
        twin.accept(tier2.key, child)
    twin.release_notes(arbiter.key, frozen)
    twin.accept(tier2.key, child)
    twin.freeze(arbiter.key, frozen)
    assert status(twin, child) == NoteStatus.HELD


def test_a_frozen_holder_makes_nobody_overdue(
    twin: Twin, frozen: int, child: int, core: Actor, arbiter: Actor, rando: Actor
) -> None:
    """Payment is tendered: no interest from that day, and nothing is left that could be declared overdue."""
    due = twin.model.world.ledger.receivables[1].due_day
    twin.move_to(start_of(due))
    assert twin.repay(core.key, frozen, child, payer=core.cash.address) == 0
    twin.move_to(start_of(due + GRACE + 9))
    with twin.refused("NotOverdue", 1, due + GRACE + 9, due + GRACE):
        twin.declare_overdue(rando.key, 1)
    twin.release_notes(arbiter.key, frozen)
    assert twin.repay(core.key, frozen, child, payer=core.cash.address) == FACE
    assert twin.model.world.ledger.receivable_status(1) == ReceivableStatus.SETTLED


def test_what_was_tendered_is_reassigned_with_its_day(
    twin: Twin, frozen: int, core: Actor, tier3: Actor, arbiter: Actor, rando: Actor
) -> None:
    due = twin.model.world.ledger.receivables[1].due_day
    twin.move_to(start_of(due + 2))
    twin.repay(core.key, frozen, payer=core.cash.address)
    order = twin.order_reassignment(arbiter.key, frozen, tier3.party, 36_000_00)
    twin.move_to(start_of(due + 9))
    note = twin.execute_reassignment(rando.key, order)
    facts = twin.model.world.ledger.notes[note]
    assert (facts.tender_day, facts.flags & NoteFlag.TENDERED) == (due + 2, NoteFlag.TENDERED)
    # 3,600,000 × 18.25% × 2 / 360
    assert twin.repay(core.key, note, payer=core.cash.address) == 36_000_00 + 3_650


def test_i_12_standstill_holds_when_the_debtor_pays(
    twin: Twin, held: int, core: Actor, tier1: Actor, tier2: Actor, arbiter: Actor
) -> None:
    """Neither the frozen note nor its open offer collects, whole or by a share; the others do. They are tendered."""
    offer = twin.split(tier1.key, (held, [Portion(tier2.party, FACE // 5), Portion(tier2.party, FACE // 5)]))
    twin.accept(tier2.key, offer + 1)
    twin.freeze(arbiter.key, held)
    twin.repay(core.key, held, offer, payer=core.cash.address)
    notes = twin.model.world.ledger.notes
    assert [notes[note].value for note in (held, offer)] == [FACE - 2 * (FACE // 5), FACE // 5]
    assert not notes[held].flags & NoteFlag.TENDERED
    twin.move_to(start_of(twin.model.world.ledger.receivables[1].due_day))
    twin.open_round(core.key, 1, FACE // 2)
    assert twin.pay_round(core.key, 1, held, offer, offer + 1, payer=core.cash.address) == FACE // 10
    twin.repay(core.key, held, offer, offer + 1, payer=core.cash.address)
    notes = twin.model.world.ledger.notes
    assert [notes[note].value for note in (held, offer, offer + 1)] == [FACE - 2 * (FACE // 5), FACE // 5, 0]
    assert all(notes[note].flags & NoteFlag.TENDERED for note in (held, offer))


def test_i_12_standstill_of_what_was_bought(
    twin: Twin, held: int, core: Actor, tier1: Actor, financier: Actor, financier2: Actor, arbiter: Actor
) -> None:
    """A financier's note is not sold on, nor bought back by the debtor; a quote taken before the freeze moves nothing."""
    quote = twin.quote(financier, held)
    (bought,) = twin.finance(tier1.key, Deal(quote, FACE // 2))
    twin.freeze(arbiter.key, held, bought)
    with twin.refused("NotHeld", held, int(NoteStatus.FROZEN)):
        twin.finance(tier1.key, Deal(quote, FACE // 4))
    for buyer in (financier2, core):
        with twin.refused("NotHeld", bought, int(NoteStatus.FROZEN)):
            twin.finance(financier.key, Deal(twin.quote(buyer, bought), FACE // 2))
