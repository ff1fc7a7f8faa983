"""Signing keys in the service's keeping: made for a person, and used by that person alone, with a fresh code each time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from api.domain.errors import Conflict, Forbidden, NotFound
from api.domain.keys import KeyService, PersonKeys
from api.domain.people import Codes, Pace, People, Person, Throttle
from api.services.sign_in import PERSON_WAITS_S, now

_log = structlog.get_logger("identity")


class SigningKeys:
    """Use cases of people whose key the service keeps. It signs no transaction: these accounts hold and move nothing."""

    def __init__(self, keys: KeyService, owners: PersonKeys, people: People, codes: Codes, throttle: Throttle) -> None:
        self._keys = keys
        self._owners = owners
        self._people = people
        self._codes = codes
        self._throttle = throttle

    async def of(self, person: Person) -> str | None:
        """The account of the person's key."""
        return await self._owners.of(person.id)

    async def create(self, person: Person, code: str) -> str:
        """Makes the person's key; its account. Conflict("SigningKeyExists"), Forbidden("CodeRefused")."""
        if await self._owners.of(person.id) is not None:
            raise Conflict("SigningKeyExists")
        await self._use_code(person, code)
        account = await self._keys.create()
        await self._owners.put(person.id, account)
        _log.info("signing key made", person=person.id, party=person.party, account=account)
        return account

    async def sign(self, person: Person, code: str, typed_data: Mapping[str, Any]) -> tuple[str, str]:
        """The person's account, and its signature, 0x-hex. NotFound("NoSigningKey"), Forbidden("CodeRefused")."""
        if (account := await self._owners.of(person.id)) is None:
            raise NotFound("NoSigningKey")
        await self._use_code(person, code)
        signature = await self._keys.sign_typed_data(account, typed_data)
        _log.info("signed with a kept key", person=person.id, party=person.party, account=account)
        return account, "0x" + signature.hex()

    async def _use_code(self, person: Person, code: str) -> None:
        """A code works once, here and for signing in. Conflict("TooManyAttempts") after wrong ones."""
        pace = Pace(f"signing:{person.id}", PERSON_WAITS_S)
        if wait_s := await self._throttle.begin((pace,), now()):
            raise Conflict("TooManyAttempts", wait_s=wait_s)
        step = None if person.totp is None else self._codes.step(person.id, person.totp, code, now())
        if step is None or not await self._people.use_step(person.id, step):
            _log.info("signing refused", person=person.id)
            raise Forbidden("CodeRefused")
        await self._throttle.forgive("", pace.subject)
