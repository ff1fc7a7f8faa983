"""What the watch looks at: what came in a stretch of blocks, and of what was before it what its rules look back on. Costs as
much as came, and as those whom it concerns did lately."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select

from api.domain.watch import (
    LOOK_BACK_DAYS,
    TWIN_DAYS,
    Born,
    Debt,
    Exposure,
    Mark,
    Overdue,
    Portion,
    Sale,
    Step,
    Stretch,
)
from api.store.ledger import tables as t
from api.store.ledger.sql import Connection, Sql, among, numbers
from api.store.ledger.types import ZERO
from api.store.ledger.views import hexed

_n, _r, _l, _e, _b = t.notes.c, t.receivables.c, t.cash_legs.c, t.events.c, t.blocks.c
_parent = t.notes.alias("parent")
_first, _last = bindparam("first", type_=t.Id), bindparam("last", type_=t.Id)
_since = bindparam("since", type_=t.Id)
_SECONDS = 86_400

_BORN = Sql(
    select(
        *(_n.id, _n.parent, _n.receivable, _n.holder, _n.origin, _n.face, _n.source_block, _n.source_time),
        _parent.c.holder,
    )
    .join_from(t.notes, _parent, _parent.c.id == _n.parent, isouter=True)
    .where(_n.id > bindparam("after", type_=t.Id), _n.source_block <= _last)
    .order_by(_n.id)
)
_start = select(_n.id.label("end"), _n.id, _n.parent, _n.holder, _n.origin, _n.face).where(among(_n.id, "ids"))
_above = _start.cte("above", recursive=True)
_ABOVE = Sql(
    select(
        _above.union_all(
            select(_above.c.end, _n.id, _n.parent, _n.holder, _n.origin, _n.face).where(_n.id == _above.c.parent)
        )
    ).order_by("end", "id")
)
_PORTIONS = Sql(
    select(
        *(_n.parent, _parent.c.holder, _n.receivable, _n.id, _n.holder, _n.origin, _n.face),
        *(_n.source_block, _n.source_time),
    )
    .join_from(_parent, t.notes, _n.parent == _parent.c.id)
    .where(among(_parent.c.holder, "givers"), _n.source_time >= _since, _n.source_block <= _last)
    .order_by(_n.id)
)
_DEBT = (
    *(_r.id, _r.debtor, _r.creditor, _r.currency, _r.face_value, _r.flags, _r.confirmed_day),
    *(_r.source_block, _r.source_time),
)
_CONFIRMED = Sql(select(*_DEBT).where(_r.id > bindparam("after", type_=t.Id), _r.source_block <= _last).order_by(_r.id))
_EARLIER = Sql(
    select(*_DEBT)
    .where(among(_r.debtor, "debtors"), _r.id <= bindparam("after", type_=t.Id), _r.confirmed_day >= _since)
    .order_by(_r.id)
)
_SALES = Sql(
    select(_l.note, _l.receivable, _l.payee, _l.payer, _l.principal, _l.rate_bps, _l.block, _l.time, _l.child)
    .where(_l.block >= _first, _l.block <= _last, _l.kind == "finance")
    .order_by(_l.block, _l.log)
)
_HELD = Sql(
    select(_n.holder, _r.currency, _r.debtor, _n.value)
    .join_from(t.notes, t.receivables, _r.id == _n.receivable)
    .where(among(_n.holder, "holders"), _n.value != ZERO)
)
_DECLARED = Sql(
    select(_e.block, _e.args, _b.time)
    .join_from(t.events, t.blocks, _b.number == _e.block)
    .where(_e.block >= _first, _e.block <= _last, _e.name == "OverdueDeclared")
    .order_by(_e.block, _e.log)
)
_WAITING = Sql(
    select(_n.holder, _n.tier, _n.value)
    .join_from(t.receivables, t.notes, _n.root_id == _r.root)
    .where(_r.id == bindparam("receivable"), _n.value != ZERO)
    .order_by(_n.id)
)
_BLOCK = Sql(select(_b.time).where(_b.number <= _last).order_by(_b.number.desc()).limit(1))
_HASH = Sql(select(_b.hash).where(_b.number == bindparam("number")))


def block_hash(connection: Connection, number: int) -> str | None:
    """None of a block that is not kept: nothing happened in it."""
    row = _HASH.one(connection, number=number)
    return None if row is None else hexed(row[0])


def stretch(connection: Connection, mark: Mark, last: int) -> tuple[Stretch, Mark]:
    """What came after the mark, until the end of block `last`; and the mark that comes after it."""
    (time,) = _BLOCK.one(connection, last=last) or (0,)
    born = _born(connection, mark.note, last)
    debts = _debts(connection, mark.receivable, last)
    sales = _SALES.all(connection, first=mark.block + 1, last=last)
    at = (last, time)
    seen = Stretch(
        last,
        time,
        born,
        _portions(connection, [note for note in born if note.above], last),
        debts,
        tuple(
            Sale(note, debt, who, by, int(face), rate or 0, *place)
            for note, debt, who, by, face, rate, *place, _ in sales
        ),
        tuple(_exposures(connection, {row[3] for row in sales if row[8] is not None}, at)),
        tuple(_overdue(connection, mark.block + 1, last)),
    )
    new = [debt.receivable for debt in debts if debt.new]
    return seen, Mark(
        last,
        block_hash(connection, last) or "",
        born[-1].note if born else mark.note,
        max([mark.receivable, *new]),
        mark.item,
    )


def _born(connection: Connection, after: int, last: int) -> tuple[Born, ...]:
    rows = _BORN.all(connection, after=after, last=last)
    parents = sorted({row[1] for row in rows if row[1] is not None})
    above: dict[int, list[Step]] = defaultdict(list)
    if parents:
        for end, note, _, holder, origin, face in _ABOVE.all(connection, ids=numbers(parents)):
            above[end].append(Step(note, holder, origin, int(face)))
    return tuple(
        Born(note, receivable, holder, origin, int(face), block, time, tuple(above.get(parent or 0, ())))
        for note, parent, receivable, holder, origin, face, block, time, _ in rows
    )


def _portions(connection: Connection, passed: Sequence[Born], last: int) -> tuple[Portion, ...]:
    if not passed:
        return ()
    givers = numbers(sorted({note.above[-1].holder for note in passed}))
    since = min(note.time for note in passed) - (LOOK_BACK_DAYS + 1) * _SECONDS
    rows = _PORTIONS.all(connection, givers=givers, since=since, last=last)
    return tuple(
        Portion(parent, giver, receivable, note, holder, origin, int(face), block, moment)
        for parent, giver, receivable, note, holder, origin, face, block, moment in rows
    )


def _debts(connection: Connection, after: int, last: int) -> tuple[Debt, ...]:
    new = _CONFIRMED.all(connection, after=after, last=last)
    if not new:
        return ()
    since = min(row[6] for row in new) - TWIN_DAYS
    debtors = numbers(sorted({row[1] for row in new}))
    earlier = _EARLIER.all(connection, debtors=debtors, after=after, since=since)
    return tuple(
        Debt(number, debtor, creditor, currency, int(face), flags, day, block, time, is_new)
        for rows, is_new in ((earlier, False), (new, True))
        for number, debtor, creditor, currency, face, flags, day, block, time in rows
    )


def _exposures(connection: Connection, financiers: Iterable[int], at: tuple[int, int]) -> Iterable[Exposure]:
    sums: dict[tuple[int, int], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    notes: dict[tuple[int, int], int] = defaultdict(int)
    for holder, currency, debtor, value in _HELD.all(connection, holders=numbers(sorted(financiers))):
        sums[holder, currency][debtor] += int(value)
        notes[holder, currency] += 1
    for (holder, currency), by_debtor in sorted(sums.items()):
        yield Exposure(holder, currency, dict(by_debtor), notes[holder, currency], *at)


def _overdue(connection: Connection, first: int, last: int) -> Iterable[Overdue]:
    for block, args, time in _DECLARED.all(connection, first=first, last=last):
        told = json.loads(args)
        rows = _WAITING.all(connection, receivable=told["receivable"])
        holders = tuple(dict.fromkeys(row[0] for row in rows))
        owed = sum(int(row[2]) for row in rows)
        yield Overdue(
            told["receivable"], told["debtor"], owed, holders, max((row[1] for row in rows), default=1), block, time
        )
