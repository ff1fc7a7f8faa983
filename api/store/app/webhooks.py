"""Webhooks and their deliveries: the domain's WebhookBook and DeliveryQueue over app.db."""

from __future__ import annotations

import time
from collections.abc import Sequence

from sqlalchemy import Connection, Row, Select, case, delete, exists, func, insert, or_, select, update

from api.domain.operations import event_type
from api.domain.views import Page
from api.domain.webhooks import Attempt, Delivery, DeliveryStatus, Due, Webhook
from api.store.app.database import Database
from api.store.app.events import events_by_id
from api.store.app.rows import position
from api.store.app.tables import (
    operation_events,
    operations,
    webhook_attempts,
    webhook_cursor,
    webhook_deliveries,
    webhooks,
)

_AT_ONCE = 500
_PENDING = DeliveryStatus.PENDING.value


class StoredWebhooks:
    """Implements WebhookBook and DeliveryQueue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- the book

    async def put(self, webhook: Webhook) -> None:
        await self._database.write(lambda c: _put(c, webhook))

    async def get(self, webhook_id: str) -> Webhook | None:
        query = select(webhooks).where(webhooks.c.id == webhook_id)
        row = await self._database.read(lambda c: c.execute(query).one_or_none())
        return None if row is None else _webhook(row)

    async def of_party(self, party: int | None) -> list[Webhook]:
        query = select(webhooks).order_by(webhooks.c.seq)
        if party is not None:
            query = query.where(webhooks.c.party == party)
        return [_webhook(row) for row in await self._database.read(lambda c: c.execute(query).all())]

    async def remove(self, webhook_id: str) -> None:
        await self._database.write(lambda c: _remove(c, webhook_id))

    async def deliveries(self, webhook_id: str, *, cursor: str | None, limit: int) -> Page[Delivery]:
        before = None if cursor is None else position(cursor)
        return await self._database.read(lambda c: _log(c, webhook_id, before, limit))

    # -- the queue

    async def fan_out(self) -> int:
        if await self._database.read(_new_events) is None:
            return 0
        return await self._database.write_one(_fan_out)

    async def active(self) -> list[Webhook]:
        query = select(webhooks).where(webhooks.c.active.is_(True)).order_by(webhooks.c.seq)
        return [_webhook(row) for row in await self._database.read(lambda c: c.execute(query).all())]

    async def claim(self, webhook_id: str, limit: int, for_s: float) -> list[Due]:
        if await self._database.read(lambda c: c.execute(_due(webhook_id, 1)).first()) is None:
            return []
        return await self._database.write(lambda c: _claim(c, webhook_id, limit, for_s))

    async def record(self, delivery: int, attempt: Attempt, status: DeliveryStatus, next_at: float) -> None:
        await self._database.write(lambda c: _record(c, delivery, attempt, status, next_at))

    async def deactivate(self, webhook_id: str) -> None:
        change = update(webhooks).where(webhooks.c.id == webhook_id).values(active=False)
        await self._database.write(lambda c: c.execute(change))


def _put(connection: Connection, webhook: Webhook) -> None:
    """It gets what happens from now on."""
    last = connection.execute(select(func.max(operation_events.c.id))).scalar() or 0
    values = {
        "id": webhook.id,
        "party": webhook.party,
        "url": webhook.url,
        "active": webhook.active,
        "every": webhook.every,
    }
    connection.execute(insert(webhooks).values(**values, since=last, created_at=webhook.created_at))


def _remove(connection: Connection, webhook_id: str) -> None:
    own = select(webhook_deliveries.c.id).where(webhook_deliveries.c.webhook == webhook_id)
    connection.execute(delete(webhook_attempts).where(webhook_attempts.c.delivery.in_(own)))
    connection.execute(delete(webhook_deliveries).where(webhook_deliveries.c.webhook == webhook_id))
    connection.execute(delete(webhooks).where(webhooks.c.id == webhook_id))


def _log(connection: Connection, webhook_id: str, before: int | None, limit: int) -> Page[Delivery]:
    query = (
        select(webhook_deliveries, operations.c.id.label("operation_id"), operation_events.c.change)
        .join(operation_events, operation_events.c.id == webhook_deliveries.c.event)
        .join(operations, operations.c.seq == webhook_deliveries.c.operation, isouter=True)
        .where(webhook_deliveries.c.webhook == webhook_id)
        .order_by(webhook_deliveries.c.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(webhook_deliveries.c.id < before)
    rows = connection.execute(query).all()
    tried: dict[int, list[Attempt]] = {}
    wanted = select(webhook_attempts).where(webhook_attempts.c.delivery.in_([r.id for r in rows]))
    for one in connection.execute(wanted.order_by(webhook_attempts.c.id)):
        tried.setdefault(one.delivery, []).append(Attempt(one.at, one.status, one.error, one.took_ms))
    more = str(rows[limit - 1].id) if len(rows) > limit else None
    return Page(tuple(_delivery(row, tried.get(row.id, [])) for row in rows[:limit]), more)


def _new_events(connection: Connection) -> Row[tuple[int]] | None:
    seen = select(func.coalesce(func.max(webhook_cursor.c.event), 0)).scalar_subquery()
    return connection.execute(select(operation_events.c.id).where(operation_events.c.id > seen).limit(1)).first()


def _fan_out(connection: Connection) -> int:
    """One delivery for each new event and each webhook that wants it, in one transaction with the cursor."""
    seen = connection.execute(select(webhook_cursor.c.event).with_for_update()).scalar()
    if seen is None:
        connection.execute(insert(webhook_cursor).values(id=1, event=0))
    query = select(operation_events.c.id, operation_events.c.operation, operation_events.c.party).order_by("id")
    rows = connection.execute(query.where(operation_events.c.id > (seen or 0)).limit(_AT_ONCE)).all()
    if not rows:
        return 0
    all_of_them = connection.execute(select(webhooks).where(webhooks.c.active.is_(True))).all()
    new = [
        {"webhook": w.id, "event": e.id, "operation": e.operation, "status": _PENDING, "next_at": 0.0, "tries": 0}
        for e in rows
        for w in all_of_them
        if w.since < e.id and (w.every or e.party is None or w.party == e.party)
    ]
    if new:
        connection.execute(insert(webhook_deliveries), [{**n, "claimed_until": 0.0} for n in new])
    connection.execute(update(webhook_cursor).values(event=rows[-1].id))
    return len(rows)


def _due(webhook_id: str, limit: int) -> Select[tuple[int, int, int]]:
    """What is no operation's is told before all that follows it, and an operation's events in their order."""
    now = time.time()
    d, earlier = webhook_deliveries.c, webhook_deliveries.alias("earlier")
    before = exists().where(
        earlier.c.webhook == d.webhook,
        or_(earlier.c.operation == d.operation, earlier.c.operation.is_(None)),
        earlier.c.id < d.id,
        earlier.c.status == _PENDING,
    )
    query = select(d.id, d.event, d.tries).where(d.webhook == webhook_id, d.status == _PENDING)
    query = query.where(d.next_at <= now, d.claimed_until <= now, ~before)
    return query.order_by(d.id).limit(limit)


def _claim(connection: Connection, webhook_id: str, limit: int, for_s: float) -> list[Due]:
    rows = connection.execute(_due(webhook_id, limit).with_for_update(of=webhook_deliveries)).all()
    change = update(webhook_deliveries).where(webhook_deliveries.c.id.in_([r.id for r in rows]))
    connection.execute(change.values(claimed_until=time.time() + for_s))
    hook = webhooks.c
    who = case((hook.every, None), else_=hook.party)
    party = connection.execute(select(who).where(hook.id == webhook_id)).scalar()
    events = {e.id: e for e in events_by_id(connection, [r.event for r in rows], party)}
    return [Due(row.id, events[row.event], row.tries) for row in rows]


def _record(connection: Connection, delivery: int, attempt: Attempt, status: DeliveryStatus, next_at: float) -> None:
    tried = webhook_deliveries.c.tries + 1
    change = update(webhook_deliveries).where(webhook_deliveries.c.id == delivery)
    changed = connection.execute(change.values(status=status.value, next_at=next_at, claimed_until=0.0, tries=tried))
    if changed.rowcount:  # else its webhook was taken away meanwhile
        said = {"at": attempt.at, "status": attempt.status, "error": attempt.error, "took_ms": attempt.took_ms}
        connection.execute(insert(webhook_attempts).values(delivery=delivery, **said))


def _webhook(row: Row[tuple[object, ...]]) -> Webhook:
    return Webhook(row.id, row.party, row.url, row.active, row.created_at, row.every)


def _delivery(row: Row[tuple[object, ...]], attempts: Sequence[Attempt]) -> Delivery:
    status, kind = DeliveryStatus(row.status), event_type(row.change)
    return Delivery(row.id, row.webhook, row.event, kind, row.operation_id, status, int(row.next_at), attempts)
