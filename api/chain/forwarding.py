"""What became of requests that the forwarder carried. It goes on to the next when one is refused, so that a refused
request is used up like any other and nobody can bring it again: the transaction goes through either way, and its log says
how the request ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.chain.bindings import Bindings
from api.domain.operations import Contract


class Forwarding:
    """Reads transactions to the forwarder at `address`."""

    def __init__(self, bindings: Bindings, address: str) -> None:
        self._address = address.lower()
        self._bindings = bindings[Contract.FORWARDER]
        self._executed = next(topic for topic, e in self._bindings.events.items() if e.name == "ExecutedForwardRequest")
        self._batch = self._bindings.function("executeBatch")
        self._one = self._bindings.function("execute")

    def refused(self, receipt: Mapping[str, Any]) -> bool:
        """Whether a request in a mined transaction (a node's receipt) was refused, or passed over as no valid one."""
        if str(receipt.get("to") or "").lower() != self._address:
            return False
        event = self._bindings.events[self._executed]
        ended = [event.arguments(log["topics"], log["data"]) for log in self._ends(receipt)]
        return not receipt["logs"] or any(not one["success"] for one in ended)

    def was_tried(self, receipt: Mapping[str, Any]) -> bool:
        """Whether the request got as far as the contract that it was for."""
        return bool(self._ends(receipt))

    def _ends(self, receipt: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        return [log for log in receipt["logs"] if log["topics"] and log["topics"][0] == self._executed]

    def request_in(self, to: str | None, data: str) -> Mapping[str, Any] | None:
        """The request that a transaction carries; None for any other transaction."""
        calldata = bytes.fromhex(data[2:])
        if str(to or "").lower() != self._address or calldata[:4] != self._batch.selector:
            return None
        (request,) = self._batch.arguments(calldata)[0]
        return dict(request)

    def execute(self, request: Mapping[str, Any]) -> str:
        """The calldata of the strict way to carry it, which says by name what is wrong with a request."""
        return "0x" + self._one.calldata((request,)).hex()
