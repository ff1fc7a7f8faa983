"""Which test first: the one that is likeliest to find the mutant, for the time it takes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from bench.mutation.mutants import Mutant
from bench.mutation.suite import Observation

# What a test found in the same function counts for more than what it found in the same file, or anywhere; and a test that
# meets the very refusal is likely to see that it has changed.
_PLACE, _FILE, _ANYWHERE, _REFUSAL = 1.0, 0.1, 0.01, 2.0
_CALL_SECONDS = 0.05


class Ranking:
    """Learns from each find. The order changes how soon a mutant is found, never whether."""

    def __init__(self, seen: Observation) -> None:
        self._seen = seen
        self._finds: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def learn(self, place: str, file: str, test: str) -> None:
        """`test` found a mutant there."""
        for key in (place, file, ""):
            self._finds[key][test] += 1

    def order(self, mutant: Mutant, tests: Iterable[str]) -> dict[str, float]:
        """The tests, likeliest first, with the seconds each takes."""

        def worth(test: str) -> float:
            finds = (
                _PLACE * self._finds[mutant.place][test]
                + _FILE * self._finds[mutant.file][test]
                + _ANYWHERE * self._finds[""][test]
            )
            refusal = _REFUSAL if not mutant.errors.isdisjoint(self._seen.calls[test]) else 0.0
            return (finds + refusal + _ANYWHERE) / (self._seen.durations[test] + _CALL_SECONDS)

        ordered = sorted(tests, key=lambda test: (-worth(test), test))
        return {test: self._seen.durations[test] for test in ordered}
