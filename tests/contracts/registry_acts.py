"""The registry's acts, on contracts and model at once: a part of :class:`~tests.contracts.twin.Twin`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from eth_account.signers.local import LocalAccount
from eth_utils import keccak

from tests.contracts import signing
from tests.contracts.chain import Chain
from tests.contracts.deployment import Deployment
from tests.contracts.wallets import Wallet
from tests.reference.parties import Admission
from tests.reference.protocol import Protocol

if TYPE_CHECKING:
    from tests.contracts.twin import Seen

EVIDENCE = keccak(text="authority")
HOUR = 3_600


class RegistryActs:
    """Where a new account's signature is asked, it gives a good one for an hour; another may be given, as not ``valid``."""

    deployment: Deployment
    chain: Chain
    model: Protocol
    seen: Seen
    _both: Callable[..., Any]
    _administer: Callable[..., Any]

    # -- the operator

    def admit(self, admissions: list[Admission]) -> int:
        """Admits parties."""
        for entry in admissions:
            self.seen.accounts |= {entry.settlement, entry.administrator}
            self.seen.codes.add(entry.credit_code)
        rows = [
            (
                entry.credit_code,
                entry.roles,
                entry.identity_expiry,
                entry.settlement,
                entry.administrator,
                entry.evidence,
            )
            for entry in admissions
        ]
        first: int = self._administer("ParticipantRegistry", "admit", (rows,), lambda: self.model.admit(admissions))
        return first

    def suspend(self, party: int) -> None:
        """Suspends a party."""
        args = (party, keccak(text="reason"))
        self._administer("ParticipantRegistry", "suspend", args, lambda: self.model.suspend(party))

    def reinstate(self, party: int) -> None:
        """Reinstates a party."""
        self._administer("ParticipantRegistry", "reinstate", (party,), lambda: self.model.reinstate(party))

    def set_roles(self, party: int, roles: int) -> None:
        """Sets a party's roles."""
        self._administer("ParticipantRegistry", "setRoles", (party, roles), lambda: self.model.set_roles(party, roles))

    def renew_identity(self, party: int, expiry: int) -> None:
        """Renews a party's identity check."""
        self._administer(
            "ParticipantRegistry",
            "renewIdentity",
            (party, expiry),
            lambda: self.model.renew_identity(party, expiry),
        )

    def stop(self, party: int, state: str) -> tuple[Any, ...]:
        """Suspends a party, or lets its identity check expire; returns what it is refused with from then on."""
        if state == "suspended":
            self.suspend(party)
            return "PartyIsSuspended", party
        last = self.model.today
        self.renew_identity(party, last)
        self.chain.move_to(self.chain.now + 86_400)
        return "IdentityExpired", party, last

    def start(self, party: int, state: str) -> None:
        """The reverse."""
        if state == "suspended":
            self.reinstate(party)
        else:
            self.renew_identity(party, self.model.today)

    # -- accounts

    def word(
        self, kind: str, party: int, account: LocalAccount | Wallet, deadline: int, **terms: Any
    ) -> dict[str, Any]:
        """What an account signs to serve a party; ``terms`` beside those that each kind has."""
        self.seen.accounts.add(account.address)
        nonce = self.model.world.registry.account(account.address).nonce
        message = {"party": party, "account": account.address, **terms, "nonce": nonce, "deadline": deadline}
        return {field["name"]: message[field["name"]] for field in signing.TYPES[kind]}

    def sign_word(self, kind: str, account: LocalAccount | Wallet, message: dict[str, Any]) -> bytes:
        """The account's signature for the registry."""
        typed = signing.typed(self.deployment["ParticipantRegistry"], kind, message)
        return account.sign(typed) if isinstance(account, Wallet) else signing.sign(account, typed)

    def add_account(
        self,
        caller: LocalAccount,
        account: LocalAccount | Wallet,
        rights: int,
        *,
        evidence: bytes = EVIDENCE,
        deadline: int | None = None,
        signature: bytes | None = None,
        valid: bool = True,
        at: int | None = None,
    ) -> None:
        """Adds an account."""
        until = self.chain.now + HOUR if deadline is None else deadline
        party = self.model.world.registry.account(caller.address).party
        word = self.word("AddAccount", party, account, until, rights=rights, evidenceHash=evidence)
        signed = self.sign_word("AddAccount", account, word) if signature is None else signature
        self._both(
            caller,
            "ParticipantRegistry",
            "addAccount",
            (account.address, rights, evidence, until, signed),
            lambda: self.model.add_account(caller.address, account.address, rights, evidence, until, valid),
            at,
        )

    def set_rights(self, caller: LocalAccount, account: str, rights: int, *, evidence: bytes = EVIDENCE) -> None:
        """Sets an account's rights."""
        self.seen.accounts.add(account)
        self._both(
            caller,
            "ParticipantRegistry",
            "setRights",
            (account, rights, evidence),
            lambda: self.model.set_rights(caller.address, account, rights, evidence),
        )

    def raise_epoch(self, caller: LocalAccount) -> None:
        """Ends all quotes of the caller's party."""
        self._both(caller, "ParticipantRegistry", "raiseQuoteEpoch", (), lambda: self.model.raise_epoch(caller.address))

    # -- recovery

    def announce_recovery(
        self,
        party: int,
        account: LocalAccount | Wallet,
        *removed: str,
        evidence: bytes = EVIDENCE,
        deadline: int | None = None,
        signature: bytes | None = None,
        valid: bool = True,
        at: int | None = None,
    ) -> None:
        """The operator announces a new administrator of a party, and who is to be removed."""
        self.seen.accounts |= set(removed)
        until = self.chain.now + HOUR if deadline is None else deadline
        word = self.word("RecoverParty", party, account, until, removed=list(removed), evidenceHash=evidence)
        signed = self.sign_word("RecoverParty", account, word) if signature is None else signature
        self._administer(
            "ParticipantRegistry",
            "announceRecovery",
            (party, account.address, list(removed), evidence, until, signed),
            lambda: self.model.announce_recovery(party, account.address, removed, evidence, until, valid),
            at,
        )

    def veto_recovery(self, caller: LocalAccount) -> None:
        """An administrator vetoes."""
        self._both(caller, "ParticipantRegistry", "vetoRecovery", (), lambda: self.model.veto_recovery(caller.address))

    def withdraw_recovery(self, party: int) -> None:
        """The operator withdraws."""
        self._administer(
            "ParticipantRegistry", "withdrawRecovery", (party,), lambda: self.model.withdraw_recovery(party)
        )

    def finish_recovery(self, caller: LocalAccount, party: int, *removed: str, at: int | None = None) -> None:
        """Anyone finishes a recovery."""
        self.seen.accounts |= set(removed)
        self._both(
            caller,
            "ParticipantRegistry",
            "finishRecovery",
            (party, list(removed)),
            lambda: self.model.finish_recovery(party, removed),
            at,
        )

    # -- settlement account

    def announce_settlement(
        self,
        caller: LocalAccount,
        account: LocalAccount | Wallet,
        *,
        evidence: bytes = EVIDENCE,
        deadline: int | None = None,
        signature: bytes | None = None,
        valid: bool = True,
        at: int | None = None,
    ) -> None:
        """An administrator announces another settlement account."""
        until = self.chain.now + HOUR if deadline is None else deadline
        party = self.model.world.registry.account(caller.address).party
        word = self.word("ChangeSettlement", party, account, until, evidenceHash=evidence)
        signed = self.sign_word("ChangeSettlement", account, word) if signature is None else signature
        self._both(
            caller,
            "ParticipantRegistry",
            "announceSettlementChange",
            (account.address, evidence, until, signed),
            lambda: self.model.announce_settlement(caller.address, account.address, evidence, until, valid),
            at,
        )

    def veto_settlement(self, caller: LocalAccount) -> None:
        """An administrator vetoes."""
        self._both(
            caller,
            "ParticipantRegistry",
            "vetoSettlementChange",
            (),
            lambda: self.model.veto_settlement(caller.address),
        )

    def finish_settlement(self, caller: LocalAccount, party: int, *, at: int | None = None) -> None:
        """Anyone finishes a change of settlement account."""
        self._both(
            caller,
            "ParticipantRegistry",
            "finishSettlementChange",
            (party,),
            lambda: self.model.finish_settlement(party),
            at,
        )
