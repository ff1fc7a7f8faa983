"""`python -m api.indexer [--rebuild]`: keeps chain.db at the chain's head, ready once readers can open it; see
api.process."""

from __future__ import annotations

import argparse
import gc
import sys
from functools import partial

from api import process
from api.indexer.service import index


def spare_collector() -> None:
    """A range is a hundred thousand small objects without cycles: looking for cycles among them took a third of the
    time."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m api.indexer", description="Index the chain into chain.db.")
    parser.add_argument("--rebuild", action="store_true", help="index anew beside the present index")
    rebuild = parser.parse_args().rebuild
    spare_collector()
    return process.run("indexer", partial(index, rebuild=rebuild))


if __name__ == "__main__":
    sys.exit(main())
