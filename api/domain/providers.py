"""Identity providers of companies (OpenID Connect): whose people each may sign in, and what holds one sign-in together."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from api.domain.errors import NotFound


@dataclass(frozen=True, slots=True)
class Provider:
    """A company's own identity provider, as the network's operator set it up. It signs in people of `party` (0: the
    operator's own) and nobody else's; `only`: they come in by no other way."""

    id: str
    party: int
    name_zh: str
    name_en: str
    issuer: str
    client_id: str
    only: bool = False


class Providers:
    """All that are set up."""

    def __init__(self, providers: Iterable[Provider] = ()) -> None:
        self._by_id = {provider.id: provider for provider in providers}
        self._demanding = frozenset(p.party for p in self._by_id.values() if p.only)

    def all(self) -> Sequence[Provider]:
        return list(self._by_id.values())

    def get(self, provider: str) -> Provider:
        """NotFound("UnknownProvider")."""
        if provider not in self._by_id:
            raise NotFound("UnknownProvider", provider=provider)
        return self._by_id[provider]

    def demanded_of(self, party: int) -> bool:
        """Whether the company's people come by its provider alone."""
        return party in self._demanding

    def opens(self, provider: str | None, party: int) -> bool:
        """Whether a session of the company's people that was opened so (None: by password or wallet) counts."""
        if provider is None:
            return not self.demanded_of(party)
        return provider in self._by_id and self._by_id[provider].party == party


@dataclass(frozen=True, slots=True)
class Attempt:
    """What holds one sign-in together, made of a secret that lies in the browser's cookie and nowhere else. `state` comes
    back in the address, `nonce` in the ID token, and by `verifier` the provider knows who redeems the code (PKCE)."""

    secret: str

    @property
    def state(self) -> str:
        return self._made("state")

    @property
    def nonce(self) -> str:
        return self._made("nonce")

    @property
    def verifier(self) -> str:
        return self._made("verifier")

    @property
    def challenge(self) -> str:
        """Of the verifier, S256."""
        return written(hashlib.sha256(self.verifier.encode()).digest())

    @property
    def hash(self) -> str:
        """Under what the sign-in is kept: tells neither secret nor state."""
        return hashlib.sha256(self.state.encode()).hexdigest()

    def fits(self, state: str) -> bool:
        """Whether an answer of this state was asked for in the browser that has the secret. In constant time."""
        return hmac.compare_digest(self.state.encode(), state.encode())

    def _made(self, purpose: str) -> str:
        return written(hmac.digest(self.secret.encode(), purpose.encode(), "sha256"))


def new_attempt() -> Attempt:
    """256 random bits."""
    return Attempt(secrets.token_urlsafe(32))


def written(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way, by its attempt's hash. `view` is where in the page it goes on. `person` and `invitation` (the
    hash of its token): whom it links to the provider's subject; None where somebody linked signs in."""

    attempt: str
    provider: str
    view: str
    expires_at: int
    person: str | None = None
    invitation: str | None = None


class SignInsBegun(Protocol):
    """Sign-ins under way."""

    async def put(self, begun: Begun) -> None: ...

    async def take(self, attempt: str, at: int) -> Begun | None:
        """Once, and only before it expires."""
        ...


class Fetch(Protocol):
    """Requests to a provider."""

    async def ask(
        self, url: str, issuer: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Status and body of GET, or of POST with a form. Unavailable("ProviderUnavailable") says why there is none."""
        ...


class OpenId(Protocol):
    """What is said to providers, and believed of them. Each may raise Unavailable("ProviderUnavailable")."""

    async def address(self, provider: Provider, attempt: Attempt, back: str) -> str:
        """Where the browser goes to sign in; it comes back to the address `back`."""
        ...

    async def subject(self, provider: Provider, attempt: Attempt, back: str, code: str, issuer: str | None) -> str:
        """Whom the provider signed in, by the code that it gave (RFC 9207: and said who it is).
        Unauthenticated("ProviderRefused"), Unauthenticated("IdTokenInvalid")."""
        ...
