"""Invoices as they come in: items, refusals, and the fingerprint that makes one invoice one, whatever file it came in.

The fingerprint is HMAC-SHA256 under the network key of the seller's canonical identity, the folded number and the issue
date; never of the amount, the currency, the buyer or the file. The rules are in docs/intake.md; a change of any of them
is a new version of `FINGERPRINT_LABEL`.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

from api.domain.party_identity import PartyIdentity, casefold_nfkc, is_blank, settle

FINGERPRINT_LABEL = b"cascade/invoice-fingerprint/v1"
DEMO_NETWORK_KEY = hashlib.sha256(b"cascade: the published demo network key, protects nothing").digest()
"""For trying things without a key: everybody knows it, so its fingerprints can be guessed."""

LARGEST_AMOUNT = 2**63 - 1
"""The largest payable amount that is read, in minor units: what the databases hold exactly."""


@dataclass(frozen=True, slots=True)
class InvoiceItem:
    """One payable invoice, read and fingerprinted.

    `file` is the name as given, `item` where in it ("line 7", "lines 7,9", "Invoice"); `payable` is in minor units of
    `currency`; `buyer` is None when the document does not name one (a ledger: it is its owner's). `due_date` is None
    only where the reader was told to let that pass. `file_hash` is the SHA-256 of the whole file and `fingerprint` 32
    bytes, both as 0x-hex. `assumed` names the fields that no document states.
    """

    file: str
    item: str
    seller: PartyIdentity
    buyer: PartyIdentity | None
    number: str
    issue_date: date
    due_date: date | None
    currency: str
    payable: int
    file_hash: str
    fingerprint: str
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """One item that is not taken: where it stands, the stable id of the rule, and with what (`params`, for texts).

    `number` is the document number where one is known; without it the refusal is of a line or a file, not a document.
    """

    file: str
    item: str
    rule: str
    params: Mapping[str, str] = field(default_factory=dict)
    number: str | None = None


Answer = InvoiceItem | Refusal


def fold_number(number: str) -> str:
    """An invoice number as compared: NFKC, no case, nothing invisible, one kind of dash.

    Leading zeros of an all-digit number fall away too, because spreadsheets drop them: taking 00123 and 123 of one
    seller and one day for two invoices would finance one debt twice, taking them for one costs a question. Other
    punctuation stays: 1/21 and 12/1 are two invoices.
    """
    plain = number.isascii() and number.isalnum()
    folded = number.lower() if plain else settle(_fold_number_once, number)
    return (folded.lstrip("0") or "0") if folded.isascii() and folded.isdigit() else folded


def _fold_number_once(number: str) -> str:
    kept = (c for c in casefold_nfkc(number) if not is_blank(c))
    return "".join("-" if c == "\u2212" or unicodedata.category(c) == "Pd" else c for c in kept)


def fingerprint_preimage(seller: str, number: str, issue_date: date) -> bytes:
    """The bytes under the HMAC: label and fields, each after its length (4 bytes, big-endian), text in UTF-8.

    `seller` is a canonical identity; `number` is folded here. No two triples share an encoding.
    """
    fields = (FINGERPRINT_LABEL, seller.encode(), fold_number(number).encode(), issue_date.isoformat().encode())
    return b"".join(len(part).to_bytes(4, "big") + part for part in fields)


def fingerprint(key: bytes, seller: str, number: str, issue_date: date) -> str:
    """The keyed fingerprint of an invoice, 32 bytes as 0x-hex. `seller` is a canonical identity (aliases resolved)."""
    return "0x" + hmac.digest(key, fingerprint_preimage(seller, number, issue_date), "sha256").hex()


def salted_hash(file_hash: str, salt: bytes) -> str:
    """What goes on chain for an original file: SHA-256 of salt and file hash, as 0x-hex.

    The salt (32 random bytes, kept in the app database) stops others from finding out that a file they hold is meant.
    """
    return "0x" + hashlib.sha256(salt + bytes.fromhex(file_hash.removeprefix("0x"))).hexdigest()


@dataclass(frozen=True, slots=True)
class Assumption:
    """Due dates for documents that state none: an even draw of `due_days_min` to `due_days_max` days after
    `counted_from`, or, without that, after the issue date. The draw hangs on `seed` and the fingerprint alone, so it is
    the same whatever the order of items."""

    due_days_min: int
    due_days_max: int
    seed: int = 0
    counted_from: date | None = None

    def __post_init__(self) -> None:
        if self.due_days_min > self.due_days_max:
            raise ValueError(f"due_days_min {self.due_days_min} is above due_days_max {self.due_days_max}")

    def due_date(self, issue_date: date, fingerprint: str) -> date:
        """The assumed due date of one item."""
        draw = hashlib.sha256(f"{self.seed}:{fingerprint}".encode()).digest()
        days = self.due_days_min + int.from_bytes(draw[:8], "big") % (self.due_days_max - self.due_days_min + 1)
        return (self.counted_from or issue_date) + timedelta(days=days)


def shift_dates(item: InvoiceItem, days: int) -> InvoiceItem:
    """The item with both its dates moved by `days`, marked as assumed. The fingerprint stays that of the document."""
    if days == 0:
        return item
    step = timedelta(days=days)
    return replace(
        item,
        issue_date=item.issue_date + step,
        due_date=None if item.due_date is None else item.due_date + step,
        assumed=tuple(dict.fromkeys((*item.assumed, "issue_date", "due_date"))),
    )


class InvoiceReader(Protocol):
    """Reads documents into items and refusals (port; api/intake implements it)."""

    def read_files(self, paths: Iterable[Path | str]) -> Iterator[Answer]:
        """Every item of every file, in order; `file` of an answer is the path as given."""
        ...

    def read_document(self, name: str, data: bytes) -> Iterator[Answer]:
        """The items of one document that is already in memory; `name` is how answers call it."""
        ...


class DocumentStore(Protocol):
    """Keeps original files by content address: a key is the 0x-hex SHA-256 of its bytes. Fits S3-compatible storage."""

    async def put(self, data: bytes) -> str:
        """Keep the bytes and answer their key; the same bytes again change nothing."""
        ...

    async def get(self, file_hash: str) -> bytes:
        """The bytes under a key. NotFound when there are none, Unavailable when they no longer match their key."""
        ...

    async def exists(self, file_hash: str) -> bool:
        """Whether there is a document under a key."""
        ...


class Duplicates:
    """Finds the same invoice twice within one run; what was confirmed before is for the claims on chain to say."""

    def __init__(self) -> None:
        self._seen: dict[str, InvoiceItem] = {}

    def check(self, item: InvoiceItem) -> Answer:
        """The item itself the first time its fingerprint appears; then a refusal that names what it collides with."""
        first = self._seen.setdefault(item.fingerprint, item)
        if first is item:
            return item
        params = {
            "number": item.number,
            "other_file": first.file,
            "other_item": first.item,
            "other_number": first.number,
        }
        return Refusal(item.file, item.item, "duplicate-invoice", params, item.number)
