"""Invoices: what each is for, which receivables hold how much of it, and the credit notes that lower it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.reference.arithmetic import MAX_UINT96
from tests.reference.refusals import Judge

Claimant = tuple[str, int]
"""A receivable: its note contract's address, its id there."""


@dataclass(frozen=True)
class InvoiceClaim:
    """What a receivable takes of an invoice, minor units."""

    fingerprint: bytes
    invoice_amount: int
    claimed: int


@dataclass(frozen=True)
class Claim:
    """Which receivable holds a part of which invoice."""

    fingerprint: bytes
    notes: str
    receivable: int


@dataclass(frozen=True)
class CreditNote:
    """What lowers an invoice, and by how much."""

    invoice: bytes
    fingerprint: bytes
    amount: int


@dataclass
class Invoice:
    """One invoice. ``amount`` is 0 until it is claimed the first time, and never changes afterwards."""

    amount: int = 0
    claims: dict[Claimant, int] = field(default_factory=dict)
    credits: dict[bytes, int] = field(default_factory=dict)

    @property
    def used(self) -> int:
        """What claims and credit notes take of it."""
        return sum(self.claims.values()) + sum(self.credits.values())


@dataclass
class Invoices:
    """All that were ever claimed or credited."""

    known: dict[bytes, Invoice] = field(default_factory=dict)

    def invoice(self, fingerprint: bytes) -> Invoice:
        """The invoice; a new one when it was never heard of."""
        return self.known.setdefault(fingerprint, Invoice())

    def credit_notes(self) -> dict[bytes, int]:
        """The amounts of all credit notes that count."""
        return {mark: amount for invoice in self.known.values() for mark, amount in invoice.credits.items()}

    def claim(self, judge: Judge, claimant: Claimant, amount: int, claims: tuple[InvoiceClaim, ...]) -> None:
        """A receivable takes what backs it, to the unit."""
        judge.require(bool(claims), "InvoiceMissing")
        for claim in claims:
            self._claim(judge, claimant, claim)
        backed = sum(claim.claimed for claim in claims)
        judge.require(not claims or backed == amount, "ClaimsNotExact", backed, amount)

    def _claim(self, judge: Judge, claimant: Claimant, claim: InvoiceClaim) -> None:
        mark, stated, part = claim.fingerprint, claim.invoice_amount, claim.claimed
        invoice = self.invoice(mark)
        left = max(0, stated - invoice.used)
        rules = (
            judge.require(part > 0, "ZeroAmount"),
            judge.require(invoice.amount in (0, stated), "InvoiceAmountDiffers", mark, invoice.amount, stated),
            judge.require(claimant not in invoice.claims, "AlreadyClaimed", mark, claimant[1]),
            judge.require(part <= left, "OverInvoice", mark, part, left),
        )
        if all(rules):
            invoice.amount = stated
            invoice.claims[claimant] = part

    def release(self, judge: Judge, claims: list[Claim], is_cancelled: Callable[[Claimant], bool]) -> None:
        """Gives back what cancelled receivables hold."""
        for claim in claims:
            claimant = (claim.notes, claim.receivable)
            held = self.invoice(claim.fingerprint).claims
            evidence = (claim.fingerprint, claim.notes, claim.receivable)
            if judge.require(claimant in held, "NotClaimed", *evidence) and judge.require(
                is_cancelled(claimant), "ReceivableNotCancelled", claim.receivable
            ):
                del held[claimant]

    def credit(self, judge: Judge, notes: list[CreditNote]) -> None:
        """Lowers invoices by credit notes, each counted once."""
        for note in notes:
            invoice = self.invoice(note.invoice)
            most = MAX_UINT96 - invoice.used
            rules = (
                judge.require(note.amount > 0, "ZeroAmount"),
                judge.require(note.fingerprint not in self.credit_notes(), "CreditNoteCounted", note.fingerprint),
                judge.require(note.amount <= most, "CreditTooLarge", note.invoice, note.amount, most),
            )
            if all(rules):
                invoice.credits[note.fingerprint] = note.amount

    def check(self, face: Callable[[Claimant], int | None]) -> None:
        """I-6: nothing is claimed beyond the amount, nor used beyond it but by credit notes; and every unit of debt that is
        not cancelled is backed by a unit of an invoice (``face`` knows debts; None: cancelled)."""
        backed: dict[Claimant, int] = {}
        for invoice in self.known.values():
            assert all(part > 0 for part in invoice.claims.values()), invoice
            assert sum(invoice.claims.values()) <= invoice.amount, invoice
            assert invoice.used <= invoice.amount or invoice.credits, invoice
            for claimant, part in invoice.claims.items():
                backed[claimant] = backed.get(claimant, 0) + part
        for claimant, part in backed.items():
            assert face(claimant) in (None, part), (claimant, part)
