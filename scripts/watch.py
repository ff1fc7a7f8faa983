"""`scf watch`: what the rules of the watch find on the ledger. Also `brownie run watch`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from api.bootstrap import Services
from api.domain.calendar import instant
from api.schemas import alerts as shapes
from api.services.watch import ToldAlert
from scripts.command import JsonFlag, emit, for_brownie, run, tabulate
from scripts.intake_flags import language

_MOST = 500
_WAIT_S = 3_600.0


def watch(
    json_: JsonFlag = False,
    all_: Annotated[bool, typer.Option("--all", help="Acknowledged ones too. 含已确认的。")] = False,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on with each new block, until Ctrl-C. 持续监看。")
    ] = False,
    acknowledge: Annotated[
        int | None, typer.Option("--acknowledge", metavar="ALERT", help="Say that this one was seen. 确认预警。")
    ] = None,
    remark: Annotated[str, typer.Option("--remark", help="What there is to say of it. 备注。")] = "",
) -> None:
    """What somebody should look at: circular transfers, near duplicates, concentration, overdue chains… 风险预警。"""

    async def act(services: Services) -> None:
        see = services.sights.local
        if acknowledge is not None:
            _tell([await see.acknowledge(acknowledge, remark)], json_)
            return
        page = await see.alerts(rule=None, severity=None, open_=None if all_ else True, cursor=None, limit=_MOST)
        _tell(page.items, json_)
        while follow:
            block = (await services.ledger.model.status()).block
            if await services.ledger.model.wait_for(block + 1, _WAIT_S):
                new = await services.watch.told(await services.watch.catch_up())
                if new:
                    _tell(new, json_)

    run(act)


def _tell(found: Sequence[ToldAlert], json_: bool) -> None:
    emit([shapes.alert(one) for one in found], json_, lambda: _table(found))


def _table(found: Sequence[ToldAlert]) -> Table | str:
    place = 0 if language(None) == "zh" else 1
    rows = [
        (
            one.kept.id,
            one.kept.severity.value,
            one.title[place],
            instant(one.kept.alert.time),
            one.why[place],
            shapes.alert(one)["trace"] or "",
            "" if one.kept.acknowledged is None else instant(one.kept.acknowledged.at),
        )
        for one in found
    ]
    return tabulate(("alert", "severity", "rule", "time", "why", "trace", "acknowledged"), rows)


def main(*arguments: str) -> None:
    """For `brownie run`."""
    for_brownie(watch, arguments)
