"""How full the outbox is, and whether somebody empties it."""

from __future__ import annotations

import time

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from api.domain.errors import Unavailable
from api.domain.operations import OperationStatus
from api.domain.ports import OutboxLoad
from api.store.app.database import Database
from api.store.app.tables import operations, sender_leases

_OPEN = (OperationStatus.QUEUED, OperationStatus.SUBMITTED)


class StoredLoad:
    """Implements OutboxGauge."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self) -> OutboxLoad:
        """Unavailable("DatabaseUnreachable") when app.db does not answer."""
        try:
            return await self._database.read(_load)
        except SQLAlchemyError as error:
            raise Unavailable("DatabaseUnreachable", message=str(error.__cause__ or error)[:200]) from error


def _load(connection: Connection) -> OutboxLoad:
    counted = select(operations.c.status, func.count()).group_by(operations.c.status)
    found = {OperationStatus(status): count for status, count in connection.execute(counted)}
    leased = select(sender_leases.c.account).where(sender_leases.c.expires_at > time.time()).limit(1)
    ages = [_oldest(connection, status) for status in _OPEN]
    return OutboxLoad(
        by_status={status: found.get(status, 0) for status in OperationStatus},
        oldest_queued=ages[0],
        oldest_open=min((age for age in ages if age is not None), default=None),
        leased=connection.execute(leased).first() is not None,
    )


def _oldest(connection: Connection, status: OperationStatus) -> int | None:
    """When the first operation of this status was put into the outbox."""
    query = select(operations.c.created_at).where(operations.c.status == status.value)
    row = connection.execute(query.order_by(operations.c.seq).limit(1)).first()
    return None if row is None else int(row.created_at)
