"""The page on the whole program: chain, indexer, worker and API as `scf demo` runs them, its story told."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Demo
from tests.web.looking import expect_lines, fits, settled, violations

OpenPage = Callable[..., Page]


def yuan(minor: str | int) -> str:
    return f"¥{int(minor) // 100:,}.{int(minor) % 100:02}"


@pytest.fixture
def note(demo: Demo) -> dict[str, Any]:
    """The note that the page opens on."""
    found: dict[str, Any] = demo.read(f"/notes/{demo.read('/status')['featured_note']}")
    return found


def test_opens_on_a_note_of_tier_4_that_became_cash(demo: Demo, note: dict[str, Any], open_page: OpenPage) -> None:
    assert note["tier"] == 4
    receivable = demo.read(f"/receivables/{note['receivable']}")
    page = open_page(demo)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Note {note['id']}")
    expect(page.get_by_text("Test money, demo keys")).to_be_visible()
    story = page.get_by_role("region", name="Guided story")
    for words in (receivable["debtor"]["name_en"], receivable["confirmed_date"], yuan(receivable["face_value"])):
        expect(story).to_contain_text(words)
    page.get_by_role("button", name="Next").click()
    for hop in demo.read(f"/notes/{note['id']}/trace")["path"][1:]:
        expect(story.get_by_title(demo.read(f"/notes/{hop}")["trade_hash"])).to_be_visible()
    page.get_by_role("button", name="Next").click()
    sale = next(leg for leg in note["cash"] if leg["kind"] == "finance")
    expect(story).to_contain_text(f"{yuan(sale['amount'])} for {yuan(sale['principal'])}")
    expect(story).to_contain_text(f"discount {yuan(sale['discount'])}")
    expect(story.locator(".balance")).to_contain_text(f"{yuan(note['face'])} = {yuan(note['face'])} repaid")


def test_draws_every_note_and_every_payment(demo: Demo, note: dict[str, Any], open_page: OpenPage) -> None:
    receivable = demo.read(f"/receivables/{note['receivable']}")
    flow = demo.read(f"/receivables/{receivable['id']}/fund-flow")
    page = open_page(demo, f"#/receivables/{receivable['id']}")
    expect(page.locator(".graph .card")).to_have_count(receivable["notes"] + 1)
    page.get_by_role("button", name="Table", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(receivable["notes"])
    page.get_by_role("tab", name="Fund flow").click()
    expect(page.locator("tbody tr")).to_have_count(len(flow["legs"]))
    cells = page.locator("tbody tr", has_text="Repayment").locator("td[data-label='Face value']").all_inner_texts()
    assert sum(int(re.sub(r"\D", "", cell)) for cell in cells) == int(receivable["repaid"])
    page.get_by_role("button", name="Graph", exact=True).click()
    expect(page.locator(".ribbon")).to_have_count(len(flow["totals"]))


def test_clicks_lead_from_a_card_to_its_note_and_holder(demo: Demo, note: dict[str, Any], open_page: OpenPage) -> None:
    page = open_page(demo)
    bought = next(leg["child"] for leg in note["cash"] if leg["kind"] == "finance")
    page.locator(f'[data-key="{bought}"]').click()
    page.get_by_role("link", name=f"Open note {bought}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Note {bought}")
    holder = demo.read(f"/notes/{bought}")["holder"]["name_en"]
    page.get_by_role("complementary").get_by_role("link", name=holder).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(holder)


def test_every_note_is_on_some_page_of_the_list(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(demo, "#/notes")
    seen: list[str] = []
    while True:
        settled(page)
        first = page.locator("tbody th").first.inner_text()
        seen += page.locator("tbody th").all_inner_texts()
        following = page.get_by_role("link", name="Next page")
        if following.count() == 0:
            break
        following.click()
        expect(page.locator("tbody th").first).not_to_have_text(first)
    assert len(seen) == len(set(seen)) == demo.read("/status")["totals"]["notes"]


def test_search_finds_by_number_and_by_name_in_both_languages(
    demo: Demo, note: dict[str, Any], open_page: OpenPage
) -> None:
    for locale, name in (("en", "name_en"), ("zh-CN", "name_zh")):
        page = open_page(demo, "#/overview", locale=locale)
        page.get_by_role("combobox").fill(note["holder"][name][:4])
        page.get_by_role("option", name=note["holder"][name]).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(note["holder"][name])
        page.get_by_role("combobox").fill(str(note["id"]))
        page.get_by_role("option").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(rf"(Note|凭证) {note['id']}"))


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_real_content_fits_and_is_accessible(demo: Demo, open_page: OpenPage, axe: str, locale: str) -> None:
    page = open_page(demo, locale=locale, reduced_motion="reduce")
    views = ["#/?step=2", "#/?step=3&tab=flow", "#/?tab=timeline", "#/overview", "#/receivables/8", "#/parties/1"]
    for view in views:
        page.goto(f"{demo.base}/{view}")
        page.reload()
        fits(page, axe, locale)


def test_an_unknown_note_is_answered_in_the_readers_language(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(demo, "#/notes/99999999", locale="zh-CN")
    expect_lines(page, "404")
    expect(page.get_by_role("alert").get_by_role("heading")).to_have_text(re.compile("[\u4e00-\u9fff]"))


def test_where_nobody_signs_in_one_works_as_any_company(demo: Demo, open_page: OpenPage, axe: str) -> None:
    page = open_page(demo)
    for role, title in (("supplier", "What I hold"), ("financier", "Quoting desk")):
        party = demo.read(f"/parties?role={role}")["items"][0]
        page.goto(f"{demo.base}/#/parties/{party['id']}")
        page.get_by_role("button", name="Work as this company").click()
        expect(page.get_by_text(f"Working as {party['name_en']}")).to_be_visible()
        page.get_by_role("link", name="My work").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        settled(page)
        assert not violations(page, axe)
    page.get_by_role("button", name="Stop working as this company").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Note"))
