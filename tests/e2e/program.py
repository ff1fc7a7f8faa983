"""`scf` as a user starts it: a process in its own session, its output read while it runs."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from tests.e2e.processes import Process, below, left, named

PROJECT = Path(__file__).resolve().parents[2]
BY_BROWNIE = pytest.mark.skipif(
    "." in str(PROJECT),
    reason=f"brownie imports scripts by their path, and cannot from one with a dot in it: {PROJECT}",
)
"""For tests that have brownie run a script."""
SCF = PROJECT / ".venv/bin/scf"
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")


def surroundings(home: Path, **more: str) -> dict[str, str]:
    """The environment of a program: no settings of the tester's, English, data below `home`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SCF_")}
    return {**kept, "SCF_HOME": str(home), "SCF_LANG": "en", **more}


def scf(
    home: Path, *arguments: str, timeout: float = 60, cwd: Path = PROJECT, **more: str
) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end."""
    return subprocess.run(
        [str(SCF), *arguments],
        env=surroundings(home, **more),
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
    )


class Program:
    """A command that lasts. Whatever it started is ended when the block ends."""

    def __init__(self, home: Path, *arguments: str, **more: str) -> None:
        self.home = home
        self._seen: dict[int, Process] = {}
        self._lines: list[str] = []
        self._changed = threading.Condition()
        self.process = subprocess.Popen(
            [str(SCF), *arguments],
            env=surroundings(home, **more),
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._changed:
                self._lines.append(line)
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self.processes():
            process.kill()
        self.process.kill()
        self.process.wait()

    @property
    def output(self) -> str:
        """What it has printed so far."""
        with self._changed:
            return "".join(self._lines)

    def processes(self) -> list[Process]:
        """Everything it has started, as seen at this and earlier calls."""
        self._seen |= {p.pid: p for p in below(self.process.pid)}
        return list(self._seen.values())

    def named(self, name: str) -> Process:
        """Its chain, indexer, worker or API."""
        return named((p for p in self.processes() if p.alive), name)

    def wait_for(self, text: str, timeout: float = 120) -> str:
        """The first line with `text` in it. AssertionError with all output when it ends, or is silent, before."""
        until = time.monotonic() + timeout
        looked = 0
        with self._changed:
            while True:
                for line in self._lines[looked:]:
                    if text in line:
                        return line
                looked = len(self._lines)
                rest = until - time.monotonic()
                ended = not self._reader.is_alive()
                assert rest > 0 and not ended, f"no {text!r} in:\n{''.join(self._lines)}"
                self._changed.wait(min(rest, 1.0))

    def serving(self, timeout: float = 180) -> str:
        """The page's address without the last slash, once it is printed; everything it runs is noted then."""
        line = self.wait_for("http://127.0.0.1:", timeout)
        self.processes()
        found = _ADDRESS.search(line)
        assert found is not None, line
        return found.group(0).rstrip("/")

    def interrupt(self) -> None:
        """Ctrl-C, as a terminal sends it: to the program and everything in its process group."""
        self.processes()
        os.killpg(self.process.pid, signal.SIGINT)

    def end(self, timeout: float = 40) -> int:
        """Its exit code."""
        code = self.process.wait(timeout)
        self._reader.join(5)
        return code

    def left(self) -> list[str]:
        """What it started and that still runs a while after its end."""
        return left(self.processes())


def lasting_demo(home: Path) -> Program:
    """`scf demo` on a port of its own, so that demos of others on this machine do not matter."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Program(home, "demo", "--port", str(port))


def ask(url: str, *, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
    """GET, or POST with a JSON body; the JSON answer."""
    data = None if body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/json", **(headers or {})}
    with urllib.request.urlopen(urllib.request.Request(url, data=data, headers=sent), timeout=20) as response:
        return json.loads(response.read())


def fetch(url: str) -> tuple[int, str, bytes]:
    """Status, content type and body of a GET."""
    with urllib.request.urlopen(url, timeout=20) as response:
        return response.status, response.headers.get_content_type(), response.read()


def last_json(lines: Sequence[str] | str) -> dict[str, Any]:
    """The figures that a demo prints as one line of JSON."""
    rows = lines.splitlines() if isinstance(lines, str) else lines
    found: dict[str, Any] = json.loads(next(row for row in reversed(rows) if row.startswith("{")))
    return found
