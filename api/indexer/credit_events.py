"""CreditRegister: what each debtor may owe, and which invoices are taken."""

from __future__ import annotations

from api.indexer import payloads as p
from api.indexer.entry import At, Entry
from api.store.ledger.rows import ClaimRow, LineRow, WiringRow
from api.store.ledger.writer import Ledger


def _line(ledger: Ledger, debtor: int, currency: bytes) -> LineRow:
    if ledger.lines.find((debtor, currency)) is None:
        ledger.lines.put(LineRow(debtor, currency))
    return ledger.lines.change((debtor, currency))


def line_set(ledger: Ledger, at: At, e: p.LineSet) -> None:
    _line(ledger, e.debtor, e.currency).line_limit = e.limit


def line_used(ledger: Ledger, at: At, e: p.LineUsed) -> None:
    _line(ledger, e.debtor, e.currency).used = e.used


def fingerprint_claimed(ledger: Ledger, at: At, e: p.FingerprintClaimed) -> None:
    ledger.claims.put(ClaimRow(e.fingerprint, e.notes, e.receivable))


def fingerprint_released(ledger: Ledger, at: At, e: p.FingerprintReleased) -> None:
    ledger.claims.change((e.fingerprint, e.notes, e.receivable)).released = True


def overdue_counted(ledger: Ledger, at: At, e: p.OverdueCounted) -> None:
    ledger.parties.change(e.debtor).overdue_count = e.count


def writer_set(ledger: Ledger, at: At, e: p.WriterSet) -> None:
    ledger.wiring.put(WiringRow("writer", e.notes, e.allowed))


ENTRIES = (
    Entry(p.LineSet, line_set),
    Entry(p.LineUsed, line_used),
    Entry(p.FingerprintClaimed, fingerprint_claimed),
    Entry(p.FingerprintReleased, fingerprint_released),
    Entry(p.OverdueCounted, overdue_counted),
    Entry(p.WriterSet, writer_set),
)
