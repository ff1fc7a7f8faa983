"""What the watch is given by the read model: block by block or at once it finds the same, on both databases."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from api.chain.bindings import Bindings
from api.domain.calendar import day_of_time
from api.domain.operations import Contract
from api.domain.watch import Acknowledged, Mark, alerts
from api.services.ledger import Ledger
from api.services.watch import Watch
from api.store.app.alerts import StoredAlerts
from api.store.app.database import Database
from api.store.app.imports import StoredItems
from api.store.app.migrate import migrate
from api.store.app.profiles import StoredProfiles
from api.store.ledger.reading import LedgerReader
from tests.indexer.conftest import Indexes, Where
from tests.indexer.test_positions import Life, founded
from tests.indexer.town import BANK, CORE, TIER1, TIER2, TIER3, Town

pytestmark = pytest.mark.anyio

OF_THE_MOMENT = {"concentration", "near_duplicate"}
"""These look at how things stand at the end of what is looked at."""


async def found(reader: LedgerReader, step: int) -> dict[str, tuple[object, ...]]:
    """Key → what is told, of looks at so many blocks at a time."""
    last = (await reader.status()).block
    mark, told = Mark(), {}
    while mark.block < last:
        stretch, after = await reader.stretch(mark, min(last, mark.block + step))
        for alert in alerts(stretch):
            told.setdefault(alert.key, (alert.rule, alert.note, alert.receivable, alert.parties))
        assert (after.note, after.receivable) >= (mark.note, mark.receivable)
        mark = after
    return told


async def test_a_town_that_does_all_of_it(town: Town, indexes: Indexes) -> None:
    one, _, three = await town.confirm(1_000_000, 500_000, 500_000)
    await town.accept(TIER1, one, three)
    down = await town.pass_on(TIER1, one, TIER2, 600_000)
    back = await town.pass_on(TIER2, down, TIER1, 100_000)
    for _ in range(4):
        await town.pass_on(TIER2, down, TIER3, 1_000)
    await town.sell(TIER1, one, BANK, 50_000)
    await town.move_days(120)
    await town.act(town.call(Contract.REPAYMENT, "declareOverdue", 1, by=TIER3))
    index = await indexes.new()
    await index.catch_up()
    reader = index.reader()
    at_once, by_block = await found(reader, 10**6), await found(reader, 1)
    assert at_once == by_block
    rules = {key.split(":")[0]: what for key, what in at_once.items()}
    assert set(rules) == {"circular", "washing", "twins", "overdue", "long_terms"}
    assert rules["circular"] == ("circular_transfer", back, 1, (TIER1, TIER2))
    assert rules["washing"][:3] == ("wash_splitting", down, 1)
    assert rules["twins"] == ("near_duplicate", None, 3, (CORE, TIER1))
    assert set(rules["overdue"][3]) == {CORE, TIER1, TIER2, TIER3, BANK}  # type: ignore[call-overload]
    reader.close()


@pytest.mark.parametrize(
    ("where", "seed"), [*(("sqlite", seed) for seed in range(4)), ("postgresql", 9)], indirect=["where"]
)
async def test_random_lives_at_once_and_block_by_block(bindings: Bindings, where: Where, seed: int) -> None:
    life = Life(random.Random(300 + seed))
    script = founded(bindings, where("live"), 64)
    for _ in range(150):
        life.day = day_of_time(1_000 * (script.cursor.block + 1))
        script.say(*life.block())
    reader = LedgerReader(where("live"))
    looks = [await found(reader, step) for step in (10**6, 1, 7)]
    kept = [{k: v for k, v in look.items() if v[0] not in OF_THE_MOMENT} for look in looks]
    assert kept[0].keys() == kept[1].keys() == kept[2].keys() != set()
    hash_of_last = await reader.block_hash(script.cursor.block)
    assert hash_of_last is not None and hash_of_last.startswith("0x")
    assert await reader.block_hash(10**6) is None
    reader.close()
    script.connection.close()


async def test_other_blocks_begin_the_watch_anew(bindings: Bindings, where: Where, tmp_path: Path) -> None:
    """What was acknowledged stays; what the chain still says is found again, and told once."""
    script = founded(bindings, where("live"), 64)
    life = Life(random.Random(300))
    for _ in range(60):
        script.say(*life.block())
    reader, database = LedgerReader(where("live")), Database(f"sqlite:///{tmp_path}/app.db")
    migrate(database)
    book = StoredAlerts(database)
    watch = Watch(Ledger(reader, StoredProfiles(database)), StoredItems(database), book)

    async def kept() -> dict[str, bool]:
        page = await book.listing(rule=None, severity=None, open_=None, cursor=None, limit=500)
        return {one.alert.key: one.acknowledged is not None for one in page.items}

    first = await watch.catch_up()
    assert len(first) > 3
    assert await watch.catch_up() == []
    await book.acknowledge(first[0].id, Acknowledged(8, None, 1, ""))
    mark = await book.mark()
    assert mark.block == script.cursor.block

    await book.put([], replace(mark, hash="0x" + "00" * 32))  # as if that block had been another one
    again = await watch.catch_up()
    assert {one.alert.key for one in again} == {one.alert.key for one in first[1:]}
    assert (await kept())[first[0].alert.key]

    script.rewind(script.cursor.block - 30)
    await watch.catch_up()
    assert (await book.mark()).block == script.cursor.block
    left = await kept()
    assert set(left) == {first[0].alert.key} | set(await found(reader, 10**6))
    assert len(left) < len(first)
    reader.close()
    database.close()
    script.connection.close()
