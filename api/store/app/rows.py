"""Between rows of `operations` and the domain's Operation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from api.domain.errors import InvalidInput
from api.domain.operations import Call, Contract, Operation, OperationStatus


def dump(value: Any) -> str:
    """JSON with whole numbers of any size."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def position(cursor: str) -> int:
    """After which row a page begins. InvalidInput("CursorInvalid")."""
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise InvalidInput("CursorInvalid", cursor=cursor)
    return int(cursor)


def to_row(operation: Operation) -> dict[str, Any]:
    """What is inserted. A transaction signed outside brings its nonce and hash along."""
    call = operation.call
    return {
        "id": operation.id,
        "kind": operation.kind,
        "party": operation.party,
        "account": call.account,
        "contract": call.contract.value,
        "function": call.function,
        "args": dump(call.args),
        "at": call.at,
        "gas_limit": call.gas,
        "status": OperationStatus.QUEUED.value,
        "idempotency_key": operation.idempotency_key,
        "request_hash": operation.request_hash,
        "request_id": operation.request_id,
        "trace": operation.trace,
        "approval": operation.approval,
        "nonce": operation.nonce if operation.signed else None,
        "raw": operation.signed,
        "signed_outside": operation.signed is not None,
        "tx_hash": operation.tx_hash if operation.signed else None,
        "relayed_for": operation.relayed_for,
        "relayed_nonce": operation.relayed_nonce,
        "created_at": operation.created_at,
        "updated_at": operation.updated_at,
    }


def to_call(row: Row[Any]) -> Call:
    return Call(Contract(row.contract), row.function, tuple(json.loads(row.args)), row.account, row.at, row.gas_limit)


def to_operation(row: Row[Any]) -> Operation:
    """A stored operation. The raw transaction stays inside."""
    error: Mapping[str, Any] | None = None if row.error is None else json.loads(row.error)
    return Operation(
        id=row.id,
        kind=row.kind,
        party=row.party,
        call=to_call(row),
        status=OperationStatus(row.status),
        idempotency_key=row.idempotency_key,
        request_hash=row.request_hash,
        request_id=row.request_id,
        trace=row.trace,
        approval=row.approval,
        nonce=row.nonce,
        tx_hash=row.mined_as or row.tx_hash,
        block=row.block,
        gas_used=row.gas_used,
        final=row.final,
        error=error,
        relayed_for=row.relayed_for,
        relayed_nonce=row.relayed_nonce,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
