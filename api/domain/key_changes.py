"""Who controls a party, and where its cash goes: changes that are announced, open to veto, and then finished
(IDelayedChanges), and how subscribers are told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from api.domain.operations import KEY_CHANGE
from api.domain.views import PartyName


class KeyChangeKind(StrEnum):
    """What is announced. A party has one of each kind at most."""

    RECOVERY = "recovery"
    """Another account administers a party whose keys are lost."""
    SETTLEMENT = "settlement"
    """The party's cash goes to another account."""


class KeyChangeState(StrEnum):
    """announced → vetoed | withdrawn | finished. A settlement change is never withdrawn."""

    ANNOUNCED = "announced"
    VETOED = "vetoed"
    WITHDRAWN = "withdrawn"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class KeyChange:
    """The last change of a kind that was announced for a party. It may be finished from `ready_at` on, Unix seconds of the
    chain; `removed` lose every right with a recovery, in the order in which finishing names them."""

    party: PartyName
    kind: KeyChangeKind
    account: str
    ready_at: int
    evidence_hash: str
    removed: tuple[str, ...]
    state: KeyChangeState

    @property
    def id(self) -> int:
        """By party, then by kind."""
        return 2 * self.party.id + (self.kind is KeyChangeKind.SETTLEMENT)

    @property
    def key(self) -> str:
        """This announcement in this state, for ever: whoever tells of it knows by it what was told."""
        return f"{self.kind}:{self.party.id}:{self.account}:{self.ready_at}:{self.state}"


@dataclass(frozen=True, slots=True)
class KeyChangeEvent:
    """Told to the party among the events of its operations. `at`: when it was stored, Unix seconds of the host."""

    id: int
    at: int
    told: KeyChange
    change: str = KEY_CHANGE


class KeyChangeBook(Protocol):
    """Where it is stored before it is told."""

    async def unknown(self, keys: Sequence[str]) -> Sequence[str]:
        """Those that are not stored yet, in their order."""
        ...

    async def put(self, change: KeyChange) -> None:
        """Stores it as the party's next event, once: what is there already stays as it is."""
        ...
