"""Changes of who controls a party, as events of the party's beside those of its operations: the domain's KeyChangeBook over
app.db."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, insert, select

from api.domain.key_changes import KeyChange, KeyChangeEvent, KeyChangeKind, KeyChangeState
from api.domain.operations import KEY_CHANGE
from api.domain.views import PartyName
from api.store.app.database import Database
from api.store.app.noting import in_order, unknown
from api.store.app.rows import dump
from api.store.app.tables import key_changes, operation_events


class StoredKeyChanges:
    """Implements KeyChangeBook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def unknown(self, keys: Sequence[str]) -> Sequence[str]:
        return await self._database.read(lambda c: unknown(c, key_changes.c.key, keys))

    async def put(self, change: KeyChange) -> None:
        await self._database.write(lambda c: _put(c, change))


def _put(connection: Connection, change: KeyChange) -> None:
    in_order(connection)
    if connection.execute(select(key_changes.c.event).where(key_changes.c.key == change.key)).first():
        return
    row = {"party": change.party.id, "change": KEY_CHANGE, "at": int(time.time())}
    (event,) = connection.execute(insert(operation_events).values(row)).inserted_primary_key or (0,)
    told = dump({**asdict(change), "party": change.party.id})
    connection.execute(insert(key_changes).values(event=event, key=change.key, told=told))


def key_change(connection: Connection, event: int, at: int) -> KeyChangeEvent:
    """What such an event told."""
    told = json.loads(connection.execute(select(key_changes.c.told).where(key_changes.c.event == event)).scalar_one())
    change = KeyChange(
        party=PartyName(told["party"]),
        kind=KeyChangeKind(told["kind"]),
        account=told["account"],
        ready_at=told["ready_at"],
        evidence_hash=told["evidence_hash"],
        removed=tuple(told["removed"]),
        state=KeyChangeState(told["state"]),
    )
    return KeyChangeEvent(event, at, change)
