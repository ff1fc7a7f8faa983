"""What a random act may be made of: mostly what could go through, often at an edge, sometimes nonsense."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from eth_account.signers.local import LocalAccount

from tests.contracts.chain import key_of
from tests.contracts.constants import FACE, MINIMUM
from tests.contracts.twin import Twin
from tests.reference.notes import Note, NoteStatus

T = TypeVar("T")

NAMES = ("core", "core2", "tier1", "tier2", "tier3", "tier4", "financier", "financier2", "registrar", "bank")


def amount_at(edge: int, value: int) -> int:
    """An amount about a value: nothing, the minimum, a part, all of it, one too many."""
    amounts = (
        value // 2,
        value,
        value // 3,
        MINIMUM,
        value - MINIMUM,
        value - MINIMUM + 1,
        value + 1,
        MINIMUM - 1,
        0,
        min(value, FACE // 7),
    )
    return max(0, amounts[edge])


class Choices:
    """Picks from what is there."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin

    def one(self, options: Sequence[T], pick: int) -> T | None:
        """One of the options, None of none."""
        return options[pick % len(options)] if options else None

    def party(self, pick: int) -> int:
        """A party's id, seldom one that does not exist."""
        return self.twin.actors[NAMES[pick % len(NAMES)]].party if pick % 23 else pick % 40

    def key(self, pick: int) -> LocalAccount:
        """A key: an administrator's, a settlement account's, a clerk's, a stranger's."""
        if pick % 11 == 0:
            return key_of("rando")
        actor = self.twin.actors[NAMES[pick % len(NAMES)]]
        return actor.cash if pick % 7 == 0 else actor.key

    def key_of_party(self, party: int) -> LocalAccount:
        """The administrator's key of a party."""
        return next((actor.key for actor in self.twin.actors.values() if actor.party == party), key_of("rando"))

    def notes(self, fits: Callable[[int, Note], bool]) -> list[int]:
        """The notes that fit."""
        return [note_id for note_id, note in self.twin.model.world.ledger.notes.items() if fits(note_id, note)]

    def note(self, pick: int, wild: bool, *statuses: NoteStatus) -> int:
        """A note in one of the statuses; any, or one that is not there, when wild or when there is none."""
        ledger, today = self.twin.model.world.ledger, self.twin.today
        fitting = self.notes(lambda note_id, _: ledger.status(note_id, today) in statuses)
        chosen = None if wild else self.one(fitting, pick)
        return chosen if chosen is not None else pick % (len(ledger.notes) + 1) + 1

    def holder_key(self, note_id: int, pick: int, wild: bool) -> LocalAccount:
        """The key of the note's holder; any when wild."""
        note = self.twin.model.world.ledger.notes.get(note_id)
        return self.key(pick) if wild or note is None else self.key_of_party(note.holder)
