"""Operations and events as JSON-able dicts: the same in an answer, in the event stream and in a webhook."""

from __future__ import annotations

from typing import Any

from api.domain.calendar import instant
from api.domain.key_changes import KeyChange, KeyChangeEvent
from api.domain.operations import Operation, OperationStatus, event_type
from api.domain.ports import Event
from api.domain.reorganisations import ReorganisationEvent
from api.errors import told

Json = dict[str, Any]


def operation(view: Operation, language: str) -> Json:
    """An operation as answered; the raw transaction and the call's arguments stay inside."""
    failed = view.status is OperationStatus.FAILED
    error = (view.error or {"rule": "TransactionFailed", "evidence": {}}) if failed else None
    return {
        "id": view.id,
        "kind": view.kind,
        "party": view.party,
        "status": view.status.value,
        "contract": view.call.contract.value,
        "function": view.call.function,
        "account": view.call.account,
        "relayed_for": view.relayed_for,
        "nonce": view.nonce,
        "tx_hash": view.tx_hash,
        "block": view.block,
        "gas_used": view.gas_used,
        "final": view.final,
        "error": None if error is None else told(str(error["rule"]), dict(error.get("evidence", {})), language),
        "approval": view.approval,
        "request_id": view.request_id,
        "created_at": instant(view.created_at),
        "updated_at": instant(view.updated_at),
    }


def event(told_of: Event, language: str) -> Json:
    """What happened, when, and the operation as it was then, what was undone, or what changes."""
    if isinstance(told_of, ReorganisationEvent):
        at, data = told_of.at, undone(told_of)
    elif isinstance(told_of, KeyChangeEvent):
        at, data = told_of.at, {**key_change(told_of.told), "state": told_of.told.state.value}
    else:
        at, data = told_of.operation.updated_at, operation(told_of.operation, language)
    return {"type": event_type(told_of.change), "timestamp": instant(at), "data": data}


def key_change(view: KeyChange) -> Json:
    """What is announced for a party; names it by its id alone."""
    return {
        "party": view.party.id,
        "kind": view.kind.value,
        "account": view.account,
        "removed": list(view.removed),
        "evidence_hash": view.evidence_hash,
        "ready_at": instant(view.ready_at),
    }


def undone(view: ReorganisationEvent) -> Json:
    """What was undone, as the one who is told sees it."""
    return {
        "blocks": [{"number": number, "hash": digest} for number, digest in view.blocks],
        "complete": view.complete,
        "operations": list(view.operations),
        "notes": [{"id": one.id, "gone": one.gone} for one in view.notes],
        "receivables": [{"id": one.id, "gone": one.gone} for one in view.receivables],
    }
