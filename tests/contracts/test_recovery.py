"""Recovery: a party whose keys are lost or stolen gets an administrator again, unless one that it has says no."""

from __future__ import annotations

import pytest

from tests.contracts.chain import key_of
from tests.contracts.constants import FACE, ZERO_HASH
from tests.contracts.twin import Actor, Twin
from tests.reference.changes import VETO_PERIOD
from tests.reference.financing import Deal
from tests.reference.parties import Right

NEW = key_of("recovered administrator")


@pytest.fixture(autouse=True)
def funded(twin: Twin) -> None:
    """The new administrator has gas."""
    twin.deployment.fund(NEW.address)


def wait(twin: Twin) -> None:
    """Until what was announced is ready."""
    twin.move_to(twin.chain.now + VETO_PERIOD)


def test_a_party_that_has_lost_all_keys_goes_on(twin: Twin, held: int, core: Actor, tier1: Actor, rando: Actor) -> None:
    """Nobody of the party acts in between; its notes stay, its cash goes on arriving, and the lost key is worth nothing."""
    twin.announce_recovery(tier1.party, NEW, tier1.address)
    twin.repay(core.key, held, payer=core.cash.address, max_total=FACE)
    wait(twin)
    twin.finish_recovery(rando.key, tier1.party, tier1.address)
    accounts = twin.model.world.registry.account
    assert (accounts(NEW.address).rights, accounts(tier1.address).rights) == (Right.GRANTABLE, 0)
    assert twin.model.world.registry.parties[tier1.party].settlement == tier1.cash.address
    twin.set_consent(NEW, core.party, 1, twin.today, twin.today)
    with twin.refused("MissingRight", tier1.address, 0, 0, int(Right.ADMINISTER)):
        twin.add_account(tier1.key, key_of("clerk"), 1)


def test_nothing_changes_until_it_is_finished(twin: Twin, offered: int, tier1: Actor) -> None:
    twin.announce_recovery(tier1.party, NEW, tier1.address)
    wait(twin)
    with twin.refused("MissingRight", NEW.address, 0, 0, int(Right.ACT)):
        twin.accept(NEW, offered)
    twin.accept(tier1.key, offered)


@pytest.mark.parametrize("who", ["the announced to be removed", "another administrator"])
@pytest.mark.parametrize("ready", [False, True])
def test_any_administrator_vetoes_until_it_is_finished(twin: Twin, tier1: Actor, who: str, ready: bool) -> None:
    other = key_of("second administrator")
    twin.deployment.fund(other.address)
    twin.add_account(tier1.key, other, int(Right.ADMINISTER))
    twin.announce_recovery(tier1.party, NEW, tier1.address)
    if ready:
        wait(twin)
    twin.veto_recovery(tier1.key if who == "the announced to be removed" else other)
    with twin.refused("NothingAnnounced", tier1.party):
        twin.finish_recovery(NEW, tier1.party, tier1.address)
    with twin.refused("NothingAnnounced", tier1.party):
        twin.veto_recovery(other)


@pytest.mark.parametrize("rights", [Right.ACT, Right.QUOTE, Right.ACT | Right.QUOTE])
def test_only_administrators_veto(twin: Twin, tier1: Actor, tier2: Actor, rights: Right) -> None:
    clerk = key_of("clerk")
    twin.deployment.fund(clerk.address)
    twin.add_account(tier1.key, clerk, int(rights))
    twin.announce_recovery(tier1.party, NEW)
    with twin.refused("MissingRight", clerk.address, tier1.party, int(rights), int(Right.ADMINISTER)):
        twin.veto_recovery(clerk)
    with twin.refused("MissingRight", tier1.cash.address, tier1.party, int(Right.SETTLE), int(Right.ADMINISTER)):
        twin.veto_recovery(tier1.cash)
    with twin.refused("NothingAnnounced", tier2.party):
        twin.veto_recovery(tier2.key)
    twin.veto_recovery(tier1.key)


@pytest.mark.parametrize("state", ["suspended", "expired"])
def test_i_12_suspended_may_veto_a_recovery(twin: Twin, tier1: Actor, state: str) -> None:
    """A suspension, or an identity check that the operator lets expire, opens no way around the veto."""
    twin.stop(tier1.party, state)
    twin.announce_recovery(tier1.party, NEW)
    twin.veto_recovery(tier1.key)
    with twin.refused("NothingAnnounced", tier1.party):
        twin.finish_recovery(NEW, tier1.party)


@pytest.mark.parametrize("state", ["suspended", "expired"])
def test_i_12_suspended_is_recovered_and_stays_suspended(twin: Twin, offered: int, tier1: Actor, state: str) -> None:
    """A stolen key is stopped at once by suspension, and is gone before the party acts again."""
    thief, clerk = tier1.key, key_of("clerk")
    refusal = twin.stop(tier1.party, state)
    twin.announce_recovery(tier1.party, NEW, thief.address)
    wait(twin)
    twin.finish_recovery(NEW, tier1.party, thief.address)
    with twin.refused(*refusal):
        twin.add_account(NEW, clerk, 1)
    twin.start(tier1.party, state)
    twin.add_account(NEW, clerk, 1)


def test_removing_an_account_that_quoted_ends_the_quotes(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    quote = twin.quote(financier, held, valid_until=2**64)
    twin.announce_recovery(financier.party, NEW, financier.address)
    wait(twin)
    twin.finish_recovery(NEW, financier.party, financier.address)
    assert twin.model.world.registry.parties[financier.party].epoch == 1
    twin.add_account(NEW, financier.key, int(Right.QUOTE))
    with twin.refused("QuoteEpochOver", financier.party, 0, 1):
        twin.finance(tier1.key, Deal(quote, FACE))


def test_quotes_stand_when_none_of_their_accounts_is_removed(
    twin: Twin, held: int, tier1: Actor, financier: Actor
) -> None:
    clerk = key_of("clerk")
    twin.add_account(financier.key, clerk, int(Right.ACT))
    quote = twin.quote(financier, held, valid_until=2**64)
    removed = (clerk.address, financier.cash.address)
    twin.announce_recovery(financier.party, NEW, *removed)
    wait(twin)
    twin.finish_recovery(NEW, financier.party, *removed)
    twin.finance(tier1.key, Deal(quote, FACE))


def test_accounts_that_serve_it_no_more_are_passed_over(twin: Twin, tier1: Actor, tier2: Actor, rando: Actor) -> None:
    clerk = key_of("clerk")
    twin.add_account(tier1.key, clerk, int(Right.ACT))
    named = (clerk.address, tier2.address, rando.address, clerk.address, NEW.address, tier1.cash.address)
    twin.announce_recovery(tier1.party, NEW, *named)
    twin.set_rights(tier1.key, clerk.address, 0)
    twin.add_account(tier2.key, clerk, int(Right.ACT))
    wait(twin)
    twin.finish_recovery(NEW, tier1.party, *named)
    accounts = twin.model.world.registry.account
    assert [accounts(a).party for a in (clerk.address, tier2.address)] == [tier2.party] * 2
    assert accounts(tier1.cash.address).rights == Right.SETTLE, "cash goes on arriving"
    assert accounts(tier1.address).rights == Right.GRANTABLE, "who is not named stays"


def test_the_removed_are_those_announced(twin: Twin, tier1: Actor, tier2: Actor) -> None:
    other = key_of("clerk").address
    twin.announce_recovery(tier1.party, NEW, tier1.address, other)
    wait(twin)
    for named in ((), (tier1.address,), (other, tier1.address), (tier1.address, tier1.cash.address)):
        with twin.refused("RemovedNotAsAnnounced", tier1.party, ..., ...):
            twin.finish_recovery(NEW, tier1.party, *named)
    twin.finish_recovery(NEW, tier1.party, tier1.address, other)


def test_an_account_of_the_party_may_be_the_one(twin: Twin, tier1: Actor) -> None:
    """A clerk, or the settlement account, keeps what it has and administers beside it."""
    twin.announce_recovery(tier1.party, tier1.cash)
    wait(twin)
    twin.finish_recovery(tier1.key, tier1.party)
    assert twin.model.world.registry.account(tier1.cash.address).rights == Right.GRANTABLE | Right.SETTLE


def test_an_account_of_another_party_is_refused(twin: Twin, tier1: Actor, tier2: Actor) -> None:
    for bound in (tier2.key, tier2.cash):
        with twin.refused("AccountBoundElsewhere", bound.address, tier2.party):
            twin.announce_recovery(tier1.party, bound)


def test_an_account_that_was_bound_elsewhere_meanwhile_is_refused(twin: Twin, tier1: Actor, tier2: Actor) -> None:
    twin.announce_recovery(tier1.party, NEW)
    twin.add_account(tier2.key, NEW, 1)
    wait(twin)
    with twin.refused("AccountBoundElsewhere", NEW.address, tier2.party):
        twin.finish_recovery(NEW, tier1.party)
    twin.set_rights(tier2.key, NEW.address, 0)
    twin.finish_recovery(NEW, tier1.party)


def test_another_announcement_takes_its_place_and_waits_anew(twin: Twin, tier1: Actor) -> None:
    other = key_of("another recovered administrator")
    twin.announce_recovery(tier1.party, NEW, tier1.address)
    twin.move_to(twin.chain.now + VETO_PERIOD - 100)
    twin.announce_recovery(tier1.party, other)
    ready = twin.chain.now + VETO_PERIOD
    twin.move_to(twin.chain.now + 200)
    with twin.refused("ChangeNotReady", tier1.party, ready):
        twin.finish_recovery(NEW, tier1.party)
    twin.finish_recovery(NEW, tier1.party, at=ready)
    assert twin.model.world.registry.account(NEW.address).party == 0
    assert twin.model.world.registry.account(other.address).party == tier1.party


def test_the_operator_withdraws_at_once(twin: Twin, tier1: Actor, tier2: Actor) -> None:
    twin.announce_recovery(tier1.party, NEW)
    twin.announce_recovery(tier2.party, key_of("other"))
    twin.withdraw_recovery(tier1.party)
    with twin.refused("NothingAnnounced", tier1.party):
        twin.withdraw_recovery(tier1.party)
    wait(twin)
    with twin.refused("NothingAnnounced", tier1.party):
        twin.finish_recovery(NEW, tier1.party)
    twin.finish_recovery(NEW, tier2.party)


def test_finished_once(twin: Twin, tier1: Actor) -> None:
    twin.announce_recovery(tier1.party, NEW)
    wait(twin)
    twin.finish_recovery(NEW, tier1.party)
    with twin.refused("NothingAnnounced", tier1.party):
        twin.finish_recovery(NEW, tier1.party)


def test_a_change_of_settlement_account_does_not_survive_it(twin: Twin, tier1: Actor) -> None:
    """A thief's announcement must not lead cash away once the party is its own again."""
    twin.announce_settlement(tier1.key, key_of("the thief's cash"))
    twin.announce_recovery(tier1.party, NEW, tier1.address)
    wait(twin)
    twin.finish_recovery(NEW, tier1.party, tier1.address)
    with twin.refused("NothingAnnounced", tier1.party):
        twin.finish_settlement(NEW, tier1.party)


def test_the_operator_leads_no_cash_away_within_one_veto_period(twin: Twin, tier1: Actor) -> None:
    """Even when nobody vetoes: recovery first, a new settlement account a whole veto period after it."""
    start = twin.chain.now
    twin.announce_recovery(tier1.party, NEW, tier1.address)
    wait(twin)
    twin.finish_recovery(NEW, tier1.party, tier1.address)
    twin.announce_settlement(NEW, key_of("the operator's cash"))
    with twin.refused("ChangeNotReady", tier1.party, ...):
        twin.finish_settlement(NEW, tier1.party, at=twin.chain.now + VETO_PERIOD - 1)
    twin.finish_settlement(NEW, tier1.party)
    assert twin.chain.now >= start + 2 * VETO_PERIOD


def test_needs_evidence_and_a_party(twin: Twin, tier1: Actor) -> None:
    with twin.refused("EvidenceMissing"):
        twin.announce_recovery(tier1.party, NEW, evidence=ZERO_HASH)
    for unknown in (0, 1_000):
        with twin.refused("UnknownParty", unknown):
            twin.announce_recovery(unknown, NEW)
        with twin.refused("NothingAnnounced", unknown):
            twin.finish_recovery(NEW, unknown)
        with twin.refused("NothingAnnounced", unknown):
            twin.withdraw_recovery(unknown)


def test_no_removal_and_many(twin: Twin, tier1: Actor) -> None:
    """Gas grows with the accounts named, whatever happened before."""
    many = tuple(key_of(f"clerk {number}").address for number in range(40))
    twin.announce_recovery(tier1.party, NEW, *many)
    wait(twin)
    twin.finish_recovery(NEW, tier1.party, *many)
    assert twin.last is not None
    assert twin.last.gas_used < 150_000 + 6_000 * len(many)
