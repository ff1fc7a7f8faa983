"""Domain views as JSON-able dicts, written out by hand: a trace of a hundred notes is a matter of microseconds, not of
validation. The models beside it document the same shapes; a test holds the two together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from api.domain.access import Seen
from api.domain.calendar import date_of_day, instant
from api.domain.evidence import AMOUNTS, DAYS, TIMES
from api.domain.messages import EN, NOTE_STATUS
from api.domain.priority import Place, explained
from api.domain.views import (
    BackingView,
    CashLeg,
    ClaimView,
    CurrencyView,
    FundFlow,
    LedgerTotals,
    NoteView,
    Page,
    PartyName,
    PartyView,
    ReceivableView,
    Source,
)

T = TypeVar("T")
Json = dict[str, Any]

ROLES = ("core_enterprise", "supplier", "financier", "auditor", "registrar", "arbiter", "settlement_bank")
"""Names of the bits of a party's roles, lowest first."""
RECEIVABLE_FLAGS = ("cancelled", "overdue", "registry_required", "long_tenor", "long_terms")


def named_bits(value: int, names: tuple[str, ...]) -> list[str]:
    """The names of the bits that are set."""
    return [name for bit, name in enumerate(names) if value >> bit & 1]


@lru_cache(maxsize=65_536)
def day(value: int) -> str | None:
    """A business day as an ISO date; 0 is none."""
    return date_of_day(value).isoformat() if value else None


def moment(value: int) -> str | None:
    """Unix seconds as an instant; 0 is never."""
    return instant(value) if value else None


def source(view: Source) -> Json:
    return {"tx_hash": view.tx_hash, "block": view.block, "log_index": view.log_index, "time": instant(view.time)}


def party_name(view: PartyName) -> Json:
    return {"id": view.id, "name_zh": view.name_zh, "name_en": view.name_en}


def currency(view: CurrencyView) -> Json:
    return {"id": view.id, "token": view.token, "code": view.code, "decimals": view.decimals}


def ledger_totals(view: LedgerTotals) -> Json:
    return {
        "receivables": view.receivables,
        "notes": view.notes,
        "max_tier": view.max_tier,
        "refused": view.refused,
        "sums": [
            {
                "currency": currency(s.currency),
                "financed": str(s.financed),
                "cash_paid": str(s.cash_paid),
                "repaid": str(s.repaid),
                "outstanding": str(s.outstanding),
            }
            for s in view.sums
        ],
    }


def party(view: PartyView) -> Json:
    return {
        "id": view.id,
        "credit_code_hash": view.credit_code_hash,
        "roles": named_bits(view.roles, ROLES),
        "status": view.status,
        "identity_expiry": date_of_day(view.identity_expiry).isoformat(),
        "settlement_account": view.settlement_account,
        "quote_epoch": view.quote_epoch,
        "overdue_count": view.overdue_count,
        "accounts": [{"address": a.address, "rights": a.rights} for a in view.accounts],
        "lines": [{"currency": x.currency, "limit": str(x.limit), "used": str(x.used)} for x in view.lines],
        "source": source(view.source),
        "name_zh": view.name_zh,
        "name_en": view.name_en,
    }


def _backing(view: BackingView) -> Json:
    return {
        "fingerprint": view.fingerprint,
        "amount": str(view.amount),
        "claimed": str(view.claimed),
        "left": str(view.left),
        "excess": str(view.excess),
    }


def receivable(view: ReceivableView) -> Json:
    return {
        "id": view.id,
        "debtor": party_name(view.debtor),
        "creditor": party_name(view.creditor),
        "root": view.root,
        "face_value": str(view.face_value),
        "outstanding": str(view.outstanding),
        "repaid": str(view.repaid),
        "extinguished": str(view.extinguished),
        "cancelled": str(view.cancelled),
        "currency": currency(view.currency),
        "delivery_date": day(view.delivery_day),
        "due_date": day(view.due_day),
        "confirmed_date": day(view.confirmed_day),
        "tier_limit": view.tier_limit,
        "grace_days": view.grace_days,
        "overdue_rate_bps": view.overdue_rate_bps,
        "min_child_value": str(view.min_child_value),
        "flags": named_bits(view.flags, RECEIVABLE_FLAGS),
        "status": view.status,
        "evidence_hash": view.evidence_hash,
        "invoices": [_backing(one) for one in view.backing],
        "notes": view.notes,
        "deepest_tier": view.deepest_tier,
        "source": source(view.source),
    }


def cash_leg(view: CashLeg) -> Json:
    return {
        "kind": view.kind,
        "note": view.note,
        "child": view.child,
        "payer": party_name(view.payer),
        "payee": party_name(view.payee),
        "payer_account": view.payer_account,
        "payee_account": view.payee_account,
        "token": view.token,
        "amount": str(view.amount),
        "principal": str(view.principal),
        "interest": str(view.interest),
        "discount": str(view.discount),
        "rate_bps": view.rate_bps,
        "registry_reference": view.registry_reference,
        "source": source(view.source),
        "bank": None if view.bank is None else party_name(view.bank),
        "payment_reference": view.payment_reference,
        "quote": None if view.quote_nonce is None else quote_name(view.quoted_by, view.quote_nonce),
    }


def quote_name(financier: PartyName, nonce: int) -> Json:
    return {"financier": party_name(financier), "nonce": str(nonce)}


def note(view: NoteView) -> Json:
    return {
        "id": view.id,
        "parent": view.parent,
        "receivable": view.receivable,
        "root": view.root,
        "holder": party_name(view.holder),
        "tier": view.tier,
        "face": str(view.face),
        "value": str(view.value),
        "status": view.status,
        "origin": view.origin,
        "financed": view.financed,
        "lapse_date": day(view.lapse_day),
        "trade_hash": view.trade_hash,
        "source": source(view.source),
        "accepted": None if view.accepted is None else source(view.accepted),
        "closed": None if view.closed is None else source(view.closed),
        "cash": [cash_leg(leg) for leg in view.cash],
    }


def trace(note_id: int, debt: Seen[ReceivableView], path: Sequence[int], nodes: Iterable[Seen[NoteView]]) -> Json:
    return {
        "note": note_id,
        "receivable": seen_receivable(debt),
        "path": list(path),
        "nodes": [seen_note(n) for n in nodes],
    }


def claim(view: ClaimView, place: Place) -> Json:
    zh, en = explained(view, place)
    return {
        "note": view.note,
        "kind": view.kind,
        "assignee": party_name(view.assignee),
        "value": str(view.value),
        "registry_reference": view.registry_reference,
        "registered_at": moment(view.registered_at),
        "recorded_at": moment(view.recorded_at),
        "debtor_notified_at": moment(view.debtor_notified_at),
        "acquired": source(view.acquired),
        "registration": None if view.registration is None else source(view.registration),
        "notice": None if view.notice is None else source(view.notice),
        "place": place.place,
        "equals": place.equals,
        "basis": place.basis.value,
        "reason": en,
        "reason_zh": zh,
    }


def fund_flow(debt: Seen[ReceivableView], view: FundFlow) -> Json:
    return {
        "receivable": seen_receivable(debt),
        "legs": [cash_leg(leg) for leg in view.legs],
        "totals": [
            {
                "kind": t.kind,
                "payer": party_name(t.payer),
                "payee": party_name(t.payee),
                "amount": str(t.amount),
                "legs": t.legs,
            }
            for t in view.totals
        ],
    }


def cut(written: Json, seen: Seen[Any]) -> Json:
    """What was written of something, less the fields that are not shown: they are null."""
    if seen.shown is None or len(seen.shown) == len(written):
        return written
    return {name: value if name in seen.shown else None for name, value in written.items()}


def seen_note(seen: Seen[NoteView]) -> Json:
    return cut(note(seen.view), seen)


def seen_receivable(seen: Seen[ReceivableView]) -> Json:
    return cut(receivable(seen.view), seen)


def seen_party(seen: Seen[PartyView]) -> Json:
    return cut(party(seen.view), seen)


def page(view: Page[T], write: Callable[[T], Json]) -> Json:
    """A page of anything."""
    return {"items": [write(item) for item in view.items], "next": view.next}


def evidence(facts: Mapping[str, Any]) -> Json:
    """An error's evidence: amounts as strings, days and times in ISO form, a note's status by name."""
    return {name: _fact(name, value) for name, value in facts.items()}


def _fact(name: str, value: Any) -> Any:
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_fact(name, v) for v in value]
    if isinstance(value, Mapping):
        return evidence({str(k): v for k, v in value.items()})
    if value is None or isinstance(value, (bool, str, float)):
        return value
    if not isinstance(value, int):
        return str(value)
    if name in DAYS and value < 1 << 16:
        return date_of_day(value).isoformat()
    if name in TIMES and 0 < value < 1 << 37:
        return instant(value)
    if name == "status" and value < len(NOTE_STATUS[EN]):
        return NOTE_STATUS[EN][value]
    return str(value) if name in AMOUNTS or value >= 1 << 53 else value
