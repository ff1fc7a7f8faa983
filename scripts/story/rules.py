"""What each holder of the story does with a note: the sample says so by name, a real ledger by seeded draw."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from scripts.story.cast import DEEPER_SUPPLIERS, Supply


@dataclass(frozen=True, slots=True)
class Holding:
    """A note as the rules see it: whose it is (id in the cast), how deep, and the root document's number."""

    note: int
    holder: str
    tier: int
    number: str
    fingerprint: str


class Rules(Protocol):
    """The holders' habits."""

    def refuses(self, holding: Holding) -> bool: ...

    def passes_on(self, holding: Holding) -> Sequence[Supply]: ...

    def sells_bps(self, holding: Holding) -> int:
        """Basis points of what is left that the holder offers for sale; 0 for nothing."""
        ...


class SampleRules:
    """As story.json has it."""

    def __init__(self, story: Mapping[str, Any]) -> None:
        self._refusal = (story["refusal"]["by"], story["refusal"]["number"])
        self._supplies: dict[str, list[Supply]] = {}
        for s in story["splits"]:
            self._supplies.setdefault(s["from"], []).append(Supply(s["from"], s["to"], s["share_bps"], s["contract"]))
        self._sales = {f["holder"]: int(f["share_bps"]) for f in story["finance"]}

    def refuses(self, holding: Holding) -> bool:
        return holding.tier == 1 and (holding.holder, holding.number) == self._refusal

    def passes_on(self, holding: Holding) -> Sequence[Supply]:
        return self._supplies.get(holding.holder, ())

    def sells_bps(self, holding: Holding) -> int:
        return self._sales.get(holding.holder, 0)


REFUSED_BPS = 400
PASSED_ON_BPS = {1: 5_000, 2: 6_500, 3: 6_500}
SOLD_BPS = 2_800
SHARE_BPS = 4_000


class DrawnRules:
    """For a real ledger: 4% of roots refused; 50% of roots passed on to tier 2, 65% of those to tier 3, 65% of those to
    tier 4; 28% of what is left sold. Drawn from the root's fingerprint alone, so every run draws the same."""

    def refuses(self, holding: Holding) -> bool:
        return holding.tier == 1 and self._draw(holding, "refuse") < REFUSED_BPS

    def passes_on(self, holding: Holding) -> Sequence[Supply]:
        if self._draw(holding, f"pass{holding.tier}") >= PASSED_ON_BPS.get(holding.tier, 0):
            return ()
        to = f"d{holding.tier + 1}.{self._draw(holding, 'to') % DEEPER_SUPPLIERS}"
        return (Supply(holding.holder, to, SHARE_BPS, f"{holding.holder}-{to}"),)

    def sells_bps(self, holding: Holding) -> int:
        return 10_000 if self._draw(holding, f"sell{holding.tier}") < SOLD_BPS else 0

    @staticmethod
    def _draw(holding: Holding, what: str) -> int:
        digest = hashlib.sha256(f"{holding.fingerprint}:{holding.tier}:{what}".encode()).digest()
        return int.from_bytes(digest[:4], "big") % 10_000
