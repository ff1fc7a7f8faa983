"""In CI a skipped test fails the run, unless tests/skips.txt names it with the reason.

A line there is `node id # reason`; the id of a file stands for all its tests. Empty lines and lines that start with `#`
are for people. Elsewhere (CI not "true") skipping stays free: a laptop need not have everything.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SKIPS = Path(__file__).resolve().parents[1] / "skips.txt"


def allowed_skips(text: str) -> dict[str, str]:
    """Node id → reason. ValueError for a line without a reason."""
    allowed: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        node, mark, reason = line.partition(" # ")
        if not mark or not reason.strip():
            raise ValueError(f"tests/skips.txt:{number}: no reason given for {node.strip()}")
        allowed[node.strip()] = reason.strip()
    return allowed


class SkipPolicy:
    """Remembers what was skipped and fails the session at its end for what may not be."""

    def __init__(self, allowed: dict[str, str]) -> None:
        self._allowed = allowed
        self.refused: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self._note(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self._note(report.nodeid)

    def _note(self, node: str) -> None:
        if node not in self._allowed and node.partition("::")[0] not in self._allowed:
            self.refused.append(node)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.refused and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for node in sorted(set(self.refused)):
            terminalreporter.write_line(f"skipped in CI, but not in tests/skips.txt: {node}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("CI") == "true" and not hasattr(config, "workerinput"):
        config.pluginmanager.register(SkipPolicy(allowed_skips(SKIPS.read_text(encoding="utf-8"))), "skip-policy")
