"""FinancingDesk and RepaymentDesk: cash that moved for a note. Forwarder: its switch."""

from __future__ import annotations

from api.domain.errors import CascadeError
from api.indexer import payloads as p
from api.indexer.entry import At, Entry, its_note, its_receivable, word
from api.store.ledger.rows import CashLegRow, QuoteRow, RoundRow, SwitchRow
from api.store.ledger.writer import Ledger


def _quote(ledger: Ledger, financier: int, nonce: int) -> QuoteRow:
    key = (financier, word(nonce))
    if ledger.quotes.find(key) is None:
        ledger.quotes.put(QuoteRow(*key))
    return ledger.quotes.change(key)


def note_financed(ledger: Ledger, at: At, e: p.NoteFinanced) -> None:
    """Child 0: the debtor's own quote, early payment; what it bought is extinguished."""
    note = ledger.notes.get(e.note)
    _quote(ledger, e.financier, e.nonce).taken += e.amount
    if e.recourse and e.child:
        ledger.sales.change(e.child).quote_nonce = word(e.nonce)
    ledger.add_leg(
        CashLegRow(
            block=at.place.block,
            log=at.place.log,
            kind="finance",
            note=e.note,
            child=e.child or None,
            receivable=note.receivable,
            root_id=note.root_id,
            payer=e.financier,
            payee=e.seller,
            payer_account=e.payer,
            payee_account=e.payee,
            token=e.token,
            amount=e.price,
            principal=e.amount,
            interest=0,
            discount=e.amount - e.price,
            rate_bps=e.rate_bps,
            recourse=e.recourse,
            registry_reference=e.registry_reference if any(e.registry_reference) else None,
            tx=at.place.tx,
            time=at.place.time,
            quote_nonce=word(e.nonce),
        )
    )
    currency = ledger.receivables.get(note.receivable).currency
    ledger.total_in(currency, "financed", e.amount)
    ledger.total_in(currency, "cash_paid", e.price)


def quote_cancelled(ledger: Ledger, at: At, e: p.QuoteCancelled) -> None:
    _quote(ledger, e.financier, e.nonce).cancelled = True


def quote_agreed(ledger: Ledger, at: At, e: p.QuoteAgreed) -> None:
    """Counted as taken while a bank carries the cash; SaleDelivered counts nothing more."""
    _quote(ledger, e.financier, e.nonce).taken += e.amount


def quote_given_back(ledger: Ledger, at: At, e: p.QuoteGivenBack) -> None:
    _quote(ledger, e.financier, e.nonce).taken -= e.amount


def paid(ledger: Ledger, at: At, e: p.Paid) -> None:
    """One leg, of a pledged note the lender's before the holder's. CascadeError("PaymentUnexplained") when it is not one
    of a repayment of the note earlier in its transaction."""
    unpaid = at.pending.get(e.note)
    lender = 0 if unpaid is None else unpaid.lender
    leg = unpaid.leg() if unpaid is not None else None
    if unpaid is None or leg is None or leg.amount != e.amount:
        raise CascadeError("PaymentUnexplained", note=e.note, amount=e.amount, block=at.place.block, log=at.place.log)
    if unpaid.amount == 0:
        del at.pending[e.note]
    note, payer = ledger.notes.get(e.note), ledger.accounts.find(e.payer)
    ledger.add_leg(
        CashLegRow(
            block=at.place.block,
            log=at.place.log,
            kind="repayment",
            note=e.note,
            child=None,
            receivable=note.receivable,
            root_id=note.root_id,
            payer=payer.party if payer is not None and payer.rights else 0,
            payee=leg.payee,
            payer_account=e.payer,
            payee_account=e.payee,
            token=e.token,
            amount=e.amount,
            principal=leg.principal,
            interest=leg.interest,
            discount=0,
            rate_bps=None,
            recourse=None,
            registry_reference=None,
            tx=at.place.tx,
            time=at.place.time,
            quote_nonce=ledger.loans.get(e.note).quote_nonce if lender else None,
        )
    )


def round_opened(ledger: Ledger, at: At, e: p.RoundOpened) -> None:
    """Also a round that is taken up again: what was counted stays."""
    known = ledger.rounds.find(e.receivable)
    counted = known.counted if known is not None and known.number == e.round else 0
    ledger.rounds.put(RoundRow(e.receivable, e.round, e.total, e.base, counted, e.last_day))


def round_counted(ledger: Ledger, at: At, e: p.RoundCounted) -> None:
    ledger.rounds.change(e.receivable).counted = e.counted


def round_closed(ledger: Ledger, at: At, e: p.RoundClosed) -> None:
    row = ledger.rounds.change(e.receivable)
    row.open, row.finished = False, e.finished


def switched_off(ledger: Ledger, at: At, e: p.SwitchedOff) -> None:
    ledger.switches.put(SwitchRow("forwarder_off", e.off))


FINANCING_ENTRIES = (
    Entry(p.NoteFinanced, note_financed, its_note),
    Entry(p.QuoteCancelled, quote_cancelled),
    Entry(p.QuoteAgreed, quote_agreed),
    Entry(p.QuoteGivenBack, quote_given_back),
)
REPAYMENT_ENTRIES = (
    Entry(p.Paid, paid, its_note),
    Entry(p.RoundOpened, round_opened, its_receivable),
    Entry(p.RoundCounted, round_counted, its_receivable),
    Entry(p.RoundClosed, round_closed, its_receivable),
)
FORWARDER_ENTRIES = (Entry(p.SwitchedOff, switched_off),)
