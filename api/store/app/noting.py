"""What all have in common that note events beside those of operations: each once, and in the order of their ids."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Connection, select, text

_CHUNK = 500
_TURNSTILE = 7_233_870
"""Where several may write at once, ids must become visible in their order, or a reader would pass over one: whoever notes
events holds this lock until its commit. On SQLite there is one writer anyway."""


def in_order(connection: Connection) -> None:
    """From now on until the commit nobody else notes an event."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _TURNSTILE})


def unknown(connection: Connection, column: Column[str], keys: Sequence[str]) -> list[str]:
    """Those of the keys under which nothing is noted in the column, in their order."""
    known: set[str] = set()
    for start in range(0, len(keys), _CHUNK):
        known.update(connection.execute(select(column).where(column.in_(keys[start : start + _CHUNK]))).scalars())
    return [key for key in keys if key not in known]
