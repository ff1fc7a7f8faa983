"""Operations: what a party asked the chain to do, from the asking to the receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Contract(StrEnum):
    """The deployed contracts, by their Solidity names."""

    AUTHORITY = "AccessManager"
    FORWARDER = "Forwarder"
    REGISTRY = "ParticipantRegistry"
    CREDIT = "CreditRegister"
    NOTES = "ReceivableNotes"
    ISSUANCE = "IssuanceDesk"
    FINANCING = "FinancingDesk"
    ORDER = "OrderDesk"
    PLEDGE = "PledgeDesk"
    REPAYMENT = "RepaymentDesk"
    BANK = "BankDesk"
    BANK_SALE = "BankSaleDesk"
    BANK_REPAYMENT = "BankRepaymentDesk"
    RECOURSE = "RecourseDesk"
    ASSIGNMENTS = "AssignmentRegister"
    TOKEN = "DepositToken"


class OperationStatus(StrEnum):
    """queued → submitted → confirmed | failed. `confirmed` carries the receipt, `failed` the rule that refused.

    Both can be taken back to `submitted` while their block may still be replaced; `Operation.final` says that it cannot.
    """

    QUEUED = "queued"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Call:
    """One contract call in the name of an account. `args` are JSON-able: ints, hex strings, lists, dicts by ABI name."""

    contract: Contract
    function: str
    args: tuple[Any, ...]
    account: str
    """The account that sends (checksummed address); its party is the acting party."""
    at: str | None = None
    """The contract's address where there are several of the kind (deposit tokens); None: the deployed one."""
    gas: int | None = None
    """Gas limit, where the caller knows better than the sender's bounds."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A call on its way. `id` is a UUIDv4 hex; times are Unix seconds of the host (bookkeeping only, never a rule)."""

    id: str
    kind: str
    """The act in the field's words: admit, confirm, accept, refuse, withdraw, split, finance, repay, …"""
    party: int
    """The acting party; 0 for the operator and for acts that anyone may do."""
    call: Call
    status: OperationStatus
    idempotency_key: str | None = None
    request_hash: str | None = None
    nonce: int | None = None
    tx_hash: str | None = None
    block: int | None = None
    gas_used: int | None = None
    final: bool = False
    """Whether how it ended stands for good: its block is as deep as the deployment asks, or it never was sent."""
    error: Mapping[str, Any] | None = None
    """When failed: {"rule", "evidence"}."""
    signed: str | None = None
    """The raw transaction, 0x-hex, when the account signed outside (checked by Chain.check_signed); never shown."""
    relayed_for: str | None = None
    """The account whose signed request this carries to the forwarder; `call.account`, the relayer, pays the gas."""
    relayed_nonce: int | None = None
    """That account's nonce at the forwarder."""
    approval: str | None = None
    """The approval by which two people of the party asked for it; None where one was enough."""
    request_id: str | None = None
    """The request that asked for it, as its answer named it (X-Request-ID); None from the command line."""
    trace: str | None = None
    """The step of a trace in which it was asked for (see api.domain.origin); None where nothing is traced."""
    created_at: int = 0
    updated_at: int = 0


REORGANISED = "reorganised"
KEY_CHANGE = "key_change"
"""Changes that are of no operation: the chain took blocks back; who controls a party is about to change, or has."""
_SUBJECTS = {REORGANISED: "chain", KEY_CHANGE: "party"}


def event_type(change: str) -> str:
    """operation.queued, operation.submitted, operation.confirmed, …; chain.reorganised; party.key_change."""
    return f"{_SUBJECTS.get(change, 'operation')}.{change}"


@dataclass(frozen=True, slots=True)
class OperationEvent:
    """A change of an operation. `id` only grows; `change` is queued, submitted, confirmed, failed, final or reopened (its
    block was replaced); `operation` is as it was then."""

    id: int
    change: str
    operation: Operation
