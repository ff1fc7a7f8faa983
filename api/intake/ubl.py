"""UBL 2.1 invoices: where the fields stand."""

from __future__ import annotations

from datetime import date
from xml.etree.ElementTree import Element

from api.domain.party_identity import PartyIdentity, identify
from api.intake.dates import parse_xml_date
from api.intake.xml_fields import Fields
from api.intake.xml_tree import Reading

UBL_INVOICE = "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice"
UBL_CREDIT_NOTE = "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote"
_NAMESPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
_PATHS = {
    "number": "cbc:ID",
    "type": "cbc:InvoiceTypeCode",
    "issued": "cbc:IssueDate",
    "due": "cbc:DueDate",
    "currency": "cbc:DocumentCurrencyCode",
    "payable": "cac:LegalMonetaryTotal/cbc:PayableAmount",
    "seller": "cac:AccountingSupplierParty/cac:Party",
    "buyer": "cac:AccountingCustomerParty/cac:Party",
}
_DUE_PATHS = (_PATHS["due"], "cac:PaymentTerms/cbc:PaymentDueDate", "cac:PaymentMeans/cbc:PaymentDueDate")
_PLAIN_INVOICE = "380"


def read_ubl(root: Element) -> Fields:
    """The fields of a UBL Invoice; one without a type code is a plain invoice, as its root says. Raises Refused."""
    reading = Reading(root, "Invoice", _NAMESPACES)
    dates = [parse_xml_date(text, reading.where(path)) for path in _DUE_PATHS for text in _texts(reading, path)]
    return Fields(
        number=reading.text(_PATHS["number"]),
        type_code=reading.text(_PATHS["type"]) or _PLAIN_INVOICE,
        issued=_date(reading, _PATHS["issued"]),
        due=frozenset(dates),
        currency=reading.text(_PATHS["currency"]),
        payable=reading.text(_PATHS["payable"]),
        payable_currency=reading.attribute(_PATHS["payable"], "currencyID"),
        seller=_party(reading, _PATHS["seller"]),
        buyer=_party(reading, _PATHS["buyer"]),
        at={name: reading.where(path) for name, path in _PATHS.items()},
    )


def _texts(reading: Reading, path: str) -> list[str]:
    return [text for element in reading.elements(path) if (text := reading.plain(element, path))]


def _date(reading: Reading, path: str) -> date | None:
    text = reading.text(path)
    return parse_xml_date(text, reading.where(path)) if text else None


def _party(reading: Reading, path: str) -> PartyIdentity | None:
    legal = f"{path}/cac:PartyLegalEntity"
    schemes = f"{path}/cac:PartyTaxScheme"
    vat = reading.one(
        f"{schemes}/cbc:CompanyID",
        (
            reading.child_text(scheme, "cbc:CompanyID")
            for scheme in reading.elements(schemes)
            if reading.child_text(scheme, "cac:TaxScheme/cbc:ID").upper() == "VAT"
        ),
    )
    return identify(
        name=reading.text(f"{legal}/cbc:RegistrationName") or reading.text(f"{path}/cac:PartyName/cbc:Name"),
        vat=vat,
        legal_id=reading.text(f"{legal}/cbc:CompanyID"),
        legal_scheme=reading.attribute(f"{legal}/cbc:CompanyID", "schemeID"),
        country=reading.text(f"{path}/cac:PostalAddress/cac:Country/cbc:IdentificationCode"),
    )
