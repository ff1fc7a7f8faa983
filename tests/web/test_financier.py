"""The financier at its desk: requests, a quote said three ways, withdrawing, what was bought and when it comes in; and both
sides of a sale watching one note."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from api.domain.interest import price_down
from tests.api.http.town import REGISTRY, WAIT
from tests.api.http.two import Json, done
from tests.web.conftest import Place
from tests.web.looking import expect_lines, fits, settled, violations
from tests.web.trade import STRANGER, Trade, yuan

OpenPage = Callable[..., Page]
PHONE = {"viewport": {"width": 360, "height": 780}, "has_touch": True}
TABLET = {"viewport": {"width": 768, "height": 1024}, "has_touch": True}


@pytest.fixture
def at(trade: Trade, open_page: OpenPage) -> Callable[..., Page]:
    def opened(view: str = "#/", company: str = "lender", **options: Any) -> Page:
        page = open_page(Place(trade.base), view, **options)
        expect_lines(page, STRANGER)
        trade.enter(page, company)
        return page

    return opened


def looks_right(page: Page, axe: str) -> None:
    settled(page)
    assert not violations(page, axe)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def asked(trade: Trade, amount: str = "5000.00", due_in: int = 72) -> Json:
    note = trade.held(amount, due_in)
    ask = {"party": trade.ids["smith"], "note": note["id"]}
    done(trade.person("smith").http.post("/quote-requests", json=ask))
    return note


def live(trade: Trade, note: Json) -> list[Json]:
    return list(done(trade.person("smith").http.get("/quotes", params={"note": note["id"]}))["items"])


def sold(trade: Trade, note: Json, amount: int, **terms: Any) -> None:
    bid = {"note": note["id"], "rate_bps": 500, "max_amount": note["value"], "registry_reference": REGISTRY, **terms}
    body = {"party": trade.ids["lender"], "bids": [bid]}
    (quote,) = done(trade.person("lender").http.post("/quotes", json=body))["quotes"]
    trade.do("smith", "/financings", {"deals": [{"quote": quote["id"], "amount": str(amount), "min_price": "1"}]})


def test_rate_price_and_yield_say_the_same_and_the_quote_is_just_that(
    trade: Trade, at: Callable[..., Page], axe: str
) -> None:
    note = asked(trade)
    page = at()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quoting desk")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=f"#{note['id']}", exact=True))
    expect(row).to_contain_text("smith Ltd")
    expect(row).to_contain_text("5,000.00")
    looks_right(page, axe)
    row.get_by_role("link", name="Quote").click()
    rate, price = page.get_by_label("Annual rate"), page.get_by_label("Cash for all of it")
    earned = page.get_by_label("Yield on the cash, a year")
    days = trade.days(note)
    five = price_down(5_000_00, 500, days)
    gain = round((5_000_00 - five) * 3_600_000 / (five * days)) / 100
    rate.fill("5")
    expect(price).to_have_value(yuan(five).replace(",", ""))
    expect(earned).to_have_value(f"{gain:.2f}")
    price.fill(yuan(price_down(5_000_00, 600, days)))
    expect(rate).to_have_value("6.00")
    earned.fill(f"{gain:.2f}")
    expect(rate).to_have_value("5.00")
    rate.fill("4.37")
    expect(price).to_have_value(yuan(price_down(5_000_00, 437, days)).replace(",", ""))
    page.get_by_label("Registry number of the assignment").fill("0123-4567")
    page.get_by_label("How long it stands").select_option(label="3 days")
    page.get_by_label("Up to how much", exact=True).fill("4000")
    expect(page.get_by_text("With this quote, if all is taken")).to_be_visible()
    looks_right(page, axe)
    page.get_by_role("button", name="Sign and quote").click()
    expect(page.get_by_text("Noted.")).to_be_visible()
    (quote,) = live(trade, note)
    assert (quote["rate_bps"], quote["max_amount"], quote["recourse"]) == (437, "400000", False)
    assert quote["registry_reference"] == "0x" + hashlib.sha256(b"0123-4567").hexdigest()
    assert quote["cash"] == str(price_down(4_000_00, 437, days))
    page.get_by_role("button", name="Close").click()
    mine = page.get_by_role("row").filter(has=page.get_by_role("button", name="Withdraw"))
    expect(mine).to_contain_text("4.37%")
    mine.get_by_role("button", name="Withdraw").click()
    group = page.get_by_role("group", name="Withdraw")
    expect(group).to_contain_text("Withdraw the quote of 4.37%")
    group.get_by_role("button", name="Withdraw").click()
    expect(group.get_by_text("Entered in the ledger")).to_be_visible()
    assert live(trade, note) == []


def test_a_bid_that_is_wrong_says_so_at_its_field(trade: Trade, at: Callable[..., Page], axe: str) -> None:
    note = asked(trade, "800.00")
    page = at(f"#/desk?note={note['id']}", locale="zh-CN", **PHONE)
    page.get_by_label("年利率").fill("1000.01")
    expect(page.get_by_text("年利率至多 1,000%。")).to_be_visible()
    page.get_by_label("至多买入", exact=True).fill("800.01")
    expect(page.get_by_text("凭证金额为 ¥800.00，不能超出。")).to_be_visible()
    expect(page.get_by_label("年利率")).to_have_attribute("aria-invalid", "true")
    looks_right(page, axe)
    page.get_by_role("button", name="签署并报价").click()
    assert live(trade, note) == []


@pytest.mark.parametrize(("options", "locale"), [(PHONE, "zh-CN"), (TABLET, "en")])
def test_the_portfolio_by_month_by_debtor_and_what_is_late(
    trade: Trade, at: Callable[..., Page], axe: str, options: dict[str, Any], locale: str
) -> None:
    words = {
        "zh-CN": ("投资组合", "付款方集中度（CNY）", "assembler有限公司"),
        "en": ("Portfolio", "Who pays (CNY)", "assembler Ltd"),
    }[locale]
    sold(trade, asked(trade, "1200.00", 40), 1_000_00)
    page = at("#/portfolio", locale=locale, **options)
    expect(page.get_by_role("heading", level=1)).to_have_text(words[0])
    debtors = page.get_by_role("table", name=words[1])
    expect(debtors.get_by_role("row").filter(has_text=words[2])).to_contain_text("100.0%")
    total = done(trade.person("lender").http.get(f"/parties/{trade.ids['lender']}/position"))["sums"][0]["held"]
    expect(debtors).to_contain_text(f"{int(total) / 100:,.2f}")
    looks_right(page, axe)


def test_a_bought_note_is_notified_to_its_debtor(trade: Trade, at: Callable[..., Page], axe: str) -> None:
    note = asked(trade, "1500.00")
    sold(trade, note, 1_500_00)
    held = done(trade.person("lender").http.get("/notes", params={"holder": trade.ids["lender"], "limit": 500}))
    bought = next(n["id"] for n in held["items"] if n["parent"] == note["id"])
    page = at(f"#/notes/{bought}")
    panel = page.get_by_role("region", name="Registration and notice")
    expect(panel).to_contain_text("not recorded yet")
    looks_right(page, axe)
    panel.get_by_role("button", name="Give notice to the debtor").click()
    expect(panel.get_by_text("Entered in the ledger")).to_be_visible()
    claims = done(trade.person("lender").http.get(f"/receivables/{note['receivable']}/claims"))["items"]
    assert next(c for c in claims if c["note"] == bought)["debtor_notified_at"] is not None


def test_both_sides_watch_one_note(trade: Trade, at: Callable[..., Page]) -> None:
    """Asked in one browser, quoted in the other, taken in the first, seen in the second: nobody loads anything anew."""
    note = trade.held("2500.00", 36)
    supplier, financier = at(f"#/notes/{note['id']}", "smith", **PHONE), at("#/desk", "lender", locale="zh-CN")
    expect(financier.get_by_role("heading", level=1)).to_have_text("报价台")
    row = financier.get_by_role("row").filter(has=financier.get_by_role("link", name=f"#{note['id']}", exact=True))
    expect(row).to_have_count(0)
    sell = supplier.get_by_role("region", name="Cash today")
    sell.get_by_role("button", name="Ask", exact=True).tap()
    row.get_by_role("link", name="报价").first.click(timeout=15_000)
    financier.get_by_label("年利率").fill("4")
    financier.get_by_label("转让登记编号").fill("0123-4568")
    financier.get_by_role("button", name="签署并报价").click()
    expect(financier.get_by_text("已登记。")).to_be_visible()
    cash = yuan(price_down(2_500_00, 400, trade.days(note)))
    sell.get_by_role("button", name="Take").tap(timeout=15_000)
    sell.get_by_role("button", name=f"Sell for ¥{cash}").tap()
    expect(supplier.get_by_text("Entered in the ledger").first).to_be_visible()
    expect(supplier.get_by_role("region", name="Money that has arrived")).to_contain_text(f"¥{cash} from lender Ltd")
    financier.get_by_role("button", name="关闭").click()
    expect(row).to_have_count(0, timeout=15_000)
    financier.get_by_role("link", name="投资组合").click()
    expect(financier.get_by_role("table", name="全部凭证")).to_contain_text("2,500.00")
    # The chain takes the sale back: both are told, neither is told that it is done.
    trade.stack.rpc("anvil_reorg", 1, [])
    for page, words in ((supplier, "The network replaced its latest entries at"), (financier, "网络于")):
        expect(page.get_by_text(words)).to_be_visible(timeout=20_000)
    expect(supplier.get_by_text("Entered in the ledger").first).to_be_visible(timeout=15_000)
    trade.mine()
    expect(supplier.get_by_text("Done, for good.").first).to_be_visible()


@pytest.fixture(scope="module")
def views(trade: Trade) -> dict[str, list[str]]:
    """Every view that a supplier and a financier work in, with something in it."""
    offered, held = trade.offered("310.00"), asked(trade, "320.00")
    quoted = asked(trade, "330.00")
    bid = {"note": quoted["id"], "rate_bps": 500, "max_amount": "33000", "registry_reference": REGISTRY}
    done(trade.person("lender").http.post("/quotes", json={"party": trade.ids["lender"], "bids": [bid]}))
    sold(trade, held, 100_00)
    bought = done(trade.person("lender").http.get("/notes", params={"holder": trade.ids["lender"], "limit": 500}))
    last = bought["items"][-1]["id"]
    return {
        "smith": ["#/", *(f"#/notes/{note['id']}" for note in (offered, held, quoted))],
        "lender": ["#/", f"#/desk?note={quoted['id']}", "#/portfolio", f"#/notes/{last}"],
    }


@pytest.mark.parametrize("company", ["smith", "lender"])
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_every_view_fits_and_axe_finds_nothing(
    trade: Trade, at: Callable[..., Page], axe: str, views: dict[str, list[str]], locale: str, company: str
) -> None:
    scheme = "dark" if locale == "en" else "light"
    page = at("#/", company, locale=locale, color_scheme=scheme)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for view in views[company]:
        page.goto(f"{trade.base}/{view}")
        page.reload()  # a change of hash alone keeps the last view's axe
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        fits(page, axe, locale)
        if locale == "en":
            text = page.locator("body").inner_text().replace("中文", "")
            assert not any("\u4e00" <= letter <= "\u9fff" for letter in text), view


def test_an_arbiter_freezes_by_one_releases_and_gives_by_two(
    trade: Trade, at: Callable[..., Page], axe: str, tmp_path: Path
) -> None:
    trade.pair.admit("court", "arbiter")
    note, order = trade.held("340.00"), tmp_path / "order.txt"
    order.write_text("by order of a court")
    page = at("#/network?tab=rules", "court", **PHONE)
    frozen = page.get_by_role("region", name="Frozen by order")
    expect(frozen).to_contain_text("No note is frozen.")

    def ask(act: str) -> None:
        form = frozen.locator("form").filter(has=page.get_by_role("button", name=act))
        form.get_by_label("Number of the note").fill(str(note["id"]))
        form.get_by_label("The order (a file)").set_input_files(order)
        form.get_by_role("button", name=act).click()

    ask("Freeze a note")
    expect(frozen.get_by_role("table")).to_contain_text("court Ltd", timeout=20_000)
    assert trade.note("smith", note["id"])["status"] == "frozen"
    ask("Release a note")
    expect(frozen).to_contain_text("this takes two people of your company", timeout=20_000)
    form = frozen.locator("form").filter(has=page.get_by_role("button", name="Order it"))
    expect(form).to_contain_text("It has ¥340.00")
    form.get_by_label("Receiver (party number)").fill(str(trade.ids["lender"]))
    form.get_by_label("Amount").fill("40.00")
    form.get_by_label("The order (a file)").set_input_files(order)
    form.get_by_role("button", name="Order it").click()
    expect(frozen.get_by_text("this takes two people of your company")).to_have_count(2)
    looks_right(page, axe)


def test_what_is_past_its_day_is_late_and_the_seller_answers_for_it(
    trade: Trade, at: Callable[..., Page], axe: str
) -> None:
    """The last test: it moves the chain's clock. The financier has the debt declared overdue and demands; the seller pays."""
    trade.alone("smith", "pay")
    money = {"party": 0, "to": trade.ids["smith"], "currency": "CNY", "amount": str(10**6)}
    done(trade.pair.guarded.operator.http.post("/deposits", json=money, headers=WAIT))
    note = asked(trade, "600.00", 5)
    sold(trade, note, 600_00, recourse=True)
    timestamp = int(trade.stack.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)
    trade.pair.pass_to(timestamp + 14 * 86_400)
    page = at("#/portfolio", **PHONE)
    expect(page.get_by_role("heading", name="Past the due day: 1")).to_be_visible()
    expect(page.get_by_role("table", name="Past the due day: 1")).to_contain_text("days ago")
    recourse = page.get_by_role("region", name="Recourse on late notes")
    recourse.get_by_role("button", name="Declare the debt overdue").click()
    recourse.get_by_role("button", name="Demand it of smith Ltd").click(timeout=20_000)
    expect(recourse).to_contain_text("Demanded: smith Ltd has yet to pay.", timeout=20_000)
    looks_right(page, axe)

    seller = at("#/holdings", "smith", **PHONE)
    demanded = seller.get_by_role("region", name="Demanded of me")
    expect(demanded).to_contain_text("lender Ltd")
    looks_right(seller, axe)
    draw = demanded.get_by_role("button", name="Let the desk draw")
    expect(draw).to_be_visible()
    trade.do("smith", "/deposits/approvals", {"desk": "recourse", "currency": "CNY", "amount": "100000"})
    expect(draw).to_have_count(0, timeout=20_000)
    demanded.get_by_role("button", name=re.compile("^Pay ¥")).click()
    expect(demanded).to_have_count(0, timeout=20_000)
    expect(recourse).to_have_count(0, timeout=20_000)
    assert trade.operations("smith", "honour_recourse")[0]["status"] == "confirmed"
    trade.settle(note["receivable"])  # so that the debtor may issue again
