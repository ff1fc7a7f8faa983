"""Runs forge's tests: `python -m scripts.setup.foundry_tests [--profile NAME] [--junit FILE] [FORGE OPTION]...`.

Prints a line a suite and every failure, then what the random lives of tests/foundry/invariant did: each act with its
calls, successes and refusals, and each state with how often it was seen. An act that never went through, or a state never
reached, is a failed test (but for the profile `quick`): a harness that does not get there proves nothing about it. What
is rare may be missing from so few lives by chance alone, so others are lived, of further seeds, before it counts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eth_utils.crypto import keccak

PROJECT = Path(__file__).resolve().parents[2]
FORGE = PROJECT / "node_modules/.bin/forge"
LIVES = PROJECT / "build/foundry/lives.jsonl"
"""One line a life, written by tests/foundry/invariant when it ends."""
LIVES_ALONE = ("--match-contract", "^LivesTest$")
FURTHER_SEEDS = (1, 2, 3, 4)
"""Of the lives that are added while something was never reached."""


@dataclass
class Lives:
    """What all lives of a run did: acts done and refused, states seen, and the errors of the refusals."""

    count: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @classmethod
    def read(cls, path: Path = LIVES) -> Lives:
        """A life's end may be told more than once: each counts by what it did."""
        lives = cls()
        for line in sorted(set(path.read_text(encoding="utf-8").splitlines())) if path.exists() else []:
            told = json.loads(line)
            lives.count += 1
            for act, (done, refused) in told["acts"].items():
                lives.done[act] += done
                lives.refused[act] += refused
            lives.states.update(told["states"])
            lives.reasons.update(told["reasons"])
        return lives

    @property
    def calls(self) -> int:
        """Acts tried."""
        return self.done.total() + self.refused.total()

    def missing(self) -> list[str]:
        """Acts that never went through and states never seen."""
        acts = [f"act {name}" for name in self.done if not self.done[name]]
        return acts + [f"state {name}" for name, seen in self.states.items() if not seen]

    def table(self) -> Iterator[str]:
        """For people."""
        yield f"{self.count:,} lives, {self.calls:,} acts"
        yield f"{'act':28} {'calls':>10} {'done':>10} {'refused':>10}"
        for name, done in self.done.items():
            yield f"{name:28} {done + self.refused[name]:>10,} {done:>10,} {self.refused[name]:>10,}"
        yield f"{'state':28} {'seen':>10}"
        for name, seen in self.states.items():
            yield f"{name:28} {seen:>10,}"
        names = error_names()
        told = ", ".join(f"{names.get(key, key)} {seen:,}" for key, seen in self.reasons.most_common())
        yield f"refused with {len(self.reasons)} of the errors there are: {told}"


def error_names() -> dict[str, str]:
    """Selector → name, of every error in forge's artifacts."""
    names: dict[str, str] = {}
    for path in sorted(PROJECT.glob("build/foundry/out/*.sol/*.json")):
        abi = json.loads(path.read_text(encoding="utf-8"))["abi"]
        for entry in abi:
            if entry["type"] == "error":
                signature = f"{entry['name']}({','.join(_type(i) for i in entry['inputs'])})"
                names["0x" + keccak(text=signature)[:4].hex()] = entry["name"]
    return names


def _type(parameter: dict[str, Any]) -> str:
    kind: str = parameter["type"]
    if not kind.startswith("tuple"):
        return kind
    inner = ",".join(_type(component) for component in parameter["components"])
    return f"({inner}){kind.removeprefix('tuple')}"


def forge(profile: str, *options: str) -> subprocess.Popen[str]:
    """forge in the project, without colours; what it lives is added to LIVES."""
    LIVES.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "FOUNDRY_PROFILE": profile, "FOUNDRY_DISABLE_NIGHTLY_WARNING": "1", "NO_COLOR": "1"}
    return subprocess.Popen(
        [str(FORGE), *options], cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True, errors="replace"
    )


def main(arguments: Sequence[str]) -> int:
    """Exit code 0 when all tests passed and the lives got everywhere."""
    parser = argparse.ArgumentParser(prog="foundry_tests")
    parser.add_argument("--profile", default="default")
    parser.add_argument("--junit", type=Path)
    known, others = parser.parse_known_args(arguments)
    LIVES.unlink(missing_ok=True)
    root, ended_well = _tested(known.profile, *others)
    if root is None:
        return 1
    lives = Lives.read()
    if lives.count and known.profile != "quick" and _is_clean(root):
        for seed in FURTHER_SEEDS:
            if not (missing := lives.missing()):
                break
            print(f"not reached yet: {', '.join(missing)}; further lives, seed {seed}", flush=True)
            further, well = _tested(known.profile, *LIVES_ALONE, "--fuzz-seed", str(seed))
            if further is None:
                return 1
            ended_well = ended_well and well
            root.extend(further.findall("testsuite") if not _is_clean(further) else [])
            lives = Lives.read()
        _add_suite(root, lives)
    for line in _told(root):
        print(line)
    if lives.count:
        print("\n".join(lives.table()))
    if known.junit:
        ElementTree.ElementTree(root).write(known.junit, encoding="utf-8", xml_declaration=True)
    return int(not _is_clean(root) or not ended_well)


def _tested(profile: str, *options: str) -> tuple[ElementTree.Element | None, bool]:
    """forge's JUnit report, and whether it ended well. None, with what it said printed, when there is no report."""
    process = forge(profile, "test", "--junit", *options)
    report, _ = process.communicate()
    if not report.lstrip().startswith("<?xml"):
        print(report, end="")
        return None, False
    return ElementTree.fromstring(report), process.returncode == 0


def _is_clean(root: ElementTree.Element) -> bool:
    return root.find(".//failure") is None


def _add_suite(root: ElementTree.Element, lives: Lives) -> None:
    """One test case for each act and state."""
    missing = set(lives.missing())
    names = [f"act {name}" for name in lives.done] + [f"state {name}" for name in lives.states]
    suite = ElementTree.SubElement(
        root, "testsuite", name="reached", tests=str(len(names)), errors="0", failures=str(len(missing))
    )
    for name in names:
        case = ElementTree.SubElement(suite, "testcase", name=name)
        if name in missing:
            ElementTree.SubElement(case, "failure", message=f"never reached: {name}")


def _told(root: ElementTree.Element) -> Iterator[str]:
    for suite in root.iter("testsuite"):
        failures = [case for case in suite.iter("testcase") if case.find("failure") is not None]
        yield f"{'FAILED' if failures else 'ok':7}{suite.get('name')}: {suite.get('tests')} tests"
        for case in failures:
            failure = case.find("failure")
            assert failure is not None
            yield f"  {case.get('name')}: {failure.get('message') or ''}"
            yield from (f"    {line}" for line in (case.findtext("system-out") or "").splitlines())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
