"""Imported invoices as answered."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from api.schemas.base import Answer, IsoDate, Minor
from api.schemas.ledger import Currency, PartyName
from api.schemas.operations import Failure


class Draft(Answer):
    """An invoice as read. `assumed` names the fields that no document states."""

    file: str
    item: str = Field(description="Where in the file.")
    seller: str = Field(description="Canonical identity.")
    seller_name: str
    number: str
    issue_date: IsoDate
    due_date: IsoDate | None
    currency: str
    payable: Minor
    fingerprint: str
    file_hash: str
    assumed: list[str]


class Item(Draft):
    """An imported invoice."""

    id: int = Field(description="To confirm it by.")
    buyer: int
    evidence_hash: str


class Planned(Answer):
    """An imported invoice that no debt uses yet, and what confirming it now would come to; `refused` says why it cannot be."""

    item: Item
    creditor: PartyName | None
    currency: Currency | None
    amount: Minor | None = Field(description="What credit notes left of it.")
    due_date: IsoDate | None = Field(description="The next business day.")
    refused: Failure | None


class Refusal(Answer):
    """An item that was not taken: where, by which rule, and why in both languages."""

    file: str
    item: str
    number: str | None
    rule: str
    reason: str
    reason_zh: str
    params: dict[str, Any]


class Imported(Answer):
    """What became of a document's items: new ones, those imported before, those refused."""

    imported: list[Item]
    known: list[Item]
    refused: list[Refusal]


class Checked(Answer):
    """What an import of a document would come to: `new` would go in, `known` were imported before (each as it stands, so that
    it can be found), `refused` would not go in."""

    new: list[Draft]
    known: list[Item]
    refused: list[Refusal]
