"""What was undone when the chain replaced blocks, as the index saw it and as one subscriber is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from api.domain.operations import REORGANISED


@dataclass(frozen=True, slots=True)
class Touched:
    """A note or a receivable that undone blocks brought into being (`gone`: there is none of it now), or changed."""

    id: int
    gone: bool


@dataclass(frozen=True, slots=True)
class Witnessed:
    """The same, and the parties that may know of it."""

    thing: Touched
    parties: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Undone:
    """Blocks that were taken back, and all that was undone with them."""

    key: str
    """Its own, for ever: whoever tells of it knows by it what was told."""
    blocks: tuple[tuple[int, str], ...]
    """Number and hash (0x-hex), ascending."""
    complete: bool
    """False where more blocks were replaced than can be named: then everything is to be read again."""
    transactions: tuple[str, ...]
    """Hashes (0x-hex) of those in which something of ours happened."""
    notes: tuple[Witnessed, ...]
    receivables: tuple[Witnessed, ...]


@dataclass(frozen=True, slots=True)
class ReorganisationEvent:
    """Told among the events of operations, under an id of their row: cut to what one subscriber sees."""

    id: int
    at: int
    """When it was stored, Unix seconds of the host."""
    blocks: tuple[tuple[int, str], ...]
    complete: bool
    operations: tuple[str, ...]
    """Those whose effect was in the undone blocks."""
    notes: tuple[Touched, ...]
    receivables: tuple[Touched, ...]
    change: str = REORGANISED


class UndoneBook(Protocol):
    """Where it is stored before it is told."""

    async def unknown(self, keys: Sequence[str]) -> Sequence[str]:
        """Those that are not stored yet, in their order."""
        ...

    async def put(self, undone: Undone) -> None:
        """Stores it as the next event, once: what is there already stays as it is."""
        ...
