"""A deployment whose processes are killed and come back: chain (ganache over its folder), indexer, worker, API."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import anyio
import httpx

from api.bootstrap import deploy_network
from api.chain.local import LocalChain, die_with_parent, free_port, fund, start_ganache
from api.chain.rpc import Rpc
from api.chain.signer import DemoMnemonicSigner
from api.config import Settings, load_settings
from api.domain.errors import CascadeError

PROJECT = Path(__file__).resolve().parents[2]
CHAIN_ID = 1_337
ACCOUNTS = 33
"""The operator's, and one for each party of the clients."""
TOKENS = {"CNY": "CNY deposit (test money)"}
MODULES = {"indexer": "api.indexer", "worker": "api.worker", "api": "api.main"}
NAMES = ("chain", *MODULES)
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
"""Debian's libfaketime; None where it is not installed."""
_LOOK_S = 0.1
_START_S = 120.0


@dataclass
class Network:
    """What runs over `home`. Whoever dies is started again, as a service manager would."""

    home: Path
    port: int = field(default_factory=free_port)
    chain_port: int = field(default_factory=free_port)
    restarts: int = 0
    clocks: dict[str, int] = field(default_factory=dict)
    """Seconds by which a process's clock is wrong, by its name."""
    _chain: LocalChain | None = None
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _down_until: dict[str, float] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def chain_url(self) -> str:
        return f"http://127.0.0.1:{self.chain_port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SCF_")}
        return {
            **kept,
            "SCF_HOME": str(self.home),
            "SCF_RPC_URL": self.chain_url,
            "SCF_PORT": str(self.port),
            "SCF_DEMO_KEYS": "1",
            "SCF_DEMO_ACCOUNTS": str(ACCOUNTS),
            "SCF_ARTIFACTS": str(PROJECT / "build/artifacts"),
            "SCF_LOG_LEVEL": "warning",
            "SCF_LANG": "en",
        }

    @property
    def settings(self) -> Settings:
        return load_settings({k: v for k, v in self.environment.items() if k.startswith("SCF_")})

    @property
    def signer(self) -> DemoMnemonicSigner:
        return DemoMnemonicSigner(CHAIN_ID, ACCOUNTS)

    async def deploy(self) -> None:
        """Contracts on a fresh chain, with ether for every account."""
        await self._start_chain()
        async with Rpc(self.chain_url) as rpc:
            await fund(rpc, self.signer.accounts())
        await deploy_network(self.settings, TOKENS, {})

    async def start(self) -> None:
        """Everything that does not run yet; returns when the API answers."""
        if self._chain is None:
            await self._start_chain()
        for name in MODULES:
            self._start(name)
        await self.until_answering()

    async def until_answering(self) -> None:
        until = time.monotonic() + _START_S
        async with httpx.AsyncClient(base_url=self.url, timeout=5) as http:
            while True:
                try:
                    if (await http.get("/status")).status_code == 200:
                        return
                except httpx.HTTPError:
                    pass
                if time.monotonic() > until:
                    raise TimeoutError(f"the API does not answer; logs in {self.home / 'log'}")
                await anyio.sleep(_LOOK_S)

    async def keep_running(self) -> None:
        """Starts again whatever is dead, once its time has come; until cancelled."""
        while True:
            for name in NAMES:
                if not self._is_dead(name) or time.monotonic() < self._down_until.get(name, 0.0):
                    continue
                self.restarts += 1
                try:
                    await self._start_chain() if name == "chain" else self._start(name)
                except CascadeError:
                    continue  # it is tried again
                self._down_until[name] = time.monotonic() + 0.5
            await anyio.sleep(_LOOK_S)

    def kill(self, name: str, down_s: float) -> None:
        """kill -9; it stays down for at least so long."""
        self._down_until[name] = time.monotonic() + down_s
        process = self._process(name)
        if process is not None:
            process.kill()
            process.wait()

    def stop(self) -> None:
        """Ends everything in order, the chain last."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._processes.clear()
        if self._chain is not None:
            self._chain.stop()
            self._chain = None

    def copy_to(self, home: Path) -> Network:
        """The same network, as it is now that it is stopped, over another folder."""
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.home, home)
        return Network(home, self.port, self.chain_port)

    def _process(self, name: str) -> subprocess.Popen[bytes] | None:
        if name == "chain":
            return None if self._chain is None else self._chain.process
        return self._processes.get(name)

    def _is_dead(self, name: str) -> bool:
        process = self._process(name)
        return process is None or process.poll() is not None

    async def _start_chain(self) -> None:
        self._chain = await start_ganache(self.home / "chain", self.home / "log/chain.log", self.chain_port)

    def _start(self, name: str) -> None:
        (self.home / "log").mkdir(parents=True, exist_ok=True)
        with self._log(name) as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", MODULES[name]],
                cwd=PROJECT,
                env={**self.environment, **self._clock(name)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent,
            )

    def _clock(self, name: str) -> dict[str, str]:
        if name not in self.clocks:
            return {}
        assert FAKETIME is not None
        # Of the monotonic clock as well, pthread's waits go astray.
        wrong = {"FAKETIME": f"{self.clocks[name]:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        return {"LD_PRELOAD": str(FAKETIME), **wrong}

    def limit_files(self, size: int | None) -> None:
        """From now on no process of ours can write beyond `size` bytes of any file, as if the disk were full; None: it can."""
        most = resource.RLIM_INFINITY if size is None else size
        for process in self._processes.values():
            with suppress(ProcessLookupError):
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    def _log(self, name: str) -> IO[Any]:
        return (self.home / "log" / f"{name}.log").open("ab")

    def verify(self) -> tuple[bool, str]:
        """`scf verify`, as a user runs it: whether it is clean, and what it said."""
        command = [sys.executable, "-c", "from scripts.cli import main; main()", "verify", "--json"]
        done = subprocess.run(
            command, cwd=PROJECT, env=self.environment, capture_output=True, text=True, timeout=300, check=False
        )
        return done.returncode == 0, (done.stdout + done.stderr)[-2_000:]
