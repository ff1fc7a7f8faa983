"""Line and branch coverage of contracts/ by forge's unit and fuzz tests: `python -m scripts.setup.foundry_coverage`.

Random lives do not count: what they cover they cover by chance. contracts/test and interfaces are left out. Prints a line a
file and what is not covered, and writes build/coverage.json; the exit code is 0 when everything is, but for lines that nothing
can reach, which are named here with their reason. build/foundry/coverage.lcov is for other readers.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scripts.setup.foundry_tests import PROJECT, forge

LCOV = PROJECT / "build/foundry/coverage.lcov"
REPORT = PROJECT / "build/coverage.json"
_UNREACHABLE = {
    ("contracts/RepaymentDesk.sol", "revert PayerAble();"): "the probe before it always reverts",
}
"""Lines by file and text. One that is covered after all is an error, so that the list stays short."""
_KINDS = ("lines", "branches")
_LEFT_OUT = ("contracts/test/", "contracts/interfaces/")


@dataclass
class File:
    """What forge saw of one source: hits per line, and per branch (line, number)."""

    lines: dict[int, int] = field(default_factory=dict)
    branches: dict[tuple[int, str], int] = field(default_factory=dict)

    def counts(self) -> dict[str, tuple[int, int]]:
        """Covered and all, of each kind."""
        kinds = zip(_KINDS, (self.lines.values(), self.branches.values()), strict=True)
        return {kind: (sum(1 for hits in all_hits if hits), len(all_hits)) for kind, all_hits in kinds}

    def missing(self) -> Iterator[str]:
        """Lines and branches that nothing went through."""
        yield from (f"line {line}" for line, hits in sorted(self.lines.items()) if not hits)
        yield from (f"branch of line {line}" for (line, _), hits in sorted(self.branches.items()) if not hits)


def read(lcov: Path = LCOV) -> dict[str, File]:
    """The files of contracts/ that count."""
    files: dict[str, File] = defaultdict(File)
    name = ""
    for entry in lcov.read_text(encoding="utf-8").splitlines():
        kind, _, rest = entry.partition(":")
        if kind == "SF":
            name = rest
        elif not name.startswith("contracts/") or name.startswith(_LEFT_OUT):
            continue
        elif kind == "DA":
            line, hits = rest.split(",")[:2]
            files[name].lines[int(line)] = int(hits)
        elif kind == "BRDA":
            line, block, branch, taken = rest.split(",")
            files[name].branches[int(line), f"{block}.{branch}"] = 0 if taken == "-" else int(taken)
    return dict(files)


def _share(hit: int, total: int) -> str:
    return f"{hit}/{total}" + ("" if hit == total else f" ({100 * hit / total:.1f}%)")


def _set_aside(files: dict[str, File]) -> list[str]:
    """Takes out the lines that nothing can reach; returns those of the list that are none (any more)."""
    stale = []
    for (name, text), reason in _UNREACHABLE.items():
        source = (PROJECT / name).read_text(encoding="utf-8").splitlines()
        lines = files[name].lines if name in files else {}
        found = [line for line, hits in lines.items() if not hits and source[line - 1].strip() == text]
        for line in found:
            del lines[line]
            print(f"{name}:{line} is out of reach: {reason}")
        if not found:
            stale.append(f"{name}: {text} is covered, or gone")
    return stale


def main() -> int:
    """Exit code 0 when every line and branch is covered and every test passed."""
    process = forge("coverage", "coverage", "--report", "lcov", "--report-file", str(LCOV))
    said, _ = process.communicate()
    if process.returncode != 0:
        print(said, end="")
        return 1
    files = read()
    stale = _set_aside(files)
    counts = {name: file.counts() for name, file in sorted(files.items())}
    total = {key: (sum(c[key][0] for c in counts.values()), sum(c[key][1] for c in counts.values())) for key in _KINDS}
    for name, count in counts.items():
        print(f"{name:44} lines {_share(*count['lines']):18} branches {_share(*count['branches'])}")
        for missing in files[name].missing():
            print(f"    {missing}")
    print(f"{'contracts/':44} lines {_share(*total['lines']):18} branches {_share(*total['branches'])}")
    print("".join(f"no longer out of reach: {line}\n" for line in stale), end="")
    REPORT.write_text(json.dumps({**total, "files": counts}, indent=1) + "\n", encoding="utf-8")
    covered = all(hit == of for hit, of in total.values())
    return int(not covered or bool(stale))


if __name__ == "__main__":
    sys.exit(main())
