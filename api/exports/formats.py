"""Which forms there are, and one way to write a book in any of them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from api.domain.errors import InvalidInput

if TYPE_CHECKING:
    from api.exports.book import Book


class Format(StrEnum):
    """Named as files end, but for Mermaid."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    GRAPHML = "graphml"
    MERMAID = "mermaid"


MEDIA_TYPES = {
    Format.JSON: "application/json",
    Format.CSV: "text/csv",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.GRAPHML: "application/graphml+xml",
    Format.MERMAID: "text/vnd.mermaid",
}
_ENDINGS = {Format.MERMAID: "mmd"}


def file_name(book: Book, form: Format) -> str:
    """What the file is called."""
    return f"{book.name}.{_ENDINGS.get(form, form.value)}"


def write(book: Book, form: Format, table: str | None, language: str) -> bytes:
    """The book as a file. CSV holds one table, the first unless `table` names another. InvalidInput("UnknownTable")."""
    from api.exports import graphs, tables

    if form is Format.CSV:
        known = {sheet.key: sheet for sheet in book.sheets}
        sheet = book.sheets[0] if table is None else known.get(table)
        if sheet is None:
            raise InvalidInput("UnknownTable", table=table, known=", ".join(known))
        return tables.as_csv(sheet, language)
    if form is Format.XLSX:
        return tables.as_excel(book.sheets, language)
    return (
        graphs.as_graphml(book.graph, language) if form is Format.GRAPHML else graphs.as_mermaid(book.graph, language)
    )
