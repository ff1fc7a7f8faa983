"""Which forms there are, and one way to write a book in any of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from api.domain.errors import InvalidInput

if TYPE_CHECKING:
    from api.exports.book import Book


class Format(StrEnum):
    """Named as files end, but for Mermaid."""

    JSON = "json"
    COLUMNS = "columns"
    CSV = "csv"
    XLSX = "xlsx"
    GRAPHML = "graphml"
    MERMAID = "mermaid"
    HTML = "html"
    PDF = "pdf"
    BEANCOUNT = "beancount"


MEDIA_TYPES = {
    Format.JSON: "application/json",
    Format.COLUMNS: "application/vnd.cascade.columns+json",
    Format.CSV: "text/csv",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.GRAPHML: "application/graphml+xml",
    Format.MERMAID: "text/vnd.mermaid",
    Format.HTML: "text/html",
    Format.PDF: "application/pdf",
    Format.BEANCOUNT: "text/x-beancount",
}
DATA = (Format.JSON, Format.COLUMNS)
"""Forms of the answer itself; the others are files to keep."""
ANSWERS = (*DATA, Format.CSV, Format.XLSX, Format.GRAPHML, Format.MERMAID)
"""Forms of what has a graph."""
REPORTS = (Format.JSON, Format.HTML, Format.PDF, Format.XLSX, Format.CSV, Format.BEANCOUNT)
"""Forms of reports; the last of the journal alone."""
_ENDINGS = {Format.MERMAID: "mmd"}


def file_name(book: Book, form: Format) -> str:
    """What the file is called."""
    return f"{book.name}.{_ENDINGS.get(form, form.value)}"


def write(book: Book, form: Format, table: str | None, language: str) -> bytes:
    """The book as a file. CSV holds one table, the first unless `table` names another. InvalidInput("UnknownTable"), and
    ("UnknownFormat") for one that the book does not have."""
    from api.exports import documents, graphs, tables

    def one_table() -> bytes:
        known = {sheet.key: sheet for sheet in book.sheets}
        sheet = book.sheets[0] if table is None else known.get(table)
        if sheet is None:
            raise InvalidInput("UnknownTable", table=table, known=", ".join(known))
        return tables.as_csv(sheet, language)

    graph = book.graph
    writers: Mapping[Format, Callable[[], bytes]] = {
        Format.CSV: one_table,
        Format.XLSX: lambda: tables.as_excel(book.sheets, language),
        **({} if graph is None else {Format.GRAPHML: lambda: graphs.as_graphml(graph, language)}),
        **({} if graph is None else {Format.MERMAID: lambda: graphs.as_mermaid(graph, language)}),
        **({Format.HTML: lambda: documents.as_html(book, language)} if book.head else {}),
        **({Format.PDF: lambda: documents.as_pdf(book, language)} if book.head else {}),
        **({Format.BEANCOUNT: book.text.encode} if book.text else {}),
    }
    if form not in writers:
        raise InvalidInput("UnknownFormat", format=form.value, known=", ".join(writers))
    return writers[form]()
