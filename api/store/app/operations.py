"""The outbox as services see it: the domain's OperationBox over app.db."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from api.domain.approvals import Lone
from api.domain.errors import CascadeError, Conflict, Unavailable
from api.domain.operations import Operation
from api.domain.views import Page
from api.gathering import Gathering
from api.store.app.database import Database
from api.store.app.events import note_new
from api.store.app.rows import position, to_operation, to_row
from api.store.app.tables import operations
from api.store.app.thresholds import count, thresholds_of
from api.store.app.waiting import OPEN, Endings, all_of, chunks

_Asked = tuple[Sequence[Operation], Sequence[Lone]]
_GROUP = 100
"""Most requests that are committed together."""


class StoredOperations:
    """Implements OperationBox."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._endings = Endings(database)
        # A server takes many transactions at once; two groups could wait there for each other's keys.
        self._putting: Gathering[_Asked, list[Operation]] = Gathering(
            self._put_all, _GROUP if database.sqlite_file else 1
        )

    async def put(self, wanted: Sequence[Operation], lone: Sequence[Lone] = ()) -> list[Operation]:
        """What is put while another commit is on its way shares the next one."""
        return await self._putting.ask((wanted, lone)) if wanted else []

    async def _put_all(self, requests: Sequence[_Asked]) -> list[list[Operation] | Exception]:
        """All of each request or nothing of it; what one of them is refused for does not touch the others."""
        if len(requests) > 1:
            try:
                return await self._database.write_one(lambda c: _put_each(c, requests))
            except (CascadeError, IntegrityError) as error:
                if isinstance(error, Unavailable):
                    raise
        return [await self._put_one(*request) for request in requests]

    async def _put_one(self, wanted: Sequence[Operation], lone: Sequence[Lone]) -> list[Operation] | Exception:
        try:
            return await self._database.write_one(lambda c: put_operations(c, wanted, lone))
        except IntegrityError as error:
            if "nonce" not in str(error.orig):
                return error
            return Conflict("NonceTaken", accounts=sorted({o.call.account for o in wanted if o.signed}))
        except CascadeError as error:
            return error

    async def get(self, operation_id: str) -> Operation | None:
        return await self._database.read_few(lambda c: _one(c, operations.c.id == operation_id))

    async def find(self, idempotency_key: str) -> Operation | None:
        return await self._database.read_few(lambda c: _one(c, operations.c.idempotency_key == idempotency_key))

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
            operations.c.relayed_for == account, operations.c.status.in_(OPEN)
        )
        return await self._database.read(lambda c: c.execute(query).scalar())

    async def wait(self, operation_ids: Sequence[str], timeout: float) -> list[Operation]:
        ended = await self._endings.of(operation_ids, timeout)
        return await self._database.read_few(lambda c: all_of(c, operation_ids)) if ended is None else ended


def _one(connection: Connection, condition: Any) -> Operation | None:
    row = connection.execute(select(operations).where(condition)).one_or_none()
    return None if row is None else to_operation(row)


def _put_each(connection: Connection, requests: Sequence[_Asked]) -> list[list[Operation] | Exception]:
    """The answers to each; an error of one is everybody's."""
    everything = [o for wanted, _ in requests for o in wanted]
    stored = iter(put_operations(connection, everything, [one for _, lone in requests for one in lone]))
    return [[next(stored) for _ in wanted] for wanted, _ in requests]


def put_operations(connection: Connection, wanted: Sequence[Operation], lone: Sequence[Lone] = ()) -> list[Operation]:
    """Inside a transaction; see OperationBox.put. The thresholds are held before anything is looked at: of a request that
    races itself, the second finds the first by its key, and is not counted."""
    limits = {p: thresholds_of(connection, p, hold=True) for p in sorted({one.party for one in lone})}
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
        fresh = {row["id"] for row in new}
        count(connection, [one for one in lone if one.operation in fresh], limits)
        connection.execute(insert(operations), new)
        note_new(connection, [row["id"] for row in new])
    return answers


def _known(connection: Connection, keys: Sequence[str]) -> dict[str, Operation]:
    found: dict[str, Operation] = {}
    for chunk in chunks(keys):
        for row in connection.execute(select(operations).where(operations.c.idempotency_key.in_(chunk))):
            found[row.idempotency_key] = to_operation(row)
    return found
