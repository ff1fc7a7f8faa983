"""Random acts on contracts and model at once. The twin compares every getter after each; the invariants are checked too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from eth_utils import keccak

from tests.contracts.chain import key_of
from tests.contracts.conftest import copy_of
from tests.contracts.constants import FACE, GRACE, POLICY, ZERO_HASH
from tests.contracts.twin import Twin
from tests.reference.arithmetic import MAX_UINT96, start_of
from tests.reference.banking import Payment
from tests.reference.financing import Deal, Quote
from tests.reference.notes import NoteFlag, NoteStatus
from tests.reference.passing import Portion
from tests.reference.pledging import LoanQuote
from tests.reference.refusals import Refused
from tests.stateful.banks import BankActs
from tests.stateful.choices import NAMES, Choices, amount_at
from tests.stateful.control import Control
from tests.stateful.financing import FinancingActs
from tests.stateful.invoices import InvoiceActs
from tests.stateful.orders import OrderActs
from tests.stateful.pledges import PledgeActs
from tests.stateful.rounds import RoundActs

OPEN = (NoteStatus.OFFERED, NoteStatus.LAPSABLE)
MOVABLE = (NoteStatus.HELD, NoteStatus.PLEDGED)
LIVE = (*OPEN, *MOVABLE)


class Life(Control, InvoiceActs, RoundActs, OrderActs, PledgeActs, BankActs, FinancingActs):
    """One life of the protocol. Every act is a method whose arguments are plain numbers, so that a life can be written
    down, replayed and shortened; ``tally`` counts what went how."""

    def __init__(self, founded: Twin, tally: Counter[tuple[str, str]]) -> None:
        self.founded, self.tally = founded, tally
        self.twin = copy_of(founded)
        self.choices = Choices(self.twin)
        self.quotes: list[Quote] = []
        self.loan_quotes: list[LoanQuote] = []
        self.payments: list[Payment] = []

    def act(self, name: str, do: Callable[[], object]) -> None:
        """An act that may be refused, if contracts and model agree on it."""
        try:
            do()
        except Refused as refusal:
            self.tally[name, sorted(refusal.names)[0]] += 1
        else:
            self.tally[name, "done"] += 1

    def found(self, tenors: list[int]) -> None:
        """Something to pass on: debts of both debtors, accepted."""
        twin = self.twin
        for number, tenor in enumerate(tenors):
            debtor, creditor = twin.actors[("core", "core2")[number % 2]], twin.actors[f"tier{number % 2 + 1}"]
            item = twin.item(creditor.party, FACE + number, tenor)
            twin.confirm(debtor.key, [item], currency=(1, 3, 2)[number % 3])
            twin.accept(creditor.key, number + 1)

    # -- issuing

    def confirm(self, who: int, to: int, tenor: int, edge: int, wild: bool, again: bool, currency: int) -> None:
        """A debt, backed by new invoices or known ones."""
        twin = self.twin
        creditor = self.choices.party(to) if wild else twin.actors[f"tier{to % 4 + 1}"].party
        invoices = self.backing(to, edge, wild, again)
        amount = sum(claim.claimed for claim in invoices)
        item = twin.item(creditor, amount + (wild and to % 7 == 0), tenor, invoices=invoices)
        if wild:
            item = replace(
                item, delivery_day=twin.today + to % 3 - 1, evidence=ZERO_HASH if to % 5 == 0 else item.evidence
            )
        caller = self.choices.key(who) if wild else twin.actors[("core", "core2")[who % 2]].key
        word = twin.attest(nonce=who % 50) if wild else twin.attest()
        self.act("confirm", lambda: twin.confirm(caller, [item], currency=currency, attestation=word))

    def declare_overdue(self, which: int, wild: bool) -> None:
        """One that is past its grace, if there is one; any, or one that is not there, when wild."""
        receivables = self.twin.model.world.ledger.receivables
        late = [
            number
            for number, facts in receivables.items()
            if facts.outstanding and facts.due_day + facts.policy.grace_days < self.twin.today
        ]
        receivable = which % (len(receivables) + 1) + 1 if wild or not late else late[which % len(late)]
        self.act("declare overdue", lambda: self.twin.declare_overdue(key_of("rando"), receivable))

    # -- offers

    def accept(self, which: int, who: int, wild: bool) -> None:
        """A receiver takes an offer."""
        note = self.choices.note(which, wild, NoteStatus.OFFERED)
        key = self.choices.holder_key(note, who, wild)
        self.act("accept", lambda: self.twin.accept(key, note))

    def refuse(self, which: int, who: int, wild: bool) -> None:
        """A receiver refuses one."""
        note = self.choices.note(which, wild, *OPEN)
        key = self.choices.holder_key(note, who, wild)
        self.act("refuse", lambda: self.twin.refuse(key, note))

    def withdraw(self, which: int, who: int, wild: bool) -> None:
        """An offeror takes one back."""
        note = self.choices.note(which, wild, *OPEN)
        known = note in self.twin.model.world.ledger.notes
        offeror = self.twin.model.world.ledger.offeror(note) if known else 0
        key = self.choices.key(who) if wild or not known else self.choices.key_of_party(offeror)
        self.act("withdraw", lambda: self.twin.withdraw(key, note))

    def lapse(self, which: int, other: int, wild: bool) -> None:
        """One or two offers past their day."""
        notes = [
            self.choices.note(which, wild, NoteStatus.LAPSABLE),
            self.choices.note(other, wild, NoteStatus.LAPSABLE),
        ]
        self.act("lapse", lambda: self.twin.lapse(key_of("rando"), *notes[: 1 + other % 2]))

    def consent(self, who: int, offeror: int, edge: int, due: int, days: int, wild: bool) -> None:
        """A receiver's standing word."""
        twin = self.twin
        key = self.choices.key(who) if wild else twin.actors[f"tier{who % 4 + 1}"].key
        args = (self.choices.party(offeror), amount_at(edge, FACE), twin.today + due, twin.today + days)
        self.act("consent", lambda: twin.set_consent(key, *args, currency=5 if wild else 1 + who % 4))

    # -- passing on

    def split(self, which: int, who: int, to: list[list[int]], wild: bool) -> None:
        """Up to three portions, some to the debtor itself."""
        books = self.twin.model.world.ledger
        passable = self.choices.notes(
            lambda note, facts: (
                books.status(note, self.twin.today) in MOVABLE
                and books.receivables[facts.receivable].due_day > self.twin.today
                and not facts.flags & NoteFlag.FINANCED
            )
        )
        note = which % (len(books.notes) + 1) + 1 if wild or not passable else passable[which % len(passable)]
        facts = books.notes.get(note)
        value = facts.value if facts else FACE
        portions = []
        for receiver, edge in to:
            party = self.choices.party(receiver) if wild else self.twin.actors[f"tier{receiver % 4 + 1}"].party
            if receiver % 6 == 0:
                party = self.twin.actors["core2"].party
            trade = ZERO_HASH if wild and receiver % 5 == 0 else keccak(text=f"trade {receiver}")
            portions.append(Portion(party, amount_at(edge, value // len(to)), trade))
        key = self.choices.holder_key(note, who, wild)
        self.act("split", lambda: self.twin.split(key, (note, portions)))

    # -- financing

    def finance(self, which: int, who: int, buyer: int, edge: int, rate: int, wild: bool) -> None:
        """A fresh quote, taken in part or whole."""
        twin = self.twin
        books = twin.model.world.ledger
        sellable = self.choices.notes(
            lambda note, facts: (
                books.status(note, twin.today) in MOVABLE and books.receivables[facts.receivable].due_day > twin.today
            )
        )
        note = which % len(books.notes) + 1 if wild or not sellable else sellable[which % len(sellable)]
        facts = books.notes[note]
        name = NAMES[buyer % len(NAMES)] if wild else ("financier", "financier2", "core", "financier")[buyer % 4]
        quote = twin.quote(twin.actors[name], note, rate_bps=rate)
        if wild:
            changes = (
                {"registry_reference": ZERO_HASH},
                {"valid_until": twin.chain.now - 1},
                {"epoch": quote.epoch + 1},
                {"seller": self.choices.party(who)},
                {"payer": self.choices.key(who).address},
                {"nonce": buyer % 20},
            )
            quote = replace(quote, **changes[buyer % len(changes)])  # type: ignore[arg-type]
        self.quotes.append(quote)
        self._take(quote, amount_at(edge, facts.value), self.choices.holder_key(note, who, wild and who % 2 == 0))

    def finance_again(self, which: int, who: int, edge: int, wild: bool, forged: bool) -> None:
        """A quote seen before: for the rest of it, or too much, or too late, or with its terms changed."""
        if not self.quotes:
            return
        quote = self.quotes[which % len(self.quotes)]
        if forged:
            quote = replace(quote, max_amount=quote.max_amount + 1)
        amount = amount_at(edge, quote.max_amount)
        self._take(quote, amount, self.choices.key_of_party(quote.seller), forged=forged)

    def _take(self, quote: Quote, amount: int, key: object, forged: bool = False) -> None:
        twin = self.twin
        signed = twin.sign_quote(replace(quote, max_amount=quote.max_amount - 1) if forged else quote)
        deal = Deal(quote, amount, valid=not forged)
        self.act("finance", lambda: twin.finance(key, deal, signatures=[signed]))  # type: ignore[arg-type]

    def cancel_quote(self, which: int, who: int, wild: bool) -> None:
        """A quote seen before, or a nonce never used."""
        nonce = self.quotes[which % len(self.quotes)].nonce if self.quotes else which
        key = self.choices.key(who) if wild else self.twin.actors[("financier", "financier2")[who % 2]].key
        self.act("cancel quote", lambda: self.twin.cancel_quote(key, nonce))

    def raise_epoch(self, who: int) -> None:
        """Seldom: it ends every quote of the party."""
        if who % 3 == 0:
            self.act("raise epoch", lambda: self.twin.raise_epoch(self.choices.key(who)))

    # -- repaying

    def repay(self, which: list[int], who: int, short: bool, wild: bool) -> None:
        """Some notes of one debtor or of several, by the debtor or by a stranger to it."""
        twin, ledger = self.twin, self.twin.model.world.ledger
        notes = [self.choices.note(pick, wild, *LIVE) for pick in which]
        if not wild:
            notes = list(dict.fromkeys(notes))
            first = ledger.notes.get(notes[0])
            currency = ledger.receivables[first.receivable].currency if first else 1
            notes = [
                note
                for note in notes
                if note not in ledger.notes or ledger.receivables[ledger.notes[note].receivable].currency == currency
            ]
        payer = twin.actors[NAMES[who % len(NAMES)] if wild else ("core", "core2")[who % 2]]
        caller = self.choices.key(who + 1) if wild else payer.key
        limit = FACE // 2 if short else MAX_UINT96
        self.act("repay", lambda: twin.repay(caller, *notes, payer=payer.cash.address, max_total=limit))

    # -- the operator, accounts and the clock

    def suspend_or_reinstate(self, who: int) -> None:
        """A suspended party mostly comes back."""
        party = self.choices.party(who)
        known = self.twin.model.world.registry.parties.get(party)
        if known is not None and known.standing == 2:
            self.act("reinstate", lambda: self.twin.reinstate(party))
        elif who % 4 == 0:
            self.act("suspend", lambda: self.twin.suspend(party))

    def set_roles(self, who: int, roles: int) -> None:
        """Seldom something else than what it was founded with."""
        if who % 6 == 0:
            party = self.choices.party(who)
            self.act("set roles", lambda: self.twin.set_roles(party, roles))
        else:
            # back to what it was founded as
            actor = self.twin.actors[NAMES[who % len(NAMES)]]
            roles = self.founded.model.world.registry.parties[actor.party].roles
            self.act("set roles", lambda: self.twin.set_roles(actor.party, roles))

    def renew_identity(self, who: int, days: int) -> None:
        """To a day past, today, soon or far."""
        party = self.choices.party(who)
        self.act("renew identity", lambda: self.twin.renew_identity(party, self.twin.today + days))

    def set_line(self, who: int, limit: int, currency: int) -> None:
        """From nothing to all."""
        debtor = self.twin.actors[("core", "core2")[who % 2]].party
        self.act("set line", lambda: self.twin.set_line(debtor, currency, limit))

    def pause(self, paused: bool) -> None:
        """On or off."""
        if paused != self.twin.model.world.paused:
            self.act("pause", lambda: self.twin.set_paused(paused))

    def set_policy(self, tiers: int, grace: int, life: int, least: int) -> None:
        """For debts to come."""
        policy = replace(POLICY, tier_limit=tiers, grace_days=grace, offer_lifetime_days=life, min_child_value=least)
        self.act("set policy", lambda: self.twin.set_policy(policy))

    def wait(self, seconds: int) -> None:
        """Some time."""
        self.twin.move_to(self.twin.chain.now + seconds)

    def wait_for(self, which: int, edge: str, offset: int) -> None:
        """To about a boundary of a receivable or an offer; the next act is a second later."""
        ledger = self.twin.model.world.ledger
        receivable = self.choices.one(list(ledger.receivables.values()), which)
        if receivable is None:
            return
        root = ledger.notes[receivable.root]
        day = {
            "due day": receivable.due_day,
            "due day's end": receivable.due_day + 1,
            "grace's end": receivable.due_day + GRACE + 1,
            "lapse": root.lapse_day + 1,
        }[edge]
        moment = start_of(day) + offset
        if self.twin.chain.now < moment < self.twin.chain.now + 40 * 86_400:
            self.twin.move_to(moment)
            self.twin.compare()
