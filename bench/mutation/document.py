"""docs/mutation.md: the tool writes the survivors and the table of figures between its marks; people write the reasons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/mutation.md"
_FIGURES, _SURVIVORS = "figures", "survivors"
_ROW = re.compile(r"^\| `([^`]+)` \| .* \| (.*) \|$", flags=re.MULTILINE)


def _between(part: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- {part} -->\n).*?(<!-- /{part} -->)", flags=re.DOTALL)


def reasons(text: str) -> dict[str, str]:
    """Mutant id → why it survives; empty where nobody has said."""
    found = _between(_SURVIVORS).search(text)
    return {id_: reason.strip() for id_, reason in _ROW.findall(found[0] if found else "")}


def renewed(text: str, figures: str, survivors: Iterable[Mapping[str, Any]]) -> str:
    """The document with these figures and survivors; the reasons of those that were there stay."""
    known = reasons(text)
    rows = ["| mutant | where | change | why no test finds it |", "| --- | --- | --- | --- |"]
    for mutant in survivors:
        change = f"{_code(mutant['before'])} → {_code(mutant['after']) if mutant['after'] else 'nothing'}"
        where = f"{mutant['file'].removeprefix('contracts/')}"
        rows.append(f"| `{mutant['id']}` | {where} | {change} | {known.get(mutant['id'], '')} |")
    text = _put(text, _FIGURES, figures)
    return _put(text, _SURVIVORS, "\n".join(rows))


def unexplained(text: str, survivors: Sequence[Mapping[str, Any]] = ()) -> list[str]:
    """Rows without a reason, and survivors without a row."""
    known = reasons(text)
    silent = [id_ for id_, reason in known.items() if not reason]
    return silent + [mutant["id"] for mutant in survivors if mutant["id"] not in known]


def _put(text: str, part: str, content: str) -> str:
    return _between(part).sub(lambda found: f"{found[1]}{content}\n{found[2]}", text)


def _code(text: str) -> str:
    """As code in a cell of a table."""
    return f"`{text}`".replace("|", "\\|")
