"""Nodes that refuse, leave out, lag, or are another chain's: what they say is asked for again or refused by name, and the
index is what the chain says, or what it was."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import anyio
import pytest

from api.chain.local import start_anvil
from api.chain.rpc import Rpc, RpcError
from api.domain.errors import CascadeError, Conflict, Unavailable
from api.indexer.refusals import too_much
from api.indexer.service import Indexer
from api.store.ledger.generations import open_generations
from tests.indexer.conftest import Contents, Index, Indexes, Where
from tests.indexer.proxy import Broken, Call, Proxy, Refusal
from tests.indexer.test_reorg import head, long_life
from tests.indexer.town import Town, play

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("where", ["sqlite"], indirect=True)]

DEPTH = 64
LIMITS = (
    "query returned more than 10000 results",
    "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range",
    "eth_getLogs is limited to a 10,000 range",
    "block range is too wide",
    "exceed maximum block range: 5000",
    "query exceeds max block range 100000",
    "query exceeds max results 20000, retry with the range 100-200",
    "Block range limit exceeded. See more details",
    "requested too many blocks from 1 to 99999, maximum is set to 2048",
    "logs matched by query exceeds limit of 10000",
    "Requested range exceeds maximum RPC range limit",
    "backend response too large",
    "query timeout exceeded",
)
WAITS = (
    "Too many requests",
    "rate limit exceeded",
    "daily request count exceeded, request rate limited",
    "Internal error",
)


@dataclass
class Lie:
    """A town whose blocks are mostly final, and a proxy before its node."""

    town: Town
    proxy: Proxy
    honest: Indexes
    through: Indexes

    async def new(self, **settings: Any) -> Index:
        return await self.through.new("through", index_depth=DEPTH, **settings)

    async def truth(self) -> Contents:
        return await self.honest.fresh("fresh", index_depth=DEPTH)


@pytest.fixture
async def lie(town: Town, where: Where, request: pytest.FixtureRequest) -> AsyncIterator[Lie]:
    """Its parameter: seconds that the node is given to answer; so many that a busy machine does not matter, unless said."""
    await play(town)
    await long_life(town, DEPTH + 40)
    network = town.network
    proxy = Proxy(network.node.url)
    async with proxy.running(), Rpc(proxy.url, getattr(request, "param", 60.0)) as rpc:
        honest, through = Indexes(network, where), Indexes(replace(network, rpc=rpc), where)
        yield Lie(town, proxy, honest, through)
        honest.close()
        through.close()


async def follow(index: Index, tries: int = 400) -> set[str]:
    """Catches up as the process does, without its pauses; the rules by which it had to try again."""
    rules: set[str] = set()
    for _ in range(tries):
        try:
            if not await index.follower.catch_up():
                return rules
        except Unavailable as error:
            rules.add(error.rule)
        except RpcError as error:
            rules.add(error.message)
    raise AssertionError(rules)


async def refused(index: Index, rule: str) -> None:
    """However often it tries, nothing is written."""
    before = index.contents()
    for _ in range(6):
        try:
            await index.follower.catch_up()
        except CascadeError as error:
            assert error.rule == rule
            last = error.rule
    assert last == rule
    assert index.contents() == before


def width(params: list[Any]) -> int:
    bounds = params[0]
    return 1 if "blockHash" in bounds else int(bounds["toBlock"], 16) - int(bounds["fromBlock"], 16) + 1


async def test_ranges_that_are_too_wide_in_every_nodes_words(lie: Lie) -> None:
    truth = await lie.truth()
    for most, text in enumerate(LIMITS, start=1):

        async def answer(method: str, params: list[Any], node: Call, most: int = most, text: str = text) -> Any:
            if method == "eth_getLogs" and width(params) > most:
                raise Refusal(text, -32005)
            return await node(method, params)

        lie.proxy.answer = answer
        index = await lie.through.new(f"limit{most}", index_depth=DEPTH)
        assert await follow(index) == set(), text
        assert index.contents() == truth, text
        assert index.follower.span.blocks >= min(most, 2) // 2


async def test_answers_with_too_many_logs(lie: Lie) -> None:
    async def answer(method: str, params: list[Any], node: Call) -> Any:
        found = await node(method, params)
        if method == "eth_getLogs" and width(params) > 1 and len(found) > 30:
            raise Refusal("query returned more than 30 results", -32005)
        return found

    lie.proxy.answer = answer
    index = await lie.new()
    assert await follow(index) == set()
    assert index.contents() == await lie.truth()


async def test_answers_that_are_cut_off_without_a_word(lie: Lie) -> None:
    cut = 0

    async def answer(method: str, params: list[Any], node: Call) -> Any:
        nonlocal cut
        found = await node(method, params)
        if method == "eth_getLogs" and len(found) > 100:
            cut += 1
            return found[:100]
        return found

    lie.proxy.answer = answer
    index = await lie.new()
    assert await follow(index) == set()
    assert cut > 0
    assert index.contents() == await lie.truth()


async def test_a_block_that_no_answer_can_hold_is_named(lie: Lie) -> None:
    async def answer(method: str, params: list[Any], node: Call) -> Any:
        if method == "eth_getLogs":
            raise Refusal("query returned more than 10000 results", -32005)
        return await node(method, params)

    lie.proxy.answer = answer
    await refused(await lie.new(), "BlockTooBig")


async def test_errors_now_and_then(lie: Lie) -> None:
    chance = random.Random(7)

    async def answer(method: str, params: list[Any], node: Call) -> Any:
        dice = chance.random()
        if dice < 0.02:
            raise Broken(chance.choice((429, 500, 502, 503)))
        if dice < 0.06:
            raise Refusal(chance.choice(WAITS))
        return await node(method, params)

    index = await lie.new(index_range=8)
    lie.proxy.answer = answer
    rules = await follow(index)
    assert "ChainUnreachable" in rules
    assert rules & set(WAITS)
    lie.proxy.answer = lie.proxy.plainly
    assert index.contents() == await lie.truth()


@pytest.mark.parametrize("lie", [2.0], indirect=True)
async def test_large_ranges_that_take_too_long(lie: Lie) -> None:
    async def answer(method: str, params: list[Any], node: Call) -> Any:
        if method == "eth_getLogs" and width(params) > 9:
            await anyio.sleep(4)
        return await node(method, params)

    lie.proxy.answer = answer
    index = await lie.new()
    assert await follow(index) == {"ChainUnreachable"}
    assert index.contents() == await lie.truth()


async def test_logs_left_out_of_a_block_that_has_them(lie: Lie) -> None:
    index = await lie.new()

    async def answer(method: str, params: list[Any], node: Call) -> Any:
        found = await node(method, params)
        return [] if method == "eth_getLogs" and "blockHash" in params[0] else found

    await index.catch_up()
    await lie.town.confirm(5_000)
    lie.proxy.answer = answer
    await refused(index, "NodeIncomplete")
    lie.proxy.answer = lie.proxy.plainly
    await follow(index)
    assert index.contents() == await lie.truth()


async def test_a_node_that_answers_for_blocks_it_does_not_have(lie: Lie) -> None:
    """Behind one address one node knows the head, and the one that is asked for logs is at block 20."""

    async def answer(method: str, params: list[Any], node: Call) -> Any:
        if method == "eth_getBlockByNumber" and params[0] != "latest" and int(params[0], 16) > 20:
            return None
        if method == "eth_getLogs":
            found = await node(method, params)
            return [log for log in found if int(log["blockNumber"], 16) <= 20]
        return await node(method, params)

    index = await lie.new()
    lie.proxy.answer = answer
    with pytest.raises(Unavailable, match="NodeBehind"):
        await index.catch_up()
    assert (await index.reader().status()).block <= 20
    lie.proxy.answer = lie.proxy.plainly
    assert await follow(index) == set()
    assert index.contents() == await lie.truth()


async def test_a_head_that_is_behind_takes_nothing_back(lie: Lie) -> None:
    index = await lie.new(index_behind_s=600.0)
    await index.catch_up()
    for back in (1, 10, DEPTH, DEPTH + 20):
        stale = await lie.proxy.node("eth_getBlockByNumber", [hex(await head(lie.town.network.rpc) - back), False])

        async def answer(method: str, params: list[Any], node: Call, stale: Any = stale) -> Any:
            if method == "eth_getBlockByNumber" and params[0] == "latest":
                return stale
            return await node(method, params)

        lie.proxy.answer = answer
        await refused(index, "NodeBehind")
    lie.proxy.answer = lie.proxy.plainly
    assert await follow(index) == set()
    assert (await index.reader().status()).reorgs == 0


async def test_blocks_that_do_not_continue_what_is_indexed(lie: Lie) -> None:
    """Final ones, of which only the ends of ranges are looked at."""
    index = await lie.new(index_range=4)
    await index.follower.catch_up(_after(1))

    async def answer(method: str, params: list[Any], node: Call) -> Any:
        found = await node(method, params)
        if method == "eth_getBlockByNumber" and params[0] != "latest" and found is not None:
            found["parentHash"] = "0x" + "ab" * 32
        return found

    lie.proxy.answer = answer
    await refused(index, "NodeContradictsItself")
    lie.proxy.answer = lie.proxy.plainly
    await follow(index)
    assert index.contents() == await lie.truth()


def _after(ranges: int) -> anyio.Event:
    """Stops after the first range."""
    stop = anyio.Event()
    stop.set()
    return stop


@pytest.mark.parametrize(
    ("change", "rule"),
    [({"address": "0x" + "11" * 20}, "LogNotAskedFor"), ({}, "LogsOutOfOrder")],
)
async def test_logs_that_were_not_asked_for(lie: Lie, change: dict[str, str], rule: str) -> None:
    """Of another contract, and one that was told already."""

    async def answer(method: str, params: list[Any], node: Call) -> Any:
        found = await node(method, params)
        return [*found, {**found[0], **change}] if method == "eth_getLogs" and found else found

    index = await lie.new()
    lie.proxy.answer = answer
    await refused(index, rule)


async def test_another_chain_behind_the_same_address(lie: Lie, tmp_path: Path) -> None:
    """While it runs: the index stays as it was, and the process says why it ends."""
    index = await lie.new()
    await index.catch_up()
    before = index.contents()
    store = open_generations(index.url)
    index.connection.close()
    other = await start_anvil(tmp_path / "other.log")
    try:
        async with Rpc(other.url) as rpc, Rpc(lie.proxy.url) as proxied:
            await rpc.call("anvil_mine", hex(before["cursor"][0][4] + 5))
            indexer = Indexer(index.settings, proxied, store)

            def switch() -> None:
                lie.proxy.upstream = other.url

            with pytest.raises(Conflict, match="DeploymentOfOtherChain"), anyio.fail_after(30):
                await indexer.run(anyio.Event(), switch)
    finally:
        other.stop()
    assert index.contents() == before


async def test_words_for_too_much_and_for_too_often(where: Where) -> None:
    assert all(too_much(RpcError("eth_getLogs", {"message": text})) for text in LIMITS)
    assert not any(too_much(RpcError("eth_getLogs", {"message": text})) for text in WAITS)
