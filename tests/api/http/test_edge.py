"""The edge of the API: who gets in, what every answer carries, and how requests that are wrong are told so."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from api.config import load_settings
from api.domain.errors import InvalidInput
from api.main import create_app, main
from api.routers.page import PAGE
from tests.api.http.town import Town, check_problem

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
ACT = {"party": 0, "notes": [999_999]}


# -- who gets in


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "::", "example.org"])
def test_with_keys_on_the_server_only_loopback_is_listened_on(
    host: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = replace(load_settings({}), host=host)
    with pytest.raises(InvalidInput, match="ServerKeysNeedLoopback"):
        create_app(settings)
    monkeypatch.setenv("SCF_HOST", host)
    assert main([]) == 1
    assert "ServerKeysNeedLoopback" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8000", "", "[::2]"])
def test_a_name_that_is_rebound_to_this_machine_does_not_get_in(town: Town, host: str) -> None:
    for path in ("/status", "/"):
        check_problem(town.http.get(path, headers={"Host": host}), "host-not-allowed", 421)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000"])
def test_local_names_get_in(town: Town, host: str) -> None:
    assert town.http.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_cannot_write(town: Town, headers: dict[str, str]) -> None:
    check_problem(town.http.post("/notes/lapse", json=ACT, headers=headers), "cross-origin-refused", 403)
    files = {"file": ("x.csv", b"x")}
    answer = town.http.post("/imports", data={"party": 1}, files=files, headers=headers)
    check_problem(answer, "cross-origin-refused", 403)


def test_the_pages_own_origin_can(town: Town) -> None:
    origin = str(town.http.base_url).rstrip("/")
    answer = town.http.post("/notes/lapse", json=ACT, headers={"Origin": origin, "Sec-Fetch-Site": "same-origin"})
    check_problem(answer, "unknown-note", 404)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_writes_are_json(town: Town, kind: str) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = town.http.post("/notes/lapse", content=json.dumps(ACT).encode(), headers=headers)
    check_problem(answer, "media-type-not-supported", 415)


def test_bodies_are_bounded(town: Town) -> None:
    body = b'{"party": 0, "notes": [' + b"1," * 600_000 + b"1]}"
    headers = {"Content-Type": "application/json"}
    check_problem(town.http.post("/notes/lapse", content=body, headers=headers), "body-too-large", 413)

    def chunks() -> Any:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    check_problem(town.http.post("/notes/lapse", content=chunks(), headers=headers), "body-too-large", 413)
    assert town.http.get("/healthz").status_code == 200


# -- what every answer carries


@pytest.mark.parametrize("path", ["/status", "/nowhere", "/docs", "/notes/0"])
def test_security_headers(town: Town, path: str) -> None:
    headers = town.http.get(path).headers
    assert headers["content-security-policy"] == CSP
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "server" not in headers
    assert "access-control-allow-origin" not in headers


def test_request_ids_go_in_and_out(town: Town) -> None:
    assert town.http.get("/healthz", headers={"X-Request-ID": "erp-17.a"}).headers["x-request-id"] == "erp-17.a"
    made = town.http.get("/healthz", headers={"X-Request-ID": "no spaces, please"}).headers["x-request-id"]
    assert len(made) == 32


def test_problems_speak_the_language_that_is_asked_for(town: Town) -> None:
    for accepted, chinese in (
        ("zh-CN,zh;q=0.9,en;q=0.8", True),
        ("en-GB,zh;q=0.5", False),
        ("de", False),
        (None, False),
    ):
        headers = {} if accepted is None else {"Accept-Language": accepted}
        answer = town.http.get("/notes/999999", headers=headers)
        problem = answer.json()
        assert (problem["title"] == problem["title_zh"]) is chinese
        assert answer.headers["content-language"] == ("zh" if chinese else "en")
    spoken = town.http.post("/notes/lapse", json=ACT, headers={"Accept-Language": "zh"}).json()
    assert spoken["detail"] == spoken["detail_zh"]


# -- requests that are wrong


def test_unknown_addresses_and_methods(town: Town) -> None:
    assert check_problem(town.http.get("/nowhere"), "unknown-path", 404)["evidence"]["path"] == "/nowhere"
    answer = town.http.delete("/notes/1")
    check_problem(answer, "method-not-allowed", 405)
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize(
    ("path", "body", "field", "rule"),
    [
        ("/notes/accept", {"notes": [1]}, "body.party", "missing"),
        ("/notes/accept", {"party": "3", "notes": [1]}, "body.party", "int-type"),
        ("/notes/accept", {"party": True, "notes": [1]}, "body.party", "int-type"),
        ("/notes/accept", {"party": 3, "notes": [1, -2]}, "body.notes[1]", "greater-than-equal"),
        ("/notes/accept", {"party": 3, "notes": [1] * 501}, "body.notes", "too-long"),
        ("/notes/accept", {"party": 3, "notes": [1], "note": 2}, "body.note", "extra-forbidden"),
        ("/notes/accept", [], "body", "model-attributes-type"),
        ("/deposits", {"to": 1, "currency": "CNY", "amount": 100}, "body.amount", "amount-form"),
        ("/deposits", {"to": 1, "currency": "CNY", "amount": "1.50"}, "body.amount", "amount-form"),
        ("/deposits", {"to": 1, "currency": "CNY", "amount": "-1"}, "body.amount", "amount-form"),
        ("/deposits", {"to": 1, "currency": "CNY", "amount": "007"}, "body.amount", "amount-form"),
        ("/deposits", {"to": 1, "currency": "CNY", "amount": "１２"}, "body.amount", "amount-form"),
        ("/deposits", {"to": 1, "currency": "CNY", "amount": str(2**96)}, "body.amount", "amount-too-large"),
        ("/deposits", {"to": 1, "currency": "yuan", "amount": "1"}, "body.currency", "string-pattern-mismatch"),
        ("/repayments", {"party": 1}, "body", "one-of"),
        ("/repayments", {"party": 1, "notes": [1], "due_until": "2026-01-01"}, "body", "one-of"),
        ("/repayments", {"party": 1, "due_until": "01.01.2026"}, "body.due_until", "date-from-datetime-parsing"),
    ],
)
def test_validation_names_field_and_rule_in_both_languages(
    town: Town, path: str, body: Any, field: str, rule: str
) -> None:
    problem = check_problem(town.http.post(path, json=body), "request-invalid", 422)
    (error,) = problem["errors"]
    assert (error["field"], error["rule"]) == (field, rule)
    assert any("\u4e00" <= c <= "\u9fff" for c in error["message_zh"])
    assert error["message_zh"] != f"该值不符合要求({rule})"


def test_addresses_with_a_wrong_checksum(town: Town) -> None:
    wrong = "0x70997970C51812dc3A010C7d01b50e0d17dc79c8"
    admission = town.admission("typo", "supplier", settlement_account=wrong)
    problem = check_problem(town.http.post("/parties", json={"parties": [admission]}), "request-invalid", 422)
    assert problem["errors"][0]["rule"] == "address-checksum"


def test_what_is_not_json(town: Town) -> None:
    answer = town.http.post("/notes/lapse", content=b'{"party":', headers={"Content-Type": "application/json"})
    assert check_problem(answer, "request-invalid", 422)["errors"][0]["rule"] == "json-invalid"


@pytest.mark.parametrize(
    "path", ["/notes/0", "/notes/x", f"/notes/{2**40}", "/parties/-1", "/paths", "/notes?limit=501"]
)
def test_reads_are_validated_too(town: Town, path: str) -> None:
    check_problem(town.http.get(path), "request-invalid", 422)


# -- the page and the documentation


@pytest.mark.skipif(not (PAGE / "index.html").is_file(), reason="the page is not built (make setup)")
def test_the_page_and_its_assets(town: Town) -> None:
    page = town.http.get("/")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["content-security-policy"] == CSP
    assert page.headers["cache-control"] == "no-cache"
    assets = sorted((PAGE / "assets").iterdir())
    answer = town.http.get(f"/assets/{assets[0].name}")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert "http://" not in page.text.replace("http://www.w3.org", "")


@pytest.mark.skipif(not (PAGE / "check.html").is_file(), reason="the page is not built (make setup)")
def test_the_check_of_dossiers_runs_its_own_code_and_asks_nobody(town: Town) -> None:
    page = town.http.get("/check")
    policy = page.headers["content-security-policy"]
    assert "connect-src" not in policy and "'self'" not in policy and "unsafe" not in policy
    assert policy.startswith("default-src 'none'; script-src 'sha256-") and policy.endswith("frame-ancestors 'none'")
    (script,) = re.findall(r'<script type="module">(.*?)</script>', page.text, re.DOTALL)
    assert f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" in policy


@pytest.mark.parametrize("name", ["../index.html", "..%2findex.html", "%2e%2e/%2e%2e/package.json", "nope.js", ""])
def test_nothing_but_assets_is_served(town: Town, name: str) -> None:
    assert town.http.get(f"/assets/{name}").status_code == 404


def test_the_documentation_comes_from_here(town: Town) -> None:
    page = town.http.get("/docs").text
    assert "https://" not in page
    for path in ("/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/docs/start.js", "/openapi.json"):
        assert path in page or path in ("/openapi.json",)
        assert town.http.get(path).status_code == 200
    assert town.http.get("/docs/index.html").status_code == 404
    assert town.http.get("/redoc").status_code == 404
