"""Approvals and thresholds over app.db. Nothing of an approval is ever deleted, and what was signed never changes."""

from __future__ import annotations

import json
import time as clock
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from api.domain.approvals import (
    OPEN,
    ActKind,
    Approval,
    ApprovalStatus,
    ApprovedRow,
    KeyKind,
    Part,
    Signature,
    Threshold,
    roles_of,
)
from api.domain.errors import Conflict
from api.domain.jobs import JobStatus, RowStatus
from api.domain.operations import Operation
from api.domain.views import Page
from api.store.app.database import Database
from api.store.app.operations import put_operations
from api.store.app.people import to_person
from api.store.app.rows import dump, position
from api.store.app.tables import (
    approval_rows,
    approval_signatures,
    approvals,
    job_rows,
    jobs,
    operations,
    people,
    person_accounts,
    person_keys,
    sessions,
)
from api.store.app.thresholds import Counted, counted, set_threshold, thresholds_of

_PLAIN = ("id", "party", "digest", "deadline", "prepared_by", "prepared_means", "created_at", "updated_at")
_NULLABLE = ("ended_by", "idempotency_key", "request_hash", "request_id")
_CHUNK = 500
_NOT_GIVEN = {ApprovalStatus.REFUSED: "ApprovalRefused", ApprovalStatus.WITHDRAWN: "ApprovalWithdrawn"}
_AWAITED = (jobs.c.approval == approvals.c.id, jobs.c.status == JobStatus.AWAITING.value)
_SIGNATURE = ("person", "session", "account", "signature", "at")


class StoredApprovals:
    """Implements ApprovalBook. `idle_s`: after how long without use a session is over by itself."""

    def __init__(self, database: Database, idle_s: int) -> None:
        self._database = database
        self._idle_s = idle_s

    async def put(self, approval: Approval) -> Approval:
        def action(connection: Connection) -> Approval:
            key = approval.idempotency_key
            if key is not None and (known := _one(connection, approvals.c.idempotency_key == key)):
                if known.request_hash != approval.request_hash:
                    raise Conflict("IdempotencyKeyReused", key=key)
                return known
            put_approval(connection, approval)
            return approval

        return await self._database.write_one(action)

    async def get(self, approval: str) -> Approval | None:
        return await self._database.read(lambda c: _one(c, approvals.c.id == approval))

    async def find(self, idempotency_key: str) -> Approval | None:
        return await self._database.read(lambda c: _one(c, approvals.c.idempotency_key == idempotency_key))

    async def listing(
        self, *, party: int | None, status: ApprovalStatus | None, time: int, cursor: str | None, limit: int
    ) -> Page[Approval]:
        query = select(approvals).order_by(approvals.c.seq.desc()).limit(limit + 1)
        if party is not None:
            query = query.where(approvals.c.party == party)
        if status is not None:
            query = query.where(_status_is(status, time))
        if cursor is not None:
            query = query.where(approvals.c.seq < position(cursor))

        def action(connection: Connection) -> Page[Approval]:
            rows = connection.execute(query).all()
            more = str(rows[limit - 1].seq) if len(rows) > limit else None
            return Page(tuple(_whole(connection, row) for row in rows[:limit]), more)

        return await self._database.read(action)

    async def make(self, seen: Approval, signature: Signature) -> None:
        def action(connection: Connection) -> None:
            _move(connection, seen, ApprovalStatus.PREPARED, ApprovalStatus.SIGNED)
            self._sign(connection, seen, signature)

        await self._database.write(action)

    async def check(self, seen: Approval, signature: Signature, wanted: Sequence[Operation] | None) -> None:
        def action(connection: Connection) -> None:
            end = ApprovalStatus.APPROVED if wanted is None else ApprovalStatus.EXECUTED
            _move(connection, seen, ApprovalStatus.SIGNED, end)
            _hold(connection, [signature.person, *(s.person for s in seen.signatures)])
            self._sign(connection, seen, signature)
            self._require_two(connection, seen)
            put_operations(connection, wanted or ())
            if seen.job is not None:
                _release(connection, seen)
            for threshold in seen.thresholds:
                set_threshold(connection, seen.party, threshold)

        await self._database.write(action)

    async def carry(self, seen: Approval, wanted: Sequence[Operation]) -> Sequence[Operation]:
        def action(connection: Connection) -> Sequence[Operation]:
            _move(connection, seen, ApprovalStatus.APPROVED, ApprovalStatus.EXECUTED)
            _hold(connection, [s.person for s in seen.signatures])
            self._require_two(connection, seen)
            return put_operations(connection, wanted)

        try:
            return await self._database.write(action)
        except IntegrityError as error:
            if "nonce" not in str(error.orig):
                raise
            raise Conflict("NonceTaken", accounts=sorted({o.call.account for o in wanted if o.signed})) from error

    async def end(self, seen: Approval, status: ApprovalStatus, person: str) -> None:
        def action(connection: Connection) -> None:
            _move(connection, seen, seen.status, status, ended_by=person)
            if seen.job is not None:
                _cancel(connection, seen.job, _NOT_GIVEN[status], {"approval": seen.id})

        await self._database.write(action)

    async def rows(self, approval: str) -> list[ApprovedRow]:
        query = select(approval_rows).where(approval_rows.c.approval == approval).order_by(approval_rows.c.position)
        return [_approved_row(row) for row in await self._database.read(lambda c: c.execute(query).all())]

    async def rows_page(self, approval: str, *, cursor: str | None, limit: int) -> Page[ApprovedRow]:
        query = select(approval_rows).where(approval_rows.c.approval == approval).order_by(approval_rows.c.position)
        if cursor is not None:
            query = query.where(approval_rows.c.position > position(cursor))
        found = await self._database.read(lambda c: c.execute(query.limit(limit + 1)).all())
        more = str(found[limit - 1].position) if len(found) > limit else None
        return Page(tuple(_approved_row(row) for row in found[:limit]), more)

    async def row_hashes(self, approval: str) -> dict[str, list[str]]:
        table = approval_rows
        query = select(table.c.token, table.c.hash).where(table.c.approval == approval).order_by(table.c.position)
        found: dict[str, list[str]] = {}
        for token, row_hash in await self._database.read(lambda c: c.execute(query).all()):
            found.setdefault(token, []).append(row_hash)
        return found

    async def carry_rows(
        self, seen: Approval, wanted: Sequence[tuple[Operation, Sequence[tuple[str, str]]]]
    ) -> Sequence[Operation]:
        def action(connection: Connection) -> Sequence[Operation]:
            # Held to the end, so that of two operations with one row the second finds it used.
            held = select(approvals.c.status).where(approvals.c.id == seen.id, approvals.c.digest == seen.digest)
            status = connection.execute(held.with_for_update()).scalar_one_or_none()
            if status != ApprovalStatus.EXECUTED.value:
                raise Conflict("ApprovalNotWaiting", approval=seen.id, found=status)
            for operation, rows in wanted:
                _use(connection, seen.id, operation.id, rows)
            return put_operations(connection, [operation for operation, _ in wanted])

        return await self._database.write(action)

    async def first_job_deadline(self) -> int | None:
        query = select(func.min(approvals.c.deadline)).where(*_AWAITED)
        return await self._database.read(lambda c: c.execute(query).scalar())

    async def expire_jobs(self, time: int) -> None:
        query = select(jobs.c.id, approvals.c.id, approvals.c.deadline).where(*_AWAITED, approvals.c.deadline < time)

        def action(connection: Connection) -> None:
            for job, approval, deadline in connection.execute(query).all():
                _cancel(connection, job, "ApprovalExpired", {"approval": approval, "deadline": deadline})

        await self._database.write(action)

    async def thresholds(self, party: int) -> Sequence[Threshold]:
        return await self._database.read(lambda c: thresholds_of(c, party))

    async def lone(self, party: int, time: int) -> Counted:
        return await self._database.read(lambda c: counted(c, party, time))

    async def of_transactions(self, hashes: Sequence[str]) -> Sequence[Approval]:
        def action(connection: Connection) -> Sequence[Approval]:
            found: dict[int, Approval] = {}
            for start in range(0, len(hashes), _CHUNK):
                some = operations.c.tx_hash.in_(hashes[start : start + _CHUNK])
                asked = select(operations.c.approval).where(some)
                for row in connection.execute(select(approvals).where(approvals.c.id.in_(asked))).all():
                    found[row.seq] = _whole(connection, row)
            return [found[seq] for seq in sorted(found)]

        return await self._database.read(action)

    # -- inside transactions

    def _sign(self, connection: Connection, seen: Approval, signature: Signature) -> None:
        others = connection.execute(select(approval_signatures).where(approval_signatures.c.approval == seen.id)).all()
        if any(other.person == signature.person for other in others):
            raise Conflict("SamePerson", approval=seen.id)
        if any(other.account == signature.account for other in others):
            raise Conflict("SameKey", account=signature.account)
        row = {name: getattr(signature, name) for name in _SIGNATURE}
        more = {"approval": seen.id, "part": signature.part.value, "means": signature.means.value}
        connection.execute(insert(approval_signatures), row | more)
        self._require_may(connection, seen, signature)

    def _require_two(self, connection: Connection, seen: Approval) -> None:
        """A maker and a checker whose signatures count now."""
        signed = _signatures(connection, seen.id)
        for part in Part:
            found = next((s for s in signed if s.part is part), None)
            if found is None:
                raise Conflict("ApprovalNotWaiting", approval=seen.id, found=seen.status.value)
            self._require_may(connection, seen, found)

    def _require_may(self, connection: Connection, seen: Approval, signature: Signature) -> None:
        """Conflict("SignatureVoid") says why a signature does not count, or no more."""
        held = select(people).where(people.c.id == signature.person).with_for_update()
        row = connection.execute(held).one_or_none()
        person = None if row is None else to_person(row)
        if person is None or not person.active or person.party != seen.party:
            reason = "disabled"
        elif not person.roles & roles_of(signature.part, seen.kind):
            reason = "role"
        elif not self._session_stands(connection, signature.session):
            reason = "session"
        elif not _is_key_of(connection, signature):
            reason = "key"
        else:
            return
        raise Conflict("SignatureVoid", part=signature.part.value, person=signature.person, reason=reason)

    def _session_stands(self, connection: Connection, session: str) -> bool:
        """Whether the session in which somebody signed was not ended while it lived: by its person, by an administrator,
        with the password. One that ran out by itself takes nothing back."""
        row = connection.execute(select(sessions).where(sessions.c.id == session).with_for_update()).one_or_none()
        if row is None:
            return False
        return row.ended_at is None or row.ended_at >= min(row.expires_at, row.seen_at + self._idle_s)


def put_approval(connection: Connection, approval: Approval, rows: Sequence[ApprovedRow] = ()) -> None:
    """Inside a transaction."""
    connection.execute(insert(approvals), _row(approval))
    if rows:
        values = [{"approval": approval.id, **_plain_row(row)} for row in rows]
        connection.execute(insert(approval_rows), values)


def _release(connection: Connection, seen: Approval) -> None:
    """The job that waits for an approval runs. Conflict("ApprovalNotWaiting") when it was cancelled meanwhile."""
    change = update(jobs).where(jobs.c.id == seen.job, jobs.c.status == JobStatus.AWAITING.value)
    values = {"status": JobStatus.RUNNING.value, "updated_at": int(clock.time())}
    if connection.execute(change.values(**values)).rowcount != 1:
        raise Conflict("ApprovalNotWaiting", approval=seen.id, found=ApprovalStatus.EXPIRED.value)


def _cancel(connection: Connection, job: str, rule: str, evidence: Mapping[str, Any]) -> None:
    """A job that waits for an approval ends, and each row that waits is refused by this rule."""
    change = update(jobs).where(jobs.c.id == job, jobs.c.status == JobStatus.AWAITING.value)
    values = {"status": JobStatus.CANCELLED.value, "updated_at": int(clock.time())}
    if connection.execute(change.values(**values)).rowcount == 1:
        waiting = update(job_rows).where(job_rows.c.job == job, job_rows.c.status == RowStatus.WAITING.value)
        error = dump({"rule": rule, "evidence": evidence})
        connection.execute(waiting.values(status=RowStatus.REFUSED.value, error=error))


def _use(connection: Connection, approval: str, operation: str, rows: Sequence[tuple[str, str]]) -> None:
    """Notes of rows, by token and hash, that an operation carries them out: each is free, or was in one that failed for
    good. Conflict("ApprovalMismatch")."""
    table, free = approval_rows, defaultdict[tuple[str, str], list[int]](list)
    unused = table.c.operation.is_(None) | ((operations.c.status == "failed") & operations.c.final)
    hashes = sorted({row_hash for _, row_hash in rows})
    for start in range(0, len(hashes), _CHUNK):
        some = table.c.approval == approval, table.c.hash.in_(hashes[start : start + _CHUNK])
        query = select(table.c.position, table.c.token, table.c.hash).where(*some, unused)
        joined = query.outerjoin(operations, operations.c.id == table.c.operation)
        for at, token, row_hash in connection.execute(joined.order_by(table.c.position.desc())):
            free[token, row_hash].append(at)
    try:
        used = [free[row].pop() for row in rows]
    except IndexError as error:
        raise Conflict("ApprovalMismatch", approval=approval) from error
    change = update(table).where(table.c.approval == approval, table.c.position == bindparam("at"))
    connection.execute(change.values(operation=operation), [{"at": at} for at in used])


def _move(
    connection: Connection, seen: Approval, present: ApprovalStatus, wanted: ApprovalStatus, **values: Any
) -> None:
    """From one status to another, if the approval still is what was looked at: of two at once, one gets through."""
    same = (
        approvals.c.id == seen.id,
        approvals.c.status == present.value,
        approvals.c.digest == seen.digest,
        approvals.c.typed_data == dump(seen.typed_data),
    )
    change = update(approvals).where(*same).values(status=wanted.value, updated_at=int(clock.time()), **values)
    if connection.execute(change).rowcount != 1:
        found = connection.execute(select(approvals.c.status).where(approvals.c.id == seen.id)).scalar_one()
        raise Conflict("ApprovalNotWaiting", approval=seen.id, found=found)


def _hold(connection: Connection, persons: Sequence[str]) -> None:
    """Their rows stay as they are until the transaction ends. In the order in which an administrator's change takes all of
    the company's: neither waits for the other in a circle."""
    query = select(people.c.id).where(people.c.id.in_(persons)).order_by(people.c.seq).with_for_update()
    connection.execute(query).all()


def _is_key_of(connection: Connection, signature: Signature) -> bool:
    table = person_keys if signature.means is KeyKind.CUSTODIAL else person_accounts
    theirs = (table.c.account == signature.account, table.c.person == signature.person)
    return connection.execute(select(table.c.account).where(*theirs)).one_or_none() is not None


def _status_is(status: ApprovalStatus, time: int) -> ColumnElement[bool]:
    past = approvals.c.deadline < time
    if status is ApprovalStatus.EXPIRED:
        return approvals.c.status.in_([s.value for s in OPEN]) & past
    stored = approvals.c.status == status.value
    return stored & ~past if status in OPEN else stored


def _row(approval: Approval) -> Mapping[str, Any]:
    return {
        **{name: getattr(approval, name) for name in (*_PLAIN, *_NULLABLE)},
        "kind": approval.kind.value,
        "status": approval.status.value,
        "typed_data": dump(approval.typed_data),
    }


def _plain_row(row: ApprovedRow) -> Mapping[str, Any]:
    return {"position": row.position, "token": row.token, "terms": dump(dict(row.terms)), "hash": row.hash}


def _approved_row(row: Row[Any]) -> ApprovedRow:
    return ApprovedRow(row.position, row.token, json.loads(row.terms), row.hash, row.operation)


def _one(connection: Connection, condition: ColumnElement[bool]) -> Approval | None:
    row = connection.execute(select(approvals).where(condition)).one_or_none()
    return None if row is None else _whole(connection, row)


def _whole(connection: Connection, row: Row[Any]) -> Approval:
    made = select(operations.c.id).where(operations.c.approval == row.id).order_by(operations.c.seq)
    values: dict[str, Any] = {name: getattr(row, name) for name in (*_PLAIN, *_NULLABLE)}
    return Approval(
        **values,
        kind=ActKind(row.kind),
        status=ApprovalStatus(row.status),
        typed_data=json.loads(row.typed_data),
        signatures=_signatures(connection, row.id),
        operations=tuple(connection.execute(made).scalars()),
        job=connection.execute(select(jobs.c.id).where(jobs.c.approval == row.id)).scalar(),
    )


def _signatures(connection: Connection, approval: str) -> tuple[Signature, ...]:
    query = select(approval_signatures).where(approval_signatures.c.approval == approval)
    rows = connection.execute(query.order_by(approval_signatures.c.part.desc())).all()
    return tuple(
        Signature(part=Part(r.part), means=KeyKind(r.means), **{name: getattr(r, name) for name in _SIGNATURE})
        for r in rows
    )
