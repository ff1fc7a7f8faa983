"""Random changes of who controls a party and where its cash goes: a part of :class:`~tests.stateful.machine.Life`."""

from __future__ import annotations

from collections.abc import Callable

from eth_account.signers.local import LocalAccount

from tests.contracts.chain import key_of
from tests.contracts.twin import Actor, Twin
from tests.reference.parties import Right
from tests.stateful.choices import NAMES, Choices


class Control:
    """Accounts come from few, so that they meet: the party's own, another's, clerks, fresh ones."""

    twin: Twin
    choices: Choices
    act: Callable[[str, Callable[[], object]], None]

    def account(self, who: int, rights: int, new: bool, bare: bool) -> None:
        """A clerk that comes, changes and goes, perhaps without evidence."""
        twin = self.twin
        clerk, key = key_of(f"clerk {who % 3}"), self.choices.key(who)
        evidence = {"evidence": bytes(32)} if bare else {}
        if new:
            self.act("add account", lambda: twin.add_account(key, clerk, rights, **evidence))
        else:
            self.act("set rights", lambda: twin.set_rights(key, clerk.address, rights, **evidence))

    def recover(self, who: int, account: int, removed: list[int], wild: bool) -> None:
        """The operator announces an administrator; mostly the party's own key comes back."""
        twin, actor = self.twin, self._actor(who)
        party = self.choices.party(who) if wild else actor.party
        chosen = self._account(actor, account)
        named = [self._account(actor, one).address for one in removed]
        self.act("announce recovery", lambda: twin.announce_recovery(party, chosen, *named))

    def end_recovery(self, who: int, how: str, wild: bool) -> None:
        """Somebody vetoes, the operator withdraws, or anyone finishes what is announced."""
        twin = self.twin
        pending = twin.model.world.registry.recoveries
        party = self._of(list(pending), who, wild)
        if how == "veto":
            key = self._administrator(party, who, wild)
            self.act("veto recovery", lambda: twin.veto_recovery(key))
        elif how == "withdraw":
            self.act("withdraw recovery", lambda: twin.withdraw_recovery(party))
        else:
            named = pending[party].removed if party in pending and not wild else ()
            self.act("finish recovery", lambda: twin.finish_recovery(key_of("rando"), party, *named))

    def resettle(self, who: int, account: int, wild: bool) -> None:
        """An administrator announces where cash shall go; mostly to the party's founded account."""
        twin, actor = self.twin, self._actor(who)
        key = self.choices.key(who) if wild else self._administrator(actor.party, who, wild)
        chosen = self._account(actor, account)
        self.act("announce settlement", lambda: twin.announce_settlement(key, chosen))

    def end_resettlement(self, who: int, veto: bool, wild: bool) -> None:
        """Somebody vetoes, or anyone finishes."""
        twin = self.twin
        party = self._of(list(twin.model.world.registry.settlement_changes), who, wild)
        if veto:
            key = self._administrator(party, who, wild)
            self.act("veto settlement", lambda: twin.veto_settlement(key))
        else:
            self.act("finish settlement", lambda: twin.finish_settlement(key_of("rando"), party))

    def wait_for_change(self, which: int, offset: int) -> None:
        """To about the moment at which an announced change is ready; the next act is a second later."""
        registry = self.twin.model.world.registry
        moments = [c.ready_at for c in (*registry.recoveries.values(), *registry.settlement_changes.values())]
        moment = self.choices.one(moments, which)
        if moment is not None and moment + offset > self.twin.chain.now:
            self.twin.move_to(moment + offset)
            self.twin.compare()

    def _actor(self, who: int) -> Actor:
        return self.twin.actors[NAMES[who % len(NAMES)]]

    def _of(self, parties: list[int], who: int, wild: bool) -> int:
        chosen = None if wild else self.choices.one(parties, who)
        return self.choices.party(who) if chosen is None else chosen

    def _account(self, actor: Actor, pick: int) -> LocalAccount:
        other = self.twin.actors[NAMES[pick % len(NAMES)]]
        options = (actor.key, actor.cash, actor.key, actor.cash, key_of(f"clerk {pick % 3}"), other.key, other.cash)
        return options[pick % len(options)]

    def _administrator(self, party: int, who: int, wild: bool) -> LocalAccount:
        """A funded key that administers the party; any when wild, or when there is none."""
        accounts = self.twin.model.world.registry.account
        keys = [key for actor in self.twin.actors.values() for key in (actor.key, actor.cash)]
        fitting = [
            key
            for key in keys
            if accounts(key.address).party == party and accounts(key.address).rights & Right.ADMINISTER
        ]
        return self.choices.key(who) if wild or not fitting else fitting[who % len(fitting)]
