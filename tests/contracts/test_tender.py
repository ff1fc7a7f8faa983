"""What a payee's side refuses: put back before the due day, tendered from then on; the others are paid."""

from __future__ import annotations

import pytest

from tests.contracts.constants import FACE, GRACE, TENOR
from tests.contracts.twin import ALLOWANCE, Actor, Twin
from tests.reference.arithmetic import overdue_down, start_of
from tests.reference.notes import NoteFlag, NoteStatus, ReceivableStatus
from tests.reference.passing import Portion

EUR = 2


@pytest.fixture
def tree(twin: Twin, core: Actor, tier1: Actor, tier2: Actor, tier3: Actor) -> list[int]:
    """In the currency whose bank blocks accounts: root 1 (tier 1), 2 (tier 2), 3 (tier 3), 4 offered to tier 2."""
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)], currency=EUR)
    twin.accept(tier1.key, 1)
    twin.split(tier1.key, (1, [Portion(tier2.party, 30_000), Portion(tier3.party, 20_000)]))
    twin.accept(tier2.key, 2)
    twin.accept(tier3.key, 3)
    twin.move_to(start_of(twin.today + TENOR - 1))
    twin.split(tier1.key, (1, [Portion(tier2.party, 10_000)]))
    return [1, 2, 3, 4]


def late(twin: Twin, days: int) -> None:
    """Some days after the due day."""
    twin.move_to(start_of(twin.model.world.ledger.receivables[1].due_day + days))


def test_before_the_due_day_it_is_put_back_and_stays_free(
    twin: Twin, tree: list[int], core: Actor, tier2: Actor, tier3: Actor
) -> None:
    twin.set_blocked(tier2.cash.address, True)
    assert twin.repay(core.key, 2, 3, payer=core.cash.address) == 20_000
    assert twin.last is not None
    refused = twin.deployment["RepaymentDesk"].events(twin.last, "PaymentRefused")
    assert [(event["note"], event["payee"], event["amount"]) for event in refused] == [(2, tier2.cash.address, 30_000)]
    assert twin.model.world.ledger.status(2, twin.today) == NoteStatus.HELD
    assert not twin.model.world.ledger.notes[2].flags & NoteFlag.TENDERED
    twin.split(tier2.key, (2, [Portion(tier3.party, 1_000)]))


def test_from_the_due_day_on_interest_stops(twin: Twin, tree: list[int], core: Actor, tier2: Actor) -> None:
    twin.set_blocked(tier2.cash.address, True)
    late(twin, 4)
    twin.repay(core.key, 2, 3, payer=core.cash.address)
    assert twin.model.world.ledger.notes[2].flags & NoteFlag.TENDERED
    late(twin, 90)
    twin.set_blocked(tier2.cash.address, False)
    rate = twin.model.world.ledger.receivables[1].policy.overdue_rate_bps
    assert twin.repay(core.key, 2, payer=core.cash.address) == 30_000 + overdue_down(30_000, rate, 4)
    assert twin.model.world.ledger.tendered(1) == 0


def test_a_tender_is_made_once(twin: Twin, tree: list[int], core: Actor, tier2: Actor) -> None:
    twin.set_blocked(tier2.cash.address, True)
    late(twin, 0)
    twin.repay(core.key, 2, payer=core.cash.address)
    first = twin.model.world.ledger.notes[2].tender_day
    late(twin, 2)
    twin.repay(core.key, 2, payer=core.cash.address)
    assert twin.model.world.ledger.notes[2].tender_day == first == twin.today - 2


def test_a_tendered_offer_is_answered_no_more(
    twin: Twin, tree: list[int], core: Actor, tier1: Actor, tier2: Actor
) -> None:
    twin.set_blocked(tier1.cash.address, True)
    late(twin, 0)
    twin.repay(core.key, 4, payer=core.cash.address)
    for act, key in ((twin.accept, tier2.key), (twin.refuse, tier2.key), (twin.withdraw, tier1.key)):
        with twin.refused("NotOffered", 4, int(NoteStatus.OFFERED)):
            act(key, 4)
    late(twin, 1)
    with twin.refused("NotOffered", 4, int(NoteStatus.LAPSABLE)):
        twin.lapse(tier1.key, 4)
    twin.set_blocked(tier1.cash.address, False)
    assert twin.repay(core.key, 4, payer=core.cash.address) == 10_000


def test_an_offer_put_back_before_the_due_day_is_open_again(
    twin: Twin, tree: list[int], core: Actor, tier1: Actor, tier2: Actor
) -> None:
    twin.set_blocked(tier1.cash.address, True)
    twin.repay(core.key, 4, payer=core.cash.address)
    twin.accept(tier2.key, 4)


def test_value_that_comes_back_to_a_tendered_note_is_tendered_with_it(
    twin: Twin, tree: list[int], core: Actor, tier1: Actor, tier2: Actor
) -> None:
    twin.set_blocked(tier1.cash.address, True)
    late(twin, 0)
    twin.repay(core.key, 1, payer=core.cash.address)
    before = twin.model.world.ledger.tendered(1)
    late(twin, 1)
    twin.lapse(tier2.key, 4)
    assert twin.model.world.ledger.tendered(1) == before + 10_000


def test_what_is_tendered_is_not_overdue(twin: Twin, tree: list[int], core: Actor, tier2: Actor, rando: Actor) -> None:
    twin.set_blocked(tier2.cash.address, True)
    late(twin, 0)
    twin.repay(core.key, *tree, payer=core.cash.address)
    assert twin.model.world.ledger.receivables[1].outstanding == 30_000
    late(twin, GRACE + 1)
    last = twin.model.world.ledger.receivables[1].due_day + GRACE
    with twin.refused("NotOverdue", 1, twin.today, last):
        twin.declare_overdue(rando.key, 1)


def test_a_tender_ends_an_overdue(twin: Twin, tree: list[int], core: Actor, tier2: Actor, rando: Actor) -> None:
    late(twin, GRACE + 1)
    twin.declare_overdue(rando.key, 1)
    twin.set_blocked(tier2.cash.address, True)
    twin.repay(core.key, *tree, payer=core.cash.address)
    assert twin.model.world.credit.overdue[core.party] == 0
    assert twin.model.world.ledger.receivable_status(1) == ReceivableStatus.OUTSTANDING


def test_a_payers_own_shortfall_tenders_nothing(twin: Twin, tree: list[int], core: Actor, tier2: Actor) -> None:
    twin.set_blocked(tier2.cash.address, True)
    late(twin, 0)
    desk = twin.deployment["RepaymentDesk"].address
    twin.approve(core.cash, EUR, "RepaymentDesk", 29_999)
    with twin.refused("ERC20InsufficientAllowance", desk, 29_999, 30_000):
        twin.repay(core.key, 2, payer=core.cash.address)
    twin.approve(core.cash, EUR, "RepaymentDesk", ALLOWANCE)
    twin.set_blocked(core.cash.address, True)
    with twin.refused("AccountBlocked", core.cash.address):
        twin.repay(core.key, 2, payer=core.cash.address)


def test_too_little_gas_is_no_proof(twin: Twin, tree: list[int], core: Actor, tier2: Actor) -> None:
    """Whatever gas the payer gives, a payable note is paid or nothing happens."""
    late(twin, 0)
    desk, notes = twin.deployment["RepaymentDesk"], twin.deployment["ReceivableNotes"]
    outcomes = set()
    for gas in range(150_000, 620_000, 47_000):
        mark = twin.chain.snapshot()
        receipt = desk.send(core.key, "repay", [2], core.cash.address, FACE, gas=gas)
        note = notes.call("note", 2)
        assert not note[5] & NoteFlag.TENDERED
        assert note[0] == (0 if receipt.ok else 30_000)
        outcomes.add(receipt.ok)
        twin.chain.revert(mark)
    assert outcomes == {True, False}


def test_a_blocked_holder_in_a_round_counts_and_is_tendered(
    twin: Twin, tree: list[int], core: Actor, tier2: Actor
) -> None:
    twin.set_blocked(tier2.cash.address, True)
    late(twin, 2)
    twin.open_round(core.key, 1, FACE // 2)
    twin.pay_round(core.key, 1, *tree, payer=core.cash.address)
    note = twin.model.world.ledger.notes[2]
    assert (note.value, note.round) == (30_000, 1)
    assert note.flags & NoteFlag.TENDERED
    assert not twin.model.world.ledger.receivables[1].flags & 96
    twin.set_blocked(tier2.cash.address, False)
    twin.repay(core.key, *tree, payer=core.cash.address)
    assert twin.model.world.ledger.receivable_status(1) == ReceivableStatus.SETTLED


def test_what_an_order_withholds_is_tendered_by_who_has_the_money(
    twin: Twin, tree: list[int], core: Actor, rando: Actor
) -> None:
    """A frozen note moves no cash; that the payer had it, after paying the others, is asked all the same."""
    twin.freeze(twin.actors["arbiter"].key, 1, 2)
    late(twin, 1)
    twin.seen.accounts.add(rando.address)
    twin.mint(EUR, rando.address, FACE)
    desk = twin.deployment["RepaymentDesk"].address
    with twin.refused("ERC20InsufficientAllowance", desk, 0, ...):
        twin.repay(rando.key, 2)
    rate = twin.model.world.ledger.receivables[1].policy.overdue_rate_bps
    owed = [twin.model.world.ledger.notes[note].value for note in (1, 2, 3)]
    withheld, paid = (sum(v + overdue_down(v, rate, 1) for v in some) for some in (owed[:2], owed[2:]))
    twin.approve(core.cash, EUR, "RepaymentDesk", withheld + paid - 1)
    with twin.refused("ERC20InsufficientAllowance", desk, withheld - 1, withheld):
        twin.repay(core.key, 1, 2, 3, payer=core.cash.address)
    twin.approve(core.cash, EUR, "RepaymentDesk", withheld + paid)
    assert twin.repay(core.key, 1, 2, 3, payer=core.cash.address) == paid
    assert twin.model.world.ledger.tendered(1) == owed[0] + owed[1]


def test_what_an_order_withholds_is_tendered_once_however_often_it_is_named(
    twin: Twin, tree: list[int], core: Actor
) -> None:
    twin.freeze(twin.actors["arbiter"].key, 1)
    assert twin.repay(core.key, 2, 1, 1, payer=core.cash.address) == twin.model.world.ledger.receivables[1].repaid
    late(twin, 0)
    assert twin.repay(core.key, 1, 1, payer=core.cash.address) == 0
    with twin.refused("NotDue", 3, ...):
        twin.repay(core.key, 3, 3, payer=core.cash.address)
