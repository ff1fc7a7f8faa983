"""How often this process of the API may be asked, by one credential, or for signing in by one address.

Kept in memory: several processes allow so much each, and a restart begins anew. What protects passwords from guessing is
counted with the people; this protects the machine, and others who want to use it.
"""

from __future__ import annotations

import math
import time

from starlette.types import Scope

from api.config import Settings
from api.domain.allowance import Allowance, Taken
from api.domain.errors import Conflict
from api.domain.principal import LOCAL, Principal

_TAKEN = "cascade.allowance"


class Limits:
    """The allowances of one process."""

    def __init__(self, settings: Settings) -> None:
        self._credential = Allowance(settings.requests_per_minute)
        self._local = Allowance(settings.local_requests_per_minute)
        self._sign_in = Allowance(settings.sign_ins_per_minute)

    def request(self, scope: Scope, principal: Principal) -> None:
        """A request of somebody known. Conflict("TooManyRequests")."""
        allowance = self._local if principal is LOCAL else self._credential
        _spend(scope, allowance, "request", principal.credential)

    def sign_in(self, scope: Scope, address: str) -> None:
        """An attempt to sign in, from a network address. Conflict("TooManyRequests")."""
        _spend(scope, self._sign_in, "sign-in", address)


def _spend(scope: Scope, allowance: Allowance, name: str, who: str) -> None:
    taken = allowance.take(who, time.monotonic())
    if taken is None:
        return
    scope[_TAKEN] = name, taken
    if taken.wait_s:
        raise Conflict("TooManyRequests", limit=taken.limit, wait_s=math.ceil(taken.wait_s))


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """RateLimit headers of an answer; none where nothing was counted."""
    if _TAKEN not in scope:
        return {}
    name, taken = scope[_TAKEN]
    return _headers(name, taken)


def _headers(name: str, taken: Taken) -> dict[bytes, bytes]:
    wait_s = math.ceil(taken.wait_s or taken.reset_s)
    return {
        b"ratelimit-policy": f'"{name}";q={taken.limit};w=60'.encode(),
        b"ratelimit": f'"{name}";r={taken.remaining};t={wait_s}'.encode(),
    }
