"""The forms between an answer and a file: sheets of typed cells, and graphs.

Amounts are exact: whole minor units with the number of decimals, written out as decimal digits, never through a float.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML 1.0 cannot hold."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a person reads, in both languages."""

    zh: str
    en: str

    def __call__(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Money:
    """Minor units of a currency with so many decimals; negative where something is taken off."""

    amount: int
    decimals: int

    def __str__(self) -> str:
        """Plain decimal digits: 1234.50."""
        sign, amount = ("-", -self.amount) if self.amount < 0 else ("", self.amount)
        if not self.decimals:
            return f"{sign}{amount}"
        whole, part = divmod(amount, 10**self.decimals)
        return f"{sign}{whole}.{part:0{self.decimals}d}"

    def grouped(self) -> str:
        """For reading: 1,234.50."""
        whole, point, part = str(Money(abs(self.amount), self.decimals)).partition(".")
        return f"{'-' if self.amount < 0 else ''}{int(whole):,}{point}{part}"


@dataclass(frozen=True, slots=True)
class Rate:
    """A figure with so many decimals: a yearly rate in percent has two, a number of days one."""

    value: int
    decimals: int = 2

    def __str__(self) -> str:
        return str(Money(self.value, self.decimals))


Cell = str | int | Money | Rate | Words | None
"""Text, a count or an id, money, a figure, a word in both languages; None: nothing, or not shown."""


def legal(text: str) -> str:
    """Without characters that XML cannot hold."""
    return _ILLEGAL.sub("\ufffd", text)


def shown(cell: Cell, language: str) -> str:
    """A cell as people read it."""
    if cell is None:
        return ""
    if isinstance(cell, Words):
        return legal(cell(language))
    return cell.grouped() if isinstance(cell, Money) else legal(str(cell))


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is the machine's name, the same in every language."""

    key: str
    title: Words


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table. The last row is a sum where `total`."""

    key: str
    title: Words
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    total: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """`label` is read by people, `facts` by machines."""

    id: str
    label: Words
    facts: Mapping[str, str | int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edge:
    source: str
    target: str
    label: Words
    facts: Mapping[str, str | int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Graph:
    """Directed; several edges may join the same two nodes."""

    nodes: Sequence[Node]
    edges: Sequence[Edge]


@dataclass(frozen=True, slots=True)
class Book:
    """Everything of one answer: `name` begins the file's name."""

    name: str
    sheets: Sequence[Sheet]
    graph: Graph | None = None
    title: Words = Words("", "")
    head: Sequence[Words] = ()
    """Lines below the title: of whom, of when."""
    text: str = ""
    """For programs of one kind: a journal in beancount's language."""


def columns(*named: tuple[str, str, str]) -> tuple[Column, ...]:
    """From (key, 中文, English)."""
    return tuple(Column(key, Words(zh, en)) for key, zh, en in named)
