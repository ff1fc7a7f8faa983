"""The read model in SQLite files. `chain.db` is a link to the generation in use, `chain.<n>.db`; a rebuild writes the
next one beside it and then turns the link, in one rename."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import anyio

from api.domain.errors import Conflict, Unavailable
from api.store.ledger import migrate
from api.store.ledger.generations import Replaced
from api.store.ledger.sql import Connection

_BUSY_MS = 15_000
_POLL_S = 0.003


class SqliteGenerations:
    """Implements Generations over the files beside one path."""

    at_hand = True

    def __init__(self, link: Path) -> None:
        self.link = link
        self.place = self._name = str(link)

    def identity(self) -> tuple[int, int] | None:
        """Changes when a rebuild has taken the place; None while there is nothing."""
        try:
            found = os.stat(self._name)  # noqa: PTH116 - with every read
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    def exists(self) -> bool:
        return self.identity() is not None

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        self.link.parent.mkdir(parents=True, exist_ok=True)
        with (self.link.parent / f"{self.link.name}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Conflict("IndexerAlreadyRunning", file=self.place) from error
            yield

    # -- the writer

    def open(self) -> sqlite3.Connection | None:
        if not self.exists():
            return None
        connection = _connect(self.link, write=True)
        if _revision(connection) == migrate.HEAD:
            return connection
        connection.close()
        return None

    def begin(self) -> sqlite3.Connection:
        used = self.link.resolve().name if self.link.is_symlink() else ""
        for stale in self._files():
            if stale.name != used:
                _remove(stale)
        number = max((_number(p) for p in self._files()), default=0) + 1
        file = self.link.with_name(f"{self.link.stem}.{number}{self.link.suffix}")
        migrate.create(f"sqlite:///{file}")
        return _connect(file, write=True)

    def use(self, connection: Connection) -> None:
        """Whoever has the one that was used before open keeps reading what it saw."""
        (_, _, name) = cast(sqlite3.Connection, connection).execute("PRAGMA database_list").fetchone()
        file = Path(name)
        before = self.link.resolve() if self.link.is_symlink() else None
        turning = self.link.with_name(f"{self.link.name}.turning")
        turning.unlink(missing_ok=True)
        turning.symlink_to(file.name)
        turning.replace(self.link)
        if before is not None and before != file.resolve():
            _remove(before)

    def _files(self) -> list[Path]:
        found = self.link.parent.glob(f"{self.link.stem}.*{self.link.suffix}")
        return [p for p in found if p != self.link and not p.is_symlink() and _number(p) > 0]

    # -- readers

    def snapshot(self) -> SqliteSnapshot:
        identity = self.identity()
        if identity is None:
            raise Unavailable("IndexMissing", file=self.place)
        return SqliteSnapshot(self, identity)

    def bell(self) -> Clock:
        return Clock()


class SqliteSnapshot:
    """Implements Snapshot."""

    def __init__(self, generations: SqliteGenerations, identity: tuple[int, int]) -> None:
        self._generations = generations
        self._identity = identity
        self.connection = _connect(generations.link, write=False)
        self.number = _number(generations.link.resolve())
        """Right where the first transaction finds that the link still leads where `identity` was read."""

    def glance(self) -> int | None:
        return self._commits() if self._generations.identity() == self._identity else None

    def begin(self) -> int:
        if self._generations.identity() != self._identity:
            raise Replaced
        self.connection.execute("BEGIN")
        return self._commits()

    def _commits(self) -> int:
        """SQLite counts commits in memory that its processes share."""
        (commits,) = self.connection.execute("PRAGMA data_version").fetchone()
        return int(commits)

    def end(self) -> None:
        self.connection.execute("COMMIT")

    def close(self) -> None:
        self.connection.close()


class Clock:
    """Implements Bell: looking again costs less than telling."""

    rung = 0

    async def wait(self, rung: int, timeout_s: float) -> None:
        await anyio.sleep(min(timeout_s, _POLL_S))

    def close(self) -> None:
        pass


def _number(file: Path) -> int:
    part = file.stem.rpartition(".")[2]
    return int(part) if part.isdecimal() else 0


def _remove(file: Path) -> None:
    """A database with its log."""
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm", f"{file.name}-journal"):
        file.with_name(name).unlink(missing_ok=True)


def _revision(connection: sqlite3.Connection) -> str | None:
    """The schema that the database has; None when it is empty."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone() is None:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def _connect(file: Path, *, write: bool) -> sqlite3.Connection:
    """A connection that begins and ends transactions only when told."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=_BUSY_MS / 1000)
    if write:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")  # a lost tail is derived again
        connection.execute("PRAGMA wal_autocheckpoint=8000")  # pages: a fifth quicker than the usual thousand
    else:
        connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA cache_size=-65536")
    return connection
