"""A party's books, from what the index holds: they balance, and close at what its position says, at any moment."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

import pytest

from api.chain.bindings import Bindings
from api.domain.calendar import day_of_time
from api.domain.journal import Account, Deed, Journal, journal
from api.domain.positions import Position, When
from api.store.ledger.reading import LedgerReader
from tests.indexer.bank import play_bank
from tests.indexer.conftest import Indexes, Where
from tests.indexer.test_positions import PARTIES, Life, founded
from tests.indexer.town import Town, play

pytestmark = pytest.mark.anyio


def by_position(position: Position) -> dict[tuple[int, Account], int]:
    """What the accounts must stand at, as far as a position says."""
    found: dict[tuple[int, Account], int] = defaultdict(int)
    for one in position.sums:
        found[one.currency.id, Account.NOTES] += one.held
        found[one.currency.id, Account.OWED] -= one.owed
        found[one.currency.id, Account.CASH] += one.received - one.paid
    return {key: amount for key, amount in found.items() if amount}


async def books(reader: LedgerReader, party: int, block: int, since: int | None = None) -> Journal:
    position = await reader.position(party, When(block=block))
    return journal(await reader.deeds(party, block), position, since)


async def hold(reader: LedgerReader, parties: Sequence[int], blocks: Sequence[int]) -> set[Deed]:
    deeds: set[Deed] = set()
    for party in parties:
        for block in blocks:
            found = await books(reader, party, block)
            for entry in found.entries:
                assert sum(amount for _, amount in entry.postings) == 0
                assert entry.source.block <= block
            closing = found.closing()
            assert sum(closing.values()) == 0
            told = {key: n for key, n in closing.items() if key[1] in (Account.NOTES, Account.OWED, Account.CASH)}
            assert told == by_position(found.position), (party, block)
            deeds |= {entry.deed for entry in found.entries}
            days = sorted({entry.day for entry in found.entries})
            for day in days:
                part = await books(reader, party, block, day)
                assert all(entry.day >= day for entry in part.entries)
                assert part.closing() == closing
    return deeds


@pytest.mark.parametrize("story", [play, play_bank])
async def test_the_books_of_a_story_close(
    town: Town, indexes: Indexes, story: Callable[[Town], Awaitable[None]]
) -> None:
    await story(town)
    index = await indexes.new()
    await index.catch_up()
    reader = index.reader()
    last = (await reader.status()).block
    deeds = await hold(reader, range(1, 10), [last - 15, last])
    assert deeds >= {Deed.CONFIRMED, Deed.PASSED, Deed.SOLD, Deed.REPAID}
    if story is play:
        assert deeds == set(Deed) - {Deed.OPENING}
    reader.close()


@pytest.mark.parametrize(
    ("where", "seed"), [*(("sqlite", seed) for seed in range(4)), ("postgresql", 4)], indirect=["where"]
)
async def test_the_books_of_random_lives_close(bindings: Bindings, where: Where, seed: int) -> None:
    life = Life(random.Random(100 + seed))
    script = founded(bindings, where("live"), 64)
    for _ in range(120):
        life.day = day_of_time(1_000 * (script.cursor.block + 1))
        script.say(*life.block())
    reader = LedgerReader(where("live"))
    last = script.cursor.block
    await hold(reader, PARTIES, [last // 2, last])
    reader.close()
    script.connection.close()
