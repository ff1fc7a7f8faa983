"""Questions that several tests ask of a page."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import Page

_expected: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()


def expect_lines(page: Page, *words: str) -> None:
    """Lines of the console that hold any of these words are no complaint."""
    _expected.setdefault(page, []).extend(words)


def complaints(page: Page, lines: list[str]) -> list[str]:
    """Those that nobody expects."""
    return [line for line in lines if not any(words in line for words in _expected.get(page, ()))]


def settled(page: Page) -> None:
    """Waits until everything asked for is on screen: a heading, and for a while nothing that loads.

    Not Playwright's `networkidle`: it now and then counts a request of the page before a reload as never answered.
    """
    page.evaluate("delete window.settledSince")
    page.wait_for_function(
        """() => {
            const shown = document.querySelector("h1") && !document.querySelector(".state-loading");
            window.settledSince = shown ? (window.settledSince ?? performance.now()) : undefined;
            return shown && performance.now() - window.settledSince >= 300;
        }"""
    )


WIDTHS = (360, 768, 1440)
"""Phone, tablet, desktop."""
AUDITED = {"zh-CN": (360, 768), "en": (768, 1440)}
"""At which of them axe looks, by language: each at least once, and the page is loaded once for all."""


def fits(page: Page, axe: str, locale: str) -> None:
    """At no width anything scrolls sideways, and axe finds nothing."""
    settled(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(_SCROLL_WIDTH) <= width, (page.url, width)
        if width in AUDITED[locale]:
            found = violations(page, axe)
            assert not found, (page.url, width, found)


_SCROLL_WIDTH = """
new Promise((answer) => requestAnimationFrame(() =>
  requestAnimationFrame(() => answer(document.documentElement.scrollWidth))))
"""
"""Once what hangs on the width is drawn anew."""


def violations(page: Page, axe: str) -> list[tuple[str, list[Any]]]:
    """What axe-core finds: rule, and its first places with the reason."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate(
        "axe.run({ resultTypes: ['violations'] }).then(result => result.violations)"
    )
    return [(rule["id"], [(node["target"], node["failureSummary"]) for node in rule["nodes"]][:3]) for rule in found]
