"""Signing in and checking signatures a second, each beside the library that does its slow part alone."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pyotp
from anyio import to_thread
from argon2 import PasswordHasher
from eth_account import Account
from eth_account.messages import encode_defunct, encode_typed_data

from api.chain.signer import DEMO_MNEMONIC
from api.credentials.codes import TotpCodes
from api.domain import typed_data
from api.domain.calendar import instant
from api.domain.operations import Contract
from api.domain.people import Invitation, Person
from api.domain.principal import PersonRole
from api.store.app.database import Database
from api.store.app.people import StoredPeople
from bench.load import Connection, load, request
from bench.network import label
from bench.program import Program

CLIENTS = 8
HASHES_AT_ONCE = 2
"""As many as the service computes."""
_PASSWORD = "correct horse battery staple"
_MESSAGE = """\
{domain} wants you to sign in with your Ethereum account:
{account}

Sign in to Cascade.

URI: {uri}
Version: 1
Chain ID: {chain_id}
Nonce: {nonce}
Issued At: {issued_at}"""


async def sign_ins(running: Program, port: int, server: int, seconds: float) -> Mapping[str, Any]:
    """By password and one-time code, and by wallet (EIP-4361), of people who each have their own."""
    database = Database(running.settings.app_db)
    try:
        passwords = await _by_password(running, StoredPeople(database), round(100 * seconds))
        found = {
            "password": await load(
                port, _each(passwords), clients=CLIENTS, seconds=seconds, wanted=(201,), server=server
            ),
            "argon2_alone_per_second": await _argon2(seconds / 2),
        }
        messages = await _by_wallet(running, StoredPeople(database), port, round(150 * seconds))
        wallets = [request("POST", "/auth/siwe/sessions", json.dumps(message).encode()) for message in messages]
        found["wallet"] = await load(
            port, _each(wallets), clients=CLIENTS, seconds=seconds, wanted=(201,), server=server
        )
        return found | {"recover_message_alone_per_second": _calls(_recover_message, messages[:50], seconds / 2)}
    finally:
        database.close()


def signature_checks(running: Program, seconds: float) -> Mapping[str, float]:
    """EIP-712 signatures, as the relay checks each request that an account signed, and as eth_account does."""
    chain = running.services.chain
    account, key = _wallet(running)
    forwarder = chain.addresses[Contract.FORWARDER]
    terms = {"from": account, "to": forwarder, "value": 0, "gas": 500_000, "data": "0x" + "5a" * 228}
    signed = []
    for nonce in range(50):
        message = {**terms, "nonce": nonce, "deadline": 2_000_000_000}
        typed = typed_data.forward_request(chain.chain_id, forwarder, message)
        raw = running.services.signer.sign_typed_data(account, typed)
        signed.append((typed_data.for_wallets(typed), typed, "0x" + raw.hex()))

    def ours(one: Any) -> None:
        assert chain.signed_by(one[1], one[2]) == account

    def theirs(one: Any) -> None:
        message = {**one[0], "message": one[1]["message"]}
        assert Account.recover_message(encode_typed_data(full_message=message), signature=one[2]) == account

    assert key.address == account
    return {"ours": _calls(ours, signed, seconds / 2), "eth_account": _calls(theirs, signed, seconds / 2)}


async def _by_password(running: Program, people: StoredPeople, count: int) -> list[bytes]:
    """Requests of so many people of a party, each with the code that its authenticator shows now."""
    codes = TotpCodes(running.settings.path(running.settings.identity_key_file))
    hashed = PasswordHasher().hash(_PASSWORD)
    joined = [await _join(running, people, hashed, codes) for _ in range(count)]
    bodies = ({"email": email, "password": _PASSWORD, "code": pyotp.TOTP(secret).now()} for email, secret in joined)
    return [request("POST", "/auth/sessions", json.dumps(body).encode()) for body in bodies]


async def _join(running: Program, people: StoredPeople, hashed: str, codes: TotpCodes) -> tuple[str, str]:
    """A person with a password and an authenticator: the address to sign in by, and the authenticator's secret."""
    person, secret = uuid.uuid4().hex, codes.secret()
    party = running.play.parties["core"]
    email = f"{person}@bench.example"
    sealed = codes.seal(person, secret)
    who = Person(person, party, email, "Bench", frozenset({PersonRole.VIEWER}), True, 0, hashed, sealed)
    await people.invite(who, Invitation(person, label("invitation", person), 0))
    return email, secret


async def _by_wallet(running: Program, people: StoredPeople, port: int, count: int) -> list[Mapping[str, str]]:
    """So many messages to sign in with, each under a nonce of its own and signed by a person's account."""
    account, key = _wallet(running)
    codes = TotpCodes(running.settings.path(running.settings.identity_key_file))
    email, _ = await _join(running, people, PasswordHasher().hash(_PASSWORD), codes)
    person = await people.by_email(email)
    assert person is not None
    await people.link(person.id, account)
    connection = await Connection.to(port)
    found: list[Mapping[str, str]] = []
    for _ in range(count):
        _, answer = await connection.ask(request("POST", "/auth/siwe/nonces"))
        nonce = json.loads(answer)
        message = _MESSAGE.format(**nonce, account=account, issued_at=instant(int(time.time())))
        signature = "0x" + bytes(key.sign_message(encode_defunct(text=message)).signature).hex()
        found.append({"message": message, "signature": signature})
    connection.close()
    return found


def _wallet(running: Program) -> tuple[str, Any]:
    """The core enterprise's account, and its key in another library than the product's."""
    account = running.play.accounts[[role.id for role in running.play.cast.roles].index("core")]
    Account.enable_unaudited_hdwallet_features()
    index = list(running.services.signer.accounts()).index(account)
    return account, Account.from_mnemonic(DEMO_MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")


def _each(requests: Iterable[bytes]) -> Callable[[int], bytes | None]:
    """Every request once, whoever asks for the next."""
    left = iter(requests)
    return lambda _: next(left, None)


async def _argon2(seconds: float) -> float:
    """Hashes compared a second, by the library alone."""
    hasher, done = PasswordHasher(), 0
    hashed = hasher.hash(_PASSWORD)
    began = time.perf_counter()

    async def go_on() -> None:
        nonlocal done
        while time.perf_counter() - began < seconds:
            await to_thread.run_sync(hasher.verify, hashed, _PASSWORD)
            done += 1

    await asyncio.gather(*(go_on() for _ in range(HASHES_AT_ONCE)))
    return round(done / (time.perf_counter() - began), 1)


def _recover_message(one: Mapping[str, str]) -> None:
    Account.recover_message(encode_defunct(text=one["message"]), signature=one["signature"])


def _calls(call: Callable[[Any], None], arguments: Sequence[Any], seconds: float) -> float:
    """Calls a second, one after another."""
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        for one in arguments:
            call(one)
        done += len(arguments)
    return round(done / (time.perf_counter() - began), 1)
