"""A sample is the same for the same seed, and code that comes elsewhere does not change who is drawn, only how many."""

from __future__ import annotations

from bench.mutation.__main__ import draw
from bench.mutation.mutants import Mutant


def mutant(name: str) -> Mutant:
    return Mutant(name, "contracts/C.sol", 1, "C.f", "deletion", "x;", "", (), 1, frozenset(), False)


def drawn(names: list[str], count: int, seed: int) -> list[str]:
    return [chosen.id for chosen in draw([mutant(name) for name in names], count, seed)]


def test_the_draw() -> None:
    names = [f"C.f:deletion:{number}" for number in range(100)]
    first = drawn(names, 10, 1)
    assert len(first) == 10
    assert first == drawn(names, 10, 1) == [name for name in names if name in first]
    assert first != drawn(names, 10, 2)
    more = drawn([*names, *(f"D.g:deletion:{number}" for number in range(10))], 10, 1)
    assert [name for name in more if name.startswith("C")] == [name for name in first if name in more]
    assert len(set(first) & set(more)) >= 7
