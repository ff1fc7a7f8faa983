"""`scf split NOTE TO=AMOUNT…`: passes parts of a note on to suppliers. Also `brownie run split`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from api.bootstrap import Services
from api.domain.operations import Operation
from api.services.notes import Portion, Split
from scripts.command import JsonFlag, PartyFlag, for_brownie, run, show_operations


def split(
    party: PartyFlag,
    note: Annotated[int, typer.Argument(help="The note. 凭证编号。")],
    portions: Annotated[
        list[str], typer.Argument(metavar="TO=AMOUNT", help="Party id = minor units. 接收方=金额(分)。")
    ],
    trade: Annotated[Path, typer.Option(help="The invoice or contract under the transfer. 交易凭据文件。")],
    json_: JsonFlag = False,
) -> None:
    """Split a note and pass parts on; all of it to one party is a transfer. 拆分流转。"""
    wanted = [_portion(text) for text in portions]

    async def act(services: Services) -> Sequence[Operation]:
        file_hash = await services.documents.put(trade.read_bytes())
        trade_hash = await services.evidence.evidence_hash(file_hash, trade.name)
        whole = Split(note, [Portion(to, amount, trade_hash) for to, amount in wanted])
        return await services.acts.finish(await services.notes.split(party, [whole]))

    show_operations(run(act), json_)


def _portion(text: str) -> tuple[int, int]:
    to, _, amount = text.partition("=")
    if not (to.isdecimal() and amount.isdecimal()):
        raise typer.BadParameter(f"{text!r}: want TO=AMOUNT, a party id and minor units")
    return int(to), int(amount)


def main(*arguments: str) -> None:
    """For `brownie run`."""
    for_brownie(split, arguments)
