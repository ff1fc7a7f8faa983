"""How a party stands to notes and receivables, in SQL: which it sees at all, and by which relation. Parameters: `me`, the
party; `asked`, the notes that it is asked to fund (they are kept off the chain); `today`."""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    Exists,
    Select,
    Subquery,
    Table,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    union,
)

from api.domain.access import NOTE, Relation
from api.domain.status import ACCEPTED, OVERDUE, REPAID
from api.store.ledger import tables as t
from api.store.ledger.sql import Sql, among
from api.store.ledger.tables import Id
from api.store.ledger.types import ZERO

_n, _r = t.notes.c, t.receivables.c
_me: ColumnElement[int] = bindparam("me", type_=Id)
_today: ColumnElement[int] = bindparam("today", type_=Id)
_parent, _child = t.notes.alias("parent"), t.notes.alias("child")

_IS_DUE = or_(_r.due_day <= _today, _r.flags.op("&")(OVERDUE) != 0, _n.flags.op("&")(REPAID) != 0)
_DUE = and_(_r.debtor == _me, _IS_DUE)
"""At maturity the debtor learns whom it pays, and of what it paid earlier whom it paid."""


def _at_bank(table: Table) -> Select[tuple[int]]:
    reservation = t.bank_reservations.c
    return (
        select(table.c.note)
        .join_from(table, t.bank_reservations, reservation.id == table.c.reservation)
        .where(reservation.bank == _me)
    )


_LENT = select(t.loans.c.note).where(t.loans.c.lender == _me)
_BANKED = (_at_bank(t.bank_sales), _at_bank(t.bank_repayments))
_ORDERED = select(t.freezes.c.note).where(t.freezes.c.arbiter == _me)
_ASKED = select(_n.id).where(among(_n.id, "asked"), _n.value != ZERO)
_HELD = select(_n.id).where(_n.holder == _me)
_IN_OFFICE = (_LENT, *_BANKED, _ORDERED, _ASKED)


def _unanswered(flags: ColumnElement[int]) -> ColumnElement[bool]:
    return flags.op("&")(ACCEPTED) == 0


def _given(*, unanswered: bool) -> list[Select[tuple[int]]]:
    """What the party passed on, and the roots of its own debts."""
    children = select(_child.c.id).join_from(_parent, _child, _child.c.parent == _parent.c.id)
    children = children.where(_parent.c.holder == _me)
    roots = select(_n.id).join_from(t.receivables, t.notes, _n.id == _r.root).where(_r.debtor == _me)
    if not unanswered:
        return [children, roots]
    return [children.where(_unanswered(_child.c.flags)), roots.where(_unanswered(_n.flags))]


_PAID = select(_n.id).join_from(t.receivables, t.notes, _n.root_id == _r.root).where(_DUE)
_GOT = select(_n.parent).where(_n.holder == _me, _n.parent.isnot(None))


def _among(*branches: Select[tuple[int]]) -> Subquery:
    return union(*branches).subquery()


NOTES_WITH_STATUS = _n.id.in_(select(_among(_HELD, *_given(unanswered=True), _PAID, *_IN_OFFICE)))
"""Notes whose status the party sees: what is filtered by status is filtered among these, or the filter would tell it."""
NOTES_SEEN = _n.id.in_(select(_among(_HELD, *_given(unanswered=False), _PAID, _GOT, *_IN_OFFICE)))
RECEIVABLES_SEEN = _r.id.in_(
    select(
        union(
            select(_r.id).where(_r.debtor == _me),
            select(_n.receivable).where(_n.holder == _me),
            select(_n.receivable).where(_n.id.in_(select(_among(*_IN_OFFICE)))),
        ).subquery()
    )
)


def _debt(*more: ColumnElement[bool]) -> Exists:
    return exists().where(_r.id == _n.receivable, *more)


_offeror = (
    func.coalesce(
        select(_parent.c.holder).where(_parent.c.id == _n.parent).scalar_subquery(),
        select(_r.debtor).where(_r.id == _n.receivable).scalar_subquery(),
    )
    == _me
)
_NOTE: dict[Relation, ColumnElement[bool]] = {
    Relation.HOLDER: _n.holder == _me,
    Relation.OFFEROR: _offeror,
    Relation.OFFERING: and_(_unanswered(_n.flags), _offeror),
    Relation.RECEIVER: exists().where(_child.c.parent == _n.id, _child.c.holder == _me),
    Relation.PAYER: _debt(_DUE),
    Relation.FINANCIER: or_(_n.id.in_(_LENT), and_(among(_n.id, "asked"), _n.value != ZERO)),
    Relation.BANK: or_(*(_n.id.in_(some) for some in _BANKED)),
    Relation.ARBITER: _n.id.in_(_ORDERED),
    Relation.DEBTOR: _debt(_r.debtor == _me),
}
NOTE_RELATIONS = tuple(_NOTE)
RELATIONS_OF_NOTES = Sql(select(_n.id, *_NOTE.values()).where(among(_n.id, "ids")))


def _in_some(field: str) -> ColumnElement[bool]:
    """Whether the party stands to the note in a relation that shows the field."""
    return or_(*(so for relation, so in _NOTE.items() if field in NOTE.get(relation, ())))


# The same two ways: as sets, for listings of all that there is, and note by note, where a filter leaves few.
NOTES_SEEN_OF_FEW, NOTES_WITH_STATUS_OF_FEW = _in_some("id"), _in_some("status")


def _holds(*more: ColumnElement[bool]) -> Exists:
    return exists().where(_child.c.root_id == _r.root, *more)


_RECEIVABLE: dict[Relation, ColumnElement[bool]] = {
    Relation.DEBTOR: _r.debtor == _me,
    Relation.CREDITOR: _r.creditor == _me,
    Relation.HOLDER: _holds(_child.c.holder == _me),
    Relation.FINANCIER: or_(
        _holds(_child.c.holder == _me, _child.c.origin == "sale"),
        _holds(_child.c.id.in_(_LENT)),
        _holds(among(_child.c.id, "asked"), _child.c.value != ZERO),
    ),
    Relation.BANK: or_(*(_holds(_child.c.id.in_(some)) for some in _BANKED)),
    Relation.ARBITER: _holds(_child.c.id.in_(_ORDERED)),
}
RECEIVABLE_RELATIONS = tuple(_RECEIVABLE)
RELATIONS_OF_RECEIVABLES = Sql(select(_r.id, *_RECEIVABLE.values()).where(among(_r.id, "ids")))


# -- the other way round: who sees these notes, as pairs of a note and a party. `asked` is not known here.


def _banks(table: Table) -> Select[tuple[int, int]]:
    reservation = t.bank_reservations.c
    return select(table.c.note, reservation.bank).join_from(
        table, t.bank_reservations, reservation.id == table.c.reservation
    )


_offered = (
    select(_n.id, func.coalesce(_parent.c.holder, _r.debtor))
    .join_from(t.notes, t.receivables, _r.id == _n.receivable)
    .join(_parent, _parent.c.id == _n.parent, isouter=True)
)
_OFFICERS: tuple[tuple[Relation, Select[tuple[int, int]]], ...] = (
    (Relation.FINANCIER, select(t.loans.c.note, t.loans.c.lender)),
    (Relation.BANK, _banks(t.bank_sales)),
    (Relation.BANK, _banks(t.bank_repayments)),
    (Relation.ARBITER, select(t.freezes.c.note, t.freezes.c.arbiter)),
)
_OF_NOTES: tuple[tuple[Relation, Select[tuple[int, int]]], ...] = (
    (Relation.HOLDER, select(_n.id, _n.holder)),
    (Relation.OFFEROR, _offered),
    (Relation.OFFERING, _offered.where(_unanswered(_n.flags))),
    (Relation.RECEIVER, select(_n.parent, _n.holder)),
    (Relation.PAYER, select(_n.id, _r.debtor).join_from(t.notes, t.receivables, _r.id == _n.receivable).where(_IS_DUE)),
    *_OFFICERS,
)


def _witnesses(pairs: Select[tuple[int, int]], wholly: bool) -> Select[tuple[int, int, int]]:
    thing = pairs.selected_columns[0]
    return pairs.where(among(thing, "ids")).add_columns(literal_column(str(int(wholly))))


WITNESSES_OF_NOTES = Sql(union(*(_witnesses(pairs, "status" in NOTE[relation]) for relation, pairs in _OF_NOTES)))
"""Note, party, and whether it sees the status, so that it may know of every change."""


def _in_tree(pairs: Select[tuple[int, int]]) -> Select[tuple[int, int]]:
    note, party = pairs.subquery().c
    tree = select(_r.id, party).join_from(t.receivables, t.notes, _n.root_id == _r.root)
    return tree.join(note.table, note == _n.id)


WITNESSES_OF_RECEIVABLES = Sql(
    union(
        _witnesses(select(_r.id, _r.debtor), wholly=True),
        _witnesses(select(_r.id, _r.creditor), wholly=False),
        _witnesses(select(_r.id, _n.holder).join_from(t.receivables, t.notes, _n.root_id == _r.root), wholly=False),
        *(_witnesses(_in_tree(pairs), wholly=False) for _, pairs in _OFFICERS),
    )
)
"""Receivable, party, and whether it sees what every passing on below changes: the debtor alone does."""
