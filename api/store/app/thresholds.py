"""What one person may do alone, in app.db: thresholds, and what counts to them. Inside transactions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select

from api.domain.approvals import COUNTED_S, ActKind, Lone, Threshold
from api.domain.errors import Conflict
from api.store.app.tables import approval_thresholds, lone_acts, operations

_ALL = approval_thresholds.c
Counted = Mapping[tuple[ActKind, str], int]


def thresholds_of(connection: Connection, party: int, *, hold: bool = False) -> list[Threshold]:
    """A company's. Held, they stay as they are until the transaction ends, and whoever holds them next waits."""
    query = select(approval_thresholds).where(_ALL.party == party).order_by(_ALL.kind, _ALL.currency)
    rows = connection.execute(query.with_for_update() if hold else query).all()
    return [Threshold(ActKind(row.kind), row.currency, int(row.amount)) for row in rows]


def set_threshold(connection: Connection, party: int, threshold: Threshold) -> None:
    kind, currency = threshold.kind.value, threshold.currency
    there = (_ALL.party == party, _ALL.kind == kind, _ALL.currency == currency)
    connection.execute(delete(approval_thresholds).where(*there))
    if threshold.amount:
        row = {"party": party, "kind": kind, "currency": currency, "amount": str(threshold.amount)}
        connection.execute(insert(approval_thresholds), row)


def counted(connection: Connection, party: int, time: int) -> Counted:
    """See ApprovalBook.lone."""
    table = lone_acts
    query = select(table.c.kind, table.c.currency, table.c.amount).join(
        operations, operations.c.id == table.c.operation
    )
    failed = (operations.c.status == "failed") & operations.c.final
    recent = (table.c.party == party, table.c.at > time - COUNTED_S, ~failed)
    sums: dict[tuple[ActKind, str], int] = defaultdict(int)
    for kind, currency, amount in connection.execute(query.where(*recent)):
        sums[ActKind(kind), currency] += int(amount)
    return sums


def count(connection: Connection, lone: Sequence[Lone], limits: Mapping[int, Sequence[Threshold]]) -> None:
    """Counts these, each below the threshold still. `limits` are held, by company. Conflict("ApprovalNeeded")."""
    for party in sorted({one.party for one in lone}):
        ours = [one for one in lone if one.party == party]
        sums = defaultdict(int, counted(connection, party, max(one.at for one in ours)))
        below = {(limit.kind, limit.currency): limit.amount for limit in limits[party]}
        for one in ours:
            sums[one.kind, one.currency] += one.amount
            if sums[one.kind, one.currency] >= below.get((one.kind, one.currency), 0):
                raise Conflict("ApprovalNeeded", kind=one.kind.value)
    if lone:
        values = [
            {"operation": o.operation, "currency": o.currency, "party": o.party, "kind": o.kind.value, "at": o.at}
            | {"amount": str(o.amount)}
            for o in lone
        ]
        connection.execute(insert(lone_acts), values)
