"""All measurements, one after another, each in a process of its own so that none warms or burdens the next:
`make bench`."""

from __future__ import annotations

import subprocess
import sys

MEASUREMENTS = ("gas", "sending", "indexing", "latency", "api", "dossier", "trace", "page")


def main() -> int:
    """Exit code 1 when one of them could not be taken; the others are taken all the same."""
    failed: list[str] = []
    for name in MEASUREMENTS:
        print(f"── {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode:
            failed.append(name)
    if failed:
        print(f"测量失败 / not measured: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
