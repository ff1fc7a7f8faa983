"""The supplier's story on a phone and at a desk: what it holds and is worth, passing on, cash today, money that arrived."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PageObject, PdfReader
from reportlab.graphics.barcode.qr import QrCodeWidget

from api.domain.interest import price_down
from tests.api.http.town import REGISTRY
from tests.api.http.two import Json, done
from tests.web.conftest import Place
from tests.web.looking import expect_lines, settled, violations
from tests.web.trade import RECORD, STRANGER, Trade, yuan

OpenPage = Callable[..., Page]
PHONE = {"viewport": {"width": 360, "height": 780}, "has_touch": True}
TABLET = {"viewport": {"width": 768, "height": 1024}, "has_touch": True}


@pytest.fixture
def at(trade: Trade, open_page: OpenPage) -> Callable[..., Page]:
    def opened(view: str = "#/", company: str = "smith", **options: Any) -> Page:
        page = open_page(Place(trade.base), view, **options)
        expect_lines(page, STRANGER)
        page.add_init_script(RECORD)
        page.reload()
        trade.enter(page, company)
        return page

    return opened


def looks_right(page: Page, axe: str) -> None:
    settled(page)
    assert not violations(page, axe)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def panel(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def document(folder: Path, text: str = "framework contract 7") -> tuple[Path, str]:
    file = folder / "contract.txt"
    file.write_text(text, encoding="utf-8")
    return file, "0x" + hashlib.sha256(text.encode()).hexdigest()


def quoted(trade: Trade, note: Json, by: str, rate_bps: int, **terms: Any) -> Json:
    bid = {"note": note["id"], "rate_bps": rate_bps, "max_amount": note["value"], "registry_reference": REGISTRY}
    body = {"party": trade.ids[by], "bids": [{**bid, **terms}]}
    return dict(done(trade.person(by).http.post("/quotes", json=body))["quotes"][0])


@pytest.mark.parametrize(("options", "locale"), [(PHONE, "en"), (TABLET, "zh-CN"), ({}, "en")])
def test_what_is_held_at_maturity_and_today(
    trade: Trade, at: Callable[..., Page], axe: str, options: dict[str, Any], locale: str
) -> None:
    words = {
        "zh-CN": ("我持有的凭证", "待我签收", "尚无报价", "今日变现"),
        "en": ("What I hold", "Offered to me", "no quote yet", "Today, in cash"),
    }[locale]
    offered, held = trade.offered("700.00"), trade.held("1800.00", due_in=80)
    page = at("#/", locale=locale, **options)
    expect(page.get_by_role("heading", level=1)).to_have_text(words[0])
    expect(page.get_by_role("heading", name=words[1])).to_be_visible()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=f"#{held['id']}", exact=True))
    expect(row).to_contain_text("1,800.00")
    expect(row).to_contain_text("assembler")
    expect(row).to_contain_text(words[2])
    looks_right(page, axe)
    done(trade.person("smith").http.post("/quote-requests", json={"party": trade.ids["smith"], "note": held["id"]}))
    quoted(trade, held, "lender", 500)
    # The page hears of it by itself.
    expect(row).to_contain_text(yuan(price_down(1_800_00, 500, trade.days(held))))
    expect(page.get_by_text(words[3]).first).to_be_visible()
    looks_right(page, axe)
    expect(page.get_by_role("link", name=f"#{offered['id']}", exact=True)).to_be_visible()


def test_parts_are_passed_on_and_the_sum_is_always_right(
    trade: Trade, at: Callable[..., Page], axe: str, tmp_path: Path
) -> None:
    note, before = trade.held("1000.00"), trade.operations("smith", "split")
    page = at(f"#/notes/{note['id']}", **PHONE)
    split = panel(page, "Pass on")
    file, digest = document(tmp_path)
    expect(split).to_contain_text("Each part, and what stays with you, comes to ¥1.00 at least.")
    first = split.get_by_role("group", name="Part 1")
    first.get_by_label("To whom").select_option(label="weaver Ltd")
    first.get_by_label("Invoice or contract").set_input_files(file)
    amount = first.get_by_label("How much", exact=True)
    slider = first.get_by_role("slider")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("PageUp")
    expect(amount).to_have_value("300.00")
    expect(slider).to_have_attribute("aria-valuetext", "¥300.00")
    expect(split).to_contain_text("You pass on ¥300.00; ¥700.00 stays with you. Together ¥1,000.00.")
    amount.fill("0.99")
    expect(split).to_contain_text("A part must come to ¥1.00 at least.")
    amount.fill("999.01")
    expect(split).to_contain_text("What stays with you must be nothing, or ¥1.00 at least.")
    split.get_by_role("button", name="Pass on").click()
    assert trade.operations("smith", "split") == before
    amount.fill("1000.01")
    expect(split).to_contain_text("there is no more to give")
    amount.fill("1.234")
    expect(split).to_contain_text("This is no amount")
    amount.fill("333.33")
    split.get_by_role("button", name="One more part").click()
    second = split.get_by_role("group", name="Part 2")
    second.get_by_label("To whom").select_option(label="dyer Ltd")
    second.get_by_label("Invoice or contract").set_input_files(file)
    second.get_by_role("button", name="All").click()
    expect(second.get_by_label("How much", exact=True)).to_have_value("666.67")
    second.get_by_label("How much", exact=True).fill("200.00")
    expect(split).to_contain_text("You pass on ¥533.33; ¥466.67 stays with you. Together ¥1,000.00.")
    looks_right(page, axe)
    split.get_by_role("button", name="Pass on").click()
    expect(page.get_by_text("Entered in the ledger")).to_be_visible()
    trade.mine()
    expect(page.get_by_text("Done, for good.")).to_be_visible()
    assert trade.note("smith", note["id"])["value"] == "46667"
    for company, value in (("weaver", "33333"), ("dyer", "20000")):
        found = done(trade.person(company).http.get("/notes", params={"status": "offered"}))["items"]
        assert [(n["value"], n["trade_hash"]) for n in found if n["parent"] == note["id"]] == [(value, digest)]


def test_the_receiver_compares_the_document_and_refuses(
    trade: Trade, at: Callable[..., Page], axe: str, tmp_path: Path
) -> None:
    file, digest = document(tmp_path, "delivery 8")
    root = trade.held("900.00")
    note = trade.passed_open(root, "smith", "weaver", 40_000, digest)
    page = at(f"#/notes/{note['id']}", "weaver", locale="zh-CN", **PHONE)
    offer = panel(page, "待您签收")
    check = offer.get_by_label("核对单据")
    other = tmp_path / "other.txt"
    other.write_text("something else", encoding="utf-8")
    check.set_input_files(other)
    expect(offer).to_contain_text("与凭证所载单据不一致")
    check.set_input_files(file)
    expect(offer).to_contain_text("与凭证所载单据一致。")
    offer.get_by_role("button", name="拒收").click()
    expect(offer).to_contain_text("金额将退回开立方")
    looks_right(page, axe)
    offer.get_by_role("group", name="拒收").get_by_role("button", name="拒收").click()
    expect(page.get_by_text("已记入账本").first).to_be_visible()
    assert trade.note("smith", root["id"])["value"] == "90000"


def test_what_was_passed_on_is_taken_back_until_it_is_answered(trade: Trade, at: Callable[..., Page], axe: str) -> None:
    root = trade.held("650.00")
    child = trade.passed_open(root, "smith", "dyer", 25_000)
    page = at("#/", **PHONE)
    table = page.get_by_role("table").filter(has=page.get_by_role("link", name=f"#{child['id']}", exact=True))
    expect(table).to_contain_text("dyer Ltd")
    looks_right(page, axe)
    table.get_by_role("link", name=f"#{child['id']}", exact=True).tap()
    offered = panel(page, "Offered by you")
    expect(offered).to_contain_text("¥250.00 offered to dyer Ltd")
    offered.get_by_role("button", name="Take it back").tap()
    looks_right(page, axe)
    offered.get_by_role("group").get_by_role("button", name="Take it back").tap()
    expect(page.get_by_text("Entered in the ledger")).to_be_visible()
    assert trade.note("smith", root["id"])["value"] == "65000"


def test_quotes_are_asked_for_ranked_and_one_is_taken_in_two_taps(
    trade: Trade, at: Callable[..., Page], axe: str
) -> None:
    note = trade.held("5000.00", due_in=72)
    page = at(f"#/notes/{note['id']}", **PHONE)
    sell = panel(page, "Cash today")
    expect(sell).to_contain_text("Nobody has quoted for this yet.")
    sell.get_by_role("radio", name="Some of them").check()
    sell.get_by_role("checkbox", name="lender Ltd").check()
    sell.get_by_role("checkbox", name="saver Ltd").check()
    sell.get_by_role("button", name="Ask", exact=True).click()
    expect(sell).to_contain_text("Asked: lender Ltd, saver Ltd")
    quoted(trade, note, "lender", 600)
    quoted(trade, note, "saver", 500, recourse=True)
    quoted(trade, note, "saver", 500)
    rows = sell.get_by_role("row").filter(has=page.get_by_role("button", name="Take"))
    expect(rows).to_have_count(3)
    days = trade.days(note)
    best, last = price_down(5_000_00, 500, days), price_down(5_000_00, 600, days)
    expect(rows.nth(0)).to_contain_text("saver Ltd")
    expect(rows.nth(0)).to_contain_text(f"¥{yuan(best)}")
    expect(rows.nth(0)).to_contain_text("Most cash")
    expect(rows.nth(0)).to_contain_text("5.00%")
    expect(rows.nth(1)).to_contain_text("As much, but with recourse")
    expect(rows.nth(2)).to_contain_text(f"¥{yuan(best - last)} less than the one above")
    looks_right(page, axe)
    sell.get_by_label("How much to sell", exact=True).fill("2,000")
    cash = yuan(price_down(2_000_00, 500, days))
    expect(rows.nth(0)).to_contain_text(f"¥{cash}")
    rows.nth(0).get_by_role("button", name="Take").tap()
    expect(sell).to_contain_text(f"You sell ¥2,000.00 to saver Ltd and get ¥{cash} at once")
    looks_right(page, axe)
    sell.get_by_role("button", name=f"Sell for ¥{cash}").tap()
    expect(page.get_by_text("Entered in the ledger").first).to_be_visible()
    arrived = panel(page, "Money that has arrived")
    expect(arrived).to_contain_text(f"¥{cash} from saver Ltd")
    trade.mine()
    expect(page.get_by_text("Done, for good.").first).to_be_visible()
    page.goto(f"{trade.base}/#/holdings")
    expect(panel(page, "Money")).to_contain_text("Received for notes sold")
    told = done(trade.person("smith").http.get(f"/parties/{trade.ids['smith']}/position"))["cash"]
    received = sum(int(one["received"]) for one in told if one["kind"] == "finance")
    expect(panel(page, "Money")).to_contain_text(f"¥{yuan(received)}")
    looks_right(page, axe)
    page.goto(f"{trade.base}/#/notes/{note['id']}")
    sell.get_by_role("button", name="Close").click()
    sell.get_by_role("button", name="Stop asking").click()
    expect(sell.get_by_role("button", name="Ask", exact=True)).to_be_visible()


def modules(sheet: PageObject) -> set[tuple[int, int]]:
    """The dark modules of the code on a sheet, by row and column."""
    found = re.findall(rb"([-.0-9]+) ([-.0-9]+) ([-.0-9]+) ([-.0-9]+) re", sheet["/Contents"].get_object().get_data())
    rectangles = [tuple(map(float, each)) for each in found]
    left, bottom, _, height = max(rectangles, key=lambda each: each[3])
    size = min(each[3] for each in rectangles)
    return {
        (round((bottom + height - y - size) / size), round((x - left + n * size) / size))
        for x, y, width, tall in rectangles
        if tall < height
        for n in range(round(width / size))
    }


def code_of(address: str) -> set[tuple[int, int]]:
    widget = QrCodeWidget(address, barLevel="M")
    widget.qr.make()
    rows = enumerate(widget.qr.modules, widget.barBorder)
    return {(r, c) for r, row in rows for c, dark in enumerate(row, widget.barBorder) if dark}


def test_a_certificate_is_printed_and_anyone_sees_whether_it_still_holds(
    trade: Trade, at: Callable[..., Page], open_page: OpenPage, axe: str, tmp_path: Path
) -> None:
    note = trade.held("5000.03")
    with (page := at(f"#/notes/{note['id']}")).expect_download() as download:
        page.get_by_role("button", name="Make the certificate (PDF)").click()
    assert download.value.suggested_filename == f"certificate-{note['id']}.pdf"
    download.value.save_as(tmp_path / "certificate.pdf")
    (sheet,) = PdfReader(tmp_path / "certificate.pdf").pages
    (address,) = re.findall(r"http\S+code=[-_A-Za-z0-9]{58}", sheet.extract_text().replace("\n", ""))
    assert modules(sheet) == code_of(address)

    stranger = open_page(Place(trade.base), f"#{address.partition('#')[2]}", **PHONE)
    expect_lines(stranger, STRANGER)
    expect(stranger.get_by_role("heading", name="The note is as printed")).to_be_visible()
    labels = stranger.locator("main dt").all_inner_texts()
    assert labels == ["Note", "Amount", "In capitals", "Core enterprise", "Holder", "Due date", "Printed as of block"]
    expect(stranger.locator("main")).to_contain_text("人民币伍仟元零叁分")
    looks_right(stranger, axe)
    trade.passed_open(note, "smith", "weaver", 100_00)
    stranger.reload()
    expect(stranger.get_by_role("heading", name="The note is no longer as printed")).to_be_visible()
    looks_right(stranger, axe)


def test_where_selling_takes_two_people_nothing_is_done_before_both_signed(
    trade: Trade, at: Callable[..., Page], axe: str
) -> None:
    note = trade.passed(trade.held("3000.00"), "smith", "weaver", 100_000)
    done(trade.person("weaver").http.post("/quote-requests", json={"party": trade.ids["weaver"], "note": note["id"]}))
    quoted(trade, note, "lender", 400)
    page = at(f"#/notes/{note['id']}", "weaver")
    sell = panel(page, "Cash today")
    sell.get_by_role("button", name="Take").click()
    sell.get_by_role("button", name="Sell for").click()
    expect(sell).to_contain_text("Nothing is done yet: this takes two people of your company.")
    looks_right(page, axe)
    sell.get_by_role("link", name="See and sign").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sell or pledge notes")
    expect(page.get_by_role("heading", name="Sign as maker")).to_be_visible()
