"""What the whole-program tests share. Nothing is written outside the tests' own folders."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.program import PROJECT, Program


@pytest.fixture(scope="session", autouse=True)
def demo_file_untouched() -> Iterator[None]:
    """build/demo.json belongs to the users: no test writes it."""
    file = PROJECT / "build/demo.json"
    before = file.read_bytes() if file.exists() else None
    yield
    assert (file.read_bytes() if file.exists() else None) == before


@pytest.fixture
def port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder (SCF_HOME) of a lasting demo whose story is told, stopped by Ctrl-C. Tests may start it again."""
    home = tmp_path_factory.mktemp("told")
    with Program(home, "demo") as demo:
        demo.serving()
        demo.interrupt()
        assert demo.end() == 0, demo.output
        assert demo.left() == []
    return home
