"""How parties stand to notes and receivables: what SQL answers is what the plain rows say, for everybody and everything."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from api.domain import access
from api.domain.access import NOTE, RECEIVABLE, Eyes, Relation
from api.domain.calendar import day_of_time
from api.domain.status import NOTE_STATUSES, RECEIVABLE_STATUSES, NoteFlag, ReceivableFlag
from api.domain.views import NoteView, Page, ReceivableView, Terms
from api.store.ledger import reading, sight
from api.store.ledger.reading import LedgerReader
from api.store.ledger.sql import Sql, numbers
from tests.api.chain.conftest import Network
from tests.indexer.bank import play_bank
from tests.indexer.conftest import EACH_ONCE, Index, Indexes, Where, untold
from tests.indexer.town import ARBITER, BANK, CORE, FACTOR, REGISTRAR, TIER1, Town, play

pytestmark = pytest.mark.anyio

NOBODY = 77
PARTIES = (*range(CORE, ARBITER + 1), NOBODY)


@dataclass
class Books:
    """The whole ledger, as one who sees all reads it, and the offices that parties hold by it."""

    reader: LedgerReader
    notes: dict[int, NoteView]
    receivables: dict[int, ReceivableView]
    today: int
    lenders: set[tuple[int, int]]
    banks: set[tuple[int, int]]
    arbiters: set[tuple[int, int]]

    def to_note(self, party: int, note: NoteView, asked: set[int]) -> set[Relation]:
        debt = self.receivables[note.receivable]
        offeror = debt.debtor.id if note.parent is None else self.notes[note.parent].holder.id
        owes = debt.debtor.id == party
        due = debt.due_day <= self.today or debt.flags & ReceivableFlag.OVERDUE or note.flags & NoteFlag.REPAID
        stands = {
            Relation.HOLDER: note.holder.id == party,
            Relation.OFFEROR: offeror == party,
            Relation.OFFERING: offeror == party and not note.flags & NoteFlag.ACCEPTED,
            Relation.RECEIVER: any(n.parent == note.id and n.holder.id == party for n in self.notes.values()),
            Relation.PAYER: owes and due,
            Relation.FINANCIER: (note.id, party) in self.lenders or (note.id in asked and note.value > 0),
            Relation.BANK: (note.id, party) in self.banks,
            Relation.ARBITER: (note.id, party) in self.arbiters,
            Relation.DEBTOR: owes,
        }
        return {relation for relation, so in stands.items() if so}

    def to_receivable(self, party: int, debt: ReceivableView, asked: set[int]) -> set[Relation]:
        found = {Relation.DEBTOR} if debt.debtor.id == party else set[Relation]()
        found |= {Relation.CREDITOR} if debt.creditor.id == party else set()
        for note in self.notes.values():
            if note.receivable == debt.id:
                found |= self.to_note(party, note, asked) & _OFFICES
                found |= {Relation.FINANCIER} if note.holder.id == party and note.origin == "sale" else set()
        return found


_OFFICES = {Relation.HOLDER, Relation.FINANCIER, Relation.BANK, Relation.ARBITER}


async def all_of(ask: Callable[[str | None], Awaitable[Page[Any]]]) -> list[int]:
    """Ids of every page."""
    found: list[int] = []
    cursor: str | None = None
    while True:
        page = await ask(cursor)
        found.extend(item.id for item in page.items)
        if (cursor := page.next) is None:
            return found


async def read(index: Index) -> Books:
    reader = index.reader()
    filters: Any = {"holder": None, "receivable": None, "status": None, "tier": None, "cursor": None}
    notes = (await reader.notes(**filters, limit=1000)).items
    debts = (await reader.receivables(debtor=None, status=None, cursor=None, limit=1000)).items

    def pairs(query: str) -> set[tuple[int, int]]:
        return set(index.query(query))

    bank = "SELECT note, bank FROM {} x JOIN bank_reservations r ON r.id = x.reservation"
    return Books(
        reader,
        {n.id: n for n in notes},
        {r.id: r for r in debts},
        day_of_time((await reader.status()).block_time),
        pairs("SELECT note, lender FROM loans"),
        pairs(bank.format("bank_sales")) | pairs(bank.format("bank_repayments")),
        pairs("SELECT note, arbiter FROM freezes"),
    )


async def hold(books: Books) -> set[tuple[int, Relation]]:
    """Compares all; which relations somebody stood in."""
    met: set[tuple[int, Relation]] = set()
    for party in PARTIES:
        for asked in (set[int](), set(list(books.notes)[::3])):
            eyes = Eyes(party, tuple(asked))
            stands = await books.reader.note_relations(list(books.notes), eyes)
            expected = {i: books.to_note(party, note, asked) for i, note in books.notes.items()}
            assert {i: set(to) for i, to in stands.items()} == expected
            met |= {(party, relation) for to in expected.values() for relation in to}
            await _notes_listed(books, eyes, expected)
            await _notes_filtered(books, eyes, expected)
            await _receivables_listed(books, eyes, asked)
    return met


async def _notes_listed(books: Books, eyes: Eyes, stands: dict[int, set[Relation]]) -> None:
    filters: Any = {"holder": None, "receivable": None, "tier": None, "limit": 3, "eyes": eyes}
    seen = [i for i in sorted(stands) if access.shown(NOTE, stands[i])]
    assert await all_of(lambda cursor: books.reader.notes(**filters, status=None, cursor=cursor)) == seen
    for status in NOTE_STATUSES:
        found = await all_of(lambda cursor, s=status: books.reader.notes(**filters, status=s, cursor=cursor))  # type: ignore[misc]
        told = [i for i in seen if "status" in access.shown(NOTE, stands[i]) and books.notes[i].status == status]
        assert found == told


async def _notes_filtered(books: Books, eyes: Eyes, stands: dict[int, set[Relation]]) -> None:
    """By holder, by receivable and by due day, each with a status and without."""
    seen = [books.notes[i] for i in sorted(stands) if access.shown(NOTE, stands[i])]
    asked = [("holder", party) for party in PARTIES] + [("receivable", number) for number in books.receivables]
    asked += [("due", day) for day in {debt.due_day for debt in books.receivables.values()}]
    for (name, value), status in itertools.product(asked, (None, "held", "repaid", "offered")):
        filters: Any = {"holder": None, "receivable": None, "tier": None, "status": status, "cursor": None}
        filters |= {"terms": Terms(due_from=value, due_until=value)} if name == "due" else {name: value}
        page = await books.reader.notes(**filters, limit=1000, eyes=eyes)
        due = {debt.id: debt.due_day for debt in books.receivables.values()}
        those = [
            n
            for n in seen
            if {"holder": n.holder.id, "receivable": n.receivable, "due": due[n.receivable]}[name] == value
        ]
        if status is not None:
            those = [n for n in those if n.status == status and "status" in access.shown(NOTE, stands[n.id])]
        assert [n.id for n in page.items] == [n.id for n in those]


async def _receivables_listed(books: Books, eyes: Eyes, asked: set[int]) -> None:
    stands = await books.reader.receivable_relations(list(books.receivables), eyes)
    expected = {i: books.to_receivable(eyes.party, debt, asked) for i, debt in books.receivables.items()}
    assert {i: set(to) for i, to in stands.items()} == expected
    seen = [i for i in sorted(expected) if access.shown(RECEIVABLE, expected[i])]
    filters: Any = {"debtor": None, "limit": 2, "eyes": eyes}
    assert await all_of(lambda cursor: books.reader.receivables(**filters, status=None, cursor=cursor)) == seen
    for status in RECEIVABLE_STATUSES:
        found = await all_of(lambda cursor, s=status: books.reader.receivables(**filters, status=s, cursor=cursor))  # type: ignore[misc]
        assert found == [i for i in seen if books.receivables[i].status == status]


def witnesses(index: Index, statement: Sql, ids: Iterable[int], **values: int) -> set[tuple[int, int, bool]]:
    return {
        (thing, by, bool(wholly)) for thing, by, wholly in statement.all(index.connection, ids=numbers(ids), **values)
    }


def hold_witnesses(index: Index, books: Books) -> None:
    """The other way round: who sees these. What a financier is only asked about is not known there."""
    found = witnesses(index, sight.WITNESSES_OF_NOTES, books.notes, today=books.today)
    sees = {(i, by): access.shown(NOTE, books.to_note(by, n, set())) for i, n in books.notes.items() for by in PARTIES}
    assert {(i, by) for i, by, _ in found} == {pair for pair, fields in sees.items() if fields}
    assert {(i, by) for i, by, wholly in found if wholly} == {p for p, fields in sees.items() if "status" in fields}
    found = witnesses(index, sight.WITNESSES_OF_RECEIVABLES, books.receivables)
    owed = {(i, by): books.to_receivable(by, r, set()) for i, r in books.receivables.items() for by in PARTIES}
    assert {(i, by) for i, by, _ in found} == {pair for pair, to in owed.items() if access.shown(RECEIVABLE, to)}
    assert {(i, by) for i, by, wholly in found if wholly} == {p for p, to in owed.items() if Relation.DEBTOR in to}


async def test_relations_in_the_story(town: Town, indexes: Indexes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are found among the next ids where they are full, else among all that is seen: both are tried."""
    await play(town)
    index = await indexes.new()
    await index.catch_up()
    assert untold(index.contents()) == set()
    books = await read(index)
    monkeypatch.setattr(reading, "_NEAR", 1)
    met = await hold(books)
    monkeypatch.undo()
    assert await hold(books) == met
    hold_witnesses(index, books)
    assert {(ARBITER, Relation.ARBITER), (FACTOR, Relation.FINANCIER), (BANK, Relation.HOLDER)} <= met
    assert {(CORE, Relation.PAYER), (TIER1, Relation.OFFERING)} <= met
    assert not {relation for party, relation in met if party == NOBODY} - {Relation.FINANCIER}
    books.reader.close()


@EACH_ONCE
async def test_relations_of_settlement_banks(any_network: Network, where: Where) -> None:
    town = Town(any_network)
    await town.found()
    await play_bank(town)
    index = await Indexes(any_network, where).new()
    await index.catch_up()
    assert untold(index.contents()) == set()
    books = await read(index)
    assert (REGISTRAR, Relation.BANK) in await hold(books)
    hold_witnesses(index, books)
    books.reader.close()
