"""Who is admitted, in which roles, and who may act for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag

from tests.reference.arithmetic import day_of
from tests.reference.refusals import Judge


class Role(IntFlag):
    """What a party is admitted as."""

    CORE_ENTERPRISE = 1
    SUPPLIER = 2
    FINANCIER = 4
    AUDITOR = 8
    REGISTRAR = 16
    ARBITER = 32
    SETTLEMENT_BANK = 64
    ALL = 127


class Right(IntFlag):
    """What an account may do for its party."""

    ACT = 1
    QUOTE = 2
    ADMINISTER = 4
    SETTLE = 8
    GRANTABLE = 7


class Standing(IntEnum):
    """A party's stored status."""

    NONE = 0
    ACTIVE = 1
    SUSPENDED = 2


@dataclass
class Party:
    """An admitted legal person."""

    settlement: str
    roles: int
    standing: Standing
    identity_expiry: int
    epoch: int = 0


@dataclass
class Account:
    """An address bound to a party; party 0 is nobody. ``nonce`` counts the signatures of its that were used."""

    party: int = 0
    rights: int = 0
    nonce: int = 0


@dataclass(frozen=True)
class Recovery:
    """An account that shall administer a party, and those that shall be removed."""

    account: str
    ready_at: int
    evidence: bytes
    removed: tuple[str, ...]


@dataclass(frozen=True)
class SettlementChange:
    """An account to which a party's cash shall go."""

    account: str
    ready_at: int
    evidence: bytes


@dataclass(frozen=True)
class Admission:
    """What the operator says of a new party."""

    credit_code: bytes
    roles: int
    identity_expiry: int
    settlement: str
    administrator: str
    evidence: bytes = b"\x11" * 32


@dataclass
class Registry:
    """Parties and accounts. Administrative acts are taken as the operator's own: who may call is tested on chain."""

    parties: dict[int, Party] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    codes: dict[bytes, int] = field(default_factory=dict)
    recoveries: dict[int, Recovery] = field(default_factory=dict)
    settlement_changes: dict[int, SettlementChange] = field(default_factory=dict)
    protocol: frozenset[str] = frozenset()
    """Addresses of the protocol's own contracts."""

    def account(self, address: str) -> Account:
        """The binding of an address, empty when it has none."""
        return self.accounts.get(address, Account())

    def settlement(self, party_id: int) -> str:
        """Where a party's cash goes."""
        return self.parties[party_id].settlement

    # -- what others ask

    def actor(self, judge: Judge, now: int, address: str, right: int, roles: int = 0) -> int:
        """The party that ``address`` may act for, with one of ``roles`` (0 asks for none); 0 when it has no right."""
        bound = self.account(address)
        if not judge.require(
            bound.party != 0 and bool(bound.rights & right),
            "MissingRight",
            address,
            bound.party,
            bound.rights,
            right,
        ):
            return 0
        self.require_active(judge, now, [bound.party], roles)
        return bound.party

    def require_active(self, judge: Judge, now: int, ids: Iterable[int], roles: int = 0) -> bool:
        """Each party is known, active, within its identity check and has one of the roles."""
        good = True
        for party_id in ids:
            party = self.parties.get(party_id)
            if party is None:
                good = judge.require(False, "UnknownParty", party_id)
                continue
            good &= judge.require(party.standing == Standing.ACTIVE, "PartyIsSuspended", party_id)
            good &= judge.require(
                day_of(now) <= party.identity_expiry, "IdentityExpired", party_id, party.identity_expiry
            )
            good &= judge.require(roles == 0 or bool(party.roles & roles), "MissingRole", party_id, party.roles, roles)
        return good

    def judge_payer(self, judge: Judge, caller: str, payer: str) -> None:
        """The caller pays itself, or acts for the party whose account pays, active or not."""
        own, theirs = self.account(caller), self.account(payer)
        together = own.party != 0 and own.party == theirs.party and bool(own.rights & Right.ACT)
        judge.require(caller == payer or together, "PayerNotAuthorised", payer, caller)

    # -- the operator's acts

    def admit(self, judge: Judge, now: int, admissions: list[Admission]) -> int:
        """Admits parties in order; returns the first id."""
        first = len(self.parties) + 1
        for entry in admissions:
            self._judge_admission(judge, now, entry)
            party_id = len(self.parties) + 1
            self.parties[party_id] = Party(entry.settlement, entry.roles, Standing.ACTIVE, entry.identity_expiry)
            self.codes[entry.credit_code] = party_id
            rights = {entry.settlement: int(Right.SETTLE)}
            rights[entry.administrator] = rights.get(entry.administrator, 0) | Right.GRANTABLE
            for address, held in rights.items():
                self.bind(address, party_id, int(held))
        return first

    def _judge_admission(self, judge: Judge, now: int, entry: Admission) -> None:
        judge.require(any(entry.credit_code), "CreditCodeMissing")
        known = self.codes.get(entry.credit_code, 0)
        judge.require(known == 0, "CreditCodeAlreadyAdmitted", entry.credit_code, known)
        judge.require(entry.roles != 0 and not entry.roles & ~int(Role.ALL), "InvalidRoles", entry.roles)
        judge.require(day_of(now) <= entry.identity_expiry, "IdentityExpired", ..., entry.identity_expiry)
        judge.require(any(entry.evidence), "EvidenceMissing")
        for address in {entry.settlement, entry.administrator}:
            self.judge_free(judge, address, 0)

    def suspend(self, judge: Judge, party_id: int) -> None:
        """Stops a party and ends its quotes."""
        party = self.known(judge, party_id)
        if party and judge.require(party.standing == Standing.ACTIVE, "PartyIsSuspended", party_id):
            party.standing = Standing.SUSPENDED
            party.epoch += 1

    def reinstate(self, judge: Judge, party_id: int) -> None:
        """Lets a suspended party act again; its old quotes stay ended."""
        party = self.known(judge, party_id)
        if party and judge.require(party.standing == Standing.SUSPENDED, "PartyNotSuspended", party_id):
            party.standing = Standing.ACTIVE

    def set_roles(self, judge: Judge, party_id: int, roles: int) -> None:
        """Replaces the party's roles."""
        party = self.known(judge, party_id)
        judge.require(roles != 0 and not roles & ~int(Role.ALL), "InvalidRoles", roles)
        if party:
            party.roles = roles

    def renew_identity(self, judge: Judge, now: int, party_id: int, expiry: int) -> None:
        """Records a new last day of the party's identity check."""
        party = self.known(judge, party_id)
        judge.require(day_of(now) <= expiry, "IdentityExpired", party_id, expiry)
        if party:
            party.identity_expiry = expiry

    def known(self, judge: Judge, party_id: int) -> Party | None:
        """The party, if there is one."""
        party = self.parties.get(party_id)
        judge.require(party is not None, "UnknownParty", party_id)
        return party

    # -- parties' own acts

    def add_account(
        self,
        judge: Judge,
        now: int,
        caller: str,
        address: str,
        rights: int,
        evidence: bytes,
        deadline: int,
        signed: bool = True,
    ) -> None:
        """Binds an address that signed for it to the caller's party."""
        party = self.actor(judge, now, caller, Right.ADMINISTER)
        judge.require(rights != 0 and not rights & ~int(Right.GRANTABLE), "InvalidRights", rights)
        judge.require(any(evidence), "EvidenceMissing")
        self.judge_free(judge, address, 0)
        self.judge_signed(judge, now, address, deadline, signed)
        self.bind(address, party, rights)

    def set_rights(self, judge: Judge, now: int, caller: str, address: str, rights: int, evidence: bytes) -> None:
        """Replaces the grantable rights of an account of the caller's party; 0 removes it."""
        party_id = self.actor(judge, now, caller, Right.ADMINISTER)
        bound = self.account(address)
        judge.require(party_id in (0, bound.party), "AccountBoundElsewhere", address, bound.party)
        judge.require(not rights & ~int(Right.GRANTABLE), "InvalidRights", rights)
        judge.require(not rights & ~bound.rights or any(evidence), "EvidenceMissing")
        if judge.broken:
            return
        if self.bind(address, party_id, rights | (bound.rights & Right.SETTLE)) & Right.QUOTE:
            self.parties[party_id].epoch += 1

    def raise_epoch(self, judge: Judge, now: int, caller: str) -> None:
        """Ends every quote of the caller's party."""
        party_id = self.actor(judge, now, caller, Right.QUOTE)
        if party_id:
            self.parties[party_id].epoch += 1

    # -- accounts

    def bind(self, address: str, party_id: int, rights: int) -> int:
        """Makes these all the rights of an account; without any it serves nobody. Returns the rights it lost."""
        before = self.account(address)
        self.accounts[address] = Account(party_id if rights else 0, int(rights), before.nonce)
        return int(before.rights & ~rights)

    def judge_free(self, judge: Judge, address: str, party_id: int) -> None:
        """The account serves nobody, or this party."""
        judge.require(int(address, 16) != 0 and address not in self.protocol, "InvalidAccount", address)
        other = self.account(address).party
        judge.require(other in (0, party_id), "AccountBoundElsewhere", address, other)

    def judge_signed(self, judge: Judge, now: int, address: str, deadline: int, signed: bool) -> None:
        """The account has signed just this under its present nonce, which is used up."""
        judge.require(now <= deadline, "DeadlinePassed", deadline)
        if judge.require(signed, "InvalidSignature", address):
            bound = self.account(address)
            self.accounts[address] = Account(bound.party, bound.rights, bound.nonce + 1)
