"""All facts that the contracts store, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from tests.reference.arithmetic import BASIS, days_between, exact_interest
from tests.reference.banks import Banks
from tests.reference.credit import Credit
from tests.reference.invoices import Claimant, Invoices
from tests.reference.notes import Ledger, NoteFlag, Policy, ReceivableFlag
from tests.reference.parties import Registry
from tests.reference.tokens import Token


@dataclass
class QuoteBook:
    """What the chain knows of one nonce of one financier. ``digest`` is any value that tells quotes apart."""

    digest: object = None
    taken: int = 0
    cancelled: bool = False


@dataclass
class Round:
    """A receivable's last pro rata round, in minor units; from the day after ``last_day`` anyone may close it."""

    total: int
    base: int
    counted: int
    last_day: int

    def share(self, value: int) -> int:
        """What the next note of this value gets: ⌊C·P/O⌋ less the previous such figure."""
        return (self.counted + value) * self.total // self.base - self.counted * self.total // self.base


@dataclass
class Loan:
    """What is owed; ``accrued`` is the unpaid interest up to ``since``, exact."""

    lender: int
    principal: int
    cap: int
    rate_bps: int
    since: int
    accrued: Fraction = Fraction(0)

    def interest(self, today: int) -> Fraction:
        """Unpaid interest, exact."""
        return self.accrued + exact_interest(self.principal, self.rate_bps, days_between(self.since, today))

    def claim(self, today: int) -> int:
        """What the lender may ask for."""
        return min(self.cap, self.principal + int(self.interest(today)))

    def pay(self, today: int, amount: int) -> None:
        """Interest first."""
        accrued = self.interest(today)
        to_interest = min(amount, int(accrued))
        self.accrued, self.since = accrued - to_interest, today
        self.principal -= amount - to_interest
        self.cap -= amount

    def facts(self) -> tuple[int, ...]:
        """As the contract stores it."""
        return (self.lender, self.principal, self.cap, self.rate_bps, int(self.accrued * BASIS), self.since)


@dataclass(frozen=True)
class Reassignment:
    """Value of a frozen note that an order gives to a party, from ``ready_at`` (Unix seconds) on, under one freeze."""

    note: int
    to: int
    amount: int
    arbiter: int
    freeze: int
    ready_at: int


@dataclass(frozen=True)
class Sale:
    """What a seller that answers for the debtor was paid, and on which terms."""

    seller: int
    amount: int
    price: int
    rate_bps: int
    day: int


@dataclass
class Assignment:
    """Unix seconds; 0 is never."""

    registered_at: int = 0
    recorded_at: int = 0
    debtor_notified_at: int = 0


@dataclass
class World:
    """The facts. Currencies count from 1; tokens are known by address."""

    registry: Registry = field(default_factory=Registry)
    credit: Credit = field(default_factory=Credit)
    invoices: Invoices = field(default_factory=Invoices)
    ledger: Ledger = field(default_factory=Ledger)
    tokens: dict[str, Token] = field(default_factory=dict)
    currencies: list[str] = field(default_factory=list)
    policy: Policy = field(default_factory=Policy)
    policy_number: int = 1
    paused: bool = False
    attestations: set[tuple[str, int]] = field(default_factory=set)
    quotes: dict[tuple[int, int], QuoteBook] = field(default_factory=dict)
    rounds: dict[int, Round] = field(default_factory=dict)
    # How often each note was frozen; reassignments by id, until executed or cancelled.
    freezes: dict[int, int] = field(default_factory=dict)
    reassignments: dict[int, Reassignment] = field(default_factory=dict)
    reassignment_count: int = 0
    # What notes secure; which quotes of lenders are used up.
    loans: dict[int, Loan] = field(default_factory=dict)
    loan_quotes: set[tuple[int, int]] = field(default_factory=set)
    banks: Banks = field(default_factory=Banks)
    # Sales with recourse by the buyer's note; for notes that came back, whose sale holds for them; demands by their day.
    sales: dict[int, Sale] = field(default_factory=dict)
    origins: dict[int, int] = field(default_factory=dict)
    demands: dict[int, int] = field(default_factory=dict)
    assignments: dict[int, Assignment] = field(default_factory=dict)
    registrations: set[tuple[str, int]] = field(default_factory=set)
    # The note contract in whose name invoices are claimed, and who spends tokens under an allowance.
    note_contract: str = "notes"
    financing_desk: str = "financing desk"
    repayment_desk: str = "repayment desk"
    recourse_desk: str = "recourse desk"
    pledge_desk: str = "pledge desk"

    def token_of(self, currency: int) -> str | None:
        """The token of a currency; None when there is no such currency."""
        return self.currencies[currency - 1] if 0 < currency <= len(self.currencies) else None

    def currency_of(self, note_id: int) -> str:
        """The token, or the code on the bank rail, that a note is paid in."""
        receivable = self.ledger.receivables[self.ledger.notes[note_id].receivable]
        return self.currencies[receivable.currency - 1]

    def free_line(self, receivable_id: int, amount: int) -> None:
        """Value left the tree (or, negative, came back): the debtor owes less, and perhaps nothing that is overdue."""
        receivable = self.ledger.receivables[receivable_id]
        receivable.outstanding -= amount
        token = self.currencies[receivable.currency - 1]
        self.credit.line(receivable.debtor, token).used -= amount
        self.end_overdue(receivable_id)

    def end_overdue(self, receivable_id: int) -> None:
        """A declaration of overdue ends when nothing is left that is not tendered."""
        receivable = self.ledger.receivables[receivable_id]
        left = receivable.outstanding - self.ledger.tendered(receivable_id)
        if left == 0 and receivable.flags & ReceivableFlag.OVERDUE:
            receivable.flags &= ~ReceivableFlag.OVERDUE
            self.credit.overdue[receivable.debtor] -= 1

    def check(self) -> None:
        """I-1, I-3, I-5 and I-6 over everything."""
        self.ledger.check()
        pledged = {note_id for note_id, note in self.ledger.notes.items() if note.flags & NoteFlag.PLEDGED}
        assert pledged == set(self.loans)
        # Loans are made in tokens: no lender is passed over where a bank repays.
        assert {self.currency_of(note_id) for note_id in pledged} <= set(self.tokens)
        used: dict[tuple[int, str], int] = {}
        for receivable in self.ledger.receivables.values():
            key = (receivable.debtor, self.currencies[receivable.currency - 1])
            used[key] = used.get(key, 0) + receivable.outstanding
        for key, line in self.credit.lines.items():
            assert line.used == used.get(key, 0), (key, line, used)
        self.invoices.check(self._face)
        backing = {claimant[1] for invoice in self.invoices.known.values() for claimant in invoice.claims}
        assert all(number in backing for number, r in self.ledger.receivables.items() if not r.cancelled)

    def _face(self, claimant: Claimant) -> int | None:
        receivable = self.ledger.receivables[claimant[1]]
        return None if receivable.cancelled else receivable.face
