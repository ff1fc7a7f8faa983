"""The event stream: every change, in order, resumed without loss, alive when nothing happens."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest

from tests.api.http.town import Town, check_problem

STREAM = "/operations/events"


def read(http: httpx.Client, stop: Any, **headers: str) -> list[dict[str, Any]]:
    """Events until `stop` says of one that it was the last."""
    found: list[dict[str, Any]] = []
    with http.stream("GET", STREAM, headers=headers, params={"seconds": 60}) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        for one in parsed(answer.iter_lines()):
            found.append(one)
            if stop(one):
                break
    return found


def parsed(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """As a browser's EventSource reads it."""
    event: dict[str, Any] = {}
    for line in lines:
        if not line and "data" in event:
            yield {"id": int(event["id"]), "event": event["event"], **orjson.loads(event["data"])}
            event = {}
        elif line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            event[name] = value


def act(town: Town) -> str:
    body = {"party": 0, "to": town.ids["core"], "currency": "CNY", "amount": "5"}
    return str(town.do("/deposits", body)["operations"][0]["id"])


def newest(town: Town) -> int:
    """The newest event's id: all of a fresh operation's, read from the start."""
    wanted = act(town)
    return read(town.http, ended(wanted), **{"Last-Event-ID": "0"})[-1]["id"]


def ended(operation: str) -> Any:
    return lambda one: one["data"]["id"] == operation and one["data"]["final"]


def test_every_change_comes_in_order_with_the_operation_as_it_was(town: Town) -> None:
    start = newest(town)
    wanted = [act(town) for _ in range(3)]
    found = read(town.http, ended(wanted[-1]), **{"Last-Event-ID": str(start)})
    assert [one["id"] for one in found] == sorted({one["id"] for one in found})
    for operation in wanted:
        mine = [one for one in found if one["data"]["id"] == operation]
        assert [one["event"] for one in mine] == ["operation.queued", "operation.submitted", "operation.confirmed"]
        assert [one["type"] for one in mine] == [one["event"] for one in mine]
        queued, submitted, confirmed = (one["data"] for one in mine)
        assert (queued["status"], queued["tx_hash"], queued["nonce"], queued["block"]) == ("queued", None, None, None)
        assert (submitted["status"], submitted["block"], submitted["final"]) == ("submitted", None, False)
        assert submitted["tx_hash"] == confirmed["tx_hash"]
        assert confirmed == town.get(f"/operations/{operation}")


def test_a_client_that_was_cut_off_misses_nothing(town: Town) -> None:
    start = newest(town)
    wanted = [act(town) for _ in range(2)]
    whole = read(town.http, ended(wanted[-1]), **{"Last-Event-ID": str(start)})
    pieces: list[dict[str, Any]] = []
    while len(pieces) < len(whole):
        last = pieces[-1]["id"] if pieces else start
        pieces += read(town.http, lambda one: True, **{"Last-Event-ID": str(last)})
    assert pieces == whole


def test_without_an_id_it_starts_now_and_tells_at_once(town: Town) -> None:
    newest(town)
    found: list[dict[str, Any]] = []
    listening = threading.Event()

    def listen() -> None:
        with (
            httpx.Client(base_url=town.http.base_url, timeout=30) as http,
            http.stream("GET", STREAM, params={"seconds": 30}) as answer,
        ):
            lines = answer.iter_lines()
            assert next(lines) == ": ready"
            listening.set()
            found.append(next(parsed(lines)))

    reader = threading.Thread(target=listen)
    reader.start()
    assert listening.wait(20)
    wanted = act(town)
    reader.join(20)
    assert [(one["event"], one["data"]["id"]) for one in found] == [("operation.queued", wanted)]


def test_a_stream_without_events_is_kept_alive_and_ends_in_time(town: Town) -> None:
    with town.http.stream("GET", STREAM, params={"seconds": 1}) as answer:
        text = "".join(answer.iter_text())
    assert text.startswith(": ready\n\n")
    assert ": still here\n\n" in text


@pytest.mark.parametrize("header", ["x", "-1", "1" * 19])
def test_an_id_that_is_none_is_refused(town: Town, header: str) -> None:
    check_problem(town.http.get(STREAM, headers={"Last-Event-ID": header}), "request-invalid", 422)
