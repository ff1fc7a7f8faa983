"""PledgeDesk: loans that notes secure. What is pledged of a note is the notes' to tell."""

from __future__ import annotations

from api.domain.calendar import day_of_time
from api.domain.errors import CascadeError
from api.indexer import payloads as p
from api.indexer.entry import At, Entry, Unpaid, its_note, word
from api.store.ledger.rows import CashLegRow, LoanQuoteRow, LoanRow
from api.store.ledger.writer import Ledger

_ACCRUED_BYTES = 18


def pledge_made(ledger: Ledger, at: At, e: p.PledgeMade) -> None:
    """Replaces what is known of an earlier loan of the note."""
    ledger.loan_quotes.put(LoanQuoteRow(e.lender, word(e.nonce), cancelled=False))
    ledger.loans.put(
        LoanRow(
            note=e.note,
            lender=e.lender,
            holder=e.holder,
            lent=e.principal,
            principal=e.principal,
            cap=e.cap,
            rate_bps=e.rate_bps,
            accrued=bytes(_ACCRUED_BYTES),
            since=day_of_time(at.place.time),
            paid=0,
            payer_account=e.payer,
            payee_account=e.payee,
            token=e.token,
            registry_reference=e.registry_reference if any(e.registry_reference) else None,
            open=True,
            unpaid=0,
            quote_nonce=word(e.nonce),
            source=at.place,
        )
    )
    _add_leg(ledger, at, e, "loan", Unpaid(e.holder, e.principal, 0), e.lender)


def claim_paid(ledger: Ledger, at: At, e: p.ClaimPaid) -> None:
    """Its cash follows: as the first leg of the note's repayment, or as LoanRepaid."""
    loan = ledger.loans.change(e.note)
    loan.cap -= e.amount
    loan.paid += e.amount
    principal = loan.principal - e.principal
    loan.principal, loan.accrued = e.principal, e.accrued.to_bytes(_ACCRUED_BYTES, "big")
    loan.since = day_of_time(at.place.time)
    unpaid: Unpaid | None = at.pending.get(e.note)
    if unpaid is None:
        at.pending[e.note] = Unpaid(e.lender, principal, e.amount - principal)
    else:
        unpaid.lender, unpaid.first = e.lender, e.amount


def loan_repaid(ledger: Ledger, at: At, e: p.LoanRepaid) -> None:
    """CascadeError("PaymentUnexplained") when the claim did not fall by as much earlier in its transaction."""
    unpaid: Unpaid | None = at.pending.pop(e.note, None)
    if unpaid is None or unpaid.amount != e.amount:
        raise CascadeError("PaymentUnexplained", note=e.note, amount=e.amount, block=at.place.block, log=at.place.log)
    payer = ledger.accounts.find(e.payer)
    _add_leg(ledger, at, e, "loan_repayment", unpaid, payer.party if payer is not None and payer.rights else 0)


def _add_leg(ledger: Ledger, at: At, e: p.PledgeMade | p.LoanRepaid, kind: str, cash: Unpaid, payer: int) -> None:
    """Cash lent on a note, or paid back: no face value moves for it. Its principal and interest are the loan's."""
    note = ledger.notes.get(e.note)
    loan = e if isinstance(e, p.PledgeMade) else None
    ledger.add_leg(
        CashLegRow(
            block=at.place.block,
            log=at.place.log,
            kind=kind,
            note=e.note,
            child=None,
            receivable=note.receivable,
            root_id=note.root_id,
            payer=payer,
            payee=cash.payee,
            payer_account=e.payer,
            payee_account=e.payee,
            token=e.token,
            amount=cash.amount,
            principal=cash.principal,
            interest=cash.interest,
            discount=0,
            rate_bps=None if loan is None else loan.rate_bps,
            recourse=None,
            registry_reference=loan.registry_reference if loan is not None and any(loan.registry_reference) else None,
            tx=at.place.tx,
            time=at.place.time,
            quote_nonce=ledger.loans.get(e.note).quote_nonce,
        )
    )


def pledge_released(ledger: Ledger, at: At, e: p.PledgeReleased) -> None:
    loan = ledger.loans.change(e.note)
    loan.open, loan.unpaid = False, e.unpaid


def loan_quote_cancelled(ledger: Ledger, at: At, e: p.LoanQuoteCancelled) -> None:
    ledger.loan_quotes.put(LoanQuoteRow(e.lender, word(e.nonce), cancelled=True))


ENTRIES = (
    Entry(p.PledgeMade, pledge_made, its_note),
    Entry(p.ClaimPaid, claim_paid, its_note),
    Entry(p.LoanRepaid, loan_repaid, its_note),
    Entry(p.PledgeReleased, pledge_released, its_note),
    Entry(p.LoanQuoteCancelled, loan_quote_cancelled),
)
