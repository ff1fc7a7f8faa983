"""Waiting for operations to end: one look at the database after each commit, however many wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import anyio
from sqlalchemy import Connection, Row, Select, select

from api.domain.errors import NotFound
from api.domain.operations import Operation
from api.gathering import Gathering
from api.store.app.database import ChangeWatch, Database
from api.store.app.rows import to_operation
from api.store.app.tables import operations

OPEN = ("queued", "submitted")
"""The statuses of operations that have not ended."""
_CHUNK = 500
_LOOK_S = 60.0


def chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    """As many values at once as a statement takes."""
    return (values[i : i + _CHUNK] for i in range(0, len(values), _CHUNK))


class Endings:
    """Who waits for the end of which operations. One of them looks for all, whenever something was committed: as many
    looks as there are commits, however many wait."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiters: list[_Waiter] = []
        self._led = False
        self._present: Gathering[Sequence[str], Mapping[str, Operation]] = Gathering(self._look_up, _CHUNK)

    async def of(self, ids: Sequence[str], timeout: float) -> list[Operation] | None:
        """The operations once each has ended; None when the time is over before. NotFound("UnknownOperation")."""
        waiter = _Waiter(set(ids))
        self._waiters.append(waiter)
        try:
            with anyio.move_on_after(timeout):
                # What ends from now on is seen by whoever looks; what had ended before, here.
                self._take(waiter, await self._present.ask(ids))
                while waiter.pending:
                    if not self._led:
                        await self._lead(waiter)
                    else:
                        await waiter.called.wait()
                        waiter.called = anyio.Event()
        finally:
            self._waiters.remove(waiter)
            self._call_another()
        return None if waiter.pending else [waiter.ended[i] for i in ids]

    async def _lead(self, waiter: _Waiter) -> None:
        """Looks for all until `waiter` has its own."""
        self._led = True
        watch = ChangeWatch(self._database)
        try:
            await self._look()
            while waiter.pending:
                if await watch.wait(_LOOK_S):
                    await self._look()
        finally:
            watch.close()
            self._led = False

    def _call_another(self) -> None:
        """To look for all, when nobody does."""
        if not self._led and (heir := next((w for w in self._waiters if w.pending), None)):
            heir.called.set()

    async def _look(self) -> None:
        pending = list({i for w in self._waiters for i in w.pending})
        ended: dict[str, Operation] = {}
        for chunk in chunks(pending):
            query = select(operations).where(operations.c.id.in_(chunk), operations.c.status.not_in(OPEN))
            rows = await self._database.read_few(partial(_rows, query=query))
            ended |= {row.id: to_operation(row) for row in rows}
        if ended:
            for waiter in self._waiters:
                self._take(waiter, ended)

    @staticmethod
    def _take(waiter: _Waiter, found: Mapping[str, Operation]) -> None:
        for i in [i for i in waiter.pending if i in found and found[i].status.value not in OPEN]:
            waiter.ended[i] = found[i]
            waiter.pending.remove(i)
        if not waiter.pending:
            waiter.called.set()

    async def _look_up(self, asked: Sequence[Sequence[str]]) -> list[Mapping[str, Operation] | Exception]:
        """How the operations of each asker stand."""
        wanted = list(dict.fromkeys(i for ids in asked for i in ids))
        found = await self._database.read_few(partial(_known_by_id, ids=wanted))
        return [_of_all(found, ids) for ids in asked]


@dataclass(eq=False)
class _Waiter:
    pending: set[str]
    ended: dict[str, Operation] = field(default_factory=dict)
    called: anyio.Event = field(default_factory=anyio.Event)


def _rows(connection: Connection, query: Select[Any]) -> Sequence[Row[Any]]:
    return connection.execute(query).all()


def all_of(connection: Connection, ids: Sequence[str]) -> list[Operation]:
    """How these stand, in their order. NotFound("UnknownOperation")."""
    found = _of_all(_known_by_id(connection, ids), ids)
    if isinstance(found, NotFound):
        raise found
    return [found[i] for i in ids]


def _known_by_id(connection: Connection, ids: Sequence[str]) -> dict[str, Operation]:
    found: dict[str, Operation] = {}
    for chunk in chunks(ids):
        for row in connection.execute(select(operations).where(operations.c.id.in_(chunk))):
            found[row.id] = to_operation(row)
    return found


def _of_all(found: Mapping[str, Operation], ids: Sequence[str]) -> Mapping[str, Operation] | NotFound:
    """What was found, or the first that was not."""
    missing = next((i for i in ids if i not in found), None)
    return found if missing is None else NotFound("UnknownOperation", operation=missing)
