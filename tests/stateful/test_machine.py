"""I-1 to I-9, I-11, I-13 and I-14 over random lives: contracts and model agree on every act, every error and every getter."""

from __future__ import annotations

import pytest

from tests.contracts.chain import Chain
from tests.contracts.twin import Twin
from tests.stateful import banks, financing, orders, pledges
from tests.stateful.walk import Tally, live

# Lives × acts, by chain. The seeds are 0, 1, 2, …
COUNTS = {"anvil": (14, 45), "ganache": (6, 45)}
DEEP_COUNTS = {"anvil": (400, 80), "ganache": (40, 50)}
EVERY_ACT = {
    "confirm",
    "release",
    "credit",
    "declare overdue",
    "accept",
    "refuse",
    "withdraw",
    "lapse",
    "consent",
    "split",
    "finance",
    "cancel quote",
    "raise epoch",
    "repay",
    "suspend",
    "reinstate",
    "set roles",
    "renew identity",
    "add account",
    "set rights",
    "announce recovery",
    "veto recovery",
    "withdraw recovery",
    "finish recovery",
    "announce settlement",
    "veto settlement",
    "finish settlement",
    "set line",
    "pause",
    "set policy",
    "open round",
    "resume round",
    "pay round",
    "close round",
    "block",
    "unblock",
    *orders.EVERY_ACT,
    *pledges.EVERY_ACT,
    *banks.EVERY_ACT,
    *financing.EVERY_ACT,
}


def told(tally: Tally) -> Tally:
    """Prints what happened, for the log."""
    for (act, outcome), times in sorted(tally.items()):
        print(f"{times:6} {act}: {outcome}")
    return tally


def test_contracts_and_model_live_alike(founded: Twin, chain: Chain) -> None:
    lives, acts = COUNTS["anvil" if chain.is_anvil else "ganache"]
    tally = told(live(founded, chain, range(lives), acts))
    assert sum(tally.values()) > lives * acts // 2
    done = {act for act, outcome in tally if outcome == "done"}
    assert {"confirm", "accept", "split", "finance", "repay"} <= done


@pytest.mark.deep
@pytest.mark.timeout(7_200)
def test_contracts_and_model_live_alike_at_length(founded: Twin, chain: Chain) -> None:
    lives, acts = DEEP_COUNTS["anvil" if chain.is_anvil else "ganache"]
    tally = told(live(founded, chain, range(lives), acts))
    assert {act for act, outcome in tally if outcome == "done"} >= EVERY_ACT
    refused = {act for act, outcome in tally if outcome != "done"}
    assert {"confirm", "accept", "refuse", "withdraw", "lapse", "split", "finance", "repay"} <= refused
