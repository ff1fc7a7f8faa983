"""`scf config show`: every setting, and where its value comes from."""

from __future__ import annotations

from dataclasses import fields

import typer

from api.config import Settings, load_settings
from scripts.command import JsonFlag, emit, guarded, tabulate

app = typer.Typer(help="Settings. 配置。", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keeps `show` a command of its own."""


@app.command()
def show(json_: JsonFlag = False) -> None:
    """Print each setting with its source. 显示配置及来源。"""
    settings = guarded(load_settings)
    names = [f.name for f in fields(Settings) if f.name != "sources"]
    rows = [(name, getattr(settings, name), settings.sources.get(name, "default")) for name in names]
    data = {name: {"value": str(value), "source": source} for name, value, source in rows}
    emit(data, json_, lambda: tabulate(("setting", "value", "source"), rows))
