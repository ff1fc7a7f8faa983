"""How a buyer's cash is released: by what it allowed before, by a permit, or by an authorization of just one payment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from tests.reference.refusals import Judge
from tests.reference.tokens import Token


class FundingKind(IntEnum):
    """In the contract's order."""

    ALLOWANCE = 0
    PERMIT = 1
    AUTHORIZATION = 2


@dataclass(frozen=True)
class Funding:
    """``valid``: the signature is the payer's, for just these terms, token, chain and desk (and, of an authorization, for
    just this deal). ``permit_nonce``: the owner's nonce that a permit was signed with."""

    kind: FundingKind = FundingKind.ALLOWANCE
    value: int = 0
    deadline: int = 0
    permit_nonce: int = 0
    valid: bool = True


@dataclass(frozen=True)
class Leg:
    """One payment of a desk's. ``purpose`` is what an authorization is signed for: any value that tells deals apart."""

    desk: str
    payer: str
    payee: str
    amount: int
    purpose: object = None


def pay(judge: Judge, now: int, token: Token, leg: Leg, funding: Funding) -> None:
    """Moves the cash."""
    if funding.kind == FundingKind.AUTHORIZATION:
        _pay_authorized(judge, now, token, leg, funding)
        return
    if funding.kind == FundingKind.PERMIT:
        permit(now, token, leg.payer, leg.desk, funding)
    token.transfer_from(judge, leg.desk, leg.payer, leg.payee, leg.amount)


def permit(now: int, token: Token, owner: str, desk: str, funding: Funding) -> bool:
    """Sets the allowance if the permit counts. One that does not changes nothing: the allowance decides."""
    counts = funding.valid and now <= funding.deadline and token.permits[owner] == funding.permit_nonce
    if counts:
        token.permits[owner] += 1
        token.allowances[owner, desk] = funding.value
    return counts


def _pay_authorized(judge: Judge, now: int, token: Token, leg: Leg, funding: Funding) -> None:
    judge.require(funding.value == leg.amount, "FundingNotExact", funding.value, leg.amount)
    judge.require(now < funding.deadline, "AuthorizationExpired", funding.deadline)
    judge.require((leg.payer, leg.purpose) not in token.spent, "AuthorizationSpent", leg.payer, ...)
    judge.require(funding.valid, "AuthorizationInvalid", leg.payer, ...)
    token.spent.add((leg.payer, leg.purpose))
    held = token.balances[leg.payer]
    judge.require(leg.amount <= held, "ERC20InsufficientBalance", leg.payer, held, leg.amount)
    for account in (leg.payer, leg.payee):
        judge.require(account not in token.blocked, "AccountBlocked", account)
    token.balances[leg.payer] -= leg.amount
    token.balances[leg.payee] += leg.amount
