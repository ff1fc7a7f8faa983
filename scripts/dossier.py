"""`scf dossier NOTE`: writes the file that proves a note's story. Also `brownie run dossier`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.bootstrap import Services
from api.dossier.check import read_headers
from api.dossier.document import Dossier
from scripts.command import for_brownie, run


def dossier(
    note: Annotated[int, typer.Argument(help="The note. 凭证编号。")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Where to write it; dossier-NOTE.json by default. 输出文件。")
    ] = None,
    block: Annotated[
        int | None, typer.Option(help="As of this block; the last one that is indexed by default. 截至区块。")
    ] = None,
) -> None:
    """Write a note's dossier: its story, with the proofs by which `scf check` believes it offline. 存证卷宗。

    Prints the file, its size, and the block as of which it is.
    """

    async def act(services: Services) -> bytes:
        return await services.sights.local.dossier(note, block)

    file = out or Path(f"dossier-{note}.json")
    content = run(act)
    file.write_bytes(content)
    last = read_headers(Dossier.read(content))[-1]
    typer.echo(f"{file}  {len(content):,} B  {last.number} 0x{last.hash.hex()}")


def main(*arguments: str) -> None:
    """For `brownie run`."""
    for_brownie(dossier, arguments)
