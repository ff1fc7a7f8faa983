"""Positions as answered: what a party held, owed, paid and received by a moment."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.domain.calendar import date_of_day, instant
from api.domain.positions import CashSum, HeldNote, OwedDebt
from api.domain.positions import Position as PositionView
from api.domain.positions import PositionSum as SumView
from api.schemas import wire
from api.schemas.base import Answer, Instant, IsoDate, Minor
from api.schemas.ledger import Currency, NoteStatus, PartyName, ReceivableStatus

Json = dict[str, Any]


class Moment(Answer):
    """The end of `block`. Statuses are those of business day `date`. `time`, and the date where a block was asked for, are of
    the last block by then in which something happened."""

    block: int
    time: Instant
    date: IsoDate


class PositionSum(Answer):
    """A position in one currency. `accepted` is what may be acted on of `held`."""

    currency: Currency
    notes: int
    held: Minor
    accepted: Minor
    pledged: Minor
    debts: int
    owed: Minor
    overdue: Minor
    paid: Minor
    received: Minor


class Held(Answer):
    """A note of the party with value left, as it stood."""

    note: int
    receivable: int
    debtor: PartyName
    currency: Currency
    due_date: IsoDate
    tier: int
    origin: Literal["confirmation", "split", "sale", "order", "recourse"]
    face: Minor
    value: Minor
    pledged: Minor
    status: NoteStatus


class Owed(Answer):
    """A debt of the party with something outstanding, as it stood."""

    receivable: int
    creditor: PartyName
    currency: Currency
    due_date: IsoDate
    face_value: Minor
    outstanding: Minor
    status: ReceivableStatus


class Cash(Answer):
    """All cash of one kind that the party paid and received until then."""

    currency: Currency
    kind: Literal["finance", "repayment", "recourse", "loan", "loan_repayment"]
    paid: Minor
    received: Minor


class Position(Answer):
    """What a party held and owed, and its cash, at the end of a block or a day."""

    party: PartyName
    moment: Moment
    sums: list[PositionSum] = Field(description="One for each currency.")
    notes: list[Held]
    debts: list[Owed]
    cash: list[Cash]


def position(view: PositionView) -> Json:
    """A position as JSON."""
    at = view.moment
    return {
        "party": wire.party_name(view.party),
        "moment": {"block": at.block, "time": instant(at.time), "date": date_of_day(at.day).isoformat()},
        "sums": [_sum(one) for one in view.sums],
        "notes": [_held(one) for one in view.notes],
        "debts": [_owed(one) for one in view.debts],
        "cash": [_cash(one) for one in view.cash],
    }


def _sum(view: SumView) -> Json:
    return {
        "currency": wire.currency(view.currency),
        "notes": view.notes,
        "held": str(view.held),
        "accepted": str(view.accepted),
        "pledged": str(view.pledged),
        "debts": view.debts,
        "owed": str(view.owed),
        "overdue": str(view.overdue),
        "paid": str(view.paid),
        "received": str(view.received),
    }


def _held(view: HeldNote) -> Json:
    return {
        "note": view.note,
        "receivable": view.receivable,
        "debtor": wire.party_name(view.debtor),
        "currency": wire.currency(view.currency),
        "due_date": wire.day(view.due_day),
        "tier": view.tier,
        "origin": view.origin,
        "face": str(view.face),
        "value": str(view.value),
        "pledged": str(view.pledged),
        "status": view.status,
    }


def _owed(view: OwedDebt) -> Json:
    return {
        "receivable": view.receivable,
        "creditor": wire.party_name(view.creditor),
        "currency": wire.currency(view.currency),
        "due_date": wire.day(view.due_day),
        "face_value": str(view.face_value),
        "outstanding": str(view.outstanding),
        "status": view.status,
    }


def _cash(view: CashSum) -> Json:
    return {
        "currency": wire.currency(view.currency),
        "kind": view.kind,
        "paid": str(view.paid),
        "received": str(view.received),
    }
