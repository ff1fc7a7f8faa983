"""A dossier of a tier-4 note that was sold in part and repaid: its size, seconds to write it, seconds to check it, and the
memory of this process, which does both.

`python -m bench.dossier [OTHERS]`. Writes build/bench/dossier.json. `OTHERS`: how many debts are confirmed in the same
transaction as the note's, for a receipt is proven whole."""

from __future__ import annotations

import itertools
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import anyio
import orjson

from api.chain.artifacts import load_artifacts
from api.chain.bindings import Bindings
from api.domain.operations import Contract
from api.dossier.check import check
from api.dossier.gather import DossierWriter
from api.indexer.apply import Applier
from api.indexer.fetch import Fetcher
from api.indexer.follow import Follower, Rhythm
from api.store.app.approvals import StoredApprovals
from api.store.app.database import Database
from api.store.app.migrate import migrate
from api.store.ledger.generations import open_generations
from api.store.ledger.reading import LedgerReader
from api.store.ledger.writer import Identity, Ledger
from bench.network import ARTIFACTS, FACE, PROJECT, Network, network
from bench.results import write_results

OTHERS = 50
_DEPTH = 128
_TIMES = 5


async def tier_four(net: Network, others: int) -> int:
    """A note that went down to tier 4, where a part of it was sold; all that is left is repaid."""
    holders = net.suppliers[:4]
    note = (await net.held(holders[0], 1 + others))[0]
    path = [note]
    for depth, (giver, taker) in enumerate(itertools.pairwise(holders), start=1):
        await net.split(giver, [(note, [(taker, FACE >> depth)])])
        note = await net.last_note()
        await net.accept(taker, [note])
        path.append(note)
    await net.finance(holders[3], [(note, FACE >> 4)])
    await net.repay([*path, await net.last_note()])
    return note


async def indexed(net: Network, bindings: Bindings, folder: Path) -> LedgerReader:
    url = f"sqlite:///{folder}/chain.db"
    store = open_generations(url)
    connection = store.begin()
    deployment = net.deployment
    applier = Applier(bindings, deployment.addresses, _DEPTH)
    topic = next(t for t, e in bindings[Contract.NOTES].events.items() if e.name == "CurrencyAllowed")
    fetcher = Fetcher(net.rpc, bindings, applier.addresses, _DEPTH, topic)
    contracts = {address: contract.value for contract, address in deployment.addresses.items()}
    identity = Identity(deployment.chain_id, deployment.block, deployment.block_hash, contracts)
    follower = Follower(Ledger(connection), fetcher, applier, identity, _DEPTH, Rhythm())
    await follower.start()
    while await follower.catch_up():
        pass
    store.use(connection)
    connection.close()
    return LedgerReader(url)


async def measure(others: int) -> dict[str, Any]:
    bindings = Bindings(load_artifacts(ARTIFACTS))
    async with network() as net:
        note = await tier_four(net, others)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            database = Database(f"sqlite:///{folder}/app.db")
            migrate(database)
            reader = await indexed(net, bindings, folder)
            writer = DossierWriter(net.rpc, bindings, net.deployment, reader, StoredApprovals(database, 600))
            write_s: list[float] = []
            for _ in range(_TIMES):
                began = time.perf_counter()
                file = await writer.write(note, None)
                write_s.append(time.perf_counter() - began)
            reader.close()
            database.close()
        head = await net.rpc.call("eth_getBlockByNumber", hex(orjson.loads(file)["block"]), False)
    check_s: list[float] = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        verdict = check(file, bindings, {bytes.fromhex(head["hash"][2:])})
        check_s.append(time.perf_counter() - began)
    return {
        "tier": 4,
        "transactions": verdict.transactions,
        "headers": verdict.blocks,
        "words": verdict.words,
        "bytes": len(file),
        "write_s": round(min(write_s), 4),
        "check_s": round(min(check_s), 4),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    others = int(sys.argv[1]) if len(sys.argv) > 1 else OTHERS
    results = {"alone": anyio.run(measure, 0), f"beside_{others}": anyio.run(measure, others)}
    print(orjson.dumps(results, option=orjson.OPT_INDENT_2).decode())
    write_results(PROJECT / "build/bench/dossier.json", results)


if __name__ == "__main__":
    main()
