"""How every act reaches the chain: tried first, put into the outbox, followed by whoever asked."""

from __future__ import annotations

import copy
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from api.domain.administration import may_wait
from api.domain.errors import CascadeError, Conflict, NotFound, RuleBroken, Unavailable
from api.domain.operations import Call, Contract, Operation, OperationStatus
from api.domain.origin import REQUEST_ID, TRACE
from api.domain.ports import Chain, OperationBox, ReadModel, Signer
from api.domain.tracing import UNTRACED, Tracer

OPERATOR = 0
"""The acting "party" of administration: the network operator."""

ACT, QUOTE, ADMINISTER, SETTLE = 1, 2, 4, 8
"""Bits of Rights.sol."""


@dataclass(frozen=True, slots=True)
class Request:
    """What makes a retry the same request: the client's key and the hash of what it sent. Keys are each party's own:
    `owner` keeps one party's from meeting another's."""

    key: str
    body_hash: str
    owner: str = ""

    @property
    def mark(self) -> str:
        """The key among those of all."""
        return f"{self.owner}{self.key}"


class Acts:
    """Finds the account that acts for a party, and carries calls to the outbox."""

    word_s = 3_600
    """Seconds that the words of others which an act needs (the registrar's) hold."""

    def __init__(
        self,
        chain: Chain,
        box: OperationBox,
        signer: Signer,
        ledger: ReadModel,
        operator: str,
        tracer: Tracer = UNTRACED,
    ) -> None:
        self.chain = chain
        self.box = box
        self.signer = signer
        self.ledger = ledger
        self.operator = operator
        self.tracer = tracer

    async def account_of(self, party: int, right: int) -> str:
        """An account of `party` with `right` whose key is at hand.

        NotFound("UnknownParty"), Unavailable("NoSigningAccount") when the keys are elsewhere.
        """
        if party == OPERATOR:
            return self.operator
        view = await self.ledger.party(party)
        if view is None:
            raise NotFound("UnknownParty", party=party)
        for account in view.accounts:
            if account.rights & right and self.signer.can_sign(account.address):
                return account.address
        raise Unavailable("NoSigningAccount", party=party, right=right)

    async def perform(
        self,
        kind: str,
        party: int,
        request: Request | None,
        build: Callable[[], Awaitable[Sequence[Call]]],
        *,
        check: bool = True,
        keep: Callable[[], Awaitable[None]] | None = None,
    ) -> Sequence[Operation]:
        """Puts the calls that `build` makes into the outbox, all or none.

        A request whose key is known is answered with what it became the first time. With `check`, each call is tried on
        the chain's head first, and RuleBroken names the rule that refuses: nothing is stored then. `keep` stores what
        stays off the chain, just before.
        """
        with self.tracer.step("act", {"cascade.kind": kind}):
            if request is not None and (known := await self.known(request)):
                return known
            calls = await build()
            if party == OPERATOR:
                calls = [await self._in_time(call) for call in calls]
                kind = next(filter(None, map(operators_kind, calls)), kind)
            if check:
                for call in calls:
                    await self.chain.simulate(call)
            if keep is not None:
                await keep()
            return await self._hand_over(kind, party, calls, request)

    async def _in_time(self, call: Call) -> Call:
        """An act of the operator's; where its role has a delay on the chain, what announces it."""
        if not may_wait(call):
            return call
        to, data = self.chain.encoded(call)
        at_once, delay = await self.chain.call(Contract.AUTHORITY, "canCall", call.account, to, data[:10])
        return call if at_once or not delay else Call(Contract.AUTHORITY, "schedule", (to, data, 0), call.account)

    async def _hand_over(
        self, kind: str, party: int, calls: Sequence[Call], request: Request | None
    ) -> Sequence[Operation]:
        return await self.store([new_operation(kind, party, call, request, i) for i, call in enumerate(calls)])

    async def store(self, operations: Sequence[Operation]) -> Sequence[Operation]:
        """Puts operations into the outbox, all or none; what worker and indexer do for them belongs to this step."""
        with self.tracer.step("store", {"cascade.operations": len(operations)}):
            trace = TRACE.get()
            return await self.box.put([replace(o, trace=trace) for o in operations] if trace else operations)

    async def finish(self, operations: Sequence[Operation], timeout: float = 600.0) -> Sequence[Operation]:
        """Waits until each is confirmed and its block indexed. RuleBroken for the first that failed."""
        if not operations:
            return ()
        done = await self.box.wait([o.id for o in operations], timeout)
        for operation in done:
            if operation.status is OperationStatus.FAILED:
                raise failure(operation)
            if operation.status is not OperationStatus.CONFIRMED:
                raise Unavailable("OperationPending", operation=operation.id, status=operation.status.value)
        await self.indexed(done, timeout)
        return done

    async def indexed(self, operations: Sequence[Operation], timeout: float = 600.0) -> None:
        """Waits until the read model has the blocks of confirmed operations."""
        last = max((o.block or 0 for o in operations), default=0)
        if not await self.ledger.wait_for(last, timeout):
            raise Unavailable("IndexBehind", block=last)

    async def known(self, request: Request) -> Sequence[Operation]:
        """What a request became when it came before; Conflict("IdempotencyKeyReused") when it said something else."""
        found: list[Operation] = []
        while operation := await self.box.find(_key(request, len(found))):
            if operation.request_hash != request.body_hash:
                raise Conflict("IdempotencyKeyReused", key=request.key)
            found.append(operation)
        return found


class UseCases:
    """A family of acts. `over` tells the same stories over other Acts (see api.services.outside)."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def over(self, acts: Acts) -> Self:
        clone = copy.copy(self)
        clone._acts = acts
        return clone


def new_operation(kind: str, party: int, call: Call, request: Request | None, index: int) -> Operation:
    """The `index`-th operation of a request, not yet stored."""
    now = int(time.time())
    return Operation(
        id=uuid.uuid4().hex,
        kind=kind,
        party=party,
        call=call,
        status=OperationStatus.QUEUED,
        idempotency_key=None if request is None else _key(request, index),
        request_hash=None if request is None else request.body_hash,
        request_id=REQUEST_ID.get(),
        created_at=now,
        updated_at=now,
    )


_OPERATORS: Mapping[tuple[Contract, str], str] = {
    (Contract.ISSUANCE, "setPolicy"): "set_policy",
    (Contract.REGISTRY, "announceRecovery"): "announce_recovery",
    (Contract.AUTHORITY, "schedule"): "announce_change",
    (Contract.AUTHORITY, "execute"): "execute_change",
    (Contract.AUTHORITY, "cancel"): "cancel_change",
}


def operators_kind(call: Call) -> str | None:
    """The kind of an operation that changes the rules of the network, or announces an act of the operator's; None for any
    other."""
    if (call.contract, call.function) == (Contract.NOTES, "setPaused"):
        return "pause" if call.args[0] else "resume"
    return _OPERATORS.get((call.contract, call.function))


def failure(operation: Operation) -> CascadeError:
    """The named error a failed operation ended with."""
    error = operation.error or {"rule": "TransactionFailed", "evidence": {}}
    return RuleBroken(str(error["rule"]), **dict(error.get("evidence", {})))


def _key(request: Request, index: int) -> str:
    return request.mark if index == 0 else f"{request.mark}#{index}"
