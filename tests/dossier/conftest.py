"""A whole story on a real chain, and the dossiers of its notes. Told once for each kind of node: nothing here changes it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.chain.bindings import Bindings
from api.domain.operations import Contract
from api.domain.views import JournalEntry
from api.dossier.check import numbers
from api.dossier.gather import DossierWriter
from api.store.app.approvals import StoredApprovals
from api.store.app.database import Database
from api.store.app.migrate import migrate
from api.store.ledger.reading import LedgerReader
from tests.api.chain.conftest import Network, bindings, started
from tests.indexer.bank import play_bank
from tests.indexer.conftest import Indexes
from tests.indexer.town import Town, play

__all__ = ["bindings"]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


class Hiding:
    """A read model that knows nothing of one transaction."""

    def __init__(self, reader: LedgerReader, transaction: str) -> None:
        self._reader = reader
        self._transaction = transaction

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    async def story(self, note: int) -> Sequence[JournalEntry]:
        return [entry for entry in await self._reader.story(note) or () if entry.tx_hash != self._transaction]


@dataclass
class Told:
    """A network after its story, indexed."""

    kind: str
    network: Network
    reader: LedgerReader
    approvals: StoredApprovals
    notes: int

    @property
    def writer(self) -> DossierWriter:
        n = self.network
        return DossierWriter(n.rpc, n.bindings, n.deployment, self.reader, self.approvals)

    async def write(self, note: int, block: int | None = None) -> bytes:
        return await self.writer.write(note, block)

    def hiding(self, transaction: str) -> DossierWriter:
        """A forger with the node's help, who leaves one transaction out of the story."""
        n = self.network
        return DossierWriter(n.rpc, n.bindings, n.deployment, Hiding(self.reader, transaction), self.approvals)

    async def hash_of(self, block: int) -> bytes:
        """As the node says."""
        found = await self.network.rpc.call("eth_getBlockByNumber", hex(block), False)
        return bytes.fromhex(found["hash"][2:])

    async def hashes(self, file: bytes) -> set[bytes]:
        """Of the dossier's blocks, as the node has them."""
        return {await self.hash_of(number) for number in numbers(file)}


@pytest.fixture(scope="session")
async def on_anvil(tmp_path_factory: pytest.TempPathFactory, bindings: Bindings) -> AsyncIterator[Told]:
    """On anvil."""
    async for one in telling("anvil", tmp_path_factory.mktemp("anvil"), bindings):
        yield one


@pytest.fixture(scope="session")
async def on_ganache(tmp_path_factory: pytest.TempPathFactory, bindings: Bindings) -> AsyncIterator[Told]:
    """On ganache."""
    async for one in telling("ganache", tmp_path_factory.mktemp("ganache"), bindings):
        yield one


@pytest.fixture(params=["anvil", "ganache"])
def told(request: pytest.FixtureRequest) -> Told:
    """On both nodes."""
    one: Told = request.getfixturevalue(f"on_{request.param}")
    return one


@pytest.fixture(scope="session")
async def banked(tmp_path_factory: pytest.TempPathFactory, bindings: Bindings) -> AsyncIterator[Told]:
    """What banks carry, on anvil."""
    async for one in telling("anvil", tmp_path_factory.mktemp("bank"), bindings, play_bank):
        yield one


@pytest.fixture
async def pruned(tmp_path: Path, bindings: Bindings) -> AsyncIterator[Told]:
    """On a node that forgets."""
    async for one in telling("forgetful", tmp_path, bindings):
        yield one


Story = Callable[[Town], Awaitable[None]]


async def telling(kind: str, home: Path, bindings: Bindings, story: Story = play) -> AsyncIterator[Told]:
    async for network in started(kind, home, bindings):
        town = Town(network)
        await town.found()
        await story(town)
        index = await Indexes(network, lambda name: f"sqlite:///{home}/{name}.db").new()
        await index.catch_up()
        reader = index.reader()
        database = Database(f"sqlite:///{home}/app.db")
        migrate(database)
        approvals = StoredApprovals(database, 600)
        yield Told(kind, network, reader, approvals, await network.chain().call(Contract.NOTES, "noteCount"))
        database.close()
        reader.close()
        index.connection.close()
