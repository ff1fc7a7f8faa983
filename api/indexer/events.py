"""The table of events: every event of every contract of ours is here, and does something, is only written down, or
is left out. A new product adds its contract, its payloads and its handlers; an event that is not here stops the
indexer by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.chain.bindings import Bindings
from api.domain.errors import CascadeError
from api.domain.operations import Contract
from api.indexer import (
    assignment_events,
    bank_events,
    cash_events,
    credit_events,
    note_events,
    order_events,
    party_events,
    pledge_events,
    recourse_events,
)
from api.indexer.decoder import Decode, Describe, compile_event, describe_plain, entry_of
from api.indexer.entry import Entry

HANDLED: Mapping[Contract, tuple[Entry, ...]] = {
    Contract.REGISTRY: party_events.ENTRIES,
    Contract.CREDIT: credit_events.ENTRIES,
    Contract.ISSUANCE: note_events.POLICY_ENTRIES,
    Contract.NOTES: note_events.ENTRIES,
    Contract.FINANCING: (*cash_events.FINANCING_ENTRIES, *recourse_events.SALE_ENTRIES),
    Contract.ORDER: order_events.ENTRIES,
    Contract.PLEDGE: pledge_events.ENTRIES,
    Contract.REPAYMENT: cash_events.REPAYMENT_ENTRIES,
    Contract.BANK: bank_events.BANK_ENTRIES,
    Contract.BANK_SALE: bank_events.SALE_ENTRIES,
    Contract.BANK_REPAYMENT: bank_events.REPAYMENT_ENTRIES,
    Contract.RECOURSE: recourse_events.RECOURSE_ENTRIES,
    Contract.ASSIGNMENTS: assignment_events.ENTRIES,
    Contract.FORWARDER: cash_events.FORWARDER_ENTRIES,
    Contract.AUTHORITY: (),
}
"""What changes tables. Deposit tokens are not followed: the desks tell of every cash leg, measured."""

WRITTEN_DOWN = frozenset(
    {
        *("AuthorityUpdated", "EIP712DomainChanged", "AttestationUsed", "ExecutedForwardRequest", "PaymentRefused"),
        *("OperationScheduled", "OperationExecuted", "OperationCanceled"),
        *("RoleGranted", "RoleRevoked", "RoleLabel"),
        *("RoleAdminChanged", "RoleGuardianChanged", "RoleGrantDelayChanged"),
        *("TargetAdminDelayUpdated", "TargetClosed", "TargetFunctionRoleUpdated"),
    }
)
"""What stands in the journal alone: administration and signatures, for those who audit them."""

LEFT_OUT = frozenset({"Transfer", "TransferValue"})
"""ReceivableNotes' events for explorers and wallets: each stands beside one of ours that says more."""


@dataclass(frozen=True, slots=True)
class Known:
    """How one event is read. `entry` None: written down alone."""

    name: str
    decode: Decode
    describe: Describe
    entry: Entry | None


Table = Mapping[str, Known | None]
"""By topic; None is left out."""


def compile_table(bindings: Bindings, contract: Contract) -> Table:
    """CascadeError("EventNotHandled") when the contract's ABI has an event that nobody here has thought of."""
    binding = bindings[contract]
    entries = {entry.payload.__name__: entry for entry in HANDLED[contract]}
    table: dict[str, Known | None] = {}
    for topic, event in binding.events.items():
        entry = entries.pop(event.name, None)
        if entry is not None:
            decode, describe = compile_event(event, entry_of(binding, event.name), entry.payload)
            table[topic] = Known(event.name, decode, describe, entry)
        elif event.name in WRITTEN_DOWN:
            table[topic] = Known(event.name, event.arguments, describe_plain(entry_of(binding, event.name)), None)
        elif event.name in LEFT_OUT and contract is Contract.NOTES:
            table[topic] = None
        else:
            raise CascadeError("EventNotHandled", contract=contract.value, event=event.name)
    if entries:
        raise CascadeError("EventNotInAbi", contract=contract.value, event=next(iter(entries)))
    return table
