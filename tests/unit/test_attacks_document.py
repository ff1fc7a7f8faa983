"""docs/attacks.md names tests that exist, and every attack in it has one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
ROWS = [
    line.strip("|").split("|")
    for line in (PROJECT / "docs" / "attacks.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| attack", "| ---"))
]


def written(file: Path) -> set[str]:
    return set(re.findall(r"^(?:async )?def (test_\w+)\(", file.read_text(encoding="utf-8"), flags=re.MULTILINE))


@pytest.mark.parametrize("row", ROWS, ids=[row[0].strip() for row in ROWS])
def test_every_attack_names_tests_that_exist(row: list[str]) -> None:
    _, refusal, tests = row
    assert refusal.strip()
    places = re.findall(r"`(tests/[^`:]+)::(test_\w+)`", tests)
    assert places
    assert tests.count("tests/") == len(places)
    for file, test in places:
        assert test in written(PROJECT / file), f"{file}::{test}"


def test_it_lists_what_was_asked() -> None:
    wanted = (
        *(
            "Replay of a signature",
            "Malleable",
            "suspended financier",
            "another company",
            "Mass assignment",
            "SIWE nonce",
        ),
        *(
            "webhook",
            "SSRF",
            "Oversized",
            "nested",
            "Path injection",
            "Header injection",
            "Brute force",
            "Timing",
            "logs",
        ),
    )
    attacks = "\n".join(row[0] for row in ROWS)
    assert [attack for attack in wanted if attack not in attacks] == []
