"""Repayment and overdue: each rule tried alone."""

from __future__ import annotations

import pytest

from tests.contracts.chain import key_of
from tests.contracts.constants import FACE, GRACE, POLICY, TENOR
from tests.contracts.twin import ALLOWANCE, Actor, Twin
from tests.reference.arithmetic import overdue_down, start_of
from tests.reference.financing import Deal
from tests.reference.notes import NoteStatus, ReceivableStatus
from tests.reference.parties import Right
from tests.reference.passing import Portion


@pytest.fixture
def tree(twin: Twin, held: int, tier1: Actor, tier2: Actor, financier: Actor) -> list[int]:
    """Root 1 (tier 1), child 2 accepted (tier 2), child 3 offered (tier 2), child 4 financed of 2."""
    twin.split(tier1.key, (held, [Portion(tier2.party, 30_000), Portion(tier2.party, 20_000)]))
    twin.accept(tier2.key, 2)
    twin.finance(tier2.key, Deal(twin.quote(financier, 2), 10_000))
    return [1, 2, 3, 4]


def test_every_holder_is_paid_directly(
    twin: Twin, tree: list[int], core: Actor, tier1: Actor, tier2: Actor, financier: Actor
) -> None:
    assert twin.repay(core.key, *tree, payer=core.cash.address) == FACE
    assert twin.last is not None
    paid = twin.deployment["RepaymentDesk"].events(twin.last, "Paid")
    assert [(event["note"], event["payee"], event["amount"]) for event in paid] == [
        (1, tier1.cash.address, FACE - 50_000),
        (2, tier2.cash.address, 20_000),
        (3, tier1.cash.address, 20_000),
        (4, financier.cash.address, 10_000),
    ]
    assert twin.model.world.ledger.receivable_status(1) == ReceivableStatus.SETTLED
    assert twin.model.world.credit.line(core.party, twin.token(1)).used == 0


def test_anyone_may_pay_for_the_debtor(twin: Twin, held: int, rando: Actor) -> None:
    twin.seen.accounts.add(rando.address)
    twin.mint(1, rando.address, FACE)
    twin.approve(rando.key, 1, "RepaymentDesk", FACE)
    twin.repay(rando.key, held)


def test_nobody_spends_another_ones_allowance(
    twin: Twin, held: int, core: Actor, core2: Actor, tier1: Actor, rando: Actor
) -> None:
    for caller in (rando.key, tier1.key, core2.key):
        with twin.refused("PayerNotAuthorised", core.cash.address, caller.address):
            twin.repay(caller, held, payer=core.cash.address)
    clerk = key_of("clerk")
    twin.deployment.fund(clerk.address)
    twin.add_account(core.key, clerk, int(Right.QUOTE))
    with twin.refused("PayerNotAuthorised", core.cash.address, clerk.address):
        twin.repay(clerk, held, payer=core.cash.address)
    twin.repay(core.cash, held)


def test_an_unbound_account_speaks_for_no_other(twin: Twin, held: int, rando: Actor) -> None:
    other = key_of("another stranger")
    twin.seen.accounts.add(other.address)
    twin.deployment.fund(other.address)
    twin.mint(1, other.address, FACE)
    twin.approve(other, 1, "RepaymentDesk", FACE)
    with twin.refused("PayerNotAuthorised", other.address, rando.address):
        twin.repay(rando.key, held, payer=other.address)


def test_the_first_party_pays_like_any_other(twin: Twin, held: int, registrar: Actor) -> None:
    assert registrar.party == 1
    twin.mint(1, registrar.cash.address, FACE)
    twin.approve(registrar.cash, 1, "RepaymentDesk", FACE)
    twin.repay(registrar.key, held, payer=registrar.cash.address)


def test_a_suspended_or_expired_debtor_still_pays(twin: Twin, held: int, core: Actor, tier1: Actor) -> None:
    twin.renew_identity(core.party, twin.today)
    twin.suspend(core.party)
    twin.suspend(tier1.party)
    twin.set_paused(True)
    twin.move_to(twin.chain.now + 2 * 86_400)
    twin.repay(core.key, held, payer=core.cash.address)


def test_a_root_offer_is_not_payable(twin: Twin, offered: int, core: Actor) -> None:
    with twin.refused("NotDue", offered, int(NoteStatus.OFFERED)):
        twin.repay(core.key, offered, payer=core.cash.address)


def test_nothing_is_paid_twice(twin: Twin, tree: list[int], core: Actor) -> None:
    with twin.refused("NotDue", 2, int(NoteStatus.REPAID)):
        twin.repay(core.key, 1, 2, 2, payer=core.cash.address)
    twin.repay(core.key, 2, payer=core.cash.address)
    with twin.refused("NotDue", 2, int(NoteStatus.REPAID)):
        twin.repay(core.key, 2, payer=core.cash.address)
    with twin.refused("UnknownNote", 9):
        twin.repay(core.key, 1, 9, payer=core.cash.address)
    with twin.refused("EmptyBatch"):
        twin.repay(core.key, payer=core.cash.address)


def test_a_paid_offer_cannot_be_accepted_or_given_back(
    twin: Twin, tree: list[int], core: Actor, tier1: Actor, tier2: Actor
) -> None:
    twin.repay(core.key, 3, payer=core.cash.address)
    for act in (
        lambda: twin.accept(tier2.key, 3),
        lambda: twin.refuse(tier2.key, 3),
        lambda: twin.withdraw(tier1.key, 3),
        lambda: twin.lapse(tier2.key, 3),
    ):
        with twin.refused("NotOffered", 3, int(NoteStatus.REPAID)):
            act()


def test_value_that_comes_back_to_a_paid_note_is_paid_once(
    twin: Twin, tree: list[int], core: Actor, tier2: Actor
) -> None:
    twin.repay(core.key, 1, payer=core.cash.address)
    twin.refuse(tier2.key, 3)
    assert twin.model.world.ledger.status(1, twin.today) == NoteStatus.HELD
    assert twin.repay(core.key, 1, payer=core.cash.address) == 20_000
    assert twin.repay(core.key, 2, 4, payer=core.cash.address) == 30_000


def test_currencies_do_not_mix(twin: Twin, core: Actor, tier1: Actor) -> None:
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)], currency=1)
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)], currency=2)
    twin.accept(tier1.key, 1, 2)
    with twin.refused("MixedCurrencies", 1, 2):
        twin.repay(core.key, 1, 2, payer=core.cash.address)
    twin.repay(core.key, 2, payer=core.cash.address)


def test_the_payer_names_its_limit(twin: Twin, held: int, core: Actor) -> None:
    with twin.refused("TotalExceeded", FACE, FACE - 1):
        twin.repay(core.key, held, payer=core.cash.address, max_total=FACE - 1)
    twin.repay(core.key, held, payer=core.cash.address, max_total=FACE)


def test_a_short_payer_reverts_all(twin: Twin, tree: list[int], core: Actor) -> None:
    first = FACE - 50_000
    twin.approve(core.cash, 1, "RepaymentDesk", first + 1)
    desk = twin.deployment["RepaymentDesk"].address
    with twin.refused("ERC20InsufficientAllowance", desk, 1, 20_000):
        twin.repay(core.key, 1, 2, payer=core.cash.address)
    twin.approve(core.cash, 1, "RepaymentDesk", ALLOWANCE)


def test_several_debts_in_one_transaction(twin: Twin, core: Actor, core2: Actor, tier1: Actor, tier2: Actor) -> None:
    twin.confirm(core.key, [twin.item(tier1.party, 5_000, 9), twin.item(tier2.party, 6_000, 9)])
    twin.confirm(core2.key, [twin.item(tier1.party, 7_000, 9)])
    twin.accept(tier1.key, 1, 3)
    twin.accept(tier2.key, 2)
    assert twin.repay(core.key, 3, 1, 2, payer=core.cash.address) == 18_000


def test_the_order_of_a_batch_changes_nothing(
    twin: Twin, core: Actor, core2: Actor, tier1: Actor, tier2: Actor
) -> None:
    """Notes of one debt apart from each other, debtors in turn: each line is freed by its own."""
    for debtor in (core, core2, core):
        twin.confirm(debtor.key, [twin.item(tier1.party, 9_000, TENOR)])
    twin.accept(tier1.key, 1, 2, 3)
    twin.split(tier1.key, *((root, [Portion(tier2.party, 1_000), Portion(tier2.party, 2_000)]) for root in (1, 2, 3)))
    twin.accept(tier2.key, 4, 6, 8)
    order = [4, 1, 6, 5, 8, 2, 3, 7]
    twin.move_to(twin.chain.now + (TENOR + GRACE + 2) * 86_400)
    for receivable in (1, 2, 3):
        twin.declare_overdue(tier1.key, receivable)
    with twin.refused("PaidInPart", 3, twin.model.world.ledger.notes[9].value):
        twin.repay(core.key, *order, payer=core.cash.address)
    twin.repay(core.key, *order, 9, payer=core.cash.address)
    assert (twin.model.world.credit.overdue[core.party], twin.model.world.credit.overdue[core2.party]) == (0, 0)
    for debtor in (core, core2):
        assert twin.model.world.credit.line(debtor.party, twin.token(1)).used == 0


@pytest.mark.parametrize("days_late", [1, GRACE, GRACE + 1, 360])
def test_interest_from_the_due_day_on_grace_included(twin: Twin, tree: list[int], core: Actor, days_late: int) -> None:
    due = twin.model.world.ledger.receivables[1].due_day
    twin.move_to(start_of(due + days_late))
    interest = [
        overdue_down(twin.model.world.ledger.notes[note].value, POLICY.overdue_rate_bps, days_late) for note in tree
    ]
    assert twin.repay(core.key, *tree, payer=core.cash.address) == FACE + sum(interest)


def test_no_interest_on_the_due_day(twin: Twin, held: int, core: Actor) -> None:
    due = twin.model.world.ledger.receivables[1].due_day
    twin.move_to(start_of(due))
    assert twin.repay(core.key, held, payer=core.cash.address, at=start_of(due + 1) - 1) == FACE


def test_nobody_pays_itself(twin: Twin, held: int, tier1: Actor, core2: Actor) -> None:
    """A payment that moves nothing is none."""
    twin.split(tier1.key, (held, [Portion(core2.party, 1_000)]))
    twin.accept(core2.key, 2)
    cash = twin.model.world.tokens[twin.token(1)].balances[core2.cash.address]
    with twin.refused("CashNotExact", twin.token(1), core2.cash.address, cash + 1_000, cash):
        twin.repay(core2.key, 2, payer=core2.cash.address)


# -- overdue


def test_overdue_is_declared_by_anyone_once_grace_has_passed(
    twin: Twin, tree: list[int], core: Actor, rando: Actor
) -> None:
    due = twin.model.world.ledger.receivables[1].due_day
    twin.move_to(start_of(due + GRACE))
    with twin.refused("NotOverdue", 1, due + GRACE, due + GRACE):
        twin.declare_overdue(rando.key, 1)
    twin.move_to(start_of(due + GRACE + 1))
    twin.declare_overdue(rando.key, 1)
    assert twin.model.world.ledger.receivable_status(1) == ReceivableStatus.OVERDUE
    with twin.refused("AlreadyDeclared", 1):
        twin.declare_overdue(rando.key, 1)
    with twin.refused("PaidInPart", 1, 10_000):
        twin.repay(core.key, 1, 2, 3, payer=core.cash.address)
    assert twin.model.world.credit.overdue[core.party] == 1
    twin.repay(core.key, 4, 1, 2, 3, payer=core.cash.address)
    assert twin.model.world.credit.overdue[core.party] == 0


def test_overdue_is_counted_per_receivable(twin: Twin, core: Actor, tier1: Actor, rando: Actor) -> None:
    twin.confirm(core.key, [twin.item(tier1.party, 5_000, 1) for _ in range(3)])
    twin.accept(tier1.key, 1, 2, 3)
    twin.move_to(twin.chain.now + (GRACE + 2) * 86_400)
    for receivable in (1, 2, 3):
        twin.declare_overdue(rando.key, receivable)
    twin.repay(core.key, 1, 3, payer=core.cash.address)
    assert twin.model.world.credit.overdue[core.party] == 1


def test_what_is_owed_to_nobody_is_not_overdue(twin: Twin, core: Actor, tier1: Actor, rando: Actor) -> None:
    twin.confirm(core.key, [twin.item(tier1.party, 5_000, 1) for _ in range(3)])
    twin.accept(tier1.key, 2)
    twin.refuse(tier1.key, 3)
    twin.repay(core.key, 2, payer=core.cash.address)
    due = twin.today + 1
    twin.move_to(start_of(due + GRACE + 1))
    for receivable in (1, 2, 3):
        with twin.refused("NotOverdue", receivable, due + GRACE + 1, due + GRACE):
            twin.declare_overdue(rando.key, receivable)
    with twin.refused("UnknownReceivable", 4):
        twin.declare_overdue(rando.key, 4)
