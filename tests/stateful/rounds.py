"""Rounds, and accounts that a bank blocks: acts of a random life, and how often they happen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.contracts.chain import key_of
from tests.reference.arithmetic import MAX_UINT96
from tests.stateful.choices import NAMES, amount_at

if TYPE_CHECKING:
    from tests.contracts.twin import Twin
    from tests.stateful.choices import Choices
    from tests.stateful.walk import Dice


class RoundActs:
    """Mixed into a life."""

    twin: Twin
    choices: Choices
    act: Callable[[str, Callable[[], object]], None]

    def _due(self, which: int, wild: bool) -> int:
        """A receivable that is due and owed; any, or one that is not there, when wild or when there is none."""
        receivables = self.twin.model.world.ledger.receivables
        due = [n for n, facts in receivables.items() if facts.outstanding and facts.due_day <= self.twin.today]
        return which % (len(receivables) + 1) + 1 if wild or not due else due[which % len(due)]

    def open_round(self, which: int, who: int, edge: int, wild: bool) -> None:
        """The debtor shares out a part of what it owes, or takes up what it left."""
        receivable = self._due(which, wild)
        facts = self.twin.model.world.ledger.receivables.get(receivable)
        debtor = facts.debtor if facts else 0
        key = self.choices.key(who) if wild else self.choices.key_of_party(debtor)
        total = amount_at(edge, facts.outstanding if facts else 1)
        if who % 3 == 0:
            self.act("resume round", lambda: self.twin.resume_round(key, receivable))
        else:
            self.act("open round", lambda: self.twin.open_round(key, receivable, total))

    def pay_round(self, which: int, who: int, some: list[int], wild: bool) -> None:
        """Some notes that wait for their shares."""
        twin, ledger = self.twin, self.twin.model.world.ledger
        receivable = self._due(which, wild)
        open_ = [n for n in twin.model.world.rounds if ledger.receivables[n].flags & 32]
        if open_ and not wild:
            receivable = open_[which % len(open_)]
        facts = ledger.receivables.get(receivable)
        waiting = [
            note
            for note, n in ledger.notes.items()
            if facts and n.receivable == receivable and n.value and n.round != facts.round
        ]
        notes = [
            self.choices.note(pick, True) if wild or not waiting else waiting[pick % len(waiting)] for pick in some
        ]
        notes = notes if wild else list(dict.fromkeys(notes))
        payer = twin.actors[NAMES[who % len(NAMES)] if wild else ("core", "core2")[who % 2]]
        self.act(
            "pay round",
            lambda: twin.pay_round(
                payer.key, receivable, *notes, payer=payer.cash.address, max_total=10 if wild else MAX_UINT96
            ),
        )

    def close_round(self, which: int, patient: bool) -> None:
        """Anyone, mostly when its time is over."""
        receivable = self._due(which, False)
        round_ = self.twin.model.world.rounds.get(receivable)
        if round_ is not None and patient and self.twin.today <= round_.last_day:
            self.twin.move_to(self.twin.chain.now + (round_.last_day - self.twin.today + 1) * 86_400)
        self.act("close round", lambda: self.twin.close_round(key_of("rando"), receivable))

    def block(self, who: int, blocked: bool) -> None:
        """The second currency's bank blocks an account, or lets it go."""
        account = self.twin.actors[NAMES[who % len(NAMES)]].cash.address
        self.act("block" if blocked else "unblock", lambda: self.twin.set_blocked(account, blocked))


ROUND_ACTS: dict[str, tuple[int, Callable[[Dice], dict[str, Any]]]] = {
    "open_round": (5, lambda d: {"which": d.pick(), "who": d.pick(), "edge": d.edge(), "wild": d.wild()}),
    "pay_round": (
        6,
        lambda d: {
            "which": d.pick(),
            "who": d.pick(),
            "some": [d.pick() for _ in range(d.randint(1, 5))],
            "wild": d.wild(),
        },
    ),
    "close_round": (2, lambda d: {"which": d.pick(), "patient": d.wild() or d.wild()}),
    "block": (3, lambda d: {"who": d.pick(), "blocked": d.randrange(3) == 0}),
}
