"""What a campaign found: build/mutation.json, and a table for people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.mutation.mutants import Mutant
from bench.mutation.records import Outcome, Record

Judged = Iterable[tuple[Mutant, Record]]


def summary(judged: Judged, *, generated: int, scope: str) -> dict[str, Any]:
    """`mutants` are those that count: killed or survived. `tried` of `generated` have a record."""
    judged = list(judged)
    files: dict[str, Counter[Outcome]] = {}
    for mutant, record in judged:
        files.setdefault(mutant.file, Counter())[record.outcome] += 1
    return {
        "scope": scope,
        "generated": generated,
        "tried": len(judged),
        **_counts(Counter(record.outcome for _, record in judged)),
        "files": {file: _counts(counts) for file, counts in sorted(files.items())},
        "survivors": [
            {
                "id": mutant.id,
                "file": mutant.file,
                "line": mutant.line,
                "operator": mutant.operator,
                "before": mutant.before,
                "after": mutant.after,
            }
            for mutant, record in judged
            if record.outcome is Outcome.SURVIVED
        ],
    }


def _counts(counts: Counter[Outcome]) -> dict[str, Any]:
    mutants = counts[Outcome.KILLED] + counts[Outcome.SURVIVED]
    return {
        "mutants": mutants,
        "killed": counts[Outcome.KILLED],
        "survived": counts[Outcome.SURVIVED],
        "score": round(counts[Outcome.KILLED] / mutants, 4) if mutants else None,
        "equivalent": counts[Outcome.EQUIVALENT],
        "duplicate": counts[Outcome.DUPLICATE],
        "refused": counts[Outcome.REFUSED],
    }


def write(file: Path, results: Mapping[str, Any]) -> None:
    """The JSON file, its folder included."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def table(results: Mapping[str, Any]) -> str:
    """A line a file, and the sum."""
    columns = ("mutants", "killed", "survived", "equivalent", "duplicate", "refused")
    lines = ["| file | " + " | ".join(columns) + " | score |", "| --- |" + " ---: |" * (len(columns) + 1)]
    for name, counts in [*results["files"].items(), ("**all**", results)]:
        score = "–" if counts["score"] is None else f"{100 * counts['score']:.1f}%"
        cells = [str(counts[column]) for column in columns]
        lines.append(f"| {name.removeprefix('contracts/')} | {' | '.join(cells)} | {score} |")
    return "\n".join(lines)
