"""`scf report NAME`: figures of a party, of the network, of a day, as a document. Also `brownie run report`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from api.bootstrap import Services
from api.domain.calendar import day_of_date
from api.domain.positions import When
from api.domain.reports import ReportName
from api.exports import reports as exports
from api.exports.book import Book, shown
from api.exports.formats import Format
from api.exports.make import make
from scripts.command import FormFlag, OutFlag, TableFlag, deliver, emit, for_brownie, run, show, tabulate
from scripts.intake_flags import language

_DAY = ["%Y-%m-%d"]


def report(
    name: Annotated[ReportName, typer.Argument(help="Which report. 报告名称。")],
    party: Annotated[int | None, typer.Option(help="Of whom. 参与方编号。")] = None,
    block: Annotated[int | None, typer.Option(help="As of the end of this block. 截至区块。")] = None,
    date: Annotated[datetime | None, typer.Option(formats=_DAY, help="As of the end of this day. 截至日期。")] = None,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, help="Network and journal: from this day on. 起始日期。")
    ] = None,
    form: FormFlag = None,
    table: TableFlag = None,
    out: OutFlag = None,
) -> None:
    """Write a report: core-enterprise, financier, network, journal, reconciliation. 报告。"""
    if block is not None and date is not None:
        raise typer.BadParameter("a block or a date, not both", param_hint="--date")
    when = When(block, None if date is None else day_of_date(date.date()))
    first = None if since is None else day_of_date(since.date())

    async def act(services: Services) -> Book:
        return await make(services.sights.local, name, party, when, first)

    book = run(act)
    if form is Format.JSON:
        emit(exports.told(book, language(None)), True, lambda: "")
    elif form is None:
        _print(book)
    else:
        deliver(book, form, table, _named(book, form, out))


def _named(book: Book, form: Format, out: Path | None) -> Path | None:
    return Path(f"{book.name}.pdf") if out is None and form is Format.PDF else out


def _print(book: Book) -> None:
    spoken = language(None)
    show("\n".join([book.title(spoken), *(line(spoken) for line in book.head)]))
    for sheet in book.sheets:
        show(f"\n{sheet.title(spoken)}")
        rows = [[shown(cell, spoken) for cell in row] for row in sheet.rows]
        show(tabulate([column.title(spoken) for column in sheet.columns], rows))


def main(*arguments: str) -> None:
    """For `brownie run`."""
    for_brownie(report, arguments)
