"""How the model says no: every broken rule of an act, each under the name of the contract's custom error."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Broken:
    """One broken rule.

    ``name`` is the contract's custom error; ``evidence`` its arguments in order, ``...`` where the model has no view
    (a digest, an address it does not know).
    """

    name: str
    evidence: tuple[Any, ...] = ()

    def explains(self, name: str, evidence: tuple[Any, ...]) -> bool:
        """Whether an answer is this rule with this evidence."""
        if name != self.name or len(evidence) != len(self.evidence):
            return False
        return all(
            mine is ... or theirs is ... or mine == theirs for mine, theirs in zip(self.evidence, evidence, strict=True)
        )


class Refused(Exception):
    """The act breaks rules; nothing has changed."""

    def __init__(self, broken: list[Broken]) -> None:
        super().__init__(", ".join(f"{rule.name}{rule.evidence}" for rule in broken))
        self.broken = tuple(broken)

    @property
    def names(self) -> set[str]:
        """The names of all broken rules: the contract may answer with any of them."""
        return {rule.name for rule in self.broken}


@dataclass
class Judge:
    """Collects the broken rules of one act."""

    broken: list[Broken] = field(default_factory=list)

    def require(self, holds: bool, name: str, *evidence: Any) -> bool:
        """Notes the rule as broken unless it holds; returns whether it holds."""
        if not holds:
            self.broken.append(Broken(name, evidence))
        return holds

    def verdict(self) -> None:
        """Raises :class:`Refused` when any rule was broken."""
        if self.broken:
            raise Refused(self.broken)
