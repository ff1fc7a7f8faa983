"""docs/invariants.md names the tests that there are, all of them, and no others."""

from __future__ import annotations

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def test_the_page_names_every_invariant_test_and_no_other() -> None:
    page = (PROJECT / "docs/invariants.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_i_\w+)`", page))
    sources = "\n".join(f.read_text(encoding="utf-8") for f in (PROJECT / "tests/contracts").glob("test_*.py"))
    assert named == set(re.findall(r"^def (test_i_\w+)", sources, re.MULTILINE))


def test_every_number_has_its_row() -> None:
    page = (PROJECT / "docs/invariants.md").read_text(encoding="utf-8")
    assert [int(n) for n in re.findall(r"^\| I-(\d+) \|", page, re.MULTILINE)] == list(range(1, 18))
