"""I-17 exact cash, and what a hostile token cannot do: each either works to the unit or reverts, and leaves no trace."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contracts import signing
from tests.contracts.constants import CASH, FACE, LINE, TENOR
from tests.contracts.deployment import Contract
from tests.contracts.twin import Actor, Twin
from tests.reference.financing import Quote, price_down
from tests.reference.parties import Admission, Role


class Market:
    """One currency of a hostile token, one accepted note of FACE in it held by tier 1, and money all round."""

    def __init__(self, twin: Twin, token_name: str) -> None:
        self.twin, self.actors = twin, twin.actors
        twin.comparing = False
        deployment = twin.deployment
        self.token = deployment.deploy(token_name, alias="hostile")
        self.notes = deployment["ReceivableNotes"]
        self.desk, self.repayment = deployment["FinancingDesk"], deployment["RepaymentDesk"]
        deployment.administer("IssuanceDesk", "allowCurrency", self.token.address)
        self.currency = deployment["IssuanceDesk"].call("currencyOf", self.token.address)
        core = self.actors["core"]
        deployment.administer("CreditRegister", "setLine", core.party, self.token.address, LINE)
        for payer, spender in ((core, self.repayment), (self.actors["financier"], self.desk)):
            self.token.do(payer.cash, "mint", payer.cash.address, CASH)
            self.token.do(payer.cash, "approve", spender.address, CASH)
        twin.model.world.currencies.append(self.token.address)
        self.root = self.confirm(self.actors["tier1"].party)
        self.notes.do(self.actors["tier1"].key, "accept", [self.root])

    def confirm(self, creditor: int) -> int:
        """A root note of FACE for a creditor."""
        twin, core = self.twin, self.actors["core"]
        item, word = twin.item(creditor, FACE, TENOR), twin.attest()
        signature = twin.sign_batch(core.party, self.currency, [item], word)
        row = signing.confirmation_tuple(item)
        words = (word.signer, word.nonce, word.deadline, signature)
        twin.deployment["IssuanceDesk"].do(core.key, "confirm", self.currency, [row], words)
        count: int = self.notes.call("noteCount")
        return count

    def deal(self, amount: int, note: int | None = None, seller: Actor | None = None) -> tuple[Any, ...]:
        """A good quote of the financier's for a note, taken for an amount."""
        financier, holder = self.actors["financier"], seller or self.actors["tier1"]
        quote = Quote(
            note=note or self.root,
            seller=holder.party,
            financier=financier.party,
            max_amount=FACE,
            rate_bps=600,
            recourse=False,
            payer=financier.cash.address,
            registry_reference=b"\x44" * 32,
            valid_until=self.twin.chain.now + 3_600,
            nonce=self.twin.fresh_nonce(),
            epoch=0,
            signer=financier.address,
        )
        return (signing.quote_tuple(quote), self.twin.sign_quote(quote), amount, 0)

    def state(self) -> tuple[Any, ...]:
        """All that could have changed."""
        reads = [self.notes.call("note", note) for note in range(1, self.notes.call("noteCount") + 2)]
        holders = [actor.cash.address for actor in self.actors.values()]
        holders += [contract.address for contract in self.twin.deployment.contracts.values()]
        return (
            reads,
            self.notes.call("receivable", 1),
            [self.token.call("balanceOf", holder) for holder in holders],
            self.twin.deployment["CreditRegister"].call("line", self.actors["core"].party, self.token.address),
            [self.desk.call("taken", self.actors["financier"].party, nonce) for nonce in range(50)],
        )

    def custody(self) -> int:
        """What the product's contracts hold of the token."""
        return sum(
            self.token.call("balanceOf", contract.address) for contract in self.twin.deployment.contracts.values()
        )


@pytest.mark.parametrize(
    ("token", "error"),
    [
        ("FeeToken", "CashNotExact"),
        ("SurchargeToken", "CashNotExact"),
        ("LyingToken", "CashNotExact"),
        ("FalseToken", "SafeERC20FailedOperation"),
    ],
)
def test_i_17_exact_cash_or_nothing(twin: Twin, token: str, error: str) -> None:
    market = Market(twin, token)
    tier1, core = twin.actors["tier1"], twin.actors["core"]
    before = market.state()
    deal = market.deal(FACE)
    refusal = market.desk.refusal("finance", [deal], sender=tier1.address)
    assert refusal is not None
    assert refusal[0] == error
    assert not market.desk.send(tier1.key, "finance", [deal]).ok
    args = ([market.root], core.cash.address, 2**95)
    refusal = market.repayment.refusal("repay", *args, sender=core.address)
    assert refusal is not None
    assert refusal[0] == error
    assert not market.repayment.send(core.key, "repay", *args).ok
    assert market.state() == before


def test_i_17_exact_cash_tells_what_it_measured(twin: Twin) -> None:
    market = Market(twin, "FeeToken")
    price = price_down(FACE, 600, twin.today, twin.today + TENOR)
    refusal = market.desk.refusal("finance", [market.deal(FACE)], sender=twin.actors["tier1"].address)
    assert refusal == (
        "CashNotExact",
        (market.token.address, twin.actors["tier1"].cash.address, price, price - 1),
    )


def test_i_17_exact_cash_of_a_token_that_returns_nothing(twin: Twin) -> None:
    market = Market(twin, "SilentToken")
    tier1, core, financier = (twin.actors[name] for name in ("tier1", "core", "financier"))
    market.desk.do(tier1.key, "finance", [market.deal(FACE // 2)])
    price = price_down(FACE // 2, 600, twin.today, twin.today + TENOR)
    assert market.token.call("balanceOf", tier1.cash.address) == price
    market.repayment.do(core.key, "repay", [market.root, market.root + 1], core.cash.address, FACE)
    assert market.token.call("balanceOf", tier1.cash.address) == price + FACE // 2
    assert market.token.call("balanceOf", financier.cash.address) == CASH - price + FACE // 2
    assert market.token.call("balanceOf", core.cash.address) == CASH - FACE
    assert market.custody() == 0


def test_i_13_liveness_one_blocked_holder_does_not_block_the_others(twin: Twin) -> None:
    market = Market(twin, "BlockingToken")
    tier1, core, financier = (twin.actors[name] for name in ("tier1", "core", "financier"))
    market.desk.do(tier1.key, "finance", [market.deal(FACE // 2)])
    child = market.root + 1
    market.token.do(core.key, "block_", tier1.cash.address)
    before = market.token.call("balanceOf", financier.cash.address)
    paying = market.repayment.do(core.key, "repay", [market.root, child], core.cash.address, FACE)
    refused = market.repayment.events(paying, "PaymentRefused")
    assert [(event["note"], event["payee"]) for event in refused] == [(market.root, tier1.cash.address)]
    assert market.token.call("balanceOf", financier.cash.address) == before + FACE // 2
    assert market.notes.call("receivable", 1)[2] == FACE // 2
    market.token.do(core.key, "block_", financier.cash.address)
    market.repayment.do(core.key, "repay", [market.root], core.cash.address, FACE)
    assert market.notes.call("receivable", 1)[2] == 0


# -- authorizations: the desk takes the cash and passes it on, and stray tokens make up for nothing

STRAY = 1_000
RIGHT = 0


def funded(market: Market, deal: tuple[Any, ...], value: int) -> tuple[Any, ...]:
    """A deal with an authorization that such a token takes for good."""
    authorization = 2
    return [deal], [(authorization, value, market.twin.chain.now + 3_600, b"")]


@pytest.mark.parametrize(
    ("payer", "receiver", "payee", "error"),
    [
        (RIGHT, -1, RIGHT, "CashNotExact"),
        (RIGHT, -STRAY, RIGHT, "CashNotExact"),
        (RIGHT, 1, RIGHT, "CashNotExact"),
        (1, RIGHT, RIGHT, "CashNotExact"),
        (-1, RIGHT, RIGHT, "CashNotExact"),
        (RIGHT, RIGHT, -1, "CashNotExact"),
        (RIGHT, RIGHT, 1, "CashNotExact"),
        (RIGHT, RIGHT, None, "SafeERC20FailedOperation"),
    ],
)
def test_i_17_exact_cash_of_authorizations(
    twin: Twin, payer: int, receiver: int, payee: int | None, error: str
) -> None:
    market = Market(twin, "AuthorizingToken")
    tier1, price = twin.actors["tier1"], price_down(FACE, 600, twin.today, twin.today + TENOR)
    market.token.do(tier1.key, "mint", market.desk.address, STRAY)
    acts = funded(market, market.deal(FACE), price)
    assert market.desk.refusal("financeFunded", *acts, sender=tier1.address) is None
    market.token.do(tier1.key, "spoil", payer, receiver, payee or 0, payee is None)
    before = market.state()
    refusal = market.desk.refusal("financeFunded", *acts, sender=tier1.address)
    assert refusal is not None
    assert refusal[0] == error
    assert not market.desk.send(tier1.key, "financeFunded", *acts).ok
    assert market.state() == before
    market.token.do(tier1.key, "spoil", 0, 0, 0, False)
    market.desk.do(tier1.key, "financeFunded", *acts)
    assert market.token.call("balanceOf", market.desk.address) == STRAY
    assert market.token.call("balanceOf", tier1.cash.address) == price


@pytest.mark.parametrize("token", ["FeeToken", "SilentToken"])
def test_i_17_exact_cash_of_tokens_that_know_no_signatures(twin: Twin, token: str) -> None:
    """A permit that such a token has not is no permit; an authorization is no payment."""
    market = Market(twin, token)
    tier1, price = twin.actors["tier1"], price_down(FACE, 600, twin.today, twin.today + TENOR)
    deals, authorization = funded(market, market.deal(FACE), price)
    permit = (1, price, authorization[0][2], bytes(65))
    before = market.state()
    assert not market.desk.send(tier1.key, "financeFunded", deals, authorization).ok
    assert market.state() == before
    assert market.desk.send(tier1.key, "financeFunded", deals, [permit]).ok == (token == "SilentToken")


# -- re-entrance: the token itself is an account of a party, and acts while it is asked to move


class ReentrantMarket(Market):
    """The token is the administrator of a supplier that holds a note in it."""

    def __init__(self, twin: Twin, token_name: str = "ReentrantToken") -> None:
        super().__init__(twin, token_name)
        twin.comparing = False
        self.thief = Actor("thief", twin.actors["tier4"].key, twin.actors["rando"].cash, 0)
        self.thief.party = twin.admit(
            [Admission(b"\x77" * 32, int(Role.SUPPLIER), twin.today + 99, self.thief.cash.address, self.token.address)]
        )
        self.loot = self.confirm(self.thief.party)
        self.as_thief(self.notes, "accept", [self.loot])

    def as_thief(self, target: Contract, function: str, *args: Any) -> bool:
        """An act of the token's party; whether it went through."""
        data = target.data(function, *args)
        return self.token.send(self.twin.actors["core"].key, "execute", target.address, data).ok

    def arm(self, target: Contract, function: str, *args: Any) -> None:
        """What the token does when it is next asked to move."""
        self.token.do(self.twin.actors["core"].key, "arm", target.address, target.data(function, *args))


@pytest.fixture
def trap(twin: Twin, rando: Actor) -> ReentrantMarket:
    twin.actors["rando"] = rando
    return ReentrantMarket(twin)


def test_selling_again_while_selling_reverts(trap: ReentrantMarket) -> None:
    deal = trap.deal(FACE // 4, trap.loot, trap.thief)
    trap.arm(trap.desk, "finance", [deal])
    before = trap.state()
    assert not trap.as_thief(trap.desk, "finance", [deal])
    assert trap.state() == before


def test_selling_the_same_value_twice_reverts(trap: ReentrantMarket) -> None:
    """The inner sale fails for want of value, the outer one stands: once each."""
    trap.arm(trap.desk, "finance", [trap.deal(FACE, trap.loot, trap.thief)])
    assert trap.as_thief(trap.desk, "finance", [trap.deal(FACE, trap.loot, trap.thief)])
    assert trap.token.call("succeeded") is False
    assert trap.notes.call("note", trap.loot)[0] == 0


def test_repaying_while_repaying_pays_once_each(trap: ReentrantMarket) -> None:
    """A payment has no gas for another one on the way."""
    core = trap.actors["core"]
    trap.token.do(core.key, "mint", trap.token.address, CASH)
    trap.token.do(core.key, "execute", trap.token.address, trap.token.data("approve", trap.repayment.address, CASH))
    trap.arm(trap.repayment, "repay", [trap.loot], trap.token.address, CASH)
    second = trap.confirm(trap.thief.party)
    trap.as_thief(trap.notes, "accept", [second])
    trap.repayment.do(core.key, "repay", [second], core.cash.address, CASH)
    assert trap.token.call("succeeded") is False
    assert trap.token.call("balanceOf", trap.thief.cash.address) == FACE
    assert trap.notes.call("note", trap.loot)[0] == FACE


def test_selling_to_the_payee_while_it_is_paid_reverts(trap: ReentrantMarket) -> None:
    """Another sale of the same payee on the way: the measure of its balance is not the expected one."""
    first, second = (trap.deal(FACE // 4, trap.loot, trap.thief) for _ in range(2))
    trap.arm(trap.desk, "finance", [second])
    before = trap.state()
    assert not trap.as_thief(trap.desk, "finance", [first])
    assert trap.state() == before


def test_paying_the_same_note_while_paying_it_pays_once(trap: ReentrantMarket) -> None:
    core = trap.actors["core"]
    trap.token.do(core.key, "mint", trap.token.address, CASH)
    trap.token.do(core.key, "execute", trap.token.address, trap.token.data("approve", trap.repayment.address, CASH))
    trap.arm(trap.repayment, "repay", [trap.loot], trap.token.address, CASH)
    trap.repayment.do(core.key, "repay", [trap.loot], core.cash.address, CASH)
    assert trap.token.call("succeeded") is False
    assert trap.token.call("balanceOf", trap.thief.cash.address) == FACE
    assert trap.custody() == CASH, "the token's own contract, and no other"


def test_a_harmless_act_on_the_way_stays_consistent(trap: ReentrantMarket) -> None:
    """Passing the rest on while selling a part: all state was written before the token was called."""
    tier2 = trap.actors["tier2"]
    trap.arm(trap.notes, "split", [(trap.loot, [(tier2.party, FACE // 2, b"\x01" * 32)])])
    assert trap.as_thief(trap.desk, "finance", [trap.deal(FACE // 2, trap.loot, trap.thief)])
    assert trap.token.call("succeeded") is True
    assert trap.notes.call("note", trap.loot)[0] == 0
    values = [trap.notes.call("note", note)[0] for note in range(trap.loot, trap.notes.call("noteCount") + 1)]
    assert sum(values) == FACE


@pytest.mark.parametrize("again", ["same", "other"])
def test_selling_while_the_desk_has_the_cash_of_a_sale_takes_none_of_it(twin: Twin, rando: Actor, again: str) -> None:
    """On the way of an authorization the cash is with the desk for a moment: a sale within the sale gets its own alone."""
    twin.actors["rando"] = rando
    trap = ReentrantMarket(twin, "AuthorizingToken")
    price = price_down(FACE // 4, 600, twin.today, twin.today + TENOR)
    first = trap.deal(FACE // 4, trap.loot, trap.thief)
    second = first if again == "same" else trap.deal(FACE // 4, trap.loot, trap.thief)
    trap.arm(trap.desk, "financeFunded", *funded(trap, second, price))
    payer = trap.actors["financier"].cash.address
    before = trap.token.call("balanceOf", payer)
    went = trap.as_thief(trap.desk, "financeFunded", *funded(trap, first, price))
    sold = FACE - trap.notes.call("note", trap.loot)[0]
    assert went == (trap.token.call("balanceOf", payer) != before)
    assert before - trap.token.call("balanceOf", payer) == sold // (FACE // 4) * price
    assert trap.token.call("balanceOf", trap.thief.cash.address) == sold // (FACE // 4) * price
    assert trap.token.call("balanceOf", trap.desk.address) == 0
