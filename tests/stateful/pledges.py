"""Loans that notes secure: acts of a random life, and how often they happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.contracts.constants import ZERO_HASH
from tests.reference.arithmetic import MAX_UINT96
from tests.reference.notes import NoteStatus
from tests.stateful.choices import NAMES, amount_at

if TYPE_CHECKING:
    from tests.contracts.twin import Twin
    from tests.reference.pledging import LoanQuote
    from tests.stateful.choices import Choices
    from tests.stateful.walk import Dice


class PledgeActs:
    """Mixed into a life, which keeps ``loan_quotes``, those that were seen."""

    twin: Twin
    choices: Choices
    loan_quotes: list[LoanQuote]
    act: Callable[[str, Callable[[], object]], None]

    def pledge(self, which: int, who: int, lender: int, edge: int, rate: int, wild: bool) -> None:
        """A fresh quote, for a note that could be pledged; for any when wild."""
        twin, books = self.twin, self.twin.model.world.ledger
        fitting = self.choices.notes(
            lambda note, facts: (
                books.status(note, twin.today) == NoteStatus.HELD
                and books.receivables[facts.receivable].due_day > twin.today
            )
        )
        note = which % len(books.notes) + 1 if wild or not fitting else fitting[which % len(fitting)]
        name = NAMES[lender % len(NAMES)] if wild else ("financier", "financier2")[lender % 2]
        pledged = amount_at(edge, books.notes[note].value)
        quote = twin.loan_quote(
            twin.actors[name], note, pledged_value=pledged, cap=pledged, principal=pledged // 2, rate_bps=rate
        )
        if wild:
            changes: tuple[dict[str, Any], ...] = (
                {"registry_reference": ZERO_HASH},
                {"valid_until": twin.chain.now - 1},
                {"epoch": quote.epoch + 1},
                {"holder": self.choices.party(who)},
                {"payer": self.choices.key(who).address},
                {"nonce": lender % 20},
                {"principal": pledged + 1},
                {"cap": pledged + 1},
            )
            quote = replace(quote, **changes[which % len(changes)])
        self.loan_quotes.append(quote)
        key = self.choices.holder_key(note, who, wild and who % 2 == 0)
        self.act("pledge", lambda: twin.pledge(key, quote))

    def pledge_again(self, which: int, forged: bool) -> None:
        """A quote seen before, or with a term changed."""
        if not self.loan_quotes:
            return
        signed = quote = self.loan_quotes[which % len(self.loan_quotes)]
        if forged:
            quote = replace(quote, cap=quote.cap + 1, valid=False)
        key, signature = self.choices.key_of_party(quote.holder), self.twin.sign_loan_quote(signed)
        self.act("pledge", lambda: self.twin.pledge(key, quote, signature=signature))

    def cancel_loan_quote(self, which: int, who: int, wild: bool) -> None:
        """A quote seen before, or a nonce never used."""
        nonce = self.loan_quotes[which % len(self.loan_quotes)].nonce if self.loan_quotes else which
        key = self.choices.key(who) if wild else self.twin.actors[("financier", "financier2")[who % 2]].key
        self.act("cancel loan quote", lambda: self.twin.cancel_loan_quote(key, nonce))

    def repay_loan(self, which: int, who: int, edge: int, wild: bool) -> None:
        """In part or whole, by somebody who has cash."""
        note, loan = self._pledged(which, wild)
        amount = amount_at(edge, loan.claim(self.twin.today)) if loan else MAX_UINT96
        payer = self.twin.actors[("core", "core2", "financier", "financier2")[who % 4]]
        caller = self.choices.key(who) if wild else payer.key
        self.act("repay loan", lambda: self.twin.repay_loan(caller, note, amount, payer=payer.cash.address))

    def release_pledge(self, which: int, who: int, wild: bool) -> None:
        """By the lender; by anybody when wild."""
        note, loan = self._pledged(which, wild)
        key = self.choices.key(who) if wild or loan is None else self.choices.key_of_party(loan.lender)
        self.act("release pledge", lambda: self.twin.release_pledge(key, note))

    def _pledged(self, which: int, wild: bool) -> tuple[int, Any]:
        """A note with a loan, and the loan; any note when wild or when there is none."""
        loans = self.twin.model.world.loans
        if wild or not loans:
            note = which % (len(self.twin.model.world.ledger.notes) + 1) + 1
        else:
            note = list(loans)[which % len(loans)]
        return note, loans.get(note)


PLEDGE_ACTS: dict[str, tuple[int, Callable[[Dice], dict[str, Any]]]] = {
    "pledge": (
        8,
        lambda d: {
            "which": d.pick(),
            "who": d.pick(),
            "lender": d.pick(),
            "edge": d.edge(),
            "rate": d.choice([0, 1, 600, 600, 3_600, 2**32 - 1]),
            "wild": d.wild(),
        },
    ),
    "pledge_again": (2, lambda d: {"which": d.pick(), "forged": d.wild()}),
    "cancel_loan_quote": (1, lambda d: {"which": d.pick(), "who": d.pick(), "wild": d.wild()}),
    "repay_loan": (4, lambda d: {"which": d.pick(), "who": d.pick(), "edge": d.edge(), "wild": d.wild()}),
    "release_pledge": (1, lambda d: {"which": d.pick(), "who": d.pick(), "wild": d.wild()}),
}
EVERY_ACT = {"pledge", "cancel loan quote", "repay loan", "release pledge"}
