"""Recourse against the seller of an overdue note: the financier demands, the seller pays, and the note comes back to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from api.domain.errors import NotFound, RuleBroken
from api.domain.operations import Call, Contract, Operation
from api.services.acts import ACT, Request, UseCases


class Recourse(UseCases):
    """What financiers and their sellers do about sales with recourse."""

    async def claims(self, notes: Sequence[int]) -> Mapping[int, int]:
        """What the seller of each owes for it today, minor units, as the desk works it out; without those for which nothing is
        owed, also because they were paid just now."""
        found: dict[int, int] = {}
        for note in notes:
            with suppress(RuleBroken):
                found[note] = int(await self._acts.chain.call(Contract.RECOURSE, "claim", note))
        return found

    async def demand(self, party: int, notes: Sequence[int], request: Request | None = None) -> Sequence[Operation]:
        """The financier demands of its sellers what overdue notes are short of."""

        async def build() -> Sequence[Call]:
            account = await self._acts.account_of(party, ACT)
            return [Call(Contract.RECOURSE, "demand", (list(notes),), account)]

        return await self._acts.perform("demand_recourse", party, request, build)

    async def honour(
        self, party: int, note: int, request: Request | None = None, *, max_total: int | None = None
    ) -> Sequence[Operation]:
        """The seller pays what was demanded, from its settlement account; without `max_total` at most what it is today."""

        async def build() -> Sequence[Call]:
            view = await self._acts.ledger.party(party)
            if view is None:
                raise NotFound("UnknownParty", party=party)
            account = await self._acts.account_of(party, ACT)
            # What is owed for nothing is refused by the rule that says why.
            most = (await self.claims([note])).get(note, 0) if max_total is None else max_total
            return [Call(Contract.RECOURSE, "honour", (note, view.settlement_account, most), account)]

        return await self._acts.perform("honour_recourse", party, request, build)
