"""Positions of parties at any block: what is there now, and of what was changed since, how it was before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, func, select

from api.domain.calendar import day_of_time, time_of_day
from api.domain.errors import NotFound
from api.domain.positions import CashSum, HeldNote, Moment, OwedDebt, Position, When, position_sums
from api.domain.status import note_status, receivable_status
from api.domain.views import CurrencyView
from api.store.ledger import tables as t
from api.store.ledger.sql import Connection, Sql
from api.store.ledger.types import ZERO
from api.store.ledger.views import address, party_name

_n, _r, _b = t.notes.c, t.receivables.c, t.blocks.c
_block: ColumnElement[int] = bindparam("block", type_=t.Id)
_party: ColumnElement[int] = bindparam("party", type_=t.Id)

_BLOCK = Sql(select(_b.number, _b.time).where(_b.number <= bindparam("block")).order_by(_b.number.desc()).limit(1))
_BLOCK_BEFORE = Sql(
    select(_b.number, _b.time).where(_b.time < bindparam("time")).order_by(_b.time.desc(), _b.number.desc()).limit(1)
)


def _as_of(past: Table, *key: tuple[ColumnElement[Any], ColumnElement[Any]]) -> ColumnElement[bool]:
    """Joins to a row the state that it had at the end of the block, where that is another one than now."""
    same = [a == b for a, b in key]
    other = past.alias()
    ends = select(func.min(other.c.until)).where(*(other.c[a.name] == b for a, b in key), other.c.until > _block)
    return and_(*same, past.c.until == ends.scalar_subquery())


def _then(past: Table, now: Table, name: str) -> ColumnElement[Any]:
    return func.coalesce(past.c[name], now.c[name])


_np, _rp, _cs, _cp = t.note_past, t.receivable_past, t.cash_sums, t.cash_past
_value, _outstanding = _then(_np, t.notes, "value"), _then(_rp, t.receivables, "outstanding")

_HELD = Sql(
    select(
        *(_n.id, _n.receivable, _r.debtor, _r.currency, _r.due_day, _n.tier, _n.origin, _n.face, _n.lapse_day),
        *(_value, _then(_np, t.notes, "flags"), _then(_np, t.notes, "pledged")),
    )
    .join_from(t.notes, t.receivables, _r.id == _n.receivable)
    .outerjoin(_np, _as_of(_np, (_np.c.note, _n.id)))
    .where(_n.holder == _party, _n.source_block <= _block, _value != ZERO)
    .order_by(_n.id)
)
_OWED = Sql(
    select(
        *(_r.id, _r.creditor, _r.currency, _r.due_day, _r.face_value),
        *(_outstanding, _then(_rp, t.receivables, "flags")),
    )
    .join_from(t.receivables, _rp, _as_of(_rp, (_rp.c.receivable, _r.id)), isouter=True)
    .where(_r.debtor == _party, _r.source_block <= _block, _outstanding != ZERO)
    .order_by(_r.id)
)
_CASH = Sql(
    select(_cs.c.token, _cs.c.kind, _then(_cp, _cs, "paid"), _then(_cp, _cs, "received"))
    .join_from(
        _cs,
        _cp,
        _as_of(_cp, (_cp.c.party, _cs.c.party), (_cp.c.token, _cs.c.token), (_cp.c.kind, _cs.c.kind)),
        isouter=True,
    )
    .where(_cs.c.party == _party, _cs.c.since <= _block)
    .order_by(_cs.c.token, _cs.c.kind)
)


def moment(connection: Connection, when: When, last: int) -> Moment:
    """`last` is the last block that is indexed. NotFound("UnknownBlock") or ("UnknownDay") where the index knows no such
    moment: it is yet to come, or before the ledger began."""
    if when.day is None:
        block = last if when.block is None else when.block
        row = _BLOCK.one(connection, block=block) if block <= last else None
        if row is None:
            raise NotFound("UnknownBlock", block=block)
        return Moment(block, row[1], day_of_time(row[1]))
    row = _BLOCK_BEFORE.one(connection, time=time_of_day(when.day + 1))
    now = _BLOCK.one(connection, block=last)
    if row is None or now is None or when.day > day_of_time(now[1]):
        raise NotFound("UnknownDay", day=when.day)
    return Moment(row[0], row[1], when.day)


def position(connection: Connection, party: int, at: Moment, currencies: Sequence[CurrencyView]) -> Position:
    """Of a party that is admitted; of one that was not yet there is nothing."""
    by_number = {c.id: c for c in currencies}
    by_token = {c.token: c for c in currencies}
    then = {"party": party, "block": at.block}
    notes = tuple(
        HeldNote(
            note,
            receivable,
            party_name(debtor),
            by_number[currency],
            due,
            tier,
            origin,
            int(face),
            int(value),
            int(pledged),
            note_status(flags, int(value), lapse, at.day),
        )
        for note, receivable, debtor, currency, due, tier, origin, face, lapse, value, flags, pledged in _HELD.all(
            connection, **then
        )
    )
    debts = tuple(
        OwedDebt(
            receivable,
            party_name(creditor),
            by_number[currency],
            due,
            int(face),
            int(outstanding),
            receivable_status(flags, int(outstanding)),
        )
        for receivable, creditor, currency, due, face, outstanding, flags in _OWED.all(connection, **then)
    )
    cash = tuple(
        CashSum(by_token[address(token)], kind, int(paid), int(received))
        for token, kind, paid, received in _CASH.all(connection, **then)
    )
    return Position(party_name(party), at, position_sums(notes, debts, cash), notes, debts, cash)
