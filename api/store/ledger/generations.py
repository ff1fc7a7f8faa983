"""Where a read model is kept. It comes in generations: a rebuild fills the next one beside the one in use, and takes
its place in one step, so that readers see the old index or the new one, never a half of either."""

from __future__ import annotations

from collections.abc import Hashable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from api.domain.errors import InvalidInput
from api.store.ledger.sql import Connection


class Replaced(Exception):
    """What a snapshot was opened on is not the generation in use any more."""


class Snapshot(Protocol):
    """A reader's connection to one generation."""

    @property
    def connection(self) -> Connection: ...

    @property
    def number(self) -> int:
        """Which generation this is: no two that were in use have the same."""
        ...

    def glance(self) -> Hashable:
        """What `begin` would answer now, without a transaction; None where another generation is in use, or it would cost as
        much."""
        ...

    def begin(self) -> Hashable:
        """Begins a transaction that sees one block; answers what is another value after each commit of the indexer.
        Replaced when another generation is in use."""
        ...

    def end(self) -> None:
        """Ends the transaction."""
        ...

    def close(self) -> None: ...


class Bell(Protocol):
    """Tells when the indexer has committed."""

    @property
    def rung(self) -> int:
        """How often it rang."""
        ...

    async def wait(self, rung: int, timeout_s: float) -> None:
        """Until it has rung more often than `rung` times, or may have, or the time is over."""
        ...

    def close(self) -> None: ...


class Generations(Protocol):
    """The read model behind one URL."""

    @property
    def place(self) -> str:
        """What it is called in messages."""
        ...

    @property
    def at_hand(self) -> bool:
        """Whether a small read is quicker where it is asked for than in a thread."""
        ...

    def exists(self) -> bool:
        """Whether a generation is in use."""
        ...

    def locked(self) -> AbstractContextManager[None]:
        """Only one indexer writes. Conflict("IndexerAlreadyRunning"). The lock dies with the process."""
        ...

    def open(self) -> Connection | None:
        """The writer's connection to the generation in use; None when there is none, or it has another schema."""
        ...

    def begin(self) -> Connection:
        """The writer's connection to an empty generation beside the one in use. What a rebuild that was cut short has
        left is removed."""
        ...

    def use(self, connection: Connection) -> None:
        """Puts the generation that `begin` made into use, and removes the one that was used before."""
        ...

    def snapshot(self) -> Snapshot:
        """Unavailable("IndexMissing") while no generation is in use."""
        ...

    def bell(self) -> Bell: ...


def open_generations(url: str) -> Generations:
    """InvalidInput("DatabaseNotSupported") for anything but a SQLite file or a PostgreSQL database."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise InvalidInput("DatabaseNotSupported", url=url) from error
    kind = parsed.get_backend_name()
    if kind == "postgresql":
        from api.store.ledger.postgresql import PostgresqlGenerations

        return PostgresqlGenerations(parsed)
    if kind == "sqlite" and parsed.database and parsed.database != ":memory:":
        from api.store.ledger.sqlite import SqliteGenerations

        return SqliteGenerations(Path(parsed.database))
    raise InvalidInput("DatabaseNotSupported", url=parsed.render_as_string(hide_password=True))
