"""The protocol as one object: every act, all or nothing, at a time that the caller sets."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from tests.reference import (
    assigning,
    banking,
    changes,
    financing,
    funding,
    issuing,
    orders,
    passing,
    pledging,
    recourse,
    repaying,
)
from tests.reference.arithmetic import day_of
from tests.reference.invoices import Claim, CreditNote
from tests.reference.notes import Policy
from tests.reference.parties import Admission
from tests.reference.refusals import Broken, Judge
from tests.reference.world import World

T = TypeVar("T")


class Protocol:
    """Acts on a world. A refused act raises :class:`~tests.reference.refusals.Refused` and changes nothing.

    ``now`` is the block's time in Unix seconds; set it before an act.
    """

    def __init__(self, now: int) -> None:
        self.now = now
        self.world = World()

    @property
    def today(self) -> int:
        """Today's business day."""
        return day_of(self.now)

    def _do(self, act: Callable[[World, Judge], T]) -> T:
        world, judge = copy.deepcopy(self.world), Judge()
        result = act(world, judge)
        judge.verdict()
        self.world = world
        return result

    # -- the operator

    def admit(self, admissions: list[Admission]) -> int:
        """Admits parties; returns the first id."""
        return self._do(lambda world, judge: world.registry.admit(judge, self.now, admissions))

    def suspend(self, party: int) -> None:
        """Stops a party at once."""
        self._do(lambda world, judge: world.registry.suspend(judge, party))

    def reinstate(self, party: int) -> None:
        """Lets a suspended party act again."""
        self._do(lambda world, judge: world.registry.reinstate(judge, party))

    def set_roles(self, party: int, roles: int) -> None:
        """Replaces a party's roles."""
        self._do(lambda world, judge: world.registry.set_roles(judge, party, roles))

    def renew_identity(self, party: int, expiry: int) -> None:
        """Renews a party's identity check."""
        self._do(lambda world, judge: world.registry.renew_identity(judge, self.now, party, expiry))

    def set_line(self, debtor: int, token: str, limit: int) -> None:
        """Sets a debtor's credit line."""
        self._do(lambda world, judge: world.credit.set_line(debtor, token, limit))

    def set_paused(self, paused: bool) -> None:
        """Stops or starts issues, splits and financing."""
        self.world.paused = paused

    def set_policy(self, policy: Policy) -> None:
        """Terms for receivables confirmed from now on."""
        self.world.policy = policy
        self.world.policy_number += 1

    # -- parties

    def add_account(
        self, caller: str, address: str, rights: int, evidence: bytes, deadline: int, signed: bool = True
    ) -> None:
        """Binds an address to the caller's party."""
        self._do(
            lambda world, judge: world.registry.add_account(
                judge, self.now, caller, address, rights, evidence, deadline, signed
            )
        )

    def set_rights(self, caller: str, address: str, rights: int, evidence: bytes) -> None:
        """Limits, widens or removes an account of the caller's party."""
        self._do(lambda world, judge: world.registry.set_rights(judge, self.now, caller, address, rights, evidence))

    def announce_recovery(
        self, party: int, address: str, removed: tuple[str, ...], evidence: bytes, deadline: int, signed: bool = True
    ) -> None:
        """The operator names a new administrator of a party."""
        self._do(
            lambda world, judge: changes.announce_recovery(
                world.registry, judge, self.now, party, address, removed, evidence, deadline, signed
            )
        )

    def veto_recovery(self, caller: str) -> None:
        """An administrator ends the recovery of its party."""
        self._do(lambda world, judge: changes.veto_recovery(world.registry, judge, caller))

    def withdraw_recovery(self, party: int) -> None:
        """The operator takes a recovery back."""
        self._do(lambda world, judge: changes.withdraw_recovery(world.registry, judge, party))

    def finish_recovery(self, party: int, removed: tuple[str, ...]) -> None:
        """Puts the announced administrator in charge."""
        self._do(lambda world, judge: changes.finish_recovery(world.registry, judge, self.now, party, removed))

    def announce_settlement(
        self, caller: str, address: str, evidence: bytes, deadline: int, signed: bool = True
    ) -> None:
        """An administrator names another settlement account."""
        self._do(
            lambda world, judge: changes.announce_settlement(
                world.registry, judge, self.now, caller, address, evidence, deadline, signed
            )
        )

    def veto_settlement(self, caller: str) -> None:
        """An administrator ends the change of its party's settlement account."""
        self._do(lambda world, judge: changes.veto_settlement(world.registry, judge, caller))

    def finish_settlement(self, party: int) -> None:
        """Leads the party's cash to the announced account."""
        self._do(lambda world, judge: changes.finish_settlement(world.registry, judge, self.now, party))

    def raise_epoch(self, caller: str) -> None:
        """Ends every quote of the caller's party."""
        self._do(lambda world, judge: world.registry.raise_epoch(judge, self.now, caller))

    def confirm(
        self, caller: str, currency: int, items: list[issuing.Confirmation], attestation: issuing.Attestation
    ) -> int:
        """Confirms debts; returns the first receivable."""
        return self._do(
            lambda world, judge: issuing.confirm(world, judge, self.now, caller, currency, items, attestation)
        )

    def accept(self, caller: str, notes: list[int]) -> None:
        """Takes offers."""
        self._do(partial(self._passing, passing.accept, caller, notes))

    def refuse(self, caller: str, notes: list[int]) -> None:
        """Refuses offers."""
        self._do(partial(self._passing, passing.refuse, caller, notes))

    def withdraw(self, caller: str, notes: list[int]) -> None:
        """Takes own offers back."""
        self._do(partial(self._passing, passing.withdraw, caller, notes))

    def _passing(
        self,
        act: Callable[[World, Judge, int, str, list[int]], None],
        caller: str,
        notes: list[int],
        world: World,
        judge: Judge,
    ) -> None:
        act(world, judge, self.now, caller, notes)

    def lapse(self, notes: list[int]) -> None:
        """Returns offers whose day has passed."""
        self._do(lambda world, judge: passing.lapse(world, judge, self.now, notes))

    def set_consent(
        self, caller: str, offeror: int, currency: int, amount: int, latest_due_day: int, expiry_day: int
    ) -> None:
        """Gives, replaces or (amount 0) revokes standing consent."""
        self._do(
            lambda world, judge: passing.set_consent(
                world, judge, self.now, caller, offeror, currency, amount, latest_due_day, expiry_day
            )
        )

    def split(self, caller: str, splits: list[tuple[int, list[passing.Portion]]]) -> int:
        """Passes value on; returns the first child."""
        return self._do(lambda world, judge: passing.split(world, judge, self.now, caller, splits))

    def declare_overdue(self, receivable: int) -> None:
        """Declares a receivable overdue."""
        self._do(lambda world, judge: issuing.declare_overdue(world, judge, self.now, receivable))

    def release(self, claims: list[Claim]) -> None:
        """Frees what cancelled receivables hold of invoices."""
        self._do(
            lambda world, judge: world.invoices.release(
                judge,
                claims,
                lambda claimant: bool(world.ledger.receivables[claimant[1]].cancelled),
            )
        )

    def credit(self, notes: list[CreditNote], attestation: issuing.Attestation) -> None:
        """Lowers invoices by credit notes, under the registrar's word."""

        def act(world: World, judge: Judge) -> None:
            issuing.attest(world, judge, self.now, attestation)
            world.invoices.credit(judge, notes)

        self._do(act)

    # -- desks

    def finance(
        self, caller: str, deals: list[financing.Deal], fundings: list[funding.Funding] | None = None
    ) -> list[int]:
        """Takes quotes; returns the buyers' notes."""
        return self._do(lambda world, judge: financing.finance(world, judge, self.now, caller, deals, fundings))

    def cancel_quote(self, caller: str, nonce: int) -> None:
        """Ends a quote."""
        self._do(lambda world, judge: financing.cancel_quote(world, judge, self.now, caller, nonce))

    def repay(self, caller: str, notes: list[int], payer: str, max_total: int) -> int:
        """Pays notes; returns what it cost."""
        return self._do(lambda world, judge: repaying.repay(world, judge, self.now, caller, notes, payer, max_total))

    def open_round(self, caller: str, receivable: int, total: int) -> None:
        """The debtor fixes what it pays in a round."""
        self._do(lambda world, judge: repaying.open_round(world, judge, self.now, caller, receivable, total))

    def resume_round(self, caller: str, receivable: int) -> None:
        """The debtor takes up an unfinished round."""
        self._do(lambda world, judge: repaying.resume_round(world, judge, self.now, caller, receivable))

    def pay_round(self, caller: str, receivable: int, notes: list[int], payer: str, max_total: int) -> int:
        """Pays shares; returns what it cost."""
        return self._do(
            lambda world, judge: repaying.pay_round(world, judge, self.now, caller, receivable, notes, payer, max_total)
        )

    def close_round(self, receivable: int) -> None:
        """Anyone ends a round that was not carried through in time."""
        self._do(lambda world, judge: repaying.close_round(world, judge, self.now, receivable))

    # -- orders

    def freeze(self, caller: str, notes: list[int], order: bytes) -> None:
        """Freezes notes."""
        self._do(lambda world, judge: orders.freeze(world, judge, self.now, caller, notes, order))

    def release_notes(self, caller: str, notes: list[int], order: bytes) -> None:
        """Ends freezes."""
        self._do(lambda world, judge: orders.release(world, judge, self.now, caller, notes, order))

    def order_reassignment(self, caller: str, note: int, to: int, amount: int, order: bytes) -> int:
        """Records a reassignment; returns its id."""
        return self._do(
            lambda world, judge: orders.order_reassignment(world, judge, self.now, caller, note, to, amount, order)
        )

    def execute_reassignment(self, reassignment: int) -> int:
        """Carries one out; returns the receiver's note."""
        return self._do(lambda world, judge: orders.execute_reassignment(world, judge, self.now, reassignment))

    def cancel_reassignment(self, caller: str, reassignment: int, order: bytes) -> None:
        """Strikes one."""
        self._do(lambda world, judge: orders.cancel_reassignment(world, judge, self.now, caller, reassignment, order))

    # -- pledges

    def pledge(self, caller: str, quote: pledging.LoanQuote) -> None:
        """Takes a lender's quote."""
        self._do(lambda world, judge: pledging.pledge(world, judge, self.now, caller, quote))

    def cancel_loan_quote(self, caller: str, nonce: int) -> None:
        """Ends one."""
        self._do(lambda world, judge: pledging.cancel_quote(world, judge, self.now, caller, nonce))

    def repay_loan(self, caller: str, note: int, amount: int, payer: str) -> int:
        """Pays the lender; returns what was paid."""
        return self._do(lambda world, judge: pledging.repay_loan(world, judge, self.now, caller, note, amount, payer))

    def release_pledge(self, caller: str, note: int) -> None:
        """The lender lets go."""
        self._do(lambda world, judge: pledging.release_pledge(world, judge, self.now, caller, note))

    # -- the second rail

    def reserve_sale(self, caller: str, deal: financing.Deal, word: banking.Commitment, digest: bytes) -> bytes:
        """The seller takes a quote whose cash a bank will carry; returns the reservation."""
        return self._do(lambda world, judge: banking.reserve_sale(world, judge, self.now, caller, deal, word, digest))

    def reserve_repayment(self, caller: str, notes: list[int], word: banking.Commitment, digest: bytes) -> bytes:
        """The debtor has a bank pay notes; returns the reservation."""
        return self._do(
            lambda world, judge: banking.reserve_repayment(world, judge, self.now, caller, notes, word, digest)
        )

    def reserve_round(self, caller: str, receivable: int, word: banking.Commitment, digest: bytes) -> bytes:
        """The debtor has a bank pay a round; returns the reservation."""
        return self._do(
            lambda world, judge: banking.reserve_round(world, judge, self.now, caller, receivable, word, digest)
        )

    def attest_payment(self, payment: banking.Payment, digest: bytes) -> Broken | None:
        """Delivers what a bank paid for; returns what stood against it where it is an exception instead."""
        return self._do(lambda world, judge: banking.attest(world, judge, self.now, payment, digest))

    def decline(self, caller: str, reservation: bytes, notes: list[int]) -> None:
        """The bank says no."""
        self._do(lambda world, judge: banking.decline(world, judge, self.now, caller, reservation, notes))

    def lapse_reservation(self, reservation: bytes, notes: list[int]) -> None:
        """Anyone releases what waits under a reservation that is over."""
        self._do(lambda world, judge: banking.lapse(world, judge, self.now, reservation, notes))

    # -- recourse

    def demand(self, caller: str, notes: list[int]) -> None:
        """Demands of sellers what notes are short of."""
        self._do(lambda world, judge: recourse.demand(world, judge, self.now, caller, notes))

    def honour(self, caller: str, note: int, payer: str, max_total: int) -> recourse.Honoured | None:
        """Pays what was demanded; the note comes back."""
        return self._do(lambda world, judge: recourse.honour(world, judge, self.now, caller, note, payer, max_total))

    # -- priority

    def register(self, entries: list[tuple[assigning.Registration, financing.Quote]]) -> None:
        """Writes down registrars' words."""
        self._do(lambda world, judge: assigning.register(world, judge, self.now, entries))

    def notify_debtor(self, caller: str, notes: list[int]) -> None:
        """Gives notice, or acknowledges."""
        self._do(lambda world, judge: assigning.notify_debtor(world, judge, self.now, caller, notes))
