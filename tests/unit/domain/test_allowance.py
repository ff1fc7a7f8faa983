"""How often somebody may ask."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from api.domain.allowance import Allowance, Taken


def take(allowance: Allowance, now: float, who: str = "a") -> Taken:
    taken = allowance.take(who, now)
    assert taken is not None
    return taken


def test_a_minutes_worth_at_once_and_then_one_at_a_time() -> None:
    allowance = Allowance(60)
    assert [take(allowance, 100.0).remaining for _ in range(60)] == list(range(59, -1, -1))
    refused = take(allowance, 100.0)
    assert (refused.remaining, refused.wait_s, refused.reset_s) == (0, 1.0, 60.0)
    assert take(allowance, 100.99).wait_s > 0
    assert take(allowance, 101.0).wait_s == 0
    assert take(allowance, 101.0).wait_s > 0


def test_waiting_as_long_as_told_is_enough_and_nothing_less() -> None:
    allowance = Allowance(7)
    now = 5.0
    for _ in range(40):
        taken = take(allowance, now)
        if taken.wait_s:
            assert take(allowance, now + taken.wait_s * 0.999).wait_s > 0
            now += taken.wait_s
            assert take(allowance, now).wait_s == 0


def test_each_has_its_own() -> None:
    allowance = Allowance(1)
    assert take(allowance, 0.0, "a").wait_s == 0
    assert take(allowance, 0.0, "a").wait_s > 0
    assert take(allowance, 0.0, "b").wait_s == 0


def test_zero_is_without_limit() -> None:
    assert Allowance(0).take("a", 0.0) is None


def test_those_who_are_gone_are_forgotten() -> None:
    allowance = Allowance(60)
    for number in range(1_000):
        take(allowance, float(number), str(number))
    assert len(allowance._whole_at) < 130


@given(st.integers(1, 50), st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=200))
def test_no_more_than_twice_the_limit_passes_in_any_minute(limit: int, pauses: list[float]) -> None:
    allowance, now = Allowance(limit), 0.0
    passed: list[float] = []
    for pause in pauses:
        now += pause
        if not take(allowance, now).wait_s:
            passed.append(now)
    for start in passed:
        assert sum(start <= at < start + 60 for at in passed) <= 2 * limit
