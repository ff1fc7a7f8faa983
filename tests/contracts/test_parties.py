"""Admission, suspension and accounts: each rule tried alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_utils import keccak

from tests.contracts.chain import key_of
from tests.contracts.constants import PRODUCT, ZERO_ADDRESS, ZERO_HASH
from tests.contracts.twin import Actor, Twin
from tests.reference.changes import VETO_PERIOD
from tests.reference.parties import Admission, Right, Role
from tests.reference.passing import Portion


@pytest.fixture
def newcomer(twin: Twin) -> Admission:
    return Admission(
        credit_code=keccak(text="newcomer"),
        roles=int(Role.SUPPLIER),
        identity_expiry=twin.today,
        settlement=key_of("newcomer cash").address,
        administrator=key_of("newcomer").address,
    )


def test_admits_in_order_and_in_batches(twin: Twin, newcomer: Admission) -> None:
    both = key_of("one account for all").address
    other = replace(newcomer, credit_code=keccak(text="other"), settlement=both, administrator=both)
    first = len(twin.model.world.registry.parties) + 1

    assert twin.admit([newcomer, other]) == first
    assert twin.model.world.registry.account(both).rights == Right.GRANTABLE | Right.SETTLE
    assert twin.deployment["ParticipantRegistry"].call("partyOfCreditCode", other.credit_code) == first + 1


def test_admit_refuses_a_known_credit_code(twin: Twin, newcomer: Admission, tier1: Actor) -> None:
    known = keccak(text="credit code of tier1")
    with twin.refused("CreditCodeAlreadyAdmitted", known, tier1.party):
        twin.admit([replace(newcomer, credit_code=known)])


def test_admit_refuses_a_credit_code_twice_in_one_batch(twin: Twin, newcomer: Admission) -> None:
    again = replace(newcomer, settlement=key_of("a").address, administrator=key_of("b").address)
    with twin.refused("CreditCodeAlreadyAdmitted", newcomer.credit_code, ...):
        twin.admit([newcomer, again])


def test_admit_refuses_no_credit_code(twin: Twin, newcomer: Admission) -> None:
    with twin.refused("CreditCodeMissing"):
        twin.admit([replace(newcomer, credit_code=ZERO_HASH)])


def test_admit_refuses_no_evidence(twin: Twin, newcomer: Admission) -> None:
    with twin.refused("EvidenceMissing"):
        twin.admit([replace(newcomer, evidence=ZERO_HASH)])


@pytest.mark.parametrize("roles", [0, 128, 129])
def test_admit_refuses_unknown_roles(twin: Twin, newcomer: Admission, roles: int) -> None:
    with twin.refused("InvalidRoles", roles):
        twin.admit([replace(newcomer, roles=roles)])


def test_admit_refuses_an_expired_identity_check(twin: Twin, newcomer: Admission) -> None:
    with twin.refused("IdentityExpired", ..., twin.today - 1):
        twin.admit([replace(newcomer, identity_expiry=twin.today - 1)])


@pytest.mark.parametrize("field", ["settlement", "administrator"])
def test_admit_refuses_the_zero_account(twin: Twin, newcomer: Admission, field: str) -> None:
    with twin.refused("InvalidAccount", ZERO_ADDRESS):
        twin.admit([replace(newcomer, **{field: ZERO_ADDRESS})])


@pytest.mark.parametrize("field", ["settlement", "administrator"])
def test_i_02_no_contract_of_the_protocol_serves_a_party(twin: Twin, newcomer: Admission, field: str) -> None:
    for name in PRODUCT:
        own = twin.deployment[name].address
        with twin.refused("InvalidAccount", own):
            twin.admit([replace(newcomer, **{field: own})])


@pytest.mark.parametrize("field", ["settlement", "administrator"])
def test_admit_refuses_an_account_in_use_elsewhere(twin: Twin, newcomer: Admission, tier1: Actor, field: str) -> None:
    for taken in (tier1.address, tier1.cash.address):
        with twin.refused("AccountBoundElsewhere", taken, tier1.party):
            twin.admit([replace(newcomer, **{field: taken})])


def test_suspension_stops_at_once_and_ends_quotes(twin: Twin, financier: Actor) -> None:
    twin.suspend(financier.party)
    assert twin.model.world.registry.parties[financier.party].epoch == 1
    with twin.refused("PartyIsSuspended", financier.party):
        twin.cancel_quote(financier.key, 7)
    with twin.refused("PartyIsSuspended", financier.party):
        twin.suspend(financier.party)
    twin.reinstate(financier.party)
    twin.cancel_quote(financier.key, 7)
    with twin.refused("PartyNotSuspended", financier.party):
        twin.reinstate(financier.party)


def test_identity_renewed_and_roles_set(twin: Twin, tier1: Actor) -> None:
    twin.renew_identity(tier1.party, twin.today)
    with twin.refused("IdentityExpired", tier1.party, twin.today - 1):
        twin.renew_identity(tier1.party, twin.today - 1)
    twin.set_roles(tier1.party, int(Role.ALL))
    for roles in (0, 128):
        with twin.refused("InvalidRoles", roles):
            twin.set_roles(tier1.party, roles)


@pytest.mark.parametrize("unknown", [0, 1_000])
def test_nothing_is_done_to_an_unknown_party(twin: Twin, unknown: int) -> None:
    for act in (
        lambda: twin.suspend(unknown),
        lambda: twin.reinstate(unknown),
        lambda: twin.set_roles(unknown, int(Role.SUPPLIER)),
        lambda: twin.renew_identity(unknown, twin.today),
    ):
        with twin.refused("UnknownParty", unknown):
            act()


# -- accounts


def test_accounts_are_added_limited_and_removed(twin: Twin, tier1: Actor) -> None:
    clerk = key_of("clerk")
    twin.deployment.fund(clerk.address)
    twin.add_account(tier1.key, clerk, int(Right.QUOTE))
    with twin.refused("MissingRight", clerk.address, tier1.party, int(Right.QUOTE), int(Right.ADMINISTER)):
        twin.set_rights(clerk, clerk.address, int(Right.GRANTABLE))
    with twin.refused("MissingRight", clerk.address, tier1.party, int(Right.QUOTE), int(Right.ACT)):
        twin.set_consent(clerk, 1, 1, 1, 1)
    twin.set_rights(tier1.key, clerk.address, int(Right.ACT | Right.ADMINISTER))
    assert twin.model.world.registry.parties[tier1.party].epoch == 1, "losing the quote right ends quotes"
    twin.set_rights(clerk, clerk.address, 0)
    with twin.refused("MissingRight", clerk.address, 0, 0, int(Right.ADMINISTER)):
        twin.set_rights(clerk, clerk.address, 1)


def test_a_removed_account_may_serve_another_party(twin: Twin, tier1: Actor, tier2: Actor) -> None:
    clerk = key_of("clerk")
    twin.add_account(tier1.key, clerk, int(Right.ACT))
    with twin.refused("AccountBoundElsewhere", clerk.address, tier1.party):
        twin.add_account(tier2.key, clerk, int(Right.ACT))
    twin.set_rights(tier1.key, clerk.address, 0)
    twin.add_account(tier2.key, clerk, int(Right.ACT))


def test_the_settlement_right_is_neither_granted_nor_lost(twin: Twin, tier1: Actor) -> None:
    with twin.refused("InvalidRights", int(Right.SETTLE)):
        twin.set_rights(tier1.key, tier1.address, int(Right.SETTLE))
    with twin.refused("InvalidRights", int(Right.SETTLE)):
        twin.add_account(tier1.key, key_of("clerk"), int(Right.SETTLE))
    twin.set_rights(tier1.key, tier1.cash.address, int(Right.ACT))
    twin.set_rights(tier1.key, tier1.cash.address, 0)
    assert twin.model.world.registry.account(tier1.cash.address).rights == Right.SETTLE


def test_an_account_is_added_with_some_right(twin: Twin, tier1: Actor) -> None:
    with twin.refused("InvalidRights", 0):
        twin.add_account(tier1.key, key_of("clerk"), 0)


def test_a_right_is_given_on_evidence_and_taken_without(twin: Twin, tier1: Actor) -> None:
    clerk = key_of("clerk")
    with twin.refused("EvidenceMissing"):
        twin.add_account(tier1.key, clerk, int(Right.ACT), evidence=ZERO_HASH)
    twin.add_account(tier1.key, clerk, int(Right.ACT | Right.QUOTE))
    for wider in (Right.GRANTABLE, Right.ADMINISTER, Right.ACT | Right.ADMINISTER):
        with twin.refused("EvidenceMissing"):
            twin.set_rights(tier1.key, clerk.address, int(wider), evidence=ZERO_HASH)
    for narrower in (Right.ACT | Right.QUOTE, Right.ACT, 0):
        twin.set_rights(tier1.key, clerk.address, int(narrower), evidence=ZERO_HASH)


def test_i_04_holder_for_life_whatever_happens_to_keys(twin: Twin, held: int, core: Actor, tier1: Actor) -> None:
    """A key is rotated and lost, the settlement account changes, and the note is where it was."""
    notes = twin.deployment["ReceivableNotes"]
    before = notes.call("note", held)
    successor, recovered, cash = key_of("successor"), key_of("recovered"), key_of("new cash")
    twin.deployment.fund(successor.address, recovered.address)
    twin.add_account(tier1.key, successor, int(Right.GRANTABLE))
    twin.set_rights(successor, tier1.address, 0)
    twin.announce_settlement(successor, cash)
    twin.move_to(twin.chain.now + VETO_PERIOD)
    twin.finish_settlement(successor, tier1.party)
    twin.announce_recovery(tier1.party, recovered, successor.address)
    twin.move_to(twin.chain.now + VETO_PERIOD)
    twin.finish_recovery(recovered, tier1.party, successor.address)
    assert notes.call("note", held) == before
    with twin.refused("MissingRight", successor.address, 0, 0, int(Right.ACT)):
        twin.split(successor, (held, [Portion(twin.actors["tier2"].party, 500)]))
    twin.split(recovered, (held, [Portion(twin.actors["tier2"].party, 500)]))


@pytest.mark.parametrize("state", ["suspended", "expired"])
def test_i_12_suspended_changes_no_account(twin: Twin, tier1: Actor, state: str) -> None:
    refusal = twin.stop(tier1.party, state)
    for act in (
        lambda: twin.add_account(tier1.key, key_of("clerk"), 1),
        lambda: twin.set_rights(tier1.key, tier1.address, 0),
        lambda: twin.raise_epoch(tier1.key),
    ):
        with twin.refused(*refusal):
            act()


def test_a_party_may_remove_its_last_administrator(twin: Twin, offered: int, tier1: Actor) -> None:
    """The others go on within their rights, nobody is left to veto, and recovery is the way back."""
    clerk, recovered = key_of("clerk"), key_of("recovered")
    twin.deployment.fund(clerk.address)
    twin.add_account(tier1.key, clerk, int(Right.ACT))
    twin.set_rights(tier1.key, tier1.address, 0)
    twin.accept(clerk, offered)
    twin.announce_recovery(tier1.party, recovered)
    with twin.refused("MissingRight", tier1.address, 0, 0, int(Right.ADMINISTER)):
        twin.veto_recovery(tier1.key)
    twin.move_to(twin.chain.now + VETO_PERIOD)
    twin.finish_recovery(clerk, tier1.party)


def test_accounts_of_others_are_out_of_reach(twin: Twin, tier1: Actor, tier2: Actor, rando: Actor) -> None:
    with twin.refused("AccountBoundElsewhere", tier2.address, tier2.party):
        twin.set_rights(tier1.key, tier2.address, 0)
    with twin.refused("AccountBoundElsewhere", rando.address, 0):
        twin.set_rights(tier1.key, rando.address, 1)
    with twin.refused("MissingRight", rando.address, 0, 0, int(Right.ADMINISTER)):
        twin.add_account(rando.key, key_of("clerk"), 1)


def test_acts_of_an_expired_party_are_refused(twin: Twin, tier1: Actor) -> None:
    twin.renew_identity(tier1.party, twin.today)
    twin.move_to(twin.chain.now + 86_400)
    with twin.refused("IdentityExpired", tier1.party, twin.today - 1):
        twin.set_consent(tier1.key, 1, 1, 1, 1)


def test_raising_the_epoch_needs_the_quote_right(twin: Twin, financier: Actor) -> None:
    twin.raise_epoch(financier.key)
    with twin.refused("MissingRight", financier.cash.address, financier.party, 8, int(Right.QUOTE)):
        twin.raise_epoch(financier.cash)
