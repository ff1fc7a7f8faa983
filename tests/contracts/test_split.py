"""Passing value on: split and transfer, each rule tried alone."""

from __future__ import annotations

import pytest

from tests.contracts.constants import FACE, MINIMUM, TENOR, ZERO_HASH
from tests.contracts.twin import Actor, Twin
from tests.reference.arithmetic import start_of
from tests.reference.financing import Deal
from tests.reference.notes import NoteStatus
from tests.reference.parties import Role
from tests.reference.passing import Portion


def test_one_becomes_many_in_one_transaction(twin: Twin, held: int, tier1: Actor, tier2: Actor, tier3: Actor) -> None:
    portions = [Portion(tier2.party, 300), Portion(tier3.party, 400), Portion(tier2.party, 500)]
    first = twin.split(tier1.key, (held, portions))
    notes = twin.model.world.ledger.notes
    assert [(notes[first + i].holder, notes[first + i].value) for i in range(3)] == [
        (portion.to, portion.amount) for portion in portions
    ]
    assert notes[held].value == FACE - 1_200


def test_several_notes_in_one_transaction(twin: Twin, core: Actor, tier1: Actor, tier2: Actor) -> None:
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR) for _ in range(2)])
    twin.accept(tier1.key, 1, 2)
    twin.split(
        tier1.key, (1, [Portion(tier2.party, 500)]), (2, [Portion(tier2.party, FACE)]), (1, [Portion(tier2.party, 500)])
    )
    assert twin.model.world.ledger.status(2, twin.today) == NoteStatus.SPENT


def test_down_to_tier_four_and_no_further(
    twin: Twin, held: int, tier1: Actor, tier2: Actor, tier3: Actor, tier4: Actor
) -> None:
    note = held
    for giver, taker in ((tier1, tier2), (tier2, tier3), (tier3, tier4)):
        note = twin.split(giver.key, (note, [Portion(taker.party, FACE)]))
        twin.accept(taker.key, note)
    assert twin.model.world.ledger.notes[note].tier == 4
    with twin.refused("TierLimitReached", note, 4, 4):
        twin.split(tier4.key, (note, [Portion(tier1.party, FACE)]))


@pytest.mark.parametrize("amounts", [(FACE + 1,), (FACE, MINIMUM), (2**95, 2**95)])
def test_refuses_more_than_there_is(
    twin: Twin, held: int, tier1: Actor, tier2: Actor, amounts: tuple[int, ...]
) -> None:
    with twin.refused("ValueExceeded", held, sum(amounts), FACE):
        twin.split(tier1.key, (held, [Portion(tier2.party, amount) for amount in amounts]))


def test_refuses_more_than_any_number_holds(twin: Twin, held: int, tier1: Actor, tier2: Actor) -> None:
    portions = [Portion(tier2.party, 2**96 - 1), Portion(tier2.party, FACE + 1)]
    with twin.refused("ValueExceeded", held, 2**96 + FACE, FACE):
        twin.split(tier1.key, (held, portions))


def test_refuses_a_child_or_remainder_too_small(twin: Twin, held: int, tier1: Actor, tier2: Actor) -> None:
    with twin.refused("BelowMinimum", held, MINIMUM - 1, MINIMUM):
        twin.split(tier1.key, (held, [Portion(tier2.party, MINIMUM - 1)]))
    with twin.refused("BelowMinimum", held, MINIMUM - 1, MINIMUM):
        twin.split(tier1.key, (held, [Portion(tier2.party, FACE - MINIMUM + 1)]))
    twin.split(tier1.key, (held, [Portion(tier2.party, MINIMUM), Portion(tier2.party, FACE - 2 * MINIMUM)]))
    assert twin.model.world.ledger.notes[held].value == MINIMUM
    twin.split(tier1.key, (held, [Portion(tier2.party, MINIMUM)]))


def test_refuses_zero(twin: Twin, held: int, tier1: Actor, tier2: Actor) -> None:
    try:
        twin.split(tier1.key, (held, [Portion(tier2.party, 0)]))
    except Exception as refusal:
        assert refusal.names == {"ZeroAmount", "BelowMinimum"}  # type: ignore[attr-defined]
    else:
        raise AssertionError("nothing was passed on, and accepted")


def test_refuses_no_trade(twin: Twin, held: int, tier1: Actor, tier2: Actor) -> None:
    with twin.refused("TradeHashMissing", held):
        twin.split(tier1.key, (held, [Portion(tier2.party, FACE, ZERO_HASH)]))


def test_refuses_the_holder_itself(twin: Twin, held: int, tier1: Actor) -> None:
    with twin.refused("SelfTransfer", held, tier1.party):
        twin.split(tier1.key, (held, [Portion(tier1.party, FACE)]))


def test_refuses_an_empty_batch(twin: Twin, held: int, tier1: Actor) -> None:
    with twin.refused("EmptyBatch"):
        twin.split(tier1.key)
    with twin.refused("EmptyBatch"):
        twin.split(tier1.key, (held, []))


def test_refuses_who_does_not_hold_it(
    twin: Twin, held: int, core: Actor, tier1: Actor, tier2: Actor, tier3: Actor
) -> None:
    for other in (tier2, core):
        with twin.refused("NotHolder", held, tier1.party, other.party):
            twin.split(other.key, (held, [Portion(tier3.party, FACE)]))
    with twin.refused("UnknownNote", 99):
        twin.split(tier1.key, (99, [Portion(tier3.party, FACE)]))


def test_refuses_what_is_not_accepted(twin: Twin, offered: int, tier1: Actor, tier2: Actor) -> None:
    with twin.refused("NotHeld", offered, int(NoteStatus.OFFERED)):
        twin.split(tier1.key, (offered, [Portion(tier2.party, FACE)]))


def test_refuses_from_the_due_day_on(twin: Twin, held: int, tier1: Actor, tier2: Actor) -> None:
    due = twin.model.world.ledger.receivables[1].due_day
    twin.move_to(start_of(due))
    with twin.refused("NotBeforeDueDay", held, due):
        twin.split(tier1.key, (held, [Portion(tier2.party, FACE)]))


def test_refuses_a_receiver_that_is_no_active_supplier(
    twin: Twin, held: int, tier1: Actor, tier2: Actor, financier: Actor
) -> None:
    with twin.refused("MissingRole", financier.party, int(Role.FINANCIER), int(Role.SUPPLIER)):
        twin.split(tier1.key, (held, [Portion(financier.party, FACE)]))
    with twin.refused("UnknownParty", 0):
        twin.split(tier1.key, (held, [Portion(0, FACE)]))
    twin.suspend(tier2.party)
    with twin.refused("PartyIsSuspended", tier2.party):
        twin.split(tier1.key, (held, [Portion(tier2.party, FACE)]))


def test_refuses_a_suspended_holder(twin: Twin, held: int, tier1: Actor, tier2: Actor) -> None:
    twin.suspend(tier1.party)
    with twin.refused("PartyIsSuspended", tier1.party):
        twin.split(tier1.key, (held, [Portion(tier2.party, FACE)]))


def test_refuses_while_paused(twin: Twin, held: int, tier1: Actor, tier2: Actor) -> None:
    twin.set_paused(True)
    with twin.refused("ProtocolPaused"):
        twin.split(tier1.key, (held, [Portion(tier2.party, FACE)]))
    twin.set_paused(False)
    twin.split(tier1.key, (held, [Portion(tier2.party, FACE)]))


def test_refuses_what_was_bought_through_financing(
    twin: Twin, held: int, tier1: Actor, tier2: Actor, financier: Actor
) -> None:
    twin.set_roles(financier.party, int(Role.FINANCIER | Role.SUPPLIER))
    child = twin.finance(tier1.key, Deal(twin.quote(financier, held), FACE))[0]
    with twin.refused("FinancedNote", child):
        twin.split(financier.key, (child, [Portion(tier2.party, FACE)]))


def test_value_that_reaches_its_debtor_is_extinguished(twin: Twin, core2: Actor, tier1: Actor, tier2: Actor) -> None:
    twin.confirm(core2.key, [twin.item(tier1.party, FACE, TENOR)])
    twin.accept(tier1.key, 1)
    twin.split(
        tier1.key,
        (1, [Portion(core2.party, 700), Portion(tier2.party, 800), Portion(core2.party, 900)]),
    )
    assert twin.model.world.ledger.receivables[1].extinguished == 1_600
    assert twin.model.world.credit.line(core2.party, twin.token(1)).used == FACE - 1_600
    with twin.refused("TradeHashMissing", 1):
        twin.split(tier1.key, (1, [Portion(core2.party, 700, ZERO_HASH)]))


def test_extinguishing_all_settles(twin: Twin, core2: Actor, tier1: Actor) -> None:
    twin.confirm(core2.key, [twin.item(tier1.party, FACE, TENOR)])
    twin.accept(tier1.key, 1)
    twin.split(tier1.key, (1, [Portion(core2.party, FACE)]))
    assert twin.model.world.credit.line(core2.party, twin.token(1)).used == 0
    with twin.refused("NotDue", 1, int(NoteStatus.SPENT)):
        twin.repay(core2.key, 1, payer=core2.cash.address)


def test_the_deepest_tier_may_still_pay_its_debtor(
    twin: Twin, core2: Actor, tier1: Actor, tier2: Actor, tier3: Actor, tier4: Actor
) -> None:
    twin.confirm(core2.key, [twin.item(tier1.party, FACE, TENOR)])
    note = 1
    twin.accept(tier1.key, note)
    for giver, taker in ((tier1, tier2), (tier2, tier3), (tier3, tier4)):
        note = twin.split(giver.key, (note, [Portion(taker.party, FACE)]))
        twin.accept(taker.key, note)
    twin.split(tier4.key, (note, [Portion(core2.party, FACE)]))
