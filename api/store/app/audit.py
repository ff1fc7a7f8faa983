"""What auditors looked at, over app.db: rows are added and never changed."""

from __future__ import annotations

from sqlalchemy import insert, select

from api.domain.ports import AuditRead
from api.domain.views import Page
from api.store.app.database import Database
from api.store.app.rows import position
from api.store.app.tables import audit_reads

_NAMES = AuditRead.__slots__


class StoredAuditLog:
    """Implements AuditLog."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, read: AuditRead) -> None:
        row = {name: getattr(read, name) for name in _NAMES}
        await self._database.write(lambda c: c.execute(insert(audit_reads), row))

    async def listing(self, *, cursor: str | None, limit: int) -> Page[AuditRead]:
        """Newest first."""
        query = select(audit_reads).order_by(audit_reads.c.seq.desc()).limit(limit + 1)
        if cursor is not None:
            query = query.where(audit_reads.c.seq < position(cursor))
        rows = await self._database.read(lambda c: c.execute(query).all())
        shown = tuple(AuditRead(**{name: getattr(row, name) for name in _NAMES}) for row in rows[:limit])
        return Page(shown, str(rows[limit - 1].seq) if len(rows) > limit else None)
