"""Alerts in app.db: each once by its key, acknowledged once, and what is left when the chain has other blocks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from api.domain.errors import InvalidInput
from api.domain.invoices import InvoiceItem
from api.domain.party_identity import PartyIdentity
from api.domain.watch import Acknowledged, Alert, Mark, Severity
from api.store.app.alerts import StoredAlerts
from api.store.app.database import Database
from api.store.app.imports import StoredItems

pytestmark = pytest.mark.anyio
ANY: dict[str, Any] = {"rule": None, "severity": None, "open_": None, "cursor": None, "limit": 10}
SEEN = Acknowledged(8, "ab" * 16, 1_750_000_000, "备注")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def alert(key: str, rule: str = "circular_transfer", **facts: Any) -> Alert:
    return Alert(key, rule, 50, 1_750_000_000, (2, 5), 4, 1, {"amount": 2**96 - 1, "notes": [1, 2], **facts})


async def test_each_is_kept_once_and_comes_back_whole(database: Database) -> None:
    book = StoredAlerts(database)
    assert await book.mark() == Mark()
    mark = Mark(50, "0x" + "11" * 32, 9, 3, 2)
    new = await book.put([alert("a"), alert("b", "velocity")], mark)
    assert [(k.alert, k.severity, k.acknowledged) for k in new] == [
        (alert("a"), Severity.HIGH, None),
        (alert("b", "velocity"), Severity.MEDIUM, None),
    ]
    assert await book.mark() == mark
    again = await book.put([alert("b", "velocity", amount=1), alert("c")], Mark(51, "", 9, 3, 2))
    assert [k.alert.key for k in again] == ["c"]
    assert [k.alert.key for k in (await book.listing(**ANY)).items] == ["c", "b", "a"]
    assert (await book.mark()).block == 51
    assert await book.put([], Mark(52)) == []


async def test_pages_and_filters(database: Database) -> None:
    book = StoredAlerts(database)
    kept = await book.put([alert(f"k{n}", "velocity" if n % 2 else "near_duplicate") for n in range(7)], Mark(1))
    await book.acknowledge(kept[3].id, SEEN)
    found: list[int] = []
    cursor: str | None = None
    while True:
        page = await book.listing(**{**ANY, "cursor": cursor, "limit": 2})
        found += [k.id for k in page.items]
        if (cursor := page.next) is None:
            break
    assert found == [k.id for k in reversed(kept)]
    by_rule = await book.listing(**{**ANY, "rule": "velocity"})
    assert {k.alert.rule for k in by_rule.items} == {"velocity"}
    assert len((await book.listing(**{**ANY, "severity": Severity.HIGH})).items) == 4
    assert [k.id for k in (await book.listing(**{**ANY, "open_": False})).items] == [kept[3].id]
    assert len((await book.listing(**{**ANY, "open_": True})).items) == 6
    with pytest.raises(InvalidInput, match="CursorInvalid"):
        await book.listing(**{**ANY, "cursor": "x"})


async def test_the_first_word_stays_and_outlives_other_blocks(database: Database) -> None:
    book = StoredAlerts(database)
    one, _ = await book.put([alert("a"), alert("b")], Mark(5, "0x01"))
    seen = await book.acknowledge(one.id, SEEN)
    assert seen is not None
    assert seen.acknowledged == SEEN
    assert await book.acknowledge(one.id, Acknowledged(9, None, 1, "")) == seen
    assert await book.acknowledge(10**6, SEEN) is None
    await book.start_over()
    assert await book.mark() == Mark()
    assert [k.alert.key for k in (await book.listing(**ANY)).items] == ["a"]
    assert [k.alert.key for k in await book.put([alert("a"), alert("b")], Mark(6))] == ["b"]


async def test_items_alike(database: Database) -> None:
    items = StoredItems(database)

    def item(number: str, payable: int, file: str, seller: str = "code:A") -> InvoiceItem:
        return InvoiceItem(
            file=file,
            item="line 1",
            seller=PartyIdentity(seller, seller),
            buyer=None,
            number=number,
            issue_date=date(2025, 6, 1),
            due_date=None,
            currency="CNY",
            payable=payable,
            file_hash="0x" + file.encode().hex().ljust(64, "0"),
            fingerprint="0x" + number.encode().hex().ljust(64, "0"),
        )

    first = [item("A1", 100, "a"), item("A2", 200, "a"), item("B1", 100, "b", "code:B")]
    await items.put(1, first, {i.file_hash: "0x" + "00" * 32 for i in first})
    last = max(i.id for i in (await items.listing(buyer=None, cursor=None, limit=10)).items)
    assert [i.item.number for i in await items.alike(0)] == ["A1", "A2", "B1"]
    assert await items.alike(last) == []
    new = [item("A3", 100, "c")]
    await items.put(1, new, {i.file_hash: "0x" + "00" * 32 for i in new})
    assert [i.item.number for i in await items.alike(last)] == ["A1", "A3"]
    other = [item("C1", 7, "b", "code:C")]
    await items.put(1, other, {i.file_hash: "0x" + "00" * 32 for i in other})
    assert [i.item.number for i in await items.alike(last)] == ["A1", "B1", "A3", "C1"]
