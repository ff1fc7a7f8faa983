"""Brownie and the product compile the same code: one compiler, one settings block, the same bytecode."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from api.chain.compile import CompilerSettings, compile_contracts

PROJECT = Path(__file__).resolve().parents[2]
BROWNIE = PROJECT / ".venv-contracts/bin/python"
READ_CONFIG = "import json, sys, yaml; json.dump(yaml.safe_load(open('brownie-config.yaml'))['compiler'], sys.stdout)"


@pytest.fixture(scope="module")
def brownie_environment() -> Path:
    if not BROWNIE.exists():
        pytest.skip("brownie's environment is not installed: make setup")
    return BROWNIE


def without_metadata(code: str) -> str:
    """The code up to the CBOR tail, which names the compiler's input files and so differs from tool to tool."""
    code = code.removeprefix("0x")
    if not code:
        return code
    tail_bytes = int(code[-4:], 16) + 2
    return code[: -2 * tail_bytes]


def test_settings_are_the_same(brownie_environment: Path) -> None:
    answer = subprocess.run(
        [brownie_environment, "-c", READ_CONFIG], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    brownie = json.loads(answer.stdout)
    ours = CompilerSettings.read(PROJECT)
    assert brownie["solc"]["version"] == ours.version
    assert {
        "evmVersion": brownie["evm_version"],
        "optimizer": brownie["solc"]["optimizer"],
        "viaIR": brownie["solc"]["viaIR"],
        "remappings": brownie["solc"]["remappings"],
    } == ours.settings


def test_bytecode_is_the_same(brownie_environment: Path, tmp_path: Path) -> None:
    """Brownie compiles the sources anew, into a folder of its own."""
    compile_contracts()
    subprocess.run(
        [brownie_environment.with_name("brownie"), "compile"],
        cwd=brownie_project(tmp_path / "theirs"),
        capture_output=True,
        check=True,
    )
    ours = read_all(PROJECT / "build/artifacts")
    theirs = read_all(tmp_path / "theirs/build/contracts")
    own = [name for name, artifact in ours.items() if artifact["sourceName"].startswith("contracts/")]
    assert "ReceivableNotes" in own
    differing = [
        name
        for name in own
        if without_metadata(ours[name]["deployedBytecode"]) != without_metadata(theirs[name]["deployedBytecode"])
    ]
    assert differing == []


def brownie_project(folder: Path) -> Path:
    """The same sources, packages and configuration, but a build folder of its own."""
    shutil.copytree(PROJECT / "contracts", folder / "contracts")
    for name in ("node_modules", "brownie-config.yaml", "scripts"):
        (folder / name).symlink_to(PROJECT / name)
    return folder


def read_all(folder: Path) -> dict[str, Any]:
    artifacts = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}
    artifacts.pop("index", None)
    return artifacts
