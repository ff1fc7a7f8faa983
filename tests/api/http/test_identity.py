"""Signing in, people, wallets and API keys, as people use them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from api.domain.principal import PersonRole
from api.guard import IMPORT_PATHS
from tests.api.http.stack import PROJECT
from tests.api.http.staff import Guarded, client
from tests.api.http.town import check_problem

ADMIN, MAKER, CHECKER, VIEWER = PersonRole


def test_a_person_is_who_it_says_and_of_its_company(guarded: Guarded) -> None:
    smith = guarded.companies["smith"]
    person = guarded.join(smith, MAKER, VIEWER)
    me = person.http.get("/auth/me").json()
    assert me == {
        "party": smith,
        "person": person.id,
        "name": f"Person of {smith}",
        "roles": ["maker", "viewer"],
        "scopes": [],
        "means": "session",
        "account": None,
        "provider": None,
    }


def test_without_a_credential_only_the_ways_in_answer(guarded: Guarded) -> None:
    paths = guarded.anonymous.get("/openapi.json").json()["paths"]
    open_paths = {
        *("/auth/sessions", "/auth/enrolments", "/auth/enrolments/confirm", "/auth/siwe/nonces"),
        *("/auth/providers", "/auth/providers/{id}/sign-ins", "/auth/providers/{id}/enrolments"),
        *("/auth/providers/{id}/enrolments/confirm", "/auth/providers/{id}/callback"),
        *("/auth/siwe/sessions", "/certificates/{code}", "/healthz", "/readyz", "/problems"),
    }
    shut = 0
    for path, methods in paths.items():
        for method in methods:
            if path in open_paths and not (path == "/auth/sessions" and method != "post"):
                continue
            answer = guarded.anonymous.request(method, path.replace("{id}", "1").replace("{account}", "0x" + "11" * 20))
            if answer.status_code != 401:
                assert answer.status_code in (404, 415, 422), (method, path, answer.text)
                kind = {"json": {}} if path not in IMPORT_PATHS else {"files": {"file": ("x.csv", b"x")}}
                answer = guarded.anonymous.request(method, path, **kind)
            assert answer.status_code == 401, (method, path, answer.text)
            shut += 1
    assert shut > 40
    for path in ("/healthz", "/problems", "/openapi.json"):
        assert guarded.anonymous.get(path).status_code == 200
    answer = guarded.anonymous.get("/status")
    check_problem(answer, "not-authenticated", 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_password_that_is_too_short_is_told_in_characters(guarded: Guarded) -> None:
    _, token = guarded.invite(guarded.companies["smith"], VIEWER)
    for password, rule, zh, en in (
        ("short", "string-too-short", "至少 12 个字符", "at least 12 characters"),
        ("x" * 300, "string-too-long", "最长 256 个字符", "at most 256 characters"),
    ):
        answer = guarded.anonymous.post("/auth/enrolments", json={"token": token, "password": password})
        (error,) = check_problem(answer, "request-invalid", 422)["errors"]
        assert (error["rule"], error["message_zh"]) == (rule, zh)
        assert en in error["message"]


def test_a_cookie_carries_a_session_that_no_script_reads(guarded: Guarded) -> None:
    person = guarded.enrol(*guarded.invite(guarded.companies["smith"], VIEWER))
    answer = person.sign_in(keep="cookie")
    assert answer.status_code == 201
    assert answer.json()["token"] is None
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "path=/" in cookie
    assert "domain=" not in cookie
    assert person.http.get("/auth/me").json()["person"] == person.id
    out = person.http.delete("/auth/sessions/current")
    assert out.status_code == 204
    assert 'session=""' in out.headers["set-cookie"]
    assert person.http.get("/auth/me").status_code == 401


def test_one_session_and_all_sessions_can_be_ended(guarded: Guarded) -> None:
    person = guarded.join(guarded.companies["smith"], VIEWER)
    account = guarded.accounts["smith"]
    assert person.link(account).status_code == 200
    others = [client(guarded.stack) for _ in range(2)]
    for other in others:
        answer = person.sign_in_by(account, other)
        other.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    listed = person.http.get("/auth/sessions").json()["sessions"]
    assert len(listed) == 3
    assert [s["id"] for s in listed if s["current"]] == [person.session]
    first = others[0].get("/auth/sessions").json()["sessions"]
    ended = next(s["id"] for s in first if s["current"])
    assert person.http.delete(f"/auth/sessions/{ended}").status_code == 204
    assert [h.get("/auth/me").status_code for h in (person.http, *others)] == [200, 401, 200]
    assert others[1].delete("/auth/sessions").status_code == 204
    assert [h.get("/auth/me").status_code for h in (person.http, *others)] == [401, 401, 401]
    assert person.sign_in().status_code == 201
    assert person.http.delete(f"/auth/accounts/{account}").status_code == 204


def test_a_new_password_ends_the_other_sessions(guarded: Guarded) -> None:
    person = guarded.join(guarded.companies["smith"], VIEWER)
    other = client(guarded.stack)
    other.headers["Authorization"] = f"Bearer {person.token}"
    person.sign_in()
    wanted = "a wholly different passphrase"
    guarded.told.append(wanted)
    wrong = {"present": "not the present one", "wanted": wanted}
    check_problem(person.http.post("/auth/password", json=wrong), "password-wrong", 403)
    right = {"present": person.password, "wanted": wanted}
    assert person.http.post("/auth/password", json=right).status_code == 204
    assert (person.http.get("/auth/me").status_code, other.get("/auth/me").status_code) == (200, 401)
    check_problem(person.sign_in(client(guarded.stack), code="000000"), "sign-in-refused", 401)


def test_an_administrator_cares_for_the_companys_people(guarded: Guarded) -> None:
    lender = guarded.companies["lender"]
    boss = guarded.join(lender, ADMIN)
    body = {"email": "Clerk@Lender.example", "name": "Clerk", "roles": ["maker"]}
    answer = boss.http.post("/people", json=body)
    assert answer.status_code == 201
    guarded.told.append(answer.json()["set_up_token"])
    clerk = guarded.enrol("clerk@lender.example", answer.json()["set_up_token"])
    assert clerk.sign_in().status_code == 201
    check_problem(boss.http.post("/people", json=body | {"email": "clerk@LENDER.example"}), "email-taken", 409)
    # Roles count from the next request on.
    check_problem(clerk.http.get("/api-keys"), "not-company-admin", 403)
    assert boss.http.put(f"/people/{clerk.id}/roles", json={"roles": ["admin", "checker"]}).status_code == 200
    assert clerk.http.get("/auth/me").json()["roles"] == ["admin", "checker"]
    assert clerk.http.get("/api-keys").status_code == 200
    # Who is disabled is out at once.
    assert boss.http.post(f"/people/{clerk.id}/disable").json()["active"] is False
    assert clerk.http.get("/auth/me").status_code == 401
    assert clerk.sign_in(client(guarded.stack)).status_code == 401
    assert boss.http.post(f"/people/{clerk.id}/enable").json()["active"] is True
    # A reset ends sessions and forgets how the person signed in.
    answer = boss.http.post(f"/people/{clerk.id}/reset")
    assert answer.status_code == 201
    assert answer.json()["person"]["enrolled"] is False
    again = guarded.enrol(clerk.email, answer.json()["set_up_token"])
    assert again.id == clerk.id
    assert again.sign_in().status_code == 201
    listed = boss.http.get("/people").json()["people"]
    assert [p["id"] for p in listed if p["id"] in (boss.id, clerk.id)] == [boss.id, clerk.id]


def test_the_last_administrator_stays(guarded: Guarded) -> None:
    party = guarded.companies["assembler"]
    boss = guarded.join(party, ADMIN, MAKER)
    guarded.invite(party, ADMIN)  # has not enrolled: could not come back in
    check_problem(boss.http.post(f"/people/{boss.id}/disable"), "last-admin", 409)
    check_problem(boss.http.put(f"/people/{boss.id}/roles", json={"roles": ["maker"]}), "last-admin", 409)
    assert boss.http.get("/auth/me").json()["roles"] == ["admin", "maker"]
    other = guarded.join(party, ADMIN)
    assert other.http.put(f"/people/{boss.id}/roles", json={"roles": ["maker"]}).status_code == 200
    check_problem(other.http.post(f"/people/{other.id}/disable"), "last-admin", 409)


def test_a_wallet_signs_in_while_the_chain_says_it_is_the_companys(guarded: Guarded) -> None:
    lender, account = guarded.companies["lender"], guarded.accounts["lender"]
    person = guarded.join(lender, CHECKER)
    check_problem(person.sign_in_by(account, client(guarded.stack)), "sign-in-refused", 401)
    check_problem(person.link(guarded.accounts["assembler"]), "account-of-other-party", 403)
    assert person.link(account).json() == {"accounts": [account]}
    other = guarded.join(lender, CHECKER)
    check_problem(other.link(account), "account-linked", 409)
    http = client(guarded.stack)
    answer = person.sign_in_by(account, http)
    assert answer.status_code == 201
    assert answer.json()["me"] == person.http.get("/auth/me").json() | {"account": account}
    http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    assert http.get("/auth/me").json()["account"] == account
    assert person.http.delete(f"/auth/accounts/{account}").status_code == 204
    assert http.get("/auth/me").status_code == 401
    check_problem(person.http.delete(f"/auth/accounts/{account}"), "unknown-account", 404)


def test_api_keys_read_and_write_until_they_end(guarded: Guarded) -> None:
    smith = guarded.companies["smith"]
    boss = guarded.join(smith, ADMIN)
    reading, erp = guarded.api_key(boss, "read")
    me = erp.get("/auth/me").json()
    assert (me["party"], me["person"], me["scopes"], me["means"]) == (smith, None, ["read"], "api_key")
    assert erp.get("/notes").status_code == 200
    act = {"party": smith, "notes": [999_999]}
    check_problem(erp.post("/notes/lapse", json=act), "not-permitted", 403)
    check_problem(erp.post("/auth/accounts/nonces"), "not-signed-in-as-person", 403)
    _, writer = guarded.api_key(boss, "write")
    for path in ("/notes", "/people"):
        check_problem(writer.get(path), "not-permitted", 403)
    check_problem(writer.post("/notes/lapse", json=act), "unknown-note", 404)
    _, both = guarded.api_key(boss, "read", "write")
    check_problem(both.get("/api-keys"), "not-company-admin", 403)
    check_problem(
        both.post("/people", json={"email": "a@b.example", "name": "A", "roles": []}), "not-company-admin", 403
    )
    listed = {k["id"]: k for k in boss.http.get("/api-keys").json()["keys"]}
    assert listed[reading]["used_at"] is not None
    assert "token" not in listed[reading]
    assert boss.http.delete(f"/api-keys/{reading}").status_code == 204
    assert erp.get("/auth/me").status_code == 401


@pytest.mark.parametrize("party", [0, None])
def test_the_operator_brings_in_a_companys_first_administrator(guarded: Guarded, party: int | None) -> None:
    settings = guarded.stack.settings
    environment = {
        **os.environ,
        "SCF_HOME": str(settings.home),
        "SCF_RPC_URL": settings.rpc_url,
        "SCF_DEMO_KEYS": "1",
        "SCF_ARTIFACTS": str(settings.artifacts),
    }
    number = guarded.companies["assembler"] if party is None else party
    email = f"first@party{number}.example"
    command = [sys.executable, "-c", "from scripts.cli import main; main()", "person", "add", email]
    options = ["--party", str(number), "--name", "First", "--role", "admin", "--role", "viewer", "--json"]
    done = subprocess.run(
        [*command, *options], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    token = json.loads(done.stdout)["set_up_token"]
    guarded.told.append(token)
    person = guarded.enrol(email, token)
    assert person.sign_in().status_code == 201
    me = person.http.get("/auth/me").json()
    assert (me["party"], me["roles"]) == (number, ["admin", "viewer"])
