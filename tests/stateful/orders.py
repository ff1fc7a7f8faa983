"""Orders in random lives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eth_account.signers.local import LocalAccount

from tests.contracts.chain import key_of
from tests.contracts.constants import ZERO_HASH
from tests.contracts.twin import Twin
from tests.contracts.twin_orders import ORDER
from tests.reference.notes import NoteFlag, NoteStatus
from tests.stateful.choices import Choices, amount_at

ACCEPTED = (NoteStatus.HELD, NoteStatus.PLEDGED, NoteStatus.SPENT, NoteStatus.REPAID)


class OrderActs:
    """The arbiters' acts, for :class:`tests.stateful.machine.Life`."""

    twin: Twin
    choices: Choices
    act: Callable[[str, Callable[[], object]], None]

    def freeze(self, which: int, who: int, wild: bool) -> None:
        """A note that is accepted; any when wild."""
        note = self.choices.note(which, wild, *ACCEPTED)
        key, order = self._arbiter(who, wild), _order(who, wild)
        self.act("freeze", lambda: self.twin.freeze(key, note, order=order))

    def release_notes(self, which: int, who: int, wild: bool) -> None:
        """A note that is frozen; any when wild."""
        note = self.choices.note(which, wild, NoteStatus.FROZEN)
        key, order = self._arbiter(who, wild), _order(who, wild)
        self.act("release notes", lambda: self.twin.release_notes(key, note, order=order))

    def reassign(self, which: int, who: int, to: int, edge: int, wild: bool) -> None:
        """Value of a frozen note, to anybody, the debtor included; freezes one first where none is."""
        ledger = self.twin.model.world.ledger
        frozen = self.choices.notes(lambda _, facts: bool(facts.flags & NoteFlag.FROZEN) and facts.value > 0)
        if not frozen and not wild:
            self.freeze(which, who, wild)
            return
        note = self.choices.note(which, wild) if wild else frozen[which % len(frozen)]
        value = ledger.notes[note].value if note in ledger.notes else 1
        key, order, receiver = self._arbiter(who, wild), _order(who, wild), self.choices.party(to)
        amount = amount_at(edge, value)
        self.act("reassign", lambda: self.twin.order_reassignment(key, note, receiver, amount, order=order))

    def execute(self, which: int, wild: bool) -> None:
        """One that is recorded, mostly after its delay."""
        recorded = self.twin.model.world.reassignments
        number = which % 20 if wild or not recorded else list(recorded)[which % len(recorded)]
        if number in recorded and not wild:
            moment = recorded[number].ready_at + which % 3 - 2
            if moment > self.twin.chain.now:
                self.twin.move_to(moment)
        self.act("execute", lambda: self.twin.execute_reassignment(key_of("rando"), number))

    def cancel(self, which: int, who: int, wild: bool) -> None:
        """One that is recorded."""
        recorded = self.twin.model.world.reassignments
        number = which % 20 if wild or not recorded else list(recorded)[which % len(recorded)]
        key, order = self._arbiter(who, wild), _order(who, wild)
        self.act("cancel", lambda: self.twin.cancel_reassignment(key, number, order=order))

    def _arbiter(self, who: int, wild: bool) -> LocalAccount:
        return self.choices.key(who) if wild else self.twin.actors[("arbiter", "arbiter2")[who % 2]].key


def _order(who: int, wild: bool) -> bytes:
    return ZERO_HASH if wild and who % 5 == 0 else ORDER


# As tests.stateful.walk.ACTS
ORDER_ACTS: dict[str, tuple[int, Callable[[Any], dict[str, Any]]]] = {
    "freeze": (5, lambda d: {"which": d.pick(), "who": d.pick(), "wild": d.wild()}),
    "release_notes": (3, lambda d: {"which": d.pick(), "who": d.pick(), "wild": d.wild()}),
    "reassign": (
        5,
        lambda d: {"which": d.pick(), "who": d.pick(), "to": d.pick(), "edge": d.edge(), "wild": d.wild()},
    ),
    "execute": (3, lambda d: {"which": d.pick(), "wild": d.wild()}),
    "cancel": (1, lambda d: {"which": d.pick(), "who": d.pick(), "wild": d.wild()}),
}
EVERY_ACT = {"freeze", "release notes", "reassign", "execute", "cancel"}
