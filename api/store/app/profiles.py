"""Names and identities of parties over app.db."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from api.domain.errors import Conflict
from api.domain.party_identity import fold_name
from api.domain.records import Profile
from api.store.app.database import Database
from api.store.app.tables import identities, profiles

_CHUNK = 500
_FRESH_S = 1.0


class StoredProfiles:
    """Implements Profiles."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[int, Profile | None] = {}
        """What was read lately, None where nobody named the party: names stand in every answer, and asking a thread for them
        takes longer than all the rest."""
        self._known_until = 0.0

    async def put(self, wanted: Sequence[Profile]) -> None:
        """A profile without a party keeps the one it had. Conflict("IdentityTaken"): an identity is another party's."""
        try:
            await self._database.write(lambda c: _put(c, wanted))
        except IntegrityError as error:
            raise Conflict("IdentityTaken", parties=[p.name_en or p.name_zh for p in wanted]) from error
        self._known = {}

    async def assign(self, parties: Mapping[str, int]) -> None:
        def action(connection: Connection) -> None:
            for credit_code_hash, party in parties.items():
                change = update(profiles).where(profiles.c.credit_code_hash == credit_code_hash)
                connection.execute(change.values(party=party))

        await self._database.write(action)
        self._known = {}

    async def of_parties(self, parties: Sequence[int]) -> dict[int, Profile]:
        """As they are, or were within the last second where another process has changed them."""
        if time.monotonic() >= self._known_until:
            self._known, self._known_until = {}, time.monotonic() + _FRESH_S
        known = self._known
        if missing := [p for p in parties if p not in known]:
            found = await self._database.read_few(lambda c: _of_parties(c, missing))
            known |= {p: found.get(p) for p in missing}
        return {p: profile for p in parties if (profile := known[p]) is not None}

    async def of_identities(self, wanted: Sequence[str]) -> dict[str, Profile]:
        def action(connection: Connection) -> dict[str, Profile]:
            owners: dict[str, str] = {}
            for chunk in _chunks(list(wanted)):
                rows = connection.execute(select(identities).where(identities.c.identity.in_(chunk)))
                owners |= {r.identity: r.credit_code_hash for r in rows}
            loaded = _load(connection, set(owners.values()))
            return {identity: loaded[owner] for identity, owner in owners.items()}

        return await self._database.read(action)

    async def identities(self) -> list[list[str]]:
        def action(connection: Connection) -> list[list[str]]:
            groups: dict[str, list[str]] = {}
            for row in connection.execute(select(identities).order_by(identities.c.position)):
                groups.setdefault(row.credit_code_hash, []).append(row.identity)
            return list(groups.values())

        return await self._database.read(action)

    async def search(self, text: str, limit: int) -> list[Profile]:
        folded = fold_name(text)

        def action(connection: Connection) -> list[Profile]:
            query = select(profiles.c.credit_code_hash).where(
                profiles.c.party.is_not(None), profiles.c.folded.contains(folded, autoescape=True)
            )
            rows = connection.execute(query.order_by(profiles.c.party).limit(limit)).scalars().all()
            loaded = _load(connection, rows)
            return [loaded[h] for h in rows]

        return await self._database.read(action) if folded else []


def _chunks(values: list[int] | list[str]) -> Iterable[list[int] | list[str]]:
    return (values[i : i + _CHUNK] for i in range(0, len(values), _CHUNK))


def _of_parties(connection: Connection, parties: list[int]) -> dict[int, Profile]:
    found: dict[int, Profile] = {}
    for chunk in _chunks(parties):
        rows = connection.execute(select(profiles.c.credit_code_hash).where(profiles.c.party.in_(chunk)))
        for profile in _load(connection, rows.scalars()).values():
            if profile.party is not None:
                found[profile.party] = profile
    return found


def _put(connection: Connection, wanted: Sequence[Profile]) -> None:
    latest = {p.credit_code_hash: p for p in wanted}
    admitted = {h: p.party for h, p in _load(connection, latest).items()}
    for chunk in _chunks(list(latest)):
        connection.execute(delete(identities).where(identities.c.credit_code_hash.in_(chunk)))
        connection.execute(delete(profiles).where(profiles.c.credit_code_hash.in_(chunk)))
    rows = [
        {
            "credit_code_hash": p.credit_code_hash,
            "credit_code": p.credit_code,
            "name_zh": p.name_zh,
            "name_en": p.name_en,
            "folded": f"{fold_name(p.name_zh)} {fold_name(p.name_en)}",
            "party": admitted.get(p.credit_code_hash) if p.party is None else p.party,
        }
        for p in latest.values()
    ]
    names = [
        {"identity": identity, "credit_code_hash": p.credit_code_hash, "position": position}
        for p in latest.values()
        for position, identity in enumerate(dict.fromkeys(p.identities))
    ]
    if rows:
        connection.execute(insert(profiles), rows)
    if names:
        connection.execute(insert(identities), names)


def _load(connection: Connection, hashes: Iterable[str]) -> dict[str, Profile]:
    found: dict[str, Profile] = {}
    for chunk in _chunks(list(hashes)):
        names: dict[str, list[str]] = {}
        query = select(identities).where(identities.c.credit_code_hash.in_(chunk)).order_by(identities.c.position)
        for row in connection.execute(query):
            names.setdefault(row.credit_code_hash, []).append(row.identity)
        for row in connection.execute(select(profiles).where(profiles.c.credit_code_hash.in_(chunk))):
            found[row.credit_code_hash] = Profile(
                credit_code=row.credit_code,
                credit_code_hash=row.credit_code_hash,
                name_zh=row.name_zh,
                name_en=row.name_en,
                identities=tuple(names.get(row.credit_code_hash, ())),
                party=row.party,
            )
    return found
