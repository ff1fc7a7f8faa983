"""That the count finds what it looks for: something lost, done twice, done though refused, never answered."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.faults.clients import Asked, Effect, Log
from tests.faults.reckoning import Reckoning, compare

MINT: Effect = ("mint", "0x01", "7")


def asked(serial: int, status: int | None = 202) -> Asked:
    return Asked(f"key-{serial}", "/deposits", MINT, 1, status, [f"{serial}"] if status in (200, 202) else [])


def counted(tmp_path: Path, log: list[Asked], on_chain: int, ends: Mapping[str, str]) -> Reckoning:
    result = Reckoning(verify_ok=True)
    compare(result, Log(tmp_path / "log", 1, log), {MINT: on_chain}, ends)
    return result


@pytest.mark.parametrize(
    ("log", "on_chain", "ends", "lost", "doubled"),
    [
        ([asked(0)], 1, {"0": "confirmed"}, 0, 0),
        ([asked(0)], 0, {"0": "failed"}, 0, 0),
        ([asked(0)], 0, {"0": "confirmed"}, 1, 0),
        ([asked(0)], 0, {"0": "submitted"}, 1, 0),
        ([asked(0)], 0, {"0": "failed without a name"}, 1, 0),
        ([asked(0)], 2, {"0": "confirmed"}, 0, 1),
        ([asked(0)], 1, {"0": "failed"}, 0, 1),
        ([asked(0, 409)], 1, {}, 0, 1),
        ([asked(0), asked(1)], 1, {"0": "confirmed", "1": "failed"}, 0, 0),
        ([asked(0), asked(1)], 1, {"0": "confirmed", "1": "confirmed"}, 1, 0),
        ([asked(0), asked(1, 409)], 1, {"0": "confirmed"}, 0, 0),
    ],
)
def test_counts(
    tmp_path: Path, log: list[Asked], on_chain: int, ends: Mapping[str, str], lost: int, doubled: int
) -> None:
    result = counted(tmp_path, log, on_chain, ends)
    assert (result.lost, result.doubled) == (lost, doubled)
    assert result.clean == (not lost and not doubled)


def test_a_request_that_was_never_answered_is_no_clean_round(tmp_path: Path) -> None:
    result = counted(tmp_path, [asked(0, None)], 0, {})
    assert (result.lost, result.doubled, result.clean) == (0, 0, False)
