"""`scf position PARTY`: what a party holds and owes, and its cash, now or at any past moment. Also `brownie run position`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from api.bootstrap import Services
from api.domain.calendar import day_of_date
from api.domain.positions import Position, When
from api.exports import ledger as exports
from api.exports.formats import Format
from api.schemas import positions
from scripts.command import FormFlag, JsonFlag, OutFlag, TableFlag, deliver, emit, for_brownie, run, tabulate
from scripts.trace import money

_FIGURES = ("held", "accepted", "pledged", "owed", "overdue", "paid", "received")


def position(
    party: Annotated[int, typer.Argument(help="The party. 参与方编号。")],
    json_: JsonFlag = False,
    block: Annotated[int | None, typer.Option(help="As of the end of this block. 截至区块。")] = None,
    date: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As of the end of this day. 截至日期。")
    ] = None,
    form: FormFlag = None,
    table: TableFlag = None,
    out: OutFlag = None,
) -> None:
    """What a party holds and owes, and its cash, now or at any past moment. 时点头寸。"""
    if block is not None and date is not None:
        raise typer.BadParameter("a block or a date, not both", param_hint="--date")
    when = When(block, None if date is None else day_of_date(date.date()))

    async def act(services: Services) -> Position:
        return await services.sights.local.position(party, when)

    found = run(act)
    answer = positions.position(found)
    if form is None or form is Format.JSON:
        emit(answer, json_ or form is Format.JSON, lambda: _figures(found))
    else:
        deliver(exports.position(answer), form, table, out)


def _figures(found: Position) -> Table | str:
    rows = [
        (
            one.currency.code,
            one.notes,
            one.debts,
            *(money(getattr(one, name), one.currency.decimals) for name in _FIGURES),
        )
        for one in found.sums
    ]
    return tabulate(("currency", "notes", "debts", *_FIGURES), rows)


def main(*arguments: str) -> None:
    """For `brownie run`."""
    for_brownie(position, arguments)
