"""Administration of the network: the operator's acts, which of them wait before they count, and what is announced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self

from api.domain.operations import Call, Contract

AT_ONCE = frozenset({"URGENT", "TOKEN_ISSUER"})
"""Roles whose acts never wait: stopping harm, and a bank booking its deposits."""

ROLE_FUNCTIONS: Mapping[str, Mapping[Contract, tuple[str, ...]]] = {
    "ADMISSION": {Contract.REGISTRY: ("admit", "reinstate", "setRoles", "renewIdentity", "announceRecovery")},
    "URGENT": {
        Contract.REGISTRY: ("suspend", "withdrawRecovery"),
        Contract.NOTES: ("setPaused",),
        Contract.FORWARDER: ("setOff",),
    },
    "CREDIT": {Contract.CREDIT: ("setLine",)},
    "POLICY": {Contract.ISSUANCE: ("setPolicy", "allowCurrency")},
    "WIRING": {Contract.CREDIT: ("setWriter",), Contract.NOTES: ("setDesk",)},
    "TOKEN_ISSUER": {Contract.TOKEN: ("mint",)},
}
"""Which administrator's act belongs to which role. A test holds it against every `restricted` function."""

_WAITING = frozenset(
    (contract, function)
    for role, targets in ROLE_FUNCTIONS.items()
    if role not in AT_ONCE
    for contract, functions in targets.items()
    for function in functions
)
EXPIRES_S = 7 * 86_400
"""Seconds from the moment an announced act may be carried out to when it no longer can be."""


def may_wait(call: Call) -> bool:
    """Whether it is an act of a role that a deployment gives a delay."""
    return (call.contract, call.function) in _WAITING


class ChangeStatus(StrEnum):
    """Of an announced act. What is carried out, called off or expired is announced no more."""

    WAITING = "waiting"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Change:
    """An announced act of the operator's. `id` is the AccessManager's, 0x-hex; times are Unix seconds of the chain. `call` is
    None for what is no act of these contracts."""

    id: str
    call: Call | None
    target: str
    data: str
    announced_by: str
    ready_at: int

    def status_at(self, time: int) -> ChangeStatus | None:
        """None once it has expired."""
        if time < self.ready_at:
            return ChangeStatus.WAITING
        return ChangeStatus.READY if time < self.ready_at + EXPIRES_S else None


@dataclass(frozen=True, slots=True)
class Policy:
    """What debts are confirmed under from now on; see IIssuanceDesk.Policy. Days, basis points, minor units."""

    default_tenor_days: int
    hard_tenor_days: int
    terms_days: int
    tier_limit: int
    grace_days: int
    overdue_rate_bps: int
    offer_lifetime_days: int
    min_child_value: int
    registry_reference_required: bool

    @classmethod
    def of(cls, terms: Mapping[str, Any]) -> Self:
        """From the contract's struct, by ABI name."""
        return cls(*(terms[_abi_name(field.name)] for field in fields(cls)))

    @property
    def terms(self) -> dict[str, int | bool]:
        """The contract's struct, by ABI name."""
        return {_abi_name(field.name): getattr(self, field.name) for field in fields(self)}


def _abi_name(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
