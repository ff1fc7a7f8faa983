"""Where measurements are left: one JSON object a file, under build/bench."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_results(file: Path, results: Mapping[str, Any]) -> None:
    """Writes the file, its folder included, and says so."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(f"→ {file.parent.name}/{file.name}")
