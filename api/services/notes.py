"""Notes on their way: accepted or refused, passed on, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.domain.operations import Call, Contract, Operation
from api.services.acts import ACT, OPERATOR, Request, UseCases


@dataclass(frozen=True, slots=True)
class Portion:
    """What one receiver gets: minor units, and the hash of the invoice or contract under the transfer (0x-hex)."""

    to: int
    amount: int
    trade_hash: str


@dataclass(frozen=True, slots=True)
class Split:
    """Value passed on from one note; a whole transfer is one portion of all of it."""

    note: int
    portions: Sequence[Portion]


class Notes(UseCases):
    """What holders and receivers do."""

    async def accept(
        self, party: int, notes: Sequence[int], request: Request | None = None, *, check: bool = True
    ) -> Sequence[Operation]:
        """The receiver takes what it was offered."""
        return await self._perform("accept", party, list(notes), request, check)

    async def refuse(self, party: int, notes: Sequence[int], request: Request | None = None) -> Sequence[Operation]:
        """The receiver will not have it; value goes back, a refused root cancels the debt."""
        return await self._perform("refuse", party, list(notes), request)

    async def withdraw(self, party: int, notes: Sequence[int], request: Request | None = None) -> Sequence[Operation]:
        """The offeror takes open offers back."""
        return await self._perform("withdraw", party, list(notes), request)

    async def lapse(
        self, notes: Sequence[int], request: Request | None = None, *, party: int = OPERATOR
    ) -> Sequence[Operation]:
        """Returns offers whose time is over; anyone may."""
        return await self._perform("lapse", party, list(notes), request)

    async def declare_overdue(
        self, receivable: int, request: Request | None = None, *, party: int = OPERATOR
    ) -> Sequence[Operation]:
        """Declares a receivable overdue; anyone may."""

        async def build() -> Sequence[Call]:
            caller = await self._acts.account_of(party, ACT)
            return [Call(Contract.REPAYMENT, "declareOverdue", (receivable,), caller)]

        return await self._acts.perform("declare_overdue", party, request, build)

    async def split(
        self, party: int, splits: Sequence[Split], request: Request | None = None, *, check: bool = True
    ) -> Sequence[Operation]:
        """The holder passes value on, one tier deeper, each portion with the trade under it."""
        structs = [
            {
                "note": s.note,
                "portions": [{"to": p.to, "amount": p.amount, "tradeHash": p.trade_hash} for p in s.portions],
            }
            for s in splits
        ]
        return await self._perform("split", party, structs, request, check)

    async def consent(
        self,
        party: int,
        offeror: int,
        currency: int,
        amount: int,
        latest_due_day: int,
        expiry_day: int,
        request: Request | None = None,
    ) -> Sequence[Operation]:
        """Standing consent: what `offeror` passes to `party` is accepted at once, within limits. Amount 0 revokes."""

        async def build() -> Sequence[Call]:
            args = (offeror, currency, amount, latest_due_day, expiry_day)
            return [Call(Contract.NOTES, "setConsent", args, await self._acts.account_of(party, ACT))]

        return await self._acts.perform("consent", party, request, build)

    async def _perform(
        self, function: str, party: int, argument: object, request: Request | None, check: bool = True
    ) -> Sequence[Operation]:
        async def build() -> Sequence[Call]:
            return [Call(Contract.NOTES, function, (argument,), await self._acts.account_of(party, ACT))]

        return await self._acts.perform(function, party, request, build, check=check)
