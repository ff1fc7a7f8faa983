"""The chain takes blocks back under a running deployment: whoever subscribes is told what was undone, once, and each of
their own affairs alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.api.http.receiver import Receiver, receiving
from tests.api.http.stack import Stack, running
from tests.api.http.test_events import act, read
from tests.api.http.test_webhooks import register, start
from tests.api.http.town import Town

UNDONE = "chain.reorganised"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A network of its own, where receipts are not the last word."""
    with running(tmp_path_factory.mktemp("undone"), SCF_FINALITY_DEPTH="64") as stack:
        yield stack


@pytest.fixture(scope="module")
def town(stack: Stack) -> Town:
    town = Town(stack)
    town.found()
    return town


def height(town: Town) -> int:
    return int(town.stack.rpc("eth_blockNumber"), 16)


def undone(receiver: Receiver) -> list[dict[str, Any]]:
    return [r.message for r in receiver.received if r.message["type"] == UNDONE]


def wait_until_told(receiver: Receiver) -> None:
    receiver.until(lambda _: undone(receiver) != [])


def test_everybody_is_told_once_what_was_undone_of_theirs(town: Town) -> None:
    """Nobody listens to the index meanwhile; two notifiers at once, and one more afterwards, tell it once."""
    held = town.held()
    passed = town.passed(held, "tier2", 600_000)
    with ExitStack() as listening:
        of = {name: listening.enter_context(receiving()) for name in ("tier1", "tier2", "tier3", "tier4")}
        for name, receiver in of.items():
            register(town, receiver.url, town.ids[name])
        low = height(town)
        child = town.passed_open(passed, "tier3", 50_000)
        operation = town.get("/operations", limit=1)["items"][0]
        blocks = [town.stack.rpc("eth_getBlockByNumber", hex(n), False) for n in range(low + 1, height(town) + 1)]
        town.stack.rpc("anvil_rollback", height(town) - low)
        town.until(lambda: town.get("/status")["index"]["reorgs"], lambda reorgs: reorgs == 1)
        notifiers = [start(town.stack) for _ in range(2)]
        for process in notifiers:
            listening.callback(process.kill)
        story = read(town.http, lambda one: one["event"] == UNDONE, **{"Last-Event-ID": "0"})
        for receiver in of.values():
            wait_until_told(receiver)
        for process in notifiers:
            process.kill()
            process.wait()
        again = start(town.stack)
        listening.callback(again.kill)
        town.until(lambda: town.note(child["id"])["status"], lambda status: status == "offered")
        town.do("/notes/accept", {"party": town.ids["tier3"], "notes": [child["id"]]})
        of["tier3"].until(lambda seen: seen[-1].message["data"].get("status") == "confirmed")
        again.terminate()
        assert again.wait(20) == 0
        told = story[-1]["data"]
        assert told["blocks"][: len(blocks)] == [{"number": int(b["number"], 16), "hash": b["hash"]} for b in blocks]
        assert told["complete"]
        assert told["operations"] == [operation["id"]]
        assert told["notes"] == [{"id": passed["id"], "gone": False}, {"id": child["id"], "gone": True}]
        assert told["receivables"] == [{"id": held["receivable"], "gone": False}]
        mine = {name: [one["data"] for one in undone(receiver)] for name, receiver in of.items()}
        nothing = {"operations": [], "notes": [], "receivables": []}
        assert mine == {
            "tier1": [told | nothing],
            "tier2": [told | {"receivables": []}],
            "tier3": [told | nothing | {"notes": [{"id": child["id"], "gone": True}]}],
            "tier4": [told | nothing],
        }
    last = act(town)
    everything = read(town.http, lambda one: one["data"].get("id") == last, **{"Last-Event-ID": "0"})
    assert [one["event"] for one in everything].count(UNDONE) == 1
