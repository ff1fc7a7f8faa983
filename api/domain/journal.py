"""A party's books by double entry, from the notes it held, gave and owed and the cash that moved: every entry balances, and
what they come to is what its position says.

A note is booked when it is offered, for from then its value is no longer its giver's, and booked back when it returns. Amounts
are minor units, debits positive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from api.domain.calendar import day_of_time
from api.domain.positions import Position
from api.domain.views import CashLeg, CurrencyView, PartyName, Source


class Account(StrEnum):
    """Named as beancount names accounts."""

    CASH = "Assets:Cash"
    NOTES = "Assets:Notes"
    """应收账款电子凭证"""
    TRADE_IN = "Assets:Trade"
    """What customers owed for deliveries, until they gave notes for it."""
    LENT = "Assets:Loans"
    PAID_FOR_OTHERS = "Assets:Advances"
    OWED = "Liabilities:Notes"
    """Confirmed debts."""
    TRADE_OUT = "Liabilities:Trade"
    """What was owed to suppliers for deliveries, until notes were given for it."""
    BORROWED = "Liabilities:Loans"
    PAID_BY_OTHERS = "Liabilities:Advances"
    DISCOUNT_EARNED = "Income:Discount"
    INTEREST_EARNED = "Income:Interest"
    ORDERS_IN = "Income:Orders"
    DISCOUNT_GIVEN = "Expenses:Discount"
    INTEREST_PAID = "Expenses:Interest"
    ORDERS_OUT = "Expenses:Orders"
    OPENING = "Equity:Opening"


class Deed(StrEnum):
    """What an entry books."""

    CONFIRMED = "confirmed"
    PASSED = "passed"
    ORDERED = "ordered"
    RETURNED = "returned"
    SOLD = "sold"
    REPAID = "repaid"
    TURNED_BACK = "turned_back"
    LENT = "lent"
    LOAN_REPAID = "loan_repaid"
    EXTINGUISHED = "extinguished"
    OPENING = "opening"


@dataclass(frozen=True, slots=True)
class Given:
    """A note that came into being without cash. `back` is where its value went back, and how much."""

    note: int
    origin: str  # confirmation | split | order
    face: int
    giver: int
    holder: int
    currency: CurrencyView
    source: Source
    back: tuple[Source, int] | None


@dataclass(frozen=True, slots=True)
class Paid:
    """A cash leg, with the note's holder and the debtor."""

    leg: CashLeg
    holder: int
    debtor: int
    currency: CurrencyView


@dataclass(frozen=True, slots=True)
class Extinguished:
    """Value that reached its own debtor without cash."""

    note: int
    value: int
    holder: int
    debtor: int
    currency: CurrencyView
    source: Source


@dataclass(frozen=True, slots=True)
class Deeds:
    """Everything a party's books are made of."""

    given: tuple[Given, ...]
    paid: tuple[Paid, ...]
    extinguished: tuple[Extinguished, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """Postings sum to zero; those of nothing are left out."""

    deed: Deed
    note: int | None
    currency: CurrencyView
    source: Source
    postings: tuple[tuple[Account, int], ...]

    @property
    def day(self) -> int:
        return day_of_time(self.source.time)


@dataclass(frozen=True, slots=True)
class Journal:
    """Entries in the chain's order, what stood before them, and the position that they lead to."""

    party: PartyName
    opening: Mapping[tuple[int, Account], int]
    """By currency's number and account, what is not zero."""
    entries: tuple[Entry, ...]
    position: Position
    since: int | None
    """The first day; None: the ledger's first."""

    @property
    def currencies(self) -> Sequence[CurrencyView]:
        """Those that occur, by number."""
        known = {e.currency.id: e.currency for e in self.entries} | {
            s.currency.id: s.currency for s in self.position.sums
        }
        return [known[number] for number in sorted(known)]

    def closing(self) -> dict[tuple[int, Account], int]:
        """What each account stands at after the last entry."""
        return _balances(self.entries, self.opening)


def journal(deeds: Deeds, position: Position, since: int | None) -> Journal:
    """`deeds` are all until the position's moment; those before day `since` become the opening balances."""
    me = position.party.id
    entries = [*_given(me, deeds.given), *_paid(me, deeds.paid), *_extinguished(me, deeds.extinguished)]
    entries.sort(key=lambda e: (e.source.block, e.source.log_index))
    before = [e for e in entries if since is not None and e.day < since]
    after = [e for e in entries if since is None or e.day >= since]
    return Journal(position.party, _balances(before, {}), tuple(after), position, since)


def _balances(entries: Iterable[Entry], start: Mapping[tuple[int, Account], int]) -> dict[tuple[int, Account], int]:
    sums: dict[tuple[int, Account], int] = defaultdict(int, start)
    for entry in entries:
        for account, amount in entry.postings:
            sums[entry.currency.id, account] += amount
    return {key: amount for key, amount in sums.items() if amount}


def _entry(
    deed: Deed, note: int, currency: CurrencyView, source: Source, *postings: tuple[Account, int]
) -> Iterator[Entry]:
    assert sum(amount for _, amount in postings) == 0, (deed, note)
    told = tuple((account, amount) for account, amount in postings if amount)
    if told:
        yield Entry(deed, note, currency, source, told)


_GIVEN: Mapping[str, tuple[Deed, tuple[Account, Account], tuple[Account, Account]]] = {
    "confirmation": (Deed.CONFIRMED, (Account.TRADE_OUT, Account.OWED), (Account.NOTES, Account.TRADE_IN)),
    "split": (Deed.PASSED, (Account.TRADE_OUT, Account.NOTES), (Account.NOTES, Account.TRADE_IN)),
    "order": (Deed.ORDERED, (Account.ORDERS_OUT, Account.NOTES), (Account.NOTES, Account.ORDERS_IN)),
}
"""By origin: what it is, and (debit, credit) of the giver and of the receiver."""


def _given(me: int, given: Iterable[Given]) -> Iterator[Entry]:
    for one in given:
        deed, *sides = _GIVEN[one.origin]
        for end, (debit, credit) in zip((one.giver, one.holder), sides, strict=True):
            if end == me:
                yield from _entry(deed, one.note, one.currency, one.source, (debit, one.face), (credit, -one.face))
                if one.back is not None:
                    source, value = one.back
                    back = ((credit, value), (debit, -value))
                    yield from _entry(Deed.RETURNED, one.note, one.currency, source, *back)


def _paid(me: int, paid: Iterable[Paid]) -> Iterator[Entry]:
    for one in paid:
        leg = one.leg
        if leg.kind == "finance":
            yield from _sold(me, one)
        elif leg.kind == "repayment":
            yield from _repaid(me, one)
        elif leg.kind == "recourse":
            yield from _turned_back(me, one)
        else:
            yield from _lent(me, one)


def _sold(me: int, one: Paid) -> Iterator[Entry]:
    leg = one.leg
    told = (Deed.SOLD, leg.note, one.currency, leg.source)
    if leg.payee.id == me:
        given = (Account.DISCOUNT_GIVEN, leg.discount)
        yield from _entry(*told, (Account.CASH, leg.amount), given, (Account.NOTES, -leg.principal))
    if leg.payer.id == me:
        got = Account.NOTES if leg.child is not None else Account.OWED
        earned = (Account.DISCOUNT_EARNED, -leg.discount)
        yield from _entry(*told, (got, leg.principal), (Account.CASH, -leg.amount), earned)


def _repaid(me: int, one: Paid) -> Iterator[Entry]:
    """The holder is paid, or its lender for it; the debtor pays, or somebody for it."""
    leg = one.leg
    told = (Deed.REPAID, leg.note, one.currency, leg.source)
    payer, payee = leg.payer.id, leg.payee.id
    if one.holder == me:
        to = Account.CASH if payee == me else Account.BORROWED
        earned = (Account.INTEREST_EARNED, -leg.interest)
        yield from _entry(*told, (to, leg.amount), (Account.NOTES, -leg.principal), earned)
    elif payee == me:
        yield from _entry(*told, (Account.CASH, leg.amount), (Account.LENT, -leg.amount))
    if one.debtor == me:
        by = Account.CASH if payer == me else Account.PAID_BY_OTHERS
        spent = (Account.INTEREST_PAID, leg.interest)
        yield from _entry(*told, (Account.OWED, leg.principal), spent, (by, -leg.amount))
    elif payer == me:
        yield from _entry(*told, (Account.PAID_FOR_OTHERS, leg.amount), (Account.CASH, -leg.amount))


def _turned_back(me: int, one: Paid) -> Iterator[Entry]:
    leg = one.leg
    told = (Deed.TURNED_BACK, leg.note, one.currency, leg.source)
    if leg.payer.id == me:
        spent, earned = (Account.INTEREST_PAID, leg.interest), (Account.DISCOUNT_EARNED, -leg.discount)
        yield from _entry(*told, (Account.NOTES, leg.principal), spent, earned, (Account.CASH, -leg.amount))
    if leg.payee.id == me:
        given, earned = (Account.DISCOUNT_GIVEN, leg.discount), (Account.INTEREST_EARNED, -leg.interest)
        yield from _entry(*told, (Account.CASH, leg.amount), given, earned, (Account.NOTES, -leg.principal))


def _lent(me: int, one: Paid) -> Iterator[Entry]:
    leg = one.leg
    payer, payee = leg.payer.id, leg.payee.id
    if leg.kind == "loan":
        told = (Deed.LENT, leg.note, one.currency, leg.source)
        if payer == me:
            yield from _entry(*told, (Account.LENT, leg.amount), (Account.CASH, -leg.amount))
        if payee == me:
            yield from _entry(*told, (Account.CASH, leg.amount), (Account.BORROWED, -leg.amount))
        return
    told = (Deed.LOAN_REPAID, leg.note, one.currency, leg.source)
    if payee == me:
        earned = (Account.INTEREST_EARNED, -leg.interest)
        yield from _entry(*told, (Account.CASH, leg.amount), (Account.LENT, -leg.principal), earned)
    if one.holder == me:
        by = Account.CASH if payer == me else Account.PAID_BY_OTHERS
        spent = (Account.INTEREST_PAID, leg.interest)
        yield from _entry(*told, (Account.BORROWED, leg.principal), spent, (by, -leg.amount))
    elif payer == me:
        yield from _entry(*told, (Account.PAID_FOR_OTHERS, leg.amount), (Account.CASH, -leg.amount))


def _extinguished(me: int, extinguished: Iterable[Extinguished]) -> Iterator[Entry]:
    for one in extinguished:
        told = (Deed.EXTINGUISHED, one.note, one.currency, one.source)
        if one.holder == me:
            yield from _entry(*told, (Account.TRADE_OUT, one.value), (Account.NOTES, -one.value))
        if one.debtor == me:
            yield from _entry(*told, (Account.OWED, one.value), (Account.TRADE_IN, -one.value))
