"""The second rail in random lives: what banks carry, and how often they say yes, no, something else or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from eth_utils import keccak

from tests.contracts.chain import key_of
from tests.reference.arithmetic import start_of
from tests.reference.banking import CUTOFF_DAYS, Line, Payment, is_bank_code
from tests.reference.banks import Product
from tests.reference.financing import Deal
from tests.reference.notes import NoteFlag, NoteStatus, ReceivableFlag
from tests.stateful.choices import NAMES, Choices, amount_at

if TYPE_CHECKING:
    from tests.contracts.twin import Actor, Twin
    from tests.stateful.walk import Dice

BANKS = ("bank", "bank", "bank2")
# By how much a bank's amount is off.
OFF = (0, 0, 0, 0, 0, 0, 1, -1)


class BankActs:
    """Mixed into a life. The payments that banks attested are kept, to be brought again."""

    twin: Twin
    choices: Choices
    act: Callable[[str, Callable[[], object]], None]
    payments: list[Payment]

    # -- reserving

    def reserve_sale(self, which: int, who: int, edge: int, days: int, wild: bool) -> None:
        """A fresh quote on the bank rail, to be carried by a bank."""
        twin, books = self.twin, self.twin.model.world.ledger
        sellable = self._on_rail(
            lambda note, facts: (
                books.status(note, twin.today) == NoteStatus.HELD
                and books.receivables[facts.receivable].due_day - CUTOFF_DAYS > twin.today
            )
        )
        note = which % len(books.notes) + 1 if wild or not sellable else sellable[which % len(sellable)]
        buyer = twin.actors[NAMES[who % len(NAMES)] if wild else ("financier", "financier2")[who % 2]]
        if not wild and who % 5 == 0 and note in books.notes:
            debtor = books.receivables[books.notes[note].receivable].debtor
            buyer = next(actor for actor in twin.actors.values() if actor.party == debtor)
        deal = Deal(twin.bank_quote(buyer, note, rate_bps=who % 900), amount_at(edge, books.notes[note].value))
        word = twin.commitment(self._bank(who), last_day=twin.today + days)
        key = self.choices.holder_key(note, who, wild)
        self.act("reserve sale", lambda: twin.reserve_sale(key, deal, word))

    def reserve_repayment(self, some: list[int], who: int, days: int, wild: bool) -> None:
        """Some notes of one debtor and currency that may be paid by a bank now."""
        twin, books = self.twin, self.twin.model.world.ledger
        owed = self._on_rail(
            lambda note, facts: books.due(note, twin.today) is not None and not facts.flags & NoteFlag.RESERVED
        )
        if owed and not wild:
            first_day = min(books.receivables[books.notes[n].receivable].due_day for n in owed) - CUTOFF_DAYS
            if first_day > twin.today:
                twin.move_to(start_of(first_day))
        payable = [n for n in owed if books.receivables[books.notes[n].receivable].due_day - CUTOFF_DAYS <= twin.today]
        notes = [
            pick % (len(books.notes) + 1) + 1 if wild or not payable else payable[pick % len(payable)] for pick in some
        ]
        first = books.notes.get(notes[0])
        debtor = books.receivables[first.receivable].debtor if first else 0
        if not wild:
            known = [n for n in dict.fromkeys(notes) if n in books.notes] or [1]
            same = [n for n in known if books.receivables[books.notes[n].receivable].debtor == debtor]
            notes = [n for n in same if self._currency(n) == self._currency(notes[0])]
        word = twin.commitment(self._bank(who), last_day=twin.today + days)
        key = self.choices.key(who) if wild else self.choices.key_of_party(debtor)
        self.act("reserve repayment", lambda: twin.reserve_repayment(key, *notes, word=word))

    def reserve_round(self, which: int, who: int, days: int, wild: bool) -> None:
        """An open round."""
        twin, receivables = self.twin, self.twin.model.world.ledger.receivables
        on_rail = [n for n, r in receivables.items() if is_bank_code(twin.token(r.currency)) and r.outstanding]
        rounds = [n for n in on_rail if receivables[n].flags & ReceivableFlag.ROUND_OPEN] or on_rail
        receivable = which % (len(receivables) + 1) + 1 if wild or not rounds else rounds[which % len(rounds)]
        facts = receivables.get(receivable)
        key = self.choices.key(who) if wild or facts is None else self.choices.key_of_party(facts.debtor)
        if facts is not None and not wild and not facts.flags & ReceivableFlag.ROUND_OPEN:
            twin.move_to(max(twin.chain.now, start_of(facts.due_day)))
            self.act("open round", lambda: twin.open_round(key, receivable, facts.outstanding // 2))
        word = twin.commitment(self._bank(who), last_day=twin.today + days)
        self.act("reserve round", lambda: twin.reserve_round(key, receivable, word))

    # -- the bank's answer

    def attest(self, which: int, some: list[int], off: int, back: int, refused: bool, wild: bool) -> None:
        """What waits under a reservation, mostly the newest, paid to the unit or nearly."""
        twin, banks = self.twin, self.twin.model.world.banks
        if not banks.reservations:
            return
        known, waiting = list(banks.reservations), self._answerable()
        digest = known[which % len(known)] if wild or not waiting else waiting[which % len(waiting)]
        bank = next(actor for actor in twin.actors.values() if actor.party == banks.reservations[digest].bank)
        if wild and which % 3 == 0:
            bank = self._bank(which + 1)
        day = twin.today - back
        found, counted = self._lines(digest, some, day)
        if not found:
            return
        first = replace(found[0], amount=max(0, found[0].amount + OFF[off]), refused=refused or found[0].refused)
        lines = [first, *found[1:]]
        payment = twin.payment(digest, *lines, bank=bank, value_day=day, counted=counted)
        if wild:
            changes: tuple[dict[str, Any], ...] = (
                {"currency": twin.token(which % 4 + 1)},
                {"reference": keccak(text=f"reference {which % 3}")},
                {"counted": 1},
                {"reservation": keccak(text="no reservation")},
                {"lines": (replace(lines[0], payee=which % 12),)},
            )
            payment = replace(payment, **changes[which % len(changes)])
        self.payments.append(payment)
        self.act("attest", lambda: self._told(payment))

    def attest_again(self, which: int) -> None:
        """A word that was brought before."""
        if self.payments:
            payment = self.payments[which % len(self.payments)]
            self.act("attest again", lambda: self._told(payment))

    def _told(self, payment: Payment) -> None:
        found = self.twin.attest_payment(key_of("rando"), payment)
        if found is not None:
            self.act("exception", lambda: None)

    def decline(self, which: int, who: int, wild: bool) -> None:
        """The bank of a reservation, for some of what waits."""
        banks = self.twin.model.world.banks
        if banks.reservations:
            digest, notes = self._waiting(which)
            bank = banks.reservations[digest].bank
            key = self.choices.key(who) if wild else self.choices.key_of_party(bank)
            some = notes[: len(notes) - who % 2]
            self.act("decline", lambda: self.twin.decline(key, digest, *some))

    def lapse_reservation(self, which: int, patient: bool) -> None:
        """Anyone, mostly when it is over."""
        banks = self.twin.model.world.banks
        if banks.reservations:
            digest, notes = self._waiting(which)
            if patient and not banks.reservations[digest].is_over(self.twin.today):
                days = banks.reservations[digest].last_day - self.twin.today + 1
                self.twin.move_to(self.twin.chain.now + days * 86_400)
            self.act("lapse reservation", lambda: self.twin.lapse_reservation(key_of("rando"), digest, *notes))

    # -- what there is

    def _bank(self, who: int) -> Actor:
        return self.twin.actors[BANKS[who % len(BANKS)]]

    def _currency(self, note: int) -> str:
        return self.twin.model.world.currency_of(note)

    def _on_rail(self, fits: Callable[[int, Any], bool]) -> list[int]:
        return self.choices.notes(lambda note, facts: is_bank_code(self._currency(note)) and fits(note, facts))

    def _answerable(self) -> list[bytes]:
        """Reservations under which something waits for the bank."""
        banks = self.twin.model.world.banks
        waits = {*banks.sales, *(digest for (digest, _), left in banks.reserved.items() if left)}
        rounds = {digest for digest, _ in banks.rounds.values()}
        return [d for d, r in banks.reservations.items() if d in waits | rounds and not r.is_over(self.twin.today)]

    def _waiting(self, which: int) -> tuple[bytes, list[int]]:
        """A reservation, and the notes that wait under it; mostly one with some."""
        banks = self.twin.model.world.banks
        under: dict[bytes, list[int]] = {digest: [sale.note] for digest, sale in banks.sales.items()}
        for (digest, note), principal in banks.reserved.items():
            if principal:
                under.setdefault(digest, []).append(note)
        known = list(under) if under and which % 5 else list(banks.reservations)
        digest = known[which % len(known)]
        return digest, under.get(digest, [1])

    def _lines(self, digest: bytes, some: list[int], day: int) -> tuple[list[Line], int]:
        """What is due for notes under a reservation, and the count of the round that it is for."""
        world = self.twin.model.world
        if world.banks.reservations[digest].product == Product.SALE:
            sale = world.banks.sales.get(digest)
            return ([Line(sale.note, sale.seller, sale.price)] if sale else [Line(1, 1, 1)]), 0
        receivable = next((n for n, (named, _) in world.banks.rounds.items() if named == digest), None)
        if receivable is not None:
            return self._share_lines(receivable, some, day)
        waiting = [note for (under, note), principal in world.banks.reserved.items() if under == digest and principal]
        notes = dict.fromkeys(waiting[pick % len(waiting)] for pick in some) if waiting else {1: None}
        dues = [(note, world.ledger.due(note, day, world.banks.reserved.get((digest, note)))) for note in notes]
        return [self._line(note, due) for note, due in dues if due is not None], 0

    def _share_lines(self, receivable: int, some: list[int], day: int) -> tuple[list[Line], int]:
        world = self.twin.model.world
        facts, place = world.ledger.receivables[receivable], replace(world.rounds[receivable])
        counted = place.counted
        waiting = [
            note
            for note, n in world.ledger.notes.items()
            if n.receivable == receivable and n.value and n.round != facts.round
        ]
        lines = []
        for note in dict.fromkeys(waiting[pick % len(waiting)] for pick in some) if waiting else ():
            value = world.ledger.notes[note].value
            due = world.ledger.due(note, day, place.share(value))
            place.counted += value
            if due is not None:
                lines.append(self._line(note, due))
        return lines, counted

    def _line(self, note: int, due: Any) -> Line:
        return Line(note, due.payee, due.cash, bool(due.flags & NoteFlag.FROZEN))


# As tests.stateful.walk.ACTS
BANK_ACTS: dict[str, tuple[int, Callable[[Dice], dict[str, Any]]]] = {
    "reserve_sale": (
        9,
        lambda d: {
            "which": d.pick(),
            "who": d.pick(),
            "edge": d.edge(),
            "days": d.choice([0, 1, 2, 2, 5, 10, 11, -1]),
            "wild": d.wild(),
        },
    ),
    "reserve_repayment": (
        9,
        lambda d: {
            "some": [d.pick() for _ in range(d.randint(1, 4))],
            "who": d.pick(),
            "days": d.choice([0, 1, 2, 2, 5, 10, 11, -1]),
            "wild": d.wild(),
        },
    ),
    "reserve_round": (
        4,
        lambda d: {"which": d.pick(), "who": d.pick(), "days": d.choice([0, 2, 5, 30, 31]), "wild": d.wild()},
    ),
    "attest": (
        16,
        lambda d: {
            "which": d.pick(),
            "some": [d.pick() for _ in range(d.randint(1, 4))],
            "off": d.randrange(len(OFF)),
            "back": d.choice([0, 0, 0, 0, 1, 2, -1]),
            "refused": d.wild(),
            "wild": d.wild(),
        },
    ),
    "attest_again": (3, lambda d: {"which": d.pick()}),
    "decline": (3, lambda d: {"which": d.pick(), "who": d.pick(), "wild": d.wild()}),
    "lapse_reservation": (3, lambda d: {"which": d.pick(), "patient": d.wild() or d.wild()}),
}
EVERY_ACT = {
    *("reserve sale", "reserve repayment", "reserve round", "attest", "attest again", "exception"),
    *("decline", "lapse reservation"),
}
