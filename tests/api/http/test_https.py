"""The session's cookie over https: the API behind a certificate of the test's own, as a browser meets it."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import anyio
import httpx
import pytest
import uvicorn
from anyio.from_thread import start_blocking_portal

from api.bootstrap import open_services
from api.chain.local import free_port
from api.config import Settings
from api.domain.principal import PersonRole
from api.main import create_app
from tests.api.http.staff import Guarded
from tests.api.http.town import check_problem

NAME = "__Host-session"


@dataclass(frozen=True)
class Site:
    """Where it is, and what a browser needs to believe it."""

    origin: str
    trust: ssl.SSLContext

    def browser(self) -> httpx.Client:
        return httpx.Client(base_url=self.origin, verify=self.trust, timeout=60)


def certificate(folder: Path) -> tuple[Path, Path]:
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    return key, cert


async def serve(settings: Settings, key: Path, cert: Path, started: anyio.Event, stop: anyio.Event) -> None:
    async with open_services(settings, "api") as services:
        config = uvicorn.Config(
            create_app(settings, services),
            host="127.0.0.1",
            port=settings.port,
            ssl_keyfile=str(key),
            ssl_certfile=str(cert),
            log_level="warning",
        )
        server = uvicorn.Server(config)
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(server.serve)
            while not server.started:  # noqa: ASYNC110
                await anyio.sleep(0.01)
            started.set()
            await stop.wait()
            server.should_exit = True


@pytest.fixture(scope="module")
def site(guarded: Guarded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A second process's worth of API on the guarded network, under an https origin."""
    key, cert = certificate(tmp_path_factory.mktemp("tls"))
    port = free_port()
    settings = replace(guarded.stack.settings, port=port, origin=f"https://localhost:{port}")
    with start_blocking_portal() as portal:
        started, stop = portal.call(anyio.Event), portal.call(anyio.Event)
        serving = portal.start_task_soon(serve, settings, key, cert, started, stop)
        portal.call(started.wait)
        yield Site(settings.origin, ssl.create_default_context(cafile=str(cert)))
        portal.call(stop.set)
        serving.result()


def test_the_cookie_is_for_this_host_over_https_alone(guarded: Guarded, site: Site) -> None:
    person = guarded.enrol(*guarded.invite(guarded.companies["smith"], PersonRole.VIEWER))
    with site.browser() as browser:
        answer = person.sign_in(browser, keep="cookie")
        assert answer.status_code == 201, answer.text
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"{NAME}=scf_s_")
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "samesite=strict", "path=/"} <= parts
        assert not any(part.startswith("domain") for part in parts)
        guarded.told.append(browser.cookies[NAME])
        me = browser.get("/auth/me").json()
        assert me["person"] == person.id
        assert answer.headers["strict-transport-security"].startswith("max-age=")

        # Under the name that no browser holds to https, the same token is nothing.
        with site.browser() as other:
            plain = {"Cookie": f"session={browser.cookies[NAME]}"}
            check_problem(other.get("/auth/me", headers=plain), "not-authenticated", 401)
            assert other.get("/auth/me", headers={"Cookie": f"{NAME}={browser.cookies[NAME]}"}).status_code == 200

        out = browser.delete("/auth/sessions/current", headers={"Origin": site.origin})
        assert out.status_code == 204
        assert f'{NAME}=""' in out.headers["set-cookie"]
        check_problem(browser.get("/auth/me"), "not-authenticated", 401)


def test_another_site_cannot_write_with_it(guarded: Guarded, site: Site) -> None:
    person = guarded.enrol(*guarded.invite(guarded.companies["smith"], PersonRole.VIEWER))
    with site.browser() as browser:
        assert person.sign_in(browser, keep="cookie").status_code == 201
        guarded.told.append(browser.cookies[NAME])
        for origin in (
            "https://elsewhere.example",
            site.origin.replace("https", "http").replace("localhost", "localhost.evil"),
        ):
            refused = browser.delete("/auth/sessions/current", headers={"Origin": origin})
            check_problem(refused, "cross-origin-refused", 403)
        assert browser.get("/auth/me").status_code == 200
