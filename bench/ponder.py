"""ponder, the indexer that the field uses, over a chain of ours: a peer of bench/indexing.py.

It gets our contracts' ABIs and keeps each event as one row in PostgreSQL, deriving nothing (bench/peers/ponder). Its packages
are installed when first asked for, into build/bench; Cascade itself needs none of them."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import orjson

from api.chain.bindings import Bindings
from api.chain.deployment import Deployment
from api.chain.local import free_port
from api.domain.operations import Contract

_PROJECT = Path(__file__).resolve().parents[1]
_SOURCE = _PROJECT / "bench/peers/ponder"
_INSTALLED = _PROJECT / "build/bench/ponder"
_PATIENCE_S = 900


def installed() -> Path | None:
    """The folder with its packages, installed as the lock file says; None, with the reason printed, where that fails."""
    lock = (_SOURCE / "package-lock.json").read_bytes()
    stamp = _INSTALLED / "installed"
    if stamp.is_file() and stamp.read_bytes() == lock:
        return _INSTALLED
    shutil.rmtree(_INSTALLED, ignore_errors=True)
    _INSTALLED.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(_SOURCE / name, _INSTALLED)
    print("ponder ← bench/peers/ponder/package-lock.json", flush=True)
    command = ["npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        subprocess.run(command, cwd=_INSTALLED, check=True, timeout=_PATIENCE_S)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"ponder did not install: {error}", flush=True)
        return None
    stamp.write_bytes(lock)
    return _INSTALLED


def events_a_second(packages: Path, url: str, deployment: Deployment, bindings: Bindings, database: str) -> float:
    """By its own metrics: events it handled in its historical phase, by that phase's seconds. The last thirty blocks are not
    historical to it, so the chain should end in as many without events. `database` is empty; raises RuntimeError when it
    ends early."""
    contracts = {
        contract.value: {"address": address, "abi": bindings.artifacts[contract].abi}
        for contract, address in deployment.addresses.items()
        if contract is not Contract.TOKEN
    }
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(_SOURCE, folder, dirs_exist_ok=True)
        (folder / "node_modules").symlink_to(packages / "node_modules")
        deployed = {"chainId": deployment.chain_id, "rpc": url, "contracts": contracts}
        (folder / "deployed.json").write_bytes(orjson.dumps(deployed))
        environment = {**os.environ, "DATABASE_URL": database, "PONDER_TELEMETRY_DISABLED": "true"}
        command = ["node_modules/.bin/ponder", "--log-level", "warn", "start", "--schema", "peer", "--port", str(port)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [*command, "--hostname", "127.0.0.1"],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            return _measured(process, port, folder / "log")
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _measured(process: subprocess.Popen[bytes], port: int, log: Path) -> float:
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError("ponder ended: " + log.read_text(encoding="utf-8", errors="replace")[-2_000:])
        metrics = _read(f"http://127.0.0.1:{port}/metrics")
        began, ended = (_sum(metrics, f"ponder_historical_{what}_timestamp_seconds") for what in ("start", "end"))
        if ended:
            return _sum(metrics, "ponder_indexing_completed_events") / (ended - began)
        time.sleep(0.5)
    raise RuntimeError("ponder does not end: " + log.read_text(encoding="utf-8", errors="replace")[-2_000:])


def _read(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return str(answer.read(), "utf-8")
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return ""


def _sum(metrics: str, name: str) -> float:
    return sum(float(value) for value in re.findall(rf"^{name}(?:{{[^}}]*}})? ([0-9.e+]+)$", metrics, re.MULTILINE))
