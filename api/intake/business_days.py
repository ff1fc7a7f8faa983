"""Business days of a country, by the `holidays` library (Mainland China's working weekends included)."""

from __future__ import annotations

from datetime import timedelta

import holidays

from api.domain.calendar import date_of_day, day_of_date

_LONGEST_BREAK = 30


class Holidays:
    """Implements the BusinessCalendar port for one country (ISO 3166 alpha-2)."""

    def __init__(self, country: str) -> None:
        self._days = holidays.country_holidays(country)

    def next_business_day(self, day: int) -> int:
        """`day` itself when it is a business day, else the next one."""
        date = date_of_day(day)
        for _ in range(_LONGEST_BREAK):
            if self._days.is_working_day(date):
                return day_of_date(date)
            date += timedelta(days=1)
        raise ValueError(f"no business day within {_LONGEST_BREAK} days of {date_of_day(day)}")
