"""Two deposit tokens and two bank-rail currencies at once: each debt in its own, and nothing of one in another."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.contracts.constants import CNY, FACE, LINE, TENOR, USD
from tests.contracts.twin import Actor, Twin
from tests.reference.arithmetic import start_of
from tests.reference.banking import Line
from tests.reference.financing import Deal
from tests.reference.passing import Portion

CURRENCIES = (1, 2, 3, 4)


@pytest.fixture
def debts(twin: Twin, core: Actor, tier1: Actor) -> tuple[int, ...]:
    """A debt in each currency, each a little larger than the one before; notes are numbered like currencies."""
    for currency in CURRENCIES:
        twin.confirm(core.key, [twin.item(tier1.party, FACE + currency, TENOR)], currency=currency)
        twin.accept(tier1.key, currency)
    return CURRENCIES


def used(twin: Twin, debtor: Actor) -> list[int]:
    return [twin.model.world.credit.line(debtor.party, twin.token(currency)).used for currency in CURRENCIES]


def test_i_05_lines_are_apart(twin: Twin, debts: tuple[int, ...], core: Actor, tier1: Actor) -> None:
    assert used(twin, core) == [FACE + currency for currency in debts]
    twin.set_line(core.party, 3, FACE + 3)
    with twin.refused("OverLine", core.party, CNY, 1, 0):
        twin.confirm(core.key, [twin.item(tier1.party, 1, TENOR)], currency=3)
    twin.confirm(core.key, [twin.item(tier1.party, LINE - FACE - 4, TENOR)], currency=4)
    with twin.refused("OverLine", core.party, USD, 1, 0):
        twin.confirm(core.key, [twin.item(tier1.party, 1, TENOR)], currency=4)


def test_each_is_paid_on_its_own_rail(
    twin: Twin, debts: tuple[int, ...], core: Actor, tier1: Actor, rando: Actor
) -> None:
    twin.move_to(start_of(twin.model.world.ledger.receivables[1].due_day))
    for note in (1, 2):
        twin.repay(core.key, note, payer=core.cash.address)
    for note in (3, 4):
        reservation = twin.reserve_repayment(core.key, note)
        paid = twin.payment(reservation, Line(note, tier1.party, FACE + note))
        assert twin.attest_payment(rando.key, paid) is None
    assert used(twin, core) == [0, 0, 0, 0]


def test_each_is_sold_on_its_own_rail(
    twin: Twin, debts: tuple[int, ...], tier1: Actor, financier: Actor, rando: Actor
) -> None:
    twin.finance(tier1.key, *(Deal(twin.quote(financier, note), FACE // 2) for note in (1, 2)))
    for note in (3, 4):
        reservation = twin.reserve_sale(tier1.key, Deal(twin.bank_quote(financier, note), FACE // 2))
        paid = twin.payment(reservation, Line(note, tier1.party, twin.model.world.banks.sales[reservation].price))
        assert twin.attest_payment(rando.key, paid) is None


@pytest.mark.parametrize(("first", "other"), list(permutations(CURRENCIES, 2)))
def test_mixed_batches_are_refused(twin: Twin, debts: tuple[int, ...], core: Actor, first: int, other: int) -> None:
    twin.move_to(start_of(twin.model.world.ledger.receivables[1].due_day))
    repayment, caller = twin.deployment["RepaymentDesk"], core.address
    refusal = repayment.refusal("repay", [first, other], core.cash.address, 2**90, sender=caller)
    assert refusal == ("MixedCurrencies", (first, other))
    word = (*[twin.actors["bank"].party, twin.today, caller, 1, 2**40], b"")
    refusal = twin.deployment["BankRepaymentDesk"].refusal("reserveRepayment", [first, other], word, sender=caller)
    assert refusal == ("MixedCurrencies", (first, other))


def test_consent_is_given_by_currency(twin: Twin, debts: tuple[int, ...], tier1: Actor, tier2: Actor) -> None:
    twin.set_consent(tier2.key, tier1.party, FACE, twin.today + 400, twin.today + 400, currency=3)
    twin.split(tier1.key, *((note, [Portion(tier2.party, 1_000)]) for note in debts))
    at_once = [note for note in range(5, 9) if twin.model.world.ledger.notes[note].lapse_day == 0]
    assert at_once == [7]
    assert twin.model.world.ledger.notes[7].receivable == 3
