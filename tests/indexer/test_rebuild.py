"""The index is what the chain says, however it came to be: made anew, killed on its way, taken back under its readers' eyes."""

from __future__ import annotations

import random
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest

from api.config import load_settings
from api.domain.errors import Conflict
from api.indexer.service import rebuild
from api.store.ledger.generations import open_generations
from api.store.ledger.reading import LedgerReader
from tests.indexer.conftest import Contents, Indexes, contents
from tests.indexer.processes import IndexerProcess
from tests.indexer.proxy import Call, Proxy
from tests.indexer.test_reorg import head, long_life, roll_back
from tests.indexer.town import Town, play
from tests.postgresql import Server

pytestmark = pytest.mark.anyio

DEEPEST = 64


def same(found: Contents, expected: Contents) -> None:
    for table, rows in expected.items():
        assert found[table] == rows, table


async def test_made_anew_it_is_the_same_row_for_row_in_both_databases(
    town: Town, server: Server, tmp_path: Path
) -> None:
    """Live, block by block, in one database; then anew in both."""
    network = town.network
    urls = {"sqlite": f"sqlite:///{tmp_path}/chain.db", "postgresql": server.new_database()}
    index = await Indexes(network, lambda name: urls[name]).new("sqlite")
    await play(town)
    await index.catch_up()
    await long_life(town, 30)
    await roll_back(network.rpc, 7)
    await long_life(town, 12)
    await index.catch_up()
    live = index.contents()
    index.connection.close()
    for url in urls.values():
        found = await rebuild(load_settings(network.environment(), chain_db_url=url))
        assert (found.block, found.events) == (await head(network.rpc), len(live["events"]))
        same(contents(url), live)
        reader = LedgerReader(url)
        assert (await reader.status()).events == len(live["events"])
        reader.close()


async def test_no_rebuild_beside_a_running_indexer(indexes: Indexes) -> None:
    process = IndexerProcess(indexes.environment())
    process.until_ready()
    settings = load_settings(indexes.environment())
    with pytest.raises(Conflict, match="IndexerAlreadyRunning"):
        await rebuild(settings)
    assert process.stop() == 0


@pytest.mark.parametrize("kills", [10, pytest.param(200, marks=[pytest.mark.deep, pytest.mark.timeout(1_800)])])
async def test_killed_at_random_during_a_backfill(town: Town, indexes: Indexes, kills: int) -> None:
    """kill -9. The node takes its time, so that most kills hit a range on its way; whenever the head is reached, what is
    there is what an undisturbed indexer made, and the next one begins with nothing."""
    await play(town)
    await long_life(town, 60)
    last, chance = await head(town.network.rpc), random.Random(kills)
    proxy, truth = Proxy(town.network.node.url), await indexes.fresh("fresh")
    finished = on_its_way = 0

    async def slowly(method: str, params: list[object], node: Call) -> object:
        await anyio.sleep(0.004)
        return await node(method, params)

    async def started() -> IndexerProcess:
        place = {"SCF_CHAIN_DB_URL": indexes.where(f"chain{finished}"), "SCF_RPC_URL": proxy.url}
        process = IndexerProcess({**town.network.environment(), **place, "SCF_INDEX_RANGE": "1"})
        await anyio.to_thread.run_sync(process.until_ready)
        return process

    async def block() -> int:
        reader = LedgerReader(indexes.where(f"chain{finished}"))
        found = (await reader.status()).block
        reader.close()
        return found

    proxy.answer = slowly
    async with proxy.running():
        for _ in range(kills):
            process = await started()
            await anyio.sleep(chance.random() * 0.3)
            process.kill()
            if await block() == last:
                same(contents(indexes.where(f"chain{finished}")), truth)
                finished += 1
            else:
                on_its_way += 1
        process = await started()
        reader = LedgerReader(indexes.where(f"chain{finished}"))
        assert await reader.wait_for(last, 60)
        reader.close()
        assert process.stop() == 0
    same(contents(indexes.where(f"chain{finished}")), truth)
    assert on_its_way > kills // 2


@pytest.mark.parametrize(
    "depths",
    [(1, 2, 5, 21, DEEPEST), pytest.param(tuple(range(1, DEEPEST + 1)), marks=[pytest.mark.deep])],
    ids=["some", "all"],
)
async def test_reorgs_while_readers_read(town: Town, indexes: Indexes, depths: tuple[int, ...]) -> None:
    """No reader sees half a block: value that has left one note and not come to the next, or a note that nobody counted."""
    await play(town)
    await long_life(town, DEEPEST + 2)
    process = IndexerProcess(indexes.environment())
    await anyio.to_thread.run_sync(process.until_ready)
    reader = LedgerReader(indexes.where("chain"))
    assert await reader.wait_for(await head(town.network.rpc), 30)
    done, looks, blocks = anyio.Event(), 0, set[str]()

    async def look() -> None:
        nonlocal looks
        while not done.is_set():
            for number in (await reader.totals()).receivables, 1, 3:
                receivable = await reader.receivable(number)
                trace = None if receivable is None else await reader.trace(receivable.root)
                if trace is not None:
                    assert sum(n.value for n in trace.read.nodes) == trace.read.receivable.outstanding
                    assert len(trace.read.nodes) == trace.read.receivable.notes
                    looks += 1
            blocks.add((await reader.status()).block_hash)
            await anyio.lowlevel.checkpoint()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(look)
        for depth in depths:
            await roll_back(town.network.rpc, depth)
            await long_life(town, depth)
            assert await reader.wait_for(await head(town.network.rpc), 30)
        done.set()
    assert looks > 50
    assert len(blocks) > len(depths)
    assert (await reader.status()).reorgs > 0
    reader.close()
    assert process.stop() == 0
    same(contents(indexes.where("chain")), await indexes.fresh("fresh"))
    assert open_generations(indexes.where("chain")).exists()
