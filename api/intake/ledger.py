"""A payables ledger in CSV: lines become documents, documents become items. The rules are told in docs/intake.md."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from api.domain.invoices import (
    LARGEST_AMOUNT,
    Answer,
    InvoiceItem,
    Refusal,
    fingerprint,
    fold_number,
)
from api.domain.ledgers import LedgerOptions
from api.domain.party_identity import AliasTable, PartyIdentity, identify
from api.intake.columns import Columns, find_columns
from api.intake.dates import parse_ledger_date
from api.intake.money import decimal_text, parse_amount
from api.intake.refused import Refused
from api.intake.rows import Record, read_records
from api.intake.text import UNDECODABLE, HashingReader, text_lines

_DELIMITERS = (",", ";", "\t", "|")
_NOT_TEXT = frozenset({"nul-character", "encoding-invalid"})


@dataclass(slots=True)
class _Document:
    number: str
    lines: list[int] = field(default_factory=list)
    vendors: dict[str, PartyIdentity] = field(default_factory=dict)
    buyers: dict[str, PartyIdentity] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    issued: date | None = None
    due: set[date] = field(default_factory=set)
    fault: Refused | None = None

    @property
    def item(self) -> str:
        return f"line {self.lines[0]}" if len(self.lines) == 1 else "lines " + ",".join(map(str, self.lines))


def read_ledger(
    name: str, stream: BinaryIO, key: bytes, aliases: AliasTable, options: LedgerOptions
) -> Iterator[Answer]:
    """Refusals of lines as they are met, then one answer per document, in order of first appearance.

    Streams the file once; keeps one small record per document. `name` is the file as given.
    """
    source = HashingReader(stream)
    try:
        lines, encoding = text_lines(source, options.encoding)
        ledger, records = _open(lines, encoding, aliases, options)
    except Refused as refused:
        yield Refusal(name, "line 1", refused.rule, refused.params)
        return
    for record in records:
        if (refused_line := ledger.take(record)) is not None:
            yield Refusal(name, f"line {record.line}", refused_line.rule, refused_line.params)
    file_hash = source.hexdigest()
    for document in ledger.documents.values():
        yield ledger.answer(document, name, file_hash, key)


def _open(
    lines: Iterator[str], encoding: str, aliases: AliasTable, options: LedgerOptions
) -> tuple[_Ledger, Iterator[Record]]:
    """Read the header, its delimiter being the one it has most of. Raises Refused."""
    header = next(lines, "")
    delimiter = max(_DELIMITERS, key=header.count)
    records = read_records(itertools.chain([header], lines), delimiter, encoding)
    first = next(records, None)
    if first is None:
        raise Refused("file-empty")
    if first.fault is not None:
        rule = first.fault.rule
        raise Refused("encoding-unknown", encoding=encoding) if rule in _NOT_TEXT else first.fault
    return _Ledger(find_columns(first.fields, options.columns), aliases, options), records


class _Ledger:
    """The documents of one ledger while its lines come in."""

    def __init__(self, columns: Columns, aliases: AliasTable, options: LedgerOptions) -> None:
        if columns.currency is None and not (options.currency or columns.amount_currency):
            raise Refused("column-missing", column="currency", header="")
        self.documents: dict[str, _Document] = {}
        self._columns = columns
        self._aliases = aliases
        self._options = options
        self._default_currency = (options.currency or columns.amount_currency or "").upper()
        self._parties: dict[tuple[str, str], PartyIdentity | None] = {}
        self._dates: dict[str, date] = {}

    def take(self, record: Record) -> Refused | None:
        """Add a line to its document; a fault of the line that has a document is the document's. Else the refusal."""
        fields, columns = record.fields, self._columns
        number = fields[columns.number].strip() if len(fields) > columns.number else ""
        if not _legible(number):
            return record.fault or Refused("document-number-missing")
        document = self.documents.get(number)
        if document is None:
            document = self.documents[number] = _Document(number)
        document.lines.append(record.line)
        try:
            if record.fault is not None:
                raise record.fault
            self._add(document, fields, f"line {record.line}")
        except Refused as fault:
            document.fault = document.fault or Refused(fault.rule, **{"where": f"line {record.line}", **fault.params})
        return None

    def _add(self, document: _Document, fields: list[str], where: str) -> None:
        columns = self._columns
        vendor = self._party(fields[columns.vendor], _cell(fields, columns.vendor_vat))
        if vendor is None:
            raise Refused("seller-missing", where=where)
        document.vendors.setdefault(vendor.key, vendor)
        if (buyer := self._party(_cell(fields, columns.buyer), "")) is not None:
            document.buyers.setdefault(buyer.key, buyer)
        currency = _cell(fields, columns.currency).strip().upper() or self._default_currency
        if not currency:
            raise Refused("currency-missing", where=where)
        amount = parse_amount(fields[columns.amount], currency, where, self._options.decimal_mark)
        document.totals[currency] = document.totals.get(currency, 0) + amount
        issued = self._date(fields[columns.date], where)
        if issued is None:
            raise Refused("issue-date-missing", where=where)
        document.issued = issued if document.issued is None else min(document.issued, issued)
        if (due := self._date(_cell(fields, columns.due_date), where)) is not None:
            document.due.add(due)

    def _party(self, name: str, vat: str) -> PartyIdentity | None:
        try:
            return self._parties[name, vat]
        except KeyError:
            party = identify(name=name, vat=vat, country=self._options.country)
            found = self._parties[name, vat] = party and self._aliases.resolve(party)
            return found

    def _date(self, text: str, where: str) -> date | None:
        if text not in self._dates:
            if not text.strip():
                return None
            self._dates[text] = parse_ledger_date(text, where)
        return self._dates[text]

    def answer(self, document: _Document, name: str, file_hash: str, key: bytes) -> Answer:
        """The document as one item, or the rule that refuses it."""
        try:
            return self._item(document, name, file_hash, key)
        except Refused as refused:
            return Refusal(name, document.item, refused.rule, refused.params, document.number)

    def _item(self, document: _Document, name: str, file_hash: str, key: bytes) -> InvoiceItem:
        if document.fault is not None:
            raise document.fault
        seller = _only(document.vendors, "several-vendors")
        currency, payable = _one_total(document.totals)
        if not 0 < payable <= LARGEST_AMOUNT:
            rule = "amount-too-large" if payable > 0 else "total-not-positive"
            raise Refused(rule, value=decimal_text(payable, currency), currency=currency, where=document.item)
        if len(document.due) > 1:
            raise Refused("several-due-dates", values=", ".join(str(day) for day in sorted(document.due)))
        assert document.issued is not None
        mark = fingerprint(key, seller.key, document.number, document.issued)
        due, assumed = self._due(document, document.issued, mark)
        return InvoiceItem(
            file=name,
            item=document.item,
            seller=seller,
            buyer=_only(document.buyers, "several-buyers") if document.buyers else self._options.buyer,
            number=document.number,
            issue_date=document.issued,
            due_date=due,
            currency=currency,
            payable=payable,
            file_hash=file_hash,
            fingerprint=mark,
            assumed=assumed,
        )

    def _due(self, document: _Document, issued: date, mark: str) -> tuple[date | None, tuple[str, ...]]:
        if document.due:
            return next(iter(document.due)), ()
        if self._options.assumption is not None:
            return self._options.assumption.due_date(issued, mark), ("due_date",)
        if self._columns.due_date is None and self._options.let_pass_without_due_column:
            return None, ()
        raise Refused("due-date-missing", where=document.item)


def _legible(number: str) -> bool:
    return UNDECODABLE not in number and fold_number(number) != ""


def _cell(fields: list[str], position: int | None) -> str:
    return "" if position is None else fields[position]


def _only(parties: dict[str, PartyIdentity], rule: str) -> PartyIdentity:
    if len(parties) > 1:
        raise Refused(rule, values="; ".join(sorted(party.name for party in parties.values())))
    return next(iter(parties.values()))


def _one_total(totals: dict[str, int]) -> tuple[str, int]:
    if len(totals) > 1:
        raise Refused("several-currencies", values=", ".join(sorted(totals)))
    return next(iter(totals.items()))
