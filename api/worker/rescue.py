"""Rescuing what is stuck: a higher price for what the chain passes over, and the filling of a nonce whose operation can
no longer succeed. The replacement is stored before it is sent, beside what it replaces; either may be mined."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from typing import Any

import structlog

from api.domain.sending import Courier, Outbox, Replacement
from api.worker.endings import record
from api.worker.under_way import Entry, UnderWay

PAST_MENDING = frozenset(
    {
        *("AttestationExpired", "AuthorizationExpired", "DeadlinePassed", "DueDayPast", "OfferLapsed", "QuoteExpired"),
        *("RegistrationExpired", "ReservationOver"),
    }
)
"""Refusals that time alone brings, and nothing takes back: whatever is mined before it, the act will be refused."""
_PASSED_OVER = 2
"""Blocks that came without it, before it is outbid: a chain that makes none has not passed it over."""
_AT_ONCE = 50

log = structlog.get_logger("worker")


class Rescue:
    """Looks after what is not mined within `stuck_s`."""

    def __init__(self, outbox: Outbox, courier: Courier, stuck_s: float) -> None:
        self._outbox = outbox
        self._courier = courier
        self._stuck_s = stuck_s

    async def replace_stuck(self, under_way: UnderWay, missing: Collection[int]) -> list[Entry]:
        """Replaces what has been stuck for too long; what is to be sent now."""
        before = time.monotonic() - self._stuck_s
        stuck = [e for e in (under_way.entry(s) for s in missing if s in under_way) if e.since < before]
        if not stuck:
            return []
        height = await self._courier.height()
        replaced: list[Entry] = []
        for entry in sorted(stuck, key=lambda e: e.nonce)[:_AT_ONCE]:
            if entry.at_height is None:
                entry.at_height = height
            elif height >= entry.at_height + _PASSED_OVER:
                entry.at_height = height
                replaced += await self._replace(under_way, entry)
        return replaced

    async def _replace(self, under_way: UnderWay, entry: Entry) -> list[Entry]:
        operation = entry.operation
        if operation.signed_outside:
            return []
        error = operation.replacements[-1].error if operation.given_up else None
        if error is None:
            refused = await self._courier.refusal(operation.call)
            if refused is not None and refused.rule in PAST_MENDING:
                error = record(refused)
        return await self._with(under_way, entry, error)

    async def fill(self, under_way: UnderWay, entry: Entry, error: Mapping[str, Any]) -> bool:
        """Gives an operation up: nothing but the filling of its nonce is sent from now on. False when that cannot be."""
        return bool(await self._with(under_way, entry, error))

    async def _with(self, under_way: UnderWay, entry: Entry, error: Mapping[str, Any] | None) -> list[Entry]:
        operation = entry.operation
        transaction = await self._courier.outbid(operation.latest, fill=error is not None)
        if transaction is None:
            return []
        replacement = Replacement(transaction, error)
        if not await self._outbox.record_replacement(operation.seq, replacement):
            log.warning("a lease was lost; nothing was replaced", operation=operation.id)
            return []
        log.info("replaced", operation=operation.id, nonce=transaction.nonce, fills=error is not None)
        under_way.replaced(entry, replacement)
        return [under_way.entry(operation.seq)]
