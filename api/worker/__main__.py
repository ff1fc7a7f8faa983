"""`python -m api.worker`: carries operations and bulk jobs out; see api.process."""

from __future__ import annotations

import sys
from collections.abc import Callable

import anyio
import structlog

from api import process
from api.bootstrap import open_services, open_worker
from api.config import Settings
from api.domain.errors import CascadeError


async def work(settings: Settings, stop: anyio.Event, ready: Callable[[], None]) -> None:
    async with open_worker(settings) as worker, anyio.create_task_group() as tasks:
        tasks.start_soon(_carry_jobs, settings, stop)
        ready()
        await worker.run(stop)
        tasks.cancel_scope.cancel()


async def _carry_jobs(settings: Settings, stop: anyio.Event) -> None:
    """Bulk jobs, beside the sending of what they put into the outbox."""
    while not stop.is_set():
        try:
            async with open_services(settings, "worker") as services:
                await services.bulk.run(stop)
        except CascadeError as error:
            # Before the first start of the indexer there is nothing to plan from.
            structlog.get_logger("jobs").info("not yet", rule=error.rule, **error.evidence)
            await anyio.sleep(1)


if __name__ == "__main__":
    sys.exit(process.run("worker", work))
