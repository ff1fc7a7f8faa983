"""Approvals and thresholds over app.db. Nothing of an approval is ever deleted, and what was signed never changes."""

from __future__ import annotations

import json
import time as clock
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from api.domain.approvals import (
    OPEN,
    ActKind,
    Approval,
    ApprovalStatus,
    KeyKind,
    Part,
    Signature,
    Threshold,
    roles_of,
)
from api.domain.errors import Conflict
from api.domain.operations import Operation
from api.domain.views import Page
from api.store.app.database import Database
from api.store.app.operations import put_operations
from api.store.app.people import to_person
from api.store.app.rows import dump, position
from api.store.app.tables import (
    approval_signatures,
    approval_thresholds,
    approvals,
    operations,
    people,
    person_accounts,
    person_keys,
    sessions,
)

_PLAIN = ("id", "party", "digest", "deadline", "prepared_by", "prepared_means", "created_at", "updated_at")
_NULLABLE = ("ended_by", "idempotency_key", "request_hash", "request_id")
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
            connection.execute(insert(approvals), _row(approval))
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
            for threshold in seen.thresholds:
                _set_threshold(connection, seen.party, threshold)

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
        await self._database.write(lambda c: _move(c, seen, seen.status, status, ended_by=person))

    async def thresholds(self, party: int) -> Sequence[Threshold]:
        query = select(approval_thresholds).where(approval_thresholds.c.party == party)
        ordered = query.order_by(approval_thresholds.c.kind, approval_thresholds.c.currency)
        rows = await self._database.read(lambda c: c.execute(ordered).all())
        return [Threshold(ActKind(r.kind), r.currency, int(r.amount)) for r in rows]

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


def _set_threshold(connection: Connection, party: int, threshold: Threshold) -> None:
    table = approval_thresholds
    kind, currency = threshold.kind.value, threshold.currency
    there = (table.c.party == party, table.c.kind == kind, table.c.currency == currency)
    connection.execute(delete(table).where(*there))
    if threshold.amount:
        row = {"party": party, "kind": kind, "currency": currency, "amount": str(threshold.amount)}
        connection.execute(insert(table), row)


def _row(approval: Approval) -> Mapping[str, Any]:
    return {
        **{name: getattr(approval, name) for name in (*_PLAIN, *_NULLABLE)},
        "kind": approval.kind.value,
        "status": approval.status.value,
        "typed_data": dump(approval.typed_data),
    }


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
    )


def _signatures(connection: Connection, approval: str) -> tuple[Signature, ...]:
    query = select(approval_signatures).where(approval_signatures.c.approval == approval)
    rows = connection.execute(query.order_by(approval_signatures.c.part.desc())).all()
    return tuple(
        Signature(part=Part(r.part), means=KeyKind(r.means), **{name: getattr(r, name) for name in _SIGNATURE})
        for r in rows
    )
