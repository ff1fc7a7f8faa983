"""Asking identity providers. The operator named the issuer, which may well lie in an inner network; what else a provider
names of itself must be public. Otherwise as for webhooks: no redirects, no proxies, no cookies, a time limit."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp

from api.domain.errors import Unavailable
from api.outbound.addresses import check_url, origin_of
from api.outbound.poster import FAILURES, CheckedResolver, reason_of

LARGEST_ANSWER = 262_144
"""Bytes. Discovery documents and key sets take a few thousand."""


class HttpFetcher:
    """Implements Fetch. Sign-ins are rare: each request has a connection of its own, to what was just resolved."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)

    async def ask(
        self, url: str, issuer: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        named = origin_of(url) == origin_of(issuer)
        try:
            if not named:
                check_url(url, local=False)
            connector = aiohttp.TCPConnector(resolver=None if named else CheckedResolver(False), force_close=True)
            async with (
                aiohttp.ClientSession(
                    connector=connector, timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
                ) as session,
                session.request(
                    "GET" if form is None else "POST",
                    url,
                    data=form,
                    headers={"Accept": "application/json", **(headers or {})},
                    allow_redirects=False,
                ) as answer,
            ):
                return answer.status, await _bounded(answer)
        except FAILURES as error:
            raise Unavailable("ProviderUnavailable", issuer=issuer, reason=reason_of(error)) from error


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    body = b""
    async for part in answer.content.iter_chunked(16_384):
        body += part
        if len(body) > LARGEST_ANSWER:
            raise aiohttp.ClientPayloadError("too large")
    return body
