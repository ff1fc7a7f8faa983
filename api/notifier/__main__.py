"""`python -m api.notifier`: says "ready" on stdout once it works, logs to stderr, ends in order on SIGTERM and SIGINT."""

from __future__ import annotations

import signal
import sys

import anyio
import structlog

from api.bootstrap import open_notifier
from api.config import Settings, load_settings
from api.domain.errors import CascadeError
from api.logs import configure_logging


async def work(settings: Settings) -> None:
    """Until a signal asks for the end."""
    stop = anyio.Event()
    async with open_notifier(settings) as notifier, anyio.create_task_group() as tasks:
        tasks.start_soon(_stop_on_signal, stop)
        print("ready", flush=True)
        await notifier.run(stop)
        tasks.cancel_scope.cancel()


async def _stop_on_signal(stop: anyio.Event) -> None:
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async for _ in signals:
            stop.set()
            return


def main() -> int:
    """Exit code 0 after an orderly end, 1 when it could not start."""
    settings = load_settings()
    configure_logging(settings.log_level)
    try:
        anyio.run(work, settings)
    except CascadeError as error:
        structlog.get_logger("notifier").error("cannot work", rule=error.rule, **error.evidence)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
