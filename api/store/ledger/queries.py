"""The statements of the read model's readers, compiled once. Only here and in the writer is there SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from api.domain.status import (
    ACCEPTED,
    CANCELLED,
    FROZEN,
    LAPSED,
    OVERDUE,
    PLEDGED,
    REFUSED,
    REPAID,
    RESERVED,
    WITHDRAWN,
)
from api.store.ledger import sight
from api.store.ledger import tables as t
from api.store.ledger.sql import Sql, among
from api.store.ledger.types import ZERO

_n, _r, _l = t.notes.c, t.receivables.c, t.cash_legs.c

CURSOR = Sql(select(t.cursor))
BLOCK = Sql(select(t.cursor.c.block))
REORGANISATIONS = Sql(select(t.reorganisations.c.key).order_by(t.reorganisations.c.seq))
UNDONE = Sql(select(t.reorganisations.c.told).where(t.reorganisations.c.key == bindparam("key")))
CURRENCIES = Sql(select(t.currencies).order_by(t.currencies.c.id))
MINIMA = Sql(select(t.policies.c.id, t.policies.c.min_child_value))
TOTALS = Sql(select(t.totals))

_f = t.freezes.c
FREEZES = Sql(
    select(_f.note, _f.arbiter, _f.order_hash)
    .join(t.notes, _n.id == _f.note)
    .where(
        _f.release_hash.is_(None),
        _f.note > bindparam("after"),
        or_(bindparam("any") == 1, _n.holder == bindparam("holder")),
    )
    .order_by(_f.note)
    .limit(bindparam("most"))
)
_o = t.reassignments.c
_reassignments = (
    select(_o.id, _o.note, _o.receiver, _o.amount, _r.currency, _o.arbiter, _o.order_hash, _o.ready_at)
    .join(t.notes, _n.id == _o.note)
    .join(t.receivables, _r.id == _n.receivable)
)
REASSIGNMENT = Sql(_reassignments.where(_o.id == bindparam("id")))
REASSIGNMENTS = Sql(
    _reassignments.join(t.freezes, _f.note == _o.note)
    .where(
        *(_o.state == "ordered", _f.release_hash.is_(None), _f.number == _o.freeze),
        _o.id > bindparam("after"),
        or_(bindparam("any") == 1, _n.holder == bindparam("holder")),
    )
    .order_by(_o.id)
    .limit(bindparam("most"))
)


def _changes(kind: int, table: Table, removed: ColumnElement[bytes]) -> Select[Any]:
    c = table.c
    key = (c.party * 2 + kind).label("id")
    return select(key, c.party, c.account, c.ready_at, c.evidence_hash, removed.label("removed"), c.state)


_changed = union_all(
    _changes(0, t.recoveries, t.recoveries.c.removed),
    _changes(1, t.settlement_changes, literal(b"", t.recoveries.c.removed.type)),
).subquery()
ALL_KEY_CHANGES = Sql(select(_changed).order_by(_changed.c.id))
KEY_CHANGES = Sql(
    select(_changed)
    .where(
        _changed.c.state == "announced",
        _changed.c.id > bindparam("after"),
        or_(bindparam("any") == 1, _changed.c.party == bindparam("party")),
    )
    .order_by(_changed.c.id)
    .limit(bindparam("most"))
)
_s = t.sales.c
RECOURSE = Sql(
    select(
        *(_n.id, _n.receivable, _r.debtor, _n.holder, _s.seller, _r.currency, _r.due_day, _s.amount, _s.price),
        *(_s.rate_bps, _s.day, _s.demand_day, _r.flags),
    )
    .select_from(t.sales)
    .join(t.notes, _n.id == _s.note)
    .join(t.receivables, _r.id == _n.receivable)
    .where(
        _n.value != ZERO,
        _n.id > bindparam("after"),
        or_(bindparam("any") == 1, _n.holder == bindparam("party"), _s.seller == bindparam("party")),
    )
    .order_by(_n.id)
    .limit(bindparam("most"))
)
ADMINISTRATION = Sql(
    select(t.events.c.block, t.events.c.log, t.events.c.tx, t.events.c.name, t.events.c.args)
    .where(
        t.of_administration,
        or_(*(t.events.c.name == name for name in ("OperationScheduled", "OperationExecuted", "OperationCanceled"))),
    )
    .order_by(t.events.c.block, t.events.c.log)
)

PARTY = Sql(select(t.parties).where(t.parties.c.id == bindparam("id")))
PARTIES = Sql(
    select(t.parties)
    .where(
        t.parties.c.id > bindparam("after"),
        or_(bindparam("any_role") == 1, t.parties.c.roles.op("&")(bindparam("role")) != 0),
    )
    .order_by(t.parties.c.id)
    .limit(bindparam("most"))
)
ACCOUNTS = Sql(
    select(t.accounts.c.party, t.accounts.c.address, t.accounts.c.rights)
    .where(among(t.accounts.c.party, "ids"), t.accounts.c.rights != 0)
    .order_by(t.accounts.c.party, t.accounts.c.address)
)
LINES = Sql(select(t.lines).where(among(t.lines.c.debtor, "ids")).order_by(t.lines.c.debtor, t.lines.c.currency))
PARTY_OF_ACCOUNT = Sql(
    select(t.accounts.c.party).where(t.accounts.c.address == bindparam("address"), t.accounts.c.rights != 0)
)

INVOICE = Sql(select(t.invoices).where(t.invoices.c.fingerprint == bindparam("fingerprint")))
CLAIMANTS = Sql(
    select(t.claims.c.receivable)
    .where(
        t.claims.c.fingerprint == bindparam("fingerprint"),
        t.claims.c.notes == bindparam("notes"),
        t.claims.c.released == bindparam("released"),
    )
    .order_by(t.claims.c.receivable)
)
BACKING = Sql(
    select(
        t.claims.c.receivable,
        t.claims.c.fingerprint,
        t.claims.c.amount,
        t.invoices.c.amount,
        t.invoices.c.claimed,
        t.invoices.c.credited,
    )
    .join(t.invoices, t.invoices.c.fingerprint == t.claims.c.fingerprint)
    .where(among(t.claims.c.receivable, "ids"), t.claims.c.notes == bindparam("notes"))
    .order_by(t.claims.c.receivable, t.claims.c.fingerprint)
)

RECEIVABLES_BY_ID = Sql(select(t.receivables).where(among(_r.id, "ids")).order_by(_r.id))
NOTE = Sql(select(t.notes).where(_n.id == bindparam("id")))
NOTES_BY_ID = Sql(select(t.notes).where(among(_n.id, "ids")).order_by(_n.id))
TREE = Sql(select(t.notes).where(_n.root_id == bindparam("root")).order_by(_n.id))
TREE_SIZE = Sql(select(_r.notes).join(t.notes, _n.receivable == _r.id).where(_n.id == bindparam("id")))
_told = select(func.max(t.events.c.block)).where(t.events.c.root_id == _r.root).scalar_subquery()
_stand = select(_r.id, t.blocks.c.number, t.blocks.c.hash).join_from(
    t.receivables, t.blocks, t.blocks.c.number == _told
)
STAND_OF_NOTE = Sql(_stand.where(_r.id == select(_n.receivable).where(_n.id == bindparam("id")).scalar_subquery()))
STAND_OF_RECEIVABLE = Sql(_stand.where(_r.id == bindparam("id")))
"""The receivable, and the last block in which anything was told of its tree, with that block's hash."""
LIVE = Sql(
    select(_n.id).where(_n.root_id.in_(select(_r.root).where(among(_r.id, "ids"))), _n.value != ZERO).order_by(_n.id)
)
LEGS_OF_NOTES = Sql(
    select(t.cash_legs).where(or_(among(_l.note, "ids"), among(_l.child, "ids"))).order_by(_l.block, _l.log)
)
LEGS_OF_NOTE = Sql(
    select(t.cash_legs).where(or_(_l.note == bindparam("id"), _l.child == bindparam("id"))).order_by(_l.block, _l.log)
)
LEGS_OF_TREE = Sql(select(t.cash_legs).where(_l.root_id == bindparam("root")).order_by(_l.block, _l.log))

_a, _b = t.assignments.c, t.loans.c
_sold = _l.child == _n.id
ASSIGNEES = Sql(
    select(
        _n.id,
        _n.holder,
        _n.value,
        *(_n[f"source_{part}"] for part in ("tx", "block", "log", "time")),
        func.coalesce(
            _a.registry_reference,
            select(_l.registry_reference).where(_sold).order_by(_l.block).limit(1).scalar_subquery(),
        ),
        func.coalesce(_a.registered_at, 0),
        func.coalesce(_a.recorded_at, 0),
        func.coalesce(_a.debtor_notified_at, 0),
        *(_a[f"registration_{part}"] for part in ("tx", "block", "log", "time")),
        *(_a[f"notice_{part}"] for part in ("tx", "block", "log", "time")),
    )
    .outerjoin(t.assignments, _a.note == _n.id)
    .where(_n.root_id == bindparam("root"), _n.origin == "sale", _n.value != ZERO)
    .order_by(_n.id)
)
"""Notes that came into being by a sale and are still the buyer's first ones: those that can be registered."""
PLEDGEES = Sql(
    select(
        _b.note,
        _b.lender,
        _n.pledged,
        *(_b[f"source_{part}"] for part in ("tx", "block", "log", "time")),
        _b.registry_reference,
    )
    .join(t.notes, _n.id == _b.note)
    .where(_n.root_id == bindparam("root"), _b.open.is_(true()))
    .order_by(_b.note)
)
JOURNAL = Sql(
    select(t.events.c.block, t.events.c.log, t.events.c.tx, t.events.c.name, t.events.c.args)
    .where(t.events.c.root_id == select(_n.root_id).where(_n.id == bindparam("id")).scalar_subquery())
    .order_by(t.events.c.block, t.events.c.log)
)


def _lineage(*, up: bool) -> Select[Any]:
    """The note and its ancestors, or the note and its descendants."""
    start = select(_n.id, _n.parent).where(_n.id == bindparam("id"))
    tree = start.cte("lineage", recursive=True)
    step = _n.id == tree.c.parent if up else _n.parent == tree.c.id
    return select(tree.union_all(select(_n.id, _n.parent).where(step)).c.id)


ANCESTORS = Sql(_lineage(up=True))
DESCENDANTS = Sql(_lineage(up=False))

_GIVEN_BACK = REFUSED | WITHDRAWN | LAPSED


def _flags(of: int, are: int) -> ColumnElement[bool]:
    return _n.flags.op("&")(of) == are


_MARKS = _GIVEN_BACK | FROZEN | RESERVED
_OPEN = and_(_n.value != ZERO, _flags(_MARKS | PLEDGED | ACCEPTED, 0))
NOTE_FILTERS: dict[str, ColumnElement[bool]] = {
    "refused": _flags(REFUSED, REFUSED),
    "withdrawn": _flags(REFUSED | WITHDRAWN, WITHDRAWN),
    "lapsed": _flags(_GIVEN_BACK, LAPSED),
    "frozen": _flags(_GIVEN_BACK | FROZEN, FROZEN),
    "repaid": and_(_n.value == ZERO, _flags(_GIVEN_BACK | FROZEN | REPAID, REPAID)),
    "spent": and_(_n.value == ZERO, _flags(_GIVEN_BACK | FROZEN | REPAID, 0)),
    "reserved": and_(_n.value != ZERO, _flags(_GIVEN_BACK | FROZEN | RESERVED, RESERVED)),
    "pledged": and_(_n.value != ZERO, _flags(_MARKS | PLEDGED, PLEDGED)),
    "held": and_(_n.value != ZERO, _flags(_MARKS | PLEDGED | ACCEPTED, ACCEPTED)),
    "offered": and_(_OPEN, _n.lapse_day >= bindparam("today")),
    "lapsable": and_(_OPEN, _n.lapse_day < bindparam("today")),
}
"""What api.domain.status.note_status answers, as conditions; a test holds one against the other."""

RECEIVABLE_FILTERS: dict[str, ColumnElement[bool]] = {
    "cancelled": _r.flags.op("&")(CANCELLED) != 0,
    "settled": and_(_r.flags.op("&")(CANCELLED) == 0, _r.outstanding == ZERO),
    "overdue": and_(_r.flags.op("&")(CANCELLED | OVERDUE) == OVERDUE, _r.outstanding != ZERO),
    "outstanding": and_(_r.flags.op("&")(CANCELLED | OVERDUE) == 0, _r.outstanding != ZERO),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing by id with some of its filters; each combination is compiled when it is first asked for."""

    select: Select[Any]
    key: ColumnElement[int]
    by: dict[str, ColumnElement[bool]]
    by_status: dict[str, ColumnElement[bool]]
    seen: tuple[ColumnElement[bool], ColumnElement[bool]]
    """What a party sees of it, and of what it sees the status."""
    seen_of_few: tuple[ColumnElement[bool], ColumnElement[bool]]
    """The same, quicker where a filter of `narrow` leaves few."""
    narrow: frozenset[str]
    compiled: dict[tuple[str, ...], Sql]

    def statement(self, filters: Iterable[str], status: str | None, *, cut: bool = False) -> Sql:
        """With `cut` of what one party sees alone: see api.store.ledger.sight for the parameters of that."""
        names = tuple(sorted(filters))
        key = (*names, status or "", "cut" if cut else "")
        found = self.compiled.get(key)
        if found is None:
            conditions = [self.by[name] for name in names]
            if status is not None:
                conditions.append(self.by_status[status])
            if cut:
                seen = self.seen_of_few if self.narrow.intersection(names) else self.seen
                conditions.append(seen[status is not None])
            query = self.select.where(self.key > bindparam("after"), *conditions)
            found = Sql(query.order_by(self.key).limit(bindparam("most")))
            self.compiled[key] = found
        return found


_TERMS: dict[str, ColumnElement[bool]] = {
    "currency": _r.currency.in_(select(t.currencies.c.id).where(t.currencies.c.code == bindparam("currency"))),
    "due_from": _r.due_day >= bindparam("due_from"),
    "due_until": _r.due_day <= bindparam("due_until"),
}

NOTES = Listing(
    select(t.notes),
    _n.id,
    {
        "holder": _n.holder == bindparam("holder"),
        "receivable": _n.root_id == select(_r.root).where(_r.id == bindparam("receivable")).scalar_subquery(),
        "tier": _n.tier == bindparam("tier"),
        "ids": among(_n.id, "ids"),
        "near": _n.id <= bindparam("near"),
        **{name: exists().where(_r.id == _n.receivable, term) for name, term in _TERMS.items()},
    },
    NOTE_FILTERS,
    (sight.NOTES_SEEN, sight.NOTES_WITH_STATUS),
    (sight.NOTES_SEEN_OF_FEW, sight.NOTES_WITH_STATUS_OF_FEW),
    frozenset({"holder", "receivable", "near", "ids"}),
    {},
)
RECEIVABLES = Listing(
    select(t.receivables),
    _r.id,
    {
        "debtor": _r.debtor == bindparam("debtor"),
        "ids": among(_r.id, "ids"),
        **_TERMS,
    },
    RECEIVABLE_FILTERS,
    (sight.RECEIVABLES_SEEN, sight.RECEIVABLES_SEEN),
    (sight.RECEIVABLES_SEEN, sight.RECEIVABLES_SEEN),
    frozenset(),
    {},
)
