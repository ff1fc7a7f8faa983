"""Checks that every deployed contract stays under the size limit, from the artifacts' index."""

from __future__ import annotations

import json
import sys
from pathlib import Path

LIMIT_BYTES = 22_000
_INDEX = Path(__file__).resolve().parents[2] / "build/artifacts/index.json"


def main() -> int:
    """Print the contracts with code, largest first; exit code 1 when one is too large. Test contracts do not count."""
    contracts = json.loads(_INDEX.read_text(encoding="utf-8"))["contracts"]
    own = {name: entry["bytes"] for name, entry in contracts.items() if not _is_for_tests(entry["sourceName"])}
    too_large = False
    for name, size in sorted(own.items(), key=lambda item: -item[1]):
        if size > LIMIT_BYTES:
            too_large = True
            print(f"{name}: {size:,} bytes, over the limit of {LIMIT_BYTES:,} / 超出上限", file=sys.stderr)
    largest = max(own, key=lambda name: own[name])
    print(f"largest contract / 最大合约: {largest}, {own[largest]:,} of {LIMIT_BYTES:,} bytes")
    return int(too_large)


def _is_for_tests(source: str) -> bool:
    return source.startswith("contracts/test/")


if __name__ == "__main__":
    sys.exit(main())
