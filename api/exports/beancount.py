"""A journal in beancount's language. It ends with what the party's position says, as balance assertions: whoever loads the file
proves that the entries lead there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from api.domain.calendar import date_of_day
from api.domain.journal import Account, Deed, Entry, Journal
from api.domain.views import CurrencyView
from api.exports.book import Money
from api.exports.words import DEED

_CODE = re.compile(r"[A-Z][A-Z0-9'._-]{0,22}[A-Z0-9]")


def ledger_text(journal: Journal) -> str:
    """The whole file."""
    name = journal.party.name_en or journal.party.name_zh or f"party {journal.party.id}"
    codes = {c.id: _code(c) for c in journal.currencies}
    lines = [f'option "title" {_text(name)}']
    lines += [f'option "operating_currency" "{code}"' for code in codes.values()]
    return "\n".join([*lines, "", *_opened(journal), "", *_entries(journal, codes), *_asserted(journal, codes), ""])


def _opened(journal: Journal) -> Iterator[str]:
    days = [e.day for e in journal.entries]
    first = date_of_day(min([*days, journal.position.moment.day] if journal.since is None else [journal.since]))
    for account in Account:
        yield f"{first} open {account.value}"


def _entries(journal: Journal, codes: Mapping[int, str]) -> Iterator[str]:
    if journal.opening and journal.since is not None:
        yield f"{date_of_day(journal.since)} * {_text(_words(Deed.OPENING))}"
        for number, sums in sorted(_by_currency(journal.opening).items()):
            currency = next(c for c in journal.currencies if c.id == number)
            yield from _postings([*sums, (Account.OPENING, -sum(n for _, n in sums))], currency, codes)
        yield ""
    for entry in journal.entries:
        yield from _entry(entry, codes)
        yield ""


def _by_currency(sums: Mapping[tuple[int, Account], int]) -> dict[int, list[tuple[Account, int]]]:
    found: dict[int, list[tuple[Account, int]]] = {}
    for (number, account), amount in sorted(sums.items()):
        found.setdefault(number, []).append((account, amount))
    return found


def _entry(entry: Entry, codes: Mapping[int, str]) -> Iterator[str]:
    yield f"{date_of_day(entry.day)} * {_text(_words(entry.deed))}"
    if entry.note is not None:
        yield f"  note: {entry.note}"
    yield f"  block: {entry.source.block}"
    yield f"  tx: {_text(entry.source.tx_hash)}"
    yield from _postings(entry.postings, entry.currency, codes)


def _postings(
    postings: Iterable[tuple[Account, int]], currency: CurrencyView, codes: Mapping[int, str]
) -> Iterator[str]:
    for account, amount in postings:
        if amount:
            yield f"  {account.value}  {Money(amount, currency.decimals)} {codes[currency.id]}"


def _asserted(journal: Journal, codes: Mapping[int, str]) -> Iterator[str]:
    """To the unit: by itself beancount lets one pass. They hold at the beginning of the day after the position's."""
    day = date_of_day(journal.position.moment.day + 1)
    for one in journal.position.sums:
        for account, amount in ((Account.NOTES, one.held), (Account.OWED, -one.owed)):
            yield f"{day} balance {account.value}  {Money(amount, one.currency.decimals)} ~ 0 {codes[one.currency.id]}"


def _words(deed: Deed) -> str:
    return f"{DEED[deed].zh} {DEED[deed].en}"


def _code(currency: CurrencyView) -> str:
    """Two rails may carry one code: one currency here, as in the bank. What is no code for beancount goes by its number."""
    return currency.code if _CODE.fullmatch(currency.code) else f"CURRENCY-{currency.id}"


def _text(words: str) -> str:
    flat = " ".join(words.split())
    escaped = flat.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
