"""Alerts of the watch, over app.db."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from api.domain.views import Page
from api.domain.watch import BY_NAME, Acknowledged, Alert, KeptAlert, Mark, Severity
from api.store.app.database import Database
from api.store.app.rows import dump, position
from api.store.app.tables import alerts, watch_mark

_MARK = Mark.__slots__


class StoredAlerts:
    """Implements AlertBook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mark(self) -> Mark:
        row = await self._database.read(lambda c: c.execute(select(watch_mark)).one_or_none())
        return Mark() if row is None else Mark(**{name: getattr(row, name) for name in _MARK})

    async def put(self, found: Sequence[Alert], mark: Mark) -> Sequence[KeptAlert]:
        def action(connection: Connection) -> list[KeptAlert]:
            keys = [alert.key for alert in found]
            known = set(connection.execute(select(alerts.c.key).where(alerts.c.key.in_(keys))).scalars())
            for alert in found:
                if alert.key not in known:
                    connection.execute(insert(alerts), _to_row(alert))
            connection.execute(delete(watch_mark))
            connection.execute(insert(watch_mark), {"id": 1, **{name: getattr(mark, name) for name in _MARK}})
            new = select(alerts).where(alerts.c.key.in_([k for k in keys if k not in known])).order_by(alerts.c.id)
            return [_to_alert(row) for row in connection.execute(new)]

        return await self._database.write_one(action)

    async def start_over(self) -> None:
        def action(connection: Connection) -> None:
            connection.execute(delete(watch_mark))
            connection.execute(delete(alerts).where(alerts.c.seen_at.is_(None)))

        await self._database.write_one(action)

    async def listing(
        self, *, rule: str | None, severity: Severity | None, open_: bool | None, cursor: str | None, limit: int
    ) -> Page[KeptAlert]:
        query = select(alerts).order_by(alerts.c.id.desc()).limit(limit + 1)
        if rule is not None:
            query = query.where(alerts.c.rule == rule)
        if severity is not None:
            query = query.where(alerts.c.severity == severity.value)
        if open_ is not None:
            query = query.where(alerts.c.seen_at.is_(None) if open_ else alerts.c.seen_at.is_not(None))
        if cursor is not None:
            query = query.where(alerts.c.id < position(cursor))
        rows = await self._database.read(lambda c: c.execute(query).all())
        more = str(rows[limit - 1].id) if len(rows) > limit else None
        return Page(tuple(_to_alert(row) for row in rows[:limit]), more)

    async def acknowledge(self, alert: int, word: Acknowledged) -> KeptAlert | None:
        def action(connection: Connection) -> KeptAlert | None:
            said = {"seen_party": word.party, "seen_person": word.person, "seen_at": word.at, "remark": word.remark}
            connection.execute(update(alerts).where(alerts.c.id == alert, alerts.c.seen_at.is_(None)).values(said))
            row = connection.execute(select(alerts).where(alerts.c.id == alert)).one_or_none()
            return None if row is None else _to_alert(row)

        return await self._database.write_one(action)


def _to_row(alert: Alert) -> dict[str, Any]:
    return {
        "key": alert.key,
        "rule": alert.rule,
        "severity": BY_NAME[alert.rule].severity.value,
        "block": alert.block,
        "time": alert.time,
        "parties": dump(list(alert.parties)),
        "note": alert.note,
        "receivable": alert.receivable,
        "facts": dump(dict(alert.facts)),
    }


def _to_alert(row: Row[Any]) -> KeptAlert:
    parties, facts = tuple(json.loads(row.parties)), json.loads(row.facts)
    alert = Alert(row.key, row.rule, row.block, row.time, parties, row.note, row.receivable, facts)
    seen = None if row.seen_at is None else Acknowledged(row.seen_party, row.seen_person, row.seen_at, row.remark or "")
    return KeptAlert(row.id, alert, Severity(row.severity), seen)
