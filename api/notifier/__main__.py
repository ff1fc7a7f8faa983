"""`python -m api.notifier`: posts events to webhooks; see api.process."""

from __future__ import annotations

import sys
from collections.abc import Callable

import anyio

from api import process
from api.bootstrap import open_notifier
from api.config import Settings


async def work(settings: Settings, stop: anyio.Event, ready: Callable[[], None]) -> None:
    async with open_notifier(settings) as notifier:
        ready()
        await notifier.run(stop)


if __name__ == "__main__":
    sys.exit(process.run("notifier", work))
