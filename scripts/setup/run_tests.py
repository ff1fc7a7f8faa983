"""Runs the parts of the test suite, with one closing line for all: `python -m scripts.setup.run_tests [PART]...`.

Parts are lists of runs of pytest or forge, each with its own environment, log and JUnit file under reports/. One part
alone prints as it goes; several share the cores, and a run of theirs prints when it ends. The closing line sums the JUnit
files; a run that ends badly without a failed test (crash, nothing collected, a skip that CI does not allow) counts as one
failure. SCF_TEST_DEEP=1 also runs what is marked `deep`, and forge at its full counts.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
REPORTS = PROJECT / "reports"

# pytest's own last line: a reader of the log must find one closing line, the sum.
_PYTEST_CLOSING = re.compile(r"^(=+ )?(\d+ \w+(, )?)+ in [\d.]+s.*$|^=+ no tests ran in .*$")


@dataclass(frozen=True)
class Run:
    """One process that runs tests and writes a JUnit file."""

    name: str

    def command(self) -> list[str]:
        """What is executed, in the project's folder."""
        raise NotImplementedError

    @property
    def junit(self) -> Path:
        return REPORTS / f"{self.name}.xml"

    @property
    def log(self) -> Path:
        return REPORTS / f"{self.name}.log"


@dataclass(frozen=True)
class Pytest(Run):
    """`folders` that do not exist are left out, `network` makes it brownie's; `deep` are files for the full counts alone."""

    folders: tuple[str, ...] = ()
    network: str | None = None
    deep: tuple[str, ...] = ()

    def command(self) -> list[str]:
        folders = [folder for folder in self.folders if (PROJECT / folder).exists()]
        environment = ".venv-contracts" if self.network else ".venv"
        python = str(PROJECT / environment / "bin/python")
        network = ["--network", self.network] if self.network else []
        counts = ["-m", ""] if os.environ.get("SCF_TEST_DEEP") else [f"--ignore={file}" for file in self.deep]
        return [python, "-m", "pytest", *folders, *counts, *network, f"--junit-xml={self.junit}"]


@dataclass(frozen=True)
class Forge(Run):
    """All of tests/foundry."""

    def command(self) -> list[str]:
        profile = "deep" if os.environ.get("SCF_TEST_DEEP") else "default"
        python = str(PROJECT / ".venv/bin/python")
        return [python, "-m", "scripts.setup.foundry_tests", "--profile", profile, "--junit", str(self.junit)]


@dataclass(frozen=True)
class Tally:
    """Counts of tests; `failed` includes errors."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


# What depends on the node itself (its clock, errors, signatures) runs on ganache too, and the state machine walks every act
# there; these, test by test, run there with the full counts alone: its EVM takes four times as long.
ON_ANVIL = tuple(
    f"tests/contracts/test_{name}.py"
    for name in (
        *("account_signatures", "administration", "assignments", "bank_clock", "bank_repayment", "bank_sale"),
        *("compilers", "currencies", "finance", "funding", "hostile_parties", "hostile_pledges", "hostile_tokens"),
        *("invariants", "invoice_amounts", "invoices", "orders", "parties", "permissions", "pledges", "recourse"),
        *("recovery", "repay", "rounds", "settlement_account", "split", "standstill", "tender", "token"),
    )
)

# The longest first: they bound how long the whole takes. But contracts before all, for e2e waits until it has ended.
PARTS: dict[str, tuple[Run, ...]] = {
    "contracts": (
        Pytest("contracts-ganache", ("tests/contracts", "tests/stateful"), network="ganache-cli", deep=ON_ANVIL),
        Pytest("contracts-anvil", ("tests/contracts", "tests/stateful"), network="anvil"),
    ),
    "api": (Pytest("api", ("tests/api",)),),
    "web": (Pytest("web", ("tests/web",)),),
    "index": (Pytest("index", ("tests/indexer", "tests/dossier")),),
    "e2e": (Pytest("e2e", ("tests/e2e",)),),
    "faults": (Pytest("faults", ("tests/faults",)),),
    "foundry": (Forge("foundry"),),
    "unit": (Pytest("unit", ("tests/unit",)),),
}
_WITH_BROWNIE = ("contracts", "e2e")
_brownie = threading.Lock()
"""Brownie rewrites its build folder whenever it starts: two of it would collide."""


_running: set[subprocess.Popen[str]] = set()
_stopping = threading.Event()


def _interrupt(_number: int, _frame: object) -> None:
    """Asked to end: as Ctrl-C does on a terminal, tell every run, so that each ends the chains it started."""
    _stopping.set()
    for process in list(_running):
        process.send_signal(signal.SIGINT)
    sys.exit("stopped")


def main(arguments: Sequence[str]) -> int:
    """Run the named parts, or all; exit code 0 when every run ended well. Prints the closing line last."""
    unknown = set(arguments) - set(PARTS)
    if unknown:
        print(f"no such part: {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    REPORTS.mkdir(exist_ok=True)
    # A shell's background job ignores SIGINT, and so would its children: those must hear it to end their chains.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _interrupt)
    started = time.monotonic()
    total = sum(_run_all(arguments or list(PARTS)), Tally())
    print(f"{time.monotonic() - started:.0f} s, logs in reports/")
    print(total, flush=True)
    return int(total.failed > 0)


def _run_all(parts: Sequence[str]) -> Iterable[Tally]:
    if len(parts) == 1:
        yield from (_execute(run, echo=True) for run in PARTS[parts[0]])
        return
    # A part waits a quarter of its time, for timers, pages and disks: one more than there are cores keeps them busy.
    with ThreadPoolExecutor(max_workers=min(len(parts), (os.cpu_count() or 1) + 1)) as pool:
        for future in as_completed([pool.submit(_run_part, part) for part in parts]):
            yield future.result()


def _run_part(part: str) -> Tally:
    """Its runs, one after the other."""
    total = Tally()
    with _brownie if part in _WITH_BROWNIE else nullcontext():
        for run in PARTS[part]:
            if _stopping.is_set():
                break
            started = time.monotonic()
            tally = _execute(run, echo=False)
            said = run.log.read_text(encoding="utf-8", errors="replace") if tally.failed else ""
            verdict = "FAILED" if tally.failed else "ok"
            print(f"{said}{verdict:7}{run.name:18} {time.monotonic() - started:4.0f} s", flush=True)
            total += tally
    return total


def _execute(run: Run, *, echo: bool) -> Tally:
    """Run it, keep its output in the log (and on the terminal if `echo`), and count."""
    run.junit.unlink(missing_ok=True)
    environment = {
        **os.environ,
        "BROWNIE_PORT": str(_free_port()),
        "PYTHONUNBUFFERED": "1",
        # Ganache makes so much garbage that a larger nursery for it saves a sixth of its time.
        "NODE_OPTIONS": f"{os.environ.get('NODE_OPTIONS', '')} --max-semi-space-size=64".strip(),
    }
    process = subprocess.Popen(
        run.command(),
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    assert process.stdout is not None
    _running.add(process)
    with run.log.open("w", encoding="utf-8") as log:
        for line in process.stdout:
            if _PYTEST_CLOSING.match(line):
                continue
            log.write(line)
            if echo:
                print(line, end="", flush=True)
    exit_code = process.wait()
    _running.discard(process)
    tally = _count(run.junit)
    return tally if exit_code == 0 or tally.failed else tally + Tally(failed=1)


def _count(junit: Path) -> Tally:
    if not junit.exists():
        return Tally()
    tally = Tally()
    for suite in ElementTree.parse(junit).getroot().iter("testsuite"):
        tests, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        tally += Tally(tests - skipped - failed, failed, skipped)
    return tally


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
