"""The command line: `scf …`. Each command lives in the module of its name, which `brownie run` can run as well."""

from __future__ import annotations

import importlib

import typer

from scripts import account, db, network_key, person, settings
from scripts.accept import accept
from scripts.check import check
from scripts.command import guarded
from scripts.confirm import confirm
from scripts.demo import demo
from scripts.deploy import deploy
from scripts.doctor import doctor
from scripts.dossier import dossier
from scripts.finance import finance, quote
from scripts.fingerprint import fingerprint
from scripts.paths import paths
from scripts.position import position
from scripts.reindex import reindex
from scripts.repay import repay
from scripts.report import report
from scripts.split import split
from scripts.trace import trace
from scripts.up import up
from scripts.verify import verify
from scripts.watch import watch

app = typer.Typer(
    name="scf",
    help="Cascade: supply-chain finance on chain. 供应链金融网络。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
COMMANDS = (
    *(deploy, up, demo, doctor, confirm, accept, split, quote, finance, repay),
    *(trace, position, paths, report, watch, verify, reindex, dossier, check, fingerprint),
)
for command in COMMANDS:
    app.command()(command)
app.command("import")(importlib.import_module("scripts.import").import_)
app.add_typer(network_key.app, name="key")
app.add_typer(account.app, name="account")
app.add_typer(person.app, name="person")
app.add_typer(settings.app, name="config")
app.add_typer(db.app, name="db")


def main() -> None:
    """The `scf` program. Named errors are told in the user's language and end it with 1."""
    guarded(app)
