"""`scf trace NOTE`: where a note comes from, where it went, and the cash that moved. Also `brownie run trace`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.tree import Tree

from api.bootstrap import Services
from api.domain.access import Seen
from api.domain.calendar import date_of_day, instant
from api.domain.views import CashLeg, NoteView, PartyName, Trace
from api.exports import ledger as exports
from api.exports.formats import Format
from api.schemas import wire
from scripts.command import FormFlag, JsonFlag, OutFlag, TableFlag, console, deliver, emit, for_brownie, run, show
from scripts.intake_flags import language


def trace(
    note: Annotated[int, typer.Argument(help="The note. 凭证编号。")],
    json_: JsonFlag = False,
    form: FormFlag = None,
    table: TableFlag = None,
    out: OutFlag = None,
) -> None:
    """Trace a note up to the confirmed debt and down to every leaf. 溯源。"""

    async def act(services: Services) -> Trace:
        return (await services.ledger.trace(note)).read

    found = run(act)
    if json_ or form is Format.JSON:
        emit(asdict(found), True, lambda: "")
    elif form is None:
        show(as_tree(found, language(None)))
    else:
        seen = wire.trace(note, Seen(found.receivable), found.path, map(Seen, found.nodes))
        deliver(exports.trace(seen), form, table, out)


def as_tree(found: Trace, spoken: str) -> Tree | str:
    """The lineage as a tree on a terminal, as indented lines elsewhere."""
    decimals = found.receivable.currency.decimals
    code = found.receivable.currency.code
    head = (
        f"{_name(found.receivable.debtor, spoken)} → {_name(found.receivable.creditor, spoken)}  "
        f"{money(found.receivable.face_value, decimals)} {code}  {date_of_day(found.receivable.due_day)}"
    )
    children: dict[int | None, list[NoteView]] = {}
    for node in found.nodes:
        children.setdefault(node.parent, []).append(node)
    tree = Tree(head)
    lines = [head]

    def grow(branch: Tree, parent: int | None, depth: int) -> None:
        for node in children.get(parent, ()):
            text = _line(node, decimals, spoken)
            lines.append("  " * depth + text)
            limb = branch.add(text)
            for leg in (leg for leg in node.cash if leg.note == node.id):
                lines.append("  " * (depth + 1) + _cash(leg, decimals, spoken))
                limb.add(_cash(leg, decimals, spoken))
            grow(limb, node.id, depth + 1)

    grow(tree, None, 1)
    return tree if console.is_terminal else "\n".join(lines)


def money(amount: int, decimals: int) -> str:
    """Minor units as a decimal number with thousands separators."""
    whole, part = divmod(amount, 10**decimals)
    return f"{whole:,}.{part:0{decimals}d}" if decimals else f"{whole:,}"


def _line(node: NoteView, decimals: int, spoken: str) -> str:
    return (
        f"#{node.id} T{node.tier} {_name(node.holder, spoken)}  {money(node.face, decimals)} → "
        f"{money(node.value, decimals)}  {node.status}  {node.source.tx_hash[:10]}… {instant(node.source.time)}"
    )


def _cash(leg: CashLeg, decimals: int, spoken: str) -> str:
    arrow = f"{_name(leg.payer, spoken)} → {_name(leg.payee, spoken)}"
    return f"¤ {leg.kind} {money(leg.amount, decimals)}  {arrow}  {leg.source.tx_hash[:10]}… {instant(leg.source.time)}"


def _name(party: PartyName, spoken: str) -> str:
    return (party.name_zh if spoken == "zh" else party.name_en) or f"#{party.id}"


def main(*arguments: str) -> None:
    """For `brownie run`."""
    for_brownie(trace, arguments)
