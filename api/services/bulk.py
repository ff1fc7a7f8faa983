"""Bulk confirmation: thousands of rows as one job, in batch transactions, each row with an end of its own.

A row that cannot be confirmed is refused by name, and stops no other: a batch that a contract would refuse is halved until
the row is alone that it refuses. Every step is kept before the next, so whoever takes the job up again after a crash goes
on where it stopped, and confirms nothing twice."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import anyio
import structlog

from api.domain.approvals import Approval, ApprovedRow
from api.domain.errors import CascadeError, Conflict, InvalidInput, NotFound, RuleBroken, Unavailable
from api.domain.jobs import Job, JobBook, JobRow, JobStatus, RowStatus
from api.domain.operations import OperationStatus
from api.domain.ports import ImportedItems
from api.domain.principal import Principal
from api.services.acts import ACT, Acts, Request, new_operation
from api.services.approvals import Approvals
from api.services.issuance import CONFIRMATION_BATCH, Confirmable, Issuance

CONFIRM = "confirm"
ROUND = 20 * CONFIRMATION_BATCH
"""Rows planned at once. The next round sees what the last one left on the chain: lines, claims."""
Ready = tuple[JobRow, Confirmable]
Refused = dict[int, Mapping[str, object]]
"""By position, each as {"rule", "evidence"}."""
_IDLE_S = 0.5
_LEASE_S = 30.0

log = structlog.get_logger("jobs")


class BulkConfirmation:
    """Takes jobs in, and carries them out, under leases in the name of `owner`, this process."""

    def __init__(
        self, acts: Acts, issuance: Issuance, items: ImportedItems, book: JobBook, owner: str, approvals: Approvals
    ) -> None:
        self._acts = acts
        self._issuance = issuance
        self._items = items
        self._book = book
        self._owner = owner
        self._approvals = approvals

    async def submit(
        self, who: Principal, party: int, rows: Sequence[tuple[int, int | None]], request: Request | None
    ) -> Job:
        """Keeps a job of (imported item, amount of it or None for the whole).

        Where nobody signs in, nothing is looked at yet but the party. Else the rows are planned: what cannot be confirmed is
        refused at once, and if the rest together needs two people the job waits for an approval of just these rows.
        """
        if request is not None and (known := await self._book.find(request.mark)):
            if known.request_hash != request.body_hash:
                raise Conflict("IdempotencyKeyReused", key=request.key)
            return known
        if await self._acts.ledger.party(party) is None:
            raise NotFound("UnknownParty", party=party)
        now = int(time.time())
        job = Job(
            id=uuid.uuid4().hex,
            kind=CONFIRM,
            party=party,
            status=JobStatus.RUNNING,
            counts={},
            idempotency_key=None if request is None else request.mark,
            request_hash=None if request is None else request.body_hash,
            created_at=now,
            updated_at=now,
        )
        kept = [JobRow(i, item, amount) for i, (item, amount) in enumerate(rows)]
        approval: Approval | None = None
        approved: Sequence[ApprovedRow] = ()
        if self._approvals.rule.required:
            refused, ready = await self._plan(party, kept)
            kept = [
                replace(row, status=RowStatus.REFUSED, error=refused[row.position]) if row.position in refused else row
                for row in kept
            ]
            ready.sort(key=lambda pair: pair[0].position)
            planned = [(row.position, one.currency.token, one.terms) for row, one in ready]
            approval, approved = await self._approvals.of_rows(who, party, planned)
        if approval is not None:
            await self._acts.account_of(party, ACT)  # nobody signs what no key at hand could send
            job = replace(job, status=JobStatus.AWAITING, approval=approval.id)
        job = replace(job, counts=Counter(row.status for row in kept))
        log.info("asked for", job=job.id, party=party, rows=len(kept), approval=job.approval)
        return await self._book.put(job, kept, approval, approved)

    async def run(self, stop: anyio.Event) -> None:
        """Carries out one job after the other until `stop` is set."""
        while not stop.is_set():
            try:
                await self._approvals.expire_jobs()
                job = await self._book.take(self._owner, _LEASE_S)
                while job is not None and not stop.is_set() and await self._book.renew(job.id, self._owner, _LEASE_S):
                    if not await self.step(job):
                        break
                    await self._approvals.expire_jobs()
            except Unavailable as error:
                log.warning("out of reach, trying again", rule=error.rule, **error.evidence)
            await anyio.sleep(_IDLE_S)

    async def step(self, job: Job) -> bool:
        """One round: sees how what was sent ended, then sends what waits. False once nothing is left."""
        sent = await self._book.sent(job.id)
        if sent:
            await self._settle(job, sent)
            return True
        waiting = await self._book.waiting(job.id, ROUND)
        if not waiting:
            await self._book.finish(job.id)
            log.info("done", job=job.id)
            return False
        await self._send(job, waiting)
        return True

    async def _settle(self, job: Job, sent: Sequence[JobRow]) -> None:
        """Waits for the operations of rows that were sent. One that failed is believed once its block is final: were it
        put right by another block, its rows would be sent twice."""
        for operation in dict.fromkeys(row.operation for row in sent if row.operation):
            if await self._acts.box.get(operation) is None:
                await self._book.give_back(job.id, operation)
                continue
            (ended,) = await self._acts.box.wait([operation], _LEASE_S / 3)
            if ended.status in (OperationStatus.QUEUED, OperationStatus.SUBMITTED):
                return
            if ended.status is OperationStatus.FAILED and not ended.final:
                await anyio.sleep(_IDLE_S)
                return
            if ended.status is not OperationStatus.FAILED:
                await self._acts.indexed([ended])
                await self._book.settle(job.id, operation, confirmed=True)
                continue
            rows = [row for row in sent if row.operation == operation]
            if len(rows) == 1:
                error = ended.error or {"rule": "TransactionFailed", "evidence": {}}
                await self._book.refuse(job.id, {rows[0].position: error})
            else:
                await self._book.settle(job.id, operation, confirmed=False)

    async def _send(self, job: Job, rows: Sequence[JobRow]) -> None:
        """Plans rows, refuses those that cannot be confirmed, and sends the others in batches."""
        refused, ready = await self._plan(job.party, rows)
        if job.approval is not None:
            changed, ready = await self._as_signed(job.approval, ready)
            refused |= changed
        if refused:
            await self._book.refuse(job.id, refused)
        for batch in _batches(ready):
            await self._send_batch(job, batch)

    async def _plan(self, party: int, rows: Sequence[JobRow]) -> tuple[Refused, list[Ready]]:
        """Which of these cannot be confirmed, by position; and the others."""
        items = await self._items.get(list({row.item for row in rows}))
        # Another buyer's item is as unknown as one that is not there.
        found = {item.id: item for item in items if item.buyer == party}
        refused: Refused = {
            r.position: _error(NotFound("UnknownItem", item=r.item)) for r in rows if r.item not in found
        }
        ready: list[Ready] = []
        # An item may stand in several rows, in parts; a plan takes each once.
        for turn in _turns([row for row in rows if row.item in found]):
            parts = {row.item: row.amount for row in turn if row.amount is not None}
            plan = await self._issuance.plan(party, [found[row.item] for row in turn], parts)
            of_item = {row.item: row for row in turn}
            refused |= {of_item[item.id].position: _error(error) for item, error in plan.refused}
            ready += [(of_item[one.item.id], one) for one in plan.ready]
        return refused, ready

    async def _as_signed(self, approval: str, ready: Sequence[Ready]) -> tuple[Refused, list[Ready]]:
        """Which of these are not any more what two people signed, by position; and the others, just as it was signed."""
        signed = {row.position: row for row in await self._approvals.rows(approval)}
        refused: Refused = {}
        same: list[Ready] = []
        for row, one in ready:
            if fields := _changed(one, signed.get(row.position)):
                refused[row.position] = _error(Conflict("ApprovedRowChanged", approval=approval, fields=fields))
            else:
                same.append((row, replace(one, terms=signed[row.position].terms)))
        return refused, same

    async def _send_batch(self, job: Job, batch: Sequence[Ready]) -> None:
        """Sends what the contract would take, and refuses the rows by which it would not."""
        try:
            (call,) = await self._issuance.calls(job.party, [one for _, one in batch])
            await self._acts.chain.simulate(call)
        except (RuleBroken, InvalidInput, Conflict) as error:
            if len(batch) == 1:
                await self._book.refuse(job.id, {batch[0][0].position: _error(error)})
                return
            middle = len(batch) // 2
            await self._send_batch(job, batch[:middle])
            await self._send_batch(job, batch[middle:])
            return
        operation = replace(new_operation(job.kind, job.party, call, None, 0), approval=job.approval)
        await self._book.assign(job.id, [row.position for row, _ in batch], operation.id)
        try:
            await self._acts.store([operation])
        except Conflict as error:  # the rule of two people
            await self._book.turn_away(job.id, operation.id, _error(error))


def _changed(one: Confirmable, signed: ApprovedRow | None) -> Sequence[str]:
    """In what a row is not what was signed. An invoice of tomorrow's date was signed as of the day of the asking, and is
    confirmed as of that day."""
    if signed is None:
        return ["position"]
    day = min(one.terms["deliveryDay"], signed.terms["deliveryDay"])
    now = {**one.terms, "deliveryDay": day, "currency": one.currency.token}
    then = {**signed.terms, "currency": signed.token}
    return [name for name in now if now[name] != then[name]]


def _turns(rows: Sequence[JobRow]) -> Sequence[Sequence[JobRow]]:
    """Rows such that no item stands twice in one turn."""
    turns: list[dict[int, JobRow]] = []
    for row in rows:
        turn = next((t for t in turns if row.item not in t), None)
        if turn is None:
            turns.append(turn := {})
        turn[row.item] = row
    return [list(turn.values()) for turn in turns]


def _batches(ready: Sequence[Ready]) -> Sequence[Sequence[Ready]]:
    """Batches of one currency each; rows that a batch failed with go in smaller ones, in the end alone."""
    groups: dict[tuple[int, int], list[Ready]] = {}
    for row, one in ready:
        size = (CONFIRMATION_BATCH, 7, 1)[min(row.failures, 2)]
        groups.setdefault((one.currency.id, size), []).append((row, one))
    return [g[i : i + size] for (_, size), g in groups.items() for i in range(0, len(g), size)]


def _error(error: CascadeError) -> dict[str, object]:
    return {"rule": error.rule, "evidence": dict(error.evidence)}
