"""Running the processes of a deployment together: each ready before the next starts, logs in one place, and none left
behind when one dies, Ctrl-C comes or the supervisor itself is killed."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from api.domain.errors import Unavailable

READY = "ready"
"""The first word of the line by which a process says that it works."""

_PR_SET_PDEATHSIG = 1
_STOP_S = 10.0


@dataclass
class Child:
    """One process and the thread that copies its output to its log."""

    name: str
    process: subprocess.Popen[str]
    log: Path
    ready: threading.Event = field(default_factory=threading.Event)

    def copy(self, stream: IO[str]) -> None:
        """Copies lines to the log; the line that starts with "ready" sets the event."""
        with self.log.open("a", encoding="utf-8") as out:
            for line in stream:
                out.write(f"{self.name} | {line}")
                out.flush()
                if line.split(maxsplit=1)[:1] == [READY]:
                    self.ready.set()


class Supervisor:
    """Owns the children of one home folder. A second supervisor on the same home is refused by name."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._children: list[Child] = []
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        self._home.mkdir(parents=True, exist_ok=True)
        lock = (self._home / "lock").open("w", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise Unavailable("AlreadyRunning", home=str(self._home)) from None
        self._lock = lock
        # A service manager's SIGTERM ends things in the same order as Ctrl-C.
        signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self._lock is not None:
            (self._home / "lock").unlink(missing_ok=True)
            self._lock.close()

    def start(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], timeout_s: float = 60.0
    ) -> Child:
        """Starts a process, waits until it is ready. Unavailable("ProcessDidNotStart") names its log; nothing of it
        is left then, and it may be tried again."""
        log = self._home / "log" / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        process = subprocess.Popen(
            list(command),
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=_die_with_parent,
            start_new_session=True,
        )
        assert process.stdout is not None
        child = Child(name, process, log)
        self._children.append(child)
        threading.Thread(target=child.copy, args=(process.stdout,), daemon=True).start()
        until = time.monotonic() + timeout_s
        while not child.ready.wait(0.02):
            if process.poll() is not None or time.monotonic() > until:
                process.kill()
                process.wait()
                self._children.remove(child)
                raise Unavailable("ProcessDidNotStart", process=name, log=str(log))
        return child

    def adopt(self, name: str, process: subprocess.Popen[bytes]) -> None:
        """Watches and ends a process that was started elsewhere (the local chain)."""
        log = self._home / "log" / f"{name}.log"
        self._children.append(Child(name, process, log))  # type: ignore[arg-type]

    def check(self) -> None:
        """Unavailable("ProcessDied") names the first child that is gone."""
        for child in self._children:
            if (code := child.process.poll()) is not None:
                raise Unavailable("ProcessDied", process=child.name, code=code, log=str(child.log))

    def watch(self, interval_s: float = 0.2) -> None:
        """Returns never; raises when a child dies."""
        while True:
            self.check()
            time.sleep(interval_s)

    def pids(self) -> Mapping[str, int]:
        """Process ids by name."""
        return {child.name: child.process.pid for child in self._children}

    def stop(self) -> None:
        """Ends the children, last started first; those that do not end in time are killed."""
        for child in reversed(self._children):
            if child.process.poll() is None:
                child.process.terminate()
        until = time.monotonic() + _STOP_S
        for child in reversed(self._children):
            try:
                child.process.wait(max(until - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
        self._children.clear()


def module_command(module: str) -> list[str]:
    """The command that runs one of this project's process modules."""
    return [sys.executable, "-m", module]


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
