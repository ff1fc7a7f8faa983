"""The outbox as services use it: all or none, once per key, listed in pages, waited for."""

from __future__ import annotations

from dataclasses import replace

import anyio
import pytest

from api.domain.errors import Conflict, InvalidInput, NotFound
from api.domain.operations import Call, Contract, Operation, OperationStatus
from api.domain.sending import Ending
from api.store.app.database import ChangeWatch, Database
from api.store.app.operations import StoredOperations
from api.store.app.outbox import StoredOutbox

pytestmark = pytest.mark.anyio
ACCOUNT = "0x" + "11" * 20


def make(number: int, key: str | None = None, request: str | None = None, kind: str = "accept") -> Operation:
    call = Call(Contract.NOTES, "accept", ([number, 2**200],), ACCOUNT, gas=5)
    return Operation(
        f"{number:032x}", kind, 1, call, OperationStatus.QUEUED, idempotency_key=key, request_hash=request, created_at=9
    )


async def test_what_is_put_comes_back_the_same(database: Database) -> None:
    box = StoredOperations(database)
    wanted = make(1, "k", "h")
    assert await box.put([wanted]) == [wanted]
    assert await box.get(wanted.id) == wanted
    assert await box.find("k") == wanted
    assert (await box.get("f" * 32), await box.find("other")) == (None, None)


async def test_a_known_key_answers_with_the_first(database: Database) -> None:
    box = StoredOperations(database)
    await box.put([make(1, "k", "h")])
    again = await box.put([make(2, "k", "h"), make(3)])
    assert [o.id for o in again] == [make(1).id, make(3).id]
    assert await box.get(make(2).id) is None


async def test_a_known_key_with_another_body_stores_nothing(database: Database) -> None:
    box = StoredOperations(database)
    await box.put([make(1, "k", "h")])
    with pytest.raises(Conflict, match="IdempotencyKeyReused"):
        await box.put([make(2), make(3, "k", "other")])
    assert await box.get(make(2).id) is None


async def test_one_key_twice_in_one_go_is_one_operation(database: Database) -> None:
    box = StoredOperations(database)
    first, second = await box.put([make(1, "k", "h"), make(2, "k", "h")])
    assert first.id == second.id == make(1).id


async def test_concurrent_puts_of_one_key_store_one(database: Database) -> None:
    box = StoredOperations(database)
    found: list[str] = []

    async def put(number: int) -> None:
        found.extend(o.id for o in await box.put([make(number, "k", "h")]))

    async with anyio.create_task_group() as tasks:
        for number in range(20):
            tasks.start_soon(put, number)
    assert len(set(found)) == 1
    assert len((await box.listing(status=None, kind=None, cursor=None, limit=50)).items) == 1


async def test_a_signed_transaction_brings_its_nonce_and_no_second_of_it(database: Database) -> None:
    box = StoredOperations(database)
    signed = replace(make(1), signed="0x02", nonce=7, tx_hash="0x" + "ab" * 32)
    await box.put([signed])
    with pytest.raises(Conflict, match="NonceTaken"):
        await box.put([replace(signed, id="e" * 32)])
    stored = await box.get(signed.id)
    assert stored is not None
    assert (stored.nonce, stored.tx_hash, stored.signed) == (7, signed.tx_hash, None)
    (queued,) = await StoredOutbox(database, "h|b|1|1", 10).take(5, 5)
    assert queued.signed is not None
    assert (queued.signed.nonce, queued.signed.raw) == (7, "0x02")


async def test_listing_pages_newest_first(database: Database) -> None:
    box = StoredOperations(database)
    await box.put([make(i, kind="split" if i % 2 else "accept") for i in range(7)])
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await box.listing(status="queued", kind="split", cursor=cursor, limit=2)
        seen += [o.id for o in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == [make(i).id for i in (5, 3, 1)]
    with pytest.raises(InvalidInput, match="CursorInvalid"):
        await box.listing(status=None, kind=None, cursor="1 or 1=1", limit=2)


async def test_wait_sees_the_end_from_another_connection(database: Database, url: str) -> None:
    box = StoredOperations(database)
    await box.put([make(1), make(2)])
    other = Database(url)
    outbox = StoredOutbox(other, "h|b|1|1", 10)
    queued = await outbox.take(5, 5)

    async def end() -> None:
        for operation in queued:
            await anyio.sleep(0.02)
            await outbox.end([Ending(operation.seq, True, 3, "0x", 5)])

    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(end)
            done = await box.wait([make(2).id, make(1).id], 600)
    other.close()
    assert [(o.id, o.status) for o in done] == [
        (make(2).id, OperationStatus.CONFIRMED),
        (make(1).id, OperationStatus.CONFIRMED),
    ]


async def test_wait_gives_up_in_time_and_names_the_unknown(database: Database) -> None:
    box = StoredOperations(database)
    await box.put([make(1)])
    with anyio.fail_after(5):
        (pending,) = await box.wait([make(1).id], 0.05)
    assert pending.status is OperationStatus.QUEUED
    with pytest.raises(NotFound, match="UnknownOperation"):
        await box.wait([make(9).id], 0.05)


async def test_watch_rings_once_per_commit_of_others(database: Database) -> None:
    """On PostgreSQL commits are not counted: there it rings every quarter of a second, in case."""
    box = StoredOperations(database)
    watch = ChangeWatch(database)
    assert not await watch.wait(0.01)
    await box.put([make(1)])
    assert await watch.wait(1)
    assert not await watch.wait(0.01)
    watch.close()


async def test_many_fit_in_one_go(database: Database) -> None:
    box = StoredOperations(database)
    await box.put([make(i, f"k{i}", "h") for i in range(1500)])
    again = await box.put([make(i + 5000, f"k{i}", "h") for i in range(1500)])
    assert [o.id for o in again] == [make(i).id for i in range(1500)]


async def test_puts_at_once_share_a_commit_and_a_refusal_is_its_own(database: Database) -> None:
    box = StoredOperations(database)
    await box.put([make(1, "k", "h")])
    answers: dict[int, object] = {}

    async def put(number: int, key: str | None, request: str | None) -> None:
        try:
            answers[number] = [o.id for o in await box.put([make(number, key, request), make(number + 100)])]
        except Conflict as error:
            answers[number] = error.rule

    async with anyio.create_task_group() as tasks:
        for number in range(2, 12):
            tasks.start_soon(put, number, *(("k", "other") if number == 5 else (f"k{number}", "h")))
    refused = answers.pop(5)
    assert refused == "IdempotencyKeyReused"
    assert answers == {n: [make(n).id, make(n + 100).id] for n in range(2, 12) if n != 5}
    assert await box.get(make(105).id) is None
    stored = await box.listing(status=None, kind=None, cursor=None, limit=50)
    assert len(stored.items) == 1 + 2 * 9


async def test_when_the_one_who_looks_leaves_another_does(database: Database, url: str) -> None:
    box = StoredOperations(database)
    await box.put([make(1), make(2), make(3)])
    waited: list[str] = []

    async def wait(number: int, timeout: float) -> None:
        (operation,) = await box.wait([make(number).id], timeout)
        waited.append(f"{number} {operation.status.value}")

    with anyio.fail_after(30):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wait, 1, 0.1)  # it looks for all, and gives up
            await anyio.sleep(0.01)
            tasks.start_soon(wait, 2, 0.2)  # its heir gives up as well
            tasks.start_soon(wait, 3, 600)
            await anyio.sleep(0.4)
            await _confirm(url, make(3).id)
    assert sorted(waited) == ["1 queued", "2 queued", "3 confirmed"]


async def _confirm(url: str, operation: str) -> None:
    """As a worker of another process does."""
    other = Database(url)
    outbox = StoredOutbox(other, "h|b|1|1", 10)
    (queued,) = [q for q in await outbox.take(5, 5) if q.id == operation]
    await outbox.end([Ending(queued.seq, True, 3, "0x", 5)])
    other.close()
