"""Databases that are locked or full, clocks that are wrong, and workers that share one queue."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from typing import Any

import anyio
import pytest
from sqlalchemy import event

from api.domain.errors import Unavailable
from api.domain.operations import OperationStatus
from api.store.app import database as database_module
from api.store.app import outbox as outbox_module
from api.store.app.database import ChangeWatch, Database
from api.store.app.migrate import migrate
from api.store.app.operations import StoredOperations
from api.store.app.outbox import StoredOutbox
from api.worker import worker as worker_module
from api.worker.worker import Pace, Worker
from tests.unit.worker.chain_in_memory import ChainInMemory, CourierInMemory
from tests.unit.worker.conftest import ACCOUNTS, foreign_process, operation
from tests.unit.worker.test_worker import Silence

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "_RESEND_S", 0.0)


async def done(database: Database, ids: list[str], timeout: float = 30.0) -> set[OperationStatus]:
    return {o.status for o in await StoredOperations(database).wait(ids, timeout)}


async def test_a_locked_database_delays_and_loses_nothing(
    tmp_path: Path, chain: ChainInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody holds the write lock for longer than anybody waits for it: while a request comes, and while it is sent."""
    monkeypatch.setattr(database_module, "_BUSY_MS", 50)
    database = Database(f"sqlite:///{tmp_path}/app.db")
    migrate(database)
    bell = ChangeWatch(database)
    box, stop = StoredOperations(database), anyio.Event()
    worker = Worker(StoredOutbox(database, "here|b|1|1", 0.3), CourierInMemory(chain), bell, Pace(lease_s=0.3))
    wanted = [operation(str(i), ACCOUNTS[i % 3]) for i in range(9)]
    other = sqlite3.connect(tmp_path / "app.db", isolation_level=None)
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(worker.run, stop)
            for start in range(0, 9, 3):
                other.execute("BEGIN IMMEDIATE")
                with pytest.raises(Unavailable, match="DatabaseUnavailable"):
                    await box.put(wanted[start : start + 3])
                other.execute("COMMIT")
                await box.put(wanted[start : start + 3])
                other.execute("BEGIN IMMEDIATE")
                await anyio.sleep(0.5)
                other.execute("COMMIT")
            assert await done(database, [o.id for o in wanted]) == {OperationStatus.CONFIRMED}
            stop.set()
    other.close()
    bell.close()
    database.close()
    assert sorted(int(t.raw) for t in chain.mined()) == list(range(9))


async def test_a_full_disk_stores_all_of_a_request_or_nothing(database: Database, chain: ChainInMemory) -> None:
    limit: list[int] = []

    def limited(connection: Any, *_: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={limit[-1]}")

    event.listen(database.engine, "connect", limited)
    (pages,) = database.read_now(lambda c: c.exec_driver_sql("PRAGMA page_count").one())
    limit.append(pages + 8)
    database.engine.dispose()
    box = StoredOperations(database)
    stored: list[str] = []

    async def put_until_it_is_full() -> None:
        for serial in range(1_000):
            batch = [operation(f"{serial}-{i} {'x' * 500}", ACCOUNTS[i % 2]) for i in range(4)]
            await box.put(batch)
            stored.extend(o.id for o in batch)

    with pytest.raises(Unavailable, match="full"):
        await put_until_it_is_full()
    assert len(stored) >= 4
    found = (await box.listing(status=None, kind=None, cursor=None, limit=500)).items
    assert {o.id for o in found} == set(stored)
    limit.append(2**30)
    database.engine.dispose()
    worker = Worker(StoredOutbox(database, "here|b|1|1", 10.0), CourierInMemory(chain), Silence(), Pace())
    for _ in range(12):
        await worker.step()
    assert await done(database, stored, 0) == {OperationStatus.CONFIRMED}
    assert len(chain.mined()) == len(stored)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("ahead", [0.0, 600.0, -600.0])
async def test_two_workers_on_one_queue_do_everything_once_whatever_their_clocks_say(
    database: Database, chain: ChainInMemory, monkeypatch: pytest.MonkeyPatch, ahead: float, seed: int
) -> None:
    """Of two machines, so that neither knows whether the other lives; the second's clock is `ahead` of the first's, and
    takes every lease of the first's for run out, or none for all its life."""
    rng, box, clock = random.Random(seed), StoredOperations(database), [0.0]
    true_time = outbox_module.time.time
    monkeypatch.setattr(outbox_module.time, "time", lambda: true_time() + clock[0])
    workers = [
        (
            offset,
            Worker(StoredOutbox(database, foreign_process(n), 5.0), CourierInMemory(chain), Silence(), Pace(batch=7)),
        )
        for n, offset in enumerate((0.0, ahead))
    ]
    wanted = [operation(str(i), ACCOUNTS[i % 4]) for i in range(60)]
    for start in range(0, 60, 10):
        await box.put(wanted[start : start + 10])
        for _ in range(8):
            clock[0], worker = rng.choice(workers)
            worker._look = True
            await worker.step()
    for clock[0], worker in workers * 12:
        worker._look = True
        worker._next.adopt = 0.0
        await worker.step()
    assert await done(database, [o.id for o in wanted], 0) == {OperationStatus.CONFIRMED}
    assert sorted(int(t.raw) for t in chain.mined()) == list(range(60))
    for account in ACCOUNTS[:4]:
        assert [t.nonce for t in chain.mined() if t.account == account] == list(range(15))
