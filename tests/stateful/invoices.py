"""Invoices used in part, shared, released and credited: acts of a random life, and how often they happen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from eth_utils import keccak

from tests.contracts.chain import key_of
from tests.contracts.constants import FACE
from tests.reference.invoices import Claim, CreditNote, InvoiceClaim
from tests.stateful.choices import amount_at

if TYPE_CHECKING:
    from tests.contracts.twin import Twin
    from tests.stateful.walk import Dice


class InvoiceActs:
    """Mixed into a life."""

    twin: Twin
    act: Callable[[str, Callable[[], object]], None]

    def backing(self, pick: int, edge: int, wild: bool, known: bool) -> tuple[InvoiceClaim, ...]:
        """A part of an invoice that is known, with a new one beside it at times; or new ones, whole or in part."""
        amount, books = amount_at(edge, FACE), self.twin.model.world.invoices.known
        claimed = [mark for mark, invoice in books.items() if invoice.amount]
        if not known or not claimed:
            return (self.twin.invoice(2 * amount if pick % 2 else amount, amount),)
        mark = claimed[pick % len(claimed)]
        invoice = books[mark]
        part = amount_at(edge, max(0, invoice.amount - invoice.used))
        shared = InvoiceClaim(mark, invoice.amount + (pick % 3 if wild else 0), part)
        if wild and pick % 5 == 0:
            return (shared, shared)
        return (shared, self.twin.invoice(FACE, FACE // 5)) if pick % 4 == 0 else (shared,)

    def _claims(self, of_cancelled: bool) -> list[Claim]:
        world = self.twin.model.world
        return [
            Claim(mark, *claimant)
            for mark, invoice in world.invoices.known.items()
            for claimant in invoice.claims
            if not of_cancelled or world.ledger.receivables[claimant[1]].cancelled
        ]

    def release(self, some: list[int], wild: bool) -> None:
        """Claims back of receivables that are cancelled; of any when wild."""
        claims = self._claims(not wild) or self._claims(False)
        chosen = [claims[pick % len(claims)] for pick in some]
        chosen = chosen if wild else list(dict.fromkeys(chosen))
        self.act("release", lambda: self.twin.release(key_of("rando"), chosen))

    def credit(self, some: list[list[int]], wild: bool) -> None:
        """Credit notes for invoices known and unknown; one that counted already, or a word used before, when wild."""
        twin = self.twin
        books = twin.model.world.invoices
        marks, counted = list(books.known), list(books.credit_notes())
        notes = []
        for pick, edge in some:
            mark = keccak(text=f"unknown {pick % 4}") if pick % 9 == 0 else marks[pick % len(marks)]
            amount = amount_at(edge, books.invoice(mark).amount // 4 or FACE)
            fresh = keccak(text=f"credit note {len(counted) + len(notes)}")
            notes.append(CreditNote(mark, counted[pick % len(counted)] if wild and counted else fresh, amount))
        word = twin.attest(nonce=some[0][0] % 50) if wild else twin.attest()
        self.act("credit", lambda: twin.credit(key_of("rando"), notes, attestation=word))


INVOICE_ACTS: dict[str, tuple[int, Callable[[Dice], dict[str, Any]]]] = {
    "release": (3, lambda d: {"some": [d.pick() for _ in range(d.randint(1, 2))], "wild": d.wild()}),
    "credit": (2, lambda d: {"some": [[d.pick(), d.edge()] for _ in range(d.randint(1, 2))], "wild": d.wild()}),
}
