"""Signing in with an account (EIP-4361): the server gives a nonce, the wallet signs a message of this site with it."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog

from api.domain.errors import Forbidden, InvalidInput, NotFound, Unauthenticated
from api.domain.people import Nonces, People, SignInMessage, Wallets
from api.domain.principal import Principal
from api.services.sign_in import SignedIn, SignIn, now

NONCE_S = 300

_log = structlog.get_logger("identity")


@dataclass(frozen=True, slots=True)
class Site:
    """For what a message has to be signed."""

    origin: str
    chain_id: int

    @property
    def domain(self) -> str:
        return urlsplit(self.origin).netloc


@dataclass(frozen=True, slots=True)
class Nonce:
    """Good for one message, until `expires_at`."""

    text: str
    expires_at: int


class WalletSignIn:
    """Use cases of people who hold keys."""

    def __init__(
        self,
        people: People,
        nonces: Nonces,
        wallets: Wallets,
        sign_in: SignIn,
        party_of_account: Callable[[str], Awaitable[int | None]],
        site: Site,
    ) -> None:
        self._people = people
        self._nonces = nonces
        self._wallets = wallets
        self._sign_in = sign_in
        self._party_of_account = party_of_account
        self.site = site

    async def nonce(self) -> Nonce:
        """For signing in."""
        return await self._new_nonce("in")

    async def link_nonce(self, who: Principal) -> Nonce:
        """For linking an account to this person: no message that was signed to sign in can link, nor the reverse."""
        return await self._new_nonce((await self._sign_in.person(who)).id)

    async def sign_in(self, text: str, signature: str, address: str, old: str | None) -> SignedIn:
        """InvalidInput("SignInMessageRefused") when the message is not for this site and moment;
        Unauthenticated("SignInRefused") when the nonce is not ours or was used, the signature is not the account's, or
        nobody active signs in by it whose company's account it is."""
        await self._sign_in.begin_from(address)
        message = self._for_us(text)
        person = None
        if await self._proved("in", message, signature):
            person = await self._people.by_account(message.account)
        known = person is not None and self._sign_in.lets_in(person)
        if person is None or not known or await self._party_of_account(message.account) != person.party:
            _log.info("sign-in refused", address=address, account=message.account)
            raise Unauthenticated("SignInRefused")
        await self._sign_in.forgive_from(address)
        return await self._sign_in.open(person, old, account=message.account)

    async def link(self, who: Principal, text: str, signature: str) -> str:
        """The account, now the person's to sign in by. Forbidden("AccountOfOtherParty"), Conflict("AccountLinked")."""
        person = await self._sign_in.person(who)
        message = self._for_us(text)
        if not await self._proved(person.id, message, signature):
            raise Unauthenticated("SignInRefused")
        if await self._party_of_account(message.account) != person.party:
            raise Forbidden("AccountOfOtherParty", account=message.account)
        await self._people.link(person.id, message.account)
        _log.info("account linked", person=person.id, account=message.account)
        return message.account

    async def unlink(self, who: Principal, account: str) -> None:
        """Ends the sessions that it opened. NotFound("UnknownAccount") when it is not the person's."""
        person = await self._sign_in.person(who)
        if not await self._people.unlink(person.id, account):
            raise NotFound("UnknownAccount", account=account)
        _log.info("account unlinked", person=person.id, account=account)

    async def accounts(self, who: Principal) -> Sequence[str]:
        return await self._people.accounts((await self._sign_in.person(who)).id)

    async def _new_nonce(self, purpose: str) -> Nonce:
        nonce = Nonce(secrets.token_hex(12), now() + NONCE_S)
        await self._nonces.put(f"{purpose}:{nonce.text}", nonce.expires_at)
        return nonce

    async def _proved(self, purpose: str, message: SignInMessage, signature: str) -> bool:
        """The nonce goes first: whatever the signature is, no second one is tried with it."""
        if not await self._nonces.take(f"{purpose}:{message.nonce}", now()):
            return False
        return await self._wallets.signed(message, signature)

    def _for_us(self, text: str) -> SignInMessage:
        message = self._wallets.read(text)
        scheme = urlsplit(self.site.origin).scheme
        at = now()
        checks: Sequence[tuple[str, bool, object, object]] = (
            ("scheme", message.scheme in (None, scheme), scheme, message.scheme),
            ("domain", message.domain == self.site.domain, self.site.domain, message.domain),
            ("uri", f"{message.uri}/".startswith(f"{self.site.origin}/"), self.site.origin, message.uri),
            ("chain-id", message.chain_id == self.site.chain_id, self.site.chain_id, message.chain_id),
            ("issued-at", abs(at - message.issued_at) <= 2 * NONCE_S, at, message.issued_at),
            ("expiration-time", message.expires_at is None or at < message.expires_at, at, message.expires_at),
            ("not-before", message.not_before is None or message.not_before <= at, at, message.not_before),
        )
        for field, holds, expected, found in checks:
            if not holds:
                raise InvalidInput("SignInMessageRefused", field=field, expected=expected, found=found)
        return message
