"""A whole deployment for tests: anvil, the contracts, indexer, worker and API as processes of their own."""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import anyio
import httpx

from api.bootstrap import deploy_network
from api.chain.artifacts import load_artifacts
from api.chain.bindings import Bindings
from api.chain.compile import compile_contracts
from api.chain.deployment import load_deployment
from api.chain.local import free_port, fund, start_anvil
from api.chain.rpc import Rpc
from api.chain.signer import DemoMnemonicSigner
from api.config import Settings, load_settings
from api.domain.operations import Call, Contract
from tests.nursery import Child, nursery

PROJECT = Path(__file__).resolve().parents[3]
CHAIN_ID = 31_337
ACCOUNTS = 60
T = TypeVar("T")
_OTHER = ThreadPoolExecutor(1, "apart")
TOKENS = {"CNY": "CNY deposit (test money)", "GBP": "GBP deposit (test money)"}


@dataclass
class Stack:
    """What runs, and ways to look behind the API: straight at the chain."""

    settings: Settings
    signer: DemoMnemonicSigner
    bindings: Bindings
    http: httpx.Client
    node: httpx.Client

    def rpc(self, method: str, *params: Any) -> Any:
        """A JSON-RPC call to the chain."""
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        answer = self.node.post("/", json=request).json()
        assert "error" not in answer, answer
        return answer["result"]

    def address(self, contract: Contract) -> str:
        """Where a contract was deployed."""
        return load_deployment(self.settings.deployment_file).addresses[contract]

    def view(self, contract: Contract, function: str, *args: Any, at: str | None = None) -> Any:
        """A getter of a contract, at the head."""
        call = Call(contract, function, args, "", at)
        to = at or self.address(contract)
        data = "0x" + self.bindings.calldata(call).hex()
        answer = self.rpc("eth_call", {"to": to, "data": data}, "latest")
        return self.bindings[contract].function(function).result(bytes.fromhex(answer[2:]))

    def send(self, account: str, contract: Contract, function: str, *args: Any) -> None:
        """A transaction straight from one of the test accounts, mined at once, that no contract refuses."""
        assert self.tried(account, contract, function, *args)

    def tried(self, account: str, contract: Contract, function: str, *args: Any, at: str | None = None) -> bool:
        """A transaction straight from one of the test accounts, mined at once. Whether the contract let it through."""
        nonce = int(self.rpc("eth_getTransactionCount", account, "latest"), 16)
        transaction = {
            "chainId": CHAIN_ID,
            "nonce": nonce,
            "to": at or self.address(contract),
            "value": 0,
            "data": "0x" + self.bindings.calldata(Call(contract, function, args, account)).hex(),
            "gas": 1_000_000,
            "maxFeePerGas": 10**10,
            "maxPriorityFeePerGas": 10**9,
        }
        raw = self.signer.sign_transaction(account, transaction)
        sent = self.rpc("eth_sendRawTransaction", "0x" + raw.hex())
        self.rpc("evm_mine")
        return bool(self.rpc("eth_getTransactionReceipt", sent)["status"] == "0x1")

    def logged(self, process: str) -> list[dict[str, Any]]:
        """The lines of a process's log so far, oldest first."""
        lines = (self.settings.home / "log" / f"{process}.log").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def fact(self) -> tuple[str, str]:
        """All there is: the chain's state (every storage slot, nonce and balance), and the latest operation."""
        block = self.rpc("eth_getBlockByNumber", "latest", False)
        latest = self.http.get("/operations", params={"limit": 1}).json()["items"]
        return block["stateRoot"], latest[0]["id"] if latest else ""


def apart(function: Callable[..., Awaitable[T]], *args: Any) -> T:
    """Awaits in another thread, since under Playwright this one has a loop that runs; always in the same, for a chain ends
    with the thread that started it."""
    return _OTHER.submit(anyio.run, function, *args).result()


@contextmanager
def running(home: Path, **settings_of_processes: str) -> Iterator[Stack]:
    """A fresh network in `home`, until the block ends. Settings beyond the usual ones are given as SCF_…"""
    compile_contracts(PROJECT)
    port = free_port()
    chain = apart(start_anvil, home / "chain.log")
    environment = {
        "SCF_HOME": str(home),
        "SCF_RPC_URL": chain.url,
        "SCF_PORT": str(port),
        "SCF_DEMO_KEYS": "1",
        "SCF_DEMO_ACCOUNTS": str(ACCOUNTS),
        "SCF_ARTIFACTS": str(PROJECT / "build/artifacts"),
        "SCF_LOG_LEVEL": "info",
        **settings_of_processes,
    }
    signer = DemoMnemonicSigner(CHAIN_ID, ACCOUNTS)
    # One that is nobody's and administers nothing: it carries what others sign.
    environment["SCF_RELAYER"] = signer.accounts()[-1]
    settings = load_settings(environment)
    processes: list[Child] = []
    try:
        apart(_prepare, settings, signer)
        for name, module in (("indexer", "api.indexer"), ("worker", "api.worker"), ("api", "api.main")):
            log = home / "log" / f"{name}.log"
            processes.append(nursery().start(module, {**os.environ, **environment}, log))
        with (
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as http,
            httpx.Client(base_url=chain.url, timeout=30) as node,
        ):
            yield Stack(settings, signer, Bindings(load_artifacts(settings.artifacts)), http, node)
    finally:
        for process in reversed(processes):
            process.stop()
        chain.stop()


async def _prepare(settings: Settings, signer: DemoMnemonicSigner) -> None:
    async with Rpc(settings.rpc_url) as rpc:
        await fund(rpc, signer.accounts())
    await deploy_network(settings, TOKENS, {})
