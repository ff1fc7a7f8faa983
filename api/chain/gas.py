"""Gas limits without asking the node: an upper bound per function, linear in what the act carries. Unused gas is given
back, so a bound is generous; what has none here is estimated by the node."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from api.domain.operations import Call, Contract

Bound = Callable[[Sequence[Any]], int]

_INTRINSIC = 21_000
_PER_CALLDATA_BYTE = 16


def _flat(gas: int) -> Bound:
    return lambda args: gas


def _each(base: int, per_item: int) -> Bound:
    return lambda args: base + per_item * len(args[0])


def _confirm(args: Sequence[Any]) -> int:
    return 160_000 + sum(140_000 + sum(map(_claim, item["invoices"])) for item in args[1])


def _claim(invoice: Mapping[str, Any]) -> int:
    """An invoice claimed whole takes one slot; a part may have to write out the claim that was there before."""
    return 35_000 if invoice["claimed"] == invoice["invoiceAmount"] else 75_000


def _carry(args: Sequence[Any]) -> int:
    """The forwarder hands on at most 63/64 of what it has, and looks whether that was enough."""
    return 60_000 + sum(70_000 + int(request["gas"]) * 64 // 63 for request in args[0])


def _split(args: Sequence[Any]) -> int:
    return 80_000 + sum(60_000 + 100_000 * len(s["portions"]) for s in args[0])


_BOUNDS: dict[tuple[Contract, str], Bound] = {
    (Contract.FORWARDER, "executeBatch"): _carry,
    (Contract.REGISTRY, "admit"): _each(80_000, 220_000),
    (Contract.REGISTRY, "addAccount"): _flat(200_000),
    (Contract.REGISTRY, "announceRecovery"): lambda args: 260_000 + 6_000 * len(args[2]),
    (Contract.REGISTRY, "vetoRecovery"): _flat(100_000),
    (Contract.REGISTRY, "withdrawRecovery"): _flat(100_000),
    (Contract.REGISTRY, "finishRecovery"): lambda args: 200_000 + 20_000 * len(args[1]),
    (Contract.REGISTRY, "announceSettlementChange"): _flat(240_000),
    (Contract.REGISTRY, "vetoSettlementChange"): _flat(100_000),
    (Contract.REGISTRY, "finishSettlementChange"): _flat(200_000),
    (Contract.REGISTRY, "setRights"): _flat(120_000),
    (Contract.REGISTRY, "suspend"): _flat(120_000),
    (Contract.REGISTRY, "reinstate"): _flat(100_000),
    (Contract.REGISTRY, "setRoles"): _flat(100_000),
    (Contract.REGISTRY, "renewIdentity"): _flat(100_000),
    (Contract.REGISTRY, "raiseQuoteEpoch"): _flat(100_000),
    (Contract.CREDIT, "setLine"): _flat(120_000),
    (Contract.CREDIT, "release"): _each(60_000, 25_000),
    (Contract.CREDIT, "credit"): _each(160_000, 85_000),
    (Contract.ISSUANCE, "confirm"): _confirm,
    (Contract.NOTES, "accept"): _each(70_000, 25_000),
    (Contract.NOTES, "refuse"): _each(90_000, 70_000),
    (Contract.NOTES, "withdraw"): _each(90_000, 70_000),
    (Contract.NOTES, "lapse"): _each(90_000, 70_000),
    (Contract.NOTES, "setConsent"): _flat(120_000),
    (Contract.NOTES, "split"): _split,
    (Contract.REPAYMENT, "declareOverdue"): _flat(250_000),
    (Contract.FINANCING, "finance"): _each(80_000, 330_000),
    (Contract.FINANCING, "financeFunded"): _each(80_000, 450_000),
    (Contract.FINANCING, "cancelQuote"): _flat(120_000),
    # Each payment must have 355,000 at hand to tell a refusal from want of gas; what is not used is given back.
    (Contract.REPAYMENT, "repay"): _each(540_000, 110_000),
    (Contract.REPAYMENT, "openRound"): _flat(200_000),
    (Contract.REPAYMENT, "resumeRound"): _flat(150_000),
    (Contract.REPAYMENT, "closeRound"): _flat(150_000),
    (Contract.ORDER, "freeze"): _each(80_000, 60_000),
    (Contract.ORDER, "release"): _each(80_000, 30_000),
    (Contract.ORDER, "orderReassignment"): _flat(180_000),
    (Contract.ORDER, "executeReassignment"): _flat(250_000),
    (Contract.ORDER, "cancelReassignment"): _flat(100_000),
    (Contract.PLEDGE, "pledge"): _flat(420_000),
    (Contract.PLEDGE, "cancelQuote"): _flat(120_000),
    (Contract.PLEDGE, "repayLoan"): _flat(260_000),
    (Contract.PLEDGE, "releasePledge"): _flat(150_000),
    (Contract.RECOURSE, "demand"): _each(60_000, 110_000),
    (Contract.RECOURSE, "honour"): _flat(350_000),
    (Contract.ASSIGNMENTS, "register"): _each(60_000, 160_000),
    (Contract.ASSIGNMENTS, "notifyDebtor"): _each(60_000, 70_000),
    (Contract.TOKEN, "mint"): _flat(120_000),
    (Contract.TOKEN, "approve"): _flat(100_000),
    (Contract.TOKEN, "transfer"): _flat(120_000),
    (Contract.TOKEN, "burn"): _flat(100_000),
}


def gas_bound(call: Call, calldata: bytes) -> int | None:
    """An upper bound for the act, or None when the node must estimate it."""
    if call.gas is not None:
        return call.gas
    bound = _BOUNDS.get((call.contract, call.function))
    if bound is None:
        return None
    return _INTRINSIC + _PER_CALLDATA_BYTE * len(calldata) + bound(call.args)
