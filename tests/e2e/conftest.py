"""What the whole-program tests share: one demo that was played and stopped, and the same one started again. Starting costs
seconds, so tests that only look share a start. Nothing is written outside the tests' own folders."""

from __future__ import annotations

import fcntl
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.program import PROJECT, Program, ask, lasting_demo


@dataclass(frozen=True)
class Played:
    """A lasting demo, from its first start to Ctrl-C. `home` is its SCF_HOME."""

    home: Path
    output: str
    code: int
    processes: int
    left: list[str]
    locks: list[Path]
    ledger: dict[str, Any]


@dataclass(frozen=True)
class Running:
    """The same demo, started again on a port that was taken: `address` is where it serves, `ledger` what it served first."""

    program: Program
    home: Path
    address: str
    wanted_port: int
    ledger: dict[str, Any]


def held(folder: Path) -> list[Path]:
    """Lock files that somebody holds, and the supervisor's own, which goes with it."""
    found = list(folder.rglob("lock"))
    for file in folder.rglob("*.lock"):
        with file.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                found.append(file)
    return found


def listed(address: str, what: str) -> list[Any]:
    """Every item of a listing, page by page."""
    items: list[Any] = []
    cursor = ""
    while True:
        page = ask(f"{address}/{what}?limit=100{cursor}")
        items += page["items"]
        if not page["next"]:
            return items
        cursor = f"&cursor={page['next']}"


def whole_ledger(address: str) -> dict[str, Any]:
    """Everything that the API lists."""
    return {what: listed(address, what) for what in ("parties", "receivables", "notes", "operations")}


@pytest.fixture(scope="session", autouse=True)
def demo_file_untouched() -> Iterator[None]:
    """build/demo.json belongs to the users: no test writes it."""
    file = PROJECT / "build/demo.json"
    before = file.stat().st_mtime_ns if file.exists() else None
    yield
    assert (file.stat().st_mtime_ns if file.exists() else None) == before


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Plays the story once and stops it by Ctrl-C."""
    home = tmp_path_factory.mktemp("played")
    with lasting_demo(home) as demo:
        ledger = whole_ledger(demo.serving())
        processes = len(demo.processes())
        demo.interrupt()
        code = demo.end()
        return Played(home, demo.output, code, processes, demo.left(), held(home), ledger)


@pytest.fixture(scope="session")
def running(played: Played) -> Iterator[Running]:
    """Starts it again, and lets it run while others look."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port: int = taken.getsockname()[1]
        with Program(played.home, "demo", "--port", str(port)) as demo:
            address = demo.serving()
            yield Running(demo, played.home / "demo", address, port, whole_ledger(address))
