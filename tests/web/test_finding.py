"""Search, lists and the party view."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.book import wide
from tests.web.looking import expect_lines
from tests.web.site import Site, serve

OpenPage = Callable[..., Page]


def test_a_number_finds_notes_and_receivables(site: Site, open_page: OpenPage) -> None:
    page = open_page(site)
    box = page.get_by_role("combobox", name="Search")
    expect(box).to_be_visible()
    page.keyboard.press("Control+k")
    expect(box).to_be_focused()
    box.press_sequentially("2")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Receivable 2")


@pytest.mark.parametrize(
    ("locale", "typed", "found"),
    [("en", "tuoye", "Tuoye Haulage Co., Ltd."), ("zh-CN", "拓野", "拓野物流服务有限公司")],
)
def test_a_name_finds_the_party(site: Site, open_page: OpenPage, locale: str, typed: str, found: str) -> None:
    page = open_page(site, locale=locale)
    page.get_by_role("combobox").fill(typed)
    page.get_by_role("option", name=found).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(found)


def test_nothing_found_and_a_failing_search_are_told_apart(site: Site, open_page: OpenPage) -> None:
    page = open_page(site)
    box = page.get_by_role("combobox")
    box.fill("nobody")
    expect(page.get_by_text("Nothing found for “nobody”")).to_be_visible()
    box.press("Escape")
    expect(page.get_by_text("Nothing found")).to_be_hidden()
    site.failing.add("/search")
    expect_lines(page, "503")
    box.fill("yaoheng")
    expect(page.get_by_text("The search did not answer")).to_be_visible()


def test_filters_narrow_a_list_and_stay_in_the_address(site: Site, open_page: OpenPage) -> None:
    page = open_page(site, "#/notes")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(17)
    page.get_by_label("Tier").select_option("4")
    expect(rows).to_have_count(sum(note.tier == 4 for note in site.book.notes.values()))
    page.get_by_label("Status").select_option("spent")
    expect(rows).to_have_count(1)
    assert "tier=4" in page.url
    assert "status=spent" in page.url
    page.get_by_label("Status").select_option("lapsed")
    expect(page.get_by_text("Nothing matches this filter")).to_be_visible()
    page.go_back()
    expect(rows).to_have_count(1)


def test_lists_page_forward_and_back(open_page: OpenPage) -> None:
    with serve(Site(wide(70), featured=1)) as site:
        page = open_page(site, "#/notes")
        expect(page.locator("tbody tr")).to_have_count(50)
        page.get_by_role("link", name="Next page").click()
        expect(page.locator("tbody tr")).to_have_count(21)
        expect(page.get_by_role("link", name="Next page")).to_have_count(0)
        page.go_back()
        expect(page.locator("tbody tr")).to_have_count(50)


def test_a_party_shows_its_line_its_debts_and_what_it_holds(site: Site, open_page: OpenPage) -> None:
    page = open_page(site, "#/parties/1")
    expect(page.get_by_text("Credit line: ¥0.00 of ¥5,000,000.00 used")).to_be_visible()
    expect(page.get_by_role("row", name="#3")).to_contain_text("Overdue")
    page.get_by_role("link", name="All").first.click()
    expect(page.get_by_role("button", name="Owed by Yaoheng Motors")).to_be_visible()
    page.get_by_role("button", name="Owed by Yaoheng Motors").click()
    assert "debtor" not in page.url


def test_overview_sums_the_ledger(site: Site, open_page: OpenPage) -> None:
    page = open_page(site, "#/overview")
    tiles = page.locator(".tiles")
    expect(tiles).to_contain_text("Repaid¥1,286,400.35")
    expect(tiles).to_contain_text("Refused notes1")
    page.get_by_role("link", name="Follow one note").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Note 4")
