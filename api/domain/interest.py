"""Simple interest, ACT/360 on whole days; the same formulas and roundings as Interest.sol."""

from __future__ import annotations

BASIS = 10_000 * 360
"""Basis points times the days of the year convention."""


def discount_up(principal: int, rate_bps: int, days: int) -> int:
    """What a buyer deducts, minor units, rounded up."""
    return -(-principal * rate_bps * days // BASIS)


def overdue_down(principal: int, rate_bps: int, days: int) -> int:
    """What a late payer adds, minor units, rounded down."""
    return principal * rate_bps * days // BASIS


def price_down(amount: int, rate_bps: int, days: int) -> int:
    """Cash for `amount` of face value `days` before it is due, minor units."""
    return amount - discount_up(amount, rate_bps, days)
