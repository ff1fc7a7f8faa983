"""Which column of a ledger means what: named by the caller, else found by its usual names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from api.intake.refused import Refused

USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "number": ("doc_no", "document_no", "invoice_no", "invoice_number", "number", "单据编号", "单据号", "发票号码"),
    "vendor": ("vendor", "vendor_name", "supplier", "supplier_name", "seller", "供应商", "供应商名称", "销售方"),
    "vendor_vat": ("vendor_vat", "vendor_tax_no", "seller_vat", "供应商税号", "供应商统一社会信用代码"),
    "amount": ("amount", "payable", "amount_due", "金额", "应付金额", "价税合计"),
    "date": ("issue_date", "invoice_date", "document_date", "date", "payment_date", "开票日期", "单据日期"),
    "due_date": ("due_date", "due", "到期日", "付款到期日"),
    "currency": ("currency", "币种"),
    "buyer": ("buyer", "payer", "购买方", "付款方"),
}
"""Names under which each column is looked for, the first one present wins; also `amount_xyz`, XYZ being a currency."""

_REQUIRED = ("number", "vendor", "amount", "date")
_AMOUNT_IN = re.compile(r"amount_([a-z]{3})")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Header names of a ledger's columns (compared without case and outer spaces); None: look for the usual names."""

    number: str | None = None
    vendor: str | None = None
    vendor_vat: str | None = None
    amount: str | None = None
    date: str | None = None
    due_date: str | None = None
    currency: str | None = None
    buyer: str | None = None

    @classmethod
    def of(cls, assignments: Iterable[str]) -> ColumnMap:
        """From flags like ``number=doc_no``. Raises ValueError for an unknown role or a flag without a name."""
        named = {}
        for assignment in assignments:
            role, _, header = assignment.partition("=")
            if role not in USUAL_NAMES or not header:
                raise ValueError(f"{assignment!r}: want ROLE=HEADER with ROLE one of {', '.join(USUAL_NAMES)}")
            named[role] = header
        return cls(**named)


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
