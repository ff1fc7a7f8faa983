"""ParticipantRegistry: who is admitted, and who may act for whom."""

from __future__ import annotations

from api.indexer import payloads as p
from api.indexer.entry import At, Entry
from api.store.ledger.rows import (
    ANNOUNCED,
    FINISHED,
    VETOED,
    WITHDRAWN,
    AccountRow,
    PartyRow,
    RecoveryRow,
    SettlementChangeRow,
)
from api.store.ledger.writer import Ledger


def party_admitted(ledger: Ledger, at: At, e: p.PartyAdmitted) -> None:
    ledger.parties.put(
        PartyRow(
            id=e.party,
            credit_code_hash=e.credit_code_hash,
            roles=e.roles,
            suspended=False,
            identity_expiry=e.identity_expiry,
            settlement_account=e.settlement_account,
            quote_epoch=0,
            overdue_count=0,
            source=at.place,
        )
    )


def party_suspended(ledger: Ledger, at: At, e: p.PartySuspended) -> None:
    ledger.parties.change(e.party).suspended = True


def party_reinstated(ledger: Ledger, at: At, e: p.PartyReinstated) -> None:
    ledger.parties.change(e.party).suspended = False


def roles_set(ledger: Ledger, at: At, e: p.RolesSet) -> None:
    ledger.parties.change(e.party).roles = e.roles


def identity_renewed(ledger: Ledger, at: At, e: p.IdentityRenewed) -> None:
    ledger.parties.change(e.party).identity_expiry = e.identity_expiry


def quote_epoch_raised(ledger: Ledger, at: At, e: p.QuoteEpochRaised) -> None:
    ledger.parties.change(e.party).quote_epoch = e.quote_epoch


def account_set(ledger: Ledger, at: At, e: p.AccountSet) -> None:
    row = _account(ledger, e.account)
    row.party, row.rights = e.party, e.rights
    # where rights are only taken no evidence is given: what was shown for those that stay goes on
    if any(e.evidence_hash):
        row.evidence_hash = e.evidence_hash


def signature_used(ledger: Ledger, at: At, e: p.SignatureUsed) -> None:
    _account(ledger, e.account).nonce = e.nonce + 1


def _account(ledger: Ledger, address: bytes) -> AccountRow:
    if ledger.accounts.find(address) is None:
        ledger.accounts.put(AccountRow(address))
    return ledger.accounts.change(address)


def recovery_announced(ledger: Ledger, at: At, e: p.RecoveryAnnounced) -> None:
    terms = (e.account, e.ready_at, e.evidence_hash, e.removed_hash)
    ledger.recoveries.put(RecoveryRow(e.party, *terms, removed=b"", state=ANNOUNCED))


def recovery_removes(ledger: Ledger, at: At, e: p.RecoveryRemoves) -> None:
    ledger.recoveries.change(e.party).removed += e.account


def recovery_vetoed(ledger: Ledger, at: At, e: p.RecoveryVetoed) -> None:
    ledger.recoveries.change(e.party).state = VETOED


def recovery_withdrawn(ledger: Ledger, at: At, e: p.RecoveryWithdrawn) -> None:
    ledger.recoveries.change(e.party).state = WITHDRAWN


def recovery_finished(ledger: Ledger, at: At, e: p.RecoveryFinished) -> None:
    ledger.recoveries.change(e.party).state = FINISHED


def settlement_change_announced(ledger: Ledger, at: At, e: p.SettlementChangeAnnounced) -> None:
    ledger.settlement_changes.put(SettlementChangeRow(e.party, e.account, e.ready_at, e.evidence_hash, ANNOUNCED))


def settlement_change_vetoed(ledger: Ledger, at: At, e: p.SettlementChangeVetoed) -> None:
    ledger.settlement_changes.change(e.party).state = VETOED


def settlement_account_changed(ledger: Ledger, at: At, e: p.SettlementAccountChanged) -> None:
    ledger.settlement_changes.change(e.party).state = FINISHED
    ledger.parties.change(e.party).settlement_account = e.account


ENTRIES = (
    Entry(p.PartyAdmitted, party_admitted),
    Entry(p.PartySuspended, party_suspended),
    Entry(p.PartyReinstated, party_reinstated),
    Entry(p.RolesSet, roles_set),
    Entry(p.IdentityRenewed, identity_renewed),
    Entry(p.QuoteEpochRaised, quote_epoch_raised),
    Entry(p.AccountSet, account_set),
    Entry(p.SignatureUsed, signature_used),
    Entry(p.RecoveryAnnounced, recovery_announced),
    Entry(p.RecoveryRemoves, recovery_removes),
    Entry(p.RecoveryVetoed, recovery_vetoed),
    Entry(p.RecoveryWithdrawn, recovery_withdrawn),
    Entry(p.RecoveryFinished, recovery_finished),
    Entry(p.SettlementChangeAnnounced, settlement_change_announced),
    Entry(p.SettlementChangeVetoed, settlement_change_vetoed),
    Entry(p.SettlementAccountChanged, settlement_account_changed),
)
