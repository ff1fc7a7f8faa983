"""Takes the pictures of docs/images: `python -m tests.web.screenshots [ADDRESS]`, from a served page or the sample book."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.web.book import sample
from tests.web.browser import ARGS, CHROMIUM
from tests.web.site import Site, serve

IMAGES = Path(__file__).resolve().parents[2] / "docs/images"
SHOTS = {
    "story-en": ("en", "light", 1440, "#/?step=2"),
    "story-zh": ("zh-CN", "light", 1440, "#/?step=2"),
    "fund-flow-en": ("en", "light", 1440, "#/?step=3&tab=flow"),
    "timeline-zh-dark": ("zh-CN", "dark", 1440, "#/?tab=timeline"),
    "overview-en": ("en", "light", 1440, "#/overview"),
    "phone-zh": ("zh-CN", "light", 360, "#/?step=2"),
    "phone-en-dark": ("en", "dark", 360, "#/?step=3&tab=flow"),
}


def shoot(browser: Browser, base: str, folder: Path) -> None:
    """Every picture of SHOTS, as folder/NAME.png, with the whole page on it."""
    for name, (locale, scheme, width, view) in SHOTS.items():
        page = browser.new_page(viewport={"width": width, "height": 900}, locale=locale, color_scheme=scheme)
        page.goto(f"{base}/{view}")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / f"{name}.png", full_page=True)
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
