"""The outbox as services see it: the domain's OperationBox over app.db."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import anyio
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from api.domain.errors import Conflict, NotFound
from api.domain.operations import Operation
from api.domain.views import Page
from api.store.app.database import ChangeWatch, Database
from api.store.app.events import note_new
from api.store.app.rows import position, to_operation, to_row
from api.store.app.tables import operations

_OPEN = ("queued", "submitted")
_CHUNK = 500


def _chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[i : i + _CHUNK] for i in range(0, len(values), _CHUNK))


class StoredOperations:
    """Implements OperationBox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, wanted: Sequence[Operation]) -> list[Operation]:
        if not wanted:
            return []
        try:
            return await self._database.write_one(lambda c: put_operations(c, wanted))
        except IntegrityError as error:
            if "nonce" not in str(error.orig):
                raise
            raise Conflict("NonceTaken", accounts=sorted({o.call.account for o in wanted if o.signed})) from error

    async def get(self, operation_id: str) -> Operation | None:
        return await self._database.read(lambda c: _one(c, operations.c.id == operation_id))

    async def find(self, idempotency_key: str) -> Operation | None:
        return await self._database.read(lambda c: _one(c, operations.c.idempotency_key == idempotency_key))

    async def listing(
        self,
        *,
        status: str | None,
        kind: str | None,
        cursor: str | None,
        limit: int,
        party: int | None = None,
        tx_hash: str | None = None,
        request_id: str | None = None,
    ) -> Page[Operation]:
        """Newest first."""
        query = select(operations).order_by(operations.c.seq.desc()).limit(limit + 1)
        wanted = {"status": status, "kind": kind, "party": party, "tx_hash": tx_hash, "request_id": request_id}
        query = query.filter_by(**{name: value for name, value in wanted.items() if value is not None})
        if cursor is not None:
            query = query.where(operations.c.seq < position(cursor))
        rows = await self._database.read(lambda c: c.execute(query).all())
        more = str(rows[limit - 1].seq) if len(rows) > limit else None
        return Page(tuple(to_operation(r) for r in rows[:limit]), more)

    async def last_relayed(self, account: str) -> int | None:
        query = select(func.max(operations.c.relayed_nonce)).where(
            operations.c.relayed_for == account, operations.c.status.in_(_OPEN)
        )
        return await self._database.read(lambda c: c.execute(query).scalar())

    async def wait(self, operation_ids: Sequence[str], timeout: float) -> list[Operation]:
        pending = list(dict.fromkeys(operation_ids))[::-1]
        until = anyio.current_time() + timeout
        watch = ChangeWatch(self._database)
        try:
            while pending:
                done = await self._database.read(partial(_ended, ids=pending[-_CHUNK:]))
                pending = [i for i in pending if i not in done]
                left = until - anyio.current_time()
                if not pending or left <= 0:
                    break
                if not done:
                    await watch.wait(left)
        finally:
            watch.close()
        return await self._database.read(lambda c: _all(c, operation_ids))


def _one(connection: Connection, condition: Any) -> Operation | None:
    row = connection.execute(select(operations).where(condition)).one_or_none()
    return None if row is None else to_operation(row)


def _all(connection: Connection, ids: Sequence[str]) -> list[Operation]:
    found: dict[str, Operation] = {}
    for chunk in _chunks(ids):
        for row in connection.execute(select(operations).where(operations.c.id.in_(chunk))):
            found[row.id] = to_operation(row)
    missing = next((i for i in ids if i not in found), None)
    if missing is not None:
        raise NotFound("UnknownOperation", operation=missing)
    return [found[i] for i in ids]


def _ended(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Which of these are confirmed or failed (or unknown, which `_all` then says)."""
    query = select(operations.c.id).where(operations.c.id.in_(ids), operations.c.status.in_(_OPEN))
    still_open = set(connection.execute(query).scalars())
    return {i for i in ids if i not in still_open}


def put_operations(connection: Connection, wanted: Sequence[Operation]) -> list[Operation]:
    """Inside a transaction; see OperationBox.put."""
    known = _known(connection, [o.idempotency_key for o in wanted if o.idempotency_key is not None])
    answers: list[Operation] = []
    new: list[dict[str, Any]] = []
    for operation in wanted:
        stored = None if operation.idempotency_key is None else known.get(operation.idempotency_key)
        if stored is None:
            new.append(to_row(operation))
            answers.append(operation)
            if operation.idempotency_key is not None:
                known[operation.idempotency_key] = operation
        elif stored.request_hash != operation.request_hash:
            raise Conflict("IdempotencyKeyReused", key=operation.idempotency_key)
        else:
            answers.append(stored)
    if new:
        connection.execute(insert(operations), new)
        note_new(connection, [row["id"] for row in new])
    return answers


def _known(connection: Connection, keys: Sequence[str]) -> dict[str, Operation]:
    found: dict[str, Operation] = {}
    for chunk in _chunks(keys):
        for row in connection.execute(select(operations).where(operations.c.idempotency_key.in_(chunk))):
            found[row.idempotency_key] = to_operation(row)
    return found
