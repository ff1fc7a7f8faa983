"""`scf verify`: holds the chain against the read model and the invariants. Also `brownie run verify`."""

from __future__ import annotations

import typer

from api.bootstrap import Services
from api.services.verify import Outcome
from scripts.command import JsonFlag, emit, for_brownie, run, tabulate


def verify(json_: JsonFlag = False) -> None:
    """Compare chain and read model, note by note and cent by cent. 核验账链一致。

    Exits 1 and names the first difference when there is one.
    """

    async def act(services: Services) -> Outcome:
        return await services.verification.verify()

    outcome = run(act)
    rows = list(outcome.counts.items())
    data = {"clean": outcome.clean, "counts": dict(outcome.counts), "first_difference": outcome.first}
    emit(data, json_, lambda: tabulate(("compared", "count"), rows))
    if not outcome.clean:
        typer.echo(f"{outcome.first}", err=True)
        raise typer.Exit(1)


def main(*arguments: str) -> None:
    """For `brownie run`."""
    for_brownie(verify, arguments)
