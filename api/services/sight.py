"""What one principal sees: the read model and app.db, cut down to what api.domain.access lets its party know. Every
answer of the API comes through here; what is not to be seen is not there."""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from api.domain import access
from api.domain.access import (
    CLAIM,
    NOTE,
    PARTY_FIELDS,
    RECEIVABLE,
    Eyes,
    Fields,
    Need,
    Related,
    Relation,
    Seen,
    Standing,
)
from api.domain.approvals import Approval, ApprovalBook, ApprovalStatus, ApprovedRow
from api.domain.calendar import day_of_time
from api.domain.errors import Forbidden, InvalidInput, NotFound
from api.domain.jobs import Job, JobBook, JobRow, RowStatus
from api.domain.journal import Journal
from api.domain.key_changes import KeyChange
from api.domain.operations import Call, Contract, Operation
from api.domain.ports import AuditLog, AuditRead, Dossiers, ImportedItems, OperationBox, QuoteBook
from api.domain.positions import Position, When
from api.domain.principal import LOCAL, Principal
from api.domain.priority import Place, order
from api.domain.records import ImportedItem, Quote, QuoteRequest
from api.domain.reports import CoreReport, FinancierReport, NetworkReport, Reconciliation
from api.domain.views import (
    CashLeg,
    ClaimView,
    FreezeView,
    FundFlow,
    LedgerTotals,
    NoteView,
    Page,
    PartyName,
    PartyView,
    ReassignmentView,
    ReceivableView,
    RecourseView,
    Stand,
    Terms,
    Trace,
    flow_totals,
)
from api.domain.watch import Acknowledged, Severity
from api.services.financing import UNLIMITED, Financing, RankedQuote
from api.services.ledger import Hit, Ledger, by_id, flow_parties, trace_parties
from api.services.recourse import Recourse
from api.services.registrations import sale_reference
from api.services.reports import Reports
from api.services.watch import ToldAlert, Watch

_BEYOND = 1 << 40
"""No note, receivable or reassignment has so high an id."""
_Named = tuple[Sequence[int], Sequence[int]]
_NAMED: Mapping[tuple[Contract, str], Callable[[Sequence[Any]], _Named]] = {
    **{(Contract.NOTES, f): lambda args: (args[0], ()) for f in ("accept", "refuse", "withdraw", "lapse")},
    (Contract.NOTES, "split"): lambda args: ([s["note"] for s in args[0]], ()),
    (Contract.FINANCING, "finance"): lambda args: ([d["quote"]["note"] for d in args[0]], ()),
    (Contract.REPAYMENT, "repay"): lambda args: (args[0], ()),
    (Contract.ASSIGNMENTS, "notifyDebtor"): lambda args: (args[0], ()),
    (Contract.RECOURSE, "demand"): lambda args: (args[0], ()),
    (Contract.RECOURSE, "honour"): lambda args: (args[:1], ()),
    (Contract.REPAYMENT, "declareOverdue"): lambda args: ((), args[:1]),
}
"""Notes and receivables that a call names."""
_NO_RELATION: frozenset[Relation] = frozenset()
_OPERATOR = frozenset({Relation.OPERATOR})
_HOLDER = frozenset({Relation.HOLDER})


@dataclass(frozen=True, slots=True)
class SeenTrace:
    """A trace, less the notes that are not to be seen; `nodes` each with what is shown of it."""

    note: int
    receivable: Seen[ReceivableView]
    path: tuple[int, ...]
    nodes: tuple[Seen[NoteView], ...]
    stand: Stand
    names: Mapping[int, PartyName]
    """Of everybody who is in it."""


@dataclass(frozen=True, slots=True)
class SeenFundFlow:
    """A fund flow, less the cash that is not to be seen; the totals are those of what is left."""

    receivable: Seen[ReceivableView]
    flow: FundFlow
    stand: Stand
    names: Mapping[int, PartyName]
    """Of everybody who is in it."""


@dataclass(frozen=True, slots=True)
class SeenPath:
    """How value of a debt came from one party to another: the notes from where it left to where it arrived."""

    receivable: Seen[ReceivableView]
    notes: tuple[Seen[NoteView], ...]


@dataclass(frozen=True, slots=True)
class RankedClaim:
    """An assignee's or a pledgee's claim, and its place among all of the debt."""

    claim: ClaimView
    place: Place


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the audit log names it."""

    method: str
    path: str
    query: str
    request_id: str

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True, slots=True)
class Sources:
    """What there is to see."""

    ledger: Ledger
    financing: Financing
    box: OperationBox
    items: ImportedItems
    quotes: QuoteBook
    jobs: JobBook
    audit: AuditLog
    approvals: ApprovalBook
    dossiers: Dossiers
    reports: Reports
    recourse: Recourse
    watch: Watch


class Sights:
    """Opens the eyes of principals."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self.local = Sight(sources, LOCAL, Standing.ALL, 0)

    async def of(self, principal: Principal, need: Need | None, asked: Asked) -> Sight:
        """What `principal` sees at an endpoint that needs `need`; None: the matrix does not know the endpoint.

        Forbidden("NotPermitted"). An auditor's reading is on record before it is answered.
        """
        if access.is_local(principal):
            return self.local
        if need is None:
            raise Forbidden("NotPermitted", needed="an endpoint that the permission matrix knows")
        access.admit(principal, need)
        roles, active = await self._roles(principal.party)
        standing = access.standing(principal, roles, active=active)
        if standing is Standing.ALL:
            await self._sources.audit.put(_read(principal, asked))
        return Sight(self._sources, principal, standing, roles)

    async def _roles(self, party: int) -> tuple[int, bool]:
        """A party's roles on chain, and whether it may use them today."""
        if party == access.OPERATOR:
            return 0, False
        view, time = await self._sources.ledger.model.party_now(party)
        if view is None:
            return 0, False
        return view.roles, view.status == "active" and view.identity_expiry >= day_of_time(time)


class Sight:
    """One principal's view of everything. NotFound for what it does not see, as for what does not exist."""

    def __init__(self, sources: Sources, principal: Principal, standing: Standing, roles: int) -> None:
        self._s = sources
        self.principal = principal
        self.standing = standing
        self._roles = roles
        self._opened: Eyes | None = None

    @property
    def _all(self) -> bool:
        return self.standing is Standing.ALL

    # -- notes and receivables

    async def note(self, note: int) -> Seen[NoteView]:
        view = await self._s.ledger.note(note)
        if self._all:
            return Seen(view)
        seen = self._cut_note(view, (await self._to_these([view])).get(note, _NO_RELATION))
        if not seen.shown:
            raise NotFound("UnknownNote", note=note)
        return seen

    async def notes(
        self,
        *,
        holder: int | None,
        receivable: int | None,
        status: str | None,
        tier: int | None,
        terms: Terms,
        cursor: str | None,
        limit: int,
        ids: Sequence[int] = (),
    ) -> Page[Seen[NoteView]]:
        """`ids`: of these alone."""
        if self.standing is Standing.OPERATOR and holder is not None:
            return Page(())  # it does not see who holds what, so it cannot sort by it
        page = await self._s.ledger.notes(
            holder=holder,
            receivable=receivable,
            status=status,
            tier=tier,
            cursor=cursor,
            limit=limit,
            eyes=await self.eyes(),
            terms=terms,
            ids=ids,
        )
        relations = await self._to_these(page.items)
        return Page(tuple(self._cut_note(n, relations.get(n.id, _NO_RELATION)) for n in page.items), page.next)

    async def receivable(self, receivable: int) -> Seen[ReceivableView]:
        if self._all:
            return Seen(await self._s.ledger.receivable(receivable))
        fields = await self._of_receivable(receivable)
        return Seen(await self._s.ledger.receivable(receivable), fields)

    async def receivables(
        self,
        *,
        debtor: int | None,
        status: str | None,
        terms: Terms,
        cursor: str | None,
        limit: int,
        ids: Sequence[int] = (),
    ) -> Page[Seen[ReceivableView]]:
        """`ids`: of these alone."""
        page = await self._s.ledger.receivables(
            debtor=debtor, status=status, cursor=cursor, limit=limit, eyes=await self.eyes(), terms=terms, ids=ids
        )
        if self._all:
            return Page(tuple(map(Seen, page.items)), page.next)
        relations = await self._to_receivables([r.id for r in page.items])
        cut = (Seen(r, access.shown(RECEIVABLE, relations.get(r.id, ()))) for r in page.items)
        return Page(tuple(cut), page.next)

    async def trace(self, note: int) -> SeenTrace:
        """NotFound("UnknownNote")."""
        found = await self._s.ledger.trace(note, await self.eyes())
        trace, names = found.read, by_id(trace_parties(found.read))
        if self._all:
            nodes = tuple(map(Seen, trace.nodes))
            return SeenTrace(note, Seen(trace.receivable), trace.path, nodes, found.stand, names)
        to = {n.id: self._relations(found, n) for n in trace.nodes}
        if not access.shown(NOTE, to[note]):
            raise NotFound("UnknownNote", note=note)
        if _funds(trace, to[note]):
            to |= {n: to[n] | {Relation.LINEAGE} for n in trace.path}
        seen = tuple(n for n in (self._cut_note(n, to[n.id]) for n in trace.nodes) if n.shown)
        there = {n.view.id for n in seen}
        path = tuple(n for n in trace.path if n in there)
        return SeenTrace(note, self._cut_debt(found, trace.receivable), path, seen, found.stand, names)

    async def dossier(self, note: int, block: int | None) -> bytes:
        """It tells everything of everybody in the lineage: for those alone who see all. NotFound("UnknownNote")."""
        if not self._all:
            raise NotFound("UnknownNote", note=note)
        return await self._s.dossiers.write(note, block)

    async def fund_flow(self, receivable: int) -> SeenFundFlow:
        """NotFound("UnknownReceivable")."""
        found = await self._s.ledger.fund_flow(receivable, await self.eyes())
        flow, names = found.read, by_id(flow_parties(found.read))
        if self._all:
            return SeenFundFlow(Seen(flow.receivable), flow, found.stand, names)
        debt = self._cut_debt(found, flow.receivable)
        legs = tuple(leg for leg in flow.legs if self._sees_leg(leg, found.to_notes.get(leg.note, _NO_RELATION)))
        return SeenFundFlow(debt, FundFlow(flow.receivable, legs, flow_totals(legs)), found.stand, names)

    async def claims(self, receivable: int) -> Sequence[Seen[RankedClaim]]:
        """Who took parts of a debt, each with its place among all, the first first; less those that are not seen."""
        if self._all:
            await self._s.ledger.receivable(receivable)
        else:
            await self._of_receivable(receivable)
        found = await self._s.ledger.claims(receivable)
        ranked = [RankedClaim(claim, place) for claim, place in zip(found, order(found), strict=True)]
        ranked.sort(key=lambda r: (r.place.place is None, r.place.place or 0, r.claim.note))
        if self._all:
            return [Seen(r) for r in ranked]
        relations = await self._to_notes(sorted({c.note for c in found}))
        cut = [(r, self._to_claim(r.claim, relations.get(r.claim.note, _NO_RELATION))) for r in ranked]
        return [Seen(r, fields) for r, fields in cut if fields]

    # -- parties, figures, searching

    async def party(self, party: int) -> Seen[PartyView]:
        return self._cut_party(await self._s.ledger.party(party))

    async def parties(self, *, role: int | None, cursor: str | None, limit: int) -> Page[Seen[PartyView]]:
        page = await self._s.ledger.parties(role=role, cursor=cursor, limit=limit)
        return Page(tuple(map(self._cut_party, page.items)), page.next)

    async def settlement_account(self, party: int) -> str:
        """Of the party whose cash is asked for: one's own, or any where all is seen. NotFound("UnknownParty")."""
        if not (self._all or party == self.principal.party):
            raise NotFound("UnknownParty", party=party)
        return (await self._s.ledger.party(party)).settlement_account

    # -- orders, and the running of the network

    @property
    def oversees(self) -> bool:
        """Whether the asker runs the network, or sees all of it."""
        return self.standing in (Standing.OPERATOR, Standing.ALL)

    async def freezes(self, *, cursor: str | None, limit: int) -> Page[FreezeView]:
        """Those that stand: of one's own notes, or all."""
        return await self._s.ledger.freezes(holder=self._held_alone, cursor=cursor, limit=limit)

    async def reassignments(self, *, cursor: str | None, limit: int) -> Page[Seen[ReassignmentView]]:
        """Those that wait: of one's own notes, or all; the operator sees neither who gets what nor how much."""
        page = await self._s.ledger.reassignments(holder=self._held_alone, cursor=cursor, limit=limit)
        shown = access.REASSIGNMENT_TO_OPERATOR if self.standing is Standing.OPERATOR else None
        return Page(tuple(Seen(one, shown) for one in page.items), page.next)

    async def names_reassignment(self, reassignment: int) -> None:
        """NotFound("UnknownReassignment") when it is not one that waits and is seen."""
        page = await self._s.ledger.model.reassignments(holder=self._held_alone, cursor=str(reassignment - 1), limit=1)
        if [one.id for one in page.items] != [reassignment]:
            raise NotFound("UnknownReassignment", reassignment=reassignment)

    @property
    def _held_alone(self) -> int | None:
        """The holder of whose notes alone orders are shown; None: of all."""
        return None if self.oversees or self._roles & access.ARBITER else self.principal.party

    async def key_changes(self, *, cursor: str | None, limit: int) -> Page[KeyChange]:
        """What is announced for the asker's party; all of it to those who run or audit the network."""
        party = None if self.oversees else self.principal.party
        return await self._s.ledger.key_changes(party=party, cursor=cursor, limit=limit)

    async def recourse(self, *, cursor: str | None, limit: int) -> Page[tuple[RecourseView, int | None]]:
        """The asker's sales with recourse, bought and sold, with what the seller owes today where that is told: to the
        financier once the debt is overdue, to the seller once it is demanded."""
        if self.standing is Standing.OPERATOR:
            return Page(())  # it does not see prices
        mine = self.principal.party
        page = await self._s.ledger.recourse(party=None if self._all else mine, cursor=cursor, limit=limit)
        told = [
            one.id for one in page.items if one.demand_day or (one.overdue and (self._all or one.financier.id == mine))
        ]
        claims = await self._s.recourse.claims(told)
        return Page(tuple((one, claims.get(one.id)) for one in page.items), page.next)

    # -- reports

    def own(self, party: int | None, report: str) -> int:
        """Of whom a report is: who is named, else the asker's own party. InvalidInput("ReportPartyMissing") where that is none.
        NotFound("UnknownParty") for another party's."""
        chosen = party or self.principal.party
        if not chosen:
            raise InvalidInput("ReportPartyMissing", report=report)
        if not (self._all or chosen == self.principal.party):
            raise NotFound("UnknownParty", party=chosen)
        return chosen

    def _sees_all_for(self, report: str) -> None:
        if not self._all:
            raise NotFound("UnknownReport", report=report)

    async def core_report(self, party: int, when: When) -> CoreReport:
        return await self._s.reports.core(self.own(party, "core-enterprise"), when)

    async def financier_report(self, party: int, when: When) -> FinancierReport:
        return await self._s.reports.financier(self.own(party, "financier"), when)

    async def journal(self, party: int, when: When, since: int | None) -> Journal:
        return await self._s.reports.journal(self.own(party, "journal"), when, since)

    async def network_report(self, when: When, since: int | None) -> NetworkReport:
        """It tells prices: for those who see all. NotFound("UnknownReport")."""
        self._sees_all_for("network")
        return await self._s.reports.network(when, since)

    async def reconciliation(self, when: When) -> Reconciliation:
        """For those who see all. NotFound("UnknownReport")."""
        self._sees_all_for("reconciliation")
        return await self._s.reports.reconciliation(when)

    # -- the watch

    async def alerts(
        self, *, rule: str | None, severity: Severity | None, open_: bool | None, cursor: str | None, limit: int
    ) -> Page[ToldAlert]:
        """They tell who deals with whom, and at what price: for those who see all; to others there are none."""
        if not self._all:
            return Page(())
        watch = self._s.watch
        await watch.catch_up()
        page = await watch.book.listing(rule=rule, severity=severity, open_=open_, cursor=cursor, limit=limit)
        return Page(tuple(await watch.told(page.items)), page.next)

    async def acknowledge(self, alert: int, remark: str) -> ToldAlert:
        """NotFound("UnknownAlert")."""
        word = Acknowledged(self.principal.party, self.principal.person, int(clock.time()), remark)
        kept = await self._s.watch.book.acknowledge(alert, word) if self._all else None
        if kept is None:
            raise NotFound("UnknownAlert", alert=alert)
        (told,) = await self._s.watch.told([kept])
        return told

    # -- paths and positions

    async def paths(self, source: int, target: int, *, cursor: str | None, limit: int) -> Page[SeenPath]:
        """How value came from one party to another, by the last note. A path is shown where each note on it is seen together
        with its holder: else it would tell who stands above or below. NotFound("UnknownParty")."""
        for party in (source, target):
            await self._s.ledger.party(party)
        found: list[SeenPath] = []
        while len(found) <= limit and self.standing is not Standing.OPERATOR:
            chains = await self._s.ledger.model.chains(source, target, cursor=cursor, limit=limit + 1)
            if not chains:
                break
            cursor = str(chains[-1][-1])
            found += await self._seen_paths(chains)
        shown = tuple(found[:limit])
        return Page(shown, str(shown[-1].notes[-1].view.id) if len(found) > limit else None)

    async def _seen_paths(self, chains: Sequence[Sequence[int]]) -> list[SeenPath]:
        notes = await self._s.ledger.notes_by_id(n for chain in chains for n in chain)
        debts = await self._s.ledger.receivables_by_id(n.receivable for n in notes.values())
        relations = await self._to_these(list(notes.values()))
        cut = {n: self._cut_note(view, relations.get(n, _NO_RELATION)) for n, view in notes.items()}
        whole = [chain for chain in chains if all(_shows(cut[n], "holder") for n in chain)]
        to = {} if self._all else await self._to_receivables(sorted({notes[chain[0]].receivable for chain in whole}))
        return [
            SeenPath(
                Seen(debt, None if self._all else access.shown(RECEIVABLE, to.get(debt.id, ()))),
                tuple(cut[n] for n in chain),
            )
            for chain in whole
            for debt in [debts[notes[chain[0]].receivable]]
        ]

    async def position(self, party: int, when: When) -> Position:
        """One's own, or any where all is seen. NotFound("UnknownParty"), ("UnknownBlock"), ("UnknownDay")."""
        if not (self._all or party == self.principal.party):
            raise NotFound("UnknownParty", party=party)
        return await self._s.ledger.position(party, when)

    async def totals(self) -> LedgerTotals | None:
        """The sums of the whole ledger; None for a party, whose own notes say what is its."""
        return None if self.standing is Standing.PARTY else await self._s.ledger.model.totals()

    async def featured(self) -> int | None:
        return await self._s.ledger.featured() if self._all else None

    async def search(self, text: str) -> Sequence[Hit]:
        hits = await self._s.ledger.search(text)
        if self._all:
            return hits
        notes = await self._to_notes([h.id for h in hits if h.kind == "note"])
        receivables = await self._to_receivables([h.id for h in hits if h.kind == "receivable"])
        seen = {
            "note": {i for i, to in notes.items() if access.shown(NOTE, to)},
            "receivable": {i for i, to in receivables.items() if access.shown(RECEIVABLE, to)},
        }
        return [h for h in hits if h.kind == "party" or h.id in seen[h.kind]]

    # -- what is kept off the chain

    async def ranked(self, note: int, amount: int | None) -> Sequence[RankedQuote]:
        """Quotes are sealed: the seller sees all of its note's, a financier its own. Who does not see the note's value is not
        told it by what its quote comes to."""
        relations = _NO_RELATION if self._all else (await self._to_notes([note])).get(note, _NO_RELATION)
        if not self._all and not access.shown(NOTE, relations) and not await self._quoted(note):
            raise NotFound("UnknownNote", note=note)
        if amount is None and not self._all and "value" not in access.shown(NOTE, relations):
            amount = UNLIMITED
        found = await self._s.financing.ranked(note, amount, takeable=True)
        if self._all or Relation.HOLDER in relations:
            return found
        return [ranked for ranked in found if ranked.quote.financier == self.principal.party]

    async def live_quotes(self, *, cursor: str | None, limit: int) -> Page[RankedQuote]:
        """A holder's of all its notes, and a financier's own; the most notes on a page is `limit`."""
        if self.standing is Standing.OPERATOR:
            return Page(())
        return await self._s.financing.live(self.operations_of, cursor, limit)

    async def quote_requests(self, *, note: int | None, cursor: str | None, limit: int) -> Page[QuoteRequest]:
        """A holder's own, and those to a financier."""
        me = None if self._all else self.principal.party
        to = me if me and self._roles & access.FINANCIER else None
        return await self._s.quotes.requests(note=note, seller=me, financier=to, cursor=cursor, limit=limit)

    async def operation(self, operation: str) -> Operation:
        """NotFound("UnknownOperation")."""
        found = await self._s.box.get(operation)
        if found is None or not (self._all or found.party == self.principal.party):
            raise NotFound("UnknownOperation", operation=operation)
        return found

    async def operations(
        self,
        *,
        status: str | None,
        kind: str | None,
        tx_hash: str | None,
        request_id: str | None,
        cursor: str | None,
        limit: int,
    ) -> Page[Operation]:
        return await self._s.box.listing(
            status=status,
            kind=kind,
            cursor=cursor,
            limit=limit,
            party=self.operations_of,
            tx_hash=tx_hash,
            request_id=request_id,
        )

    async def jobs(self, *, cursor: str | None, limit: int) -> Page[Job]:
        party = None if self._all else self.principal.party
        return await self._s.jobs.listing(party=party, cursor=cursor, limit=limit)

    async def job(self, job: str) -> Job:
        found = await self._s.jobs.get(job)
        if found is None or not (self._all or found.party == self.principal.party):
            raise NotFound("UnknownJob", job=job)
        return found

    async def job_rows(self, job: str, *, status: RowStatus | None, cursor: str | None, limit: int) -> Page[JobRow]:
        await self.job(job)
        return await self._s.jobs.rows(job, status=status, cursor=cursor, limit=limit)

    async def approvals(
        self, *, status: ApprovalStatus | None, cursor: str | None, limit: int
    ) -> tuple[Page[Approval], int]:
        """And the chain's time by which open ones expire."""
        party = None if self._all else self.principal.party
        time = (await self._s.ledger.model.status()).block_time
        return await self._s.approvals.listing(party=party, status=status, time=time, cursor=cursor, limit=limit), time

    async def approval_rows(self, approval: str, *, cursor: str | None, limit: int) -> Page[ApprovedRow]:
        await self.approval(approval)
        return await self._s.approvals.rows_page(approval, cursor=cursor, limit=limit)

    async def approval(self, approval: str) -> tuple[Approval, int]:
        """NotFound("UnknownApproval"); else it, and the chain's time."""
        found = await self._s.approvals.get(approval)
        if found is None or not (self._all or found.party == self.principal.party):
            raise NotFound("UnknownApproval", approval=approval)
        return found, (await self._s.ledger.model.status()).block_time

    @property
    def operations_of(self) -> int | None:
        """The party whose operations are seen; None: all."""
        return None if self._all else self.principal.party

    @property
    def webhooks_of(self) -> int | None:
        """The party whose webhooks are seen, an auditor's own too; None where nobody has to sign in: all."""
        return None if access.is_local(self.principal) else self.principal.party

    async def items(self, *, buyer: int | None, cursor: str | None, limit: int) -> Page[ImportedItem]:
        if not self._all:
            if buyer not in (None, self.principal.party):
                return Page(())
            buyer = self.principal.party
        return await self._s.items.listing(buyer=buyer, cursor=cursor, limit=limit)

    async def audit_reads(self, *, cursor: str | None, limit: int) -> Page[AuditRead]:
        """What auditors looked at: for auditors and the operator."""
        if self.standing is Standing.PARTY:
            return Page(())
        return await self._s.audit.listing(cursor=cursor, limit=limit)

    # -- what an act may name

    def acts_for(self, party: int) -> None:
        """Forbidden("NotYourParty")."""
        access.acting(self.principal, party)

    async def names_notes(self, notes: Iterable[int], *, paying: bool = False) -> None:
        """NotFound("UnknownNote") for the first that is not seen; `paying` also lets a debtor name what it owes."""
        if self._all:
            return
        wanted = sorted(set(notes))
        relations = await self._to_notes(wanted)
        for note in wanted:
            to = relations.get(note, _NO_RELATION)
            if not (access.shown(NOTE, to) or (paying and Relation.DEBTOR in to)):
                raise NotFound("UnknownNote", note=note)

    async def quotes_for(self, notes: Iterable[int]) -> None:
        """NotFound("UnknownNote") for the first that the party is not asked to quote for. A debtor may offer early payment
        of what it sees unasked. Quoting shows nobody more than it saw before."""
        if self._all:
            return
        wanted = sorted(set(notes))
        relations = await self._to_notes(wanted)
        for note in wanted:
            to = relations.get(note, _NO_RELATION)
            if not (Relation.FINANCIER in to or (Relation.DEBTOR in to and access.shown(NOTE, to))):
                raise NotFound("UnknownNote", note=note)

    async def registers(self, references: Mapping[int, str]) -> None:
        """A registrar names bought notes that it does not see by what it knows of them: the registry's reference of the
        sale, where that had one. NotFound("UnknownNote") for the first that is not so, and for anybody else."""
        if self._all:
            return
        bought = {n.id: n for n in await self._s.ledger.model.notes_by_id(sorted(references)) if n.origin == "sale"}
        for note, reference in references.items():
            known = note in bought and sale_reference(bought[note]) in (None, reference)
            if not (self._roles & access.REGISTRAR and known):
                raise NotFound("UnknownNote", note=note)

    async def names_receivables(self, receivables: Iterable[int], *, paying: bool = False) -> None:
        """NotFound("UnknownReceivable") for the first that is not seen, or, when `paying`, not owed."""
        if self._all:
            return
        wanted = sorted(set(receivables))
        relations = await self._to_receivables(wanted)
        for receivable in wanted:
            to = relations.get(receivable, _NO_RELATION)
            if not access.shown(RECEIVABLE, to) or (paying and Relation.DEBTOR not in to):
                raise NotFound("UnknownReceivable", receivable=receivable)

    async def names_items(self, items: Iterable[int]) -> None:
        """NotFound("UnknownItem") for the first that is another buyer's."""
        if self._all:
            return
        wanted = sorted(set(items))
        own = {i.id for i in await self._s.items.get(wanted) if i.buyer == self.principal.party}
        for item in wanted:
            if item not in own:
                raise NotFound("UnknownItem", item=item)

    async def names_quotes(self, quotes: Iterable[str]) -> None:
        """NotFound("UnknownQuote") for the first that is neither made by the party nor made to it."""
        if self._all:
            return
        for quote in quotes:
            if not self._is_ours(await self._s.quotes.get(quote)):
                raise NotFound("UnknownQuote", quote=quote)

    async def names_calls(self, calls: Sequence[Call]) -> None:
        """The same of calls that were signed outside: their account must be the party's own, and what they name seen."""
        if self._all:
            return
        for call in calls:
            party = await self._s.ledger.model.party_of_account(call.account)
            if party is not None:
                self.acts_for(party)
            if (reassignment := _ordered(call)) is not None:
                await self.names_reassignment(reassignment)
            notes, receivables = _named(call)
            await self.names_notes(notes, paying=call.function == "repay")
            await self.names_receivables(receivables)

    def sees_item(self, item: ImportedItem) -> bool:
        return self._all or item.buyer == self.principal.party

    # -- relations

    async def eyes(self) -> Eyes | None:
        """None for those whose listings are not filtered. With `standing` all that decides what is seen of the ledger."""
        if self.standing is not Standing.PARTY:
            return None
        if self._opened is None:
            asked: Sequence[int] = ()
            if self._roles & access.FINANCIER:
                asked = await self._s.quotes.asked(self.principal.party)
            self._opened = Eyes(self.principal.party, tuple(asked))
        return self._opened

    async def _to_notes(self, notes: Sequence[int]) -> Mapping[int, frozenset[Relation]]:
        if (eyes := await self.eyes()) is None:
            return {} if self._all else dict.fromkeys(notes, _OPERATOR)
        return await self._s.ledger.model.note_relations(notes, eyes) if notes else {}

    async def _to_these(self, notes: Sequence[NoteView]) -> dict[int, frozenset[Relation]]:
        """The same, as far as what is shown of them goes: to a note's holder it is all, however else it stands to it."""
        if self.standing is not Standing.PARTY:
            return dict(await self._to_notes([n.id for n in notes]))
        held = {n.id: _HOLDER for n in notes if n.holder.id == self.principal.party}
        return held | dict(await self._to_notes([n.id for n in notes if n.id not in held]))

    async def _to_receivables(self, receivables: Sequence[int]) -> Mapping[int, frozenset[Relation]]:
        if (eyes := await self.eyes()) is None:
            return {} if self._all else dict.fromkeys(receivables, _OPERATOR)
        return await self._s.ledger.model.receivable_relations(receivables, eyes) if receivables else {}

    async def _to_note(self, note: int) -> frozenset[Relation]:
        """NotFound("UnknownNote") where nothing of it is shown."""
        relations = (await self._to_notes([note])).get(note, _NO_RELATION)
        if not access.shown(NOTE, relations):
            raise NotFound("UnknownNote", note=note)
        return relations

    async def _of_receivable(self, receivable: int) -> Fields:
        """What is shown of it. NotFound("UnknownReceivable")."""
        relations = (await self._to_receivables([receivable])).get(receivable, _NO_RELATION)
        if not (fields := access.shown(RECEIVABLE, relations)):
            raise NotFound("UnknownReceivable", receivable=receivable)
        return fields

    def _cut_note(self, note: NoteView, relations: frozenset[Relation]) -> Seen[NoteView]:
        if self._all:
            return Seen(note)
        cash = tuple(leg for leg in note.cash if self._sees_leg(leg, relations))
        return Seen(note if cash == note.cash else replace(note, cash=cash), _note_fields(relations))

    def _relations(self, found: Related[Trace], note: NoteView) -> frozenset[Relation]:
        """How it stands to a note of a trace. Of those that it holds it was not asked, but for the first."""
        if self.standing is Standing.OPERATOR:
            return _OPERATOR
        held = _HOLDER if note.holder.id == self.principal.party else _NO_RELATION
        return held | found.to_notes.get(note.id, _NO_RELATION)

    def _cut_debt(self, found: Related[Any], debt: ReceivableView) -> Seen[ReceivableView]:
        """NotFound("UnknownReceivable")."""
        relations = _OPERATOR if self.standing is Standing.OPERATOR else found.to_debt
        if not (fields := access.shown(RECEIVABLE, relations)):
            raise NotFound("UnknownReceivable", receivable=debt.id)
        return Seen(debt, fields)

    def _to_claim(self, claim: ClaimView, relations: frozenset[Relation]) -> Fields:
        """Whoever passed a note on sold it, where it was bought; of a pledge it learns nothing."""
        if claim.kind == "pledge":
            relations -= {Relation.OFFEROR}
        elif Relation.DEBTOR in relations and claim.debtor_notified_at:
            relations |= {Relation.NOTIFIED}
        return access.shown(CLAIM, relations)

    async def _quoted(self, note: int) -> bool:
        """Whether the party made a quote for it, as it may have before the holder took its request back."""
        return any(q.financier == self.principal.party for q in await self._s.quotes.of_note(note))

    def _cut_party(self, party: PartyView) -> Seen[PartyView]:
        if self.standing is Standing.PARTY:
            return Seen(party, PARTY_FIELDS if party.id == self.principal.party else access.DIRECTORY)
        return Seen(party)

    def _sees_leg(self, leg: CashLeg, to_note: frozenset[Relation]) -> bool:
        """Cash is seen by who paid it, who was paid, the bank that says so, the holder of the note, and, when a debt was
        repaid, its debtor."""
        ends = {leg.payer.id, leg.payee.id, 0 if leg.bank is None else leg.bank.id}
        if self.principal.party != access.OPERATOR and self.principal.party in ends:
            return True
        return Relation.HOLDER in to_note or (leg.kind == "repayment" and Relation.DEBTOR in to_note)

    def _is_ours(self, quote: Quote | None) -> bool:
        return quote is not None and self.principal.party in (quote.seller, quote.financier)


@cache
def _note_fields(relations: frozenset[Relation]) -> Fields:
    return access.shown(NOTE, relations)


def _named(call: Call) -> _Named:
    """Ids that a call names. A call that is none is refused where it is held against what was signed."""
    name = _NAMED.get((call.contract, call.function))
    try:
        found = ((), ()) if name is None else name(call.args)
        notes, receivables = ([int(i) for i in ids] for ids in found)
    except (TypeError, KeyError, IndexError, ValueError):
        return (), ()
    return [i for i in notes if 0 < i < _BEYOND], [i for i in receivables if 0 < i < _BEYOND]


def _ordered(call: Call) -> int | None:
    """The reassignment that a call names."""
    if call.contract is not Contract.ORDER or call.function not in ("executeReassignment", "cancelReassignment"):
        return None
    named = call.args[0] if call.args else None
    return named if isinstance(named, int) and 0 < named < _BEYOND else None


def _shows(seen: Seen[NoteView], field: str) -> bool:
    return seen.shown is None or field in seen.shown


def _funds(trace: Trace, relations: frozenset[Relation]) -> bool:
    """Whether the note is one that the asker funds, or is asked to: it then sees the chain of trades above, without names
    and amounts."""
    bought = any(n.id == trace.note and n.origin == "sale" for n in trace.nodes)
    return Relation.FINANCIER in relations or (bought and Relation.HOLDER in relations)


def _read(principal: Principal, asked: Asked) -> AuditRead:
    return AuditRead(
        party=principal.party,
        person=principal.person,
        means=principal.means,
        credential=principal.credential,
        method=asked.method,
        target=asked.target,
        request_id=asked.request_id,
        at=int(clock.time()),
    )
