"""Which column of a ledger means what: named by the caller, else found by its usual names."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from api.domain.ledgers import USUAL_NAMES, ColumnMap
from api.intake.refused import Refused

_REQUIRED = ("number", "vendor", "amount", "date")
_AMOUNT_IN = re.compile(r"amount_([a-z]{3})")


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of the columns in a row; None where the ledger has no such column. `amount_currency` is the currency
    that the amount column's own name states (`amount_gbp`)."""

    number: int
    vendor: int
    amount: int
    date: int
    vendor_vat: int | None
    due_date: int | None
    currency: int | None
    buyer: int | None
    amount_currency: str | None


def find_columns(header: list[str], wanted: ColumnMap) -> Columns:
    """Resolve a header. Raises Refused for a column that is missing or there twice."""
    names = [name.strip().casefold() for name in header]
    at: dict[str, int | None] = {}
    for role in (f.name for f in fields(ColumnMap)):
        asked = getattr(wanted, role)
        at[role] = _position(names, [asked.strip().casefold()] if asked else _candidates(role, names))
        if at[role] is None and (asked or role in _REQUIRED):
            raise Refused("column-missing", column=asked or role, header=", ".join(header))
    number, vendor, amount, day = (at[role] for role in _REQUIRED)
    assert number is not None
    assert vendor is not None
    assert amount is not None
    assert day is not None
    match = _AMOUNT_IN.fullmatch(names[amount])
    return Columns(
        number,
        vendor,
        amount,
        day,
        vendor_vat=at["vendor_vat"],
        due_date=at["due_date"],
        currency=at["currency"],
        buyer=at["buyer"],
        amount_currency=match[1].upper() if match else None,
    )


def _candidates(role: str, names: list[str]) -> list[str]:
    usual = list(USUAL_NAMES[role])
    return usual + [name for name in names if _AMOUNT_IN.fullmatch(name)] if role == "amount" else usual


def _position(names: list[str], candidates: list[str]) -> int | None:
    for candidate in candidates:
        if names.count(candidate) > 1:
            raise Refused("column-ambiguous", column=candidate)
        if candidate in names:
            return names.index(candidate)
    return None
