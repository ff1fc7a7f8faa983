"""Secrets that are handed out once: opaque, 256 random bits, kept as SHA-256 and compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

SESSION, API_KEY, SET_UP = "scf_s_", "scf_k_", "scf_i_"
_FORM = re.compile(r"(scf_[ski]_)([0-9a-f]{32})\.([A-Za-z0-9_-]{43})")
_NOBODY = hashlib.sha256(b"nobody's secret").hexdigest()


@dataclass(frozen=True, slots=True)
class Token:
    """`id` finds the record, `secret` proves it; `text` is what the holder keeps."""

    kind: str
    id: str
    secret: str

    @property
    def text(self) -> str:
        return f"{self.kind}{self.id}.{self.secret}"

    @property
    def hash(self) -> str:
        """What is kept of the secret. It is random, so a plain hash cannot be guessed back."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def fits(self, kept: str | None) -> bool:
        """In constant time, and no quicker where nothing is kept."""
        same = hmac.compare_digest(self.hash, kept or _NOBODY)
        return same and kept is not None


def new_token(kind: str, record: str) -> Token:
    """A new secret for the record of this id (UUIDv4 hex)."""
    return Token(kind, record, secrets.token_urlsafe(32))


def read_token(text: str) -> Token | None:
    """None when it has not the form of one."""
    found = _FORM.fullmatch(text)
    return None if found is None else Token(found[1], found[2], found[3])
