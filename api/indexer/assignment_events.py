"""AssignmentRegister: when a bought note was registered, and when its debtor was notified."""

from __future__ import annotations

from api.indexer import payloads as p
from api.indexer.entry import At, Entry, its_note
from api.store.ledger.rows import AssignmentRow
from api.store.ledger.writer import Ledger


def _assignment(ledger: Ledger, note: int) -> AssignmentRow:
    if ledger.assignments.find(note) is None:
        ledger.assignments.put(AssignmentRow(note))
    return ledger.assignments.change(note)


def assignment_registered(ledger: Ledger, at: At, e: p.AssignmentRegistered) -> None:
    """Also a correction: the journal has what stood before."""
    row = _assignment(ledger, e.note)
    row.registry_reference = e.registry_reference
    row.registered_at, row.recorded_at = e.registered_at, at.place.time
    row.registration = at.place


def debtor_notified(ledger: Ledger, at: At, e: p.DebtorNotified) -> None:
    row = _assignment(ledger, e.note)
    row.debtor_notified_at, row.notice = e.debtor_notified_at, at.place


ENTRIES = (
    Entry(p.AssignmentRegistered, assignment_registered, its_note),
    Entry(p.DebtorNotified, debtor_notified, its_note),
)
