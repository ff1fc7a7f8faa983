"""Where a party stands at a moment, now or past: what it holds, what it owes, what cash went in and out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields

from api.domain.views import CurrencyView, PartyName


@dataclass(frozen=True, slots=True)
class When:
    """A moment that is asked for: the end of a block, or the end of a business day; with neither, now."""

    block: int | None = None
    day: int | None = None


NOW = When()


@dataclass(frozen=True, slots=True)
class Moment:
    """The end of `block`. Statuses are those of business day `day`. The index keeps blocks with events, and the newest: of a
    day `block` is the last that is kept, and `time`, and the day of a block that is not kept, are those of the one
    before it that is. Nothing but the clock differs between them."""

    block: int
    time: int
    day: int


@dataclass(frozen=True, slots=True)
class HeldNote:
    """A note with value left, as it stood."""

    note: int
    receivable: int
    debtor: PartyName
    currency: CurrencyView
    due_day: int
    tier: int
    origin: str
    face: int
    value: int
    pledged: int
    status: str


@dataclass(frozen=True, slots=True)
class OwedDebt:
    """A debt of the party with something outstanding, as it stood."""

    receivable: int
    creditor: PartyName
    currency: CurrencyView
    due_day: int
    face_value: int
    outstanding: int
    status: str


@dataclass(frozen=True, slots=True)
class CashSum:
    """All cash of one kind that the party paid and received until then."""

    currency: CurrencyView
    kind: str  # finance | repayment | recourse | loan | loan_repayment
    paid: int
    received: int


@dataclass(frozen=True, slots=True)
class PositionSum:
    """A position in one currency, in figures. `accepted` is what may be acted on of `held`: its rest waits for an answer."""

    currency: CurrencyView
    notes: int
    held: int
    accepted: int
    pledged: int
    debts: int
    owed: int
    overdue: int
    paid: int
    received: int


@dataclass(frozen=True, slots=True)
class Position:
    """Notes and debts by id, cash by currency and kind, sums by currency; what is zero is left out."""

    party: PartyName
    moment: Moment
    sums: tuple[PositionSum, ...]
    notes: tuple[HeldNote, ...]
    debts: tuple[OwedDebt, ...]
    cash: tuple[CashSum, ...]


_WAITING = ("offered", "lapsable")
_FIGURES = [f.name for f in fields(PositionSum)][1:]


def position_sums(
    notes: Iterable[HeldNote], debts: Iterable[OwedDebt], cash: Iterable[CashSum]
) -> tuple[PositionSum, ...]:
    """The figures of a position, by the currencies' numbers."""
    currencies: dict[int, CurrencyView] = {}
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    for note in notes:
        currencies[note.currency.id] = note.currency
        accepted = 0 if note.status in _WAITING else note.value
        sums[note.currency.id].update(notes=1, held=note.value, accepted=accepted, pledged=note.pledged)
    for debt in debts:
        currencies[debt.currency.id] = debt.currency
        overdue = debt.outstanding if debt.status == "overdue" else 0
        sums[debt.currency.id].update(debts=1, owed=debt.outstanding, overdue=overdue)
    for one in cash:
        currencies[one.currency.id] = one.currency
        sums[one.currency.id].update(paid=one.paid, received=one.received)
    return tuple(PositionSum(currencies[number], *(sums[number][name] for name in _FIGURES)) for number in sorted(sums))
