"""Repayment at maturity, and the test money and allowances that it is paid with."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.config import LOCAL_CHAIN_IDS
from api.domain.errors import InvalidInput
from api.routers import acts as tell
from api.routers.answers import operations_answer, two_person_answer
from api.routers.deps import Desk, Seeing, Writing
from api.routers.documented import writing
from api.schemas import acts
from api.schemas.operations import Operations

router = APIRouter(tags=["repayment"])


@router.post(
    "/repayments",
    response_model=Operations,
    responses=writing(
        Operations,
        *("UnknownParty", "UnknownNote", "UnknownReceivable", "NotDue", "TotalExceeded", "MissingRight"),
    ),
)
async def repay(desk: Desk, see: Seeing, write: Writing, body: acts.RepayBody) -> Response:
    """The debtor, or anyone for it, pays every holder directly (兑付): face value, and overdue interest if late.

    Where people sign in, paying takes two of them, or does from an amount on that the company has set: the answer names
    the `approval` to be signed then, instead of operations.
    """
    return await two_person_answer(
        desk, see.principal, write, lambda acts: tell.repay(desk, see, acts, body, write.request)
    )


@router.post(
    "/deposits",
    response_model=Operations,
    responses=writing(Operations, "UnknownParty", "CurrencyWithoutToken", "TestMoneyOnPublicChain"),
)
async def deposit(desk: Desk, see: Seeing, write: Writing, body: acts.DepositBody) -> Response:
    """Issues test money to a party's settlement account; on local chains alone."""
    see.acts_for(body.party)
    if desk.chain.chain_id not in LOCAL_CHAIN_IDS:
        raise InvalidInput("TestMoneyOnPublicChain", chain_id=desk.chain.chain_id)
    account = (await desk.ledger.party(body.to)).settlement_account
    token = await tell.deposit_token(desk, body.currency)
    return await operations_answer(desk, write, await desk.deposits.issue(token, account, body.amount, write.request))


@router.post(
    "/deposits/approvals",
    response_model=Operations,
    responses=writing(Operations, "UnknownParty", "CurrencyWithoutToken"),
)
async def approve(desk: Desk, see: Seeing, write: Writing, body: acts.ApprovalBody) -> Response:
    """A party lets a desk draw on its settlement account: financiers the financing desk, debtors the repayment desk. Where
    people sign in it is a payment, and takes two of them as any other."""
    return await two_person_answer(
        desk, see.principal, write, lambda acts: tell.approve(desk, see, acts, body, write.request)
    )
