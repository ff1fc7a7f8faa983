"""Quotes and delivery against payment: each rule tried alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_utils import keccak

from tests.contracts.chain import key_of
from tests.contracts.constants import FACE, MINIMUM, POLICY, TENOR, ZERO_HASH
from tests.contracts.twin import Actor, Twin
from tests.reference.arithmetic import start_of
from tests.reference.financing import Deal, price_down
from tests.reference.notes import NoteFlag, NoteStatus
from tests.reference.parties import Right, Role


def cash_of(twin: Twin, actor: Actor, currency: int = 1) -> int:
    balance: int = twin.deployment["DepositToken" if currency == 1 else "SecondToken"].call(
        "balanceOf", actor.cash.address
    )
    return balance


def test_a_whole_note_against_cash(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    before = cash_of(twin, tier1), cash_of(twin, financier)
    child = twin.finance(tier1.key, Deal(twin.quote(financier, held), FACE))[0]
    price = FACE - -(-FACE * 600 * TENOR // (10_000 * 360))
    assert (cash_of(twin, tier1), cash_of(twin, financier)) == (before[0] + price, before[1] - price)
    note = twin.model.world.ledger.notes[child]
    assert (note.holder, note.tier, note.value) == (financier.party, 1, FACE)
    assert note.flags == NoteFlag.ACCEPTED | NoteFlag.FINANCED


def test_the_event_tells_the_deal(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    quote = twin.quote(financier, held)
    child = twin.finance(tier1.key, Deal(quote, 70_000))[0]
    assert twin.last is not None
    (event,) = twin.deployment["FinancingDesk"].events(twin.last, "NoteFinanced")
    due = twin.model.world.ledger.receivables[1].due_day
    assert event == {
        "note": held,
        "child": child,
        "financier": financier.party,
        "seller": tier1.party,
        "amount": 70_000,
        "price": price_down(70_000, 600, twin.today, due),
        "rateBps": 600,
        "recourse": False,
        "payer": financier.cash.address,
        "payee": tier1.cash.address,
        "token": twin.token(1),
        "registryReference": quote.registry_reference,
        "nonce": quote.nonce,
    }


def test_parts_until_the_quote_is_used_up(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    quote = twin.quote(financier, held, max_amount=10_000)
    twin.finance(tier1.key, Deal(quote, 4_000))
    with twin.refused("QuoteUsedUp", financier.party, quote.nonce, 6_001, 6_000):
        twin.finance(tier1.key, Deal(quote, 6_001))
    with twin.refused("QuoteUsedUp", financier.party, quote.nonce, 3_001, 3_000):
        twin.finance(tier1.key, Deal(quote, 3_000), Deal(quote, 3_001))
    twin.finance(tier1.key, Deal(quote, 3_000), Deal(quote, 3_000))


def test_competing_quotes_in_one_transaction(
    twin: Twin, held: int, tier1: Actor, financier: Actor, financier2: Actor
) -> None:
    cheap, dear = twin.quote(financier, held, rate_bps=500), twin.quote(financier2, held, rate_bps=700)
    children = twin.finance(tier1.key, Deal(cheap, FACE // 2), Deal(dear, FACE // 2))
    assert len(children) == 2
    assert twin.model.world.ledger.status(held, twin.today) == NoteStatus.SPENT


def test_financiers_sell_on_to_financiers(
    twin: Twin, held: int, tier1: Actor, financier: Actor, financier2: Actor
) -> None:
    child = twin.finance(tier1.key, Deal(twin.quote(financier, held), FACE))[0]
    grandchild = twin.finance(financier.key, Deal(twin.quote(financier2, child), FACE // 2))[0]
    assert twin.model.world.ledger.notes[grandchild].tier == 1


def test_early_payment_by_the_debtor_extinguishes(twin: Twin, held: int, core: Actor, tier1: Actor) -> None:
    quote = twin.quote(core, held, registry_reference=ZERO_HASH)
    assert twin.finance(tier1.key, Deal(quote, FACE - MINIMUM)) == [0]
    assert twin.model.world.credit.line(core.party, twin.token(1)).used == MINIMUM


def test_no_deals(twin: Twin, tier1: Actor) -> None:
    with twin.refused("NoDeals"):
        twin.finance(tier1.key, signatures=[b""][:0])


def test_refuses_after_its_time(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    quote = twin.quote(financier, held, valid_until=twin.chain.now)
    with twin.refused("QuoteExpired", quote.valid_until):
        twin.finance(tier1.key, Deal(quote, FACE))


@pytest.mark.parametrize("used_before", [False, True])
def test_refuses_a_cancelled_quote(twin: Twin, held: int, tier1: Actor, financier: Actor, used_before: bool) -> None:
    quote = twin.quote(financier, held)
    if used_before:
        twin.finance(tier1.key, Deal(quote, 1_000))
    twin.cancel_quote(financier.key, quote.nonce)
    with twin.refused("QuoteIsCancelled", financier.party, quote.nonce):
        twin.finance(tier1.key, Deal(quote, 1_000))


def test_only_its_own_party_cancels_a_quote(
    twin: Twin, held: int, tier1: Actor, financier: Actor, financier2: Actor, rando: Actor
) -> None:
    quote = twin.quote(financier, held)
    twin.cancel_quote(financier2.key, quote.nonce)
    with twin.refused("MissingRight", rando.address, 0, 0, int(Right.QUOTE)):
        twin.cancel_quote(rando.key, quote.nonce)
    twin.finance(tier1.key, Deal(quote, FACE))


def test_refuses_another_quote_under_a_used_nonce(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    quote = twin.quote(financier, held, max_amount=2_000)
    twin.finance(tier1.key, Deal(quote, 2_000))
    with twin.refused("QuoteNonceTaken", financier.party, quote.nonce):
        twin.finance(tier1.key, Deal(replace(quote, max_amount=FACE), 2_000))


@pytest.mark.parametrize("end", ["epoch", "suspension", "account"])
def test_refuses_a_quote_of_an_old_epoch(twin: Twin, held: int, tier1: Actor, financier: Actor, end: str) -> None:
    clerk = key_of("trader")
    twin.add_account(financier.key, clerk, int(Right.QUOTE))
    quote = twin.quote(financier, held)
    if end == "epoch":
        twin.raise_epoch(financier.key)
    elif end == "suspension":
        twin.suspend(financier.party)
        twin.reinstate(financier.party)
    else:
        twin.set_rights(financier.key, clerk.address, 0)
    with twin.refused("QuoteEpochOver", financier.party, 0, 1):
        twin.finance(tier1.key, Deal(quote, FACE))
    twin.finance(tier1.key, Deal(replace(quote, epoch=1, nonce=quote.nonce + 1000), FACE))


def test_refuses_a_signer_without_the_quote_right(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    clerk = key_of("clerk")
    twin.add_account(financier.key, clerk, int(Right.ACT))
    twin.signers[clerk.address] = clerk
    with twin.refused("MissingRight", clerk.address, financier.party, int(Right.ACT), int(Right.QUOTE)):
        twin.finance(tier1.key, Deal(twin.quote(financier, held, signer=clerk.address), FACE))


def test_refuses_a_signer_or_payer_of_another_party(
    twin: Twin, held: int, tier1: Actor, tier2: Actor, financier: Actor, financier2: Actor, rando: Actor
) -> None:
    quote = twin.quote(financier, held, signer=financier2.address)
    with twin.refused("SignerOfOtherParty", financier2.address, financier.party, financier2.party):
        twin.finance(tier1.key, Deal(quote, FACE))
    twin.seen.accounts.add(rando.address)
    for owner in (tier2.cash, rando.key):
        twin.mint(1, owner.address, FACE)
        twin.approve(owner, 1, "FinancingDesk", FACE)
    for payer in (financier2.cash.address, tier2.cash.address, rando.address):
        party = twin.model.world.registry.account(payer).party
        with twin.refused("PayerOfOtherParty", payer, financier.party, party):
            twin.finance(tier1.key, Deal(twin.quote(financier, held, payer=payer), FACE))


def test_refuses_a_buyer_that_is_no_financier(twin: Twin, held: int, tier1: Actor, tier2: Actor, core2: Actor) -> None:
    with twin.refused("MissingRole", core2.party, int(Role.CORE_ENTERPRISE | Role.SUPPLIER), int(Role.FINANCIER)):
        twin.finance(tier1.key, Deal(twin.quote(core2, held), FACE))
    try:
        twin.finance(tier1.key, Deal(twin.quote(tier2, held), FACE))
    except Exception as refusal:
        assert "MissingRole" in refusal.names  # type: ignore[attr-defined]
    else:
        raise AssertionError("a supplier bought a note")


def test_refuses_a_suspended_or_expired_buyer(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    twin.suspend(financier.party)
    with twin.refused("PartyIsSuspended", financier.party):
        twin.finance(tier1.key, Deal(twin.quote(financier, held, epoch=1), FACE))
    twin.reinstate(financier.party)
    twin.renew_identity(financier.party, twin.today)
    twin.move_to(twin.chain.now + 86_400)
    with twin.refused("IdentityExpired", financier.party, twin.today - 1):
        twin.finance(tier1.key, Deal(twin.quote(financier, held), FACE))


def test_refuses_a_suspended_seller(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    twin.suspend(tier1.party)
    with twin.refused("PartyIsSuspended", tier1.party):
        twin.finance(tier1.key, Deal(twin.quote(financier, held), FACE))


def test_refuses_a_quote_for_another_seller(
    twin: Twin, held: int, tier1: Actor, tier2: Actor, financier: Actor
) -> None:
    quote = twin.quote(financier, held, seller=tier2.party)
    with twin.refused("QuoteForOtherSeller", tier2.party, tier1.party):
        twin.finance(tier1.key, Deal(quote, FACE))
    with twin.refused("NotHolder", held, tier1.party, tier2.party):
        twin.finance(tier2.key, Deal(quote, FACE))


def test_refuses_a_buyer_that_is_the_seller(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    child = twin.finance(tier1.key, Deal(twin.quote(financier, held), FACE))[0]
    with twin.refused("BuyerIsSeller", financier.party):
        twin.finance(financier.key, Deal(twin.quote(financier, child), FACE))


def test_refuses_no_registry_reference(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    with twin.refused("RegistryReferenceMissing", held):
        twin.finance(tier1.key, Deal(twin.quote(financier, held, registry_reference=ZERO_HASH), FACE))


def test_policy_may_ask_for_no_registry_reference(twin: Twin, core: Actor, tier1: Actor, financier: Actor) -> None:
    twin.set_policy(replace(POLICY, registry_required=False))
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)])
    twin.accept(tier1.key, 1)
    twin.set_policy(POLICY)
    twin.finance(tier1.key, Deal(twin.quote(financier, 1, registry_reference=ZERO_HASH), FACE))


def test_refuses_less_than_the_seller_takes(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    due = twin.model.world.ledger.receivables[1].due_day
    price = price_down(FACE, 600, twin.today, due)
    with twin.refused("PriceTooLow", price, price + 1):
        twin.finance(tier1.key, Deal(twin.quote(financier, held), FACE, min_price=price + 1))
    twin.finance(tier1.key, Deal(twin.quote(financier, held), FACE, min_price=price))


def test_refuses_a_price_of_nothing(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    for rate in (40_000, 2**32 - 1):
        with twin.refused("PriceTooLow", 0, 0):
            twin.finance(tier1.key, Deal(twin.quote(financier, held, rate_bps=rate), MINIMUM))


def test_refuses_more_or_less_than_the_note_bears(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    big = twin.quote(financier, held, max_amount=2**96 - 2)
    with twin.refused("ValueExceeded", held, FACE + 1, FACE):
        twin.finance(tier1.key, Deal(big, FACE + 1))
    with twin.refused("BelowMinimum", held, MINIMUM - 1, MINIMUM):
        twin.finance(tier1.key, Deal(big, MINIMUM - 1))
    with twin.refused("BelowMinimum", held, MINIMUM - 1, MINIMUM):
        twin.finance(tier1.key, Deal(big, FACE - MINIMUM + 1))
    with twin.refused("UnknownNote", 99):
        twin.finance(tier1.key, Deal(replace(big, note=99), FACE))


def test_refuses_what_is_not_accepted(twin: Twin, offered: int, tier1: Actor, financier: Actor) -> None:
    with twin.refused("NotHeld", offered, int(NoteStatus.OFFERED)):
        twin.finance(tier1.key, Deal(twin.quote(financier, offered), FACE))


def test_refuses_from_the_due_day_on(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    due = twin.model.world.ledger.receivables[1].due_day
    twin.move_to(start_of(due))
    with twin.refused("NotBeforeDueDay", held, due):
        twin.finance(tier1.key, Deal(twin.quote(financier, held), FACE))


def test_refuses_notes_of_a_debtor_declared_overdue(twin: Twin, core: Actor, tier1: Actor, financier: Actor) -> None:
    twin.confirm(core.key, [twin.item(tier1.party, FACE, 1), twin.item(tier1.party, FACE, TENOR)])
    twin.accept(tier1.key, 1, 2)
    twin.move_to(twin.chain.now + (2 + POLICY.grace_days) * 86_400)
    twin.declare_overdue(tier1.key, 1)
    with twin.refused("DebtorOverdue", core.party, 1):
        twin.finance(tier1.key, Deal(twin.quote(financier, 2), FACE))


def test_refuses_while_paused(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    twin.set_paused(True)
    with twin.refused("ProtocolPaused"):
        twin.finance(tier1.key, Deal(twin.quote(financier, held), FACE))


def test_refuses_when_the_payer_is_short(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    quote = twin.quote(financier, held)
    price = price_down(FACE, 600, twin.today, twin.model.world.ledger.receivables[1].due_day)
    desk = twin.deployment["FinancingDesk"].address
    twin.approve(financier.cash, 1, "FinancingDesk", price - 1)
    with twin.refused("ERC20InsufficientAllowance", desk, price - 1, price):
        twin.finance(tier1.key, Deal(quote, FACE))
    twin.approve(financier.cash, 1, "FinancingDesk", 2**128)
    poor = key_of("empty account")
    twin.deployment.fund(poor.address)
    twin.add_account(financier.key, poor, int(Right.ACT))
    twin.approve(poor, 1, "FinancingDesk", 2**128)
    with twin.refused("ERC20InsufficientBalance", poor.address, 0, price):
        twin.finance(tier1.key, Deal(twin.quote(financier, held, payer=poor.address), FACE))


def test_one_bad_deal_undoes_all(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    good = twin.quote(financier, held)
    late = twin.quote(financier, held, valid_until=twin.chain.now - 1)
    with twin.refused("QuoteExpired", late.valid_until):
        twin.finance(tier1.key, Deal(good, 1_000), Deal(late, 1_000))


def test_the_posted_price_is_the_price(twin: Twin) -> None:
    desk = twin.deployment["FinancingDesk"]
    for amount, rate, day, due in (
        (1, 1, 1, 2),
        (FACE, 0, 100, 200),
        (2**96 - 1, 2**32 - 1, 0, 1),
        (2**96 - 1, 3_600, 0, 1_000),
        (360 * 10_000, 1, 0, 1),
        (360 * 10_000 + 1, 1, 0, 1),
        (FACE, 600, 200, 100),
    ):
        assert desk.call("price", amount, rate, day, due) == price_down(amount, rate, day, due)


def test_notes_financed_hash_is_the_wallets(twin: Twin, held: int, financier: Actor) -> None:
    from tests.contracts import signing

    quote = twin.quote(financier, held, registry_reference=keccak(text="中登网 1"))
    desk = twin.deployment["FinancingDesk"]
    message = signing.typed(desk, "Quote", signing.quote_message(quote))
    assert desk.call("quoteDigest", signing.quote_tuple(quote)) == signing.digest_of(message)
