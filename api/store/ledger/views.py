"""From rows (tuples in column order) to the views that readers see. Names of parties are left empty: they are not on
chain."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from eth_utils.address import to_checksum_address

from api.domain.key_changes import KeyChange, KeyChangeKind, KeyChangeState
from api.domain.status import FINANCED, OVERDUE, note_status, receivable_status
from api.domain.views import (
    AccountView,
    BackingView,
    CashLeg,
    ClaimView,
    CurrencyView,
    IndexStatus,
    InvoiceView,
    JournalEntry,
    LedgerTotals,
    LineView,
    NoteView,
    PartyName,
    PartyView,
    ReassignmentView,
    ReceivableView,
    RecourseView,
    Source,
    Sums,
)

Row = Sequence[Any]


@lru_cache(maxsize=65_536)
def address(raw: bytes) -> str:
    """Checksummed."""
    return str(to_checksum_address(raw))


def hexed(raw: bytes) -> str:
    return "0x" + raw.hex()


@lru_cache(maxsize=65_536)
def party_name(party: int) -> PartyName:
    return PartyName(party)


def _source(tx: bytes | None, block: int, log: int, time: int) -> Source | None:
    return None if tx is None else Source("0x" + tx.hex(), block, log, time)


def status_view(row: Row) -> IndexStatus:
    _, chain_id, _, _, block, digest, time, head, _, events, reorgs = row
    return IndexStatus(chain_id, block, hexed(digest), time, head, events, reorgs)


def currency_view(row: Row) -> CurrencyView:
    number, token, code, decimals = row
    return CurrencyView(number, address(token), code, decimals)


def ledger_totals(stored: Mapping[str, int], currencies: Iterable[CurrencyView]) -> LedgerTotals:
    """From the kept sums: `notes_tier_N`, and for money `NAME_in_CURRENCY`."""
    counts = {int(name.rpartition("_")[2]): n for name, n in stored.items() if name.startswith("notes_tier_")}
    deepest = max((tier for tier, count in counts.items() if count), default=0)
    tiers = tuple(counts.get(tier, 0) for tier in range(1, deepest + 1))
    names = ("financed", "cash_paid", "repaid", "outstanding")
    sums = tuple(
        Sums(currency, *(stored.get(f"{name}_in_{currency.id}", 0) for name in names))
        for currency in currencies
        if f"outstanding_in_{currency.id}" in stored
    )
    return LedgerTotals(stored.get("receivables", 0), sum(tiers), tiers, stored.get("refused", 0), sums)


def party_view(row: Row, accounts: Sequence[Row], lines: Sequence[Row]) -> PartyView:
    party, code_hash, roles, suspended, expiry, settlement, epoch, overdue, tx, block, log, time = row
    return PartyView(
        id=party,
        credit_code_hash=hexed(code_hash),
        roles=roles,
        status="suspended" if suspended else "active",
        identity_expiry=expiry,
        settlement_account=address(settlement),
        quote_epoch=epoch,
        overdue_count=overdue,
        accounts=tuple(AccountView(address(raw), rights) for _, raw, rights in accounts),
        lines=tuple(LineView(address(currency), int(limit), int(used)) for _, currency, limit, used in lines),
        source=Source(hexed(tx), block, log, time),
    )


def invoice_view(row: Row, claimants: Sequence[Row]) -> InvoiceView:
    mark, amount, claimed, credited = row
    return InvoiceView(hexed(mark), int(amount), int(claimed), int(credited), tuple(number for (number,) in claimants))


def backing_view(row: Row) -> BackingView:
    _, mark, part, *whole = row
    amount, claimed, credited = map(int, whole)
    left = amount - claimed - credited
    return BackingView(hexed(mark), amount, int(part), max(0, left), max(0, -left))


def receivable_view(
    row: Row, currency: CurrencyView, backing: Sequence[BackingView], min_child_value: int
) -> ReceivableView:
    receivable, debtor, creditor, root, face, outstanding, repaid, extinguished, cancelled, _, delivery, due = row[:12]
    confirmed, _, tier_limit, grace, rate, flags, evidence, notes, deepest, tx, block, log, time, round_ = row[12:]
    return ReceivableView(
        id=receivable,
        debtor=party_name(debtor),
        creditor=party_name(creditor),
        root=root,
        face_value=int(face),
        outstanding=int(outstanding),
        repaid=int(repaid),
        extinguished=int(extinguished),
        cancelled=int(cancelled),
        currency=currency,
        delivery_day=delivery,
        due_day=due,
        confirmed_day=confirmed,
        tier_limit=tier_limit,
        grace_days=grace,
        overdue_rate_bps=rate,
        min_child_value=min_child_value,
        flags=flags,
        status=receivable_status(flags, int(outstanding)),
        evidence_hash=hexed(evidence),
        backing=tuple(backing),
        notes=notes,
        deepest_tier=deepest,
        source=Source(hexed(tx), block, log, time),
        round=round_,
    )


RECEIVABLE_CURRENCY, RECEIVABLE_POLICY = 9, 13
"""Positions of the currency and of the policy in a row of receivables."""


def note_view(row: Row, today: int, cash: Sequence[CashLeg]) -> NoteView:
    note, parent, receivable, root, holder, tier, origin, face, value, flags, lapse, trade, *places = row
    left = int(value)
    return NoteView(
        note,
        parent,
        receivable,
        root,
        party_name(holder),
        tier,
        int(face),
        left,
        note_status(flags, left, lapse, today),
        origin,
        flags & FINANCED != 0,
        lapse,
        None if trade is None else "0x" + trade.hex(),
        Source("0x" + places[0].hex(), places[1], places[2], places[3]),
        _source(*places[4:8]),
        _source(*places[8:12]),
        tuple(cash),
        flags,
        places[12],
        int(places[13]),
        places[14],
    )


def assignee_view(row: Row) -> ClaimView:
    note, holder, value, tx, block, log, time, reference, registered, recorded, notified, *events = row
    return ClaimView(
        note,
        "assignment",
        party_name(holder),
        int(value),
        None if reference is None else hexed(reference),
        registered,
        recorded,
        notified,
        Source(hexed(tx), block, log, time),
        _source(*events[:4]),
        _source(*events[4:]),
    )


def pledgee_view(row: Row) -> ClaimView:
    note, lender, pledged, tx, block, log, time, reference = row
    return ClaimView(
        note,
        "pledge",
        party_name(lender),
        int(pledged),
        None if reference is None else hexed(reference),
        0,
        0,
        0,
        Source(hexed(tx), block, log, time),
        None,
        None,
    )


def leg_view(row: Row) -> CashLeg:
    block, log, kind, note, child, _, _, payer, payee, payer_account, payee_account, token = row[:12]
    amount, principal, interest, discount, rate, _, registry, tx, time, bank, reference, quote = row[12:]
    return CashLeg(
        kind,
        note,
        child,
        party_name(payer),
        party_name(payee),
        None if payer_account is None else address(payer_account),
        None if payee_account is None else address(payee_account),
        address(token),
        int(amount),
        int(principal),
        int(interest),
        int(discount),
        rate,
        None if registry is None else "0x" + registry.hex(),
        Source("0x" + tx.hex(), block, log, time),
        None if bank is None else party_name(bank),
        None if reference is None else "0x" + reference.hex(),
        None if quote is None else int.from_bytes(quote, "big"),
    )


def recourse_view(row: Row, currencies: Mapping[int, CurrencyView]) -> RecourseView:
    note, receivable, *parties, currency, due_day, amount, price, rate_bps, day, demand_day, flags = row
    debtor, financier, seller = map(party_name, parties)
    terms = (int(amount), int(price), rate_bps, day, demand_day, bool(flags & OVERDUE))
    return RecourseView(note, receivable, debtor, financier, seller, currencies[currency], due_day, *terms)


def reassignment_view(row: Row, currencies: Mapping[int, CurrencyView]) -> ReassignmentView:
    reassignment, note, to, amount, currency, arbiter, order, ready_at = row
    value = (party_name(to), int(amount), currencies[currency])
    return ReassignmentView(reassignment, note, *value, party_name(arbiter), hexed(order), ready_at)


def key_change(row: Row) -> KeyChange:
    key, party, account, ready_at, evidence, removed, state = row
    kind = KeyChangeKind.SETTLEMENT if key % 2 else KeyChangeKind.RECOVERY
    accounts = tuple(address(removed[start : start + 20]) for start in range(0, len(removed), 20))
    terms = (address(account), ready_at, hexed(evidence), accounts)
    return KeyChange(party_name(party), kind, *terms, KeyChangeState(state))


def journal_entry(row: Row) -> JournalEntry:
    block, log, tx, name, args = row
    return JournalEntry(block, log, hexed(tx), name, json.loads(args))


def legs_by_note(rows: Sequence[Row]) -> Mapping[int, list[CashLeg]]:
    """Each leg under the note that was sold or repaid, and under the one that was bought."""
    found: dict[int, list[CashLeg]] = {}
    for row in rows:
        leg = leg_view(row)
        found.setdefault(leg.note, []).append(leg)
        if leg.child is not None:
            found.setdefault(leg.child, []).append(leg)
    return found
