"""Recourse against sellers, as asked for and answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.schemas import wire
from api.schemas.base import Answer, Body, IsoDate, Minor, NoteId, PartyId, WideAmount
from api.schemas.ledger import Currency, PartyName


class HonourBody(Body):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"party": 5, "note": 12, "max_total": "4012000"}]}
    )

    party: Annotated[PartyId, Field(description="The seller.")]
    note: NoteId
    max_total: (
        Annotated[WideAmount, Field(description="Most that it pays, minor units; left out: what it is today.")] | None
    ) = None


class Recourse(Answer):
    """A note that was sold with recourse and is not paid yet. `claim` is what the seller owes for it today: told to the
    financier once the debt is declared overdue, to the seller once it is demanded, else null."""

    note: int
    receivable: int
    debtor: PartyName
    financier: PartyName
    seller: PartyName
    currency: Currency
    due_date: IsoDate
    amount: Annotated[Minor, Field(description="Face value that was sold.")]
    price: Minor
    rate_bps: int
    sold_date: IsoDate
    demanded_date: IsoDate | None
    status: Literal["standing", "claimable", "demanded"]
    claim: Minor | None


def recourse(seen: Any) -> dict[str, Any]:
    view, claim = seen
    return {
        "note": view.id,
        "receivable": view.receivable,
        "debtor": wire.party_name(view.debtor),
        "financier": wire.party_name(view.financier),
        "seller": wire.party_name(view.seller),
        "currency": wire.currency(view.currency),
        "due_date": wire.day(view.due_day),
        "amount": str(view.amount),
        "price": str(view.price),
        "rate_bps": view.rate_bps,
        "sold_date": wire.day(view.day),
        "demanded_date": wire.day(view.demand_day) if view.demand_day else None,
        "status": view.status,
        "claim": None if claim is None else str(claim),
    }
