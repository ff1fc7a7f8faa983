"""Sheets as CSV and Excel: exact, and nothing in them that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import zipfile
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from api.exports.book import Money, Rate, Sheet, Words, columns
from api.exports.tables import as_csv, as_excel

ATTACKS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", '=HYPERLINK("http://x")']
COLUMNS = columns(("name", "名称", "Name"), ("amount", "金额", "Amount"))


def sheet(*rows: tuple[object, object]) -> Sheet:
    return Sheet("s", Words("表", "Sheet"), COLUMNS, rows)  # type: ignore[arg-type]


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("attack", ATTACKS)
def test_text_is_no_formula(attack: str) -> None:
    one = sheet((attack, Money(1, 2)), (Words(attack, attack), None))
    for row in cells(as_csv(one, "en"))[1:]:
        assert row[0] == f"'{attack}"
    page = load_workbook(io.BytesIO(as_excel([one], "zh"))).active
    assert page is not None
    for row in (2, 3):
        cell = page.cell(row, 1)
        assert (cell.data_type, cell.quotePrefix) == ("s", True)
        assert str(cell.value).replace("_x000D_", "\r") == attack
    inside = zipfile.ZipFile(io.BytesIO(as_excel([one], "en"))).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in inside


@given(st.text(), st.integers(-(2**96), 2**96), st.integers(0, 18))
def test_whatever_the_text_and_the_amount(text: str, amount: int, decimals: int) -> None:
    one = sheet((text, Money(amount, decimals)))
    (_, (name, money)) = cells(as_csv(one, "en"))
    assert not name.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    exact = Fraction(amount, 10**decimals)
    assert Fraction(money) == exact
    page = load_workbook(io.BytesIO(as_excel([one], "en"))).active
    assert page is not None
    value = page.cell(2, 2).value
    assert Fraction(str(value)) == exact
    assert isinstance(value, str) or len(str(amount).lstrip("-")) <= 15


@pytest.mark.parametrize(
    ("money", "plain", "grouped"),
    [
        (Money(0, 2), "0.00", "0.00"),
        (Money(-5, 2), "-0.05", "-0.05"),
        (Money(-123_456_789, 2), "-1234567.89", "-1,234,567.89"),
        (Money(1_000, 0), "1000", "1,000"),
        (Money(2**96 - 1, 2), "792281625142643375935439503.35", "792,281,625,142,643,375,935,439,503.35"),
    ],
)
def test_money_is_written_to_the_unit(money: Money, plain: str, grouped: str) -> None:
    assert (str(money), money.grouped()) == (plain, grouped)


def test_numbers_in_excel_are_written_from_their_digits() -> None:
    one = sheet(("a", Money(100_000_000_000_010, 2)), ("b", Money(10**15, 2)), ("c", Rate(425)))
    book = as_excel([one], "en")
    inside = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml")
    assert b"<v>1000000000000.10</v>" in inside
    page = load_workbook(io.BytesIO(book)).active
    assert page is not None
    assert page.cell(3, 2).value == "10000000000000.00"
    assert page.cell(4, 2).number_format == "#,##0.00"


def test_headings_speak_the_readers_language_and_keys_are_the_machines() -> None:
    one = sheet((Words("甲", "A"), None))
    assert cells(as_csv(one, "zh")) == [["name", "amount"], ["甲", ""]]
    page = load_workbook(io.BytesIO(as_excel([one], "zh"))).active
    assert page is not None
    assert [c.value for c in page[1]] == ["名称", "金额"]
    assert page.title == "表"
