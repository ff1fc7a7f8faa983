"""Chromium that reaches nothing but the page under test, and that page on a small ledger."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from api.domain.principal import PersonRole
from tests.api.http.two import Pair, Signer, two_people
from tests.e2e.program import Program, ask
from tests.web.book import Book, sample
from tests.web.browser import ARGS, CHROMIUM
from tests.web.looking import complaints
from tests.web.site import DIST, Site, serve
from tests.web.trade import Trade, trading

OpenPage = Callable[..., Page]

# Five seconds, its own default, are short where several parts of the suite share two cores.
expect.set_options(timeout=20_000)


@dataclass(frozen=True)
class Place:
    """Where a page is served."""

    base: str


@dataclass(frozen=True)
class Demo:
    """The whole program after its story: chain, indexer, worker and API."""

    base: str

    def read(self, path: str) -> Any:
        """The API's answer to a GET."""
        return ask(self.base + path)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if shutil.which(CHROMIUM) is None:
        pytest.fail("Chromium is missing: apt-get install -y chromium")
    if not (DIST / "index.html").is_file():
        pytest.fail("the page is not built: npm run build")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield chromium
        chromium.close()


@pytest.fixture
def book() -> Book:
    return sample()


@pytest.fixture
def site(book: Book) -> Iterator[Site]:
    with serve(Site(book)) as served:
        yield served


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`scf demo` in a folder of its own, its story told."""
    with Program(tmp_path_factory.mktemp("demo"), "demo") as program:
        yield Demo(program.serving())
        program.interrupt()
        program.end()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """open_page(site, view, **context options): the page at a view, in English at 1440 px unless told otherwise.

    Afterwards no request may have gone to another host (but `beside`), and nothing may have been written to the console,
    unless the test said what to expect (looking.expect_lines)."""
    watches: list[Watch] = []

    def opened(site: Site | Demo | Place, view: str = "#/", beside: str = "", **options: Any) -> Page:
        settings = {"viewport": {"width": 1440, "height": 900}, "locale": "en", **options}
        context = browser.new_context(**settings)
        page = context.new_page()
        watches.append(Watch(context, page, {urlsplit(site.base).netloc, beside}))
        page.goto(f"{site.base}/{view}")
        return page

    yield opened
    for watch in watches:
        watch.context.close()
        watch.check()


class Watch:
    """Keeps a context on its own hosts and remembers what should not have happened."""

    def __init__(self, context: BrowserContext, page: Page, hosts: set[str]) -> None:
        self.context = context
        self.foreign: list[str] = []
        self.lines: list[str] = []
        self.hosts = hosts
        self.page = page
        context.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.lines.append(str(error)))

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.netloc not in self.hosts:
            self.foreign.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.lines.append(message.text)

    def check(self) -> None:
        unexpected = complaints(self.page, self.lines)
        assert not self.foreign, f"asked other hosts: {self.foreign}"
        assert not unexpected, f"the console says: {unexpected}"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A network where everybody signs in and two people approve."""
    with two_people(tmp_path_factory.mktemp("pair")) as pair:
        yield pair


@pytest.fixture(scope="module")
def maker(pair: Pair) -> Signer:
    return pair.signer("assembler", PersonRole.MAKER)


@pytest.fixture(scope="session")
def trade(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trade]:
    """Companies that trade, one network for all who act: what a test looks at is its own note, and no count of all."""
    with trading(tmp_path_factory.mktemp("trade")) as trade:
        trade.pair.admit("weaver", "supplier")
        trade.pair.admit("dyer", "supplier")
        trade.pair.admit("saver", "financier")
        trade.provide("lender")
        trade.provide("saver")
        trade.alone("smith", "finance")
        yield trade


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's source: run with page.evaluate, which the security policy does not forbid."""
    return (Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
