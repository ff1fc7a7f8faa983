"""Compiles contracts/ into build/artifacts: `python -m api.chain.compile`.

One JSON file a contract (`abi`, `bytecode`, `deployedBytecode`, `storageLayout`, `sourceName`), and `index.json` with
the hash of all inputs, by which a run that would change nothing is skipped. The settings are those of
scripts/setup/compiler.json, which brownie-config.yaml repeats; a test compares the bytecode of both.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import solcx
from solcx.exceptions import SolcError, SolcNotInstalled

PROJECT = Path(__file__).resolve().parents[2]
INDEX_FILE = "index.json"
_FORMAT = "1"
_OUTPUTS = ["abi", "evm.bytecode.object", "evm.deployedBytecode.object", "storageLayout"]


class CompilationFailed(Exception):
    """The compiler is missing or refused the sources; the message is for people and may have several lines."""


@dataclass(frozen=True)
class CompilerSettings:
    """What scripts/setup/compiler.json says: `library_contracts` are import paths compiled beside contracts/."""

    version: str
    settings: Mapping[str, Any]
    library_contracts: tuple[str, ...]

    @classmethod
    def read(cls, project: Path = PROJECT) -> CompilerSettings:
        """KeyError or ValueError when the file is not as it should be: it is part of the source."""
        content = json.loads((project / "scripts/setup/compiler.json").read_text(encoding="utf-8"))
        return cls(content["version"], content["settings"], tuple(content["libraryContracts"]))

    @property
    def remappings(self) -> dict[str, str]:
        """Import prefix → folder, relative to the project."""
        return dict(entry.split("=", 1) for entry in self.settings["remappings"])


def compile_contracts(project: Path = PROJECT, out: Path | None = None) -> bool:
    """Bring `out` (default build/artifacts) up to date; True when it compiled, False when nothing had changed.

    Raises CompilationFailed; the artifacts of an earlier run then stay as they were.
    """
    out = out or project / "build/artifacts"
    compiler = CompilerSettings.read(project)
    sources = {path.relative_to(project).as_posix(): path.read_bytes() for path in _solidity_files(project)}
    digest = _input_hash(project, compiler, sources)
    index = out / INDEX_FILE
    if index.exists() and json.loads(index.read_text(encoding="utf-8"))["inputHash"] == digest:
        return False
    texts = {name: content.decode("utf-8") for name, content in sources.items()}
    output = run_solc(project, compiler, texts | _library_sources(project, compiler))
    _write(out, compiler, digest, dict(_artifacts(output, compiler)))
    return True


def _solidity_files(project: Path) -> list[Path]:
    return sorted((project / "contracts").rglob("*.sol"))


def _input_hash(project: Path, compiler: CompilerSettings, sources: Mapping[str, bytes]) -> str:
    """SHA-256 over settings, own sources and the versions of the packages that are imported."""
    digest = hashlib.sha256(_FORMAT.encode())
    digest.update((project / "scripts/setup/compiler.json").read_bytes())
    for target in compiler.remappings.values():
        for manifest in sorted((project / target).glob("**/package.json")):
            digest.update(json.loads(manifest.read_text(encoding="utf-8"))["version"].encode())
    for name, content in sorted(sources.items()):
        digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def run_solc(project: Path, compiler: CompilerSettings, sources: Mapping[str, str]) -> Mapping[str, Any]:
    """The compiler's output for `sources` (text by name) and what they import. Raises CompilationFailed."""
    standard_input = {
        "language": "Solidity",
        "sources": {name: {"content": content} for name, content in sources.items()},
        "settings": {**compiler.settings, "outputSelection": {"*": {"*": _OUTPUTS}}},
    }
    folder = os.environ.get("SOLCX_BINARY_PATH") or project / ".cache/solcx"
    try:
        output: Mapping[str, Any] = solcx.compile_standard(
            standard_input,
            base_path=project,
            allow_paths=project,
            solc_binary=solcx.install.get_executable(compiler.version, folder),
        )
    except SolcNotInstalled as missing:
        raise CompilationFailed(
            f"找不到编译器 solc {compiler.version},请先执行 make setup / "
            f"compiler solc {compiler.version} is not there; next: make setup"
        ) from missing
    except SolcError as refused:
        raise CompilationFailed(refused.message) from refused
    return output


def _library_sources(project: Path, compiler: CompilerSettings) -> dict[str, str]:
    return {name: _library_source(project, compiler, name) for name in compiler.library_contracts}


def _library_source(project: Path, compiler: CompilerSettings, name: str) -> str:
    for prefix, target in compiler.remappings.items():
        if name.startswith(prefix + "/"):
            return (project / (target + name.removeprefix(prefix))).read_text(encoding="utf-8")
    raise CompilationFailed(f"no remapping leads to {name}")


def _artifacts(output: Mapping[str, Any], compiler: CompilerSettings) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each contract of contracts/ and of the named library files; CompilationFailed when two share a name."""
    seen: dict[str, str] = {}
    for source, contracts in output["contracts"].items():
        if not (source.startswith("contracts/") or source in compiler.library_contracts):
            continue
        for name, content in contracts.items():
            if name in seen:
                raise CompilationFailed(f"two contracts are named {name}: in {seen[name]} and in {source}")
            seen[name] = source
            yield (
                name,
                {
                    "contractName": name,
                    "sourceName": source,
                    "abi": content["abi"],
                    "bytecode": "0x" + content["evm"]["bytecode"]["object"],
                    "deployedBytecode": "0x" + content["evm"]["deployedBytecode"]["object"],
                    "storageLayout": content.get("storageLayout"),
                },
            )


def _write(out: Path, compiler: CompilerSettings, digest: str, artifacts: Mapping[str, Mapping[str, Any]]) -> None:
    """The index goes last: what it names is complete."""
    out.mkdir(parents=True, exist_ok=True)
    (out / INDEX_FILE).unlink(missing_ok=True)
    for name, artifact in artifacts.items():
        _replace(out / f"{name}.json", artifact)
    for stale in {path.stem for path in out.glob("*.json")} - set(artifacts):
        (out / f"{stale}.json").unlink()
    index = {
        "inputHash": digest,
        "compiler": compiler.version,
        "contracts": {
            name: {"sourceName": artifact["sourceName"], "bytes": len(artifact["deployedBytecode"]) // 2 - 1}
            for name, artifact in sorted(artifacts.items())
        },
    }
    _replace(out / INDEX_FILE, index)


def _replace(path: Path, content: Mapping[str, Any]) -> None:
    beside = path.with_suffix(f".{os.getpid()}")
    beside.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    beside.replace(path)


def main() -> int:
    """Exit code 0 when the artifacts are up to date, 1 with the compiler's words on stderr."""
    try:
        compiled = compile_contracts()
    except CompilationFailed as failure:
        print(f"合约编译失败 / contracts do not compile:\n{failure}", file=sys.stderr)
        return 1
    print("合约已编译 / contracts compiled" if compiled else "合约无变化 / contracts unchanged")
    return 0


if __name__ == "__main__":
    sys.exit(main())
