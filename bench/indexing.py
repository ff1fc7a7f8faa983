"""Events a second, decoded and stored with everything that follows from them: our indexer into SQLite and into PostgreSQL,
beside naive web3.py, ponder and the node's bytes alone, in one run over one chain.

`python -m bench.indexing [RECEIVABLES]`. Writes build/bench/index.json; a peer that is not at hand is null. An event is a log
of one of our contracts, those that the index leaves out included: all are fetched and looked at."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import aiohttp
import anyio
import orjson
from anyio import to_thread
from web3 import Web3

from api.chain.artifacts import load_artifacts
from api.chain.bindings import Bindings
from api.domain.operations import Contract
from api.indexer.__main__ import spare_collector
from api.indexer.apply import Applier
from api.indexer.fetch import Fetcher
from api.indexer.follow import Follower, Rhythm
from api.store.ledger.generations import open_generations
from api.store.ledger.writer import Identity, Ledger
from bench import ponder
from bench.network import ARTIFACTS, FACE, PROJECT, Network, network
from bench.postgresql import programs, running
from bench.results import write_results

RECEIVABLES = 7_500
_BATCH = 50
_DEPTH = 128
_NAIVE = 2_000
"""Events that the naive way is measured on: it is steady, and slow."""
_ROUNDS = 3
_PONDER_TAIL = 40
"""Blocks without events at the end: ponder takes the last thirty for not final, and measures the others alone."""
_SERVER = {"shared_buffers": "256MB", "max_wal_size": "4GB"}


async def live(net: Network, receivables: int) -> None:
    """Confirms, accepts and splits: eleven events a receivable."""
    first, second, third, *_ = net.suppliers
    for _ in range(0, receivables, _BATCH):
        notes = await net.held(first, _BATCH)
        await net.split(first, [(n, [(second, FACE // 4), (third, FACE // 4)]) for n in notes])


async def ours(net: Network, bindings: Bindings, url: str) -> float:
    """Seconds for a new index of the whole chain."""
    connection = open_generations(url).begin()
    deployment = net.deployment
    applier = Applier(bindings, deployment.addresses, _DEPTH)
    topic = next(t for t, e in bindings[Contract.NOTES].events.items() if e.name == "CurrencyAllowed")
    fetcher = Fetcher(net.rpc, bindings, applier.addresses, _DEPTH, topic)
    identity = Identity(deployment.chain_id, deployment.block, deployment.block_hash, {})
    follower = Follower(Ledger(connection), fetcher, applier, identity, _DEPTH, Rhythm())
    await follower.start()
    began = time.perf_counter()
    while await follower.catch_up():
        pass
    took = time.perf_counter() - began
    connection.close()
    return took


async def bytes_alone(url: str, addresses: list[str], head: int) -> tuple[float, int]:
    """Seconds for the logs' bytes, 16 blocks a request, and how many logs they were."""
    count, took = 0, 0.0
    async with aiohttp.ClientSession() as session:
        for first in range(0, head + 1, 16):
            bounds = {"address": addresses, "fromBlock": hex(first), "toBlock": hex(min(first + 15, head))}
            request = {"jsonrpc": "2.0", "id": 1, "method": "eth_getLogs", "params": [bounds]}
            began = time.perf_counter()
            async with session.post(url, json=request) as response:
                body = await response.read()
            took += time.perf_counter() - began
            count += len(orjson.loads(body)["result"])
    return took, count


def naive(url: str, net: Network, bindings: Bindings, folder: Path) -> float:
    """Events a second of web3.py: get_logs block by block, its decoder, one insert each."""
    client = Web3(Web3.HTTPProvider(url))
    contract = client.eth.contract(
        address=client.to_checksum_address(net.deployment.addresses[Contract.NOTES]),
        abi=list(bindings.artifacts[Contract.NOTES].abi),
    )
    decoders = {topic: contract.events[event.name]() for topic, event in bindings[Contract.NOTES].events.items()}
    database = sqlite3.connect(folder / "naive.db", isolation_level=None)
    database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL")
    database.execute("CREATE TABLE events (block INTEGER, log INTEGER, name TEXT, args TEXT)")
    done, began, block = 0, time.perf_counter(), client.eth.block_number - _PONDER_TAIL
    while done < _NAIVE:
        for log in client.eth.get_logs({"address": contract.address, "fromBlock": block, "toBlock": block}):
            event: Any = decoders["0x" + log["topics"][0].hex().removeprefix("0x")].process_log(log)
            row = (event["blockNumber"], event["logIndex"], event["event"], client.to_json(event["args"]))
            database.execute("INSERT INTO events VALUES (?, ?, ?, ?)", row)
            done += 1
        block -= 1
    return done / (time.perf_counter() - began)


async def measure(receivables: int) -> dict[str, Any]:
    bindings = Bindings(load_artifacts(ARTIFACTS))
    spare_collector()
    found = programs()
    with ExitStack() as stack:
        server = None if found is None else stack.enter_context(running(found, **_SERVER))
        async with network() as net:
            await live(net, receivables)
            await net.rpc.call("anvil_mine", hex(_PONDER_TAIL))
            head = int(await net.rpc.call("eth_blockNumber"), 16)
            addresses = [a for c, a in net.deployment.addresses.items() if c is not Contract.TOKEN]
            seconds: dict[str, list[float]] = {"rpc_bytes_only": [], "cascade_sqlite": [], "cascade_postgresql": []}
            slow: list[float] = []
            for _ in range(_ROUNDS):  # in turns: what else the machine does hits all of them
                took, events = await bytes_alone(net.rpc.url, addresses, head)
                seconds["rpc_bytes_only"].append(took)
                with tempfile.TemporaryDirectory() as folder:
                    seconds["cascade_sqlite"].append(await ours(net, bindings, f"sqlite:///{folder}/chain.db"))
                if server is not None:
                    seconds["cascade_postgresql"].append(await ours(net, bindings, server.new_database()))
                with tempfile.TemporaryDirectory() as folder:
                    slow.append(await to_thread.run_sync(naive, net.rpc.url, net, bindings, Path(folder)))
            peer = None
            if server is not None and (packages := await to_thread.run_sync(ponder.installed)) is not None:
                arguments = packages, net.rpc.url, net.deployment, bindings, server.new_database()
                peer = await to_thread.run_sync(ponder.events_a_second, *arguments)
    rates = {name: round(events / min(took)) if took else None for name, took in seconds.items()}
    rates |= {"naive_web3": round(max(slow)), "ponder": None if peer is None else round(peer)}
    return {
        "events": events,
        "blocks": head,
        "events_per_s": rates,
        "ratios": {
            "vs_naive_web3": _ratio(rates["cascade_sqlite"], rates["naive_web3"]),
            "vs_ponder": _ratio(rates["cascade_postgresql"], rates["ponder"]),
            "vs_rpc_bytes_only": _ratio(rates["cascade_sqlite"], rates["rpc_bytes_only"]),
        },
    }


def _ratio(ours: float | None, theirs: float | None) -> float | None:
    return round(ours / theirs, 2) if ours and theirs else None


def main() -> None:
    receivables = int(sys.argv[1]) if len(sys.argv) > 1 else RECEIVABLES
    results = anyio.run(measure, receivables, backend_options={"use_uvloop": True})
    print(orjson.dumps(results, option=orjson.OPT_INDENT_2).decode())
    write_results(PROJECT / "build/bench/index.json", results)


if __name__ == "__main__":
    main()
