"""A town on anvil, and indexes of it, in SQLite and in PostgreSQL."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Executable, NullPool, create_engine, make_url, select, text
from sqlalchemy.engine import Engine

from api.config import Settings, load_settings
from api.indexer.follow import Follower
from api.indexer.service import Indexer
from api.store.ledger import tables
from api.store.ledger.generations import open_generations
from api.store.ledger.reading import LedgerReader
from api.store.ledger.sql import Connection
from tests.api.chain.conftest import Network, any_network, bindings, network
from tests.indexer.town import Town
from tests.postgresql import Server, server

__all__ = ["any_network", "bindings", "network", "server"]

Contents = dict[str, list[tuple[Any, ...]]]
"""Table → rows."""
Where = Callable[[str], str]
"""From a name to the address of a read model, empty until an indexer begins it."""
_NOT_FACTS = {("cursor", "reorgs"), ("undo", "seq")}
_NOT_OF_THE_CHAIN = "reorganisations"
"""What depends on how an index came to be, not on the chain."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


EACH_ONCE = pytest.mark.parametrize(
    ("any_network", "where"), [("anvil", "postgresql"), ("ganache", "sqlite")], indirect=True
)
"""For long stories: both kinds of node, and both databases."""


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Where:
    if request.param == "sqlite":
        return lambda name: f"sqlite:///{tmp_path}/{name}.db"
    server: Server = request.getfixturevalue("server")
    made: dict[str, str] = defaultdict(server.new_database)
    return made.__getitem__


def engine_of(url: str) -> Engine:
    """On the generation in use."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return create_engine(parsed, poolclass=NullPool)
    driver = parsed.set(drivername="postgresql+psycopg")
    with create_engine(driver, poolclass=NullPool).connect() as connection:
        number = connection.execute(text("SELECT number FROM ledger.generation")).scalar_one()
    return create_engine(driver, poolclass=NullPool, connect_args={"options": f"-c search_path=ledger_{number}"})


def query(url: str, statement: Executable | str) -> list[tuple[Any, ...]]:
    with engine_of(url).begin() as connection:
        result = connection.execute(text(statement) if isinstance(statement, str) else statement)
        return [tuple(row) for row in result] if result.returns_rows else []


def contents(url: str) -> Contents:
    """Every row of every table as Python values, sorted: the same for the same chain, whichever database it is in."""
    found: Contents = {}
    with engine_of(url).connect() as connection:
        for name, table in tables.metadata.tables.items():
            if name == _NOT_OF_THE_CHAIN:
                continue
            columns = [c for c in table.columns if (name, c.name) not in _NOT_FACTS]
            found[name] = sorted((tuple(row) for row in connection.execute(select(*columns))), key=repr)
    return found


def untold(found: Contents) -> set[tuple[str, int, int]]:
    """Blocks that changed what is read of a debt's tree without an event about it: the table, the block, the root note."""
    columns = {name: [c.name for c in table.columns] for name, table in tables.metadata.tables.items()}
    rows = {
        name: [dict(zip(columns[name], row, strict=False)) for row in found[name]] for name in found if name != "undo"
    }
    root = {n["id"]: n["root_id"] for n in rows["notes"]}
    of_receivable = {r["id"]: r["root"] for r in rows["receivables"]}
    sold = {s["reservation"].hex(): s["note"] for s in rows["bank_sales"]}
    roots: dict[str, Callable[[list[Any]], int]] = {
        "notes": lambda key: root[key[0]],
        "receivables": lambda key: of_receivable[key[0]],
        "loans": lambda key: root[key[0]],
        "freezes": lambda key: root[key[0]],
        "bank_sales": lambda key: root[sold[key[0]["hex"]]],
        "bank_repayments": lambda key: root[key[1]],
    }
    changed = {("cash_legs", leg["block"], leg["root_id"]) for leg in rows["cash_legs"]}
    changed |= {(name, block, roots[name](json.loads(key))) for block, name, key, _ in found["undo"] if name in roots}
    told = {(e["block"], e["root_id"]) for e in rows["events"]}
    return {(name, block, tree) for name, block, tree in changed if (block, tree) not in told}


@dataclass
class Index:
    """An index that moves only when told."""

    settings: Settings
    follower: Follower
    connection: Connection

    @property
    def url(self) -> str:
        return self.settings.chain_db

    async def catch_up(self) -> None:
        while await self.follower.catch_up():
            pass

    def reader(self) -> LedgerReader:
        return LedgerReader(self.url)

    def contents(self) -> Contents:
        return contents(self.url)

    def query(self, statement: Executable | str) -> list[tuple[Any, ...]]:
        return query(self.url, statement)


@dataclass
class Indexes:
    """Makes indexes of one network."""

    network: Network
    where: Where
    made: list[Index] = field(default_factory=list)

    async def new(self, name: str = "chain", **settings: Any) -> Index:
        """Begins a new index beside the others."""
        chosen = load_settings(
            self.network.environment(), **{"chain_db_url": self.where(name), "index_behind_s": 0.0, **settings}
        )
        store = open_generations(chosen.chain_db)
        indexer = Indexer(chosen, self.network.rpc, store)
        connection = store.begin()
        follower = await indexer.follower(connection)
        await follower.start()
        store.use(connection)
        index = Index(chosen, follower, connection)
        self.made.append(index)
        return index

    async def fresh(self, name: str, **settings: Any) -> Contents:
        """What a new index of the chain as it is now holds."""
        index = await self.new(name, **settings)
        await index.catch_up()
        return index.contents()

    def environment(self) -> dict[str, str]:
        """What an indexer process is started with: its index is the one called "chain"."""
        return {**self.network.environment(), "SCF_CHAIN_DB_URL": self.where("chain")}

    def close(self) -> None:
        for index in self.made:
            index.connection.close()


@pytest.fixture
def indexes(network: Network, where: Where) -> Iterator[Indexes]:
    made = Indexes(network, where)
    yield made
    made.close()


@pytest.fixture
async def town(network: Network) -> Town:
    town = Town(network)
    await town.found()
    return town
