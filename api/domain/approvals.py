"""Acts that need two people of a company: which they are, how one is asked for, signed by both, and what is kept of it.

What both sign is EIP-712 typed data of our own (typed_data.approval): it holds the very calls that are carried out, so
what was approved, what is shown and what is executed are one thing, and the two signatures prove it later to anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from api.domain.operations import Call, Contract, Operation
from api.domain.principal import PersonRole
from api.domain.typed_data import TypedData
from api.domain.views import Page

VALID_S = 86_400
"""Seconds of the chain's clock from the asking in which an approval must be signed and carried out."""

COUNTED_S = 86_400
"""Seconds of the chain's clock: what one person did alone counts to a threshold for as long."""


class ActKind(StrEnum):
    """What needs two people."""

    CONFIRM = "confirm"
    """Acknowledging debts."""
    FINANCE = "finance"
    """Selling notes or borrowing against them."""
    PAY = "pay"
    """Whatever moves the company's money, or lets somebody move it."""
    ACCOUNTS = "accounts"
    """Changing the company's accounts on the chain: always two. To veto a change takes one, and so does finishing one that
    two announced and nobody has vetoed."""
    ORDERS = "orders"
    """Letting go, or giving away, what an order holds: always two. To freeze is one's."""
    NETWORK = "network"
    """Changing the rules of the network, letting a paused one go on, or announcing who shall control a party: always two of
    the operator's people."""
    THRESHOLDS = "thresholds"
    """Changing from which amounts on two are needed: always two."""


WITH_THRESHOLD = (ActKind.CONFIRM, ActKind.FINANCE, ActKind.PAY)

_ALONE: Mapping[Contract, str] = {
    Contract.NOTES: "accept refuse withdraw lapse split setConsent",
    Contract.REPAYMENT: "declareOverdue",
    Contract.FINANCING: "cancelQuote",
    Contract.PLEDGE: "cancelQuote releasePledge",
    Contract.ASSIGNMENTS: "register notifyDebtor",
    Contract.RECOURSE: "demand",
    Contract.ORDER: "freeze",
    Contract.AUTHORITY: "cancel",
    Contract.REGISTRY: "vetoRecovery vetoSettlementChange finishSettlementChange",
}
_TOGETHER: Mapping[ActKind, Mapping[Contract, str]] = {
    ActKind.CONFIRM: {Contract.ISSUANCE: "confirm"},
    ActKind.FINANCE: {
        Contract.FINANCING: "finance financeFunded",
        Contract.PLEDGE: "pledge",
        Contract.BANK_SALE: "reserveSale",
    },
    ActKind.PAY: {
        Contract.REPAYMENT: "repay openRound resumeRound",
        Contract.BANK_REPAYMENT: "reserveRepayment reserveRound",
        Contract.PLEDGE: "repayLoan",
        Contract.RECOURSE: "honour",
        Contract.TOKEN: "approve transfer transferFrom",
    },
    ActKind.ORDERS: {Contract.ORDER: "release orderReassignment executeReassignment cancelReassignment"},
    ActKind.NETWORK: {
        Contract.ISSUANCE: "setPolicy",
        Contract.NOTES: "setPaused",
        Contract.REGISTRY: "announceRecovery",
    },
    ActKind.ACCOUNTS: {Contract.REGISTRY: "addAccount setRights announceSettlementChange"},
}
KINDS: Mapping[tuple[Contract, str], ActKind | None] = {
    **{(contract, name): None for contract, names in _ALONE.items() for name in names.split()},
    **{
        (contract, name): kind
        for kind, of in _TOGETHER.items()
        for contract, names in of.items()
        for name in names.split()
    },
}


def kind_of(call: Call) -> ActKind | None:
    """The kind of an act; None where one person does. What is not known needs two; to stop everything takes one."""
    if (call.contract, call.function, *call.args) == (Contract.NOTES, "setPaused", True):
        return None
    return KINDS.get((call.contract, call.function), ActKind.ACCOUNTS)


class ApprovalStatus(StrEnum):
    """prepared → signed → executed, or → approved → executed where the account's key is elsewhere.

    Until it is executed it can be refused, withdrawn, or expire. These, and executed, are ends."""

    PREPARED = "prepared"
    """Asked for; nobody has signed."""
    SIGNED = "signed"
    """Its maker has signed."""
    APPROVED = "approved"
    """Both have signed; the company's account signs its transactions outside."""
    EXECUTED = "executed"
    """Its operations are in the outbox, or its job is under way; each tells its own end."""
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


OPEN = (ApprovalStatus.PREPARED, ApprovalStatus.SIGNED, ApprovalStatus.APPROVED)


class Part(StrEnum):
    """As what a person signs."""

    MAKER = "maker"
    CHECKER = "checker"


class KeyKind(StrEnum):
    """Whose keeping a signature's key is in."""

    WALLET = "wallet"
    """A linked account's: the person's own."""
    CUSTODIAL = "custodial"
    """The key service's."""


def roles_of(part: Part, kind: ActKind) -> frozenset[PersonRole]:
    """One of these a person needs to sign as this. Administrators propose thresholds; another, or a checker, approves."""
    if kind is ActKind.THRESHOLDS:
        return frozenset({PersonRole.ADMIN} if part is Part.MAKER else {PersonRole.ADMIN, PersonRole.CHECKER})
    return frozenset({PersonRole.MAKER if part is Part.MAKER else PersonRole.CHECKER})


@dataclass(frozen=True, slots=True)
class Signature:
    """One person's, over the approval's digest. `session` is in which it was given; `at` Unix seconds of the server."""

    part: Part
    person: str
    session: str
    means: KeyKind
    account: str
    signature: str
    at: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """From this amount on (minor units) an act of a kind needs two people; 0: always."""

    kind: ActKind
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class Lone:
    """What an operation comes to that one person asks for and nobody else approves: minor units, at a time of the chain's
    clock."""

    operation: str
    party: int
    kind: ActKind
    currency: str
    amount: int
    at: int


@dataclass(frozen=True, slots=True)
class ApprovedRow:
    """One row of a bulk job as it was signed: the message's `rows` hold the hash of all. `terms` are what the contract is
    called with, as IIssuanceDesk.Confirmation; `hash` is their EIP-712 hashStruct, `token` the currency's address."""

    position: int
    token: str
    terms: Mapping[str, Any]
    hash: str
    operation: str | None = None
    """The operation that carries it out, or the last that failed to."""


@dataclass(frozen=True, slots=True)
class Approval:
    """`typed_data` is what is signed, and all that is carried out. Times but `deadline` are of the server's clock."""

    id: str
    party: int
    kind: ActKind
    status: ApprovalStatus
    typed_data: TypedData
    digest: str
    deadline: int
    prepared_by: str
    """A person's id, or an API key's."""
    prepared_means: str
    """ "session" or "api_key"."""
    created_at: int
    updated_at: int
    idempotency_key: str | None = None
    request_hash: str | None = None
    request_id: str | None = None
    ended_by: str | None = None
    """The person who refused or withdrew it."""
    signatures: tuple[Signature, ...] = ()
    operations: tuple[str, ...] = ()
    job: str | None = None
    """The bulk job that waits for it, or that it released."""

    @property
    def message(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.typed_data["message"]
        return found

    def by(self, part: Part) -> Signature | None:
        """Who signed as this, if somebody has."""
        return next((s for s in self.signatures if s.part is part), None)

    def status_at(self, time: int) -> ApprovalStatus:
        """What is open is expired once the chain's clock has passed its deadline."""
        return ApprovalStatus.EXPIRED if self.status in OPEN and self.deadline < time else self.status

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """The change that it makes, of that kind."""
        return tuple(Threshold(ActKind(t["kind"]), t["currency"], int(t["amount"])) for t in self.message["thresholds"])


class ApprovalBook(Protocol):
    """Keeps approvals for ever."""

    async def put(self, approval: Approval) -> Approval:
        """Stores it, or answers with the one that its idempotency key is known for (Conflict("IdempotencyKeyReused")
        when that was another request)."""
        ...

    async def get(self, approval: str) -> Approval | None: ...

    async def find(self, idempotency_key: str) -> Approval | None: ...

    async def listing(
        self, *, party: int | None, status: ApprovalStatus | None, time: int, cursor: str | None, limit: int
    ) -> Page[Approval]:
        """Newest first; `time` is the chain's, by which the open ones expire."""
        ...

    async def make(self, seen: Approval, signature: Signature) -> None:
        """The maker's signature: prepared → signed, if the approval still is as it was `seen`."""
        ...

    async def check(self, seen: Approval, signature: Signature, operations: Sequence[Operation] | None) -> None:
        """The checker's signature, and in the same transaction the operations (or the thresholds of its message):
        signed → executed, which releases its job; without operations (None) signed → approved.

        Conflict("ApprovalNotWaiting") when it is not as it was `seen`; Conflict("SignatureVoid") when a signer may not sign
        any more; Conflict("SamePerson"), Conflict("SameKey")."""
        ...

    async def carry(self, seen: Approval, operations: Sequence[Operation]) -> Sequence[Operation]:
        """The operations of an approved one, signed outside: approved → executed. The same conflicts."""
        ...

    async def end(self, seen: Approval, status: ApprovalStatus, person: str) -> None:
        """Refused or withdrawn by a person, while it is open; its job is cancelled with it."""
        ...

    async def rows(self, approval: str) -> Sequence[ApprovedRow]:
        """All rows that were signed, by position."""
        ...

    async def rows_page(self, approval: str, *, cursor: str | None, limit: int) -> Page[ApprovedRow]:
        """By position."""
        ...

    async def row_hashes(self, approval: str) -> Mapping[str, Sequence[str]]:
        """The rows' hashes by token, in the order of the rows."""
        ...

    async def carry_rows(
        self, seen: Approval, wanted: Sequence[tuple[Operation, Sequence[tuple[str, str]]]]
    ) -> Sequence[Operation]:
        """Operations of an executed approval, with token and hash of each row that they carry out. Conflict(
        "ApprovalMismatch") when one is no row of it, or is in an operation that has not failed for good."""
        ...

    async def first_job_deadline(self) -> int | None:
        """Of the approvals that jobs wait for, by the chain's clock."""
        ...

    async def expire_jobs(self, time: int) -> None:
        """Cancels jobs whose approval was not given before this time."""
        ...

    async def thresholds(self, party: int) -> Sequence[Threshold]: ...

    async def lone(self, party: int, time: int) -> Mapping[tuple[ActKind, str], int]:
        """What acts by one person came to in COUNTED_S before `time`, by kind and currency. What failed for good is left
        out."""
        ...

    async def of_transactions(self, hashes: Sequence[str]) -> Sequence[Approval]:
        """Those by which these transactions were asked for, the oldest first."""
        ...
