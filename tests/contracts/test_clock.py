"""I-14: at each boundary, one second before, on it and after, behaviour is the one stated."""

from __future__ import annotations

import pytest

from tests.contracts.chain import key_of
from tests.contracts.constants import FACE, GRACE, POLICY
from tests.contracts.twin import Actor, Twin
from tests.reference.arithmetic import overdue_down, start_of
from tests.reference.financing import Deal
from tests.reference.parties import Right
from tests.reference.passing import Portion

# -1, 0, +1 second around the boundary, and whether it is over by then
AROUND = pytest.mark.parametrize(("offset", "over"), [(-1, False), (0, True), (1, True)])


def due_day(twin: Twin) -> int:
    return twin.model.world.ledger.receivables[1].due_day


@AROUND
def test_i_14_clock_due_day_begins(
    twin: Twin, held: int, tier1: Actor, tier2: Actor, financier: Actor, offset: int, over: bool
) -> None:
    """From 00:00 (UTC+8) of the due day nothing is passed on or sold."""
    moment = start_of(due_day(twin)) + offset
    twin.move_to(moment - 5)
    quote = twin.quote(financier, held)
    if over:
        with twin.refused("NotBeforeDueDay", held, due_day(twin)):
            twin.split(tier1.key, (held, [Portion(tier2.party, 500)]), at=moment)
        with twin.refused("NotBeforeDueDay", held, due_day(twin)):
            twin.finance(tier1.key, Deal(quote, 500), at=moment)
    else:
        twin.split(tier1.key, (held, [Portion(tier2.party, 500)]), at=moment - 1)
        twin.finance(tier1.key, Deal(quote, 500), at=moment)


@AROUND
def test_i_14_clock_due_day_ends(twin: Twin, held: int, core: Actor, offset: int, over: bool) -> None:
    """Until 24:00 of the due day repayment costs no interest; then a whole day's."""
    moment = start_of(due_day(twin) + 1) + offset
    interest = overdue_down(FACE, POLICY.overdue_rate_bps, 1) if over else 0
    assert twin.repay(core.key, held, payer=core.cash.address, at=moment) == FACE + interest


@AROUND
def test_i_14_clock_grace_ends(twin: Twin, held: int, rando: Actor, offset: int, over: bool) -> None:
    moment = start_of(due_day(twin) + GRACE + 1) + offset
    if over:
        twin.declare_overdue(rando.key, 1, at=moment)
    else:
        last = due_day(twin) + GRACE
        with twin.refused("NotOverdue", 1, last, last):
            twin.declare_overdue(rando.key, 1, at=moment)


@AROUND
@pytest.mark.parametrize("tenor", [90, 2], ids=["by lifetime", "by due day"])
def test_i_14_clock_lapse(
    twin: Twin, core: Actor, tier1: Actor, rando: Actor, tenor: int, offset: int, over: bool
) -> None:
    twin.confirm(core.key, [twin.item(tier1.party, FACE, tenor) for _ in range(2)])
    last = twin.model.world.ledger.notes[1].lapse_day
    moment = start_of(last + 1) + offset
    if over:
        with twin.refused("OfferLapsed", 1, last):
            twin.accept(tier1.key, 1, at=moment)
        twin.lapse(rando.key, 2, at=moment)
    else:
        with twin.refused("OfferNotLapsed", 2, last):
            twin.lapse(rando.key, 2, at=moment - 1)
        twin.accept(tier1.key, 1, at=moment)


@pytest.mark.parametrize(("offset", "over"), [(-1, False), (0, False), (1, True)])
def test_i_14_clock_quote_expiry(
    twin: Twin, held: int, tier1: Actor, financier: Actor, offset: int, over: bool
) -> None:
    """A quote counts up to and including its last second."""
    until = twin.chain.now + 100
    quote = twin.quote(financier, held, valid_until=until)
    if over:
        with twin.refused("QuoteExpired", until):
            twin.finance(tier1.key, Deal(quote, FACE), at=until + offset)
    else:
        twin.finance(tier1.key, Deal(quote, FACE), at=until + offset)


@pytest.mark.parametrize(("offset", "over"), [(-1, False), (0, False), (1, True)])
def test_i_14_clock_attestation_deadline(twin: Twin, core: Actor, tier1: Actor, offset: int, over: bool) -> None:
    until = twin.chain.now + 100
    items, word = [twin.item(tier1.party, FACE, 90)], twin.attest(deadline=until)
    if over:
        with twin.refused("AttestationExpired", until):
            twin.confirm(core.key, items, attestation=word, at=until + offset)
    else:
        twin.confirm(core.key, items, attestation=word, at=until + offset)


@pytest.mark.parametrize(("offset", "over"), [(-1, False), (0, False), (1, True)])
def test_i_14_clock_account_deadline(twin: Twin, tier1: Actor, offset: int, over: bool) -> None:
    until, clerk = twin.chain.now + 100, key_of("clerk")
    if over:
        with twin.refused("DeadlinePassed", until):
            twin.add_account(tier1.key, clerk, int(Right.ACT), deadline=until, at=until + offset)
    else:
        twin.add_account(tier1.key, clerk, int(Right.ACT), deadline=until, at=until + offset)


@pytest.mark.parametrize("kind", ["recovery", "settlement"])
@pytest.mark.parametrize(("offset", "over"), [(-1, False), (0, False), (1, True)])
def test_i_14_clock_announcement_deadline(twin: Twin, tier1: Actor, kind: str, offset: int, over: bool) -> None:
    until, account = twin.chain.now + 100, key_of("new account")

    def announce() -> None:
        if kind == "recovery":
            twin.announce_recovery(tier1.party, account, deadline=until, at=until + offset)
        else:
            twin.announce_settlement(tier1.key, account, deadline=until, at=until + offset)

    if over:
        with twin.refused("DeadlinePassed", until):
            announce()
    else:
        announce()


@AROUND
def test_i_14_clock_recovery_is_ready(twin: Twin, tier1: Actor, rando: Actor, offset: int, over: bool) -> None:
    """From the last second of the veto period on."""
    twin.announce_recovery(tier1.party, key_of("recovered"))
    ready = twin.chain.now + 10 * 86_400
    if over:
        twin.finish_recovery(rando.key, tier1.party, at=ready + offset)
    else:
        with twin.refused("ChangeNotReady", tier1.party, ready):
            twin.finish_recovery(rando.key, tier1.party, at=ready + offset)


@AROUND
def test_i_14_clock_settlement_change_is_ready(twin: Twin, tier1: Actor, rando: Actor, offset: int, over: bool) -> None:
    twin.announce_settlement(tier1.key, key_of("new cash"))
    ready = twin.chain.now + 10 * 86_400
    if over:
        twin.finish_settlement(rando.key, tier1.party, at=ready + offset)
    else:
        with twin.refused("ChangeNotReady", tier1.party, ready):
            twin.finish_settlement(rando.key, tier1.party, at=ready + offset)


@AROUND
def test_i_14_clock_identity_expiry(twin: Twin, offered: int, tier1: Actor, offset: int, over: bool) -> None:
    last = twin.today + 3
    twin.renew_identity(tier1.party, last)
    moment = start_of(last + 1) + offset
    if over:
        with twin.refused("IdentityExpired", tier1.party, last):
            twin.accept(tier1.key, offered, at=moment)
    else:
        twin.accept(tier1.key, offered, at=moment)


@AROUND
def test_i_14_clock_consent_expiry(twin: Twin, held: int, tier1: Actor, tier2: Actor, offset: int, over: bool) -> None:
    last = twin.today + 3
    twin.set_consent(tier2.key, tier1.party, FACE, due_day(twin), last)
    child = twin.split(tier1.key, (held, [Portion(tier2.party, 500)]), at=start_of(last + 1) + offset)
    assert bool(twin.model.world.ledger.notes[child].flags & 1) is not over


@AROUND
def test_i_14_clock_tenor_counts_from_today(twin: Twin, core: Actor, tier1: Actor, offset: int, over: bool) -> None:
    """At midnight the longest due day moves on by one, and yesterday is past."""
    tomorrow = start_of(twin.today + 1)
    far = [twin.item(tier1.party, FACE, 366)]
    today = [twin.item(tier1.party, FACE, 0)]
    word, other = twin.attest(deadline=2**64), twin.attest(deadline=2**64)
    twin.move_to(tomorrow - 10)
    if over:
        twin.confirm(core.key, far, attestation=word, at=tomorrow + offset)
        with twin.refused("DueDayPast", twin.today - 1, twin.today):
            twin.confirm(core.key, today, attestation=other)
    else:
        twin.confirm(core.key, today, attestation=other, at=tomorrow - 2)
        with twin.refused("TenorOverPolicy", 366, 365):
            twin.confirm(core.key, far, attestation=word, at=tomorrow + offset)


@pytest.mark.parametrize(("offset", "over"), [(-1, False), (0, False), (1, True)])
def test_i_14_clock_permit_deadline(
    twin: Twin, held: int, tier1: Actor, financier: Actor, offset: int, over: bool
) -> None:
    """A permit counts up to and including its second; then the allowance decides."""
    twin.approve(financier.cash, 1, "FinancingDesk", 0)
    quote, until = twin.quote(financier, held), twin.chain.now + 600
    signed, price = twin.permit(quote, twin.price_of(quote, FACE), deadline=until), twin.price_of(quote, FACE)
    if over:
        with twin.refused("ERC20InsufficientAllowance", twin.deployment["FinancingDesk"].address, 0, price):
            twin.finance_funded(tier1.key, (Deal(quote, FACE), signed), at=until + offset)
    else:
        twin.finance_funded(tier1.key, (Deal(quote, FACE), signed), at=until + offset)


@AROUND
def test_i_14_clock_authorization_ends(
    twin: Twin, held: int, tier1: Actor, financier: Actor, offset: int, over: bool
) -> None:
    """An authorization counts strictly before its second, as its standard has it."""
    quote, before = twin.quote(financier, held), twin.chain.now + 600
    signed = twin.authorize(quote, FACE, before=before)
    if over:
        with twin.refused("AuthorizationExpired", before):
            twin.finance_funded(tier1.key, (Deal(quote, FACE), signed), at=before + offset)
    else:
        twin.finance_funded(tier1.key, (Deal(quote, FACE), signed), at=before + offset)


@pytest.mark.parametrize(("offset", "over"), [(-1, False), (0, False), (1, True)])
def test_i_14_clock_registration_deadline(
    twin: Twin, held: int, tier1: Actor, financier: Actor, offset: int, over: bool
) -> None:
    quote, until = twin.quote(financier, held), twin.chain.now + 600
    child = twin.finance(tier1.key, Deal(quote, FACE))[0]
    word = twin.registration(child, quote, deadline=until)
    if over:
        with twin.refused("RegistrationExpired", until):
            twin.register(financier.key, (word, quote), at=until + offset)
    else:
        twin.register(financier.key, (word, quote), at=until + offset)


@AROUND
def test_i_14_clock_recourse_interest_grows_with_the_day(
    twin: Twin, held: int, tier1: Actor, financier: Actor, offset: int, over: bool
) -> None:
    """Until 24:00 the claim is that of the day; then a day's interest more."""
    child = twin.finance(tier1.key, Deal(twin.quote(financier, held, recourse=True), FACE))[0]
    sold, desk = twin.today, twin.deployment["RecourseDesk"]
    price = twin.model.world.sales[child].price
    twin.move_to(start_of(sold + 10) + offset)
    days = 10 if over else 9
    assert desk.call("claim", child) == price + overdue_down(price, 600, days)
