"""Who asks: signing in with password and code, sessions, and what a credential says of its bearer.

Every way in ends in `open`; every request with a credential begins in `authenticate`.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from api.domain.errors import Conflict, Forbidden, NotFound, Unauthenticated
from api.domain.people import ApiKeys, Codes, Pace, Passwords, People, Person, Session, Sessions, Throttle
from api.domain.principal import Principal
from api.domain.providers import Providers
from api.domain.tokens import API_KEY, SESSION, Token, new_token, read_token

PERSON_WAITS_S = (0, 0, 0, 0, 30, 60, 120, 300, 900, 3600)
"""Waits after failures in a row for one name: four are free, then each costs more, up to an hour."""
ADDRESS_WAITS_S = (*(0,) * 29, 60, 300, 900)
"""The same for one network address, behind which a whole company may sit."""
TOUCH_S = 60
"""How often the time of last use is written down."""

_log = structlog.get_logger("identity")


def now() -> int:
    """The server's clock, Unix seconds."""
    return int(time.time())


def fold_email(email: str) -> str:
    """The name to sign in by, however it is typed."""
    return email.strip().casefold()


def person_pace(email: str) -> Pace:
    """Names are kept as hashes: people also type their passwords there."""
    return Pace("person:" + hashlib.sha256(fold_email(email).encode()).hexdigest(), PERSON_WAITS_S)


def address_pace(address: str) -> Pace:
    return Pace(f"address:{address}", ADDRESS_WAITS_S)


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Seconds that a session lasts without use, and at most."""

    idle_s: int
    absolute_s: int


def principal_of(session: Session, person: Person) -> Principal:
    """Who asks under a session."""
    roles, by = person.roles, (session.account, session.provider)
    return Principal(person.party, person.id, roles, frozenset(), "session", session.id, *by)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; `token` is told once."""

    token: Token
    session: Session
    person: Person


class SignIn:
    """Use cases of whoever holds, or wants, a credential."""

    def __init__(
        self,
        people: People,
        sessions: Sessions,
        keys: ApiKeys,
        throttle: Throttle,
        passwords: Passwords,
        codes: Codes,
        party_of_account: Callable[[str], Awaitable[int | None]],
        providers: Providers,
        lifetimes: Lifetimes,
    ) -> None:
        self._people = people
        self._sessions = sessions
        self._keys = keys
        self._throttle = throttle
        self._passwords = passwords
        self._codes = codes
        self._party_of_account = party_of_account
        self._providers = providers
        self.lifetimes = lifetimes
        self._touching: set[str] = set()

    async def with_password(self, email: str, password: str, code: str, address: str, old: str | None) -> SignedIn:
        """Unauthenticated("SignInRefused") whatever is wrong, after the same work: a name that nobody has looks like a
        wrong password, and so does a person whose company's provider is demanded. Conflict("TooManyAttempts") while the
        name or the address has to wait."""
        paces = (person_pace(email), address_pace(address))
        await self._begin(paces)
        person = await self._people.by_email(fold_email(email))
        fits = await self._passwords.fits(password, None if person is None else person.password_hash)
        known = person is not None and self.lets_in(person)
        if person is None or not fits or not known or not await self._use_code(person, code):
            _log.info("sign-in refused", address=address, person=None if person is None else person.id)
            raise Unauthenticated("SignInRefused")
        await self._throttle.forgive(paces[1].subject, paces[0].subject)
        return await self.open(person, old)

    async def open(
        self, person: Person, old: str | None, *, account: str | None = None, provider: str | None = None
    ) -> SignedIn:
        """A new session under a new token. The one that the request came with (`old`), whoever planted it, ends."""
        if old is not None:
            await self.end_presented(old)
        at = now()
        token = new_token(SESSION, uuid.uuid4().hex)
        ends = at + self.lifetimes.absolute_s
        session = Session(token.id, person.id, token.hash, account, at, at, ends, provider=provider)
        await self._sessions.open(session)
        by = {"account": account, "provider": provider}
        _log.info("signed in", person=person.id, party=person.party, session=session.id, **by)
        return SignedIn(token, session, person)

    async def authenticate(self, text: str) -> Principal:
        """Whom a token speaks for. Unauthenticated("NotAuthenticated") when it is forged, revoked, expired or idle."""
        token = read_token(text)
        if token is not None and token.kind == SESSION:
            return await self._by_session(token)
        if token is not None and token.kind == API_KEY:
            return await self._by_key(token)
        raise Unauthenticated("NotAuthenticated")

    async def change_password(self, who: Principal, present: str, wanted: str, address: str) -> None:
        """Ends the person's other sessions. Forbidden("PasswordWrong"), counted as a failure to sign in."""
        person = await self.person(who)
        paces = (person_pace(person.email), address_pace(address))
        await self._begin(paces)
        if not await self._passwords.fits(present, person.password_hash):
            raise Forbidden("PasswordWrong")
        await self._throttle.forgive(paces[1].subject, paces[0].subject)
        await self._people.set_password(person.id, await self._passwords.hashed(wanted))
        await self._sessions.end_all(person.id, now(), but=who.credential)
        _log.info("password changed", person=person.id)

    async def person(self, who: Principal) -> Person:
        """Forbidden("NotSignedInAsPerson") for an API key, and locally."""
        person = None if who.person is None else await self._people.get(who.person)
        if person is None:
            raise Forbidden("NotSignedInAsPerson")
        return person

    async def sessions(self, who: Principal) -> Sequence[Session]:
        """The person's live sessions, the latest first."""
        at = now()
        found = await self._sessions.of_person((await self.person(who)).id)
        return [s for s in found if self._live(s, at)]

    async def end(self, who: Principal, session: str) -> None:
        """NotFound("UnknownSession") when it is not one of the person's own."""
        if session not in {s.id for s in await self.sessions(who)}:
            raise NotFound("UnknownSession", session=session)
        await self._sessions.end(session, now())
        _log.info("session ended", person=who.person, session=session)

    async def end_all(self, who: Principal) -> None:
        """All of the person's sessions, this one too."""
        person = await self.person(who)
        await self._sessions.end_all(person.id, now())
        _log.info("all sessions ended", person=person.id)

    async def begin_from(self, address: str) -> None:
        """Counts an attempt of this address, for the ways in that name nobody."""
        await self._begin((address_pace(address),))

    async def forgive_from(self, address: str) -> None:
        """The attempt was none."""
        await self._throttle.forgive(address_pace(address).subject)

    async def _begin(self, paces: Sequence[Pace]) -> None:
        if wait_s := await self._throttle.begin(paces, now()):
            raise Conflict("TooManyAttempts", wait_s=wait_s)

    async def _use_code(self, person: Person, code: str) -> bool:
        if person.totp is None:
            return False
        step = self._codes.step(person.id, person.totp, code, now())
        return step is not None and await self._people.use_step(person.id, step)

    def lets_in(self, person: Person, provider: str | None = None) -> bool:
        """Whether the person may come, and stay, by this identity provider; None: by password or wallet."""
        return person.active and self._providers.opens(provider, person.party)

    async def end_presented(self, text: str) -> None:
        """Ends the session of a token, if it is one."""
        token = read_token(text)
        found = await self._sessions.with_person(token.id) if token is not None and token.kind == SESSION else None
        if token is not None and found is not None and token.fits(found[0].token_hash):
            await self._sessions.end(token.id, now())

    async def _by_session(self, token: Token) -> Principal:
        found = await self._sessions.with_person(token.id)
        at = now()
        fits = token.fits(None if found is None else found[0].token_hash)
        if found is None or not fits or not self._live(found[0], at) or not self.lets_in(found[1], found[0].provider):
            raise Unauthenticated("NotAuthenticated")
        session, person = found
        if session.account is not None and await self._party_of_account(session.account) != person.party:
            raise Unauthenticated("NotAuthenticated")
        if at - session.seen_at >= TOUCH_S:
            await self._touch(session.id, at, self._sessions.seen)
        return principal_of(session, person)

    async def _by_key(self, token: Token) -> Principal:
        key = await self._keys.get(token.id)
        at = now()
        fits = token.fits(None if key is None else key.token_hash)
        if key is None or not fits or key.revoked_at is not None or key.expires_at <= at:
            raise Unauthenticated("NotAuthenticated")
        if key.used_at is None or at - key.used_at >= TOUCH_S:
            await self._touch(key.id, at, self._keys.used)
        return Principal(key.party, None, frozenset(), key.scopes, "api_key", key.id, None)

    async def _touch(self, credential: str, at: int, write: Callable[[str, int], Awaitable[None]]) -> None:
        """Of requests that come at once one writes it down, and the others do not wait for the disk."""
        if credential not in self._touching:
            self._touching.add(credential)
            try:
                await write(credential, at)
            finally:
                self._touching.discard(credential)

    def _live(self, session: Session, at: int) -> bool:
        return session.ended_at is None and at < min(session.expires_at, session.seen_at + self.lifetimes.idle_s)
