"""`scf repay`: pays every holder directly. Also `brownie run repay`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer

from api.bootstrap import Services
from api.domain.calendar import day_of_date, day_of_time
from api.domain.operations import Operation
from scripts.command import JsonFlag, PartyFlag, for_brownie, run, show_operations


def repay(
    party: PartyFlag,
    notes: Annotated[list[int] | None, typer.Argument(help="Notes; else all that is due. 凭证编号。")] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="All due until this day; today. 截止到期日。")
    ] = None,
    json_: JsonFlag = False,
) -> None:
    """Pay notes in full, from the party's settlement account. 到期兑付。"""

    async def act(services: Services) -> Sequence[Operation]:
        today = day_of_time((await services.chain.head()).time)
        day = day_of_date(until.date()) if until else today
        due = notes or await services.repayment.notes_due(party, day)
        return await services.acts.finish(await services.repayment.repay(party, due))

    show_operations(run(act), json_)


def main(*arguments: str) -> None:
    """For `brownie run`."""
    for_brownie(repay, arguments)
