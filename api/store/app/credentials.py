"""Sessions, API keys, failures to sign in, nonces and sign-ins under way over app.db."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, select, update

from api.domain.people import ApiKey, Pace, Person, Session
from api.domain.providers import Begun
from api.store.app.database import Database
from api.store.app.people import to_person
from api.store.app.tables import api_keys, people, sessions, sign_in_failures, sign_in_nonces, sign_ins_begun

FORGET_S = 86_400
"""Failures a day old no longer count."""
_SESSION = ("id", "person", "token_hash", "account", "created_at", "seen_at", "expires_at", "ended_at", "provider")
_KEY = ("id", "party", "name", "token_hash", "created_by", "created_at", "expires_at", "used_at", "revoked_at")


class StoredSessions:
    """Implements Sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, session: Session) -> None:
        row = {name: getattr(session, name) for name in _SESSION}
        await self._database.write(lambda c: c.execute(insert(sessions), row))

    async def with_person(self, session: str) -> tuple[Session, Person] | None:
        def action(connection: Connection) -> tuple[Session, Person] | None:
            row = connection.execute(select(sessions).where(sessions.c.id == session)).one_or_none()
            if row is None:
                return None
            person = connection.execute(select(people).where(people.c.id == row.person)).one()
            return _to_session(row), to_person(person)

        return await self._database.recall(("session", session), action)

    async def of_person(self, person: str) -> list[Session]:
        live = and_(sessions.c.person == person, sessions.c.ended_at.is_(None))
        query = select(sessions).where(live).order_by(sessions.c.created_at.desc(), sessions.c.id)
        return [_to_session(r) for r in await self._database.read(lambda c: c.execute(query).all())]

    async def seen(self, session: str, at: int) -> None:
        change = update(sessions).where(sessions.c.id == session).values(seen_at=at)
        await self._database.write(lambda c: c.execute(change))

    async def end(self, session: str, at: int) -> None:
        live = and_(sessions.c.id == session, sessions.c.ended_at.is_(None))
        await self._database.write(lambda c: c.execute(update(sessions).where(live).values(ended_at=at)))

    async def end_all(self, person: str, at: int, but: str | None = None) -> None:
        live = and_(sessions.c.person == person, sessions.c.ended_at.is_(None), sessions.c.id != (but or ""))
        await self._database.write(lambda c: c.execute(update(sessions).where(live).values(ended_at=at)))


class StoredApiKeys:
    """Implements ApiKeys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, key: ApiKey) -> None:
        row = {name: getattr(key, name) for name in _KEY} | {"scopes": ",".join(sorted(key.scopes))}
        await self._database.write(lambda c: c.execute(insert(api_keys), row))

    async def get(self, key: str) -> ApiKey | None:
        def action(connection: Connection) -> ApiKey | None:
            row = connection.execute(select(api_keys).where(api_keys.c.id == key)).one_or_none()
            return None if row is None else _to_key(row)

        return await self._database.recall(("api key", key), action)

    async def of_party(self, party: int) -> list[ApiKey]:
        query = select(api_keys).where(api_keys.c.party == party).order_by(api_keys.c.created_at, api_keys.c.id)
        return [_to_key(r) for r in await self._database.read(lambda c: c.execute(query).all())]

    async def used(self, key: str, at: int) -> None:
        change = update(api_keys).where(api_keys.c.id == key).values(used_at=at)
        await self._database.write(lambda c: c.execute(change))

    async def revoke(self, party: int, key: str, at: int) -> bool:
        def action(connection: Connection) -> bool:
            theirs = and_(api_keys.c.id == key, api_keys.c.party == party)
            if connection.execute(select(api_keys.c.id).where(theirs)).one_or_none() is None:
                return False
            live = and_(theirs, api_keys.c.revoked_at.is_(None))
            connection.execute(update(api_keys).where(live).values(revoked_at=at))
            return True

        return await self._database.write(action)


class StoredThrottle:
    """Implements Throttle."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, paces: Sequence[Pace], at: int) -> int:
        def action(connection: Connection) -> int:
            connection.execute(delete(sign_in_failures).where(sign_in_failures.c.last_at < at - FORGET_S))
            subjects = [p.subject for p in paces]
            query = select(sign_in_failures).where(sign_in_failures.c.subject.in_(subjects))
            ordered = query.order_by(sign_in_failures.c.subject).with_for_update()
            known = {r.subject: r for r in connection.execute(ordered)}
            wait = max((r.blocked_until - at for r in known.values()), default=0)
            if wait > 0:
                return wait
            for pace in paces:
                failures = known[pace.subject].failures + 1 if pace.subject in known else 1
                until = at + pace.waits[min(failures, len(pace.waits)) - 1]
                values = {"failures": failures, "blocked_until": until, "last_at": at}
                if pace.subject in known:
                    mine = sign_in_failures.c.subject == pace.subject
                    connection.execute(update(sign_in_failures).where(mine).values(**values))
                else:
                    connection.execute(insert(sign_in_failures).values(subject=pace.subject, **values))
            return 0

        return await self._database.write_one(action)

    async def forgive(self, address: str, person: str | None = None) -> None:
        def action(connection: Connection) -> None:
            connection.execute(delete(sign_in_failures).where(sign_in_failures.c.subject == (person or "")))
            there = and_(sign_in_failures.c.subject == address, sign_in_failures.c.failures > 0)
            less = sign_in_failures.c.failures - 1
            connection.execute(update(sign_in_failures).where(there).values(failures=less, blocked_until=0))

        await self._database.write(action)


class StoredNonces:
    """Implements Nonces."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, nonce: str, expires_at: int) -> None:
        row = insert(sign_in_nonces).values(nonce=nonce, expires_at=expires_at)
        await self._database.write(lambda c: c.execute(row))

    async def take(self, nonce: str, at: int) -> bool:
        def action(connection: Connection) -> bool:
            connection.execute(delete(sign_in_nonces).where(sign_in_nonces.c.expires_at <= at))
            taken = connection.execute(delete(sign_in_nonces).where(sign_in_nonces.c.nonce == nonce))
            return bool(taken.rowcount == 1)

        return await self._database.write(action)


class StoredSignInsBegun:
    """Implements SignInsBegun."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, begun: Begun) -> None:
        await self._database.write(lambda c: c.execute(insert(sign_ins_begun), asdict(begun)))

    async def take(self, attempt: str, at: int) -> Begun | None:
        def action(connection: Connection) -> Begun | None:
            connection.execute(delete(sign_ins_begun).where(sign_ins_begun.c.expires_at <= at))
            mine = sign_ins_begun.c.attempt == attempt
            row = connection.execute(select(sign_ins_begun).where(mine)).mappings().one_or_none()
            taken = connection.execute(delete(sign_ins_begun).where(mine)).rowcount == 1
            return Begun(**row) if row is not None and taken else None

        return await self._database.write(action)


def _to_session(row: Row[Any]) -> Session:
    return Session(**{name: getattr(row, name) for name in _SESSION})


def _to_key(row: Row[Any]) -> ApiKey:
    values: dict[str, Any] = {name: getattr(row, name) for name in _KEY}
    return ApiKey(**values, scopes=frozenset(row.scopes.split(",")))
