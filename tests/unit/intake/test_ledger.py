"""The ledger: documents out of lines, and every rule that refuses one."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.invoices import DEMO_NETWORK_KEY, Assumption, InvoiceItem
from api.domain.ledgers import ColumnMap, LedgerOptions
from api.domain.party_identity import AliasTable, identify
from api.intake.reader import Reader
from tests.unit.intake.cases import HEADER, ROW, item_of, items_of, refusal_of, refusals_of


def line(
    number="A-1", vendor="Acme Ltd", amount="100.00", issued="2025-03-01", due="2025-06-01", currency="EUR"
) -> str:
    return f'{number},{vendor},Bolts,"{amount}",{issued},{due},{currency}\n'


def test_one_line_is_one_item(read) -> None:
    item = item_of(read(HEADER + ROW))
    assert (item.file, item.item, item.number) == ("doc", "line 2", "A-1")
    assert (item.seller.key, item.seller.name, item.buyer) == ("name:acmeltd", "Acme Ltd", None)
    assert (item.issue_date, item.due_date) == (date(2025, 3, 1), date(2025, 6, 1))
    assert (item.currency, item.payable, item.assumed) == ("EUR", 10_000, ())


def test_lines_of_a_document_are_summed_wherever_they_stand(read) -> None:
    text = HEADER + line(amount="100.00") + line("B-2") + line(amount="0.55") + line(amount="-20.5")
    one, other = read(text)
    assert (one.item, one.payable) == ("lines 2,4,5", 8_005)
    assert (other.item, other.number) == ("line 3", "B-2")


@given(
    st.lists(
        st.tuples(st.integers(-(10**9), 10**9), st.dates(date(2024, 1, 1), date(2025, 1, 1))), min_size=1, max_size=8
    ),
    st.randoms(),
)
def test_the_order_of_lines_does_not_matter(lines: list[tuple[int, date]], shuffle: random.Random) -> None:
    reader = Reader(DEMO_NETWORK_KEY)

    def answer(rows: list[tuple[int, date]]) -> tuple[object, ...]:
        text = HEADER + "".join(
            line(amount=f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}", issued=str(day))
            for cents, day in rows
        )
        (found,) = reader.read_document("x", text.encode())
        if isinstance(found, InvoiceItem):
            return found.payable, found.issue_date, found.fingerprint
        return found.rule, found.params["value"]

    shuffled = shuffle.sample(lines, len(lines))
    total = sum(cents for cents, _ in lines)
    assert answer(lines) == answer(shuffled)
    assert answer(lines)[0] == (total if total > 0 else "total-not-positive")


def test_the_earliest_line_date_is_the_issue_date(read) -> None:
    item = item_of(read(HEADER + line(issued="2025-03-09") + line(issued="2025-03-01") + line(issued="2025-03-05")))
    assert item.issue_date == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("lines", "rule", "value"),
    [
        (line(amount="-5"), "total-not-positive", "-5.00"),
        (line(amount="5") + line(amount="-5"), "total-not-positive", "0.00"),
        (line(amount="0"), "total-not-positive", "0.00"),
        (line() + line(vendor="Other Ltd"), "several-vendors", "Acme Ltd; Other Ltd"),
        (line() + line(currency="USD"), "several-currencies", "EUR, USD"),
        (line() + line(due="2025-06-02"), "several-due-dates", "2025-06-01, 2025-06-02"),
        (line(due=""), "due-date-missing", None),
        (line(due="") + line(due=" "), "due-date-missing", None),
        (line(vendor=" - "), "seller-missing", None),
        (line(issued=""), "issue-date-missing", None),
        (line(issued="03/04/2025"), "date-invalid", "03/04/2025"),
        (line(issued="2025-02-29"), "date-invalid", "2025-02-29"),
        (line(due="soon"), "date-invalid", "soon"),
        (line(issued="1969-12-31"), "date-invalid", "1969-12-31"),
        (line(amount=""), "amount-missing", ""),
        (line(amount="1,23"), "amount-invalid", "1,23"),
        (line(amount="12,34.00"), "amount-invalid", "12,34.00"),
        (line(amount="1e3"), "amount-invalid", "1e3"),
        (line(amount="€5"), "amount-invalid", "€5"),
        (line(amount="10²"), "amount-invalid", "10²"),
        (line(amount="."), "amount-invalid", "."),
        (line(amount="NaN"), "amount-invalid", "NaN"),
        (line(amount="0.005"), "amount-not-exact", "0.005"),
        (line(amount="1.5", currency="JPY"), "amount-not-exact", "1.5"),
        (line(amount="92233720368547758.08"), "amount-too-large", "92233720368547758.08"),
        (line(amount="92233720368547758.07") * 2, "amount-too-large", "184467440737095516.14"),
        (line(amount="9" * 40), "amount-too-large", "9" * 40),
        (line(currency="XYZ"), "currency-unknown", "XYZ"),
        (line(currency=""), "currency-missing", None),
        (line() + line(amount="x"), "amount-invalid", "x"),
        ("A-1,Acme Ltd,Bolts,1.00,2025-03-01\n", "row-short", None),
        ("A-1,Acme Ltd,Bolts,1,234.00,2025-03-01,2025-06-01,EUR\n", "row-long", None),
        ("A-1,Ac\0me,Bolts,1.00,2025-03-01,2025-06-01,EUR\n", "nul-character", None),
        ("A-1,Ac\ufffdme,Bolts,1.00,2025-03-01,2025-06-01,EUR\n", "encoding-invalid", None),
    ],
)
def test_a_document_is_refused_as_a_whole_and_the_others_go_in(read, lines: str, rule: str, value: str | None) -> None:
    refusal, good = read(HEADER + lines + line("GOOD"))
    assert refusal.rule == rule
    assert refusal.number == "A-1"
    first = 2
    assert refusal.item == (f"line {first}" if lines.count("\n") == 1 else f"lines {first},{first + 1}")
    if value is not None:
        assert value in (refusal.params.get("value"), refusal.params.get("values"))
    assert good.number == "GOOD"


def test_the_faulty_line_of_a_document_is_named(read) -> None:
    refusal = refusal_of(read(HEADER + line() + line(amount="x") + line(amount="y")))
    assert refusal.params["where"] == "line 3"


@pytest.mark.parametrize("number", ["", "  ", "\u200b", "\ufeff"])
def test_no_number_is_no_document(read, number: str) -> None:
    refused, good = read(HEADER + line(number) + line())
    assert (refused.rule, refused.item, refused.number) == ("document-number-missing", "line 2", None)
    assert good.number == "A-1"


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1,234.50", 123_450),
        ("1234.5", 123_450),
        (" 1 234.50 ", 123_450),
        ("1\u202f234.50", 123_450),
        ("1'234'567", 123_456_700),
        ("+12.00", 1_200),
        (".5", 50),
        ("5.", 500),
        ("１，２３４．５０", 123_450),
        ("12.3400", 1_234),
        ("000012.00", 1_200),
        ("92233720368547758.07", 2**63 - 1),
    ],
)
def test_amounts_are_read_exactly(read, text: str, cents: int) -> None:
    assert item_of(read(HEADER + line(amount=text))).payable == cents


@pytest.mark.parametrize("text", ["-5.00", "(5.00)", "5.00-", "−5.00", "－5.00", "- 5"])
def test_negative_amounts(read, text: str) -> None:
    assert item_of(read(HEADER + line(amount="7.00") + line(amount=text))).payable == 200


def test_decimal_comma_is_a_choice_not_a_guess(read) -> None:
    assert item_of(read(HEADER + line(amount="1.234,50"), decimal_mark=",")).payable == 123_450
    assert refusal_of(read(HEADER + line(amount="1.234,50"))).rule == "amount-invalid"


@pytest.mark.parametrize(
    ("currency", "minor"), [("JPY", 1_250), ("EUR", 125_000), ("KWD", 1_250_000), ("CLF", 12_500_000)]
)
def test_minor_digits_by_currency(read, currency: str, minor: int) -> None:
    assert item_of(read(HEADER + line(amount="1,250", currency=currency.lower()))).payable == minor


@pytest.mark.parametrize(
    "text",
    ["2025-03-01", "2025/3/1", "2025.03.01", "20250301", "2025年3月1日", "2025-03-01 00:00:00", "２０２５-03-01"],
)
def test_dates_with_one_reading(read, text: str) -> None:
    assert item_of(read(HEADER + line(issued=text))).issue_date == date(2025, 3, 1)


CHINESE = "单据编号,供应商,金额,开票日期,到期日,币种\n甲-1,江澜座椅系统有限公司,100.00,2025年3月1日,2025/6/1,CNY\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"])
def test_encodings(read, encoding: str) -> None:
    item = item_of(read(CHINESE.encode(encoding), encoding="gb18030" if encoding == "gb18030" else "utf-8"))
    assert (item.number, item.seller.key) == ("甲-1", "name:江澜座椅系统有限公司")
    assert item.fingerprint == item_of(read(CHINESE)).fingerprint


def test_a_byte_order_mark_outranks_the_flag(read) -> None:
    assert item_of(read(CHINESE.encode("utf-8-sig"), encoding="gb18030")).number == "甲-1"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (CHINESE.encode("gb18030"), "encoding-unknown"),
        (CHINESE.encode("utf-16-le"), "encoding-unknown"),
        (b"", "file-empty"),
        (b" \r\n\r\n", "file-empty"),
        (b"\r\n" + (HEADER + ROW).encode(), "ITEM"),
        (b"a,b,c\n1,2,3\n", "column-missing"),
        (b"doc_no,vendor,amount,amount,date\n", "column-ambiguous"),
        (b"doc_no,vendor,amount,date\nA,B,1,2025-01-01\n", "column-missing"),
        (b"%PDF-1.7", "kind-unknown"),
        (b"PK\x03\x04rest", "kind-unknown"),
        (HEADER.encode("utf-16")[:-1], "encoding-unknown"),
    ],
)
def test_files_that_are_no_ledger(read, data: bytes, rule: str) -> None:
    (answer,) = read(data)
    assert getattr(answer, "rule", "ITEM") == rule


def test_an_unsupported_encoding_is_refused(read) -> None:
    for name in ("rot13", "utf-7", "no-such", "idna"):
        assert refusal_of(read(HEADER + ROW, encoding=name)).rule == "encoding-unsupported"


def test_undecodable_bytes_cost_their_own_line(read) -> None:
    data = (HEADER + line("A-1") + line("B-1", vendor="Caf#") + line("C-1")).encode().replace(b"#", b"\xe9")
    one, refused, three = read(data)
    assert (one.number, three.number) == ("A-1", "C-1")
    assert (refused.rule, refused.item, refused.number) == ("encoding-invalid", "line 3", "B-1")


def test_an_undecodable_number_is_no_document(read) -> None:
    data = (HEADER + line("A#1") + line("B-1")).encode().replace(b"#", b"\xe9")
    refused, good = read(data)
    assert (refused.rule, refused.item, refused.number) == ("encoding-invalid", "line 2", None)
    assert good.number == "B-1"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(read, end: str) -> None:
    assert item_of(read((HEADER + "\n" + ROW).replace("\n", end))).item == "line 3"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(read, delimiter: str) -> None:
    assert item_of(read((HEADER + ROW).replace(",", delimiter))).number == "A-1"


def test_quoted_fields_may_hold_line_breaks(read) -> None:
    one, two = read(HEADER + 'A-1,Acme Ltd,"Bolts\nand nuts",1.00,2025-03-01,2025-06-01,EUR\n' + line("B-1"))
    assert (one.item, two.item, two.number) == ("line 2", "line 4", "B-1")


def test_a_stray_quote_costs_one_line_not_the_rest(read) -> None:
    stray = 'X-9,Acme Ltd,"3" pipe,1.00,2025-03-01,2025-06-01,EUR\n'
    opened = 'Y-9,Acme Ltd,"pipe,1.00,2025-03-01,2025-06-01,EUR\n'
    rest = "".join(line(f"N-{i}") for i in range(3_000))
    answers = read(HEADER + stray + line("A-1") + opened + rest)
    assert [(r.rule, r.item) for r in refusals_of(answers)] == [
        ("row-malformed", "line 2"),
        ("row-malformed", "line 4"),
    ]
    assert len(items_of(answers)) == 3_001


def test_empty_trailing_fields_are_let_pass(read) -> None:
    assert item_of(read(HEADER + ROW.rstrip("\n") + ",,\n")).number == "A-1"


def test_columns_by_flag_and_by_usual_name(read) -> None:
    text = "Ref ;Who;Gross;When\nA-1;Acme Ltd;1.00;2025-03-01\n"
    columns = ColumnMap.of(["number=ref", "vendor=Who", "amount=GROSS", "date=when"])
    options = {"columns": columns, "currency": "eur", "assumption": Assumption(30, 30)}
    item = item_of(read(text, **options))
    assert (item.number, item.currency, item.due_date, item.assumed) == ("A-1", "EUR", date(2025, 3, 31), ("due_date",))
    missing = refusal_of(read(text, **options | {"columns": ColumnMap.of(["number=Nr"])}))
    assert (missing.rule, missing.item, missing.params["column"]) == ("column-missing", "line 1", "Nr")
    for wrong in ("number", "number=", "colour=x"):
        with pytest.raises(ValueError, match="ROLE=HEADER"):
            ColumnMap.of([wrong])


def test_the_amount_column_may_name_the_currency(read) -> None:
    item = item_of(read("doc_no,vendor,amount_gbp,payment_date,due_date\nA,B,1.00,2025-03-01,2025-04-01\n"))
    assert item.currency == "GBP"


def test_due_dates_are_never_invented_without_being_told(read) -> None:
    text = "doc_no,vendor,amount_gbp,payment_date\nA,B,1.00,2025-03-01\n"
    assert refusal_of(read(text)).rule == "due-date-missing"
    assert item_of(read(text, let_pass_without_due_column=True)).due_date is None
    assert refusal_of(read(HEADER + line(due=""), let_pass_without_due_column=True)).rule == "due-date-missing"
    kept = item_of(read(HEADER + line(), assumption=Assumption(1, 1)))
    assert (kept.due_date, kept.assumed) == (date(2025, 6, 1), ())


def test_vendor_tax_numbers_and_aliases(read) -> None:
    text = "doc_no,vendor,vendor_vat,amount_eur,date,due_date\nA,Acme Ltd,8200.98.395.B.01,1.00,2025-03-01,2025-04-01\n"
    assert item_of(read(text, country="NL")).seller.key == "vat:NL820098395B01"
    same = HEADER + line() + line(vendor="Acme Limited")
    assert refusal_of(read(same)).rule == "several-vendors"
    assert (
        item_of(read(same, aliases=[["vat:NL820098395B01", "name:Acme Ltd", "name:Acme Limited"]])).seller.key
        == "vat:NL820098395B01"
    )


def test_buyers(read) -> None:
    text = "doc_no,vendor,amount_eur,date,due_date,buyer\n" + "A,B,1.00,2025-03-01,2025-04-01,{}\n" * 2
    assert item_of(read(text.format("Owner", "OWNER"))).buyer.key == "name:owner"
    assert item_of(read(text.format("", ""), buyer=identify(name="The Owner"))).buyer.key == "name:theowner"
    assert refusal_of(read(text.format("One", "Two"))).rule == "several-buyers"


def test_reading_twice_gives_the_same_answers(read) -> None:
    text = HEADER + line() + line("", amount="1") + line("B-1", amount="-1")
    assert read(text) == read(text)


def test_files_are_named_as_given(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text(HEADER + ROW)
    reader = Reader(DEMO_NETWORK_KEY, AliasTable(), LedgerOptions())
    good, gone, folder = reader.read_files(["./a.csv", "./gone.csv", "."])
    assert good.file == "./a.csv"
    assert [(x.file, x.rule) for x in (gone, folder)] == [("./gone.csv", "file-unreadable"), (".", "file-unreadable")]
