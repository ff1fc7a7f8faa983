"""What a reader of ledgers must be told: which column means what, and what the ledger does not say about itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from api.domain.invoices import Assumption
from api.domain.party_identity import PartyIdentity

DecimalMark = Literal[".", ","]

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
class LedgerOptions:
    """What a ledger does not say about itself.

    `encoding` counts where there is no byte order mark; `currency`, `buyer` and `country` (of the vendors' tax numbers)
    where there is no column; `assumption` gives due dates to documents without one. `let_pass_without_due_column` takes
    a ledger that has no due dates at all with due_date None: for fingerprints, not for confirmation.
    """

    columns: ColumnMap = field(default_factory=ColumnMap)
    encoding: str = "utf-8"
    decimal_mark: DecimalMark = "."
    currency: str | None = None
    buyer: PartyIdentity | None = None
    country: str | None = None
    assumption: Assumption | None = None
    let_pass_without_due_column: bool = False
