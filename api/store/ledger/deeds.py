"""What a party's books are made of: notes it was given or gave, cash that it moved or that moved for its notes and debts. Costs
as much as the party did."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select

from api.domain.journal import Deeds, Extinguished, Given, Paid
from api.domain.status import LAPSED, REFUSED, WITHDRAWN
from api.domain.views import CurrencyView, Source
from api.store.ledger import tables as t
from api.store.ledger.sql import Connection, Sql
from api.store.ledger.types import ZERO
from api.store.ledger.views import hexed, leg_view

_n, _r, _l, _e, _np = t.notes.c, t.receivables.c, t.cash_legs.c, t.events.c, t.note_past.c
_parent = t.notes.alias("parent")
_party: ColumnElement[int] = bindparam("party", type_=t.Id)
_last: ColumnElement[int] = bindparam("last", type_=t.Id)
_PLACE = ("tx", "block", "log", "time")
_GIVEN_BACK = REFUSED | WITHDRAWN | LAPSED


def _ids(*ways: Select[tuple[int]]) -> Select[tuple[int]]:
    return select(ways[0].union(*ways[1:]).subquery().c[0])


_held = select(_n.id.label("id")).where(_n.holder == _party)
_passed = (
    select(_n.id.label("id")).join_from(_parent, t.notes, _n.parent == _parent.c.id).where(_parent.c.holder == _party)
)
_issued = select(_n.id.label("id")).join_from(t.receivables, t.notes, _n.id == _r.root).where(_r.debtor == _party)
_GIVEN = Sql(
    select(
        *(_n.id, _n.origin, _n.face, _n.holder, _n.flags, _r.currency, _r.debtor, _parent.c.holder, _np.value),
        *(_n[f"source_{part}"] for part in _PLACE),
        *(_n[f"closed_{part}"] for part in _PLACE),
    )
    .join_from(t.notes, t.receivables, _r.id == _n.receivable)
    .outerjoin(_parent, _parent.c.id == _n.parent)
    .outerjoin(t.note_past, and_(_np.note == _n.id, _np.until == _n.closed_block))
    .where(
        _n.id.in_(_ids(_held, _passed, _issued)),
        or_(_n.origin == "confirmation", _n.origin == "split", _n.origin == "order"),
        _n.source_block <= _last,
    )
    .order_by(_n.id)
)
_LEGS = Sql(
    select(t.cash_legs, _n.holder, _r.debtor, _r.currency)
    .join_from(t.cash_legs, t.notes, _n.id == _l.note)
    .join(t.receivables, _r.id == _l.receivable)
    .where(
        or_(
            _l.payer == _party,
            _l.payee == _party,
            _l.note.in_(select(_n.id).where(_n.holder == _party).correlate(None)),
            _l.root_id.in_(select(_r.root).where(_r.debtor == _party).correlate(None)),
        ),
        _l.block <= _last,
    )
    .order_by(_l.block, _l.log)
)
_EXTINGUISHED = Sql(
    select(_e.block, _e.log, _e.tx, _e.args, t.blocks.c.time, _r.debtor, _r.currency)
    .join_from(t.receivables, t.events, _e.root_id == _r.root)
    .join(t.blocks, t.blocks.c.number == _e.block)
    .where(
        _r.extinguished != ZERO,
        _r.root.in_(
            select(
                select(_n.root_id.label("root"))
                .where(_n.holder == _party)
                .correlate(None)
                .union(select(_r.root).where(_r.debtor == _party).correlate(None))
                .subquery()
                .c.root
            )
        ),
        _e.name == "ValueExtinguished",
        _e.block <= _last,
    )
    .order_by(_e.block, _e.log)
)
_HOLDER = Sql(select(_n.holder).where(_n.id == bindparam("id")))


def deeds(connection: Connection, party: int, last: int, currencies: Mapping[int, CurrencyView]) -> Deeds:
    """All of a party until the end of block `last`."""
    legs = _LEGS.all(connection, party=party, last=last)
    paid = tuple(Paid(leg_view(leg), holder, debtor, currencies[code]) for *leg, holder, debtor, code in legs)
    ended = [
        _extinguished(connection, row, currencies) for row in _EXTINGUISHED.all(connection, party=party, last=last)
    ]
    return Deeds(
        tuple(_given(row, last, currencies) for row in _GIVEN.all(connection, party=party, last=last)),
        paid,
        tuple(_without_cash(ended, paid)),
    )


def _without_cash(ended: Sequence[Extinguished], paid: Sequence[Paid]) -> Iterator[Extinguished]:
    """Early payment extinguishes too: each of its legs explains one event."""
    early = Counter(
        (one.leg.source.tx_hash, one.leg.note, one.leg.principal)
        for one in paid
        if one.leg.kind == "finance" and one.leg.child is None
    )
    for one in ended:
        key = (one.source.tx_hash, one.note, one.value)
        if early[key]:
            early[key] -= 1
        else:
            yield one


def _given(row: tuple[Any, ...], last: int, currencies: Mapping[int, CurrencyView]) -> Given:
    note, origin, face, holder, flags, currency, debtor, above, before, *places = row
    source, closed = places[:4], places[4:]
    back = None
    if flags & _GIVEN_BACK and closed[0] is not None and closed[1] <= last:
        back = (Source(hexed(closed[0]), *closed[1:]), int(face if before is None else before))
    giver = debtor if above is None else above
    return Given(
        note, origin, int(face), giver, holder, currencies[currency], Source(hexed(source[0]), *source[1:]), back
    )


def _extinguished(connection: Connection, row: tuple[Any, ...], currencies: Mapping[int, CurrencyView]) -> Extinguished:
    block, log, tx, args, time, debtor, currency = row
    told = json.loads(args)
    (holder,) = _HOLDER.one(connection, id=told["note"]) or (0,)
    source = Source(hexed(tx), block, log, time)
    return Extinguished(told["note"], int(told["value"]), holder, debtor, currencies[currency], source)
