"""What takes effect only after a delay in which a party's administrators may veto it: recovery, another settlement account."""

from __future__ import annotations

from tests.reference.parties import Recovery, Registry, Right, SettlementChange
from tests.reference.refusals import Judge

VETO_PERIOD = 10 * 86_400


def announce_recovery(
    registry: Registry,
    judge: Judge,
    now: int,
    party_id: int,
    address: str,
    removed: tuple[str, ...],
    evidence: bytes,
    deadline: int,
    signed: bool,
) -> None:
    """The operator names an account that shall administer a party, and accounts that shall be removed."""
    registry.known(judge, party_id)
    judge.require(any(evidence), "EvidenceMissing")
    registry.judge_free(judge, address, party_id)
    registry.judge_signed(judge, now, address, deadline, signed)
    registry.recoveries[party_id] = Recovery(address, now + VETO_PERIOD, evidence, removed)


def veto_recovery(registry: Registry, judge: Judge, caller: str) -> None:
    """An administrator ends the recovery of its party, whatever the party's status."""
    party_id = _administered(registry, judge, caller)
    if not judge.broken:
        withdraw_recovery(registry, judge, party_id)


def withdraw_recovery(registry: Registry, judge: Judge, party_id: int) -> None:
    """An announced recovery ends."""
    judge.require(party_id in registry.recoveries, "NothingAnnounced", party_id)
    registry.recoveries.pop(party_id, None)


def finish_recovery(registry: Registry, judge: Judge, now: int, party_id: int, removed: tuple[str, ...]) -> None:
    """Removes what was announced to be removed, and puts the new administrator in charge."""
    pending = registry.recoveries.pop(party_id, None)
    if pending is None:
        judge.require(False, "NothingAnnounced", party_id)
        return
    judge.require(now >= pending.ready_at, "ChangeNotReady", party_id, pending.ready_at)
    judge.require(removed == pending.removed, "RemovedNotAsAnnounced", party_id, ..., ...)
    registry.judge_free(judge, pending.account, party_id)
    lost = 0
    for address in removed:
        bound = registry.account(address)
        if bound.party == party_id:
            lost |= registry.bind(address, party_id, bound.rights & Right.SETTLE)
    if lost & Right.QUOTE:
        registry.parties[party_id].epoch += 1
    bound = registry.account(pending.account)
    registry.bind(pending.account, party_id, bound.rights | Right.GRANTABLE)
    registry.settlement_changes.pop(party_id, None)


def announce_settlement(
    registry: Registry,
    judge: Judge,
    now: int,
    caller: str,
    address: str,
    evidence: bytes,
    deadline: int,
    signed: bool,
) -> None:
    """An administrator names another settlement account."""
    party_id = registry.actor(judge, now, caller, Right.ADMINISTER)
    judge.require(any(evidence), "EvidenceMissing")
    if party_id:
        present = registry.parties[party_id].settlement
        judge.require(address != present, "AlreadySettlementAccount", party_id, address)
    registry.judge_free(judge, address, party_id)
    registry.judge_signed(judge, now, address, deadline, signed)
    registry.settlement_changes[party_id] = SettlementChange(address, now + VETO_PERIOD, evidence)


def veto_settlement(registry: Registry, judge: Judge, caller: str) -> None:
    """An administrator ends the change of its party's settlement account, whatever the party's status."""
    party_id = _administered(registry, judge, caller)
    if not judge.broken:
        judge.require(party_id in registry.settlement_changes, "NothingAnnounced", party_id)
        registry.settlement_changes.pop(party_id, None)


def finish_settlement(registry: Registry, judge: Judge, now: int, party_id: int) -> None:
    """Leads an active party's cash to the announced account; the one before keeps its other rights."""
    pending = registry.settlement_changes.pop(party_id, None)
    if pending is None:
        judge.require(False, "NothingAnnounced", party_id)
        return
    judge.require(now >= pending.ready_at, "ChangeNotReady", party_id, pending.ready_at)
    registry.judge_free(judge, pending.account, party_id)
    registry.require_active(judge, now, [party_id])
    party = registry.parties[party_id]
    registry.bind(party.settlement, party_id, registry.account(party.settlement).rights & ~Right.SETTLE)
    registry.bind(pending.account, party_id, registry.account(pending.account).rights | Right.SETTLE)
    party.settlement = pending.account


def _administered(registry: Registry, judge: Judge, caller: str) -> int:
    """The party that an account administers, in whatever state it is."""
    bound = registry.account(caller)
    judge.require(
        bool(bound.rights & Right.ADMINISTER),
        "MissingRight",
        caller,
        bound.party,
        bound.rights,
        int(Right.ADMINISTER),
    )
    return bound.party
