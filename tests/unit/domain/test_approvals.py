"""Every call that the services make in a company's name is known to the rule of two people, one way or the other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from api.chain.bindings import Bindings
from api.domain.approvals import KINDS, WITH_THRESHOLD, ActKind, Part, kind_of, roles_of
from api.domain.operations import Call, Contract
from api.domain.principal import PersonRole

SERVICES = Path(__file__).resolve().parents[3] / "api" / "services"
OPERATORS = {
    *((Contract.REGISTRY, name) for name in ("suspend", "reinstate", "admit")),
    (Contract.CREDIT, "setLine"),
    (Contract.TOKEN, "mint"),
    (Contract.FORWARDER, "executeBatch"),
    (Contract.AUTHORITY, "schedule"),  # as what they announce, or carry out
    (Contract.AUTHORITY, "execute"),
}
"""The network operator's and the relayer's: no company's act."""


def made() -> Iterator[tuple[Contract, str]]:
    """Contract and function of each `Call(Contract.X, "name", …)` in the services."""
    for file in sorted(SERVICES.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Call"):
                continue
            contract, function = node.args[:2]
            if isinstance(contract, ast.Attribute) and isinstance(function, ast.Constant):
                yield Contract[contract.attr], str(function.value)


def test_every_act_has_its_kind(bindings: Bindings) -> None:
    acts = {call for call in made() if bindings[call[0]].function(call[1]).mutates} - OPERATORS
    assert (Contract.ISSUANCE, "confirm") in acts
    assert acts <= set(KINDS)


def test_every_kind_is_of_a_function_that_there_is(bindings: Bindings) -> None:
    for contract, function in KINDS:
        assert bindings[contract].function(function).mutates, (contract, function)


def test_what_is_not_known_takes_two() -> None:
    for contract in Contract:
        assert kind_of(Call(contract, "nobodyKnowsThis", (), "")) is ActKind.ACCOUNTS
    assert ActKind.ACCOUNTS not in WITH_THRESHOLD


def test_no_role_makes_and_checks() -> None:
    for kind in set(ActKind) - {ActKind.THRESHOLDS}:
        assert roles_of(Part.MAKER, kind) == {PersonRole.MAKER}
        assert roles_of(Part.CHECKER, kind) == {PersonRole.CHECKER}
    assert roles_of(Part.MAKER, ActKind.THRESHOLDS) == {PersonRole.ADMIN}
    assert roles_of(Part.CHECKER, ActKind.THRESHOLDS) == {PersonRole.ADMIN, PersonRole.CHECKER}
