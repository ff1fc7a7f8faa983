"""One sender per account: what is queued is signed once, kept, sent and followed until the chain has answered.

Nothing is sent that is not stored first, and what is stored is never signed again: after a crash the same bytes go out.
So no operation is lost and none is done twice, whenever the process dies."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import anyio
import structlog

from api.domain.errors import InvalidInput, RuleBroken, Unavailable
from api.domain.ports import SignedTransaction
from api.domain.sending import Bell, Courier, Ending, Outbox, Queued, Receipt, Submitted
from api.domain.tracing import UNTRACED, Tracer
from api.worker.endings import mined, record, refused
from api.worker.rescue import Rescue
from api.worker.settling import Settling
from api.worker.steps import Steps
from api.worker.under_way import Entry, UnderWay

_FIRST_POLL_S, _LONGEST_POLL_S = 0.004, 0.5
_IDLE_S = 0.25
_RESEND_S = 2.0
_LONGEST_RETRY_S = 2.0
_FOLLOWED_AT_ONCE = 500
_KEY_RULES = frozenset({"KeyUnavailable", "KeyfileLocked", "PasswordFileMissing", "PasswordFileOpen", "ChainRefuses"})

log = structlog.get_logger("worker")


@dataclass(frozen=True, slots=True)
class Pace:
    """How much at once, and how long to look back (blocks)."""

    batch: int = 400
    in_flight: int = 1000
    confirmations: int = 0
    finality_depth: int = 0
    lease_s: float = 10.0
    stuck_s: float = 60.0


@dataclass(slots=True)
class _Clock:
    """When what is due next (monotonic seconds)."""

    adopt: float = 0.0
    poll: float = field(default=_FIRST_POLL_S)


class Worker:
    """Carries operations out until told to stop."""

    def __init__(self, outbox: Outbox, courier: Courier, bell: Bell, pace: Pace, tracer: Tracer = UNTRACED) -> None:
        self._outbox = outbox
        self._courier = courier
        self._bell = bell
        self._pace = pace
        self._steps = Steps(tracer)
        self._rescue = Rescue(outbox, courier, pace.stuck_s)
        self._settling = Settling(outbox, courier, pace.finality_depth)
        self._under_way = UnderWay()
        self._ready: list[Submitted] = []
        """Signed and stored, not yet sent."""
        self._nonces: dict[str, int] = {}
        self._next = _Clock()
        self._look = True
        """Whether there may be something queued that can be taken."""

    async def run(self, stop: anyio.Event) -> None:
        """Until `stop` is set; what is under way stays stored for the next run. Leases are given back."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._keep_leases)
            retry_s = _FIRST_POLL_S
            while not stop.is_set():
                try:
                    busy = await self.step()
                    retry_s = _FIRST_POLL_S
                    if not busy:
                        self._look |= await self._bell.wait(self._next.poll if self._under_way else _IDLE_S)
                except Unavailable as error:
                    log.warning("out of reach, trying again", rule=error.rule, **error.evidence)
                    retry_s = min(retry_s * 2, _LONGEST_RETRY_S)
                    await anyio.sleep(retry_s)
            tasks.cancel_scope.cancel()
        with suppress(Unavailable):  # they run out by themselves
            await self._outbox.release()

    async def _keep_leases(self) -> None:
        while True:
            await anyio.sleep(self._pace.lease_s / 3)
            try:
                await self._outbox.renew()
            except Unavailable as error:
                # Without a lease nothing is signed: what is not renewed in time is taken again, or by another worker.
                log.warning("leases were not renewed", rule=error.rule, **error.evidence)

    async def step(self) -> bool:
        """One round: while what was signed in the last one is sent and followed, the next is signed. True when something
        happened."""
        await self._adopt()
        ready, self._ready = self._ready, []
        self._under_way.add(ready)
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._sign_queued)
                await self._broadcast(ready)
                ended = await self._follow()
        except BaseExceptionGroup as errors:
            # What was stored meanwhile is found again in the outbox.
            self._next.adopt = 0.0
            self._nonces.clear()
            raise _first(errors) from errors
        await self._reopen()
        busy = bool(ready or self._ready or ended)
        self._next.poll = _FIRST_POLL_S if busy else min(self._next.poll * 2, _LONGEST_POLL_S)
        return busy

    async def _adopt(self) -> None:
        """Takes over what was signed by an earlier run, or by a worker that died."""
        if time.monotonic() < self._next.adopt:
            return
        self._next.adopt = time.monotonic() + self._pace.lease_s
        self._look = True
        known = self._under_way.seqs() | {o.seq for o in self._ready}
        left = await self._outbox.submitted(known)
        if left:
            log.info("resuming", operations=len(left))
            self._under_way.add(left)

    # -- sending

    async def _sign_queued(self) -> None:
        """Takes what is queued, signs it and stores it."""
        if not self._look:
            return
        self._look = False
        queued = await self._outbox.take(self._pace.batch, self._pace.in_flight)
        if not queued:
            return
        self._look = True
        await self._learn_nonces(queued)
        nonces = dict(self._nonces)
        signed: list[Submitted] = []
        refused: list[Ending] = []
        for operation in queued:
            began = time.monotonic()
            ready = await self._sign(operation, nonces)
            if isinstance(ready, Ending):
                refused.append(ready)
            else:
                outside = operation.signed is not None
                known = (operation.seq, operation.id, operation.kind, operation.call)
                signed.append(Submitted(*known, ready, (), outside, operation.trace))
                self._steps.signed(signed[-1], began)
                log.info("signed", operation=operation.id, request_id=operation.request_id, tx_hash=ready.tx_hash)
                nonces[ready.account] = max(nonces.get(ready.account, 0), ready.nonce + 1)
        if refused:
            await self._outbox.end(refused)
        if signed:
            if not await self._outbox.record_signed([(s.seq, s.transaction) for s in signed]):
                log.warning("a lease was lost; nothing was sent")
                self._nonces.clear()
                return
            self._nonces, self._ready = nonces, signed

    async def _learn_nonces(self, queued: Sequence[Queued]) -> None:
        """The first nonce of accounts new to this run: above what the chain has, and above all that was ever signed."""
        new = [a for a in dict.fromkeys(q.call.account for q in queued) if a not in self._nonces]
        if new:
            on_chain, stored = await self._courier.nonces(new), await self._outbox.next_nonces(new)
            self._nonces |= {a: max(on_chain[a], stored.get(a, 0)) for a in new}

    async def _sign(self, operation: Queued, nonces: Mapping[str, int]) -> SignedTransaction | Ending:
        """The signed transaction, or the ending of an operation that can never be one."""
        if operation.signed is not None:
            return operation.signed
        try:
            return await self._courier.prepare(operation.call, nonces[operation.call.account])
        except (RuleBroken, InvalidInput) as error:
            return refused(operation, error)
        except Unavailable as error:
            if error.rule not in _KEY_RULES:
                raise
            return refused(operation, error)

    async def _broadcast(self, operations: Sequence[Submitted]) -> None:
        for start in range(0, len(operations), self._pace.batch):
            part = operations[start : start + self._pace.batch]
            began = time.monotonic()
            refusals = await self._courier.broadcast([o.latest for o in part])
            now = time.monotonic()
            self._steps.sent(part, began)
            for operation, refusal in zip(part, refusals, strict=True):
                entry = self._under_way.entry(operation.seq)
                entry.sent_at = now
                if refusal is not None:
                    await self._refused_by_node(entry, refusal)

    async def _refused_by_node(self, entry: Entry, refusal: str) -> None:
        """The node will not take it, for now: a used nonce is looked into, what can never be mined is given up, everything
        else is tried again."""
        operation = entry.operation
        if self._courier.nonce_is_used(refusal):
            if entry.nonce_refused:
                await self._look_into_nonce(operation)
            entry.nonce_refused = True
            return
        error = {"rule": "ChainRefuses", "evidence": {"message": refusal}}
        log.warning("refused by the node", operation=operation.id, message=refusal)
        hopeless = self._courier.never_fits(refusal) and not operation.given_up and not operation.signed_outside
        if hopeless and await self._rescue.fill(self._under_way, entry, error):
            return
        await self._outbox.warn(operation.seq, error)

    async def _look_into_nonce(self, operation: Submitted) -> None:
        """Twice refused for its nonce: when another transaction has it for good, this one can never be mined."""
        account, nonce = operation.transaction.account, operation.transaction.nonce
        settled = await self._courier.height() - self._pace.finality_depth
        used = await self._courier.used_nonces([account], max(settled, 0))
        receipts = await self._courier.receipts(list(self._under_way.entry(operation.seq).hashes()))
        if used[account] > nonce and not any(receipts):
            log.error("another transaction has its nonce", operation=operation.id, nonce=nonce)
            evidence = {"account": account, "nonce": nonce}
            await self._outbox.end([Ending(operation.seq, False, error={"rule": "NonceTaken", "evidence": evidence})])
            self._under_way.remove(operation.seq)
            self._nonces.pop(account, None)

    # -- following

    async def _follow(self) -> bool:
        """Sees which transactions were mined. True when one was."""
        if not len(self._under_way):
            return False
        looked_at = {e.operation.seq: list(e.hashes()) for e in self._under_way.next(_FOLLOWED_AT_ONCE)}
        hashes = [h for some in looked_at.values() for h in some]
        receipts = [r for r in await self._courier.receipts(hashes) if r is not None]
        missing = set(looked_at) - {self._under_way.of_hash(r.tx_hash).operation.seq for r in receipts}
        if receipts and self._pace.confirmations:
            deepest = await self._courier.height() - self._pace.confirmations
            receipts = [r for r in receipts if r.block <= deepest]
        if receipts:
            await self._outbox.end([await self._ending(r) for r in receipts])
            for receipt in receipts:
                entry = self._under_way.of_hash(receipt.tx_hash)
                self._steps.mined(entry, receipt)
                self._under_way.remove(entry.operation.seq)
            self._look = True
        if missing:
            await self._courier.mine(left=not receipts)
            await self._resend(missing)
        return bool(receipts)

    async def _ending(self, receipt: Receipt) -> Ending:
        operation = self._under_way.of_hash(receipt.tx_hash).operation
        error: Mapping[str, Any] | None = None
        fills = {r.transaction.tx_hash: r.error for r in operation.replacements}
        if not receipt.ok:
            error = record(await self._courier.failure(receipt))
        elif fills.get(receipt.tx_hash) is not None:
            error = fills[receipt.tx_hash]
        if error is not None:
            log.info("failed", operation=operation.id, kind=operation.kind, rule=error["rule"])
        return mined(operation, receipt, error, final=self._pace.finality_depth == 0)

    async def _resend(self, missing: Collection[int]) -> None:
        """The same bytes again for what the node has forgotten, or never got; never for what it has, or what is mined. What
        has been passed over for long is outbid first."""
        await self._rescue.replace_stuck(self._under_way, missing)
        waiting = self._under_way.silent(missing, time.monotonic() - _RESEND_S)
        if not waiting:
            return
        unknown = await self._courier.unknown([e.operation.latest.tx_hash for e in waiting])
        now = time.monotonic()
        for entry in waiting:
            entry.sent_at = now
        lost = [e.operation for e in waiting if e.operation.latest.tx_hash in unknown]
        if lost:
            await self._broadcast(lost)

    async def _reopen(self) -> None:
        """Follows again what was mined in blocks that are no more."""
        lost = await self._settling.settle()
        if lost:
            self._under_way.add(lost)
            self._nonces.clear()


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first error within."""
    inner = errors.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner
