"""Which tests can see a mutant at all: those in which a function ran that leads to the mutated code.

What ran is observed once, on the original: `Contract.selector` of every call, nested ones too. What leads where is read
from the syntax trees, rather too much than too little: a call of a function is a call of every function of that name
that the contract has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bench.mutation.compiler import Tree
from bench.mutation.mutants import Mutant
from bench.mutation.syntax import Node

_OWNERS = ("FunctionDefinition", "ModifierDefinition", "VariableDeclaration")


class Reach:
    """Over one tree."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._of_contract: dict[str, dict[int, set[str]]] = {}

    def entries(self, mutant: Mutant) -> set[str]:
        """The calls that may run it."""
        found: set[str] = set()
        for name in self._tree.targets(mutant.file):
            if name not in self._of_contract:
                self._of_contract[name] = self._explore(name)
            found |= self._of_contract[name].get(mutant.owner, set())
        return found

    def tests(self, mutant: Mutant, observed: Mapping[str, Iterable[str]]) -> list[str]:
        """Those in which such a call was made."""
        entries = self.entries(mutant)
        return [test for test, calls in observed.items() if not entries.isdisjoint(calls)]

    def _explore(self, name: str) -> dict[int, set[str]]:
        """Id of a declaration → the contract's external functions that lead to it."""
        unit = self._tree.units[self._tree.deployed[name]]
        contract = next(node for node in unit.root.children if node.data.get("name") == name)
        bases = [unit.declarations[base] for base in contract.data["linearizedBaseContracts"]]
        own: dict[str, list[Node]] = {}
        for base in bases:
            for child in base.children:
                if child.kind in _OWNERS:
                    own.setdefault(child.data["name"], []).append(child)
        found: dict[int, set[str]] = {}
        for members in own.values():
            for member in members:
                if "functionSelector" in member.data:
                    entry = f"{name}.{member.data['functionSelector']}"
                    for declaration in _below(member, own):
                        found.setdefault(declaration, set()).add(entry)
        return found


def _below(start: Node, own: Mapping[str, list[Node]]) -> set[int]:
    found: set[int] = set()
    rest = [start]
    while rest:
        node = rest.pop()
        if node.data["id"] not in found:
            found.add(node.data["id"])
            rest += _led_to(node, own)
    return found


def _led_to(owner: Node, own: Mapping[str, list[Node]]) -> Iterator[Node]:
    for node in owner.walk():
        for key in ("referencedDeclaration", "function"):
            target = node.unit.declarations.get(node.data.get(key) or -1)
            if target is None or target.kind not in _OWNERS:
                continue
            yield target
            if target.parent is not None and target.parent.data.get("contractKind") in ("contract", "interface"):
                yield from own.get(target.data["name"], ())
