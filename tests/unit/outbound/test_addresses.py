"""Where this server lets itself be sent, and where not."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web
from aiohttp.resolver import ThreadedResolver
from aiohttp.test_utils import TestServer

from api.domain.errors import InvalidInput, Unavailable
from api.outbound.addresses import check_url, is_public
from api.outbound.fetcher import LARGEST_ANSWER, HttpFetcher
from api.outbound.poster import HttpPoster
from tests.api.http.receiver import receiving

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "255.255.255.255", "224.0.0.1", "198.18.0.1", "192.0.2.1", "240.0.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1"),
    ],
)
def test_addresses_of_inner_networks(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "https://localhost/", "http://[::1]/x", "https://127.0.0.1/"])
def test_this_machine_only_where_it_is_local(url: str) -> None:
    assert check_url(url, local=True).hostname
    with pytest.raises(InvalidInput, match="WebhookAddressRefused"):
        check_url(url, local=False)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "2130706433",
            "017700000001",
            "0177.0.0.1",
            "0177.1",
            "0x7f.1",
            "0x7f000001",
            "0x7f.0.0.1",
            "127.1",
            "127.0.0.1.",
        ),
        *(
            "localhost.",
            "LOCALHOST",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[0:0:0:0:0:0:0:1]",
        ),
    ],
)
async def test_other_ways_to_write_this_machine_lead_nowhere(host: str) -> None:
    with receiving() as receiver:
        async with HttpPoster(False, 5) as poster:
            for scheme in ("http", "https"):
                status, error = await poster.post(f"{scheme}://{host}:{receiver.port}/", b"{}", [])
                assert status is None
                assert error == "address_refused"
        assert receiver.received == []


async def test_a_name_that_leads_inside_is_refused_when_it_is_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name's owner may answer another address each time: the one that was checked is the one that is used."""
    answers = iter([["93.184.216.34", "10.0.0.1"], ["127.0.0.1"], ["::ffff:127.0.0.1"]])
    asked: list[str] = []

    async def resolve(self: ThreadedResolver, host: str, port: int = 0, family: Any = 0) -> list[dict[str, Any]]:
        asked.append(host)
        return [{"hostname": host, "host": a, "port": port, "family": 2, "proto": 0, "flags": 0} for a in next(answers)]

    monkeypatch.setattr(ThreadedResolver, "resolve", resolve)
    with receiving() as receiver:
        async with HttpPoster(True, 5) as poster:
            for _ in range(3):
                found = await poster.post(f"https://rebinding.example:{receiver.port}/", b"{}", [])
                assert found == (None, "address_refused")
        assert receiver.received == []
    assert asked == ["rebinding.example"] * 3


async def test_a_redirect_is_not_followed() -> None:
    """Wherever it leads, also to this machine's other doors."""
    for status in (301, 302, 303, 307, 308):
        with receiving(lambda n, status=status: status if n == 0 else 204) as receiver:  # type: ignore[misc]
            async with HttpPoster(True, 5) as poster:
                assert await poster.post(receiver.url, b"{}", []) == (status, None)
            assert len(receiver.received) == 1


async def test_what_is_not_encrypted_is_no_https_receiver() -> None:
    with receiving() as receiver:
        async with HttpPoster(True, 5) as poster:
            status, error = await poster.post(f"https://127.0.0.1:{receiver.port}/", b"{}", [])
    assert (status, error) == (None, "unreachable")


@pytest.mark.parametrize(
    "url", ["https://10.0.0.7/token", "http://127.0.0.1:9/", "https://localhost/", "ftp://a.example/"]
)
async def test_what_a_provider_names_is_public_unless_it_is_its_issuers(url: str) -> None:
    with pytest.raises(Unavailable, match="address_refused"):
        await HttpFetcher(5).ask(url, "https://login.example")


async def test_an_answer_is_bounded() -> None:
    async def large(_: web.Request) -> web.Response:
        return web.Response(body=b" " * (LARGEST_ANSWER + 1))

    app = web.Application()
    app.router.add_get("/", large)
    async with TestServer(app) as server:
        issuer = str(server.make_url("/"))
        with pytest.raises(Unavailable, match="unreachable"):
            await HttpFetcher(30).ask(issuer, issuer)
