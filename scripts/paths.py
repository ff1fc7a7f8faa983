"""`scf paths FROM TO`: how value went from one party to another. Also `brownie run paths`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from api.bootstrap import Services
from api.domain.views import Page
from api.exports import ledger as exports
from api.exports.formats import Format
from api.schemas import paths as schema
from api.schemas import wire
from api.services.sight import SeenPath
from scripts.command import FormFlag, JsonFlag, OutFlag, TableFlag, deliver, emit, for_brownie, run, tabulate
from scripts.trace import money


def paths(
    source: Annotated[int, typer.Argument(metavar="FROM", help="The party where value left. 起点参与方。")],
    target: Annotated[int, typer.Argument(metavar="TO", help="The party where it arrived. 终点参与方。")],
    json_: JsonFlag = False,
    limit: Annotated[int, typer.Option(min=1, max=500, help="Most paths. 最多条数。")] = 50,
    after: Annotated[str | None, typer.Option(help="`next` of the page before. 上一页的 next。")] = None,
    form: FormFlag = None,
    table: TableFlag = None,
    out: OutFlag = None,
) -> None:
    """How value went from one party to another: the notes between them, with amounts. 流转路径。"""

    async def act(services: Services) -> Page[SeenPath]:
        return await services.sights.local.paths(source, target, cursor=after, limit=limit)

    page = run(act)
    answer = wire.page(page, lambda one: schema.path(one.receivable, one.notes))
    if form is None or form is Format.JSON:
        emit(answer, json_ or form is Format.JSON, lambda: _listed(page))
    else:
        deliver(exports.paths(answer, source, target), form, table, out)


def _listed(page: Page[SeenPath]) -> Table | str:
    rows = []
    for path in page.items:
        debt, notes = path.receivable.view, [one.view for one in path.notes]
        way = " → ".join(f"#{n.id} T{n.tier} {n.holder.name_en or n.holder.id}" for n in notes)
        rows.append((debt.id, money(notes[-1].face, debt.currency.decimals), debt.currency.code, way))
    return tabulate(("receivable", "amount", "currency", "path"), rows)


def main(*arguments: str) -> None:
    """For `brownie run`."""
    for_brownie(paths, arguments)
