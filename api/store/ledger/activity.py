"""What happened in a stretch of blocks: costs as much as happened in it, and a look at each debt."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, select

from api.domain.reports import Activity, Confirmed, Moved
from api.domain.status import FINANCED
from api.domain.views import CurrencyView
from api.store.ledger import tables as t
from api.store.ledger.sql import Connection, Sql
from api.store.ledger.views import leg_view

_n, _r, _l = t.notes.c, t.receivables.c, t.cash_legs.c
_first, _last = bindparam("first", type_=t.Id), bindparam("last", type_=t.Id)

_CONFIRMED = Sql(
    select(_r.currency, _r.face_value, _r.source_time)
    .where(_r.source_block >= _first, _r.source_block <= _last)
    .order_by(_r.id)
)
_MOVED = Sql(
    select(t.cash_legs, _r.currency, _n.tier, _n.flags, _r.source_time)
    .join_from(t.cash_legs, t.notes, _n.id == _l.note)
    .join(t.receivables, _r.id == _l.receivable)
    .where(_l.block >= _first, _l.block <= _last)
    .order_by(_l.block, _l.log)
)


def activity(connection: Connection, first: int, last: int, currencies: Mapping[int, CurrencyView]) -> Activity:
    """Of blocks `first` to `last`."""
    confirmed = _CONFIRMED.all(connection, first=first, last=last)
    moved = _MOVED.all(connection, first=first, last=last)
    return Activity(
        tuple(Confirmed(currencies[currency], int(face), time) for currency, face, time in confirmed),
        tuple(
            Moved(leg_view(leg), currencies[currency], tier, flags & FINANCED != 0, time)
            for *leg, currency, tier, flags, time in moved
        ),
    )
