"""EN 16931 invoices in UBL 2.1 and UN/CEFACT CII: the fields that make a receivable, and why a document is refused."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element

from api.domain.invoices import Answer, Assumption, InvoiceItem, Refusal, fingerprint, fold_number
from api.domain.party_identity import AliasTable, PartyIdentity
from api.intake.cii import CII_ROOT, read_cii
from api.intake.money import decimal_text, parse_xml_amount
from api.intake.refused import Refused
from api.intake.ubl import UBL_CREDIT_NOTE, UBL_INVOICE, read_ubl
from api.intake.xml_fields import Fields
from api.intake.xml_tree import parse_xml

CREDIT_CODES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
"""UNTDID 1001 codes of documents that lower a debt."""
_CLAIM_CODES = (
    "71 80 82 84 102 130 202 203 204 211 218 219 295 326 331 380 382 383 385 387 388 389 394 395 456 553 575 623 633 "
    "751 780 817 870 875 876 877 935"
)
CLAIM_CODES = frozenset(_CLAIM_CODES.split())
"""UNTDID 1001 codes of documents that claim payment. Not among them, and refused: 325 pro forma, 386 prepayment
(nothing delivered), 384 corrected (replaces an invoice that may be claimed already), 390 and 393 (with a factor)."""


@dataclass(frozen=True, slots=True)
class _Checked:
    number: str
    seller: PartyIdentity
    buyer: PartyIdentity
    issued: date
    currency: str
    payable: int


def read_xml(name: str, data: bytes, key: bytes, aliases: AliasTable, assumption: Assumption | None) -> Answer:
    """One XML document as one item, or as one refusal that names the element or line. `name` is the file as given."""
    label, number = "XML", None
    try:
        root = parse_xml(data)
        label = root.tag.rpartition("}")[2]
        fields = _fields(root)
        number = fields.number or None
        checked = _check(fields, aliases)
        mark = fingerprint(key, checked.seller.key, checked.number, checked.issued)
        due, assumed = _due(fields, checked.issued, mark, assumption)
    except Refused as refused:
        return Refusal(name, refused.params.get("where", label), refused.rule, refused.params, number)
    return InvoiceItem(
        file=name,
        item=label,
        seller=checked.seller,
        buyer=checked.buyer,
        number=checked.number,
        issue_date=checked.issued,
        due_date=due,
        currency=checked.currency,
        payable=checked.payable,
        file_hash="0x" + hashlib.sha256(data).hexdigest(),
        fingerprint=mark,
        assumed=assumed,
    )


def _fields(root: Element) -> Fields:
    if root.tag == UBL_CREDIT_NOTE:
        raise Refused("credit-note", code="CreditNote", where="CreditNote")
    if root.tag == UBL_INVOICE:
        return read_ubl(root)
    if root.tag == CII_ROOT:
        return read_cii(root)
    raise Refused("root-unknown", root=root.tag)


def _check(fields: Fields, aliases: AliasTable) -> _Checked:
    """What must be there, in the order in which a reader of the document would miss it. Raises Refused."""
    if fields.type_code in CREDIT_CODES:
        raise Refused("credit-note", code=fields.type_code, where=fields.at["type"])
    if not fields.type_code:
        raise Refused("invoice-type-missing", where=fields.at["type"])
    if fields.type_code.lstrip("0") not in CLAIM_CODES:
        raise Refused("invoice-type-unsupported", code=fields.type_code, where=fields.at["type"])
    if not fold_number(fields.number):
        raise Refused("number-missing", where=fields.at["number"])
    if fields.issued is None:
        raise Refused("issue-date-missing", where=fields.at["issued"])
    if fields.seller is None:
        raise Refused("seller-missing", where=fields.at["seller"])
    if fields.buyer is None:
        raise Refused("buyer-missing", where=fields.at["buyer"])
    seller, buyer = aliases.resolve(fields.seller), aliases.resolve(fields.buyer)
    return _Checked(fields.number, seller, buyer, fields.issued, fields.currency, _payable(fields))


def _payable(fields: Fields) -> int:
    where = fields.at["payable"]
    if not fields.currency:
        raise Refused("currency-missing", where=fields.at["currency"])
    if fields.payable_currency not in ("", fields.currency):
        raise Refused("currency-mismatch", value=fields.payable_currency, currency=fields.currency, where=where)
    if not fields.payable:
        raise Refused("amount-missing", where=where)
    payable = parse_xml_amount(fields.payable, fields.currency, where)
    if payable <= 0:
        value = decimal_text(payable, fields.currency)
        raise Refused("total-not-positive", value=value, currency=fields.currency, where=where)
    return payable


def _due(fields: Fields, issued: date, mark: str, assumption: Assumption | None) -> tuple[date, tuple[str, ...]]:
    if len(fields.due) > 1:
        values = ", ".join(str(day) for day in sorted(fields.due))
        raise Refused("several-due-dates", values=values, where=fields.at["due"])
    if fields.due:
        return next(iter(fields.due)), ()
    if assumption is not None:
        return assumption.due_date(issued, mark), ("due_date",)
    raise Refused("due-date-missing", where=fields.at["due"])
