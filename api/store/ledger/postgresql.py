"""The read model in PostgreSQL. Each generation is a schema, `ledger_<n>`; the one in use is named in
`ledger.generation`. Schemas are never named in statements: a connection sees the tables of one generation alone, and
so can a database that holds app.db too."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

import anyio
import psycopg
from psycopg import errors
from sqlalchemy import URL

from api.domain.errors import Conflict, Unavailable
from api.store.ledger import migrate
from api.store.ledger.generations import Replaced
from api.store.ledger.link import CHANNEL, Link, connect
from api.store.ledger.sql import Connection
from api.store.ledger.tables import metadata

_LOCK = 0x0CA5CADE
"""Advisory lock of the one indexer of a database."""
_PATIENCE_S = 2.0
"""How long the readers of a generation that was replaced may take before it is left for the next rebuild to remove."""
_IN_CASE_S = 1.0


class PostgresqlGenerations:
    """Implements Generations over one database."""

    at_hand = False

    def __init__(self, url: URL) -> None:
        self.address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self.place = url.set(drivername="postgresql").render_as_string(hide_password=True)

    def exists(self) -> bool:
        with connect(self.address) as connection:
            return _used(connection) > 0

    @contextmanager
    def locked(self) -> Iterator[None]:
        with connect(self.address) as connection:
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone()
            if row != (True,):
                raise Conflict("IndexerAlreadyRunning", file=self.place)
            yield

    # -- the writer

    def open(self) -> Link | None:
        with connect(self.address) as connection:
            used = _used(connection)
        if not used:
            return None
        link = Link(self.address, _schema(used))
        if link.run("SELECT version_num FROM alembic_version").fetchone() == (migrate.HEAD,):
            return link
        link.close()
        return None

    def begin(self) -> Link:
        with connect(self.address) as connection:
            connection.execute("CREATE SCHEMA IF NOT EXISTS ledger")
            connection.execute("CREATE TABLE IF NOT EXISTS ledger.generation (number bigint NOT NULL)")
            used = _used(connection)
            numbers = _numbers(connection)
            for number in numbers - {used}:
                _drop(connection, number, _PATIENCE_S)
            number = max(numbers | {used}) + 1
            connection.execute(f"CREATE SCHEMA {_schema(number)}".encode())
        link = Link(self.address, _schema(number))
        migrate.create(_driver(self.address), {"options": f"-c search_path={link.schema}"})
        return link

    def use(self, connection: Connection) -> None:
        link = cast(Link, connection)
        link.run(f"ANALYZE {', '.join(metadata.tables)}")
        number = int(link.schema.rpartition("_")[2])
        with connect(self.address) as switch:
            before = _used(switch)
            with switch.transaction():
                switch.execute("DELETE FROM ledger.generation")
                switch.execute("INSERT INTO ledger.generation VALUES (%s)", [number])
                switch.execute(f"NOTIFY {CHANNEL}".encode())
            if before not in (0, number):
                _drop(switch, before, _PATIENCE_S)

    # -- readers

    def snapshot(self) -> PostgresqlSnapshot:
        with connect(self.address) as connection:
            used = _used(connection)
        if not used:
            raise Unavailable("IndexMissing", file=self.place)
        return PostgresqlSnapshot(self.address, used)

    def bell(self) -> Listener:
        return Listener(self.address)


class PostgresqlSnapshot:
    """Implements Snapshot. The first thing that a transaction reads is the cursor of its generation, and who removes a
    generation takes the cursor first: what a transaction has begun to read stays until it ends."""

    def __init__(self, address: str, number: int) -> None:
        self.number = number
        self.connection = Link(address, _schema(number))

    def glance(self) -> None:
        return None

    def begin(self) -> Hashable:
        """Every commit of the indexer moves the cursor. A connection that the server has closed is Replaced too."""
        fresh = self.connection.is_new
        raw = self.connection.raw
        try:
            with raw.cursor() as cursor:
                cursor.execute(
                    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
                    "SELECT number FROM ledger.generation;"
                    "SELECT block, hash, head, reorgs FROM cursor"
                )
                cursor.nextset()
                used = cursor.fetchone()
                cursor.nextset()
                stamp = cursor.fetchone()
        except (psycopg.OperationalError, errors.UndefinedTable, errors.InvalidSchemaName) as error:
            if fresh and isinstance(error, psycopg.OperationalError):
                raise Unavailable("DatabaseUnavailable", message=str(error).strip()) from error
            raise Replaced from error
        if used != (self.number,):
            raise Replaced
        self.connection.held = True
        return cast(Hashable, stamp)

    def end(self) -> None:
        self.connection.held = False
        self.connection.run("COMMIT")

    def close(self) -> None:
        self.connection.close()


class Listener:
    """Implements Bell: one connection that listens for all who wait, opened when somebody first does."""

    def __init__(self, address: str) -> None:
        self.rung = 0
        self._address = address
        self._task: asyncio.Task[None] | None = None
        self._next: asyncio.Event | None = None

    async def wait(self, rung: int, timeout_s: float) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen())
        if self._next is None:
            self._next = asyncio.Event()
        if self.rung == rung:
            with anyio.move_on_after(min(timeout_s, _IN_CASE_S)):
                await self._next.wait()

    def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _listen(self) -> None:
        with suppress(
            psycopg.OperationalError
        ):  # those who wait look now and then anyway, and the next one listens anew
            async with await psycopg.AsyncConnection.connect(self._address, autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}".encode())
                self._ring()
                async for _ in connection.notifies():
                    self._ring()

    def _ring(self) -> None:
        self.rung += 1
        if self._next is not None:
            self._next.set()
        self._next = None


def _driver(address: str) -> str:
    """An address for SQLAlchemy, by the driver that is installed."""
    return "postgresql+psycopg" + address.removeprefix("postgresql")


def _schema(number: int) -> str:
    return f"ledger_{number}"


def _used(connection: psycopg.Connection[Any]) -> int:
    """The generation in use; 0 while there is none."""
    try:
        row = connection.execute("SELECT number FROM ledger.generation").fetchone()
    except (errors.UndefinedTable, errors.InvalidSchemaName):
        return 0
    return 0 if row is None else int(row[0])


def _numbers(connection: psycopg.Connection[Any]) -> set[int]:
    rows = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^ledger_[0-9]+$'").fetchall()
    return {int(str(name).rpartition("_")[2]) for (name,) in rows}


def _drop(connection: psycopg.Connection[Any], number: int, patience_s: float) -> None:
    """Removes a generation when nobody reads it any more. No reader waits meanwhile: each try is given up at once."""
    until = time.monotonic() + patience_s
    schema = _schema(number)
    while True:
        try:
            with connection.transaction():
                with suppress(errors.UndefinedTable), connection.transaction():
                    connection.execute(f"LOCK TABLE {schema}.cursor IN ACCESS EXCLUSIVE MODE NOWAIT".encode())
                connection.execute(f"DROP SCHEMA {schema} CASCADE".encode())
            return
        except errors.LockNotAvailable:
            if time.monotonic() > until:
                return
            time.sleep(0.02)
