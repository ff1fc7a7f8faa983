"""What the chain took back is an event among others: once, in its place, and of everybody's affairs only their own."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from api.domain.operations import REORGANISED
from api.domain.reorganisations import ReorganisationEvent, Touched, Undone, Witnessed
from api.domain.webhooks import Attempt, DeliveryStatus, Webhook
from api.store.app.database import Database
from api.store.app.events import StoredEvents
from api.store.app.operations import StoredOperations
from api.store.app.tables import operations
from api.store.app.undone import StoredUndone
from api.store.app.webhooks import StoredWebhooks
from tests.unit.store.test_operations import make

pytestmark = pytest.mark.anyio

TX = "0x" + "7a" * 32
UNDONE = Undone(
    key="5e" * 16,
    blocks=((7, "0x07"), (8, "0x08")),
    complete=True,
    transactions=(TX,),
    notes=(Witnessed(Touched(4, True), (1, 2)), Witnessed(Touched(3, False), (2,))),
    receivables=(Witnessed(Touched(1, False), (1,)),),
)


async def told(database: Database, party: int | None) -> ReorganisationEvent:
    """The one event of its kind that a party gets."""
    (found,) = [e for e in await StoredEvents(database).after(0, party, 100) if e.change == REORGANISED]
    assert isinstance(found, ReorganisationEvent)
    assert (found.blocks, found.complete) == (UNDONE.blocks, True)
    return found


async def test_it_is_told_once_and_cut_to_what_each_sees(database: Database) -> None:
    box, book = StoredOperations(database), StoredUndone(database)
    (mine, *_) = await box.put([make(1), make(2)])
    database.write_now(lambda c: c.execute(update(operations).where(operations.c.id == mine.id).values(tx_hash=TX)))
    assert await book.unknown([UNDONE.key, "other"]) == [UNDONE.key, "other"]
    for _ in range(2):
        await book.put(UNDONE)
    assert await book.unknown([UNDONE.key, "other"]) == ["other"]
    four, three, debt = (Touched(4, True), Touched(3, False), Touched(1, False))
    of = {
        None: ((mine.id,), (three, four), (debt,)),
        mine.party: ((mine.id,), (four,), (debt,)),
        2: ((), (three, four), ()),
        9: ((), (), ()),
        0: ((), (three, four), (debt,)),
    }
    for party, expected in of.items():
        found = await told(database, party)
        assert (found.operations, found.notes, found.receivables) == expected, party


async def test_it_stands_in_its_place_and_a_page_may_begin_there(database: Database) -> None:
    box, events = StoredOperations(database), StoredEvents(database)
    await box.put([make(1)])
    await StoredUndone(database).put(UNDONE)
    await box.put([make(2)])
    for party in (None, 1):
        whole = [(e.id, e.change) for e in await events.after(0, party, 100)]
        assert [change for _, change in whole] == ["queued", REORGANISED, "queued"]
        paged: list[tuple[int, str]] = []
        while found := await events.after(paged[-1][0] if paged else 0, party, 1):
            paged += [(e.id, e.change) for e in found]
        assert paged == whole


async def test_what_follows_it_waits_until_it_is_delivered(database: Database) -> None:
    box, hooks = StoredOperations(database), StoredWebhooks(database)
    for name, party, every in (("a" * 32, 1, False), ("b" * 32, 9, False), ("c" * 32, 0, True)):
        await hooks.put(Webhook(name, party, "https://example.com/", True, 0, every))
    await box.put([make(1)])
    await StoredUndone(database).put(UNDONE)
    await box.put([make(2)])
    assert await hooks.fan_out() == 3
    assert await hooks.fan_out() == 0
    (stranger,) = await hooks.claim("b" * 32, 10, 60)
    assert isinstance(stranger.event, ReorganisationEvent)
    assert stranger.event.notes == ()
    (_, every) = await hooks.claim("c" * 32, 10, 60)
    assert isinstance(every.event, ReorganisationEvent)
    assert len(every.event.notes) == 2
    first, undone = await hooks.claim("a" * 32, 10, 60)
    assert (first.event.change, undone.event.change) == ("queued", REORGANISED)
    await hooks.record(first.id, Attempt(0, 204, None, 1), DeliveryStatus.DELIVERED, 0)
    assert await hooks.claim("a" * 32, 10, 60) == []
    await hooks.record(undone.id, Attempt(0, 500, None, 1), DeliveryStatus.PENDING, 0)
    (again,) = await hooks.claim("a" * 32, 10, 60)
    assert (again.id, again.tries) == (undone.id, 1)
    await hooks.record(undone.id, Attempt(0, 204, None, 1), DeliveryStatus.DELIVERED, 0)
    (last,) = await hooks.claim("a" * 32, 10, 60)
    assert last.event.change == "queued"
    page = await hooks.deliveries("a" * 32, cursor=None, limit=10)
    assert [(d.type, d.operation is None) for d in page.items] == [
        ("operation.queued", False),
        ("chain.reorganised", True),
        ("operation.queued", False),
    ]
