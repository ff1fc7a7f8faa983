"""`scf confirm`: a core enterprise confirms imported items. Also `brownie run confirm`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from api.bootstrap import Services
from api.domain.messages import explain
from api.domain.operations import Operation
from api.domain.records import ImportedItem
from scripts.command import JsonFlag, PartyFlag, for_brownie, run, show_operations
from scripts.intake_flags import language

PAGE = 1000


def confirm(
    party: PartyFlag,
    items: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ITEM[=AMOUNT]…]",
            help="Imported items, or parts of them in minor units; all when none is named. 条目编号[=金额(分)]。",
        ),
    ] = None,
    json_: JsonFlag = False,
) -> None:
    """Confirm imported items; those that cannot be are listed with the rule. 确权。"""

    wanted = dict(map(_wanted, items or ()))

    async def act(services: Services) -> Sequence[Operation]:
        chosen = await services.issuance.items(list(wanted)) if wanted else await _all_items(services, party)
        parts = {item: amount for item, amount in wanted.items() if amount is not None}
        plan = await services.issuance.plan(party, chosen, parts)
        for item, error in plan.refused:
            if not wanted and error.rule == "AlreadyClaimed":
                continue
            print(f"{item.id}\t{explain(error.rule, error.evidence, language(None))} [{error.rule}]", file=sys.stderr)
        return await services.acts.finish(await services.issuance.confirm(party, plan.ready))

    show_operations(run(act), json_)


def _wanted(text: str) -> tuple[int, int | None]:
    item, _, amount = text.partition("=")
    if not item.isdecimal() or not (amount or "1").isdecimal():
        raise typer.BadParameter(f"{text!r}: want ITEM or ITEM=AMOUNT, an imported item and minor units")
    return int(item), int(amount) if amount else None


async def _all_items(services: Services, party: int) -> list[ImportedItem]:
    found: list[ImportedItem] = []
    cursor: str | None = None
    while True:
        page = await services.items.listing(buyer=party, cursor=cursor, limit=PAGE)
        found += page.items
        if (cursor := page.next) is None:
            return found


def main(*arguments: str) -> None:
    """For `brownie run`."""
    for_brownie(confirm, arguments)
