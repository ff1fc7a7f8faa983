"""Reading the read model. Small reads of a file run where they are asked, in microseconds (a hop to a thread costs more
than they do); reads that may answer much, or that a server answers, run in a thread. Each is one transaction, so that it
sees the ledger at one block. What every request asks for anew (where the index stands, who a party is) is remembered
until the indexer commits."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

import anyio
from anyio import to_thread

from api.domain.access import Eyes, Related, Relation
from api.domain.calendar import day_of_time
from api.domain.errors import CascadeError, InvalidInput, Unavailable
from api.domain.journal import Deeds
from api.domain.key_changes import KeyChange
from api.domain.operations import Contract
from api.domain.positions import Moment, Position, When
from api.domain.reorganisations import Undone
from api.domain.reports import Activity
from api.domain.status import NOTE_STATUSES, RECEIVABLE_STATUSES
from api.domain.views import (
    ANY_TERMS,
    BackingView,
    ClaimView,
    CurrencyView,
    FreezeView,
    FundFlow,
    IndexStatus,
    InvoiceView,
    JournalEntry,
    LedgerTotals,
    NoteView,
    Page,
    PartyView,
    ReassignmentView,
    ReceivableView,
    RecourseView,
    Stand,
    Terms,
    Trace,
    flow_totals,
)
from api.domain.watch import Mark, Stretch
from api.store.ledger import activity, deeds, paths, positions, sight, stretch
from api.store.ledger import queries as q
from api.store.ledger import views as v
from api.store.ledger.generations import Replaced, Snapshot, open_generations
from api.store.ledger.sql import Connection, Sql, numbers
from api.store.ledger.undone import undone

T = TypeVar("T")
_FEW = 50
"""Up to so many rows are read at once where they are asked."""
_MANY = _FEW + 1
"""What one party sees of many, or what is due in a week, may take long to find, however few rows it comes to."""
_NEAR = 4_000
"""A party that sees much finds a page among so many ids; one that sees little is quicker by all that it sees."""
_SMALL_TREE = 200
"""Trees of so many notes too."""
_THREADS = 8
"""Most reads that a server is asked at once."""
_REMEMBERED = 10_000
"""Most answers that a connection remembers at once."""


@dataclass(slots=True)
class _Open:
    """A connection to one generation of the index."""

    snapshot: Snapshot
    connection: Connection
    notes: bytes
    """The address of the note contract that is indexed."""
    commits: Hashable = None
    known: dict[Hashable, Any] = field(default_factory=dict)
    """What was read since the index was last committed to."""

    def begin(self) -> None:
        """A transaction. Replaced when the generation is."""
        commits = self.snapshot.begin()
        if commits != self.commits or len(self.known) > _REMEMBERED:
            self.commits, self.known = commits, {}

    def recall(self, key: Hashable, read: Callable[[_Open], T]) -> T:
        """Within a transaction: what `read` gives, the same for the same `key`, and nothing that anybody changes."""
        if key not in self.known:
            self.known[key] = read(self)
        found: T = self.known[key]
        return found


class LedgerReader:
    """Implements the ReadModel port. Opens the index when first asked; opens it anew when it was rebuilt."""

    def __init__(self, url: str) -> None:
        self._generations = open_generations(url)
        self._at_hand = self._generations.at_hand
        self._bell = self._generations.bell()
        self._idle: deque[_Open] = deque()
        self._threads: anyio.CapacityLimiter | None = None

    def close(self) -> None:
        self._bell.close()
        while self._idle:
            self._idle.pop().snapshot.close()

    # -- where it stands

    async def status(self) -> IndexStatus:
        """Unavailable("IndexMissing") while there is no index."""
        return await self._recalled("status", _status)

    async def wait_for(self, block: int, timeout: float) -> bool:
        """Also waits for the index to come into being."""
        until = anyio.current_time() + timeout
        while True:
            rung = self._bell.rung
            if await self._block() >= block:
                return True
            left = until - anyio.current_time()
            if left <= 0:
                return False
            await self._bell.wait(rung, left)

    async def _block(self) -> int:
        try:
            return await self._few(lambda r: int((q.BLOCK.one(r.connection) or (-1,))[0]))
        except Unavailable:
            return -1

    # -- parties and terms

    async def currencies(self) -> Sequence[CurrencyView]:
        return await self._few(_currencies)

    async def party(self, party: int) -> PartyView | None:
        return (await self.party_now(party))[0]

    async def party_now(self, party: int) -> tuple[PartyView | None, int]:
        def read(r: _Open) -> tuple[PartyView | None, int]:
            return _party(r, party), r.recall("status", _status).block_time

        return await self._recalled(("party", party), read)

    async def parties(self, *, role: int | None, cursor: str | None, limit: int) -> Page[PartyView]:
        def read(r: _Open) -> list[PartyView]:
            values = {"after": after, "any_role": int(role is None), "role": role or 0, "most": limit + 1}
            return _parties(r, q.PARTIES.all(r.connection, **values))

        after = _after(cursor)
        return _page(await self._sized(read, limit), limit)

    async def party_of_account(self, address: str) -> int | None:
        row = await self._few(lambda r: q.PARTY_OF_ACCOUNT.one(r.connection, address=_raw(address)))
        return None if row is None else int(row[0])

    async def invoices(self, fingerprints: Sequence[str]) -> Mapping[str, InvoiceView]:
        def read(r: _Open) -> dict[str, InvoiceView]:
            found: dict[str, InvoiceView] = {}
            for mark in fingerprints:
                row = q.INVOICE.one(r.connection, fingerprint=_raw(mark))
                if row is not None:
                    claimants = q.CLAIMANTS.all(r.connection, fingerprint=_raw(mark), notes=r.notes, released=False)
                    found[mark] = v.invoice_view(row, claimants)
            return found

        return await self._sized(read, len(fingerprints))

    async def fingerprints(self, receivables: Sequence[int]) -> Mapping[int, Sequence[str]]:
        def read(r: _Open) -> dict[int, list[str]]:
            return {number: [b.fingerprint for b in backing] for number, backing in _backing(r, receivables).items()}

        return await self._sized(read, len(receivables))

    # -- receivables

    async def receivable(self, receivable: int) -> ReceivableView | None:
        return await self._few(lambda r: _receivable(r, receivable))

    async def receivables(
        self,
        *,
        debtor: int | None,
        status: str | None,
        cursor: str | None,
        limit: int,
        eyes: Eyes | None = None,
        terms: Terms = ANY_TERMS,
        ids: Sequence[int] = (),
    ) -> Page[ReceivableView]:
        """InvalidInput("StatusUnknown") for a status that there is not."""
        _check_status(status, RECEIVABLE_STATUSES)
        filters = _given({"debtor": debtor, "ids": numbers(ids) if ids else None}, terms)
        statement, after = q.RECEIVABLES.statement(filters, status, cut=eyes is not None), _after(cursor)
        filters |= _sight(eyes)

        def read(r: _Open) -> list[ReceivableView]:
            return _receivables(r, statement.all(r.connection, after=after, most=limit + 1, **filters))

        return _page(await self._sized(read, _reach(limit, eyes, terms)), limit)

    # -- notes

    async def note(self, note: int) -> NoteView | None:
        def read(r: _Open) -> NoteView | None:
            row = q.NOTE.one(r.connection, id=note)
            if row is None:
                return None
            return v.note_view(row, _today(r), [v.leg_view(leg) for leg in q.LEGS_OF_NOTE.all(r.connection, id=note)])

        return await self._few(read)

    async def notes(
        self,
        *,
        holder: int | None,
        receivable: int | None,
        status: str | None,
        tier: int | None,
        cursor: str | None,
        limit: int,
        eyes: Eyes | None = None,
        terms: Terms = ANY_TERMS,
        ids: Sequence[int] = (),
    ) -> Page[NoteView]:
        """InvalidInput("StatusUnknown") for a status that there is not."""
        _check_status(status, NOTE_STATUSES)
        wanted = numbers(ids) if ids else None
        filters = _given({"holder": holder, "receivable": receivable, "tier": tier, "ids": wanted}, terms)
        statement, after = q.NOTES.statement(filters, status, cut=eyes is not None), _after(cursor)
        nearby = None if eyes is None else q.NOTES.statement((*filters, "near"), status, cut=True)
        filters |= _sight(eyes)

        def read(r: _Open) -> list[NoteView]:
            today = _today(r)
            values = filters | {"after": after, "most": limit + 1, "today": today}
            rows = [] if nearby is None else nearby.all(r.connection, near=after + _NEAR, **values)
            if len(rows) <= limit:
                rows = statement.all(r.connection, **values)
            return _notes(r, rows, today)

        return _page(await self._sized(read, _reach(limit, eyes, terms)), limit)

    async def live_notes(self, receivables: Sequence[int]) -> Sequence[int]:
        def read(r: _Open) -> list[int]:
            return [row[0] for row in q.LIVE.all(r.connection, ids=numbers(receivables))]

        return await self._sized(read, len(receivables))

    async def notes_by_id(self, notes: Sequence[int]) -> Sequence[NoteView]:
        def read(r: _Open) -> list[NoteView]:
            return _notes(r, q.NOTES_BY_ID.all(r.connection, ids=numbers(notes)), _today(r))

        return await self._sized(read, len(notes))

    async def receivables_by_id(self, receivables: Sequence[int]) -> Sequence[ReceivableView]:
        def read(r: _Open) -> list[ReceivableView]:
            return _receivables(r, q.RECEIVABLES_BY_ID.all(r.connection, ids=numbers(receivables)))

        return await self._sized(read, len(receivables))

    # -- how a party stands to them

    async def note_relations(self, notes: Sequence[int], eyes: Eyes) -> Mapping[int, frozenset[Relation]]:
        return await self._sized(lambda r: _to_notes(r, notes, eyes), len(notes), few=_SMALL_TREE)

    async def receivable_relations(self, receivables: Sequence[int], eyes: Eyes) -> Mapping[int, frozenset[Relation]]:
        return await self._sized(lambda r: _to_receivables(r, receivables, eyes), len(receivables))

    # -- stories

    async def stand_of_note(self, note: int) -> Stand | None:
        return await self._few(lambda r: _stand(r, q.STAND_OF_NOTE, note))

    async def stand_of_receivable(self, receivable: int) -> Stand | None:
        return await self._few(lambda r: _stand(r, q.STAND_OF_RECEIVABLE, receivable))

    async def trace(self, note: int, eyes: Eyes | None = None) -> Related[Trace] | None:
        """Small trees, which nearly all are, are read where they are asked."""

        def read(r: _Open) -> Related[Trace] | None:
            stand = _stand(r, q.STAND_OF_NOTE, note)
            if stand is None:
                return None
            trace = _trace(r, note, stand)
            others = [n.id for n in trace.nodes if eyes is None or n.holder.id != eyes.party or n.id == note]
            return _related(r, trace, stand, others, eyes)

        size = await self._few(lambda r: q.TREE_SIZE.one(r.connection, id=note)) if self._at_hand else None
        return await self._sized(read, 0 if size is None else size[0], few=_SMALL_TREE)

    async def story(self, note: int) -> Sequence[JournalEntry] | None:
        rows = await self._many(lambda r: q.JOURNAL.all(r.connection, id=note))
        return [v.journal_entry(row) for row in rows] or None

    async def fund_flow(self, receivable: int, eyes: Eyes | None = None) -> Related[FundFlow] | None:
        def read(r: _Open) -> Related[FundFlow] | None:
            stand = _stand(r, q.STAND_OF_RECEIVABLE, receivable)
            if stand is None:
                return None
            legs = tuple(v.leg_view(row) for row in q.LEGS_OF_TREE.all(r.connection, root=stand.debt.root))
            flow = FundFlow(stand.debt, legs, flow_totals(legs))
            return _related(r, flow, stand, sorted({leg.note for leg in legs}), eyes)

        return await self._many(read)

    async def claims(self, receivable: int) -> Sequence[ClaimView]:
        def read(r: _Open) -> list[ClaimView]:
            view = _receivable(r, receivable)
            if view is None:
                return []
            bought, pledged = (s.all(r.connection, root=view.root) for s in (q.ASSIGNEES, q.PLEDGEES))
            return [*map(v.assignee_view, bought), *map(v.pledgee_view, pledged)]

        return await self._many(read)

    async def chains(self, source: int, target: int, *, cursor: str | None, limit: int) -> Sequence[tuple[int, ...]]:
        after = _after(cursor)
        return await self._many(lambda r: paths.chains(r.connection, source, target, after, limit))

    async def activity(self, first: int, last: int) -> Activity:
        return await self._many(
            lambda r: activity.activity(r.connection, first, last, {c.id: c for c in _currencies(r)})
        )

    async def deeds(self, party: int, last: int) -> Deeds:
        return await self._many(lambda r: deeds.deeds(r.connection, party, last, {c.id: c for c in _currencies(r)}))

    async def reorganisations(self) -> Sequence[str]:
        return await self._few(lambda r: r.recall("reorganisations", _reorganisations))

    async def undone(self, key: str) -> Undone:
        """CascadeError("IndexIncomplete") where none has this key."""
        row = await self._many(lambda r: q.UNDONE.one(r.connection, key=key))
        if row is None:
            raise CascadeError("IndexIncomplete", table="reorganisations", key=key)
        return undone(key, row[0])

    async def administration(self) -> Sequence[JournalEntry]:
        return await self._many(lambda r: [v.journal_entry(row) for row in q.ADMINISTRATION.all(r.connection)])

    async def recourse(self, *, party: int | None, cursor: str | None, limit: int) -> Page[RecourseView]:
        values = {"after": _after(cursor), "most": limit + 1, "any": int(party is None), "party": party or 0}

        def read(r: _Open) -> list[RecourseView]:
            currencies = {c.id: c for c in _currencies(r)}
            return [v.recourse_view(row, currencies) for row in q.RECOURSE.all(r.connection, **values)]

        return _page(await self._many(read), limit)

    async def freezes(self, *, holder: int | None, cursor: str | None, limit: int) -> Page[FreezeView]:
        values = {"after": _after(cursor), "most": limit + 1, "any": int(holder is None), "holder": holder or 0}
        rows = await self._sized(lambda r: q.FREEZES.all(r.connection, **values), limit)
        return _page([FreezeView(row[0], v.party_name(row[1]), v.hexed(row[2])) for row in rows], limit)

    async def reassignments(self, *, holder: int | None, cursor: str | None, limit: int) -> Page[ReassignmentView]:
        values = {"after": _after(cursor), "most": limit + 1, "any": int(holder is None), "holder": holder or 0}

        def read(r: _Open) -> list[ReassignmentView]:
            return _reassignments(r, q.REASSIGNMENTS.all(r.connection, **values))

        return _page(await self._sized(read, limit), limit)

    async def reassignment(self, reassignment: int) -> ReassignmentView | None:
        found = await self._few(lambda r: _reassignments(r, q.REASSIGNMENT.all(r.connection, id=reassignment)))
        return found[0] if found else None

    async def key_changes(self, *, party: int | None, cursor: str | None, limit: int) -> Page[KeyChange]:
        values = {"after": _after(cursor), "most": limit + 1, "any": int(party is None), "party": party or 0}
        rows = await self._sized(lambda r: q.KEY_CHANGES.all(r.connection, **values), limit)
        return _page([v.key_change(row) for row in rows], limit)

    async def all_key_changes(self) -> Sequence[KeyChange]:
        return await self._few(lambda r: r.recall("key changes", _key_changes))

    async def block_hash(self, block: int) -> str | None:
        return await self._few(lambda r: stretch.block_hash(r.connection, block))

    async def stretch(self, mark: Mark, last: int) -> tuple[Stretch, Mark]:
        return await self._many(lambda r: stretch.stretch(r.connection, mark, last))

    async def moment(self, when: When) -> Moment:
        return await self._few(lambda r: positions.moment(r.connection, when, r.recall("status", _status).block))

    async def position(self, party: int, when: When) -> Position:
        def read(r: _Open) -> Position:
            at = positions.moment(r.connection, when, r.recall("status", _status).block)
            return positions.position(r.connection, party, at, _currencies(r))

        return await self._many(read)

    async def totals(self) -> LedgerTotals:
        def read(r: _Open) -> LedgerTotals:
            stored = {name: int(amount) for name, amount in q.TOTALS.all(r.connection)}
            return v.ledger_totals(stored, _currencies(r))

        return await self._few(read)

    # -- connections

    async def _few(self, read: Callable[[_Open], T]) -> T:
        return self._now(read) if self._at_hand else await self._many(read)

    async def _recalled(self, key: Hashable, read: Callable[[_Open], T]) -> T:
        """What `read` gives, remembered until anybody commits. To begin and end a transaction takes longer than to look
        whether anybody has."""
        if self._at_hand and self._idle:
            r = self._idle.pop()  # nobody else's meanwhile
            try:
                if key in r.known and r.snapshot.glance() == r.commits:
                    found: T = r.known[key]
                    return found
            finally:
                self._idle.append(r)
        return await self._few(lambda r: r.recall(key, read))

    async def _many(self, read: Callable[[_Open], T]) -> T:
        if self._threads is None and not self._at_hand:
            self._threads = anyio.CapacityLimiter(_THREADS)
        return await to_thread.run_sync(self._now, read, limiter=self._threads)

    async def _sized(self, read: Callable[[_Open], T], rows: int, few: int = _FEW) -> T:
        return self._now(read) if self._at_hand and rows <= few else await self._many(read)

    def _now(self, read: Callable[[_Open], T]) -> T:
        """Runs `read` in a transaction, in this thread."""
        r = self._begun()
        try:
            return read(r)
        finally:
            r.snapshot.end()
            self._idle.append(r)

    def _begun(self) -> _Open:
        while True:
            try:
                r = self._idle.pop()
            except IndexError:
                r = self._open()
            try:
                r.begin()
                return r
            except Replaced:
                r.snapshot.close()

    def _open(self) -> _Open:
        snapshot = self._generations.snapshot()
        row = q.CURSOR.one(snapshot.connection)
        if row is None:
            snapshot.close()
            raise Unavailable("IndexMissing", file=self._generations.place)
        contracts = json.loads(row[2])["contracts"]
        notes = next((a for a, name in contracts.items() if name == Contract.NOTES.value), "0x")
        return _Open(snapshot, snapshot.connection, _raw(notes))


def _status(r: _Open) -> IndexStatus:
    return v.status_view(q.CURSOR.one(r.connection) or ())


def _reassignments(r: _Open, rows: Iterable[v.Row]) -> list[ReassignmentView]:
    currencies = {c.id: c for c in _currencies(r)}
    return [v.reassignment_view(row, currencies) for row in rows]


def _key_changes(r: _Open) -> list[KeyChange]:
    return [v.key_change(row) for row in q.ALL_KEY_CHANGES.all(r.connection)]


def _reorganisations(r: _Open) -> list[str]:
    return [key for (key,) in q.REORGANISATIONS.all(r.connection)]


def _today(r: _Open) -> int:
    return day_of_time(r.recall("status", _status).block_time)


def _currencies(r: _Open) -> tuple[CurrencyView, ...]:
    return r.recall("currencies", lambda r: tuple(v.currency_view(row) for row in q.CURRENCIES.all(r.connection)))


def _raw(text: str) -> bytes:
    """InvalidInput("HexInvalid") when it is not 0x-hex."""
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError as error:
        raise InvalidInput("HexInvalid", value=text) from error


def _after(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise InvalidInput("CursorInvalid", cursor=cursor)
    return int(cursor)


def _given(filters: Mapping[str, Any], terms: Terms) -> dict[str, Any]:
    """The filters that are set."""
    of_debt = {"currency": terms.currency, "due_from": terms.due_from, "due_until": terms.due_until}
    return {name: value for name, value in {**filters, **of_debt}.items() if value is not None}


def _reach(limit: int, eyes: Eyes | None, terms: Terms) -> int:
    """As how many rows a listing counts: what few meet is far apart."""
    return limit if eyes is None and terms == ANY_TERMS else _MANY


def _sight(eyes: Eyes | None) -> dict[str, Any]:
    return {} if eyes is None else {"me": eyes.party, "asked": numbers(eyes.asked)}


def _relations(rows: Iterable[v.Row], names: tuple[Relation, ...]) -> dict[int, frozenset[Relation]]:
    return {row[0]: _those(names, row[1:]) for row in rows}


@cache
def _those(names: tuple[Relation, ...], so: tuple[int | None, ...]) -> frozenset[Relation]:
    return frozenset(name for name, holds in zip(names, so, strict=True) if holds)


def _check_status(status: str | None, known: Sequence[str]) -> None:
    if status is not None and status not in known:
        raise InvalidInput("StatusUnknown", status=status, known=", ".join(known))


def _page(items: Sequence[Any], limit: int) -> Page[Any]:
    """`items` may hold one more than `limit`: then there is a next page."""
    shown = tuple(items[:limit])
    return Page(shown, str(shown[-1].id) if len(items) > limit and shown else None)


def _grouped(rows: Iterable[v.Row]) -> dict[int, list[v.Row]]:
    """By the first column."""
    found: dict[int, list[v.Row]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def _party(r: _Open, party: int) -> PartyView | None:
    row = q.PARTY.one(r.connection, id=party)
    return None if row is None else _parties(r, [row])[0]


def _parties(r: _Open, rows: Sequence[v.Row]) -> list[PartyView]:
    ids = numbers(row[0] for row in rows)
    accounts, lines = (_grouped(s.all(r.connection, ids=ids)) for s in (q.ACCOUNTS, q.LINES))
    return [v.party_view(row, accounts.get(row[0], ()), lines.get(row[0], ())) for row in rows]


def _backing(r: _Open, receivables: Iterable[int]) -> dict[int, list[BackingView]]:
    rows = q.BACKING.all(r.connection, ids=numbers(receivables), notes=r.notes)
    return {number: [v.backing_view(row) for row in group] for number, group in _grouped(rows).items()}


def _receivables(r: _Open, rows: Sequence[v.Row]) -> list[ReceivableView]:
    currencies = {c.id: c for c in _currencies(r)}
    minima = r.recall("minima", lambda r: {policy: int(least) for policy, least in q.MINIMA.all(r.connection)})
    backing = _backing(r, (row[0] for row in rows))
    return [
        v.receivable_view(
            row, currencies[row[v.RECEIVABLE_CURRENCY]], backing.get(row[0], ()), minima[row[v.RECEIVABLE_POLICY]]
        )
        for row in rows
    ]


def _receivable(r: _Open, receivable: int) -> ReceivableView | None:
    rows = q.RECEIVABLES_BY_ID.all(r.connection, ids=numbers([receivable]))
    return _receivables(r, rows)[0] if rows else None


def _notes(r: _Open, rows: Sequence[v.Row], today: int) -> list[NoteView]:
    legs = v.legs_by_note(q.LEGS_OF_NOTES.all(r.connection, ids=numbers(row[0] for row in rows))) if rows else {}
    return [v.note_view(row, today, legs.get(row[0], ())) for row in rows]


def _stand(r: _Open, statement: Sql, number: int) -> Stand | None:
    row = statement.one(r.connection, id=number)
    debt = None if row is None else _receivable(r, row[0])
    return None if row is None or debt is None else Stand(r.snapshot.number, row[1], row[2], _today(r), debt)


def _related(r: _Open, read: T, stand: Stand, notes: Sequence[int], eyes: Eyes | None) -> Related[T]:
    if eyes is None:
        return Related(read, stand, {}, frozenset())
    debt = stand.debt.id
    to_debt = _to_receivables(r, [debt], eyes).get(debt, frozenset())
    return Related(read, stand, _to_notes(r, notes, eyes), to_debt)


def _to_notes(r: _Open, notes: Sequence[int], eyes: Eyes) -> dict[int, frozenset[Relation]]:
    values = _sight(eyes) | {"ids": numbers(notes), "today": _today(r)}
    return _relations(sight.RELATIONS_OF_NOTES.all(r.connection, **values), sight.NOTE_RELATIONS)


def _to_receivables(r: _Open, receivables: Sequence[int], eyes: Eyes) -> dict[int, frozenset[Relation]]:
    values = _sight(eyes) | {"ids": numbers(receivables)}
    return _relations(sight.RELATIONS_OF_RECEIVABLES.all(r.connection, **values), sight.RECEIVABLE_RELATIONS)


def _trace(r: _Open, note: int, stand: Stand) -> Trace:
    path = tuple(sorted(row[0] for row in q.ANCESTORS.all(r.connection, id=note)))
    today = stand.today
    if len(path) == 1:
        rows = q.TREE.all(r.connection, root=note)
        legs = v.legs_by_note(q.LEGS_OF_TREE.all(r.connection, root=note))
        nodes = [v.note_view(row, today, legs.get(row[0], ())) for row in rows]
    else:
        below = (row[0] for row in q.DESCENDANTS.all(r.connection, id=note))
        nodes = _notes(r, q.NOTES_BY_ID.all(r.connection, ids=numbers({*path, *below})), today)
    return Trace(note, stand.debt, path, tuple(nodes))
