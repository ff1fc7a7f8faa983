"""Events of operations: each change, noted in the transaction that makes it, under an id that only grows."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import anyio
from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, literal, select, text

from api.domain.operations import OperationEvent, OperationStatus
from api.store.app.database import ChangeWatch, Database
from api.store.app.rows import to_operation
from api.store.app.tables import operation_events, operations

_CHUNK = 500
_TURNSTILE = 7_233_870
"""Where several may write at once, ids must become visible in their order, or a reader would pass over one: whoever notes
events holds this lock until its commit. On SQLite there is one writer anyway."""
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
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _TURNSTILE})
    o = operations.c
    said = (literal(change), o.status, func.coalesce(o.mined_as, o.tx_hash), o.block, o.gas_used, o.error, o.final)
    source = select(o.seq, o.party, *said, literal(int(time.time()))).order_by(o.seq)
    for start in range(0, len(values), _CHUNK):
        some = source.where(key.in_(values[start : start + _CHUNK]))
        connection.execute(insert(operation_events).from_select(_COLUMNS, some))


class StoredEvents:
    """Implements OperationEvents."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last(self) -> int:
        newest = select(func.max(operation_events.c.id))
        return await self._database.read(lambda c: c.execute(newest).scalar()) or 0

    async def after(self, event: int, party: int | None, limit: int) -> list[OperationEvent]:
        return await self._database.read(lambda c: events_after(c, event, party, limit))

    async def next(self, event: int, party: int | None, limit: int, timeout: float) -> list[OperationEvent]:
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


def events_after(connection: Connection, event: int, party: int | None, limit: int) -> list[OperationEvent]:
    """The events that follow one, oldest first; of one party, or of all."""
    query = _events().where(operation_events.c.id > event).limit(limit)
    if party is not None:
        query = query.where(operation_events.c.party == party)
    return [_event(row) for row in connection.execute(query)]


def events_by_id(connection: Connection, ids: Sequence[int]) -> list[OperationEvent]:
    """These events, oldest first."""
    return [_event(row) for row in connection.execute(_events().where(operation_events.c.id.in_(ids)))]


def _events() -> Select[Any]:
    own = [c.label(f"event_{c.name}") for c in operation_events.c]
    query = select(operations, *own).join(operations, operations.c.seq == operation_events.c.operation)
    return query.order_by(operation_events.c.id)


def _event(row: Row[Any]) -> OperationEvent:
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
