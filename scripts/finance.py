"""`scf quote` and `scf finance`: a financier's bid, and taking the best one. Also `brownie run finance`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from api.bootstrap import Services
from api.domain.errors import NotFound
from api.domain.operations import Operation
from api.domain.records import Quote
from api.services.financing import Bid, Take
from scripts.command import JsonFlag, PartyFlag, emit, for_brownie, run, show_operations, tabulate

NoteArgument = Annotated[int, typer.Argument(help="The note. 凭证编号。")]


def quote(
    party: PartyFlag,
    note: NoteArgument,
    rate_bps: Annotated[int, typer.Option(help="Annual rate, basis points. 年化利率(基点)。")],
    amount: Annotated[int, typer.Option(help="Most face value taken, minor units. 最高面值(分)。")],
    registry_number: Annotated[str, typer.Option(help="The registry's number of the assignment. 登记编号。")],
    valid_for: Annotated[int, typer.Option(help="Seconds. 有效期(秒)。")] = 86_400,
    recourse: Annotated[bool, typer.Option("--recourse", help="With recourse. 有追索权。")] = False,
    json_: JsonFlag = False,
) -> None:
    """Quote for a note in a financier's name. 资金方报价。"""
    reference = "0x" + hashlib.sha256(registry_number.encode()).hexdigest()

    async def act(services: Services) -> Sequence[Quote]:
        return await services.financing.bid(party, [Bid(note, rate_bps, amount, reference, valid_for, recourse)])

    quotes = run(act)
    rows = [(q.id, q.note, q.rate_bps, q.max_amount, q.valid_until) for q in quotes]
    headings = ("quote", "note", "rate_bps", "max_amount", "valid_until")
    emit([asdict(q) for q in quotes], json_, lambda: tabulate(headings, rows))


def finance(
    party: PartyFlag,
    note: NoteArgument,
    amount: Annotated[int | None, typer.Option(help="Face value to sell, minor units; else all. 面值(分)。")] = None,
    quote_id: Annotated[str | None, typer.Option("--quote", help="A quote; else the most cash. 报价编号。")] = None,
    json_: JsonFlag = False,
) -> None:
    """Sell a note, or a part of it, for cash at once. 贴现融资。"""

    async def act(services: Services) -> Sequence[Operation]:
        ranked = await services.financing.ranked(note, amount)
        chosen = next((r for r in ranked if quote_id in (None, r.quote.id)), None)
        if chosen is None:
            raise NotFound("UnknownQuote", quote=quote_id or f"note {note}")
        take = Take(chosen.quote.id, chosen.amount, chosen.cash)
        return await services.acts.finish(await services.financing.take(party, [take]))

    show_operations(run(act), json_)


def main(*arguments: str) -> None:
    """For `brownie run`."""
    for_brownie(finance, arguments)
