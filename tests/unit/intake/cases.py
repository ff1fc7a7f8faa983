"""Small documents to bend, and how to look at single answers."""

from __future__ import annotations

from api.domain.invoices import Answer, InvoiceItem, Refusal

HEADER = "doc_no,vendor,description,amount,issue_date,due_date,currency\n"
ROW = "A-1,Acme Ltd,Bolts,100.00,2025-03-01,2025-06-01,EUR\n"

UBL = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>A-1</cbc:ID>
<cbc:IssueDate>2025-03-01</cbc:IssueDate>
<cbc:DueDate>2025-06-01</cbc:DueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:AccountingSupplierParty><cac:Party>
<cac:PostalAddress>
<cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyTaxScheme><cbc:CompanyID>NL 8200.98.395.B.01</cbc:CompanyID>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:PartyTaxScheme>
<cac:PartyLegalEntity><cbc:RegistrationName>Acme Ltd</cbc:RegistrationName>
<cbc:CompanyID schemeID="0106">57151520</cbc:CompanyID>
</cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party>
<cac:PartyLegalEntity><cbc:RegistrationName>Buyer plc</cbc:RegistrationName></cac:PartyLegalEntity>
</cac:Party></cac:AccountingCustomerParty>
<cac:LegalMonetaryTotal><cbc:PayableAmount currencyID="EUR">100.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
</Invoice>
"""

CII = """<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocument>
<ram:ID>A-1</ram:ID>
<ram:TypeCode>380</ram:TypeCode>
<ram:IssueDateTime><udt:DateTimeString format="102">20250301</udt:DateTimeString></ram:IssueDateTime>
</rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
<ram:ApplicableHeaderTradeAgreement>
<ram:SellerTradeParty>
<ram:Name>Acme Ltd</ram:Name>
<ram:SpecifiedLegalOrganization><ram:ID schemeID="0106">57151520</ram:ID></ram:SpecifiedLegalOrganization>
<ram:PostalTradeAddress><ram:CountryID>NL</ram:CountryID></ram:PostalTradeAddress>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">NL820098395B01</ram:ID></ram:SpecifiedTaxRegistration>
</ram:SellerTradeParty>
<ram:BuyerTradeParty><ram:Name>Buyer plc</ram:Name></ram:BuyerTradeParty>
</ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeSettlement>
<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
<ram:SpecifiedTradePaymentTerms>
<ram:DueDateDateTime><udt:DateTimeString format="102">20250601</udt:DateTimeString></ram:DueDateDateTime>
</ram:SpecifiedTradePaymentTerms>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:DuePayableAmount>100.00</ram:DuePayableAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation>
</ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>
"""


def swap(document: str, old: str, new: str) -> str:
    """The document with one part replaced, which must be in it exactly once."""
    assert document.count(old) == 1, (document.count(old), old)
    return document.replace(old, new)


def item_of(answers: list[Answer]) -> InvoiceItem:
    """The only answer, which must be an item."""
    (answer,) = answers
    assert isinstance(answer, InvoiceItem), answer
    return answer


def refusal_of(answers: list[Answer]) -> Refusal:
    """The only answer, which must be a refusal."""
    (answer,) = answers
    assert isinstance(answer, Refusal), answer
    return answer


def items_of(answers: list[Answer]) -> list[InvoiceItem]:
    """The items among the answers."""
    return [answer for answer in answers if isinstance(answer, InvoiceItem)]


def refusals_of(answers: list[Answer]) -> list[Refusal]:
    """The refusals among the answers."""
    return [answer for answer in answers if isinstance(answer, Refusal)]
