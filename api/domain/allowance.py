"""How often somebody may ask: so many times a minute on average, and a burst of that many at once.

The generic cell rate algorithm: all that is kept is the moment at which the allowance would be whole again."""

from __future__ import annotations

import math
from dataclasses import dataclass

_WINDOW_S = 60.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What is left after a request. `wait_s` is 0 when it may pass, else how long until one may."""

    limit: int
    remaining: int
    reset_s: float
    """Seconds until the allowance is whole."""
    wait_s: float


class Allowance:
    """One limit, kept for each who asks. `per_minute` 0: without limit."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._whole_at: dict[str, float] = {}
        self._swept = 0.0

    def take(self, who: str, now: float) -> Taken | None:
        """Takes one request at `now` (monotonic seconds); None where there is no limit. What has to wait takes nothing."""
        if not self.per_minute:
            return None
        self._sweep(now)
        each_s = _WINDOW_S / self.per_minute
        whole_at = max(self._whole_at.get(who, now), now)
        after = whole_at + each_s
        wait_s = after - _WINDOW_S - now
        if wait_s > 1e-9:
            return Taken(self.per_minute, 0, whole_at - now, wait_s)
        self._whole_at[who] = after
        left = math.floor((_WINDOW_S - (after - now)) / each_s + 1e-9)
        return Taken(self.per_minute, left, after - now, 0.0)

    def _sweep(self, now: float) -> None:
        """Once a window, forgets those whose allowance is whole: memory is bounded by who asked within one."""
        if now - self._swept > _WINDOW_S:
            self._swept = now
            self._whole_at = {who: at for who, at in self._whole_at.items() if at > now}
