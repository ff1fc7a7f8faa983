"""OpenID Connect, the relying party's side: Authorization Code with PKCE, and ID tokens that are believed only when every
claim fits. What a provider says of itself (discovery, keys) is kept for ten minutes; keys that are missing are asked for
again, so a provider may change them at any time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from api.domain.errors import Unauthenticated, Unavailable
from api.domain.providers import Attempt, Fetch, Provider, written

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "ES256")
"""Of signatures that are taken. Not `none`, nor any for which the provider's public key would be the secret."""
LEEWAY_S = 120
"""How far the provider's clock may be off."""
KEPT_S = 600
SMALLEST_RSA = 2_048


@dataclass(frozen=True, slots=True)
class _Site:
    """What a provider says of itself."""

    authorize: str
    token: str
    keys: str
    by_form: bool
    """Whether it takes the client's secret in the form alone."""
    names_itself: bool
    """Whether it says in its answers who it is (RFC 9207)."""


class OpenIdClient:
    """Implements OpenId. `secrets`: of this client, by provider."""

    def __init__(self, fetch: Fetch, secrets: Mapping[str, str]) -> None:
        self._fetch = fetch
        self._secrets = secrets
        self._kept: dict[tuple[str, str], tuple[float, Mapping[str, Any]]] = {}

    async def address(self, provider: Provider, attempt: Attempt, back: str) -> str:
        site = await self._site(provider)
        query = urlencode(
            {
                "response_type": "code",
                "scope": "openid",
                "client_id": provider.client_id,
                "redirect_uri": back,
                "state": attempt.state,
                "nonce": attempt.nonce,
                "code_challenge": attempt.challenge,
                "code_challenge_method": "S256",
            }
        )
        return f"{site.authorize}{'&' if '?' in site.authorize else '?'}{query}"

    async def subject(self, provider: Provider, attempt: Attempt, back: str, code: str, issuer: str | None) -> str:
        site = await self._site(provider)
        if issuer != provider.issuer and (issuer is not None or site.names_itself):
            raise Unauthenticated("IdTokenInvalid", field="iss")
        told = await self._redeem(provider, site, attempt, back, code)
        claims = await self._claims(provider, site, str(told.get("id_token")))
        _check(claims, provider, attempt.nonce, str(told.get("access_token")), int(time.time()))
        return str(claims["sub"])

    async def _redeem(
        self, provider: Provider, site: _Site, attempt: Attempt, back: str, code: str
    ) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": attempt.verifier,
        }
        client, secret = provider.client_id, self._secrets[provider.id]
        if site.by_form:
            status, body = await self._fetch.ask(
                site.token, provider.issuer, {**form, "client_id": client, "client_secret": secret}
            )
        else:
            pair = f"{quote(client, safe='')}:{quote(secret, safe='')}".encode()
            basic = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
            status, body = await self._fetch.ask(site.token, provider.issuer, form, basic)
        told = _object(provider, body)
        if 400 <= status < 500:
            raise Unauthenticated("ProviderRefused", error=str(told.get("error"))[:40])
        if status != 200:
            raise _unusable(provider, f"status {status}")
        return told

    async def _claims(self, provider: Provider, site: _Site, id_token: str) -> Mapping[str, Any]:
        """Of a token that the provider signed. A key that is not known may have come since: it is looked for once."""
        from joserfc.errors import JoseError

        for fresh in (False, True):
            keys = _keys(await self._said(provider, site.keys, fresh))
            try:
                return _signed(id_token, keys)
            except (JoseError, ValueError) as error:
                problem = error
        raise Unauthenticated("IdTokenInvalid", field="signature") from problem

    async def _site(self, provider: Provider) -> _Site:
        url = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
        said = await self._said(provider, url)
        authorize, token, keys = (
            str(said.get(name)) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        )
        usable = all(_reachable(address, provider.issuer) for address in (authorize, token, keys))
        if said.get("issuer") != provider.issuer or not usable:
            del self._kept[provider.id, url]  # it may be put right meanwhile
            raise _unusable(provider, "address_refused" if said.get("issuer") == provider.issuer else "issuer")
        methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return _Site(
            authorize,
            token,
            keys,
            by_form="client_secret_basic" not in methods,
            names_itself=said.get("authorization_response_iss_parameter_supported") is True,
        )

    async def _said(self, provider: Provider, url: str, fresh: bool = False) -> Mapping[str, Any]:
        until, said = self._kept.get((provider.id, url), (0.0, {}))
        if fresh or time.monotonic() >= until:
            status, body = await self._fetch.ask(url, provider.issuer)
            if status != 200:
                raise _unusable(provider, f"status {status}")
            said = _object(provider, body)
            self._kept[provider.id, url] = time.monotonic() + KEPT_S, said
        return said


def _reachable(address: str, issuer: str) -> bool:
    """https, or, where the issuer is this machine, as the issuer."""
    parts = urlsplit(address)
    return parts.scheme in {"https", urlsplit(issuer).scheme} and bool(parts.hostname) and not parts.fragment


def _object(provider: Provider, body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except ValueError as error:
        raise _unusable(provider, "answer") from error
    if not isinstance(said, dict):
        raise _unusable(provider, "answer")
    return said


def _unusable(provider: Provider, reason: str) -> Unavailable:
    return Unavailable("ProviderUnavailable", issuer=provider.issuer, reason=reason)


def _keys(said: Mapping[str, Any]) -> KeySet:
    """Those of a kind that signs ID tokens; a provider may publish others."""
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey, KeySet, RSAKey

    kinds: Mapping[Any, type[RSAKey] | type[ECKey]] = {"RSA": RSAKey, "EC": ECKey}
    found: list[Any] = []
    for one in said.get("keys", []):
        try:
            key = kinds[one["kty"]].import_key(one)
        except (JoseError, LookupError, TypeError, ValueError):
            continue
        if not isinstance(key, RSAKey) or key.raw_value.key_size >= SMALLEST_RSA:
            found.append(key)
    return KeySet(found)


def _signed(id_token: str, keys: KeySet) -> Mapping[str, Any]:
    """JoseError, ValueError where none of the keys signed it, or in a way that is not taken."""
    from joserfc import jwt
    from joserfc.jws import JWSRegistry

    # A header may say more than is known here; what it calls critical is refused all the same.
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    return jwt.decode(id_token, keys, registry=registry).claims


def _check(claims: Mapping[str, Any], provider: Provider, nonce: str, access: str, at: int) -> None:
    """OpenID Connect Core 3.1.3.7. Unauthenticated("IdTokenInvalid") names the claim."""
    said = claims.get("aud")
    audience: Sequence[Any] = said if isinstance(said, list) else [said]
    party = claims.get("azp", provider.client_id if len(audience) == 1 else None)
    subject, half = claims.get("sub"), claims.get("at_hash")
    digest = written(hashlib.sha256(access.encode()).digest()[:16])
    checks = (
        ("iss", claims.get("iss") == provider.issuer),
        ("aud", provider.client_id in audience),
        ("azp", party == provider.client_id),
        ("exp", at < _time(claims, "exp", 0) + LEEWAY_S),
        ("iat", _time(claims, "iat", at + 2 * LEEWAY_S) <= at + LEEWAY_S),
        ("nbf", _time(claims, "nbf", 0) <= at + LEEWAY_S),
        ("nonce", hmac.compare_digest(str(claims.get("nonce")).encode(), nonce.encode())),
        ("sub", isinstance(subject, str) and 0 < len(subject) <= 255 and subject.isascii()),
        ("at_hash", half is None or hmac.compare_digest(str(half).encode(), digest.encode())),
    )
    for field, holds in checks:
        if not holds:
            raise Unauthenticated("IdTokenInvalid", field=field)


def _time(claims: Mapping[str, Any], name: str, otherwise: float) -> float:
    """Unix seconds; what is none counts as not said."""
    found = claims.get(name)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else otherwise
