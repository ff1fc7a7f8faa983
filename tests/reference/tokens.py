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
    blocked: set[str] = field(default_factory=set)
    # Each owner's next permit, and who spent which authorization.
    permits: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    spent: set[tuple[str, object]] = field(default_factory=set)

    def can_pay(self, spender: str, source: str, amount: int) -> bool:
        """Whether the payer's side lets a payment go."""
        return amount <= min(self.allowances[source, spender], self.balances[source]) and source not in self.blocked

    def judge_payer(self, judge: Judge, spender: str, source: str, amount: int) -> bool:
        """Whether it is not for want of anything on the payer's side if a payment fails."""
        allowed, held = self.allowances[source, spender], self.balances[source]
        fine = judge.require(amount <= allowed, "ERC20InsufficientAllowance", spender, allowed, amount)
        fine &= judge.require(amount <= held, "ERC20InsufficientBalance", source, held, amount)
        return fine & judge.require(source not in self.blocked, "AccountBlocked", source)

    def move(self, spender: str, source: str, target: str, amount: int) -> None:
        """Moves cash, without judgement."""
        self.allowances[source, spender] -= amount
        self.balances[source] -= amount
        self.balances[target] += amount

    def transfer_from(self, judge: Judge, spender: str, source: str, target: str, amount: int) -> None:
        """Moves cash that ``source`` approved ``spender`` for."""
        self.judge_payer(judge, spender, source, amount)
        judge.require(target not in self.blocked, "AccountBlocked", target)
        self.move(spender, source, target, amount)
