"""Questions that several tests ask of a page."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect


def settled(page: Page) -> None:
    """Waits until everything asked for is on screen."""
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text(re.compile("Loading|加载中"))).to_have_count(0)


def violations(page: Page, axe: str) -> list[tuple[str, list[Any]]]:
    """What axe-core finds: rule, and its first places with the reason."""
    page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate("axe.run().then(result => result.violations)")
    return [(rule["id"], [(node["target"], node["failureSummary"]) for node in rule["nodes"]][:3]) for rule in found]
