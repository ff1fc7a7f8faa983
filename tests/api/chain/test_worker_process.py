"""The worker as a process: ready, quick, in order, and killed with -9 while it works."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from api.chain.local import free_port, start_ganache
from api.domain.operations import Call, Contract, Operation, OperationStatus
from api.store.app.database import Database
from api.store.app.migrate import migrate
from api.store.app.operations import StoredOperations
from tests.api.chain.conftest import PROJECT, Network

pytestmark = pytest.mark.anyio


class Workers:
    """Starts workers and sees to it that none is left."""

    def __init__(self) -> None:
        self.started: list[subprocess.Popen[str]] = []

    def start(self, network: Network, log: Path) -> subprocess.Popen[str]:
        with log.open("a", encoding="utf-8") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "api.worker"],
                cwd=PROJECT,
                env=network.environment(),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.started.append(process)
        return process

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()


@pytest.fixture
def workers() -> Iterator[Workers]:
    started = Workers()
    yield started
    started.end()


def box_of(network: Network) -> StoredOperations:
    database = Database(f"sqlite:///{network.home}/app.db")
    migrate(database)
    return StoredOperations(database)


def operation(call: Call) -> Operation:
    return Operation(uuid.uuid4().hex, "mint", 0, call, OperationStatus.QUEUED)


async def until_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    line = await anyio.to_thread.run_sync(process.stdout.readline)
    assert line == "ready\n"


async def test_works_and_ends_in_order(any_network: Network, workers: Workers, tmp_path: Path) -> None:
    box = box_of(any_network)
    process = workers.start(any_network, tmp_path / "worker.log")
    await until_ready(process)
    receiver, other = any_network.accounts[10:12]
    wanted = [
        operation(any_network.mint(receiver, 5)),
        operation(Call(Contract.TOKEN, "transfer", (other, 9), any_network.accounts[3])),
        operation(any_network.mint(receiver, 6)),
    ]
    await box.put(wanted)
    first, refused, second = await box.wait([o.id for o in wanted], 30)
    assert (first.status, second.status) == (OperationStatus.CONFIRMED, OperationStatus.CONFIRMED)
    assert refused.error is not None
    assert refused.error["rule"] == "ERC20InsufficientBalance"
    assert refused.gas_used
    assert await any_network.chain().call(Contract.TOKEN, "balanceOf", receiver) == 11
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


async def test_kill_9_again_and_again_loses_and_doubles_nothing(
    any_network: Network, workers: Workers, tmp_path: Path
) -> None:
    """200 payments of distinct amounts by eight accounts: each arrives once, in the order of its account."""
    rng = random.Random(9)
    box, senders, receiver = box_of(any_network), any_network.accounts[1:9], any_network.accounts[12]
    await any_network.send(*(any_network.mint(s, 10**9) for s in senders))
    start = await any_network.sender().nonces(senders)
    wanted = [
        operation(Call(Contract.TOKEN, "transfer", (receiver, 1_000 + i), senders[i % 8], gas=90_000))
        for i in range(200)
    ]
    for batch in range(0, 200, 25):
        process = workers.start(any_network, tmp_path / "worker.log")
        await until_ready(process)
        await box.put(wanted[batch : batch + 25])
        await anyio.sleep(rng.random() * 0.05)
        process.kill()
        process.wait()
    workers.start(any_network, tmp_path / "worker.log")
    done = await box.wait([o.id for o in wanted], 60)
    assert {o.status for o in done} == {OperationStatus.CONFIRMED}
    assert await any_network.chain().call(Contract.TOKEN, "balanceOf", receiver) == sum(1_000 + i for i in range(200))
    for number, account in enumerate(senders):
        assert await _nonce(any_network, account) == start[account] + 25
        assert [o.nonce for o in done[number::8]] == list(range(start[account], start[account] + 25))


async def _nonce(network: Network, account: str) -> int:
    return int(await network.rpc.call("eth_getTransactionCount", account, "latest"), 16)


async def test_kill_9_of_the_chain_loses_and_doubles_nothing(
    network: Network, workers: Workers, tmp_path: Path
) -> None:
    """The worker outlives its chain: it waits, and goes on when the chain is back."""
    from dataclasses import replace

    from api.chain.deploy import deploy
    from api.chain.deploy_plan import Plan
    from api.chain.rpc import Rpc
    from api.chain.signer import DemoMnemonicSigner
    from tests.api.chain.conftest import TOKENS

    home, port = tmp_path / "kept", free_port()
    home.mkdir()
    node = await start_ganache(home / "chain", home / "log", port)
    try:
        async with Rpc(node.url) as rpc:
            signer = DemoMnemonicSigner(1337, 20)
            plan = Plan(signer.accounts()[0], tokens=TOKENS)
            deployment = await deploy(rpc, network.bindings, signer, plan, home / "deployment.json")
            kept = replace(network, home=home, node=node, rpc=rpc, signer=signer, deployment=deployment)
            box, receiver = box_of(kept), kept.accounts[12]
            await until_ready(workers.start(kept, home / "worker.log"))
            wanted = [operation(kept.mint(receiver, 1_000 + i)) for i in range(120)]
            for batch in range(0, 120, 40):
                await box.put(wanted[batch : batch + 40])
                await anyio.sleep(0.06)
                node.kill()
                await anyio.sleep(0.1)
                node = await start_ganache(home / "chain", home / "log", port)
            done = await box.wait([o.id for o in wanted], 60)
            assert {o.status for o in done} == {OperationStatus.CONFIRMED}
            minted = await kept.chain().call(Contract.TOKEN, "balanceOf", receiver)
            assert minted == sum(1_000 + i for i in range(120))
    finally:
        node.stop()


async def test_cannot_work_without_a_deployment(network: Network, workers: Workers, tmp_path: Path) -> None:
    network.file.unlink()
    process = workers.start(network, tmp_path / "worker.log")
    assert process.wait(20) == 1
    assert '"rule":"NotDeployed"' in (tmp_path / "worker.log").read_text(encoding="utf-8")
