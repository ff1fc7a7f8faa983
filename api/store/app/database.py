"""The connection to app.db: short transactions in worker threads, one writer at a time, every commit on disk."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import anyio
from anyio import to_thread
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, OperationalError

from api.domain.errors import Unavailable

T = TypeVar("T")
_BUSY_MS = 15_000
_READERS = 4
_REMEMBERED = 10_000
"""Most answers that are kept at once."""


class Database:
    """Runs functions of a connection, each in one transaction: `read`, or `write` (BEGIN IMMEDIATE on SQLite).

    Unavailable("DatabaseUnavailable") while it is locked for too long, its disk is full, or its server is gone: nothing of
    the transaction is kept then, and it can be tried again.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")  # the driver that is installed
        self.sqlite_file = Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None
        if self.sqlite_file is not None:
            self.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
        self.engine = create_engine(parsed, **_options(self.sqlite_file is not None))
        if self.sqlite_file is not None:
            event.listen(self.engine, "connect", _on_connect)
            event.listen(self.engine, "begin", _on_begin)
        self._commits = CommitCount(self.sqlite_file)
        self._seen = -1
        self._known: dict[Hashable, Any] = {}
        self._writing = threading.Lock()
        self._readers: anyio.CapacityLimiter | None = None
        self._writer: anyio.CapacityLimiter | None = None

    def close(self) -> None:
        self._commits.close()
        self.engine.dispose()

    def read_now(self, action: Callable[[Connection], T]) -> T:
        """In this thread: for start-up and for tests."""
        with _named(), self.engine.connect() as connection, connection.begin():
            return action(connection)

    def write_now(self, action: Callable[[Connection], T]) -> T:
        """In this thread."""
        with _named(), self._writing, self.engine.connect() as connection:
            connection = connection.execution_options(app_write=True)
            with connection.begin():
                return action(connection)

    async def read(self, action: Callable[[Connection], T]) -> T:
        """One consistent view of the data."""
        if self._readers is None:
            self._readers = anyio.CapacityLimiter(_READERS)
        return await to_thread.run_sync(self.read_now, action, limiter=self._readers)

    async def read_few(self, action: Callable[[Connection], T]) -> T:
        """As `read`, for what takes microseconds: where the database is a file, here and now. A reader of SQLite waits for
        no writer, and under load a thread waits longer for its turn at each statement than they all take."""
        return self.read_now(action) if self.sqlite_file is not None else await self.read(action)

    async def recall(self, key: Hashable, action: Callable[[Connection], T]) -> T:
        """As `read_few`, and remembered until anything is committed, by this process or another: then the number that
        stands in SQLite's shared memory is another, and that number is asked for every time. What is answered is as it
        would be read. `action` gives the same for the same `key`: something that nobody changes."""
        if self.sqlite_file is None:
            return await self.read(action)
        with _named():
            count = self._commits.value()
        if count != self._seen or len(self._known) > _REMEMBERED:
            self._seen, self._known = count, {}
        known = self._known
        if key not in known:
            known[key] = self.read_now(action)
        found: T = known[key]
        return found

    async def write(self, action: Callable[[Connection], T]) -> T:
        """All of `action` or nothing of it."""
        if self._writer is None:
            self._writer = anyio.CapacityLimiter(1)
        return await to_thread.run_sync(self.write_now, action, limiter=self._writer)

    async def write_one(self, action: Callable[[Connection], T]) -> T:
        """As `write`, for an action that looks whether something is there and puts it if not: when another process was
        quicker to put it, the action is run again and finds it. IntegrityError when it is refused then as well."""
        try:
            return await self.write(action)
        except IntegrityError:
            return await self.write(action)


@contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise Unavailable("DatabaseUnavailable", message=str(error.orig)) from error


def _options(sqlite: bool) -> dict[str, Any]:
    if not sqlite:
        return {"pool_pre_ping": True}
    return {"connect_args": {"timeout": _BUSY_MS / 1000, "check_same_thread": False, "isolation_level": None}}


def _on_connect(connection: Any, record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("app_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


class CommitCount:
    """A number that is another one after each commit to a SQLite file by any other connection, of this process or another.
    It stands in memory that they share: no row is read. Without a file it is always 0."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def value(self) -> int:
        if self._file is None:
            return 0
        if self._connection is None:
            self._connection = sqlite3.connect(self._file, check_same_thread=False)
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])


class ChangeWatch:
    """Notices commits of other connections and processes within milliseconds, without asking for rows: the longer there was
    none, the more rarely it looks. Where commits are not counted it says every quarter of a second that there may have been
    one."""

    _QUICK_S, _SLOW_S, _SLOWER = 0.002, 0.04, 1.01
    _POLL_S = 0.25

    def __init__(self, database: Database) -> None:
        self._counted = database.sqlite_file is not None
        self._commits = CommitCount(database.sqlite_file)
        self._seen = self._commits.value()
        self._pause = self._QUICK_S

    def close(self) -> None:
        self._commits.close()

    async def wait(self, timeout_s: float) -> bool:
        """True as soon as something was committed since the last call that said so; False after `timeout_s`."""
        if not self._counted:
            await anyio.sleep(min(timeout_s, self._POLL_S))
            return timeout_s >= self._POLL_S
        until = anyio.current_time() + timeout_s
        while True:
            count = self._commits.value()
            if count != self._seen:
                self._seen, self._pause = count, self._QUICK_S
                return True
            left = until - anyio.current_time()
            if left <= 0:
                return False
            await anyio.sleep(min(self._pause, left))
            self._pause = min(self._pause * self._SLOWER, self._SLOW_S)
