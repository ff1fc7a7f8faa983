"""The types that requests and answers are made of. Amounts are decimal strings of minor units, days ISO dates."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

from eth_utils.address import is_checksum_address, to_checksum_address
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

UINT96 = 2**96 - 1
UINT256 = 2**256 - 1
LAST_DAY = date(2149, 6, 6)
"""Day 65,535: the last that the contracts can write."""
LARGEST_PARTY = 2**32 - 1
LARGEST_ID = 2**40 - 1
LARGEST_ITEM = 2**53 - 1
BATCH = 500
"""Most things that one act may name."""

_MOMENT = re.compile(r"[12][0-9]{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_DIGITS = re.compile(r"(0|[1-9][0-9]{0,77})")


class Body(BaseModel):
    """A request. Fields that are not known are refused: a misspelt limit must not pass for no limit."""

    model_config = ConfigDict(extra="forbid")


class Answer(BaseModel):
    """An answer; documents what the wire module writes."""

    model_config = ConfigDict(extra="forbid")


def _amount(largest: int) -> Any:
    def read(value: Any) -> int:
        if not isinstance(value, str) or _DIGITS.fullmatch(value) is None:
            raise PydanticCustomError("amount_form", "an amount is a string of decimal digits, in minor units")
        if (amount := int(value)) > largest:
            raise PydanticCustomError("amount_too_large", "the amount is above {limit}", {"limit": str(largest)})
        return amount

    return BeforeValidator(read)


def _address(value: str) -> str:
    if value.lower() != value and value[2:].upper() != value[2:] and not is_checksum_address(value):
        raise PydanticCustomError("address_checksum", "the address has a wrong checksum")
    return str(to_checksum_address(value))


def _string(pattern: str, description: str, example: str, **more: Any) -> WithJsonSchema:
    return WithJsonSchema(
        {"type": "string", "pattern": pattern, "description": description, "examples": [example], **more}
    )


_MINOR = _string(r"^(0|[1-9][0-9]{0,28})$", "Minor units of the currency, as a decimal string.", "12500000")
Amount = Annotated[int, _amount(UINT96), _MINOR]
"""Minor units, 0 to 2^96-1; a decimal string in JSON."""
WideAmount = Annotated[
    int, _amount(UINT256), _string(r"^(0|[1-9][0-9]{0,77})$", "Minor units, as a decimal string.", "12500000")
]
"""Minor units where sums are meant: 0 to 2^256-1."""
Minor = Annotated[str, _MINOR]
"""An amount in an answer."""

Day = Annotated[date, Field(ge=date(1970, 1, 1), le=LAST_DAY, description="A business day (UTC+8).")]
PartyId = Annotated[int, Field(ge=1, le=LARGEST_PARTY, strict=True, description="A party's id.", examples=[3])]
NoteId = Annotated[int, Field(ge=1, le=LARGEST_ID, strict=True, description="A note's id.", examples=[7])]
ReceivableId = Annotated[int, Field(ge=1, le=LARGEST_ID, strict=True, description="A receivable's id.", examples=[2])]
ItemId = Annotated[int, Field(ge=1, le=LARGEST_ITEM, strict=True, description="An imported item's id.", examples=[11])]
Address = Annotated[
    str,
    Field(
        pattern=r"^0x[0-9a-fA-F]{40}$",
        description="An account, 20 bytes; a mixed-case one must have its EIP-55 checksum.",
        examples=["0x70997970C51812dc3A010C7d01b50e0d17dc79C8"],
    ),
    AfterValidator(_address),
]
Hash = Annotated[
    str,
    Field(
        pattern=r"^0x[0-9a-fA-F]{64}$",
        description="32 bytes.",
        examples=["0x9b2f4c1d6e8a0b3c5d7e9f1a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f4a6b8c"],
    ),
    AfterValidator(str.lower),
]
Hex = Annotated[
    str,
    Field(pattern=r"^0x([0-9a-fA-F]{2})+$", max_length=131_074, description="Bytes.", examples=["0x02f8b1827a69"]),
]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code.", examples=["CNY"])]
Instant = Annotated[
    str, _string(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", "An instant in UTC.", "2025-07-01T02:00:00Z", format="date-time")
]


def _moment(value: Any) -> int:
    if not isinstance(value, str) or _MOMENT.fullmatch(value) is None:
        raise PydanticCustomError("instant_form", "an instant is written as 2025-07-01T02:00:00Z")
    try:
        return int(datetime.fromisoformat(value).timestamp())
    except ValueError as error:
        raise PydanticCustomError("instant_form", "an instant is written as 2025-07-01T02:00:00Z") from error


Moment = Annotated[
    int,
    BeforeValidator(_moment),
    _string(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", "An instant in UTC.", "2025-07-01T02:00:00Z", format="date-time"),
]
"""An instant in a request; Unix seconds inside."""
IsoDate = Annotated[str, _string(r"^\d{4}-\d\d-\d\d$", "A business date (UTC+8).", "2025-11-07", format="date")]
