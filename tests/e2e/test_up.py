"""`scf deploy` and `scf up` against a chain that is somebody else's: indexer, worker and API, and nothing of the chain."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from api.chain.local import LocalChain, start_anvil
from tests.e2e.conftest import held
from tests.e2e.program import Program, ask, fetch, scf


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalChain]:
    """A chain that runs already."""
    started = anyio.run(start_anvil, tmp_path_factory.mktemp("chain") / "chain.log")
    yield started
    started.stop()


@pytest.fixture(scope="module")
def surrounding(chain: LocalChain) -> dict[str, str]:
    """Settings of a deployment on it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {"SCF_RPC_URL": chain.url, "SCF_DEMO_KEYS": "true", "SCF_PORT": str(port)}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, surrounding: dict[str, str]) -> Path:
    """The home folder of that deployment."""
    folder = tmp_path_factory.mktemp("up")
    deployed = scf(folder, "deploy", "--test-token", "CNY=Test money", **surrounding)
    assert deployed.returncode == 0, deployed.stderr
    return folder


def test_deploying_twice_changes_nothing(home: Path, surrounding: dict[str, str]) -> None:
    before = (home / "deployment.json").read_bytes()
    again = scf(home, "deploy", "--test-token", "CNY=Test money", **surrounding)
    assert again.returncode == 0, again.stderr
    assert (home / "deployment.json").read_bytes() == before


def test_up_serves_until_ctrl_c_and_leaves_the_chain_alone(
    home: Path, surrounding: dict[str, str], chain: LocalChain
) -> None:
    with Program(home, "up", **surrounding) as up:
        address = up.serving()
        assert address.endswith(surrounding["SCF_PORT"])
        assert fetch(f"{address}/")[0] == 200
        assert ask(f"{address}/notes")["items"] == []
        assert scf(home, "verify", **surrounding).returncode == 0
        up.interrupt()
        assert up.end() == 0, up.output
        assert up.left() == []
        assert "Traceback" not in up.output
    assert held(home) == []
    assert chain.process.poll() is None


def test_up_names_the_process_that_died_and_stops_the_rest(
    home: Path, surrounding: dict[str, str], chain: LocalChain
) -> None:
    with Program(home, "up", **surrounding) as up:
        up.serving()
        up.named("indexer").kill()
        assert up.end() == 1
        assert "indexer" in up.output.splitlines()[-1]
        assert "[ProcessDied]" in up.output
        assert up.left() == []
    assert chain.process.poll() is None


def test_up_without_a_deployment_says_which_process_could_not_start(
    tmp_path: Path, surrounding: dict[str, str]
) -> None:
    with Program(tmp_path, "up", **surrounding) as up:
        assert up.end() == 1
        assert "[ProcessDidNotStart]" in up.output
        assert up.left() == []
    assert held(tmp_path) == []
