"""What the chain took back, as an event of its own beside those of operations: the domain's UndoneBook over app.db."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, insert, or_, select

from api.domain.access import OPERATOR
from api.domain.operations import REORGANISED
from api.domain.reorganisations import ReorganisationEvent, Touched, Undone
from api.store.app.database import Database
from api.store.app.noting import in_order, unknown
from api.store.app.rows import dump
from api.store.app.tables import operation_events, operations, reorganisations, replacements, undone

_CHUNK = 500
_Thing = tuple[int, str, str, bool]
"""Party, kind, id, whether it is gone."""


class StoredUndone:
    """Implements UndoneBook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def unknown(self, keys: Sequence[str]) -> Sequence[str]:
        return await self._database.read(lambda c: unknown(c, reorganisations.c.key, keys))

    async def put(self, undone: Undone) -> None:
        await self._database.write(lambda c: _put(c, undone))


def _put(connection: Connection, told: Undone) -> None:
    in_order(connection)
    if connection.execute(select(reorganisations.c.event).where(reorganisations.c.key == told.key)).first():
        return
    noted = connection.execute(insert(operation_events).values(change=REORGANISED, at=int(time.time())))
    (event,) = noted.inserted_primary_key or (0,)
    row = {"event": event, "key": told.key, "blocks": dump(told.blocks), "complete": told.complete}
    connection.execute(insert(reorganisations).values(row))
    things = [*_operations(connection, told.transactions), *_seen(told)]
    if things:
        names = ("party", "kind", "thing", "gone")
        connection.execute(insert(undone), [{"event": event, **dict(zip(names, t, strict=True))} for t in things])


def _seen(told: Undone) -> Iterator[_Thing]:
    for kind, all_of_them in (("note", told.notes), ("receivable", told.receivables)):
        for one in all_of_them:
            yield from ((party, kind, str(one.thing.id), one.thing.gone) for party in one.parties)


def _operations(connection: Connection, hashes: Sequence[str]) -> Iterator[_Thing]:
    """Operations that these transactions carried out."""
    o = operations.c
    found: set[tuple[int, str]] = set()
    for start in range(0, len(hashes), _CHUNK):
        some = hashes[start : start + _CHUNK]
        first = select(o.party, o.id).where(o.tx_hash.in_(some))
        later = select(o.party, o.id).join(replacements, replacements.c.operation == o.seq)
        found.update(
            (r[0], r[1]) for r in connection.execute(first.union(later.where(replacements.c.tx_hash.in_(some))))
        )
    for party, operation in sorted(found):
        yield party, "operation", operation, False


def reorganisation(connection: Connection, event: int, at: int, party: int | None) -> ReorganisationEvent:
    """As one party sees it; the operator, too, sees notes and receivables, and None sees all."""
    (blocks, complete) = connection.execute(
        select(reorganisations.c.blocks, reorganisations.c.complete).where(reorganisations.c.event == event)
    ).one()
    u = undone.c
    query = select(u.kind, u.thing, u.gone).where(u.event == event).distinct()
    if party == OPERATOR:
        query = query.where(or_(u.party == party, u.kind != "operation"))
    elif party is not None:
        query = query.where(u.party == party)
    things = connection.execute(query).all()

    def touched(kind: str) -> tuple[Touched, ...]:
        found = ((int(thing), gone) for of, thing, gone in things if of == kind)
        return tuple(Touched(*one) for one in sorted(found))

    names = tuple(sorted(thing for of, thing, _ in things if of == "operation"))
    pairs = tuple((number, digest) for number, digest in json.loads(blocks))
    return ReorganisationEvent(event, at, pairs, complete, names, touched("note"), touched("receivable"))
