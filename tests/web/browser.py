"""The browser that the page is tried in: Debian's Chromium, which as root runs without its sandbox."""

from __future__ import annotations

CHROMIUM = "/usr/bin/chromium"
ARGS = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]
"""No other host has an address: nothing leaves this machine, whatever a page asks for."""
