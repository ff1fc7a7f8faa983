"""`scf check DOSSIER`: holds a dossier against hashes of blocks that one trusts; needs no node, no database and no server
of Cascade's. Also `brownie run check`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import anyio
import typer

from api.bootstrap import block_hashes
from api.chain.artifacts import load_artifacts
from api.chain.bindings import Bindings
from api.chain.deployment import load_deployment
from api.config import load_settings
from api.domain.calendar import instant
from api.domain.catalogue_dossier import VERDICT
from api.domain.errors import InvalidInput
from api.dossier.check import Verdict, numbers
from api.dossier.check import check as verdict_of
from scripts.command import JsonFlag, emit, for_brownie, guarded, tabulate
from scripts.intake_flags import language

_HASH = re.compile(r"0x[0-9a-fA-F]{64}")


def check(
    dossier: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The file. 卷宗文件。")],
    trust: Annotated[
        list[str] | None,
        typer.Option(help="A block hash that you trust, or a file of such. Repeatable. 可信区块哈希或其文件。"),
    ] = None,
    rpc: Annotated[
        str | None, typer.Option(help="A node of your choice that says which blocks to trust. 由您信任的节点给出区块。")
    ] = None,
    deployment: Annotated[
        Path | None,
        typer.Option(help="deployment.json of the network you mean: its contracts, no others. 可信合约地址。"),
    ] = None,
    json_: JsonFlag = False,
) -> None:
    """Check a dossier and name the first thing that does not hold. 核验卷宗。"""

    def act() -> Verdict:
        file = dossier.read_bytes()
        trusted = {bytes.fromhex(h[2:]) for value in trust or () for h in _hashes(value)}
        if rpc is not None:
            told = anyio.run(block_hashes, rpc, numbers(file))
            trusted |= {bytes.fromhex(h[2:]) for h in told.values()}
        if not trusted:
            raise InvalidInput("TrustMissing")
        verdict = verdict_of(file, Bindings(load_artifacts(load_settings().artifacts)), trusted)
        if deployment is not None:
            _require_contracts(verdict, deployment)
        return verdict

    found = guarded(act)
    emit(_data(found), json_, lambda: tabulate((VERDICT[language(None)]["holds"], ""), list(_lines(found))))


def _hashes(value: str) -> Iterable[str]:
    """A hash, or the lines of a file of hashes. InvalidInput("TrustUnreadable")."""
    found = [value]
    if _HASH.fullmatch(value) is None:
        try:
            found = Path(value).read_text(encoding="ascii").split()
        except (OSError, UnicodeError) as error:
            raise InvalidInput("TrustUnreadable", value=value) from error
    for one in found:
        if _HASH.fullmatch(one) is None:
            raise InvalidInput("TrustUnreadable", value=one)
    return found


def _require_contracts(verdict: Verdict, deployment: Path) -> None:
    for contract, address in load_deployment(deployment).addresses.items():
        said = verdict.contracts.get(contract.value, address)
        if said != address:
            raise InvalidInput("DossierOfOtherContracts", contract=contract.value, address=said, trusted=address)


def _data(verdict: Verdict) -> dict[str, object]:
    return {
        "holds": True,
        "note": verdict.note,
        "chain": verdict.chain,
        "block": verdict.block,
        "block_hash": verdict.block_hash,
        "time": verdict.time,
        "trusted": verdict.trusted,
        "contracts": verdict.contracts,
        "story": verdict.story,
    }


def _lines(verdict: Verdict) -> Iterator[tuple[str, object]]:
    words, story = VERDICT[language(None)], verdict.story
    note = next(n for n in story["notes"] if n["id"] == str(verdict.note))
    by_keys = sum(quote["signed_by"] == "key" for quote in story["quotes"])
    yield words["note"], verdict.note
    yield words["status"], note["status"]
    yield words["chain"], verdict.chain
    yield words["block"], f"{verdict.block} {verdict.block_hash} {instant(verdict.time)}"
    yield words["trusted"], len(verdict.trusted)
    yield words["contract"], verdict.contracts["ReceivableNotes"]
    yield words["blocks"], verdict.blocks
    yield words["transactions"], verdict.transactions
    yield words["events"], len(story["events"])
    yield words["words"], verdict.words
    yield words["quotes"], f"{len(story['quotes'])} ({by_keys})"
    yield words["approvals"], len(story["approvals"])
    yield words["documents"], len(story["documents"])


def main(*arguments: str) -> None:
    """For `brownie run`."""
    for_brownie(check, arguments)
