"""Carries app.db from one database to another, whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Integer, Table, func, insert, inspect, select, text

from api.domain.errors import CascadeError, Conflict
from api.store.app.database import Database
from api.store.app.migrate import migrate
from api.store.app.tables import metadata

_AT_ONCE = 1_000


def move(source: Database, target: Database) -> Mapping[str, int]:
    """Copies every row into an empty database; how many of each table. While it runs nobody else writes to the source.
    What arrived is counted and compared by hashes of all rows before it is committed, so that a move that ends in any other
    way leaves the target empty. The source stays as it is.

    Conflict("DatabaseNotEmpty"); CascadeError("MovedRowsDiffer")."""
    migrate(source)
    migrate(target)
    return source.write_now(lambda read: target.write_now(lambda written: _copy(read, written)))


def _copy(source: Connection, target: Connection) -> Mapping[str, int]:
    tables = metadata.sorted_tables
    for table in tables:
        if target.execute(select(table).limit(1)).first() is not None:
            raise Conflict("DatabaseNotEmpty", table=table.name)
    counts: dict[str, int] = {}
    for table in tables:
        sent = Tally()
        for rows in _parts(source, table):
            sent.add(rows)
            target.execute(insert(table), rows)
        arrived = Tally()
        for rows in _parts(target, table):
            arrived.add(rows)
        if arrived != sent:
            raise CascadeError("MovedRowsDiffer", table=table.name, sent=sent.rows, arrived=arrived.rows)
        counts[table.name] = sent.rows
        _go_on_counting(source, target, table)
    return counts


class Tally:
    """Rows counted, and the sum of their hashes: equal for the same rows in any order."""

    def __init__(self) -> None:
        self.rows = 0
        self.hash = 0

    def add(self, rows: list[Mapping[str, Any]]) -> None:
        self.rows += len(rows)
        for row in rows:
            digest = hashlib.sha256(repr(sorted(row.items())).encode()).digest()
            self.hash = (self.hash + int.from_bytes(digest, "big")) % 2**256

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tally) and (self.rows, self.hash) == (other.rows, other.hash)

    __hash__ = None  # type: ignore[assignment]


def _parts(connection: Connection, table: Table) -> Iterator[list[Mapping[str, Any]]]:
    with connection.execute(select(table), execution_options={"yield_per": _AT_ONCE}) as result:
        for part in result.mappings().partitions(_AT_ONCE):
            yield [dict(row) for row in part]


def _go_on_counting(source: Connection, target: Connection, table: Table) -> None:
    """Numbers that were given once are never given again, also those of rows that are gone."""
    column = table.autoincrement_column
    if column is None or not isinstance(column.type, Integer) or target.dialect.name != "postgresql":
        return
    last = source.execute(select(func.max(column))).scalar() or 0
    if source.dialect.name == "sqlite" and inspect(source).has_table("sqlite_sequence"):
        given = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        last = max(last, source.execute(given, {"name": table.name}).scalar() or 0)
    if last:
        named = {"table": table.name, "column": column.name, "last": last}
        target.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"), named)
