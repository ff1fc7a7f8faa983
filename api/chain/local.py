"""Local chains: anvil (fast, throwaway) and ganache (keeps its state in a folder), their accounts' money and clock.
Nothing here works on a public chain: the nodes refuse the methods."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import anyio

from api.chain.rpc import Rpc, RpcError
from api.chain.signer import DEMO_MNEMONIC
from api.domain.errors import Unavailable

ANVIL_CHAIN_ID = 31_337
GANACHE_CHAIN_ID = 1_337
BLOCK_GAS = 300_000_000
"""Gas of a block, so that bulk work is not cut into blocks smaller than a batch."""
_ETHER = 10**18
_START_S = 30.0
_PACKAGES = Path(__file__).resolve().parents[2] / "node_modules"
_ANVIL = _PACKAGES / "@foundry-rs/anvil-linux-amd64/bin/anvil"
_GANACHE = _PACKAGES / "ganache/dist/node/cli.js"
_PR_SET_PDEATHSIG = 1


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def anvil_command(port: int, states: Path, accounts: int = 10, block_gas: int = BLOCK_GAS) -> list[str]:
    """The throwaway chain. No automine: the sender asks for a block with each batch, which is quickest both for one
    transaction and for thousands, and never hangs as automine does when transactions are pipelined. `states`: a
    folder for the states of older blocks, gigabytes in a long run; it leaves them there however it ends."""
    if not _ANVIL.exists():
        raise Unavailable("ChainProgramMissing", program="anvil", file=str(_ANVIL))
    return [
        str(_ANVIL),
        *("--port", str(port), "--host", "127.0.0.1", "--chain-id", str(ANVIL_CHAIN_ID), "--hardfork", "shanghai"),
        *("--mnemonic", DEMO_MNEMONIC, "--accounts", str(accounts), "--balance", "1000000"),
        *("--gas-limit", str(block_gas), "--no-mining", "--order", "fifo", "--silent"),
        *("--cache-path", str(states)),
    ]


def ganache_command(port: int, folder: Path, accounts: int = 10) -> list[str]:
    """The chain that keeps its state under `folder`."""
    node = shutil.which("node")
    if node is None or not _GANACHE.exists():
        raise Unavailable("ChainProgramMissing", program="ganache", file=str(_GANACHE))
    return [
        *(node, str(_GANACHE), "--server.host", "127.0.0.1", "--server.port", str(port)),
        *("--chain.chainId", str(GANACHE_CHAIN_ID), "--chain.networkId", str(GANACHE_CHAIN_ID)),
        *("--chain.hardfork", "shanghai", "--database.dbPath", str(folder), "--logging.quiet"),
        *("--wallet.mnemonic", DEMO_MNEMONIC, "--wallet.totalAccounts", str(accounts)),
        *("--wallet.defaultBalance", "1000000", "--miner.blockGasLimit", str(BLOCK_GAS)),
        *("--miner.callGasLimit", str(BLOCK_GAS), "--miner.instamine", "eager"),
    ]


def die_with_parent() -> None:
    """Runs in a child before its program: it is ended when the process that started it ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class LocalChain:
    """A chain that this process started."""

    url: str
    process: subprocess.Popen[bytes]

    def stop(self, grace_s: float = 10.0) -> None:
        """Ends it in order; kills it when it takes longer than `grace_s`."""
        self.process.terminate()
        try:
            self.process.wait(grace_s)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Ends it at once."""
        self.process.kill()
        self.process.wait()


async def start_chain(command: Sequence[str], port: int, log: Path) -> LocalChain:
    """Starts one of the commands above and waits until it answers. Unavailable("ChainDidNotStart") names its log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        process = subprocess.Popen(  # noqa: ASYNC220  # the chain outlives this call
            list(command),
            stdout=descriptor,
            stderr=descriptor,
            stdin=subprocess.DEVNULL,
            preexec_fn=die_with_parent,
            start_new_session=True,  # Ctrl-C is for the parent, which ends the chain last
        )
    finally:
        os.close(descriptor)
    chain = LocalChain(f"http://127.0.0.1:{port}", process)
    try:
        await _until_answering(chain, log)
    except BaseException:
        chain.kill()
        raise
    return chain


async def _until_answering(chain: LocalChain, log: Path) -> None:
    until = time.monotonic() + _START_S
    async with Rpc(chain.url) as rpc:
        while True:
            try:
                await rpc.call("eth_chainId")
                return
            except (Unavailable, RpcError):
                if chain.process.poll() is not None or time.monotonic() > until:
                    raise Unavailable("ChainDidNotStart", log=str(log)) from None
            await anyio.sleep(0.02)


async def start_anvil(log: Path, port: int | None = None, accounts: int = 10) -> LocalChain:
    """A fresh anvil on a free port. States of older blocks go into a folder beside `log`."""
    port = port or free_port()
    return await start_chain(anvil_command(port, log.parent / "states", accounts), port, log)


async def start_ganache(folder: Path, log: Path, port: int | None = None, accounts: int = 10) -> LocalChain:
    """A ganache over `folder`, its clock put right again. Unavailable("FolderUnusable") where it cannot be one."""
    port = port or free_port()
    try:
        await anyio.Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable("FolderUnusable", folder=str(folder), message=error.strerror or str(error)) from error
    chain = await start_chain(ganache_command(port, folder, accounts), port, log)
    async with Rpc(chain.url) as rpc:
        await restore_clock(rpc)
    return chain


async def fund(rpc: Rpc, accounts: Sequence[str], ether: int = 1_000) -> None:
    """Gives accounts test ether for gas. On ganache also the nonce that they start with (see Sender.nonces), one after the
    other: it works on a batch's requests side by side, and of what they write into the state some is lost."""
    client = str(await rpc.call("web3_clientVersion")).lower()
    if "anvil" in client:
        for answer in await rpc.batch([("anvil_setBalance", (a, hex(ether * _ETHER))) for a in accounts]):
            if isinstance(answer, RpcError):
                raise Unavailable("ChainRefuses", message=answer.message)
        return
    for account in accounts:
        await rpc.call("evm_setAccountBalance", account, hex(ether * _ETHER))
        if await rpc.call("eth_getTransactionCount", account, "pending") == "0x0":
            await rpc.call("evm_setAccountNonce", account, "0x1")


async def head_time(rpc: Rpc) -> int:
    """The last block's time, Unix seconds."""
    return int((await rpc.call("eth_getBlockByNumber", "latest", False))["timestamp"], 16)


async def move_clock(rpc: Rpc, to: int) -> int:
    """Moves the chain's clock ahead to the Unix time `to` and makes a block there; nothing when it is later already.
    Answers the last block's time."""
    now = await head_time(rpc)
    if to > now:
        client = str(await rpc.call("web3_clientVersion")).lower()
        if "anvil" in client:
            await rpc.call("evm_setNextBlockTimestamp", to)
            await rpc.call("evm_mine")
        else:
            await rpc.call("evm_setTime", to * 1_000)
            await rpc.call("evm_mine", {"timestamp": to})
    return await head_time(rpc)


async def restore_clock(rpc: Rpc) -> None:
    """After a restart a node's clock is the host's again: puts a clock that had been moved ahead back to the last
    block's time, so that time never runs backward."""
    last = await head_time(rpc)
    ahead = last - int(time.time())
    if ahead > 0:
        await rpc.call("evm_increaseTime", ahead)
