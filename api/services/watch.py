"""The watch: follows the read model, keeps what its rules find, and tells it in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import anyio

from api.domain.ports import AlertBook, ImportedItems
from api.domain.records import ImportedItem
from api.domain.views import CurrencyView, PartyName
from api.domain.watch import BY_NAME, Invoice, KeptAlert, Mark, Stretch, alerts
from api.services.ledger import Ledger

_BLOCKS = 2_000
"""Looked at together."""
_PARTIES = ("party", "receiver", "debtor", "financier")
"""Facts that are parties."""
_AMOUNTS = ("amount", "usual")


@dataclass(frozen=True, slots=True)
class ToldAlert:
    """An alert in words, in both languages, with the names of the parties it concerns."""

    kept: KeptAlert
    parties: tuple[PartyName, ...]
    title: tuple[str, str]
    why: tuple[str, str]


class Watch:
    """Looks at every block once."""

    def __init__(self, ledger: Ledger, items: ImportedItems, book: AlertBook) -> None:
        self._ledger = ledger
        self._items = items
        self.book = book
        self._turn = anyio.Lock()

    async def catch_up(self) -> Sequence[KeptAlert]:
        """Up to the last block that is indexed; what was found that was not known. Where the chain has other blocks than were
        looked at, it begins anew: what was acknowledged stays."""
        async with self._turn:
            new: list[KeptAlert] = []
            mark = await self._mark()
            while True:
                last = (await self._ledger.model.status()).block
                stretch, after = await self._ledger.model.stretch(mark, min(last, mark.block + _BLOCKS))
                stretch, after = await self._with_invoices(stretch, mark, after)
                new += await self.book.put(alerts(stretch), after)
                mark = after
                if mark.block >= last:
                    return new

    async def _mark(self) -> Mark:
        mark = await self.book.mark()
        status = await self._ledger.model.status()
        now = await self._ledger.model.block_hash(mark.block)
        if mark.block > status.block or (mark.hash and now is not None and now != mark.hash):
            await self.book.start_over()
            return Mark()
        return mark

    async def _with_invoices(self, stretch: Stretch, before: Mark, after: Mark) -> tuple[Stretch, Mark]:
        items = await self._items.alike(before.item)
        used = await self._ledger.model.invoices([i.item.fingerprint for i in items])
        backed = {mark: view.receivables for mark, view in used.items()}
        invoices = tuple(_invoice(item, backed.get(item.item.fingerprint, ())) for item in items)
        return replace(stretch, invoices=invoices), replace(after, item=max([before.item, *(i.id for i in items)]))

    async def told(self, kept: Sequence[KeptAlert]) -> list[ToldAlert]:
        """In words."""
        names = await self._ledger.names(p for k in kept for p in _named(k))
        debts = await self._ledger.receivables_by_id(k.alert.receivable for k in kept if k.alert.receivable is not None)
        currencies = await self._ledger.model.currencies()
        by_name: dict[Any, CurrencyView] = {c.code: c for c in currencies} | {c.id: c for c in currencies}
        found = []
        for one in kept:
            facts, debt = one.alert.facts, debts.get(one.alert.receivable or 0)
            currency = by_name.get(facts.get("currency")) or (None if debt is None else debt.currency)
            rule = BY_NAME[one.alert.rule]
            why = tuple(text.format(**_words(facts, names, currency, place)) for place, text in enumerate(rule.why))
            parties = tuple(names[p] for p in one.alert.parties)
            found.append(ToldAlert(one, parties, rule.title, (why[0], why[1])))
        return found


def _named(kept: KeptAlert) -> list[int]:
    return [*kept.alert.parties, *(kept.alert.facts[name] for name in _PARTIES if name in kept.alert.facts)]


def _words(
    facts: Mapping[str, Any], names: Mapping[int, PartyName], currency: CurrencyView | None, place: int
) -> dict[str, Any]:
    """Facts for a text: Chinese at place 0, English at 1."""
    words = dict(facts)
    for name in _PARTIES:
        if name in facts:
            party = names[facts[name]]
            called = (party.name_zh, party.name_en)[place] or party.name_en or party.name_zh
            words[name] = f"{called} (#{party.id})" if called else f"#{party.id}"
    for name in _AMOUNTS:
        if name in facts:
            words[name] = _money(facts[name], currency)
    if "notes" in facts:
        words["notes"] = " → ".join(f"#{note}" for note in facts["notes"])
    return words


def _money(amount: int, currency: CurrencyView | None) -> str:
    if currency is None:
        return f"{amount:,}"
    whole, part = divmod(amount, 10**currency.decimals)
    point = f".{part:0{currency.decimals}}" if currency.decimals else ""
    return f"{whole:,}{point} {currency.code}"


def _invoice(item: ImportedItem, receivables: Sequence[int]) -> Invoice:
    read = item.item
    return Invoice(
        id=item.id,
        buyer=item.buyer,
        seller=read.seller.key,
        number=read.number,
        currency=read.currency,
        payable=read.payable,
        issued=read.issue_date.toordinal(),
        file=read.file,
        file_hash=read.file_hash,
        fingerprint=read.fingerprint,
        receivables=tuple(receivables),
    )
