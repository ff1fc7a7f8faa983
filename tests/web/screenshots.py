"""Takes a picture of every view in both languages, and writes the page that shows them: `make screenshots` renews docs/images
and docs/views.md. The views are of `scf demo`, its story told and more of it under way; those of people who sign in are of a
network of the tests."""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.program import lasting_demo
from tests.web.browser import ARGS, CHROMIUM
from tests.web.looking import settled
from tests.web.stage import Cast, Stage
from tests.web.trade import Trade, trading

DOCS = Path(__file__).resolve().parents[2] / "docs"
LOCALES = {"en": "en", "zh": "zh-CN"}
DESKTOP, TABLET, PHONE = (1280, 860), (768, 1000), (360, 780)
COLOURS = 96


@dataclass(frozen=True)
class Shot:
    """A picture's name, what it shows in both languages, where that is, and how large a window shows it; `company`: for
    whom the page acts; `signed_in`: as the core enterprise's maker."""

    name: str
    zh: str
    en: str
    view: str
    window: tuple[int, int] = DESKTOP
    company: int | None = None
    signed_in: bool = False


def of_demo(cast: Cast) -> Iterator[Shot]:
    """Where nobody signs in."""
    yield Shot("story", "一张凭证的来历", "The story of one note", "#/?step=2")
    yield Shot("fund-flow", "资金流向", "Fund flow", "#/?step=3&tab=flow")
    yield Shot("timeline", "时间线", "Timeline", "#/?tab=timeline")
    yield Shot("story-tablet", "导览（平板）", "The story on a tablet", "#/?step=2", TABLET)
    yield Shot("story-phone", "导览（手机）", "The story on a phone", "#/?step=2", PHONE)
    yield Shot("overview", "总览", "Overview", "#/overview")
    yield Shot("receivables", "应收账款", "Receivables", "#/receivables")
    yield Shot("receivable", "一笔应收账款", "One receivable", "#/receivables/1")
    yield Shot("notes", "凭证", "Notes", "#/notes")
    yield Shot("parties", "参与方", "Parties", "#/parties")
    yield Shot("party", "一家参与方", "One party", f"#/parties/{cast.core}")
    yield Shot("network", "网络运行", "The network", "#/network")
    yield Shot("network-rules", "规则与冻结", "Rules and freezes", "#/network?tab=rules")
    yield Shot("network-admit", "参与方准入", "Admitting a party", "#/network?tab=admission")
    core, supplier, financier = cast.core, cast.supplier, cast.financier
    yield Shot("payables-inbox", "应付：待办", "Payables: inbox", "#/payables", company=core)
    yield Shot("payables-import", "应付：导入", "Payables: import", "#/payables?tab=import", company=core)
    yield Shot("payables-confirm", "应付：确权", "Payables: confirm", "#/payables?tab=confirm", company=core)
    yield Shot("payables-due", "应付：到期", "Payables: due", "#/payables?tab=due", company=core)
    yield Shot("holdings", "持有的凭证", "What a supplier holds", "#/holdings", company=supplier)
    yield Shot("holdings-phone", "持有的凭证（手机）", "Holdings on a phone", "#/holdings", PHONE, supplier)
    yield Shot("offer", "签收或拒收", "An offer, to accept or refuse", f"#/notes/{cast.offered}", company=supplier)
    yield Shot("sell-phone", "贴现与流转（手机）", "Selling, on a phone", f"#/notes/{cast.asked}", PHONE, supplier)
    yield Shot("desk", "报价台", "A financier's desk", "#/desk", company=financier)
    yield Shot("quote", "报价", "A quote", f"#/desk?note={cast.asked}", company=financier)
    yield Shot("portfolio", "资产组合", "Portfolio", "#/portfolio", company=financier)


def of_people(certificate: str, approval: str) -> Iterator[Shot]:
    """Where people sign in."""
    yield Shot("sign-in", "登录", "Signing in", "#/")
    yield Shot("enrol", "启用账号", "Enrolling", "#/enrol")
    yield Shot("certificate", "查验凭证", "Checking a certificate", f"#/certificate?code={certificate}")
    yield Shot("approvals", "双人复核", "Two people for one act", f"#/approvals?id={approval}", signed_in=True)


@dataclass
class Camera:
    """A browser, and where its pictures go."""

    browser: Browser
    folder: Path

    def take(self, base: str, shot: Shot, trade: Trade | None = None) -> None:
        """A shot in every language."""
        for language, locale in LOCALES.items():
            width, height = shot.window
            context = self.browser.new_context(viewport={"width": width, "height": height}, locale=locale)
            context.set_default_timeout(60_000)
            page = context.new_page()
            if shot.company is not None:
                page.add_init_script(f"sessionStorage.setItem('cascade.company', '{shot.company}')")
            page.goto(f"{base}/{shot.view}")
            if shot.signed_in and trade is not None:
                trade.enter(page, "assembler")
                page.locator(".who").wait_for()
            settled(page)
            self._keep(page, f"{shot.name}-{language}")
            context.close()

    def _keep(self, page: Page, name: str) -> None:
        """In few colours: a page has no more."""
        picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        few = picture.quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(self.folder / f"{name}.png", optimize=True)


HEAD = """# 界面 · The views

Every view in both languages, written by `make screenshots`: the demo after its story, with more of it under way; nobody signs
in there, and the page acts for the company that was chosen. What people see who sign in is of a network of the tests.
各视图的中英文截图，由 `make screenshots` 生成。
"""


def page_of(shots: Sequence[Shot]) -> str:
    """docs/views.md."""
    parts = [HEAD]
    for shot in shots:
        view = re.sub(r"=[-_0-9A-Za-z]{10,}$", "=…", shot.view)
        parts.append(
            f"\n## {shot.zh} · {shot.en}\n\n`{view}`, {shot.window[0]} px\n\n| 中文 | English |\n| --- | --- |\n"
            f"| ![{shot.zh}](images/{shot.name}-zh.png) | ![{shot.en}](images/{shot.name}-en.png) |\n"
        )
    return "".join(parts)


def main() -> int:
    images = DOCS / "images"
    images.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as home:
        camera = Camera(playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS), images)
        with lasting_demo(Path(home) / "demo") as program:
            base = program.serving()
            shots = list(of_demo(Stage(base).set()))
            for shot in shots:
                camera.take(base, shot)
        with trading(Path(home) / "trade") as trade:
            smith = trade.person("smith").http
            path = f"/notes/{trade.held()['id']}/certificates"
            code = smith.post(path, json={"party": trade.ids["smith"]}).headers["location"].rpartition("/")[2]
            for shot in of_people(code, trade.prepared()):
                shots.append(shot)
                camera.take(trade.base, shot, trade)
        camera.browser.close()
    (DOCS / "views.md").write_text(page_of(shots), encoding="utf-8")
    taken = {f"{shot.name}-{language}.png" for shot in shots for language in LOCALES}
    for file in images.glob("*.png"):
        if file.name not in taken:
            file.unlink()
    size = sum(file.stat().st_size for file in images.glob("*.png"))
    print(f"→ docs/views.md, {len(taken)} pictures, {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
