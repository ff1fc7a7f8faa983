"""Events: each change of an operation, noted in the transaction that makes it, and what is no operation's (what the chain
took back, changes of who controls a party), under ids that only grow."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import anyio
from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, literal, select, union_all

from api.domain.operations import KEY_CHANGE, OperationEvent, OperationStatus
from api.domain.ports import Event
from api.store.app.database import ChangeWatch, Database
from api.store.app.key_changes import key_change
from api.store.app.noting import in_order
from api.store.app.rows import to_operation
from api.store.app.tables import operation_events, operations
from api.store.app.undone import reorganisation

_CHUNK = 500
_KEPT = ("status", "tx_hash", "block", "gas_used", "error", "final")
_COLUMNS = ("operation", "party", "change", *_KEPT, "at")


def note(connection: Connection, seqs: Sequence[int], change: str) -> None:
    """Notes what has just been changed of operations."""
    _note(connection, operations.c.seq, seqs, change)


def note_new(connection: Connection, ids: Sequence[str]) -> None:
    """Notes operations that have just been put, by their public ids."""
    _note(connection, operations.c.id, ids, "queued")


def _note(connection: Connection, key: ColumnElement[Any], values: Sequence[Any], change: str) -> None:
    if not values:
        return
    in_order(connection)
    o = operations.c
    said = (literal(change), o.status, func.coalesce(o.mined_as, o.tx_hash), o.block, o.gas_used, o.error, o.final)
    source = select(o.seq, o.party, *said, literal(int(time.time()))).order_by(o.seq)
    for start in range(0, len(values), _CHUNK):
        some = source.where(key.in_(values[start : start + _CHUNK]))
        connection.execute(insert(operation_events).from_select(_COLUMNS, some))


class StoredEvents:
    """Implements Events."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last(self) -> int:
        newest = select(func.max(operation_events.c.id))
        return await self._database.read(lambda c: c.execute(newest).scalar()) or 0

    async def after(self, event: int, party: int | None, limit: int) -> list[Event]:
        return await self._database.read(lambda c: events_after(c, event, party, limit))

    async def next(self, event: int, party: int | None, limit: int, timeout: float) -> list[Event]:
        until = anyio.current_time() + timeout
        watch = ChangeWatch(self._database)
        try:
            while not (found := await self.after(event, party, limit)):
                left = until - anyio.current_time()
                if left <= 0:
                    break
                await watch.wait(left)
            return found
        finally:
            watch.close()


def events_after(connection: Connection, event: int, party: int | None, limit: int) -> list[Event]:
    """The events that follow one, oldest first, as one party sees them; None sees all."""
    e = operation_events.c
    query = _events().where(e.id > event).limit(limit)
    if party is not None:
        # Each by the index, so that it costs no more than what is told.
        parts = [select(e.id).where(e.id > event, who).order_by(e.id) for who in (e.party == party, e.party.is_(None))]
        query = query.where(e.id.in_(union_all(*(select(part.limit(limit).subquery()) for part in parts))))
    return [_event(connection, row, party) for row in connection.execute(query)]


def events_by_id(connection: Connection, ids: Sequence[int], party: int | None) -> list[Event]:
    """These events, oldest first, as one party sees them."""
    query = _events().where(operation_events.c.id.in_(ids))
    return [_event(connection, row, party) for row in connection.execute(query)]


def _events() -> Select[Any]:
    own = [c.label(f"event_{c.name}") for c in operation_events.c]
    query = select(operations, *own).select_from(operation_events)
    query = query.join(operations, operations.c.seq == operation_events.c.operation, isouter=True)
    return query.order_by(operation_events.c.id)


def _event(connection: Connection, row: Row[Any], party: int | None) -> Event:
    if row.event_change == KEY_CHANGE:
        return key_change(connection, row.event_id, row.event_at)
    if row.event_operation is None:
        return reorganisation(connection, row.event_id, row.event_at, party)
    return _of_operation(row)


def _of_operation(row: Row[Any]) -> OperationEvent:
    """The operation as it was at the event."""
    now = to_operation(row)
    error: Mapping[str, Any] | None = None if row.event_error is None else json.loads(row.event_error)
    then = {
        "status": OperationStatus(row.event_status),
        "tx_hash": row.event_tx_hash,
        "block": row.event_block,
        "gas_used": row.event_gas_used,
        "error": error,
        "final": row.event_final,
        "updated_at": row.event_at,
    }
    if now.nonce is not None and then["tx_hash"] is None:
        then["nonce"] = None
    return OperationEvent(row.event_id, row.event_change, replace(now, **then))
