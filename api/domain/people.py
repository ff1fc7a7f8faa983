"""People of companies, how they prove who they are, and what is kept of it. Secrets are kept as hashes, or sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from api.domain.principal import PersonRole

SCOPES = frozenset({"read", "write"})
"""What an API key may be for."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works for a party (0: the network operator). `email` is folded: it is the name to sign in by.

    `password_hash` and `totp` (sealed) are None until the person has enrolled; `totp_step` is the last time step whose
    code was used. Whoever comes by the company's identity provider has its `issuer` and `subject` there in place of a
    password. Times are Unix seconds of the server's clock here and below: a chain's clock may stand still.
    """

    id: str
    party: int
    email: str
    name: str
    roles: frozenset[PersonRole]
    active: bool
    created_at: int
    password_hash: str | None = None
    totp: str | None = None
    totp_step: int = 0
    issuer: str | None = None
    subject: str | None = None

    @property
    def enrolled(self) -> bool:
        return self.totp is not None and (self.password_hash is not None or self.subject is not None)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time token by which a person chooses a password, or the company's identity provider, and shows a first code.
    `password_hash` and `totp` are what was chosen and not yet confirmed; `totp_step` is the code's that was shown before
    the person went to the provider."""

    person: str
    token_hash: str
    expires_at: int
    password_hash: str | None = None
    totp: str | None = None
    totp_step: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in. `account` is the wallet, `provider` the company's identity provider that signed in, if one did;
    `ended_at` is None while it may be used."""

    id: str
    person: str
    token_hash: str
    account: str | None
    created_at: int
    seen_at: int
    expires_at: int
    ended_at: int | None = None
    provider: str | None = None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What a company's program signs its requests in with. `created_by` is a person's id."""

    id: str
    party: int
    name: str
    scopes: frozenset[str]
    token_hash: str
    created_by: str
    created_at: int
    expires_at: int
    used_at: int | None = None
    revoked_at: int | None = None


class People(Protocol):
    """People, their invitations and the accounts they have proved to hold."""

    async def get(self, person: str) -> Person | None: ...

    async def by_email(self, email: str) -> Person | None: ...

    async def by_account(self, account: str) -> Person | None: ...

    async def by_subject(self, party: int, issuer: str, subject: str) -> Person | None: ...

    async def of_party(self, party: int) -> Sequence[Person]:
        """In the order of their making."""
        ...

    async def invite(self, person: Person, invitation: Invitation) -> None:
        """Stores both, and forgets earlier invitations of the person. Conflict("EmailTaken") when somebody has the name."""
        ...

    async def renew(self, invitation: Invitation) -> None:
        """Forgets the person's password, subject, TOTP secret, accounts, signing key and earlier invitations; ends its
        sessions."""
        ...

    async def invitation(self, person: str) -> Invitation | None: ...

    async def choose(self, invitation: Invitation) -> None:
        """Keeps what was chosen and shown, until it is confirmed."""
        ...

    async def enrol(self, invitation: Invitation, step: int) -> bool:
        """Gives the person what the invitation holds, and uses the invitation up. False when it was used already."""
        ...

    async def connect(self, invitation: Invitation, issuer: str, subject: str) -> bool:
        """The same with a provider's subject. Conflict("SubjectLinked") when it is somebody's of the company already."""
        ...

    async def set_roles(self, person: str, roles: frozenset[PersonRole]) -> None:
        """Conflict("LastAdmin") when the party would have no admin left who can sign in."""
        ...

    async def set_active(self, person: str, active: bool) -> None:
        """Disabling ends the person's sessions. Conflict("LastAdmin") as for roles."""
        ...

    async def set_password(self, person: str, password_hash: str) -> None: ...

    async def use_step(self, person: str, step: int) -> bool:
        """Marks a TOTP time step as used. False when it, or a later one, was used before: of two, one wins."""
        ...

    async def accounts(self, person: str) -> Sequence[str]: ...

    async def link(self, person: str, account: str) -> None:
        """Conflict("AccountLinked") when the account is somebody's already."""
        ...

    async def unlink(self, person: str, account: str) -> bool:
        """Also ends the sessions that the account opened. False when it was not the person's."""
        ...


class Sessions(Protocol):
    """Sign-ins."""

    async def open(self, session: Session) -> None: ...

    async def with_person(self, session: str) -> tuple[Session, Person] | None: ...

    async def of_person(self, person: str) -> Sequence[Session]:
        """Those that have not ended, the latest first."""
        ...

    async def seen(self, session: str, at: int) -> None: ...

    async def end(self, session: str, at: int) -> None: ...

    async def end_all(self, person: str, at: int, but: str | None = None) -> None: ...


class ApiKeys(Protocol):
    """Keys of companies' programs."""

    async def put(self, key: ApiKey) -> None: ...

    async def get(self, key: str) -> ApiKey | None: ...

    async def of_party(self, party: int) -> Sequence[ApiKey]: ...

    async def used(self, key: str, at: int) -> None: ...

    async def revoke(self, party: int, key: str, at: int) -> bool:
        """False when the party has no such key."""
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How a subject (a name to sign in by, a network address) is slowed down: after its n-th failure in a row it waits for
    `waits[n - 1]` seconds, the last entry holding from there on."""

    subject: str
    waits: Sequence[int]


class Throttle(Protocol):
    """Failures to sign in, per subject."""

    async def begin(self, paces: Sequence[Pace], at: int) -> int:
        """0: the attempt may be made, and counts as a failure of each subject until it is forgiven, so attempts side by
        side are counted too. Else the seconds to wait, and nothing is counted."""
        ...

    async def forgive(self, address: str, person: str | None = None) -> None:
        """The attempt was none: the person starts anew, of the address one failure is taken back (else whoever has one
        account of his own could go on guessing others')."""
        ...


class Nonces(Protocol):
    """Nonces of messages to sign, each good for one use."""

    async def put(self, nonce: str, expires_at: int) -> None: ...

    async def take(self, nonce: str, at: int) -> bool:
        """True once, and only before it expires."""
        ...


class Passwords(Protocol):
    """Slow hashes of passwords."""

    async def hashed(self, password: str) -> str: ...

    async def fits(self, password: str, password_hash: str | None) -> bool:
        """Costs the same when there is no hash (None), which nothing fits."""
        ...


class Codes(Protocol):
    """Time-based one-time codes (RFC 6238). Secrets leave here sealed."""

    def secret(self) -> str:
        """A new secret, base32."""
        ...

    def seal(self, person: str, secret: str) -> str: ...

    def address(self, secret: str, email: str) -> str:
        """otpauth://… for the QR code of an authenticator."""
        ...

    def step(self, person: str, sealed: str, code: str, at: int) -> int | None:
        """The time step that the code is of; None when it is of none near `at`."""
        ...


@dataclass(frozen=True, slots=True)
class SignInMessage:
    """What an EIP-4361 message, `text`, says. Times are Unix seconds."""

    text: str
    scheme: str | None
    domain: str
    uri: str
    chain_id: int
    nonce: str
    account: str
    issued_at: int
    expires_at: int | None
    not_before: int | None


class Wallets(Protocol):
    """Messages of Sign-In with Ethereum, and who signed them."""

    def read(self, message: str) -> SignInMessage:
        """InvalidInput("SignInMessageInvalid") when it is not of EIP-4361's grammar."""
        ...

    async def signed(self, message: SignInMessage, signature: str) -> bool:
        """Did the account (a key, low-s alone, or by ERC-1271 a contract) sign this message?"""
        ...
