"""A town on anvil, and indexes of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from api.config import Settings, load_settings
from api.indexer.follow import Follower
from api.indexer.service import Indexer
from api.store.ledger.files import LedgerFiles, connect
from api.store.ledger.reading import LedgerReader
from tests.api.chain.conftest import Network, any_network, bindings, network
from tests.indexer.town import Town

__all__ = ["any_network", "bindings", "network"]

Contents = dict[str, list[tuple[Any, ...]]]
"""Table → rows."""
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
_NOT_FACTS = {("cursor", "reorgs"), ("undo", "seq")}
"""What depends on how an index came to be, not on the chain."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def contents(file: Path) -> Contents:
    """Every row of every table, sorted."""
    connection = sqlite3.connect(file)
    found: Contents = {}
    try:
        for (table,) in connection.execute(_TABLES).fetchall():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            kept = ", ".join(f'"{c}"' for c in columns if (table, c) not in _NOT_FACTS)
            found[table] = sorted(connection.execute(f"SELECT {kept} FROM {table}").fetchall(), key=repr)
    finally:
        connection.close()
    return found


@dataclass
class Index:
    """An index that moves only when told."""

    settings: Settings
    follower: Follower
    connection: sqlite3.Connection

    @property
    def file(self) -> Path:
        return LedgerFiles.of_url(self.settings.chain_db).link

    async def catch_up(self) -> None:
        while await self.follower.catch_up():
            pass

    def reader(self) -> LedgerReader:
        return LedgerReader(self.settings.chain_db)

    def contents(self) -> Contents:
        return contents(self.file)


@dataclass
class Indexes:
    """Makes indexes of one network."""

    network: Network
    made: list[Index] = field(default_factory=list)

    async def new(self, name: str = "chain", **settings: Any) -> Index:
        """Begins a new index beside the others."""
        chosen = load_settings(self.network.environment(), chain_db_url=f"sqlite:///{name}.db", **settings)
        files = LedgerFiles.of_url(chosen.chain_db)
        indexer = Indexer(chosen, self.network.rpc, files)
        file = files.begin()
        connection = connect(file, write=True)
        follower = await indexer.follower(connection)
        await follower.start()
        files.use(file)
        index = Index(chosen, follower, connection)
        self.made.append(index)
        return index

    async def fresh(self, name: str, **settings: Any) -> Contents:
        """What a new index of the chain as it is now holds."""
        index = await self.new(name, **settings)
        await index.catch_up()
        return index.contents()


@pytest.fixture
def indexes(network: Network) -> Iterator[Indexes]:
    made = Indexes(network)
    yield made
    for index in made.made:
        index.connection.close()


@pytest.fixture
async def town(network: Network) -> Town:
    town = Town(network)
    await town.found()
    return town
