"""What is kept off the chain: names, imported items, signed quotes. None of it is needed to believe the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from api.domain.invoices import InvoiceItem


@dataclass(frozen=True, slots=True)
class Profile:
    """Who a party is, for people. `party` is None until it is admitted; `identities` are canonical (party_identity)."""

    credit_code: str
    credit_code_hash: str
    name_zh: str
    name_en: str
    identities: tuple[str, ...] = ()
    party: int | None = None


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """An invoice taken in. Whether it is confirmed is not kept here: the ledger knows its fingerprint.

    `buyer` is the party that owes, in whose name it was imported; `evidence_hash` is the salted hash that goes on chain.
    """

    id: int
    buyer: int
    item: InvoiceItem
    evidence_hash: str


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """A holder's wish that a financier quote for its note. Financier 0: every one."""

    note: int
    financier: int
    seller: int
    created_at: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A signed quote, as IFinancingDesk.Quote, with its signature. Off chain until it is taken."""

    id: str
    note: int
    seller: int
    financier: int
    max_amount: int
    rate_bps: int
    recourse: bool
    payer: str
    registry_reference: str
    valid_until: int
    nonce: int
    epoch: int
    signer: str
    signature: str
    withdrawn: bool = False
