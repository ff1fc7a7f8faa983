"""I-6 on the credit register alone: two note contracts claim, release and credit the same invoices in random order, with
amounts at the edges of what is left and of 96 bits. After each act the bound is read from the chain."""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from eth_utils import keccak

from tests.contracts import signing
from tests.contracts.chain import Chain, key_of
from tests.contracts.conftest import copy_of
from tests.contracts.deployment import Contract
from tests.contracts.twin import Twin
from tests.reference.arithmetic import MAX_UINT96
from tests.reference.invoices import Claim, CreditNote, InvoiceClaim, Invoices
from tests.reference.issuing import Confirmation
from tests.reference.refusals import Judge

MARKS = (keccak(text="one invoice"), keccak(text="another"))
CURRENCY = "0x0000000000000000000000000000000000434E59"
AMOUNTS = (1, 2, 3, 1_000, 2**95, MAX_UINT96 - 1, MAX_UINT96)
# Lives by chain, and acts in each.
LIVES = {"anvil": 12, "ganache": 4}
DEEP_LIVES = {"anvil": 600, "ganache": 40}
ACTS = 40


@dataclass
class Seen:
    """What the last look at an invoice found."""

    amount: int = 0
    over: int = 0


@dataclass
class Register:
    """The deployed register with two writers, each for a note contract of its own, and what the model says of it."""

    twin: Twin
    model: Invoices = field(default_factory=Invoices)
    lists: list[Contract] = field(default_factory=list)
    receivables: list[list[int]] = field(default_factory=lambda: [[], []])
    cancelled: set[tuple[str, int]] = field(default_factory=set)
    credit_notes: list[CreditNote] = field(default_factory=list)
    seen: dict[bytes, Seen] = field(default_factory=lambda: {mark: Seen() for mark in MARKS})

    def __post_init__(self) -> None:
        deployment = self.twin.deployment
        self.contract = deployment["CreditRegister"]
        self.writers = [key_of(f"writer {number}") for number in (0, 1)]
        self.debtor = self.twin.actors["core"].party
        for number, writer in enumerate(self.writers):
            deployment.fund(writer.address)
            self.lists.append(deployment.deploy("CancelledList", alias=f"list {number}"))
            deployment.administer("CreditRegister", "setWriter", writer.address, self.lists[-1].address)
        deployment.administer("CreditRegister", "setLine", self.debtor, CURRENCY, MAX_UINT96)

    # -- what an act may be about

    def left(self, mark: bytes) -> int:
        invoice = self.model.invoice(mark)
        return max(0, invoice.amount - invoice.used)

    def part(self, mark: bytes, edge: int) -> int:
        """An amount about what is left of an invoice, or at the ends of the type."""
        left = self.left(mark) or AMOUNTS[edge % len(AMOUNTS)]
        choices = (left, left // 2, 1, left + 1, left - 1, self.model.invoice(mark).amount, 0, MAX_UINT96, left // 3)
        return min(MAX_UINT96, choices[edge % len(choices)])

    def stated(self, mark: bytes, edge: int) -> int:
        """The invoice's amount, seldom another."""
        known = self.model.invoice(mark).amount or AMOUNTS[edge % len(AMOUNTS)]
        return min(MAX_UINT96, {17: known + 1, 18: known - 1, 19: MAX_UINT96}.get(edge, known))

    # -- acts

    def claim(self, who: int, items: list[list[tuple[int, int, int]]], off_by_one: bool) -> bool:
        """Debts of some invoices each."""
        debts = []
        for claims in items:
            invoices = tuple(
                InvoiceClaim(MARKS[which], self.stated(MARKS[which], amount), self.part(MARKS[which], edge))
                for which, amount, edge in claims
            )
            backed = min(MAX_UINT96, sum(claim.claimed for claim in invoices) + off_by_one)
            debts.append(Confirmation(3, backed, 20_000, 20_001, invoices))
        word, notes = self.twin.attest(), self.lists[who]
        signature = signing.sign(
            self.twin.signers[word.signer],
            signing.typed(
                self.contract,
                "ConfirmationBatch",
                signing.batch_message(self.debtor, CURRENCY, debts, word.signer, word.nonce, word.deadline),
            ),
        )
        first = len(self.receivables[who]) + 1
        rows = [signing.confirmation_tuple(debt) for debt in debts]
        args = (self.debtor, CURRENCY, rows, (word.signer, word.nonce, word.deadline, signature), first)

        def act(model: Invoices, judge: Judge) -> None:
            for number, debt in enumerate(debts):
                model.claim(judge, (notes.address, first + number), debt.amount, debt.invoices)
            total = sum(debt.amount for debt in debts)
            judge.require(total <= MAX_UINT96, "OverLine", self.debtor, CURRENCY, total, MAX_UINT96)

        done = self._both(self.writers[who], "open", args, act)
        if done:
            self.receivables[who] += range(first, first + len(debts))
            self.contract.do(self.writers[who], "free", self.debtor, CURRENCY, sum(debt.amount for debt in debts))
        return done

    def cancel(self, who: int, which: int) -> bool:
        """A receivable is refused, if there is one."""
        if not self.receivables[who]:
            return False
        receivable = self.receivables[who][which % len(self.receivables[who])]
        self.lists[who].do(self.writers[who], "cancel", receivable)
        self.cancelled.add((self.lists[who].address, receivable))
        return True

    def release(self, picks: list[tuple[int, int, int]]) -> bool:
        """Anyone frees claims, held ones mostly."""
        claims = []
        for which, who, pick in picks:
            held = sorted(self.model.invoice(MARKS[which]).claims)
            claimant = held[pick % len(held)] if held and pick % 5 else (self.lists[who].address, pick)
            claims.append(Claim(MARKS[which], *claimant))
        rows = [(claim.fingerprint, claim.notes, claim.receivable) for claim in claims]
        return self._both(
            key_of("rando"),
            "release",
            (rows,),
            lambda model, judge: model.release(judge, claims, lambda claimant: claimant in self.cancelled),
        )

    def credit(self, notes: list[tuple[int, int, bool]]) -> bool:
        """Credit notes, seldom one that counted before."""
        items = []
        for which, edge, again in notes:
            note = CreditNote(MARKS[which], keccak(text=f"note {len(self.credit_notes) + len(items)}"), 0)
            if again and self.credit_notes:
                note = self.credit_notes[edge % len(self.credit_notes)]
            items.append(CreditNote(note.invoice, note.fingerprint, self.part(note.invoice, edge)))
        word = self.twin.attest()
        signature = self.twin.sign_credit(items, word)
        rows = [(item.invoice, item.fingerprint, item.amount) for item in items]
        args = (rows, (word.signer, word.nonce, word.deadline, signature))
        done = self._both(key_of("rando"), "credit", args, lambda model, judge: model.credit(judge, items))
        if done:
            self.credit_notes += items
        return done

    def _both(self, sender: Any, function: str, args: tuple[Any, ...], act: Callable[[Invoices, Judge], None]) -> bool:
        """Whether both did it; a refusal is the same, by name and evidence."""
        model, judge = copy.deepcopy(self.model), Judge()
        act(model, judge)
        refusal = self.contract.refusal(function, *args, sender=sender.address)
        if refusal is None:
            assert not judge.broken, f"{function}{args} went through; the model says {judge.broken}"
            self.contract.do(sender, function, *args)
            self.model = model
        else:
            assert refusal[0] in {rule.name for rule in judge.broken}, (refusal, judge.broken)
            if len(set(judge.broken)) == 1:
                assert judge.broken[0].explains(*refusal), (refusal, judge.broken)
        return refusal is None

    # -- the bound, from the chain

    def look(self, *, credited: bool) -> None:
        """What claims and credit notes use of each invoice: all of it known, and never more than before beyond its amount,
        unless a credit note came."""
        for mark in MARKS:
            amount, used = self.contract.call("invoice", mark)
            invoice, before = self.model.invoice(mark), self.seen[mark]
            assert (amount, used) == (invoice.amount, invoice.used)
            parts = self._read("claimOf", [(mark, *claimant) for claimant in self._claimants()])
            taken = self._read("creditNote", [(n.fingerprint,) for n in self.credit_notes if n.invoice == mark])
            assert used == sum(parts) + sum(taken)
            assert sum(parts) <= amount
            assert before.amount in (0, amount), "an amount once attested stays"
            over = max(0, used - amount) if amount else 0
            assert over <= before.over or credited
            self.seen[mark] = Seen(amount, over)

    def _claimants(self) -> list[tuple[str, int]]:
        pairs = zip(self.lists, self.receivables, strict=True)
        return [(notes.address, receivable) for notes, numbers in pairs for receivable in numbers]

    def _read(self, function: str, arguments: list[tuple[Any, ...]]) -> list[int]:
        calls = [(self.contract.address, self.contract.data(function, *args)) for args in arguments]
        return [int.from_bytes(answer, "big") for answer in self.twin.deployment["Reader"].call("read", calls)]


class Dice(random.Random):
    """Draws a life's acts: mostly what could go through, often at an edge."""

    def which(self) -> int:
        """One of two."""
        return self.randrange(2)

    def seldom(self) -> bool:
        """One time in eight."""
        return self.randrange(8) == 0

    def edge(self) -> int:
        """Which amount, see :meth:`Register.part`."""
        return self.choices(range(9), (4, 6, 3, 2, 2, 1, 1, 1, 6))[0]

    def claims(self) -> list[tuple[int, int, int]]:
        """Parts of one or two invoices."""
        first = self.which()
        both = [(first, self.randrange(20), self.edge()), (1 - first, self.randrange(20), self.edge())]
        if self.seldom():
            both[1] = both[0]
        return both[: self.randint(1, 2)]

    def act(self) -> tuple[str, tuple[Any, ...]]:
        """A name of :class:`Register`'s and its arguments."""
        name = self.choices(("claim", "cancel", "release", "credit"), (10, 4, 4, 3))[0]
        some = range(self.choice((1, 1, 1, 2)))
        if name == "claim":
            return name, (self.which(), [self.claims() for _ in some], self.seldom())
        if name == "cancel":
            return name, (self.which(), self.randrange(12))
        if name == "release":
            return name, ([(self.which(), self.which(), self.randrange(30)) for _ in some],)
        return name, ([(self.which(), self.edge(), self.seldom()) for _ in some],)


def try_lives(founded: Twin, chain: Chain, lives: int) -> Counter[str]:
    """Random lives of the register, with the seeds 0, 1, 2, …; what happened how often."""
    tally: Counter[str] = Counter()
    for seed in range(lives):
        dice, mark, done = Dice(seed), chain.snapshot(), list[Any]()
        try:
            register = Register(copy_of(founded))
            for _ in range(ACTS):
                name, arguments = dice.act()
                done.append((name, arguments))
                outcome = "done" if getattr(register, name)(*arguments) else "refused"
                register.look(credited=name == "credit")
                tally[f"{name} {outcome}"] += 1
                tally["over-used"] += any(seen.over for seen in register.seen.values())
        except AssertionError as error:
            raise AssertionError(f"life {seed}: {done}") from error
        finally:
            chain.revert(mark)
    print(dict(tally))
    return tally


def test_i_06_one_claim_in_any_order(founded: Twin, chain: Chain) -> None:
    lives = LIVES["anvil" if chain.is_anvil else "ganache"]
    tally = try_lives(founded, chain, lives)
    for name in ("claim", "release", "credit"):
        assert min(tally[f"{name} done"], tally[f"{name} refused"]) >= lives // 3, tally
    assert tally["over-used"] >= lives // 3, tally


@pytest.mark.deep
@pytest.mark.timeout(7_200)
def test_i_06_one_claim_at_length(founded: Twin, chain: Chain) -> None:
    try_lives(founded, chain, DEEP_LIVES["anvil" if chain.is_anvil else "ganache"])
