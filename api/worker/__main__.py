"""`python -m api.worker`: says "ready" on stdout once it works, logs to stderr, ends in order on SIGTERM and SIGINT."""

from __future__ import annotations

import signal
import sys

import anyio
import structlog

from api.bootstrap import open_services, open_worker
from api.config import Settings, load_settings
from api.domain.errors import CascadeError
from api.logs import configure_logging


async def work(settings: Settings) -> None:
    """Until a signal asks for the end."""
    stop = anyio.Event()
    async with open_worker(settings) as worker, anyio.create_task_group() as tasks:
        tasks.start_soon(_stop_on_signal, stop)
        tasks.start_soon(_carry_jobs, settings, stop)
        print("ready", flush=True)
        await worker.run(stop)
        tasks.cancel_scope.cancel()


async def _carry_jobs(settings: Settings, stop: anyio.Event) -> None:
    """Bulk jobs, beside the sending of what they put into the outbox."""
    while not stop.is_set():
        try:
            async with open_services(settings) as services:
                await services.bulk.run(stop)
        except CascadeError as error:
            # Before the first start of the indexer there is nothing to plan from.
            structlog.get_logger("jobs").info("not yet", rule=error.rule, **error.evidence)
            await anyio.sleep(1)


async def _stop_on_signal(stop: anyio.Event) -> None:
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async for _ in signals:
            stop.set()
            return


def main() -> int:
    """Exit code 0 after an orderly end, 1 when it could not start or had to give up."""
    settings = load_settings()
    configure_logging(settings.log_level)
    try:
        anyio.run(work, settings, backend_options={"use_uvloop": True})
    except CascadeError as error:
        structlog.get_logger("worker").error("cannot work", rule=error.rule, **error.evidence)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
