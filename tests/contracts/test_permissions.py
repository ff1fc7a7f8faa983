"""I-11: every function against every role, cell by cell, as docs/permissions.md says it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.abi import Interface
from tests.contracts.chain import Chain, key_of
from tests.contracts.conftest import copy_of
from tests.contracts.constants import ADMIN_ROLES, PRODUCT
from tests.contracts.permissions import ACTS, HEADINGS, Scene
from tests.contracts.twin import Twin
from tests.reference.parties import Right

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
RIGHTS = {"act": Right.ACT, "quote": Right.QUOTE, "administer": Right.ADMINISTER, "settle": Right.SETTLE}
YES, NO = "●", "·"


def tables() -> dict[str, dict[str, dict[str, bool]]]:
    """The document's tables: heading → row → column → may."""
    found: dict[str, dict[str, dict[str, bool]]] = {}
    heading, columns = "", list[str]()
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading, columns = line.lstrip("# ").strip(), []
        elif line.startswith("|") and not re.match(r"^\|[ :|-]+\|$", line):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if cells[0] == "function":
                columns = cells[1:]
                continue
            if not columns:
                continue
            assert set(cells[1:]) <= {YES, NO}, line
            row = cells[0].strip("`")
            found.setdefault(heading, {})[row] = {
                column: cell == YES for column, cell in zip(columns, cells[1:], strict=True)
            }
    return found


MATRIX = tables() if DOCUMENT.exists() else {}
ROWS = [(contract, function) for contract in ACTS for function in ACTS[contract]]


@pytest.fixture(scope="module")
def scene(founded: Twin, chain: Chain) -> Iterator[Scene]:
    mark = chain.snapshot()
    try:
        yield Scene(copy_of(founded))
    finally:
        chain.revert(mark)


@pytest.mark.parametrize(("contract", "function"), ROWS, ids=[".".join(row) for row in ROWS])
def test_i_11_authority_of_every_role(scene: Scene, contract: str, function: str) -> None:
    row = MATRIX[contract][function]
    assert tuple(row) == HEADINGS
    found = {caller: scene.may(contract, function, caller) for caller in HEADINGS}
    assert found == row


@pytest.mark.parametrize("contract", PRODUCT)
def test_the_matrix_names_every_function_that_writes(artifacts: dict[str, Any], contract: str) -> None:
    functions = Interface(artifacts[contract]["abi"]).functions
    writing = {name for name, function in functions.items() if function.writes}
    assert set(MATRIX[contract]) == writing == set(ACTS[contract])


def test_the_matrix_names_every_restricted_function_once() -> None:
    restricted = [(contract, function) for _, functions in ADMIN_ROLES.values() for contract, function in functions]
    assert len(restricted) == len(set(restricted))
    for role, (_, functions) in ADMIN_ROLES.items():
        for contract, function in functions:
            allowed = {column for column, may in MATRIX[contract][function].items() if may}
            assert allowed == {role}


def test_the_product_deploys_the_roles_that_are_tested_here() -> None:
    from api.chain import deploy_plan as plan

    deployed = {
        (str(contract), function)
        for functions in plan.ROLE_FUNCTIONS.values()
        for contract, names in functions.items()
        for function in names
    }
    tested = {entry for _, functions in ADMIN_ROLES.values() for entry in functions}
    assert deployed == tested
    together = [frozenset(functions) for _, functions in ADMIN_ROLES.values()]
    for functions in plan.ROLE_FUNCTIONS.values():
        group = frozenset((str(contract), name) for contract, names in functions.items() for name in names)
        assert group in together


# -- the rights of a party's accounts

RIGHTS_ROWS = {
    "ReceivableNotes.accept": ("tier2", [5]),
    "ReceivableNotes.refuse": ("tier2", [5]),
    "ReceivableNotes.withdraw": ("tier1", [5]),
    "ReceivableNotes.setConsent": ("tier2", None),
    "ReceivableNotes.split": ("tier1", None),
    "IssuanceDesk.confirm": ("core", None),
    "FinancingDesk.finance": ("tier1", None),
    "FinancingDesk.financeFunded": ("tier1", None),
    "FinancingDesk.cancelQuote": ("financier", None),
    "OrderDesk.freeze": ("arbiter", None),
    "OrderDesk.release": ("arbiter", None),
    "OrderDesk.orderReassignment": ("arbiter", None),
    "OrderDesk.cancelReassignment": ("arbiter", None),
    "PledgeDesk.pledge": ("tier1", None),
    "PledgeDesk.cancelQuote": ("financier", None),
    "PledgeDesk.repayLoan": ("core", None),
    "PledgeDesk.releasePledge": ("financier", None),
    "RepaymentDesk.repay": ("core", None),
    "RepaymentDesk.openRound": ("core", None),
    "RepaymentDesk.resumeRound": ("core", None),
    "BankSaleDesk.reserveSale": ("tier1", None),
    "BankRepaymentDesk.reserveRepayment": ("core", None),
    "BankRepaymentDesk.reserveRound": ("core", None),
    "BankDesk.decline": ("bank", None),
    "RecourseDesk.demand": ("financier", None),
    "RecourseDesk.honour": ("tier1", None),
    "AssignmentRegister.notifyDebtor": ("financier", None),
    "ParticipantRegistry.addAccount": ("tier1", None),
    "ParticipantRegistry.setRights": ("tier1", None),
    "ParticipantRegistry.raiseQuoteEpoch": ("financier", None),
    "ParticipantRegistry.vetoRecovery": ("tier1", None),
    "ParticipantRegistry.announceSettlementChange": ("tier1", None),
    "ParticipantRegistry.vetoSettlementChange": ("tier1", None),
}


@pytest.mark.parametrize("row", list(RIGHTS_ROWS))
def test_i_11_authority_of_every_right(scene: Scene, chain: Chain, row: str) -> None:
    """An account with one right alone may do what the document says, and no more."""
    contract, function = row.split(".")
    mark = chain.snapshot()
    try:
        twin = copy_of(scene.twin)
        twin.comparing = False
        owner = twin.actors[RIGHTS_ROWS[row][0]]
        accounts = {"settle": key_of("unused").address}
        for name, right in RIGHTS.items():
            if right != Right.SETTLE:
                clerk = key_of(f"{name} clerk")
                twin.add_account(owner.key, clerk, int(right))
                accounts[name] = clerk.address
        # a settlement account pays for itself; for another account of its party it needs the act right
        accounts["settle"] = owner.cash.address
        found = {}
        for name, address in accounts.items():
            scene.callers["clerk"] = address
            if function in ("repay", "repayLoan"):
                args: tuple[Any, ...] = ([4], owner.address, 2**90) if function == "repay" else (6, 1, owner.address)
                refusal = twin.deployment[contract].refusal(function, *args, sender=address)
                found[name] = refusal is None or refusal[0] != "PayerNotAuthorised"
            else:
                found[name] = scene.may(contract, function, "clerk")
    finally:
        scene.callers.pop("clerk", None)
        chain.revert(mark)
    assert found == MATRIX["Rights of a party's accounts"][row]


@pytest.mark.parametrize("row", list(RIGHTS_ROWS))
def test_every_act_of_a_party_may_be_forwarded(scene: Scene, row: str) -> None:
    """The forwarder is nobody: whom it brings is who acts, with the rights of that account and with no others."""
    contract, function = row.split(".")
    deployment = scene.twin.deployment
    target, forwarder = deployment[contract], deployment["Forwarder"].address
    owner, stranger = scene.twin.actors[RIGHTS_ROWS[row][0]].address, key_of("rando").address
    args = ACTS[contract][function](scene, owner)
    found = {}
    for account in (owner, stranger):
        found[account] = target.refusal(function, *args, sender=account)
        assert target.refusal_of_forwarded(forwarder, function, *args, sender=account) == found[account]
    assert found[owner] != found[stranger]


def test_the_document_names_every_right_row() -> None:
    assert set(MATRIX["Rights of a party's accounts"]) == set(RIGHTS_ROWS)
