"""What else befalls a network under load, each for real: its chain gone, a clock that is wrong, a disk that is full, databases
that somebody else has locked. Counted as the rounds of kills are."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import anyio
import pytest

from tests.faults.__main__ import begin
from tests.faults.clients import Log
from tests.faults.network import FAKETIME, Network
from tests.faults.rounds import Trouble, play
from tests.faults.world import CLIENTS, World

OPERATIONS = 80
EARLY = 20
"""Acts taken when the trouble begins."""
GONE_S = 30.0
FULL_S = 10.0
LOCKED_S = 12.0
"""Longer than anything waits for a lock."""

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
async def beginning(tmp_path_factory: pytest.TempPathFactory) -> tuple[Network, World]:
    return await begin(tmp_path_factory.mktemp("faults"))


async def clean(beginning: tuple[Network, World], folder: Path, trouble: Trouble, **clocks: int) -> None:
    stopped, world = beginning
    network = stopped.copy_to(folder / "network")
    network.clocks = clocks
    found, _ = await play(network, world, 1, OPERATIONS, folder / "log.jsonl", trouble)
    assert found.operations >= OPERATIONS
    assert found.clean, found.wrong


@asynccontextmanager
async def standstill(log: Log) -> AsyncIterator[None]:
    """While it lasts nothing is taken, but what a client had been answered on its way: the trouble is felt."""
    before = log.taken
    yield
    assert log.taken - before <= CLIENTS


async def test_the_chain_is_gone_for_half_a_minute(beginning: tuple[Network, World], tmp_path: Path) -> None:
    async def gone(network: Network, log: Log) -> int:
        await log.reached(EARLY)
        network.kill("chain", GONE_S)
        async with standstill(log):
            await anyio.sleep(GONE_S)
        return 1

    await clean(beginning, tmp_path, gone)


@pytest.mark.skipif(FAKETIME is None, reason="libfaketime is not installed (Debian: faketime)")
@pytest.mark.parametrize("worker", [600, -600])
async def test_clocks_are_ten_minutes_off(beginning: tuple[Network, World], tmp_path: Path, worker: int) -> None:
    """The worker's one way, the API's the other; and the worker dies, so that another finds its leases."""

    async def killed(network: Network, log: Log) -> int:
        await log.reached(EARLY)
        network.kill("worker", 0.0)
        return 1

    await clean(beginning, tmp_path, killed, worker=worker, api=-worker)


async def test_the_disk_is_full_for_a_while(beginning: tuple[Network, World], tmp_path: Path) -> None:
    async def full(network: Network, log: Log) -> int:
        await log.reached(EARLY)
        network.limit_files(4_096)
        async with standstill(log):
            await anyio.sleep(FULL_S)
        network.limit_files(None)
        return 0

    await clean(beginning, tmp_path, full)


async def test_somebody_has_locked_the_databases_for_a_while(beginning: tuple[Network, World], tmp_path: Path) -> None:
    async def locked(network: Network, log: Log) -> int:
        await log.reached(EARLY)
        with ExitStack() as locks:
            for file in ("app.db", "chain.db"):
                other = sqlite3.connect(network.home / file, timeout=60, check_same_thread=False)
                locks.callback(other.close)
                await anyio.to_thread.run_sync(other.execute, "BEGIN IMMEDIATE")
            async with standstill(log):
                await anyio.sleep(LOCKED_S)
        return 0

    await clean(beginning, tmp_path, locked)
