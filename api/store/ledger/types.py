"""How chain values are kept in columns, so that nothing is rounded and order is kept.

An amount is a uint96, wider than SQLite's 64-bit integers: it is written as decimal digits with leading zeros, which
compare and sort as the numbers do (PostgreSQL: NUMERIC). Hashes and addresses are raw bytes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Dialect, LargeBinary, Numeric, String, literal_column
from sqlalchemy.types import TypeDecorator, TypeEngine

AMOUNT_DIGITS = 30
"""Holds a uint96, and the sum of two: a payment is principal and interest."""
TOTAL_DIGITS = 42
"""Holds the sum of 2⁴⁰ amounts."""


def amount_text(value: int, digits: int = AMOUNT_DIGITS) -> str:
    """What an amount is stored as. OverflowError when it is negative or too wide."""
    text = str(value).zfill(digits)
    if value < 0 or len(text) > digits:
        raise OverflowError(f"no amount of {digits} digits: {value}")
    return text


ZERO: Any = literal_column(f"'{amount_text(0)}'")
"""The amount 0 in SQL."""


class Amount(TypeDecorator[int]):
    """Whole minor units, never negative, exact."""

    impl = String
    cache_ok = True

    def __init__(self, digits: int = AMOUNT_DIGITS) -> None:
        super().__init__(digits)
        self.digits = digits

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind: TypeEngine[Any] = Numeric(self.digits, 0) if dialect.name == "postgresql" else String(self.digits)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: int | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return amount_text(value, self.digits)

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:
        return None if value is None else int(value)


class Bytes(TypeDecorator[bytes]):
    """A hash (32 bytes), an address (20) or a big-endian uint256 (32)."""

    impl = LargeBinary
    cache_ok = True
