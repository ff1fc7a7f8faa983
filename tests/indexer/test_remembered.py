"""Answers that were kept: each is, byte for byte, what would be made anew, whoever looks and whatever happened in between."""

from __future__ import annotations

import copy
import random
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import pytest

from api.chain.bindings import Bindings
from api.domain.access import FINANCIER, Standing
from api.domain.calendar import day_of_time
from api.domain.errors import NotFound
from api.domain.principal import LOCAL
from api.domain.records import Profile
from api.exports.formats import DATA, Format
from api.routers.answers import written_out
from api.schemas import wire
from api.services.ledger import Ledger
from api.services.remembered import Answer, Remembered
from api.services.sight import SeenFundFlow, SeenTrace, Sight, Sources
from api.store.app.database import Database
from api.store.app.migrate import migrate
from api.store.app.profiles import StoredProfiles
from api.store.app.quotes import StoredQuotes
from api.store.ledger.reading import LedgerReader
from tests.indexer.conftest import Where
from tests.indexer.test_positions import PARTIES, Event, Life, founded

pytestmark = pytest.mark.anyio

STRANGER = 99


@dataclass
class Desk:
    """What an API process has: the read model, app.db, and the answers that it keeps."""

    sources: Sources
    profiles: StoredProfiles
    quotes: StoredQuotes
    remembered: Remembered

    def sight(self, viewer: int) -> Sight:
        """As a new request is given one: -1 sees all, 0 is the operator, the even parties are financiers."""
        if viewer < 0:
            return Sight(self.sources, LOCAL, Standing.ALL, 0)
        standing = Standing.PARTY if viewer else Standing.OPERATOR
        roles = FINANCIER if viewer % 2 == 0 else 0
        return Sight(self.sources, replace(LOCAL, party=viewer, means="session"), standing, roles)

    async def call(self, party: int, name: str) -> None:
        await self.profiles.put([Profile(f"{party:018}", f"0x{party:064x}", name, name, (), party)])


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/app.db")
    migrate(opened)
    yield opened
    opened.close()


def desk_over(reader: LedgerReader, database: Database, most: int = 10**7) -> Desk:
    profiles, quotes = StoredProfiles(database), StoredQuotes(database)
    nothing = cast(Any, None)
    ledger = Ledger(reader, profiles)
    fields = dict.fromkeys(Sources.__slots__, nothing)
    sources = Sources(**{**fields, "ledger": ledger, "quotes": quotes})
    return Desk(sources, profiles, quotes, Remembered(ledger, most))


class FewDebts(Life):
    """Something happens to each all the time."""

    def confirm(self) -> list[Event]:
        return super().confirm() if len(self.debts) < 3 else []


@dataclass
class Writer:
    """Writes answers down, and counts how often."""

    form: Format
    made: int = 0

    def trace(self, seen: SeenTrace) -> Answer:
        self.made += 1
        return written_out(wire.trace(seen.note, seen.receivable, seen.path, seen.nodes), self.form)

    def fund_flow(self, seen: SeenFundFlow) -> Answer:
        self.made += 1
        return written_out(wire.fund_flow(seen.receivable, seen.flow), self.form)


async def outcome(answer: Awaitable[Answer]) -> Answer | str:
    """What is answered, or why nothing is."""
    try:
        return await answer
    except NotFound as error:
        return str(error)


async def compare(desk: Desk, viewer: int, note: int, receivable: int) -> tuple[int, int]:
    """Kept answers beside new ones, each asked for twice; how many were there, and how many of them had to be made."""
    form = DATA[(note + viewer) % len(DATA)]
    writer, anew, kept = Writer(form), Writer(form), desk.remembered

    async def trace() -> Answer:
        return anew.trace(await desk.sight(viewer).trace(note))

    async def fund_flow() -> Answer:
        return anew.fund_flow(await desk.sight(viewer).fund_flow(receivable))

    for _ in range(2):
        told = await outcome(kept.trace(desk.sight(viewer), note, form, writer.trace))
        assert told == await outcome(trace()), (viewer, note)
        told = await outcome(kept.fund_flow(desk.sight(viewer), receivable, form, writer.fund_flow))
        assert told == await outcome(fund_flow()), (viewer, receivable)
    return anew.made, writer.made


@pytest.mark.parametrize(
    ("where", "seed", "steps", "most"),
    [("sqlite", 1, 150, 10**7), ("sqlite", 2, 60, 100_000), ("postgresql", 3, 40, 10**7)],
    indirect=["where"],
)
async def test_random_acts_names_requests_and_reorgs(
    bindings: Bindings, where: Where, seed: int, steps: int, most: int, database: Database
) -> None:
    life, dice = FewDebts(random.Random(seed)), random.Random(seed + 100)
    script = founded(bindings, where("live"), 64)
    script.seconds = 40_000
    reader = LedgerReader(where("live"))
    desk = desk_over(reader, database, most)
    before: dict[int, FewDebts] = {}
    start, given, made, taken_back = script.cursor.block, 0, 0, 0

    def next_block(*, empty: bool) -> None:
        nonlocal life, taken_back
        block = script.cursor.block + 1
        if dice.random() < 0.3 and block - start > 12:
            block -= dice.randint(1, 3)
            script.rewind(block - 1)
            done, life = life.done, before[block]
            life.done, life.dice = done, random.Random(dice.random())  # what comes now is something else
            taken_back += 1
        before[block] = copy.deepcopy(life)
        life.day = day_of_time(script.seconds * block)
        script.say(*(() if empty else life.block()))

    for step in range(steps):
        for _ in range(dice.choice((0, 0, 1, 1, 1, 2))):
            next_block(empty=dice.random() < 0.3)
        if dice.random() < 0.2:
            await desk.call(dice.choice(PARTIES), f"name {step}")
        if life.notes and dice.random() < 0.3:
            note, financier = dice.choice(sorted(life.notes)), dice.choice((2, 4))
            receivable = life.notes[note][4]
            root = min(n for n, row in life.notes.items() if row[4] == receivable)
            await compare(desk, financier, root, receivable)
            await desk.quotes.ask(note, [dice.choice((0, financier))], 1)
            await compare(desk, financier, root, receivable)
        for _ in range(5):
            viewer = dice.choice((-1, 0, 2, 2, 4, *PARTIES, STRANGER))
            note = dice.choice([*list(life.notes)[:5], 10_000])
            there, anew = await compare(desk, viewer, note, dice.randint(1, 4))
            given, made = given + there, made + anew
    assert 20 < made < given // 2, "of two alike the second is never made, and the first not always"
    assert taken_back > 3
    reader.close()
    script.connection.close()
