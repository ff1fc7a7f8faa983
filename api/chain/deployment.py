"""What was deployed where: the record in `deployment.json`, written atomically."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.domain.errors import Unavailable
from api.domain.operations import Contract


@dataclass(frozen=True)
class Deployment:
    """A finished deployment. `block` is the first block to index from; `tokens` maps ISO codes to addresses."""

    chain_id: int
    deployer: str
    addresses: Mapping[Contract, str]
    tokens: Mapping[str, str]
    block: int
    block_hash: str
    abi_hash: str
    holders: Mapping[str, str]
    """Role name → the account that holds it."""
    transactions: tuple[Mapping[str, str], ...] = field(default=())
    """Each step with its transaction hash, in order."""

    def contract_of(self) -> dict[str, Contract]:
        """Address → contract, tokens included."""
        found = {address: contract for contract, address in self.addresses.items()}
        return found | dict.fromkeys(self.tokens.values(), Contract.TOKEN)


def write_atomically(file: Path, content: Mapping[str, Any]) -> None:
    """Writes JSON so that a reader, or a restart after a crash, sees the old file or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(file.suffix + ".new")
    with temporary.open("w", encoding="utf-8") as out:
        json.dump(content, out, indent=2)
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(file)


def read_record(file: Path) -> dict[str, Any] | None:
    """The raw record, finished or half-done; None when there is none."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise Unavailable("DeploymentFileInvalid", file=str(file)) from error
    return dict(content)


def as_record(deployment: Deployment) -> dict[str, Any]:
    return {
        "state": "done",
        "chain_id": deployment.chain_id,
        "deployer": deployment.deployer,
        "addresses": {contract.value: address for contract, address in deployment.addresses.items()},
        "tokens": dict(deployment.tokens),
        "block": deployment.block,
        "block_hash": deployment.block_hash,
        "abi_hash": deployment.abi_hash,
        "holders": dict(deployment.holders),
        "transactions": [dict(t) for t in deployment.transactions],
    }


def from_record(content: Mapping[str, Any]) -> Deployment:
    return Deployment(
        chain_id=content["chain_id"],
        deployer=content["deployer"],
        addresses={Contract(name): address for name, address in content["addresses"].items()},
        tokens=content["tokens"],
        block=content["block"],
        block_hash=content["block_hash"],
        abi_hash=content["abi_hash"],
        holders=content["holders"],
        transactions=tuple(content["transactions"]),
    )


def load_deployment(file: Path) -> Deployment:
    """Unavailable("NotDeployed") when nothing was deployed, or not to the end."""
    content = read_record(file)
    if content is None or content.get("state") != "done":
        raise Unavailable("NotDeployed", file=str(file))
    return from_record(content)
