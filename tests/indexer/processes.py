"""The indexer as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


class IndexerProcess:
    """`python -m api.indexer` with the settings of a network."""

    def __init__(self, environment: Mapping[str, str], *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "api.indexer", *arguments],
            cwd=PROJECT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.complaints: list[str] = []
        self._draining = threading.Thread(target=self._drain, daemon=True)
        self._draining.start()

    def _drain(self) -> None:
        assert self.process.stderr is not None
        self.complaints.extend(self.process.stderr)

    def until_ready(self) -> None:
        """Returns when it says so; fails with what it said when it ends before."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if line.strip() != "ready":
            self.ended()
            raise AssertionError("".join(self.complaints))

    def ended(self, within_s: float = 30.0) -> int:
        """Its exit code, when it has ended by itself."""
        code = self.process.wait(within_s)
        self._draining.join(5)
        return code

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.terminate()
        return self.ended()
