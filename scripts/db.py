"""`scf db move`: from SQLite files to PostgreSQL."""

from __future__ import annotations

from typing import Annotated

import typer

from api.bootstrap import move_database
from api.config import load_settings
from scripts.command import JsonFlag, emit, guarded, tabulate

app = typer.Typer(help="Databases. 数据库。", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keeps `move` a command of its own."""


@app.command()
def move(
    target: Annotated[str, typer.Argument(help="postgresql://user@host/name, empty. 目标数据库,须为空。")],
    json_: JsonFlag = False,
) -> None:
    """Carry app.db's tables into another database, all rows or none; then set SCF_APP_DB_URL. Stop `scf up` before.
    将链下数据整体迁入另一数据库,全部成功或原样不动;之后设置 SCF_APP_DB_URL。请先停止 scf up。"""
    counts = guarded(lambda: move_database(load_settings(), target))
    found = [{"table": name, "rows": rows} for name, rows in counts.items()]
    emit(found, json_, lambda: tabulate(("table", "rows"), [tuple(one.values()) for one in found]))
