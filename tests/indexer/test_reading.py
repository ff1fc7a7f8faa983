"""What readers see: pages, filters, traces and fund flows of the story, each answer of one block."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from sqlalchemy import select

from api.domain.calendar import day_of_time
from api.domain.errors import InvalidInput
from api.domain.operations import Contract
from api.domain.ports import DecodedLog, ReadModel
from api.domain.status import NOTE_STATUSES, RECEIVABLE_STATUSES, note_status, receivable_status
from api.domain.views import BackingView, CashLeg, InvoiceView, LedgerTotals, NoteView, Page, ReceivableView, Sums
from api.store.ledger import queries, tables
from api.store.ledger.reading import LedgerReader
from api.store.ledger.sql import Sql
from api.store.ledger.types import Amount, amount_text
from tests.indexer.conftest import Index, Indexes
from tests.indexer.processes import IndexerProcess
from tests.indexer.town import BANK, CORE, REGISTRAR, TIER1, TIER2, TIER3, TIER4, Town, digest, play

pytestmark = pytest.mark.anyio


@dataclass
class Told:
    """The story, indexed."""

    town: Town
    index: Index
    model: ReadModel

    async def logs(self, name: str) -> list[DecodedLog]:
        hashes = {tx for (tx,) in self.index.query(select(tables.events.c.tx).where(tables.events.c.name == name))}
        found = [log for tx in hashes for log in await self.town.network.chain().events("0x" + tx.hex())]
        return [log for log in found if log.name == name]


@pytest.fixture
async def told(town: Town, indexes: Indexes) -> AsyncIterator[Told]:
    await play(town)
    index = await indexes.new()
    await index.catch_up()
    reader: LedgerReader = index.reader()
    yield Told(town, index, reader)
    reader.close()


async def all_of(ask: Callable[[str | None], Awaitable[Page[Any]]]) -> list[Any]:
    """Every page."""
    found: list[Any] = []
    cursor: str | None = None
    while True:
        page = await ask(cursor)
        found.extend(page.items)
        if (cursor := page.next) is None:
            return found


async def notes_of(model: ReadModel, limit: int = 100, **asked: Any) -> list[NoteView]:
    filters = {"holder": None, "receivable": None, "status": None, "tier": None} | asked
    return await all_of(lambda cursor: model.notes(**filters, cursor=cursor, limit=limit))


async def test_notes_say_what_the_contracts_say(told: Told) -> None:
    chain = told.town.network.chain()
    names = ("none", *NOTE_STATUSES)
    for note in await notes_of(told.model):
        answer = await chain.call(Contract.NOTES, "noteStatus", note.id)
        assert note.status == names[answer], note.id
    statuses = ("none", *RECEIVABLE_STATUSES)
    for number in range(1, 5):
        receivable = await told.model.receivable(number)
        assert receivable is not None
        answer = await chain.call(Contract.NOTES, "receivableStatus", number)
        assert receivable.status == statuses[answer]


async def test_sources_are_where_the_events_are(told: Told) -> None:
    for log in await told.logs("NoteOffered"):
        note = await told.model.note(log.args["note"])
        assert note is not None
        assert (note.source.tx_hash, note.source.block, note.source.log_index) == (
            log.tx_hash,
            log.block,
            log.log_index,
        )
        assert note.trade_hash == log.args["tradeHash"]
        assert note.face == log.args["value"]
        header = await told.town.network.rpc.call("eth_getBlockByNumber", hex(log.block), False)
        assert note.source.time == int(header["timestamp"], 16)
    for log in await told.logs("NoteAccepted"):
        note = await told.model.note(log.args["note"])
        assert note is not None
        assert note.accepted is not None
        assert note.accepted.tx_hash == log.tx_hash


async def test_pages_of_any_size_and_every_filter(told: Told) -> None:
    everything = await notes_of(told.model)
    assert [n.id for n in everything] == list(range(1, len(everything) + 1))
    for limit in (1, 3, len(everything) - 1, len(everything), len(everything) + 1):
        assert await notes_of(told.model, limit) == everything
    holders, receivables, tiers = (None, TIER1, TIER2, BANK, 99), (None, 1, 2, 99), (None, 1, 2, 4)
    for holder, receivable, tier in itertools.product(holders, receivables, tiers):
        for status in (None, *NOTE_STATUSES):
            wanted = [
                n
                for n in everything
                if holder in (None, n.holder.id)
                and receivable in (None, n.receivable)
                and tier in (None, n.tier)
                and status in (None, n.status)
            ]
            asked = {"holder": holder, "receivable": receivable, "tier": tier, "status": status}
            assert await notes_of(told.model, 2, **asked) == wanted, asked


async def test_receivables_by_debtor_and_status(told: Told) -> None:
    async def ask(status: str | None, debtor: int | None) -> list[ReceivableView]:
        return await all_of(lambda c: told.model.receivables(debtor=debtor, status=status, cursor=c, limit=1))

    everything = await ask(None, None)
    assert [r.id for r in everything] == [1, 2, 3, 4]
    for status in RECEIVABLE_STATUSES:
        assert await ask(status, CORE) == [r for r in everything if r.status == status]
    assert await ask(None, TIER1) == []
    assert {r.currency.code for r in everything} == {"CNY"}


async def test_what_is_asked_wrongly_is_named(told: Told) -> None:
    for cursor in ("x", "-1", "१", "9" * 30):
        with pytest.raises(InvalidInput, match="CursorInvalid"):
            await told.model.parties(role=None, cursor=cursor, limit=5)
    with pytest.raises(InvalidInput, match="StatusUnknown"):
        await notes_of(told.model, status="mislaid")
    with pytest.raises(InvalidInput, match="HexInvalid"):
        await told.model.party_of_account("0xzz")
    assert await told.model.note(10**12) is None
    assert await told.model.trace(10**12) is None
    assert await told.model.fund_flow(10**12) is None
    assert await told.model.receivable(10**12) is None
    assert await told.model.party(10**6) is None


async def test_trace_up_and_down(told: Told) -> None:
    notes = {n.id: n for n in await notes_of(told.model)}

    def below(number: int) -> set[int]:
        return {number}.union(*(below(n.id) for n in notes.values() if n.parent == number))

    for number, note in notes.items():
        found = await told.model.trace(number)
        assert found is not None
        trace = found.read
        path = [number]
        while (parent := notes[path[0]].parent) is not None:
            path.insert(0, parent)
        assert trace.path == tuple(path)
        assert trace.nodes == tuple(notes[i] for i in sorted(below(number) | set(path)))
        assert (trace.receivable.id, trace.receivable.root) == (note.receivable, path[0])
    deepest = max(notes.values(), key=lambda n: n.tier)
    assert deepest.tier == 4


async def test_cash_is_told_where_it_was_paid_and_where_it_was_earned(told: Told) -> None:
    found = await told.model.fund_flow(1)
    assert found is not None
    flow = found.read
    assert [(leg.source.block, leg.source.log_index) for leg in flow.legs] == sorted(
        (leg.source.block, leg.source.log_index) for leg in flow.legs
    )
    sales = [leg for leg in flow.legs if leg.kind == "finance"]
    repayments = [leg for leg in flow.legs if leg.kind == "repayment"]
    assert len(sales) == 2
    assert all(leg.amount == leg.principal - leg.discount for leg in sales)
    assert all(leg.amount == leg.principal + leg.interest for leg in repayments)
    assert sum(leg.interest for leg in repayments) > 0
    paid = await told.logs("Paid")
    assert sum(leg.amount for leg in repayments) == sum(log.args["amount"] for log in paid)
    sums: dict[tuple[str, int, int], int] = {}
    for leg in flow.legs:
        key = (leg.kind, leg.payer.id, leg.payee.id)
        sums[key] = sums.get(key, 0) + leg.amount
    assert {(t.kind, t.payer.id, t.payee.id): t.amount for t in flow.totals} == sums
    assert sum(t.legs for t in flow.totals) == len(flow.legs)
    for leg in flow.legs:
        for number in (leg.note, leg.child):
            note = None if number is None else await told.model.note(number)
            assert note is None or leg in note.cash


async def test_parties_accounts_and_lines(told: Told) -> None:
    parties = await all_of(lambda c: told.model.parties(role=None, cursor=c, limit=3))
    assert [p.id for p in parties] == list(range(1, 10))
    suppliers = await told.model.parties(role=2, cursor=None, limit=50)
    assert [p.id for p in suppliers.items] == [CORE, TIER1, TIER2, TIER3, TIER4]
    either = await told.model.parties(role=4 | 16, cursor=None, limit=50)
    assert [p.id for p in either.items] == [TIER4, BANK, 7, REGISTRAR]
    core = await told.model.party(CORE)
    assert core is not None
    assert (core.settlement_account, core.overdue_count) == (told.town.account(CORE), 0)
    assert [(line.currency, line.limit) for line in core.lines] == [(told.town.token, 2**96 - 1)]
    assert await told.model.party_of_account(told.town.account(TIER3).lower()) == TIER3
    assert await told.model.party_of_account(told.town.account(0)) is None


async def test_claims_of_a_cancelled_receivable_are_free_but_remembered(told: Told) -> None:
    free, taken = digest(10**9 + 6), digest(10**9 + 2)
    assert await told.model.invoices([free, taken, digest(5), digest(1)]) == {
        free: InvoiceView(free, 105_000, 0, 0, ()),
        taken: InvoiceView(taken, 1_500_000, 1_000_000, 600_000, (1,)),
        digest(5): InvoiceView(digest(5), 0, 0, 7, ()),
    }
    assert await told.model.fingerprints([3, 1, 99]) == {3: [free], 1: [taken]}
    first, third = await told.model.receivables_by_id([1, 3])
    assert first.backing == (BackingView(taken, 1_500_000, 1_000_000, 0, 100_000),)
    assert third.backing == (BackingView(free, 105_000, 70_000, 105_000, 0),)


async def test_live_notes_and_notes_by_id(told: Told) -> None:
    everything = await notes_of(told.model)
    live = [n.id for n in everything if n.value and n.receivable in (2, 4)]
    assert live
    assert await told.model.live_notes([4, 2, 77]) == live
    assert await told.model.notes_by_id([5, 3, 10**9, 3]) == [everything[2], everything[4]]
    assert await told.model.notes_by_id([]) == []


async def test_totals_are_the_sums_of_what_is_listed(told: Told) -> None:
    notes = await notes_of(told.model)
    flows = [await told.model.fund_flow(r) for r in range(1, 5)]
    legs: list[CashLeg] = [leg for flow in flows if flow is not None for leg in flow.read.legs]
    receivables = [flow.read.receivable for flow in flows if flow is not None]
    sales = [leg for leg in legs if leg.kind == "finance"]
    assert await told.model.totals() == LedgerTotals(
        receivables=4,
        notes=len(notes),
        notes_per_tier=tuple(sum(n.tier == tier for n in notes) for tier in (1, 2, 3, 4)),
        refused=sum(n.status == "refused" for n in notes),
        sums=(
            Sums(
                currency=receivables[0].currency,
                financed=sum(leg.principal for leg in sales),
                cash_paid=sum(leg.amount for leg in sales),
                repaid=sum(r.repaid for r in receivables),
                outstanding=sum(r.outstanding for r in receivables),
            ),
        ),
    )


async def test_every_answer_is_of_one_block(town: Town, indexes: Indexes) -> None:
    """While the indexer writes, no reader ever sees value that has left one note and not come to the next."""
    process = IndexerProcess(indexes.environment())
    process.until_ready()
    model = LedgerReader(indexes.where("chain"))
    (root,) = await town.confirm(1_000_000)
    await town.accept(TIER1, root)
    done, looks = anyio.Event(), 0

    async def look() -> None:
        nonlocal looks
        while not done.is_set():
            trace = await model.trace(root)
            if trace is not None:
                assert sum(n.value for n in trace.read.nodes) == trace.read.receivable.outstanding
                assert len(trace.read.nodes) == trace.read.receivable.notes
                looks += 1
            await anyio.lowlevel.checkpoint()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(look)
        for _ in range(30):
            children = await town.split(TIER1, root, (TIER2, 500), (TIER3, 500), (TIER4, 500))
            await town.act(town.call(Contract.NOTES, "withdraw", children[:1], by=TIER1))
        done.set()
    assert looks > 10
    model.close()
    assert process.stop() == 0


def test_filters_are_the_derived_status() -> None:
    """Each combination of facts is found under just the status that it derives to."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE notes (id INTEGER, value TEXT, flags INTEGER, lapse_day INTEGER)")
    facts = list(itertools.product(range(64), (0, 5), (9, 10, 11)))
    rows = [(i, amount_text(value), flags, lapse) for i, (flags, value, lapse) in enumerate(facts)]
    connection.executemany("INSERT INTO notes VALUES (?, ?, ?, ?)", rows)
    for status, condition in queries.NOTE_FILTERS.items():
        statement = Sql(select(tables.notes.c.id).where(condition))
        values = {"today": 10} if "today" in statement.order else {}
        found = {i for (i,) in statement.all(connection, **values)}
        assert found == {i for i, (f, v, lapse) in enumerate(facts) if note_status(f, v, lapse, 10) == status}
    connection.execute("CREATE TABLE receivables (id INTEGER, outstanding TEXT, flags INTEGER)")
    owed = list(itertools.product(range(32), (0, 5)))
    connection.executemany(
        "INSERT INTO receivables VALUES (?, ?, ?)", [(i, amount_text(v), f) for i, (f, v) in enumerate(owed)]
    )
    for status, condition in queries.RECEIVABLE_FILTERS.items():
        found = {i for (i,) in Sql(select(tables.receivables.c.id).where(condition)).all(connection)}
        assert found == {i for i, (f, v) in enumerate(owed) if receivable_status(f, v) == status}


def test_amounts_keep_their_order_and_their_last_unit() -> None:
    numbers: Sequence[int] = [0, 1, 9, 10, 2**63 - 1, 2**63, 2**64, 2**96 - 1, 2 * (2**96 - 1)]
    texts = [amount_text(n) for n in numbers]
    assert sorted(texts) == texts
    assert [int(t) for t in texts] == numbers
    for wrong in (-1, 10**30):
        with pytest.raises(OverflowError):
            amount_text(wrong)
    kinds = {c.type.digits for t in tables.metadata.tables.values() for c in t.columns if isinstance(c.type, Amount)}
    assert kinds == {30, 42}


async def test_status_and_waiting(told: Told) -> None:
    status = await told.model.status()
    head = await told.town.network.chain().head()
    assert (status.block, status.block_hash, status.head) == (head.block, head.hash, head.block)
    assert day_of_time(status.block_time) == await told.town.today()
    assert await told.model.wait_for(head.block, 0)
    assert not await told.model.wait_for(head.block + 1, 0.02)
