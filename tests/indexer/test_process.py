"""The process: killed at any moment, started twice, pointed at the wrong chain, fed what it does not know."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest
from sqlalchemy import make_url

from api.chain.deployment import as_record, write_atomically
from api.chain.local import start_anvil
from api.config import load_settings
from api.domain.errors import CascadeError, Conflict, InvalidInput, Unavailable
from api.domain.operations import Contract
from api.indexer.service import index
from api.store.ledger.reading import LedgerReader
from tests.api.chain.conftest import Network
from tests.indexer.conftest import Indexes, Where, contents, query
from tests.indexer.processes import IndexerProcess
from tests.indexer.test_reorg import head, long_life
from tests.indexer.town import Town, play

pytestmark = pytest.mark.anyio

KILLS = 10


async def until_at_head(indexes: Indexes, within_s: float = 60.0) -> LedgerReader:
    reader = LedgerReader(indexes.where("chain"))
    assert await reader.wait_for(await head(indexes.network.rpc), within_s)
    return reader


def generations(indexes: Indexes) -> set[int]:
    """Those that there are: the one in use, and what a rebuild may have left."""
    url = make_url(indexes.where("chain"))
    if url.get_backend_name() == "sqlite":
        names = [p.stem for p in Path(str(url.database)).parent.glob("chain*.db") if not p.is_symlink()]
    else:
        names = [
            name for (name,) in query(str(url), "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'ledger\\_%'")
        ]
    return {int(re.split(r"[._]", name)[1]) for name in names}


async def test_killed_ten_times_while_the_story_goes_on(town: Town, indexes: Indexes) -> None:
    """kill -9 at random moments: during start, catching up, writing and waiting. Nothing is lost, nothing comes twice."""
    chance = random.Random(20)
    environment = {**indexes.environment(), "SCF_INDEX_RANGE": "3"}

    async def harass() -> None:
        for _ in range(KILLS):
            process = IndexerProcess(environment)
            if chance.random() < 0.7:
                await anyio.to_thread.run_sync(process.until_ready)
            await anyio.sleep(chance.random() * 0.15)
            process.kill()

    async def live(until_told: anyio.CancelScope) -> None:
        with until_told:
            await play(town)
            while True:
                await long_life(town, 10)
                await anyio.sleep(0.1)

    async with anyio.create_task_group() as tasks:
        told = anyio.CancelScope()
        tasks.start_soon(live, told)
        await harass()
        told.cancel()
    process = IndexerProcess(environment)
    process.until_ready()
    (await until_at_head(indexes)).close()
    assert process.stop() == 0
    found, fresh = contents(indexes.where("chain")), await indexes.fresh("fresh")
    for table, rows in fresh.items():
        assert found[table] == rows, table


async def test_one_writer_at_a_time(indexes: Indexes) -> None:
    first = IndexerProcess(indexes.environment())
    first.until_ready()
    second = IndexerProcess(indexes.environment())
    assert second.ended() == 1
    assert "IndexerAlreadyRunning" in "".join(second.complaints)
    assert first.stop() == 0


async def refusal(indexes: Indexes, **settings: Any) -> CascadeError:
    """What starting an indexer here ends with."""
    chosen = load_settings(indexes.environment(), **settings)
    with pytest.raises((CascadeError, BaseExceptionGroup)) as caught:
        await index(chosen, anyio.Event(), lambda: None)
    error = caught.value
    assert isinstance(error, CascadeError)
    return error


async def test_another_chain_is_refused_by_name(indexes: Indexes, tmp_path: Path) -> None:
    """The same deployment record, another chain behind the address."""
    process = IndexerProcess(indexes.environment())
    process.until_ready()
    (await until_at_head(indexes)).close()
    assert process.stop() == 0
    before = contents(indexes.where("chain"))
    other = await start_anvil(tmp_path / "other.log")
    try:
        error = await refusal(indexes, rpc_url=other.url)
    finally:
        other.stop()
    assert (type(error), error.rule) == (Conflict, "DeploymentOfOtherChain")
    assert contents(indexes.where("chain")) == before


async def test_an_index_of_another_chain_or_deployment_is_refused(network: Network, indexes: Indexes) -> None:
    made = await indexes.new()
    await made.catch_up()
    made.query("UPDATE cursor SET chain_id = 5")
    error = await refusal(indexes)
    assert (error.rule, error.evidence["chain_id"]) == ("IndexOfOtherChain", 5)
    made.query(f"UPDATE cursor SET chain_id = {network.deployment.chain_id}")
    made.query("UPDATE cursor SET first_block = 99")
    assert (await refusal(indexes)).rule == "IndexOfOtherDeployment"


async def test_a_chain_id_other_than_the_deployments_is_refused(network: Network, indexes: Indexes) -> None:
    record = as_record(network.deployment) | {"chain_id": 424242}
    write_atomically(network.file, record)
    assert (await refusal(indexes)).rule == "DeploymentOfOtherChain"


async def test_too_small_a_window_is_refused(indexes: Indexes) -> None:
    error = await refusal(indexes, index_depth=63)
    assert (type(error), error.rule) == (InvalidInput, "IndexDepthTooSmall")


async def test_an_event_that_nobody_knows_stops_it_by_name(network: Network, indexes: Indexes) -> None:
    """A contract of ours says something that is not in its ABI: that must not be passed over."""
    topic = "ab" * 32
    forwarder = network.deployment.addresses[Contract.FORWARDER]
    await network.rpc.call("anvil_setCode", forwarder, f"0x7f{topic}60006000a100")
    sender = network.accounts[1]
    await network.rpc.call("eth_sendTransaction", {"from": sender, "to": forwarder, "data": "0x"})
    await network.rpc.call("evm_mine")
    error = await refusal(indexes)
    assert (error.rule, error.evidence["contract"]) == ("UnknownEvent", "Forwarder")
    assert error.evidence["topics"] == ["0x" + topic]
    process = IndexerProcess(indexes.environment())
    assert process.ended() == 1
    assert "UnknownEvent" in "".join(process.complaints)


async def test_rebuilding_beside_and_readers_reopen(town: Town, indexes: Indexes) -> None:
    """A rebuild takes the place in one rename; a reader that is open sees the new index without being told."""
    network = town.network
    await play(town)
    process = IndexerProcess(indexes.environment())
    process.until_ready()
    reader = await until_at_head(indexes)
    seen = await reader.trace(1)
    assert seen is not None
    assert process.stop() == 0
    assert generations(indexes) == {1}
    process = IndexerProcess(indexes.environment(), "--rebuild")
    process.until_ready()
    anew = await reader.trace(1)
    assert anew is not None and anew.read == seen.read
    assert anew.stand == replace(seen.stand, generation=2) != seen.stand
    assert generations(indexes) == {2}
    await town.confirm(77_000)
    assert await reader.wait_for(await head(network.rpc), 20)
    assert process.stop() == 0
    reader.close()


async def test_too_deep_a_reorg_is_indexed_anew(town: Town, indexes: Indexes) -> None:
    network = town.network
    await long_life(town, 80)
    process = IndexerProcess({**indexes.environment(), "SCF_INDEX_DEPTH": "64"})
    process.until_ready()
    reader = await until_at_head(indexes)
    await network.rpc.call("anvil_rollback", 70)
    await long_life(town, 72)
    assert await reader.wait_for(await head(network.rpc), 20)
    assert (await reader.status()).reorgs == 0
    assert process.stop() == 0
    found, fresh = contents(indexes.where("chain")), await indexes.fresh("fresh", index_depth=64)
    for table, rows in fresh.items():
        assert found[table] == rows, table


async def test_an_older_schema_is_rebuilt(town: Town, indexes: Indexes) -> None:
    process = IndexerProcess(indexes.environment())
    process.until_ready()
    (await until_at_head(indexes)).close()
    assert process.stop() == 0
    query(indexes.where("chain"), "UPDATE alembic_version SET version_num = '0000'")
    process = IndexerProcess(indexes.environment())
    process.until_ready()
    (await until_at_head(indexes)).close()
    assert process.stop() == 0
    assert generations(indexes) == {2}


async def test_the_chain_goes_away_and_comes_back(network: Network, indexes: Indexes) -> None:
    """A chain that does not answer is waited for; the index does not end with it."""
    process = IndexerProcess(indexes.environment())
    process.until_ready()
    (await until_at_head(indexes)).close()
    network.node.process.send_signal(19)  # SIGSTOP: connections hang
    await anyio.sleep(0.2)
    network.node.process.send_signal(18)
    await network.rpc.call("evm_mine")
    (await until_at_head(indexes)).close()
    assert process.stop() == 0


async def test_no_index_yet_is_named(where: Where) -> None:
    reader = LedgerReader(where("chain"))
    with pytest.raises(Unavailable, match="IndexMissing"):
        await reader.status()
    assert not await reader.wait_for(1, 0.05)
