"""Amounts as documents write them, read exactly into minor units; currencies by ISO 4217."""

from __future__ import annotations

import re

from api.domain.currencies import MINOR_DIGITS
from api.domain.invoices import LARGEST_AMOUNT
from api.domain.ledgers import DecimalMark
from api.intake.refused import Refused

# Full-width forms and the typographic minus, as they come out of Chinese office software.
_PLAIN = str.maketrans("０１２３４５６７８９．，－−＋（）", "0123456789.,--+()")
_GROUPED = {
    ".": re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:[ \u00a0\u202f'][0-9]{3})+)?(?:\.([0-9]*))?"),
    ",": re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:[ \u00a0\u202f'][0-9]{3})+)?(?:,([0-9]*))?"),
}
_XML_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")


def minor_digits(currency: str, where: str) -> int:
    """Decimals of a currency. Raises Refused for what is not an ISO 4217 code."""
    if currency not in MINOR_DIGITS:
        raise Refused("currency-unknown", value=currency, where=where)
    return MINOR_DIGITS[currency]


def parse_amount(text: str, currency: str, where: str, mark: DecimalMark = ".") -> int:
    """A ledger's amount in minor units, exact: ``1,234.50``, ``-12``, ``12.50-``, ``(12.50)``.

    Thousands separators must stand at every third digit; ``1,23`` is refused rather than guessed at. Raises Refused.
    """
    plain = text.translate(_PLAIN).strip()
    body, negative = _sign(plain)
    match = _GROUPED[mark].fullmatch(body)
    if match is None or not any(c.isdigit() for c in body):
        raise Refused("amount-missing" if not plain else "amount-invalid", value=text, where=where)
    fraction = match[1] or ""
    whole = body[: match.start(1) - 1] if match[1] is not None else body
    return _scaled("".join(filter(str.isdigit, whole)), fraction, negative, currency, where, text)


def parse_xml_amount(text: str, currency: str, where: str) -> int:
    """An XML Schema decimal in minor units, exact: no separators, no exponent. Raises Refused."""
    if not _XML_DECIMAL.fullmatch(text):
        raise Refused("amount-invalid", value=text, where=where)
    whole, _, fraction = text.lstrip("+-").partition(".")
    return _scaled(whole, fraction, text.startswith("-"), currency, where, text)


def _sign(text: str) -> tuple[str, bool]:
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    if text.startswith(("-", "+")):
        return text[1:].lstrip(), text[0] == "-"
    if text.endswith("-"):
        return text[:-1].rstrip(), True
    return text, False


def _scaled(whole: str, fraction: str, negative: bool, currency: str, where: str, text: str) -> int:
    digits = minor_digits(currency, where)
    if fraction[digits:].strip("0"):
        raise Refused("amount-not-exact", value=text, currency=currency, where=where)
    if len(whole.lstrip("0")) > 19:
        raise Refused("amount-too-large", value=text, where=where)
    value = int((whole + fraction[:digits].ljust(digits, "0")) or "0")
    if value > LARGEST_AMOUNT:
        raise Refused("amount-too-large", value=text, where=where)
    return -value if negative else value


def decimal_text(minor: int, currency: str) -> str:
    """Minor units as a plain decimal number: 25033 EUR is ``250.33``."""
    digits = MINOR_DIGITS[currency]
    text = str(abs(minor)).rjust(digits + 1, "0")
    sign = "-" if minor < 0 else ""
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else sign + text
