"""Compiled contracts, as the build leaves them: one JSON file per contract with `abi` and `bytecode`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from eth_hash.auto import keccak

from api.domain.errors import Unavailable
from api.domain.operations import Contract


@dataclass(frozen=True)
class Artifact:
    """One compiled contract. `bytecode` is its creation code, without constructor arguments; `slots` is where its variables
    begin in storage."""

    name: str
    abi: tuple[Mapping[str, Any], ...]
    bytecode: bytes
    slots: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def abi_hash(self) -> str:
        """keccak256 of the ABI as canonical JSON, 0x-hex: the same for the same interface, whoever compiled it."""
        canonical = json.dumps(sorted(self.abi, key=_entry_order), sort_keys=True, separators=(",", ":"))
        return "0x" + keccak(canonical.encode()).hex()


def _entry_order(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    return entry["type"], entry.get("name", ""), json.dumps(entry.get("inputs", []), sort_keys=True)


def load_artifact(folder: Path, name: str) -> Artifact:
    """Unavailable("ArtifactMissing") when the contract was not compiled into `folder`."""
    file = folder / f"{name}.json"
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise Unavailable("ArtifactMissing", contract=name, folder=str(folder)) from error
    slots = {variable["label"]: int(variable["slot"]) for variable in content["storageLayout"]["storage"]}
    return Artifact(name, tuple(content["abi"]), bytes.fromhex(content["bytecode"].removeprefix("0x")), slots)


def load_artifacts(folder: Path, contracts: Sequence[Contract] = tuple(Contract)) -> dict[Contract, Artifact]:
    """All deployed contracts' artifacts."""
    return {contract: load_artifact(folder, contract.value) for contract in contracts}


def combined_hash(artifacts: Mapping[Contract, Artifact]) -> str:
    """One hash over all ABIs, for a deployment to be known by."""
    return "0x" + keccak(b"".join(bytes.fromhex(artifacts[c].abi_hash[2:]) for c in sorted(artifacts))).hex()
