"""Calendar dates as ledgers and invoices write them. Only forms that can be read in one way are read."""

from __future__ import annotations

import re
from datetime import date

from api.intake.refused import Refused

_ISO_LIKE = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_CHINESE = re.compile(r"([0-9]{4})\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*日")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_XML_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－／．", "0123456789-/.")


def parse_ledger_date(text: str, where: str) -> date:
    """``2013-04-25``, ``2013/4/25``, ``2013.4.25``, ``20130425``, ``2013年4月25日``; a midnight after it is let pass.

    Day-first and month-first dates are refused: 03/04/2013 has two readings. Raises Refused.
    """
    plain = text.translate(_FULL_WIDTH).strip()
    if match := _ISO_LIKE.fullmatch(plain):
        return _day(match[1], match[3], match[4], text, where)
    if match := _CHINESE.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return _day(match[1], match[2], match[3], text, where)
    raise Refused("date-invalid", value=text, where=where)


def parse_xml_date(text: str, where: str) -> date:
    """An XML Schema date; its time zone, if any, does not move the day. Raises Refused."""
    if match := _XML_DATE.fullmatch(text):
        return _day(match[1], match[2], match[3], text, where)
    raise Refused("date-invalid", value=text, where=where)


def parse_date_102(text: str, where: str) -> date:
    """A UN/EDIFACT date in format 102, CCYYMMDD. Raises Refused."""
    if match := _COMPACT.fullmatch(text):
        return _day(match[1], match[2], match[3], text, where)
    raise Refused("date-invalid", value=text, where=where)


def _day(year: str, month: str, day: str, text: str, where: str) -> date:
    """The date, if it exists and is not before 1970, where day numbers begin."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise Refused("date-invalid", value=text, where=where) from None
    if found.year < 1970:
        raise Refused("date-invalid", value=text, where=where)
    return found
