"""Paths as answered: the notes by which value came from one party to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from api.domain.access import Seen
from api.domain.views import NoteView, ReceivableView
from api.schemas import wire
from api.schemas.base import Answer, Minor
from api.schemas.ledger import Note, Receivable


class Path(Answer):
    """One way that value of a debt went: `notes` from the one where it left (the root where the party owes the debt) to the
    one where it arrived; `amount` is what arrived by it."""

    receivable: Receivable
    amount: Minor | None
    notes: list[Note] = Field(description="Each with its own amount: `face` is what came to it.")


def path(debt: Seen[ReceivableView], notes: Sequence[Seen[NoteView]]) -> dict[str, Any]:
    """A path as JSON."""
    written = [wire.seen_note(note) for note in notes]
    return {"receivable": wire.seen_receivable(debt), "amount": written[-1]["face"], "notes": written}
