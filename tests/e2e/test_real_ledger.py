"""`scf demo --once --ledger`: the main job from a real payables ledger."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.e2e.program import PROJECT, scf

LEDGER = PROJECT.parent / "shared/data/payables/gla_payments.csv"
ROWS = 60


@pytest.mark.skipif(not LEDGER.exists(), reason="the real ledger is not beside this clone")
def test_a_real_ledger_goes_the_whole_road(tmp_path: Path) -> None:
    output = tmp_path / "demo.json"
    ran = scf(
        tmp_path / "home",
        *("demo", "--once", "--ledger", str(LEDGER), "--rows", str(ROWS), "--output", str(output)),
        timeout=240,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    figures = json.loads(output.read_text(encoding="utf-8"))
    shares = reached(ran.stdout)
    assert ROWS / 2 <= figures["receivables"] <= ROWS
    assert shares["accepted"] >= 0.60
    assert shares["split"] >= 0.30
    assert shares["tier 4"] >= 0.10
    assert shares["financed"] >= 0.20
    assert figures["outstanding"] == 0
    assert figures["repaid"] > 0
    assert figures["verify_ok"] is True
    assert "assumption: " in ran.stdout
    assert "dates moved by " in ran.stdout
    imported = re.search(r"imported (\d+), known 0, refused (\d+)", ran.stdout)
    assert imported is not None
    assert sum(map(int, imported.groups())) == ROWS, "every document is taken, or refused with a reason"


def reached(printed: str) -> dict[str, float]:
    """The shares of receivables, as the demo prints them, tab-separated: accepted 36 39 92% 96%."""
    found: dict[str, float] = {}
    for name in ("accepted", "split", "tier 4", "financed"):
        line = next(row for row in printed.splitlines() if row.startswith(f"{name}\t"))
        _, count, total, *_ = line.split("\t")
        found[name] = int(count) / int(total)
    return found
