"""`scf import FILE…`: reads ledgers and invoices in the name of the party that owes. Also `brownie run import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.bootstrap import Services
from api.services.intake import ImportReport
from scripts.command import JsonFlag, PartyFlag, console, emit, for_brownie, run, tabulate
from scripts.intake_flags import (
    AliasesFlag,
    AssumeDueDaysFlag,
    BuyerFlag,
    ColumnsFlag,
    CountryFlag,
    CurrencyFlag,
    DecimalMarkFlag,
    EncodingFlag,
    SeedFlag,
    aliases,
    ledger_options,
)


def import_(
    party: PartyFlag,
    files: Annotated[list[Path], typer.Argument(help="Invoices (UBL, CII) and ledgers (CSV). 发票与台账文件。")],
    column: ColumnsFlag = None,
    encoding: EncodingFlag = "utf-8",
    decimal_mark: DecimalMarkFlag = ".",
    currency: CurrencyFlag = None,
    buyer: BuyerFlag = None,
    country: CountryFlag = None,
    alias_file: AliasesFlag = None,
    assume_due_days: AssumeDueDaysFlag = None,
    seed: SeedFlag = 0,
    json_: JsonFlag = False,
) -> None:
    """Import documents; each invoice goes in once. 导入单据，每张发票只导入一次。"""
    options = ledger_options(column, encoding, decimal_mark, currency, buyer, country, assume_due_days, seed)

    async def act(services: Services) -> ImportReport:
        reader = services.reader(options, aliases(alias_file))
        return await services.importing.import_files(party, files, reader)

    report = run(act)
    data = {
        "imported": len(report.imported),
        "known": len(report.known),
        "refused": [{"file": r.file, "item": r.item, "rule": r.rule} for r in report.refused],
        "reasons": dict(report.reasons()),
    }
    rows = [(r.file, r.item, r.rule) for r in report.refused]
    emit(data, json_, lambda: tabulate(("file", "item", "rule"), rows))
    if not json_:
        console.print(f"imported {len(report.imported)}, known {len(report.known)}, refused {len(report.refused)}")


def main(*arguments: str) -> None:
    """For `brownie run`."""
    for_brownie(import_, arguments)
