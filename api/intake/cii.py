"""UN/CEFACT Cross Industry Invoices (D16B and later): where the fields stand."""

from __future__ import annotations

from datetime import date
from xml.etree.ElementTree import Element

from api.domain.party_identity import PartyIdentity, identify
from api.intake.dates import parse_date_102
from api.intake.refused import Refused
from api.intake.xml_fields import Fields
from api.intake.xml_tree import Reading

CII_ROOT = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice"
_NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
_AGREEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement"
_SETTLEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
_PATHS = {
    "number": "rsm:ExchangedDocument/ram:ID",
    "type": "rsm:ExchangedDocument/ram:TypeCode",
    "issued": "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString",
    "due": f"{_SETTLEMENT}/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString",
    "currency": f"{_SETTLEMENT}/ram:InvoiceCurrencyCode",
    "payable": f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:DuePayableAmount",
    "seller": f"{_AGREEMENT}/ram:SellerTradeParty",
    "buyer": f"{_AGREEMENT}/ram:BuyerTradeParty",
}
_DATE_FORMAT = "102"


def read_cii(root: Element) -> Fields:
    """The fields of a CrossIndustryInvoice. Raises Refused."""
    reading = Reading(root, "CrossIndustryInvoice", _NAMESPACES)
    issued = _dates(reading, _PATHS["issued"])
    if len(issued) > 1:
        values = ", ".join(str(day) for day in sorted(issued))
        raise Refused("element-repeated", where=reading.where(_PATHS["issued"]), values=values)
    return Fields(
        number=reading.text(_PATHS["number"]),
        type_code=reading.text(_PATHS["type"]),
        issued=next(iter(issued), None),
        due=_dates(reading, _PATHS["due"]),
        currency=reading.text(_PATHS["currency"]),
        payable=reading.text(_PATHS["payable"]),
        payable_currency=reading.attribute(_PATHS["payable"], "currencyID"),
        seller=_party(reading, _PATHS["seller"]),
        buyer=_party(reading, _PATHS["buyer"]),
        at={name: reading.where(path) for name, path in _PATHS.items()},
    )


def _dates(reading: Reading, path: str) -> frozenset[date]:
    found = []
    for element in reading.elements(path):
        text = reading.plain(element, path)
        if not text:
            continue
        if (form := element.get("format", _DATE_FORMAT)) != _DATE_FORMAT:
            raise Refused("date-invalid", value=f"{text} (format {form})", where=reading.where(path))
        found.append(parse_date_102(text, reading.where(path)))
    return frozenset(found)


def _party(reading: Reading, path: str) -> PartyIdentity | None:
    registrations = f"{path}/ram:SpecifiedTaxRegistration/ram:ID"
    legal = f"{path}/ram:SpecifiedLegalOrganization/ram:ID"
    vat = reading.one(
        registrations,
        (
            reading.plain(element, registrations)
            for element in reading.elements(registrations)
            if element.get("schemeID", "").upper() == "VA"
        ),
    )
    return identify(
        name=reading.text(f"{path}/ram:Name"),
        vat=vat,
        legal_id=reading.text(legal),
        legal_scheme=reading.attribute(legal, "schemeID"),
        country=reading.text(f"{path}/ram:PostalTradeAddress/ram:CountryID"),
    )
