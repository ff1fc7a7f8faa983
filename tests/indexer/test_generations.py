"""Where a read model is kept: what readers and writers may rely on, in both databases."""

from __future__ import annotations

from collections.abc import Iterator

import anyio
import pytest
from sqlalchemy import make_url, select, text

from api.chain.bindings import Bindings
from api.domain.errors import Conflict, InvalidInput, Unavailable
from api.domain.operations import Contract
from api.store.ledger import tables
from api.store.ledger.generations import Generations, Replaced, open_generations
from api.store.ledger.reading import LedgerReader
from api.store.ledger.sql import Sql, transaction
from api.store.ledger.writer import Ledger
from tests.indexer.conftest import Where, query
from tests.indexer.logs import Script
from tests.postgresql import Server

_BLOCK = Sql(select(tables.cursor.c.block))
_EVENTS = Sql(select(tables.events.c.block, tables.events.c.name).order_by(tables.events.c.block))
HASH = b"\x07" * 32


@pytest.fixture
def script(bindings: Bindings, where: Where) -> Iterator[Script]:
    script = Script(bindings, where("chain"))
    script.say((Contract.NOTES, "Paused", True))
    yield script
    script.connection.close()


@pytest.fixture
def store(where: Where) -> Generations:
    return open_generations(where("chain"))


def test_a_snapshot_stays_at_its_block(script: Script, store: Generations) -> None:
    snapshot = store.snapshot()
    first = snapshot.begin()
    assert _BLOCK.one(snapshot.connection) == (1,)
    script.say((Contract.NOTES, "Paused", False))
    assert _BLOCK.one(snapshot.connection) == (1,)
    assert len(_EVENTS.all(snapshot.connection)) == 1
    snapshot.end()
    second = snapshot.begin()
    assert second != first
    assert len(_EVENTS.all(snapshot.connection)) == 2
    snapshot.end()
    assert snapshot.begin() == second
    snapshot.end()
    snapshot.close()


def test_who_reads_a_generation_keeps_it_until_the_end(script: Script, store: Generations) -> None:
    """Its tables are all there, also those that it had not come to when the next generation took the place."""
    snapshot = store.snapshot()
    snapshot.begin()
    draft = store.begin()
    store.use(draft)
    assert len(_EVENTS.all(snapshot.connection)) == 1
    snapshot.end()
    with pytest.raises(Replaced):
        snapshot.begin()
    snapshot.close()
    later = store.snapshot()
    later.begin()
    assert _EVENTS.all(later.connection) == []
    later.end()
    later.close()
    draft.close()


def test_a_draft_is_not_seen_and_one_cut_short_is_removed(script: Script, store: Generations, where: Where) -> None:
    store.begin().close()
    snapshot = store.snapshot()
    snapshot.begin()
    assert len(_EVENTS.all(snapshot.connection)) == 1
    snapshot.end()
    snapshot.close()
    draft = store.begin()
    store.use(draft)
    draft.close()
    url = make_url(where("chain"))
    if url.get_backend_name() == "postgresql":
        schemas = query(str(url), "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'ledger%'")
        assert len(schemas) == 2  # the generation in use, and the table that says so


def test_a_second_writer_writes_nothing(script: Script, store: Generations) -> None:
    """Somebody who holds a connection without the lock: the cursor has moved under him."""
    connection = store.open()
    assert connection is not None
    other = Ledger(connection)
    stale = other.cursor()
    assert stale is not None
    script.say((Contract.NOTES, "Paused", False))
    there = script.rows("SELECT block, name FROM events")
    fetched = script.range([script.log(Contract.NOTES, "Paused", False)])
    with pytest.raises(Conflict, match="IndexerAlreadyRunning"):
        other.commit([], [], stale, script.cursor)
    assert script.rows("SELECT block, name FROM events") == there
    assert fetched.first == script.cursor.block + 1
    connection.close()


def test_what_fails_half_way_leaves_nothing(script: Script) -> None:
    events = script.rows("SELECT block, name FROM events")

    def half() -> None:
        with transaction(script.connection):
            Sql(text("DELETE FROM events")).run(script.connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert script.rows("SELECT block, name FROM events") == events
    script.say((Contract.NOTES, "Paused", False))
    assert script.cursor == script.ledger.cursor()


def test_other_databases_are_refused_by_name() -> None:
    for url in ("mysql://h/d", "sqlite://", "sqlite:///:memory:", "chain.db"):
        with pytest.raises(InvalidInput, match="DatabaseNotSupported"):
            open_generations(url)


@pytest.mark.anyio
async def test_commits_are_heard_of(script: Script, where: Where) -> None:
    reader = LedgerReader(where("chain"))
    assert not await reader.wait_for(2, 0.05)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(reader.wait_for, 2, 30.0)
        await anyio.sleep(0.05)
        await anyio.to_thread.run_sync(script.say, (Contract.NOTES, "Paused", False))
    assert (await reader.status()).block == 2
    reader.close()


@pytest.mark.anyio
async def test_a_server_that_goes_away_and_comes_back(bindings: Bindings, server: Server) -> None:
    """Every session is ended: the next read and the next range find new ones."""
    url = server.new_database()
    script = Script(bindings, url)
    reader = LedgerReader(url)
    assert (await reader.status()).block == 0
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    ended = f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {others}"
    query(url, ended)
    assert (await reader.status()).block == 0
    with pytest.raises(Unavailable, match="DatabaseUnavailable"):
        script.say((Contract.NOTES, "Paused", True))
    script.say((Contract.NOTES, "Paused", True))
    assert (await reader.status()).block == 1
    reader.close()
    script.connection.close()


def test_a_server_that_is_not_there_is_named() -> None:
    store = open_generations("postgresql:///none?host=/nowhere")
    for ask in (store.exists, store.open, store.begin, store.snapshot):
        with pytest.raises(Unavailable, match="DatabaseUnavailable"):
            ask()
