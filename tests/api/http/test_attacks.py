"""Requests that mean harm: bodies that exhaust parsers, headers that want to become others, addresses that climb."""

from __future__ import annotations

import json

import pytest

from tests.api.http.raw import raw
from tests.api.http.town import Town, check_problem

JSON = {"Content-Type": "application/json"}


def post(town: Town, body: bytes, rule: str, status: int, path: str = "/notes/lapse") -> None:
    check_problem(town.http.post(path, content=body, headers=JSON), rule, status)
    assert town.http.get("/healthz").status_code == 200


# -- bodies


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"party":0,"notes":' + b"[" * 33 + b"]" * 33 + b"}",
        b'{"x":"\\"[","notes":' + b'[{"y":' * 20 + b"1" + b"}]" * 20 + b"}",
    ],
    ids=["open", "closed", "objects", "just-too-deep", "behind-a-quote"],
)
def test_nesting_is_bounded_before_anything_is_parsed(town: Town, body: bytes) -> None:
    post(town, body, "body-too-deep", 400)


def test_contract_arguments_cannot_nest_either(town: Town) -> None:
    """They are of any shape, and walked by functions that call themselves."""
    body = b'{"signed":[{"call":{"args":' + b"[" * 900 + b"]" * 900 + b"}}]}"
    post(town, body, "body-too-deep", 400, "/operations/signed")


def test_brackets_in_texts_are_letters(town: Town) -> None:
    body = json.dumps({"party": 0, "notes": [999_999], "x": "[" * 10_000 + '"{\\'}).encode()
    answer = check_problem(town.http.post("/notes/lapse", content=body, headers=JSON), "request-invalid", 422)
    assert [e["field"] for e in answer["errors"]] == ["body.x"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32-be"])
def test_other_encodings_hide_nothing(town: Town, encoding: str) -> None:
    body = json.dumps({"party": 0, "notes": [999_999]}).encode(encoding)
    post(town, body, "request-invalid", 422)


@pytest.mark.parametrize("length", ["1048577", "99999999999999999999", "-1", "1e3", "٣"])
def test_a_length_that_is_too_much_or_none_is_not_waited_for(town: Town, length: str) -> None:
    status, head, _ = raw(town.stack, "/notes/lapse", f"Content-Length: {length}".encode(), method="POST")
    assert status in (400, 413), head


def test_numbers_without_end(town: Town) -> None:
    post(town, b'{"party": ' + b"9" * 100_000 + b', "notes": [1]}', "request-invalid", 422)


# -- headers


@pytest.mark.parametrize("name", [b"X-Request-ID", b"Idempotency-Key", b"Accept-Language", b"Prefer", b"If-None-Match"])
@pytest.mark.parametrize(
    "value",
    [b"a\r\n Set-Cookie: evil=1", b"a\nSet-Cookie: evil=1", b"a\x00b", b"a%0d%0aSet-Cookie: evil=1", b"\xff\xfe"],
)
def test_a_header_stays_one_header(town: Town, name: bytes, value: bytes) -> None:
    status, head, _ = raw(
        town.stack, "/notes/lapse", name + b": " + value, method="POST", body=b'{"party":0,"notes":[999999]}'
    )
    assert status in (400, 404, 422), head
    assert b"evil" not in head
    assert b"set-cookie" not in head.lower()


@pytest.mark.parametrize("key", ["short", "x" * 129, "white space", "ключ-ключ".encode().decode("latin-1"), "a;b=c,d"])
def test_keys_of_requests_are_letters_and_digits(town: Town, key: str) -> None:
    headers = {**JSON, "Idempotency-Key": key.encode("latin-1")}
    answer = town.http.post("/notes/lapse", content=b'{"party":0,"notes":[999999]}', headers=headers)
    check_problem(answer, "idempotency-key-invalid", 422)


# -- addresses


@pytest.mark.parametrize(
    "target",
    [
        "/assets/../../../../etc/passwd",
        "/assets/../index.html",
        "/assets//etc/passwd",
        "/assets/%2e%2e/%2e%2e/%2e%2e/package.json",
        "/assets/..%2f..%2f..%2fpackage.json",
        "/assets/..%252f..%252fpackage.json",
        "/assets/..%5c..%5cpackage.json",
        "/assets/%00",
        "/assets/x%00.js",
        "/docs/..%2fpackage.json",
        "/docs/../package.json",
        "/docs/%2e%2e/package.json",
        "/assets/" + "a" * 5_000,
        "/notes/1%2ftrace",
        "/notes/1%2Ftrace",
        "/parties%2f1",
    ],
)
def test_no_address_leaves_its_folder(town: Town, target: str) -> None:
    status, head, body = raw(town.stack, target)
    assert status == 404, head
    assert b"application/problem+json" in head
    assert b"unknown-path" in body


def test_a_strange_method_is_a_problem_too(town: Town) -> None:
    status, head, body = raw(town.stack, "/status", method="PROPFIND")
    assert (status, b"method-not-allowed" in body) == (405, True), head
