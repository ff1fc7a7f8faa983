"""Line and branch coverage of contracts/ by forge's unit and fuzz tests: `python -m scripts.setup.foundry_coverage`.

Random lives do not count: what they cover they cover by chance. contracts/test and interfaces are left out. Prints a line a
file and what is not covered; the exit code is 0 when everything is. build/foundry/coverage.lcov is for other readers.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scripts.setup.foundry_tests import PROJECT, forge

LCOV = PROJECT / "build/foundry/coverage.lcov"
_LEFT_OUT = ("contracts/test/", "contracts/interfaces/")


@dataclass
class File:
    """What forge saw of one source: hits per line, and per branch (line, number)."""

    lines: dict[int, int] = field(default_factory=dict)
    branches: dict[tuple[int, str], int] = field(default_factory=dict)

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


def main() -> int:
    """Exit code 0 when every line and branch is covered and every test passed."""
    process = forge("coverage", "coverage", "--report", "lcov", "--report-file", str(LCOV))
    said, _ = process.communicate()
    if process.returncode != 0:
        print(said, end="")
        return 1
    files = read()
    sums = [0, 0, 0, 0]
    for name, file in sorted(files.items()):
        counts = [
            sum(1 for hits in file.lines.values() if hits),
            len(file.lines),
            sum(1 for hits in file.branches.values() if hits),
            len(file.branches),
        ]
        sums = [a + b for a, b in zip(sums, counts, strict=True)]
        print(f"{name:44} lines {_share(*counts[:2]):18} branches {_share(*counts[2:])}")
        for missing in file.missing():
            print(f"    {missing}")
    print(f"{'contracts/':44} lines {_share(*sums[:2]):18} branches {_share(*sums[2:])}")
    return int(sums[0] != sums[1] or sums[2] != sums[3])


if __name__ == "__main__":
    sys.exit(main())
