"""Reading: what stands on the ledger, with the names that people know parties by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter

from api.domain.access import Eyes, Related
from api.domain.errors import NotFound
from api.domain.key_changes import KeyChange
from api.domain.ports import Profiles, ReadModel
from api.domain.positions import Position, When
from api.domain.views import (
    ANY_TERMS,
    CashLeg,
    ClaimView,
    FreezeView,
    FundFlow,
    NoteView,
    Page,
    PartyName,
    PartyView,
    ReassignmentView,
    ReceivableView,
    RecourseView,
    Terms,
    Trace,
)

Names = Mapping[int, PartyName]
"""By party, of those that somebody named."""
_NOTE, _LEG = ([f.name for f in fields(kind)] for kind in (NoteView, CashLeg))
_HOLDER, _CASH = map(_NOTE.index, ("holder", "cash"))
_PAYER, _PAYEE, _BANK = map(_LEG.index, ("payer", "payee", "bank"))
_note_values, _leg_values = attrgetter(*_NOTE), attrgetter(*_LEG)


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer of a search: what it is, and how people call it."""

    kind: str  # note | receivable | party
    id: int
    label_zh: str
    label_en: str


class Ledger:
    """Views of the read model, named."""

    def __init__(self, model: ReadModel, profiles: Profiles) -> None:
        self.model = model
        self._profiles = profiles

    async def party(self, party: int) -> PartyView:
        """NotFound("UnknownParty")."""
        if (view := await self.model.party(party)) is None:
            raise NotFound("UnknownParty", party=party)
        return _party(view, await self._names_of([party]))

    async def parties(self, *, role: int | None, cursor: str | None, limit: int) -> Page[PartyView]:
        page = await self.model.parties(role=role, cursor=cursor, limit=limit)
        names = await self._names_of([p.id for p in page.items])
        return Page(tuple(_party(p, names) for p in page.items), page.next)

    async def receivable(self, receivable: int) -> ReceivableView:
        """NotFound("UnknownReceivable")."""
        if (view := await self.model.receivable(receivable)) is None:
            raise NotFound("UnknownReceivable", receivable=receivable)
        return _receivable(view, await self._names([view.debtor, view.creditor]))

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
        page = await self.model.receivables(
            debtor=debtor, status=status, cursor=cursor, limit=limit, eyes=eyes, terms=terms, ids=ids
        )
        names = await self._names([n for r in page.items for n in (r.debtor, r.creditor)])
        return Page(tuple(_receivable(r, names) for r in page.items), page.next)

    async def note(self, note: int) -> NoteView:
        """NotFound("UnknownNote")."""
        if (view := await self.model.note(note)) is None:
            raise NotFound("UnknownNote", note=note)
        return _note(view, await self._names(_note_parties([view])))

    async def notes(
        self,
        *,
        holder: int | None = None,
        receivable: int | None = None,
        status: str | None = None,
        tier: int | None = None,
        cursor: str | None = None,
        limit: int = 100,
        eyes: Eyes | None = None,
        terms: Terms = ANY_TERMS,
        ids: Sequence[int] = (),
    ) -> Page[NoteView]:
        page = await self.model.notes(
            holder=holder,
            receivable=receivable,
            status=status,
            tier=tier,
            cursor=cursor,
            limit=limit,
            eyes=eyes,
            terms=terms,
            ids=ids,
        )
        names = await self._names(_note_parties(page.items))
        return Page(tuple(_note(n, names) for n in page.items), page.next)

    async def trace(self, note: int, eyes: Eyes | None = None) -> Related[Trace]:
        """Up to the root and down to every leaf. NotFound("UnknownNote")."""
        if (found := await self.model.trace(note, eyes)) is None:
            raise NotFound("UnknownNote", note=note)
        trace = found.read
        names = await self._names(trace_parties(trace))
        nodes = tuple(_note(n, names) for n in trace.nodes)
        return replace(found, read=replace(trace, receivable=_receivable(trace.receivable, names), nodes=nodes))

    async def fund_flow(self, receivable: int, eyes: Eyes | None = None) -> Related[FundFlow]:
        """Every cash leg of a receivable. NotFound("UnknownReceivable")."""
        if (found := await self.model.fund_flow(receivable, eyes)) is None:
            raise NotFound("UnknownReceivable", receivable=receivable)
        flow = found.read
        names = await self._names(flow_parties(flow))
        named = FundFlow(
            _receivable(flow.receivable, names),
            tuple(_leg(leg, names) for leg in flow.legs),
            tuple(replace(t, payer=_named(t.payer, names), payee=_named(t.payee, names)) for t in flow.totals),
        )
        return replace(found, read=named)

    async def notes_by_id(self, notes: Iterable[int]) -> Mapping[int, NoteView]:
        """These notes; unknown ones are left out."""
        found = await self.model.notes_by_id(sorted(set(notes)))
        names = await self._names(_note_parties(found))
        return {n.id: _note(n, names) for n in found}

    async def receivables_by_id(self, receivables: Iterable[int]) -> Mapping[int, ReceivableView]:
        """These receivables; unknown ones are left out."""
        found = await self.model.receivables_by_id(sorted(set(receivables)))
        names = await self._names([n for r in found for n in (r.debtor, r.creditor)])
        return {r.id: _receivable(r, names) for r in found}

    async def position(self, party: int, when: When) -> Position:
        """What the party held and owed, and its cash. NotFound("UnknownParty"), ("UnknownBlock"), ("UnknownDay")."""
        if await self.model.party(party) is None:
            raise NotFound("UnknownParty", party=party)
        found = await self.model.position(party, when)
        ends = [found.party, *(n.debtor for n in found.notes), *(d.creditor for d in found.debts)]
        names = await self._names(ends)
        return replace(
            found,
            party=_named(found.party, names),
            notes=tuple(replace(n, debtor=_named(n.debtor, names)) for n in found.notes),
            debts=tuple(replace(d, creditor=_named(d.creditor, names)) for d in found.debts),
        )

    async def claims(self, receivable: int) -> Sequence[ClaimView]:
        """Assignees and pledgees of a debt."""
        found = await self.model.claims(receivable)
        names = await self._names(c.assignee for c in found)
        return [replace(c, assignee=_named(c.assignee, names)) for c in found]

    async def freezes(self, *, holder: int | None, cursor: str | None, limit: int) -> Page[FreezeView]:
        page = await self.model.freezes(holder=holder, cursor=cursor, limit=limit)
        names = await self._names(f.arbiter for f in page.items)
        return Page(tuple(replace(f, arbiter=_named(f.arbiter, names)) for f in page.items), page.next)

    async def reassignments(self, *, holder: int | None, cursor: str | None, limit: int) -> Page[ReassignmentView]:
        page = await self.model.reassignments(holder=holder, cursor=cursor, limit=limit)
        names = await self._names(p for one in page.items for p in (one.to, one.arbiter))
        named = (replace(o, to=_named(o.to, names), arbiter=_named(o.arbiter, names)) for o in page.items)
        return Page(tuple(named), page.next)

    async def key_changes(self, *, party: int | None, cursor: str | None, limit: int) -> Page[KeyChange]:
        page = await self.model.key_changes(party=party, cursor=cursor, limit=limit)
        names = await self._names(change.party for change in page.items)
        return Page(tuple(replace(change, party=_named(change.party, names)) for change in page.items), page.next)

    async def recourse(self, *, party: int | None, cursor: str | None, limit: int) -> Page[RecourseView]:
        page = await self.model.recourse(party=party, cursor=cursor, limit=limit)
        names = await self._names(p for one in page.items for p in (one.debtor, one.financier, one.seller))
        named = (
            replace(
                one,
                debtor=_named(one.debtor, names),
                financier=_named(one.financier, names),
                seller=_named(one.seller, names),
            )
            for one in page.items
        )
        return Page(tuple(named), page.next)

    async def featured(self) -> int | None:
        """The note a newcomer is shown first: of the deepest tier, the first that was sold for cash, else the first."""
        deepest = (await self.model.totals()).max_tier
        page = await self.model.notes(holder=None, receivable=None, status=None, tier=deepest, cursor=None, limit=100)
        sold = (n.id for n in page.items if any(leg.kind == "finance" and leg.note == n.id for leg in n.cash))
        return next(sold, page.items[0].id if page.items else None)

    async def search(self, text: str, limit: int = 10) -> Sequence[Hit]:
        """Notes, receivables and parties: a number finds ids, anything else names."""
        text = text.strip()
        hits: list[Hit] = []
        if text.isdecimal() and len(text) <= 12:
            number = int(text)
            if note := await self.model.note(number):
                hits.append(
                    Hit("note", note.id, f"凭证 {note.id}（第 {note.tier} 级）", f"Note {note.id} (tier {note.tier})")
                )
            if receivable := await self.model.receivable(number):
                hits.append(
                    Hit("receivable", receivable.id, f"应收账款 {receivable.id}", f"Receivable {receivable.id}")
                )
            if await self.model.party(number):
                name = (await self._names([PartyName(number)])).get(number)
                zh, en = (name.name_zh, name.name_en) if name else (f"参与方 {number}", f"Party {number}")
                hits.append(Hit("party", number, zh, en))
        elif text:
            for profile in await self._profiles.search(text, limit):
                if profile.party is not None:
                    hits.append(Hit("party", profile.party, profile.name_zh, profile.name_en))
        return hits[:limit]

    async def names(self, parties: Iterable[int]) -> Mapping[int, PartyName]:
        """How people call these parties; empty names for those that nobody named."""
        wanted = sorted(set(parties))
        found = await self._names_of(wanted)
        return {p: found.get(p) or PartyName(p) for p in wanted}

    async def _names(self, parties: Iterable[PartyName]) -> Names:
        return await self._names_of(sorted({p.id for p in parties if p.id}))

    async def _names_of(self, parties: Sequence[int]) -> Names:
        found = await self._profiles.of_parties(parties)
        return {party: PartyName(party, profile.name_zh, profile.name_en) for party, profile in found.items()}


def trace_parties(trace: Trace) -> list[PartyName]:
    """Everybody who is named in it."""
    return [trace.receivable.debtor, trace.receivable.creditor, *_note_parties(trace.nodes)]


def flow_parties(flow: FundFlow) -> list[PartyName]:
    return [flow.receivable.debtor, flow.receivable.creditor, *(n for leg in flow.legs for n in _leg_parties(leg))]


def by_id(parties: Iterable[PartyName]) -> Names:
    return {party.id: party for party in parties}


def _named(party: PartyName, names: Names) -> PartyName:
    return names.get(party.id, party)


def _party(view: PartyView, names: Names) -> PartyView:
    name = names.get(view.id)
    return view if name is None else replace(view, name_zh=name.name_zh, name_en=name.name_en)


def _receivable(view: ReceivableView, names: Names) -> ReceivableView:
    return replace(view, debtor=_named(view.debtor, names), creditor=_named(view.creditor, names))


def _leg(leg: CashLeg, names: Names) -> CashLeg:
    """As `replace` does it, in half the time, as the next: traces have many."""
    values = list(_leg_values(leg))
    values[_PAYER], values[_PAYEE] = _named(leg.payer, names), _named(leg.payee, names)
    if leg.bank is not None:
        values[_BANK] = _named(leg.bank, names)
    return CashLeg(*values)


def _leg_parties(leg: CashLeg) -> list[PartyName]:
    return [party for party in (leg.payer, leg.payee, leg.bank) if party is not None]


def _note(view: NoteView, names: Names) -> NoteView:
    values = list(_note_values(view))
    values[_HOLDER] = _named(view.holder, names)
    if view.cash:
        values[_CASH] = tuple([_leg(leg, names) for leg in view.cash])
    return NoteView(*values)


def _note_parties(notes: Iterable[NoteView]) -> list[PartyName]:
    return [p for n in notes for p in (n.holder, *(q for leg in n.cash for q in _leg_parties(leg)))]
