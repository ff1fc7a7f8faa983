"""BankDesk and its products: what waits for a settlement bank, what the bank said, and the cash that it moved in its
books."""

from __future__ import annotations

from typing import Any

import orjson

from api.domain.errors import CascadeError
from api.indexer import payloads as p
from api.indexer.entry import At, Entry, Unpaid, its_note, its_receivable, word
from api.store.ledger.rows import (
    BankRecordRow,
    BankRepaymentRow,
    BankReservationRow,
    BankRoundRow,
    BankSaleRow,
    CashLegRow,
)
from api.store.ledger.writer import Ledger

# -- BankDesk


def reserved(ledger: Ledger, at: At, e: p.Reserved) -> None:
    """What for is told by the product's event, which follows."""
    ledger.bank_reservations.put(BankReservationRow(e.reservation, e.bank, e.product, e.reserved_day, e.last_day))


def reservation_declined(ledger: Ledger, at: At, e: p.ReservationDeclined) -> None:
    ledger.bank_reservations.change(e.reservation).declined = True


def payment_delivered(ledger: Ledger, at: At, e: p.PaymentDelivered) -> None:
    """Perhaps after it was an exception: what stood against it then stays written."""
    key = (e.bank, e.payment_reference)
    if ledger.bank_records.find(key) is None:
        ledger.bank_records.put(BankRecordRow(*key, e.reservation, "delivered", e.digest))
    else:
        ledger.bank_records.change(key).outcome = "delivered"


def bank_exception(ledger: Ledger, at: At, e: p.BankException) -> None:
    reference, reservation, digest, currency, reason = map(
        _bytes, (e.payment_reference, e.reservation, e.digest, e.currency, e.reason)
    )
    lines = orjson.dumps([{**line, "amount": str(line["amount"])} for line in e.lines]).decode()
    ledger.bank_records.put(
        BankRecordRow(
            e.bank, reference, reservation, "exception", digest, currency, e.value_day, lines=lines, reason=reason
        )
    )


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text[2:])


# -- BankSaleDesk


def sale_reserved(ledger: Ledger, at: At, e: p.SaleReserved) -> None:
    sale = e.sale
    ledger.bank_sales.put(
        BankSaleRow(
            reservation=e.reservation,
            note=sale.note,
            seller=sale.seller,
            financier=sale.financier,
            amount=sale.amount,
            rate_bps=sale.rate_bps,
            recourse=sale.recourse,
            price=sale.price,
            registry_reference=sale.registry_reference,
            quote_nonce=word(sale.quote_nonce),
        )
    )


def sale_delivered(ledger: Ledger, at: At, e: p.SaleDelivered) -> None:
    """The quote was counted when the sale was reserved."""
    sale = ledger.bank_sales.change(e.reservation)
    sale.state = "delivered"
    if sale.recourse and e.child:
        ledger.sales.change(e.child).quote_nonce = sale.quote_nonce
    terms: dict[str, Any] = {
        "kind": "finance",
        "child": e.child or None,
        "payer": sale.financier,
        "payee": sale.seller,
        "amount": sale.price,
        "principal": sale.amount,
        "interest": 0,
        "discount": sale.amount - sale.price,
        "rate_bps": sale.rate_bps,
        "recourse": sale.recourse,
        "registry_reference": sale.registry_reference if any(sale.registry_reference) else None,
        "quote_nonce": sale.quote_nonce,
    }
    currency = _add_leg(ledger, at, e.reservation, e.note, e.payment_reference, terms)
    ledger.total_in(currency, "financed", sale.amount)
    ledger.total_in(currency, "cash_paid", sale.price)


def sale_released(ledger: Ledger, at: At, e: p.SaleReleased) -> None:
    ledger.bank_sales.change(e.reservation).state = "released"


# -- BankRepaymentDesk


def note_reserved(ledger: Ledger, at: At, e: p.NoteReserved) -> None:
    ledger.bank_repayments.put(BankRepaymentRow(e.reservation, e.note, e.payee, e.principal))


def round_reserved(ledger: Ledger, at: At, e: p.RoundReserved) -> None:
    ledger.bank_rounds.put(BankRoundRow(e.receivable, e.reservation, e.round))


def paid_by_bank(ledger: Ledger, at: At, e: p.PaidByBank) -> None:
    """Nothing is paid of a share below one unit. CascadeError("PaymentUnexplained") when no repayment of the note came
    before it in its transaction."""
    _answered(ledger, e.reservation, e.note, "paid")
    if e.amount == 0:
        return
    unpaid: Unpaid | None = at.pending.pop(e.note, None)
    if unpaid is None or unpaid.amount != e.amount:
        raise CascadeError("PaymentUnexplained", note=e.note, amount=e.amount, block=at.place.block, log=at.place.log)
    terms: dict[str, Any] = {
        "kind": "repayment",
        "child": None,
        "payer": ledger.receivables.get(ledger.notes.get(e.note).receivable).debtor,
        "payee": e.payee,
        "amount": e.amount,
        "principal": unpaid.principal,
        "interest": unpaid.interest,
        "discount": 0,
        "rate_bps": None,
        "recourse": None,
        "registry_reference": None,
    }
    _add_leg(ledger, at, e.reservation, e.note, e.payment_reference, terms)


def payee_not_paid(ledger: Ledger, at: At, e: p.PayeeNotPaid) -> None:
    """NoteRestored, which follows, puts the value back; of a frozen note none was taken."""
    _answered(ledger, e.reservation, e.note, "refused")


def note_released(ledger: Ledger, at: At, e: p.NoteReleased) -> None:
    _answered(ledger, e.reservation, e.note, "released")
    ledger.bank_repayments.change((e.reservation, e.note)).rests_until = e.rests_until


def _answered(ledger: Ledger, reservation: bytes, note: int, state: str) -> None:
    """Shares of a round wait under no reservation of their own."""
    key = (reservation, note)
    if ledger.bank_repayments.find(key) is not None:
        ledger.bank_repayments.change(key).state = state


def _add_leg(ledger: Ledger, at: At, reservation: bytes, note: int, reference: bytes, terms: dict[str, Any]) -> int:
    """Cash in a bank's books, which has no accounts on the chain. Returns the currency's number."""
    row = ledger.notes.get(note)
    currency = ledger.receivables.get(row.receivable).currency
    ledger.add_leg(
        CashLegRow(
            block=at.place.block,
            log=at.place.log,
            note=note,
            receivable=row.receivable,
            root_id=row.root_id,
            payer_account=None,
            payee_account=None,
            token=ledger.currencies.get(currency).token,
            tx=at.place.tx,
            time=at.place.time,
            bank=ledger.bank_reservations.get(reservation).bank,
            payment_reference=reference,
            **terms,
        )
    )
    return currency


BANK_ENTRIES = (
    Entry(p.Reserved, reserved),
    Entry(p.ReservationDeclined, reservation_declined),
    Entry(p.PaymentDelivered, payment_delivered),
    Entry(p.BankException, bank_exception),
)
SALE_ENTRIES = (
    Entry(p.SaleReserved, sale_reserved, its_note),
    Entry(p.SaleDelivered, sale_delivered, its_note),
    Entry(p.SaleReleased, sale_released, its_note),
)
REPAYMENT_ENTRIES = (
    Entry(p.NoteReserved, note_reserved, its_note),
    Entry(p.RoundReserved, round_reserved, its_receivable),
    Entry(p.PaidByBank, paid_by_bank, its_note),
    Entry(p.PayeeNotPaid, payee_not_paid, its_note),
    Entry(p.NoteReleased, note_released, its_note),
)
