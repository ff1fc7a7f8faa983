"""Contracts and reference model driven together by hypothesis; the full counts with SCF_TEST_DEEP=1."""

from __future__ import annotations

import os
from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.contracts.chain import Chain
from tests.contracts.twin import Twin
from tests.stateful.machine import Machine

MUST_GO_BOTH_WAYS = ("confirm", "accept", "split", "finance", "repay")


def test_contracts_do_what_the_model_does(founded: Twin, chain: Chain) -> None:
    deep = bool(os.environ.get("SCF_TEST_DEEP"))
    lives, acts = (200, 60) if deep else (40, 50) if chain.is_anvil else (4, 25)
    went: Counter[tuple[str, bool]] = Counter()

    class Life(Machine):
        pass

    Life.founded, Life.chain, Life.went = founded, chain, went
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=lives,
            stateful_step_count=acts,
            derandomize=not deep,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=HealthCheck.all(),
        ),
    )
    print(", ".join(f"{name} {'passed' if ok else 'refused'} {count}" for (name, ok), count in sorted(went.items())))
    if chain.is_anvil:
        one_way = [(name, ok) for name in MUST_GO_BOTH_WAYS for ok in (True, False) if not went[name, ok]]
        assert not one_way, f"never happened: {one_way}"
