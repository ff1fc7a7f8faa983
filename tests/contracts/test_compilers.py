"""Brownie and the product compile the same code: one compiler, one settings block, the same bytecode."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from api.chain.compile import CompilerSettings
from tests.contracts.conftest import NODE, ROOT

pytestmark = pytest.mark.skipif(NODE is not None, reason="brownie compiled nothing here")


def without_metadata(code: str) -> str:
    """The code up to the CBOR tail, which names the compiler's input files and so differs from tool to tool."""
    code = code.removeprefix("0x")
    if not code:
        return code
    tail_bytes = int(code[-4:], 16) + 2
    return code[: -2 * tail_bytes]


def test_settings_are_the_same() -> None:
    brownie = yaml.safe_load((ROOT / "brownie-config.yaml").read_text(encoding="utf-8"))["compiler"]
    ours = CompilerSettings.read(ROOT)
    assert brownie["solc"]["version"] == ours.version
    assert {
        "evmVersion": brownie["evm_version"],
        "optimizer": brownie["solc"]["optimizer"],
        "viaIR": brownie["solc"]["viaIR"],
        "remappings": brownie["solc"]["remappings"],
    } == ours.settings


def test_bytecode_is_the_same(artifacts: dict[str, Any]) -> None:
    """Brownie compiled the sources by itself when it started."""
    ours = {file.stem: json.loads(file.read_text("utf-8")) for file in (ROOT / "build/artifacts").glob("[A-Z]*.json")}
    own = [name for name, artifact in ours.items() if artifact["sourceName"].startswith("contracts/")]
    assert "ReceivableNotes" in own
    differing = [
        name
        for name in own
        if without_metadata(ours[name]["deployedBytecode"]) != without_metadata(artifacts[name]["deployedBytecode"])
    ]
    assert differing == []
