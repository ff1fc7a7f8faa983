"""Webhooks, against receivers that really listen: signed, in order, tried again, held up by nobody else's receiver."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.api.http.receiver import Received, Receiver, receiving
from tests.api.http.stack import PROJECT, Stack
from tests.api.http.town import Town, check_problem


def start(stack: Stack) -> subprocess.Popen[str]:
    """A notifier with little patience."""
    environment = {
        **os.environ,
        "SCF_HOME": str(stack.settings.home),
        "SCF_WEBHOOK_TIMEOUT_S": "2",
        "SCF_WEBHOOK_RETRY_S": "0.05",
        "SCF_LOG_LEVEL": "warning",
    }
    command = [sys.executable, "-m", "api.notifier"]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.fixture(scope="module")
def notifier(stack: Stack) -> Iterator[subprocess.Popen[str]]:
    process = start(stack)
    yield process
    process.terminate()
    assert process.wait(20) == 0


@pytest.fixture
def listener() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def register(town: Town, url: str, party: int = 0) -> dict[str, Any]:
    answer = town.http.post("/webhooks", json={"party": party, "url": url})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/webhooks/{answer.json()['id']}"
    return dict(answer.json())


def remove(town: Town, webhook: dict[str, Any]) -> None:
    assert town.http.delete(f"/webhooks/{webhook['id']}").status_code == 204


def act(town: Town, party: str = "core") -> str:
    body = {"party": 0, "to": town.ids[party], "currency": "CNY", "amount": "5"}
    return str(town.do("/deposits", body)["operations"][0]["id"])


def of(received: list[Received], operation: str) -> list[Received]:
    return [r for r in received if r.message["data"]["id"] == operation]


def log(town: Town, webhook: dict[str, Any], operation: str, wanted: int = 3) -> list[dict[str, Any]]:
    """The deliveries of one operation, oldest first, once none is pending."""

    def look() -> list[dict[str, Any]]:
        items = town.get(f"/webhooks/{webhook['id']}/deliveries", limit=500)["items"]
        return [i for i in items if i["operation"] == operation][::-1]

    def done(seen: list[dict[str, Any]]) -> bool:
        return len(seen) == wanted and all(i["status"] != "pending" for i in seen)

    return town.until(look, done, timeout=60)


def test_every_event_comes_signed_once_and_in_order(town: Town, notifier: Any, listener: Receiver) -> None:
    webhook = register(town, listener.url)
    wanted = act(town)
    received = of(listener.until(lambda seen: len(of(seen, wanted)) >= 3), wanted)
    assert [r.message["type"] for r in received] == [
        "operation.queued",
        "operation.submitted",
        "operation.confirmed",
    ]
    reader = Webhook(webhook["secret"])
    for one in received:
        assert reader.verify(one.body, one.headers) == one.message
        assert one.headers["content-type"] == "application/json"
    assert received[-1].message["data"] == town.get(f"/operations/{wanted}")
    assert len({r.headers["webhook-id"] for r in received}) == 3
    entries = log(town, webhook, wanted)
    assert [(e["type"], e["status"], [a["status"] for a in e["attempts"]]) for e in entries] == [
        (r.message["type"], "delivered", [204]) for r in received
    ]
    remove(town, webhook)


def test_a_forged_or_replayed_delivery_is_told_from_a_true_one(town: Town, notifier: Any, listener: Receiver) -> None:
    """Whoever has no secret cannot make one, change one, or bring an old one again."""
    webhook, other = register(town, listener.url), register(town, listener.url)
    wanted = act(town)
    one = of(listener.until(lambda seen: len(of(seen, wanted)) >= 6), wanted)[0]
    readers = [Webhook(w["secret"]) for w in (webhook, other)]
    reader, stranger = readers if webhook["id"] in one.headers["webhook-id"] else readers[::-1]
    assert reader.verify(one.body, one.headers) == one.message
    old = str(int(one.headers["webhook-timestamp"]) - 600)
    at = datetime.now(tz=UTC) - timedelta(minutes=10)
    signed_long_ago = reader.sign(one.headers["webhook-id"], at, one.body.decode())
    forgeries = [
        (stranger, one.body, one.headers),
        (reader, one.body.replace(b"queued", b"failed"), one.headers),
        (reader, one.body, {**one.headers, "webhook-timestamp": old}),
        (reader, one.body, {**one.headers, "webhook-id": "msg_1"}),
        (reader, one.body, {**one.headers, "webhook-timestamp": old, "webhook-signature": signed_long_ago}),
    ]
    for who, body, headers in forgeries:
        with pytest.raises(WebhookVerificationError):
            who.verify(body, headers)
    remove(town, webhook)
    remove(town, other)


def test_what_fails_is_tried_again_and_what_follows_waits(town: Town, notifier: Any) -> None:
    with receiving(lambda n: 500 if n < 2 else 302 if n == 2 else 200) as receiver:
        webhook = register(town, receiver.url)
        wanted = act(town)
        entries = log(town, webhook, wanted)
        assert [(e["status"], [a["status"] for a in e["attempts"]]) for e in entries] == [
            ("delivered", [500, 500, 302, 200]),
            ("delivered", [200]),
            ("delivered", [200]),
        ]
        received = of(list(receiver.received), wanted)
        assert [r.message["type"].removeprefix("operation.") for r in received] == [
            *(["queued"] * 4),
            *("submitted", "confirmed"),
        ]
        assert len({r.headers["webhook-id"] for r in received[:4]}) == 1
        remove(town, webhook)


def test_a_receiver_that_hangs_holds_up_nobody_else(town: Town, notifier: Any, listener: Receiver) -> None:
    with receiving(lambda n: 0) as hanging:
        stuck, fine = register(town, hanging.url), register(town, listener.url)
        wanted = [act(town) for _ in range(6)]
        listener.until(lambda seen: len(seen) >= 18, timeout=20)
        assert Counter(r.message["data"]["id"] for r in listener.received) == dict.fromkeys(wanted, 3)
        entries = town.until(
            lambda: town.get(f"/webhooks/{stuck['id']}/deliveries")["items"],
            lambda seen: any(e["attempts"] for e in seen),
        )
        tried = [a for e in entries for a in e["attempts"]]
        assert tried
        assert {(a["status"], a["error"]) for a in tried} == {(None, "timeout")}
        remove(town, stuck)
        remove(town, fine)


def test_a_notifier_killed_while_it_delivers_loses_nothing(town: Town, stack: Stack, notifier: Any) -> None:
    """kill -9 in the middle of hanging deliveries: the next notifier sends what was not recorded, again if need be."""
    with receiving(lambda n: 0 if n < 4 else 200) as receiver:
        webhook = register(town, receiver.url)
        second = start(stack)
        wanted = [act(town) for _ in range(4)]
        receiver.until(lambda seen: len(seen) >= 4)
        second.send_signal(signal.SIGKILL)
        second.wait()
        for operation in wanted:
            assert [e["status"] for e in log(town, webhook, operation)] == ["delivered"] * 3
        for operation in wanted:
            first_times = list(dict.fromkeys(r.message["type"] for r in of(list(receiver.received), operation)))
            assert first_times == ["operation.queued", "operation.submitted", "operation.confirmed"]
        remove(town, webhook)


def test_a_receiver_that_is_gone_gets_nothing_more(town: Town, notifier: Any) -> None:
    with receiving(lambda n: 410) as receiver:
        webhook = register(town, receiver.url)
        act(town)
        shown = town.until(lambda: town.get(f"/webhooks/{webhook['id']}"), lambda seen: not seen["active"])
        assert not shown["active"]
        count = len(receiver.received)
        act(town)
        time.sleep(1.5)
        assert len(receiver.received) <= count + 1
        remove(town, webhook)


def test_only_the_events_of_its_own_company_come(town: Town, notifier: Any, listener: Receiver) -> None:
    webhook = register(town, listener.url, town.ids["tier1"])
    act(town)
    note = town.held()
    (wanted,) = (o for o in town.get("/operations", kind="accept")["items"][:1])
    assert wanted["party"] == note["holder"]["id"] == town.ids["tier1"]
    received = listener.until(lambda seen: len(of(seen, wanted["id"])) >= 3)
    assert {r.message["data"]["party"] for r in received} == {town.ids["tier1"]}
    remove(town, webhook)


def test_secrets_are_told_once(town: Town, listener: Receiver) -> None:
    webhook = register(town, listener.url)
    shown = town.get(f"/webhooks/{webhook['id']}")
    assert shown == {name: value for name, value in webhook.items() if name != "secret"}
    assert shown in town.get("/webhooks")["items"]
    secret = webhook["secret"].removeprefix("whsec_")
    files = [f for f in town.stack.settings.home.rglob("*") if f.is_file() and f.stat().st_size < 10**7]
    assert files
    assert not any(secret.encode() in f.read_bytes() for f in files)
    remove(town, webhook)
    check_problem(town.http.get(f"/webhooks/{webhook['id']}"), "unknown-webhook", 404)
    check_problem(town.http.get(f"/webhooks/{webhook['id']}/deliveries"), "unknown-webhook", 404)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "ftp://example.com/",
        "https://10.0.0.7/",
        "https://192.168.1.1:8443/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://[fe80::1]/",
        "https://[fc00::1]/",
        "https://[64:ff9b::a00:1]/",
        "https://user:word@example.com/",
        "https://example.com/#x",
        "https://example.com\\@10.0.0.1/",
        "https://",
        "//example.com",
        "https://exa mple.com/",
    ],
)
def test_addresses_of_inner_networks_are_refused(town: Town, url: str) -> None:
    answer = town.http.post("/webhooks", json={"party": 0, "url": url})
    check_problem(answer, "webhook-address-refused", 422)
    assert town.get("/webhooks")["items"] == []


def test_a_company_has_no_more_than_ten(town: Town) -> None:
    made = [register(town, f"https://example.com/{n}", town.ids["tier2"]) for n in range(10)]
    body = {"party": town.ids["tier2"], "url": "https://example.com/more"}
    check_problem(town.http.post("/webhooks", json=body), "too-many-webhooks", 409)
    for webhook in made:
        remove(town, webhook)
