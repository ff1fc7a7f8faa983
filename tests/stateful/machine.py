"""Any act by anybody in any order, done to the contracts and to the reference model; after each, everything is compared.

Draws lean towards what is allowed (the note's own holder, an amount within its value), and often enough are not: both
routes of a rule are taken. A refusal must come from both sides, name a rule that is broken, and change nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.contracts.chain import Chain, key_of
from tests.contracts.conftest import copy_of
from tests.contracts.constants import FACE, GRACE, LIFETIME, MINIMUM
from tests.contracts.twin import Actor, Twin
from tests.reference.arithmetic import start_of
from tests.reference.financing import Deal, Quote
from tests.reference.passing import Portion
from tests.reference.refusals import Refused

PARTIES = ("core", "core2", "tier1", "tier2", "tier3", "tier4", "financier", "financier2")
DEBTORS = ("core", "core", "core2", "tier1")
SUPPLIERS = ("tier1", "tier2", "tier3", "tier4", "core2")
BUYERS = ("financier", "financier2", "core", "core2", "tier2")
AMOUNTS = (0, 1, MINIMUM - 1, MINIMUM, MINIMUM + 1, 12_345, FACE - MINIMUM, FACE - 1, FACE, FACE + 1, 2**96 - 1)
TENORS = (-1, 0, 1, LIFETIME, 90, 90, 90, 200, 365, 366)
LEAPS = (0, 0, 1, 1, LIFETIME, LIFETIME + 1, 30, 90, 90 + GRACE + 1)


class Machine(RuleBasedStateMachine):
    """One life of the protocol. ``went`` counts what passed and what was refused, over all lives."""

    founded: Twin
    chain: Chain
    went: Counter[tuple[str, bool]]

    def __init__(self) -> None:
        super().__init__()
        self.mark = self.chain.snapshot()
        self.twin = copy_of(self.founded)
        rando = key_of("rando")
        self.everybody = [self.twin.actors[name] for name in PARTIES] + [Actor("rando", rando, rando, 0)]
        self.quotes: list[Quote] = []

    def teardown(self) -> None:
        self.chain.revert(self.mark)

    # -- drawing

    def _try(self, name: str, act: Callable[[], Any]) -> None:
        try:
            act()
        except Refused:
            self.went[name, False] += 1
        else:
            self.went[name, True] += 1

    def _actor(self, data: st.DataObject, names: tuple[str, ...] = PARTIES) -> Actor:
        return self.twin.actors[data.draw(st.sampled_from(names))]

    def _note(self, data: st.DataObject) -> int:
        return data.draw(st.integers(1, len(self.twin.model.world.ledger.notes) + 1))

    def _who(self, data: st.DataObject, party: int | None) -> Actor:
        """Mostly the party meant, else anybody."""
        meant = [actor for actor in self.everybody if actor.party == party and party]
        return data.draw(st.sampled_from(meant * 6 + self.everybody))

    def _holder(self, note: int) -> int | None:
        found = self.twin.model.world.ledger.notes.get(note)
        return found.holder if found else None

    def _part(self, data: st.DataObject, note: int) -> int:
        """An amount around the note's value and the policy's minimum, or a fraction of it."""
        found = self.twin.model.world.ledger.notes.get(note)
        value = found.value if found else FACE
        shares = (value // 4, value // 3, value // 2, value, value, value - MINIMUM, value - 1, value + 1)
        usual = [amount for amount in shares if amount > 0] or [1]
        return data.draw(st.sampled_from(usual * 3 + list(AMOUNTS)))

    # -- acts

    @initialize()
    def begin(self) -> None:
        core, tier1 = self.twin.actors["core"], self.twin.actors["tier1"]
        self.twin.confirm(core.key, [self.twin.item(tier1.party, FACE, 90)])
        self.twin.accept(tier1.key, 1)

    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        debtor = self._actor(data, DEBTORS)
        items = [
            self.twin.item(
                self._actor(data, SUPPLIERS).party,
                data.draw(st.sampled_from((FACE, FACE, FACE // 3, *AMOUNTS))),
                data.draw(st.sampled_from(TENORS)),
            )
            for _ in range(data.draw(st.integers(1, 2)))
        ]
        currency = data.draw(st.sampled_from((1, 1, 1, 2, 3)))
        self._try("confirm", lambda: self.twin.confirm(debtor.key, items, currency=currency))

    @rule(data=st.data(), name=st.sampled_from(("accept", "accept", "accept", "refuse", "withdraw", "lapse")))
    def answer(self, data: st.DataObject, name: str) -> None:
        note = self._note(data)
        ledger = self.twin.model.world.ledger
        found = ledger.notes.get(note)
        party = self._holder(note)
        if name == "withdraw" and found is not None:
            parent = ledger.notes.get(found.parent)
            party = parent.holder if parent else ledger.receivables[found.receivable].debtor
        caller = self._who(data, party)
        self._try(name, lambda: getattr(self.twin, name)(caller.key, note))

    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        note = self._note(data)
        caller = self._who(data, self._holder(note))
        portions = [
            Portion(
                self._actor(data, data.draw(st.sampled_from((SUPPLIERS, SUPPLIERS, PARTIES)))).party,
                self._part(data, note) // data.draw(st.integers(1, 3)),
            )
            for _ in range(data.draw(st.integers(1, 3)))
        ]
        self._try("split", lambda: self.twin.split(caller.key, (note, portions)))

    @rule(data=st.data())
    def consent(self, data: st.DataObject) -> None:
        receiver, offeror = self._actor(data, SUPPLIERS), self._actor(data)
        amount = data.draw(st.sampled_from((0, FACE // 2, FACE, 10 * FACE)))
        days = data.draw(st.sampled_from((-1, 0, 100, 400)))
        until = self.twin.today + days
        self._try(
            "consent", lambda: self.twin.set_consent(receiver.key, offeror.party, amount, until, until, currency=1)
        )

    @rule(data=st.data())
    def finance(self, data: st.DataObject) -> None:
        note = self._note(data)
        if note not in self.twin.model.world.ledger.notes:
            return
        buyer = self._actor(data, BUYERS)
        changes = data.draw(
            st.sampled_from(
                ({}, {}, {}, {"rate_bps": 0}, {"rate_bps": 2**32 - 1}, {"registry_reference": bytes(32)}, {"epoch": 9})
            )
        )
        quote = self.twin.quote(buyer, note, **changes)
        self.quotes.append(quote)
        self._take(data, quote)

    @rule(data=st.data())
    def finance_again(self, data: st.DataObject) -> None:
        if self.quotes:
            self._take(data, data.draw(st.sampled_from(self.quotes)))

    def _take(self, data: st.DataObject, quote: Quote) -> None:
        caller = self._who(data, quote.seller)
        deal = Deal(quote, self._part(data, quote.note))
        self._try("finance", lambda: self.twin.finance(caller.key, deal))

    @rule(data=st.data())
    def end_quotes(self, data: st.DataObject) -> None:
        buyer = self._actor(data, BUYERS)
        if self.quotes and data.draw(st.booleans()):
            nonce = data.draw(st.sampled_from(self.quotes)).nonce
            self._try("cancel_quote", lambda: self.twin.cancel_quote(buyer.key, nonce))
        else:
            self._try("raise_epoch", lambda: self.twin.raise_epoch(buyer.key))

    @rule(data=st.data())
    def repay(self, data: st.DataObject) -> None:
        notes = data.draw(
            st.lists(st.just(self._note(data)) | st.builds(lambda: self._note(data)), min_size=1, max_size=3)
        )
        debtor = self._actor(data, ("core", "core", "core2", "financier", "tier1"))
        payer = data.draw(
            st.sampled_from((debtor.cash.address, debtor.cash.address, self.twin.actors["core"].cash.address))
        )
        self._try("repay", lambda: self.twin.repay(debtor.key, *notes, payer=payer))

    @rule(data=st.data())
    def declare_overdue(self, data: st.DataObject) -> None:
        receivable = data.draw(st.integers(1, len(self.twin.model.world.ledger.receivables) + 1))
        caller = data.draw(st.sampled_from(self.everybody))
        self._try("declare_overdue", lambda: self.twin.declare_overdue(caller.key, receivable))

    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        fingerprint = data.draw(st.sampled_from(sorted(self.twin.seen.fingerprints)))
        caller = data.draw(st.sampled_from(self.everybody))
        self._try("release", lambda: self.twin.release(caller.key, [fingerprint]))

    @rule(data=st.data(), name=st.sampled_from(("suspend", "reinstate", "reinstate", "pause", "resume", "resume")))
    def operate(self, data: st.DataObject, name: str) -> None:
        if name in ("pause", "resume"):
            self._try(name, lambda: self.twin.set_paused(name == "pause"))
        else:
            party = self._actor(data).party
            self._try(name, lambda: getattr(self.twin, name)(party))

    @rule(days=st.sampled_from(LEAPS), second=st.sampled_from((-1, 0, 1, 40_000)))
    def wait(self, days: int, second: int) -> None:
        target = start_of(self.twin.today + days) + second
        if target > self.twin.chain.now:
            self.twin.move_to(target)
            self.twin.compare()
