"""The gas snapshot in git: one act a line, to the unit, which `make check` compares with what the contracts cost now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from bench.network import PROJECT

SNAPSHOT = PROJECT / "bench/gas-snapshot.json"


def read_snapshot(file: Path = SNAPSHOT) -> dict[str, int]:
    """Gas by act."""
    content: dict[str, int] = json.loads(file.read_text(encoding="utf-8"))
    return content


def write_snapshot(gas: Mapping[str, int], file: Path = SNAPSHOT) -> None:
    """Sorted by act, so that a change shows as the lines that changed."""
    file.write_text(json.dumps(gas, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def differences(before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    """One line for each act whose gas differs, or that only one side has, under a head; nothing when all is the same."""
    changed = [act for act in sorted({*before, *after}) if before.get(act) != after.get(act)]
    if not changed:
        return []
    lines = [f"{'act':<28}{'before':>10}{'after':>10}{'difference':>12}{'%':>9}"]
    for act in changed:
        old, new = before.get(act), after.get(act)
        if old is None or new is None:
            lines.append(f"{act:<28}{_cell(old)}{_cell(new)}{'new' if old is None else 'gone':>12}")
        else:
            lines.append(f"{act:<28}{_cell(old)}{_cell(new)}{new - old:>+12,}{100 * (new - old) / old:>+8.2f}%")
    return lines


def _cell(gas: int | None) -> str:
    return f"{'–' if gas is None else f'{gas:,}':>10}"
