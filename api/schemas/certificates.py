"""Certificates as answered: what is printed on one, and nothing more."""

from __future__ import annotations

from api.domain.calendar import date_of_day
from api.domain.capitals import LARGEST, yuan_in_capitals
from api.schemas import wire
from api.schemas.base import Answer, IsoDate, Minor
from api.schemas.ledger import Currency, PartyName
from api.schemas.wire import Json
from api.services.certificates import Certified


class Certificate(Answer):
    """`in_capitals` is the amount as it is written out in Chinese, of yuan alone. `stands`: whether the note is still as
    printed at `checked_block`; of what it is else, nothing is told."""

    note: int
    value: Minor
    currency: Currency
    in_capitals: str | None
    holder: PartyName
    debtor: PartyName
    due_date: IsoDate
    block: int
    stands: bool
    checked_block: int


def in_capitals(found: Certified) -> str | None:
    value = found.certificate.value
    return yuan_in_capitals(value) if found.receivable.currency.code == "CNY" and 0 < value <= LARGEST else None


def certificate(found: Certified) -> Json:
    return {
        "note": found.certificate.note,
        "value": str(found.certificate.value),
        "currency": wire.currency(found.receivable.currency),
        "in_capitals": in_capitals(found),
        "holder": wire.party_name(found.holder),
        "debtor": wire.party_name(found.receivable.debtor),
        "due_date": date_of_day(found.receivable.due_day).isoformat(),
        "block": found.certificate.block,
        "stands": found.stands,
        "checked_block": found.block,
    }
