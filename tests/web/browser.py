"""The browser that the page is tried in: Debian's Chromium, which as root runs without its sandbox."""

from __future__ import annotations

CHROMIUM = "/usr/bin/chromium"
ARGS = ["--no-sandbox"]
