"""Loans in hostile tokens, and signatures of lenders that are not what they seem."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eth_utils import keccak

from tests.contracts import signing
from tests.contracts.chain import key_of
from tests.contracts.constants import CASH, FACE, ZERO_ADDRESS
from tests.contracts.test_hostile_tokens import Market, ReentrantMarket
from tests.contracts.twin import Actor, Twin
from tests.reference.parties import Admission, Role
from tests.reference.pledging import LoanQuote

LENT = FACE // 2


class Pawnshop:
    """Loans in a market's token: the financier lends to its supplier."""

    def __init__(self, market: Market) -> None:
        self.market, self.twin = market, market.twin
        self.desk = market.twin.deployment["PledgeDesk"]
        for name in ("financier", "core"):
            payer = market.actors[name]
            market.token.do(payer.cash, "mint", payer.cash.address, CASH)
            market.token.do(payer.cash, "approve", self.desk.address, CASH)

    def quote(self, note: int, holder: int, lent: int = LENT) -> tuple[Any, ...]:
        """Quote and signature, without interest."""
        financier = self.market.actors["financier"]
        quote = LoanQuote(
            note=note,
            holder=holder,
            lender=financier.party,
            pledged_value=FACE,
            principal=lent,
            rate_bps=0,
            cap=FACE,
            payer=financier.cash.address,
            registry_reference=b"\x44" * 32,
            valid_until=self.twin.chain.now + 3_600,
            nonce=self.twin.fresh_nonce(),
            epoch=0,
            signer=financier.address,
        )
        return (tuple(signing.loan_quote_message(quote).values()), self.twin.sign_loan_quote(quote))

    def state(self) -> tuple[Any, ...]:
        """All that could have changed."""
        notes = range(1, self.market.notes.call("noteCount") + 1)
        pledged = [self.market.notes.call("pledgedValue", note) for note in notes]
        return (*self.market.state(), pledged, [self.desk.call("loan", note) for note in notes])


@pytest.mark.parametrize(
    ("token", "error"),
    [
        ("FeeToken", "CashNotExact"),
        ("SurchargeToken", "CashNotExact"),
        ("LyingToken", "CashNotExact"),
        ("FalseToken", "SafeERC20FailedOperation"),
    ],
)
def test_i_17_exact_cash_of_a_loan_or_no_pledge(twin: Twin, token: str, error: str) -> None:
    shop = Pawnshop(Market(twin, token))
    tier1 = twin.actors["tier1"]
    before, args = shop.state(), shop.quote(shop.market.root, tier1.party)
    refusal = shop.desk.refusal("pledge", *args, sender=tier1.address)
    assert refusal is not None
    assert refusal[0] == error
    assert not shop.desk.send(tier1.key, "pledge", *args).ok
    assert shop.state() == before


def test_i_17_exact_cash_of_a_loan_in_a_token_that_returns_nothing(twin: Twin) -> None:
    market = Market(twin, "SilentToken")
    shop, tier1, core = Pawnshop(market), twin.actors["tier1"], twin.actors["core"]
    shop.desk.do(tier1.key, "pledge", *shop.quote(market.root, tier1.party))
    shop.desk.do(core.key, "repayLoan", market.root, LENT // 2, core.cash.address)
    market.repayment.do(core.key, "repay", [market.root], core.cash.address, FACE)
    assert market.token.call("balanceOf", tier1.cash.address) == LENT + FACE - LENT // 2
    assert market.token.call("balanceOf", twin.actors["financier"].cash.address) == 2 * CASH
    assert market.custody() == 0


def test_a_note_repaid_while_its_loan_is_repaid_pays_the_lender_once(twin: Twin, rando: Actor) -> None:
    """The token repays the loan while the note's payment is on its way: it has no gas for it; and the note while the
    loan is repaid: then the claim is paid already."""
    twin.actors["rando"] = rando
    trap = ReentrantMarket(twin)
    shop, core = Pawnshop(trap), twin.actors["core"]
    financier = twin.actors["financier"].cash.address
    for spender in (shop.desk, trap.repayment):
        trap.token.do(core.key, "mint", trap.token.address, CASH)
        approval = trap.token.data("approve", spender.address, CASH)
        trap.token.do(core.key, "execute", trap.token.address, approval)
    assert trap.as_thief(shop.desk, "pledge", *shop.quote(trap.loot, trap.thief.party))
    before = trap.token.call("balanceOf", financier)
    trap.arm(trap.repayment, "repay", [trap.loot], trap.token.address, CASH)
    shop.desk.send(core.key, "repayLoan", trap.loot, LENT, core.cash.address, gas=3_000_000)
    assert trap.token.call("balanceOf", financier) == before + LENT
    paid = trap.token.call("balanceOf", trap.thief.cash.address)
    if not trap.token.call("succeeded"):
        trap.repayment.do(core.key, "repay", [trap.loot], core.cash.address, CASH)
    assert trap.token.call("balanceOf", trap.thief.cash.address) in (paid, paid + FACE)
    assert trap.notes.call("note", trap.loot)[0] == 0
    assert trap.token.call("balanceOf", trap.thief.cash.address) == LENT + FACE


def test_a_loan_repaid_while_its_note_is_paid_pays_the_lender_once(twin: Twin, rando: Actor) -> None:
    twin.actors["rando"] = rando
    trap = ReentrantMarket(twin)
    shop, core = Pawnshop(trap), twin.actors["core"]
    financier = twin.actors["financier"].cash.address
    trap.token.do(core.key, "mint", trap.token.address, CASH)
    trap.token.do(core.key, "execute", trap.token.address, trap.token.data("approve", shop.desk.address, CASH))
    assert trap.as_thief(shop.desk, "pledge", *shop.quote(trap.loot, trap.thief.party))
    before = trap.token.call("balanceOf", financier)
    trap.arm(shop.desk, "repayLoan", trap.loot, LENT, trap.token.address)
    trap.repayment.do(core.key, "repay", [trap.loot], core.cash.address, CASH)
    assert trap.token.call("succeeded") is False
    assert trap.token.call("balanceOf", financier) == before + LENT
    assert trap.token.call("balanceOf", trap.thief.cash.address) == FACE


def test_pledging_again_while_pledging_lends_once(twin: Twin, rando: Actor) -> None:
    twin.actors["rando"] = rando
    trap = ReentrantMarket(twin)
    shop = Pawnshop(trap)
    trap.arm(shop.desk, "pledge", *shop.quote(trap.loot, trap.thief.party))
    assert trap.as_thief(shop.desk, "pledge", *shop.quote(trap.loot, trap.thief.party))
    assert trap.token.call("succeeded") is False
    assert trap.token.call("balanceOf", trap.thief.cash.address) == LENT


# -- signatures


@pytest.mark.parametrize(
    "term", ["pledged_value", "principal", "rate_bps", "cap", "payer", "registry_reference", "valid_until", "nonce"]
)
def test_a_loan_quote_with_a_changed_term_is_nobodys(
    twin: Twin, held: int, tier1: Actor, financier: Actor, term: str
) -> None:
    quote = twin.loan_quote(financier, held)
    changes: dict[str, Any] = {
        "pledged_value": quote.pledged_value + 1,
        "principal": quote.principal + 1,
        "rate_bps": 1,
        "cap": quote.cap - 1,
        "payer": financier.address,
        "registry_reference": keccak(text="another"),
        "valid_until": quote.valid_until + 1,
        "nonce": 987_654,
    }
    # the financier's own other account, funded, so that the signature alone is wrong
    twin.mint(1, financier.address, CASH)
    twin.approve(financier.key, 1, "PledgeDesk", CASH)
    changed = replace(quote, **{term: changes[term]}, valid=False)
    with twin.refused("QuoteSignatureInvalid", financier.address, ...):
        twin.pledge(tier1.key, changed, signature=twin.sign_loan_quote(quote))


@pytest.mark.parametrize(
    "domain",
    [
        {"chainId": 1},
        {"verifyingContract": "0x" + "11" * 20},
        {"name": "Cascade FinancingDesk"},
        {"version": "2"},
    ],
    ids=["chain", "contract", "name", "version"],
)
def test_a_loan_quote_of_another_domain_is_nobodys(
    twin: Twin, held: int, tier1: Actor, financier: Actor, domain: dict[str, Any]
) -> None:
    quote = twin.loan_quote(financier, held, valid=False)
    with twin.refused("QuoteSignatureInvalid", financier.address, ...):
        twin.pledge(tier1.key, quote, signature=twin.sign_loan_quote(quote, **domain))


def test_neither_malleable_nor_empty_nor_anothers_signature(
    twin: Twin, held: int, tier1: Actor, financier: Actor
) -> None:
    quote = twin.loan_quote(financier, held, valid=False)
    good = twin.sign_loan_quote(quote)
    for bad in (signing.malleate(good), b"", bytes(65), twin.sign_loan_quote(quote, key_of("rando"))):
        with twin.refused("QuoteSignatureInvalid", financier.address, ...):
            twin.pledge(tier1.key, quote, signature=bad)
    twin.pledge(tier1.key, replace(quote, valid=True), signature=good)


def test_the_zero_signer_never_signs(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    quote = twin.loan_quote(financier, held, signer=ZERO_ADDRESS, valid=False)
    with pytest.raises(Exception, match="MissingRight"):
        twin.pledge(tier1.key, quote, signature=bytes(65))


def test_a_contract_wallet_lends(twin: Twin, held: int, tier1: Actor) -> None:
    owner = key_of("owner of a bank's wallet")
    twin.deployment.fund(owner.address)
    wallet = twin.deployment.deploy("ContractWallet", owner.address, alias="bank's wallet")
    cash = key_of("cash of a bank with a wallet")
    party = twin.admit(
        [Admission(keccak(text="walleted"), int(Role.FINANCIER), twin.today + 99, cash.address, wallet.address)]
    )
    twin.deployment.fund(cash.address)
    twin.mint(1, cash.address, CASH)
    twin.approve(cash, 1, "PledgeDesk", CASH)
    bank = Actor("bank", owner, cash, party)
    quote = twin.loan_quote(bank, held, signer=wallet.address)
    with twin.refused("QuoteSignatureInvalid", wallet.address, ...):
        twin.pledge(tier1.key, replace(quote, valid=False), signature=twin.sign_loan_quote(quote, key_of("rando")))
    twin.pledge(tier1.key, quote, signature=twin.sign_loan_quote(quote, owner))
    release = twin.deployment["PledgeDesk"].data("releasePledge", held)
    assert wallet.send(owner, "execute", twin.deployment["PledgeDesk"].address, release).ok
    assert twin.deployment["ReceivableNotes"].call("pledgedValue", held) == 0
    twin.comparing = False
