"""solc for many mutants: one process that stays, and one call for a batch of mutated files.

The mutants of a batch lie side by side in one compilation, each in a folder of its own together with what imports the
mutated file; whatever they share is read and checked once. Code is compiled without the metadata hash, so that equal
code is equal bytes.
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from api.chain.compile import PROJECT, CompilerSettings
from bench.mutation.mutants import Edit, Mutant, apply_edits
from bench.mutation.syntax import Unit, read_units

# Contract → its creation code in hex.
Codes = dict[str, str]

# WebAssembly memory is never given back: a new process after so many calls.
_CALLS = 40
_FOLDER = "mutants"


class Solc:
    """The compiler's process, started when first needed; threads take turns. Use it in a `with`."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._calls = 0

    def __enter__(self) -> Solc:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def compile(self, standard_input: Mapping[str, Any]) -> dict[str, Any]:
        """Standard JSON in and out; errors are the caller's to read."""
        with self._turn:
            return self._compile(standard_input)

    def _compile(self, standard_input: Mapping[str, Any]) -> dict[str, Any]:
        if self._calls >= _CALLS:
            self._end()
        if self._process is None:
            script = str(Path(__file__).with_name("solc.cjs"))
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(["node", script], cwd=PROJECT, stdin=pipe, stdout=pipe, text=True)
            self._calls = 0
        self._calls += 1
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(standard_input) + "\n")
        self._process.stdin.flush()
        output: dict[str, Any] = json.loads(self._process.stdout.readline())
        return output

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@dataclass
class Tree:
    """contracts/ as it stands: files, their trees, and which contracts are deployed from which file."""

    units: Mapping[str, Unit]
    deployed: Mapping[str, str]
    settings: Mapping[str, Any]
    _dependents: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, solc: Solc, project: Path = PROJECT) -> Tree:
        """Parses everything; SyntaxError with the compiler's words when it does not compile."""
        settings = CompilerSettings.read(project)
        own = {
            path.relative_to(project).as_posix(): path.read_bytes() for path in (project / "contracts").rglob("*.sol")
        }
        output = solc.compile(
            {
                "language": "Solidity",
                "sources": {name: {"content": source.decode()} for name, source in sorted(own.items())},
                "settings": {**settings.settings, "outputSelection": {"*": {"": ["ast"]}}},
            }
        )
        if errors := _errors(output):
            raise SyntaxError("\n".join(error["formattedMessage"] for error in errors))
        packages = settings.remappings
        sources = {name: own.get(name) or _packaged(project, packages, name) for name in output["sources"]}
        units = read_units(sources, output)
        deployed = {
            node.data["name"]: name
            for name, unit in units.items()
            for node in unit.root.children
            if name in own and not name.startswith("contracts/test/")
            if node.data.get("contractKind") == "contract" and not node.data["abstract"]
        }
        return cls({name: units[name] for name in sorted(own)}, deployed, settings.settings)

    def affected(self, file: str) -> set[str]:
        """The file, and what imports it, directly or not."""
        if file not in self._dependents:
            found, size = {file}, 0
            while len(found) > size:
                size = len(found)
                found |= {name for name, unit in self.units.items() if found & set(unit.imports().values())}
            self._dependents[file] = found
        return self._dependents[file]

    def targets(self, file: str) -> dict[str, str]:
        """The deployed contracts whose code a change of this file can change → where they are."""
        affected = self.affected(file)
        return {name: path for name, path in self.deployed.items() if path in affected}

    def moved(self, folder: str, mutant: Mutant) -> dict[str, bytes]:
        """The mutated file and what imports it, as they read in a folder of their own."""
        affected = self.affected(mutant.file)
        wanted = {path for target in self.targets(mutant.file).values() for path in self.below(target) & affected}
        files = {}
        for name in wanted:
            unit = self.units[name]
            edits = list(mutant.edits) if name == mutant.file else []
            for child in unit.root.children:
                if child.kind == "ImportDirective":
                    path = child.data["absolutePath"]
                    leads_to = f"{folder}/{path}" if path in wanted else path
                    written = child.text.replace(f'"{child.data["file"]}"', f'"{leads_to}"')
                    edits.append(Edit(child.start, child.end, written))
            files[f"{folder}/{name}"] = apply_edits(unit.source, edits)
        return files

    def below(self, name: str) -> set[str]:
        """This file and all of contracts/ that it imports, directly or not."""
        found, rest = set[str](), [name]
        while rest:
            path = rest.pop()
            if path in self.units and path not in found:
                found.add(path)
                rest += self.units[path].imports().values()
        return found


def _packaged(project: Path, packages: Mapping[str, str], name: str) -> bytes:
    for prefix, target in packages.items():
        if name.startswith(prefix):
            return (project / (target + name.removeprefix(prefix))).read_bytes()
    return (project / name).read_bytes()


def _errors(output: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [error for error in output.get("errors", ()) if error["severity"] == "error"]


def compile_originals(solc: Solc, tree: Tree, *, optimized: bool) -> Codes:
    """The code of every deployed contract as it stands, compiled like mutants are."""
    codes: Codes = {}
    for path in set(tree.deployed.values()):
        unchanged = Mutant("", path, 0, "", "", "", "", (), 0, frozenset(), False)
        (code,) = compile_mutants(solc, tree, [unchanged], optimized=optimized)
        assert code is not None
        codes |= {name: code[name] for name, at in tree.deployed.items() if at == path}
    return codes


def compile_mutants(solc: Solc, tree: Tree, mutants: Sequence[Mutant], *, optimized: bool) -> list[Codes | None]:
    """The code of each mutant; None for one that the compiler refuses. Costs one call, and one for each round of refusals."""
    codes: dict[int, Codes] = {}
    left = dict(enumerate(mutants))
    while left:
        output = solc.compile(_input(tree, left, optimized=optimized))
        errors = _errors(output)
        if not errors:
            for number, mutant in left.items():
                codes[number] = {
                    name: output["contracts"][f"{_FOLDER}/{number}/{path}"][name]["evm"]["bytecode"]["object"]
                    for name, path in tree.targets(mutant.file).items()
                }
            break
        refused = set(_refused(errors))
        if not refused:
            raise SyntaxError(errors[0]["formattedMessage"])
        left = {number: mutant for number, mutant in left.items() if number not in refused}
    return [codes.get(number) for number in range(len(mutants))]


def _input(tree: Tree, mutants: Mapping[int, Mutant], *, optimized: bool) -> dict[str, Any]:
    sources = {name: unit.source for name, unit in tree.units.items()}
    selection: dict[str, dict[str, list[str]]] = {}
    for number, mutant in mutants.items():
        sources |= tree.moved(f"{_FOLDER}/{number}", mutant)
        for name, path in tree.targets(mutant.file).items():
            selection.setdefault(f"{_FOLDER}/{number}/{path}", {})[name] = ["evm.bytecode.object"]
    optimizer = tree.settings["optimizer"] if optimized else {"enabled": False}
    return {
        "language": "Solidity",
        "sources": {name: {"content": source.decode()} for name, source in sources.items()},
        "settings": {
            **tree.settings,
            "optimizer": optimizer,
            "metadata": {"appendCBOR": False, "bytecodeHash": "none"},
            "outputSelection": selection,
        },
    }


def _refused(errors: Iterable[Mapping[str, Any]]) -> Iterable[int]:
    for error in errors:
        file = error.get("sourceLocation", {}).get("file", "")
        if file.startswith(f"{_FOLDER}/"):
            yield int(file.split("/")[1])
