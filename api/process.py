"""How worker, indexer and notifier live: "ready" on stdout once they work, logs on stderr, an orderly end on SIGTERM and
SIGINT, and an exit code that says whether they had to give up."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable

import anyio
import structlog

from api.config import Settings, load_settings
from api.domain.errors import CascadeError
from api.logs import configure_logging

Work = Callable[[Settings, anyio.Event, Callable[[], None]], Awaitable[None]]
"""Works under settings until the event is set; calls the last once it does."""


def run(name: str, work: Work) -> int:
    """Exit code 0 after an orderly end, 1 when it could not start or had to give up."""
    configure_logging("info")
    try:
        settings = load_settings()
        configure_logging(settings.log_level)
        anyio.run(_until_signal, work, settings, backend_options={"use_uvloop": True})
    except BaseException as error:
        cause = _cause(error)
        if not isinstance(cause, CascadeError):
            raise
        structlog.get_logger(name).error("cannot work", rule=cause.rule, **cause.evidence)
        return 1
    return 0


async def _until_signal(work: Work, settings: Settings) -> None:
    stop = anyio.Event()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_stop_on_signal, stop)
        await work(settings, stop, lambda: print("ready", flush=True))
        tasks.cancel_scope.cancel()


async def _stop_on_signal(stop: anyio.Event) -> None:
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async for _ in signals:
            stop.set()
            return


def _cause(error: BaseException) -> BaseException:
    """The one error inside groups of one."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error
