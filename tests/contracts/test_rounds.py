"""Pro rata rounds: each rule tried alone, and I-10 by random rounds."""

from __future__ import annotations

import random

import pytest

from tests.contracts.constants import FACE, GRACE, TENOR
from tests.contracts.twin import Actor, Twin
from tests.reference.arithmetic import overdue_down, start_of
from tests.reference.notes import NoteFlag, ReceivableFlag, ReceivableStatus
from tests.reference.parties import Right
from tests.reference.passing import Portion
from tests.reference.repaying import ROUND_DAYS


@pytest.fixture
def tree(twin: Twin, held: int, tier1: Actor, tier2: Actor, tier3: Actor) -> list[int]:
    """Root 1 (tier 1), children 2, 3 accepted (tiers 2, 3), child 4 offered (tier 2); the due day has come."""
    twin.split(tier1.key, (held, [Portion(tier2.party, 30_001), Portion(tier3.party, 20_002)]))
    twin.accept(tier2.key, 2)
    twin.accept(tier3.key, 3)
    twin.move_to(start_of(twin.today + TENOR - 1))
    twin.split(tier1.key, (held, [Portion(tier2.party, 777)]))
    twin.move_to(start_of(twin.today + 1))
    return [1, 2, 3, 4]


def late(twin: Twin, days: int) -> None:
    """Some days after the due day of receivable 1."""
    twin.move_to(start_of(twin.model.world.ledger.receivables[1].due_day + days))


def test_every_holder_gets_the_same_part(twin: Twin, tree: list[int], core: Actor, tier1: Actor) -> None:
    twin.open_round(core.key, 1, 40_000)
    opened = twin.deployment["RepaymentDesk"].events(twin.last, "RoundOpened")  # type: ignore[arg-type]
    assert opened == [{"receivable": 1, "round": 1, "total": 40_000, "base": FACE, "lastDay": twin.today + ROUND_DAYS}]
    values = {note: twin.model.world.ledger.notes[note].value for note in tree}
    assert twin.pay_round(core.key, 1, *tree, payer=core.cash.address) == 40_000
    for note, value in values.items():
        paid = value - twin.model.world.ledger.notes[note].value
        assert abs(paid * FACE - value * 40_000) < FACE, "within one minor unit"
    assert not twin.model.world.ledger.receivables[1].flags & 96, "closed by the last share, and finished"
    paid = twin.deployment["RepaymentDesk"].events(twin.last, "Paid")  # type: ignore[arg-type]
    assert paid[3]["payee"] == tier1.cash.address, "an open offer pays its offeror"


def test_shares_come_in_any_order_over_several_transactions(
    twin: Twin, tree: list[int], core: Actor, financier: Actor
) -> None:
    twin.open_round(core.key, 1, 12_345)
    twin.approve(financier.cash, 1, "RepaymentDesk", FACE)
    paid = twin.pay_round(core.key, 1, 3, 1, payer=core.cash.address)
    paid += twin.pay_round(financier.key, 1, 4, payer=financier.cash.address)
    paid += twin.pay_round(core.key, 1, 2, payer=core.cash.address)
    assert paid == 12_345
    with twin.refused("RoundNotOpen", 1):
        twin.pay_round(core.key, 1, 2, payer=core.cash.address)


def test_a_note_has_its_share_once_a_round(twin: Twin, tree: list[int], core: Actor) -> None:
    twin.open_round(core.key, 1, 12_345)
    with twin.refused("SharedAlready", 2, 1):
        twin.pay_round(core.key, 1, 2, 2, payer=core.cash.address)
    twin.pay_round(core.key, 1, 2, payer=core.cash.address)
    with twin.refused("SharedAlready", 2, 1):
        twin.pay_round(core.key, 1, 2, payer=core.cash.address)
    with twin.refused("EmptyBatch"):
        twin.pay_round(core.key, 1, payer=core.cash.address)


def test_a_second_round_shares_what_is_left(twin: Twin, tree: list[int], core: Actor) -> None:
    twin.open_round(core.key, 1, 50_000)
    twin.pay_round(core.key, 1, *tree, payer=core.cash.address)
    late(twin, 7)
    with twin.refused("RoundTotalInvalid", 1, FACE - 50_000 + 1, FACE - 50_000):
        twin.open_round(core.key, 1, FACE - 50_000 + 1)
    twin.open_round(core.key, 1, FACE - 50_000)
    rate = twin.model.world.ledger.receivables[1].policy.overdue_rate_bps
    interest = sum(overdue_down(twin.model.world.ledger.notes[note].value, rate, 7) for note in tree)
    assert twin.pay_round(core.key, 1, *tree, payer=core.cash.address) == FACE - 50_000 + interest
    assert twin.model.world.ledger.receivable_status(1) == ReceivableStatus.SETTLED


def test_who_may_open_and_when(twin: Twin, held: int, core: Actor, core2: Actor, tier1: Actor) -> None:
    due = twin.model.world.ledger.receivables[1].due_day
    with twin.refused("RoundBeforeDueDay", 1, due):
        twin.open_round(core.key, 1, 1)
    twin.move_to(start_of(due))
    for stranger in (core2, tier1):
        with twin.refused("NotDebtor", 1, core.party, stranger.party):
            twin.open_round(stranger.key, 1, 1)
    clerk = twin.actors["financier"].cash
    with twin.refused("NotDebtor", 1, core.party, twin.actors["financier"].party):
        twin.open_round(clerk, 1, 1)
    with twin.refused("NotDebtor", 1, core.party, core.party):
        twin.open_round(core.cash, 1, 1)
    assert twin.model.world.registry.account(core.cash.address).rights == Right.SETTLE
    with twin.refused("RoundTotalInvalid", 1, 0, FACE):
        twin.open_round(core.key, 1, 0)
    with twin.refused("UnknownReceivable", 9):
        twin.open_round(core.key, 9, 1)
    with twin.refused("NoUnfinishedRound", 1):
        twin.resume_round(core.key, 1)
    twin.suspend(core.party)
    twin.open_round(core.key, 1, 1)
    with twin.refused("RoundOpen", 1):
        twin.open_round(core.key, 1, 1)


def test_what_nobody_accepted_is_not_shared(twin: Twin, offered: int, core: Actor) -> None:
    twin.move_to(start_of(twin.today + TENOR))
    with twin.refused("NothingOwed", 1):
        twin.open_round(core.key, 1, 1)


def test_nothing_is_left_to_share_of_what_is_paid(twin: Twin, held: int, core: Actor) -> None:
    twin.move_to(start_of(twin.today + TENOR))
    twin.repay(core.key, held, payer=core.cash.address)
    refusal = twin.deployment["RepaymentDesk"].refusal("openRound", 1, 1, sender=core.address)
    assert refusal == ("NothingOwed", (1,)), "and not that one unit is more than nothing"


def test_a_share_of_nothing_is_no_payment(twin: Twin, tree: list[int], core: Actor) -> None:
    """Of one minor unit for all, the first notes counted get none: no cash leg is told of them."""
    twin.open_round(core.key, 1, 1)
    desk = twin.deployment["RepaymentDesk"]
    twin.pay_round(core.key, 1, 2, 3, payer=core.cash.address)
    assert twin.last is not None and desk.events(twin.last, "Paid") == []
    assert desk.events(twin.last, "RoundCounted") == [{"receivable": 1, "counted": 50_003}]
    twin.pay_round(core.key, 1, 4, 1, payer=core.cash.address)
    assert [(event["note"], event["amount"]) for event in desk.events(twin.last, "Paid")] == [(1, 1)]
    assert desk.events(twin.last, "RoundClosed") == [{"receivable": 1, "counted": FACE, "finished": True}]


def test_all_else_waits_while_a_round_is_open(twin: Twin, tree: list[int], core: Actor, tier1: Actor) -> None:
    twin.open_round(core.key, 1, 50_000)
    with twin.refused("RoundOpen", 1):
        twin.repay(core.key, 1, payer=core.cash.address)
    late(twin, 1)
    for act in (twin.withdraw, twin.lapse):
        with twin.refused("RoundsBegun", 1):
            act(tier1.key, 4)
    twin.pay_round(core.key, 1, *tree, payer=core.cash.address)
    with twin.refused("RoundsBegun", 1):
        twin.lapse(tier1.key, 4)
    twin.repay(core.key, *tree, payer=core.cash.address)


def test_an_offer_may_be_accepted_during_a_round(twin: Twin, tree: list[int], core: Actor, tier2: Actor) -> None:
    twin.open_round(core.key, 1, FACE // 2)
    twin.accept(tier2.key, 4)
    twin.pay_round(core.key, 1, 4, payer=core.cash.address)
    paid = twin.deployment["RepaymentDesk"].events(twin.last, "Paid")  # type: ignore[arg-type]
    assert paid[0]["payee"] == tier2.cash.address


def test_the_unpaid_of_an_unfinished_round_come_first(twin: Twin, tree: list[int], core: Actor, rando: Actor) -> None:
    twin.open_round(core.key, 1, 50_000)
    twin.pay_round(core.key, 1, 1, payer=core.cash.address)
    last = twin.model.world.rounds[1].last_day
    with twin.refused("RoundNotOver", 1, last):
        twin.close_round(rando.key, 1)
    with twin.refused("RoundNotOver", 1, last):
        twin.close_round(rando.key, 1, at=start_of(last + 1) - 1)
    twin.close_round(rando.key, 1, at=start_of(last + 1))
    closed = twin.deployment["RepaymentDesk"].events(twin.last, "RoundClosed")  # type: ignore[arg-type]
    assert [(event["finished"], event["counted"] < FACE) for event in closed] == [(False, True)]
    with twin.refused("RoundNotOpen", 1):
        twin.close_round(rando.key, 1)
    with twin.refused("RoundUnfinished", 1, 1):
        twin.open_round(core.key, 1, 1)
    left = sum(twin.model.world.ledger.notes[note].value for note in (2, 3, 4))
    with twin.refused("PaidInPart", 1, left):
        twin.repay(core.key, 1, payer=core.cash.address)
    twin.resume_round(core.key, 1)
    with twin.refused("SharedAlready", 1, 1):
        twin.pay_round(core.key, 1, 1, payer=core.cash.address)
    twin.pay_round(core.key, 1, 4, 3, 2, payer=core.cash.address)
    assert twin.model.world.ledger.receivables[1].repaid == 50_000
    twin.open_round(core.key, 1, 1)


def test_an_unfinished_round_may_be_paid_in_full(twin: Twin, tree: list[int], core: Actor, rando: Actor) -> None:
    twin.open_round(core.key, 1, 50_000)
    twin.pay_round(core.key, 1, 2, payer=core.cash.address)
    twin.move_to(start_of(twin.model.world.rounds[1].last_day + 1))
    twin.close_round(rando.key, 1)
    twin.repay(core.key, *tree, payer=core.cash.address)
    assert twin.model.world.ledger.receivable_status(1) == ReceivableStatus.SETTLED


def test_an_unfinished_round_is_over_when_the_rest_was_tendered(
    twin: Twin, tree: list[int], core: Actor, arbiter: Actor, rando: Actor
) -> None:
    twin.open_round(core.key, 1, 50_000)
    twin.move_to(start_of(twin.model.world.rounds[1].last_day + 1))
    twin.close_round(rando.key, 1)
    twin.freeze(arbiter.key, 2)
    twin.repay(core.key, *tree, payer=core.cash.address)
    with twin.refused("NoUnfinishedRound", 1):
        twin.resume_round(core.key, 1)
    twin.release_notes(arbiter.key, 2)
    twin.open_round(core.key, 1, 100)
    twin.pay_round(core.key, 1, 2, payer=core.cash.address)
    assert not twin.model.world.ledger.receivables[1].flags & ReceivableFlag.ROUND_OPEN


def test_overdue_in_part_is_for_rounds_alone(twin: Twin, tree: list[int], core: Actor, rando: Actor) -> None:
    late(twin, GRACE + 1)
    twin.declare_overdue(rando.key, 1)
    with twin.refused("PaidInPart", 1, FACE - twin.model.world.ledger.notes[1].value):
        twin.repay(core.key, 1, payer=core.cash.address)
    twin.open_round(core.key, 1, 10)
    twin.pay_round(core.key, 1, *tree, payer=core.cash.address)
    assert twin.model.world.credit.overdue[core.party] == 1
    twin.open_round(core.key, 1, FACE - 10)
    twin.pay_round(core.key, 1, 4, 2, payer=core.cash.address)
    twin.pay_round(core.key, 1, 3, 1, payer=core.cash.address)
    assert twin.model.world.credit.overdue[core.party] == 0


def test_a_round_takes_notes_of_its_receivable_alone(twin: Twin, tree: list[int], core: Actor, tier1: Actor) -> None:
    other = twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)])
    twin.accept(tier1.key, 5)
    twin.open_round(core.key, 1, 10)
    with twin.refused("OtherReceivable", 5, other):
        twin.pay_round(core.key, 1, 5, payer=core.cash.address)
    with twin.refused("OtherReceivable", 9, 0):
        twin.pay_round(core.key, 1, 9, payer=core.cash.address)
    with twin.refused("PayerNotAuthorised", core.cash.address, tier1.address):
        twin.pay_round(tier1.key, 1, 2, payer=core.cash.address)
    with twin.refused("TotalExceeded", 10, 9):
        twin.pay_round(core.key, 1, *tree, payer=core.cash.address, max_total=9)


def test_nobody_but_the_desk_asks_its_probe(twin: Twin, core: Actor) -> None:
    token = twin.deployment["DepositToken"].address
    refusal = twin.deployment["RepaymentDesk"].refusal("probe", token, core.cash.address, 1, sender=core.address)
    assert refusal == ("PayerNotAuthorised", (core.cash.address, core.address))


@pytest.mark.parametrize("seed", range(12))
def test_i_10_pari_passu(twin: Twin, core: Actor, tier1: Actor, tier2: Actor, seed: int) -> None:
    """Random trees, random rounds, random order: within one minor unit of its part, and the sum exact."""
    dice = random.Random(seed)
    twin.confirm(core.key, [twin.item(tier1.party, dice.choice([1_000, FACE, 7_777_777]), 5)])
    twin.accept(tier1.key, 1)
    value = twin.model.world.ledger.notes[1].value
    parts = [dice.randint(100, value // 12) for _ in range(dice.randint(1, 9))] if value > 1_500 else [300, 400]
    twin.split(tier1.key, (1, [Portion(tier2.party, part) for part in parts]))
    ledger = twin.model.world.ledger
    twin.move_to(start_of(twin.today + 5 + dice.randint(0, 9)))
    for _ in range(3):
        live = {note: facts.value for note, facts in twin.model.world.ledger.notes.items() if facts.value}
        base = sum(live.values())
        if not base:
            break
        total = dice.choice([1, base, base - 1, dice.randint(1, base)]) or 1
        twin.open_round(core.key, 1, total)
        order = list(live)
        dice.shuffle(order)
        while order:
            some = [order.pop() for _ in range(min(len(order), dice.randint(1, 4)))]
            twin.pay_round(core.key, 1, *some, payer=core.cash.address)
        ledger = twin.model.world.ledger
        shares = {note: value - ledger.notes[note].value for note, value in live.items()}
        assert sum(shares.values()) == total
        assert all(abs(share * base - live[note] * total) < base for note, share in shares.items())
    assert not any(note.flags & NoteFlag.TENDERED for note in ledger.notes.values())
