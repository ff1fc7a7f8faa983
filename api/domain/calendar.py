"""Business days, as the contracts count them: whole days since 1970-01-01 in UTC+8, each ending at 24:00 there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

ZONE_OFFSET = 8 * 3600
"""Seconds east of UTC of the business zone; the same constant as BusinessDay.sol."""

EPOCH = date(1970, 1, 1)


def day_of_time(timestamp: int) -> int:
    """The business day of a Unix time in seconds."""
    return (timestamp + ZONE_OFFSET) // 86_400


def time_of_day(day: int) -> int:
    """The Unix time in seconds at which a business day begins."""
    return day * 86_400 - ZONE_OFFSET


def day_of_date(value: date) -> int:
    """The day number of a calendar date."""
    return (value - EPOCH).days


def date_of_day(day: int) -> date:
    """The calendar date of a day number."""
    return EPOCH + timedelta(days=day)


@lru_cache(maxsize=65_536)
def instant(timestamp: int) -> str:
    """A Unix time as an ISO 8601 instant in UTC."""
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
