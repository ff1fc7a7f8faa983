"""Cash released by signatures: permits that cap, authorizations of just one deal. Each rule tried alone."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from eth_utils import keccak

from tests.contracts import signing
from tests.contracts.chain import key_of
from tests.contracts.constants import CASH, FACE, MINIMUM, ZERO_HASH
from tests.contracts.twin import Actor, Twin
from tests.contracts.twin_funding import BY_ALLOWANCE, HOUR, Signed
from tests.reference.arithmetic import start_of
from tests.reference.financing import Deal, Quote
from tests.reference.funding import permit
from tests.reference.refusals import Refused

STRAY = 17


@pytest.fixture(autouse=True)
def no_standing_allowance(twin: Twin, core: Actor, financier: Actor, financier2: Actor) -> None:
    for buyer in (core, financier, financier2):
        for currency in (1, 2):
            twin.approve(buyer.cash, currency, "FinancingDesk", 0)


def allowed(twin: Twin, owner: Actor) -> int:
    desk = twin.deployment["FinancingDesk"].address
    allowance: int = twin.deployment["DepositToken"].call("allowance", owner.cash.address, desk)
    return allowance


def send_permit(twin: Twin, sender: LocalAccount, quote: Quote, signed: Signed) -> None:
    """Anybody sends a permit to the token."""
    token, desk = twin.deployment["DepositToken"], twin.deployment["FinancingDesk"].address
    terms = (quote.payer, desk, signed.funding.value, signed.funding.deadline)
    r, s, v = signed.signature[:32], signed.signature[32:64], signed.signature[64]
    token.do(sender, "permit", *terms, v, r, s)
    assert permit(twin.chain.now, twin.model.world.tokens[token.address], quote.payer, desk, signed.funding)


# -- permits


def test_a_permit_pays_and_leaves_no_more_than_its_cap(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    quote = twin.quote(financier, held)
    price = twin.price_of(quote, FACE)
    twin.finance_funded(tier1.key, (Deal(quote, FACE), twin.permit(quote, price + 5)))
    assert allowed(twin, financier) == 5
    assert twin.deployment["DepositToken"].call("nonces", financier.cash.address) == 1


def test_a_permit_of_a_unit_too_little_pays_nothing(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    quote = twin.quote(financier, held)
    price, desk = twin.price_of(quote, FACE), twin.deployment["FinancingDesk"].address
    with twin.refused("ERC20InsufficientAllowance", desk, price - 1, price):
        twin.finance_funded(tier1.key, (Deal(quote, FACE), twin.permit(quote, price - 1)))
    assert twin.deployment["DepositToken"].call("nonces", financier.cash.address) == 0


def test_one_permit_pays_for_parts_until_it_is_used_up(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    quote = twin.quote(financier, held)
    part = twin.price_of(quote, FACE // 2)
    whole = twin.permit(quote, 2 * part)
    twin.finance_funded(tier1.key, (Deal(quote, FACE // 2), whole))
    twin.finance_funded(tier1.key, (Deal(quote, FACE // 2), BY_ALLOWANCE))
    assert allowed(twin, financier) == 0


def test_a_permit_that_somebody_sent_before_is_tolerated(
    twin: Twin, held: int, tier1: Actor, financier: Actor, rando: Actor
) -> None:
    quote = twin.quote(financier, held)
    signed = twin.permit(quote, twin.price_of(quote, FACE))
    send_permit(twin, rando.key, quote, signed)
    twin.finance_funded(tier1.key, (Deal(quote, FACE), signed))
    assert allowed(twin, financier) == 0


def test_one_permit_beside_two_deals_counts_once(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    quote = twin.quote(financier, held)
    signed = twin.permit(quote, 2 * twin.price_of(quote, FACE // 2))
    twin.finance_funded(tier1.key, (Deal(quote, FACE // 2), signed), (Deal(quote, FACE // 2), signed))
    assert allowed(twin, financier) == 0


def test_two_permits_of_one_payer_in_one_batch(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    quote = twin.quote(financier, held)
    part = twin.price_of(quote, FACE // 2)
    first, second = twin.permit(quote, part), twin.permit(quote, part, after=1)
    twin.finance_funded(tier1.key, (Deal(quote, FACE // 2), first), (Deal(quote, FACE // 2), second))
    assert allowed(twin, financier) == 0


def test_a_permit_that_does_not_count_leaves_the_allowance_to_decide(
    twin: Twin, held: int, tier1: Actor, financier: Actor
) -> None:
    quote = twin.quote(financier, held)
    price = twin.price_of(quote, FACE)
    twin.approve(financier.cash, 1, "FinancingDesk", price + 3)
    late = twin.permit(quote, price, deadline=twin.chain.now - 1)
    twin.finance_funded(tier1.key, (Deal(quote, FACE), late))
    assert allowed(twin, financier) == 3


@pytest.mark.parametrize("spoil", ["key", "value", "deadline", "chain", "token", "high s", "empty", "short", "long"])
def test_a_spoiled_permit_is_nobodys(twin: Twin, held: int, tier1: Actor, financier: Actor, spoil: str) -> None:
    quote = twin.quote(financier, held)
    price, desk = twin.price_of(quote, FACE), twin.deployment["FinancingDesk"].address
    good = twin.permit(quote, price)
    spoiled = {
        "key": lambda: twin.permit(quote, price, key=key_of("thief")).spoiled(),
        "value": lambda: good.spoiled(value=price + 1),
        "deadline": lambda: good.spoiled(deadline=good.funding.deadline + 1),
        "chain": lambda: twin.permit(quote, price, chainId=1).spoiled(),
        "token": lambda: twin.permit(quote, price, verifyingContract=twin.token(2)).spoiled(),
        "high s": lambda: good.spoiled(signing.malleate(good.signature)),
        "empty": lambda: good.spoiled(b""),
        "short": lambda: good.spoiled(good.signature[:64]),
        "long": lambda: good.spoiled(good.signature + b"\x00"),
    }[spoil]()
    with twin.refused("ERC20InsufficientAllowance", desk, 0, price):
        twin.finance_funded(tier1.key, (Deal(quote, FACE), spoiled))


def test_a_permit_for_another_spender_is_none_for_the_desk(
    twin: Twin, held: int, tier1: Actor, financier: Actor
) -> None:
    quote, token = twin.quote(financier, held), twin.deployment["DepositToken"]
    price, desk = twin.price_of(quote, FACE), twin.deployment["FinancingDesk"].address
    message = {
        "owner": financier.cash.address,
        "spender": tier1.address,
        "value": price,
        "nonce": 0,
        "deadline": twin.chain.now + HOUR,
    }
    stolen = signing.sign(financier.cash, signing.typed(token, "Permit", message))
    with twin.refused("ERC20InsufficientAllowance", desk, 0, price):
        twin.finance_funded(tier1.key, (Deal(quote, FACE), twin.permit(quote, price).spoiled(stolen)))


# -- authorizations


def test_an_authorization_pays_just_its_deal(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    quote, token = twin.quote(financier, held), twin.deployment["DepositToken"]
    price = twin.price_of(quote, FACE)
    twin.finance_funded(tier1.key, (Deal(quote, FACE), twin.authorize(quote, FACE)))
    assert twin.last is not None
    desk, payer = twin.deployment["FinancingDesk"].address, financier.cash.address
    assert token.events(twin.last, "AuthorizationUsed") == [
        {"authorizer": payer, "nonce": twin.funding_nonce(quote, FACE)}
    ]
    assert token.events(twin.last, "Transfer") == [
        {"from": payer, "to": desk, "value": price},
        {"from": desk, "to": tier1.cash.address, "value": price},
    ]
    assert allowed(twin, financier) == 0


def test_the_nonce_is_of_the_quote_and_the_amount(twin: Twin, held: int, financier: Actor) -> None:
    quote, desk = twin.quote(financier, held), twin.deployment["FinancingDesk"]
    for amount in (1, FACE, 2**96 - 1):
        assert desk.call("fundingNonce", signing.quote_tuple(quote), amount) == twin.funding_nonce(quote, amount)


@pytest.mark.parametrize("off", [-1, 1])
def test_an_authorization_is_of_the_price_to_the_unit(
    twin: Twin, held: int, tier1: Actor, financier: Actor, off: int
) -> None:
    quote = twin.quote(financier, held)
    price = twin.price_of(quote, FACE)
    with twin.refused("FundingNotExact", price + off, price):
        twin.finance_funded(tier1.key, (Deal(quote, FACE), twin.authorize(quote, FACE, value=price + off)))


def test_an_authorization_is_of_the_price_of_its_day(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    tomorrow = start_of(twin.today + 1)
    quote = twin.quote(financier, held, valid_until=tomorrow + HOUR)
    today, signed = twin.price_of(quote, FACE), twin.authorize(quote, FACE, before=tomorrow + HOUR)
    twin.move_to(tomorrow)
    with twin.refused("FundingNotExact", today, twin.price_of(quote, FACE)):
        twin.finance_funded(tier1.key, (Deal(quote, FACE), signed))


@pytest.mark.parametrize("other", ["amount", "quote", "note"])
def test_an_authorization_of_one_deal_funds_no_other(
    twin: Twin, held: int, core: Actor, tier1: Actor, financier: Actor, other: str
) -> None:
    """The other deal costs as much: only what was signed tells them apart."""
    quote = twin.quote(financier, held, rate_bps=0)
    twin.confirm(core.key, [twin.item(tier1.party, FACE, 90)])
    twin.accept(tier1.key, 2)
    payer = financier.cash.address
    signed = twin.authorize(quote, FACE - MINIMUM if other == "amount" else FACE, value=FACE).spoiled()
    taken = {
        "amount": quote,
        "quote": twin.quote(financier, held, rate_bps=0),
        "note": twin.quote(financier, 2, rate_bps=0),
    }[other]
    with twin.refused("AuthorizationInvalid", payer, ...):
        twin.finance_funded(tier1.key, (Deal(taken, FACE), signed))


def test_an_authorization_pays_once(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    quote = twin.quote(financier, held)
    signed = twin.authorize(quote, FACE // 2)
    twin.finance_funded(tier1.key, (Deal(quote, FACE // 2), signed))
    with twin.refused("AuthorizationSpent", financier.cash.address, twin.funding_nonce(quote, FACE // 2)):
        twin.finance_funded(tier1.key, (Deal(quote, FACE // 2), signed))


def test_a_cancelled_authorization_pays_nothing(
    twin: Twin, held: int, tier1: Actor, financier: Actor, rando: Actor
) -> None:
    quote, token = twin.quote(financier, held), twin.deployment["DepositToken"]
    signed, nonce = twin.authorize(quote, FACE), twin.funding_nonce(quote, FACE)
    payer = financier.cash.address
    message = {"authorizer": payer, "nonce": nonce}
    word = signing.sign(financier.cash, signing.typed(token, "CancelAuthorization", message))
    token.do(rando.key, "cancelAuthorization(address,bytes32,bytes)", payer, nonce, word)
    twin.model.world.tokens[token.address].spent.add((payer, (quote, FACE)))
    with twin.refused("AuthorizationSpent", payer, nonce):
        twin.finance_funded(tier1.key, (Deal(quote, FACE), signed))


SPOILS = ("key", "validAfter", "from", "to", "nonce", "chain", "token", "high s", "empty", "short", "long", "transfer")


@pytest.mark.parametrize("spoil", SPOILS)
def test_a_spoiled_authorization_is_nobodys(
    twin: Twin, held: int, tier1: Actor, financier: Actor, financier2: Actor, spoil: str
) -> None:
    quote = twin.quote(financier, held)
    good = twin.authorize(quote, FACE)
    changed: dict[str, dict[str, Any]] = {
        "validAfter": {"validAfter": 1},
        "from": {"from": financier2.cash.address},
        "to": {"to": tier1.cash.address},
        "nonce": {"nonce": keccak(text="another")},
    }
    if spoil in changed:
        spoiled = twin.authorize(quote, FACE, changes=changed[spoil]).spoiled()
    else:
        spoiled = {
            "key": lambda: twin.authorize(quote, FACE, key=key_of("thief")).spoiled(),
            "chain": lambda: twin.authorize(quote, FACE, chainId=1).spoiled(),
            "token": lambda: twin.authorize(quote, FACE, verifyingContract=twin.token(2)).spoiled(),
            "high s": lambda: good.spoiled(signing.malleate(good.signature)),
            "empty": lambda: good.spoiled(b""),
            "short": lambda: good.spoiled(good.signature[:64]),
            "long": lambda: good.spoiled(good.signature + b"\x00"),
            "transfer": lambda: twin.authorize(quote, FACE, kind="TransferWithAuthorization").spoiled(),
        }[spoil]()
    with twin.refused("AuthorizationInvalid", financier.cash.address, ...):
        twin.finance_funded(tier1.key, (Deal(quote, FACE), spoiled))


def test_an_authorization_whose_cash_is_not_there_pays_nothing(
    twin: Twin, held: int, tier1: Actor, financier: Actor
) -> None:
    quote = twin.quote(financier, held)
    price, desk = twin.price_of(quote, FACE), twin.deployment["FinancingDesk"]
    twin.approve(financier.cash, 1, "FinancingDesk", CASH)
    token = twin.deployment["DepositToken"]
    token.do(financier.cash, "burn", CASH - price + 1)
    twin.model.world.tokens[token.address].balances[financier.cash.address] = price - 1
    with twin.refused("ERC20InsufficientBalance", financier.cash.address, price - 1, price):
        twin.finance_funded(tier1.key, (Deal(quote, FACE), twin.authorize(quote, FACE)))
    assert desk.call("taken", financier.party, quote.nonce) == 0


def test_an_authorization_for_a_blocked_payee_moves_nothing(twin: Twin, core2: Actor, tier1: Actor) -> None:
    financier = twin.actors["financier"]
    twin.confirm(core2.key, [twin.item(tier1.party, FACE, 90)], currency=2)
    twin.accept(tier1.key, 1)
    quote = twin.quote(financier, 1)
    twin.set_blocked(tier1.cash.address, True)
    with twin.refused("AccountBlocked", tier1.cash.address):
        twin.finance_funded(tier1.key, (Deal(quote, FACE), twin.authorize(quote, FACE)))


def token_acts(signed: Signed, quote: Quote, to: str, nonce: bytes) -> tuple[Any, ...]:
    """The arguments of the token's own functions."""
    return (quote.payer, to, signed.funding.value, 0, signed.funding.deadline, nonce)


TERMS = "(address,address,uint256,uint256,uint256,bytes32"
FORMS = ("bytes)", "uint8,bytes32,bytes32)")


@pytest.mark.parametrize("form", FORMS)
def test_a_watcher_cannot_part_an_authorization_from_its_note(
    twin: Twin, held: int, tier1: Actor, financier: Actor, rando: Actor, form: str
) -> None:
    """Whoever reads the authorization in the mempool, the seller too, can do nothing with it outside the desk."""
    quote, token = twin.quote(financier, held), twin.deployment["DepositToken"]
    signed, desk = twin.authorize(quote, FACE), twin.deployment["FinancingDesk"].address
    terms = token_acts(signed, quote, desk, twin.funding_nonce(quote, FACE))
    r, s, v = signed.signature[:32], signed.signature[32:64], signed.signature[64]
    proof: tuple[Any, ...] = (signed.signature,) if form == "bytes)" else (v, r, s)
    for thief in (tier1.address, tier1.cash.address, rando.address, financier.cash.address):
        refusal = token.refusal(f"receiveWithAuthorization{TERMS},{form}", *terms, *proof, sender=thief)
        assert refusal == ("CallerNotPayee", (thief, desk))
        for to in (desk, thief):
            moved = (terms[0], to, *terms[2:])
            refusal = token.refusal(f"transferWithAuthorization{TERMS},{form}", *moved, *proof, sender=thief)
            assert refusal is not None
            assert refusal[0] == "AuthorizationInvalid"
    twin.finance_funded(tier1.key, (Deal(quote, FACE), signed))


# -- both


def test_every_kind_in_one_batch(
    twin: Twin, held: int, core: Actor, tier1: Actor, financier: Actor, financier2: Actor
) -> None:
    allowed_, permitted = twin.quote(financier, held), twin.quote(financier2, held)
    early = twin.quote(core, held, registry_reference=ZERO_HASH)
    twin.approve(financier.cash, 1, "FinancingDesk", CASH)
    children = twin.finance_funded(
        tier1.key,
        (Deal(allowed_, 10_000), BY_ALLOWANCE),
        (Deal(permitted, 20_000), twin.permit(permitted, 20_000)),
        (Deal(allowed_, 30_000), twin.authorize(allowed_, 30_000)),
        (Deal(early, 40_000), twin.authorize(early, 40_000)),
    )
    assert children == [2, 3, 4, 0]


def test_each_deal_has_its_funding(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    deal = Deal(twin.quote(financier, held), FACE)
    desk, row = twin.deployment["FinancingDesk"], (signing.quote_tuple(deal.quote), b"", FACE, 0)
    for deals, fundings in (([row], []), ([], [BY_ALLOWANCE.row]), ([row], [BY_ALLOWANCE.row] * 2)):
        refusal = desk.refusal("financeFunded", deals, fundings, sender=tier1.address)
        assert refusal == ("FundingsUnmatched", (len(deals), len(fundings)))
    with twin.refused("NoDeals"):
        twin.finance_funded(tier1.key)


@pytest.mark.parametrize("kind", ["allowance", "permit", "authorization"])
def test_no_registry_reference_no_payout_however_it_is_funded(
    twin: Twin, held: int, tier1: Actor, financier: Actor, kind: str
) -> None:
    quote = twin.quote(financier, held, registry_reference=ZERO_HASH)
    price = twin.price_of(quote, FACE)
    if kind == "allowance":
        twin.approve(financier.cash, 1, "FinancingDesk", price)
    signed = {
        "allowance": lambda: BY_ALLOWANCE,
        "permit": lambda: twin.permit(quote, price),
        "authorization": lambda: twin.authorize(quote, FACE),
    }[kind]()
    with twin.refused("RegistryReferenceMissing", held):
        twin.finance_funded(tier1.key, (Deal(quote, FACE), signed))


@pytest.mark.parametrize("kind", ["permit", "authorization"])
def test_a_refused_deal_spends_no_signature(twin: Twin, held: int, tier1: Actor, financier: Actor, kind: str) -> None:
    twin.approve(financier.cash, 1, "FinancingDesk", CASH)
    good, late = twin.quote(financier, held), twin.quote(financier, held, valid_until=twin.chain.now - 1)
    signed = twin.permit(good, CASH) if kind == "permit" else twin.authorize(good, 1_000)
    with twin.refused("QuoteExpired", late.valid_until):
        twin.finance_funded(tier1.key, (Deal(good, 1_000), signed), (Deal(late, 1_000), BY_ALLOWANCE))
    twin.finance_funded(tier1.key, (Deal(good, 1_000), signed))


@pytest.mark.parametrize("kind", ["permit", "authorization"])
def test_i_02_no_custody_of_funded_cash(twin: Twin, held: int, tier1: Actor, financier: Actor, kind: str) -> None:
    """Tokens that strayed to the desk are there afterwards, to the unit."""
    token, desk = twin.deployment["DepositToken"], twin.deployment["FinancingDesk"].address
    token.do(twin.deployment.officers["issuer"], "mint", desk, STRAY)
    quote = twin.quote(financier, held)
    price = twin.price_of(quote, FACE)
    signed = twin.permit(quote, price) if kind == "permit" else twin.authorize(quote, FACE)
    twin.comparing = False
    twin.finance_funded(tier1.key, (Deal(quote, FACE), signed))
    assert token.call("balanceOf", desk) == STRAY
    assert token.call("balanceOf", tier1.cash.address) == price


def test_a_suspended_buyer_funds_nothing(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    quote = twin.quote(financier, held)
    signed = twin.authorize(quote, FACE)
    twin.suspend(financier.party)
    with pytest.raises(Refused, match="PartyIsSuspended"):
        twin.finance_funded(tier1.key, (Deal(quote, FACE), signed))
