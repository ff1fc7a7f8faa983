"""What became of each mutant: kept between runs under a hash of the code it is a mutant of, so that a run goes on where
the last one stopped and tries again only what may have changed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from bench.mutation.compiler import Tree
from bench.mutation.mutants import Mutant


class Outcome(StrEnum):
    """KILLED and SURVIVED count; the others are no mutants."""

    KILLED = "killed"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"
    """Compiles to the code of the original."""
    DUPLICATE = "duplicate"
    """Compiles to the code of another mutant."""
    REFUSED = "refused"
    """Does not compile."""


@dataclass(frozen=True)
class Record:
    """`key` says of what; `tests` is the hash of the tests that a survivor survived."""

    key: str
    outcome: Outcome
    code: str = ""
    by: str = ""
    why: str = ""
    seconds: float = 0.0
    tests: str = ""


class Records:
    """The file of records; what was said last counts."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, Record] = {}
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                entry = json.loads(line)
                self._known[entry["key"]] = Record(**{**entry, "outcome": Outcome(entry["outcome"])})

    def of(self, key: str, tests: str) -> Record | None:
        """What is known; a survivor of other tests is not known."""
        record = self._known.get(key)
        return None if record is None or (record.outcome is Outcome.SURVIVED and record.tests != tests) else record

    def keep(self, record: Record) -> None:
        """Writes it down at once."""
        self._known[record.key] = record
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(record)) + "\n")


class Keys:
    """Hashes of the code around mutants: comments and layout change nothing."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._texts = {name: _bare(unit.source.decode()) for name, unit in tree.units.items()}
        self._of_file: dict[str, str] = {}

    def of(self, mutant: Mutant) -> str:
        """Changes when the mutant, or anything its contracts are compiled from, does."""
        if mutant.file not in self._of_file:
            paths = {path for target in self._tree.targets(mutant.file).values() for path in self._tree.below(target)}
            self._of_file[mutant.file] = digest(f"{path}\0{self._texts[path]}" for path in sorted(paths))
        return digest((mutant.id, self._of_file[mutant.file]))


def digest(parts: Iterable[str]) -> str:
    """SHA-256 over the parts, shortened."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def tests_digest(root: Path) -> str:
    """Of all files of the tests that find mutants and of what they stand on."""
    return digest(_files(root / folder for folder in ("tests/contracts", "tests/reference", "tests/foundry")))


def _files(folders: Iterable[Path]) -> Iterator[str]:
    for folder in folders:
        for file in sorted([*folder.rglob("*.py"), *folder.rglob("*.sol")]):
            yield f"{file}\0{file.read_text(encoding='utf-8')}"


def _bare(source: str) -> str:
    """Strings stay; comments go, and so does layout."""
    kept = re.sub(r'("(?:\\.|[^"\\\n])*")|//[^\n]*|/\*.*?\*/', lambda match: match[1] or " ", source, flags=re.DOTALL)
    return " ".join(kept.split())
