"""Where a party's cash goes, and how that changes: announced, open to veto, finished by anyone."""

from __future__ import annotations

import pytest

from tests.contracts.chain import key_of
from tests.contracts.constants import FACE, ZERO_HASH
from tests.contracts.twin import Actor, Twin
from tests.reference.changes import VETO_PERIOD
from tests.reference.financing import Deal
from tests.reference.parties import Admission, Right

CASH = key_of("new cash")


def wait(twin: Twin) -> None:
    """Until what was announced is ready."""
    twin.move_to(twin.chain.now + VETO_PERIOD)


def test_cash_goes_to_the_new_account_once_finished(
    twin: Twin, held: int, core: Actor, tier1: Actor, rando: Actor
) -> None:
    token = twin.deployment["DepositToken"]
    twin.announce_settlement(tier1.key, CASH)
    price = twin.finance(tier1.key, Deal(twin.quote(core, held, registry_reference=ZERO_HASH), FACE // 2))
    assert price == [0]
    assert (token.call("balanceOf", CASH.address), token.call("balanceOf", tier1.cash.address) > 0) == (0, True)
    wait(twin)
    twin.finish_settlement(rando.key, tier1.party)
    before = token.call("balanceOf", tier1.cash.address)
    twin.repay(core.key, held, payer=core.cash.address, max_total=FACE)
    assert token.call("balanceOf", CASH.address) == FACE // 2
    assert token.call("balanceOf", tier1.cash.address) == before
    assert twin.deployment["ReceivableNotes"].call("ownerOf", held) == CASH.address


def test_the_account_before_serves_it_no_more(twin: Twin, tier1: Actor, tier2: Actor) -> None:
    twin.announce_settlement(tier1.key, CASH)
    wait(twin)
    twin.finish_settlement(tier1.key, tier1.party)
    accounts = twin.model.world.registry.account
    assert (accounts(CASH.address).rights, accounts(tier1.cash.address).party) == (Right.SETTLE, 0)
    twin.add_account(tier2.key, tier1.cash, 1)


def test_the_account_before_keeps_its_other_rights(twin: Twin, tier1: Actor) -> None:
    twin.set_rights(tier1.key, tier1.cash.address, int(Right.ACT | Right.QUOTE))
    twin.announce_settlement(tier1.key, CASH)
    wait(twin)
    twin.finish_settlement(tier1.key, tier1.party)
    assert twin.model.world.registry.account(tier1.cash.address).rights == Right.ACT | Right.QUOTE
    assert twin.model.world.registry.parties[tier1.party].epoch == 0, "no quote right was lost"


def test_an_account_of_the_party_may_be_the_one(twin: Twin, tier1: Actor) -> None:
    twin.announce_settlement(tier1.key, tier1.key)
    wait(twin)
    twin.finish_settlement(tier1.key, tier1.party)
    assert twin.model.world.registry.account(tier1.address).rights == Right.GRANTABLE | Right.SETTLE
    twin.set_rights(tier1.key, tier1.address, 0)
    assert twin.model.world.registry.account(tier1.address).rights == Right.SETTLE, "it goes on receiving"


def test_the_present_account_is_no_change(twin: Twin, tier1: Actor) -> None:
    with twin.refused("AlreadySettlementAccount", tier1.party, tier1.cash.address):
        twin.announce_settlement(tier1.key, tier1.cash)


def test_an_account_in_use_elsewhere_is_refused(twin: Twin, tier1: Actor, tier2: Actor) -> None:
    for bound in (tier2.key, tier2.cash):
        with twin.refused("AccountBoundElsewhere", bound.address, tier2.party):
            twin.announce_settlement(tier1.key, bound)


def test_an_account_taken_elsewhere_meanwhile_is_refused(twin: Twin, tier1: Actor, tier2: Actor) -> None:
    """Two parties may announce one account, which signed for both; the first to finish has it."""
    twin.announce_settlement(tier1.key, CASH)
    twin.announce_settlement(tier2.key, CASH)
    wait(twin)
    twin.finish_settlement(tier2.key, tier2.party)
    with twin.refused("AccountBoundElsewhere", CASH.address, tier2.party):
        twin.finish_settlement(tier1.key, tier1.party)
    assert twin.model.world.registry.parties[tier1.party].settlement == tier1.cash.address


def test_an_account_admitted_elsewhere_meanwhile_is_refused(twin: Twin, tier1: Actor) -> None:
    twin.announce_settlement(tier1.key, CASH)
    wait(twin)
    admission = Admission(b"\x07" * 32, 2, twin.today, CASH.address, key_of("newcomer").address)
    other = twin.admit([admission])
    with twin.refused("AccountBoundElsewhere", CASH.address, other):
        twin.finish_settlement(tier1.key, tier1.party)


@pytest.mark.parametrize("ready", [False, True])
def test_any_administrator_vetoes_until_it_is_finished(twin: Twin, tier1: Actor, ready: bool) -> None:
    other = key_of("second administrator")
    twin.deployment.fund(other.address)
    twin.add_account(tier1.key, other, int(Right.ADMINISTER))
    twin.announce_settlement(tier1.key, CASH)
    if ready:
        wait(twin)
    twin.veto_settlement(other)
    with twin.refused("NothingAnnounced", tier1.party):
        twin.veto_settlement(tier1.key)
    with twin.refused("NothingAnnounced", tier1.party):
        twin.finish_settlement(tier1.key, tier1.party)


@pytest.mark.parametrize("rights", [Right.ACT, Right.QUOTE, Right.ACT | Right.QUOTE])
def test_others_neither_announce_nor_veto(twin: Twin, tier1: Actor, tier2: Actor, rights: Right) -> None:
    clerk = key_of("clerk")
    twin.deployment.fund(clerk.address)
    twin.add_account(tier1.key, clerk, int(rights))
    lacking = ("MissingRight", clerk.address, tier1.party, int(rights), int(Right.ADMINISTER))
    with twin.refused(*lacking):
        twin.announce_settlement(clerk, CASH)
    twin.announce_settlement(tier1.key, CASH)
    with twin.refused(*lacking):
        twin.veto_settlement(clerk)
    with twin.refused("MissingRight", tier1.cash.address, tier1.party, 8, int(Right.ADMINISTER)):
        twin.veto_settlement(tier1.cash)
    with twin.refused("NothingAnnounced", tier2.party):
        twin.veto_settlement(tier2.key)


@pytest.mark.parametrize("state", ["suspended", "expired"])
def test_i_12_suspended_changes_no_settlement_account(twin: Twin, tier1: Actor, rando: Actor, state: str) -> None:
    """It neither announces nor finishes; what was announced waits, and may be vetoed."""
    twin.announce_settlement(tier1.key, CASH)
    refusal = twin.stop(tier1.party, state)
    with twin.refused(*refusal):
        twin.announce_settlement(tier1.key, CASH)
    wait(twin)
    with twin.refused(*refusal):
        twin.finish_settlement(rando.key, tier1.party)
    if state == "suspended":
        twin.veto_settlement(tier1.key)
        twin.start(tier1.party, state)
        with twin.refused("NothingAnnounced", tier1.party):
            twin.finish_settlement(rando.key, tier1.party)
    else:
        twin.start(tier1.party, state)
        twin.finish_settlement(rando.key, tier1.party)


def test_another_announcement_takes_its_place_and_waits_anew(twin: Twin, tier1: Actor) -> None:
    other = key_of("newer cash")
    twin.announce_settlement(tier1.key, CASH)
    twin.move_to(twin.chain.now + VETO_PERIOD - 100)
    twin.announce_settlement(tier1.key, other)
    ready = twin.chain.now + VETO_PERIOD
    twin.move_to(twin.chain.now + 200)
    with twin.refused("ChangeNotReady", tier1.party, ready):
        twin.finish_settlement(tier1.key, tier1.party)
    twin.finish_settlement(tier1.key, tier1.party, at=ready)
    assert twin.model.world.registry.parties[tier1.party].settlement == other.address


def test_needs_evidence_and_an_announcement(twin: Twin, tier1: Actor) -> None:
    with twin.refused("EvidenceMissing"):
        twin.announce_settlement(tier1.key, CASH, evidence=ZERO_HASH)
    for party in (0, tier1.party, 1_000):
        with twin.refused("NothingAnnounced", party):
            twin.finish_settlement(tier1.key, party)


def test_an_administrator_removed_since_has_still_announced(twin: Twin, tier1: Actor) -> None:
    """Whoever removes an account looks for what it announced, and vetoes."""
    thief = key_of("second administrator")
    twin.deployment.fund(thief.address)
    twin.add_account(tier1.key, thief, int(Right.ADMINISTER))
    twin.announce_settlement(thief, CASH)
    twin.set_rights(tier1.key, thief.address, 0)
    with twin.refused("MissingRight", thief.address, 0, 0, int(Right.ADMINISTER)):
        twin.veto_settlement(thief)
    twin.veto_settlement(tier1.key)
