"""slither over contracts/, each finding explained: `python -m scripts.setup.slither`.

scripts/setup/slither.toml says which findings are known and why they are none, in one line each: a detector as a whole, or a
detector at a function. The exit code is 1 when slither finds something that nothing explains, or when an explanation has no
finding any more.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
EXPLANATIONS = Path(__file__).with_name("slither.toml")
REPORT = PROJECT / "build/foundry/slither.json"
_LEFT_OUT = r"node_modules|tests/foundry|contracts/test"


@dataclass(frozen=True)
class Finding:
    """What slither said: by which detector, about which `Contract.function` (or what else it names first)."""

    detector: str
    where: str
    text: str

    @classmethod
    def of(cls, entry: dict[str, Any]) -> Finding:
        """From slither's JSON."""
        element: dict[str, Any] = entry["elements"][0] if entry["elements"] else {"name": ""}
        parent = ((element.get("type_specific_fields") or {}).get("parent") or {}).get("name")
        where = f"{parent}.{element['name']}" if parent and element["type"] != "contract" else element["name"]
        return cls(entry["check"], where, entry["description"].strip())


def find() -> list[Finding]:
    """All findings; CalledProcessError, with slither's own words on stderr, when it does not come to an end."""
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.unlink(missing_ok=True)
    environment = {
        **os.environ,
        "FOUNDRY_PROFILE": "slither",
        "PATH": f"{PROJECT / 'node_modules/.bin'}:{os.environ.get('PATH', '')}",
    }
    command = [".venv-proofs/bin/slither", ".", "--compile-force-framework", "foundry"]
    options = ["--foundry-out-directory", "build/foundry/slither/out", "--filter-paths", _LEFT_OUT]
    ran = subprocess.run(
        [*command, *options, "--json", str(REPORT), "--fail-none"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if not REPORT.exists():
        print(ran.stdout, ran.stderr, file=sys.stderr)
        raise subprocess.CalledProcessError(ran.returncode, "slither")
    return [
        Finding.of(entry) for entry in json.loads(REPORT.read_text(encoding="utf-8"))["results"].get("detectors", [])
    ]


def main() -> int:
    """Exit code 0 when every finding is explained and every explanation is needed."""
    known = tomllib.loads(EXPLANATIONS.read_text(encoding="utf-8"))
    whole: dict[str, str] = known["everywhere"]
    places = {(detector, where): why for detector, at in known["at"].items() for where, why in at.items()}
    used: Counter[object] = Counter()
    unexplained = []
    for finding in find():
        place = (finding.detector, finding.where)
        if place in places:
            used[place] += 1
        elif finding.detector in whole:
            used[finding.detector] += 1
        else:
            unexplained.append(finding)
    for finding in unexplained:
        print(f"{finding.detector} at {finding.where}\n    {finding.text.replace(chr(10), chr(10) + '    ')}")
    stale = [str(key) for key in [*whole, *places] if not used[key]]
    for key in stale:
        print(f"nothing is found any more that this explains: {key}")
    print(f"slither: {used.total()} findings explained, {len(unexplained)} not, {len(stale)} explanations too many")
    return int(bool(unexplained or stale))


if __name__ == "__main__":
    sys.exit(main())
