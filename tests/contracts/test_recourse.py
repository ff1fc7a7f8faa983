"""Recourse against the seller of an overdue note: each rule tried alone, the chain of sellers link by link."""

from __future__ import annotations

import pytest

from tests.contracts.chain import key_of
from tests.contracts.constants import CASH, FACE, GRACE, TENOR, ZERO_HASH
from tests.contracts.twin import ALLOWANCE, Actor, Twin
from tests.reference.arithmetic import BASIS, start_of
from tests.reference.financing import Deal, price_down
from tests.reference.notes import NoteFlag, NoteStatus, ReceivableStatus
from tests.reference.parties import Right, Role
from tests.reference.refusals import Refused

RATE = 600
# An overdue rate below every quote's here, so that what the debtor owes can be less than what was paid with interest
DEAR = 9_000


def sell(twin: Twin, seller: Actor, buyer: Actor, note: int, amount: int = FACE, **terms: object) -> int:
    quote = twin.quote(buyer, note, recourse=True, rate_bps=RATE, **terms)
    child: int = twin.finance(seller.key, Deal(quote, amount))[0]
    return child


def ready(twin: Twin, *payers: Actor) -> None:
    """Sellers have cash and have approved the recourse desk."""
    for payer in payers:
        for currency in (1, 2):
            twin.mint(currency, payer.cash.address, CASH)
            twin.approve(payer.cash, currency, "RecourseDesk", ALLOWANCE)


def default(twin: Twin, receivable: int = 1, days_later: int = 0) -> None:
    """The debtor does not pay, and is declared overdue."""
    due = twin.model.world.ledger.receivables[receivable].due_day
    twin.move_to(start_of(due + GRACE + 1 + days_later))
    twin.declare_overdue(key_of("rando"), receivable)


def balance(twin: Twin, actor: Actor) -> int:
    amount: int = twin.deployment["DepositToken"].call("balanceOf", actor.cash.address)
    return amount


@pytest.fixture
def sold(twin: Twin, held: int, tier1: Actor, financier: Actor) -> int:
    """The financier's note, bought of tier 1 with recourse."""
    ready(twin, tier1)
    return sell(twin, tier1, financier, held)


@pytest.fixture
def demanded(twin: Twin, sold: int, financier: Actor) -> int:
    """Overdue, and demanded of tier 1."""
    default(twin)
    twin.demand(financier.key, sold)
    return sold


# -- what is kept of a sale


def test_a_sale_with_recourse_is_kept(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    day, due = twin.today, twin.model.world.ledger.receivables[1].due_day
    child = sell(twin, tier1, financier, held, 70_000)
    price = price_down(70_000, RATE, day, due)
    desk = twin.deployment["FinancingDesk"]
    assert desk.call("saleOf", child) == ((tier1.party, 70_000, price, RATE, day), child)
    assert twin.last is not None
    expected = {"note": child, "sale": (tier1.party, 70_000, price, RATE, day)}
    assert desk.events(twin.last, "SaleRecorded") == [expected]


def test_a_sale_without_recourse_leaves_nothing(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    child = twin.finance(tier1.key, Deal(twin.quote(financier, held), FACE))[0]
    desk = twin.deployment["FinancingDesk"]
    assert twin.last is not None
    assert desk.events(twin.last, "SaleRecorded") == []
    assert desk.call("saleOf", child) == ((0, 0, 0, 0, 0), 0)
    default(twin)
    with twin.refused("SoldWithoutRecourse", child):
        twin.demand(financier.key, child)
    with twin.refused("SoldWithoutRecourse", child):
        twin.honour(tier1.key, child)


def test_a_supplier_has_no_recourse_for_what_it_was_offered(twin: Twin, held: int, tier1: Actor) -> None:
    default(twin)
    with twin.refused("SoldWithoutRecourse", held):
        twin.demand(tier1.key, held)


def test_early_payment_leaves_nothing_to_answer_for(twin: Twin, held: int, core: Actor, tier1: Actor) -> None:
    quote = twin.quote(core, held, recourse=True, registry_reference=ZERO_HASH)
    assert twin.finance(tier1.key, Deal(quote, FACE)) == [0]
    assert twin.deployment["FinancingDesk"].call("saleOf", 0) == ((0, 0, 0, 0, 0), 0)


def test_a_rate_beyond_what_a_sale_holds_is_refused_with_recourse_alone(
    twin: Twin, held: int, core: Actor, tier1: Actor, financier: Actor
) -> None:
    twin.confirm(core.key, [twin.item(tier1.party, FACE, 1)])
    twin.accept(tier1.key, 2)
    wide = 2**16
    with twin.refused("RecourseRateTooHigh", wide, wide - 1):
        twin.finance(tier1.key, Deal(twin.quote(financier, 2, recourse=True, rate_bps=wide), FACE))
    twin.finance(tier1.key, Deal(twin.quote(financier, 2, recourse=True, rate_bps=wide - 1), FACE // 2))
    twin.finance(tier1.key, Deal(twin.quote(financier, 2, rate_bps=wide), FACE // 2))


def test_only_a_desk_writes_sales(twin: Twin, sold: int, tier1: Actor, rando: Actor) -> None:
    desk = twin.deployment["FinancingDesk"]
    for caller in (tier1.address, rando.address, desk.address):
        expected = None if caller == desk.address else ("NotDesk", (caller,))
        assert desk.refusal("recordSale", sold, (1, 2, 3, 4, 5), sender=caller) == expected
        assert desk.refusal("carrySale", sold, sold, sender=caller) == expected


def test_another_desk_records_the_sales_of_its_rail(twin: Twin, held: int, rando: Actor) -> None:
    desk = twin.deployment["FinancingDesk"]
    twin.deployment.administer("ReceivableNotes", "setDesk", rando.address, True)
    receipt = desk.do(rando.key, "recordSale", held, (2, 3, 4, 5, 6))
    assert desk.call("saleOf", held) == ((2, 3, 4, 5, 6), held)
    assert desk.events(receipt, "SaleRecorded") == [{"note": held, "sale": (2, 3, 4, 5, 6)}]
    twin.comparing = False


# -- the demand


def test_the_holder_demands_once_when_overdue(twin: Twin, sold: int, tier1: Actor, financier: Actor) -> None:
    with twin.refused("NotDeclaredOverdue", sold):
        twin.demand(financier.key, sold)
    default(twin)
    twin.demand(financier.key, sold)
    assert twin.last is not None
    expected = {"note": sold, "financier": financier.party, "seller": tier1.party, "day": twin.today}
    assert twin.deployment["RecourseDesk"].events(twin.last, "RecourseDemanded") == [expected]
    with twin.refused("AlreadyDemanded", sold, twin.today):
        twin.demand(financier.key, sold)


def test_past_its_grace_is_not_yet_declared(twin: Twin, sold: int, financier: Actor) -> None:
    twin.move_to(start_of(twin.model.world.ledger.receivables[1].due_day + GRACE + 9))
    with twin.refused("NotDeclaredOverdue", sold):
        twin.demand(financier.key, sold)


def test_nobody_but_the_holder_demands(
    twin: Twin, sold: int, tier1: Actor, financier: Actor, financier2: Actor, rando: Actor
) -> None:
    default(twin)
    for other in (tier1, financier2):
        with twin.refused("NotHolder", sold, financier.party, other.party):
            twin.demand(other.key, sold)
    with twin.refused("MissingRight", rando.address, 0, 0, int(Right.ACT)):
        twin.demand(rando.key, sold)
    clerk = key_of("quoting clerk")
    twin.deployment.fund(clerk.address)
    twin.add_account(financier.key, clerk, int(Right.QUOTE))
    with twin.refused("MissingRight", clerk.address, financier.party, int(Right.QUOTE), int(Right.ACT)):
        twin.demand(clerk, sold)


def test_a_suspended_financier_demands_nothing(twin: Twin, sold: int, financier: Actor) -> None:
    default(twin)
    twin.suspend(financier.party)
    with twin.refused("PartyIsSuspended", financier.party):
        twin.demand(financier.key, sold)


def test_demands_are_all_or_nothing(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    first, second = (sell(twin, tier1, financier, held, FACE // 2) for _ in range(2))
    default(twin)
    refusal = twin.deployment["RecourseDesk"].refusal("demand", [first, held], sender=financier.address)
    assert refusal == ("NotHolder", (held, tier1.party, financier.party))
    with twin.refused("AlreadyDemanded", first, twin.today):
        twin.demand(financier.key, first, first)
    twin.demand(financier.key, first, second)
    with twin.refused("NothingToDemand"):
        twin.demand(financier.key)


def test_a_paid_note_is_short_of_nothing(twin: Twin, sold: int, core: Actor, financier: Actor) -> None:
    default(twin)
    twin.repay(core.key, sold, payer=core.cash.address)
    with pytest.raises(Refused, match="NotHeld"):
        twin.demand(financier.key, sold)
    refusal = twin.deployment["RecourseDesk"].refusal("demand", [sold], sender=financier.address)
    assert refusal == ("NotHeld", (sold, int(NoteStatus.REPAID)))


def test_an_unknown_note_is_nobodys(twin: Twin, financier: Actor, tier1: Actor) -> None:
    desk = twin.deployment["RecourseDesk"]
    assert desk.refusal("demand", [99], sender=financier.address) == ("NotHolder", (99, 0, financier.party))
    assert desk.refusal("honour", 99, tier1.address, 1, sender=tier1.address) == ("SoldWithoutRecourse", (99,))
    assert desk.refusal("claim", 99, sender=tier1.address) == ("SoldWithoutRecourse", (99,))


def mark(twin: Twin, note: int, flag: NoteFlag, on: bool = True) -> None:
    """A desk marks the note; a key plays the desk."""
    desk = key_of("a desk by hand")
    notes = twin.deployment["ReceivableNotes"]
    if not notes.call("isDesk", desk.address):
        twin.deployment.fund(desk.address)
        twin.deployment.administer("ReceivableNotes", "setDesk", desk.address, True)
    facts = twin.model.world.ledger.notes[note]
    notes.do(desk, "setMark", note, int(flag), on)
    facts.flags = int(facts.flags | flag if on else facts.flags & ~flag)


@pytest.mark.parametrize(("flag", "status"), [(NoteFlag.FROZEN, 11), (NoteFlag.RESERVED, 9)])
def test_what_is_frozen_or_reserved_is_neither_demanded_nor_honoured(
    twin: Twin, sold: int, tier1: Actor, financier: Actor, flag: NoteFlag, status: int
) -> None:
    default(twin)
    mark(twin, sold, flag)
    with twin.refused("NotHeld", sold, status):
        twin.demand(financier.key, sold)
    mark(twin, sold, flag, on=False)
    twin.demand(financier.key, sold)
    mark(twin, sold, flag)
    with twin.refused("NotHeld", sold, status):
        twin.honour(tier1.key, sold, payer=tier1.cash.address)
    mark(twin, sold, flag, on=False)
    twin.honour(tier1.key, sold, payer=tier1.cash.address)


def test_what_is_pledged_is_demanded_and_comes_back_when_released(
    twin: Twin, sold: int, tier1: Actor, financier: Actor, financier2: Actor
) -> None:
    quote = twin.loan_quote(financier2, sold)
    twin.pledge(financier.key, quote)
    default(twin)
    twin.demand(financier.key, sold)
    with twin.refused("ValueExceeded", sold, FACE, FACE - quote.pledged_value):
        twin.honour(tier1.key, sold, payer=tier1.cash.address)
    twin.release_pledge(financier2.key, sold)
    twin.honour(tier1.key, sold, payer=tier1.cash.address)


def tendered(twin: Twin) -> int:
    """A note whose payment its blocked holder could not take, of a receivable that is overdue for another's sake."""
    core2, tier1, financier = (twin.actors[name] for name in ("core2", "tier1", "financier"))
    ready(twin, tier1)
    twin.confirm(core2.key, [twin.item(tier1.party, FACE, TENOR)], currency=2)
    twin.accept(tier1.key, 1)
    sold = sell(twin, tier1, financier, 1, FACE // 2)
    twin.move_to(start_of(twin.model.world.ledger.receivables[1].due_day))
    twin.set_blocked(financier.cash.address, True)
    twin.repay(core2.key, sold, payer=core2.cash.address)
    twin.set_blocked(financier.cash.address, False)
    default(twin)
    return sold


def test_what_was_tendered_is_not_demanded(twin: Twin, financier: Actor) -> None:
    sold = tendered(twin)
    with twin.refused("PaymentTendered", sold):
        twin.demand(financier.key, sold)


def test_what_is_tendered_after_the_demand_still_comes_back_with_its_day(
    twin: Twin, core2: Actor, tier1: Actor, financier: Actor
) -> None:
    ready(twin, tier1)
    twin.confirm(core2.key, [twin.item(tier1.party, FACE, TENOR)], currency=2)
    twin.accept(tier1.key, 1)
    sold = sell(twin, tier1, financier, 1, FACE // 2)
    default(twin)
    twin.demand(financier.key, sold)
    twin.set_blocked(financier.cash.address, True)
    twin.repay(core2.key, 1, sold, payer=core2.cash.address)
    twin.set_blocked(financier.cash.address, False)
    honoured = twin.honour(tier1.key, sold, payer=tier1.cash.address)
    child = twin.model.world.ledger.notes[honoured.child]
    assert child.flags & NoteFlag.TENDERED
    assert child.tender_day == twin.today


# -- the seller's payment


def test_the_seller_pays_what_it_was_paid_with_interest_and_has_its_note_again(
    twin: Twin, demanded: int, tier1: Actor, financier: Actor
) -> None:
    before = balance(twin, tier1), balance(twin, financier)
    ledger = twin.model.world.ledger
    price = price_down(FACE, RATE, ledger.receivables[1].due_day - TENOR, ledger.receivables[1].due_day)
    days = TENOR + GRACE + 1
    expected = price * (BASIS + RATE * days) // BASIS
    assert twin.deployment["RecourseDesk"].call("claim", demanded) == expected
    honoured = twin.honour(tier1.key, demanded, payer=tier1.cash.address)
    assert honoured.total == expected
    assert (balance(twin, tier1), balance(twin, financier)) == (before[0] - expected, before[1] + expected)
    child = twin.model.world.ledger.notes[honoured.child]
    assert (child.holder, child.value, child.parent, child.tier) == (tier1.party, FACE, demanded, 1)
    assert child.flags == NoteFlag.ACCEPTED | NoteFlag.FINANCED | NoteFlag.RETURNED
    assert twin.last is not None
    assert twin.deployment["RecourseDesk"].events(twin.last, "RecourseHonoured") == [
        {
            "note": demanded,
            "child": honoured.child,
            "seller": tier1.party,
            "payer": tier1.cash.address,
            "payee": financier.cash.address,
            "token": twin.token(1),
            "amount": expected,
        }
    ]


def test_the_seller_is_told_what_came_of_it(twin: Twin, demanded: int, tier1: Actor) -> None:
    desk = twin.deployment["RecourseDesk"]
    answer = desk.call("honour", demanded, tier1.cash.address, CASH, sender=tier1.address)
    assert answer == (demanded + 1, desk.call("claim", demanded))


def test_interest_goes_on_until_it_is_paid(twin: Twin, demanded: int, tier1: Actor) -> None:
    desk = twin.deployment["RecourseDesk"]
    today = desk.call("claim", demanded)
    twin.move_to(start_of(twin.today + 100))
    assert desk.call("claim", demanded) > today
    twin.honour(tier1.key, demanded, payer=tier1.cash.address)


def test_it_is_at_most_what_the_debtor_owes(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    """A quote so dear that price and interest outgrow face value and overdue interest."""
    ready(twin, tier1)
    child = twin.finance(tier1.key, Deal(twin.quote(financier, held, recourse=True, rate_bps=DEAR), FACE))[0]
    default(twin, days_later=200)
    twin.demand(financier.key, child)
    due = twin.model.world.ledger.due(child, twin.today)
    assert due is not None
    assert twin.honour(tier1.key, child, payer=tier1.cash.address).total == due.cash


def test_what_was_sold_on_or_paid_by_rounds_is_not_answered_for(
    twin: Twin, held: int, core: Actor, tier1: Actor, financier: Actor, financier2: Actor
) -> None:
    ready(twin, tier1)
    sold = sell(twin, tier1, financier, held)
    onward = twin.finance(financier.key, Deal(twin.quote(financier2, sold), 300_01))[0]
    default(twin)
    twin.demand(financier.key, sold)
    whole = twin.deployment["RecourseDesk"].call("claim", sold)
    twin.open_round(core.key, 1, 7_777_777)
    with twin.refused("RoundOpen", 1):
        twin.honour(tier1.key, sold, payer=tier1.cash.address)
    twin.pay_round(core.key, 1, sold, onward, payer=core.cash.address)
    honoured = twin.honour(tier1.key, sold, payer=tier1.cash.address)
    assert honoured.total < whole
    with twin.refused("SoldWithoutRecourse", onward):
        twin.demand(financier2.key, onward)


def test_two_parts_cost_no_more_than_the_whole(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    """Rounded down in every part: splitting pays the buyer nothing, and costs it less than a unit a part."""
    ready(twin, tier1)
    sales = [sell(twin, tier1, financier, held, amount) for amount in (33_333_33, 33_333_33, 33_333_34)]
    default(twin)
    desk = twin.deployment["RecourseDesk"]
    for child in sales:
        sale = twin.model.world.sales[child]
        days = twin.today - sale.day
        assert desk.call("claim", child) == sale.price * (BASIS + RATE * days) // BASIS


def test_nobody_but_the_seller_pays(
    twin: Twin, demanded: int, tier1: Actor, tier2: Actor, financier: Actor, rando: Actor
) -> None:
    ready(twin, tier2, financier)
    twin.mint(1, rando.address, CASH)
    twin.approve(rando.key, 1, "RecourseDesk", CASH)
    for other in (tier2, financier):
        with twin.refused("NotSeller", demanded, tier1.party, other.party):
            twin.honour(other.key, demanded, payer=other.cash.address)
    with twin.refused("NotSeller", demanded, tier1.party, 0):
        twin.honour(rando.key, demanded)
    clerk = key_of("quoting clerk")
    twin.deployment.fund(clerk.address)
    twin.add_account(tier1.key, clerk, int(Right.QUOTE))
    with twin.refused("MissingRight", clerk.address, tier1.party, int(Right.QUOTE), int(Right.ACT)):
        twin.honour(clerk, demanded, payer=tier1.cash.address)


def test_the_seller_pays_from_its_own_accounts(
    twin: Twin, demanded: int, tier1: Actor, tier2: Actor, rando: Actor
) -> None:
    ready(twin, tier2)
    twin.mint(1, rando.address, CASH)
    twin.approve(rando.key, 1, "RecourseDesk", CASH)
    for payer in (tier2.cash.address, rando.address):
        with twin.refused("PayerNotAuthorised", payer, tier1.address):
            twin.honour(tier1.key, demanded, payer=payer)
    twin.mint(1, tier1.address, CASH)
    twin.approve(tier1.key, 1, "RecourseDesk", CASH)
    twin.honour(tier1.key, demanded)


@pytest.mark.parametrize("state", ["suspended", "expired", "paused"])
def test_a_seller_that_may_start_nothing_may_still_pay(twin: Twin, demanded: int, tier1: Actor, state: str) -> None:
    if state == "suspended":
        twin.suspend(tier1.party)
    elif state == "expired":
        twin.renew_identity(tier1.party, twin.today)
        twin.move_to(start_of(twin.today + 1))
    else:
        twin.set_paused(True)
    twin.honour(tier1.key, demanded, payer=tier1.cash.address)


def test_nothing_is_paid_before_it_is_demanded(twin: Twin, sold: int, tier1: Actor) -> None:
    default(twin)
    with twin.refused("NotDemanded", sold):
        twin.honour(tier1.key, sold, payer=tier1.cash.address)


def test_the_seller_limits_what_it_pays(twin: Twin, demanded: int, tier1: Actor) -> None:
    owed = twin.deployment["RecourseDesk"].call("claim", demanded)
    with twin.refused("TotalExceeded", owed, owed - 1):
        twin.honour(tier1.key, demanded, payer=tier1.cash.address, max_total=owed - 1)
    twin.honour(tier1.key, demanded, payer=tier1.cash.address, max_total=owed)


def test_the_seller_is_short(twin: Twin, demanded: int, tier1: Actor) -> None:
    owed, desk = twin.deployment["RecourseDesk"].call("claim", demanded), twin.deployment["RecourseDesk"].address
    twin.approve(tier1.cash, 1, "RecourseDesk", owed - 1)
    with twin.refused("ERC20InsufficientAllowance", desk, owed - 1, owed):
        twin.honour(tier1.key, demanded, payer=tier1.cash.address)


def test_a_demand_is_honoured_once(twin: Twin, demanded: int, tier1: Actor) -> None:
    twin.honour(tier1.key, demanded, payer=tier1.cash.address)
    with pytest.raises(Refused, match="NotDemanded"):
        twin.honour(tier1.key, demanded, payer=tier1.cash.address)


def test_a_debtor_that_pays_after_all_ends_what_was_demanded(
    twin: Twin, demanded: int, core: Actor, tier1: Actor
) -> None:
    twin.repay(core.key, demanded, payer=core.cash.address)
    with twin.refused("NotDue", demanded, int(NoteStatus.REPAID)):
        twin.honour(tier1.key, demanded, payer=tier1.cash.address)


def test_i_09_repayment_after_recourse_goes_to_whom_the_note_came_back(
    twin: Twin, demanded: int, core: Actor, tier1: Actor, financier: Actor
) -> None:
    """Nobody is paid twice: the financier by its seller, the seller by the debtor."""
    honoured = twin.honour(tier1.key, demanded, payer=tier1.cash.address)
    before = balance(twin, tier1), balance(twin, financier)
    refusal = twin.deployment["RepaymentDesk"].refusal(
        "repay", [demanded, honoured.child], core.cash.address, CASH, sender=core.address
    )
    assert refusal == ("NotDue", (demanded, int(NoteStatus.SPENT)))
    due = twin.model.world.ledger.due(honoured.child, twin.today)
    assert due is not None
    assert twin.repay(core.key, honoured.child, payer=core.cash.address) == due.cash
    assert (balance(twin, tier1), balance(twin, financier)) == (before[0] + due.cash, before[1])
    assert twin.model.world.ledger.receivable_status(1) == ReceivableStatus.SETTLED


# -- link by link


def test_three_links_each_answers_to_the_next(
    twin: Twin, held: int, core: Actor, tier1: Actor, financier: Actor, financier2: Actor
) -> None:
    """Tier 1 sold to the first financier, that to the second, that to a third, each with recourse."""
    third = twin.admit_actor("financier3", int(Role.FINANCIER))
    ready(twin, tier1)
    first = sell(twin, tier1, financier, held)
    second = sell(twin, financier, financier2, first, FACE - 10_000)
    last = sell(twin, financier2, third, second, FACE - 30_000)
    assert twin.model.world.sales[last].seller == financier2.party
    default(twin)
    back = last
    desk = twin.deployment["FinancingDesk"]
    for creditor, seller, origin in (
        (third, financier2, second),
        (financier2, financier, first),
        (financier, tier1, 0),
    ):
        twin.demand(creditor.key, back)
        with twin.refused("NotSeller", back, seller.party, core.party):
            twin.honour(core.key, back, payer=core.cash.address)
        honoured = twin.honour(seller.key, back, payer=seller.cash.address)
        assert twin.last is not None
        carried = [{"note": honoured.child, "origin": origin}] if origin else []
        assert desk.events(twin.last, "SaleCarried") == carried
        back = honoured.child
        assert twin.model.world.ledger.notes[back].holder == seller.party
    assert desk.call("saleOf", back) == ((0, 0, 0, 0, 0), 0)
    with twin.refused("SoldWithoutRecourse", back):
        twin.demand(tier1.key, back)
    # what each financier had kept of its own purchase, its own seller answers for beside
    twin.demand(financier.key, first)
    twin.honour(tier1.key, first, payer=tier1.cash.address)
    twin.demand(financier2.key, second)
    kept = twin.honour(financier.key, second, payer=financier.cash.address).child
    twin.demand(financier.key, kept)
    twin.honour(tier1.key, kept, payer=tier1.cash.address)
    ledger = twin.model.world.ledger
    mine = [note for note in ledger.of_receivable(1) if ledger.notes[note].value]
    assert {ledger.notes[note].holder for note in mine} == {tier1.party}
    twin.repay(core.key, *mine, payer=core.cash.address)
    assert twin.model.world.ledger.receivable_status(1) == ReceivableStatus.SETTLED


def test_a_seller_that_bought_without_recourse_has_nobody_to_turn_to(
    twin: Twin, held: int, tier1: Actor, financier: Actor, financier2: Actor
) -> None:
    bought = twin.finance(tier1.key, Deal(twin.quote(financier, held), FACE))[0]
    ready(twin, financier)
    sold = sell(twin, financier, financier2, bought)
    default(twin)
    twin.demand(financier2.key, sold)
    back = twin.honour(financier.key, sold, payer=financier.cash.address).child
    with twin.refused("SoldWithoutRecourse", back):
        twin.demand(financier.key, back)
