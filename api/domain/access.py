"""Who may see and do what at the API: the one place where it is decided. docs/permissions.md shows these tables, and a
test holds the two together.

Three questions, in this order. May this principal ask for the endpoint at all (ENDPOINTS, its roles and scopes)? How does
its party stand to the object (Relation; the read model answers)? Which fields does that relation show (NOTE, RECEIVABLE,
PARTY)? Whoever stands in no relation to an object is told that there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from api.domain.errors import Forbidden
from api.domain.principal import LOCAL, PersonRole, Principal
from api.domain.views import Stand

T = TypeVar("T")
Fields = frozenset[str]

OPERATOR = 0
"""The party for which the network operator's people speak."""
FINANCIER, AUDITOR, REGISTRAR, ARBITER = 4, 8, 16, 32
"""Bits of Roles.sol."""
_READS, _WRITES = "read", "write"
"""Scopes of API keys."""
_ACTING = frozenset(PersonRole) - {PersonRole.VIEWER}


class Need(StrEnum):
    """What an endpoint asks of whoever calls it."""

    OPEN = "anybody"
    OWN = "decides itself"
    """Sign-in, people, keys: the endpoint looks at the principal and at nothing else."""
    READ = "reader"
    """Any role or scope that reads; the answer is cut to what the principal's party sees."""
    ACT = "actor"
    """Maker, checker, administrator, or a key that writes; for its own party alone."""
    OPERATE = "operator"
    """The same of the network operator."""


class Standing(StrEnum):
    """From where a principal looks."""

    ALL = "sees all"
    """Whoever sits at this machine while nobody has to sign in, and auditors."""
    OPERATOR = "operator"
    PARTY = "party"


class Relation(StrEnum):
    """How a party stands to a note or to a receivable."""

    HOLDER = "holder"
    OFFERING = "offeror, until it is accepted"
    OFFEROR = "offeror"
    RECEIVER = "receiver"
    """It holds a child of the note: from here its own value came."""
    PAYER = "debtor, once due or paid"
    FINANCIER = "financier"
    """Asked to quote for it, while it has value, or lent on it."""
    BANK = "settlement bank"
    ARBITER = "arbiter"
    OPERATOR = "operator"
    LINEAGE = "financier of a note below"
    CREDITOR = "first creditor"
    DEBTOR = "debtor"
    NOTIFIED = "debtor that was notified"


@dataclass(frozen=True, slots=True)
class Eyes:
    """Through whose eyes the read model is read: a party, and the notes that it is asked to fund."""

    party: int
    asked: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Related(Generic[T]):
    """Something read of a debt and its notes, where these stood then, and how the party of the eyes stands to each note that
    is in it and to the debt; without eyes to none. All of one block."""

    read: T
    stand: Stand
    to_notes: Mapping[int, frozenset[Relation]]
    to_debt: frozenset[Relation]


@dataclass(frozen=True, slots=True)
class Seen(Generic[T]):
    """Something as one principal sees it: of its fields those in `shown`, all when that is None."""

    view: T
    shown: Fields | None = None


def _fields(text: str) -> Fields:
    return frozenset(text.split())


_TRACK = "id receivable root tier origin source cash"
"""Of every note that is seen at all. `cash` is a list of those movements that the asker paid or was paid."""

NOTE_FIELDS = _fields(
    "id parent receivable root holder tier face value status origin financed lapse_date trade_hash source accepted closed "
    "cash"
)
NOTE: Mapping[Relation, Fields] = {
    Relation.HOLDER: NOTE_FIELDS,
    Relation.OFFERING: _fields(
        f"{_TRACK} parent holder face value status financed lapse_date trade_hash accepted closed"
    ),
    Relation.OFFEROR: _fields(f"{_TRACK} parent holder face financed lapse_date trade_hash accepted"),
    Relation.RECEIVER: _fields(f"{_TRACK} holder"),
    Relation.PAYER: _fields(f"{_TRACK} holder value status closed"),
    Relation.FINANCIER: NOTE_FIELDS,
    Relation.BANK: _fields(f"{_TRACK} holder value status"),
    Relation.ARBITER: NOTE_FIELDS,
    Relation.OPERATOR: _fields(f"{_TRACK} parent status financed lapse_date accepted closed"),
    Relation.LINEAGE: _fields(f"{_TRACK} parent trade_hash"),
}
"""Fields of a note by relation. Value passed on is the receiver's own affair from the moment it accepts."""

_TERMS = (
    "id debtor root currency due_date confirmed_date tier_limit grace_days overdue_rate_bps min_child_value flags status "
    "source"
)
"""Of the debt under any note that a party has to do with: who owes, when, on which terms."""

RECEIVABLE_FIELDS = _fields(
    f"{_TERMS} creditor face_value outstanding repaid extinguished cancelled delivery_date evidence_hash invoices notes "
    "deepest_tier"
)
RECEIVABLE: Mapping[Relation, Fields] = {
    Relation.DEBTOR: RECEIVABLE_FIELDS,
    Relation.CREDITOR: _fields(f"{_TERMS} creditor face_value delivery_date evidence_hash invoices"),
    Relation.HOLDER: _fields(_TERMS),
    Relation.FINANCIER: _fields(f"{_TERMS} delivery_date evidence_hash"),
    Relation.BANK: _fields(_TERMS),
    Relation.ARBITER: _fields(_TERMS),
    Relation.OPERATOR: RECEIVABLE_FIELDS,
}

CLAIM_FIELDS = _fields(
    "note kind assignee value registry_reference registered_at recorded_at debtor_notified_at acquired registration notice "
    "place equals basis reason reason_zh"
)
_RANK = CLAIM_FIELDS - {"assignee", "value", "registry_reference"}
CLAIM: Mapping[Relation, Fields] = {
    Relation.HOLDER: CLAIM_FIELDS,
    Relation.OFFEROR: CLAIM_FIELDS - {"value"},
    Relation.PAYER: CLAIM_FIELDS,
    Relation.NOTIFIED: CLAIM_FIELDS - {"value"},
    Relation.FINANCIER: CLAIM_FIELDS,
    Relation.ARBITER: CLAIM_FIELDS,
    Relation.OPERATOR: _RANK,
}
"""Fields of an assignee's or a pledgee's claim, by the relation to its note. Claims that are not seen count all the same:
whoever sees one learns how many come before it, and nothing else of them."""

REASSIGNMENT_TO_OPERATOR = _fields("id note arbiter order_hash ready_at status")
"""That an order is under way, and whose; neither who gets what nor how much."""

PARTY_FIELDS = _fields(
    "id credit_code_hash roles status identity_expiry settlement_account quote_epoch overdue_count accounts lines source "
    "name_zh name_en"
)
DIRECTORY = _fields("id roles status name_zh name_en")
"""What every member may know of every other: value is passed, and quotes are asked for, by naming a party."""


def admit(principal: Principal, need: Need) -> None:
    """Whether a principal may ask for an endpoint. Forbidden("NotPermitted") says what it lacks."""
    if need in (Need.OPEN, Need.OWN) or is_local(principal):
        return
    reads = bool(principal.roles) or _READS in principal.scopes
    acts = bool(principal.roles & _ACTING) or _WRITES in principal.scopes
    if not (reads if need is Need.READ else acts) or (need is Need.OPERATE and principal.party != OPERATOR):
        raise Forbidden("NotPermitted", needed=need.value)


def acting(principal: Principal, party: int) -> None:
    """Whether a principal may act in the name of a party. Forbidden("NotYourParty")."""
    if not is_local(principal) and principal.party != party:
        raise Forbidden("NotYourParty", party=party, yours=principal.party)


def is_local(principal: Principal) -> bool:
    """Nobody has to sign in: all is allowed."""
    return principal.means == LOCAL.means


def standing(principal: Principal, roles: int, *, active: bool) -> Standing:
    """From where a principal looks; `roles` are those of its party on chain. An auditor is an admitted party in that role:
    while it is suspended, or its identity check is over, it is a stranger."""
    if is_local(principal) or (roles & AUDITOR and active):
        return Standing.ALL
    return Standing.OPERATOR if principal.party == OPERATOR else Standing.PARTY


def shown(table: Mapping[Relation, Fields], relations: Iterable[Relation]) -> Fields:
    """The fields that these relations show together; none where there is no relation."""
    return frozenset().union(*(table[relation] for relation in relations if relation in table))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A row of the matrix: who may ask, and what becomes of one's own, a counterparty's and a stranger's object, and of any
    for the operator and an auditor. The words are those of docs/permissions.md."""

    need: Need
    own: str
    counterparty: str
    stranger: str
    operator: str
    auditor: str


ALL, CUT, LEFT_OUT, NONE, OWN, MAY, RULE, NOT_YOURS, NO, NOTHING = (
    *("all", "cut", "left out", "404", "own", "may", "rule", "403 party", "403", "–"),
)


def _open() -> Endpoint:
    return Endpoint(Need.OPEN, ALL, ALL, ALL, ALL, ALL)


def _own() -> Endpoint:
    return Endpoint(Need.OWN, OWN, NONE, NONE, OWN, OWN)


def _list(counterparty: str = CUT, stranger: str = LEFT_OUT, operator: str = CUT) -> Endpoint:
    return Endpoint(Need.READ, ALL, counterparty, stranger, operator, ALL)


def _one(counterparty: str = CUT, stranger: str = NONE, operator: str = CUT) -> Endpoint:
    return Endpoint(Need.READ, ALL, counterparty, stranger, operator, ALL)


def _act(counterparty: str = RULE, stranger: str = NONE) -> Endpoint:
    return Endpoint(Need.ACT, MAY, counterparty, stranger, NOT_YOURS, NOT_YOURS)


def _anyone() -> Endpoint:
    return Endpoint(Need.ACT, MAY, MAY, NONE, MAY, MAY)


def _operate() -> Endpoint:
    return Endpoint(Need.OPERATE, NO, NO, NO, MAY, NO)


ENDPOINTS: Mapping[tuple[str, str], Endpoint] = {
    ("GET", "/healthz"): _open(),
    ("GET", "/readyz"): _open(),
    ("GET", "/metrics"): _open(),
    ("GET", "/problems"): _open(),
    ("POST", "/auth/sessions"): _open(),
    ("POST", "/auth/enrolments"): _open(),
    ("POST", "/auth/enrolments/confirm"): _open(),
    ("POST", "/auth/siwe/nonces"): _open(),
    ("POST", "/auth/siwe/sessions"): _open(),
    ("GET", "/auth/providers"): _open(),
    ("POST", "/auth/providers/{id}/sign-ins"): _open(),
    ("POST", "/auth/providers/{id}/enrolments"): _open(),
    ("POST", "/auth/providers/{id}/enrolments/confirm"): _open(),
    ("GET", "/auth/providers/{id}/callback"): _open(),
    ("GET", "/certificates/{code}"): _open(),
    ("GET", "/auth/me"): _own(),
    ("GET", "/auth/sessions"): _own(),
    ("DELETE", "/auth/sessions"): _own(),
    ("DELETE", "/auth/sessions/current"): _own(),
    ("DELETE", "/auth/sessions/{id}"): _own(),
    ("POST", "/auth/password"): _own(),
    ("GET", "/auth/accounts"): _own(),
    ("POST", "/auth/accounts"): _own(),
    ("POST", "/auth/accounts/nonces"): _own(),
    ("DELETE", "/auth/accounts/{account}"): _own(),
    ("GET", "/auth/signing-key"): _own(),
    ("POST", "/auth/signing-key"): _own(),
    ("GET", "/people"): Endpoint(Need.READ, OWN, LEFT_OUT, LEFT_OUT, OWN, OWN),
    ("POST", "/people"): _own(),
    ("PUT", "/people/{id}/roles"): _own(),
    ("POST", "/people/{id}/disable"): _own(),
    ("POST", "/people/{id}/enable"): _own(),
    ("POST", "/people/{id}/reset"): _own(),
    ("GET", "/api-keys"): _own(),
    ("POST", "/api-keys"): _own(),
    ("DELETE", "/api-keys/{id}"): _own(),
    ("GET", "/status"): Endpoint(Need.READ, CUT, CUT, CUT, ALL, ALL),
    ("GET", "/search"): _list(),
    ("GET", "/parties"): _list(stranger=CUT, operator=ALL),
    ("GET", "/parties/{id}"): _one(stranger=CUT, operator=ALL),
    ("GET", "/parties/{id}/deposits"): _one(NONE, NONE, NONE),
    ("GET", "/parties/{id}/position"): _one(NONE, NONE, NONE),
    ("POST", "/parties"): _operate(),
    ("POST", "/parties/{id}/suspend"): _operate(),
    ("POST", "/parties/{id}/reinstate"): _operate(),
    ("PUT", "/parties/{id}/credit-lines"): _operate(),
    ("GET", "/key-changes"): _list(LEFT_OUT, LEFT_OUT, ALL),
    ("POST", "/parties/{id}/recovery/word"): _operate(),
    ("POST", "/parties/{id}/recovery"): _operate(),
    ("POST", "/parties/{id}/recovery/withdraw"): _operate(),
    ("POST", "/parties/{id}/recovery/finish"): _operate(),
    ("POST", "/parties/{id}/recovery/veto"): _act(NOT_YOURS, NOT_YOURS),
    ("POST", "/parties/{id}/settlement-change/veto"): _act(NOT_YOURS, NOT_YOURS),
    ("POST", "/parties/{id}/settlement-change/finish"): _act(NOT_YOURS, NOT_YOURS),
    ("GET", "/recourse"): _list(CUT, LEFT_OUT, LEFT_OUT),
    ("POST", "/recourse/demands"): _act(),
    ("POST", "/recourse/payments"): _act(),
    ("GET", "/network/policy"): _list(ALL, ALL, ALL),
    ("PUT", "/network/policy"): _operate(),
    ("PUT", "/network/pause"): _operate(),
    ("GET", "/network/changes"): _list(CUT, CUT, ALL),
    ("POST", "/network/changes/{id}/execute"): _operate(),
    ("POST", "/network/changes/{id}/cancel"): _operate(),
    ("GET", "/freezes"): _list(LEFT_OUT, LEFT_OUT, ALL),
    ("POST", "/notes/freeze"): _act(RULE, RULE),
    ("POST", "/notes/release"): _act(RULE, RULE),
    ("GET", "/reassignments"): _list(LEFT_OUT, LEFT_OUT),
    ("POST", "/reassignments"): _act(RULE, RULE),
    ("POST", "/reassignments/execute"): _act(NONE),
    ("POST", "/reassignments/cancel"): _act(NONE),
    ("POST", "/imports"): _act(NOTHING, NOTHING),
    ("POST", "/imports/checks"): _act(NOTHING, NOTHING),
    ("GET", "/imports/plan"): _list(LEFT_OUT, operator=LEFT_OUT),
    ("GET", "/imports/items"): _list(LEFT_OUT, operator=LEFT_OUT),
    ("GET", "/receivables"): _list(operator=ALL),
    ("GET", "/receivables/{id}"): _one(operator=ALL),
    ("GET", "/receivables/{id}/fund-flow"): _one(),
    ("GET", "/receivables/{id}/claims"): _one(),
    ("POST", "/receivables"): _act(NONE),
    ("POST", "/receivables/{id}/declare-overdue"): _anyone(),
    ("GET", "/notes"): _list(),
    ("GET", "/notes/{id}"): _one(),
    ("GET", "/notes/{id}/trace"): _one(),
    ("GET", "/paths"): _list(operator=LEFT_OUT),
    ("GET", "/notes/{id}/dossier"): Endpoint(Need.READ, NONE, NONE, NONE, NONE, ALL),
    ("POST", "/notes/{id}/certificates"): Endpoint(Need.ACT, MAY, NONE, NONE, NOT_YOURS, NOT_YOURS),
    ("POST", "/notes/accept"): _act(),
    ("POST", "/notes/refuse"): _act(),
    ("POST", "/notes/withdraw"): _act(),
    ("POST", "/notes/split"): _act(),
    ("POST", "/notes/lapse"): _anyone(),
    ("PUT", "/consents"): _act(MAY, MAY),
    ("GET", "/quote-requests"): _list(operator=LEFT_OUT),
    ("POST", "/quote-requests"): _act(NONE),
    ("DELETE", "/quote-requests/{id}"): _act(NONE),
    ("GET", "/quotes"): _list(),
    ("POST", "/quotes"): _act(NONE),
    ("DELETE", "/quotes/{id}"): _act(NONE),
    ("POST", "/financings"): _act(),
    ("POST", "/registrations"): Endpoint(Need.ACT, RULE, NONE, NONE, NOT_YOURS, NOT_YOURS),
    ("POST", "/debtor-notices"): _act(),
    ("POST", "/repayments"): _act(MAY),
    ("POST", "/deposits"): _operate(),
    ("POST", "/deposits/approvals"): _act(NOTHING, NOTHING),
    ("GET", "/approvals"): _list(LEFT_OUT, operator=OWN),
    ("POST", "/approvals"): _act(),
    ("GET", "/approvals/thresholds"): Endpoint(Need.READ, OWN, LEFT_OUT, LEFT_OUT, OWN, OWN),
    ("POST", "/approvals/thresholds"): _act(NOTHING, NOTHING),
    ("GET", "/approvals/{id}"): _one(NONE, operator=OWN),
    ("GET", "/approvals/{id}/rows"): _one(NONE, operator=OWN),
    ("POST", "/approvals/{id}/signatures"): Endpoint(Need.ACT, MAY, NONE, NONE, OWN, OWN),
    ("POST", "/approvals/{id}/refuse"): Endpoint(Need.ACT, MAY, NONE, NONE, OWN, OWN),
    ("POST", "/approvals/{id}/withdraw"): Endpoint(Need.ACT, MAY, NONE, NONE, OWN, OWN),
    ("GET", "/operations"): _list(LEFT_OUT, operator=OWN),
    ("GET", "/operations/events"): _list(LEFT_OUT, operator=OWN),
    ("GET", "/operations/{id}"): _one(NONE, operator=OWN),
    ("POST", "/operations/unsigned"): _act(),
    ("POST", "/operations/signed"): _act(),
    ("POST", "/operations/requests"): _act(),
    ("POST", "/operations/relayed"): _act(),
    ("POST", "/jobs/confirmations"): _act(NOTHING, NOTHING),
    ("GET", "/jobs"): _list(LEFT_OUT, LEFT_OUT, operator=OWN),
    ("GET", "/jobs/{id}"): _one(NONE, operator=OWN),
    ("GET", "/jobs/{id}/rows"): _one(NONE, operator=OWN),
    ("GET", "/webhooks"): Endpoint(Need.READ, ALL, LEFT_OUT, LEFT_OUT, OWN, OWN),
    ("POST", "/webhooks"): _act(NOTHING, NOTHING),
    ("GET", "/webhooks/{id}"): Endpoint(Need.READ, ALL, NONE, NONE, OWN, OWN),
    ("DELETE", "/webhooks/{id}"): Endpoint(Need.ACT, MAY, NONE, NONE, OWN, OWN),
    ("GET", "/webhooks/{id}/deliveries"): Endpoint(Need.READ, ALL, NONE, NONE, OWN, OWN),
    ("GET", "/reports/{name}"): _one(NONE, operator=NONE),
    ("GET", "/alerts"): Endpoint(Need.READ, LEFT_OUT, LEFT_OUT, LEFT_OUT, LEFT_OUT, ALL),
    ("POST", "/alerts/{id}/acknowledgement"): Endpoint(Need.ACT, NONE, NONE, NONE, NONE, MAY),
    ("GET", "/audit/reads"): Endpoint(Need.READ, LEFT_OUT, LEFT_OUT, LEFT_OUT, ALL, ALL),
}
