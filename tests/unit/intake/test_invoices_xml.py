"""UBL and CII invoices: the fields, and every reason to refuse a document."""

from __future__ import annotations

import re
from datetime import date

import pytest

from api.domain.invoices import Assumption
from api.domain.refusals import TEXTS, reason
from api.intake.invoices_xml import CLAIM_CODES, CREDIT_CODES
from api.intake.xml_tree import DEEPEST, LARGEST_XML, MOST_ELEMENTS
from tests.unit.intake.cases import CII, UBL, item_of, refusal_of, swap

CII_PAYABLE = (
    "CrossIndustryInvoice/rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/"
    "ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:DuePayableAmount"
)
UBL_PAYABLE = "Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount"


@pytest.mark.parametrize(("document", "label"), [(UBL, "Invoice"), (CII, "CrossIndustryInvoice")])
def test_fields(read, document: str, label: str) -> None:
    item = item_of(read(document, name="x.bin"))
    assert (item.file, item.item, item.number) == ("x.bin", label, "A-1")
    assert (item.seller.key, item.seller.name) == ("vat:NL820098395B01", "Acme Ltd")
    assert item.buyer is not None
    assert item.buyer.key == "name:buyerplc"
    assert (item.issue_date, item.due_date) == (date(2025, 3, 1), date(2025, 6, 1))
    assert (item.currency, item.payable) == ("EUR", 10_000)


def test_both_syntaxes_have_one_fingerprint(read) -> None:
    assert item_of(read(UBL)).fingerprint == item_of(read(CII)).fingerprint


@pytest.mark.parametrize(
    ("document", "old", "new", "rule", "where"),
    [
        (UBL, "<cbc:ID>A-1</cbc:ID>", "", "number-missing", "Invoice/cbc:ID"),
        (UBL, "<cbc:ID>A-1</cbc:ID>", "<cbc:ID>\u200b </cbc:ID>", "number-missing", "Invoice/cbc:ID"),
        (UBL, "<cbc:ID>A-1</cbc:ID>", "<cbc:ID>A-1</cbc:ID><cbc:ID>A-2</cbc:ID>", "element-repeated", "Invoice/cbc:ID"),
        (UBL, "<cbc:ID>A-1</cbc:ID>", "<cbc:ID>A<b/>-1</cbc:ID>", "xml-malformed", "Invoice/cbc:ID"),
        (UBL, "<cbc:IssueDate>2025-03-01</cbc:IssueDate>", "", "issue-date-missing", "Invoice/cbc:IssueDate"),
        (UBL, "2025-03-01", "01.03.2025", "date-invalid", "Invoice/cbc:IssueDate"),
        (UBL, "2025-03-01", "2025-02-30", "date-invalid", "Invoice/cbc:IssueDate"),
        (UBL, "<cbc:DueDate>2025-06-01</cbc:DueDate>", "", "due-date-missing", "Invoice/cbc:DueDate"),
        (UBL, ">2025-06-01<", "><", "due-date-missing", "Invoice/cbc:DueDate"),
        (UBL, ">EUR<", "><", "currency-missing", "Invoice/cbc:DocumentCurrencyCode"),
        (UBL, ">EUR<", ">XYZ<", "currency-mismatch", UBL_PAYABLE),
        (UBL, 'currencyID="EUR"', 'currencyID="USD"', "currency-mismatch", UBL_PAYABLE),
        (UBL, ">100.00<", "><", "amount-missing", UBL_PAYABLE),
        (UBL, ">100.00<", ">-100.00<", "total-not-positive", UBL_PAYABLE),
        (UBL, ">100.00<", ">0.00<", "total-not-positive", UBL_PAYABLE),
        (UBL, ">100.00<", ">1,000.00<", "amount-invalid", UBL_PAYABLE),
        (UBL, ">100.00<", ">1e5<", "amount-invalid", UBL_PAYABLE),
        (UBL, ">100.00<", ">INF<", "amount-invalid", UBL_PAYABLE),
        (UBL, ">100.00<", ">100.001<", "amount-not-exact", UBL_PAYABLE),
        (UBL, ">100.00<", ">92233720368547758.08<", "amount-too-large", UBL_PAYABLE),
        (UBL, ">380<", ">381<", "credit-note", "Invoice/cbc:InvoiceTypeCode"),
        (UBL, ">380<", ">384<", "invoice-type-unsupported", "Invoice/cbc:InvoiceTypeCode"),
        (UBL, ">380<", ">393<", "invoice-type-unsupported", "Invoice/cbc:InvoiceTypeCode"),
        (UBL, ">Buyer plc<", "><", "buyer-missing", "Invoice/cac:AccountingCustomerParty/cac:Party"),
        (UBL, ">NL 8200.98.395.B.01<", "><", "ID", "id:0106:57151520"),
        (CII, "<ram:ID>A-1</ram:ID>", "", "number-missing", "CrossIndustryInvoice/rsm:ExchangedDocument/ram:ID"),
        (CII, ">380<", "><", "invoice-type-missing", "CrossIndustryInvoice/rsm:ExchangedDocument/ram:TypeCode"),
        (CII, ">380<", ">381<", "credit-note", "CrossIndustryInvoice/rsm:ExchangedDocument/ram:TypeCode"),
        (CII, ">20250301<", "><", "issue-date-missing", None),
        (CII, ">20250301<", ">2025-03-01<", "date-invalid", None),
        (CII, ">20250601<", "><", "due-date-missing", None),
        (CII, 'format="102">20250601', 'format="203">202506010000', "date-invalid", None),
        (CII, ">EUR<", "><", "currency-missing", None),
        (CII, ">EUR<", ">EURO<", "currency-unknown", CII_PAYABLE),
        (CII, ">100.00<", "><", "amount-missing", CII_PAYABLE),
        (CII, ">100.00<", ">-0.01<", "total-not-positive", CII_PAYABLE),
        (CII, "<ram:DuePayableAmount>", '<ram:DuePayableAmount currencyID="USD">', "currency-mismatch", CII_PAYABLE),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    read, document: str, old: str, new: str, rule: str, where: str | None
) -> None:
    (answer,) = read(swap(document, old, new))
    if rule == "ID":
        assert answer.seller.key == where
        return
    assert answer.rule == rule
    if where is not None:
        assert answer.item == where
    if (
        "number" not in rule
        and "A<b/>" not in new
        and "A-2" not in new
        and "date-invalid" not in rule
        and old != 'format="102">20250601'
    ):
        assert answer.number == "A-1"


@pytest.mark.parametrize("code", sorted(CREDIT_CODES))
def test_credit_codes(read, code: str) -> None:
    for document in (UBL, CII):
        assert refusal_of(read(swap(document, ">380<", f">{code}<"))).rule == "credit-note"


@pytest.mark.parametrize("code", sorted(CLAIM_CODES))
def test_claim_codes(read, code: str) -> None:
    assert item_of(read(swap(CII, ">380<", f">{code}<"))).payable == 10_000


def test_a_ubl_invoice_without_type_code_is_an_invoice(read) -> None:
    assert item_of(read(swap(UBL, "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>", ""))).number == "A-1"


def test_credit_note_root(read) -> None:
    document = (
        UBL.replace("Invoice-2", "CreditNote-2")
        .replace("<Invoice ", "<CreditNote ")
        .replace("</Invoice>", "</CreditNote>")
    )
    refusal = refusal_of(read(document))
    assert (refusal.rule, refusal.item) == ("credit-note", "CreditNote")


def test_a_seller_without_any_identity(read) -> None:
    document = swap(UBL, ">NL 8200.98.395.B.01<", "><")
    document = swap(swap(document, ">Acme Ltd<", "><"), ">57151520<", "><")
    refusal = refusal_of(read(document))
    assert (refusal.rule, refusal.item) == ("seller-missing", "Invoice/cac:AccountingSupplierParty/cac:Party")


def test_two_vat_numbers_of_one_seller(read) -> None:
    scheme = "<cac:TaxScheme><cbc:ID>{}</cbc:ID></cac:TaxScheme>"
    extra = f"<cac:PartyTaxScheme><cbc:CompanyID>NL1</cbc:CompanyID>{scheme}</cac:PartyTaxScheme>"
    document = swap(
        UBL,
        "<cac:PartyLegalEntity><cbc:RegistrationName>Acme",
        extra + "<cac:PartyLegalEntity><cbc:RegistrationName>Acme",
    )
    assert refusal_of(read(document.format("VAT"))).rule == "element-repeated"
    assert item_of(read(document.format("LOC"))).seller.key == "vat:NL820098395B01"


def test_due_date_in_payment_terms(read) -> None:
    terms = "<cac:PaymentTerms><cbc:PaymentDueDate>{}</cbc:PaymentDueDate></cac:PaymentTerms>"
    only = swap(UBL, "<cbc:DueDate>2025-06-01</cbc:DueDate>", terms.format("2025-06-03"))
    assert item_of(read(only)).due_date == date(2025, 6, 3)
    both = swap(UBL, "<cac:LegalMonetaryTotal>", terms.format("2025-06-03") + "<cac:LegalMonetaryTotal>")
    assert refusal_of(read(both)).rule == "several-due-dates"
    agreeing = swap(UBL, "<cac:LegalMonetaryTotal>", terms.format("2025-06-01Z") + "<cac:LegalMonetaryTotal>")
    assert item_of(read(agreeing)).due_date == date(2025, 6, 1)


def test_instalments_are_refused(read) -> None:
    terms = CII[CII.index("<ram:SpecifiedTradePaymentTerms>") : CII.index("<ram:SpecifiedTradeSettlementHeader")]
    assert refusal_of(read(swap(CII, terms, terms + terms.replace("20250601", "20250701")))).rule == "several-due-dates"


def test_past_due_and_unheard_of_currencies_are_read(read) -> None:
    assert item_of(read(swap(UBL, "2025-06-01", "1999-06-01"))).due_date == date(1999, 6, 1)
    assert item_of(read(UBL.replace("EUR", "MNT"))).currency == "MNT"


def test_a_missing_due_date_may_be_assumed(read) -> None:
    document = swap(UBL, "<cbc:DueDate>2025-06-01</cbc:DueDate>", "")
    item = item_of(read(document, assumption=Assumption(60, 60)))
    assert (item.due_date, item.assumed) == (date(2025, 4, 30), ("due_date",))


def test_comments_do_not_cut_values(read) -> None:
    assert item_of(read(swap(UBL, ">100.00<", ">1<!-- x -->00.00<"))).payable == 10_000


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'


@pytest.mark.parametrize(
    ("prologue", "body"),
    [
        (BOMB, "&c;"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "&a;"),
        ('<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;]>', "A-1"),
        ('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', "A-1"),
        ("<!DOCTYPE Invoice>", "A-1"),
    ],
)
def test_document_types_and_entities(read, prologue: str, body: str) -> None:
    for document in (UBL, CII):
        text = swap(document, "?>\n", "?>\n" + prologue + "\n").replace(">A-1<", f">{body}<")
        refusal = refusal_of(read(text))
        assert (refusal.rule, refusal.item) == ("xml-doctype", "line 2")


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        (UBL[:-20], "xml-malformed"),
        (UBL.replace(">A-1<", ">&a;<"), "xml-malformed"),
        (UBL.replace(">A-1<", ">A\x01<"), "xml-malformed"),
        (UBL + "<x/>", "xml-malformed"),
        ("<x>" * (DEEPEST + 1), "xml-too-deep"),
        ("<x>" * 200_000, "xml-too-deep"),
        ("<x>" + "<y/>" * MOST_ELEMENTS + "</x>", "xml-too-many-elements"),
        ("<x>" + " " * LARGEST_XML + "</x>", "file-too-large"),
        ("<html><body/></html>", "root-unknown"),
        (UBL.replace("Invoice-2", "Invoice-1"), "root-unknown"),
        (UBL.replace("<Invoice ", "<Order ").replace("</Invoice>", "</Order>"), "root-unknown"),
    ],
)
def test_hostile_and_foreign_xml(read, document: str, rule: str) -> None:
    assert refusal_of(read(document)).rule == rule


CHINESE_NAME = swap(UBL, ">Acme Ltd<", ">江澜座椅<")


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "UTF-16"),
        ("gb18030", "GB18030"),
        ("gbk", "GBK"),
        ("gbk", "gb2312"),
    ],
)
def test_encodings(read, encoding: str, declared: str) -> None:
    data = CHINESE_NAME.replace("UTF-8", declared).encode(encoding)
    assert item_of(read(data)).seller.name == "江澜座椅"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (CHINESE_NAME.encode("gbk"), "encoding-invalid"),
        (CHINESE_NAME.replace("UTF-8", "UTF-16").encode("utf-8"), "encoding-unknown"),
        (CHINESE_NAME.replace("UTF-8", "GBK").encode("utf-8-sig"), "encoding-contradicted"),
        (CHINESE_NAME.replace("UTF-8", "ascii").encode(), "encoding-invalid"),
        (UBL.replace("UTF-8", "UTF-7").encode(), "encoding-unsupported"),
        (UBL.replace("UTF-8", "x-none").encode(), "encoding-unsupported"),
        (UBL.encode("utf-16-le"), "encoding-unknown"),
        (UBL.encode("utf-16-be"), "encoding-unknown"),
    ],
)
def test_wrong_encodings(read, data: bytes, rule: str) -> None:
    assert refusal_of(read(data)).rule == rule


def test_every_rule_reads_in_both_languages() -> None:
    for rule, (english, chinese) in TEXTS.items():
        assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", chinese)), rule
        assert re.search(r"[\u4e00-\u9fff]", chinese), rule


@pytest.mark.parametrize(
    "document", [UBL[:-20], "<x/>", swap(UBL, ">100.00<", ">\x9bx<"), swap(CII, ">20250601<", "><"), "a,b\n", ""]
)
def test_reasons_are_sentences(read, document: str) -> None:
    refusal = refusal_of(read(document))
    for language in ("en", "zh"):
        text = reason(refusal, language)
        assert text.isprintable()
        assert "{" not in text
