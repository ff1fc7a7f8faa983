"""What is stored of payments that settlement banks carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum


class Product(IntEnum):
    """What a bank's payment is about."""

    SALE = 1
    REPAYMENT = 2


class Outcome(IntEnum):
    """What became of a bank's reference."""

    NONE = 0
    DELIVERED = 1
    EXCEPTION = 2


@dataclass
class Reservation:
    """Waits for a bank's yes or no until its last day."""

    product: Product
    bank: int
    day: int
    last_day: int
    declined: bool = False

    def is_over(self, today: int) -> bool:
        """Whether the bank's word counts no more."""
        return self.declined or today > self.last_day


@dataclass(frozen=True)
class Sale:
    """A deal under way."""

    note: int
    seller: int
    financier: int
    amount: int
    rate_bps: int
    recourse: bool
    price: int
    registry_reference: bytes
    quote_nonce: int


@dataclass
class Banks:
    """Reservations by the digest that the bank signed, and what waits under each; records by bank and reference."""

    reservations: dict[bytes, Reservation] = field(default_factory=dict)
    sales: dict[bytes, Sale] = field(default_factory=dict)
    # Principal to be paid of each note under a reservation; 0 once paid or released.
    reserved: dict[tuple[bytes, int], int] = field(default_factory=dict)
    # The reservation that a receivable's round is paid under, and the round's number.
    rounds: dict[int, tuple[bytes, int]] = field(default_factory=dict)
    # Last day on which the debtor cannot reserve a note again.
    rests: dict[int, int] = field(default_factory=dict)
    # Outcome, and the digest of the attestation that the reference stands for.
    records: dict[tuple[int, bytes], tuple[Outcome, bytes]] = field(default_factory=dict)
