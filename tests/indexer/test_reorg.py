"""The chain changes its mind: what was indexed is taken back in one transaction, and what is there instead goes in."""

from __future__ import annotations

from typing import Any

import pytest

from api.chain.rpc import Rpc
from api.domain.errors import CascadeError
from api.domain.operations import Call
from api.domain.ports import DecodedLog
from api.domain.reorganisations import Touched, Witnessed
from api.indexer.fetch import Fetched
from api.indexer.follow import NeedsRebuild
from api.indexer.service import Indexer
from api.store.ledger.generations import open_generations
from tests.indexer.conftest import Contents, Index, Indexes
from tests.indexer.town import CORE, TIER1, TIER2, TIER3, TIER4, Town, play

pytestmark = pytest.mark.anyio

DEEPEST = 64


async def head(rpc: Rpc) -> int:
    return int(await rpc.call("eth_blockNumber"), 16)


async def block(rpc: Rpc, number: int) -> dict[str, Any]:
    return dict(await rpc.call("eth_getBlockByNumber", hex(number), False))


async def roll_back(rpc: Rpc, depth: int) -> None:
    """Takes the last blocks off the chain."""
    await rpc.call("anvil_rollback", depth)


async def long_life(town: Town, blocks: int) -> None:
    """Makes at least `blocks` blocks in which something happens in every one."""
    (root,) = await town.confirm(10_000_000)
    await town.accept(TIER1, root)
    note, party, other = root, TIER1, TIER2
    until = await head(town.network.rpc) + blocks
    while await head(town.network.rpc) < until:
        await town.split(party, note, (other, 1_000))
        other = TIER3 if other == TIER2 else TIER2


async def same_as_fresh(index: Index, indexes: Indexes, name: str) -> None:
    await index.catch_up()
    fresh, found = await indexes.fresh(name), index.contents()
    for table, rows in fresh.items():
        assert found[table] == rows, table


async def test_every_depth_to_sixty_four_comes_back_row_for_row(town: Town, indexes: Indexes) -> None:
    """What the index held at each of 64 blocks of the story is what it holds when it is rewound there, undo included."""
    index = await indexes.new()
    ledger = index.follower.ledger
    held: dict[int, Contents] = {}

    class Watched(Town):
        async def act(self, *calls: Call) -> list[DecodedLog]:
            logs = await super().act(*calls)
            await index.catch_up()
            held[await head(self.network.rpc)] = index.contents()
            return logs

    watched = Watched(town.network)
    await play(watched)
    await long_life(watched, 40)
    assert len(held) > DEEPEST
    for block in sorted(held, reverse=True):
        ledger.rewind(block)
        for table, rows in index.contents().items():
            if table != "cursor":  # the head stays what was seen
                assert rows == held[block][table], (block, table)
    await same_as_fresh(index, indexes, "fresh")


async def test_blocks_taken_off_and_others_put_on(town: Town, indexes: Indexes) -> None:
    """One reorganisation after the other, the deepest first; then some by which as many other blocks, empty ones, come in the
    place of the last (anvil_reorg)."""
    rpc = town.network.rpc
    await play(town)
    await long_life(town, DEEPEST)
    index = await indexes.new()
    await index.catch_up()
    for depth in (DEEPEST, 33, 7, 2, 1):
        await roll_back(rpc, depth)
        await town.confirm(123_456, creditor=TIER3)
        await long_life(town, depth // 2)
        await same_as_fresh(index, indexes, f"off-{depth}")
    for depth in (DEEPEST, 10, 1):
        await long_life(town, depth + 2)
        await index.catch_up()
        before = await head(rpc)
        await rpc.call("anvil_reorg", depth, [])
        assert await head(rpc) == before
        await same_as_fresh(index, indexes, f"other-{depth}")
    assert (await index.reader().status()).reorgs == 8


async def test_head_lower_than_the_cursor(town: Town, indexes: Indexes) -> None:
    snapshot = await town.network.rpc.call("evm_snapshot")
    low = await head(town.network.rpc)
    await long_life(town, 20)
    index = await indexes.new()
    await index.catch_up()
    await town.network.rpc.call("evm_revert", snapshot)
    await index.catch_up()
    status = await index.reader().status()
    assert (status.block, status.head) == (low, low)
    await same_as_fresh(index, indexes, "fresh")


async def test_deeper_than_the_window_asks_for_a_new_index(town: Town, indexes: Indexes) -> None:
    index = await indexes.new(index_depth=64)
    await long_life(town, 70)
    await index.catch_up()
    await roll_back(town.network.rpc, 66)
    await long_life(town, 3)
    with pytest.raises(NeedsRebuild):
        await index.catch_up()
    with pytest.raises(CascadeError, match="RewindTooDeep"):
        index.follower.ledger.rewind(1)
    reader = index.reader()
    assert await reader.reorganisations() == []
    await index.follower.undo_all()
    (key,) = await reader.reorganisations()
    undone = await reader.undone(key)
    assert (undone.complete, len(undone.blocks)) == (False, 64)
    with pytest.raises(NeedsRebuild):
        await index.catch_up()
    await index.follower.undo_all()
    assert await reader.reorganisations() == [key]
    reader.close()


async def test_what_was_undone_is_written_down_with_those_who_may_know(town: Town, indexes: Indexes) -> None:
    """A note that is gone concerns whoever saw it; a change, whoever sees what changes. A new index takes it over."""
    (root,) = await town.confirm(10_000)
    await town.accept(TIER1, root)
    passed = await town.pass_on(TIER1, root, TIER2, 5_000)
    (offered,) = await town.split(TIER1, root, (TIER3, 3_000))
    index, low = await indexes.new(), await head(town.network.rpc)
    await index.catch_up()
    await town.accept(TIER3, offered)
    (gone,) = await town.split(TIER2, passed, (TIER4, 1_000))
    await index.catch_up()
    lost = [await block(town.network.rpc, number) for number in range(low + 1, await head(town.network.rpc) + 1)]
    await roll_back(town.network.rpc, len(lost))
    await town.confirm(123_456, creditor=TIER3)
    await index.catch_up()
    reader = index.reader()
    (key,) = await reader.reorganisations()
    undone = await reader.undone(key)
    assert undone.blocks == tuple((int(b["number"], 16), b["hash"]) for b in lost)
    assert sorted(undone.transactions) == sorted(tx for b in lost for tx in b["transactions"])
    assert undone.complete
    assert undone.notes == (
        Witnessed(Touched(passed, False), (TIER2,)),
        Witnessed(Touched(offered, False), (TIER1, TIER3)),
        Witnessed(Touched(gone, True), (TIER2, TIER4)),
    )
    assert undone.receivables == (Witnessed(Touched(1, False), (CORE,)),)
    index.connection.close()
    await Indexer(index.settings, town.network.rpc, open_generations(index.url)).rebuild()
    assert (await reader.reorganisations(), await reader.undone(key)) == ([key], undone)
    reader.close()


async def test_a_reorg_while_catching_up(town: Town, indexes: Indexes) -> None:
    """The chain changes between fetching and writing: nothing of the old one stays."""
    await long_life(town, 30)
    index = await indexes.new(index_range=5)
    fetcher = index.follower.fetcher
    fetch, calls = fetcher.fetch, 0

    async def disturbed(first: int, last: int, head_: int) -> Fetched:
        nonlocal calls
        calls += 1
        if calls == 4:
            await town.network.rpc.call("anvil_reorg", 25, [])
        return await fetch(first, last, head_)

    fetcher.fetch = disturbed  # type: ignore[method-assign]
    await same_as_fresh(index, indexes, "fresh")
