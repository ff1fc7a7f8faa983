"""Walks the supplier's story by keyboard, as one does who hears the page, and writes down what is announced:
`python -m tests.web.walk [FILE]` writes docs/supplier-walk.md (both languages) from a fresh network of the tests."""

from __future__ import annotations

import re
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from api.domain.interest import price_down
from tests.api.http.town import REGISTRY
from tests.api.http.two import Json, done
from tests.web.browser import ARGS, CHROMIUM
from tests.web.looking import settled
from tests.web.trade import Trade, trading, yuan

TARGET = Path(__file__).resolve().parents[2] / "docs/supplier-walk.md"
MOST_TABS = 150
RECORD = """
window.said = [];
new MutationObserver((changes) => {
  for (const { target } of changes) {
    const region = (target.closest ? target : target.parentElement)?.closest('[role=status],[role=alert],[aria-live]');
    const text = region?.textContent.trim().replace(/\\s+/g, ' ');
    if (text && window.said.at(-1) !== text) window.said.push(text);
  }
}).observe(document, { subtree: true, childList: true, characterData: true });
"""


@dataclass
class Words:
    """What a step looks for, in one language."""

    locale: str
    title: str
    accept: str
    entered: str
    to: str
    amount: str
    document: str
    receiver: str
    pass_on: str
    close: str
    ask: str
    quotes: str
    take: str
    sell: str
    arrived: str
    sign_in: str


ENGLISH = Words(
    *(
        "en",
        "In English",
        "Accept",
        "Entered in the ledger",
        "To whom",
        "How much",
        "Invoice or contract",
        "weaver Ltd",
    ),
    *("Pass on", "Close", "Ask", "the best is that of", "Take", "Sell for", "Money that has arrived", "Sign in"),
)
CHINESE = Words(
    *("zh-CN", "中文", "签收", "已记入账本", "流转给", "金额", "发票或合同", "weaver有限公司"),
    *("确认流转", "关闭", "发出询价", "最优为", "选用", "贴现，到手", "已到账资金", "登录"),
)


@dataclass
class Walker:
    """One who presses keys and hears what comes of it."""

    page: Page
    lines: list[str] = field(default_factory=list)

    def to(self, name: str, *, exact: bool = False) -> None:
        """Tab until what has the focus is called so; what is heard there."""
        for presses in range(1, MOST_TABS):
            self.page.keyboard.press("Tab")
            heard = self.focused()
            found = re.search(r'"(.*?)(?<!\\)"', heard)
            called = found[1] if found else ""
            if (called == name) if exact else called.startswith(name):
                self.note(f"Tab × {presses}", heard)
                return
        raise LookupError(name)

    def press(self, key: str, until: str | None = None) -> None:
        """A key, and what is announced of itself until some words are among it."""
        self.page.evaluate("window.said = []")
        self.page.keyboard.press(key)
        if until is not None:
            self.page.wait_for_function("words => window.said.some(text => text.includes(words))", arg=until)
        said = self.page.evaluate("window.said")
        self.note(key, self.focused() if not said else "", said)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.note(f"“{text}”", self.focused())

    def wait(self, what: str, until: str) -> None:
        """Something happens elsewhere, and is announced here."""
        self.page.wait_for_function("words => window.said.some(text => text.includes(words))", arg=until)
        self.note(what, "", self.page.evaluate("window.said"))

    def view(self) -> None:
        """What a new view says of itself: the window's title, and its headings."""
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        settled(self.page)
        headings = self.page.get_by_role("heading").all_inner_texts()
        self.note("–", f"{self.page.title()}: {' · '.join(headings)}")

    def focused(self) -> str:
        focus = self.page.locator(":focus")
        if focus.count() == 0:  # what had it is gone, or it is the browser's own
            return ""
        first = focus.aria_snapshot().split("\n")[0]
        return first.removeprefix("- ").rstrip(":").replace("'", "")

    def note(self, pressed: str, heard: str, said: list[str] | None = None) -> None:
        announced = "<br>".join(said or [])
        self.lines.append(f"| {pressed} | {heard.replace('|', '/')} | {announced.replace('|', '/')} |")


def walk(trade: Trade, browser: Browser, words: Words) -> list[str]:
    """The story, from signing in to the money: a table of steps."""
    note, folder = trade.offered("5000.00"), Path(tempfile.mkdtemp())
    contract = folder / "contract-7.pdf"
    contract.write_bytes(b"framework contract 7")
    page = browser.new_page(viewport={"width": 360, "height": 780}, locale=words.locale)
    page.add_init_script(RECORD)
    page.goto(trade.base)
    trade.enter(page, "smith")
    walker = Walker(page)
    expect(page.get_by_role("link", name=f"#{note['id']}", exact=True)).to_be_visible()
    walker.view()
    walker.to(f"#{note['id']}", exact=True)
    page.keyboard.press("Enter")
    walker.view()
    walker.to(words.accept, exact=True)
    walker.press("Enter", words.entered)
    trade.mine()
    _passing(walker, words, contract)
    trade.mine()
    _selling(trade, walker, words, note)
    page.close()
    return walker.lines


def _passing(walker: Walker, words: Words, contract: Path) -> None:
    page = walker.page
    expect(page.get_by_label(words.to)).to_be_visible()
    walker.to(words.to)
    walker.type(words.receiver[:3])
    walker.to(words.amount, exact=True)
    walker.type("1500.50")
    walker.to(words.document)
    page.get_by_label(words.document).set_input_files(contract)
    walker.note("contract-7.pdf", walker.focused())
    walker.to(words.pass_on, exact=True)
    walker.press("Enter", words.entered)


def _selling(trade: Trade, walker: Walker, words: Words, note: Json) -> None:
    page = walker.page
    page.reload()
    expect(page.get_by_role("button", name=words.ask, exact=True)).to_be_visible()
    walker.view()
    walker.to(words.ask, exact=True)
    page.keyboard.press("Enter")
    walker.note("Enter", walker.focused())
    page.evaluate("window.said = []")
    trade.pair.town.until(
        lambda: done(trade.person("smith").http.get(f"/quote-requests?note={note['id']}"))["items"], bool
    )
    value = trade.note("smith", note["id"])["value"]
    bid = {"note": note["id"], "rate_bps": 500, "max_amount": value, "registry_reference": REGISTRY}
    done(trade.person("lender").http.post("/quotes", json={"party": trade.ids["lender"], "bids": [bid]}))
    walker.wait("–", words.quotes)
    walker.to(words.take)
    walker.press("Enter")
    walker.to(words.sell)
    walker.press("Enter", words.entered)
    cash = yuan(price_down(int(value), 500, trade.days(note)))
    arrived = page.get_by_role("region", name=words.arrived)
    expect(arrived).to_contain_text(cash)
    walker.note("–", " ".join(arrived.locator("li").first.inner_text().split()))


HEAD = """# The supplier's story, by ear

Written by `python -m tests.web.walk`: a supplier's maker on a phone's width, with the keyboard alone, from an offer to the
money. Each row is a key or a wait (–), what a screen reader says of where the focus is (role and name, as Chromium's
accessibility tree has them; after a new view its title and headings), and what the page announces of itself.
"""


def main(arguments: list[str]) -> None:
    target = Path(arguments[0]) if arguments else TARGET
    parts = [HEAD]
    with trading(Path(tempfile.mkdtemp())) as trade, sync_playwright() as playwright:
        trade.pair.admit("weaver", "supplier")
        trade.provide("lender")
        trade.alone("smith", "finance")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        for words in (ENGLISH, CHINESE):
            rows = "\n".join(walk(trade, browser, words))
            parts.append(f"\n## {words.title}\n\n| key | heard | announced |\n| --- | --- | --- |\n{rows}\n")
        browser.close()
    target.write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
