"""Signing in by a company's own identity provider: how people do it, and how others try to."""

from __future__ import annotations

import base64
import hmac
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from sqlalchemy import select, update

from api.domain.principal import PersonRole
from api.store.app.tables import invitations, sign_ins_begun
from tests.api.http.provider import Claims, Comer, IdentityProvider, Setting, knowing, providing, unsigned
from tests.api.http.receiver import receiving
from tests.api.http.staff import Guarded, client
from tests.api.http.town import check_problem

ADMIN, MAKER, CHECKER, VIEWER = PersonRole
IN = "/#/"


def why(rule: str) -> str:
    """Where somebody finds himself who was not signed in."""
    return f"/#/?problem={rule}"


@dataclass
class Place:
    """The network with providers: of the supplier, and of the financier, who demands that its people come by it."""

    guarded: Guarded
    smiths: IdentityProvider
    lenders: IdentityProvider
    slow: IdentityProvider
    lying: IdentityProvider
    log: Path

    def linked(self, user: str, *roles: PersonRole) -> Comer:
        """A person of the supplier whom its provider knows as `user`, signed in."""
        comer, (email, token) = Comer.at(self.guarded), self.guarded.invite(self.guarded.companies["smith"], *roles)
        _, address = comer.enrol("smiths", email, token)
        self.smiths.user = user
        assert comer.back(comer.go(address)) == IN
        return comer


@pytest.fixture(scope="module")
def everywhere(guarded: Guarded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder, companies = tmp_path_factory.mktemp("providers"), guarded.companies
    with ExitStack() as exits:
        smiths, lenders, slow, lying = (exits.enter_context(providing()) for _ in range(4))
        silent = exits.enter_context(socket.socket())  # its port is taken, and nobody listens there
        silent.bind(("127.0.0.1", 0))
        gone = IdentityProvider(port=silent.getsockname()[1])
        settings = {
            "smiths": Setting(smiths, companies["smith"], name_en="Smith ID", name_zh="史密斯账号"),
            "lenders": Setting(lenders, companies["lender"], only=True),
            "slow": Setting(slow, companies["smith"]),
            "lying": Setting(lying, companies["smith"]),
            "gone": Setting(gone, companies["smith"]),
        }
        there = exits.enter_context(knowing(guarded, folder, settings))
        yield Place(there, smiths, lenders, slow, lying, folder / "log" / "api.log")


@pytest.fixture
def place(everywhere: Place) -> Place:
    """With providers that keep to the standard."""
    for provider in (everywhere.smiths, everywhere.lenders, everywhere.slow, everywhere.lying):
        provider.honest()
    return everywhere


# -- as it is meant


def test_an_invited_person_comes_by_the_companys_provider(place: Place) -> None:
    guarded, smith = place.guarded, place.guarded.companies["smith"]
    shown = guarded.anonymous.get("/auth/providers").json()["providers"]
    assert shown[0] == {"id": "smiths", "name_zh": "史密斯账号", "name_en": "Smith ID"}
    assert len(shown) == 5
    email, token = guarded.invite(smith, CHECKER)
    comer, place.smiths.user = Comer.at(guarded), "wei"
    someone, address = comer.enrol("smiths", email, token)
    assert comer.back(comer.go(address)) == IN
    me = comer.http.get("/auth/me").json()
    assert (me["party"], me["roles"], me["means"], me["provider"]) == (smith, ["checker"], "session", "smiths")
    # The token is used up, and there is no password.
    check_problem(
        comer.http.post("/auth/enrolments", json={"token": token, "password": "x" * 12}), "set-up-token-invalid", 401
    )
    someone.id = me["person"]
    check_problem(someone.sign_in(client(guarded.stack), password=""), "sign-in-refused", 401)
    # The provider signs in; what is signed takes the authenticator that came with the invitation.
    assert someone.signing_key().startswith("0x")
    # From now on by the subject, to where he was going.
    assert comer.http.delete("/auth/sessions/current").status_code == 204
    assert comer.http.get("/auth/me").status_code == 401
    assert comer.come("smiths", "#/parties?q=%E6%B1%9F&page=2") == "/#/parties?q=%E6%B1%9F&page=2"
    assert comer.http.get("/auth/me").json()["person"] == me["person"]
    assert [s["provider"] for s in comer.http.get("/auth/sessions").json()["sessions"]] == ["smiths"]


def test_whom_the_administrator_disables_or_resets_the_provider_does_not_let_in(place: Place) -> None:
    comer = place.linked("mei", VIEWER)
    person = comer.http.get("/auth/me").json()["person"]
    boss = place.guarded.join(place.guarded.companies["smith"], ADMIN)
    for act, again in (("disable", "enable"), ("reset", None)):
        answer = boss.http.post(f"/people/{person}/{act}")
        assert answer.is_success
        place.guarded.told.append(answer.json().get("set_up_token", ""))
        assert comer.http.get("/auth/me").status_code == 401
        assert comer.come("smiths") == why("person-not-linked")
        if again:
            assert boss.http.post(f"/people/{person}/{again}").is_success
            assert comer.come("smiths") == IN


def test_a_company_may_demand_its_provider(place: Place, guarded: Guarded) -> None:
    lender, account = guarded.companies["lender"], guarded.accounts["lender"]
    # Somebody who came otherwise before: neither the password nor the wallet, nor the session of then, counts there.
    before = guarded.join(lender, VIEWER)
    assert before.link(account).status_code == 200
    there = replace(before, http=client(place.guarded.stack))
    check_problem(there.sign_in(), "sign-in-refused", 401)
    check_problem(there.sign_in_by(account), "sign-in-refused", 401)
    there.http.headers["Authorization"] = f"Bearer {before.token}"
    check_problem(there.http.get("/auth/me"), "not-authenticated", 401)
    assert before.http.delete(f"/auth/accounts/{account}").status_code == 204
    email, token = guarded.invite(lender, ADMIN)
    body = {"token": token, "password": "a long sentence of one's own"}
    check_problem(place.guarded.anonymous.post("/auth/enrolments", json=body), "provider-demanded", 403)
    comer, place.lenders.user = Comer.at(place.guarded), "boss"
    _, address = comer.enrol("lenders", email, token)
    assert comer.back(comer.go(address)) == IN
    assert comer.http.get("/auth/me").json()["roles"] == ["admin"]


# -- what the provider says


def hs256(secret: bytes) -> Callable[[Claims], str]:
    """Signed with what everybody knows."""

    def sign(claims: Claims) -> str:
        parts = [
            base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in ({"alg": "HS256"}, claims)
        ]
        mac = hmac.digest(secret, ".".join(parts).encode(), "sha256")
        return ".".join([*parts, base64.urlsafe_b64encode(mac).decode().rstrip("=")])

    return sign


def by(key: RSAKey | ECKey, alg: str, kid: str) -> Callable[[Claims], str]:
    return lambda claims: jwt.encode({"alg": alg, "kid": kid}, claims, key, [alg])


def test_an_id_token_is_believed_when_every_claim_fits(place: Place) -> None:
    comer, now, smiths = place.linked("ann", VIEWER), int(time.time()), place.smiths
    other, lists = "https://elsewhere.example", ["cascade", "another"]
    for right in ({}, {"at_hash": None}, {"aud": ["cascade"]}, {"aud": lists, "azp": "cascade"}, {"exp": now - 30}):
        smiths.changed = right
        assert comer.come("smiths") == IN, right
    wrong: list[Claims] = [
        *({"iss": other}, {"iss": None}, {"iss": smiths.issuer + "/"}),
        *(
            {"aud": "another"},
            {"aud": None},
            {"aud": []},
            {"aud": lists},
            {"azp": "another"},
            {"aud": lists, "azp": "another"},
        ),
        *({"exp": now - 600}, {"exp": None}, {"exp": "never"}, {"iat": now + 600}, {"iat": None}, {"nbf": now + 600}),
        *({"nonce": None}, {"nonce": "another"}, {"sub": None}, {"sub": ""}, {"sub": "a" * 300}, {"sub": ["ann"]}),
        {"at_hash": "AAAA"},
    ]
    for claims in wrong:
        smiths.changed = claims
        assert comer.come("smiths") == why("id-token-invalid"), claims


def test_a_signature_is_the_providers_own(place: Place) -> None:
    comer, smiths = place.linked("bob", VIEWER), place.smiths
    assert isinstance(smiths.key, RSAKey)
    public, kid = smiths.key.as_pem(private=False), str(smiths.key.kid)
    stranger = RSAKey.generate_key(2048)
    for sign in (
        unsigned,
        lambda claims: unsigned(claims).replace("bm9uZ", "Tm9uZ"),
        hs256(public),
        hs256(base64.b64decode("c2VjcmV0")),
        by(stranger, "RS256", kid),
        by(stranger, "RS256", "unknown"),
        by(smiths.key, "RS512", kid),
        by(ECKey.generate_key("P-256"), "ES256", kid),
        lambda claims: smiths.signed(claims)[:-8] + "AAAAAAAA",
        lambda claims: "no token",
        lambda claims: "",
    ):
        smiths.sign = sign
        assert comer.come("smiths") == why("id-token-invalid")
    smiths.sign = None
    assert comer.come("smiths") == IN


def test_a_provider_may_change_its_keys(place: Place) -> None:
    comer, smiths = place.linked("cem", VIEWER), place.smiths
    before = smiths.key
    for key in (ECKey.generate_key("P-256", {"kid": "second"}), RSAKey.generate_key(2048, {"kid": "second"})):
        smiths.key = key
        assert comer.come("smiths") == IN
    # What is no longer published signs nobody in.
    smiths.sign = by(before, "RS256", "first")
    assert comer.come("smiths") == why("id-token-invalid")


def test_a_provider_that_does_not_answer_is_named(place: Place) -> None:
    comer = place.linked("dan", VIEWER)
    place.slow.up = 0
    for name, reason in (("slow", "timeout"), ("gone", "unreachable")):
        answer = comer.http.post(f"/auth/providers/{name}/sign-ins", json={})
        assert check_problem(answer, "provider-unavailable", 503)["evidence"]["reason"] == reason
    for status in (500, 302):
        place.smiths.status = status
        assert comer.come("smiths") == why("provider-unavailable")
    place.smiths.status = 200
    assert comer.come("smiths") == IN


def test_what_a_provider_says_of_itself_leads_nowhere_else(place: Place) -> None:
    comer, lying = Comer.at(place.guarded), place.lying
    for says in (
        {"issuer": place.smiths.issuer},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
        {"token_endpoint": "file:///etc/passwd"},
    ):
        lying.says = says
        check_problem(comer.http.post("/auth/providers/lying/sign-ins", json={}), "provider-unavailable", 503)
    with receiving() as inside:
        lying.says = {"token_endpoint": f"http://127.0.0.1:{inside.port}/token"}
        assert comer.come("lying") == why("provider-unavailable")
        assert inside.received == []


# -- who comes


def test_an_answer_counts_once_and_in_the_browser_that_asked(place: Place) -> None:
    victim, attacker = place.linked("eve", VIEWER), place.linked("mallory", VIEWER)
    place.smiths.user = "mallory"
    planted = attacker.go(attacker.begin("smiths"))
    # Somebody else's sign-in in the victim's browser: with a sign-in of its own under way, and without.
    victim.begin("smiths")
    for comer in (victim, Comer.at(place.guarded)):
        assert comer.back(planted) == why("sign-in-not-begun")
        assert comer.http.get("/auth/me").status_code == 401
    other = parse_qs(urlsplit(planted).query)
    for state in ("", other["state"][0][:-1], other["state"][0] + "A", "状态"):
        fresh = Comer.at(place.guarded)
        address = fresh.go(fresh.begin("smiths"))
        changed = urlencode({k: v[0] for k, v in parse_qs(urlsplit(address).query).items()} | {"state": state})
        assert fresh.back(f"{address.partition('?')[0]}?{changed}") == why("sign-in-not-begun")
    cookie = attacker.http.cookies["sign-in"]
    assert attacker.back(planted) == IN
    attacker.http.cookies.set("sign-in", cookie, domain="127.0.0.1", path="/")
    assert attacker.back(planted) == why("sign-in-not-begun")


def test_an_answer_is_of_the_provider_that_was_asked(place: Place) -> None:
    comer = place.linked("fay", VIEWER)
    address = comer.go(comer.begin("smiths"))
    assert comer.back(address.replace("/smiths/", "/lenders/")) == why("sign-in-not-begun")
    for issuer in (place.lenders.issuer, None):
        address, _, query = comer.go(comer.begin("smiths")).partition("?")
        said = {k: v[0] for k, v in parse_qs(query).items()} | {"iss": issuer}
        told = urlencode({k: v for k, v in said.items() if v is not None})
        assert comer.back(f"{address}?{told}") == why("id-token-invalid")


def test_a_code_is_redeemed_once_and_by_who_asked_for_it(place: Place) -> None:
    comer = place.linked("gil", VIEWER)
    used = parse_qs(urlsplit(address := comer.go(comer.begin("smiths"))).query)["code"][0]
    assert comer.back(address) == IN
    stolen = parse_qs(urlsplit(comer.go(comer.begin("smiths"))).query)["code"][0]
    thief = Comer.at(place.guarded)
    for code in (used, stolen, "made-up"):
        own = parse_qs(urlsplit(address := thief.go(thief.begin("smiths"))).query)
        told = urlencode({k: v[0] for k, v in own.items()} | {"code": code})
        assert thief.back(f"{address.partition('?')[0]}?{told}") == why("provider-refused")
    for more in ({"error": "access_denied"}, {}):
        own = parse_qs(urlsplit(address := thief.go(thief.begin("smiths"))).query)
        told = urlencode({k: v[0] for k, v in own.items() if k != "code"} | more)
        assert thief.back(f"{address.partition('?')[0]}?{told}") == why("provider-refused")


def test_a_sign_in_is_over_after_a_while(place: Place) -> None:
    comer = place.linked("hal", VIEWER)
    address = comer.go(comer.begin("smiths"))
    past = update(sign_ins_begun).values(expires_at=int(time.time()))
    place.guarded.database.write_now(lambda c: c.execute(past))
    assert comer.back(address) == why("sign-in-not-begun")


def test_another_companys_provider_signs_in_nobody_of_ours(place: Place) -> None:
    place.linked("ian", ADMIN)
    place.lenders.user = "ian"
    comer, guarded = Comer.at(place.guarded), place.guarded
    assert comer.come("lenders") == why("person-not-linked")
    # Nor one that calls itself as ours does, nor by the e-mail address of one of ours, nor with an invitation of ours.
    place.lenders.changed = {"iss": place.smiths.issuer}
    assert comer.come("lenders") == why("id-token-invalid")
    email, token = guarded.invite(guarded.companies["smith"], ADMIN)
    place.lenders.changed = place.smiths.changed = {"email": email, "email_verified": True, "preferred_username": email}
    place.smiths.user = "nobody yet"
    for name in ("lenders", "smiths"):
        assert comer.come(name) == why("person-not-linked")
    for step in ("enrolments", "enrolments/confirm"):
        body = {"token": token} | ({"code": "000000"} if "confirm" in step else {})
        check_problem(comer.http.post(f"/auth/providers/lenders/{step}", json=body), "provider-of-other-party", 403)


def test_a_subject_is_one_persons_and_an_invitation_one_subjects(place: Place) -> None:
    place.linked("jim", VIEWER)
    guarded, comer = place.guarded, Comer.at(place.guarded)
    email, token = guarded.invite(guarded.companies["smith"], ADMIN)
    _, address = comer.enrol("smiths", email, token)
    place.smiths.user = "jim"
    assert comer.back(comer.go(address)) == why("subject-linked")
    # Of two that went off with one invitation the first is linked.
    first, second = Comer.at(guarded), Comer.at(guarded)
    someone, address = first.enrol("smiths", email, token)
    body = {"token": token, "code": someone.fresh_code()}
    other = second.http.post("/auth/providers/smiths/enrolments/confirm", json=body).json()["address"]
    guarded.told.append(second.http.cookies["sign-in"])
    place.smiths.user = "kim"
    assert first.back(first.go(address)) == IN
    place.smiths.user = "lea"
    assert second.back(second.go(other)) == why("set-up-token-invalid")


def test_an_invitation_links_only_with_its_authenticator_shown(place: Place) -> None:
    """Nobody gets in by half an enrolment, nor by two halves of different ones."""
    guarded, comer = place.guarded, Comer.at(place.guarded)
    email, token = guarded.invite(guarded.companies["smith"], VIEWER)
    confirm = {"token": token, "code": "000000"}
    check_problem(comer.http.post("/auth/providers/smiths/enrolments/confirm", json=confirm), "code-invalid", 422)
    someone, address = comer.enrol("smiths", email, token)
    # A password's enrolment is not ended by a provider's code, and a new choice voids the way to the provider.
    check_problem(
        comer.http.post("/auth/enrolments/confirm", json=confirm | {"code": someone.code()}), "code-invalid", 422
    )
    chosen = comer.http.post("/auth/enrolments", json={"token": token, "password": "a long sentence of one's own"})
    guarded.told.append(chosen.json()["totp_secret"])
    place.smiths.user = "max"
    assert comer.back(comer.go(address)) == why("set-up-token-invalid")
    # And one that has run out meanwhile links nobody.
    _, address = comer.enrol("smiths", email, token)
    late = update(invitations).values(expires_at=int(time.time()))
    guarded.database.write_now(lambda c: c.execute(late))
    assert comer.back(comer.go(address)) == why("set-up-token-invalid")


@pytest.mark.parametrize("view", ["https://evil.example", "//evil.example", "/", "#", "#/\r\nX: y", "#/<b>", "", None])
def test_the_way_back_is_in_the_page(place: Place, view: str | None) -> None:
    answer = Comer.at(place.guarded).http.post("/auth/providers/smiths/sign-ins", json={"view": view})
    check_problem(answer, "request-invalid", 422)


def test_another_site_begins_no_sign_in_and_unknown_providers_are_told(place: Place) -> None:
    http = Comer.at(place.guarded).http
    evil = {"Origin": "https://evil.example"}
    answer = http.post("/auth/providers/smiths/sign-ins", json={}, headers=evil)
    check_problem(answer, "cross-origin-refused", 403)
    check_problem(http.post("/auth/providers/nobodys/sign-ins", json={}), "unknown-provider", 404)
    assert http.get("/auth/providers/nobodys/callback").headers["location"] == why("unknown-provider")


def test_a_session_that_was_there_before_ends(place: Place) -> None:
    """An attacker's own session in the victim's browser does not live beside the victim's."""
    attacker, victim = place.linked("ned", VIEWER), Comer.at(place.guarded)
    session = attacker.http.cookies["session"]
    victim.http.cookies.set("session", session, domain="127.0.0.1", path="/")
    victim.begin("smiths")
    assert attacker.http.get("/auth/me").status_code == 401


def test_guessing_is_slowed_down(place: Place) -> None:
    http = Comer.at(place.guarded).http
    address = "/auth/providers/smiths/callback?state=guess&code=guess"
    found = [http.get(address).headers["location"] for _ in range(32)]
    assert found == [why("sign-in-not-begun")] * 30 + [why("too-many-attempts")] * 2


def test_no_secret_of_a_sign_in_is_in_logs_or_database(place: Place) -> None:
    """Last in the file."""
    providers = (place.smiths, place.lenders, place.slow, place.lying)
    told = {one for p in providers for one in (*p.told, p.client_secret)} | set(place.guarded.told)
    told = {secret for secret in told if len(secret) > 6}
    lines = place.log.read_text(encoding="utf-8")
    assert '"provider":"smiths"' in lines.replace('": "', '":"')
    assert not [secret for secret in told if secret in lines]
    with place.guarded.database.engine.connect() as connection:
        rows = str(connection.execute(select(sign_ins_begun)).all())
    assert rows != "[]"
    for content in (
        rows,
        *(f.read_bytes().decode("latin-1") for f in place.guarded.stack.settings.home.glob("app.db*")),
    ):
        assert not [secret for secret in told if secret in content]
