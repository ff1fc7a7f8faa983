"""A network where everybody signs in: people with authenticators in hand, and every secret that was ever told."""

from __future__ import annotations

import itertools
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pyotp
from argon2 import PasswordHasher
from eth_account.messages import encode_defunct
from siwe import SiweMessage
from sqlalchemy import update

from api.credentials.codes import STEP_S, TotpCodes
from api.credentials.passwords import ArgonPasswords
from api.domain.principal import LOCAL, PersonRole
from api.domain.providers import Providers
from api.services.people import Staff
from api.store.app.database import Database
from api.store.app.people import StoredPeople
from api.store.app.tables import people
from tests.api.http.stack import CHAIN_ID, Stack, apart
from tests.api.http.town import Town
from tests.api.http.wallet import wallet_of

SETTINGS: Mapping[str, str] = {
    "SCF_IDENTITY": "required",
    "SCF_LOG_LEVEL": "debug",
    "SCF_TRUSTED_PROXY": "127.0.0.1",
}
"""Clients say in X-Forwarded-For where they sit, so that one test's failures to sign in do not slow another's."""

_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""A hash as it should be takes a fifth of a second of a core, when it is made and whenever it is checked."""

HEARD: list[bytes] = []
"""Every answer that any of these clients got, in this process."""
_SERIAL = itertools.count(1)


class Guarded:
    """The network, its operator's administrator, and three companies by name."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.told: list[str] = []
        """Every password, token, TOTP secret and code that was used."""
        self.anonymous = client(stack)
        self.database = Database(stack.settings.app_db)
        self.operator = self.join(0, PersonRole.ADMIN)
        self.town = Town(stack)
        self.companies: dict[str, int] = {}
        self.accounts: dict[str, str] = {}
        self.admit([self.town.admission(name, role) for name, role in COMPANIES.items()])

    def admit(self, admissions: Sequence[Mapping[str, Any]]) -> None:
        """By the operator's administrator; kept by name."""
        body = {"party": 0, "parties": admissions}
        answer = self.operator.http.post("/parties", json=body, headers={"Prefer": "wait=60"})
        assert answer.status_code == 200, answer.text
        for admission, party in zip(admissions, answer.json()["parties"], strict=True):
            name = admission["name_en"].removesuffix(" Ltd")
            self.companies[name], self.accounts[name] = party["party"], admission["administrator"]

    def staff(self) -> Staff:
        """The service that `scf person` calls, on the deployment's own files."""
        codes = TotpCodes(self.stack.settings.path(self.stack.settings.identity_key_file))
        return Staff(StoredPeople(self.database), ArgonPasswords(_CHEAP), codes, Providers())

    def invite(self, party: int, *roles: PersonRole) -> tuple[str, str]:
        """An e-mail address, and the set-up token that the operator hands over."""
        email = f"person{next(_SERIAL)}@company{party}.example"
        who = replace(LOCAL, party=party)
        invited = apart(self.staff().invite, who, email, f"Person of {party}", frozenset(roles))
        self.told.append(invited.token.text)
        return email, invited.token.text

    def enrol(self, email: str, token: str) -> Someone:
        """Over HTTP; not signed in yet."""
        http = client(self.stack)
        password = f"correct horse battery {next(_SERIAL)}"
        answer = http.post("/auth/enrolments", json={"token": token, "password": password})
        assert answer.status_code == 200, answer.text
        secret = answer.json()["totp_secret"]
        self.told += [password, secret]
        someone = Someone(self, http, "", email, password, secret)
        answer = http.post("/auth/enrolments/confirm", json={"token": token, "code": someone.code()})
        assert answer.status_code == 200, answer.text
        someone.id = answer.json()["id"]
        return someone

    def join(self, party: int, *roles: PersonRole) -> Someone:
        """Invited, enrolled and signed in; past the API up to there, with a password that is cheap to check."""
        email, token = self.invite(party, *roles)
        password = f"correct horse battery {next(_SERIAL)}"
        secret = apart(self.staff().choose, token, password).secret
        self.told += [password, secret]
        someone = Someone(self, client(self.stack), "", email, password, secret)
        someone.id = apart(self.staff().confirm, token, someone.code()).id
        answer = someone.sign_in()
        assert answer.status_code == 201, answer.text
        return someone

    def api_key(self, admin: Someone, *scopes: str, days: int = 1) -> tuple[str, httpx.Client]:
        """A key's id, and a client that uses it."""
        answer = admin.http.post("/api-keys", json={"name": "ERP", "scopes": list(scopes), "days": days})
        assert answer.status_code == 201, answer.text
        http = client(self.stack)
        http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        self.told.append(answer.json()["token"])
        return answer.json()["key"]["id"], http


COMPANIES = {"assembler": "core_enterprise", "smith": "supplier", "lender": "financier"}


_TLS = ssl.create_default_context()
"""Made once: it reads all of the machine's certificates, for clients that never need one."""


def client(stack: Stack) -> httpx.Client:
    """A client at an address of its own."""
    number = next(_SERIAL)
    address = f"10.0.{number // 250}.{number % 250 + 1}"
    headers, hooks = {"X-Forwarded-For": address}, {"response": [_hear]}
    return httpx.Client(base_url=stack.http.base_url, timeout=60, headers=headers, event_hooks=hooks, verify=_TLS)


def _hear(answer: httpx.Response) -> None:
    HEARD.append(answer.read())


@dataclass
class Someone:
    """A person of a company, with a client of their own."""

    guarded: Guarded
    http: httpx.Client
    id: str
    email: str
    password: str
    totp: str
    session: str = ""
    token: str = ""
    _step: int = 0

    def code(self) -> str:
        """A code that the service takes: this time step's, or the next one's; where both were used it is made to forget."""
        step = max(self._step + 1, int(time.time()) // STEP_S)
        if step > int(time.time()) // STEP_S + 1:
            return self.fresh_code()
        self._step = step
        return self.code_of(step)

    def code_of(self, step: int) -> str:
        code = pyotp.TOTP(self.totp).generate_otp(step)
        self.guarded.told.append(code)
        return code

    def fresh_code(self) -> str:
        """A code that the service has not seen, at once: it forgets the last one, for codes come only every half minute."""
        forget = update(people).where(people.c.id == self.id).values(totp_step=0)
        self.guarded.database.write_now(lambda c: c.execute(forget))
        self._step = 0
        return self.code()

    def signing_key(self) -> str:
        """The account of the key that the service keeps for it, made where there is none."""
        account = self.http.get("/auth/signing-key").json()["account"]
        if account is None:
            answer = self.http.post("/auth/signing-key", json={"code": self.fresh_code()})
            assert answer.status_code == 201, answer.text
            account = answer.json()["account"]
        return str(account)

    def sign_by_kept_key(self, approval: str, part: str) -> dict[str, Any]:
        """An approval, with that key; the approval then."""
        self.signing_key()
        body = {"by": "code", "part": part, "code": self.fresh_code()}
        answer = self.http.post(f"/approvals/{approval}/signatures", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def sign_in(self, http: httpx.Client | None = None, **changes: Any) -> httpx.Response:
        """The client keeps the token of a sign-in that worked."""
        body = {"email": self.email, "password": self.password, **changes}
        if "code" not in body:
            body["code"] = self.code()
        return self._keep(http, (http or self.http).post("/auth/sessions", json=body))

    def sign_in_by(self, account: str, http: httpx.Client | None = None, **changes: Any) -> httpx.Response:
        """By wallet."""
        nonce = self.http.post("/auth/siwe/nonces").json()
        body = signed(account, nonce, **changes)
        return self._keep(http, (http or self.http).post("/auth/siwe/sessions", json=body))

    def link(self, account: str) -> httpx.Response:
        nonce = self.http.post("/auth/accounts/nonces").json()
        return self.http.post("/auth/accounts", json=signed(account, nonce))

    def _keep(self, http: httpx.Client | None, answer: httpx.Response) -> httpx.Response:
        if answer.status_code == 201 and answer.json()["token"]:
            token = answer.json()["token"]
            self.guarded.told.append(token)
            if http is None:
                self.session, self.token = answer.json()["session"], token
                self.http.headers["Authorization"] = f"Bearer {token}"
        return answer


def signed(account: str, nonce: Mapping[str, Any], **changes: Any) -> dict[str, str]:
    """A message of Sign-In with Ethereum as a wallet makes it, and its signature."""
    fields = {
        "domain": nonce["domain"],
        "address": account,
        "statement": "Sign in to Cascade.",
        "uri": nonce["uri"],
        "version": "1",
        "chain_id": CHAIN_ID,
        "nonce": nonce["nonce"],
        "issued_at": stamp(time.time()),
        "expiration_time": stamp(time.time() + 300),
    }
    message = SiweMessage(**fields | changes).prepare_message()
    return {"message": message, "signature": signature(account, message)}


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def signature(account: str, message: str) -> str:
    """By the key of one of the published test accounts."""
    return "0x" + bytes(_key(account).sign_message(encode_defunct(text=message)).signature).hex()


def _key(account: str) -> Any:
    for index in range(140):
        if (key := wallet_of(index)).address == account:
            return key
    raise LookupError(account)
