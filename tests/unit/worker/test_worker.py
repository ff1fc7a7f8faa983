"""What the worker does in fair weather and in foul: refusals, lost transactions, used nonces, reorganisations, leases."""

from __future__ import annotations

import anyio
import pytest

from api.domain.operations import OperationStatus
from api.domain.ports import SignedTransaction
from api.store.app.database import ChangeWatch, Database
from api.store.app.events import StoredEvents
from api.store.app.operations import StoredOperations
from api.store.app.outbox import StoredOutbox
from api.worker import settling
from api.worker import worker as worker_module
from api.worker.worker import Pace, Worker
from tests.unit.worker.chain_in_memory import ChainInMemory, CourierInMemory
from tests.unit.worker.conftest import ACCOUNTS, dead_process, foreign_process, operation

pytestmark = pytest.mark.anyio


class Silence:
    """A bell that never rings and does not wait."""

    async def wait(self, timeout_s: float) -> bool:
        return False


def build(database: Database, chain: ChainInMemory, owner: str = "here|b|1|1", pace: Pace | None = None) -> Worker:
    outbox = StoredOutbox(database, owner, 10.0)
    return Worker(outbox, CourierInMemory(chain), Silence(), pace or Pace())


async def drain(worker: Worker, rounds: int = 12) -> None:
    for _ in range(rounds):
        await worker.step()


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "_RESEND_S", 0.0)
    monkeypatch.setattr(settling, "SETTLE_S", 0.0)


async def test_eight_accounts_keep_their_own_order(database: Database, chain: ChainInMemory) -> None:
    box = StoredOperations(database)
    wanted = [operation(f"{i}", ACCOUNTS[i % 8]) for i in range(400)]
    await box.put(wanted)
    await drain(build(database, chain, pace=Pace(batch=37)), 30)
    done = await box.wait([o.id for o in wanted], 0)
    assert {o.status for o in done} == {OperationStatus.CONFIRMED}
    for number, account in enumerate(ACCOUNTS):
        mined = [t for t in chain.mined() if t.account == account]
        assert [t.nonce for t in mined] == list(range(50))
        assert [int(t.raw) for t in mined] == list(range(number, 400, 8))


async def test_a_refusal_by_a_contract_is_told_and_the_next_goes_on(database: Database, chain: ChainInMemory) -> None:
    box = StoredOperations(database)
    wanted = [operation(a) for a in ("one", "bad two", "refused early", "three")]
    await box.put(wanted)
    await drain(build(database, chain))
    one, two, early, three = await box.wait([o.id for o in wanted], 0)
    assert (one.status, three.status) == (OperationStatus.CONFIRMED, OperationStatus.CONFIRMED)
    assert (two.status, two.error) == (
        OperationStatus.FAILED,
        {"rule": "NotHeld", "evidence": {"note": 7, "status": 2}},
    )
    assert two.block is not None
    assert (early.status, early.error, early.nonce) == (
        OperationStatus.FAILED,
        {"rule": "ZeroAmount", "evidence": {}},
        None,
    )
    assert [t.nonce for t in chain.mined()] == [0, 1, 2]


async def test_what_the_node_forgot_is_sent_again(database: Database, chain: ChainInMemory) -> None:
    box = StoredOperations(database)
    wanted = [operation("a"), operation("b")]
    await box.put(wanted)
    worker = build(database, chain)
    chain.deaf = True
    await drain(worker, 3)
    assert chain.mined() == []
    chain.deaf = False
    await drain(worker, 4)
    assert [t.raw for t in chain.mined()] == ["a", "b"]


async def test_a_refusing_node_is_tried_again_and_told(database: Database, chain: ChainInMemory) -> None:
    box = StoredOperations(database)
    (wanted,) = await box.put([operation("a")])
    worker = build(database, chain)
    chain.refuse_with = "insufficient funds for gas * price + value"
    await drain(worker, 3)
    found = await box.get(wanted.id)
    assert found is not None
    assert found.status is OperationStatus.SUBMITTED
    assert found.error == {"rule": "ChainRefuses", "evidence": {"message": chain.refuse_with}}
    chain.refuse_with = None
    await drain(worker, 4)
    found = await box.get(wanted.id)
    assert found is not None
    assert (found.status, found.error) == (OperationStatus.CONFIRMED, None)


async def test_a_nonce_used_by_others_fails_and_the_next_is_right(database: Database, chain: ChainInMemory) -> None:
    box = StoredOperations(database)
    worker = build(database, chain)
    first = operation("a")
    await box.put([first])
    chain.deaf = True
    await drain(worker, 2)
    chain.deaf = False
    foreign = SignedTransaction(ACCOUNTS[0], 0, "foreign", "foreign", 1)
    chain.pool[ACCOUNTS[0], 0] = foreign
    chain.make_block()
    await drain(worker, 4)
    second = operation("b")
    await box.put([second])
    await build_and_wake(worker)
    ended, went_on = await box.wait([first.id, second.id], 0)
    assert (ended.status, ended.error) == (
        OperationStatus.FAILED,
        {"rule": "NonceTaken", "evidence": {"account": ACCOUNTS[0], "nonce": 0}},
    )
    assert (went_on.status, went_on.nonce) == (OperationStatus.CONFIRMED, 1)
    assert [t.raw for t in chain.mined()] == ["foreign", "b"]


async def build_and_wake(worker: Worker) -> None:
    """As if the bell had rung."""
    worker._look = True
    await drain(worker, 4)


async def test_confirmations_are_waited_for(database: Database, chain: ChainInMemory) -> None:
    box = StoredOperations(database)
    (wanted,) = await box.put([operation("a")])
    worker = build(database, chain, pace=Pace(confirmations=2))
    await drain(worker, 4)
    found = await box.get(wanted.id)
    assert found is not None
    assert found.status is OperationStatus.SUBMITTED
    chain.make_block()
    chain.make_block()
    await drain(worker, 1)
    found = await box.get(wanted.id)
    assert found is not None
    assert (found.status, found.block) == (OperationStatus.CONFIRMED, 1)


@pytest.mark.parametrize("kept", [True, False])
async def test_a_replaced_block_reopens_its_operations(database: Database, chain: ChainInMemory, kept: bool) -> None:
    box = StoredOperations(database)
    wanted = [operation(str(i), ACCOUNTS[i % 2]) for i in range(6)]
    await box.put(wanted)
    worker = build(database, chain, pace=Pace(finality_depth=3))
    await drain(worker, 4)
    chain.make_block()
    chain.reorganise(2, keep_transactions=kept)
    chain.make_block()
    await drain(worker, 5)
    for _ in range(4):
        chain.make_block()
    await drain(worker, 2)
    done = await box.wait([o.id for o in wanted], 0)
    assert {o.status for o in done} == {OperationStatus.CONFIRMED}
    assert sorted(t.raw for t in chain.mined()) == ["0", "1", "2", "3", "4", "5"]
    outbox = StoredOutbox(database, "here|b|1|1", 10.0)
    assert await outbox.unsettled(10) == []


async def test_a_refusal_in_a_replaced_block_is_taken_back_too(database: Database, chain: ChainInMemory) -> None:
    box = StoredOperations(database)
    (wanted,) = await box.put([operation("bad luck")])
    worker = build(database, chain, pace=Pace(finality_depth=2))
    await drain(worker, 4)
    (failed,) = await box.wait([wanted.id], 0)
    assert (failed.status, failed.final) == (OperationStatus.FAILED, False)
    chain.reorganise(1, keep_transactions=False)
    chain.make_block()
    chain.deaf = True
    await drain(worker, 1)
    (again,) = await box.wait([wanted.id], 0)
    assert (again.status, again.error, again.block) == (OperationStatus.SUBMITTED, None, None)
    chain.deaf = False
    await drain(worker, 3)
    chain.make_block()
    chain.make_block()
    await drain(worker, 2)
    (ended,) = await box.wait([wanted.id], 0)
    assert (ended.status, ended.final, ended.nonce) == (OperationStatus.FAILED, True, 0)
    changes = [e.change for e in await StoredEvents(database).after(0, None, 50)]
    assert changes == ["queued", "submitted", "failed", "reopened", "failed", "final"]


async def test_many_stuck_ones_do_not_hide_the_rest(
    database: Database, chain: ChainInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "_FOLLOWED_AT_ONCE", 3)
    box = StoredOperations(database)
    stuck = [operation(str(i), ACCOUNTS[0]) for i in range(6)]
    await box.put(stuck)
    worker = build(database, chain)
    chain.deaf = True
    await drain(worker, 2)
    chain.deaf = False
    chain.pool[ACCOUNTS[0], 1] = SignedTransaction(ACCOUNTS[0], 1, "far", "far", 1)
    monkeypatch.setattr(worker_module, "_RESEND_S", 1000.0)
    (wanted,) = await box.put([operation("b", ACCOUNTS[1])])
    await build_and_wake(worker)
    (done,) = await box.wait([wanted.id], 0)
    assert done.status is OperationStatus.CONFIRMED


async def test_what_no_block_can_hold_is_given_up_and_its_nonce_filled(
    database: Database, chain: ChainInMemory
) -> None:
    box = StoredOperations(database)
    huge, next_one = operation("huge"), operation("next")
    await box.put([huge, next_one])
    worker = build(database, chain)
    chain.too_large = {"huge"}
    await drain(worker, 6)
    failed, done = await box.wait([huge.id, next_one.id], 0)
    assert (failed.status, failed.error) == (
        OperationStatus.FAILED,
        {"rule": "ChainRefuses", "evidence": {"message": "too large"}},
    )
    assert done.status is OperationStatus.CONFIRMED
    assert [t.raw for t in chain.mined()] == ["filler", "next"]


async def test_in_flight_limit_of_one_account_does_not_hold_up_others(database: Database, chain: ChainInMemory) -> None:
    box = StoredOperations(database)
    await box.put([operation(f"a{i}") for i in range(50)] + [operation("b", ACCOUNTS[1])])
    outbox = StoredOutbox(database, "here|b|1|1", 10.0)
    taken = await outbox.take(limit=10, in_flight=4)
    assert [q.call.args[0] for q in taken] == ["a0", "a1", "a2", "a3"]
    await outbox.record_signed(
        [(q.seq, SignedTransaction(q.call.account, i, f"h{i}", "raw", 1)) for i, q in enumerate(taken)]
    )
    assert [q.call.args[0] for q in await outbox.take(limit=10, in_flight=4)] == ["b"]


async def test_an_account_leased_elsewhere_is_left_alone(database: Database, chain: ChainInMemory) -> None:
    box = StoredOperations(database)
    await box.put([operation("a"), operation("b", ACCOUNTS[1])])
    theirs = StoredOutbox(database, foreign_process(1), 10.0)
    assert len(await theirs.take(1, 10)) == 1
    mine = StoredOutbox(database, "here|b|1|1", 10.0)
    assert [q.call.args[0] for q in await mine.take(10, 10)] == ["b"]
    await theirs.release()
    assert [q.call.args[0] for q in await mine.take(10, 10)] == ["a", "b"]


async def test_an_expired_or_dead_lease_is_taken_over_and_fenced(database: Database, chain: ChainInMemory) -> None:
    box = StoredOperations(database)
    await box.put([operation("a"), operation("b", ACCOUNTS[1])])
    late = StoredOutbox(database, foreign_process(1), -1.0)
    dead = StoredOutbox(database, dead_process(1), 1000.0)
    (from_late,) = await late.take(1, 10)
    await dead.take(2, 10)
    mine = StoredOutbox(database, "here|b|1|1", 10.0)
    taken = await mine.take(10, 10)
    assert [q.call.args[0] for q in taken] == ["a", "b"]
    assert not await late.record_signed([(from_late.seq, SignedTransaction(ACCOUNTS[0], 0, "h", "raw", 1))])
    assert await mine.record_signed([(taken[0].seq, SignedTransaction(ACCOUNTS[0], 0, "h", "raw", 1))])


async def test_one_nonce_is_one_operation(database: Database, chain: ChainInMemory) -> None:
    box = StoredOperations(database)
    await box.put([operation("a"), operation("b")])
    outbox = StoredOutbox(database, "here|b|1|1", 10.0)
    first, second = await outbox.take(10, 10)
    assert await outbox.record_signed([(first.seq, SignedTransaction(ACCOUNTS[0], 0, "h", "raw", 1))])
    assert not await outbox.record_signed([(second.seq, SignedTransaction(ACCOUNTS[0], 0, "i", "raw", 1))])
    assert await outbox.next_nonces(ACCOUNTS) == {ACCOUNTS[0]: 1}


async def test_run_wakes_on_a_commit_and_stops_in_order(database: Database, chain: ChainInMemory) -> None:
    box = StoredOperations(database)
    bell = ChangeWatch(database)
    worker = Worker(StoredOutbox(database, "here|b|1|1", 10.0), CourierInMemory(chain), bell, Pace())
    stop = anyio.Event()
    with anyio.fail_after(20):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(worker.run, stop)
            chain.reachable = False
            (wanted,) = await box.put([operation("a")])
            await anyio.sleep(0.1)
            chain.reachable = True
            (done,) = await box.wait([wanted.id], 10)
            stop.set()
    bell.close()
    assert done.status is OperationStatus.CONFIRMED
    theirs = StoredOutbox(database, foreign_process(2), 10.0)
    await box.put([operation("b")])
    assert len(await theirs.take(1, 10)) == 1


async def test_first_nonce_is_above_the_chain_and_above_all_that_was_signed(
    database: Database, chain: ChainInMemory
) -> None:
    box = StoredOperations(database)
    chain.pool[ACCOUNTS[0], 0] = SignedTransaction(ACCOUNTS[0], 0, "before", "before", 1)
    chain.make_block()
    await box.put([operation("a")])
    chain.deaf = True
    await drain(build(database, chain, dead_process(1)), 2)
    second = operation("b")
    await box.put([second])
    successor = build(database, chain)
    await drain(successor, 2)
    chain.deaf = False
    await drain(successor, 4)
    assert [(t.nonce, t.raw) for t in chain.mined()] == [(0, "before"), (1, "a"), (2, "b")]
