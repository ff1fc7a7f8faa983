"""ParticipantRegistry: who is admitted, and who may act for whom."""

from __future__ import annotations

from api.indexer import payloads as p
from api.indexer.entry import At, Entry
from api.store.ledger.rows import AccountRow, PartyRow
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
    ledger.accounts.put(AccountRow(e.account, e.party, e.rights, e.evidence_hash))


ENTRIES = (
    Entry(p.PartyAdmitted, party_admitted),
    Entry(p.PartySuspended, party_suspended),
    Entry(p.PartyReinstated, party_reinstated),
    Entry(p.RolesSet, roles_set),
    Entry(p.IdentityRenewed, identity_renewed),
    Entry(p.QuoteEpochRaised, quote_epoch_raised),
    Entry(p.AccountSet, account_set),
)
