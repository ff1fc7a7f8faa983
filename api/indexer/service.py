"""The indexer as a process lives it: one writer, the right chain, and a fresh index when nothing less will do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import anyio
import structlog

from api.chain.artifacts import load_artifacts
from api.chain.bindings import Bindings
from api.chain.deploy import verify_deployment
from api.chain.deployment import load_deployment
from api.chain.rpc import Rpc
from api.config import Settings
from api.domain.errors import InvalidInput
from api.domain.operations import Contract
from api.indexer.apply import Applier
from api.indexer.fetch import Fetcher
from api.indexer.follow import Follower, NeedsRebuild, Rhythm
from api.indexer.steps import Steps
from api.store.app.database import Database
from api.store.app.migrate import migrate
from api.store.app.traces import StoredTraces
from api.store.ledger.generations import Generations, open_generations
from api.store.ledger.sql import Connection
from api.store.ledger.writer import Cursor, Identity, Ledger
from api.tracing import open_tracer

_log = structlog.get_logger("indexer")
_LEAST_DEPTH = 64


class Indexer:
    """Indexes one deployment into one read model. Use within `Generations.locked`."""

    def __init__(self, settings: Settings, rpc: Rpc, store: Generations, steps: Steps | None = None) -> None:
        if settings.index_depth < _LEAST_DEPTH:
            raise InvalidInput("IndexDepthTooSmall", depth=settings.index_depth, least=_LEAST_DEPTH)
        self._settings = settings
        self._rpc = rpc
        self._store = store
        self._steps = steps
        self._bindings = Bindings(load_artifacts(settings.artifacts))
        self._connection: Connection | None = None

    async def run(self, stop: anyio.Event, ready: Callable[[], None], *, rebuild: bool = False) -> None:
        """Until `stop`. Conflict when chain, deployment and index do not belong together."""
        try:
            follower = None if rebuild else await self._resume()
            follower = follower or await self._fresh(stop)
            ready()
            while True:
                try:
                    return await follower.run(stop)
                except NeedsRebuild:
                    _log.warning("too deep to rewind: indexing anew", depth=self._settings.index_depth)
                    follower = await self._fresh(stop, follower)
        finally:
            self._close()

    async def rebuild(self) -> Cursor:
        """A new generation at the chain's head, in use; where it stands."""
        try:
            follower = await self._fresh(anyio.Event())
            while await follower.catch_up():
                pass
            return follower.cursor()
        finally:
            self._close()

    async def _resume(self) -> Follower | None:
        connection = await anyio.to_thread.run_sync(self._store.open)
        if connection is None:
            return None
        self._connection = connection
        follower = await self.follower(connection)
        await follower.start()
        return follower

    async def _fresh(self, stop: anyio.Event, lost: Follower | None = None) -> Follower:
        """A new generation: used at once where there was none, else when it has caught up. `lost` the chain has left, if it
        is the right one; an index beside another chain stays as it was."""
        connection = await anyio.to_thread.run_sync(self._store.begin)
        try:
            follower = await self.follower(connection)
            await follower.start()
            if lost is not None:
                await lost.undo_all()
            await anyio.to_thread.run_sync(self._take_over, follower.ledger)
            if await anyio.to_thread.run_sync(self._store.exists):
                while await follower.catch_up(stop) and not stop.is_set():
                    pass
                if stop.is_set():
                    connection.close()
                    return follower
        except BaseException:
            connection.close()
            raise
        self._close()
        self._connection = connection
        await anyio.to_thread.run_sync(self._store.use, connection)
        return follower

    def _take_over(self, ledger: Ledger) -> None:
        """What only the index that is to be replaced knows."""
        used = self._connection or self._store.open()
        if used is None:
            return
        try:
            ledger.take_over(used)
        finally:
            if used is not self._connection:
                used.close()

    async def follower(self, connection: Connection) -> Follower:
        settings = self._settings
        deployment = load_deployment(settings.deployment_file)
        await verify_deployment(self._rpc, self._bindings, deployment)
        applier = Applier(self._bindings, deployment.addresses, settings.index_depth)
        applier.name_tokens(deployment.tokens)
        contracts = {a: c.value for c, a in deployment.addresses.items() if c is not Contract.TOKEN}
        identity = Identity(deployment.chain_id, deployment.block, deployment.block_hash, contracts)
        topic = _currency_topic(self._bindings)
        fetcher = Fetcher(self._rpc, self._bindings, applier.addresses, settings.index_depth, topic)
        rhythm = Rhythm(
            settings.index_poll_s, settings.index_idle_poll_s, settings.index_range, settings.index_behind_s
        )
        return Follower(Ledger(connection), fetcher, applier, identity, settings.index_depth, rhythm, self._steps)

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _currency_topic(bindings: Bindings) -> str:
    return next(topic for topic, event in bindings[Contract.NOTES].events.items() if event.name == "CurrencyAllowed")


async def index(settings: Settings, stop: anyio.Event, ready: Callable[[], None], *, rebuild: bool = False) -> None:
    """Runs an indexer of these settings until `stop`."""
    store = open_generations(settings.chain_db)
    with store.locked(), _open_steps(settings) as steps:
        async with Rpc(settings.rpc_url, settings.rpc_timeout_s) as rpc:
            await Indexer(settings, rpc, store, steps).run(stop, ready, rebuild=rebuild)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild came to."""

    block: int
    head: int
    events: int
    seconds: float


async def rebuild(settings: Settings) -> Rebuilt:
    """Indexes the chain anew to its head, puts that index into use, and ends. Errors as of `index`."""
    store, began = open_generations(settings.chain_db), time.monotonic()
    with store.locked():
        async with Rpc(settings.rpc_url, settings.rpc_timeout_s) as rpc:
            cursor = await Indexer(settings, rpc, store).rebuild()
    return Rebuilt(cursor.block, cursor.head, cursor.events, time.monotonic() - began)


@contextmanager
def _open_steps(settings: Settings) -> Iterator[Steps | None]:
    """None where nothing is traced: then nobody looks into app.db."""
    with open_tracer(settings, "indexer") as tracer:
        if not tracer.on:
            yield None
            return
        database = Database(settings.app_db)
        try:
            migrate(database)
            yield Steps(tracer, StoredTraces(database))
        finally:
            database.close()
