"""ReceivableNotes and IssuanceDesk: receivables, the tree of notes under each, and how value moves in it."""

from __future__ import annotations

from api.domain.status import ACCEPTED, CANCELLED, OVERDUE, PLEDGED, REASSIGNED, REFUSED, REPAID, RETURNED, TENDERED
from api.indexer import payloads as p
from api.indexer.entry import At, Entry, Unpaid, its_note, its_receivable
from api.store.ledger.rows import (
    ConsentRow,
    CurrencyRow,
    NoteRow,
    Place,
    PolicyRow,
    ReceivableRow,
    SwitchRow,
    WiringRow,
)
from api.store.ledger.writer import Ledger

_NO_POLICY = PolicyRow(0, 0, 0, 0, 0, 0, 0, 0, 0, False)


def receivable_confirmed(ledger: Ledger, at: At, e: p.ReceivableConfirmed) -> None:
    """The creditor is named by the root's offer, which follows."""
    t = e.terms
    policy = ledger.policies.find(t.policy) or _NO_POLICY
    ledger.receivables.put(
        ReceivableRow(
            id=e.receivable,
            debtor=e.debtor,
            creditor=0,
            root=e.root,
            face_value=t.face_value,
            outstanding=t.face_value,
            repaid=0,
            extinguished=0,
            cancelled=0,
            currency=t.currency,
            delivery_day=t.delivery_day,
            due_day=t.due_day,
            confirmed_day=t.confirmed_day,
            policy=t.policy,
            tier_limit=policy.tier_limit,
            grace_days=policy.grace_days,
            overdue_rate_bps=policy.overdue_rate_bps,
            flags=t.flags,
            evidence_hash=t.evidence_hash,
            notes=0,
            deepest_tier=0,
            source=at.place,
        )
    )
    ledger.total("receivables", 1)
    ledger.total_in(t.currency, "outstanding", t.face_value)


def note_offered(ledger: Ledger, at: At, e: p.NoteOffered) -> None:
    """A lapse day of 0 says that a standing consent accepted at once, and was used up by as much."""
    at_once = e.lapse_day == 0
    receivable = ledger.receivables.change(e.receivable)
    if e.parent == 0:
        receivable.creditor = e.holder
        offeror = receivable.debtor
    else:
        offeror = _lower(ledger, e.parent, e.value, at.place).holder
    if at_once:
        ledger.consents.change((e.holder, offeror, receivable.currency)).amount -= e.value
    _create(
        ledger,
        receivable,
        NoteRow(
            id=e.note,
            parent=e.parent or None,
            receivable=e.receivable,
            root_id=receivable.root,
            holder=e.holder,
            tier=e.tier,
            origin="split" if e.parent else "confirmation",
            face=e.value,
            value=e.value,
            flags=ACCEPTED if at_once else 0,
            lapse_day=e.lapse_day,
            trade_hash=e.trade_hash,
            source=at.place,
            accepted=at.place if at_once else None,
            closed=None,
        ),
    )


def note_assigned(ledger: Ledger, at: At, e: p.NoteAssigned) -> None:
    """The child of a sale, an order or a recourse: it has its parent's place in rounds, and its day of tender."""
    receivable = ledger.receivables.change(e.receivable)
    parent = _lower(ledger, e.parent, e.value, at.place)
    _create(
        ledger,
        receivable,
        NoteRow(
            id=e.note,
            parent=e.parent,
            receivable=e.receivable,
            root_id=receivable.root,
            holder=e.holder,
            tier=e.tier,
            origin=_origin(e.flags),
            face=e.value,
            value=e.value,
            flags=e.flags,
            lapse_day=0,
            round=parent.round,
            tender_day=parent.tender_day if e.flags & TENDERED else 0,
            trade_hash=None,
            source=at.place,
            accepted=at.place,
            closed=None,
        ),
    )


def _origin(flags: int) -> str:
    if flags & REASSIGNED:
        return "order"
    return "recourse" if flags & RETURNED else "sale"


def _create(ledger: Ledger, receivable: ReceivableRow, note: NoteRow) -> None:
    receivable.notes += 1
    receivable.deepest_tier = max(receivable.deepest_tier, note.tier)
    ledger.notes.put(note)
    ledger.total(f"notes_tier_{note.tier}", 1)


def _lower(ledger: Ledger, note: int, by: int, place: Place) -> NoteRow:
    row = ledger.notes.change(note)
    row.value -= by
    if row.value == 0:
        row.closed = place
    return row


def _owe_less(ledger: Ledger, receivable: int, by: int) -> ReceivableRow:
    row = ledger.receivables.change(receivable)
    row.outstanding -= by
    ledger.total_in(row.currency, "outstanding", -by)
    return row


def note_accepted(ledger: Ledger, at: At, e: p.NoteAccepted) -> None:
    note = ledger.notes.change(e.note)
    note.flags |= ACCEPTED
    note.accepted = at.place


def note_returned(ledger: Ledger, at: At, e: p.NoteReturned) -> None:
    """The parent lives again, if it was spent. A root's value goes with ReceivableCancelled, which follows."""
    note = _lower(ledger, e.note, e.value, at.place)
    note.flags |= e.flag
    if e.parent:
        parent = ledger.notes.change(e.parent)
        parent.value += e.value
        parent.closed = None
    if e.flag == REFUSED:
        ledger.total("refused", 1)


def receivable_cancelled(ledger: Ledger, at: At, e: p.ReceivableCancelled) -> None:
    receivable = _owe_less(ledger, e.receivable, e.value)
    receivable.cancelled += e.value
    receivable.flags |= CANCELLED


def value_extinguished(ledger: Ledger, at: At, e: p.ValueExtinguished) -> None:
    _lower(ledger, e.note, e.value, at.place)
    _owe_less(ledger, e.receivable, e.value).extinguished += e.value


def note_repaid(ledger: Ledger, at: At, e: p.NoteRepaid) -> None:
    """Its cash is told by Paid, later in the same transaction."""
    note = _lower(ledger, e.note, e.principal, at.place)
    if note.value == 0:
        note.flags |= REPAID
    receivable = _owe_less(ledger, e.receivable, e.principal)
    receivable.repaid += e.principal
    ledger.total_in(receivable.currency, "repaid", e.principal)
    if e.principal + e.interest:
        at.pending[e.note] = Unpaid(e.payee, e.principal, e.interest)


def note_restored(ledger: Ledger, at: At, e: p.NoteRestored) -> None:
    """The cash of a NoteRepaid earlier in the transaction was refused: as if it had not been."""
    at.pending.pop(e.note)
    note = ledger.notes.change(e.note)
    note.value += e.principal
    note.flags &= ~REPAID
    note.closed = None
    receivable = _owe_less(ledger, e.receivable, -e.principal)
    receivable.repaid -= e.principal
    ledger.total_in(receivable.currency, "repaid", -e.principal)


def note_tendered(ledger: Ledger, at: At, e: p.NoteTendered) -> None:
    note = ledger.notes.change(e.note)
    note.flags |= TENDERED
    note.tender_day = e.day


def note_marked(ledger: Ledger, at: At, e: p.NoteMarked) -> None:
    note = ledger.notes.change(e.note)
    note.flags = note.flags | e.flag if e.on else note.flags & ~e.flag


def note_pledged(ledger: Ledger, at: At, e: p.NotePledged) -> None:
    """An order may take all that is pledged: the note secures nothing, but its loan is not over."""
    note, loan = ledger.notes.change(e.note), ledger.loans.find(e.note)
    secures = e.value != 0 or (loan is not None and loan.open)
    note.flags = note.flags | PLEDGED if secures else note.flags & ~PLEDGED
    note.pledged = e.value


def note_in_round(ledger: Ledger, at: At, e: p.NoteInRound) -> None:
    ledger.notes.change(e.note).round = e.round


def round_marked(ledger: Ledger, at: At, e: p.RoundMarked) -> None:
    receivable = ledger.receivables.change(e.receivable)
    receivable.round, receivable.flags = e.round, e.flags


def overdue_declared(ledger: Ledger, at: At, e: p.OverdueDeclared) -> None:
    ledger.receivables.change(e.receivable).flags |= OVERDUE


def overdue_ended(ledger: Ledger, at: At, e: p.OverdueEnded) -> None:
    ledger.receivables.change(e.receivable).flags &= ~OVERDUE


def consent_set(ledger: Ledger, at: At, e: p.ConsentSet) -> None:
    ledger.consents.put(ConsentRow(e.receiver, e.offeror, e.currency, e.amount, e.latest_due_day, e.expiry_day))


def policy_set(ledger: Ledger, at: At, e: p.PolicySet) -> None:
    ledger.policies.put(PolicyRow(e.policy, *e.terms))


def currency_allowed(ledger: Ledger, at: At, e: p.CurrencyAllowed) -> None:
    ledger.currencies.put(CurrencyRow(e.currency, e.token, *at.tokens[e.token]))


def desk_set(ledger: Ledger, at: At, e: p.DeskSet) -> None:
    ledger.wiring.put(WiringRow("desk", e.desk, e.allowed))


def paused(ledger: Ledger, at: At, e: p.Paused) -> None:
    ledger.switches.put(SwitchRow("paused", e.paused))


ENTRIES = (
    Entry(p.ReceivableConfirmed, receivable_confirmed, its_receivable),
    Entry(p.NoteOffered, note_offered, its_note),
    Entry(p.NoteAccepted, note_accepted, its_note),
    Entry(p.NoteReturned, note_returned, its_note),
    Entry(p.ReceivableCancelled, receivable_cancelled, its_receivable),
    Entry(p.NoteAssigned, note_assigned, its_note),
    Entry(p.ValueExtinguished, value_extinguished, its_note),
    Entry(p.NoteRepaid, note_repaid, its_note),
    Entry(p.NoteRestored, note_restored, its_note),
    Entry(p.NoteTendered, note_tendered, its_note),
    Entry(p.NoteMarked, note_marked, its_note),
    Entry(p.NotePledged, note_pledged, its_note),
    Entry(p.NoteInRound, note_in_round, its_note),
    Entry(p.RoundMarked, round_marked, its_receivable),
    Entry(p.OverdueDeclared, overdue_declared, its_receivable),
    Entry(p.OverdueEnded, overdue_ended, its_receivable),
    Entry(p.ConsentSet, consent_set),
    Entry(p.CurrencyAllowed, currency_allowed),
    Entry(p.DeskSet, desk_set),
    Entry(p.Paused, paused),
)
POLICY_ENTRIES = (Entry(p.PolicySet, policy_set),)
