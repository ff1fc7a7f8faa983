"""An identity provider (OpenID Connect) on this machine, and the API beside a running one that knows such providers."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, fields, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from api.chain.local import free_port
from tests.api.http.staff import Guarded, Someone, client
from tests.nursery import nursery

CLIENT = "cascade"
PATIENCE_S = 5
"""How long the API waits for a provider."""
Claims = dict[str, Any]
_ANY = JWSRegistry(algorithms=["RS256", "ES256"], strict_check_header=False)


@dataclass
class IdentityProvider:
    """It keeps to OpenID Connect (Authorization Code, PKCE, client_secret_basic, each code once) unless it is told to sign
    otherwise. Whoever comes is `user`, without being asked."""

    key: RSAKey | ECKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first"}))
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    user: str = "somebody"
    changed: Claims = field(default_factory=dict)
    """Claims that it gets wrong; None leaves one out."""
    sign: Callable[[Claims], str] | None = None
    """How it signs, where not by its key."""
    says: dict[str, Any] = field(default_factory=dict)
    """What it says of itself beside, or instead of, the truth."""
    up: int = 200
    """Status of what it says of itself; 0: no answer comes."""
    status: int = 200
    """The same of its answers to requests for tokens."""
    host: str = "127.0.0.1"
    port: int = 0
    told: list[str] = field(default_factory=list)
    """Every code and token that it gave."""
    released: threading.Event = field(default_factory=threading.Event)
    _codes: dict[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return f"http://{self.host}:{self.port}"

    def honest(self) -> None:
        """As at first, but for its key."""
        self.user, self.changed, self.sign, self.status = "somebody", {}, None, 200

    def get(self, path: str, query: Mapping[str, str]) -> tuple[int, Any]:
        """Status, and what is answered: a document, or an address to go to."""
        if path == "/.well-known/openid-configuration":
            own = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize?tenant=1",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "authorization_response_iss_parameter_supported": True,
            }
            return self.up, own | self.says
        if path == "/keys":
            unusable = [{"kty": "oct", "k": "c2VjcmV0", "kid": self.key.kid}, {"kty": "new"}]
            return 200, {"keys": [*unusable, self.key.as_dict(private=False)]}
        assert path == "/authorize", path
        wanted = {"tenant": "1", "response_type": "code", "scope": "openid", "client_id": CLIENT}
        assert wanted | {"code_challenge_method": "S256"} == {n: query[n] for n in (*wanted, "code_challenge_method")}
        code = secrets.token_urlsafe(24)
        self.told.append(code)
        self._codes[code] = {**query, "user": self.user}
        back = {"code": code, "state": query["state"], "iss": self.issuer}
        return 302, f"{query['redirect_uri']}?{urlencode(back)}"

    def redeem(self, form: Mapping[str, str], authorization: str) -> tuple[int, Any]:
        who = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        if tuple(map(unquote, who.split(":"))) != (CLIENT, self.client_secret):
            return 401, {"error": "invalid_client"}
        asked = self._codes.pop(form["code"], None)
        challenge = _encoded(hashlib.sha256(form["code_verifier"].encode()).digest())
        if (
            asked is None
            or form["grant_type"] != "authorization_code"
            or asked["redirect_uri"] != form["redirect_uri"]
            or asked["code_challenge"] != challenge
        ):
            return 400, {"error": "invalid_grant"}
        access, at = secrets.token_urlsafe(24), int(time.time())
        claims: Claims = {
            "iss": self.issuer,
            "sub": asked["user"],
            "aud": CLIENT,
            "exp": at + 300,
            "iat": at,
            "nonce": asked["nonce"],
            "at_hash": _encoded(hashlib.sha256(access.encode()).digest()[:16]),
            "email": "somebody.else@company.example",
        }
        said = {name: value for name, value in (claims | self.changed).items() if value is not None}
        token = (self.sign or self.signed)(said)
        self.told += [access, token, form["code_verifier"], asked["nonce"]]
        return self.status, {"access_token": access, "token_type": "Bearer", "id_token": token}

    def signed(self, claims: Claims) -> str:
        alg = "RS256" if isinstance(self.key, RSAKey) else "ES256"
        return jwt.encode({"alg": alg, "kid": self.key.kid, "x-own": "1"}, claims, self.key, registry=_ANY)


def unsigned(claims: Claims) -> str:
    """As alg=none has it."""
    return f"{_part({'alg': 'none'})}.{_part(claims)}."


def _part(content: Any) -> str:
    return _encoded(json.dumps(content).encode())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@contextmanager
def providing(host: str = "127.0.0.1") -> Iterator[IdentityProvider]:
    """A provider that listens until the block ends, under a name of this machine."""
    provider = IdentityProvider(host=host)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._answer(*provider.get(parts.path, dict(parse_qsl(parts.query))))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*provider.redeem(form, self.headers["Authorization"]))

        def _answer(self, status: int, said: Any) -> None:
            if status == 0:
                provider.released.wait(120)
                return
            self.send_response(status)
            body = b"" if isinstance(said, str) else json.dumps(said).encode()
            if isinstance(said, str):
                self.send_header("Location", said)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield provider
    finally:
        provider.released.set()
        server.shutdown()
        server.server_close()


@dataclass(frozen=True)
class Setting:
    """A table of the API's file of providers."""

    provider: IdentityProvider
    party: int
    only: bool = False
    name_en: str = "Example ID"
    name_zh: str = "示例账号"


@contextmanager
def knowing(guarded: Guarded, folder: Path, settings: Mapping[str, Setting]) -> Iterator[Guarded]:
    """The same network, reached by an API of its own that knows these providers."""
    lines: list[str] = []
    for name, one in settings.items():
        secret = folder / f"{name}.secret"
        secret.touch(0o600)
        secret.write_text(one.provider.client_secret + "\n", encoding="utf-8")
        table = {"name_zh": one.name_zh, "name_en": one.name_en, "issuer": one.provider.issuer, "client_id": CLIENT}
        lines += [f"[{name}]", f"party = {one.party}", f"only = {str(one.only).lower()}"]
        lines += [f'{key} = "{value}"' for key, value in {**table, "client_secret_file": secret}.items()]
    file = folder / "providers.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    known = guarded.stack.settings
    own = replace(known, port=free_port(), identity_providers=file, provider_timeout_s=float(PATIENCE_S))
    environment = {f"SCF_{f.name.upper()}": str(getattr(own, f.name)) for f in fields(own) if f.name != "sources"}
    api = nursery().start("api.main", {**os.environ, **environment}, folder / "log" / "api.log")
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{own.port}", timeout=60) as http:
            there = copy(guarded)
            there.stack = replace(guarded.stack, settings=own, http=http)
            there.anonymous = client(there.stack)
            yield there
    finally:
        api.stop()


@dataclass
class Comer:
    """Somebody with a browser, at an API that knows providers."""

    guarded: Guarded
    http: httpx.Client

    @staticmethod
    def at(guarded: Guarded) -> Comer:
        return Comer(guarded, client(guarded.stack))

    def begin(self, name: str, view: str = "#/") -> str:
        """Where the provider is."""
        answer = self.http.post(f"/auth/providers/{name}/sign-ins", json={"view": view})
        assert answer.status_code == 200, answer.text
        return self._heard(answer)

    def enrol(self, name: str, email: str, token: str) -> tuple[Someone, str]:
        """An invited person, who has an authenticator now, and where the provider is."""
        answer = self.http.post(f"/auth/providers/{name}/enrolments", json={"token": token})
        assert answer.status_code == 200, answer.text
        someone = Someone(self.guarded, self.http, "", email, "", answer.json()["totp_secret"])
        self.guarded.told.append(someone.totp)
        body = {"token": token, "code": someone.code()}
        answer = self.http.post(f"/auth/providers/{name}/enrolments/confirm", json=body)
        assert answer.status_code == 200, answer.text
        return someone, self._heard(answer)

    def go(self, address: str) -> str:
        """The address at which the provider sends the browser back."""
        answer = self.http.get(address)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def back(self, address: str) -> str:
        """Where in the page that leads."""
        answer = self.http.get(address)
        assert answer.status_code == 303, answer.text
        if "session" in self.http.cookies:
            self.guarded.told.append(self.http.cookies["session"])
        return answer.headers["location"]

    def come(self, name: str, view: str = "#/") -> str:
        """All the way."""
        return self.back(self.go(self.begin(name, view)))

    def _heard(self, answer: httpx.Response) -> str:
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie
        self.guarded.told.append(self.http.cookies["sign-in"])
        return str(answer.json()["address"])
