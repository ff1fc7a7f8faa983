"""Reports as answered in JSON."""

from __future__ import annotations

from pydantic import Field

from api.schemas.base import Answer


class ReportColumn(Answer):
    key: str
    title: str


class ReportTable(Answer):
    """Cells in the order of the columns: counts and ids as numbers, amounts and figures as decimal text, words in the language
    that was asked for."""

    key: str
    title: str
    columns: list[ReportColumn]
    rows: list[list[str | int | None]]


class Report(Answer):
    """`head` says of whom and of when."""

    name: str
    title: str
    head: list[str] = Field(examples=[["Jianglan Seating Systems Co., Ltd.", "as of 2025-07-01, block 52"]])
    tables: list[ReportTable]
