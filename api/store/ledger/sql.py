"""SQLAlchemy statements compiled once into the database's own text, run on the plain connection: a point read then
costs microseconds, not the tenth of a millisecond that compiling, binding and row objects take."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Table, bindparam, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.expression import Executable

_DIALECT = sqlite.dialect()


class Sql:
    """One statement. Values are given by the names of its bind parameters, already as the column stores them."""

    def __init__(self, statement: Executable) -> None:
        compiled = statement.compile(dialect=_DIALECT)  # type: ignore[attr-defined]
        self.text = str(compiled)
        self.order: tuple[str, ...] = tuple(compiled.positiontup or ())
        self._fixed = {k: v for k, v in compiled.params.items() if v is not None}

    def run(self, connection: sqlite3.Connection, **values: Any) -> sqlite3.Cursor:
        given = {**self._fixed, **values} if self._fixed else values
        return connection.execute(self.text, [given[name] for name in self.order])

    def one(self, connection: sqlite3.Connection, **values: Any) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self.run(connection, **values).fetchone()
        return row

    def all(self, connection: sqlite3.Connection, **values: Any) -> list[tuple[Any, ...]]:
        return self.run(connection, **values).fetchall()

    def many(self, connection: sqlite3.Connection, rows: Iterable[Sequence[Any]]) -> None:
        """Runs for each row; values in the order of `order`."""
        connection.executemany(self.text, rows)


def listed(name: str) -> Any:
    """A list of numbers as one bind parameter, for `column.in_(listed("ids"))`; its value is `numbers(…)`."""
    return select(func.json_each(bindparam(name)).table_valued("value").c.value)


def numbers(values: Iterable[int]) -> str:
    """What a `listed` parameter takes."""
    return orjson.dumps(list(values)).decode()


def upsert(table: Table) -> Sql:
    """Inserts whole rows, values in column order; replaces the row with the same key."""
    keys = [c for c in table.columns if c.primary_key]
    rest = {c.name: c for c in table.columns if not c.primary_key}
    statement = sqlite.insert(table).values({c.name: bindparam(c.name) for c in table.columns})
    fresh = statement.excluded
    return Sql(statement.on_conflict_do_update(index_elements=keys, set_={name: fresh[name] for name in rest}))


def insert(table: Table) -> Sql:
    """Inserts whole rows, values in column order."""
    return Sql(sqlite.insert(table).values({c.name: bindparam(c.name) for c in table.columns}))


def by_key(table: Table) -> list[ColumnElement[bool]]:
    """The conditions that name one row, its key columns as bind parameters of the same names."""
    return [c == bindparam(c.name) for c in table.columns if c.primary_key]
