"""A note's story, told again from its events by the rules of the protocol, and what the chain must hold when it is true
and whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from eth_hash.auto import keccak

from api.chain.bindings import Bindings
from api.chain.deploy_plan import DESKS
from api.domain.calendar import day_of_time
from api.domain.errors import InvalidInput
from api.domain.interest import BASIS, price_down
from api.domain.operations import Contract
from api.domain.status import (
    ACCEPTED,
    CANCELLED,
    FINANCED,
    FROZEN,
    LAPSED,
    OVERDUE,
    PLEDGED,
    REASSIGNED,
    REFUSED,
    REPAID,
    RESERVED,
    RETURNED,
    TENDERED,
    WITHDRAWN,
    ReceivableFlag,
)
from api.dossier.encoding import RawLog

CONTRACTS: tuple[Contract, ...] = tuple(c for c in Contract if c not in (Contract.AUTHORITY, Contract.TOKEN))
"""Whose events tell stories. Each stands in a dossier with its address."""
_ROUND_OPEN = int(ReceivableFlag.ROUND_OPEN)
_OF_ROUNDS = int(ReceivableFlag.ROUND_OPEN | ReceivableFlag.ROUND_UNFINISHED)
_CLOSED = REFUSED | WITHDRAWN | LAPSED
_NAMES = ("note", "child", "parent", "origin")
"""Arguments that name a note."""
_QUOTED = frozenset({"QuoteAgreed", "QuoteGivenBack", "QuoteCancelled"})


@dataclass(frozen=True, slots=True)
class Event:
    """A proven event. `index` is its transaction's place in the block, `log` its own in the receipt; `args` by ABI name."""

    block: int
    time: int
    index: int
    transaction: str
    sender: str
    log: int
    contract: Contract
    name: str
    args: Mapping[str, Any]


def read_event(bindings: Bindings, contract: Contract, log: RawLog) -> tuple[str, Mapping[str, Any]]:
    """Its name and arguments. ValueError when the contract has no such event, or the log not its shape."""
    event = bindings[contract].events.get(log.topics[0] if log.topics else "")
    if event is None or len(log.topics) != 1 + len(event.indexed):
        raise ValueError("no event of the contract")
    try:
        return event.name, event.arguments(log.topics, log.data)
    except Exception as error:  # the codec's own errors are of many kinds
        raise ValueError("not in the shape of its event") from error


# -- what belongs to it


@dataclass(frozen=True, slots=True)
class Lineage:
    """`path` leads from the root to the note; `notes` are these and all below the note, ascending."""

    receivable: int
    path: tuple[int, ...]
    notes: tuple[int, ...]

    @property
    def whole(self) -> bool:
        """Whether it is the whole tree of the receivable."""
        return len(self.path) == 1

    def concerns(self, name: str, args: Mapping[str, Any]) -> bool:
        """Whether an event is about a note of it, or about the receivable as a whole."""
        named = [args[key] for key in _NAMES if key in args]
        if named:
            return any(note in self.notes for note in named)
        return bool(args.get("receivable") == self.receivable)


def lineage_of(created: Iterable[tuple[int, int, int]], note: int) -> Lineage:
    """From the creations that were told: note, parent (0: none), receivable.
    InvalidInput("DossierStoryBeginsNowhere") when they do not lead from the note to a root."""
    parents: dict[int, int] = {}
    receivable = 0
    for child, parent, of in created:
        parents[child] = parent
        if child == note:
            receivable = of
    path = [note]
    while path[-1] in parents and parents[path[-1]] and parents[path[-1]] < path[-1]:
        path.append(parents[path[-1]])
    if parents.get(path[-1]) != 0:
        raise InvalidInput("DossierStoryBeginsNowhere", note=path[-1])
    below = {note}
    for child in sorted(parents):  # a child's number is higher than its parent's
        if parents[child] in below:
            below.add(child)
    return Lineage(receivable, tuple(reversed(path)), tuple(sorted({*path, *below})))


def creations(events: Iterable[Event]) -> Iterable[tuple[int, int, int]]:
    for e in events:
        if e.contract is Contract.NOTES and e.name in ("NoteOffered", "NoteAssigned"):
            yield e.args["note"], e.args["parent"], e.args["receivable"]


# -- told again


@dataclass(slots=True)
class NoteState:
    """The fields of NoteWord.sol from the lowest bit, and what stands beside it."""

    value: int
    parent: int
    receivable: int
    holder: int
    tier: int
    flags: int
    lapse_day: int
    round: int = 0
    pledged: int = 0
    tender_day: int = 0


@dataclass(slots=True)
class ReceivableState:
    """What was agreed, and what became of it. `outstanding` counts the lineage's notes alone."""

    debtor: int
    root: int
    terms: Mapping[str, Any]
    flags: int
    outstanding: int
    round: int = 0


@dataclass(slots=True)
class LoanState:
    """As Loans.sol has it: interest is principal × rate × days, not yet divided."""

    lender: int
    principal: int
    cap: int
    rate_bps: int
    accrued: int
    since: int

    def pay(self, amount: int, day: int) -> None:
        """On a day: interest first."""
        self.accrued += self.principal * self.rate_bps * (day - self.since)
        self.since = day
        interest = min(amount, self.accrued // BASIS)
        self.accrued -= interest * BASIS
        self.principal -= amount - interest
        self.cap -= amount


NO_LOAN = LoanState(0, 0, 0, 0, 0, 0)


class Broken(Exception):
    """The event cannot happen in the state that was told."""


def _need(so: bool) -> None:
    if not so:
        raise Broken


def _quotes(lineage: Lineage, events: Iterable[Event]) -> Iterable[tuple[int, int]]:
    for e in events:
        if lineage.concerns(e.name, e.args):
            if (e.contract, e.name) == (Contract.FINANCING, "NoteFinanced"):
                yield e.args["financier"], e.args["nonce"]
            elif (e.contract, e.name) == (Contract.BANK_SALE, "SaleReserved"):
                yield e.args["financier"], e.args["sale"]["quoteNonce"]


class Replay:
    """The notes of a lineage and their receivable, one event after the other."""

    def __init__(self, lineage: Lineage, events: Sequence[Event]) -> None:
        self.lineage = lineage
        self.notes: dict[int, NoteState] = {}
        self.receivable: ReceivableState | None = None
        self.taken = dict.fromkeys(_quotes(lineage, events), 0)
        """Of the quotes that the story's sales were made under, by financier and nonce."""
        self.assignments: dict[int, tuple[int, int, int]] = {}
        """Registered, recorded and notified at."""
        self.freezes: dict[int, int] = {}
        self.demands: dict[int, int] = {}
        self.orders: dict[int, int] = {}
        """Notes by the number of a reassignment that was ordered."""
        self.loans: dict[int, LoanState] = {}
        self.rests: dict[int, int] = {}

    def apply(self, event: Event) -> bool:
        """Whether the event belongs to the story. InvalidInput("DossierEventImpossible")."""
        quote = (event.args.get("financier"), event.args.get("nonce"))
        mine = self.lineage.concerns(event.name, event.args) or (event.name in _QUOTED and quote in self.taken)
        handle = _HANDLERS.get((event.contract, event.name))
        if mine and handle is not None:
            try:
                handle(self, event)
            except (Broken, KeyError) as error:
                raise InvalidInput(
                    "DossierEventImpossible", event=event.name, block=event.block, transaction=event.transaction
                ) from error
        return mine

    def _mine(self, note: int) -> NoteState | None:
        return self.notes[note] if note in self.lineage.notes else None

    def _owed(self) -> ReceivableState:
        _need(self.receivable is not None)
        assert self.receivable is not None
        return self.receivable

    # -- how notes come into being

    def confirmed(self, event: Event) -> None:
        a = event.args
        _need(self.receivable is None and a["root"] == self.lineage.path[0])
        terms = a["terms"]
        self.receivable = ReceivableState(a["debtor"], a["root"], terms, terms["flags"], terms["faceValue"])

    def offered(self, event: Event) -> None:
        a = event.args
        parent = self._leave(a["parent"], a["value"]) if a["parent"] else None
        if a["note"] not in self.lineage.notes:
            return
        if a["parent"] == 0:
            _need(a["tier"] == 1 and a["value"] == self._owed().terms["faceValue"])
        else:
            _need(parent is not None and parent.tier + 1 == a["tier"] and int(a["tradeHash"], 16) != 0)
        self._bear(a, 0 if a["lapseDay"] else ACCEPTED, a["lapseDay"])

    def assigned(self, event: Event) -> None:
        a = event.args
        _need(a["flags"] & ACCEPTED != 0 and a["flags"] & (FINANCED | REASSIGNED | RETURNED) != 0)
        parent = self._leave(a["parent"], a["value"], seized=a["flags"] & REASSIGNED != 0)
        if a["note"] in self.lineage.notes:
            _need(parent is not None and parent.tier == a["tier"])
            assert parent is not None
            child = self._bear(a, a["flags"], 0)
            child.round = parent.round
            child.tender_day = parent.tender_day if a["flags"] & TENDERED else 0

    def _bear(self, a: Mapping[str, Any], flags: int, lapse_day: int) -> NoteState:
        _need(a["note"] not in self.notes and a["receivable"] == self.lineage.receivable)
        fields = (a["value"], a["parent"], a["receivable"], a["holder"], a["tier"])
        self.notes[a["note"]] = NoteState(*fields, flags, lapse_day)
        return self.notes[a["note"]]

    def _leave(self, note: int, value: int, *, seized: bool = False) -> NoteState | None:
        """Value leaves a held note."""
        n = self._mine(note)
        if n is not None:
            _need(n.value >= value > 0)
            marks = n.flags & (ACCEPTED | RESERVED | FROZEN)
            _need(marks & FROZEN != 0 if seized else marks == ACCEPTED)
            n.value -= value
        return n

    # -- how they fare

    def accepted(self, event: Event) -> None:
        n = self.notes[event.args["note"]]
        _need(n.flags & (ACCEPTED | REPAID | RESERVED | TENDERED | _CLOSED) == 0)
        n.flags |= ACCEPTED

    def returned(self, event: Event) -> None:
        a = event.args
        _need(a["flag"] in (REFUSED, WITHDRAWN, LAPSED))
        if (n := self._mine(a["note"])) is not None:
            _need(n.parent == a["parent"] and n.value == a["value"] and n.flags & (ACCEPTED | _CLOSED) == 0)
            n.value = 0
            n.flags |= a["flag"]
        if a["parent"] and (parent := self._mine(a["parent"])) is not None:
            parent.value += a["value"]

    def extinguished(self, event: Event) -> None:
        n = self.notes[event.args["note"]]
        _need(n.value >= event.args["value"])
        n.value -= event.args["value"]
        self._owed().outstanding -= event.args["value"]

    def repaid(self, event: Event) -> None:
        n = self.notes[event.args["note"]]
        _need(n.value >= event.args["principal"])
        n.value -= event.args["principal"]
        if n.value == 0:
            n.flags |= REPAID
        self._owed().outstanding -= event.args["principal"]

    def restored(self, event: Event) -> None:
        n = self.notes[event.args["note"]]
        n.value += event.args["principal"]
        n.flags &= ~REPAID
        self._owed().outstanding += event.args["principal"]

    def tendered(self, event: Event) -> None:
        n = self.notes[event.args["note"]]
        _need(n.value == event.args["value"])
        n.flags |= TENDERED
        n.tender_day = event.args["day"]

    def marked(self, event: Event) -> None:
        n, flag = self.notes[event.args["note"]], event.args["flag"]
        _need(flag & ~(FROZEN | RESERVED) == 0)
        n.flags = n.flags | flag if event.args["on"] else n.flags & ~flag

    def pledged(self, event: Event) -> None:
        """What an order takes all of stays flagged until its loan is over."""
        n = self.notes[event.args["note"]]
        n.pledged = event.args["value"]
        if n.pledged:
            n.flags |= PLEDGED

    def lent(self, event: Event) -> None:
        a = event.args
        _need(a["note"] not in self.loans and 0 < a["principal"] <= a["cap"] <= a["pledgedValue"])
        day = day_of_time(event.time)
        self.loans[a["note"]] = LoanState(a["lender"], a["principal"], a["cap"], a["rateBps"], 0, day)

    def claimed(self, event: Event) -> None:
        a, loan = event.args, self.loans[event.args["note"]]
        loan.pay(a["amount"], day_of_time(event.time))
        _need((loan.lender, loan.principal, loan.accrued) == (a["lender"], a["principal"], a["accrued"]))

    def released(self, event: Event) -> None:
        _need(self.loans.pop(event.args["note"]).lender == event.args["lender"])
        self.notes[event.args["note"]].flags &= ~PLEDGED

    def in_round(self, event: Event) -> None:
        owed = self._owed()
        _need(owed.flags & _ROUND_OPEN != 0 and owed.round == event.args["round"])
        self.notes[event.args["note"]].round = event.args["round"]

    # -- the receivable

    def cancelled(self, event: Event) -> None:
        owed = self._owed()
        owed.flags |= CANCELLED
        owed.outstanding -= event.args["value"]

    def overdue(self, event: Event) -> None:
        _need(self._owed().flags & OVERDUE == 0)
        self._owed().flags |= OVERDUE

    def not_overdue(self, event: Event) -> None:
        _need(self._owed().flags & OVERDUE != 0)
        self._owed().flags &= ~OVERDUE

    def round_marked(self, event: Event) -> None:
        owed = self._owed()
        _need(owed.round <= event.args["round"] <= owed.round + 1)
        _need((owed.flags ^ event.args["flags"]) & ~_OF_ROUNDS == 0)
        owed.round, owed.flags = event.args["round"], event.args["flags"]

    # -- what desks count

    def financed(self, event: Event) -> None:
        a = event.args
        days = self._owed().terms["dueDay"] - day_of_time(event.time)
        _need(a["price"] == price_down(a["amount"], a["rateBps"], days))
        self._take(a, a["amount"])

    def agreed(self, event: Event) -> None:
        self._take(event.args, event.args["amount"])

    def given_back(self, event: Event) -> None:
        self._take(event.args, -event.args["amount"])

    def _take(self, a: Mapping[str, Any], amount: int) -> None:
        self.taken[a["financier"], a["nonce"]] += amount

    def registered(self, event: Event) -> None:
        before, _, notified = self.assignments.get(event.args["note"], (0, 0, 0))
        _need(before == event.args["replaced"])
        self.assignments[event.args["note"]] = (event.args["registeredAt"], event.time, notified)

    def notified(self, event: Event) -> None:
        registered, recorded, before = self.assignments.get(event.args["note"], (0, 0, 0))
        _need(before == 0)
        self.assignments[event.args["note"]] = (registered, recorded, event.args["debtorNotifiedAt"])

    def frozen(self, event: Event) -> None:
        self.freezes[event.args["note"]] = self.freezes.get(event.args["note"], 0) + 1

    def ordered(self, event: Event) -> None:
        _need(self.freezes.get(event.args["note"], 0) == event.args["freeze"])
        self.orders[event.args["reassignment"]] = event.args["note"]

    def executed(self, event: Event) -> None:
        _need(self.orders.pop(event.args["reassignment"]) == event.args["note"])

    def demanded(self, event: Event) -> None:
        _need(self._owed().flags & OVERDUE != 0 and not self.demands.get(event.args["note"]))
        self.demands[event.args["note"]] = event.args["day"]

    def honoured(self, event: Event) -> None:
        _need(self.demands[event.args["note"]] != 0)
        self.demands[event.args["note"]] = 0

    def bank_released(self, event: Event) -> None:
        self.rests[event.args["note"]] = event.args["restsUntil"]


_HANDLERS: Mapping[tuple[Contract, str], Callable[[Replay, Event], None]] = {
    (Contract.NOTES, "ReceivableConfirmed"): Replay.confirmed,
    (Contract.NOTES, "NoteOffered"): Replay.offered,
    (Contract.NOTES, "NoteAssigned"): Replay.assigned,
    (Contract.NOTES, "NoteAccepted"): Replay.accepted,
    (Contract.NOTES, "NoteReturned"): Replay.returned,
    (Contract.NOTES, "ValueExtinguished"): Replay.extinguished,
    (Contract.NOTES, "NoteRepaid"): Replay.repaid,
    (Contract.NOTES, "NoteRestored"): Replay.restored,
    (Contract.NOTES, "NoteTendered"): Replay.tendered,
    (Contract.NOTES, "NoteMarked"): Replay.marked,
    (Contract.NOTES, "NotePledged"): Replay.pledged,
    (Contract.NOTES, "NoteInRound"): Replay.in_round,
    (Contract.NOTES, "ReceivableCancelled"): Replay.cancelled,
    (Contract.NOTES, "OverdueDeclared"): Replay.overdue,
    (Contract.NOTES, "OverdueEnded"): Replay.not_overdue,
    (Contract.NOTES, "RoundMarked"): Replay.round_marked,
    (Contract.PLEDGE, "PledgeMade"): Replay.lent,
    (Contract.PLEDGE, "ClaimPaid"): Replay.claimed,
    (Contract.PLEDGE, "PledgeReleased"): Replay.released,
    (Contract.FINANCING, "NoteFinanced"): Replay.financed,
    (Contract.FINANCING, "QuoteAgreed"): Replay.agreed,
    (Contract.FINANCING, "QuoteGivenBack"): Replay.given_back,
    (Contract.ASSIGNMENTS, "AssignmentRegistered"): Replay.registered,
    (Contract.ASSIGNMENTS, "DebtorNotified"): Replay.notified,
    (Contract.ORDER, "FreezeOrdered"): Replay.frozen,
    (Contract.ORDER, "ReassignmentOrdered"): Replay.ordered,
    (Contract.ORDER, "ReassignmentExecuted"): Replay.executed,
    (Contract.RECOURSE, "RecourseDemanded"): Replay.demanded,
    (Contract.RECOURSE, "RecourseHonoured"): Replay.honoured,
    (Contract.BANK_REPAYMENT, "NoteReleased"): Replay.bank_released,
}


# -- what the chain must hold


Told = int | tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Held:
    """A word of a contract's storage: what it is in Solidity and where, the fields in it from the lowest bit, and what they
    may be by the story; None: it does not tell."""

    contract: Contract
    what: str
    slot: int
    fields: tuple[tuple[str, int], ...]
    told: Mapping[str, Told]

    def compare(self, word: int) -> Mapping[str, int]:
        """All fields as the word has them. InvalidInput("DossierStateDiffers") names the first that is told otherwise."""
        found: dict[str, int] = {}
        for name, bits in self.fields:
            found[name] = word & ((1 << bits) - 1)
            word >>= bits
        found["rest"] = word
        for name, stored in found.items():
            told = self.told.get(name, 0 if name == "rest" else None)
            if told is not None and stored not in (told if isinstance(told, tuple) else (told,)):
                raise InvalidInput(
                    "DossierStateDiffers",
                    contract=self.contract.value,
                    what=self.what,
                    field=name,
                    told=str(told[0] if isinstance(told, tuple) else told),
                    stored=str(stored),
                )
        return found


def _fields(text: str) -> tuple[tuple[str, int], ...]:
    return tuple((name, int(bits)) for name, bits in (part.split(":") for part in text.split()))


_NOTE = _fields("value:96 parent:40 receivable:40 holder:32 tier:8 flags:16 lapse_day:16 round:8")
_OWED = _fields(
    "debtor:32 outstanding:96 due_day:16 currency:16 flags:8 tier_limit:8 grace_days:8 overdue_rate_bps:16 "
    "offer_lifetime_days:16 round:8"
)
_AGREED = _fields("face_value:96 min_child_value:64 root:40 delivery_day:16 confirmed_day:16")
_QUOTE = _fields("taken:96 digest:160")
_ASSIGNMENT = _fields("registered_at:64 recorded_at:64 debtor_notified_at:64")
_LOAN = _fields("lender:32 principal:96 cap:96 rate_bps:32")
_LOAN_INTEREST = _fields("accrued:144 since:16")
_ONE = _fields("value:256")
_CANCELLED_QUOTE = 2**96 - 1
"""What is taken of a quote that was cancelled after a sale."""


def slot(variable: int, *keys: int) -> int:
    """Where Solidity keeps a mapping's entry."""
    for key in keys:
        variable = int.from_bytes(keccak(key.to_bytes(32, "big") + variable.to_bytes(32, "big")), "big")
    return variable


class Holdings:
    """What the contracts' storage must say for the story to be true and whole."""

    def __init__(self, bindings: Bindings, replay: Replay, addresses: Mapping[Contract, str]) -> None:
        self._bindings = bindings
        self._replay = replay
        self._addresses = addresses

    def all(self, digests: Mapping[tuple[int, int], bytes]) -> Iterable[Held]:
        """`digests` are those of the quotes that sales were made under, by financier and nonce."""
        for desk in DESKS:
            address = int(self._addresses[desk], 16)
            yield self._word(Contract.NOTES, "isDesk", (address,), _fields("allowed:8"), {"allowed": 1})
        yield from self._receivable()
        for number, note in self._replay.notes.items():
            yield from self._note(number, note)
        for quote, amount in self._replay.taken.items():
            digest = int.from_bytes(digests[quote][:20], "big")
            told: Mapping[str, Told] = {"taken": (amount, _CANCELLED_QUOTE), "digest": digest}
            yield self._word(Contract.FINANCING, "_quotes", quote, _QUOTE, told)

    def _receivable(self) -> Iterable[Held]:
        number, r = self._replay.lineage.receivable, self._replay.receivable
        assert r is not None
        terms = r.terms
        owed: Mapping[str, Told] = {
            "debtor": r.debtor,
            "outstanding": r.outstanding if self._replay.lineage.whole else None,
            "due_day": terms["dueDay"],
            "currency": terms["currency"],
            "flags": r.flags,
            "round": r.round,
        }
        agreed = {
            "face_value": terms["faceValue"],
            "root": r.root,
            "delivery_day": terms["deliveryDay"],
            "confirmed_day": terms["confirmedDay"],
        }
        yield self._word(Contract.NOTES, "_owed", (number,), _OWED, owed)
        yield self._word(Contract.NOTES, "_agreed", (number,), _AGREED, agreed)
        yield self._word(Contract.NOTES, "currencyToken", (terms["currency"],), _fields("token:160"), {})

    def _note(self, number: int, note: NoteState) -> Iterable[Held]:
        yield self._word(Contract.NOTES, "_notes", (number,), _NOTE, asdict(note))
        for contract, variable, value in (
            (Contract.NOTES, "pledgedValue", note.pledged),
            (Contract.NOTES, "tenderDay", note.tender_day),
            (Contract.ORDER, "freezeCount", self._replay.freezes.get(number, 0)),
            (Contract.RECOURSE, "demandDay", self._replay.demands.get(number, 0)),
            (Contract.BANK_REPAYMENT, "restsUntil", self._replay.rests.get(number, 0)),
        ):
            yield self._word(contract, variable, (number,), _ONE, {"value": value})
        loan = asdict(self._replay.loans.get(number, NO_LOAN))
        yield self._word(Contract.PLEDGE, "_loans", (number,), _LOAN, loan)
        yield self._word(Contract.PLEDGE, "_loans", (number,), _LOAN_INTEREST, loan, 1)
        if note.flags & FINANCED:
            registered, recorded, notified = self._replay.assignments.get(number, (0, 0, 0))
            times = {"registered_at": registered, "recorded_at": recorded, "debtor_notified_at": notified}
            yield self._word(Contract.ASSIGNMENTS, "_assignments", (number,), _ASSIGNMENT, times)

    def _word(
        self,
        contract: Contract,
        variable: str,
        keys: tuple[int, ...],
        fields: tuple[tuple[str, int], ...],
        told: Mapping[str, Told],
        word: int = 0,
    ) -> Held:
        place = slot(self._bindings[contract].artifact.slots[variable], *keys) + word
        what = variable + "".join(f"[{key}]" for key in keys) + (f"+{word}" if word else "")
        return Held(contract, what, place, fields, told)
