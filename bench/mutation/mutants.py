"""A mutant: one edit of one file, under an id that stays while the code around it moves."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bench.mutation.syntax import Node, Unit


@dataclass(frozen=True)
class Edit:
    """`replacement` stands for the bytes from `start` to `end`."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True)
class Change:
    """What an operator proposes for a node; the edits lie within it or end just behind it."""

    operator: str
    node: Node
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Mutant:
    """`before` and `after` show the changed piece, in one line each; `owner` is the syntax tree's id of the function,
    modifier or variable that it stands in, `errors` are the selectors of those that the statement may revert with."""

    id: str
    file: str
    line: int
    place: str
    operator: str
    before: str
    after: str
    edits: tuple[Edit, ...]
    owner: int
    errors: frozenset[str]
    at_deployment: bool

    def apply(self, source: bytes) -> bytes:
        """The mutated file."""
        return apply_edits(source, self.edits)


def apply_edits(source: bytes, edits: Iterable[Edit]) -> bytes:
    """The text with all edits made; they do not overlap."""
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        source = source[: edit.start] + edit.replacement.encode() + source[edit.end :]
    return source


def mutants_of(unit: Unit, changes: Iterable[Change]) -> Iterator[Mutant]:
    """Names each change. Two changes that make the same text are one mutant."""
    made: set[bytes] = set()
    seen: Counter[str] = Counter()
    for change in changes:
        text = apply_edits(unit.source, change.edits)
        if text in made or text == unit.source:
            continue
        made.add(text)
        node = change.node
        owner = node.within("FunctionDefinition", "ModifierDefinition") or node.within("VariableDeclaration") or node
        end = max(node.end, *(edit.end for edit in change.edits))
        before = _flat(unit.source[node.start : end])
        after = _flat(apply_edits(unit.source[:end], change.edits)[node.start :])
        told = "\0".join((unit.path, node.place, change.operator, _flat(node.statement.text.encode()), before, after))
        seen[told] += 1
        digest = hashlib.sha256(f"{told}\0{seen[told]}".encode()).hexdigest()[:8]
        yield Mutant(
            id=f"{node.place}:{change.operator}:{digest}",
            file=unit.path,
            line=node.line,
            place=node.place,
            operator=change.operator,
            before=before,
            after=after,
            edits=change.edits,
            owner=owner.data["id"],
            errors=frozenset(_errors(node.statement)),
            at_deployment=_runs_at_deployment(node),
        )


def _errors(statement: Node) -> Iterator[str]:
    for node in statement.walk():
        if node.kind == "RevertStatement":
            for part in node.walk():
                target = node.unit.declarations.get(part.data.get("referencedDeclaration") or -1)
                if target is not None and target.kind == "ErrorDefinition":
                    yield target.data["errorSelector"]


def _flat(text: bytes) -> str:
    return " ".join(text.decode().split())


def _runs_at_deployment(node: Node) -> bool:
    """Constructors, and first values of variables: what a contract that is deployed already no longer shows."""
    function = node.within("FunctionDefinition")
    if function is not None:
        return bool(function.data["kind"] == "constructor")
    variable = node.within("VariableDeclaration")
    return variable is not None and not variable.data.get("constant")
