"""Several processes on one app.db: each has a connection of its own and knows nothing of the others. What must be one is
one, whoever comes first, on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import Any, TypeVar

import anyio
import pytest
from sqlalchemy import Connection, insert, select

from api.domain.approvals import ActKind, Approval, ApprovalStatus
from api.domain.errors import Conflict
from api.domain.jobs import Job, JobRow, JobStatus
from api.domain.operations import Operation, OperationEvent
from api.domain.people import Invitation, Pace, Person
from api.domain.ports import SignedTransaction
from api.domain.principal import PersonRole
from api.domain.sending import Ending
from api.domain.webhooks import Attempt, DeliveryStatus, Webhook
from api.store.app.approvals import StoredApprovals
from api.store.app.credentials import StoredNonces, StoredThrottle
from api.store.app.database import Database
from api.store.app.events import StoredEvents, note_new
from api.store.app.imports import StoredEvidence, StoredItems
from api.store.app.jobs import StoredJobs
from api.store.app.operations import StoredOperations
from api.store.app.outbox import StoredOutbox
from api.store.app.people import StoredPeople
from api.store.app.quotes import StoredQuotes
from api.store.app.rows import to_row
from api.store.app.tables import operations, webhook_deliveries
from api.store.app.webhooks import StoredWebhooks
from tests.unit.store.test_operations import make
from tests.unit.store.test_records import item

pytestmark = pytest.mark.anyio
T = TypeVar("T")
PROCESSES = 6


@pytest.fixture
def processes(database: Database, url: str) -> Iterator[list[Database]]:
    with ExitStack() as stack:
        yield [stack.enter_context(closing(Database(url))) for _ in range(PROCESSES)]


async def at_once(processes: list[Database], act: Callable[[Database, int], Awaitable[T]]) -> list[T]:
    """What the act came to in each, all at the same time."""
    found: list[Any] = [None] * len(processes)

    async def one(index: int) -> None:
        found[index] = await act(processes[index], index)

    async with anyio.create_task_group() as tasks:
        for index in range(len(processes)):
            tasks.start_soon(one, index)
    return found


async def test_events_become_visible_in_their_order(database: Database, processes: list[Database]) -> None:
    """Transactions that note events linger before they commit; a reader that goes on from the last event that it saw, sees
    all the same."""
    dice = random.Random(4)
    pauses = [[dice.choice([0, 0, 0.02, 0.05]) for _ in range(15)] for _ in processes]
    serial = itertools.count()
    everything = sum(map(len, pauses))

    async def write(process: Database, pauses: list[float]) -> None:
        for pause in pauses:
            operation = make(next(serial))

            def action(connection: Connection, operation: Operation = operation, pause: float = pause) -> None:
                connection.execute(insert(operations), to_row(operation))
                note_new(connection, [operation.id])
                time.sleep(pause)

            await process.write(action)

    seen: list[OperationEvent] = []

    async def read() -> None:
        events = StoredEvents(database)
        while len(seen) < everything:
            seen.extend(await events.next(seen[-1].id if seen else 0, None, 1000, 60))

    with anyio.move_on_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(read)
            for process, lingering in zip(processes, pauses, strict=True):
                tasks.start_soon(write, process, lingering)
    assert len(seen) == len({e.operation.id for e in seen}) == everything
    assert [e.id for e in seen] == sorted(e.id for e in seen)


async def test_one_key_is_one_operation(processes: list[Database]) -> None:
    for number in range(10):

        async def put(process: Database, index: int, number: int = number) -> list[Operation]:
            first = 100 * number + 2 * index
            return await StoredOperations(process).put([make(first), make(first + 1, f"key-{number}", "h")])

        answers = await at_once(processes, put)
        assert len({answer[1].id for answer in answers}) == 1
        assert len({answer[0].id for answer in answers}) == PROCESSES
    (event, *_) = await StoredEvents(processes[0]).after(0, None, 1)
    every = await StoredEvents(processes[0]).after(event.id - 1, None, 1000)
    assert len(every) == 10 * (PROCESSES + 1)


async def test_one_key_is_one_job(processes: list[Database]) -> None:
    rows = [JobRow(0, 7, 2**90)]
    for key in map(str, range(10)):

        async def put(process: Database, index: int, key: str = key) -> Job:
            job = Job(f"{key}{index:031x}", "confirmations", 1, JobStatus.RUNNING, {}, f"bulk-{key}", "h")
            return await StoredJobs(process).put(job, rows)

        stored = await at_once(processes, put)
        assert len({j.id for j in stored}) == 1
        kept = await StoredJobs(processes[0]).rows(stored[0].id, status=None, cursor=None, limit=9)
        assert list(kept.items) == rows
    page = await StoredJobs(processes[0]).listing(party=1, cursor=None, limit=100)
    assert [j.total for j in page.items] == [1] * 10


async def test_one_job_is_one_workers(processes: list[Database]) -> None:
    for number in range(5):
        job = Job(f"{number:032x}", "confirmations", 1, JobStatus.RUNNING, {})
        await StoredJobs(processes[0]).put(job, [JobRow(0, 7, None)])
        taken = await at_once(processes, lambda p, i: StoredJobs(p).take(f"elsewhere|x|{i}|1", 60))
        assert [t.id for t in taken if t is not None] == [job.id]
        await StoredJobs(processes[0]).finish(job.id)


async def test_one_account_is_one_workers(processes: list[Database]) -> None:
    """Eight accounts' work, asked for by all at once: each account's goes to one. Who does not hold all that it signed for
    records nothing."""
    accounts = [f"0x{i:040x}" for i in range(1, 9)]
    work = [make(i) for i in range(80)]
    wanted = [replace(o, call=replace(o.call, account=accounts[i % 8])) for i, o in enumerate(work)]
    await StoredOperations(processes[0]).put(wanted)

    def box(process: Database, index: int) -> StoredOutbox:
        return StoredOutbox(process, f"elsewhere|x|{index}|1", 60)

    taken = await at_once(processes, lambda p, i: box(p, i).take(50, 50))
    owners: dict[str, set[int]] = {}
    for index, queued in enumerate(taken):
        for one in queued:
            owners.setdefault(one.call.account, set()).add(index)
    assert owners
    assert all(len(who) == 1 for who in owners.values())
    account, (owner,) = next(iter(owners.items()))
    seq = next(q.seq for q in taken[owner] if q.call.account == account)

    async def sign(process: Database, index: int) -> bool:
        signed = SignedTransaction(account, 0, f"0x{index:064x}", "0x02", 5)
        return await box(process, index).record_signed([(seq, signed)])

    assert await at_once(processes, sign) == [index == owner for index in range(PROCESSES)]


async def test_an_operation_ends_once(processes: list[Database]) -> None:
    await StoredOperations(processes[0]).put([make(i) for i in range(20)])
    queued = await StoredOutbox(processes[0], "elsewhere|x|1|1", 60).take(20, 20)
    endings = [Ending(q.seq, True, 3, "0x", 5) for q in queued]
    await at_once(processes, lambda p, _: StoredOutbox(p, "elsewhere|x|1|1", 60).end(endings))
    events = await StoredEvents(processes[0]).after(0, None, 1000)
    assert sorted(e.change for e in events) == ["confirmed"] * 20 + ["queued"] * 20


async def test_every_event_is_delivered_once(processes: list[Database]) -> None:
    """Notifiers that fan out and claim side by side."""
    book = StoredWebhooks(processes[0])
    await book.put(Webhook("a" * 32, 1, "https://example.com", True, 1))
    await StoredOperations(processes[0]).put([make(i) for i in range(60)])
    await at_once(processes, lambda p, _: StoredWebhooks(p).fan_out())
    count = select(webhook_deliveries.c.event)
    made = processes[0].read_now(lambda c: c.execute(count).scalars().all())
    assert len(made) == len(set(made)) == 60

    async def deliver(process: Database, index: int) -> list[int]:
        done = []
        queue = StoredWebhooks(process)
        while due := await queue.claim("a" * 32, 5, 600):
            for one in due:
                await queue.record(one.id, Attempt(1, 200, None, 3), DeliveryStatus.DELIVERED, 0)
                done.append(one.event.id)
        return done

    delivered = [e for events in await at_once(processes, deliver) for e in events]
    assert sorted(delivered) == sorted(made)
    first = await book.deliveries("a" * 32, cursor=None, limit=40)
    rest = await book.deliveries("a" * 32, cursor=first.next, limit=40)
    assert [len(first.items), len(rest.items), rest.next] == [40, 20, None]
    assert {(d.status, len(d.attempts)) for d in (*first.items, *rest.items)} == {(DeliveryStatus.DELIVERED, 1)}


async def test_a_nonce_is_taken_once(processes: list[Database]) -> None:
    for number in range(20):
        nonce = f"nonce-{number}"
        await StoredNonces(processes[0]).put(nonce, 100)
        taken = await at_once(processes, lambda p, _, nonce=nonce: StoredNonces(p).take(nonce, 50))  # type: ignore[misc]
        assert sorted(taken) == [False] * (PROCESSES - 1) + [True]


async def test_failures_are_counted_one_by_one(processes: list[Database]) -> None:
    """Guesses side by side, each through a process of its own, under one name: no more get through than one by one."""
    waits = (0, 0, 0, 30)
    paces = [Pace("name:a", waits), Pace("address:b", (0,) * 99)]
    waited: list[int] = []
    for _ in range(3):
        waited += await at_once(processes, lambda p, _: StoredThrottle(p).begin(paces, 1000))
    assert waited.count(0) == len(waits)
    assert set(waited) == {0, 30}
    await StoredThrottle(processes[0]).forgive("address:b", "name:a")
    assert await StoredThrottle(processes[1]).begin(paces, 1000) == 0


async def test_of_two_administrators_who_disable_each_other_one_stays(processes: list[Database]) -> None:
    people = StoredPeople(processes[0])
    ids = [f"{i:032x}" for i in range(PROCESSES)]
    for i in ids:
        await people.invite(Person(i, 5, f"{i}@x", "x", frozenset({PersonRole.ADMIN}), True, 1), Invitation(i, "t", 9))
        invitation = Invitation(i, "t", 9, "hash", "sealed")
        await people.choose(invitation)
        assert await people.enrol(invitation, 1)

    async def disable(process: Database, index: int) -> bool:
        try:
            await StoredPeople(process).set_active(ids[index], False)
        except Conflict as error:
            assert error.rule == "LastAdmin"
            return False
        return True

    done = await at_once(processes, disable)
    assert sorted(done) == [False, *[True] * (PROCESSES - 1)]
    assert [p.active for p in await people.of_party(5)].count(True) == 1


async def test_a_code_and_a_set_up_token_are_used_once(processes: list[Database]) -> None:
    people, person = StoredPeople(processes[0]), "1" * 32
    await people.invite(
        Person(person, 5, "a@x", "x", frozenset({PersonRole.MAKER}), True, 1), Invitation(person, "t", 9)
    )
    invitation = Invitation(person, "t", 9, "hash", "sealed")
    await people.choose(invitation)
    assert (await at_once(processes, lambda p, _: StoredPeople(p).enrol(invitation, 3))).count(True) == 1
    assert (await at_once(processes, lambda p, _: StoredPeople(p).use_step(person, 4))).count(True) == 1


async def test_an_approval_is_put_once_and_ended_once(processes: list[Database]) -> None:
    def approval(index: int) -> Approval:
        data = {"message": {"thresholds": []}}
        status, kind = ApprovalStatus.PREPARED, ActKind.PAY
        return Approval(f"{index:032x}", 5, kind, status, data, "0xd", 2**40, "p", "session", 1, 1, "a-key", "h")

    stored = await at_once(processes, lambda p, i: StoredApprovals(p, 60).put(approval(i)))
    assert len({a.id for a in stored}) == 1

    async def end(process: Database, index: int) -> bool:
        status = (ApprovalStatus.REFUSED, ApprovalStatus.WITHDRAWN)[index % 2]
        try:
            await StoredApprovals(process, 60).end(stored[0], status, f"person {index}")
        except Conflict as error:
            assert error.rule == "ApprovalNotWaiting"
            return False
        return True

    done = await at_once(processes, end)
    assert done.count(True) == 1
    kept = await StoredApprovals(processes[0], 60).get(stored[0].id)
    assert kept is not None
    assert kept.ended_by == f"person {done.index(True)}"


async def test_requests_items_and_salts_are_put_once(processes: list[Database]) -> None:
    await at_once(processes, lambda p, _: StoredQuotes(p).ask(7, [3, 4, 0], 2))
    page = await StoredQuotes(processes[0]).requests(note=7, seller=None, financier=None, cursor=None, limit=9)
    assert [(r.note, r.financier, r.seller) for r in page.items] == [(7, 0, 2), (7, 3, 2), (7, 4, 2)]
    evidence = {item(1).file_hash: "0x" + "aa" * 32}
    fresh = await at_once(processes, lambda p, _: StoredItems(p).put(4, [item(1), item(2)], evidence))
    assert sorted(map(tuple, fresh)) == [(False, False)] * (PROCESSES - 1) + [(True, True)]
    salted = await at_once(processes, lambda p, _: StoredEvidence(p).evidence_hash("0x" + "01" * 32, "a.xml"))
    assert len(set(salted)) == 1
