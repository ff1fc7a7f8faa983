"""How value came from one party to another: the notes of the one that descend from notes, or debts, of the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, bindparam, or_, select

from api.store.ledger import tables as t
from api.store.ledger.sql import Connection, Sql, among, numbers

_n, _r, _a = t.notes.c, t.receivables.c, t.notes.alias("above")
_source: ColumnElement[int] = bindparam("source", type_=t.Id)
_PART = 500
"""So many notes are followed upwards at once."""
Chain = tuple[int, ...]
"""Notes from the one where value left a party, or the root of what it owes, to the one where it arrived."""

_ENDS = Sql(
    select(_n.id)
    .where(
        _n.holder == bindparam("target"),
        _n.id > bindparam("after"),
        or_(
            _n.root_id.in_(select(_a.c.root_id).where(_a.c.holder == _source)),
            _n.root_id.in_(select(_r.root).where(_r.debtor == _source)),
        ),
    )
    .order_by(_n.id)
    .limit(bindparam("most"))
)
_start = select(_n.id.label("end"), _n.id, _n.parent, _n.holder, _n.receivable).where(among(_n.id, "ids"))
_above = _start.cte("above", recursive=True)
_ABOVE = Sql(
    select(
        _above.union_all(
            select(_above.c.end, _n.id, _n.parent, _n.holder, _n.receivable).where(_n.id == _above.c.parent)
        )
    ).order_by("end", "id")
)
_OWED_BY = Sql(select(_r.root).where(_r.debtor == _source, among(_r.root, "roots")))


def chains(connection: Connection, source: int, target: int, after: int, most: int) -> list[Chain]:
    """The first `most` by their last note, which is above `after`."""
    found: list[Chain] = []
    while len(found) < most:
        rows = _ENDS.all(connection, source=source, target=target, after=after, most=_PART)
        if not rows:
            break
        after = rows[-1][0]
        found += _followed(connection, source, [row[0] for row in rows])
    return found[:most]


def _followed(connection: Connection, source: int, ends: Sequence[int]) -> Iterable[Chain]:
    """Up from each end to the nearest note of the source, else to the root where the source owes it. Ancestors have lower ids
    than what descends from them."""
    upwards: dict[int, list[tuple[int, int]]] = {}
    for end, note, _, holder, _ in _ABOVE.all(connection, ids=numbers(ends)):
        upwards.setdefault(end, []).append((note, holder))
    roots = {steps[0][0] for steps in upwards.values()}
    owed = {row[0] for row in _OWED_BY.all(connection, source=source, roots=numbers(sorted(roots)))}
    for end in ends:
        steps = upwards[end]
        near = next((i for i in range(len(steps) - 2, -1, -1) if steps[i][1] == source), None)
        if near is not None or steps[0][0] in owed:
            yield tuple(note for note, _ in steps[near or 0 :])
