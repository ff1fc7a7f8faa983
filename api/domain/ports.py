"""The outside, as services see it. Adapters live in api/chain, api/store and api/intake; only bootstrap joins them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from api.domain.access import Eyes, Related, Relation
from api.domain.invoices import InvoiceItem, Refusal
from api.domain.journal import Deeds
from api.domain.key_changes import KeyChange, KeyChangeEvent
from api.domain.operations import Call, Contract, Operation, OperationEvent, OperationStatus
from api.domain.positions import Moment, Position, When
from api.domain.records import ImportedItem, Profile, Quote, QuoteRequest
from api.domain.reorganisations import ReorganisationEvent, Undone
from api.domain.reports import Activity
from api.domain.views import (
    ANY_TERMS,
    ClaimView,
    CurrencyView,
    FreezeView,
    FundFlow,
    IndexStatus,
    InvoiceView,
    JournalEntry,
    LedgerTotals,
    NoteView,
    Page,
    PartyView,
    ReassignmentView,
    ReceivableView,
    RecourseView,
    Stand,
    Terms,
    Trace,
)
from api.domain.watch import Acknowledged, Alert, KeptAlert, Mark, Severity, Stretch


@dataclass(frozen=True, slots=True)
class Head:
    """The chain's last block: "now" is its time."""

    block: int
    hash: str
    time: int


@dataclass(frozen=True, slots=True)
class DecodedLog:
    """One event of ours: `name` and `args` by ABI name (ints, 0x-hex strings, dicts for structs)."""

    contract: Contract
    name: str
    args: Mapping[str, Any]
    block: int
    block_hash: str
    tx_hash: str
    log_index: int
    address: str = ""
    """Of the contract: tells one deposit token from another."""


@dataclass(frozen=True, slots=True)
class SignedTransaction:
    """A transaction that can be sent: `raw` and `tx_hash` are 0x-hex."""

    account: str
    nonce: int
    tx_hash: str
    raw: str
    gas: int


class Signer(Protocol):
    """Holds keys (keyfiles, or the demo mnemonic on local chains) and signs; never hands one out."""

    def accounts(self) -> Sequence[str]:
        """Checksummed addresses that this signer can sign for, where it can list them."""
        ...

    def can_sign(self, account: str) -> bool: ...

    def sign_transaction(self, account: str, transaction: Mapping[str, Any]) -> bytes:
        """The raw signed transaction. Unavailable("KeyUnavailable") when it has no such key."""
        ...

    def sign_typed_data(self, account: str, typed_data: Mapping[str, Any]) -> bytes:
        """65 bytes r, s, v over EIP-712 typed data ({domain, types, primaryType, message})."""
        ...


class Chain(Protocol):
    """Reading the chain, and trying acts without sending them."""

    chain_id: int
    addresses: Mapping[Contract, str]
    tokens: Mapping[str, str]
    """Deposit tokens: ISO currency code → address. `addresses[Contract.TOKEN]` is the first of them."""

    async def head(self) -> Head: ...

    async def call(
        self, contract: Contract, function: str, *args: Any, block: int | None = None, at: str | None = None
    ) -> Any:
        """A view. Structs come back as dicts by ABI name, several results as a tuple. `at` names one token of several."""
        ...

    async def calls(self, calls: Sequence[Call], block: int | None = None) -> Sequence[Any]:
        """Many views in one round trip, all of one block (the head unless named)."""
        ...

    async def simulate(self, call: Call) -> Any:
        """What the act would return now. RuleBroken when a contract refuses; nothing is sent."""
        ...

    async def events(self, tx_hash: str) -> Sequence[DecodedLog]:
        """The decoded events of a mined transaction, in order."""
        ...

    async def unsigned(self, call: Call) -> Mapping[str, Any]:
        """The transaction that the account's owner signs outside: to, data, value, gas, fees, nonce, chainId."""
        ...

    def check_signed(self, call: Call, raw: str) -> SignedTransaction:
        """Reads a raw transaction signed outside. InvalidInput("SignedTransactionMismatch") names what differs from the
        call: chain id, sender, contract, function or arguments, value."""
        ...

    async def forward_terms(self, call: Call) -> Mapping[str, Any]:
        """What is the call's own in a request to the forwarder: from, to, value, gas, data (0x-hex)."""
        ...

    def encoded(self, call: Call) -> tuple[str, str]:
        """Where a call goes, and its calldata (0x-hex)."""
        ...

    def decoded(self, account: str, to: str, data: str) -> Call:
        """The way back. InvalidInput("CallUnreadable") for what is no call of this deployment's contracts."""
        ...

    def digest(self, typed_data: Mapping[str, Any]) -> str:
        """The 32 bytes that are signed, 0x-hex."""
        ...

    def struct_hashes(self, types: Mapping[str, Any], name: str, values: Sequence[Mapping[str, Any]]) -> Sequence[str]:
        """EIP-712's hashStruct of each, 0x-hex. ValueError or KeyError when values and types do not fit."""
        ...

    def array_hash(self, hashes: Sequence[str]) -> str:
        """EIP-712's hash of an array of structs with these hashes, 0x-hex: keccak-256 of them on end."""
        ...

    async def has_signed(self, account: str, typed_data: Mapping[str, Any], signature: str) -> bool:
        """Is it the account's signature: by its key (low s alone), or by ERC-1271 where it is a contract?"""
        ...

    def signed_by(self, typed_data: Mapping[str, Any], signature: str) -> str:
        """The account (checksummed) whose key made `signature`, 65 bytes 0x-hex. InvalidInput("SignatureInvalid") when it
        cannot be read, or is malleable (high s)."""
        ...


class OperationBox(Protocol):
    """The outbox: operations are put here before anything is sent, and the worker carries them out."""

    async def put(self, operations: Sequence[Operation]) -> Sequence[Operation]:
        """Stores them, all or none, in order. An operation whose idempotency key is known is answered with the stored one
        (Conflict("IdempotencyKeyReused") when its request hash differs)."""
        ...

    async def get(self, operation_id: str) -> Operation | None: ...

    async def find(self, idempotency_key: str) -> Operation | None: ...

    async def listing(
        self,
        *,
        status: str | None,
        kind: str | None,
        cursor: str | None,
        limit: int,
        party: int | None = None,
        tx_hash: str | None = None,
        request_id: str | None = None,
    ) -> Page[Operation]:
        """Newest first; with `party` what it asked for, with `tx_hash` or `request_id` what a transaction or a request
        belongs to."""
        ...

    async def last_relayed(self, account: str) -> int | None:
        """The highest nonce at the forwarder among requests of `account` that have not ended."""
        ...

    async def wait(self, operation_ids: Sequence[str], timeout: float) -> Sequence[Operation]:
        """The operations, once each is confirmed or failed, or when `timeout` seconds have passed."""
        ...


@dataclass(frozen=True, slots=True)
class OutboxLoad:
    """How full the outbox is. Times are Unix seconds of the host, None when there is none such."""

    by_status: Mapping[OperationStatus, int]
    oldest_queued: int | None
    oldest_open: int | None
    """Queued or submitted."""
    leased: bool
    """Whether a worker holds an account's lease just now."""


class OutboxGauge(Protocol):
    """Tells whether operations are carried out."""

    async def read(self) -> OutboxLoad: ...


Event = OperationEvent | ReorganisationEvent | KeyChangeEvent


class Events(Protocol):
    """What happened to operations and to who controls parties, and what the chain took back, in the order in which it was
    stored."""

    async def last(self) -> int:
        """The id of the newest event; 0 when there is none."""
        ...

    async def after(self, event: int, party: int | None, limit: int) -> Sequence[Event]:
        """The events that follow one, oldest first, as one party sees them; None sees all."""
        ...

    async def next(self, event: int, party: int | None, limit: int, timeout: float) -> Sequence[Event]:
        """The same, as soon as there are any; none when `timeout` seconds have passed."""
        ...


class ReadModel(Protocol):
    """The indexed ledger. Amounts exact; every answer is of one block."""

    async def status(self) -> IndexStatus: ...

    async def wait_for(self, block: int, timeout: float) -> bool:
        """True once the index has reached `block`."""
        ...

    async def currencies(self) -> Sequence[CurrencyView]: ...

    async def party(self, party: int) -> PartyView | None: ...

    async def party_now(self, party: int) -> tuple[PartyView | None, int]:
        """The same, and the time of the last block, Unix seconds."""
        ...

    async def parties(self, *, role: int | None, cursor: str | None, limit: int) -> Page[PartyView]: ...

    async def party_of_account(self, address: str) -> int | None: ...

    async def invoices(self, fingerprints: Sequence[str]) -> Mapping[str, InvoiceView]:
        """What is used of these invoices; those that nobody claimed or credited are left out."""
        ...

    async def fingerprints(self, receivables: Sequence[int]) -> Mapping[int, Sequence[str]]:
        """Fingerprints that these receivables claimed when confirmed, also of cancelled ones."""
        ...

    async def receivable(self, receivable: int) -> ReceivableView | None: ...

    async def receivables(
        self,
        *,
        debtor: int | None,
        status: str | None,
        cursor: str | None,
        limit: int,
        eyes: Eyes | None = None,
        terms: Terms = ANY_TERMS,
        ids: Sequence[int] = (),
    ) -> Page[ReceivableView]:
        """With `eyes` those that the party sees; with `ids` of these alone."""
        ...

    async def receivable_relations(self, receivables: Sequence[int], eyes: Eyes) -> Mapping[int, frozenset[Relation]]:
        """How the party stands to these; unknown ones are left out."""
        ...

    async def note(self, note: int) -> NoteView | None: ...

    async def notes(
        self,
        *,
        holder: int | None,
        receivable: int | None,
        status: str | None,
        tier: int | None,
        cursor: str | None,
        limit: int,
        eyes: Eyes | None = None,
        terms: Terms = ANY_TERMS,
        ids: Sequence[int] = (),
    ) -> Page[NoteView]:
        """`terms` are those of the debts. With `eyes` those that the party sees; by status only those whose status it sees."""
        ...

    async def note_relations(self, notes: Sequence[int], eyes: Eyes) -> Mapping[int, frozenset[Relation]]:
        """How the party stands to these; unknown ones are left out."""
        ...

    async def live_notes(self, receivables: Sequence[int]) -> Sequence[int]:
        """Notes of these receivables with value left, ascending."""
        ...

    async def notes_by_id(self, notes: Sequence[int]) -> Sequence[NoteView]:
        """These notes, ascending; unknown ones are left out."""
        ...

    async def receivables_by_id(self, receivables: Sequence[int]) -> Sequence[ReceivableView]:
        """These receivables, ascending; unknown ones are left out."""
        ...

    async def stand_of_note(self, note: int) -> Stand | None:
        """Where its debt's tree stands: while that stays equal, so does a trace."""
        ...

    async def trace(self, note: int, eyes: Eyes | None = None) -> Related[Trace] | None: ...

    async def story(self, note: int) -> Sequence[JournalEntry] | None:
        """Every event about the note's debt and the notes of its tree, oldest first."""
        ...

    async def stand_of_receivable(self, receivable: int) -> Stand | None:
        """The same, for a fund flow."""
        ...

    async def fund_flow(self, receivable: int, eyes: Eyes | None = None) -> Related[FundFlow] | None: ...

    async def claims(self, receivable: int) -> Sequence[ClaimView]:
        """Who took parts of it by sale or pledge and has them still: assignees, then pledgees, each by note."""
        ...

    async def chains(self, source: int, target: int, *, cursor: str | None, limit: int) -> Sequence[tuple[int, ...]]:
        """Notes by which value came from the one party to the other: for each note of the target that descends from a note
        of the source, or from its debt, those from there down to it. By the last note, whose id is the cursor."""
        ...

    async def reorganisations(self) -> Sequence[str]:
        """Keys of all that the index knows of, oldest first."""
        ...

    async def undone(self, key: str) -> Undone:
        """What one of these undid."""
        ...

    async def block_hash(self, block: int) -> str | None:
        """None of a block that is not kept: nothing happened in it, or it is yet to come."""
        ...

    async def stretch(self, mark: Mark, last: int) -> tuple[Stretch, Mark]:
        """What came after the mark until the end of block `last`, without invoices; and the mark after it."""
        ...

    async def moment(self, when: When) -> Moment:
        """NotFound("UnknownBlock") or ("UnknownDay") where the index knows no such moment."""
        ...

    async def activity(self, first: int, last: int) -> Activity:
        """What was confirmed and paid in these blocks."""
        ...

    async def deeds(self, party: int, last: int) -> Deeds:
        """What a party's books are made of, until the end of a block."""
        ...

    async def position(self, party: int, when: When) -> Position:
        """Of an admitted party. NotFound("UnknownBlock") or ("UnknownDay") where the index knows no such moment."""
        ...

    async def totals(self) -> LedgerTotals: ...

    async def administration(self) -> Sequence[JournalEntry]:
        """What the operator announced, carried out and called off, as the AccessManager told it; the oldest first."""
        ...

    async def recourse(self, *, party: int | None, cursor: str | None, limit: int) -> Page[RecourseView]:
        """Notes with value left that were sold with recourse, by note; with `party` those that it bought or sold."""
        ...

    async def freezes(self, *, holder: int | None, cursor: str | None, limit: int) -> Page[FreezeView]:
        """Freezes that stand, by note; with `holder` of its notes alone."""
        ...

    async def reassignments(self, *, holder: int | None, cursor: str | None, limit: int) -> Page[ReassignmentView]:
        """Ordered under a freeze that stands, and neither executed nor cancelled, by id; with `holder` of its notes alone."""
        ...

    async def reassignment(self, reassignment: int) -> ReassignmentView | None:
        """One that was ordered, whatever became of it."""
        ...

    async def key_changes(self, *, party: int | None, cursor: str | None, limit: int) -> Page[KeyChange]:
        """Announced, and neither ended nor finished, by party and kind; with `party` its own alone."""
        ...

    async def all_key_changes(self) -> Sequence[KeyChange]:
        """The last of each kind of every party, whatever became of it."""
        ...


class AlertBook(Protocol):
    """Alerts of the watch, each kept once by its key."""

    async def mark(self) -> Mark: ...

    async def put(self, alerts: Sequence[Alert], mark: Mark) -> Sequence[KeptAlert]:
        """Keeps those that are new, with the mark, all or nothing; answers the new ones."""
        ...

    async def start_over(self) -> None:
        """The chain has other blocks now: forgets the mark, and what nobody has acknowledged."""
        ...

    async def listing(
        self, *, rule: str | None, severity: Severity | None, open_: bool | None, cursor: str | None, limit: int
    ) -> Page[KeptAlert]:
        """Newest first."""
        ...

    async def acknowledge(self, alert: int, word: Acknowledged) -> KeptAlert | None:
        """The first word stays. None where there is no such alert."""
        ...


class Dossiers(Protocol):
    """Writes files that prove a note's story, see docs/dossier.md."""

    async def write(self, note: int, block: int | None) -> bytes:
        """The dossier of a note as of an indexed block, the last one when None.

        NotFound("UnknownNote"), also where the note is younger than the block; NotFound("UnknownBlock") when it is not
        indexed; Unavailable("StatePruned") when the node no longer has its state, ("ProofsNotOffered") when the node proves
        none, ("NodeDisagrees") when what it tells does not hash to what its headers say, ("DossierIncomplete") when what
        index and node tell makes none that holds: one of them is behind, or on another branch.
        """
        ...


class Profiles(Protocol):
    """Names and identities of parties, keyed by the hash of their credit code."""

    async def put(self, profiles: Sequence[Profile]) -> None:
        """Inserts or replaces by credit_code_hash, all or none."""
        ...

    async def assign(self, parties: Mapping[str, int]) -> None:
        """Party ids by credit_code_hash, once admitted."""
        ...

    async def of_parties(self, parties: Sequence[int]) -> Mapping[int, Profile]: ...

    async def of_identities(self, identities: Sequence[str]) -> Mapping[str, Profile]:
        """By any of the identities of a party; unknown ones are left out."""
        ...

    async def identities(self) -> Sequence[Sequence[str]]:
        """Every party's identities, the canonical one first; parties without any are left out."""
        ...

    async def search(self, text: str, limit: int) -> Sequence[Profile]:
        """Admitted parties whose name in either language contains `text`, case folded."""
        ...


class ImportedItems(Protocol):
    """Invoices taken in; one row a fingerprint, so a re-run imports nothing twice."""

    async def put(self, buyer: int, items: Sequence[InvoiceItem], evidence: Mapping[str, str]) -> Sequence[bool]:
        """Stores the new ones (evidence: file_hash → evidence hash). True where stored, False where the fingerprint was
        known."""
        ...

    async def put_refusals(self, buyer: int, refusals: Sequence[Refusal]) -> None: ...

    async def get(self, ids: Sequence[int]) -> Sequence[ImportedItem]: ...

    async def by_fingerprints(self, fingerprints: Sequence[str]) -> Mapping[str, ImportedItem]: ...

    async def alike(self, after: int) -> Sequence[ImportedItem]:
        """Those imported after this one, and all of the same seller over the same amount, or out of the same file."""
        ...

    async def listing(self, *, buyer: int | None, cursor: str | None, limit: int) -> Page[ImportedItem]: ...


class Evidence(Protocol):
    """The salts of stored originals: file_hash → salted evidence hash, the same at every asking."""

    async def evidence_hash(self, file_hash: str, name: str) -> str: ...


class QuoteBook(Protocol):
    """Signed quotes; sealed between financiers."""

    async def put(self, quotes: Sequence[Quote]) -> None: ...

    async def get(self, quote_id: str) -> Quote | None: ...

    async def of_note(self, note: int) -> Sequence[Quote]: ...

    async def live(self, party: int | None, now: int, after: int, notes: int) -> Sequence[Quote]:
        """Quotes that `party` made or was made (all when None), not withdrawn and valid at `now` (Unix seconds): those of the
        first so many notes above `after`, by note, each note's in the order of their making."""
        ...

    async def withdraw(self, quote_id: str) -> None: ...

    async def ask(self, note: int, financiers: Sequence[int], seller: int) -> None:
        """The seller asks these financiers for quotes; asking again changes nothing. Financier 0: all of them."""
        ...

    async def unask(self, note: int, financiers: Sequence[int]) -> Sequence[int]:
        """Takes requests back: those to these financiers, or to all that were asked when none is named. The financiers of
        those that stood."""
        ...

    async def requests(
        self, *, note: int | None, seller: int | None, financier: int | None, cursor: str | None, limit: int
    ) -> Page[QuoteRequest]:
        """Requests that stand, by note; of one seller, or to one financier or all."""
        ...

    async def asked(self, financier: int) -> Sequence[int]:
        """Notes that the financier is asked to quote for, alone or with all others."""
        ...


@dataclass(frozen=True, slots=True)
class AuditRead:
    """One reading of an auditor: who looked, at what, when (host's clock, Unix seconds)."""

    party: int
    person: str | None
    means: str
    credential: str
    method: str
    target: str
    request_id: str
    at: int


class AuditLog(Protocol):
    """What auditors looked at. Nothing in it is ever changed."""

    async def put(self, read: AuditRead) -> None: ...

    async def listing(self, *, cursor: str | None, limit: int) -> Page[AuditRead]:
        """Newest first."""
        ...


class BusinessCalendar(Protocol):
    """Which days are business days where the debtor pays."""

    def next_business_day(self, day: int) -> int:
        """`day` itself when it is one, else the next."""
        ...
