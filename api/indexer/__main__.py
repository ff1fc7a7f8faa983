"""`python -m api.indexer [--rebuild]`: says "ready" on stdout once readers can open the index, logs to stderr, ends
in order on SIGTERM and SIGINT."""

from __future__ import annotations

import argparse
import gc
import signal
import sys

import anyio
import structlog

from api.config import Settings, load_settings
from api.domain.errors import CascadeError
from api.indexer.service import index
from api.logs import configure_logging


def spare_collector() -> None:
    """A range is a hundred thousand small objects without cycles: looking for cycles among them took a third of the
    time."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


async def work(settings: Settings, rebuild: bool) -> None:
    """Until a signal asks for the end."""
    stop = anyio.Event()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_stop_on_signal, stop)
        await index(settings, stop, lambda: print("ready", flush=True), rebuild=rebuild)
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


def main() -> int:
    """Exit code 0 after an orderly end, 1 when it could not start or had to give up."""
    parser = argparse.ArgumentParser(prog="python -m api.indexer", description="Index the chain into chain.db.")
    parser.add_argument("--rebuild", action="store_true", help="index anew beside the present index")
    rebuild = parser.parse_args().rebuild
    settings = load_settings()
    configure_logging(settings.log_level)
    spare_collector()
    try:
        anyio.run(work, settings, rebuild, backend_options={"use_uvloop": True})
    except BaseException as error:
        cause = _cause(error)
        if not isinstance(cause, CascadeError):
            raise
        structlog.get_logger("indexer").error("cannot index", rule=cause.rule, **cause.evidence)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
