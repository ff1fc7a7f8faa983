"""The files of the read model. `chain.db` is a link to the generation in use, `chain.<n>.db`; a rebuild writes the
next one beside it and then turns the link, in one rename: readers see the old index or the new one, never a half of
either."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import make_url

from api.domain.errors import Conflict, InvalidInput, Unavailable
from api.store.ledger import migrate

_BUSY_MS = 15_000


class LedgerFiles:
    """Opens, replaces and guards the database behind one path."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self._name = str(link)

    @classmethod
    def of_url(cls, url: str) -> LedgerFiles:
        """InvalidInput("DatabaseNotSupported") for anything but a SQLite file."""
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
            raise InvalidInput("DatabaseNotSupported", url=parsed.render_as_string(hide_password=True))
        return cls(Path(parsed.database))

    def identity(self) -> tuple[int, int] | None:
        """Changes when a rebuild has taken the place; None while there is nothing."""
        try:
            found = os.stat(self._name)  # noqa: PTH116 - with every read
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Only one indexer writes. Conflict("IndexerAlreadyRunning"). The lock dies with the process."""
        self.link.parent.mkdir(parents=True, exist_ok=True)
        with (self.link.parent / f"{self.link.name}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Conflict("IndexerAlreadyRunning", file=str(self.link)) from error
            yield

    def open(self) -> sqlite3.Connection | None:
        """The writer's connection to the generation in use; None when there is none, or it has another schema."""
        if self.identity() is None:
            return None
        connection = connect(self.link, write=True)
        if migrate.revision(connection) == migrate.HEAD:
            return connection
        connection.close()
        return None

    def begin(self) -> Path:
        """An empty generation, beside the one in use; what a rebuild that was cut short has left is removed."""
        used = self.link.resolve().name if self.link.is_symlink() else ""
        for stale in self._generations():
            if stale.name != used:
                remove(stale)
        number = max((_number(p) for p in self._generations()), default=0) + 1
        file = self.link.with_name(f"{self.link.stem}.{number}{self.link.suffix}")
        migrate.create(file)
        return file

    def use(self, file: Path) -> None:
        """Turns the link to `file`, and removes the generation that was used before."""
        before = self.link.resolve() if self.link.is_symlink() else None
        turning = self.link.with_name(f"{self.link.name}.turning")
        turning.unlink(missing_ok=True)
        turning.symlink_to(file.name)
        turning.replace(self.link)
        if before is not None and before != file.resolve():
            remove(before)

    def _generations(self) -> list[Path]:
        found = self.link.parent.glob(f"{self.link.stem}.*{self.link.suffix}")
        return [p for p in found if p != self.link and not p.is_symlink() and _number(p) > 0]


def _number(file: Path) -> int:
    part = file.stem.rpartition(".")[2]
    return int(part) if part.isdecimal() else 0


def remove(file: Path) -> None:
    """Removes a database with its log. Whoever has it open keeps reading what it saw."""
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm", f"{file.name}-journal"):
        file.with_name(name).unlink(missing_ok=True)


def connect(file: Path, *, write: bool) -> sqlite3.Connection:
    """A connection that begins and ends transactions only when told. Unavailable("IndexMissing") for a reader when
    there is no file yet."""
    if not write and not file.exists():
        raise Unavailable("IndexMissing", file=str(file))
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=_BUSY_MS / 1000)
    if write:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")  # a lost tail is derived again
        connection.execute("PRAGMA wal_autocheckpoint=8000")  # pages: a fifth quicker than the usual thousand
    else:
        connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA cache_size=-65536")
    return connection
