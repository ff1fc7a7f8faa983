"""The page opens on the featured note and tells its story in three steps, by button and by key."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.web.book import wide
from tests.web.site import Site, serve

OpenPage = Callable[..., Page]


def lit(page: Page) -> list[str]:
    return sorted(page.locator(".card.lit").evaluate_all("cards => cards.map(card => card.dataset.key)"))


def test_opens_on_the_featured_note(site: Site, open_page: OpenPage) -> None:
    page = open_page(site)
    expect(page.get_by_role("heading", level=1)).to_have_text("Note 4")
    story = page.get_by_role("region", name="Guided story")
    expect(story).to_contain_text("On 2026-02-16, Yaoheng Motors Co., Ltd. confirmed that it owes")
    expect(story).to_contain_text("¥1,286,400.35 and undertook to pay on 2026-06-16")
    expect(page.locator(".card.lit")).to_have_count(2)
    assert lit(page) == ["1", "core"]


def test_second_step_names_every_hop_with_its_trade_hash(site: Site, open_page: OpenPage) -> None:
    page = open_page(site)
    page.get_by_role("button", name="Next").click()
    hops = page.locator(".hops li")
    expect(hops).to_have_count(3)
    for hop, note in zip(range(3), (2, 3, 4), strict=True):
        trade = site.book.notes[note].trade_hash
        expect(hops.nth(hop).locator("code")).to_have_attribute("title", trade or "")
    expect(hops.nth(2)).to_contain_text("Yanjiawan Packaging Co., Ltd. received ¥128,750.15 on 2026-02-25")
    assert lit(page) == ["1", "2", "3", "4"]


def test_third_step_adds_up_to_the_cent(site: Site, open_page: OpenPage) -> None:
    page = open_page(site)
    page.get_by_role("button", name="Cash comes back").click()
    story = page.get_by_role("region", name="Guided story")
    sale = next(leg for leg in site.book.notes[4].cash if leg.kind == "finance")
    assert sale.amount + sale.discount == 128_750_15
    expect(story).to_contain_text(f"¥127,290.62 for ¥128,750.15 at 3.85%; discount ¥{sale.discount / 100:,.2f}")
    expect(story.locator(".balance")).to_contain_text("¥128,750.15 = ¥128,750.15 repaid")
    expect(page.get_by_role("tab", name="Fund flow")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".ribbon.lit")).to_have_count(2)


def test_keys_walk_the_steps(site: Site, open_page: OpenPage) -> None:
    page = open_page(site)
    page.get_by_role("button", name="Step 1 of 3").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Step 2 of 3")).to_have_attribute("aria-current", "step")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Step 3 of 3")).to_have_attribute("aria-current", "step")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Step 2 of 3")).to_have_attribute("aria-current", "step")


def test_an_address_shows_the_same_to_somebody_else(site: Site, open_page: OpenPage) -> None:
    page = open_page(site)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Table", exact=True).click()
    other = open_page(site, page.url.removeprefix(f"{site.base}/"))
    expect(other.get_by_role("button", name="Step 2 of 3")).to_have_attribute("aria-current", "step")
    expect(other.get_by_role("table")).to_be_visible()


def test_a_note_that_was_refused_says_so(site: Site, open_page: OpenPage) -> None:
    page = open_page(site, "#/notes/7?step=3")
    story = page.get_by_role("region", name="Guided story")
    expect(story).to_contain_text("its value went back to the note it came from")
    expect(story.locator(".balance")).to_contain_text("¥55,000.00 = ¥55,000.00 returned")


def test_before_any_note_there_is_an_empty_state(open_page: OpenPage) -> None:
    book = wide(0)
    book.notes.clear()
    book.receivables.clear()
    with serve(Site(book, featured=None)) as site:
        page = open_page(site)
        expect(page.get_by_role("heading", name="No note has been issued yet")).to_be_visible()
        page.get_by_role("link", name="Overview").last.click()
        expect(page.get_by_text("Nothing here yet").first).to_be_visible()
