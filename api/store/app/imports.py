"""Imported invoices, refusals and the salts of their originals, over app.db."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, union
from sqlalchemy.dialects import postgresql, sqlite

from api.domain.invoices import InvoiceItem, Refusal, salted_hash
from api.domain.party_identity import PartyIdentity
from api.domain.records import ImportedItem
from api.domain.views import Page
from api.store.app.database import Database
from api.store.app.rows import dump, position
from api.store.app.tables import evidence, import_refusals, imported_items

_CHUNK = 500


class StoredItems:
    """Implements ImportedItems."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, buyer: int, items: Sequence[InvoiceItem], evidence_hashes: Mapping[str, str]) -> list[bool]:
        def action(connection: Connection) -> list[bool]:
            known = _known(connection, [i.fingerprint for i in items])
            new: list[dict[str, Any]] = []
            answers: list[bool] = []
            for item in items:
                fresh = item.fingerprint not in known
                answers.append(fresh)
                if fresh:
                    known.add(item.fingerprint)
                    new.append(_to_row(buyer, item, evidence_hashes[item.file_hash]))
            if new:
                connection.execute(insert(imported_items), new)
            return answers

        return await self._database.write_one(action)

    async def put_refusals(self, buyer: int, refusals: Sequence[Refusal]) -> None:
        rows = [
            {
                "buyer": buyer,
                "file": r.file,
                "item": r.item,
                "rule": r.rule,
                "params": dump(dict(r.params)),
                "number": r.number,
            }
            for r in refusals
        ]

        def action(connection: Connection) -> None:
            dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
            connection.execute(dialect.insert(import_refusals).on_conflict_do_nothing(), rows)

        if rows:
            await self._database.write(action)

    async def get(self, ids: Sequence[int]) -> list[ImportedItem]:
        def action(connection: Connection) -> list[ImportedItem]:
            found: dict[int, ImportedItem] = {}
            for start in range(0, len(ids), _CHUNK):
                chunk = ids[start : start + _CHUNK]
                rows = connection.execute(select(imported_items).where(imported_items.c.id.in_(chunk)))
                found |= {r.id: _to_item(r) for r in rows}
            return [found[i] for i in ids if i in found]

        return await self._database.read(action)

    async def by_fingerprints(self, fingerprints: Sequence[str]) -> dict[str, ImportedItem]:
        def action(connection: Connection) -> dict[str, ImportedItem]:
            found: dict[str, ImportedItem] = {}
            for start in range(0, len(fingerprints), _CHUNK):
                chunk = fingerprints[start : start + _CHUNK]
                rows = connection.execute(select(imported_items).where(imported_items.c.fingerprint.in_(chunk)))
                found |= {r.fingerprint: _to_item(r) for r in rows}
            return found

        return await self._database.read(action)

    async def alike(self, after: int) -> Sequence[ImportedItem]:
        new, old = imported_items.alias("new"), imported_items
        same = (
            and_(
                old.c.seller_key == new.c.seller_key, old.c.payable == new.c.payable, old.c.currency == new.c.currency
            ),
            old.c.file_hash == new.c.file_hash,
        )
        ways = [select(old.c.id).join(new, way).where(new.c.id > after) for way in same]
        query = select(old).where(old.c.id.in_(union(*ways))).order_by(old.c.id)
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [_to_item(row) for row in rows]

    async def listing(self, *, buyer: int | None, cursor: str | None, limit: int) -> Page[ImportedItem]:
        """In the order of their import."""
        query = select(imported_items).order_by(imported_items.c.id).limit(limit + 1)
        if buyer is not None:
            query = query.where(imported_items.c.buyer == buyer)
        if cursor is not None:
            query = query.where(imported_items.c.id > position(cursor))
        rows = await self._database.read(lambda c: c.execute(query).all())
        more = str(rows[limit - 1].id) if len(rows) > limit else None
        return Page(tuple(_to_item(r) for r in rows[:limit]), more)


class StoredEvidence:
    """Implements Evidence: the salt of an original is drawn once and kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def evidence_hash(self, file_hash: str, name: str) -> str:
        def action(connection: Connection) -> str:
            query = select(evidence.c.salt).where(evidence.c.file_hash == file_hash)
            salt = connection.execute(query).scalar_one_or_none()
            if salt is None:
                salt = "0x" + secrets.token_hex(32)
                connection.execute(insert(evidence), {"file_hash": file_hash, "salt": salt, "name": name})
            return str(salt)

        salt = await self._database.write_one(action)
        return salted_hash(file_hash, bytes.fromhex(salt[2:]))


def _known(connection: Connection, fingerprints: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(fingerprints), _CHUNK):
        chunk = fingerprints[start : start + _CHUNK]
        query = select(imported_items.c.fingerprint).where(imported_items.c.fingerprint.in_(chunk))
        found |= set(connection.execute(query).scalars())
    return found


def _to_row(buyer: int, item: InvoiceItem, evidence_hash: str) -> dict[str, Any]:
    return {
        "buyer": buyer,
        "fingerprint": item.fingerprint,
        "file": item.file,
        "item": item.item,
        "seller_key": item.seller.key,
        "seller_name": item.seller.name,
        "buyer_key": None if item.buyer is None else item.buyer.key,
        "buyer_name": None if item.buyer is None else item.buyer.name,
        "number": item.number,
        "issue_date": item.issue_date.isoformat(),
        "due_date": None if item.due_date is None else item.due_date.isoformat(),
        "currency": item.currency,
        "payable": item.payable,
        "file_hash": item.file_hash,
        "assumed": dump(item.assumed),
        "evidence_hash": evidence_hash,
    }


def _to_item(row: Row[Any]) -> ImportedItem:
    item = InvoiceItem(
        file=row.file,
        item=row.item,
        seller=PartyIdentity(row.seller_key, row.seller_name),
        buyer=None if row.buyer_key is None else PartyIdentity(row.buyer_key, row.buyer_name),
        number=row.number,
        issue_date=date.fromisoformat(row.issue_date),
        due_date=None if row.due_date is None else date.fromisoformat(row.due_date),
        currency=row.currency,
        payable=row.payable,
        file_hash=row.file_hash,
        fingerprint=row.fingerprint,
        assumed=tuple(json.loads(row.assumed)),
    )
    return ImportedItem(row.id, row.buyer, item, row.evidence_hash)
