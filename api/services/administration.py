"""What the operator sets for the whole network: the policy, and the pause. Where its role has a delay on the chain, what it
asks for is announced first, and then carried out or called off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.domain.administration import Change, Policy
from api.domain.errors import InvalidInput, NotFound
from api.domain.operations import Call, Contract, Operation
from api.services.acts import OPERATOR, Request, UseCases, operators_kind


class Administration(UseCases):
    """The rules in force, the changes announced, and the operator's acts on them."""

    async def policy(self) -> tuple[int, Policy]:
        """Its number and terms, read from the chain."""
        number, terms = await self._acts.chain.call(Contract.ISSUANCE, "policy")
        return number, Policy.of(terms)

    async def paused(self) -> bool:
        """Whether new issues, splits and sales are stopped, read from the chain."""
        return bool(await self._acts.chain.call(Contract.NOTES, "isPaused"))

    async def changes(self) -> Sequence[Change]:
        """What is announced, and neither carried out, called off nor expired; the oldest first."""
        open_: dict[str, Change] = {}
        for entry in await self._acts.ledger.administration():
            told = entry.args
            open_.pop(told["operationId"], None)
            if entry.name == "OperationScheduled":
                open_[told["operationId"]] = self._change(told)
        now = (await self._acts.chain.head()).time
        return [change for change in open_.values() if change.status_at(now)]

    async def set_policy(self, policy: Policy, request: Request | None = None) -> Sequence[Operation]:
        """For debts confirmed from then on."""
        call = Call(Contract.ISSUANCE, "setPolicy", (policy.terms,), self._acts.operator)
        return await self._operate(call, request)

    async def set_paused(self, paused: bool, request: Request | None = None) -> Sequence[Operation]:
        """Stops new issues, splits and sales, or lets them go on; acceptance, refusal and repayment are never stopped."""
        call = Call(Contract.NOTES, "setPaused", (paused,), self._acts.operator)
        return await self._operate(call, request)

    async def execute(self, change: str, request: Request | None = None) -> Sequence[Operation]:
        """Carries out what was announced. NotFound("UnknownChange"); the chain refuses what is not ready."""
        found = await self._find(change)
        call = Call(Contract.AUTHORITY, "execute", (found.target, found.data), self._acts.operator)
        return await self._operate(call, request)

    async def cancel(self, change: str, request: Request | None = None) -> Sequence[Operation]:
        """Calls off what was announced. NotFound("UnknownChange")."""
        found = await self._find(change)
        args = (found.announced_by, found.target, found.data)
        return await self._operate(Call(Contract.AUTHORITY, "cancel", args, self._acts.operator), request)

    async def _find(self, change: str) -> Change:
        found = next((one for one in await self.changes() if one.id == change), None)
        if found is None:
            raise NotFound("UnknownChange", change=change)
        return found

    def _change(self, told: Mapping[str, Any]) -> Change:
        by, target, data = told["caller"], told["target"], told["data"]
        try:
            call = self._acts.chain.decoded(by, target, data)
        except InvalidInput:
            call = None
        return Change(told["operationId"], call, target, data, by, int(told["schedule"]))

    async def _operate(self, call: Call, request: Request | None) -> Sequence[Operation]:
        async def build() -> Sequence[Call]:
            return [call]

        return await self._acts.perform(operators_kind(call) or "", OPERATOR, request, build)
