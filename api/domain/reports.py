"""Reports: figures over positions and cash, exact. Amounts are minor units; rates are in hundredths of a percent, rounded
half to even once, at the end."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction

from api.domain.calendar import date_of_day, day_of_time
from api.domain.positions import HeldNote, Moment, OwedDebt, Position
from api.domain.views import CashLeg, CurrencyView, LedgerTotals, NoteView, PartyName, PartyView


class ReportName(StrEnum):
    CORE = "core-enterprise"
    FINANCIER = "financier"
    NETWORK = "network"
    JOURNAL = "journal"
    RECONCILIATION = "reconciliation"


Month = str
"""2025-07, of business days."""


def month_of(day: int) -> Month:
    """The month of a business day."""
    return f"{date_of_day(day):%Y-%m}"


def share_bps(part: int, whole: int) -> int:
    """A share in hundredths of a percent; of nothing 0."""
    return round(Fraction(part * 10_000, whole)) if whole else 0


# -- core enterprise


@dataclass(frozen=True, slots=True)
class DueRow:
    """What falls due in a month to one payee."""

    currency: CurrencyView
    month: Month
    payee: PartyName
    debts: int
    outstanding: int
    overdue: int


@dataclass(frozen=True, slots=True)
class LineRow:
    """A credit line now."""

    currency: CurrencyView
    limit: int
    used: int

    @property
    def available(self) -> int:
        return max(0, self.limit - self.used)


@dataclass(frozen=True, slots=True)
class PayRow:
    """What is to be paid to a holder now: of debts that are due."""

    currency: CurrencyView
    holder: PartyName
    notes: int
    amount: int


@dataclass(frozen=True, slots=True)
class CoreReport:
    """A debtor's liabilities by due month and first creditor; what is due now by holder; its credit lines."""

    party: PartyName
    moment: Moment
    due: tuple[DueRow, ...]
    pay: tuple[PayRow, ...]
    lines: tuple[LineRow, ...]


def core_report(
    position: Position, party: PartyView, currencies: Iterable[CurrencyView], to_pay: Sequence[NoteView]
) -> CoreReport:
    """`to_pay` are notes with value of the party's debts that are due."""
    debts: dict[tuple[int, Month, int], list[OwedDebt]] = defaultdict(list)
    for debt in position.debts:
        debts[debt.currency.id, month_of(debt.due_day), debt.creditor.id].append(debt)
    due = [
        DueRow(
            some[0].currency,
            month,
            some[0].creditor,
            len(some),
            sum(d.outstanding for d in some),
            sum(d.outstanding for d in some if d.status == "overdue"),
        )
        for (_, month, _), some in sorted(debts.items())
    ]
    of_debt = {d.receivable: d.currency for d in position.debts}
    holders: dict[tuple[int, int], list[NoteView]] = defaultdict(list)
    for note in to_pay:
        holders[of_debt[note.receivable].id, note.holder.id].append(note)
    pay = [
        PayRow(of_debt[some[0].receivable], some[0].holder, len(some), sum(n.value for n in some))
        for _, some in sorted(holders.items())
    ]
    tokens = {c.token: c for c in currencies}
    lines = [LineRow(tokens[one.currency], one.limit, one.used) for one in party.lines if one.currency in tokens]
    return CoreReport(position.party, position.moment, tuple(due), tuple(pay), tuple(lines))


# -- financier


@dataclass(frozen=True, slots=True)
class Bought:
    """A note of a financier's portfolio, and the purchase that brought it: principal and price at the time."""

    note: HeldNote
    seller: PartyName
    bought_day: int
    principal: int
    price: int
    rate_bps: int
    term_days: int
    """From purchase to the due day."""


@dataclass(frozen=True, slots=True)
class BucketRow:
    """One step of the maturity ladder, in days left; `last` None: and more. Overdue stands before the first."""

    currency: CurrencyView
    first: int | None
    last: int | None
    notes: int
    value: int


@dataclass(frozen=True, slots=True)
class ShareRow:
    """Exposure to one debtor, and its share of all in the currency, in hundredths of a percent."""

    currency: CurrencyView
    debtor: PartyName
    notes: int
    value: int
    overdue: int
    share_bps: int


@dataclass(frozen=True, slots=True)
class YieldRow:
    """A portfolio in one currency. `rate_bps` is the yearly rate weighted by value left; `cost` is what was paid for that
    value, in proportion, rounded half to even a note; `days` is the time left weighted likewise, in tenths of a day."""

    currency: CurrencyView
    notes: int
    value: int
    cost: int
    rate_bps: int
    days: int


@dataclass(frozen=True, slots=True)
class FinancierReport:
    party: PartyName
    moment: Moment
    yields: tuple[YieldRow, ...]
    ladder: tuple[BucketRow, ...]
    shares: tuple[ShareRow, ...]
    notes: tuple[Bought, ...]


_LADDER = ((0, 30), (31, 60), (61, 90), (91, 180), (181, None))


def financier_report(position: Position, purchases: Mapping[int, CashLeg]) -> FinancierReport:
    """`purchases` by the note that each brought. Notes that came otherwise, by an order, are in the position alone."""
    day = position.moment.day
    notes = []
    for note in position.notes:
        leg = purchases.get(note.note)
        if leg is not None:
            bought = day_of_time(leg.source.time)
            term = max(0, note.due_day - bought)
            notes.append(Bought(note, leg.payee, bought, leg.principal, leg.amount, leg.rate_bps or 0, term))
    by_currency: dict[int, list[Bought]] = defaultdict(list)
    for one in notes:
        by_currency[one.note.currency.id].append(one)
    yields, ladder, shares = [], [], []
    for _, some in sorted(by_currency.items()):
        currency, value = some[0].note.currency, sum(b.note.value for b in some)
        cost = sum(round(Fraction(b.price * b.note.value, b.principal)) for b in some)
        rate = round(Fraction(sum(b.rate_bps * b.note.value for b in some), value))
        left = round(Fraction(10 * sum(max(0, b.note.due_day - day) * b.note.value for b in some), value))
        yields.append(YieldRow(currency, len(some), value, cost, rate, left))
        ladder += _ladder(currency, some, day)
        shares += _shares(currency, some, value, day)
    return FinancierReport(position.party, position.moment, tuple(yields), tuple(ladder), tuple(shares), tuple(notes))


def _ladder(currency: CurrencyView, some: Sequence[Bought], day: int) -> list[BucketRow]:
    rows = []
    for first, last in ((None, -1), *_LADDER):
        inside = [b for b in some if _within(b.note.due_day - day, first, last)]
        rows.append(BucketRow(currency, first, last, len(inside), sum(b.note.value for b in inside)))
    return rows


def _within(days: int, first: int | None, last: int | None) -> bool:
    return (first is None or days >= first) and (last is None or days <= last)


def _shares(currency: CurrencyView, some: Sequence[Bought], whole: int, day: int) -> list[ShareRow]:
    debtors: dict[int, list[Bought]] = defaultdict(list)
    for one in some:
        debtors[one.note.debtor.id].append(one)
    rows = []
    for held in debtors.values():
        value = sum(b.note.value for b in held)
        late = sum(b.note.value for b in held if b.note.due_day < day)
        rows.append(ShareRow(currency, held[0].note.debtor, len(held), value, late, share_bps(value, whole)))
    return sorted(rows, key=lambda r: (-r.value, r.debtor.id))


# -- network


@dataclass(frozen=True, slots=True)
class MonthRow:
    """What happened in a month in one currency."""

    currency: CurrencyView
    month: Month
    debts: int
    confirmed: int
    sales: int
    financed: int
    cash: int
    repaid: int


@dataclass(frozen=True, slots=True)
class TierRow:
    """Notes of a tier that there ever were; and of what was sold from it to financiers: how often, the cost in hundredths of a
    percent a year, and the time from confirmation to cash in tenths of a day, both weighted by face. None: nothing was."""

    tier: int
    notes: int
    sales: int
    rate_bps: int | None
    days: int | None


@dataclass(frozen=True, slots=True)
class NetworkReport:
    moment: Moment
    totals: LedgerTotals
    months: tuple[MonthRow, ...]
    tiers: tuple[TierRow, ...]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A debt that was confirmed."""

    currency: CurrencyView
    face_value: int
    time: int


@dataclass(frozen=True, slots=True)
class Moved:
    """Cash that moved for a note of a tier, and when the note's debt was confirmed. `bought`: the note had been bought through
    financing, so that its sale is trade between financiers."""

    leg: CashLeg
    currency: CurrencyView
    tier: int
    bought: bool
    confirmed_time: int


@dataclass(frozen=True, slots=True)
class Activity:
    """What happened in a stretch of blocks, in their order."""

    confirmed: tuple[Confirmed, ...]
    moved: tuple[Moved, ...]


def network_report(moment: Moment, totals: LedgerTotals, activity: Activity) -> NetworkReport:
    """`totals` are of the whole ledger, now."""
    months: dict[tuple[int, Month], Counter[str]] = defaultdict(Counter)
    currencies: dict[int, CurrencyView] = {}
    tiers: dict[int, list[Moved]] = defaultdict(list)

    def count(currency: CurrencyView, time: int, **sums: int) -> None:
        currencies[currency.id] = currency
        months[currency.id, month_of(day_of_time(time))].update(sums)

    for debt in activity.confirmed:
        count(debt.currency, debt.time, debts=1, confirmed=debt.face_value)
    for one in activity.moved:
        leg = one.leg
        if leg.kind == "finance":
            count(one.currency, leg.source.time, sales=1, financed=leg.principal, cash=leg.amount)
            if not one.bought:
                tiers[one.tier].append(one)
        elif leg.kind == "repayment":
            count(one.currency, leg.source.time, repaid=leg.principal)
    names = [f.name for f in fields(MonthRow)][2:]
    return NetworkReport(
        moment,
        totals,
        tuple(
            MonthRow(currencies[number], month, *(sums[name] for name in names))
            for (number, month), sums in sorted(months.items())
        ),
        tuple(_tier(tier, count, tiers[tier]) for tier, count in enumerate(totals.notes_per_tier, start=1)),
    )


def _tier(tier: int, notes: int, sold: Sequence[Moved]) -> TierRow:
    face = sum(s.leg.principal for s in sold)
    if not face:
        return TierRow(tier, notes, len(sold), None, None)
    rate = Fraction(sum((s.leg.rate_bps or 0) * s.leg.principal for s in sold), face)
    waited = sum((s.leg.source.time - s.confirmed_time) * s.leg.principal for s in sold)
    return TierRow(tier, notes, len(sold), round(rate), round(Fraction(10 * waited, 86_400 * face)))


# -- reconciliation


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Cash of a transaction that one side tells and the other does not: `legs` and `transfers` are how often."""

    tx_hash: str
    payer_account: str
    payee_account: str
    token: str
    amount: int
    legs: int
    transfers: int


@dataclass(frozen=True, slots=True)
class Balance:
    """Deposit tokens on a party's settlement account now, as the chain has them, and what legs moved for it on the day."""

    party: PartyName
    currency: CurrencyView
    account: str
    balance: int
    paid: int
    received: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One day's cash, and the whole ledger as it stands, held against the chain. `compared` is how often, by rule;
    `differences` are (rule, subject, expected, found)."""

    day: int
    block: int
    legs: int
    matched: int
    unmatched: tuple[Unmatched, ...]
    balances: tuple[Balance, ...]
    compared: Mapping[str, int]
    differences: tuple[tuple[str, str, str, str], ...]

    @property
    def clean(self) -> bool:
        return not self.unmatched and not self.differences
