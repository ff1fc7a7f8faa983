"""Transactions a second: our sender and our worker beside web3's `transact()` and the bare pipelined node, in one run.

`python -m bench.sending`. Writes build/bench/sending.json. All send ERC-20 approvals by eight accounts, each way to a
fresh anvil: on automine for `transact()`, which needs it, on request for the others."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
from anyio import to_thread
from web3 import Web3

from api.chain.artifacts import load_artifacts
from api.chain.bindings import Bindings
from api.chain.deploy import deploy
from api.chain.deploy_plan import Plan
from api.chain.deployment import Deployment
from api.chain.local import anvil_command, free_port, start_chain
from api.chain.rpc import Rpc
from api.chain.sender import Sender
from api.chain.signer import DemoMnemonicSigner
from api.domain.operations import Call, Contract, Operation, OperationStatus
from api.domain.ports import SignedTransaction
from api.store.app.database import Database
from api.store.app.migrate import migrate
from api.store.app.operations import StoredOperations
from bench.results import write_results

PROJECT = Path(__file__).resolve().parents[1]
MANY, FEW, SINGLES = 4_000, 200, 200
_BATCH = 400
_ACCOUNTS = 8
GOALS = {"sender_to_transact": 10.0, "sender_to_bare": 0.7, "worker_to_bare": 0.7}


@dataclass
class Bench:
    """A fresh chain with a token on it."""

    home: Path
    url: str
    rpc: Rpc
    bindings: Bindings
    signer: DemoMnemonicSigner
    deployment: Deployment

    def sender(self) -> Sender:
        return Sender(self.rpc, self.bindings, self.deployment.chain_id, self.signer, self.deployment)

    def calls(self, count: int) -> list[Call]:
        accounts = self.signer.accounts()
        spender = accounts[_ACCOUNTS]
        return [Call(Contract.TOKEN, "approve", (spender, i), accounts[i % _ACCOUNTS]) for i in range(count)]


@asynccontextmanager
async def fresh(home: Path, automine: bool = False) -> AsyncIterator[Bench]:
    """An anvil of its own under `home`."""
    port = free_port()
    command = [part for part in anvil_command(port, home / "states") if not (automine and part == "--no-mining")]
    node = await start_chain(command, port, home / "chain.log")
    try:
        async with Rpc(node.url) as rpc:
            bindings = Bindings(load_artifacts(PROJECT / "build/artifacts"))
            signer = DemoMnemonicSigner(31337, _ACCOUNTS + 1)
            plan = Plan(signer.accounts()[0], tokens={"CNY": "CNY deposit (test money)"})
            if automine:
                await rpc.call("evm_setAutomine", False)
            deployment = await deploy(rpc, bindings, signer, plan, home / "deployment.json")
            if automine:
                await rpc.call("evm_setAutomine", True)
            yield Bench(home, node.url, rpc, bindings, signer, deployment)
    finally:
        node.stop()


def transact(bench: Bench) -> float:
    """web3's way, all defaults: fill in, send, wait for the receipt."""
    web3 = Web3(Web3.HTTPProvider(bench.url))
    abi = bench.bindings[Contract.TOKEN].artifact.abi
    token = web3.eth.contract(address=web3.to_checksum_address(bench.deployment.tokens["CNY"]), abi=list(abi))
    start = time.perf_counter()
    for call in bench.calls(FEW):
        sent = token.functions.approve(*call.args).transact({"from": web3.to_checksum_address(call.account)})
        web3.eth.wait_for_transaction_receipt(sent, poll_latency=0.001)
    return FEW / (time.perf_counter() - start)


async def bare(bench: Bench) -> float:
    """Nothing but the node: signed beforehand, in batches, a block after each, receipts not asked for."""
    signed = await _signed(bench, MANY)
    start = time.perf_counter()
    for at in range(0, MANY, _BATCH):
        requests = [("eth_sendRawTransaction", (s.raw,)) for s in signed[at : at + _BATCH]]
        await bench.rpc.batch([*requests, ("evm_mine", ())])
    return MANY / (time.perf_counter() - start)


async def _signed(bench: Bench, count: int) -> Sequence[SignedTransaction]:
    sender = bench.sender()
    nonces = await sender.nonces(bench.signer.accounts())
    made: list[SignedTransaction] = []
    for call in bench.calls(count):
        made.append(await sender.prepare(call, nonces[call.account]))
        nonces[call.account] += 1
    return made


async def by_sender(bench: Bench) -> float:
    """Nonces, encoding, signing, sending, receipts."""
    start = time.perf_counter()
    outcomes = await bench.sender().send(bench.calls(MANY))
    elapsed = time.perf_counter() - start
    if any(o.error for o in outcomes):
        raise RuntimeError("an approval failed")
    return MANY / elapsed


async def by_worker(bench: Bench) -> Mapping[str, float]:
    """From the outbox to confirmed in the outbox, worker in its own process; and how long one takes alone."""
    database = Database(f"sqlite:///{bench.home}/app.db")
    migrate(database)
    box = StoredOperations(database)
    environment = os.environ | {"SCF_HOME": str(bench.home), "SCF_RPC_URL": bench.url, "SCF_DEMO_KEYS": "1"}
    process = await anyio.open_process(
        [sys.executable, "-m", "api.worker"], cwd=PROJECT, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        assert process.stdout is not None
        await process.stdout.receive()
        alone = [await _seconds(box, [call]) for call in bench.calls(SINGLES)]
        elapsed = await _seconds(box, bench.calls(MANY))
    finally:
        process.kill()
        await process.wait()
        database.close()
    ranked = sorted(alone)
    return {
        "per_second": MANY / elapsed,
        "alone_median_ms": statistics.median(ranked) * 1000,
        "alone_p95_ms": ranked[int(len(ranked) * 0.95)] * 1000,
    }


async def _seconds(box: StoredOperations, calls: Sequence[Call]) -> float:
    operations = [Operation(uuid.uuid4().hex, "approve", 0, call, OperationStatus.QUEUED) for call in calls]
    start = time.perf_counter()
    await box.put(operations)
    done = await box.wait([o.id for o in operations], 120)
    elapsed = time.perf_counter() - start
    if any(o.status is not OperationStatus.CONFIRMED for o in done):
        raise RuntimeError("an approval was not confirmed")
    return elapsed


async def measure() -> Mapping[str, object]:
    """All four, each on a fresh chain."""
    with tempfile.TemporaryDirectory() as folder:
        homes = [Path(folder) / name for name in ("transact", "bare", "sender", "worker")]
        async with fresh(homes[0], automine=True) as bench:
            theirs = await to_thread.run_sync(transact, bench)
        async with fresh(homes[1]) as bench:
            floor = await bare(bench)
        async with fresh(homes[2]) as bench:
            sender = await by_sender(bench)
        async with fresh(homes[3]) as bench:
            worker = await by_worker(bench)
    ratios = {
        "sender_to_transact": sender / theirs,
        "sender_to_bare": sender / floor,
        "worker_to_bare": worker["per_second"] / floor,
    }
    return {
        "transactions_per_second": {
            "transact": theirs,
            "bare": floor,
            "sender": sender,
            "worker": worker["per_second"],
        },
        "worker_alone_ms": {"median": worker["alone_median_ms"], "p95": worker["alone_p95_ms"]},
        "ratios": ratios,
        "goals": GOALS,
    }


def main() -> int:
    results = anyio.run(measure)
    write_results(PROJECT / "build/bench/sending.json", results)
    for name, value in results.items():
        print(f"{name}: {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
