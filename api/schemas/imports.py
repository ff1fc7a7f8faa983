"""Imported invoices as answered."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from api.schemas.base import Answer, IsoDate, Minor


class Item(Answer):
    """An imported invoice. `assumed` names the fields that no document states."""

    id: int = Field(description="To confirm it by.")
    buyer: int
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
    evidence_hash: str
    assumed: list[str]


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
