"""Random lives, written down as they go: seeded, replayed, and shortened when one fails."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.contracts.chain import Chain
from tests.contracts.constants import FACE, LINE
from tests.contracts.twin import Twin
from tests.reference.arithmetic import MAX_UINT96
from tests.stateful.banks import BANK_ACTS
from tests.stateful.financing import FINANCING_ACTS
from tests.stateful.invoices import INVOICE_ACTS
from tests.stateful.machine import Life
from tests.stateful.orders import ORDER_ACTS
from tests.stateful.pledges import PLEDGE_ACTS
from tests.stateful.rounds import ROUND_ACTS

Step = tuple[str, dict[str, Any]]
Tally = Counter[tuple[str, str]]
SHRINK_SECONDS = 60


class Dice(random.Random):
    """Draws arguments."""

    def pick(self) -> int:
        """Any thing of some kind."""
        return self.randrange(10_000)

    def wild(self) -> bool:
        """One time in eight: ignore what is sensible."""
        return self.randrange(8) == 0

    def edge(self) -> int:
        """Which amount, see :func:`tests.stateful.choices.amount_at`."""
        return self.choices(range(10), (6, 5, 6, 2, 3, 1, 1, 1, 1, 2))[0]


# How often, and with what. Names are those of :class:`Life`'s methods.
ACTS: dict[str, tuple[int, Callable[[Dice], dict[str, Any]]]] = {
    "confirm": (
        10,
        lambda d: {
            "who": d.pick(),
            "to": d.pick(),
            "tenor": d.choice([-1, 0, 1, 2, 3, 12, 12, 30, 30, 90, 90, 183, 184, 365, 366]),
            "edge": d.edge(),
            "wild": d.wild(),
            "again": d.randrange(3) == 0,
            "currency": d.choice([1, 1, 1, 2, 2, 3, 3, 3, 4, 5]),
        },
    ),
    "declare_overdue": (4, lambda d: {"which": d.pick(), "wild": d.wild()}),
    "accept": (14, lambda d: {"which": d.pick(), "who": d.pick(), "wild": d.wild()}),
    "refuse": (3, lambda d: {"which": d.pick(), "who": d.pick(), "wild": d.wild()}),
    "withdraw": (2, lambda d: {"which": d.pick(), "who": d.pick(), "wild": d.wild()}),
    "lapse": (3, lambda d: {"which": d.pick(), "other": d.pick(), "wild": d.wild()}),
    "consent": (
        4,
        lambda d: {
            "who": d.pick(),
            "offeror": d.pick(),
            "edge": d.edge(),
            "due": d.choice([1, 30, 400]),
            "days": d.randint(-1, 3),
            "wild": d.wild(),
        },
    ),
    "split": (
        18,
        lambda d: {
            "which": d.pick(),
            "who": d.pick(),
            "to": [[d.pick(), d.edge()] for _ in range(d.randint(1, 3))],
            "wild": d.wild(),
        },
    ),
    "finance": (
        12,
        lambda d: {
            "which": d.pick(),
            "who": d.pick(),
            "buyer": d.pick(),
            "edge": d.edge(),
            "rate": d.choice([0, 1, 600, 600, 3_600, 2**32 - 1]),
            "wild": d.wild(),
        },
    ),
    "finance_again": (
        5,
        lambda d: {"which": d.pick(), "who": d.pick(), "edge": d.edge(), "wild": d.wild(), "forged": d.wild()},
    ),
    "cancel_quote": (2, lambda d: {"which": d.pick(), "who": d.pick(), "wild": d.wild()}),
    "raise_epoch": (2, lambda d: {"who": d.pick()}),
    "repay": (
        9,
        lambda d: {
            "which": [d.pick() for _ in range(d.randint(1, 4))],
            "who": d.pick(),
            "short": d.wild(),
            "wild": d.wild(),
        },
    ),
    "suspend_or_reinstate": (4, lambda d: {"who": d.pick()}),
    "set_roles": (3, lambda d: {"who": d.pick(), "roles": d.choice([0, 1, 2, 3, 4, 6, 127, 128])}),
    "renew_identity": (3, lambda d: {"who": d.pick(), "days": d.choice([-1, 0, 3, 900, 900])}),
    "account": (
        3,
        lambda d: {
            "who": d.pick(),
            "rights": d.choice([0, 1, 2, 3, 4, 7, 8]),
            "new": d.wild() or d.wild(),
            "bare": d.wild(),
        },
    ),
    "recover": (
        3,
        lambda d: {
            "who": d.pick(),
            "account": d.pick(),
            "removed": [d.pick() for _ in range(d.choice([0, 0, 1, 2]))],
            "wild": d.wild(),
        },
    ),
    "end_recovery": (
        3,
        lambda d: {"who": d.pick(), "how": d.choice(["veto", "withdraw", "finish", "finish"]), "wild": d.wild()},
    ),
    "resettle": (2, lambda d: {"who": d.pick(), "account": d.pick(), "wild": d.wild()}),
    "end_resettlement": (2, lambda d: {"who": d.pick(), "veto": d.wild() or d.wild(), "wild": d.wild()}),
    "wait_for_change": (2, lambda d: {"which": d.pick(), "offset": d.randint(-2, 1)}),
    "set_line": (
        2,
        lambda d: {
            "who": d.pick(),
            "limit": d.choice([0, FACE, LINE, LINE, LINE, MAX_UINT96]),
            "currency": d.randint(1, 4),
        },
    ),
    "pause": (2, lambda d: {"paused": d.wild()}),
    "set_policy": (
        2,
        lambda d: {
            "tiers": d.randint(1, 5),
            "grace": d.randint(0, 4),
            "life": d.choice([1, 10, 90]),
            "least": d.choice([1, 1, 100]),
        },
    ),
    "wait": (3, lambda d: {"seconds": d.choice([1, 3_600, 86_399, 86_400, 3 * 86_400])}),
    "wait_for": (
        3,
        lambda d: {
            "which": d.pick(),
            "edge": d.choice(["due day", "due day's end", "grace's end", "lapse"]),
            "offset": d.randint(-2, 1),
        },
    ),
    **INVOICE_ACTS,
    **ROUND_ACTS,
    **ORDER_ACTS,
    **PLEDGE_ACTS,
    **BANK_ACTS,
    **FINANCING_ACTS,
}


def script(seed: int, acts: int) -> list[Step]:
    """A life written down: the same for the same seed."""
    dice = Dice(seed)
    names, weights = list(ACTS), [weight for weight, _ in ACTS.values()]
    founding = {"tenors": [dice.choice([2, 30, 90, 180]) for _ in range(dice.randint(2, 3))]}
    steps: list[Step] = [("found", founding)]
    for name in dice.choices(names, weights, k=acts):
        steps.append((name, ACTS[name][1](dice)))
    return steps


def play(steps: list[Step], founded: Twin, chain: Chain, tally: Tally) -> None:
    """Lives a script from the founding on, and takes the chain back. Raises AssertionError where the two differ."""
    mark = chain.snapshot()
    try:
        life = Life(founded, tally)
        for name, arguments in steps:
            getattr(life, name)(**arguments)
        life.twin.thorough = True
        life.twin.compare()
    finally:
        chain.revert(mark)


def shorten(steps: list[Step], fails: Callable[[list[Step]], bool]) -> list[Step]:
    """Leaves out steps, halves first, as long as it still fails and time is left."""
    patience, size = time.monotonic() + SHRINK_SECONDS, len(steps) // 2
    while size >= 1:
        start = 1
        while start < len(steps) and time.monotonic() < patience:
            shorter = steps[:start] + steps[start + size :]
            if len(shorter) < len(steps) and fails(shorter):
                steps = shorter
            else:
                start += size
        size //= 2
    return steps


def live(founded: Twin, chain: Chain, seeds: range, acts: int) -> Tally:
    """A life for each seed; returns what was done and what was refused why. A failure names the shortest life found."""
    tally: Tally = Counter()
    for seed in seeds:
        steps = script(seed, acts)
        try:
            play(steps, founded, chain, tally)
        except AssertionError as failure:
            short = shorten(steps, lambda tried: _differs(tried, founded, chain))
            told = "\n".join(f"    {step}," for step in short)
            raise AssertionError(f"seed {seed}: {failure}\nreplay with\n[\n{told}\n]") from failure
    return tally


def _differs(steps: list[Step], founded: Twin, chain: Chain) -> bool:
    try:
        play(steps, founded, chain, Counter())
    except AssertionError:
        return True
    except Exception:
        # a life that lost what a later act stands on
        return False
    return False
