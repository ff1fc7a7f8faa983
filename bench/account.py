"""Where the gas of a transaction goes, and the floor: what an act cannot cost less than, given what it must store, tell
and read.

The floor is counted on the transaction as mined: its calldata, its logs, and (by the node's prestate tracer) every slot
and account that it touched; a slot counts once however often it is used. What is above the floor is signature checks
and computation, told by contract (by the node's call tracer)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api.chain.rpc import Rpc

_INTRINSIC = 21_000
_ZERO_BYTE, _BYTE = 4, 16
_FRESH_SLOT, _CHANGED_SLOT, _READ_SLOT = 22_100, 5_000, 2_100
_COLD_ACCOUNT = 2_600
_LOG_TOPIC, _LOG_BYTE = 375, 8
_LAST_PRECOMPILE = 9
_SIGNATURE = 3_000
_ECRECOVER = 1

State = Mapping[str, Mapping[str, Any]]
Slot = tuple[str, str]


@dataclass(frozen=True)
class Account:
    """Gas of an act, or of each of its notes in a batch: `parts` by cause, and `above` by contract what is not in the
    floor. Together they sum to `gas`, to within rounding and what is refunded. `counts` says of how many slots,
    accounts and logs a part is, in the whole transaction."""

    gas: int
    floor: int
    parts: Mapping[str, int]
    counts: Mapping[str, int]
    above: Mapping[str, int]

    @property
    def ratio(self) -> float:
        return self.gas / self.floor


@dataclass(frozen=True)
class _Touched:
    """Slots and accounts (lower-case addresses) that a transaction touched."""

    fresh: frozenset[Slot]
    changed: frozenset[Slot]
    read: frozenset[Slot]

    def gas(self, address: str) -> int:
        """What the slots of one contract must cost."""
        return sum(
            price * sum(1 for a, _ in slots if a == address)
            for price, slots in ((_FRESH_SLOT, self.fresh), (_CHANGED_SLOT, self.changed), (_READ_SLOT, self.read))
        )


async def account_of(rpc: Rpc, names: Mapping[str, str], tx_hash: str, notes: int = 1) -> Account:
    """The account of a mined transaction, divided by `notes`. `names` are contracts' by lower-case address."""
    tx = await rpc.call("eth_getTransactionByHash", tx_hash)
    receipt = await rpc.call("eth_getTransactionReceipt", tx_hash)
    touched = _touched(await _trace(rpc, tx_hash, False), await _trace(rpc, tx_hash, True))
    calls = await rpc.call("debug_traceTransaction", tx_hash, {"tracer": "callTracer"})
    logs: Counter[str] = Counter()
    for entry in receipt["logs"]:
        logs[entry["address"]] += _log(entry)
    walk = _Walk(tx["to"])
    walk.frame(calls, _INTRINSIC + _calldata(tx["input"]))
    parts = {
        "transaction and calldata": _INTRINSIC + _calldata(tx["input"]),
        "fresh slots": _FRESH_SLOT * len(touched.fresh),
        "changed slots": _CHANGED_SLOT * len(touched.changed),
        "slots read": _READ_SLOT * len(touched.read),
        "cold accounts": _COLD_ACCOUNT * walk.cold,
        "logs": sum(logs.values()),
    }
    counts = {
        "fresh slots": len(touched.fresh),
        "changed slots": len(touched.changed),
        "slots read": len(touched.read),
        "cold accounts": walk.cold,
        "logs": len(receipt["logs"]),
    }
    above = {"signatures": walk.signatures * _SIGNATURE} | {
        names.get(address, address): gas - touched.gas(address) - logs[address] for address, gas in walk.net.items()
    }
    return Account(
        gas=int(receipt["gasUsed"], 16) // notes,
        floor=sum(parts.values()) // notes,
        parts={cause: gas // notes for cause, gas in parts.items()},
        counts=counts,
        above={cause: gas // notes for cause, gas in above.items()},
    )


async def _trace(rpc: Rpc, tx_hash: str, diff: bool) -> Any:
    options = {"tracer": "prestateTracer", "tracerConfig": {"diffMode": diff}}
    return await rpc.call("debug_traceTransaction", tx_hash, options)


def _touched(state: State, diff: Mapping[str, State]) -> _Touched:
    before = frozenset(_slots(diff["pre"]))
    fresh = frozenset(_slots(diff["post"])) - before
    return _Touched(fresh, before, frozenset(_slots(state)) - fresh - before)


def _slots(state: State) -> Iterable[Slot]:
    return ((address, slot) for address, account in state.items() for slot in account.get("storage", ()))


def _calldata(data: str) -> int:
    return sum(_BYTE if byte else _ZERO_BYTE for byte in bytes.fromhex(data[2:]))


def _log(entry: Mapping[str, Any]) -> int:
    return _LOG_TOPIC * (1 + len(entry["topics"])) + _LOG_BYTE * (len(entry["data"]) // 2 - 1)


class _Walk:
    """Goes through a transaction's calls in order: gas net of inner calls and of first contact, by contract."""

    def __init__(self, destination: str) -> None:
        self.net: Counter[str] = Counter()
        self.cold = 0
        self.signatures = 0
        self._met = {destination}

    def frame(self, call: Mapping[str, Any], before: int = 0) -> int:
        """Adds a call and those inside it; returns the gas it used. `before` is what was spent outside any contract."""
        used = int(call["gasUsed"], 16)
        net = used - before
        for inner in call.get("calls", ()):
            net -= self.frame(inner)
            net -= self._contact(inner["to"])
        if int(call["to"], 16) == _ECRECOVER:
            self.signatures += 1
        else:
            self.net[call["to"]] += net
        return used

    def _contact(self, address: str) -> int:
        if address in self._met or int(address, 16) <= _LAST_PRECOMPILE:
            return 0
        self._met.add(address)
        self.cold += 1
        return _COLD_ACCOUNT
