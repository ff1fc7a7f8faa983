"""A dossier is downloaded from a note's view and checked in the browser: at the page that the API serves, and at the same page
kept as a file, without a network."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import Demo
from tests.web.looking import fits, violations
from tests.web.site import DIST

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def dossier(demo: Demo, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the button on the featured note's view writes."""
    page = browser.new_page(locale="en")
    page.goto(f"{demo.base}/#/")
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download the dossier").click()
    file = tmp_path_factory.mktemp("dossier") / downloading.value.suggested_filename
    downloading.value.save_as(file)
    page.close()
    return file


@pytest.fixture
def offline(browser: Browser) -> Iterator[Page]:
    """The check as a file of one's own, with no network."""
    context = browser.new_context(locale="en", offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((DIST / "check.html").as_uri())
    yield page
    context.close()
    assert asked == [(DIST / "check.html").as_uri()]


def claimed(page: Page) -> str:
    """The hash that the page works out for the dossier's own block."""
    found = re.search("0x[0-9a-f]{64}", page.get_by_text("It rests on block").inner_text())
    assert found is not None
    return found[0]


def checked(page: Page, file: Path, trusted: str | None = None) -> None:
    page.get_by_label("Dossier (.json)").set_input_files(file)
    page.get_by_label("Hashes of blocks that you trust").fill(claimed(page) if trusted is None else trusted)
    page.get_by_role("button", name="Check").click()


def test_a_dossier_holds_without_a_network(offline: Page, demo: Demo, dossier: Path) -> None:
    checked(offline, dossier)
    verdict = offline.get_by_role("status")
    expect(verdict.get_by_role("heading")).to_have_text("The dossier holds")
    note = demo.read("/status")["featured_note"]
    expect(verdict).to_contain_text(f"{note} · Passed on")
    expect(verdict.get_by_role("rowheader").first).to_be_visible()
    expect(verdict).to_contain_text("ReceivableConfirmed")


def test_what_does_not_hold_is_named(offline: Page, dossier: Path, tmp_path: Path) -> None:
    checked(offline, dossier, "0x" + "00" * 32)
    expect(offline.get_by_role("alert")).to_contain_text(
        "A block is neither trusted nor the parent of one that is: block"
    )
    forged = tmp_path / "forged.json"
    forged.write_bytes(re.sub(rb'"status":"spent"', b'"status":"held"', dossier.read_bytes(), count=1))
    checked(offline, forged)
    expect(offline.get_by_role("alert")).to_contain_text("What the dossier tells is not what it proves: story.notes.")
    nothing = tmp_path / "nothing.json"
    nothing.write_text("{}")
    offline.get_by_label("Dossier (.json)").set_input_files(nothing)
    expect(offline.get_by_role("alert")).to_contain_text("The dossier is malformed: format")


@pytest.mark.parametrize(("locale", "holds"), [("zh-CN", "卷宗成立"), ("en", "The dossier holds")])
def test_the_served_check_fits_and_is_accessible(
    demo: Demo, open_page: OpenPage, axe: str, dossier: Path, locale: str, holds: str
) -> None:
    page = open_page(demo, "check", locale=locale)
    assert not violations(page, axe)
    page.locator("input[type=file]").set_input_files(dossier)
    page.locator("textarea").fill(re.findall("0x[0-9a-f]{64}", page.locator("form").inner_text())[0])
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("heading", name=holds)).to_be_visible()
    fits(page, axe, locale)
