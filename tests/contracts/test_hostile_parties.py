"""Parties that mean harm: signers that lie, holders that split to hide, dust, and crowds of notes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.contracts import signing
from tests.contracts.constants import FACE, POLICY, TENOR
from tests.contracts.test_hostile_tokens import Market
from tests.contracts.twin import Actor, Twin
from tests.reference.arithmetic import start_of
from tests.reference.financing import Deal
from tests.reference.parties import Admission, Role
from tests.reference.passing import Portion

CROWD = {True: 2_000, False: 200}
BATCH = 50


# -- contract accounts that answer in bad faith


class Liar:
    """A financier whose quotes are signed by a hostile contract; its settlement account is an honest key."""

    def __init__(self, twin: Twin, note: int, seller: Actor) -> None:
        self.twin, self.seller = twin, seller
        twin.comparing = False
        self.desk = twin.deployment["FinancingDesk"]
        self.wallet = twin.deployment.deploy("HostileSigner")
        payer = twin.actors["financier2"].key
        self.cash = twin.actors["rando"].cash if "rando" in twin.actors else payer
        party = twin.admit(
            [Admission(b"\x66" * 32, int(Role.FINANCIER), twin.today + 99, self.wallet.address, self.wallet.address)]
        )
        quote = replace(twin.quote(twin.actors["financier"], note), financier=party, signer=self.wallet.address)
        self.quote = replace(quote, payer=self.wallet.address, epoch=0)
        token = twin.deployment["DepositToken"]
        token.do(twin.deployment.officers["issuer"], "mint", self.wallet.address, FACE)

    def set(self, answer: int, target: str = "0x" + "00" * 20, data: bytes = b"") -> None:
        """What it answers from now on."""
        self.wallet.do(self.twin.actors["core"].key, "set", answer, target, data)

    def refusal(self) -> Any:
        """How the seller's attempt to take the quote ends."""
        deal = (signing.quote_tuple(self.quote), b"\x01" * 65, 1_000, 0)
        return self.desk.refusal("finance", [deal], sender=self.seller.address)


@pytest.mark.parametrize("answer", [1, 2, 3, 5])
def test_a_signer_that_does_not_say_yes_signs_nothing(twin: Twin, held: int, tier1: Actor, answer: int) -> None:
    liar = Liar(twin, held, tier1)
    liar.set(answer)
    assert liar.refusal()[0] == "QuoteSignatureInvalid"


def test_a_signer_that_burns_all_gas_hurts_its_own_quote_alone(
    twin: Twin, held: int, tier1: Actor, financier: Actor
) -> None:
    liar = Liar(twin, held, tier1)
    liar.set(4)
    assert liar.refusal() is not None
    twin.finance(tier1.key, Deal(twin.quote(financier, held), 1_000))


def test_a_signer_cannot_act_while_it_is_asked(twin: Twin, held: int, tier1: Actor) -> None:
    """The question is a static call: nothing can be changed from inside it."""
    liar = Liar(twin, held, tier1)
    liar.set(6, twin.deployment["FinancingDesk"].address, twin.deployment["FinancingDesk"].data("cancelQuote", 7))
    assert liar.refusal()[0] == "QuoteSignatureInvalid"
    assert twin.deployment["FinancingDesk"].call("taken", liar.quote.financier, 7) == 0


def test_a_yes_without_an_allowance_moves_nothing(twin: Twin, held: int, tier1: Actor) -> None:
    liar = Liar(twin, held, tier1)
    liar.set(0)
    assert liar.refusal()[0] == "ERC20InsufficientAllowance"


def test_a_token_that_burns_gas_for_one_holder_pays_the_others(twin: Twin) -> None:
    market = Market(twin, "BurningToken")
    tier1, core, financier = (twin.actors[name] for name in ("tier1", "core", "financier"))
    market.desk.do(tier1.key, "finance", [market.deal(FACE // 2)])
    market.token.do(core.key, "hate", tier1.cash.address)
    before = market.token.call("balanceOf", financier.cash.address)
    market.repayment.do(core.key, "repay", [market.root, market.root + 1], core.cash.address, FACE)
    assert market.token.call("balanceOf", financier.cash.address) == before + FACE // 2
    assert market.notes.call("note", market.root)[0] == FACE // 2
    market.token.do(core.key, "hate", core.cash.address)
    refusal = market.repayment.refusal("repay", [market.root], core.cash.address, FACE, sender=core.address)
    assert refusal is None, "the payer may pay others, whatever the token does to it as a payee"


# -- holders


def test_dust_down_to_one_minor_unit(twin: Twin, core: Actor, tier1: Actor, tier2: Actor, financier: Actor) -> None:
    """Every unit can be a note; each is sold for nothing to nobody, paid once, and shared within a unit."""
    twin.set_policy(replace(POLICY, min_child_value=1))
    twin.confirm(core.key, [twin.item(tier1.party, 30, 30)])
    twin.accept(tier1.key, 1)
    twin.split(tier1.key, (1, [Portion(tier2.party, 1) for _ in range(29)]))
    twin.accept(tier2.key, *range(2, 31))
    with twin.refused("PriceTooLow", 0, 0):
        twin.finance(tier2.key, Deal(twin.quote(financier, 2, rate_bps=1), 1))
    twin.finance(tier2.key, Deal(twin.quote(financier, 3, rate_bps=0), 1))
    twin.repay(core.key, 2, payer=core.cash.address)
    twin.move_to(start_of(twin.today + 31))
    live = [note for note, facts in twin.model.world.ledger.notes.items() if facts.value]
    assert len(live) == 29
    twin.open_round(core.key, 1, 13)
    assert twin.pay_round(core.key, 1, *live, payer=core.cash.address) == 13
    left = [note for note, facts in twin.model.world.ledger.notes.items() if facts.value]
    assert len(left) == 16, "a unit each or none: within one unit of 13/29"
    twin.repay(core.key, *left, payer=core.cash.address)
    assert twin.model.world.ledger.receivables[1].repaid == 30


def test_i_13_liveness_a_griefer_who_splits_before_every_repayment(
    twin: Twin, held: int, core: Actor, tier1: Actor, core2: Actor
) -> None:
    """What it runs ahead with it delays for itself alone, and from the due day on it cannot run."""
    paid, note = 0, held
    for _ in range(4):
        value = twin.model.world.ledger.notes[note].value
        twin.split(tier1.key, (note, [Portion(core2.party, value - 100)]))
        child = len(twin.model.world.ledger.notes)
        paid += twin.repay(core.key, note, payer=core.cash.address)
        twin.refuse(core2.key, child)
    assert paid == 400, "value that came back to a paid note is there again, and no unit was paid twice"
    due = twin.model.world.ledger.receivables[1].due_day
    twin.move_to(start_of(due))
    with twin.refused("NotBeforeDueDay", note, due):
        twin.split(tier1.key, (note, [Portion(core2.party, 1_000)]))
    assert paid + twin.repay(core.key, note, payer=core.cash.address) == FACE


def test_i_13_liveness_two_thousand_notes_under_one_receivable(
    twin: Twin, held: int, core: Actor, tier1: Actor, tier2: Actor
) -> None:
    """Made, taken, shared and paid in batches whose cost does not grow with the crowd (200 on ganache)."""
    twin.comparing = False
    twin.deployment.fund(*(actor.address for actor in (core, tier1, tier2) for _ in range(9)))
    crowd = CROWD[twin.chain.is_anvil]
    part, costs = FACE // (2 * crowd), dict[str, list[int]]()

    def did(act: str) -> None:
        assert twin.last is not None
        costs.setdefault(act, []).append(twin.last.gas_used)

    notes, desk = twin.deployment["ReceivableNotes"], twin.deployment["RepaymentDesk"]
    portions = [(tier2.party, part, b"\x01" * 32) for _ in range(BATCH)]
    for first in range(2, crowd + 2, BATCH):
        twin.last = notes.do(tier1.key, "split", [(held, portions)])
        did("split")
        twin.last = notes.do(tier2.key, "accept", list(range(first, first + BATCH)))
        did("accept")
    twin.move_to(start_of(twin.today + TENOR))
    total = 10 * FACE // 11
    desk.do(core.key, "openRound", 1, total)
    for first in range(1, crowd + 2, BATCH):
        some = list(range(first, min(first + BATCH, crowd + 2)))
        twin.last = desk.do(core.key, "payRound", 1, some, core.cash.address, total)
        did("share")
    assert notes.call("receivable", 1)[2] == FACE - total
    assert notes.call("receivable", 1)[13] & 96 == 0, "every note had its share: the round is closed"
    for first in range(1, crowd + 2, BATCH):
        some = list(range(first, min(first + BATCH, crowd + 2)))
        twin.last = desk.do(core.key, "repay", some, core.cash.address, FACE)
        did("repay")
    assert notes.call("receivable", 1)[2] == 0
    for act, spent in costs.items():
        middle = spent[1:-2]
        assert max(middle) - min(middle) < 0.02 * max(middle), (act, min(middle), max(middle))
