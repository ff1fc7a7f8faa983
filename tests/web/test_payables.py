"""A core enterprise's day at the page, on the real API, chain and database: a ledger is tried and taken in, its debts are
confirmed by two people, and what falls due is paid in one act."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from api.domain.calendar import day_of_date, time_of_day
from api.domain.principal import PersonRole
from tests.api.http.town import WAIT
from tests.api.http.two import Pair, Signer, done
from tests.web.conftest import Place
from tests.web.looking import expect_lines, fits, settled
from tests.web.trade import STRANGER, enter

OpenPage = Callable[..., Page]
MAKER, CHECKER = PersonRole.MAKER, PersonRole.CHECKER


@pytest.fixture(scope="module")
def checker(pair: Pair) -> Signer:
    return pair.signer("assembler", CHECKER)


@pytest.fixture
def at(pair: Pair, open_page: OpenPage) -> Callable[..., Page]:
    def opened(view: str, someone: Signer, **options: Any) -> Page:
        page = open_page(Place(str(pair.stack.http.base_url).rstrip("/")), view, **options)
        expect_lines(page, STRANGER)
        enter(page, someone.someone)
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        return page

    return opened


def ledger(pair: Pair, folder: Path, *rows: str) -> Path:
    """A file; {past} and {due} in rows are dates."""
    today = pair.town.today()
    days = {"past": today - timedelta(days=10), "due": today + timedelta(days=40)}
    file = folder / "ledger.csv"
    text = "\n".join(["doc_no,vendor,amount,issue_date,due_date,currency", *(row.format(**days) for row in rows), ""])
    file.write_text(text, encoding="utf-8")
    return file


def executed(pair: Pair, maker: Signer, checker: Signer, approval: str) -> None:
    pair.ended(maker.http, pair.both(maker, checker, approval))


def approval_of(page: Page | Locator) -> str:
    """What an act that takes two people leads to."""
    link = page.get_by_role("link", name="See and sign")
    expect(link).to_be_visible()
    return str(re.findall(r"id=([0-9a-f]+)", link.get_attribute("href") or "")[0])


def test_from_a_ledger_to_payment(
    pair: Pair, maker: Signer, checker: Signer, at: Callable[..., Page], tmp_path: Path
) -> None:
    file = ledger(
        pair,
        tmp_path,
        "DAY-1,smith,1000.00,{past},{due},CNY",
        "DAY-2,smith,2500.50,{past},{due},CNY",
        "DAY-2 ,smith,2500.50,{past},{due},CNY",
        "day-1,smith,7.00,{past},{due},CNY",
        "DAY-3,smith,many,{past},{due},CNY",
    )
    page = at("#/", maker)
    expect(page.get_by_role("heading", level=1)).to_have_text("Payables")
    page.get_by_role("tab", name="Import").click()
    page.get_by_label("Ledger (CSV) or invoice (XML)").set_input_files(file)
    expect(page.get_by_text("Nothing has gone in yet")).to_be_visible()
    refused = page.get_by_role("table", name="Would not go in")
    expect(refused.get_by_role("row", name="line 5")).to_contain_text("DAY-1", ignore_case=True)
    expect(refused.get_by_role("row", name="line 6")).to_be_visible()
    assert done(maker.http.get("/imports/items"))["items"] == []
    page.get_by_role("button", name=re.compile("^Import [0-9]+ invoices?$")).click()
    expect(page.get_by_text(re.compile("invoices? imported"))).to_be_visible()
    page.get_by_label("Ledger (CSV) or invoice (XML)").set_input_files(file)
    known = page.get_by_role("table", name="Imported before")
    expect(known).to_contain_text("ledger.csv · line")

    page.get_by_role("tab", name="Confirm").click()
    (total,) = {sum(int(i["payable"]) for i in done(maker.http.get("/imports/items"))["items"])}
    line = page.get_by_text("Credit line after this")
    expect(line).to_contain_text(f"¥{total // 100:,}.{total % 100:02} of ¥10,000,000,000.00 used")
    page.get_by_role("button", name=re.compile("^Confirm [0-9]+ debts?$")).click()
    approval = approval_of(page)
    page.get_by_role("link", name="See and sign").click()
    expect(page.get_by_text("Credit line after this")).to_contain_text(f"¥{total // 100:,}.{total % 100:02}")
    executed(pair, maker, checker, approval)
    smith = pair.person("smith", MAKER).http
    notes = pair.town.until(lambda: done(smith.get("/notes"))["items"], bool)
    taken = {"party": pair.companies["smith"], "notes": [note["id"] for note in notes]}
    done(smith.post("/notes/accept", json=taken, headers=WAIT))

    page.goto(page.url.split("#")[0] + "#/payables?tab=due")
    ladder = page.get_by_role("table", name="By month")
    expect(ladder).to_contain_text(f"¥{total // 100:,}.{total % 100:02}")
    expect(page.get_by_text("Nothing is due yet.")).to_be_visible()
    expect(page.get_by_text("the repayment desk may draw ¥0.00")).to_contain_text(f"¥{total // 100:,}.{total % 100:02}")
    page.get_by_role("button", name="Let the desk draw").click()
    executed(pair, maker, checker, approval_of(page.get_by_role("region", name=re.compile("^Due by"))))
    expect(page.get_by_text("the repayment desk may draw")).to_have_count(0, timeout=15_000)
    debts = done(maker.http.get(f"/parties/{pair.companies['assembler']}/position"))["debts"]
    due = date.fromisoformat(max(debt["due_date"] for debt in debts))
    pair.pass_to(time_of_day(day_of_date(due)) + 3_600)
    pay = page.get_by_role("button", name=re.compile("^Pay [0-9]+ debts?$"))
    expect(pay).to_be_visible(timeout=15_000)
    pay.click()
    executed(pair, maker, checker, approval_of(page.get_by_role("region", name=re.compile("^Due by"))))
    expect(page.get_by_text("Nothing is owed")).to_be_visible(timeout=15_000)


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_every_part_fits_and_is_accessible(
    pair: Pair, maker: Signer, at: Callable[..., Page], axe: str, tmp_path: Path, locale: str
) -> None:
    rows = [f"FIT-{locale}-{n},smith,10.00,{{past}},{{due}},CNY" for n in range(3)]
    done(
        maker.http.post(
            "/imports",
            data={"party": pair.companies["assembler"]},
            files={"file": ledger(pair, tmp_path, *rows).open("rb")},
        )
    )
    page = at("#/payables", maker)
    if locale != "en":
        page.get_by_role("button", name="中文").click()
    base = page.url.split("#")[0]
    for tab in ("inbox", "import", "confirm", "due"):
        page.goto(f"{base}#/payables?tab={tab}")
        page.reload()
        settled(page)
        if tab == "import":
            page.locator("input[type=file]").set_input_files(
                ledger(pair, tmp_path, *rows, "X,smith,y,{past},{due},CNY")
            )
            expect(page.locator("table")).to_have_count(2)
        fits(page, axe, locale)
