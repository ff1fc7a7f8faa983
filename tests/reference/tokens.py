"""Deposit tokens as the model sees them: balances, allowances, and one exact movement."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from tests.reference.refusals import Judge


@dataclass
class Token:
    """An honest token."""

    balances: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    allowances: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    def transfer_from(self, judge: Judge, spender: str, source: str, target: str, amount: int) -> None:
        """Moves cash that ``source`` approved ``spender`` for."""
        allowed = self.allowances[source, spender]
        judge.require(amount <= allowed, "ERC20InsufficientAllowance", spender, allowed, amount)
        judge.require(
            amount <= self.balances[source], "ERC20InsufficientBalance", source, self.balances[source], amount
        )
        self.allowances[source, spender] -= amount
        self.balances[source] -= amount
        self.balances[target] += amount
