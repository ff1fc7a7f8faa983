"""Lineage, fund flow and timeline: drawn, clicked through, walked by key, and the same as tables."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.web.book import wide
from tests.web.looking import violations
from tests.web.site import Site, serve

OpenPage = Callable[..., Page]


def test_graph_holds_every_note_in_the_column_of_its_tier(site: Site, open_page: OpenPage) -> None:
    page = open_page(site, "#/receivables/1")
    notes = [note for note in site.book.notes.values() if note.receivable == 1]
    expect(page.locator(".graph .card")).to_have_count(len(notes) + 1)
    left = {n.id: page.locator(f'[data-key="{n.id}"]').bounding_box()["x"] for n in notes}  # type: ignore[index]
    columns = sorted(set(left.values()))
    assert [columns.index(left[n]) for n in (1, 2, 3, 4, 8, 12)] == [0, 1, 2, 3, 4, 5]
    boxes = page.locator(".graph .card").evaluate_all(
        "all => all.map(card => [card.style.left, card.style.top].join())"
    )
    assert len(set(boxes)) == len(boxes), "two cards lie on each other"


def test_a_click_shows_the_note_and_leads_to_it(site: Site, open_page: OpenPage) -> None:
    page = open_page(site)
    page.locator('[data-key="8"]').click()
    details = page.get_by_role("complementary", name="Details")
    expect(details).to_contain_text("Yuanzhou Bank Co., Ltd.")
    expect(details).to_contain_text("ZDW-")
    expect(details.get_by_title(site.book.notes[8].source.tx_hash).first).to_be_visible()
    details.get_by_role("link", name="Open note 8").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Note 8")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Note 4")


def test_arrow_keys_walk_the_graph(site: Site, open_page: OpenPage) -> None:
    page = open_page(site)
    page.locator('[data-key="4"]').focus()
    for key, expected in (
        ("ArrowLeft", "3"),
        ("ArrowLeft", "2"),
        ("ArrowRight", "3"),
        ("ArrowRight", "4"),
        ("ArrowDown", "5"),
    ):
        page.keyboard.press(key)
        expect(page.locator(f'[data-key="{expected}"]')).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name="Details")).to_contain_text("Note 5")


def test_one_line_or_the_whole_tree(site: Site, open_page: OpenPage) -> None:
    page = open_page(site)
    expect(page.locator(".graph .card")).to_have_count(13)
    page.get_by_role("button", name="This line").click()
    expect(page.locator(".graph .card")).to_have_count(6)


def test_what_became_of_a_face_value_adds_up_whatever_part_of_the_tree_is_shown(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site, "#/notes/4?sel=1")
    for scope in ("This line", "Whole tree"):
        page.get_by_role("button", name=scope).click()
        legend = page.locator(".inspector .parts-legend")
        expect(legend.get_by_role("listitem")).to_have_text(
            ["Repaid ¥136,400.35", "Sold ¥300,000.00", "Passed on ¥850,000.00"]
        )
    page.goto(f"{site.base}/#/notes/7")
    expect(page.locator(".inspector .parts-legend")).to_have_text("Given back ¥55,000.00")


def test_a_debt_names_its_invoices_and_how_much_of_each_when_not_all(site: Site, open_page: OpenPage) -> None:
    page = open_page(site, "#/receivables/1?sel=core")
    whole, part, last = site.book.receivables[1].backing
    details = page.get_by_role("complementary", name="Details")
    invoices = details.get_by_role("listitem").filter(has=page.get_by_title("0x"))
    expect(invoices).to_have_count(3)
    for invoice, backing in zip(invoices.all(), (whole, part, last), strict=True):
        expect(invoice.get_by_title(backing.fingerprint)).to_be_visible()
    expect(invoices.filter(has_text=" of ")).to_have_count(1)
    expect(invoices.nth(1)).to_contain_text("¥428,800.12 of ¥857,600.24")


def test_lineage_as_a_table_says_what_the_graph_says(site: Site, open_page: OpenPage) -> None:
    page = open_page(site, "#/receivables/1")
    page.get_by_role("button", name="Table", exact=True).click()
    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(12)
    row = page.get_by_role("row", name="#4 Tier 4")
    expect(row).to_contain_text("¥128,750.15")
    expect(row).to_contain_text("Passed on")
    expect(row.get_by_title(site.book.notes[4].trade_hash or "")).to_be_visible()


def test_choosing_a_flow_lists_its_payments(site: Site, open_page: OpenPage) -> None:
    page = open_page(site, "#/receivables/1?tab=flow")
    flow = site.book.fund_flow(1)
    expect(page.locator(".ribbon")).to_have_count(len(flow.totals))
    expect(page.locator(".legs tbody tr")).to_have_count(len(flow.legs))
    page.get_by_role("button", name="Repayment: Yaoheng Motors Co., Ltd. to Yuanzhou Bank Co., Ltd.").press("Enter")
    expect(page.locator(".legs tbody tr")).to_have_count(2)
    page.get_by_role("button", name="Show all payments").click()
    expect(page.locator(".legs tbody tr")).to_have_count(len(flow.legs))


def test_timeline_tells_early_late_and_open(site: Site, open_page: OpenPage) -> None:
    page = open_page(site, "#/receivables/1?tab=timeline")
    expect(page.locator(".time-rows li")).to_have_count(10)
    expect(page.locator(".time-rows li").first).to_contain_text("Repaid 2026-06-16 · On the due date")
    page.goto(f"{site.base}/#/receivables/3?tab=timeline")
    expect(page.locator(".time-rows li")).to_contain_text("25 days overdue")
    page.get_by_role("button", name="Table", exact=True).click()
    expect(page.get_by_role("row", name="#17")).to_contain_text("25 days overdue")


def test_a_large_tree_is_drawn_by_party_and_one_walks_in(open_page: OpenPage) -> None:
    with serve(Site(wide(600), featured=1)) as site:
        page = open_page(site, "#/receivables/1")
        expect(page.get_by_text("601 notes are drawn as 6 cards")).to_be_visible()
        cards = page.locator(".graph .card")
        expect(cards).to_have_count(7)
        page.locator(".graph .card", has_text="Supplier 3").click()
        details = page.get_by_role("complementary", name="Details")
        expect(details).to_contain_text("120 notes · Supplier 3")
        details.get_by_role("button", name="Open these 120 notes").click()
        expect(cards).to_have_count(6 + 24)
        first = page.locator(".graph .card[aria-pressed=true]")
        expect(first).to_be_focused()
        expect(details).to_contain_text("Note 4 · Supplier 3")
        address = page.url.removeprefix(f"{site.base}/")
        page.locator(".graph .card", has_text="97 notes").focus()
        page.keyboard.press("+")
        expect(cards).to_have_count(6 + 23 + 24)
        page.keyboard.press("-")
        expect(page.locator(".graph .card", has_text="97 notes")).to_be_focused()
        page.keyboard.press("-")
        expect(page.locator(".graph .card", has_text="120 notes")).to_have_count(5)
        other = open_page(site, address, viewport={"width": 360, "height": 780})
        outline = other.get_by_role("navigation", name="Lineage as an outline")
        outline.get_by_role("button", name="Show 16 more").click()
        outline.get_by_role("button", name="Open these 97 notes").click()
        expect(outline.get_by_role("button", name="Note").first).to_be_visible()
        other.get_by_role("button", name="Close all groups").click()
        expect(outline.locator(".card", has_text="120 notes")).to_have_count(5)


def test_a_long_table_draws_what_is_near(open_page: OpenPage, axe: str) -> None:
    with serve(Site(wide(600), featured=1)) as site:
        page = open_page(site, "#/receivables/1?form=table")
        table = page.get_by_role("table", name="Lineage of receivable 1")
        expect(table).to_have_attribute("aria-rowcount", "602")
        last = table.get_by_role("row", name="#601")
        expect(last).to_have_count(0)
        assert table.get_by_role("row").count() < 200
        page.get_by_role("group", name="Lineage of receivable 1").focus()
        page.keyboard.press("End")
        expect(last).to_be_in_viewport()
        expect(last).to_have_attribute("aria-rowindex", "602")
        assert not violations(page, axe)
        page.keyboard.press("Home")
        expect(table.get_by_role("row", name="#1 Tier 1")).to_be_in_viewport()
        expect(last).to_have_count(0)
