"""CreditRegister: what each debtor may owe, and what is used of which invoice."""

from __future__ import annotations

from api.indexer import payloads as p
from api.indexer.entry import At, Entry, Load
from api.store.ledger.rows import ClaimRow, CreditNoteRow, InvoiceRow, LineRow, WiringRow
from api.store.ledger.writer import Ledger


def _line(ledger: Ledger, debtor: int, currency: bytes) -> LineRow:
    if ledger.lines.find((debtor, currency)) is None:
        ledger.lines.put(LineRow(debtor, currency))
    return ledger.lines.change((debtor, currency))


def line_set(ledger: Ledger, at: At, e: p.LineSet) -> None:
    _line(ledger, e.debtor, e.currency).line_limit = e.limit


def line_used(ledger: Ledger, at: At, e: p.LineUsed) -> None:
    _line(ledger, e.debtor, e.currency).used = e.used


def _invoice(ledger: Ledger, fingerprint: bytes) -> InvoiceRow:
    if ledger.invoices.find(fingerprint) is None:
        ledger.invoices.put(InvoiceRow(fingerprint))
    return ledger.invoices.change(fingerprint)


def invoice_claimed(ledger: Ledger, at: At, e: p.InvoiceClaimed) -> None:
    ledger.claims.put(ClaimRow(e.fingerprint, e.notes, e.receivable, e.claimed))
    invoice = _invoice(ledger, e.fingerprint)
    invoice.amount = e.invoice_amount
    invoice.claimed += e.claimed


def invoice_released(ledger: Ledger, at: At, e: p.InvoiceReleased) -> None:
    ledger.claims.change((e.fingerprint, e.notes, e.receivable)).released = True
    _invoice(ledger, e.fingerprint).claimed -= e.released


def invoice_credited(ledger: Ledger, at: At, e: p.InvoiceCredited) -> None:
    ledger.credit_notes.put(CreditNoteRow(e.credit_note, e.invoice, e.amount))
    _invoice(ledger, e.invoice).credited += e.amount


def overdue_counted(ledger: Ledger, at: At, e: p.OverdueCounted) -> None:
    ledger.parties.change(e.debtor).overdue_count = e.count


def writer_set(ledger: Ledger, at: At, e: p.WriterSet) -> None:
    ledger.wiring.put(WiringRow("writer", e.writer, any(e.notes)))


_CLAIM = (Load("invoices", ("fingerprint",)), Load("claims", ("fingerprint", "notes", "receivable")))
ENTRIES = (
    Entry(p.LineSet, line_set),
    Entry(p.LineUsed, line_used),
    Entry(p.InvoiceClaimed, invoice_claimed, loads=_CLAIM),
    Entry(p.InvoiceReleased, invoice_released),
    Entry(p.InvoiceCredited, invoice_credited),
    Entry(p.OverdueCounted, overdue_counted),
    Entry(p.WriterSet, writer_set),
)
