"""Solidity's syntax tree as solc gives it: nodes that know their text, their parent and where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]

_DEFINITIONS = ("FunctionDefinition", "ModifierDefinition", "VariableDeclaration", "StructDefinition")


@dataclass(eq=False)
class Node:
    """One node. Offsets count bytes of `unit.source`, as solc's do."""

    data: Json
    unit: Unit
    parent: Node | None
    start: int
    end: int
    children: list[Node] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """solc's nodeType."""
        return str(self.data["nodeType"])

    @property
    def text(self) -> str:
        """What the source says here."""
        return self.unit.source[self.start : self.end].decode()

    @property
    def type(self) -> str:
        """The type of an expression, as solc writes it; empty for what has none."""
        return str(self.data.get("typeDescriptions", {}).get("typeString") or "")

    def at(self, key: str) -> Node | None:
        """The child under a key, where there is one."""
        value = self.data.get(key)
        return None if value is None else next(child for child in self.children if child.data is value)

    def all_at(self, key: str) -> list[Node]:
        """The children under a key; those that are left out, as in `(, b)`, are left out here."""
        wanted = [value for value in self.data.get(key) or () if value is not None]
        return [next(child for child in self.children if child.data is value) for value in wanted]

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in the order of the source."""
        yield self
        for child in self.children:
            yield from child.walk()

    def ancestors(self) -> Iterator[Node]:
        """From the parent up."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def within(self, *kinds: str) -> Node | None:
        """The nearest node of these kinds, this one included."""
        return next((node for node in (self, *self.ancestors()) if node.kind in kinds), None)

    @property
    def statement(self) -> Node:
        """The statement that holds this node; else the definition."""
        node = self
        for above in (self, *self.ancestors()):
            if above.kind in ("Block", "UncheckedBlock", "FunctionDefinition", "ContractDefinition", "SourceUnit"):
                break
            node = above
        return node

    @property
    def place(self) -> str:
        """`Contract.function`, or what comes near it."""
        names = []
        for node in (self, *self.ancestors()):
            if node.kind == "ContractDefinition" or (node.kind in _DEFINITIONS and _is_named(node)):
                names.append(node.data["name"] or node.data.get("kind", ""))
        return ".".join(reversed(names)) or self.unit.path

    @property
    def line(self) -> int:
        """Line of the first character, from 1."""
        return self.unit.source.count(b"\n", 0, self.start) + 1


def _is_named(node: Node) -> bool:
    return node.kind != "VariableDeclaration" or bool(node.data.get("stateVariable") or node.data.get("constant"))


@dataclass(eq=False)
class Unit:
    """One source file and its tree. All units of a compilation share `declarations`, which finds what a reference means,
    and `relations`: (type, operator) of the operators that types of our own have."""

    path: str
    source: bytes
    declarations: dict[int, Node]
    relations: set[tuple[str, str]]
    root: Node = field(init=False)

    def imports(self) -> dict[str, str]:
        """What each import statement says → the path it leads to."""
        directives = [child.data for child in self.root.children if child.kind == "ImportDirective"]
        return {directive["file"]: directive["absolutePath"] for directive in directives}


def read_units(sources: Mapping[str, bytes], output: Json) -> dict[str, Unit]:
    """The units of `sources` from a compilation that was asked for their trees."""
    declarations: dict[int, Node] = {}
    relations: set[tuple[str, str]] = set()
    units: dict[str, Unit] = {}
    for path, source in sources.items():
        unit = Unit(path, source, declarations, relations)
        unit.root = _read(output["sources"][path]["ast"], unit, None)
        units[path] = unit
    return units


def _read(data: Json, unit: Unit, parent: Node | None) -> Node:
    start, length, _ = (int(part) for part in data["src"].split(":"))
    node = Node(data, unit, parent, start, start + length)
    unit.declarations[data["id"]] = node
    if node.kind == "UsingForDirective" and data.get("typeName"):
        name = data["typeName"]["typeDescriptions"]["typeString"]
        unit.relations.update(
            (name, entry["operator"]) for entry in data.get("functionList", ()) if "operator" in entry
        )
    for value in data.values():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and "nodeType" in item and not item["nodeType"].startswith("Yul"):
                node.children.append(_read(item, unit, node))
    node.children.sort(key=lambda child: (child.start, child.end))
    return node
