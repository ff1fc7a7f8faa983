"""halmos over tests/foundry/proofs: `python -m scripts.setup.prove [CONTRACT]...`.

What each proof shows, under which bounds, and what the solvers cannot do, is in docs/proofs.md. A proof that times out, an
unrolling that stops at its bound, and a proof of nothing (all paths reverted) count as failures: halmos would pass over the
second with a warning. Prints one table; build/proofs.json has the same.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
REPORT = PROJECT / "build/proofs.json"
SCRATCH = PROJECT / "build/foundry/proofs"
_CVC5 = ".venv-proofs/bin/python scripts/setup/cvc5_integers.py"
_WARNING = re.compile(r"^WARNING\s+(.*)$", re.MULTILINE)
_VERDICTS = {0: "proved", 1: "refuted", 2: "timed out", 3: "stuck", 4: "all revert"}


@dataclass(frozen=True)
class Proofs:
    """One contract of proofs: its bounds, in words and for halmos, and which solver it needs."""

    contract: str
    bound: str
    options: tuple[str, ...] = ()

    def command(self) -> list[str]:
        """halmos on this contract alone."""
        return [
            ".venv-proofs/bin/halmos",
            "--forge-build-out",
            "build/foundry/proofs/out",
            "--no-status",
            "--contract",
            self.contract,
            "--solver-timeout-assertion",
            "300s",
            "--json-output",
            str(self.report),
            *self.options,
        ]

    @property
    def report(self) -> Path:
        return SCRATCH / f"{self.contract}.json"


_INTEGERS = ("--solver-command", _CVC5)
"""Products and quotients: read as numbers, not as bits."""

ALL = (
    Proofs("NoteWordProof", "none: every word, every value"),
    Proofs("OwedWordProof", "none: every word, every value"),
    Proofs("InvoiceWordProof", "none: every word, every value"),
    Proofs("InterestProof", "none: every value of the types", _INTEGERS),
    Proofs("PriceProof", "none: every value of the types", _INTEGERS),
    Proofs(
        "AuthorityProof",
        "arrays of 1, byte strings of 65",
        ("--loop", "3", "--default-array-lengths", "1", "--default-bytes-lengths", "65"),
    ),
    Proofs("LedgerProof", "any state; 1 note an act, 1 or 2 portions", ("--loop", "3")),
)


def main(arguments: Sequence[str]) -> int:
    """Exit code 0 when everything is proved, without a warning."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, Any]] = []
    warned = 0
    print(f"{'property':62} {'bound':42} {'result':10} {'seconds':>8}", flush=True)
    for proofs in ALL:
        if arguments and proofs.contract not in arguments:
            continue
        found, warnings = _run(proofs)
        rows += found
        warned += warnings
        for row in found:
            print(f"{row['property']:62} {row['bound']:42} {row['result']:10} {row['seconds']:>8.1f}", flush=True)
    proved = sum(row["result"] == "proved" for row in rows)
    print(f"{proved} properties proved, {len(rows) - proved} not, {warned} warnings")
    if not arguments:
        REPORT.write_text(json.dumps({"warnings": warned, "properties": rows}, indent=1) + "\n", encoding="utf-8")
    return int(proved < len(rows) or not rows or warned > 0)


def _run(proofs: Proofs) -> tuple[list[dict[str, Any]], int]:
    """A row for each property of the contract, and the number of warnings; what halmos said when not all is well."""
    proofs.report.unlink(missing_ok=True)
    environment = {
        **os.environ,
        "FOUNDRY_PROFILE": "proofs",
        "PATH": f"{PROJECT / 'node_modules/.bin'}:{os.environ.get('PATH', '')}",
    }
    ran = subprocess.run(proofs.command(), cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    said = ran.stdout + ran.stderr
    warnings = len(_WARNING.findall(said))
    tests: list[dict[str, Any]] = []
    if proofs.report.exists():
        results = json.loads(proofs.report.read_text(encoding="utf-8"))["test_results"]
        tests = [test for group in results.values() for test in group]
    rows = [
        {
            "property": f"{proofs.contract}.{test['name'].partition('(')[0]}",
            "bound": proofs.bound,
            "result": _VERDICTS.get(test["exitcode"], f"failed ({test['exitcode']})"),
            "paths": test["num_paths"][0],
            "seconds": round(test["time"][0], 1),
        }
        for test in tests
    ] or [{"property": proofs.contract, "bound": proofs.bound, "result": "not run", "paths": 0, "seconds": 0.0}]
    if warnings or any(row["result"] != "proved" for row in rows):
        print(said, file=sys.stderr)
    return rows, warnings


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
