"""The compile step and the offline compiler behind it, on a project of three lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.chain.compile import PROJECT, CompilationFailed, compile_contracts

HEAD = "// SPDX-License-Identifier: Apache-2.0\npragma solidity 0.8.37;\n"
TOKEN = HEAD + (
    'import { ERC20 } from "@openzeppelin/contracts/token/ERC20/ERC20.sol";\n'
    'contract Token is ERC20("Token", "T") { uint256 public supply; }\n'
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one contract, the real settings, packages and compiler."""
    monkeypatch.setenv("SOLCX_BINARY_PATH", str(PROJECT / ".cache/solcx"))
    (tmp_path / "scripts/setup").mkdir(parents=True)
    (tmp_path / "scripts/setup/compiler.json").symlink_to(PROJECT / "scripts/setup/compiler.json")
    (tmp_path / "node_modules").symlink_to(PROJECT / "node_modules")
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts/Token.sol").write_text(TOKEN, encoding="utf-8")
    return tmp_path


def test_artifacts_hold_what_deployment_needs(project: Path) -> None:
    assert compile_contracts(project)
    token = json.loads((project / "build/artifacts/Token.json").read_text(encoding="utf-8"))
    assert token["sourceName"] == "contracts/Token.sol"
    assert any(entry.get("name") == "transfer" for entry in token["abi"])
    assert len(token["bytecode"]) > len(token["deployedBytecode"]) > 1000
    assert [slot["label"] for slot in token["storageLayout"]["storage"]][-1] == "supply"
    assert {path.stem for path in (project / "build/artifacts").iterdir()} == {"AccessManager", "Token", "index"}


def test_nothing_is_done_twice_and_a_change_is_seen(project: Path) -> None:
    assert compile_contracts(project)
    assert not compile_contracts(project)
    (project / "contracts/Token.sol").write_text(TOKEN.replace("Token is", "Renamed is"), encoding="utf-8")
    assert compile_contracts(project)
    assert not (project / "build/artifacts/Token.json").exists()


def test_an_error_names_file_and_line_and_leaves_the_old_artifacts(project: Path) -> None:
    compile_contracts(project)
    (project / "contracts/Token.sol").write_text(TOKEN.replace("uint256", "uint257"), encoding="utf-8")
    with pytest.raises(CompilationFailed, match=r"contracts/Token\.sol:4"):
        compile_contracts(project)
    assert (project / "build/artifacts/Token.json").exists()


def test_imports_stay_inside_the_project(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "Secret.sol"
    outside.write_text(HEAD, encoding="utf-8")
    (project / "contracts/Token.sol").write_text(HEAD + f'import "{outside}";\n', encoding="utf-8")
    with pytest.raises(CompilationFailed, match="outside of allowed directories"):
        compile_contracts(project)


def test_two_contracts_of_one_name_are_refused(project: Path) -> None:
    (project / "contracts/Twin.sol").write_text(HEAD + "contract Token {}\n", encoding="utf-8")
    with pytest.raises(CompilationFailed, match="two contracts are named Token"):
        compile_contracts(project)


def test_a_missing_compiler_names_the_next_command(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLCX_BINARY_PATH", str(project))
    with pytest.raises(CompilationFailed, match="make setup"):
        compile_contracts(project)
