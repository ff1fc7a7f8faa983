"""From revert data to the rule that refused: custom errors with their evidence, require strings, panics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.chain.abi import Parameters
from api.chain.bindings import Bindings
from api.domain.errors import RuleBroken

_ERROR_STRING = bytes.fromhex("08c379a0")
_PANIC = bytes.fromhex("4e487b71")
_STRING = Parameters([{"name": "message", "type": "string"}])
_CODE = Parameters([{"name": "code", "type": "uint256"}])


def decode_revert(bindings: Bindings, data: bytes) -> RuleBroken:
    """The rule behind revert data. What no ABI of ours explains becomes RuleBroken("Reverted", data=…)."""
    selector, rest = data[:4], data[4:]
    if selector == _ERROR_STRING:
        return RuleBroken("RevertedWithMessage", **_STRING.named(rest))
    if selector == _PANIC:
        return RuleBroken("Panic", **_CODE.named(rest))
    known = bindings.errors.get(selector)
    if known is None:
        return RuleBroken("Reverted", data="0x" + data.hex())
    return RuleBroken(known.name, **known.inputs.named(rest))


def revert_data(error: Mapping[str, Any]) -> bytes | None:
    """The revert data in a JSON-RPC error, as the nodes put it; None when the error is not a revert.

    geth and anvil answer `data: "0x…"`, ganache `data: {"result": "0x…"}` or, in older shapes, one such dict per hash.
    """
    data = error.get("data")
    if isinstance(data, Mapping):
        inner = data.get("result", data.get("data"))
        if inner is None:
            inner = next((v.get("return") for v in data.values() if isinstance(v, Mapping) and "return" in v), None)
        data = inner
    if isinstance(data, str) and data.startswith("0x"):
        return bytes.fromhex(data[2:])
    if "revert" in str(error.get("message", "")).lower():
        return b""
    return None
