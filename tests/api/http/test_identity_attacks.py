"""Attacks on who asks, each of them made."""

from __future__ import annotations

import base64
import json
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from api.credentials.codes import STEP_S
from api.credentials.wallets import HALF_ORDER
from api.domain.operations import Contract
from api.domain.principal import PersonRole
from api.store.app.tables import api_keys, invitations, people, sessions, sign_in_failures
from tests.api.http.staff import Guarded, Someone, client, signature, signed, stamp
from tests.api.http.town import check_problem
from tests.api.http.wallet import wallet_of

ADMIN, MAKER, CHECKER, VIEWER = PersonRole
CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


@pytest.fixture(scope="module")
def smith(guarded: Guarded) -> Someone:
    """An administrator of the supplier."""
    return guarded.join(guarded.companies["smith"], ADMIN)


@pytest.fixture(scope="module")
def lender(guarded: Guarded) -> Someone:
    """An administrator of the financier."""
    return guarded.join(guarded.companies["lender"], ADMIN)


@pytest.fixture(scope="module")
def holder(guarded: Guarded) -> Someone:
    """A person of the core enterprise who signs in by wallet."""
    person = guarded.join(guarded.companies["assembler"], CHECKER)
    assert person.link(guarded.accounts["assembler"]).status_code == 200
    return person


def bearing(guarded: Guarded, token: str) -> httpx.Client:
    http = client(guarded.stack)
    http.headers["Authorization"] = f"Bearer {token}"
    return http


# -- tokens


def test_another_companys_objects_are_not_there(guarded: Guarded, smith: Someone, lender: Someone) -> None:
    key, _ = guarded.api_key(lender, "read")
    for method, path, body, rule in (
        ("PUT", f"/people/{lender.id}/roles", {"roles": ["admin"]}, "unknown-person"),
        ("POST", f"/people/{lender.id}/disable", None, "unknown-person"),
        ("POST", f"/people/{lender.id}/enable", None, "unknown-person"),
        ("POST", f"/people/{lender.id}/reset", None, "unknown-person"),
        ("DELETE", f"/api-keys/{key}", None, "unknown-api-key"),
        ("DELETE", f"/auth/sessions/{lender.session}", None, "unknown-session"),
    ):
        check_problem(smith.http.request(method, path, json=body), rule, 404)
    ours, theirs = (p.http.get("/people").json()["people"] for p in (smith, lender))
    assert not {p["id"] for p in ours} & {p["id"] for p in theirs}
    assert key not in {k["id"] for k in smith.http.get("/api-keys").json()["keys"]}
    assert lender.http.get("/auth/me").json()["party"] == guarded.companies["lender"]


def test_a_session_of_a_colleague_is_not_ones_own(guarded: Guarded, smith: Someone) -> None:
    colleague = guarded.join(guarded.companies["smith"], VIEWER)
    check_problem(smith.http.delete(f"/auth/sessions/{colleague.session}"), "unknown-session", 404)
    assert colleague.http.get("/auth/me").status_code == 200


def test_forged_tokens(guarded: Guarded, smith: Someone, lender: Someone) -> None:
    record, _, secret = smith.token.partition(".")
    other, _, others = lender.token.partition(".")
    claims = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")
    forged = [
        f"{record}.{secrets.token_urlsafe(32)}",
        f"{record}.{others}",
        f"{other}.{secret}",
        f"{record}.{secret[:-1]}",
        f"{record}.",
        record,
        smith.token.replace("scf_s_", "scf_k_"),
        smith.token.replace("scf_s_", "scf_i_"),
        smith.token + "x",
        smith.token.upper(),
        f"scf_s_{'0' * 32}.{secret}",
        f"{claims}.{claims}.",
        "null",
    ]
    for token in forged:
        check_problem(bearing(guarded, token).get("/auth/me"), "not-authenticated", 401)
        cookie = client(guarded.stack)
        cookie.cookies.set("session", token)
        check_problem(cookie.get("/auth/me"), "not-authenticated", 401)
    # What the database keeps of a token is no token.
    with guarded.database.engine.connect() as connection:
        kept = connection.execute(select(sessions.c.token_hash).where(sessions.c.id == smith.session)).scalar_one()
    assert secret not in kept
    check_problem(bearing(guarded, f"{record}.{kept[:43]}").get("/auth/me"), "not-authenticated", 401)
    # Not in the address either, where proxies write it down.
    assert client(guarded.stack).get("/auth/me", params={"token": smith.token}).status_code == 401
    assert smith.http.get("/auth/me").status_code == 200


@pytest.mark.parametrize(("column", "seconds"), [("expires_at", 0), ("seen_at", 1_801)])
def test_expired_and_idle_sessions(guarded: Guarded, column: str, seconds: int) -> None:
    person = guarded.join(guarded.companies["smith"], VIEWER)
    assert person.http.get("/auth/me").status_code == 200
    mine = sessions.c.id == person.session
    past = {column: int(time.time()) - seconds}
    guarded.database.write_now(lambda c: c.execute(update(sessions).where(mine).values(past)))
    check_problem(person.http.get("/auth/me"), "not-authenticated", 401)


def test_expired_api_keys(guarded: Guarded, smith: Someone) -> None:
    key, erp = guarded.api_key(smith, "read")
    assert erp.get("/auth/me").status_code == 200
    over = update(api_keys).where(api_keys.c.id == key).values(expires_at=int(time.time()))
    guarded.database.write_now(lambda c: c.execute(over))
    check_problem(erp.get("/auth/me"), "not-authenticated", 401)


def test_a_planted_session_ends_when_its_victim_signs_in(guarded: Guarded) -> None:
    """Session fixation: the attacker's own session in the victim's browser does not become the victim's."""
    attacker = guarded.join(guarded.companies["lender"], VIEWER)
    victim = guarded.enrol(*guarded.invite(guarded.companies["smith"], VIEWER))
    victim.http.cookies.set("session", attacker.token, domain="127.0.0.1", path="/")
    answer = victim.sign_in(keep="cookie")
    assert answer.status_code == 201
    fresh = victim.http.cookies.get("session", domain="127.0.0.1")
    assert fresh != attacker.token
    assert victim.http.get("/auth/me").json()["person"] == victim.id
    assert attacker.http.get("/auth/me").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_another_site_cannot_use_the_cookie(guarded: Guarded, smith: Someone, headers: dict[str, str]) -> None:
    http = client(guarded.stack)
    http.cookies.set("session", smith.token)
    body = {"email": "mole@evil.example", "name": "Mole", "roles": ["admin"]}
    check_problem(http.post("/people", json=body, headers=headers), "cross-origin-refused", 403)
    check_problem(http.delete("/auth/sessions", headers=headers), "cross-origin-refused", 403)
    check_problem(http.post("/auth/sessions", json={}, headers=headers), "cross-origin-refused", 403)
    form = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    assert http.post("/people", content=b"email=mole", headers=form).status_code == 403
    assert smith.http.get("/auth/me").status_code == 200


# -- passwords and codes


def test_a_code_is_used_once(guarded: Guarded) -> None:
    person = guarded.enrol(*guarded.invite(guarded.companies["smith"], VIEWER))
    confirmed = person.code_of(person._step)
    check_problem(person.sign_in(code=confirmed), "sign-in-refused", 401)
    code = person.code()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: person.sign_in(client(guarded.stack), code=code).status_code, range(4)))
    assert sorted(answers) in ([201, 401, 401, 401], [201, 401, 401, 429])
    check_problem(person.sign_in(code=code), "sign-in-refused", 401)


def test_codes_of_other_times_and_of_nobody(guarded: Guarded) -> None:
    person = guarded.enrol(*guarded.invite(guarded.companies["smith"], VIEWER))
    now = int(time.time()) // STEP_S
    for step in (now - 3, now + 4):
        check_problem(person.sign_in(code=person.code_of(step)), "sign-in-refused", 401)
    for code in ("00000", "0000000", "٠٠٠٠٠٠", "", None, 123456):
        check_problem(person.sign_in(code=code), "request-invalid", 422)


def test_what_is_wrong_is_not_told(guarded: Guarded) -> None:
    """Somebody who does not exist, a wrong password, a wrong code, somebody disabled, somebody not enrolled: one answer."""
    party = guarded.companies["smith"]
    person = guarded.enrol(*guarded.invite(party, VIEWER))
    gone = guarded.enrol(*guarded.invite(party, VIEWER))
    off = update(people).where(people.c.id == gone.id).values(active=False)
    guarded.database.write_now(lambda c: c.execute(off))
    pending, _ = guarded.invite(party, VIEWER)
    bodies = [
        {"email": "nobody@nowhere.example", "password": person.password, "code": person.code()},
        {"email": person.email, "password": "wrong", "code": person.code()},
        {"email": person.email, "password": person.password, "code": "000000"},
        {"email": gone.email, "password": gone.password, "code": gone.code()},
        {"email": pending, "password": "", "code": "000000"},
    ]
    answers = []
    for body in bodies:
        problem = client(guarded.stack).post("/auth/sessions", json=body)
        document = check_problem(problem, "sign-in-refused", 401)
        document.pop("request_id")
        answers.append((document, sorted(problem.headers)))
    assert all(answer == answers[0] for answer in answers)


def test_brute_force_is_slowed_down_for_anybody_and_nobody(guarded: Guarded) -> None:
    person = guarded.enrol(*guarded.invite(guarded.companies["smith"], VIEWER))
    for email in (person.email, "somebody.unknown@nowhere.example"):
        guesses = [{"email": email, "password": f"guess {n}", "code": "000000"} for n in range(5)]
        for guess in guesses:
            http = client(guarded.stack)  # a new address for each
            check_problem(http.post("/auth/sessions", json=guess), "sign-in-refused", 401)
        answer = client(guarded.stack).post("/auth/sessions", json=guesses[0])
        problem = check_problem(answer, "too-many-attempts", 429)
        assert 0 < problem["evidence"]["wait_s"] <= 30
        assert 0 < int(answer.headers["retry-after"]) <= 30
    # Nor does the right password help while it waits, and the wait grows.
    check_problem(person.sign_in(client(guarded.stack)), "too-many-attempts", 429)
    over = sign_in_failures.c.blocked_until > 0
    guarded.database.write_now(lambda c: c.execute(update(sign_in_failures).where(over).values(blocked_until=0)))
    wrong = {"email": person.email, "password": "guess", "code": "000000"}
    check_problem(client(guarded.stack).post("/auth/sessions", json=wrong), "sign-in-refused", 401)
    answer = client(guarded.stack).post("/auth/sessions", json=wrong)
    assert 30 < check_problem(answer, "too-many-attempts", 429)["evidence"]["wait_s"] <= 60
    # A sign-in that works starts anew.
    guarded.database.write_now(lambda c: c.execute(update(sign_in_failures).where(over).values(blocked_until=0)))
    assert person.sign_in().status_code == 201
    check_problem(client(guarded.stack).post("/auth/sessions", json=wrong), "sign-in-refused", 401)


def test_guesses_side_by_side_are_counted_too(guarded: Guarded) -> None:
    def guess(number: int) -> int:
        body = {"email": "raced@nowhere.example", "password": f"guess {number}", "code": "000000"}
        return client(guarded.stack).post("/auth/sessions", json=body).status_code

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(guess, range(12)))
    assert sorted(answers) == [401] * 5 + [429] * 7


def test_one_address_cannot_try_everybody(guarded: Guarded) -> None:
    http = client(guarded.stack)
    statuses = []
    for number in range(32):
        body = {"email": f"person{number}@sprayed.example", "password": "Summer2025!", "code": "000000"}
        statuses.append(http.post("/auth/sessions", json=body).status_code)
    assert statuses == [401] * 30 + [429] * 2


def test_the_slow_hash_is_also_spent_on_nobody(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the path taken, not by the clock: an unknown name is verified against a hash of the same parameters."""
    import anyio
    from argon2 import PasswordHasher, extract_parameters

    from api.credentials.passwords import ArgonPasswords

    seen: list[str] = []
    verify = PasswordHasher.verify

    def watched(self: PasswordHasher, hash: str, password: str) -> bool:
        seen.append(hash)
        return verify(self, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    passwords = ArgonPasswords()

    async def tries() -> list[bool]:
        kept = await passwords.hashed("the password")
        return [
            await passwords.fits("the password", kept),
            await passwords.fits("another", kept),
            await passwords.fits("nobody has this password", None),
        ]

    assert anyio.run(tries) == [True, False, False]
    assert len(seen) == 3
    assert len({str(extract_parameters(hash)) for hash in seen}) == 1
    assert extract_parameters(seen[0]).type.name == "ID"


def test_secrets_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the path taken: every comparison of a token's secret, also with nothing, goes through hmac.compare_digest."""
    import hmac

    from api.domain import tokens

    compared: list[tuple[Any, Any]] = []
    compare = hmac.compare_digest

    def watched(a: Any, b: Any) -> bool:
        compared.append((a, b))
        return compare(a, b)

    monkeypatch.setattr(tokens.hmac, "compare_digest", watched)
    token = tokens.new_token(tokens.SESSION, "0" * 32)
    other = tokens.new_token(tokens.SESSION, "0" * 32)
    assert (token.fits(token.hash), token.fits(other.hash), token.fits(None)) == (True, False, False)
    assert len(compared) == 3
    assert all(len(a) == len(b) == 64 for a, b in compared)


# -- enrolment


def test_a_set_up_token_is_used_once_and_expires(guarded: Guarded) -> None:
    email, token = guarded.invite(guarded.companies["smith"], VIEWER)
    person = guarded.enrol(email, token)
    body = {"token": token, "password": "an attacker's password"}
    check_problem(guarded.anonymous.post("/auth/enrolments", json=body), "set-up-token-invalid", 401)
    assert person.sign_in().status_code == 201
    _, late = guarded.invite(guarded.companies["smith"], VIEWER)
    past = update(invitations).values(expires_at=int(time.time()))
    guarded.database.write_now(lambda c: c.execute(past))
    check_problem(guarded.anonymous.post("/auth/enrolments", json=body | {"token": late}), "set-up-token-invalid", 401)
    for wrong in (person.token, "scf_i_" + "0" * 32 + "." + "A" * 43, "x"):
        answer = guarded.anonymous.post("/auth/enrolments", json=body | {"token": wrong})
        check_problem(answer, "set-up-token-invalid", 401)


def test_an_enrolment_without_a_working_code_is_none(guarded: Guarded) -> None:
    email, token = guarded.invite(guarded.companies["smith"], VIEWER)
    confirm = {"token": token, "code": "000000"}
    check_problem(guarded.anonymous.post("/auth/enrolments/confirm", json=confirm), "code-invalid", 422)
    chosen = guarded.anonymous.post("/auth/enrolments", json={"token": token, "password": "chosen, not confirmed"})
    guarded.told += [chosen.json()["totp_secret"], "chosen, not confirmed"]
    body = {"email": email, "password": "chosen, not confirmed", "code": "000000"}
    check_problem(guarded.anonymous.post("/auth/sessions", json=body), "sign-in-refused", 401)
    for password in ("hunter2", "x" * 257):
        answer = guarded.anonymous.post("/auth/enrolments", json={"token": token, "password": password})
        check_problem(answer, "request-invalid", 422)
        assert password not in answer.text


# -- mass assignment


@pytest.mark.parametrize(
    ("path", "body", "extra"),
    [
        ("/auth/sessions", {"email": "a@b.example", "password": "p", "code": "000000"}, {"party": 0}),
        ("/auth/sessions", {"email": "a@b.example", "password": "p", "code": "000000"}, {"roles": ["admin"]}),
        ("/auth/enrolments", {"token": "x", "password": "a long enough password"}, {"roles": ["admin"]}),
        ("/auth/enrolments/confirm", {"token": "x", "code": "000000"}, {"party": 0}),
        ("/auth/password", {"present": "p", "wanted": "a long enough password"}, {"person": "0" * 32}),
        ("/people", {"email": "a@b.example", "name": "A", "roles": []}, {"party": 0}),
        ("/people", {"email": "a@b.example", "name": "A", "roles": []}, {"password_hash": "x"}),
        ("/people", {"email": "a@b.example", "name": "A", "roles": []}, {"active": True}),
        ("/api-keys", {"name": "k", "scopes": ["read"], "days": 1}, {"party": 0}),
        ("/api-keys", {"name": "k", "scopes": ["read"], "days": 1}, {"token_hash": "0" * 64}),
    ],
)
def test_fields_that_are_not_asked_for_are_refused(
    smith: Someone, path: str, body: dict[str, Any], extra: dict[str, Any]
) -> None:
    problem = check_problem(smith.http.post(path, json=body | extra), "request-invalid", 422)
    assert [e["rule"] for e in problem["errors"]] == ["extra-forbidden"]


def test_nobody_makes_himself_more_than_he_is(guarded: Guarded, smith: Someone) -> None:
    viewer = guarded.join(guarded.companies["smith"], VIEWER)
    raised = {"roles": ["admin"]}
    check_problem(viewer.http.put(f"/people/{viewer.id}/roles", json=raised), "not-company-admin", 403)
    check_problem(viewer.http.post(f"/people/{smith.id}/reset"), "not-company-admin", 403)
    key = {"name": "k", "scopes": ["write"], "days": 1}
    check_problem(viewer.http.post("/api-keys", json=key), "not-company-admin", 403)
    check_problem(smith.http.put(f"/people/{smith.id}/roles", json={"roles": ["operator"]}), "request-invalid", 422)
    assert viewer.http.get("/auth/me").json()["roles"] == ["viewer"]


# -- wallets


def test_a_message_signs_in_once(guarded: Guarded, holder: Someone) -> None:
    body = signed(guarded.accounts["assembler"], holder.http.post("/auth/siwe/nonces").json())
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: client(guarded.stack).post("/auth/siwe/sessions", json=body), range(6)))
    guarded.told += [a.json()["token"] for a in answers if a.status_code == 201]
    assert sorted(a.status_code for a in answers) == [201] + [401] * 5
    check_problem(client(guarded.stack).post("/auth/siwe/sessions", json=body), "sign-in-refused", 401)


def test_a_nonce_is_this_servers_and_for_its_purpose(guarded: Guarded, holder: Someone) -> None:
    account = guarded.accounts["assembler"]
    http = client(guarded.stack)
    nonce = holder.http.post("/auth/siwe/nonces").json()
    made_up = signed(account, nonce | {"nonce": secrets.token_hex(12)})
    check_problem(http.post("/auth/siwe/sessions", json=made_up), "sign-in-refused", 401)
    linking = signed(account, holder.http.post("/auth/accounts/nonces").json())
    check_problem(http.post("/auth/siwe/sessions", json=linking), "sign-in-refused", 401)
    check_problem(holder.http.post("/auth/accounts", json=signed(account, nonce)), "sign-in-refused", 401)
    other = guarded.join(guarded.companies["assembler"], VIEWER)
    theirs = signed(account, other.http.post("/auth/accounts/nonces").json())
    check_problem(holder.http.post("/auth/accounts", json=theirs), "sign-in-refused", 401)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"domain": "evil.example"}, "domain"),
        ({"domain": "127.0.0.1"}, "domain"),
        ({"uri": "https://evil.example"}, "uri"),
        ({"scheme": "https"}, "scheme"),
        ({"chain_id": 1}, "chain-id"),
        ({"expiration_time": stamp(time.time() - 60)}, "expiration-time"),
        ({"not_before": stamp(time.time() + 86_400)}, "not-before"),
        ({"issued_at": stamp(time.time() - 86_400)}, "issued-at"),
        ({"issued_at": stamp(time.time() + 86_400)}, "issued-at"),
    ],
)
def test_a_message_for_elsewhere_or_another_time(
    guarded: Guarded, holder: Someone, changes: dict[str, Any], field: str
) -> None:
    answer = holder.sign_in_by(guarded.accounts["assembler"], client(guarded.stack), **changes)
    problem = check_problem(answer, "sign-in-message-refused", 422)
    assert problem["evidence"]["field"] == field


def test_an_address_that_only_begins_like_ours(guarded: Guarded, holder: Someone) -> None:
    origin = holder.http.post("/auth/siwe/nonces").json()["uri"]
    for uri in (origin.rpartition(":")[0], f"{origin}@evil.example"):
        answer = holder.sign_in_by(guarded.accounts["assembler"], client(guarded.stack), uri=uri)
        assert check_problem(answer, "sign-in-message-refused", 422)["evidence"]["field"] == "uri"


def test_a_malleated_signature(guarded: Guarded, holder: Someone) -> None:
    account = guarded.accounts["assembler"]
    http = client(guarded.stack)
    body = signed(account, holder.http.post("/auth/siwe/nonces").json())
    raw = bytes.fromhex(body["signature"][2:])
    s = int.from_bytes(raw[32:64])
    assert s <= HALF_ORDER
    twisted = raw[:32] + (CURVE_ORDER - s).to_bytes(32) + bytes([55 - raw[64]])
    high = body | {"signature": "0x" + twisted.hex()}
    check_problem(http.post("/auth/siwe/sessions", json=high), "sign-in-refused", 401)
    # The nonce went with it: the true signature is too late.
    check_problem(http.post("/auth/siwe/sessions", json=body), "sign-in-refused", 401)


def test_an_account_that_left_the_company(guarded: Guarded) -> None:
    """A stolen or retired wallet: what the company removes on chain is out, with the sessions that it opened."""
    admission = guarded.town.admission("turner", "supplier")
    # Its cash goes elsewhere: the settlement account is not removed by removing its rights.
    guarded.admit([admission | {"settlement_account": guarded.town.admission("till", "supplier")["administrator"]}])
    account = guarded.accounts["turner"]
    person = guarded.join(guarded.companies["turner"], VIEWER)
    assert person.link(account).status_code == 200
    wallet = bearing(guarded, person.sign_in_by(account, client(guarded.stack)).json()["token"])
    assert wallet.get("/auth/me").json()["account"] == account
    guarded.stack.send(account, Contract.REGISTRY, "setRights", account, 0, bytes(32))
    answer = guarded.town.until(lambda: wallet.get("/auth/me"), lambda a: a.status_code == 401, timeout=60)
    check_problem(answer, "not-authenticated", 401)
    check_problem(person.sign_in_by(account, client(guarded.stack)), "sign-in-refused", 401)
    assert person.http.get("/auth/me").status_code == 200


def test_signatures_that_are_none_and_messages_that_are_none(guarded: Guarded, holder: Someone) -> None:
    account, other = guarded.accounts["assembler"], guarded.accounts["lender"]
    http = client(guarded.stack)
    for broken in ("0x00", "0x" + "00" * 65, "0x" + "ff" * 65, "0x" + "11" * 64, "0x" + "11" * 2_000):
        body = signed(account, holder.http.post("/auth/siwe/nonces").json()) | {"signature": broken}
        check_problem(http.post("/auth/siwe/sessions", json=body), "sign-in-refused", 401)
    # Somebody else's signature under the holder's message.
    body = signed(account, holder.http.post("/auth/siwe/nonces").json())
    body["signature"] = signature(other, body["message"])
    check_problem(http.post("/auth/siwe/sessions", json=body), "sign-in-refused", 401)
    body = signed(account, holder.http.post("/auth/siwe/nonces").json())
    for text in ("", "hello", body["message"] + "\n", body["message"].replace("Version: 1", "Version: 2")):
        body["message"] = text
        check_problem(http.post("/auth/siwe/sessions", json=body), "sign-in-message-invalid", 422)


# -- logs


def test_no_key_of_the_server_is_in_its_logs(guarded: Guarded) -> None:
    """What seals, signs and hashes here: key files, the keystore's password, and the keys of the test accounts, as hex, as
    base64 and as they stand in the file."""
    home = guarded.stack.settings.home
    kept = [file.read_bytes() for file in home.rglob("*") if file.is_file() and {"keys", "keystore"} & set(file.parts)]
    kept += [bytes(wallet_of(index).key) for index in range(40)]
    assert len(kept) > 41
    lines = "\n".join(file.read_text(encoding="utf-8") for file in (home / "log").glob("*.log"))
    for key in kept:
        written = {key.hex(), base64.b64encode(key).decode().rstrip("="), key.decode("utf-8", "replace").strip()}
        assert not [form for form in written if len(form) > 6 and form in lines]


def test_no_secret_is_in_the_logs(guarded: Guarded, smith: Someone, holder: Someone) -> None:
    """Last in the file: by now every kind of secret was used, well and badly, at the most talkative level."""
    guarded.api_key(smith, "read", "write")[1].get("/auth/me")
    folder = guarded.stack.settings.home / "log"
    lines = "\n".join(file.read_text(encoding="utf-8") for file in folder.glob("*.log"))
    assert "signed in" in lines
    assert "sign-in refused" in lines
    told = {secret for secret in guarded.told if len(secret) > 6}
    assert len(told) > 30
    told |= {secret.partition(".")[2] for secret in told if secret.startswith("scf_")}
    assert not [secret for secret in told if secret in lines]
    # Nor in the database, where hashes and sealed secrets are.
    for file in guarded.stack.settings.home.glob("app.db*"):
        content = file.read_bytes()
        assert not [secret for secret in told if secret.encode() in content]
