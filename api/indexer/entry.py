"""One line of the event table: what an event's payload is, what it does, and what it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.store.ledger.rows import Place
from api.store.ledger.writer import Ledger

NOWHERE = Place(b"", 0, 0, 0)


@dataclass(slots=True)
class At:
    """Where an event stands, and what the handlers of one transaction tell each other."""

    tokens: Mapping[bytes, tuple[str, int]]
    """Code and decimals of tokens that this range allows."""
    place: Place = NOWHERE
    pending: dict[int, Any] = field(default_factory=dict)
    """Notes repaid in this transaction whose cash is still to be told of."""


Handler = Callable[[Ledger, At, Any], None]
About = Callable[[Ledger, Any], "int | None"]
"""The root note of what the event is about."""


def nothing(ledger: Ledger, event: Any) -> int | None:
    """For events about no note."""
    return None


def its_note(ledger: Ledger, event: Any) -> int | None:
    return ledger.notes.get(event.note).root_id


def its_receivable(ledger: Ledger, event: Any) -> int | None:
    return ledger.receivables.get(event.receivable).root


@dataclass(frozen=True, slots=True)
class Entry:
    """`payload.__name__` is the event's name."""

    payload: type[Any]
    handle: Handler
    about: About = nothing
