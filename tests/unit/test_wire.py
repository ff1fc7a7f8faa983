"""What of an error's evidence goes out as what."""

from __future__ import annotations

from typing import Any

import pytest

from api.schemas import wire


@pytest.mark.parametrize(
    ("name", "value", "sent"),
    [
        ("pledgedValue", 12, "12"),
        ("amount", 0, "0"),
        ("note", 12, 12),
        ("note", 1 << 53, str(1 << 53)),
        ("valueDay", 20_000, "2024-10-04"),
        ("readyAt", 1_728_000_000, "2024-10-04T00:00:00Z"),
        ("deadline", 0, 0),
        ("deadline", 2**256 - 1, str(2**256 - 1)),
        ("status", 10, "pledged"),
        ("status", 99, 99),
        ("ids", [1, 2], [1, 2]),
    ],
)
def test_a_number_goes_out_as_what_its_name_says(name: str, value: Any, sent: Any) -> None:
    assert wire.evidence({name: value}) == {name: sent}
