"""Days and interest: ACT/360 on whole days, exact."""

from __future__ import annotations

from fractions import Fraction

DAY = 86_400
ZONE = 8 * 3_600
BASIS = 10_000 * 360
MAX_UINT96 = 2**96 - 1


def day_of(timestamp: int) -> int:
    """The business day (UTC+8) that the second falls in."""
    return (timestamp + ZONE) // DAY


def start_of(day: int) -> int:
    """The first second of a business day."""
    return day * DAY - ZONE


def days_between(start: int, end: int) -> int:
    """Whole days from ``start`` to ``end``; 0 when ``end`` is not later."""
    return max(0, end - start)


def exact_interest(principal: int, rate_bps: int, days: int) -> Fraction:
    """Simple interest without rounding."""
    return Fraction(principal) * rate_bps * days / BASIS


def discount_up(principal: int, rate_bps: int, days: int) -> int:
    """What a buyer deducts: rounded up."""
    interest = exact_interest(principal, rate_bps, days)
    return -(-interest.numerator // interest.denominator)


def refund_down(paid: int, amount: int, part: int, rate_bps: int, days: int) -> int:
    """What was paid for a part of a sale, with interest: rounded down, once."""
    price = Fraction(paid) * part / amount
    exact = price + price * rate_bps * days / BASIS
    return exact.numerator // exact.denominator


def overdue_down(principal: int, rate_bps: int, days: int) -> int:
    """What a late payer adds: rounded down."""
    interest = exact_interest(principal, rate_bps, days)
    return interest.numerator // interest.denominator
