"""Passwords as argon2id hashes."""

from __future__ import annotations

import anyio
from anyio import to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_AT_ONCE = 2
"""Each hash takes 64 MiB and a core: more at once is only a way to exhaust the server."""


class ArgonPasswords:
    """Implements Passwords, with RFC 9106's second set of parameters (64 MiB, 3 passes, 4 lanes) unless told otherwise. What a
    hash cost stands in it: one of any parameters can be checked."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobody: str | None = None
        self._limiter: anyio.CapacityLimiter | None = None

    async def hashed(self, password: str) -> str:
        return await to_thread.run_sync(self._hasher.hash, password, limiter=self._limit())

    async def fits(self, password: str, password_hash: str | None) -> bool:
        if self._nobody is None:
            self._nobody = await self.hashed("nobody has this password")
        same = await to_thread.run_sync(self._verify, password, password_hash or self._nobody, limiter=self._limit())
        return same and password_hash is not None

    def _verify(self, password: str, password_hash: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    def _limit(self) -> anyio.CapacityLimiter:
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(_AT_ONCE)
        return self._limiter
