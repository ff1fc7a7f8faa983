"""The page with much on it, in headless Chromium on the real API: a ledger of 20,000 rows that is imported and confirmed, a
supplier that holds 5,000 notes, a tree of 10,000 notes and its 20,000 payments. Writes build/bench/page.json.

`make bench-page`. For each view: when what it is opened for is on screen, when the page answers (the end of the last long
task before a quiet second), the long tasks (more than 50 ms in which it answers nothing) of opening it and of going through
it from end to end, and the JS heap after a collection. What the first view loads is counted as it crosses the wire.

The ledger is imported into a real network. The notes are written into a read model beside that network's, as the indexer
writes them (bench/ledgers.py), with its parties; then the API is turned to it."""

from __future__ import annotations

import csv
import gzip
import sqlite3
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import anyio
from playwright.async_api import Browser, CDPSession, Page, async_playwright

from api.domain.calendar import date_of_day, day_of_time
from api.store.ledger.generations import open_generations
from bench.ledgers import Crowd, fill_crowd
from bench.network import PROJECT
from bench.program import Program, program
from bench.results import write_results
from tests.web.browser import ARGS, CHROMIUM

ROWS = 20_000
HELD = 5_000
SCROLLED = 10_000
"""Rows that are gone through."""
QUIET_S = 1.0
LONGEST_S = 40
GOALS = {"first_view_kB": 200, "longest_task_ms": 200}

WATCH = """
window.tasks = [];
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) window.tasks.push([startTime, duration]);
}).observe({ type: 'longtask', buffered: true });
"""
SHOWN = """
([selector, longest]) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error(`${selector} is not on screen`)), longest * 1000);
  const look = () => document.querySelector(selector) ? resolve(performance.now()) : requestAnimationFrame(look);
  look();
})
"""
SCROLL = """
([selector, rows, longest]) => new Promise((resolve, reject) => {
  const frame = document.querySelector(selector);
  const count = Number(frame.querySelector('table').getAttribute('aria-rowcount'));
  const end = Math.min(1, rows / count) * frame.scrollHeight;
  const began = performance.now();
  const step = () => {
    frame.scrollTop += frame.clientHeight;
    const left = frame.scrollTop < end && frame.scrollTop + frame.clientHeight < frame.scrollHeight - 1;
    const took = performance.now() - began;
    if (!left) resolve(took);
    else if (took > longest * 1000) reject(new Error(`at ${frame.scrollTop} of ${end} after ${took} ms`));
    else requestAnimationFrame(step);
  };
  setTimeout(() => reject(new Error(`no frames: at ${frame.scrollTop} of ${end}`)), 2 * longest * 1000);
  step();
})
"""
LONG = ".table-long"


@dataclass(frozen=True)
class Opened:
    """A view that is on screen, and when each thing was, milliseconds since it was asked for."""

    page: Page
    cdp: CDPSession
    figures: dict[str, float]


class Looker:
    """Opens views in a browser that was nowhere before."""

    def __init__(self, browser: Browser, base: str) -> None:
        self._browser = browser
        self._base = base

    async def open(self, view: str, shows: str, company: int | None = None, width: int = 1440) -> Opened:
        """A view, once `shows` (a selector) is on screen and the page has been quiet for a second."""
        context = await self._browser.new_context(viewport={"width": width, "height": 900}, locale="en")
        page = await context.new_page()
        await page.add_init_script(WATCH)
        if company is not None:
            await page.add_init_script(f"sessionStorage.setItem('cascade.company', '{company}')")
        page.set_default_timeout(LONGEST_S * 1_000)
        await page.goto(f"{self._base}/{view}")
        shown = await page.evaluate(SHOWN, [shows, LONGEST_S])
        tasks = await quiet(page)
        ends = [start + took for start, took in tasks]
        figures = {"shown_ms": round(shown), "interactive_ms": round(max([shown, *ends])), **told(tasks)}
        cdp = await context.new_cdp_session(page)
        return Opened(page, cdp, {**figures, "heap_MB": await heap(cdp)})


async def quiet(page: Page) -> list[list[float]]:
    """The long tasks up to a second without any."""
    seen = -1
    while (count := await page.evaluate("window.tasks.length")) != seen:
        seen = count
        await anyio.sleep(QUIET_S)
    found: list[list[float]] = await page.evaluate("window.tasks.splice(0)")
    return found


def told(tasks: list[list[float]]) -> dict[str, float]:
    """What long tasks come to."""
    durations = [took for _, took in tasks]
    return {
        "long_tasks": len(durations),
        "longest_task_ms": round(max(durations, default=0)),
        "blocked_ms": round(sum(took - 50 for took in durations)),
    }


async def heap(cdp: CDPSession) -> float:
    await cdp.send("HeapProfiler.collectGarbage")
    await cdp.send("Performance.enable")
    metrics = (await cdp.send("Performance.getMetrics"))["metrics"]
    return round(next(float(m["value"]) for m in metrics if m["name"] == "JSHeapUsedSize") / 1e6, 1)


async def scrolled(opened: Opened, rows: int = SCROLLED) -> dict[str, float]:
    """A long table from its first row on, a screen for each frame."""
    page = opened.page
    took = await page.evaluate(SCROLL, [LONG, rows, LONGEST_S])
    drawn = await page.locator(f"{LONG} tbody:not(.table-gap) tr").count()
    tasks = await quiet(page)
    return {"took_ms": round(took), "rows_drawn": drawn, **told(tasks), "heap_MB": await heap(opened.cdp)}


async def seen(opened: Opened, **more: Any) -> dict[str, Any]:
    """What there is to say of a view, which is closed then: no other is measured beside it."""
    await opened.page.context.close()
    return {**opened.figures, **more}


async def clicked(opened: Opened, name: str, shows: str) -> dict[str, float]:
    """A button pressed, until what it leads to is on screen."""
    page = opened.page
    began = await page.evaluate("performance.now()")
    await page.get_by_role("button", name=name).first.click()
    shown = await page.evaluate(SHOWN, [shows, LONGEST_S])
    return {"shown_ms": round(shown - began), **told(await quiet(page))}


# -- what is opened


async def weight(opened: Opened) -> dict[str, Any]:
    """Bytes of the first view's own files, as they came and packed by gzip."""
    names: list[str] = await opened.page.evaluate(
        "performance.getEntriesByType('resource').map(r => r.name).filter(n => n.includes('/assets/'))"
    )
    files = [PROJECT / "api/web/dist/index.html"]
    files += [PROJECT / "api/web/dist/assets" / name.rpartition("/")[2] for name in names]
    plain = [file.read_bytes() for file in files]
    came = await opened.page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')"
        ".filter(r => r.name.includes('/assets/'))].reduce((sum, r) => sum + r.encodedBodySize, 0)"
    )
    return {
        "files": len(files),
        "plain_kB": round(sum(map(len, plain)) / 1_000, 1),
        "gzip_kB": round(sum(len(gzip.compress(each, 9, mtime=0)) for each in plain) / 1_000, 1),
        "came_kB": round(came / 1_000, 1),
    }


def ledger(folder: Path, today: date, sellers: list[str]) -> Path:
    """A file of ROWS payables to companies that are known."""
    file = folder / "payables.csv"
    with file.open("w", encoding="utf-8", newline="") as text:
        rows = csv.writer(text)
        rows.writerow(["doc_no", "vendor", "amount", "issue_date", "due_date", "currency"])
        for number in range(ROWS):
            due = today + timedelta(days=30 + number % 120)
            amount = f"{1_000 + number % 9_000}.{number % 100:02}"
            seller = sellers[number % len(sellers)]
            rows.writerow([f"PAGE-{number}", seller, amount, today - timedelta(days=5), due, "CNY"])
    return file


async def payables(look: Looker, running: Program, folder: Path) -> dict[str, Any]:
    """The ledger: what would go in, and what is to be confirmed."""
    core = running.play.parties["core"]
    parties = (await running.services.ledger.parties(role=None, cursor=None, limit=500)).items
    sellers = [p.name_zh for p in parties if p.id in running.play.parties.values() and p.id != core and p.name_zh]
    status = await running.services.ledger.model.status()
    opened = await look.open("#/payables?tab=import", "input[type=file]", core)
    page = opened.page
    began = await page.evaluate("performance.now()")
    await page.locator("input[type=file]").set_input_files(
        ledger(folder, date_of_day(day_of_time(status.block_time)), sellers)
    )
    shown = await page.evaluate(SHOWN, [LONG, LONGEST_S])
    checked = {"shown_ms": round(shown - began), **told(await quiet(page)), "heap_MB": await heap(opened.cdp)}
    checked_scroll = await scrolled(opened)
    await page.get_by_role("button", name="Import ").last.click()
    await page.locator(".act-final").wait_for()
    await page.context.close()
    confirm = await look.open("#/payables?tab=confirm", LONG, core)
    return {
        "import_dry_run": {**checked, "scrolling": checked_scroll},
        "confirm": await seen(confirm, scrolling=await scrolled(confirm)),
    }


async def notes(look: Looker, crowd: Crowd) -> dict[str, Any]:
    """The supplier, and the tree."""
    tree, views = f"#/receivables/{crowd.large_receivable}", {}
    holdings = await look.open("#/holdings", LONG, crowd.holder)
    views["holdings"] = await seen(holdings, scrolling=await scrolled(holdings))
    graph = await look.open(tree, ".graph .card")
    await graph.page.locator(".graph .card", has_text="notes").first.click()
    views["tree"] = await seen(graph, opening_a_group=await clicked(graph, "Open these", ".graph .card .card-id"))
    views["tree_on_a_phone"] = await seen(await look.open(tree, ".outline .card", width=360))
    table = await look.open(f"{tree}?form=table", LONG)
    views["tree_as_a_table"] = await seen(table, scrolling=await scrolled(table))
    flow = await look.open(f"{tree}?tab=flow", ".ribbon")
    views["fund_flow"] = await seen(flow, scrolling=await scrolled(flow))
    return views


async def measure() -> dict[str, Any]:
    """All figures."""
    async with program() as running, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        look = Looker(browser, running.url)
        first = await look.open("#/", "h1")
        views: dict[str, Any] = {"first_view": await seen(first, **await weight(first))}
        with tempfile.TemporaryDirectory() as folder:
            views |= await payables(look, running, Path(folder))
        holder = next(id for role, id in running.play.parties.items() if role not in ("core", "registrar"))
        store = open_generations(running.settings.chain_db)
        known = store.open()
        connection = store.begin()
        assert isinstance(known, sqlite3.Connection)
        crowd = fill_crowd(connection, known, holder, HELD)
        store.use(connection)
        views |= await notes(look, crowd)
        await browser.close()
    return {
        "ledger_rows": ROWS,
        "held_notes": crowd.held,
        "tree_notes": crowd.large,
        "goals": GOALS,
        **views,
    }


def main() -> int:
    figures = anyio.run(measure)
    for view, of in figures.items():
        if isinstance(of, Mapping):
            print(f"{view:>16}  " + "  ".join(f"{name} {value}" for name, value in of.items()))
    write_results(PROJECT / "build/bench/page.json", figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
