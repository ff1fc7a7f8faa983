"""One life of several debts, act by act, for tests that look at the whole of the books after each."""

from __future__ import annotations

from collections.abc import Iterator

from tests.contracts.constants import FACE, GRACE, TENOR
from tests.contracts.twin import Twin
from tests.reference.arithmetic import start_of
from tests.reference.financing import Deal
from tests.reference.passing import Portion


def story(twin: Twin) -> Iterator[str]:
    """Confirm, answer in every way, pass down to tier 4, sell, sell on, pay early, extinguish, pledge, freeze, reassign,
    repay late. Yields after each act what was done."""
    core, core2 = twin.actors["core"], twin.actors["core2"]
    tier1, tier2, tier3, tier4 = (twin.actors[f"tier{tier}"] for tier in (1, 2, 3, 4))
    financier, financier2 = twin.actors["financier"], twin.actors["financier2"]
    arbiter = twin.actors["arbiter"]

    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR), twin.item(tier2.party, FACE, TENOR)])
    yield "two debts"
    twin.confirm(core2.key, [twin.item(tier1.party, FACE, TENOR)], currency=2)
    yield "one of another debtor in another currency"
    twin.accept(tier1.key, 1, 3)
    yield "two accepted"
    twin.refuse(tier2.key, 2)
    yield "one refused"
    parts = [Portion(tier2.party, 40_001), Portion(tier3.party, 30_003), Portion(tier4.party, 777)]
    twin.split(tier1.key, (1, parts))
    yield "split in three: 4, 5, 6"
    twin.accept(tier2.key, 4)
    yield "the first accepted"
    twin.refuse(tier3.key, 5)
    yield "the second refused"
    twin.set_consent(tier3.key, tier2.party, FACE, twin.today + TENOR, twin.today + TENOR)
    twin.split(tier2.key, (4, [Portion(tier3.party, 20_000)]))
    yield "passed to tier 3 under consent: 7"
    twin.split(tier3.key, (7, [Portion(tier4.party, 20_000)]))
    twin.accept(tier4.key, 8)
    yield "and to tier 4, whole: 8"
    twin.finance(tier4.key, Deal(twin.quote(financier, 8), 15_000))
    yield "sold in part: 9"
    twin.finance(financier.key, Deal(twin.quote(financier2, 9, rate_bps=400), 15_000))
    yield "sold on, whole: 10"
    twin.finance(tier2.key, Deal(twin.quote(core, 4, registry_reference=bytes(32)), 10_000))
    yield "paid early by the debtor"
    twin.split(tier1.key, (3, [Portion(core2.party, 50_000), Portion(tier2.party, 60_000)]))
    yield "part of it reaches its own debtor: 11"
    twin.withdraw(tier1.key, 11)
    yield "and part is taken back"
    twin.pledge(tier2.key, twin.loan_quote(financier2, 4))
    yield "one pledged"
    twin.repay(core.key, 4, payer=core.cash.address)
    yield "and paid before its time, the lender first"
    twin.pledge(tier1.key, twin.loan_quote(financier, 1))
    yield "another pledged"
    twin.freeze(arbiter.key, 1)
    yield "and frozen"
    order = twin.order_reassignment(arbiter.key, 1, tier2.party, twin.model.world.ledger.notes[1].value * 2 // 3)
    yield "two thirds of it to go to another"
    last = twin.model.world.ledger.notes[6].lapse_day
    twin.move_to(start_of(last + 1))
    twin.lapse(tier1.key, 6)
    yield "one lapsed"
    twin.execute_reassignment(tier4.key, order)
    yield "what is pledged reassigned in part: 12"
    twin.release_notes(arbiter.key, 1)
    yield "and the rest let go"
    twin.repay_loan(core.key, 1, 1_000, payer=core.cash.address)
    yield "some of its loan repaid"
    twin.set_rights(tier2.key, tier2.cash.address, 7)
    twin.set_rights(tier2.key, tier2.address, 0)
    yield "a holder changed its key"
    due = twin.model.world.ledger.receivables[1].due_day
    twin.move_to(start_of(due + GRACE + 1))
    twin.declare_overdue(tier4.key, 1)
    yield "declared overdue"
    open_notes = [
        note for note, facts in twin.model.world.ledger.notes.items() if facts.value and facts.receivable == 1
    ]
    twin.repay(core.key, *open_notes, payer=core.cash.address)
    yield "all paid, late"
    twin.repay(core2.key, 3, payer=core2.cash.address)
    yield "the other debtor paid too"
