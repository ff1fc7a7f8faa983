"""A deployed network on a real chain: anvil for most, ganache where it matters which node it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.chain.artifacts import load_artifacts
from api.chain.bindings import Bindings
from api.chain.compile import compile_contracts
from api.chain.deploy import deploy
from api.chain.deploy_plan import Plan
from api.chain.deployment import Deployment
from api.chain.local import LocalChain, anvil_command, free_port, start_anvil, start_chain, start_ganache
from api.chain.reader import ChainReader
from api.chain.rpc import Rpc
from api.chain.sender import Outcome, Sender
from api.chain.signer import DemoMnemonicSigner
from api.domain.operations import Call, Contract

PROJECT = Path(__file__).resolve().parents[3]
TOKENS = {"CNY": "CNY deposit (test money)"}


@pytest.fixture(scope="session")
def bindings() -> Bindings:
    compile_contracts(PROJECT)
    return Bindings(load_artifacts(PROJECT / "build/artifacts"))


@dataclass
class Network:
    """A chain with everything deployed, and ways to talk to it."""

    home: Path
    node: LocalChain
    rpc: Rpc
    bindings: Bindings
    signer: DemoMnemonicSigner
    deployment: Deployment

    @property
    def accounts(self) -> tuple[str, ...]:
        return tuple(self.signer.accounts())

    @property
    def file(self) -> Path:
        return self.home / "deployment.json"

    def sender(self) -> Sender:
        return Sender(self.rpc, self.bindings, self.deployment.chain_id, self.signer, self.deployment)

    def chain(self) -> ChainReader:
        return ChainReader(self.rpc, self.bindings, self.deployment, self.sender())

    async def send(self, *calls: Call) -> list[Outcome]:
        return await self.sender().send(calls)

    def mint(self, to: str, amount: int) -> Call:
        return Call(Contract.TOKEN, "mint", (to, amount), self.accounts[0])

    def environment(self) -> dict[str, str]:
        """What a process of the product is started with."""
        return {
            "SCF_HOME": str(self.home),
            "SCF_RPC_URL": self.node.url,
            "SCF_DEMO_KEYS": "1",
            "SCF_DEMO_ACCOUNTS": "20",
            "SCF_ARTIFACTS": str(PROJECT / "build/artifacts"),
        }


@pytest.fixture(params=["anvil", "ganache"])
async def any_network(
    request: pytest.FixtureRequest, tmp_path: Path, bindings: Bindings, anyio_backend: str
) -> AsyncIterator[Network]:
    """The same on both nodes."""
    async for network in started(request.param, tmp_path, bindings):
        yield network


@pytest.fixture
async def network(tmp_path: Path, bindings: Bindings, anyio_backend: str) -> AsyncIterator[Network]:
    """On anvil."""
    async for network in started("anvil", tmp_path, bindings):
        yield network


async def started(kind: str, home: Path, bindings: Bindings) -> AsyncIterator[Network]:
    """A node of a kind, until the caller goes on, with everything deployed. "forgetful" is an anvil that keeps the states of
    eight blocks."""
    node = await _node(kind, home)
    try:
        async with Rpc(node.url) as rpc:
            signer = DemoMnemonicSigner(int(await rpc.call("eth_chainId"), 16), 20)
            plan = Plan(signer.accounts()[0], tokens=TOKENS)
            deployment = await deploy(rpc, bindings, signer, plan, home / "deployment.json")
            yield Network(home, node, rpc, bindings, signer, deployment)
    finally:
        node.stop()


async def _node(kind: str, home: Path) -> LocalChain:
    log = home / "chain.log"
    if kind == "ganache":
        return await start_ganache(home / "chain", log)
    if kind == "forgetful":
        port = free_port()
        return await start_chain([*anvil_command(port, home / "states"), "--prune-history", "8"], port, log)
    return await start_anvil(log)
