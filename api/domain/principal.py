"""Who asks: a person of a company, one of its programs, or whoever sits at this machine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PersonRole(StrEnum):
    """What a person may do for its company. A person may hold several."""

    ADMIN = "admin"
    """Invites people, gives roles, makes API keys."""
    MAKER = "maker"
    """Prepares acts."""
    CHECKER = "checker"
    """Approves what another person prepared."""
    VIEWER = "viewer"
    """Reads."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. What it may do and see is decided in api/domain/access.py alone."""

    party: int
    """The company it speaks for; 0: the network operator."""
    person: str | None
    """Id of a person (UUIDv4 hex); None for an API key, and locally."""
    roles: frozenset[PersonRole]
    scopes: frozenset[str]
    """Of an API key ("read", "write"); empty for people."""
    means: str
    """ "local", "session" or "api_key"."""
    credential: str
    """Id of the session or API key: for logs and rate limits, never the secret."""
    account: str | None
    """The account that signed in, when by wallet (SIWE)."""
    provider: str | None = None
    """The company's identity provider that signed in, when one did."""


LOCAL = Principal(0, None, frozenset(PersonRole), frozenset(), "local", "local", None)
"""With identity off: whoever reaches the loopback address may do all."""
