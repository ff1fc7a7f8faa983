"""The read model's SQL, once for both databases: SQLAlchemy statements compiled when they are first run, into the
database's own text, and run on the plain connection: a point read in SQLite then costs microseconds, not the tenth of
a millisecond that compiling, binding and row objects take.

Only here and in what `generations` opens does anybody know which database it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

import orjson
from sqlalchemy import Boolean, ColumnElement, Dialect, Table, bindparam
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import Executable
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from api.store.ledger.link import Link

Connection: TypeAlias = "sqlite3.Connection | Link"
"""To one generation of the read model."""
_SQLITE: Dialect = sqlite.dialect()
_POSTGRESQL: Dialect = psycopg.dialect()  # type: ignore[no-untyped-call]
_KEYS_AT_ONCE = 100


class Sql:
    """One statement. Values are given by the names of its bind parameters, already as SQLite's columns store them."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self.text, self.order, self._fixed = _compile(statement, _SQLITE)

    def run(self, connection: Connection, **values: Any) -> Any:
        """The database's own cursor."""
        if isinstance(connection, sqlite3.Connection):
            given = {**self._fixed, **values} if self._fixed else values
            return connection.execute(self.text, [given[name] for name in self.order])
        text, _, fixed = self._on_server
        return connection.run(text, {**fixed, **values})

    def one(self, connection: Connection, **values: Any) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self.run(connection, **values).fetchone()
        return row

    def all(self, connection: Connection, **values: Any) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self.run(connection, **values).fetchall()
        return rows

    def many(self, connection: Connection, rows: Collection[Sequence[Any]]) -> None:
        """Runs for each row; values in the order of `order`."""
        if isinstance(connection, sqlite3.Connection):
            connection.executemany(self.text, rows)
        elif rows:
            connection.run_many(self._on_server[0], [dict(zip(self.order, row, strict=True)) for row in rows])

    @cached_property
    def _on_server(self) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        return _compile(self._statement, _POSTGRESQL)


def _compile(statement: Executable, dialect: Dialect) -> tuple[str, tuple[str, ...], dict[str, Any]]:
    """Text, names of the parameters in order, and those that have a value already."""
    compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    fixed = {name: value for name, value in compiled.params.items() if value is not None}
    return str(compiled), tuple(compiled.positiontup or ()), fixed


class _Among(FunctionElement[bool]):
    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        return self  # a condition as it is, not "= 1"


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether the column is one of the numbers that the bind parameter lists; its value is `numbers(…)`."""
    return _Among(column, bindparam(name))


@compiles(_Among, "sqlite")
def _among_in_sqlite(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(_Among, "postgresql")
def _among_in_postgresql(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY (CAST(translate({values}, '[]', '{{}}') AS BIGINT[]))"


def numbers(values: Iterable[int]) -> str:
    """What a parameter of `among` takes."""
    return orjson.dumps(list(values)).decode()


class LookUp:
    """The rows of one table that have one of many keys."""

    def __init__(self, table: Table) -> None:
        keys = [c for c in table.columns if c.primary_key]
        quote = _POSTGRESQL.identifier_preparer.quote
        self._names = [c.name for c in keys]
        names = ", ".join(map(quote, self._names))
        alike = " AND ".join(f"t.{quote(c.name)} = wanted.{quote(c.name)}" for c in keys)
        columns = ", ".join(f"t.{quote(c.name)}" for c in table.columns)
        chosen = f"SELECT {columns} FROM {{}} JOIN {quote(table.name)} AS t ON {alike}"
        arrays = ", ".join(f"%({c.name})s::{c.type.compile(_POSTGRESQL)}[]" for c in keys)
        self._on_server = chosen.format(f"unnest({arrays}) AS wanted ({names})")
        self._in_file = f"WITH wanted ({names}) AS (VALUES {{}}) {chosen.format('wanted')}"
        self._marks = f"({', '.join('?' * len(keys))})"

    def rows(self, connection: Connection, keys: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Keys are values, or tuples where the key has several columns; each is named once."""
        parts = keys if len(self._names) > 1 else [(key,) for key in keys]
        if not isinstance(connection, sqlite3.Connection):
            lists = dict(zip(self._names, map(list, zip(*parts, strict=True)), strict=True))
            rows: list[tuple[Any, ...]] = connection.run(self._on_server, lists).fetchall()
            return rows
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(parts), _KEYS_AT_ONCE):
            some = parts[start : start + _KEYS_AT_ONCE]
            text = self._in_file.format(", ".join([self._marks] * len(some)))
            found += connection.execute(text, [*chain.from_iterable(some)])
        return found


class Bulk:
    """Writes many rows of one table at once, values in the order of `columns` (all of the table's, unless said).
    `replace`: a row takes the place of the one with its key."""

    def __init__(self, table: Table, columns: Collection[str] = (), *, replace: bool = False) -> None:
        self.columns = tuple(columns or (c.name for c in table.columns))
        quote = _POSTGRESQL.identifier_preparer.quote
        self.table, self.quoted = quote(table.name), tuple(quote(name) for name in self.columns)
        self.merge = self._merge(table, quote) if replace else ""
        marks = ", ".join("?" * len(self.columns))
        self._text = f"INSERT INTO {self.table} ({', '.join(self.quoted)}) VALUES ({marks}) {self.merge}"

    def write(self, connection: Connection, rows: Collection[Sequence[Any]]) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.executemany(self._text, rows)
        elif rows:
            connection.copy(self, rows)

    def _merge(self, table: Table, quote: Callable[[str], str]) -> str:
        """What is done with a row whose key is there."""
        keys = [quote(c.name) for c in table.columns if c.primary_key]
        rest = [quote(c.name) for c in table.columns if not c.primary_key]
        return f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET " + ", ".join(f"{c} = excluded.{c}" for c in rest)


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All that is written within it, or nothing."""
    if not isinstance(connection, sqlite3.Connection):
        with connection.transaction():
            yield
        return
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


def by_key(table: Table) -> list[ColumnElement[bool]]:
    """The conditions that name one row, its key columns as bind parameters of the same names."""
    return [c == bindparam(c.name) for c in table.columns if c.primary_key]
