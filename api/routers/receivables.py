"""Receivables: confirming imported invoices, reading them, following their money, declaring them overdue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.domain.errors import CascadeError
from api.domain.records import ImportedItem
from api.errors import told
from api.exports import ledger as exports
from api.exports.formats import DATA
from api.routers import acts as tell
from api.routers.answers import (
    Json,
    answered,
    json_answer,
    operations_answer,
    ready_answer,
    written,
    written_out,
)
from api.routers.deps import Cursor, DebtTerms, Desk, Limit, ReceivablePath, Seeing, Wanting, Writing
from api.routers.documented import in_forms, reading, writing
from api.schemas import acts as bodies
from api.schemas import ledger, wire
from api.schemas.base import BATCH, LARGEST_ID, LARGEST_PARTY
from api.schemas.operations import Confirmation, Operations
from api.services.sight import SeenFundFlow

router = APIRouter(tags=["receivables"])


@router.get("/receivables", response_model=ledger.Page[ledger.Receivable], responses=reading("CursorInvalid"))
async def receivables(
    see: Seeing,
    terms: DebtTerms,
    debtor: Annotated[int | None, Query(ge=1, le=LARGEST_PARTY)] = None,
    status: ledger.ReceivableStatus | None = None,
    ids: Annotated[
        list[Annotated[int, Query(ge=1, le=LARGEST_ID)]] | None,
        Query(alias="id", max_length=BATCH, description="Of these alone."),
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Confirmed debts, by id: those that the asker has to do with."""
    page = await see.receivables(
        debtor=debtor, status=status, terms=terms, cursor=cursor, limit=limit, ids=sorted(set(ids or ()))
    )
    return json_answer(wire.page(page, wire.seen_receivable))


@router.get("/receivables/{id}", response_model=ledger.Receivable, responses=reading("UnknownReceivable"))
async def receivable(see: Seeing, receivable_id: ReceivablePath) -> Response:
    """One receivable."""
    return json_answer(wire.seen_receivable(await see.receivable(receivable_id)))


@router.get("/receivables/{id}/fund-flow", response_model=ledger.FundFlow, **in_forms("UnknownReceivable"))
async def fund_flow(desk: Desk, see: Seeing, receivable_id: ReceivablePath, want: Wanting) -> Response:
    """Every cash leg of a receivable that the asker has to do with, oldest first, and the sums between parties."""
    if want.form in DATA:
        write = desk.remembered.fund_flow
        made = write(see, receivable_id, want.form, lambda seen: written_out(_fund_flow(seen), want.form))
        return ready_answer(await made, want.form)
    return await answered(want, _fund_flow(await see.fund_flow(receivable_id)), exports.fund_flow)


def _fund_flow(seen: SeenFundFlow) -> Json:
    return wire.fund_flow(seen.receivable, seen.flow)


@router.get(
    "/receivables/{id}/claims", response_model=ledger.Page[ledger.Claim], responses=reading("UnknownReceivable")
)
async def claims(see: Seeing, receivable_id: ReceivablePath) -> Response:
    """Who took parts of a debt by sale or pledge, in the order of article 768 (登记在先、通知在先、按比例): each with its place
    among all, and why."""
    found = await see.claims(receivable_id)
    items = [wire.cut(wire.claim(c.view.claim, c.view.place), c) for c in found]
    return json_answer({"items": items, "next": None})


@router.post(
    "/receivables",
    response_model=Confirmation,
    responses=writing(
        Confirmation,
        *("UnknownItem", "UnknownParty", "ItemOfOtherBuyer", "AlreadyClaimed", "CurrencyWithoutToken"),
        *("OverInvoice", "InvoiceAmountDiffers"),
        *("SellerNotAdmitted", "DueDayPast", "TenorOverPolicy", "OverLine", "CreditorIsDebtor", "MissingRole"),
        *("PartyIsSuspended", "IdentityExpired", "DebtorOverdue", "NothingToConfirm", "NoRegistrar"),
    ),
)
async def confirm(desk: Desk, see: Seeing, write: Writing, body: bodies.ConfirmBody) -> Response:
    """A core enterprise confirms imported invoices as debts, under the registrar's attestation, many in a transaction.

    Each becomes a receivable, of all that credit notes left of its invoice or of a part, and a note offered to its
    supplier. An item that cannot be confirmed refuses the request (`evidence.item` says which), or is left out and told
    under `refused` with `skip_refused`.

    Where people sign in, confirming takes two of them, or does from an amount on that the company has set: the answer
    names the `approval` to be signed then, instead of operations.
    """
    if approval := await desk.approvals.known(write.request):
        refused = await tell.left_out(desk, body, desk.approvals.calls_of(approval))
        return written((), False, write, {"refused": _refusals(refused, write.language)}, approval)
    acts = desk.approvals.acts_of(see.principal)
    operations, refused = await tell.confirm(desk, see, acts, body, write.request)
    left_out = {"refused": _refusals(refused, write.language)}
    return await operations_answer(desk, write, operations, left_out, acts.approval)


@router.post(
    "/receivables/{id}/declare-overdue",
    response_model=Operations,
    responses=writing(Operations, "UnknownReceivable", "NotOverdue", "AlreadyDeclared"),
)
async def declare_overdue(
    desk: Desk, see: Seeing, write: Writing, receivable_id: ReceivablePath, body: bodies.PartyBody
) -> Response:
    """Anyone declares a receivable overdue once grace has passed; its debtor issues nothing new until it has paid."""
    see.acts_for(body.party)
    await see.names_receivables([receivable_id])
    operations = await desk.notes.declare_overdue(receivable_id, write.request, party=body.party)
    return await operations_answer(desk, write, operations)


def _refusals(refused: Sequence[tuple[ImportedItem, CascadeError]], language: str) -> list[Json]:
    return [{"item": item.id, **told(error.rule, error.evidence, language)} for item, error in refused]
