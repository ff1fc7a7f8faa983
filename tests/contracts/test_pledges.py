"""Loans against a pledge: how one begins, what stays free, and how it ends; each rule tried alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contracts.chain import key_of
from tests.contracts.constants import CASH, CNY, FACE, GRACE, MINIMUM, POLICY, TENOR, ZERO_HASH
from tests.contracts.twin import ALLOWANCE, Actor, Twin
from tests.reference.arithmetic import DAY, start_of
from tests.reference.financing import Deal
from tests.reference.notes import NoteFlag, NoteStatus
from tests.reference.parties import Right
from tests.reference.passing import Portion
from tests.reference.world import Loan

PLEDGED, LENT = FACE * 3 // 5, FACE // 2
FREE = FACE - PLEDGED
AROUND = pytest.mark.parametrize(("offset", "over"), [(-1, False), (0, True), (1, True)])


def loan_of(twin: Twin, note: int) -> Loan:
    return twin.model.world.loans[note]


def status(twin: Twin, note: int) -> NoteStatus:
    return twin.model.world.ledger.status(note, twin.today)


def balance(twin: Twin, actor: Actor, currency: int = 1) -> int:
    return twin.model.world.tokens[twin.token(currency)].balances[actor.cash.address]


def fund(twin: Twin, actor: Actor, currency: int = 1) -> None:
    """Cash, and an allowance for the desk that takes repayments of loans."""
    twin.mint(currency, actor.cash.address, CASH)
    twin.approve(actor.cash, currency, "PledgeDesk", ALLOWANCE)


# -- it begins


def test_cash_against_pledge_in_one_transaction(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held))
    assert (balance(twin, tier1), balance(twin, financier)) == (LENT, CASH - LENT)
    note = twin.model.world.ledger.notes[held]
    assert (status(twin, held), note.value, note.pledged) == (NoteStatus.PLEDGED, FACE, PLEDGED)
    assert loan_of(twin, held).claim(twin.today) == LENT


def test_all_of_a_note_for_all_of_its_value(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held, pledged_value=FACE, principal=FACE, cap=FACE, rate_bps=0))
    assert balance(twin, tier1) == FACE


def test_dust_down_to_one_minor_unit(
    twin: Twin, held: int, core: Actor, tier1: Actor, tier2: Actor, financier: Actor
) -> None:
    """One unit of a note lends one unit; the rest moves, but for the minimum that a remainder has."""
    twin.pledge(tier1.key, twin.loan_quote(financier, held, pledged_value=1, principal=1, cap=1, rate_bps=2**32 - 1))
    with twin.refused("BelowMinimum", held, 1, MINIMUM):
        twin.split(tier1.key, (held, [Portion(tier2.party, FACE - 1)]))
    twin.split(tier1.key, (held, [Portion(tier2.party, FACE - MINIMUM)]))
    twin.move_to(start_of(twin.model.world.ledger.receivables[1].due_day))
    assert loan_of(twin, held).claim(twin.today) == 1
    twin.repay(core.key, held, payer=core.cash.address)
    assert (balance(twin, financier), balance(twin, tier1)) == (CASH, 1 + MINIMUM - 1)


def test_a_bought_note_secures_a_loan_of_another_financier(
    twin: Twin, held: int, core: Actor, tier1: Actor, financier: Actor, financier2: Actor
) -> None:
    (bought,) = twin.finance(tier1.key, Deal(twin.quote(financier, held), FACE // 2))
    twin.pledge(financier.key, twin.loan_quote(financier2, bought))
    free = twin.model.world.ledger.notes[bought].free
    with twin.refused("ValueExceeded", bought, free + 1, free):
        twin.finance(financier.key, Deal(twin.quote(financier2, bought), free + 1))
    (sold,) = twin.finance(financier.key, Deal(twin.quote(financier2, bought), free))
    twin.repay(core.key, bought, sold, payer=core.cash.address)
    assert status(twin, bought) == NoteStatus.REPAID


@pytest.mark.parametrize(
    ("principal", "cap", "pledged"),
    [(0, 500, 500), (501, 500, 600), (500, 601, 600), (0, 0, 0)],
    ids=["nothing lent", "more than the cap", "cap over what is pledged", "nothing at all"],
)
def test_refuses_what_makes_no_loan(
    twin: Twin, held: int, tier1: Actor, financier: Actor, principal: int, cap: int, pledged: int
) -> None:
    quote = twin.loan_quote(financier, held, principal=principal, cap=cap, pledged_value=pledged)
    with twin.refused("InvalidLoan", principal, cap, pledged):
        twin.pledge(tier1.key, quote)


def test_refuses_to_pledge_more_than_there_is(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    with twin.refused("ValueExceeded", held, FACE + 1, FACE):
        twin.pledge(tier1.key, twin.loan_quote(financier, held, pledged_value=FACE + 1))
    twin.pledge(tier1.key, twin.loan_quote(financier, held, pledged_value=FACE))


def test_one_loan_a_note(twin: Twin, held: int, tier1: Actor, financier: Actor, financier2: Actor) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held))
    quote = twin.loan_quote(financier2, held, pledged_value=500, principal=500, cap=500)
    with twin.refused("NotHeld", held, int(NoteStatus.PLEDGED)):
        twin.pledge(tier1.key, quote)


def test_refuses_what_is_frozen_or_reserved(
    twin: Twin, held: int, tier1: Actor, financier: Actor, arbiter: Actor
) -> None:
    quote = twin.loan_quote(financier, held)
    twin.freeze(arbiter.key, held)
    with twin.refused("NotHeld", held, int(NoteStatus.FROZEN)):
        twin.pledge(tier1.key, quote)
    twin.release_notes(arbiter.key, held)
    desk = key_of("a desk of its own")
    twin.deployment.fund(desk.address)
    twin.deployment.administer("ReceivableNotes", "setDesk", desk.address, True)
    twin.deployment["ReceivableNotes"].do(desk, "setMark", held, int(NoteFlag.RESERVED), True)
    twin.model.world.ledger.notes[held].flags |= NoteFlag.RESERVED
    with twin.refused("NotHeld", held, int(NoteStatus.RESERVED)):
        twin.pledge(tier1.key, quote)


def test_refuses_what_is_not_held(twin: Twin, offered: int, tier1: Actor, tier2: Actor, financier: Actor) -> None:
    quote = twin.loan_quote(financier, offered)
    with twin.refused("NotHeld", offered, int(NoteStatus.OFFERED)):
        twin.pledge(tier1.key, quote)
    twin.accept(tier1.key, offered)
    with twin.refused("NotHolder", offered, tier1.party, tier2.party):
        twin.pledge(tier2.key, replace(quote, holder=tier2.party))
    twin.split(tier1.key, (offered, [Portion(tier2.party, FACE)]))
    assert twin.model.world.ledger.notes[offered].value == 0
    with pytest.raises(Exception, match="NotHeld"):
        twin.pledge(tier1.key, quote)


def test_refuses_a_note_that_is_not_there(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    quote = replace(twin.loan_quote(financier, held), note=77)
    with pytest.raises(Exception, match="NotHolder"):
        twin.pledge(tier1.key, quote)


@AROUND
def test_i_14_clock_pledge_until_the_due_day(
    twin: Twin, held: int, tier1: Actor, financier: Actor, offset: int, over: bool
) -> None:
    due = twin.model.world.ledger.receivables[1].due_day
    moment = start_of(due) + offset
    quote = twin.loan_quote(financier, held, valid_until=moment + 9)
    if over:
        with twin.refused("NotBeforeDueDay", held, due):
            twin.pledge(tier1.key, quote, at=moment)
    else:
        twin.pledge(tier1.key, quote, at=moment)


@pytest.mark.parametrize(("offset", "over"), [(-1, False), (0, False), (1, True)])
def test_i_14_clock_loan_quote_expiry(
    twin: Twin, held: int, tier1: Actor, financier: Actor, offset: int, over: bool
) -> None:
    until = twin.chain.now + 100
    quote = twin.loan_quote(financier, held, valid_until=until)
    if over:
        with twin.refused("QuoteExpired", until):
            twin.pledge(tier1.key, quote, at=until + offset)
    else:
        twin.pledge(tier1.key, quote, at=until + offset)


@AROUND
def test_i_14_clock_loan_interest_by_whole_days(
    twin: Twin, held: int, tier1: Actor, financier: Actor, offset: int, over: bool
) -> None:
    """A day's interest is due when the next business day begins: 50,000,000 × 6% / 360."""
    twin.pledge(tier1.key, twin.loan_quote(financier, held))
    fund(twin, tier1)
    midnight = start_of(twin.today + 1)
    assert twin.repay_loan(tier1.cash, held, at=midnight + offset) == LENT + (8_333 if over else 0)


def test_refuses_while_the_debtor_is_overdue(
    twin: Twin, held: int, core: Actor, tier1: Actor, financier: Actor, rando: Actor
) -> None:
    twin.confirm(core.key, [twin.item(tier1.party, FACE, 1)])
    twin.accept(tier1.key, held + 1)
    twin.move_to(start_of(twin.today + 1 + GRACE + 1))
    twin.declare_overdue(rando.key, 2)
    quote = twin.loan_quote(financier, held)
    with twin.refused("DebtorOverdue", core.party, 1):
        twin.pledge(tier1.key, quote)
    twin.repay(core.key, held + 1, payer=core.cash.address)
    twin.pledge(tier1.key, quote)


def test_refuses_while_paused_but_ends_then_too(
    twin: Twin, held: int, tier1: Actor, tier2: Actor, financier: Actor
) -> None:
    quote = twin.loan_quote(financier, held)
    twin.set_paused(True)
    with twin.refused("ProtocolPaused"):
        twin.pledge(tier1.key, quote)
    twin.set_paused(False)
    twin.pledge(tier1.key, quote)
    twin.set_paused(True)
    fund(twin, tier2)
    twin.repay_loan(tier2.cash, held)
    assert status(twin, held) == NoteStatus.HELD


def test_asks_for_a_registry_reference_where_the_debt_does(
    twin: Twin, held: int, core: Actor, tier1: Actor, financier: Actor
) -> None:
    with twin.refused("RegistryReferenceMissing", held):
        twin.pledge(tier1.key, twin.loan_quote(financier, held, registry_reference=ZERO_HASH))
    twin.set_policy(replace(POLICY, registry_required=False))
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)])
    twin.accept(tier1.key, held + 1)
    twin.pledge(tier1.key, twin.loan_quote(financier, held + 1, registry_reference=ZERO_HASH))


def test_refuses_a_currency_that_banks_move(twin: Twin, core: Actor, tier1: Actor, financier: Actor) -> None:
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR)], currency=3)
    twin.accept(tier1.key, 1)
    with twin.refused("OnBankRail", CNY):
        twin.pledge(tier1.key, twin.loan_quote(financier, 1))


# -- who lends


def test_the_lender_is_an_active_financier_and_nobody_near(
    twin: Twin, held: int, core: Actor, tier1: Actor, tier2: Actor, financier: Actor
) -> None:
    quote = twin.loan_quote(financier, held)
    with twin.refused("MissingRole", tier2.party, 2, 4):
        twin.pledge(tier1.key, replace(quote, lender=tier2.party, signer=tier2.address, payer=tier2.cash.address))
    twin.set_roles(tier1.party, 6)
    own = replace(quote, lender=tier1.party, signer=tier1.address, payer=tier1.cash.address)
    with twin.refused("InvalidLender", tier1.party):
        twin.pledge(tier1.key, own)
    twin.set_roles(core.party, 5)
    debtors = replace(quote, lender=core.party, signer=core.address, payer=core.cash.address)
    with twin.refused("InvalidLender", core.party):
        twin.pledge(tier1.key, debtors)
    twin.renew_identity(financier.party, twin.today)
    twin.move_to(twin.chain.now + DAY)
    with twin.refused("IdentityExpired", financier.party, twin.today - 1):
        twin.pledge(tier1.key, replace(quote, valid_until=twin.chain.now + 99))


def test_a_suspended_lender_or_holder_begins_nothing(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    quote = twin.loan_quote(financier, held)
    twin.suspend(financier.party)
    with pytest.raises(Exception, match="PartyIsSuspended"):
        twin.pledge(tier1.key, quote)
    twin.reinstate(financier.party)
    with twin.refused("QuoteEpochOver", financier.party, 0, 1):
        twin.pledge(tier1.key, quote)
    fresh = twin.loan_quote(financier, held)
    twin.suspend(tier1.party)
    with twin.refused("PartyIsSuspended", tier1.party):
        twin.pledge(tier1.key, fresh)


def test_only_the_holder_with_the_act_right_takes_it(
    twin: Twin, held: int, tier1: Actor, tier2: Actor, financier: Actor
) -> None:
    quote = twin.loan_quote(financier, held)
    with twin.refused("QuoteForOtherHolder", tier1.party, tier2.party):
        twin.pledge(tier2.key, quote)
    with twin.refused("MissingRight", tier1.cash.address, tier1.party, int(Right.SETTLE), int(Right.ACT)):
        twin.pledge(tier1.cash, quote)


def test_a_quote_is_taken_once(twin: Twin, held: int, tier1: Actor, tier2: Actor, financier: Actor) -> None:
    quote = twin.loan_quote(financier, held)
    twin.pledge(tier1.key, quote)
    fund(twin, tier2)
    twin.repay_loan(tier2.cash, held)
    with twin.refused("LoanQuoteUsed", financier.party, quote.nonce):
        twin.pledge(tier1.key, quote)
    other = twin.loan_quote(financier, held, nonce=quote.nonce, principal=1)
    with twin.refused("LoanQuoteUsed", financier.party, quote.nonce):
        twin.pledge(tier1.key, other)


def test_a_quote_ends_by_its_nonce_or_its_epoch(
    twin: Twin, held: int, tier1: Actor, financier: Actor, financier2: Actor, rando: Actor
) -> None:
    quote = twin.loan_quote(financier, held)
    twin.cancel_loan_quote(financier2.key, quote.nonce)
    with twin.refused("MissingRight", rando.address, 0, 0, int(Right.QUOTE)):
        twin.cancel_loan_quote(rando.key, quote.nonce)
    twin.cancel_loan_quote(financier.key, quote.nonce)
    with twin.refused("LoanQuoteUsed", financier.party, quote.nonce):
        twin.pledge(tier1.key, quote)
    another = twin.loan_quote(financier, held)
    twin.raise_epoch(financier.key)
    with twin.refused("QuoteEpochOver", financier.party, 0, 1):
        twin.pledge(tier1.key, another)
    twin.pledge(tier1.key, twin.loan_quote(financier, held))


def test_signer_and_payer_are_the_lenders_own(
    twin: Twin, held: int, tier1: Actor, financier: Actor, financier2: Actor
) -> None:
    quote = twin.loan_quote(financier, held)
    with twin.refused("SignerOfOtherParty", financier2.address, financier.party, financier2.party):
        twin.pledge(tier1.key, replace(quote, signer=financier2.address))
    with twin.refused("PayerOfOtherParty", financier2.cash.address, financier.party, financier2.party):
        twin.pledge(tier1.key, replace(quote, payer=financier2.cash.address))
    with twin.refused("MissingRight", financier.cash.address, financier.party, int(Right.SETTLE), int(Right.QUOTE)):
        twin.pledge(tier1.key, replace(quote, signer=financier.cash.address))
    clerk = key_of("clerk of the financier")
    twin.add_account(financier.key, clerk, int(Right.ACT))
    twin.deployment.fund(clerk.address)
    twin.mint(1, clerk.address, CASH)
    twin.approve(clerk, 1, "PledgeDesk", CASH)
    twin.pledge(tier1.key, replace(quote, payer=clerk.address))


def test_the_lenders_cash_or_nothing(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    twin.approve(financier.cash, 1, "PledgeDesk", LENT - 1)
    quote = twin.loan_quote(financier, held)
    desk = twin.deployment["PledgeDesk"].address
    with twin.refused("ERC20InsufficientAllowance", desk, LENT - 1, LENT):
        twin.pledge(tier1.key, quote)
    twin.approve(financier.cash, 1, "PledgeDesk", LENT)
    twin.pledge(tier1.key, quote)


# -- what stays free


def test_what_is_pledged_does_not_move_and_the_rest_does(
    twin: Twin, held: int, core: Actor, tier1: Actor, tier2: Actor, financier: Actor, financier2: Actor
) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held))
    most = twin.quote(core, held, registry_reference=ZERO_HASH)
    twin.set_roles(core.party, 3)
    for act in (
        lambda amount: twin.split(tier1.key, (held, [Portion(tier2.party, amount)])),
        lambda amount: twin.split(tier1.key, (held, [Portion(core.party, amount)])),
        lambda amount: twin.finance(tier1.key, Deal(twin.quote(financier2, held), amount)),
        lambda amount: twin.finance(tier1.key, Deal(most, amount)),
    ):
        free = twin.model.world.ledger.notes[held].free
        with twin.refused("ValueExceeded", held, free + 1, free):
            act(free + 1)
        act(FREE // 4)
    facts = twin.model.world.ledger.notes[held]
    assert (facts.value, facts.free) == (PLEDGED, 0)
    with twin.refused("ValueExceeded", held, MINIMUM, 0):
        twin.split(tier1.key, (held, [Portion(tier2.party, MINIMUM)]))


def test_value_coming_back_to_a_pledged_note_is_free(
    twin: Twin, held: int, tier1: Actor, tier2: Actor, tier3: Actor, financier: Actor
) -> None:
    offer = twin.split(tier1.key, (held, [Portion(tier2.party, FREE)]))
    twin.pledge(tier1.key, twin.loan_quote(financier, held, pledged_value=PLEDGED, cap=PLEDGED, principal=LENT))
    assert twin.model.world.ledger.notes[held].free == 0
    twin.refuse(tier2.key, offer)
    facts = twin.model.world.ledger.notes[held]
    assert (facts.value, facts.pledged, facts.free) == (FACE, PLEDGED, FREE)
    twin.split(tier1.key, (held, [Portion(tier3.party, FREE)]))


def test_an_open_offer_of_a_pledged_note_is_paid_to_the_holder_alone(
    twin: Twin, held: int, core: Actor, tier1: Actor, tier2: Actor, financier: Actor
) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held))
    offer = twin.split(tier1.key, (held, [Portion(tier2.party, FREE)]))
    before = balance(twin, tier1)
    twin.repay(core.key, offer, payer=core.cash.address)
    assert balance(twin, tier1) == before + FREE
    assert loan_of(twin, held).claim(twin.today) == LENT


# -- it ends


def test_the_note_pays_the_lender_first_and_the_holder_the_rest(
    twin: Twin, held: int, core: Actor, tier1: Actor, financier: Actor
) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held))
    twin.move_to(start_of(twin.today + TENOR))
    # 50,000,000 × 6% × 90 / 360
    claim = LENT + 750_000
    assert loan_of(twin, held).claim(twin.today) == claim
    assert twin.repay(core.key, held, payer=core.cash.address) == FACE
    assert twin.last is not None
    legs = twin.deployment["RepaymentDesk"].events(twin.last, "Paid")
    assert [(leg["payee"].lower(), leg["amount"]) for leg in legs] == [
        (financier.cash.address.lower(), claim),
        (tier1.cash.address.lower(), FACE - claim),
    ]
    assert (balance(twin, financier), balance(twin, tier1)) == (CASH - LENT + claim, LENT + FACE - claim)
    assert (status(twin, held), held in twin.model.world.loans) == (NoteStatus.REPAID, False)


def test_a_late_debtor_pays_the_holder_the_overdue_interest_and_the_lender_no_more_than_the_cap(
    twin: Twin, held: int, core: Actor, tier1: Actor, financier: Actor
) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held, rate_bps=3_000, cap=PLEDGED))
    twin.move_to(start_of(twin.today + TENOR + 300))
    paid = twin.repay(core.key, held, payer=core.cash.address)
    assert paid > FACE
    assert (balance(twin, financier), balance(twin, tier1)) == (CASH - LENT + PLEDGED, LENT + paid - PLEDGED)


def test_two_rounds_pay_the_lender_first_in_each(
    twin: Twin, held: int, core: Actor, tier1: Actor, tier2: Actor, financier: Actor
) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held, rate_bps=0))
    offer = twin.split(tier1.key, (held, [Portion(tier2.party, FREE)]))
    twin.accept(tier2.key, offer)
    twin.move_to(start_of(twin.model.world.ledger.receivables[1].due_day))
    # all of the note is pledged; a third of it is paid, then half of the rest, then the rest
    twin.open_round(core.key, 1, FACE // 3)
    twin.pay_round(core.key, 1, held, offer, payer=core.cash.address)
    share = FACE // 3 * 3 // 5
    note = twin.model.world.ledger.notes[held]
    assert (balance(twin, tier1), loan_of(twin, held).claim(twin.today)) == (LENT, LENT - share)
    assert (note.value, note.pledged) == (PLEDGED - share, PLEDGED - share)
    twin.open_round(core.key, 1, twin.model.world.ledger.receivables[1].outstanding // 2)
    twin.pay_round(core.key, 1, offer, held, payer=core.cash.address)
    second = PLEDGED - share - twin.model.world.ledger.notes[held].value
    assert loan_of(twin, held).claim(twin.today) == LENT - share - second
    twin.repay(core.key, held, offer, payer=core.cash.address)
    assert balance(twin, financier) == CASH
    assert balance(twin, tier1) == LENT + PLEDGED - LENT


def test_a_share_that_pays_the_claim_releases_the_rest(
    twin: Twin, held: int, core: Actor, tier1: Actor, financier: Actor
) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held, rate_bps=0, principal=FACE // 4))
    twin.move_to(start_of(twin.model.world.ledger.receivables[1].due_day))
    twin.open_round(core.key, 1, FACE // 2)
    twin.pay_round(core.key, 1, held, payer=core.cash.address)
    note = twin.model.world.ledger.notes[held]
    assert (status(twin, held), note.value, note.pledged) == (NoteStatus.HELD, FACE // 2, 0)
    assert balance(twin, tier1) == FACE // 2


def test_a_share_that_leaves_as_much_as_is_pledged_leaves_the_pledge(
    twin: Twin, held: int, core: Actor, tier1: Actor, financier: Actor
) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held))
    twin.move_to(start_of(twin.model.world.ledger.receivables[1].due_day))
    twin.open_round(core.key, 1, FREE)
    twin.pay_round(core.key, 1, held, payer=core.cash.address)
    assert twin.model.world.ledger.notes[held].pledged == PLEDGED


def test_several_notes_of_which_one_is_pledged(
    twin: Twin, held: int, core: Actor, tier1: Actor, tier2: Actor, financier: Actor
) -> None:
    offer = twin.split(tier1.key, (held, [Portion(tier2.party, 500), Portion(tier2.party, 700)]))
    twin.accept(tier2.key, offer, offer + 1)
    twin.pledge(tier2.key, twin.loan_quote(financier, offer))
    assert twin.repay(core.key, offer + 1, offer, held, payer=core.cash.address) == FACE
    assert balance(twin, tier2) == 700 + 500
    assert balance(twin, financier) == CASH


def test_anyone_may_repay_the_loan_which_releases_by_itself(
    twin: Twin, held: int, core: Actor, tier1: Actor, tier3: Actor, financier: Actor
) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held))
    twin.move_to(twin.chain.now + 36 * DAY)
    claim = LENT + 300_000
    assert twin.repay_loan(core.key, held, payer=core.cash.address) == claim
    assert (status(twin, held), balance(twin, financier)) == (NoteStatus.HELD, CASH - LENT + claim)
    twin.split(tier1.key, (held, [Portion(tier3.party, FACE)]))


def test_a_suspended_holder_may_repay_its_loan(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held))
    fund(twin, tier1)
    twin.suspend(tier1.party)
    twin.repay_loan(tier1.key, held, payer=tier1.cash.address)
    assert status(twin, held) == NoteStatus.HELD


def test_in_part_interest_first_and_then_on_less(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held, cap=PLEDGED))
    fund(twin, tier1)
    twin.move_to(twin.chain.now + 36 * DAY)
    assert twin.repay_loan(tier1.cash, held, 100_000) == 100_000
    loan = loan_of(twin, held)
    assert (loan.principal, loan.accrued, loan.cap) == (LENT, 200_000, PLEDGED - 100_000)
    twin.repay_loan(tier1.cash, held, 200_000 + LENT // 2)
    assert (loan_of(twin, held).principal, loan_of(twin, held).accrued) == (LENT // 2, 0)
    twin.move_to(twin.chain.now + 36 * DAY)
    assert loan_of(twin, held).claim(twin.today) == LENT // 2 + 150_000
    assert twin.model.world.ledger.notes[held].pledged == PLEDGED
    assert twin.repay_loan(tier1.cash, held) == LENT // 2 + 150_000
    assert status(twin, held) == NoteStatus.HELD


def test_paying_in_parts_gains_nothing(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    """A unit a day: each day's interest is 8,333 and a third; the fractions add up and are not lost."""
    twin.pledge(tier1.key, twin.loan_quote(financier, held))
    fund(twin, tier1)
    paid = 0
    for _ in range(3):
        twin.move_to(twin.chain.now + DAY)
        paid += twin.repay_loan(tier1.cash, held, 8_333)
    assert paid + loan_of(twin, held).claim(twin.today) == LENT + 25_000


def test_the_cap_is_the_most_of_all_payments_together(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held, rate_bps=2**32 - 1))
    fund(twin, tier1)
    twin.move_to(twin.chain.now + 30 * DAY)
    assert loan_of(twin, held).claim(twin.today) == PLEDGED
    twin.repay_loan(tier1.cash, held, PLEDGED - 1)
    twin.move_to(twin.chain.now + 30 * DAY)
    assert twin.repay_loan(tier1.cash, held) == 1
    assert (status(twin, held), balance(twin, financier)) == (NoteStatus.HELD, CASH - LENT + PLEDGED)


def test_refuses_a_repayment_that_is_none(
    twin: Twin, held: int, core: Actor, tier1: Actor, tier2: Actor, financier: Actor, rando: Actor
) -> None:
    with twin.refused("NotPledged", held):
        twin.repay_loan(core.cash, held)
    with twin.refused("NotPledged", 77):
        twin.repay_loan(core.cash, 77)
    twin.pledge(tier1.key, twin.loan_quote(financier, held))
    with twin.refused("ZeroAmount"):
        twin.repay_loan(core.cash, held, 0)
    for caller in (rando, tier2):
        with twin.refused("PayerNotAuthorised", core.cash.address, caller.address):
            twin.repay_loan(caller.key, held, payer=core.cash.address)
    twin.mint(1, tier2.cash.address, CASH)
    with twin.refused("ERC20InsufficientAllowance", twin.deployment["PledgeDesk"].address, 0, LENT):
        twin.repay_loan(tier2.cash, held)
    holds = balance(twin, financier)
    with twin.refused("CashNotExact", twin.token(1), financier.cash.address, holds + LENT, holds):
        twin.repay_loan(financier.cash, held)


def test_the_lender_may_let_go(
    twin: Twin, held: int, tier1: Actor, tier2: Actor, financier: Actor, financier2: Actor
) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held))
    for caller in (tier1, financier2):
        with twin.refused("NotLender", held, financier.party, caller.party):
            twin.release_pledge(caller.key, held)
    with twin.refused("MissingRight", financier.cash.address, financier.party, int(Right.SETTLE), int(Right.ACT)):
        twin.release_pledge(financier.cash, held)
    twin.suspend(financier.party)
    with twin.refused("PartyIsSuspended", financier.party):
        twin.release_pledge(financier.key, held)
    twin.reinstate(financier.party)
    twin.release_pledge(financier.key, held)
    assert twin.last is not None
    (event,) = twin.deployment["PledgeDesk"].events(twin.last, "PledgeReleased")
    assert event["unpaid"] == LENT
    twin.split(tier1.key, (held, [Portion(tier2.party, FACE)]))
    with twin.refused("NotPledged", held):
        twin.release_pledge(financier.key, held)


def test_a_note_may_be_pledged_again(twin: Twin, held: int, tier1: Actor, financier: Actor, financier2: Actor) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held))
    fund(twin, tier1)
    twin.repay_loan(tier1.cash, held)
    twin.pledge(tier1.key, twin.loan_quote(financier2, held))
    assert loan_of(twin, held).lender == financier2.party


# -- where an account cannot take its cash


@pytest.mark.parametrize("who", ["financier", "tier1"])
def test_both_are_paid_or_neither(twin: Twin, core: Actor, tier1: Actor, financier: Actor, who: str) -> None:
    """One account blocked: the whole note is put back and tendered, with its pledge as it was."""
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR) for _ in range(2)], currency=2)
    twin.accept(tier1.key, 1, 2)
    twin.pledge(tier1.key, twin.loan_quote(financier, 1))
    twin.move_to(start_of(twin.model.world.ledger.receivables[1].due_day))
    twin.set_blocked(twin.actors[who].cash.address, True)
    before = [balance(twin, actor, 2) for actor in (core, tier1, financier)]
    assert twin.repay(core.key, 1, payer=core.cash.address) == 0
    assert twin.last is not None
    (event,) = twin.deployment["RepaymentDesk"].events(twin.last, "PaymentRefused")
    assert (event["payee"].lower(), event["amount"]) == (twin.actors[who].cash.address.lower(), FACE)
    assert [balance(twin, actor, 2) for actor in (core, tier1, financier)] == before
    note = twin.model.world.ledger.notes[1]
    assert note.flags & NoteFlag.TENDERED and (note.value, note.pledged) == (FACE, PLEDGED)
    twin.move_to(start_of(twin.today + 20))
    twin.set_blocked(twin.actors[who].cash.address, False)
    assert twin.repay(core.key, 1, payer=core.cash.address) == FACE


@pytest.mark.parametrize("short", ["allowance", "balance"])
def test_a_payer_that_can_pay_but_one_of_them_pays_neither(
    twin: Twin, held: int, core: Actor, tier1: Actor, financier: Actor, short: str
) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held))
    enough = FACE - 1
    if short == "allowance":
        twin.approve(core.cash, 1, "RepaymentDesk", enough)
        with twin.refused("ERC20InsufficientAllowance", twin.deployment["RepaymentDesk"].address, enough, FACE):
            twin.repay(core.key, held, payer=core.cash.address)
    else:
        twin.deployment["DepositToken"].do(core.cash, "burn", CASH - enough)
        twin.model.world.tokens[twin.token(1)].balances[core.cash.address] = enough
        with twin.refused("ERC20InsufficientBalance", core.cash.address, enough, FACE):
            twin.repay(core.key, held, payer=core.cash.address)


def test_too_little_gas_is_never_taken_for_a_refusal(
    twin: Twin, held: int, core: Actor, tier1: Actor, financier: Actor
) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held))
    desk, args = twin.deployment["RepaymentDesk"], ([held], core.cash.address, FACE)
    twin.move_to(start_of(twin.model.world.ledger.receivables[1].due_day))
    mark, paid = twin.chain.snapshot(), set[bool]()
    for gas in range(200_000, 1_000_000, 20_000):
        receipt = desk.send(core.key, "repay", *args, gas=gas)
        if receipt.ok:
            assert len(desk.events(receipt, "Paid")) == 2
        paid.add(receipt.ok)
        twin.chain.revert(mark)
        mark = twin.chain.snapshot()
    assert paid == {True, False}
    twin.move_to(twin.chain.now + 1)


# -- ranking: an order before the pledge


def test_a_frozen_notes_pledge_neither_changes_nor_ends(
    twin: Twin, held: int, core: Actor, tier1: Actor, financier: Actor, arbiter: Actor
) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held))
    twin.freeze(arbiter.key, held)
    with twin.refused("NoteFrozen", held):
        twin.repay_loan(core.cash, held)
    with twin.refused("NoteFrozen", held):
        twin.release_pledge(financier.key, held)
    twin.move_to(start_of(twin.model.world.ledger.receivables[1].due_day))
    assert twin.repay(core.key, held, payer=core.cash.address) == 0
    assert twin.model.world.ledger.notes[held].flags & NoteFlag.TENDERED
    twin.release_notes(arbiter.key, held)
    assert status(twin, held) == NoteStatus.PLEDGED
    twin.repay(core.key, held, payer=core.cash.address)
    assert balance(twin, financier) == CASH + 750_000


@pytest.mark.parametrize(
    ("taken", "left"),
    [(FREE, PLEDGED), (FREE + 1, PLEDGED - 1), (FACE - 1, 1)],
    ids=["what is free", "a unit of what is pledged", "all but a unit"],
)
def test_an_order_takes_what_is_pledged_and_the_claim_stays(
    twin: Twin,
    held: int,
    core: Actor,
    tier1: Actor,
    tier3: Actor,
    financier: Actor,
    arbiter: Actor,
    taken: int,
    left: int,
) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held, rate_bps=0))
    twin.freeze(arbiter.key, held)
    order = twin.order_reassignment(arbiter.key, held, tier3.party, taken)
    twin.move_to(twin.chain.now + 2 * DAY)
    note = twin.execute_reassignment(tier3.key, order)
    assert twin.model.world.ledger.notes[held].pledged == left
    assert loan_of(twin, held).claim(twin.today) == LENT
    twin.release_notes(arbiter.key, held)
    twin.repay(core.key, held, note, payer=core.cash.address)
    assert twin.last is not None
    (event,) = twin.deployment["PledgeDesk"].events(twin.last, "PledgeReleased")
    first = min(LENT, FACE - taken)
    assert event["unpaid"] == LENT - first
    assert (balance(twin, financier), balance(twin, tier1)) == (CASH - LENT + first, LENT + FACE - taken - first)
    assert balance(twin, tier3) == taken


def test_an_order_takes_all_and_the_claim_waits_for_what_comes_back(
    twin: Twin, held: int, core: Actor, tier1: Actor, tier2: Actor, tier3: Actor, financier: Actor, arbiter: Actor
) -> None:
    """What comes back is free to pass on; what is paid of it, the lender gets first."""
    offers = twin.split(tier1.key, (held, [Portion(tier2.party, 1_000), Portion(tier2.party, 2_000)]))
    twin.pledge(tier1.key, twin.loan_quote(financier, held))
    rest = FACE - 3_000
    twin.freeze(arbiter.key, held)
    order = twin.order_reassignment(arbiter.key, held, tier3.party, rest)
    twin.move_to(twin.chain.now + 2 * DAY)
    twin.execute_reassignment(tier3.key, order)
    twin.release_notes(arbiter.key, held)
    facts = twin.model.world.ledger.notes[held]
    assert (facts.value, facts.pledged, status(twin, held)) == (0, 0, NoteStatus.SPENT)
    twin.refuse(tier2.key, offers, offers + 1)
    assert status(twin, held) == NoteStatus.PLEDGED
    twin.split(tier1.key, (held, [Portion(tier3.party, 1_000)]))
    before = balance(twin, tier1)
    twin.repay(core.key, held, payer=core.cash.address)
    quote = twin.loan_quote(financier, held, principal=rest // 2)
    assert (balance(twin, financier), balance(twin, tier1)) == (CASH - quote.principal + 2_000, before)
    assert held not in twin.model.world.loans


def test_an_order_for_the_debtor_extinguishes_what_is_pledged(
    twin: Twin, held: int, core: Actor, tier1: Actor, financier: Actor, arbiter: Actor, rando: Actor
) -> None:
    twin.pledge(tier1.key, twin.loan_quote(financier, held))
    twin.freeze(arbiter.key, held)
    order = twin.order_reassignment(arbiter.key, held, core.party, FACE)
    twin.move_to(twin.chain.now + 2 * DAY)
    assert twin.execute_reassignment(rando.key, order) == 0
    assert twin.model.world.ledger.receivables[1].outstanding == 0
    twin.release_notes(arbiter.key, held)
    twin.repay_loan(core.cash, held)
    assert held not in twin.model.world.loans
