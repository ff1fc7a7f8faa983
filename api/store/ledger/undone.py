"""What a rewind undoes, and who may know: written down in its transaction, so that no kill loses it. Whoever saw a note or a
receivable learns that there is none now; that one has changed, those alone who see what changes."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import orjson
from sqlalchemy import bindparam, or_, select

from api.domain.calendar import day_of_time
from api.domain.reorganisations import Touched, Undone, Witnessed
from api.store.ledger import sight
from api.store.ledger import tables as t
from api.store.ledger.sql import Connection, Sql, among, numbers
from api.store.ledger.types import ZERO
from api.store.ledger.views import hexed

_to = bindparam("to", type_=t.Id)
_OF_A_NOTE = ("notes", "loans", "freezes", "sales", "assignments")
_OF_A_RECEIVABLE = ("receivables", "rounds")
"""Tables whose key is the note's, or the receivable's."""

_KEYS = Sql(
    select(t.undo.c.name, t.undo.c.key).where(
        t.undo.c.block > _to, or_(*(t.undo.c.name == name for name in _OF_A_NOTE + _OF_A_RECEIVABLE))
    )
)
_TRANSACTIONS = Sql(select(t.events.c.tx).where(t.events.c.block > _to).distinct().order_by(t.events.c.tx))
_BLOCKS = Sql(select(t.blocks.c.number, t.blocks.c.hash).where(t.blocks.c.number > _to).order_by(t.blocks.c.number))
_NOTES = Sql(select(t.notes.c.id).where(among(t.notes.c.id, "ids")))
_STANDING = Sql(
    select(t.receivables.c.id, t.receivables.c.flags, t.receivables.c.outstanding == ZERO).where(
        among(t.receivables.c.id, "ids")
    )
)


class Witnesses:
    """Looks at a ledger twice: before a rewind and after it."""

    def __init__(self, connection: Connection, to: int, time: int) -> None:
        """`time` is that of the last block before the rewind, Unix seconds."""
        self._connection = connection
        touched: dict[bool, set[int]] = {True: set(), False: set()}
        for name, key in _KEYS.all(connection, to=to):
            touched[name in _OF_A_NOTE].add(json.loads(key)[0])
        self._notes, self._receivables = sorted(touched[True]), sorted(touched[False])
        self._blocks = [(number, hexed(digest)) for number, digest in _BLOCKS.all(connection, to=to)]
        self._transactions = [hexed(row[0]) for row in _TRANSACTIONS.all(connection, to=to)]
        self._before = _Look(connection, self._notes, self._receivables, time)

    def told(self, time: int, *, complete: bool) -> str:
        """What was undone, as `undone` reads it. `time` is that of the block at which the ledger stands now."""
        before, after = self._before, _Look(self._connection, self._notes, self._receivables, time)
        notes = [
            (note, gone := note not in after.notes, _parties(before.of_notes[note], after.of_notes[note], all_of=gone))
            for note in self._notes
            if note in before.notes
        ]
        receivables = []
        for number in self._receivables:
            gone, same = number not in after.standing, before.standing[number] == after.standing.get(number)
            witnesses = before.of_receivables[number], after.of_receivables[number]
            receivables.append((number, gone, _parties(*witnesses, all_of=gone or not same)))
        told = {
            "blocks": self._blocks,
            "complete": complete,
            "transactions": self._transactions,
            "notes": notes,
            "receivables": receivables,
        }
        return orjson.dumps(told).decode()


class _Look:
    """What is there, and who sees it: pairs of a party and whether it sees all that changes."""

    def __init__(self, connection: Connection, notes: Collection[int], receivables: Collection[int], time: int) -> None:
        self.notes = {row[0] for row in _NOTES.all(connection, ids=numbers(notes))}
        found = _STANDING.all(connection, ids=numbers(receivables))
        self.standing = {number: (flags, bool(settled)) for number, flags, settled in found}
        today = day_of_time(time)
        self.of_notes = _by_thing(sight.WITNESSES_OF_NOTES.all(connection, ids=numbers(notes), today=today))
        self.of_receivables = _by_thing(sight.WITNESSES_OF_RECEIVABLES.all(connection, ids=numbers(receivables)))


def _by_thing(rows: Iterable[tuple[Any, ...]]) -> dict[int, set[tuple[int, bool]]]:
    found: dict[int, set[tuple[int, bool]]] = defaultdict(set)
    for thing, party, wholly in rows:
        found[thing].add((party, bool(wholly)))
    return found


def _parties(*looks: Iterable[tuple[int, bool]], all_of: bool) -> list[int]:
    return sorted({party for look in looks for party, wholly in look if wholly or all_of})


def undone(key: str, told: str) -> Undone:
    """What `Witnesses.told` wrote."""
    said = orjson.loads(told)

    def witnessed(name: str) -> tuple[Witnessed, ...]:
        return tuple(Witnessed(Touched(thing, gone), tuple(parties)) for thing, gone, parties in said[name])

    return Undone(
        key,
        tuple((number, digest) for number, digest in said["blocks"]),
        said["complete"],
        tuple(said["transactions"]),
        witnessed("notes"),
        witnessed("receivables"),
    )
