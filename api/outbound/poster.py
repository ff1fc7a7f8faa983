"""Posting to addresses that others named: resolved once, checked, and connected to what was checked; no redirects, no
proxies, no cookies, a time limit, and nothing read of the answer but its status."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from api.domain.errors import InvalidInput
from api.outbound.addresses import check_url, is_loopback, is_public


class AddressRefused(OSError):
    """A name that leads where nothing may be sent."""


FAILURES = (InvalidInput, aiohttp.ClientError, OSError)
"""What becomes of a request that is not answered."""


def reason_of(error: Exception) -> str:
    """Which of them, as others are told."""
    if isinstance(error, InvalidInput | AddressRefused) or isinstance(error.__cause__, AddressRefused):
        return "address_refused"
    if isinstance(error, TimeoutError):
        return "timeout"
    return "certificate" if isinstance(error, aiohttp.ClientConnectorCertificateError) else "unreachable"


class CheckedResolver(AbstractResolver):
    """Resolves names, and refuses those of which any address is not public. What it answers is what is connected to, so a
    name cannot change between the look and the connection."""

    def __init__(self, local: bool) -> None:
        self._inner = ThreadedResolver()
        self._local = local

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        for one in found:
            address = one["host"]
            if not is_public(address) and not (self._local and host == "localhost" and is_loopback(address)):
                raise AddressRefused(f"{host} is {address}")
        return found

    async def close(self) -> None:
        await self._inner.close()


class HttpPoster:
    """Implements Poster. `local`: this machine may be sent to, under a loopback name or address."""

    def __init__(self, local: bool, timeout_s: float) -> None:
        self._local = local
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, connect=timeout_s / 2)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    def check(self, url: str) -> None:
        check_url(url, local=self._local)

    async def post(self, url: str, body: bytes, headers: Sequence[tuple[str, str]]) -> tuple[int | None, str | None]:
        try:
            check_url(url, local=self._local)
            async with self._open().post(url, data=body, headers=list(headers), allow_redirects=False) as answer:
                return answer.status, None
        except FAILURES as error:
            return None, reason_of(error)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            # No connection is kept: the next delivery resolves and checks again.
            connector = aiohttp.TCPConnector(
                resolver=CheckedResolver(self._local), use_dns_cache=False, force_close=True, limit=0
            )
            self._session = aiohttp.ClientSession(
                connector=connector, timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
            )
        return self._session
