"""What stands on screen when the index lags, the server fails, or the address is wrong."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.web.looking import expect_lines, settled
from tests.web.site import Site

OpenPage = Callable[..., Page]


def test_a_stale_index_is_said_and_unsaid(site: Site, open_page: OpenPage) -> None:
    site.stale = True
    page = open_page(site)
    expect(page.get_by_text("The index is 7 blocks behind the chain")).to_be_visible()
    expect(page.get_by_text("Behind", exact=True)).to_be_visible()
    site.stale = False
    expect(page.get_by_text("Up to date")).to_be_visible(timeout=10_000)
    expect(page.get_by_text("blocks behind the chain")).to_have_count(0)


def test_what_was_read_stays_while_the_server_is_away(site: Site, open_page: OpenPage) -> None:
    page = open_page(site)
    expect_lines(page, "503")
    expect(page.get_by_role("heading", level=1)).to_have_text("Note 4")
    site.failing.add("/status")
    expect(page.get_by_text("The server does not answer")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Note 4")
    site.failing.clear()
    expect(page.get_by_text("The server does not answer")).to_have_count(0, timeout=15_000)


def test_a_new_block_is_read_without_reloading(site: Site, open_page: OpenPage) -> None:
    page = open_page(site, "#/receivables/2")
    expect(page.locator(".status-outstanding").first).to_be_visible()
    site.book.repay(2)
    expect(page.locator(".status-settled").first).to_be_visible(timeout=10_000)


def test_an_unreachable_server_can_be_tried_again(site: Site, open_page: OpenPage) -> None:
    site.failing.add("/status")
    page = open_page(site)
    expect_lines(page, "503")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The index is being rebuilt")
    site.failing.clear()
    alert.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Note 4")


def test_a_failing_part_leaves_the_rest(site: Site, open_page: OpenPage) -> None:
    site.failing.add("/receivables/1/fund-flow")
    page = open_page(site, "#/?tab=flow")
    expect_lines(page, "503")
    expect(page.get_by_role("alert")).to_contain_text("The index is being rebuilt")
    expect(page.get_by_role("heading", level=1)).to_have_text("Note 4")


def test_problems_are_told_in_the_readers_language(site: Site, open_page: OpenPage) -> None:
    page = open_page(site, "#/notes/999", locale="zh-CN")
    expect_lines(page, "404")
    expect(page.get_by_role("alert")).to_contain_text("账本上没有这个对象")


def test_an_unknown_address_leads_back(site: Site, open_page: OpenPage) -> None:
    page = open_page(site, "#/nowhere/at/all")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    page.get_by_role("link", name="Back to the start").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Note 4")


def test_the_demo_says_that_its_money_is_test_money(site: Site, open_page: OpenPage) -> None:
    expect(open_page(site).get_by_text("Test money, demo keys")).to_be_visible()
    expect(open_page(site, locale="zh-CN").get_by_text("测试资金，演示密钥")).to_be_visible()
    site.demo = False
    real = open_page(site)
    expect(real.get_by_role("heading", level=1)).to_have_text("Note 4")
    expect(real.get_by_text("Test money")).to_have_count(0)


def test_notes_whose_parents_are_not_shown_hang_from_the_first(site: Site, open_page: OpenPage) -> None:
    """As a debtor sees its debt at maturity: who is to be paid, and nothing of the way there."""

    def without_parents(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        for note in body["nodes"]:
            note["parent"] = None
        route.fulfill(response=answer, json=body)

    page = open_page(site)
    settled(page)
    expect(page.get_by_text("Steps between others")).to_have_count(0)
    whole = page.locator(".card").count()
    page.route("**/notes/*/trace", without_parents)
    page.reload()
    expect(page.get_by_text("Steps between others are not shown to you")).to_be_visible()
    expect(page.locator(".card")).to_have_count(whole)
