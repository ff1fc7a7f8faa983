"""I-12: what is frozen stays as it is, and who is suspended starts nothing but repayment. Against every act there is:
the acts are those of the permission matrix, which names every function that writes, each by everybody who may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contracts.chain import Chain
from tests.contracts.conftest import copy_of
from tests.contracts.constants import FACE
from tests.contracts.permissions import ACTS, HEADINGS, Scene
from tests.contracts.test_permissions import MATRIX, ROWS
from tests.contracts.twin import Twin
from tests.reference.orders import REASSIGN_DELAY

FROZEN = (2, 4, 6)
# The release, the reassignment, and the two ways in which the scene's open offer comes back.
CHANGING = {
    "OrderDesk.release",
    "OrderDesk.executeReassignment",
    "ReceivableNotes.refuse",
    "ReceivableNotes.withdraw",
}
# What a suspended party keeps: the say in who controls it and where its cash goes.
VETOES = {"ParticipantRegistry.vetoRecovery", "ParticipantRegistry.vetoSettlementChange"}
# What the debtor, or anyone for it, does so that holders are paid; and the seller that answers for it.
REPAYMENT = {
    "core enterprise": {
        "RepaymentDesk.repay",
        "RepaymentDesk.openRound",
        "RepaymentDesk.resumeRound",
        "RepaymentDesk.payRound",
        "PledgeDesk.repayLoan",
        "BankRepaymentDesk.reserveRepayment",
        "BankRepaymentDesk.reserveRound",
    },
    "holder": {"RecourseDesk.honour"},
}
PARTIES = {
    "core enterprise": "core",
    "holder": "tier1",
    "receiver": "tier2",
    "financier": "financier",
    "registrar": "registrar",
    "arbiter": "arbiter",
    "settlement bank": "bank",
}


@pytest.fixture(scope="module")
def scene(founded: Twin, chain: Chain) -> Iterator[Scene]:
    mark = chain.snapshot()
    try:
        yield Scene(copy_of(founded))
    finally:
        chain.revert(mark)


@pytest.fixture
def frozen(scene: Scene, chain: Chain) -> Iterator[Scene]:
    """The scene with the holder's notes frozen, and a reassignment that may be executed."""
    twin, mark = scene.twin, chain.snapshot()
    arbiter = twin.actors["arbiter"].key
    try:
        twin.freeze(arbiter, *FROZEN)
        twin.order_reassignment(arbiter, 4, twin.actors["tier3"].party, FACE // 4)
        twin.move_to(twin.chain.now + REASSIGN_DELAY)
        yield scene
    finally:
        chain.revert(mark)


def facts(twin: Twin) -> list[Any]:
    """All that is stored of the frozen notes."""
    notes = twin.deployment["ReceivableNotes"]
    return [notes.call(getter, note) for note in FROZEN for getter in ("note", "pledgedValue", "tenderDay")]


def allowed(contract: str, function: str) -> list[str]:
    """Who may: everybody but the desks, which answer for their callers."""
    row = MATRIX[contract][function]
    return [heading for heading in HEADINGS if row[heading] and heading not in ("desk", "ledger")]


def test_i_12_standstill_of_frozen_notes_whatever_is_done(frozen: Scene, chain: Chain) -> None:
    twin, changed = frozen.twin, set[str]()
    before = facts(twin)
    for contract, function in ROWS:
        for heading in allowed(contract, function):
            mark, caller = chain.snapshot(), frozen.keys[heading]
            twin.deployment[contract].send(caller, function, *ACTS[contract][function](frozen, caller.address))
            if facts(twin) != before:
                changed.add(f"{contract}.{function}")
            chain.revert(mark)
    assert changed == CHANGING


@pytest.mark.parametrize("heading", list(PARTIES))
def test_i_12_standstill_of_suspended_parties_whatever_they_try(scene: Scene, chain: Chain, heading: str) -> None:
    twin, mark, started = scene.twin, chain.snapshot(), set[str]()
    acts = [row for row in ROWS if heading in allowed(*row) and "stranger" not in allowed(*row)]
    # What a bank's token lets its owner do is between the two.
    acts = [row for row in acts if row[0] != "DepositToken"]
    caller = scene.callers[heading]
    twin.deployment.administer("ParticipantRegistry", "suspend", twin.actors[PARTIES[heading]].party, bytes(32))
    for contract, function in acts:
        refusal = twin.deployment[contract].refusal(function, *ACTS[contract][function](scene, caller), sender=caller)
        if refusal is None or refusal[0] != "PartyIsSuspended":
            started.add(f"{contract}.{function}")
    chain.revert(mark)
    assert acts
    assert started - VETOES == REPAYMENT.get(heading, set())
