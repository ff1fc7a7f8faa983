"""OrderDesk: freezes, and reassignments until they are executed or cancelled. What they do to notes is the notes' to tell."""

from __future__ import annotations

from api.indexer import payloads as p
from api.indexer.entry import At, Entry, its_note
from api.store.ledger.rows import FreezeRow, ReassignmentRow
from api.store.ledger.writer import Ledger


def freeze_ordered(ledger: Ledger, at: At, e: p.FreezeOrdered) -> None:
    known = ledger.freezes.find(e.note)
    ledger.freezes.put(FreezeRow(e.note, known.number + 1 if known else 1, e.arbiter, e.order_hash, None))


def release_ordered(ledger: Ledger, at: At, e: p.ReleaseOrdered) -> None:
    ledger.freezes.change(e.note).release_hash = e.order_hash


def reassignment_ordered(ledger: Ledger, at: At, e: p.ReassignmentOrdered) -> None:
    ledger.reassignments.put(
        ReassignmentRow(
            id=e.reassignment,
            note=e.note,
            receiver=e.to,
            amount=e.amount,
            arbiter=e.arbiter,
            freeze=e.freeze,
            ready_at=e.ready_at,
            order_hash=e.order_hash,
            state="ordered",
            child=None,
            cancel_hash=None,
        )
    )


def reassignment_executed(ledger: Ledger, at: At, e: p.ReassignmentExecuted) -> None:
    """Child 0: the order named the debtor itself; the value was extinguished."""
    row = ledger.reassignments.change(e.reassignment)
    row.state, row.child = "executed", e.child or None


def reassignment_cancelled(ledger: Ledger, at: At, e: p.ReassignmentCancelled) -> None:
    row = ledger.reassignments.change(e.reassignment)
    row.state, row.cancel_hash = "cancelled", e.order_hash


def _of_reassignment(ledger: Ledger, e: p.ReassignmentCancelled) -> int | None:
    return ledger.notes.get(ledger.reassignments.get(e.reassignment).note).root_id


ENTRIES = (
    Entry(p.FreezeOrdered, freeze_ordered, its_note),
    Entry(p.ReleaseOrdered, release_ordered, its_note),
    Entry(p.ReassignmentOrdered, reassignment_ordered, its_note),
    Entry(p.ReassignmentExecuted, reassignment_executed, its_note),
    Entry(p.ReassignmentCancelled, reassignment_cancelled, _of_reassignment),
)
