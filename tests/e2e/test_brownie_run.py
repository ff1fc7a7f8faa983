"""The same commands as `brownie run` scripts, in brownie's own environment."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.conftest import Running
from tests.e2e.program import BY_BROWNIE, PROJECT, surroundings

BROWNIE = PROJECT / ".venv-contracts/bin/brownie"

pytestmark = [
    BY_BROWNIE,
    pytest.mark.skipif(not BROWNIE.exists(), reason="brownie's environment is not installed: make setup"),
]


def brownie(
    home: Path, script: str, *arguments: str, port: int, network: str | None = "anvil", **more: str
) -> subprocess.CompletedProcess[str]:
    """`brownie run SCRIPT main -- ARGUMENTS` beside a chain of brownie's own on `port`. `network` None: as README says it."""
    path = f"{PROJECT / 'node_modules/.bin'}:{os.environ['PATH']}"
    chosen = ["--network", network] if network else []
    return subprocess.run(
        [str(BROWNIE), "run", script, "main", *chosen, "--", *arguments],
        env=surroundings(home, PATH=path, BROWNIE_PORT=str(port), **more),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=200,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def test_deploy_to_brownies_own_chain(tmp_path: Path, port: int) -> None:
    done = brownie(
        tmp_path,
        "deploy",
        *("--test-token", "CNY=Test money", "--json"),
        port=port,
        SCF_RPC_URL=f"http://127.0.0.1:{port}",
        SCF_DEMO_KEYS="true",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    deployment = json.loads((tmp_path / "deployment.json").read_text(encoding="utf-8"))
    assert deployment["state"] == "done"
    assert set(deployment["tokens"]) == {"CNY"}


def test_verify_and_trace_a_running_demo(running: Running, port: int) -> None:
    with closing(sqlite3.connect(running.home / "chain.db", timeout=15)) as database:
        with database:
            database.execute("UPDATE notes SET holder = holder + 1 WHERE id = 9")
        try:
            spoilt = brownie(running.home, "verify", "--json", port=port)
        finally:
            with database:
                database.execute("UPDATE notes SET holder = holder - 1 WHERE id = 9")
    assert spoilt.returncode != 0, "what is wrong must show in the exit code"
    assert '"clean": false' in spoilt.stdout
    traced = brownie(running.home, "trace", "1", port=port)
    assert traced.returncode == 0, traced.stdout + traced.stderr
    assert "#1 T1" in traced.stdout


def test_the_demo_itself(tmp_path: Path, port: int) -> None:
    output = tmp_path / "demo.json"
    done = brownie(tmp_path / "home", "demo", "--once", "--output", str(output), port=port, network=None)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(output.read_text(encoding="utf-8"))["verify_ok"] is True
