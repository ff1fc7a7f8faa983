"""Signing in by a company's own identity provider: the browser goes there with an attempt of its own, and comes back.

A person is linked to the provider's subject by an invitation, never by a name or an e-mail address that the provider
tells. It binds an authenticator then as everybody does: the provider opens sessions, the authenticator signs."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from api.domain.errors import CascadeError, Unauthenticated
from api.domain.people import People, Person
from api.domain.providers import Attempt, Begun, OpenId, Provider, Providers, SignInsBegun, new_attempt
from api.services.people import Chosen, Staff
from api.services.sign_in import SignedIn, SignIn, now

BEGUN_S = 600
"""How long somebody may stay at the provider."""
HOME = "#/"

_log = structlog.get_logger("identity")


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser goes, and the secret that it keeps until it is back."""

    address: str
    secret: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider sent the browser back with."""

    state: str
    code: str | None
    error: str | None
    issuer: str | None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A new session, and where in the page it goes on."""

    signed_in: SignedIn
    view: str


class ProviderSignIn:
    """Use cases of people whose company has a provider."""

    def __init__(
        self,
        providers: Providers,
        openid: OpenId,
        begun: SignInsBegun,
        people: People,
        staff: Staff,
        sign_in: SignIn,
        origin: str,
    ) -> None:
        self.providers = providers
        self._openid = openid
        self._begun = begun
        self._people = people
        self._staff = staff
        self._sign_in = sign_in
        self._origin = origin

    async def begin(self, provider: str, view: str, old: str | None) -> Departure:
        """Ends the session that the request came with (`old`). NotFound("UnknownProvider"),
        Unavailable("ProviderUnavailable")."""
        return await self._depart(self.providers.get(provider), view, old)

    async def choose(self, provider: str, token: str) -> Chosen:
        """The first half of enrolling: a secret for the authenticator. Forbidden("ProviderOfOtherParty"),
        Unauthenticated("SetUpTokenInvalid")."""
        return await self._staff.choose_provider(self.providers.get(provider), token)

    async def confirm(self, provider: str, token: str, code: str, old: str | None) -> Departure:
        """The second half: the authenticator works; whom the provider then signs in is linked to the person.
        InvalidInput("CodeInvalid"), and as `begin` and `choose`."""
        known = self.providers.get(provider)
        invitation = await self._staff.confirm_provider(known, token, code)
        return await self._depart(known, HOME, old, invitation.person, invitation.token_hash)

    async def finish(self, provider: str, answer: Answer, secret: str | None, address: str) -> Arrived:
        """Unauthenticated("SignInNotBegun") when this browser did not ask for it, or too long ago, or was answered;
        Unauthenticated("ProviderRefused"), Unauthenticated("IdTokenInvalid"); Unauthenticated("PersonNotLinked") when the
        subject is nobody's of the company who is active; Conflict("SubjectLinked") when it is already somebody's who is
        not the one invited; Conflict("TooManyAttempts")."""
        known = self.providers.get(provider)
        try:
            await self._sign_in.begin_from(address)
            attempt = Attempt(secret or "")
            begun = await self._taken(known, attempt, answer) if secret else None
            if begun is None:
                raise Unauthenticated("SignInNotBegun")
            await self._sign_in.forgive_from(address)
            if answer.code is None or answer.error is not None:
                raise Unauthenticated("ProviderRefused", error=str(answer.error)[:40])
            subject = await self._openid.subject(known, attempt, self._back(known), answer.code, answer.issuer)
            person = await self._linked(known, begun, subject)
        except CascadeError as error:
            _log.info("sign-in refused", provider=provider, address=address, rule=error.rule, **error.evidence)
            raise
        return Arrived(await self._sign_in.open(person, None, provider=provider), begun.view)

    async def _depart(
        self, provider: Provider, view: str, old: str | None, person: str | None = None, invitation: str | None = None
    ) -> Departure:
        attempt = new_attempt()
        address = await self._openid.address(provider, attempt, self._back(provider))
        await self._begun.put(Begun(attempt.hash, provider.id, view, now() + BEGUN_S, person, invitation))
        if old is not None:
            await self._sign_in.end_presented(old)
        return Departure(address, attempt.secret)

    async def _taken(self, provider: Provider, attempt: Attempt, answer: Answer) -> Begun | None:
        """The sign-in under way; it goes first, so nothing is tried twice with it."""
        if not attempt.fits(answer.state):
            return None
        begun = await self._begun.take(attempt.hash, now())
        return begun if begun is not None and begun.provider == provider.id else None

    async def _linked(self, provider: Provider, begun: Begun, subject: str) -> Person:
        if begun.person is not None and begun.invitation is not None:
            return await self._staff.connect(provider, begun.person, begun.invitation, subject)
        person = await self._people.by_subject(provider.party, provider.issuer, subject)
        if person is None or not self._sign_in.lets_in(person, provider.id):
            raise Unauthenticated("PersonNotLinked")
        return person

    def _back(self, provider: Provider) -> str:
        """Each provider's own, so that none can answer in another's name."""
        return f"{self._origin}/auth/providers/{provider.id}/callback"
