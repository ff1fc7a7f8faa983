"""`scf accept`: the receiver takes notes it was offered, or refuses them. Also `brownie run accept`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from api.bootstrap import Services
from api.domain.operations import Operation
from scripts.command import JsonFlag, PartyFlag, for_brownie, run, show_operations


def accept(
    party: PartyFlag,
    notes: Annotated[list[int], typer.Argument(help="Note ids. 凭证编号。")],
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse them instead. 拒收。")] = False,
    json_: JsonFlag = False,
) -> None:
    """Accept (or refuse) offered notes. 签收或拒收。"""

    async def act(services: Services) -> Sequence[Operation]:
        answer = services.notes.refuse if refuse else services.notes.accept
        return await services.acts.finish(await answer(party, notes))

    show_operations(run(act), json_)


def main(*arguments: str) -> None:
    """For `brownie run`."""
    for_brownie(accept, arguments)
