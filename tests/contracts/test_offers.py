"""Accept, refuse, withdraw, lapse, and standing consent."""

from __future__ import annotations

import pytest

from tests.contracts.constants import FACE, LIFETIME, TENOR
from tests.contracts.twin import Actor, Twin
from tests.reference.arithmetic import start_of
from tests.reference.notes import NoteFlag, NoteStatus
from tests.reference.passing import Portion

PART = FACE // 4


@pytest.fixture
def child(twin: Twin, held: int, tier1: Actor, tier2: Actor) -> int:
    """A quarter of the root, offered to tier 2."""
    return twin.split(tier1.key, (held, [Portion(tier2.party, PART)]))


def test_accepting_makes_it_the_receivers(twin: Twin, child: int, tier2: Actor) -> None:
    twin.accept(tier2.key, child)
    assert twin.model.world.ledger.status(child, twin.today) == NoteStatus.HELD


def test_batches_are_all_or_none(twin: Twin, core: Actor, tier1: Actor) -> None:
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR) for _ in range(5)])
    with twin.refused("UnknownNote", 6):
        twin.accept(tier1.key, 1, 2, 6)
    twin.accept(tier1.key, 1, 2, 3)
    with twin.refused("NotOffered", 3, int(NoteStatus.HELD)):
        twin.refuse(tier1.key, 4, 3)
    twin.refuse(tier1.key, 4, 5)


def test_the_wrong_party_is_refused(twin: Twin, offered: int, core: Actor, tier1: Actor, tier2: Actor) -> None:
    with twin.refused("NotHolder", offered, tier1.party, tier2.party):
        twin.accept(tier2.key, offered)
    with twin.refused("NotHolder", offered, tier1.party, core.party):
        twin.refuse(core.key, offered)
    with twin.refused("NotOfferor", offered, core.party, tier1.party):
        twin.withdraw(tier1.key, offered)


def test_who_has_no_party_is_refused(twin: Twin, offered: int, rando: Actor) -> None:
    for act in (twin.accept, twin.refuse, twin.withdraw):
        with twin.refused("MissingRight", rando.address, 0, 0, 1):
            act(rando.key, offered)


def test_a_child_goes_back_to_its_parent(twin: Twin, child: int, held: int, tier1: Actor, tier2: Actor) -> None:
    twin.refuse(tier2.key, child)
    assert twin.model.world.ledger.notes[held].value == FACE
    other = twin.split(tier1.key, (held, [Portion(tier2.party, PART)]))
    twin.withdraw(tier1.key, other)
    assert twin.model.world.ledger.notes[held].value == FACE


def test_a_refused_root_cancels_and_frees_the_line(twin: Twin, offered: int, core: Actor, tier1: Actor) -> None:
    twin.refuse(tier1.key, offered)
    assert twin.model.world.credit.line(core.party, twin.token(1)).used == 0
    with twin.refused("NotOffered", offered, int(NoteStatus.REFUSED)):
        twin.accept(tier1.key, offered)


def test_a_withdrawn_root_cancels(twin: Twin, offered: int, core: Actor) -> None:
    twin.withdraw(core.key, offered)
    assert twin.model.world.ledger.receivables[1].cancelled == FACE


@pytest.mark.parametrize("end", ["accept", "refuse", "withdraw"])
def test_an_answered_offer_is_not_answered_again(twin: Twin, child: int, tier1: Actor, tier2: Actor, end: str) -> None:
    by = tier1 if end == "withdraw" else tier2
    getattr(twin, end)(by.key, child)
    status = int(twin.model.world.ledger.status(child, twin.today))
    for act, actor in ((twin.accept, tier2), (twin.refuse, tier2), (twin.withdraw, tier1), (twin.lapse, tier2)):
        with twin.refused("NotOffered", child, status):
            act(actor.key, child)


def test_lapse_is_for_anyone_after_the_last_day(twin: Twin, child: int, held: int, rando: Actor, tier2: Actor) -> None:
    last = twin.model.world.ledger.notes[child].lapse_day
    assert last == twin.today + LIFETIME
    with twin.refused("OfferNotLapsed", child, last):
        twin.lapse(rando.key, child)
    twin.move_to(start_of(last + 1))
    with twin.refused("OfferLapsed", child, last):
        twin.accept(tier2.key, child)
    twin.lapse(rando.key, child)
    assert twin.model.world.ledger.notes[held].value == FACE


def test_an_offer_past_its_day_may_still_be_refused(twin: Twin, child: int, tier2: Actor) -> None:
    twin.move_to(start_of(twin.model.world.ledger.notes[child].lapse_day + 1))
    twin.refuse(tier2.key, child)


def test_an_offer_lapses_with_the_due_day_at_the_latest(twin: Twin, core: Actor, tier1: Actor) -> None:
    twin.confirm(core.key, [twin.item(tier1.party, FACE, LIFETIME - 1)])
    assert twin.model.world.ledger.notes[1].lapse_day == twin.today + LIFETIME - 1


def test_nobody_lapses_what_was_never_offered(twin: Twin, rando: Actor) -> None:
    with twin.refused("UnknownNote", 1):
        twin.lapse(rando.key, 1)


# -- standing consent


def test_consent_accepts_at_once_and_is_used_up(twin: Twin, held: int, tier1: Actor, tier2: Actor) -> None:
    due = twin.today + TENOR
    twin.set_consent(tier2.key, tier1.party, PART + 100, due, twin.today)
    child = twin.split(tier1.key, (held, [Portion(tier2.party, PART), Portion(tier2.party, 101)]))
    notes = twin.model.world.ledger.notes
    assert notes[child].flags & NoteFlag.ACCEPTED
    assert notes[child].lapse_day == 0
    assert not notes[child + 1].flags & NoteFlag.ACCEPTED, "one more than is left"
    exact = twin.split(tier1.key, (held, [Portion(tier2.party, 100)]))
    assert notes is not twin.model.world.ledger.notes
    assert twin.model.world.ledger.notes[exact].flags & NoteFlag.ACCEPTED


@pytest.mark.parametrize(("due_less", "expiry_less"), [(1, 0), (0, 1)])
def test_consent_ends_with_its_limits(
    twin: Twin, held: int, tier1: Actor, tier2: Actor, due_less: int, expiry_less: int
) -> None:
    twin.set_consent(tier2.key, tier1.party, FACE, twin.today + TENOR - due_less, twin.today - expiry_less)
    child = twin.split(tier1.key, (held, [Portion(tier2.party, PART)]))
    assert not twin.model.world.ledger.notes[child].flags & NoteFlag.ACCEPTED


def test_consent_is_per_offeror_and_currency_and_revocable(
    twin: Twin, core: Actor, held: int, tier1: Actor, tier2: Actor, tier3: Actor
) -> None:
    due = twin.today + 365
    twin.set_consent(tier2.key, tier3.party, FACE, due, due)
    twin.set_consent(tier2.key, tier1.party, FACE, due, due, currency=2)
    child = twin.split(tier1.key, (held, [Portion(tier2.party, PART)]))
    assert not twin.model.world.ledger.notes[child].flags & NoteFlag.ACCEPTED
    twin.set_consent(tier2.key, tier1.party, FACE, due, due)
    twin.set_consent(tier2.key, tier1.party, 0, 0, 0)
    child = twin.split(tier1.key, (held, [Portion(tier2.party, PART)]))
    assert not twin.model.world.ledger.notes[child].flags & NoteFlag.ACCEPTED


def test_consent_covers_roots(twin: Twin, core: Actor, tier1: Actor) -> None:
    due = twin.today + TENOR
    twin.set_consent(tier1.key, core.party, 2 * FACE, due, due)
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR), twin.item(tier1.party, FACE, TENOR + 1)])
    assert twin.model.world.ledger.notes[1].flags & NoteFlag.ACCEPTED
    assert not twin.model.world.ledger.notes[2].flags & NoteFlag.ACCEPTED


def test_consent_refuses_an_unknown_currency(twin: Twin, tier2: Actor) -> None:
    with twin.refused("UnknownCurrency", 9):
        twin.set_consent(tier2.key, 1, 1, 1, 1, currency=9)


def test_a_suspended_party_neither_accepts_nor_consents(twin: Twin, offered: int, tier1: Actor) -> None:
    twin.suspend(tier1.party)
    for act in (
        lambda: twin.accept(tier1.key, offered),
        lambda: twin.refuse(tier1.key, offered),
        lambda: twin.set_consent(tier1.key, 1, 1, 1, 1),
    ):
        with twin.refused("PartyIsSuspended", tier1.party):
            act()


def test_pause_stops_no_answer(twin: Twin, core: Actor, tier1: Actor) -> None:
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR) for _ in range(3)])
    twin.set_paused(True)
    twin.accept(tier1.key, 1)
    twin.refuse(tier1.key, 2)
    twin.withdraw(core.key, 3)
    twin.repay(core.key, 1, payer=core.cash.address)
