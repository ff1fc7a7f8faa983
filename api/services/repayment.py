"""Repayment: the debtor, or anyone for it, pays every holder directly; and the deposits it is paid with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from api.domain.calendar import day_of_time
from api.domain.errors import NotFound, RuleBroken
from api.domain.interest import overdue_down
from api.domain.operations import Call, Contract, Operation
from api.domain.status import IN_FULL
from api.domain.views import ReceivableView
from api.services.acts import ACT, OPERATOR, SETTLE, Request, UseCases

REPAYMENT_BATCH = 100
"""Notes per transaction: about 2.5 million gas."""

UNLIMITED = 2**256 - 1


class Repayment(UseCases):
    """What falls due, and paying it."""

    async def owed(self, notes: Sequence[int]) -> int:
        """What paying these notes takes today, minor units: face and overdue interest (none from a tender's day on)."""
        today = day_of_time((await self._acts.chain.head()).time)
        found = await self._acts.ledger.notes_by_id(notes)
        receivables = await self._receivables({note.receivable for note in found})
        total = 0
        for note in found:
            receivable = receivables[note.receivable]
            late = max((note.tender_day or today) - receivable.due_day, 0)
            total += note.value + overdue_down(note.value, receivable.overdue_rate_bps, late)
        return total

    async def repay(
        self,
        party: int,
        notes: Sequence[int],
        request: Request | None = None,
        *,
        max_total: int | None = None,
        check: bool = True,
    ) -> Sequence[Operation]:
        """Pays notes in full from the party's settlement account, in batches of one currency each.

        `max_total` bounds what is paid in all (RuleBroken("TotalExceeded")); without it each batch may cost what it
        costs today.
        """

        async def build() -> Sequence[Call]:
            view = await self._acts.ledger.party(party)
            if view is None:
                raise NotFound("UnknownParty", party=party)
            account = await self._acts.account_of(party, ACT)
            batches = await self._batches(notes)
            limits = _limits([await self.owed(batch) for batch in batches], max_total)
            payer = view.settlement_account
            return [
                Call(Contract.REPAYMENT, "repay", (batch, payer, limit), account)
                for batch, limit in zip(batches, limits, strict=True)
            ]

        return await self._acts.perform("repay", party, request, build, check=check)

    async def schedule(self, debtor: int) -> Mapping[int, Sequence[int]]:
        """What falls due when: due day → the debtor's receivables that are not settled."""
        days: dict[int, list[int]] = {}
        for status in ("outstanding", "overdue"):
            cursor: str | None = None
            while True:
                page = await self._acts.ledger.receivables(debtor=debtor, status=status, cursor=cursor, limit=1000)
                for receivable in page.items:
                    days.setdefault(receivable.due_day, []).append(receivable.id)
                if (cursor := page.next) is None:
                    break
        return days

    async def notes_due(self, debtor: int, until_day: int) -> Sequence[int]:
        """Notes with value left of the debtor's receivables that are due on or before `until_day`, ascending."""
        schedule = await self.schedule(debtor)
        due = [receivable for day, some in schedule.items() if day <= until_day for receivable in some]
        return await self._acts.ledger.live_notes(due)

    async def notes_of(self, receivables: Sequence[int]) -> Sequence[int]:
        """Notes with value left of these receivables. NotFound("UnknownReceivable") names the first that is not there."""
        missing = set(receivables) - set(await self._receivables(set(receivables)))
        if missing:
            raise NotFound("UnknownReceivable", receivable=min(missing))
        return await self._acts.ledger.live_notes(receivables)

    async def _batches(self, notes: Sequence[int]) -> list[list[int]]:
        """Notes by currency, as many as fit a transaction. What is overdue is paid in full in one call, so its notes stay
        together. Unknown notes stay in, for the chain to refuse by name."""
        found = {note.id: note.receivable for note in await self._acts.ledger.notes_by_id(notes)}
        receivables = await self._receivables(set(found.values()))
        groups: dict[int, dict[tuple[str, int], list[int]]] = {}
        for note in notes:
            view = receivables[found[note]] if note in found else None
            together = ("receivable", view.id) if view is not None and view.flags & IN_FULL else ("note", note)
            group = groups.setdefault(view.currency.id if view is not None else 0, {})
            group.setdefault(together, []).append(note)
        return [batch for group in groups.values() for batch in _packed(list(group.values()))]

    async def _receivables(self, ids: Set[int]) -> Mapping[int, ReceivableView]:
        return {r.id: r for r in await self._acts.ledger.receivables_by_id(sorted(ids))}


def _packed(units: Sequence[list[int]]) -> list[list[int]]:
    """Units side by side while they fit a transaction; none is parted."""
    batches: list[list[int]] = []
    for unit in units:
        if batches and len(batches[-1]) + len(unit) <= REPAYMENT_BATCH:
            batches[-1] += unit
        else:
            batches.append(list(unit))
    return batches


def _limits(owed: Sequence[int], max_total: int | None) -> list[int]:
    """Most that each batch may cost: what it costs today, the first also what `max_total` leaves above the sum."""
    if max_total is None or not owed:
        return list(owed)
    if (total := sum(owed)) > max_total:
        raise RuleBroken("TotalExceeded", total=total, maxTotal=max_total)
    return [owed[0] + max_total - total, *owed[1:]]


class Deposits(UseCases):
    """Deposit tokens: issuing by the bank (test and demo money), and letting a desk draw on an account."""

    async def issue(self, token: str, to: str, amount: int, request: Request | None = None) -> Sequence[Operation]:
        """The bank books a deposit of `amount` minor units."""

        async def build() -> Sequence[Call]:
            return [Call(Contract.TOKEN, "mint", (to, amount), self._acts.operator, at=token)]

        return await self._acts.perform("issue_deposit", OPERATOR, request, build)

    async def approve(
        self, party: int, token: str, desk: Contract, amount: int = UNLIMITED, request: Request | None = None
    ) -> Sequence[Operation]:
        """Lets a desk draw up to `amount` minor units from the party's settlement account."""

        async def build() -> Sequence[Call]:
            spender = self._acts.chain.addresses[desk]
            account = await self._acts.account_of(party, SETTLE)
            return [Call(Contract.TOKEN, "approve", (spender, amount), account, at=token)]

        return await self._acts.perform("approve", party, request, build)

    async def balance(self, token: str, account: str) -> int:
        """Minor units on an account."""
        return int(await self._acts.chain.call(Contract.TOKEN, "balanceOf", account, at=token))

    async def allowance(self, token: str, account: str, desk: Contract) -> int:
        """Minor units that a desk may still draw from an account."""
        return int(
            await self._acts.chain.call(
                Contract.TOKEN, "allowance", account, self._acts.chain.addresses[desk], at=token
            )
        )
