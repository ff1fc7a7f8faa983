"""Sheets as CSV and Excel.

A spreadsheet takes a cell that begins with = + - @ (also in full width), a tab or a line break for a formula, and party
names are other people's text: such text gets an apostrophe before it, in CSV as part of the text, in Excel as the mark of
plain text that Excel itself uses.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from api.exports.book import Cell, Money, Rate, Sheet, Words, legal

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_EXACT_DIGITS = 15
"""So many digits of a number Excel keeps; longer ones are written as text."""
_WIDEST = 60


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would take it for a formula."""
    return text.startswith(_FORMULA)


def as_csv(sheet: Sheet, language: str) -> bytes:
    """UTF-8 with the mark by which Excel knows it, the columns' keys in the first line (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(column.key for column in sheet.columns)
    for row in sheet.rows:
        writer.writerow(_plain(cell, language) for cell in row)
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: Cell, language: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Words):
        cell = cell(language)
    if isinstance(cell, str):
        text = legal(cell)
        return f"'{text}" if is_formula(text) else text
    return str(cell)


def as_excel(sheets: Sequence[Sheet], language: str) -> bytes:
    """A workbook of all sheets. Money and figures of at most 15 digits are numbers, written from their decimal digits;
    longer ones are text, for Excel would round them."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title(language)[:31])
        page.freeze_panes = "A2"
        for number, width in enumerate(_widths(sheet, language), start=1):
            page.column_dimensions[get_column_letter(number)].width = width
        page.append([_text(page, column.title(language), bold=True) for column in sheet.columns])
        for row in sheet.rows:
            last = sheet.total and row is sheet.rows[-1]
            page.append([_excel(page, cell, language, bold=last) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _widths(sheet: Sheet, language: str) -> list[int]:
    shown = [[column.title(language) for column in sheet.columns]]
    shown += [[_plain(cell, language) for cell in row] for row in sheet.rows[:200]]
    return [min(_WIDEST, 2 + max(wide(text) for text in texts)) for texts in zip(*shown, strict=True)]


def wide(text: str) -> int:
    """Chinese letters are twice as wide."""
    return sum(2 if letter > "\u2e7f" else 1 for letter in text)


def _text(page: WriteOnlyWorksheet, text: str, *, bold: bool = False) -> SheetCell:
    """Plain text whatever it begins with."""
    cell: SheetCell = WriteOnlyCell(page, legal(text))
    cell.data_type = "s"
    cell.quotePrefix = is_formula(text)
    if bold:
        cell.font = Font(bold=True)
    return cell


def _excel(page: WriteOnlyWorksheet, value: Cell, language: str, *, bold: bool) -> SheetCell | None:
    if value is None:
        return None
    if isinstance(value, Words):
        value = value(language)
    if isinstance(value, str):
        return _text(page, value, bold=bold)
    digits = str(value)
    if sum(letter.isdigit() for letter in digits) > _EXACT_DIGITS:
        cell = _text(page, digits, bold=bold)
        cell.alignment = Alignment(horizontal="right")
        return cell
    cell = WriteOnlyCell(page, digits)
    cell.data_type = "n"  # the digits as they stand: openpyxl would write a number through a float
    if isinstance(value, (Money, Rate)):
        cell.number_format = "#,##0." + "0" * value.decimals if value.decimals else "#,##0"
    if bold:
        cell.font = Font(bold=True)
    return cell
