"""The controller's side of the tests that are to find mutants: a node, a pytest process over it, jobs and answers."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import requests

from api.chain.compile import PROJECT
from api.chain.local import anvil_command, die_with_parent, free_port
from bench.mutation.compiler import Codes
from bench.mutation.worker import ANSWERS, FOUNDED, JOBS

FOLDERS = ("tests/contracts",)
# Then node and process are started anew, so that neither grows for ever.
_JOBS_OF_ONE_START = 250


class SuiteBroken(Exception):
    """The tests fail on the original, or do not start; the message says how."""


@dataclass(frozen=True)
class Verdict:
    """`by` is the test that found the mutant, empty for a survivor; `why` its last words."""

    by: str
    why: str
    seconds: float

    @property
    def survived(self) -> bool:
        """No test found it."""
        return not self.by


@dataclass(frozen=True)
class Observation:
    """Of each test that passes its seconds and what it met: calls (`Contract.selector`) and errors (selectors). Of each
    other what it says."""

    durations: Mapping[str, float]
    calls: Mapping[str, Sequence[str]]
    failed: Mapping[str, str]


class Suite:
    """Tests ready to run. `founded`: against mutants put in place of what is deployed once; else deployed anew each time.
    Use it in a `with`."""

    def __init__(self, log: Path, *, founded: bool) -> None:
        self._log, self._founded = log, founded
        self._node: subprocess.Popen[bytes] | None = None
        self._states: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._jobs: IO[str] | None = None
        self._answers: IO[str] | None = None
        self._done = 0
        self.tests: tuple[str, ...] = ()

    def __enter__(self) -> Suite:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def run(self, codes: Codes, tests: Mapping[str, float]) -> Verdict:
        """The tests (→ the seconds each takes on the original) in that order, up to the first that fails."""
        answer, seconds = self._ask({"codes": codes, "tests": dict(tests)})
        return Verdict(answer.get("killed", ""), answer.get("why", ""), seconds)

    def observe(self, codes: Codes) -> Observation:
        """Every test to its end, in an order that means nothing, as mutants meet them."""
        self.start()
        tests = random.Random(0).sample(self.tests, len(self.tests))
        answer, _ = self._ask({"codes": codes, "tests": dict.fromkeys(tests, 5.0), "observe": True})
        if "failed" not in answer:
            raise SuiteBroken(f"{answer['killed']}: {answer['why']}")
        return Observation(answer["durations"], answer["calls"], dict(answer["failed"]))

    def start(self) -> None:
        """Starts node and process, if they do not run; then `tests` is known."""
        if self._process is None:
            port = free_port()
            # It mines by itself, as brownie's does, and takes code of any size: mutants are not optimized.
            self._states = Path(tempfile.mkdtemp(prefix="scf-anvil-"))
            command = anvil_command(port, self._states, 20)
            command = [part for part in command if part != "--no-mining"] + ["--disable-code-size-limit"]
            self._node = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent)
            node = f"http://127.0.0.1:{port}"
            _wait_for(node)
            self._open(node)
            ready = self._answer()
            if "ready" not in ready:
                raise SuiteBroken(ready.get("broken", f"no tests; see {self._log}"))
            self.tests = tuple(ready["ready"])
            self._done = 0

    def _open(self, node: str) -> None:
        jobs_out, jobs_in = os.pipe()
        answers_out, answers_in = os.pipe()
        environment = {
            **os.environ,
            "SCF_TEST_NODE": node,
            JOBS: str(jobs_out),
            ANSWERS: str(answers_in),
            FOUNDED: str(int(self._founded)),
        }
        plugins = ("-p", "bench.mutation.worker", "-p", "no:xdist", "-p", "no:cacheprovider", "-p", "no:randomly")
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "pytest", "-q", "--tb=short", *plugins, *FOLDERS],
                cwd=PROJECT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(jobs_out, answers_in),
                preexec_fn=die_with_parent,
            )
        os.close(jobs_out)
        os.close(answers_in)
        self._jobs, self._answers = os.fdopen(jobs_in, "w"), os.fdopen(answers_out)

    def _ask(self, job: Mapping[str, Any]) -> tuple[dict[str, Any], float]:
        if self._done >= _JOBS_OF_ONE_START:
            self._end()
        self.start()
        self._done += 1
        started = time.monotonic()
        assert self._jobs is not None
        print(json.dumps(job), file=self._jobs, flush=True)
        answer = self._answer()
        if not answer:
            self._end()
            raise SuiteBroken(f"the tests' process ended; see {self._log}")
        return answer, time.monotonic() - started

    def _answer(self) -> dict[str, Any]:
        assert self._answers is not None
        line = self._answers.readline()
        return dict(json.loads(line)) if line else {}

    def _end(self) -> None:
        for pipe in (self._jobs, self._answers):
            if pipe is not None:
                pipe.close()
        for process in (self._process, self._node):
            if process is not None:
                process.kill()
                process.wait()
        if self._states is not None:
            shutil.rmtree(self._states, ignore_errors=True)
        self._process = self._node = self._jobs = self._answers = self._states = None


def _wait_for(node: str) -> None:
    for _ in range(500):
        try:
            requests.post(node, json={"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}, timeout=5)
            return
        except requests.ConnectionError:
            time.sleep(0.02)
    raise SuiteBroken("the node did not start")
