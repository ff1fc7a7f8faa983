"""Signing keys in the service's keeping: how they lie, and who can use them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from api.bootstrap import open_person_keys, open_signer
from api.domain.errors import InvalidInput
from api.domain.principal import PersonRole
from tests.api.http.stack import CHAIN_ID
from tests.api.http.staff import HEARD, Guarded, Someone
from tests.api.http.town import check_problem
from tests.api.http.two import Json, done, recovered

ADMIN, MAKER, CHECKER, VIEWER = PersonRole


@pytest.fixture(scope="module")
def admin(guarded: Guarded) -> Someone:
    return guarded.join(guarded.companies["smith"], ADMIN)


@pytest.fixture(scope="module")
def other(guarded: Guarded) -> Someone:
    return guarded.join(guarded.companies["smith"], ADMIN, CHECKER)


def proposed(guarded: Guarded, admin: Someone) -> Json:
    """An approval without calls: of thresholds."""
    wanted = [{"kind": "finance", "currency": "CNY", "amount": "1000"}]
    body = {"party": guarded.companies["smith"], "thresholds": wanted}
    return dict(done(admin.http.post("/approvals/thresholds", json=body)))


def folder(guarded: Guarded) -> Path:
    return guarded.stack.settings.path(guarded.stack.settings.person_keys)


def secrets(guarded: Guarded, account: str) -> tuple[str, str]:
    """The key of an account, hex, and the password of all."""
    settings = guarded.stack.settings
    password = settings.path(settings.person_keys_password_file).read_text(encoding="utf-8").strip()
    text = (folder(guarded) / f"{account}.json").read_text(encoding="utf-8")
    return bytes(Account.decrypt(text, password)).hex(), password


def test_keyfiles_are_encrypted_and_their_owners_alone(guarded: Guarded, admin: Someone) -> None:
    account = admin.signing_key()
    settings, file = guarded.stack.settings, folder(guarded) / f"{account}.json"
    key, _ = secrets(guarded, account)
    assert Account.from_key(key).address == account
    text = file.read_text(encoding="utf-8")
    assert (json.loads(text)["version"], json.loads(text)["crypto"]["kdf"]) == (3, "scrypt")
    assert key not in text.lower()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert settings.path(settings.person_keys_password_file).stat().st_mode & 0o777 == 0o600
    check_problem(admin.http.post("/auth/signing-key", json={"code": admin.fresh_code()}), "signing-key-exists", 409)


def test_it_acts_for_nobody_on_the_chain(guarded: Guarded, admin: Someone) -> None:
    """Nothing that sends transactions has it, and it cannot be brought there by a setting."""
    account, settings = admin.signing_key(), guarded.stack.settings
    assert not open_signer(settings, CHAIN_ID).can_sign(account)
    nonce = done(admin.http.get(f"/parties/{guarded.companies['smith']}"))["accounts"]
    assert account not in {a["address"] for a in nonce}
    with pytest.raises(InvalidInput, match="KeyFoldersSame"):
        open_person_keys(replace(settings, person_keys=settings.keystore))


def test_each_signature_takes_a_fresh_code(guarded: Guarded, admin: Someone) -> None:
    approval = proposed(guarded, admin)
    account, path = admin.signing_key(), f"/approvals/{approval['id']}/signatures"
    used = admin.fresh_code()
    assert admin.sign_in(code=used).status_code == 201
    for code in (used, "000000"):
        answer = admin.http.post(path, json={"by": "code", "part": "maker", "code": code})
        check_problem(answer, "code-refused", 403)
    signed = admin.sign_by_kept_key(approval["id"], "maker")
    (signature,) = signed["signatures"]
    assert (signature["means"], signature["account"]) == ("custodial", account)
    assert recovered(signed["typed_data"], signature["signature"]) == account
    last = admin.code_of(admin._step)
    body = {"by": "code", "part": "maker", "code": last}
    second = proposed(guarded, admin)["id"]
    check_problem(admin.http.post(f"/approvals/{second}/signatures", json=body), "code-refused", 403)


def test_guesses_are_slowed_down(guarded: Guarded) -> None:
    person = guarded.join(guarded.companies["smith"], ADMIN)
    answers = [person.http.post("/auth/signing-key", json={"code": "000000"}) for _ in range(6)]
    assert [a.status_code for a in answers] == [403] * 5 + [429]
    check_problem(answers[-1], "too-many-attempts", 429)


def test_anothers_key_is_out_of_reach(guarded: Guarded, admin: Someone, other: Someone) -> None:
    """Neither with one's own code, nor with the other's, nor with a signature that somebody made with the key itself."""
    approval = proposed(guarded, admin)
    admin.sign_by_kept_key(approval["id"], "maker")
    keyless = guarded.join(guarded.companies["smith"], CHECKER)
    path = f"/approvals/{approval['id']}/signatures"
    body = {"by": "code", "part": "checker", "code": keyless.fresh_code()}
    check_problem(keyless.http.post(path, json=body), "no-signing-key", 404)
    account = other.signing_key()
    for code in (other.fresh_code(), admin.fresh_code()):
        body = {"by": "code", "part": "checker", "code": code}
        check_problem(keyless.http.post(path, json=body), "no-signing-key", 404)
    key, _ = secrets(guarded, account)
    signable = encode_typed_data(full_message=approval["typed_data"])
    stolen = "0x" + bytes(Account.from_key(key).sign_message(signable).signature).hex()
    for who in (keyless, other):
        body = {"by": "wallet", "part": "checker", "account": account, "signature": stolen}
        check_problem(who.http.post(path, json=body), "approval-signature-invalid", 403)
    assert other.sign_by_kept_key(approval["id"], "checker")["status"] == "executed"


def test_a_reset_forgets_the_key(guarded: Guarded, admin: Someone, other: Someone) -> None:
    """Who is enrolled anew, perhaps by somebody else's hand, does not sign with the old key; what it signed waits in vain."""
    person = guarded.join(guarded.companies["smith"], ADMIN)
    account = person.signing_key()
    approval = proposed(guarded, person)["id"]
    person.sign_by_kept_key(approval, "maker")
    token = done(admin.http.post(f"/people/{person.id}/reset"))["set_up_token"]
    guarded.told.append(token)
    again = guarded.enrol(person.email, token)
    assert again.sign_in().status_code == 201
    assert done(again.http.get("/auth/signing-key")) == {"account": None}
    other.signing_key()
    body = {"by": "code", "part": "checker", "code": other.fresh_code()}
    problem = check_problem(other.http.post(f"/approvals/{approval}/signatures", json=body), "signature-void", 409)
    assert problem["evidence"]["reason"] == "session"
    assert again.signing_key() != account


def test_no_key_and_no_password_is_in_logs_answers_or_the_database(
    guarded: Guarded, admin: Someone, other: Someone
) -> None:
    """Last in the file: by now keys were made and used, well and badly, at the most talkative level."""
    home = guarded.stack.settings.home
    known = [secrets(guarded, one.signing_key()) for one in (admin, other)]
    told = {secret.lower() for pair in known for secret in pair}
    lines = "\n".join(file.read_text(encoding="utf-8") for file in (home / "log").glob("*.log")).lower()
    assert "signed with a kept key" in lines
    answers = b"\n".join(HEARD).lower()
    assert b'"means":"custodial"' in answers
    for secret in told:
        assert secret not in lines
        assert secret.encode() not in answers
        for file in home.glob("app.db*"):
            assert secret.encode() not in file.read_bytes().lower()
            assert bytes.fromhex(secret) not in file.read_bytes()
