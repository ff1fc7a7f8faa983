"""One line of the event table: what an event's payload is, what it does, and what it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.store.ledger.rows import Place
from api.store.ledger.writer import Ledger

NOWHERE = Place(b"", 0, 0, 0)


@dataclass(slots=True)
class Unpaid:
    """Cash of a note that is still to be told of in its transaction, in minor units. A lender is paid `first` of it."""

    payee: int
    principal: int
    interest: int
    lender: int = 0
    first: int = 0

    @property
    def amount(self) -> int:
        return self.principal + self.interest

    def leg(self) -> Unpaid:
        """Takes the next leg off: the lender's, of principal as far as that goes, or all that is left."""
        amount = self.first or self.amount
        principal = min(amount, self.principal)
        taken = Unpaid(self.lender or self.payee, principal, amount - principal)
        self.principal -= taken.principal
        self.interest -= taken.interest
        self.lender = self.first = 0
        return taken


@dataclass(slots=True)
class At:
    """Where an event stands, and what the handlers of one transaction tell each other."""

    tokens: Mapping[bytes, tuple[str, int]]
    """Code and decimals of tokens that this range allows."""
    place: Place = NOWHERE
    pending: dict[int, Unpaid] = field(default_factory=dict)
    """Of notes, and of loans that they secure, repaid in this transaction."""


def word(number: int) -> bytes:
    """A uint256 as it is kept: big-endian."""
    return number.to_bytes(32, "big")


Handler = Callable[[Ledger, At, Any], None]
About = Callable[[Ledger, Any], "int | None"]
"""The root note of what the event is about. Every event that changes what is read of a tree says so: answers about it are kept
until the next one that does (docs/adr/0025)."""


def nothing(ledger: Ledger, event: Any) -> int | None:
    """For events about no note."""
    return None


def its_note(ledger: Ledger, event: Any) -> int | None:
    return ledger.notes.get(event.note).root_id


def its_receivable(ledger: Ledger, event: Any) -> int | None:
    return ledger.receivables.get(event.receivable).root


@dataclass(frozen=True, slots=True)
class Load:
    """Rows of a table whose key stands in the payload: its fields, in the order of the key's columns."""

    table: str
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """`payload.__name__` is the event's name. `loads` is what a range loads in one go, of tables with a row per event."""

    payload: type[Any]
    handle: Handler
    about: About = nothing
    loads: tuple[Load, ...] = ()
