"""The worker dies at every single point where it touches the outbox or the chain; nothing is lost, nothing done twice."""

from __future__ import annotations

import functools
import inspect
import random
from collections import Counter
from typing import Any

import pytest

from api.domain.operations import OperationStatus
from api.store.app.database import Database
from api.store.app.operations import StoredOperations
from api.store.app.outbox import StoredOutbox
from api.worker import settling
from api.worker import worker as worker_module
from api.worker.worker import Pace, Worker
from tests.unit.worker.chain_in_memory import ChainInMemory, CourierInMemory
from tests.unit.worker.conftest import ACCOUNTS, dead_process, operation
from tests.unit.worker.test_worker import Silence

pytestmark = pytest.mark.anyio


class Died(BaseException):
    """As kill -9: nobody may catch it."""


class Mortal:
    """Wraps outbox or courier: dies before or after the n-th call counted over both."""

    def __init__(self, inner: Any, fate: Fate) -> None:
        self._inner = inner
        self._fate = fate

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        if not inspect.iscoroutinefunction(method):
            return method

        @functools.wraps(method)
        async def call(*args: Any, **named: Any) -> Any:
            self._fate.step()
            answer = await method(*args, **named)
            self._fate.step()
            return answer

        return call


class Fate:
    def __init__(self, steps: int) -> None:
        self.left = steps

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Died


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "_RESEND_S", 0.0)
    monkeypatch.setattr(settling, "SETTLE_S", 0.0)


async def live(database: Database, chain: ChainInMemory, serial: int, steps: int, pace: Pace) -> bool:
    """One worker's life: `steps` touches of the outside at most. True when it got to the end of its work."""
    fate = Fate(steps)
    outbox = Mortal(StoredOutbox(database, dead_process(serial), 1000.0), fate)
    worker = Worker(outbox, Mortal(CourierInMemory(chain), fate), Silence(), pace)
    try:
        for _ in range(12):
            await worker.step()
    except Died:
        return False
    return True


async def check(database: Database, chain: ChainInMemory, ids: list[str], wanted: list[tuple[str, str]]) -> None:
    done = await StoredOperations(database).wait(ids, 0)
    assert {o.status for o in done} == {OperationStatus.CONFIRMED}
    assert Counter((t.account, t.raw) for t in chain.mined()) == Counter(wanted)
    for account in {a for a, _ in wanted}:
        assert [t.raw for t in chain.mined() if t.account == account] == [r for a, r in wanted if a == account]


@pytest.mark.parametrize("steps", range(1, 41))
async def test_dies_at_each_point_once(database: Database, chain: ChainInMemory, steps: int) -> None:
    wanted = [(ACCOUNTS[i % 3], str(i)) for i in range(7)]
    operations = [operation(raw, account) for account, raw in wanted]
    await StoredOperations(database).put(operations)
    await live(database, chain, 1, steps, Pace(batch=3))
    assert await live(database, chain, 2, 10_000, Pace(batch=3))
    await check(database, chain, [o.id for o in operations], wanted)


@pytest.mark.parametrize("seed", range(8))
async def test_dies_again_and_again(database: Database, chain: ChainInMemory, seed: int) -> None:
    rng = random.Random(seed)
    wanted = [(rng.choice(ACCOUNTS), str(i)) for i in range(60)]
    operations = [operation(raw, account) for account, raw in wanted]
    await StoredOperations(database).put(operations)
    pace = Pace(batch=rng.choice([1, 5, 20]), in_flight=rng.choice([3, 100]), finality_depth=rng.choice([0, 2]))
    for serial in range(40):
        await live(database, chain, serial, rng.randrange(1, 30), pace)
        if rng.random() < 0.2:
            chain.pool.clear()
    for serial in range(40, 60):
        await live(database, chain, serial, 10_000, pace)
    await check(database, chain, [o.id for o in operations], wanted)
