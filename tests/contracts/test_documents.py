"""docs/invariants.md names tests that exist, under their numbers, and none is missing from it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROWS = re.findall(
    r"^\| I-(\d+) \|.*\|(.*)\|$", (ROOT / "docs" / "invariants.md").read_text(encoding="utf-8"), flags=re.MULTILINE
)
# All that the protocol has.
TESTED = set(range(1, 18))


def named(cell: str) -> list[tuple[str, str]]:
    """File and test of each place in a cell; no test where the whole file is meant."""
    return [(place.partition("::")[0], place.partition("::")[2]) for place in re.findall(r"`([^`]+)`", cell)]


def written(file: str) -> set[str]:
    """The tests of a file."""
    return set(
        re.findall(r"^(?:async )?def (test_\w+)\(", (ROOT / file).read_text(encoding="utf-8"), flags=re.MULTILINE)
    )


def test_every_invariant_has_its_row() -> None:
    assert {int(number) for number, _ in ROWS} == TESTED


def test_every_test_that_is_named_exists_under_its_number() -> None:
    for number, cell in ROWS:
        places = named(cell)
        assert any(test for _, test in places), f"I-{number} names no test"
        for file, test in places:
            assert (ROOT / file).exists(), file
            if test:
                assert test in written(file), test
                assert test.startswith(f"test_i_{int(number):02}_"), test


def test_every_numbered_test_is_named() -> None:
    in_document = {test for _, cell in ROWS for _, test in named(cell)}
    for file in (ROOT / "tests" / "contracts").glob("test_*.py"):
        numbered = {test for test in written(str(file.relative_to(ROOT))) if test.startswith("test_i_")}
        assert numbered <= in_document, numbered - in_document
