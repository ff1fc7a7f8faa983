"""How long `scf reindex` takes, and how much memory each process, over a chain of a million notes.

`python -m bench.rebuild [NOTES]`. Writes build/bench/rebuild.json. The chain is made first, by acts in bulk: debts
confirmed fifty a transaction, accepted, each split into nine parts, and these accepted by their receivers. Then the command
itself runs, in a process of its own, into a new SQLite file and into a new PostgreSQL database; what it made is counted."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import anyio
import orjson
from sqlalchemy import NullPool, create_engine, text

from api.chain.deployment import as_record, write_atomically
from api.domain.operations import Contract
from bench.network import ARTIFACTS, PART, PROJECT, Network, network
from bench.postgresql import Server, programs, running
from bench.results import write_results

NOTES = 1_000_000
_BATCH, _TOGETHER = 50, 40
"""Debts in a transaction, and such transactions in a block."""
_PARTS = 9
_NODE = ("--prune-history", "8")
"""The states of eight blocks: an index asks for none, and one a block would take all memory."""
_BLOCK_GAS = 10_000_000_000
"""The node takes longer for each block the more there is, so that a million notes must come in few."""
_SAY_S = 10.0
_LOOK_S = 0.25
_SERVER = {"shared_buffers": "256MB", "max_wal_size": "4GB"}
_PROJECT = str(PROJECT)


class Said:
    """A line now and then."""

    def __init__(self) -> None:
        self._began = self._last = time.monotonic()

    def now(self, line: str, *, always: bool = False) -> None:
        if always or time.monotonic() - self._last > _SAY_S:
            self._last = time.monotonic()
            print(f"{self._last - self._began:7.1f} s  {line}", flush=True)


async def live(net: Network, notes: int, said: Said) -> None:
    """Until there are so many notes."""
    await net.act(Contract.CREDIT, "setLine", net.core.party, net.token, 2**96 - 1, account=net.operator)
    first, *others = net.suppliers
    portions = [(to, PART) for to in others[:_PARTS]]
    last = await net.last_note()
    while last < notes:
        batches = range(_TOGETHER)
        await net.send([net.confirmation([first] * _BATCH) for _ in batches])
        roots = [[last + 1 + i * _BATCH + k for k in range(_BATCH)] for i in batches]
        await net.send([net.acceptance(first, some) for some in roots])
        await net.send([net.splitting(first, [(root, portions) for root in some]) for some in roots])
        parts = range(roots[-1][-1] + 1, roots[-1][-1] + 1 + _TOGETHER * _BATCH * _PARTS)
        await net.send([net.acceptance(to, parts[i::_PARTS]) for i, (to, _) in enumerate(portions)])
        last = parts[-1]
        said.now(f"{last:,} notes on the chain, which takes {_most(net.node):,} MB")


def _most(process: int) -> int:
    """The most memory that a process had at any time, MB; 0 when it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0")
    return int(line.split()[1]) // 1024


def _children(process: int) -> list[int]:
    return [int(p) for p in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()]


def reindexed(net: Network, url: str, server: Server | None, said: Said) -> dict[str, Any]:
    """Runs the command; what it says, and the most that it and a process of the server held."""
    with tempfile.TemporaryDirectory() as home:
        write_atomically(Path(home) / "deployment.json", as_record(net.deployment))
        environment = {
            **os.environ,
            "SCF_HOME": home,
            "SCF_RPC_URL": net.rpc.url,
            "SCF_ARTIFACTS": str(ARTIFACTS),
            "SCF_CHAIN_DB_URL": url,
        }
        command = [str(Path(sys.executable).with_name("scf")), "reindex", "--json"]
        process = subprocess.Popen(command, cwd=_PROJECT, env=environment, stdout=subprocess.PIPE, text=True)
        most, servers = 0, 0
        while process.poll() is None:
            most = max(most, _most(process.pid))
            if server is not None:
                servers = max(servers, *map(_most, _children(server.process)))
            said.now(f"{url.partition(':')[0]}: {most:,} MB")
            time.sleep(_LOOK_S)
        assert process.stdout is not None
        told = orjson.loads(process.stdout.read())
        found = {"seconds": told["seconds"], "events": told["events"], "notes": _count(url), "indexer_mb": most}
        return found if server is None else {**found, "server_process_mb": servers}


def _size(folder: str) -> int:
    """MB of the files in it."""
    return sum(file.stat().st_size for file in Path(folder).iterdir() if not file.is_symlink()) >> 20


def _count(url: str) -> int:
    if url.startswith("sqlite"):
        engine = create_engine(url, poolclass=NullPool)
        schema = ""
    else:
        engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:", 1), poolclass=NullPool)
        schema = "ledger_1."
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {schema}notes")).scalar_one())


async def measure(notes: int) -> dict[str, Any]:
    said = Said()
    async with network(ARTIFACTS, *_NODE, block_gas=_BLOCK_GAS) as net:
        began = time.monotonic()
        await live(net, notes, said)
        made, last = time.monotonic() - began, await net.last_note()
        blocks = int(await net.rpc.call("eth_blockNumber"), 16)
        said.now(f"{last:,} notes in {blocks:,} blocks; now the index", always=True)
        results: dict[str, Any] = {"blocks": blocks, "made_s": round(made, 1)}
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            results["sqlite"] = reindexed(net, f"sqlite:///{folder}/chain.db", None, said)
            results["sqlite"]["file_mb"] = _size(folder)
            said.now(f"sqlite: {results['sqlite']}", always=True)
            found = programs()
            server = None if found is None else stack.enter_context(running(found, **_SERVER))
            results["postgresql"] = None if server is None else reindexed(net, server.new_database(), server, said)
            results["node_mb"] = _most(net.node)
        for one in (results["sqlite"], results["postgresql"]):
            assert one is None or one["notes"] == last, one
        return results


def main(arguments: Sequence[str]) -> None:
    results = anyio.run(measure, int(arguments[0]) if arguments else NOTES)
    print(orjson.dumps(results, option=orjson.OPT_INDENT_2).decode())
    write_results(PROJECT / "build/bench/rebuild.json", results)


if __name__ == "__main__":
    main(sys.argv[1:])
