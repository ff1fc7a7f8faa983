"""Orders on both sides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eth_account.signers.local import LocalAccount

from tests.reference.protocol import Protocol

ORDER = b"\x44" * 32


class OrderActs:
    """The acts of the OrderDesk, for :class:`tests.contracts.twin.Twin`."""

    model: Protocol
    _both: Callable[..., Any]

    def freeze(self, caller: LocalAccount, *notes: int, order: bytes = ORDER) -> None:
        """Freezes notes."""
        args = (list(notes), order)
        self._both(caller, "OrderDesk", "freeze", args, lambda: self.model.freeze(caller.address, *args))

    def release_notes(self, caller: LocalAccount, *notes: int, order: bytes = ORDER) -> None:
        """Ends freezes."""
        args = (list(notes), order)
        self._both(caller, "OrderDesk", "release", args, lambda: self.model.release_notes(caller.address, *args))

    def order_reassignment(
        self, caller: LocalAccount, note: int, to: int, amount: int, *, order: bytes = ORDER, at: int | None = None
    ) -> int:
        """Records a reassignment; returns its id."""
        args = (note, to, amount, order)
        return self._both(
            caller,
            "OrderDesk",
            "orderReassignment",
            args,
            lambda: self.model.order_reassignment(caller.address, *args),
            at,
        )

    def execute_reassignment(self, caller: LocalAccount, reassignment: int, *, at: int | None = None) -> int:
        """Carries one out; returns the receiver's note."""
        return self._both(
            caller,
            "OrderDesk",
            "executeReassignment",
            (reassignment,),
            lambda: self.model.execute_reassignment(reassignment),
            at,
        )

    def cancel_reassignment(self, caller: LocalAccount, reassignment: int, *, order: bytes = ORDER) -> None:
        """Strikes one."""
        args = (reassignment, order)
        self._both(
            caller,
            "OrderDesk",
            "cancelReassignment",
            args,
            lambda: self.model.cancel_reassignment(caller.address, *args),
        )
