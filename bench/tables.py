"""The figures as Markdown tables, for the terminal and for docs/figures.md alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.account import Account
from bench.peers import Figures

RATIO_GOAL = 1.15
TITLES = {
    "confirm": "confirm 1, with the registrar's attestation",
    "accept": "accept 1",
    "split_1": "split off 1",
    "split_4": "split into 4",
    "split_8": "split into 8",
    "split_each_further": "– each further child",
    "finance_part": "finance a part: cash, child note, signed quote",
    "finance_whole": "finance the whole",
    "repay_1": "repay 1 holder",
    "repay_4": "repay 4 holders",
    "repay_8": "repay 8 holders",
    "repay_each_further": "– each further holder",
    "batch_confirm_50_per_note": "confirm 50 to ten creditors, per receivable",
    "batch_accept_50_per_note": "accept 50, per note",
    "batch_split_50_per_note": "split 50 notes, one child each, per note",
    "batch_finance_50_per_note": "finance 50 notes in part, 50 quotes, per note",
    "batch_repay_50_per_note": "repay 50 notes of 50 receivables to ten holders, per note",
}
"""What each act is, in the order of the table."""
GOALS = {
    "confirm": 150_000,
    "accept": 38_000,
    "split_1": 80_000,
    "split_4": 180_000,
    "split_8": 180_000 + 4 * 34_000,
    "split_each_further": 34_000,
    "finance_whole": 140_000,
    "finance_part": 140_000,
    "repay_1": 86_000,
    "repay_4": 160_000,
    "repay_8": 160_000 + 4 * 25_000,
    "repay_each_further": 25_000,
    "batch_confirm_50_per_note": 103_000,
    "batch_accept_50_per_note": 9_000,
}
"""Gas, from a sketch; the goal proper is the ratio to the floor."""
_PEER_TITLES = {
    "erc3525_solv": "ERC-3525 reference",
    "openzeppelin_erc721": "OpenZeppelin ERC-721",
    "openzeppelin_erc1155": "OpenZeppelin ERC-1155",
    "solady_erc721": "Solady ERC-721",
    "solady_erc1155": "Solady ERC-1155",
}
_SINGLES = ("confirm", "accept", "split_1", "split_4", "finance_part", "repay_1", "repay_4")
_BATCHES = tuple(act for act in TITLES if act.startswith("batch_"))
_NONE = "–"


def complete(figures: Mapping[str, int | None]) -> Figures:
    """A figure for every act, None where there is none. Each further child or holder: a quarter of what the act with
    eight costs more than that with four."""
    further: Figures = {}
    for kind in ("split", "repay"):
        four, eight = figures[f"{kind}_4"], figures[f"{kind}_8"]
        further[f"{kind}_each_further"] = None if four is None or eight is None else (eight - four) // 4
    return {act: further[act] if act in further else figures.get(act) for act in TITLES}


def acts_table(accounts: Mapping[str, Account], peers: Mapping[str, Figures]) -> list[str]:
    """One line an act: ours, its floor, ratio and goal, and the peers'. Bold: the goal is met."""
    ours = complete({act: a.gas for act, a in accounts.items()})
    floors = complete({act: a.floor for act, a in accounts.items()})
    others = [complete(figures) for figures in peers.values()]
    rows = [["act", "Cascade", "floor", "ratio", "goal", *(_PEER_TITLES[name] for name in peers)]]
    for act, title in TITLES.items():
        gas, floor, goal = ours[act], floors[act], GOALS.get(act)
        assert gas is not None and floor is not None
        ratio = _bold(f"{gas / floor:.2f}", gas <= RATIO_GOAL * floor)
        aim = _NONE if goal is None else _bold(f"{goal:,}", gas <= goal)
        rows.append([title, f"{gas:,}", f"{floor:,}", ratio, aim, *(_figure(other[act]) for other in others)])
    return _markdown(rows)


def account_tables(accounts: Mapping[str, Account]) -> list[str]:
    """Where each thousand goes: single acts with the number of slots, accounts and logs, then batches per note."""
    singles = _account_table({act: accounts[act] for act in _SINGLES}, counted=True)
    return [*singles, "", *_account_table({act: accounts[act] for act in _BATCHES}, counted=False)]


def _account_table(accounts: Mapping[str, Account], counted: bool) -> list[str]:
    chosen = accounts.values()
    rows = [["", *(act.removeprefix("batch_").removesuffix("_per_note").replace("_", " ") for act in accounts)]]
    for cause in next(iter(chosen)).parts:
        rows.append([cause, *(_part(a, cause, counted) for a in chosen)])
    rows.append([_bold("floor", True), *(_bold(f"{a.floor:,}", True) for a in chosen)])
    for cause in dict.fromkeys(cause for a in chosen for cause in a.above):
        title = "signature checks" if cause == "signatures" else f"computation: {cause}"
        rows.append([title, *(_figure(a.above.get(cause) or None) for a in chosen)])
    return _markdown([*rows, [_bold("measured", True), *(_bold(f"{a.gas:,}", True) for a in chosen)]])


def _part(account: Account, cause: str, counted: bool) -> str:
    gas, count = account.parts[cause], account.counts.get(cause)
    return f"{gas:,} ({count})" if gas and count and counted else _figure(gas or None)


def _figure(gas: int | None) -> str:
    return _NONE if gas is None else f"{gas:,}"


def _bold(text: str, is_so: bool) -> str:
    return f"**{text}**" if is_so else text


def _markdown(rows: Sequence[Sequence[str]]) -> list[str]:
    """Padded, so that it is a table on a terminal too. The first column is text, the others are numbers."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "| "
        + " | ".join(f"{c:>{w}}" if i else f"{c:<{w}}" for i, (c, w) in enumerate(zip(row, widths, strict=True)))
        + " |"
        for row in rows
    ]
    rule = "| " + " | ".join("-" * (w - 1) + ":" if i else "-" * w for i, w in enumerate(widths)) + " |"
    return [lines[0], rule, *lines[1:]]
