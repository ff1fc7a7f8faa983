"""Recourse, on contracts and model at once: a part of :class:`~tests.contracts.twin.Twin`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eth_account.signers.local import LocalAccount

from tests.reference.arithmetic import MAX_UINT96
from tests.reference.protocol import Protocol
from tests.reference.recourse import Honoured


class RecourseActs:
    """The financier's demand, and the seller's payment."""

    model: Protocol
    _both: Callable[..., Any]

    def demand(self, caller: LocalAccount, *notes: int, at: int | None = None) -> None:
        """Demands of sellers what notes are short of."""
        act = (caller, "RecourseDesk", "demand", (list(notes),))
        self._both(*act, lambda: self.model.demand(caller.address, list(notes)), at)

    def honour(
        self,
        caller: LocalAccount,
        note: int,
        *,
        payer: str | None = None,
        max_total: int = MAX_UINT96,
        at: int | None = None,
    ) -> Honoured:
        """Pays what was demanded."""
        source = payer or caller.address
        honoured: Honoured = self._both(
            caller,
            "RecourseDesk",
            "honour",
            (note, source, max_total),
            lambda: self.model.honour(caller.address, note, source, max_total),
            at,
        )
        return honoured
