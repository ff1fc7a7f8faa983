"""A campaign: mutants compiled batch by batch and given to the tests, one after another, until all have a record."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from itertools import groupby, islice
from pathlib import Path

from bench.mutation.compiler import Codes, Solc, Tree, compile_mutants, compile_originals
from bench.mutation.forge import Forge
from bench.mutation.mutants import Mutant
from bench.mutation.ranking import Ranking
from bench.mutation.reach import Reach
from bench.mutation.records import Keys, Outcome, Record, Records, digest
from bench.mutation.suite import Observation, Suite, SuiteBroken

# Shares what all mutants of a call have in common, and does not keep the tests waiting for the first of them.
_BATCH = 30
# Tests that are known to pass on the original must do so when everything is deployed anew, too.
_SAMPLED = 5

Tell = Callable[[Mutant, Record], None]


class Campaign:
    """Over one state of contracts/ and of the tests."""

    def __init__(self, solc: Solc, tree: Tree, tests: str, folder: Path) -> None:
        """`tests` is their hash; what is kept between runs lies in the folder."""
        self._solc, self._tree, self._tests, self._folder = solc, tree, tests, folder
        self._records, self._keys = Records(folder / "records.jsonl"), Keys(tree)
        self._seen: Observation | None = None
        self._reach, self._forge = Reach(tree), Forge(folder / "forge")
        self._codes_seen: dict[str, str] = {}
        self._originals: dict[bool, Codes] = {}

    def record_of(self, mutant: Mutant) -> Record | None:
        """What is known of it."""
        return self._records.of(self._keys.of(mutant), self._tests)

    def run(self, mutants: Sequence[Mutant], tell: Tell, deadline: float) -> bool:
        """Tries what has no record yet; `tell` hears of each. False when the deadline (monotonic) came first."""
        todo = [mutant for mutant in mutants if self.record_of(mutant) is None]
        if not todo:
            return True
        for fresh in (False, True):
            with Suite(self._folder / "tests.log", founded=not fresh) as suite:
                of_kind = [mutant for mutant in todo if mutant.at_deployment is fresh]
                if of_kind and not self._run(of_kind, mutants, suite, tell, deadline, optimized=fresh):
                    return False
        return True

    def _run(
        self,
        todo: Sequence[Mutant],
        mutants: Sequence[Mutant],
        suite: Suite,
        tell: Tell,
        deadline: float,
        *,
        optimized: bool,
    ) -> bool:
        self._prepare(suite, mutants, optimized=optimized)
        survivors: list[tuple[Mutant, Record]] = []
        finished = True
        for mutant, codes in self._compiled(todo, optimized=optimized):
            if time.monotonic() > deadline:
                finished = False
                break
            record = self._judge(mutant, codes, suite, optimized=optimized)
            if record.outcome is Outcome.SURVIVED:
                survivors.append((mutant, record))
                # Told once it is known not to be the original in other words.
                if len(survivors) >= _BATCH:
                    self._settle(survivors, tell)
                    survivors = []
            else:
                self._keep(mutant, record, tell)
        self._settle(survivors, tell)
        return finished

    # -- before

    def _prepare(self, suite: Suite, mutants: Iterable[Mutant], *, optimized: bool) -> None:
        """The tests pass on the original, compiled as the mutants are; those that do not are left out."""
        for kind in {True, optimized}:
            if kind not in self._originals:
                self._originals[kind] = compile_originals(self._solc, self._tree, optimized=kind)
        originals = self._originals[optimized]
        if self._seen is None:
            self._seen = self._observe(suite, originals)
            for test, why in self._seen.failed.items():
                print(f"left out, fails on the original: {test}: {why}")
            self._ranking = Ranking(self._seen)
            for mutant in mutants:
                record = self.record_of(mutant)
                if record is not None:
                    self._codes_seen.setdefault(record.code, mutant.id)
                    if record.outcome is Outcome.KILLED:
                        self._ranking.learn(mutant.place, mutant.file, record.by)
        else:
            verdict = suite.run(originals, dict(list(self._seen.durations.items())[:_SAMPLED]))
            if not verdict.survived:
                raise SuiteBroken(f"{verdict.by} fails on the original: {verdict.why}")

    def _observe(self, suite: Suite, originals: Codes) -> Observation:
        """Kept between runs, for the same tests and the same code."""
        key = digest((self._tests, *(f"{name} {code}" for name, code in sorted(originals.items()))))
        file = self._folder / "observation.json"
        kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        if kept.get("key") != key:
            kept = {"key": key, "seen": asdict(suite.observe(originals))}
            file.write_text(json.dumps(kept), encoding="utf-8")
        return Observation(**kept["seen"])

    # -- each

    def _compiled(self, mutants: Sequence[Mutant], *, optimized: bool) -> Iterator[tuple[Mutant, Codes | None]]:
        """Compiles one batch ahead."""
        with ThreadPoolExecutor(max_workers=1) as pool:
            batches = list(_batches(mutants))

            def compiled(batch: Sequence[Mutant]) -> list[Codes | None]:
                return compile_mutants(self._solc, self._tree, batch, optimized=optimized)

            ahead = pool.submit(compiled, batches[0])
            for batch, following in zip(batches, [*batches[1:], None], strict=True):
                codes = ahead.result()
                if following is not None:
                    ahead = pool.submit(compiled, following)
                yield from zip(batch, codes, strict=True)

    def _judge(self, mutant: Mutant, codes: Codes | None, suite: Suite, *, optimized: bool) -> Record:
        record = Record(self._keys.of(mutant), Outcome.REFUSED)
        if codes is None:
            return record
        originals = self._originals[optimized]
        changed = {name: code for name, code in codes.items() if code != originals[name]}
        record = replace(record, code=digest(f"{name}\0{code}" for name, code in sorted(changed.items())))
        if not changed:
            return replace(record, outcome=Outcome.EQUIVALENT)
        if self._codes_seen.setdefault(record.code, mutant.id) != mutant.id:
            return replace(record, outcome=Outcome.DUPLICATE, by=self._codes_seen[record.code])
        assert self._seen is not None
        # What shows at deployment alone shows in any test.
        tests = self._seen.calls if mutant.at_deployment else self._reach.tests(mutant, self._seen.calls)
        verdict = suite.run(changed, self._ranking.order(mutant, tests))
        record = replace(record, seconds=round(verdict.seconds, 2))
        if verdict.survived:
            return replace(record, outcome=Outcome.SURVIVED, tests=self._tests)
        self._ranking.learn(mutant.place, mutant.file, verdict.by)
        return replace(record, outcome=Outcome.KILLED, by=verdict.by, why=verdict.why)

    def _settle(self, survivors: Sequence[tuple[Mutant, Record]], tell: Tell) -> None:
        """The optimizer tells which survivors are the original in other words; forge's tests look at the others."""
        if not survivors:
            return
        codes = compile_mutants(self._solc, self._tree, [mutant for mutant, _ in survivors], optimized=True)
        for (mutant, record), code in zip(survivors, codes, strict=True):
            if code is not None:
                record = self._look_again(record, code)
            self._keep(mutant, record, tell)

    def _look_again(self, record: Record, code: Codes) -> Record:
        changed = {name: text for name, text in code.items() if text != self._originals[True][name]}
        if not changed:
            return replace(record, outcome=Outcome.EQUIVALENT)
        verdict = self._forge.run(changed)
        return record if verdict.survived else replace(record, outcome=Outcome.KILLED, by=verdict.by, why=verdict.why)

    def _keep(self, mutant: Mutant, record: Record, tell: Tell) -> None:
        self._records.keep(record)
        tell(mutant, record)


def _batches(mutants: Iterable[Mutant]) -> Iterator[list[Mutant]]:
    """Of one file each."""
    for _, group in groupby(mutants, key=lambda mutant: mutant.file):
        while batch := list(islice(group, _BATCH)):
            yield batch
