"""Languages, widths, colour schemes, keyboard and assistive technology; and a page that stays within its policy."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.looking import fits, settled
from tests.web.site import DIST, Site

OpenPage = Callable[..., Page]

VIEWS = [
    "#/",
    "#/?step=3&tab=flow",
    "#/?tab=timeline",
    "#/?form=table",
    "#/overview",
    "#/receivables",
    "#/receivables/2",
    "#/notes",
    "#/parties/1",
    "#/nowhere",
]


def test_the_language_is_switched_and_remembered(site: Site, open_page: OpenPage) -> None:
    page = open_page(site)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("凭证 4")
    expect(page.get_by_role("region", name="导览")).to_contain_text(
        "曜衡汽车股份有限公司确认欠江澜座椅系统有限公司 ¥1,286,400.35"
    )
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page).to_have_title("导览 · Cascade")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("凭证 4")


@pytest.mark.parametrize(
    ("locale", "heading"), [("zh-CN", "凭证 4"), ("zh-TW", "凭证 4"), ("en-GB", "Note 4"), ("de-DE", "Note 4")]
)
def test_the_first_language_is_the_browsers(site: Site, open_page: OpenPage, locale: str, heading: str) -> None:
    expect(open_page(site, locale=locale).get_by_role("heading", level=1)).to_have_text(heading)


def test_no_text_of_the_other_language_is_left_over(site: Site, open_page: OpenPage) -> None:
    page = open_page(site, "#/receivables/2")
    settled(page)
    text = page.locator("body").inner_text().replace("中文", "")
    assert not re.search("[\u4e00-\u9fff]", text)


def test_the_theme_is_chosen_and_remembered(site: Site, open_page: OpenPage) -> None:
    page = open_page(site)
    background = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(background)
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="Theme: light").click()
    dark = page.evaluate(background)
    assert dark != light
    page.reload()
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()
    assert page.evaluate(background) == dark


@pytest.mark.parametrize(("locale", "scheme"), [("zh-CN", "light"), ("en", "dark")])
def test_every_view_fits_every_width_and_axe_finds_nothing(
    site: Site, open_page: OpenPage, axe: str, locale: str, scheme: str
) -> None:
    page = open_page(site, locale=locale, color_scheme=scheme, reduced_motion="reduce")
    for view in VIEWS:
        page.goto(f"{site.base}/{view}")
        page.reload()  # a change of hash alone keeps the last view's axe
        fits(page, axe, locale)


def test_on_a_phone_the_tree_is_an_outline_and_flows_a_list(site: Site, open_page: OpenPage) -> None:
    page = open_page(site, viewport={"width": 360, "height": 780}, has_touch=True)
    outline = page.get_by_role("navigation", name="Lineage as an outline")
    expect(outline.get_by_role("button")).to_have_count(6)
    outline.get_by_role("button", name="#3").click()
    expect(page.get_by_role("complementary", name="Details")).to_contain_text("Note 3")
    page.get_by_role("tab", name="Fund flow").click()
    page.get_by_role("button", name="Financing Yuanzhou Bank Co., Ltd. → Yanjiawan Packaging").click()
    expect(page.locator(".legs tbody tr")).to_have_count(1)


def test_everything_of_the_first_view_is_reached_by_tab(site: Site, open_page: OpenPage) -> None:
    page = open_page(site)
    settled(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.add(
            page.evaluate("document.activeElement.textContent || document.activeElement.getAttribute('aria-label')")
        )
    for wanted in ("Next", "Lineage", "Whole tree", "Table", "Fit", "Open note 4"):
        assert wanted in seen, wanted
    assert any("#4" in text for text in seen), "the graph's cards are out of reach"


def test_the_built_page_holds_no_inline_code_and_no_other_host() -> None:
    html = (DIST / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", html)
    for file in DIST.rglob("*"):
        if file.suffix in (".js", ".css", ".html"):
            hosts = set(re.findall(r"https?://[\w.-]+", file.read_text(encoding="utf-8")))
            assert hosts <= {"http://www.w3.org"}, f"{file.name} names {hosts}"
