"""FinancingDesk and RecourseDesk: sales whose seller answers for the debtor, demands, and the payments that end them."""

from __future__ import annotations

from dataclasses import replace

from api.indexer import payloads as p
from api.indexer.entry import At, Entry, its_note
from api.store.ledger.rows import CashLegRow, SaleRow
from api.store.ledger.writer import Ledger


def sale_recorded(ledger: Ledger, at: At, e: p.SaleRecorded) -> None:
    ledger.sales.put(SaleRow(e.note, e.note, *e.sale))


def sale_carried(ledger: Ledger, at: At, e: p.SaleCarried) -> None:
    """The note came back to the party that had bought `origin`."""
    ledger.sales.put(replace(ledger.sales.get(e.origin), note=e.note, demand_day=0))


def recourse_demanded(ledger: Ledger, at: At, e: p.RecourseDemanded) -> None:
    ledger.sales.change(e.note).demand_day = e.day


def recourse_honoured(ledger: Ledger, at: At, e: p.RecourseHonoured) -> None:
    """The note it brought back came before it; its face is what was paid for, at more or less than that."""
    sale = ledger.sales.change(e.note)
    sale.demand_day = 0
    note, child = ledger.notes.get(e.note), ledger.notes.get(e.child)
    ledger.add_leg(
        CashLegRow(
            block=at.place.block,
            log=at.place.log,
            kind="recourse",
            note=e.note,
            child=e.child,
            receivable=note.receivable,
            root_id=note.root_id,
            payer=e.seller,
            payee=note.holder,
            payer_account=e.payer,
            payee_account=e.payee,
            token=e.token,
            amount=e.amount,
            principal=child.face,
            interest=max(0, e.amount - child.face),
            discount=max(0, child.face - e.amount),
            rate_bps=None,
            recourse=True,
            registry_reference=None,
            tx=at.place.tx,
            time=at.place.time,
            quote_nonce=sale.quote_nonce,
        )
    )


SALE_ENTRIES = (
    Entry(p.SaleRecorded, sale_recorded, its_note),
    Entry(p.SaleCarried, sale_carried, its_note),
)
RECOURSE_ENTRIES = (
    Entry(p.RecourseDemanded, recourse_demanded, its_note),
    Entry(p.RecourseHonoured, recourse_honoured, its_note),
)
