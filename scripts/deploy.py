"""`scf deploy`: puts the contracts on the chain; a second time it changes nothing. Also `brownie run deploy`."""

from __future__ import annotations

from typing import Annotated

import anyio
import typer

from api.bootstrap import deploy_network
from api.chain.deployment import as_record
from api.config import load_settings
from scripts.command import JsonFlag, emit, for_brownie, guarded, tabulate

TokenFlag = Annotated[
    list[str] | None, typer.Option("--test-token", metavar="CODE=NAME", help="Test money to create. 测试存款代币。")
]
ExistingFlag = Annotated[
    list[str] | None, typer.Option("--token", metavar="CODE=ADDRESS", help="A bank's deposit token. 已有存款代币。")
]


def deploy(test_token: TokenFlag = None, token: ExistingFlag = None, json_: JsonFlag = False) -> None:
    """Deploy the contracts. 部署合约。"""
    settings = load_settings()
    created, existing = _pairs(test_token), _pairs(token)
    deployment = guarded(lambda: anyio.run(deploy_network, settings, created, existing))
    record = as_record(deployment)
    rows = [*record["addresses"].items(), *record["tokens"].items(), ("block", record["block"])]
    emit(record, json_, lambda: tabulate(("contract", "address"), rows))


def _pairs(flags: list[str] | None) -> dict[str, str]:
    pairs = {}
    for flag in flags or ():
        code, _, value = flag.partition("=")
        if not (code and value):
            raise typer.BadParameter(f"{flag!r}: want CODE=VALUE")
        pairs[code] = value
    return pairs


def main(*arguments: str) -> None:
    """For `brownie run`."""
    for_brownie(deploy, arguments)
