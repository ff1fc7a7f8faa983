"""Credit lines and overdue counts."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.reference.refusals import Judge


@dataclass
class Line:
    """Minor units of one currency."""

    limit: int = 0
    used: int = 0


@dataclass
class Credit:
    """What each debtor may owe, per currency's token."""

    lines: dict[tuple[int, str], Line] = field(default_factory=dict)
    overdue: dict[int, int] = field(default_factory=dict)

    def line(self, debtor: int, token: str) -> Line:
        """The line of a debtor in a currency, empty when none was set."""
        return self.lines.setdefault((debtor, token), Line())

    def set_line(self, debtor: int, token: str, limit: int) -> None:
        """Sets the limit; what is used stays."""
        self.line(debtor, token).limit = limit

    def draw(self, judge: Judge, debtor: int, token: str, amount: int) -> None:
        """Uses the line for new debt."""
        self.require_not_overdue(judge, debtor)
        line = self.line(debtor, token)
        available = max(0, line.limit - line.used)
        judge.require(amount <= available, "OverLine", debtor, token, amount, available)
        line.used += amount

    def require_not_overdue(self, judge: Judge, debtor: int) -> None:
        """Nothing of the debtor's is declared overdue."""
        count = self.overdue.get(debtor, 0)
        judge.require(count == 0, "DebtorOverdue", debtor, count)
