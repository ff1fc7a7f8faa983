"""The fault rounds of `make faults`: what is planned, and two whole rounds."""

from __future__ import annotations

import json

import pytest

from tests.faults.__main__ import RESULT, run
from tests.faults.network import NAMES
from tests.faults.rounds import plan

OPERATIONS = 500


@pytest.mark.parametrize("seed", range(50))
def test_a_seed_is_a_plan_that_kills_everybody(seed: int) -> None:
    kills = plan(seed, OPERATIONS)
    assert kills == plan(seed, OPERATIONS)
    assert kills != plan(seed + 1, OPERATIONS)
    assert {name for kill in kills for name in kill.names} == set(NAMES)
    assert all(0 <= kill.after < OPERATIONS for kill in kills)


@pytest.mark.anyio
@pytest.mark.timeout(3_600)
async def test_two_rounds_lose_and_double_nothing() -> None:
    assert await run(2, 1, OPERATIONS)
    found = json.loads(RESULT.read_text(encoding="utf-8"))
    assert found["rounds"] == 2
    assert found["operations"] >= 2 * OPERATIONS
    assert (found["lost"], found["doubled"], found["nonce_gaps"], found["verify_ok"]) == (0, 0, 0, True)
