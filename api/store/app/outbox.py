"""The outbox as the worker sees it: leases, taking, what was signed, and how it ended."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from api.domain.ports import SignedTransaction
from api.domain.sending import Ending, Mined, Queued, Replacement, Submitted
from api.store.app.database import Database
from api.store.app.events import note
from api.store.app.rows import dump, to_call
from api.store.app.tables import operations, replacements, sender_leases

Conditions = Sequence[ColumnElement[bool]]

_CHUNK = 500
_OPEN = ("queued", "submitted")
_BOOT = Path("/proc/sys/kernel/random/boot_id")


def process_name() -> str:
    """This process, so that others on this machine can tell whether it still lives."""
    boot = _BOOT.read_text().strip() if _BOOT.exists() else ""
    return f"{socket.gethostname()}|{boot}|{os.getpid()}|{_started(os.getpid())}"


def _started(pid: int) -> str:
    """When a process began, as the kernel counts; empty when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def is_dead(owner: str) -> bool:
    """True when the owner was a process of this machine that is gone."""
    host, boot, pid, started = owner.split("|")
    here = process_name().split("|")
    if host != here[0]:
        return False
    return boot != here[1] or _started(int(pid)) != started


class StoredOutbox:
    """Implements Outbox: what one worker does to the operations. `owner` is its name in the leases."""

    def __init__(self, database: Database, owner: str, lease_s: float) -> None:
        self._database = database
        self._owner = owner
        self._lease_s = lease_s

    async def take(self, limit: int, in_flight: int) -> list[Queued]:
        waiting = select(operations.c.seq).where(operations.c.status == "queued").limit(1)
        if await self._database.read(lambda c: c.execute(waiting).first()) is None:
            return []
        return await self._database.write_one(lambda c: self._take(c, limit, in_flight))

    async def renew(self) -> None:
        change = update(sender_leases).where(sender_leases.c.owner == self._owner)
        until = time.time() + self._lease_s
        await self._database.write(lambda c: c.execute(change.values(expires_at=until)))

    async def release(self) -> None:
        change = delete(sender_leases).where(sender_leases.c.owner == self._owner)
        await self._database.write(lambda c: c.execute(change))

    async def next_nonces(self, accounts: Sequence[str]) -> dict[str, int]:
        highest = func.max(operations.c.nonce)
        query = select(operations.c.account, highest).where(operations.c.account.in_(accounts))
        rows = await self._database.read(lambda c: c.execute(query.group_by(operations.c.account)).all())
        return {account: nonce + 1 for account, nonce in rows if nonce is not None}

    async def submitted(self, known: Collection[int]) -> list[Submitted]:
        return await self._database.write_one(lambda c: self._submitted(c, known))

    async def record_signed(self, signed: Sequence[tuple[int, SignedTransaction]]) -> bool:
        try:
            return await self._database.write(lambda c: self._record(c, signed))
        except IntegrityError:
            return False  # another worker has used one of these nonces

    async def end(self, endings: Sequence[Ending]) -> None:
        await self._database.write(lambda c: _end(c, endings))

    async def warn(self, seq: int, error: Mapping[str, Any]) -> None:
        change = update(operations).where(operations.c.seq == seq, operations.c.status == "submitted")
        await self._database.write(lambda c: c.execute(change.values(error=dump(error), updated_at=int(time.time()))))

    async def unsettled(self, limit: int) -> list[Mined]:
        return await self._database.read(lambda c: _unsettled(c, limit))

    async def settle(self, seqs: Sequence[int]) -> None:
        mined = (operations.c.final.is_(False), operations.c.block.is_not(None))
        await self._database.write(lambda c: _change(c, seqs, mined, "final", final=True))

    async def reopen(self, seqs: Sequence[int]) -> set[int]:
        return await self._database.write_one(lambda c: self._reopen(c, seqs))

    async def record_replacement(self, seq: int, replacement: Replacement) -> bool:
        return await self._database.write(lambda c: self._record_replacement(c, seq, replacement))

    # -- inside transactions

    def _take(self, connection: Connection, limit: int, in_flight: int) -> list[Queued]:
        count = select(operations.c.account, func.count()).where(operations.c.status == "submitted")
        counts = connection.execute(count.group_by(operations.c.account)).all()
        under_way: dict[str, int] = {account: n for account, n in counts}  # noqa: C416
        blocked = {a for a, n in under_way.items() if n >= in_flight} | self._leased_elsewhere(connection)
        query = select(operations).where(operations.c.status == "queued", operations.c.account.not_in(blocked))
        taken: list[Queued] = []
        for row in connection.execute(query.order_by(operations.c.seq).limit(limit)).all():
            if under_way.get(row.account, 0) >= in_flight:
                continue
            under_way[row.account] = under_way.get(row.account, 0) + 1
            signed = _transaction(row) if row.signed_outside else None
            taken.append(Queued(row.seq, row.id, row.kind, to_call(row), signed, row.request_id, row.trace))
        self._lease(connection, {q.call.account for q in taken})
        return taken

    def _submitted(self, connection: Connection, known: Collection[int]) -> list[Submitted]:
        elsewhere = self._leased_elsewhere(connection)
        query = select(operations.c.seq, operations.c.account).where(operations.c.status == "submitted")
        found = connection.execute(query.order_by(operations.c.seq)).all()
        seqs = [r.seq for r in found if r.account not in elsewhere and r.seq not in known]
        rows: list[Row[Any]] = []
        for start in range(0, len(seqs), _CHUNK):
            chunk = select(operations).where(operations.c.seq.in_(seqs[start : start + _CHUNK]))
            rows.extend(connection.execute(chunk.order_by(operations.c.seq)).all())
        self._lease(connection, {r.account for r in rows})
        return _with_replacements(connection, rows)

    def _leased_elsewhere(self, connection: Connection) -> set[str]:
        """Accounts that another living worker holds."""
        now = time.time()
        rows = connection.execute(select(sender_leases).where(sender_leases.c.owner != self._owner)).all()
        return {r.account for r in rows if r.expires_at > now and not is_dead(r.owner)}

    def _lease(self, connection: Connection, accounts: set[str]) -> None:
        """Takes accounts that no other living worker holds. IntegrityError when one took them just now."""
        mine = select(sender_leases.c.account).where(sender_leases.c.owner == self._owner)
        wanted = accounts - set(connection.execute(mine).scalars())
        if wanted:
            query = select(sender_leases).where(sender_leases.c.account.in_(wanted))
            rows = connection.execute(query.order_by(sender_leases.c.account).with_for_update()).all()
            over = [r.account for r in rows if r.expires_at <= time.time() or is_dead(r.owner)]
            connection.execute(delete(sender_leases).where(sender_leases.c.account.in_(over)))
            until = time.time() + self._lease_s
            new = [{"account": a, "owner": self._owner, "expires_at": until} for a in sorted(wanted)]
            connection.execute(insert(sender_leases), new)

    def _record(self, connection: Connection, signed: Sequence[tuple[int, SignedTransaction]]) -> bool:
        held = select(sender_leases.c.account).where(sender_leases.c.owner == self._owner)
        if not {s.account for _, s in signed} <= set(connection.execute(held).scalars()):
            return False
        now = int(time.time())
        rows = [
            {"b_seq": seq, "b_nonce": s.nonce, "b_raw": s.raw, "b_hash": s.tx_hash, "b_gas": s.gas, "b_now": now}
            for seq, s in signed
        ]
        connection.execute(_SIGN, rows)
        note(connection, [seq for seq, _ in signed], "submitted")
        return True

    def _reopen(self, connection: Connection, seqs: Sequence[int]) -> set[int]:
        undone = dict.fromkeys(("block", "block_hash", "gas_used", "error", "mined_as"))
        elsewhere = self._leased_elsewhere(connection)
        mined = (operations.c.final.is_(False), operations.c.block.is_not(None), operations.c.account.not_in(elsewhere))
        changed = _change(connection, seqs, mined, "reopened", status="submitted", **undone)
        accounts: set[str] = set()
        for start in range(0, len(changed), _CHUNK):
            some = operations.c.seq.in_(changed[start : start + _CHUNK])
            accounts |= set(connection.execute(select(operations.c.account).where(some)).scalars())
        self._lease(connection, accounts)
        return set(changed)

    def _record_replacement(self, connection: Connection, seq: int, replacement: Replacement) -> bool:
        new, now = replacement.transaction, int(time.time())
        held = select(sender_leases.c.owner).where(sender_leases.c.account == new.account)
        if connection.execute(held).scalar() != self._owner:
            return False
        error = None if replacement.error is None else dump(replacement.error)
        row = {"tx_hash": new.tx_hash, "raw": new.raw, "gas_limit": new.gas, "error": error, "created_at": now}
        connection.execute(insert(replacements).values(operation=seq, **row))
        return True


_SIGN = (
    update(operations)
    .where(operations.c.seq == bindparam("b_seq"), operations.c.status == "queued")
    .values(
        status="submitted",
        nonce=bindparam("b_nonce"),
        raw=bindparam("b_raw"),
        tx_hash=bindparam("b_hash"),
        gas_limit=bindparam("b_gas"),
        updated_at=bindparam("b_now"),
    )
)

_END = (
    update(operations)
    .where(operations.c.seq == bindparam("b_seq"))
    .values(
        status=bindparam("b_status"),
        block=bindparam("b_block"),
        block_hash=bindparam("b_block_hash"),
        gas_used=bindparam("b_gas_used"),
        error=bindparam("b_error"),
        final=bindparam("b_final"),
        mined_as=bindparam("b_mined_as"),
        updated_at=bindparam("b_now"),
    )
)


def _end(connection: Connection, endings: Sequence[Ending]) -> None:
    """Once each: another worker that followed the same operation meanwhile changes nothing more."""
    still_open = set(_matching(connection, [e.seq for e in endings], (operations.c.status.in_(_OPEN),)))
    new = [e for e in endings if e.seq in still_open]
    if new:
        connection.execute(_END, [_ending_row(e) for e in new])
    note(connection, [e.seq for e in new if e.ok], "confirmed")
    note(connection, [e.seq for e in new if not e.ok], "failed")


def _change(
    connection: Connection, seqs: Sequence[int], condition: Conditions, change: str, **values: Any
) -> list[int]:
    """Sets columns of those operations that meet a condition, and notes the event; which those were."""
    now = int(time.time())
    changed = _matching(connection, seqs, condition)
    for start in range(0, len(changed), _CHUNK):
        some = operations.c.seq.in_(changed[start : start + _CHUNK])
        connection.execute(update(operations).where(some).values(**values, updated_at=now))
    note(connection, changed, change)
    return changed


def _matching(connection: Connection, seqs: Sequence[int], condition: Conditions) -> list[int]:
    """Which of these meet a condition; they stay as they are until the transaction ends."""
    found: list[int] = []
    for start in range(0, len(seqs), _CHUNK):
        query = select(operations.c.seq).where(operations.c.seq.in_(seqs[start : start + _CHUNK]), *condition)
        found += connection.execute(query.order_by(operations.c.seq).with_for_update()).scalars()
    return found


def _unsettled(connection: Connection, limit: int) -> list[Mined]:
    query = select(operations).where(operations.c.final.is_(False), operations.c.block.is_not(None))
    rows = connection.execute(query.order_by(operations.c.block, operations.c.seq).limit(limit)).all()
    found = zip(rows, _with_replacements(connection, rows), strict=True)
    return [Mined(operation, row.block, row.block_hash) for row, operation in found]


def _with_replacements(connection: Connection, rows: Sequence[Row[Any]]) -> list[Submitted]:
    later: dict[int, list[Replacement]] = {}
    of = {row.seq: row for row in rows}
    seqs = list(of)
    for start in range(0, len(seqs), _CHUNK):
        query = select(replacements).where(replacements.c.operation.in_(seqs[start : start + _CHUNK]))
        for one in connection.execute(query.order_by(replacements.c.serial)):
            first = of[one.operation]
            transaction = SignedTransaction(first.account, first.nonce, one.tx_hash, one.raw, one.gas_limit)
            error = None if one.error is None else json.loads(one.error)
            later.setdefault(one.operation, []).append(Replacement(transaction, error))
    return [
        Submitted(
            r.seq, r.id, r.kind, to_call(r), _transaction(r), tuple(later.get(r.seq, ())), r.signed_outside, r.trace
        )
        for r in rows
    ]


def _ending_row(ending: Ending) -> dict[str, Any]:
    return {
        "b_seq": ending.seq,
        "b_status": "confirmed" if ending.ok else "failed",
        "b_block": ending.block,
        "b_block_hash": ending.block_hash,
        "b_gas_used": ending.gas_used,
        "b_error": None if ending.error is None else dump(ending.error),
        "b_final": ending.final,
        "b_mined_as": ending.tx_hash,
        "b_now": int(time.time()),
    }


def _transaction(row: Row[Any]) -> SignedTransaction:
    return SignedTransaction(row.account, row.nonce, row.tx_hash, row.raw, row.gas_limit or 0)
