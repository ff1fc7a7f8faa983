"""From a request's body to the service that performs it: once for acts signed here and for acts signed outside. What an
act names must be seen by whoever asks for it, before a contract's refusal tells anything of it."""

from __future__ import annotations

from collections.abc import Sequence

from api.domain.calendar import day_of_date
from api.domain.currencies import bank_code, by_code
from api.domain.errors import CascadeError, InvalidInput, RuleBroken
from api.domain.operations import Call, Contract, Operation
from api.domain.records import ImportedItem
from api.domain.views import CurrencyView
from api.routers.deps import Services
from api.schemas import acts as bodies
from api.schemas import approvals as asked
from api.schemas.network import CancelBody, ExecuteBody, OrderBody, ReassignBody
from api.schemas.recourse import HonourBody
from api.services.accounts import Word
from api.services.acts import ACT, ADMINISTER, QUOTE, SETTLE, Acts, Request
from api.services.financing import Take
from api.services.notes import Portion, Split
from api.services.repayment import UNLIMITED
from api.services.sight import Sight

RIGHTS = {"act": ACT, "quote": QUOTE, "administer": ADMINISTER}
ANY_RIGHT = ACT | QUOTE | ADMINISTER | SETTLE
DESKS = {"financing": Contract.FINANCING, "repayment": Contract.REPAYMENT, "recourse": Contract.RECOURSE}


async def currency(desk: Services, code: str) -> CurrencyView:
    """The currency of a code. RuleBroken("CurrencyWithoutToken")."""
    view = by_code(await desk.ledger.model.currencies()).get(code)
    if view is None:
        raise RuleBroken("CurrencyWithoutToken", currency=code)
    return view


async def deposit_token(desk: Services, code: str) -> str:
    """The deposit token of a code. RuleBroken("CurrencyWithoutToken") also where banks alone carry it."""
    view = await currency(desk, code)
    if bank_code(view.token) is not None:
        raise RuleBroken("CurrencyWithoutToken", currency=code)
    return view.token


async def confirm(
    desk: Services, see: Sight, acts: Acts, body: bodies.ConfirmBody, request: Request | None
) -> tuple[Sequence[Operation], Sequence[tuple[ImportedItem, CascadeError]]]:
    see.acts_for(body.party)
    issuance = desk.issuance.over(acts)
    parts = {part.item: part.amount for part in body.parts}
    ids = [*body.items, *parts]
    await see.names_items(ids)
    return await issuance.confirm_items(body.party, ids, request, parts=parts, skip_refused=body.skip_refused)


async def left_out(
    desk: Services, body: bodies.ConfirmBody, calls: Sequence[Call]
) -> Sequence[tuple[ImportedItem, CascadeError]]:
    """What a request that came before left out, of which these confirmations came."""
    parts = {part.item: part.amount for part in body.parts}
    items = await desk.issuance.items([*body.items, *parts])
    return await desk.issuance.left_out(body.party, items, calls, parts)


async def accept(
    desk: Services, see: Sight, acts: Acts, body: bodies.NotesBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    await see.names_notes(body.notes)
    return await desk.notes.over(acts).accept(body.party, body.notes, request)


async def refuse(
    desk: Services, see: Sight, acts: Acts, body: bodies.NotesBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    await see.names_notes(body.notes)
    return await desk.notes.over(acts).refuse(body.party, body.notes, request)


async def withdraw(
    desk: Services, see: Sight, acts: Acts, body: bodies.NotesBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    await see.names_notes(body.notes)
    return await desk.notes.over(acts).withdraw(body.party, body.notes, request)


async def split(
    desk: Services, see: Sight, acts: Acts, body: bodies.SplitBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    await see.names_notes(s.note for s in body.splits)
    splits = [Split(s.note, [Portion(p.to, p.amount, p.trade_hash) for p in s.portions]) for s in body.splits]
    return await desk.notes.over(acts).split(body.party, splits, request)


async def consent(
    desk: Services, see: Sight, acts: Acts, body: bodies.ConsentBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    return await desk.notes.over(acts).consent(
        body.party,
        body.offeror,
        (await currency(desk, body.currency)).id,
        body.amount,
        day_of_date(body.latest_due_date),
        day_of_date(body.expiry_date),
        request,
    )


async def finance(
    desk: Services, see: Sight, acts: Acts, body: bodies.FinanceBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    await see.names_quotes(deal.quote for deal in body.deals)
    takes = [Take(deal.quote, deal.amount, deal.min_price) for deal in body.deals]
    return await desk.financing.over(acts).take(body.party, takes, request)


async def notify(
    desk: Services, see: Sight, acts: Acts, body: bodies.NotesBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    await see.names_notes(body.notes)
    return await desk.registrations.over(acts).notify(body.party, body.notes, request)


async def repay(
    desk: Services, see: Sight, acts: Acts, body: bodies.RepayBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    if body.notes is not None:
        await see.names_notes(body.notes, paying=True)
    if body.receivables is not None:
        await see.names_receivables(body.receivables, paying=True)
    repayment = desk.repayment.over(acts)
    if request is not None and (known := await acts.known(request)):
        return known
    if body.notes is not None:
        notes: Sequence[int] = body.notes
    elif body.receivables is not None:
        notes = await repayment.notes_of(body.receivables)
    else:
        assert body.due_until is not None
        notes = await repayment.notes_due(body.party, day_of_date(body.due_until))
    return await repayment.repay(body.party, notes, request, max_total=body.max_total)


async def approve(
    desk: Services, see: Sight, acts: Acts, body: bodies.ApprovalBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    token = await deposit_token(desk, body.currency)
    amount = UNLIMITED if body.amount is None else body.amount
    return await desk.deposits.over(acts).approve(body.party, token, DESKS[body.desk], amount, request)


async def demand(
    desk: Services, see: Sight, acts: Acts, body: bodies.NotesBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    await see.names_notes(body.notes)
    return await desk.recourse.over(acts).demand(body.party, body.notes, request)


async def honour(
    desk: Services, see: Sight, acts: Acts, body: HonourBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    await see.names_notes([body.note])
    return await desk.recourse.over(acts).honour(body.party, body.note, request, max_total=body.max_total)


async def freeze(
    desk: Services, see: Sight, acts: Acts, body: OrderBody, request: Request | None
) -> Sequence[Operation]:
    """An order names notes that the arbiter may not have seen; who is none is refused before anything is told of them."""
    see.acts_for(body.party)
    return await desk.orders.over(acts).freeze(body.party, body.notes, body.order_hash, request)


async def release(
    desk: Services, see: Sight, acts: Acts, body: OrderBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    return await desk.orders.over(acts).release(body.party, body.notes, body.order_hash, request)


async def reassign(
    desk: Services, see: Sight, acts: Acts, body: ReassignBody, request: Request | None
) -> Sequence[Operation]:
    """As `freeze`: the arbiter may not have seen the note."""
    see.acts_for(body.party)
    orders = desk.orders.over(acts)
    return await orders.reassign(body.party, body.note, body.to, body.amount, body.order_hash, request)


async def execute_reassignment(
    desk: Services, see: Sight, acts: Acts, body: ExecuteBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    if request is not None and (known := await acts.known(request)):
        return known
    await see.names_reassignment(body.reassignment)
    return await desk.orders.over(acts).execute(body.party, body.reassignment, request)


async def cancel_reassignment(
    desk: Services, see: Sight, acts: Acts, body: CancelBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    if request is not None and (known := await acts.known(request)):
        return known
    await see.names_reassignment(body.reassignment)
    return await desk.orders.over(acts).cancel(body.party, body.reassignment, body.order_hash, request)


async def add_account(
    desk: Services, see: Sight, acts: Acts, body: asked.AddAccountBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    return await desk.accounts.over(acts).add(body.party, _word(body), _rights(body.rights), request)


async def set_rights(
    desk: Services, see: Sight, acts: Acts, body: asked.RightsBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    rights = _rights(body.rights)
    return await desk.accounts.over(acts).set_rights(body.party, body.account, rights, body.evidence_hash, request)


async def change_settlement(
    desk: Services, see: Sight, acts: Acts, body: asked.SettlementBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    return await desk.accounts.over(acts).change_settlement(body.party, _word(body), request)


async def veto_recovery(
    desk: Services, see: Sight, acts: Acts, body: bodies.PartyBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    return await desk.accounts.over(acts).veto_recovery(body.party, request)


async def veto_settlement(
    desk: Services, see: Sight, acts: Acts, body: bodies.PartyBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    return await desk.accounts.over(acts).veto_settlement(body.party, request)


async def finish_settlement(
    desk: Services, see: Sight, acts: Acts, body: bodies.PartyBody, request: Request | None
) -> Sequence[Operation]:
    see.acts_for(body.party)
    return await desk.accounts.over(acts).finish_settlement(body.party, request)


async def approved(
    desk: Services, see: Sight, acts: Acts, body: asked.ApprovedBody, request: Request | None
) -> Sequence[Operation]:
    """What two people approved, for the account that signs it outside."""
    see.acts_for(body.party)

    async def build() -> Sequence[Call]:
        calls = await desk.approvals.approved_calls(body.party, body.approval)
        for call in calls:
            if call.account != (account := await acts.account_of(body.party, ANY_RIGHT)):
                raise InvalidInput("SignedTransactionMismatch", field="account", expected=call.account, found=account)
        return calls

    return await acts.perform("approved", body.party, request, build)


def _word(body: asked.AddAccountBody | asked.SettlementBody) -> Word:
    return Word(body.account, body.evidence_hash, body.deadline, body.signature)


def _rights(names: Sequence[str]) -> int:
    return sum({RIGHTS[name] for name in names})
