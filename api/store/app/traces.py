"""To which traces transactions belong."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, select

from api.store.app.database import Database
from api.store.app.tables import operations, replacements

_CHUNK = 500


class StoredTraces:
    """Reads what was kept with the operations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, hashes: Collection[str]) -> Mapping[str, str]:
        """The trace of each transaction, by its hash, where its operation has one."""
        wanted = sorted(hashes)
        chunks = [wanted[i : i + _CHUNK] for i in range(0, len(wanted), _CHUNK)]
        return await self._database.read(lambda c: {h: t for chunk in chunks for h, t in _of(c, chunk)})


def _of(connection: Connection, hashes: Sequence[str]) -> list[tuple[str, str]]:
    traced = operations.c.trace.is_not(None)
    first = select(operations.c.tx_hash, operations.c.trace).where(operations.c.tx_hash.in_(hashes), traced)
    later = (
        select(replacements.c.tx_hash, operations.c.trace)
        .join(operations, operations.c.seq == replacements.c.operation)
        .where(replacements.c.tx_hash.in_(hashes), traced)
    )
    return [(row[0], row[1]) for row in connection.execute(first.union_all(later))]
