"""What runs below a process, as /proc tells it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_MARKS = {"chain": ("ganache", "anvil"), "indexer": ("api.indexer",), "worker": ("api.worker",), "api": ("api.main",)}


@dataclass(frozen=True)
class Process:
    """A process by its id and start time: an id alone may be used again."""

    pid: int
    started: str
    command: str

    @property
    def alive(self) -> bool:
        """Whether it still runs; a zombie does not."""
        stat = _stat(self.pid)
        return stat is not None and stat[0] not in "ZX" and stat[19] == self.started

    def kill(self) -> None:
        """SIGKILL, as nothing can catch."""
        if self.alive:
            os.kill(self.pid, signal.SIGKILL)


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat behind the name: state, parent, … ; start time is the twentieth."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def _command(pid: int) -> str:
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def below(pid: int) -> list[Process]:
    """Everything that `pid` started, and what that started."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdecimal() and (stat := _stat(int(entry.name))) is not None:
            children.setdefault(int(stat[1]), []).append(int(entry.name))
    found: list[Process] = []
    waiting = list(children.get(pid, ()))
    while waiting:
        one = waiting.pop()
        if (stat := _stat(one)) is not None:
            found.append(Process(one, stat[19], _command(one)))
        waiting += children.get(one, ())
    return found


def named(processes: Iterable[Process], name: str) -> Process:
    """The chain, indexer, worker or API among them."""
    return next(p for p in processes if any(mark in p.command for mark in _MARKS[name]))


def left(processes: Iterable[Process], timeout: float = 15.0) -> list[str]:
    """The commands of those that still run after `timeout` seconds; empty as soon as all are gone."""
    processes = list(processes)
    until = time.monotonic() + timeout
    while (living := [p for p in processes if p.alive]) and time.monotonic() < until:
        time.sleep(0.05)
    return [p.command for p in living]
