"""The commands as brownie scripts: the same acts, on the same deployment."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from tests.e2e.program import BY_BROWNIE, PROJECT

BROWNIE = PROJECT / ".venv-contracts/bin/brownie"
SCRIPTS = ("deploy", "import", "confirm", "accept", "split", "finance", "repay", "trace", "verify", "demo")


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_act_is_a_script(name: str) -> None:
    text = (PROJECT / f"scripts/{name}.py").read_text(encoding="utf-8")
    assert "def main(*arguments: str) -> None:" in text


@BY_BROWNIE
def test_brownie_plays_the_demo(tmp_path: Path) -> None:
    """Options come after `--`."""
    output = tmp_path / "demo.json"
    done = subprocess.run(
        [str(BROWNIE), "run", "demo", "main", "--", "--once", "--output", str(output)],
        cwd=PROJECT,
        env={**os.environ, "SCF_HOME": str(tmp_path), "BROWNIE_PORT": _free_port()},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"verify_ok": true' in output.read_text(encoding="utf-8")


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
