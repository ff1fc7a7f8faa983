"""The product's processes, forked from one that has imported them: the seconds of a core that `python -m MODULE` takes to
begin are spent once for all networks of a test run. What `scf` starts, and who is killed, begins as it does in earnest."""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from api.chain.local import die_with_parent
from scripts.supervise import READY

PROJECT = Path(__file__).resolve().parents[1]
_MODULES = ("api.main", "api.worker.__main__", "api.indexer.__main__")
_START_S, _STOP_S = 120.0, 20.0


@dataclass(frozen=True)
class Child:
    """A process that was born here."""

    pid: int
    log: Path

    @property
    def alive(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def until_ready(self) -> None:
        """Returns once its log says so; AssertionError with the log when it ends before, or takes too long."""
        until = time.monotonic() + _START_S
        while True:
            alive, said = self.alive, self.log.read_text(encoding="utf-8")
            if any(line.split(maxsplit=1)[:1] == [READY] for line in said.splitlines()):
                return
            assert alive and time.monotonic() < until, said
            time.sleep(0.01)

    def stop(self) -> None:
        """Ends it in order; kills it when it takes too long."""
        until = time.monotonic() + _STOP_S
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
            while time.monotonic() < until:
                os.kill(self.pid, 0)
                time.sleep(0.01)
            os.kill(self.pid, signal.SIGKILL)


class Nursery:
    """The process that forks. It ends, and all its children with it, when whoever started it does."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent,
            start_new_session=True,
        )

    def start(self, module: str, environment: Mapping[str, str], log: Path) -> Child:
        """`python -m module` in this environment, its output appended to `log`; ready when this returns."""
        log.parent.mkdir(parents=True, exist_ok=True)
        log.touch()
        assert self._process.stdin is not None and self._process.stdout is not None
        wanted = {"module": module, "environment": dict(environment), "log": str(log)}
        print(json.dumps(wanted), file=self._process.stdin, flush=True)
        child = Child(int(self._process.stdout.readline()), log)
        child.until_ready()
        return child


@cache
def nursery() -> Nursery:
    """This test run's."""
    return Nursery()


def _serve() -> None:
    for module in _MODULES:
        importlib.import_module(module)
        del sys.modules[module]  # it is run anew, as the main module
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a child ended
    while line := sys.stdin.readline():
        pid = os.fork()
        if pid == 0:
            _live(json.loads(line))
        print(pid, flush=True)


def _live(wanted: Mapping[str, Any]) -> None:
    """Is what was asked for, to its end."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        die_with_parent()
        out = os.open(wanted["log"], os.O_WRONLY | os.O_APPEND)
        for number, descriptor in ((0, os.open(os.devnull, os.O_RDONLY)), (1, out), (2, out)):
            os.dup2(descriptor, number)
        os.environ.clear()
        os.environ.update(wanted["environment"])
        sys.argv[1:] = []
        runpy.run_module(wanted["module"], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
