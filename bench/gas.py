"""Gas of every act, exact, beside its floor, its goal and the same act of the peers, all on one chain.

`make bench-gas` shows the tables and writes build/bench/gas.json; `make check-gas` compares our acts with the snapshot in
git; `make gas-snapshot` renews the snapshot, and the tables in docs/figures.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import anyio

from bench.account import Account
from bench.acts import Acts
from bench.network import ARTIFACTS, PROJECT, network
from bench.peers import Figures, measure_peers
from bench.results import write_results
from bench.snapshot import SNAPSHOT, differences, read_snapshot, write_snapshot
from bench.tables import account_tables, acts_table, complete

_FIGURES = PROJECT / "docs/figures.md"


async def measure(artifacts: Path, beside_peers: bool) -> tuple[dict[str, Account], dict[str, Figures]]:
    """Our acts' accounts, and each peer's figures."""
    async with network(artifacts) as net:
        acts = Acts(net)
        await acts.singles()
        await acts.batches()
        return acts.accounts, await measure_peers(net) if beside_peers else {}


def results(accounts: Mapping[str, Account], peers: Mapping[str, Figures]) -> dict[str, Any]:
    """Our figures by act, the floor of each, and each peer's under its name, None where it has no such act."""
    return {
        **complete({act: a.gas for act, a in accounts.items()}),
        "floor": complete({act: a.floor for act, a in accounts.items()}),
        **{name: complete(figures) for name, figures in peers.items()},
    }


def check(accounts: Mapping[str, Account]) -> int:
    """Exit code 1, and what differs, when the acts cost other than the snapshot says."""
    told = differences(read_snapshot(), {act: a.gas for act, a in accounts.items()})
    if not told:
        print(f"gas as in {SNAPSHOT.name} / 与快照一致")
        return 0
    print("\n".join(["gas 与快照不同 / gas is not as in the snapshot:", *told]), file=sys.stderr)
    print("next, when it is meant so: make gas-snapshot", file=sys.stderr)
    return 1


def renew(accounts: Mapping[str, Account], tables: Mapping[str, Sequence[str]]) -> None:
    """Writes the snapshot, and the tables between their marks in docs/figures.md."""
    write_snapshot({act: a.gas for act, a in accounts.items()})
    text = _FIGURES.read_text(encoding="utf-8")
    for name, lines in tables.items():
        start, end = f"<!-- {name} -->\n", f"<!-- end: {name} -->\n"
        before, rest = text.split(start)
        text = before + start + "\n".join(["", *lines, "", end]) + rest.split(end)[1]
    _FIGURES.write_text(text, encoding="utf-8")
    print(f"→ {SNAPSHOT.name}, {_FIGURES.name}")


def main(arguments: Sequence[str]) -> int:
    """Exit code 1 when --check finds a difference."""
    options = _options(arguments)
    accounts, peers = anyio.run(measure, options.artifacts, not options.check)
    if options.check:
        return check(accounts)
    tables = {"gas of each act": acts_table(accounts, peers), "where the gas goes": account_tables(accounts)}
    print("\n\n".join("\n".join(lines) for lines in tables.values()))
    if options.artifacts == ARTIFACTS:
        write_results(PROJECT / "build/bench/gas.json", results(accounts, peers))
    if options.renew:
        renew(accounts, tables)
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.gas", description=__doc__)
    parser.add_argument("artifacts", nargs="?", type=Path, default=ARTIFACTS, help="of other contracts, only shown")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="compare with the snapshot")
    choice.add_argument("--renew", action="store_true", help="renew the snapshot and the document's tables")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
