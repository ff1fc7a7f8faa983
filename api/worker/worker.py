"""One sender per account: what is queued is signed once, kept, sent and followed until the chain has answered.

Nothing is sent that is not stored first, and what is stored is never signed again: after a crash the same bytes go out.
So no operation is lost and none is done twice, whenever the process dies."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import anyio
import structlog

from api.domain.errors import InvalidInput, RuleBroken, Unavailable
from api.domain.ports import SignedTransaction
from api.domain.sending import Bell, Courier, Ending, Mined, Outbox, Queued, Receipt, Submitted
from api.worker.endings import record, refused, settled

_FIRST_POLL_S, _LONGEST_POLL_S = 0.004, 0.5
_IDLE_S = 0.25
_RESEND_S = 2.0
_SETTLE_S = 1.0
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


@dataclass(slots=True)
class _UnderWay:
    """A signed operation that has not ended."""

    operation: Submitted
    sent_at: float = float("-inf")
    nonce_refused: bool = False


@dataclass(slots=True)
class _Clock:
    """When what is due next (monotonic seconds)."""

    adopt: float = 0.0
    settle: float = 0.0
    poll: float = field(default=_FIRST_POLL_S)


class Worker:
    """Carries operations out until told to stop."""

    def __init__(self, outbox: Outbox, courier: Courier, bell: Bell, pace: Pace) -> None:
        self._outbox = outbox
        self._courier = courier
        self._bell = bell
        self._pace = pace
        self._under_way: dict[str, _UnderWay] = {}
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
        await self._outbox.release()

    async def _keep_leases(self) -> None:
        while True:
            await anyio.sleep(self._pace.lease_s / 3)
            await self._outbox.renew()

    async def step(self) -> bool:
        """One round: while what was signed in the last one is sent and followed, the next is signed. True when something
        happened."""
        await self._adopt()
        ready, self._ready = self._ready, []
        self._watch(ready)
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
        await self._settle()
        busy = bool(ready or self._ready or ended)
        self._next.poll = _FIRST_POLL_S if busy else min(self._next.poll * 2, _LONGEST_POLL_S)
        return busy

    async def _adopt(self) -> None:
        """Takes over what was signed by an earlier run, or by a worker that died."""
        if time.monotonic() < self._next.adopt:
            return
        self._next.adopt = time.monotonic() + self._pace.lease_s
        self._look = True
        known = {u.operation.seq for u in self._under_way.values()} | {o.seq for o in self._ready}
        left = await self._outbox.submitted(known)
        if left:
            log.info("resuming", operations=len(left))
            self._watch(left)

    def _watch(self, operations: Sequence[Submitted]) -> None:
        for operation in operations:
            self._under_way[operation.transaction.tx_hash] = _UnderWay(operation)

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
            ready = await self._sign(operation, nonces)
            if isinstance(ready, Ending):
                refused.append(ready)
            else:
                signed.append(Submitted(operation.seq, operation.id, operation.kind, ready))
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
            refusals = await self._courier.broadcast([o.transaction for o in part])
            now = time.monotonic()
            for operation, refusal in zip(part, refusals, strict=True):
                entry = self._under_way[operation.transaction.tx_hash]
                entry.sent_at = now
                if refusal is not None:
                    await self._refused_by_node(entry, refusal)

    async def _refused_by_node(self, entry: _UnderWay, refusal: str) -> None:
        """The node will not take it, for now: a used nonce is looked into, everything else is tried again."""
        operation = entry.operation
        if self._courier.nonce_is_used(refusal):
            if entry.nonce_refused:
                await self._look_into_nonce(operation)
            entry.nonce_refused = True
            return
        log.warning("refused by the node, trying again", operation=operation.id, message=refusal)
        await self._outbox.warn(operation.seq, {"rule": "ChainRefuses", "evidence": {"message": refusal}})

    async def _look_into_nonce(self, operation: Submitted) -> None:
        """Twice refused for its nonce: when another transaction has it for good, this one can never be mined."""
        transaction = operation.transaction
        settled = await self._courier.height() - self._pace.finality_depth
        used = await self._courier.used_nonces([transaction.account], max(settled, 0))
        (receipt,) = await self._courier.receipts([transaction.tx_hash])
        if receipt is None and used[transaction.account] > transaction.nonce:
            log.error("another transaction has its nonce", operation=operation.id, nonce=transaction.nonce)
            evidence = {"account": transaction.account, "nonce": transaction.nonce}
            await self._outbox.end([Ending(operation.seq, False, error={"rule": "NonceTaken", "evidence": evidence})])
            del self._under_way[transaction.tx_hash]
            self._nonces.pop(transaction.account, None)

    # -- following

    async def _follow(self) -> bool:
        """Sees which transactions were mined. True when one was."""
        if not self._under_way:
            return False
        hashes = list(self._under_way)[:_FOLLOWED_AT_ONCE]
        receipts = [r for r in await self._courier.receipts(hashes) if r is not None]
        missing = set(hashes) - {r.tx_hash for r in receipts}
        if receipts and self._pace.confirmations:
            deepest = await self._courier.height() - self._pace.confirmations
            receipts = [r for r in receipts if r.block <= deepest]
        if receipts:
            await self._outbox.end([await self._ending(r) for r in receipts])
            for receipt in receipts:
                del self._under_way[receipt.tx_hash]
            self._look = True
        if missing:
            await self._courier.mine(left=not receipts)
            await self._resend(missing)
        return bool(receipts)

    async def _ending(self, receipt: Receipt) -> Ending:
        operation = self._under_way[receipt.tx_hash].operation
        final = self._pace.finality_depth == 0
        error: RuleBroken | None = None
        if not receipt.ok:
            error = await self._courier.failure(receipt)
            log.info("refused by a contract", operation=operation.id, kind=operation.kind, rule=error.rule)
        return Ending(
            operation.seq,
            receipt.ok,
            block=receipt.block,
            block_hash=receipt.block_hash,
            gas_used=receipt.gas_used,
            error=None if error is None else record(error),
            final=final,
        )

    async def _resend(self, missing: Collection[str]) -> None:
        """The same bytes again for what the node may have forgotten, or never got; never for what is mined."""
        before = time.monotonic() - _RESEND_S
        waiting = [u.operation for h, u in self._under_way.items() if h in missing and u.sent_at < before]
        if waiting:
            await self._broadcast(waiting)

    # -- settling

    async def _settle(self) -> None:
        """Looks again at confirmed operations until they are as deep as asked; a replaced block reopens them."""
        if not self._pace.finality_depth or time.monotonic() < self._next.settle:
            return
        self._next.settle = time.monotonic() + _SETTLE_S
        mined = await self._outbox.unsettled(_FOLLOWED_AT_ONCE)
        if not mined:
            return
        deep = await self._courier.height() - self._pace.finality_depth
        hashes = await self._courier.block_hashes(sorted({m.block for m in mined}))
        kept = [m for m in mined if hashes.get(m.block) == m.block_hash]
        final = [settled(m) for m in kept if m.block <= deep]
        if final:
            await self._outbox.end(final)
        await self._reopen([m for m in mined if hashes.get(m.block) != m.block_hash])

    async def _reopen(self, lost: Sequence[Mined]) -> None:
        if not lost:
            return
        log.warning("blocks were replaced", operations=len(lost))
        await self._outbox.reopen([m.seq for m in lost])
        self._watch([Submitted(m.seq, m.id, m.kind, m.transaction) for m in lost])


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first error within."""
    inner = errors.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner
