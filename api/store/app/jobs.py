"""Jobs and their rows: the domain's JobBook over app.db."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, insert, select, update

from api.domain.approvals import Approval, ApprovedRow
from api.domain.errors import Conflict
from api.domain.jobs import Job, JobRow, JobStatus, RowStatus
from api.domain.views import Page
from api.store.app.approvals import put_approval
from api.store.app.database import Database
from api.store.app.outbox import is_dead
from api.store.app.rows import dump, position
from api.store.app.tables import job_rows, jobs


class StoredJobs:
    """Implements JobBook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(
        self, job: Job, rows: Sequence[JobRow], approval: Approval | None = None, approved: Sequence[ApprovedRow] = ()
    ) -> Job:
        def action(connection: Connection) -> Job:
            if job.idempotency_key is not None:
                known = _one(connection, jobs.c.idempotency_key == job.idempotency_key)
                if known is not None and known.request_hash != job.request_hash:
                    raise Conflict("IdempotencyKeyReused", key=job.idempotency_key)
                if known is not None:
                    return known
            connection.execute(insert(jobs), _job_row(job))
            connection.execute(insert(job_rows), [_row(job.id, row) for row in rows])
            if approval is not None:
                put_approval(connection, approval, approved)
            return job

        return await self._database.write_one(action)

    async def get(self, job: str) -> Job | None:
        return await self._database.read(lambda c: _one(c, jobs.c.id == job))

    async def find(self, idempotency_key: str) -> Job | None:
        return await self._database.read(lambda c: _one(c, jobs.c.idempotency_key == idempotency_key))

    async def listing(self, *, party: int | None, cursor: str | None, limit: int) -> Page[Job]:
        query = select(jobs).order_by(jobs.c.seq.desc()).limit(limit + 1)
        if party is not None:
            query = query.where(jobs.c.party == party)
        if cursor is not None:
            query = query.where(jobs.c.seq < position(cursor))

        def action(connection: Connection) -> Page[Job]:
            found = connection.execute(query).all()
            more = str(found[limit - 1].seq) if len(found) > limit else None
            return Page(tuple(_to_job(connection, row) for row in found[:limit]), more)

        return await self._database.read(action)

    async def rows(self, job: str, *, status: RowStatus | None, cursor: str | None, limit: int) -> Page[JobRow]:
        query = select(job_rows).where(job_rows.c.job == job).order_by(job_rows.c.position).limit(limit + 1)
        if status is not None:
            query = query.where(job_rows.c.status == status.value)
        if cursor is not None:
            query = query.where(job_rows.c.position > position(cursor))
        found = await self._database.read(lambda c: c.execute(query).all())
        more = str(found[limit - 1].position) if len(found) > limit else None
        return Page(tuple(_to_row(row) for row in found[:limit]), more)

    async def take(self, owner: str, lease_s: float) -> Job | None:
        running = select(jobs).where(jobs.c.status == JobStatus.RUNNING.value).order_by(jobs.c.seq)

        def action(connection: Connection) -> Job | None:
            for row in connection.execute(running.with_for_update()).all():
                free = row.owner in (None, owner) or row.lease_until < time.time() or is_dead(row.owner)
                if free:
                    _lease(connection, row.id, owner, lease_s)
                    return _to_job(connection, row)
            return None

        if await self._database.read(lambda c: c.execute(running.limit(1)).first()) is None:
            return None
        return await self._database.write(action)

    async def renew(self, job: str, owner: str, lease_s: float) -> bool:
        def action(connection: Connection) -> bool:
            held = connection.execute(select(jobs.c.owner).where(jobs.c.id == job)).scalar_one()
            if held == owner:
                _lease(connection, job, owner, lease_s)
            return bool(held == owner)

        return await self._database.write(action)

    async def waiting(self, job: str, limit: int) -> list[JobRow]:
        query = (
            select(job_rows)
            .where(job_rows.c.job == job, job_rows.c.status == RowStatus.WAITING.value)
            .order_by(job_rows.c.failures, job_rows.c.position)
            .limit(limit)
        )
        return [_to_row(row) for row in await self._database.read(lambda c: c.execute(query).all())]

    async def sent(self, job: str) -> list[JobRow]:
        query = select(job_rows).where(job_rows.c.job == job, job_rows.c.status == RowStatus.SENT.value)
        found = await self._database.read(lambda c: c.execute(query.order_by(job_rows.c.position)).all())
        return [_to_row(row) for row in found]

    async def refuse(self, job: str, refused: Mapping[int, Mapping[str, Any]]) -> None:
        change = (
            update(job_rows)
            .where(and_(job_rows.c.job == job, job_rows.c.position == bindparam("at")))
            .values(status=RowStatus.REFUSED.value, error=bindparam("why"))
        )
        values = [{"at": position, "why": dump(error)} for position, error in refused.items()]
        await self._change(job, lambda c: c.execute(change, values))

    async def assign(self, job: str, positions: Collection[int], operation: str) -> None:
        change = (
            update(job_rows)
            .where(and_(job_rows.c.job == job, job_rows.c.position == bindparam("at")))
            .values(status=RowStatus.SENT.value, operation=operation)
        )
        await self._change(job, lambda c: c.execute(change, [{"at": position} for position in positions]))

    async def settle(self, job: str, operation: str, *, confirmed: bool) -> None:
        values: dict[str, Any] = {"status": RowStatus.CONFIRMED.value}
        if not confirmed:
            values = {
                "status": RowStatus.WAITING.value,
                "operation": None,
                "failures": job_rows.c.failures + 1,
            }
        await self._change(job, lambda c: c.execute(_of_operation(job, operation).values(**values)))

    async def give_back(self, job: str, operation: str) -> None:
        values = {"status": RowStatus.WAITING.value, "operation": None}
        await self._change(job, lambda c: c.execute(_of_operation(job, operation).values(**values)))

    async def turn_away(self, job: str, operation: str, error: Mapping[str, Any]) -> None:
        values = {"status": RowStatus.REFUSED.value, "operation": None, "error": dump(error)}
        await self._change(job, lambda c: c.execute(_of_operation(job, operation).values(**values)))

    async def finish(self, job: str) -> None:
        done = {"status": JobStatus.DONE.value, "owner": None, "lease_until": None}
        await self._change(job, lambda c: c.execute(update(jobs).where(jobs.c.id == job).values(**done)))

    async def _change(self, job: str, action: Any) -> None:
        def write(connection: Connection) -> None:
            action(connection)
            connection.execute(update(jobs).where(jobs.c.id == job).values(updated_at=int(time.time())))

        await self._database.write(write)


def _of_operation(job: str, operation: str) -> Any:
    return update(job_rows).where(job_rows.c.job == job, job_rows.c.operation == operation)


def _lease(connection: Connection, job: str, owner: str, lease_s: float) -> None:
    connection.execute(update(jobs).where(jobs.c.id == job).values(owner=owner, lease_until=time.time() + lease_s))


def _one(connection: Connection, condition: Any) -> Job | None:
    row = connection.execute(select(jobs).where(condition)).one_or_none()
    return None if row is None else _to_job(connection, row)


def _to_job(connection: Connection, row: Row[Any]) -> Job:
    counted = select(job_rows.c.status, func.count()).where(job_rows.c.job == row.id).group_by(job_rows.c.status)
    return Job(
        id=row.id,
        kind=row.kind,
        party=row.party,
        status=JobStatus(row.status),
        counts={RowStatus(status): count for status, count in connection.execute(counted)},
        idempotency_key=row.idempotency_key,
        request_hash=row.request_hash,
        created_at=row.created_at,
        updated_at=row.updated_at,
        approval=row.approval,
    )


def _job_row(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind,
        "party": job.party,
        "status": job.status.value,
        "approval": job.approval,
        "idempotency_key": job.idempotency_key,
        "request_hash": job.request_hash,
        "created_at": job.created_at,
        "updated_at": job.updated_at,
    }


def _row(job: str, row: JobRow) -> dict[str, Any]:
    amount = None if row.amount is None else str(row.amount)
    return {
        "job": job,
        "position": row.position,
        "item": row.item,
        "amount": amount,
        "status": row.status.value,
        "failures": row.failures,
        "error": None if row.error is None else dump(row.error),
    }


def _to_row(row: Row[Any]) -> JobRow:
    return JobRow(
        position=row.position,
        item=row.item,
        amount=None if row.amount is None else int(row.amount),
        status=RowStatus(row.status),
        operation=row.operation,
        failures=row.failures,
        error=None if row.error is None else json.loads(row.error),
    )
