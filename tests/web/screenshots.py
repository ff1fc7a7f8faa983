"""Takes the pictures of docs/images: `python -m tests.web.screenshots [ADDRESS]`, from a served page or the sample book."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.web.book import sample
from tests.web.browser import ARGS, CHROMIUM
from tests.web.looking import settled
from tests.web.site import Site, serve

IMAGES = Path(__file__).resolve().parents[2] / "docs/images"
SHOTS = {
    "story-en": ("en", 1440, 1000, "#/?step=2"),
    "story-zh": ("zh-CN", 1440, 1000, "#/?step=2"),
    "fund-flow-en": ("en", 1440, 1000, "#/?step=3&tab=flow"),
    "phone-zh": ("zh-CN", 360, 1100, "#/?step=2"),
}
"""Name → language, width, height, view."""


def shoot(browser: Browser, base: str, folder: Path) -> None:
    """Every picture of SHOTS, as folder/NAME.png."""
    for name, (locale, width, height, view) in SHOTS.items():
        page = browser.new_page(viewport={"width": width, "height": height}, locale=locale)
        page.goto(f"{base}/{view}")
        settled(page)
        page.screenshot(path=folder / f"{name}.png")
        page.close()


def main(arguments: list[str]) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    site = Site(sample())
    with sync_playwright() as playwright, nullcontext(site) if arguments else serve(site):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        shoot(browser, arguments[0] if arguments else site.base, IMAGES)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
