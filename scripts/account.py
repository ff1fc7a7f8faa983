"""`scf account new`: an account kept as an encrypted keyfile."""

from __future__ import annotations

import typer

from api.bootstrap import new_account
from api.config import load_settings
from scripts.command import console, guarded

app = typer.Typer(help="Accounts. 账户。", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keeps `new` a command of its own."""


@app.command()
def new() -> None:
    """Make a keyfile under the password file's password; prints the address. 新建账户密钥文件。"""
    settings = load_settings()
    console.print(guarded(lambda: new_account(settings)))
