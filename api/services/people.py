"""People of a company: invited by an administrator, enrolled by themselves, with roles, disabled when they leave."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from api.domain.errors import Forbidden, InvalidInput, NotFound, Unauthenticated
from api.domain.people import Codes, Invitation, Passwords, People, Person
from api.domain.principal import PersonRole, Principal
from api.domain.providers import Provider, Providers
from api.domain.tokens import SET_UP, Token, new_token, read_token
from api.services.sign_in import fold_email, now

SET_UP_S = 72 * 3600
"""How long an invitation holds."""

_log = structlog.get_logger("identity")


@dataclass(frozen=True, slots=True)
class Invited:
    """A person who is to enrol; `token` is told once, to be handed over by another way than the API."""

    person: Person
    token: Token
    expires_at: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """The secret for the person's authenticator, told once, and the same as an otpauth:// address."""

    secret: str
    address: str


def require_admin(who: Principal) -> None:
    """Forbidden("NotCompanyAdmin") unless a person with that role asks. An API key never is one."""
    if PersonRole.ADMIN not in who.roles:
        raise Forbidden("NotCompanyAdmin")


class Staff:
    """Use cases on the people of a party. Whoever asks is confined to its own party."""

    def __init__(self, people: People, passwords: Passwords, codes: Codes, providers: Providers) -> None:
        self._people = people
        self._providers = providers
        self._passwords = passwords
        self._codes = codes

    async def listing(self, who: Principal) -> Sequence[Person]:
        return await self._people.of_party(who.party)

    async def get(self, who: Principal, person: str) -> Person:
        """NotFound("UnknownPerson") also when it is another company's: that it exists is nobody's business."""
        found = await self._people.get(person)
        if found is None or found.party != who.party:
            raise NotFound("UnknownPerson", person=person)
        return found

    async def invite(self, who: Principal, email: str, name: str, roles: frozenset[PersonRole]) -> Invited:
        """Conflict("EmailTaken") when somebody signs in by that address."""
        require_admin(who)
        person = Person(uuid.uuid4().hex, who.party, fold_email(email), name.strip(), roles, True, now())
        token = new_token(SET_UP, person.id)
        invitation = Invitation(person.id, token.hash, now() + SET_UP_S)
        await self._people.invite(person, invitation)
        _log.info("person invited", person=person.id, party=person.party, by=who.credential, roles=sorted(roles))
        return Invited(person, token, invitation.expires_at)

    async def reset(self, who: Principal, person: str) -> Invited:
        """For who lost password or authenticator: everything they sign in with is forgotten, sessions end, and they enrol
        anew."""
        require_admin(who)
        found = await self.get(who, person)
        token = new_token(SET_UP, found.id)
        invitation = Invitation(found.id, token.hash, now() + SET_UP_S)
        await self._people.renew(invitation)
        _log.info("person reset", person=found.id, party=found.party, by=who.credential)
        forgotten = replace(found, password_hash=None, totp=None, issuer=None, subject=None)
        return Invited(forgotten, token, invitation.expires_at)

    async def set_roles(self, who: Principal, person: str, roles: frozenset[PersonRole]) -> Person:
        """Conflict("LastAdmin") when the company would be left without."""
        require_admin(who)
        found = await self.get(who, person)
        await self._people.set_roles(found.id, roles)
        _log.info("roles set", person=found.id, party=found.party, by=who.credential, roles=sorted(roles))
        return replace(found, roles=roles)

    async def set_active(self, who: Principal, person: str, active: bool) -> Person:
        """Disabling ends the person's sessions at once. Conflict("LastAdmin") when the company would be left without."""
        require_admin(who)
        found = await self.get(who, person)
        await self._people.set_active(found.id, active)
        _log.info("person enabled" if active else "person disabled", person=found.id, by=who.credential)
        return replace(found, active=active)

    async def choose(self, token: str, password: str) -> Chosen:
        """The first half of enrolling: a password, against a secret for the authenticator. May be done again until it is
        confirmed. Unauthenticated("SetUpTokenInvalid"), Forbidden("ProviderDemanded")."""
        invitation, person = await self._invited(token)
        if self._providers.demanded_of(person.party):
            raise Forbidden("ProviderDemanded")
        return await self._choose(invitation, person, await self._passwords.hashed(password))

    async def choose_provider(self, provider: Provider, token: str) -> Chosen:
        """The same with the company's identity provider in place of a password. Forbidden("ProviderOfOtherParty")."""
        return await self._choose(*await self._invited_by(provider, token), None)

    async def confirm(self, token: str, code: str) -> Person:
        """The second half: the authenticator works. The token is used up. InvalidInput("CodeInvalid") when the code does
        not fit, or nothing was chosen yet."""
        invitation, person = await self._invited(token)
        step = None if invitation.password_hash is None else self._step(invitation, code)
        if step is None:
            raise InvalidInput("CodeInvalid")
        if not await self._people.enrol(invitation, step):
            raise Unauthenticated("SetUpTokenInvalid")
        _log.info("person enrolled", person=person.id, party=person.party)
        return replace(person, password_hash=invitation.password_hash, totp=invitation.totp)

    async def confirm_provider(self, provider: Provider, token: str, code: str) -> Invitation:
        """The second half with a provider: the authenticator works. What is left is to be signed in there."""
        invitation, _ = await self._invited_by(provider, token)
        step = None if invitation.password_hash is not None else self._step(invitation, code)
        if step is None:
            raise InvalidInput("CodeInvalid")
        await self._people.choose(replace(invitation, totp_step=step))
        return invitation

    async def connect(self, provider: Provider, person: str, token_hash: str, subject: str) -> Person:
        """And the end: whom the provider signed in is the person who was invited. The token is used up.
        Unauthenticated("SetUpTokenInvalid"), Conflict("SubjectLinked")."""
        invitation, invited = await self._people.invitation(person), await self._people.get(person)
        if (
            invitation is None
            or invited is None
            or not hmac.compare_digest(invitation.token_hash, token_hash)
            or invitation.expires_at <= now()
            or not invited.active
            or not await self._people.connect(invitation, provider.issuer, subject)
        ):
            raise Unauthenticated("SetUpTokenInvalid")
        _log.info("person enrolled", person=invited.id, party=invited.party, provider=provider.id)
        return replace(invited, totp=invitation.totp, issuer=provider.issuer, subject=subject)

    async def _choose(self, invitation: Invitation, person: Person, password_hash: str | None) -> Chosen:
        secret = self._codes.secret()
        sealed = self._codes.seal(person.id, secret)
        await self._people.choose(replace(invitation, password_hash=password_hash, totp=sealed, totp_step=None))
        return Chosen(secret, self._codes.address(secret, person.email))

    def _step(self, invitation: Invitation, code: str) -> int | None:
        sealed = invitation.totp
        return None if sealed is None else self._codes.step(invitation.person, sealed, code, now())

    async def _invited_by(self, provider: Provider, token: str) -> tuple[Invitation, Person]:
        invitation, person = await self._invited(token)
        if person.party != provider.party:
            raise Forbidden("ProviderOfOtherParty", provider=provider.id)
        return invitation, person

    async def _invited(self, text: str) -> tuple[Invitation, Person]:
        token = read_token(text)
        invitation = await self._people.invitation(token.id) if token is not None and token.kind == SET_UP else None
        person = None if invitation is None else await self._people.get(invitation.person)
        fits = token is not None and token.fits(None if invitation is None else invitation.token_hash)
        if invitation is None or person is None or not fits or invitation.expires_at <= now() or not person.active:
            raise Unauthenticated("SetUpTokenInvalid")
        return invitation, person
