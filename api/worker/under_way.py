"""What is signed and not mined, as one worker knows it: by operation, by transaction, and when it was last touched."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from api.domain.sending import Replacement, Submitted

NEVER = float("-inf")


@dataclass(slots=True)
class Entry:
    """One operation. Times are monotonic seconds."""

    operation: Submitted
    since: float = field(default_factory=time.monotonic)
    """When its latest transaction was first watched."""
    at_height: int | None = None
    """The chain's height when it was first looked at as stuck."""
    sent_at: float = NEVER
    nonce_refused: bool = False

    @property
    def nonce(self) -> tuple[str, int]:
        """Its place in the order in which things must be sent."""
        return self.operation.transaction.account, self.operation.transaction.nonce

    def hashes(self) -> Iterable[str]:
        """Of all transactions that may be mined for it."""
        yield self.operation.transaction.tx_hash
        for later in self.operation.replacements:
            yield later.transaction.tx_hash


class UnderWay:
    """The operations that a worker follows."""

    def __init__(self) -> None:
        self._entries: dict[int, Entry] = {}
        self._of_hash: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, seq: int) -> bool:
        return seq in self._entries

    def seqs(self) -> set[int]:
        return set(self._entries)

    def add(self, operations: Iterable[Submitted]) -> None:
        for operation in operations:
            entry = self._entries[operation.seq] = Entry(operation)
            self._of_hash |= dict.fromkeys(entry.hashes(), operation.seq)

    def entry(self, seq: int) -> Entry:
        return self._entries[seq]

    def of_hash(self, tx_hash: str) -> Entry:
        return self._entries[self._of_hash[tx_hash]]

    def remove(self, seq: int) -> None:
        for tx_hash in self._entries.pop(seq).hashes():
            del self._of_hash[tx_hash]

    def replaced(self, entry: Entry, replacement: Replacement) -> None:
        """Another transaction may be mined for it from now on, and that one is sent."""
        operation = entry.operation
        later = replace(operation, replacements=(*operation.replacements, replacement))
        self.add([later])

    def next(self, most: int) -> list[Entry]:
        """Those whose turn it is to be looked at: all take turns, so that no stuck ones hide the rest."""
        turn = list(self._entries)[:most]
        if len(turn) < len(self._entries):
            for seq in turn:
                self._entries[seq] = self._entries.pop(seq)
        return [self._entries[seq] for seq in turn]

    def silent(self, among: Collection[int], before: float) -> list[Entry]:
        """Those of `among` that were last sent before a time, in the order of their nonces."""
        found = [self._entries[s] for s in among if s in self._entries]
        return sorted((e for e in found if e.sent_at < before), key=lambda e: e.nonce)
