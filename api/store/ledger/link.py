"""A connection to one generation in PostgreSQL, a schema of its own: the statements of the read model are run on it as
they are on a SQLite file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.adapt import Loader

from api.domain.errors import Unavailable

if TYPE_CHECKING:
    from api.store.ledger.sql import Bulk

CHANNEL = "cascade_ledger"
"""Where commits are told."""
_BUSY_MS = 15_000


class _Whole(Loader):
    """NUMERIC columns hold whole numbers: read as such, whatever their width."""

    def load(self, data: Any) -> int:
        return int(bytes(data))


def connect(address: str, schema: str = "") -> psycopg.Connection:
    """A connection that begins and ends transactions only when told. Unavailable("DatabaseUnavailable")."""
    path = f" -c search_path={schema}" if schema else ""
    with named():
        connection = psycopg.connect(
            address,
            autocommit=True,
            options=f"-c synchronous_commit=off -c lock_timeout={_BUSY_MS}{path}",  # a lost tail is derived again
        )
    connection.adapters.register_loader("numeric", _Whole)
    return connection


@contextmanager
def named() -> Iterator[None]:
    """The server's being away by the name that the product knows it by."""
    try:
        yield
    except psycopg.OperationalError as error:
        raise Unavailable("DatabaseUnavailable", message=str(error).strip()) from error


class Link:
    """Opened anew where the server has closed it, except within a transaction: what that held is lost."""

    def __init__(self, address: str, schema: str) -> None:
        self.schema = schema
        self._address = address
        self._raw: psycopg.Connection | None = None
        self.held = False
        """Within a transaction."""
        self._staged: set[str] = set()

    def close(self) -> None:
        if self._raw is not None:
            self._raw.close()
            self._raw = None

    @property
    def is_new(self) -> bool:
        """Whether nothing was asked on it yet."""
        return self._raw is None

    @property
    def raw(self) -> psycopg.Connection:
        if self._raw is None or (self._raw.closed and not self.held):
            self._raw = connect(self._address, self.schema)
            self._staged.clear()
        return self._raw

    def run(self, text: str, values: Mapping[str, Any] | None = None) -> psycopg.Cursor[Any]:
        with named():
            return self.raw.execute(text.encode(), values)

    def run_many(self, text: str, rows: Sequence[Mapping[str, Any]]) -> None:
        with named():
            self.raw.cursor().executemany(text.encode(), rows)

    def copy(self, bulk: Bulk, rows: Collection[Sequence[Any]]) -> None:
        """By COPY; rows that take the place of others by way of a table of this connection's own, once a transaction."""
        columns = ", ".join(bulk.quoted)
        with named(), self.raw.cursor() as cursor:
            target = self._stage(cursor, bulk) if bulk.merge else bulk.table
            with cursor.copy(f"COPY {target} ({columns}) FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row(row)
            if bulk.merge:
                cursor.execute(
                    f"INSERT INTO {bulk.table} ({columns}) SELECT {columns} FROM {target} {bulk.merge}".encode()
                )

    def _stage(self, cursor: psycopg.Cursor[Any], bulk: Bulk) -> str:
        name = f"pg_temp.staged_{bulk.table.strip(chr(34))}"
        if name not in self._staged:
            cursor.execute(f"CREATE TEMPORARY TABLE {name} (LIKE {bulk.table}) ON COMMIT DELETE ROWS".encode())
            self._staged.add(name)
        return name

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing; those who wait for a commit are told."""
        self.run("BEGIN")
        self.held = True
        try:
            yield
            self.run(f"NOTIFY {CHANNEL}; COMMIT")
        except BaseException:
            self._staged.clear()
            self.close()
            raise
        finally:
            self.held = False
