"""Keys of a company's programs: made by an administrator, shown once, for reading or writing, until they expire."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from api.domain.errors import NotFound
from api.domain.people import ApiKey, ApiKeys
from api.domain.principal import Principal
from api.domain.tokens import API_KEY, Token, new_token
from api.services.people import require_admin
from api.services.sign_in import now

DAY_S = 86_400

_log = structlog.get_logger("identity")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was made; `token` is told once."""

    key: ApiKey
    token: Token


class Keys:
    """Use cases on the API keys of a party."""

    def __init__(self, keys: ApiKeys) -> None:
        self._keys = keys

    async def listing(self, who: Principal) -> Sequence[ApiKey]:
        require_admin(who)
        return await self._keys.of_party(who.party)

    async def create(self, who: Principal, name: str, scopes: frozenset[str], days: int) -> NewKey:
        """A key that holds for `days` days."""
        require_admin(who)
        at = now()
        token = new_token(API_KEY, uuid.uuid4().hex)
        by = who.person or who.credential
        key = ApiKey(token.id, who.party, name.strip(), scopes, token.hash, by, at, at + days * DAY_S)
        await self._keys.put(key)
        _log.info("API key made", key=key.id, party=key.party, by=by, scopes=sorted(scopes))
        return NewKey(key, token)

    async def revoke(self, who: Principal, key: str) -> None:
        """At once and for good. NotFound("UnknownApiKey") also when it is another company's."""
        require_admin(who)
        if not await self._keys.revoke(who.party, key, now()):
            raise NotFound("UnknownApiKey", key=key)
        _log.info("API key revoked", key=key, party=who.party, by=who.credential)
