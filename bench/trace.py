"""How long questions about a ledger take, and how that grows with it: `make bench-trace`.

`python -m bench.trace [sqlite] [postgresql] [NOTES…]`. Writes build/bench/trace.json; what is not asked for stays as it is
there. `trace_100` and `trace_10k` are whole trees, `ancestors` the way up from a tier-4 note, `fund_flow_20k` the cash of the
tree of 10,000, each by the statements of the read model's readers, all rows fetched, warm; `position` is a party's whole
position at a past block, as views. `as_views` are traces and flow as the readers answer them; `join_20k` is the cash found by
joining notes. `kept` is what the API does for the same answers by columns when it is asked again and nothing has changed."""

from __future__ import annotations

import gc
import itertools
import json
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import anyio
from sqlalchemy import bindparam, select

from api.domain.access import Standing
from api.domain.positions import When
from api.domain.principal import LOCAL
from api.exports.formats import Format
from api.routers.answers import written_out
from api.schemas import wire
from api.services.ledger import Ledger
from api.services.remembered import Answer, Remembered
from api.services.sight import SeenFundFlow, SeenTrace, Sight, Sources
from api.store.app.database import Database
from api.store.app.migrate import migrate
from api.store.app.profiles import StoredProfiles
from api.store.ledger import positions
from api.store.ledger import queries as q
from api.store.ledger import tables as t
from api.store.ledger.generations import open_generations
from api.store.ledger.reading import LedgerReader
from api.store.ledger.sql import Connection, Sql
from api.store.ledger.views import currency_view
from bench.ledgers import Filled, fill
from bench.network import PROJECT
from bench.postgresql import programs, running
from bench.results import write_results

SIZES = (10_000, 100_000, 1_000_000)
FILE = PROJECT / "build/bench/trace.json"
_JOINED = Sql(
    select(t.cash_legs)
    .join_from(t.notes, t.cash_legs, t.cash_legs.c.note == t.notes.c.id)
    .where(t.notes.c.root_id == bindparam("root"))
    .order_by(t.cash_legs.c.block, t.cash_legs.c.log)
)
Figures = dict[str, Any]


def taken(ask: Callable[[], Any], times: int) -> dict[str, float]:
    """Milliseconds of each of so many, after a twentieth that is not counted."""
    spent: list[float] = []
    gc.collect()
    gc.disable()
    try:
        for number in range(times + max(2, times // 20)):
            began = time.perf_counter()
            ask()
            if number >= max(2, times // 20):
                spent.append((time.perf_counter() - began) * 1_000)
    finally:
        gc.enable()
    return _quantiles(spent)


def _quantiles(spent: list[float]) -> dict[str, float]:
    spent.sort()
    parts = (("p50_ms", 0.5), ("p99_ms", 0.99))
    return {name: round(spent[min(len(spent) - 1, int(len(spent) * part))], 3) for name, part in parts}


def figures(connection: Connection, reader: LedgerReader, filled: Filled) -> Figures:
    """All questions, over a ledger that is there."""
    dice = random.Random(1)
    middling, deep = itertools.cycle(filled.middling), itertools.cycle(filled.deep)
    whom = itertools.cycle(filled.parties)
    currencies = [currency_view(row) for row in q.CURRENCIES.all(connection)]

    def position() -> int:
        at = positions.moment(connection, When(block=dice.randint(filled.last // 2, filled.last)), filled.last)
        return len(positions.position(connection, next(whom), at, currencies).notes)

    held = sum(position() for _ in range(20)) // 20
    return {
        "notes": filled.notes,
        "trace_100": taken(lambda: q.TREE.all(connection, root=next(middling)), 1_000),
        "trace_10k": taken(lambda: q.TREE.all(connection, root=filled.large), 60),
        "ancestors": taken(lambda: q.ANCESTORS.all(connection, id=next(deep)), 1_000),
        "fund_flow_20k": taken(lambda: q.LEGS_OF_TREE.all(connection, root=filled.large), 40),
        "position": taken(position, 200),
        "notes_of_a_position": held,
        "join_20k": taken(lambda: _JOINED.all(connection, root=filled.large), 40),
        "as_views": {
            "trace_100": taken(lambda: _answer(reader.trace, next(middling)), 100),
            "trace_10k": taken(lambda: _answer(reader.trace, filled.large), 8),
            "fund_flow_20k": taken(lambda: _answer(reader.fund_flow, filled.large_receivable), 8),
        },
    }


def _answer(read: Callable[[int], Any], number: int) -> None:
    async def ask() -> None:
        await read(number)

    anyio.run(ask)


async def kept(reader: LedgerReader, filled: Filled) -> Figures:
    """Answers that one process of the API has given before, to one who sees all; and how long they are, MB."""
    with tempfile.TemporaryDirectory(prefix="bench-trace-") as folder:
        database = Database(f"sqlite:///{folder}/app.db")
        migrate(database)
        ledger = Ledger(reader, StoredProfiles(database))
        sources = Sources(**{**dict.fromkeys(Sources.__slots__, cast(Any, None)), "ledger": ledger})
        see, remembered = Sight(sources, LOCAL, Standing.ALL, 0), Remembered(ledger)

        def trace(note: int) -> Awaitable[Answer]:
            def write(seen: SeenTrace) -> Answer:
                return written_out(wire.trace(seen.note, seen.receivable, seen.path, seen.nodes), Format.COLUMNS)

            return remembered.trace(see, note, Format.COLUMNS, write)

        def fund_flow(receivable: int) -> Awaitable[Answer]:
            def write(seen: SeenFundFlow) -> Answer:
                return written_out(wire.fund_flow(seen.receivable, seen.flow), Format.COLUMNS)

            return remembered.fund_flow(see, receivable, Format.COLUMNS, write)

        asked = {
            "trace_100": (trace, filled.middling[0]),
            "trace_10k": (trace, filled.large),
            "fund_flow_20k": (fund_flow, filled.large_receivable),
        }
        found: Figures = {}
        for name, (ask, number) in asked.items():
            length, spent = len((await ask(number)).body), []
            for _ in range(200):
                began = time.perf_counter()
                await ask(number)
                spent.append((time.perf_counter() - began) * 1_000)
            found[name] = {**_quantiles(spent), "mb": round(length / 1e6, 2)}
        database.close()
        return found


def measured(url: str, notes: int) -> Figures:
    """Fills a new generation and asks."""
    store = open_generations(url)
    began = time.perf_counter()
    connection = store.begin()
    filled = fill(connection, notes)
    store.use(connection)
    connection.close()
    took = time.perf_counter() - began
    snapshot, reader = store.snapshot(), LedgerReader(url)
    snapshot.begin()
    try:
        found = {**figures(snapshot.connection, reader, filled), "kept": anyio.run(kept, reader, filled)}
    finally:
        snapshot.end()
        snapshot.close()
        reader.close()
    medians = (f"{name} {of['p50_ms']}" for name, of in found.items() if isinstance(of, dict) and "p50_ms" in of)
    print(f"{notes:>9,}  filled in {took:.0f} s  " + "  ".join(medians), flush=True)
    return found


def databases(wanted: set[str]) -> Iterator[tuple[str, Callable[[int], str] | None]]:
    """Names, and where a ledger of a size goes; None where there is no server."""
    with ExitStack() as stack:
        if "sqlite" in wanted:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-trace-"))
            yield "sqlite", lambda notes: f"sqlite:///{Path(folder) / f'{notes}.db'}"
        if "postgresql" in wanted:
            found = programs()
            if found is None:
                yield "postgresql", None
                return
            server = stack.enter_context(running(found))
            yield "postgresql", lambda notes: server.new_database()


def main() -> None:
    given = set(sys.argv[1:])
    wanted = given & {"sqlite", "postgresql"} or {"sqlite", "postgresql"}
    sizes = sorted(int(one) for one in given if one.isdigit()) or list(SIZES)
    results: Figures = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    for name in ("sqlite", "postgresql"):
        results.setdefault(name, None)
    for name, where in databases(wanted):
        print(f"── {name}", flush=True)
        results[name] = (
            None if where is None else {**(results[name] or {}), **{str(n): measured(where(n), n) for n in sizes}}
        )
        write_results(FILE, results)


if __name__ == "__main__":
    main()
