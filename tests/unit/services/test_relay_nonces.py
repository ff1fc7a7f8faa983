"""Which nonce a request gets that is drafted while another of the account ends."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from api.services.relay import Relay

pytestmark = pytest.mark.anyio


class EndsBetween:
    """An account whose request 0 is under way at the first question, and mined and ended at the second."""

    def __init__(self) -> None:
        self._asked = 0

    async def call(self, *_: object) -> int:
        self._asked += 1
        return 0 if self._asked == 1 else 1

    async def last_relayed(self, _: str) -> int | None:
        self._asked += 1
        return 0 if self._asked == 1 else None


async def test_a_request_that_ends_between_the_questions_is_counted() -> None:
    account = EndsBetween()
    relay = Relay(cast(Any, SimpleNamespace(chain=account, box=account)), "0x" + "22" * 20)
    assert await relay._next_nonce("0x" + "11" * 20) == 1
