"""Writing the read model: ranges of blocks go in, and come out again when the chain turns out to be another one.

One transaction holds a range with its cursor, so that a kill at any point leaves a state that some block had. Within
the finality window the state of every row before each block is kept (`undo`), and a rewind puts it back."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from api.domain.errors import CascadeError, Conflict
from api.store.ledger import tables
from api.store.ledger.cache import Before, Rows
from api.store.ledger.rows import (
    AccountRow,
    AssignmentRow,
    BankRecordRow,
    BankRepaymentRow,
    BankReservationRow,
    BankRoundRow,
    BankSaleRow,
    BlockRow,
    CashLegRow,
    CashSumRow,
    ClaimRow,
    ConsentRow,
    CreditNoteRow,
    CurrencyRow,
    EventRow,
    FreezeRow,
    InvoiceRow,
    LineRow,
    LoanQuoteRow,
    LoanRow,
    NoteRow,
    PartyRow,
    PolicyRow,
    QuoteRow,
    ReassignmentRow,
    ReceivableRow,
    RecoveryRow,
    RoundRow,
    SaleRow,
    SettlementChangeRow,
    SwitchRow,
    TotalRow,
    WiringRow,
)
from api.store.ledger.sql import Bulk, Connection, Sql, transaction
from api.store.ledger.types import amount_text
from api.store.ledger.undone import Witnesses


@dataclass(frozen=True, slots=True)
class Identity:
    """Of what chain and contracts an index is: nothing else may be written into it."""

    chain_id: int
    first_block: int
    first_hash: str
    contracts: Mapping[str, str]
    """Address → contract name."""

    def text(self) -> str:
        contracts = {address.lower(): name for address, name in self.contracts.items()}
        return json.dumps({"first_hash": self.first_hash, "contracts": contracts}, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last block that is in. `floor` is the lowest block that can be rewound to, `events` how many are in."""

    block: int
    hash: bytes
    time: int
    head: int
    floor: int
    events: int
    reorgs: int


_INSERT_CURSOR = Bulk(tables.cursor)
_READ_CURSOR = Sql(select(*(tables.cursor.c[name] for name in Cursor.__slots__)))
_READ_IDENTITY = Sql(select(tables.cursor.c.chain_id, tables.cursor.c.first_block, tables.cursor.c.deployment))
_MOVE_CURSOR = Sql(
    update(tables.cursor)
    .values({name: bindparam(name) for name in Cursor.__slots__})
    .where(tables.cursor.c.block == bindparam("was_block"), tables.cursor.c.hash == bindparam("was_hash"))
)
_INSERT_UNDO = Bulk(tables.undo, ("block", "name", "key", "before"))
_READ_UNDO = Sql(
    select(tables.undo.c.name, tables.undo.c.key, tables.undo.c.before)
    .where(tables.undo.c.block > bindparam("to"))
    .order_by(tables.undo.c.seq.desc())
)
_HEADERS = Sql(
    select(tables.blocks.c.number, tables.blocks.c.hash)
    .where(tables.blocks.c.number >= bindparam("low"))
    .order_by(tables.blocks.c.number.desc())
)
_HEADER = Sql(select(tables.blocks).where(tables.blocks.c.number == bindparam("number")))
_INSERTS = tuple(Bulk(t) for t in (tables.blocks, tables.events, tables.cash_legs))
_DELETE_ABOVE = tuple(
    Sql(delete(column.table).where(column > bindparam("to")))
    for column in (tables.undo.c.block, tables.blocks.c.number, tables.cash_legs.c.block)
)
_DELETE_EVENTS = Sql(delete(tables.events).where(tables.events.c.block > bindparam("to")))
_INSERT_REORGANISATION = Bulk(tables.reorganisations, ("key", "told"))
_REORGANISATIONS = Sql(
    select(tables.reorganisations.c.key, tables.reorganisations.c.told).order_by(tables.reorganisations.c.seq)
)
_PRUNE_UNDO = Sql(delete(tables.undo).where(tables.undo.c.block <= bindparam("floor")))
_PRUNE_BLOCKS = Sql(
    delete(tables.blocks).where(
        tables.blocks.c.number >= bindparam("low"),
        tables.blocks.c.number < bindparam("floor"),
        tables.blocks.c.events == 0,
    )
)


class Ledger:
    """The tables as handlers see them, and the journal of what they change. Between `begin_block` calls handlers add
    and change rows; `commit` writes all, with the cursor."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.parties = Rows(connection, tables.parties, PartyRow)
        self.accounts = Rows(connection, tables.accounts, AccountRow)
        self.recoveries = Rows(connection, tables.recoveries, RecoveryRow)
        self.settlement_changes = Rows(connection, tables.settlement_changes, SettlementChangeRow)
        self.lines = Rows(connection, tables.lines, LineRow)
        self.claims = Rows(connection, tables.claims, ClaimRow)
        self.invoices = Rows(connection, tables.invoices, InvoiceRow)
        self.credit_notes = Rows(connection, tables.credit_notes, CreditNoteRow)
        self.currencies = Rows(connection, tables.currencies, CurrencyRow)
        self.policies = Rows(connection, tables.policies, PolicyRow)
        self.wiring = Rows(connection, tables.wiring, WiringRow)
        self.switches = Rows(connection, tables.switches, SwitchRow)
        self.consents = Rows(connection, tables.consents, ConsentRow)
        self.receivables = Rows(connection, tables.receivables, ReceivableRow, tables.receivable_past)
        self.notes = Rows(connection, tables.notes, NoteRow, tables.note_past)
        self.cash_sums = Rows(connection, tables.cash_sums, CashSumRow, tables.cash_past)
        self.rounds = Rows(connection, tables.rounds, RoundRow)
        self.freezes = Rows(connection, tables.freezes, FreezeRow)
        self.reassignments = Rows(connection, tables.reassignments, ReassignmentRow)
        self.loans = Rows(connection, tables.loans, LoanRow)
        self.loan_quotes = Rows(connection, tables.loan_quotes, LoanQuoteRow)
        self.sales = Rows(connection, tables.sales, SaleRow)
        self.assignments = Rows(connection, tables.assignments, AssignmentRow)
        self.quotes = Rows(connection, tables.quotes, QuoteRow)
        self.bank_reservations = Rows(connection, tables.bank_reservations, BankReservationRow)
        self.bank_sales = Rows(connection, tables.bank_sales, BankSaleRow)
        self.bank_repayments = Rows(connection, tables.bank_repayments, BankRepaymentRow)
        self.bank_rounds = Rows(connection, tables.bank_rounds, BankRoundRow)
        self.bank_records = Rows(connection, tables.bank_records, BankRecordRow)
        self.totals = Rows(connection, tables.totals, TotalRow)
        everything: tuple[Rows[Any], ...] = (
            *(self.parties, self.accounts, self.recoveries, self.settlement_changes),
            *(self.lines, self.claims, self.invoices, self.credit_notes),
            *(self.currencies, self.policies, self.wiring),
            *(self.switches, self.consents, self.receivables, self.notes, self.rounds, self.quotes, self.totals),
            self.cash_sums,
            *(self.freezes, self.reassignments, self.loans, self.loan_quotes, self.sales, self.assignments),
            *(self.bank_reservations, self.bank_sales, self.bank_repayments, self.bank_rounds, self.bank_records),
        )
        self._rows: dict[str, Rows[Any]] = {rows.name: rows for rows in everything}
        self._legs: list[Sequence[Any]] = []
        self._undo: list[tuple[int, str, str, str | None]] = []
        self._block: tuple[int, list[Before]] | None = None

    @property
    def tables(self) -> Mapping[str, Rows[Any]]:
        """All that handlers change, by name."""
        return self._rows

    # -- where it stands

    def cursor(self) -> Cursor | None:
        """None in a new database."""
        row = _READ_CURSOR.one(self.connection)
        return None if row is None else Cursor(*row)

    def start(self, identity: Identity, base: BlockRow, head: int) -> Cursor:
        """Ties a new database to what it indexes, at the block before the first."""
        cursor = Cursor(base.number, base.hash, base.time, head, base.number, 0, 0)
        row = (1, identity.chain_id, identity.text(), identity.first_block)
        with transaction(self.connection):
            values = tuple(getattr(cursor, name) for name in Cursor.__slots__)
            _INSERT_CURSOR.write(self.connection, [(*row, *values)])
            _INSERTS[0].write(self.connection, [base])
        return cursor

    def check(self, identity: Identity) -> None:
        """Conflict("IndexOfOtherChain") or Conflict("IndexOfOtherDeployment") when this database is of another one."""
        row = _READ_IDENTITY.one(self.connection)
        if row is None:
            return
        if row[0] != identity.chain_id:
            raise Conflict("IndexOfOtherChain", chain_id=row[0], found=identity.chain_id)
        if row[1:] != (identity.first_block, identity.text()):
            raise Conflict("IndexOfOtherDeployment", chain_id=identity.chain_id, first_block=row[1])

    def take_over(self, earlier: Connection) -> None:
        """What an index of the same contracts that this one is to replace tells of reorganisations: no chain tells it again."""
        if _READ_IDENTITY.one(earlier) == _READ_IDENTITY.one(self.connection):
            with transaction(self.connection):
                _INSERT_REORGANISATION.write(self.connection, _REORGANISATIONS.all(earlier))

    def headers(self, low: int) -> list[tuple[int, bytes]]:
        """Number and hash of the stored blocks from `low` on, newest first."""
        return [(number, digest) for number, digest in _HEADERS.all(self.connection, low=low)]

    # -- a range

    def begin_block(self, number: int, reversible: bool) -> None:
        """What follows belongs to this block; how rows were before is kept when the block may still be taken back."""
        self._end_block()
        undo: list[Before] | None = [] if reversible else None
        if undo is not None:
            self._block = (number, undo)
        for rows in self._rows.values():
            rows.begin_block(number, undo)

    def _end_block(self) -> None:
        if self._block is not None:
            number, undo = self._block
            self._undo.extend((number, *one) for one in undo)
            self._block = None

    def add_leg(self, leg: CashLegRow) -> None:
        values: list[Any] = list(leg)
        for i in _LEG_AMOUNTS:
            values[i] = amount_text(values[i])
        self._legs.append(values)
        self._sum(leg.payer, leg).paid += leg.amount
        self._sum(leg.payee, leg).received += leg.amount

    def _sum(self, party: int, leg: CashLegRow) -> CashSumRow:
        key = (party, leg.token, leg.kind)
        if self.cash_sums.find(key) is None:
            self.cash_sums.put(CashSumRow(*key, since=leg.block))
        return self.cash_sums.change(key)

    def total(self, name: str, delta: int) -> None:
        """Adds to a sum over the ledger."""
        if self.totals.find(name) is None:
            self.totals.put(TotalRow(name))
        self.totals.change(name).amount += delta

    def total_in(self, currency: int, name: str, delta: int) -> None:
        """Adds to a sum of money in one currency."""
        self.total(f"{name}_in_{currency}", delta)

    def commit(self, blocks: Sequence[BlockRow], events: Sequence[EventRow], before: Cursor, after: Cursor) -> None:
        """Writes the range in one transaction. `after` is the cursor at its last block."""
        self._end_block()
        with transaction(self.connection):
            for rows in self._rows.values():
                rows.flush()
            for statement, new in zip(_INSERTS, (blocks, events, self._legs), strict=True):
                statement.write(self.connection, new)
            _INSERT_UNDO.write(self.connection, self._undo)
            self._move(before, after)
            _PRUNE_UNDO.run(self.connection, floor=after.floor)
            _PRUNE_BLOCKS.run(self.connection, low=before.floor, floor=after.floor)
        self.forget()

    def see_head(self, head: int) -> None:
        """Notes how far the chain is, when that is all that is new."""
        cursor = self.cursor()
        if cursor is not None and cursor.head != head:
            with transaction(self.connection):
                self._move(cursor, replace(cursor, head=head))

    # -- back

    def rewind(self, to: int, *, complete: bool = True) -> Cursor:
        """Puts every row back to how it was at block `to`, and writes down what was undone, in one transaction; not `complete`
        where the chain has lost that block too. CascadeError("RewindTooDeep") below the floor, or when the block's header is
        not kept."""
        self.forget()
        cursor, header = self.cursor(), _HEADER.one(self.connection, number=to)
        if cursor is None or header is None or to < cursor.floor:
            raise CascadeError("RewindTooDeep", block=to, floor=None if cursor is None else cursor.floor)
        block = BlockRow(*header)
        after = replace(cursor, block=block.number, hash=block.hash, time=block.time, reorgs=cursor.reorgs + 1)
        with transaction(self.connection):
            witnesses = Witnesses(self.connection, to, cursor.time)
            oldest: dict[str, dict[str, str | None]] = {name: {} for name in self._rows}
            for name, key, before in _READ_UNDO.all(self.connection, to=to):
                oldest[name][key] = before
            for name, rows in self._rows.items():
                rows.restore(oldest[name], to)
            for statement in _DELETE_ABOVE:
                statement.run(self.connection, to=to)
            undone = _DELETE_EVENTS.run(self.connection, to=to).rowcount
            after = replace(after, events=cursor.events - undone)
            self._move(cursor, after)
            told = witnesses.told(after.time, complete=complete)
            _INSERT_REORGANISATION.write(self.connection, [(uuid.uuid4().hex, told)])
        return after

    def _move(self, was: Cursor, cursor: Cursor) -> None:
        """Conflict("IndexerAlreadyRunning") when somebody else has moved it."""
        values = {name: getattr(cursor, name) for name in Cursor.__slots__}
        done = _MOVE_CURSOR.run(self.connection, was_block=was.block, was_hash=was.hash, **values)
        if done.rowcount != 1:
            raise Conflict("IndexerAlreadyRunning", file="cursor")

    def forget(self) -> None:
        """Drops what a range that was not written has left in memory."""
        self._legs.clear()
        self._undo.clear()
        self._block = None
        for rows in self._rows.values():
            rows.forget()


_LEG_AMOUNTS = [CashLegRow._fields.index(name) for name in ("amount", "principal", "interest", "discount")]
