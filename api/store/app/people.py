"""People, invitations and accounts over app.db."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from api.domain.errors import Conflict
from api.domain.people import Invitation, Person
from api.domain.principal import PersonRole
from api.store.app.database import Database
from api.store.app.tables import invitations, people, person_accounts, person_keys, sessions

_PERSON = (
    *("id", "party", "email", "name", "active", "created_at", "password_hash", "totp", "totp_step"),
    *("issuer", "subject"),
)
_INVITATION = ("person", "token_hash", "expires_at", "password_hash", "totp", "totp_step")


class StoredPeople:
    """Implements People."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, person: str) -> Person | None:
        return await self._one(select(people).where(people.c.id == person))

    async def by_email(self, email: str) -> Person | None:
        return await self._one(select(people).where(people.c.email == email))

    async def by_account(self, account: str) -> Person | None:
        joined = people.join(person_accounts, person_accounts.c.person == people.c.id)
        return await self._one(select(people).select_from(joined).where(person_accounts.c.account == account))

    async def by_subject(self, party: int, issuer: str, subject: str) -> Person | None:
        theirs = and_(people.c.party == party, people.c.issuer == issuer, people.c.subject == subject)
        return await self._one(select(people).where(theirs))

    async def of_party(self, party: int) -> list[Person]:
        query = select(people).where(people.c.party == party).order_by(people.c.seq)
        return [to_person(r) for r in await self._database.read(lambda c: c.execute(query).all())]

    async def invite(self, person: Person, invitation: Invitation) -> None:
        row = {name: getattr(person, name) for name in _PERSON} | {"roles": _roles(person.roles)}

        def action(connection: Connection) -> None:
            connection.execute(insert(people), row)
            connection.execute(insert(invitations), _invitation_row(invitation))

        try:
            await self._database.write(action)
        except IntegrityError as error:
            raise Conflict("EmailTaken", email=person.email) from error

    async def renew(self, invitation: Invitation) -> None:
        person = invitation.person

        def action(connection: Connection) -> None:
            connection.execute(_change(person).values(password_hash=None, totp=None, issuer=None, subject=None))
            connection.execute(delete(person_accounts).where(person_accounts.c.person == person))
            connection.execute(delete(person_keys).where(person_keys.c.person == person))
            connection.execute(delete(invitations).where(invitations.c.person == person))
            connection.execute(insert(invitations), _invitation_row(invitation))
            _end_sessions(connection, person)

        await self._database.write(action)

    async def invitation(self, person: str) -> Invitation | None:
        query = select(invitations).where(invitations.c.person == person)
        row = await self._database.read(lambda c: c.execute(query).one_or_none())
        return None if row is None else Invitation(**{name: getattr(row, name) for name in _INVITATION})

    async def choose(self, invitation: Invitation) -> None:
        values = {name: getattr(invitation, name) for name in ("password_hash", "totp", "totp_step")}
        chosen = update(invitations).where(_same(invitation)).values(values)
        await self._database.write(lambda c: c.execute(chosen))

    async def enrol(self, invitation: Invitation, step: int) -> bool:
        return await self._use_up(invitation, password_hash=invitation.password_hash, totp_step=step)

    async def connect(self, invitation: Invitation, issuer: str, subject: str) -> bool:
        if invitation.totp_step is None:
            return False
        try:
            return await self._use_up(invitation, issuer=issuer, subject=subject, totp_step=invitation.totp_step)
        except IntegrityError as error:
            raise Conflict("SubjectLinked") from error

    async def _use_up(self, invitation: Invitation, **values: Any) -> bool:
        def action(connection: Connection) -> bool:
            chosen = and_(_same(invitation), invitations.c.totp == invitation.totp)
            if connection.execute(delete(invitations).where(chosen)).rowcount != 1:
                return False
            connection.execute(_change(invitation.person).values(totp=invitation.totp, **values))
            return True

        return await self._database.write(action)

    async def set_roles(self, person: str, roles: frozenset[PersonRole]) -> None:
        def action(connection: Connection) -> None:
            if PersonRole.ADMIN not in roles:
                _keep_an_admin(connection, person)
            connection.execute(_change(person).values(roles=_roles(roles)))

        await self._database.write(action)

    async def set_active(self, person: str, active: bool) -> None:
        def action(connection: Connection) -> None:
            if not active:
                _keep_an_admin(connection, person)
                _end_sessions(connection, person)
            connection.execute(_change(person).values(active=active))

        await self._database.write(action)

    async def set_password(self, person: str, password_hash: str) -> None:
        await self._write(_change(person).values(password_hash=password_hash))

    async def use_step(self, person: str, step: int) -> bool:
        newer = and_(people.c.id == person, people.c.totp_step < step)
        return await self._write(update(people).where(newer).values(totp_step=step)) == 1

    async def accounts(self, person: str) -> list[str]:
        query = select(person_accounts.c.account).where(person_accounts.c.person == person)
        ordered = query.order_by(person_accounts.c.account)
        return list(await self._database.read(lambda c: c.execute(ordered).scalars().all()))

    async def link(self, person: str, account: str) -> None:
        try:
            await self._write(insert(person_accounts).values(account=account, person=person))
        except IntegrityError as error:
            raise Conflict("AccountLinked", account=account) from error

    async def unlink(self, person: str, account: str) -> bool:
        def action(connection: Connection) -> bool:
            theirs = and_(person_accounts.c.account == account, person_accounts.c.person == person)
            _end_sessions(connection, person, account)
            return connection.execute(delete(person_accounts).where(theirs)).rowcount == 1

        return await self._database.write(action)

    async def _one(self, query: Select[Any]) -> Person | None:
        row = await self._database.read(lambda c: c.execute(query).one_or_none())
        return None if row is None else to_person(row)

    async def _write(self, change: Any) -> int:
        def action(connection: Connection) -> int:
            return int(connection.execute(change).rowcount)

        return await self._database.write(action)


class StoredPersonKeys:
    """Implements PersonKeys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, person: str) -> str | None:
        query = select(person_keys.c.account).where(person_keys.c.person == person)
        return await self._database.read(lambda c: c.execute(query).scalar_one_or_none())

    async def put(self, person: str, account: str) -> None:
        row = insert(person_keys).values(person=person, account=account, created_at=int(time.time()))
        try:
            await self._database.write(lambda c: c.execute(row))
        except IntegrityError as error:
            raise Conflict("SigningKeyExists") from error


def to_person(row: Row[Any]) -> Person:
    """A row that has the columns of `people`."""
    values: dict[str, Any] = {name: getattr(row, name) for name in _PERSON}
    return Person(**values, roles=frozenset(PersonRole(r) for r in row.roles.split(",") if r))


def _roles(roles: frozenset[PersonRole]) -> str:
    return ",".join(sorted(roles))


def _invitation_row(invitation: Invitation) -> dict[str, Any]:
    return {name: getattr(invitation, name) for name in _INVITATION}


def _change(person: str) -> Any:
    return update(people).where(people.c.id == person)


def _same(invitation: Invitation) -> Any:
    """The stored invitation, unless another has taken its place."""
    return and_(invitations.c.person == invitation.person, invitations.c.token_hash == invitation.token_hash)


def _end_sessions(connection: Connection, person: str, account: str | None = None) -> None:
    theirs = and_(sessions.c.person == person, sessions.c.ended_at.is_(None))
    which = theirs if account is None else and_(theirs, sessions.c.account == account)
    connection.execute(update(sessions).where(which).values(ended_at=int(time.time())))


def _keep_an_admin(connection: Connection, person: str) -> None:
    """Conflict("LastAdmin") when `person` is the only one of its party who can sign in and is an admin.

    The party's rows are locked where the database has such locks: of two admins who remove each other, one stays.
    """
    party = connection.execute(select(people.c.party).where(people.c.id == person)).scalar_one_or_none()
    rows = connection.execute(
        select(people).where(people.c.party == party).order_by(people.c.seq).with_for_update()
    ).all()
    admins = [p.id for p in map(to_person, rows) if PersonRole.ADMIN in p.roles and p.active and p.enrolled]
    if admins == [person]:
        raise Conflict("LastAdmin", party=party)
