"""The contracts and the reference model side by side: every act is done to both, and then everything is compared."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from eth_account.signers.local import LocalAccount
from eth_utils import keccak

from tests.contracts import signing
from tests.contracts.chain import Receipt, RpcError, key_of
from tests.contracts.constants import CASH, CNY, LINE, POLICY, PRODUCT, USD
from tests.contracts.deployment import Deployment
from tests.contracts.getters import Key, compare
from tests.contracts.registry_acts import RegistryActs
from tests.contracts.twin_assigning import AssigningActs
from tests.contracts.twin_banking import BankActs
from tests.contracts.twin_funding import FundingActs
from tests.contracts.twin_orders import OrderActs
from tests.contracts.twin_pledges import PledgeActs
from tests.contracts.twin_recourse import RecourseActs
from tests.reference.arithmetic import MAX_UINT96
from tests.reference.financing import Deal, Quote
from tests.reference.invoices import Claim, CreditNote, InvoiceClaim
from tests.reference.issuing import Attestation, Confirmation
from tests.reference.notes import Policy
from tests.reference.parties import Admission, Role
from tests.reference.passing import Portion
from tests.reference.protocol import Protocol
from tests.reference.refusals import Refused
from tests.reference.tokens import Token

T = TypeVar("T")
DESKS = ("FinancingDesk", "PledgeDesk", "RepaymentDesk", "RecourseDesk")
ALLOWANCE = 2**128


@dataclass
class Actor:
    """A party with an administrator key and a settlement account of its own."""

    name: str
    key: LocalAccount
    cash: LocalAccount
    party: int

    @property
    def address(self) -> str:
        """The administrator's address."""
        return str(self.key.address)


@dataclass
class Seen:
    """What the tests have touched, so that every getter over it is compared. Grows only."""

    accounts: set[str] = field(default_factory=set)
    codes: set[bytes] = field(default_factory=set)
    claims: set[Claim] = field(default_factory=set)
    invoices: set[bytes] = field(default_factory=set)
    credit_notes: set[bytes] = field(default_factory=set)
    attestations: set[tuple[str, int]] = field(default_factory=set)
    consents: set[tuple[int, int, int]] = field(default_factory=set)
    quotes: set[tuple[int, int]] = field(default_factory=set)
    loan_quotes: set[tuple[int, int]] = field(default_factory=set)
    # (token, payer, nonce) → the deal it is for
    authorizations: dict[tuple[str, str, bytes], object] = field(default_factory=dict)
    registrations: set[tuple[str, int]] = field(default_factory=set)


class Twin(OrderActs, PledgeActs, BankActs, FundingActs, RecourseActs, AssigningActs, RegistryActs):
    """Acts on both; a refusal is checked (same rule, same evidence, nothing changed) and raised as :class:`Refused`."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.chain = deployment.chain
        self.model = Protocol(self.chain.now)
        self.seen = Seen()
        self.actors: dict[str, Actor] = {}
        self.signers: dict[str, LocalAccount] = {}
        self.last: Receipt | None = None
        self.comparing = True
        self.thorough = self.chain.is_anvil or bool(os.environ.get("SCF_TEST_DEEP"))
        self._known: dict[Key, Any] | None = None
        self._dice = random.Random(2)
        self._nonce = 0
        self._fingerprint = 0

    # -- setting up

    def open_books(self) -> None:
        """Policy, currencies with cash behind them, and the model's knowledge of the desks."""
        world = self.model.world
        world.policy, world.policy_number = POLICY, 0
        world.registry.protocol = frozenset(self.deployment[name].address for name in PRODUCT)
        world.note_contract = self.deployment["ReceivableNotes"].address
        world.financing_desk = self.deployment["FinancingDesk"].address
        world.repayment_desk = self.deployment["RepaymentDesk"].address
        world.pledge_desk = self.deployment["PledgeDesk"].address
        world.recourse_desk = self.deployment["RecourseDesk"].address
        self.set_policy(POLICY)
        for token in ("DepositToken", "SecondToken"):
            address = self.deployment[token].address
            self.deployment.administer("IssuanceDesk", "allowCurrency", address)
            world.currencies.append(address)
            world.tokens[address] = Token()
        for code in (CNY, USD):
            self.deployment.administer("IssuanceDesk", "allowCurrency", code)
            world.currencies.append(code)

    def set_blocked(self, account: str, blocked: bool) -> None:
        """The second currency's bank blocks an account, or lets it go."""
        self.deployment["SecondToken"].do(self.deployment.officers["issuer"], "setBlocked", account, blocked)
        token = self.model.world.tokens[self.token(2)]
        token.blocked = token.blocked | {account} if blocked else token.blocked - {account}
        self.compare()

    def admit_actor(self, name: str, roles: int) -> Actor:
        """Admits a party named by its role, with cash and allowances for the desks in both currencies."""
        actor = Actor(name, key_of(name), key_of(f"{name} cash"), len(self.model.world.registry.parties) + 1)
        self.admit(
            [
                Admission(
                    credit_code=keccak(text=f"credit code of {name}"),
                    roles=roles,
                    identity_expiry=self.model.today + 1_000,
                    settlement=actor.cash.address,
                    administrator=actor.address,
                )
            ]
        )
        self.deployment.fund(actor.address, actor.cash.address)
        self.actors[name] = actor
        self.signers |= {actor.address: actor.key, actor.cash.address: actor.cash}
        if roles & (Role.FINANCIER | Role.CORE_ENTERPRISE):
            for currency in (1, 2):
                self.mint(currency, actor.cash.address, CASH)
                for desk in DESKS:
                    self.approve(actor.cash, currency, desk, ALLOWANCE)
        if roles & Role.CORE_ENTERPRISE:
            for currency in (1, 2, 3, 4):
                self.set_line(actor.party, currency, LINE)
        return actor

    # -- one act on both

    def _both(
        self,
        sender: LocalAccount,
        contract: str,
        function: str,
        args: tuple[Any, ...],
        act: Callable[[], T],
        at: int | None = None,
    ) -> T:
        target = self.deployment[contract]
        self.last = target.send(sender, function, *args, at=at)
        self.model.now = self.last.timestamp
        try:
            result = act()
        except Refused as refusal:
            assert not self.last.ok, f"{contract}.{function}{args} went through; the model says {refusal}"
            self._check_refusal(sender, contract, target.data(function, *args), refusal)
            self.compare()
            raise
        if not self.last.ok:
            name, evidence = self._error(sender, contract, target.data(function, *args))
            raise AssertionError(f"{contract}.{function}{args} was refused: {name}{evidence}; the model does it")
        self.compare()
        return result

    def _error(self, sender: LocalAccount, contract: str, data: bytes) -> tuple[str, tuple[Any, ...]]:
        try:
            self.chain.call(self.deployment[contract].address, data, sender.address)
        except RpcError as error:
            return self.deployment.errors.decode(error.data)
        return "nothing", ()

    def _check_refusal(self, sender: LocalAccount, contract: str, data: bytes, refusal: Refused) -> None:
        name, evidence = self._error(sender, contract, data)
        assert name in refusal.names, f"{name}{evidence}; the model says {refusal}"
        if len(set(refusal.broken)) == 1:
            assert refusal.broken[0].explains(name, evidence), f"{name}{evidence}; the model says {refusal}"

    def compare(self, sampled: int = 2) -> None:
        """Every getter against the model, the model's own invariants, and that no contract holds a token (I-2).

        Every getter on anvil, and on ganache in the deep run; else on ganache, which reads slowly, what the act should
        have changed and as many others as ``sampled``.
        """
        if not self.comparing:
            return
        self.model.now = self.chain.now
        self.model.world.check()
        known = None if self.thorough else self._known
        self._known = compare(
            self.deployment,
            self.model,
            self.seen,
            known,
            lambda keys: self._dice.sample(keys, min(sampled, len(keys))),
        )

    @contextmanager
    def refused(self, name: str, *evidence: Any) -> Iterator[None]:
        """The act inside breaks just this rule, with this evidence, on both sides."""
        try:
            yield
        except Refused as refusal:
            assert refusal.names == {name}, f"expected {name}, got {refusal}"
            assert any(rule.explains(name, evidence) for rule in refusal.broken), f"expected {evidence}: {refusal}"
        else:
            raise AssertionError(f"expected {name}{evidence}, and it went through")

    # -- the clock

    @property
    def today(self) -> int:
        """Today's business day."""
        return self.model.today

    def move_to(self, timestamp: int) -> None:
        """Moves both clocks."""
        self.chain.move_to(timestamp)
        self.model.now = timestamp

    # -- the operator

    def _administer(
        self, contract: str, function: str, args: tuple[Any, ...], act: Callable[[], T], at: int | None = None
    ) -> T:
        return self._both(self.deployment.officer_of(contract, function), contract, function, args, act, at)

    def set_line(self, debtor: int, currency: int, limit: int) -> None:
        """Sets a credit line."""
        token = self.token(currency)
        self._administer(
            "CreditRegister", "setLine", (debtor, token, limit), lambda: self.model.set_line(debtor, token, limit)
        )

    def set_paused(self, paused: bool) -> None:
        """Pauses or resumes."""
        self._administer("ReceivableNotes", "setPaused", (paused,), lambda: self.model.set_paused(paused))

    def set_policy(self, policy: Policy) -> None:
        """Sets policy for receivables to come."""
        terms = tuple(getattr(policy, name) for name in policy.__dataclass_fields__)
        self._administer("IssuanceDesk", "setPolicy", (terms,), lambda: self.model.set_policy(policy))

    # -- cash

    def token(self, currency: int) -> str:
        """The token's address; zero for a currency that does not exist."""
        return self.model.world.token_of(currency) or "0x" + "00" * 20

    def mint(self, currency: int, to: str, amount: int) -> None:
        """The bank books a deposit."""
        name = "DepositToken" if currency == 1 else "SecondToken"
        self.deployment[name].do(self.deployment.officers["issuer"], "mint", to, amount)
        self.model.world.tokens[self.token(currency)].balances[to] += amount
        self.compare()

    def approve(self, owner: LocalAccount, currency: int, desk: str, amount: int) -> None:
        """The owner lets a desk spend."""
        name = "DepositToken" if currency == 1 else "SecondToken"
        self.deployment[name].do(owner, "approve", self.deployment[desk].address, amount)
        token = self.model.world.tokens[self.token(currency)]
        token.allowances[owner.address, self.deployment[desk].address] = amount
        self.compare()

    # -- issuing

    def item(self, creditor: int, amount: int, tenor: int, **changes: Any) -> Confirmation:
        """A debt to confirm, of one invoice not seen before, taken whole."""
        fresh = Confirmation(
            creditor=creditor,
            amount=amount,
            delivery_day=self.today - 5,
            due_day=self.today + tenor,
            invoices=(self.invoice(amount),),
        )
        return replace(fresh, **changes)

    def invoice(self, amount: int, claimed: int | None = None) -> InvoiceClaim:
        """A new invoice, taken whole or in part."""
        self._fingerprint += 1
        return InvoiceClaim(
            fingerprint=keccak(text=f"invoice {self._fingerprint}"),
            invoice_amount=amount,
            claimed=amount if claimed is None else claimed,
        )

    def fresh_nonce(self) -> int:
        """A number not used before."""
        self._nonce += 1
        return self._nonce

    def attest(self, **changes: Any) -> Attestation:
        """The registrar's word, in time and unused."""
        fresh = Attestation(self.actors["registrar"].address, self.fresh_nonce(), self.chain.now + 3_600)
        return replace(fresh, **changes)

    def sign_batch(
        self, debtor: int, currency: int, items: list[Confirmation], attestation: Attestation, **domain: Any
    ) -> bytes:
        """The attestation's signature by the key behind its signer; ``domain`` as an attacker would change it."""
        fields = signing.batch_message(
            debtor, self.token(currency), items, attestation.signer, attestation.nonce, attestation.deadline
        )
        message = signing.typed(self.deployment["CreditRegister"], "ConfirmationBatch", fields, **domain)
        return signing.sign(self.signers[attestation.signer], message)

    def confirm(
        self,
        caller: LocalAccount,
        items: list[Confirmation],
        *,
        currency: int = 1,
        attestation: Attestation | None = None,
        signature: bytes | None = None,
        at: int | None = None,
    ) -> int:
        """Confirms debts; returns the first receivable's id."""
        word = attestation or self.attest()
        debtor = self.model.world.registry.account(caller.address).party
        signed = signature if signature is not None else self.sign_batch(debtor, currency, items, word)
        self.seen.attestations.add((word.signer, word.nonce))
        books = self.model.world
        taken = [claim.fingerprint for item in items for claim in item.invoices]
        new = range(len(books.ledger.receivables) + 1, len(books.ledger.receivables) + len(items) + 1)
        self.seen.claims |= {Claim(mark, books.note_contract, number) for mark in taken for number in new}
        rows = [signing.confirmation_tuple(item) for item in items]
        args = (currency, rows, (word.signer, word.nonce, word.deadline, signed))
        return self._both(
            caller,
            "IssuanceDesk",
            "confirm",
            args,
            lambda: self.model.confirm(caller.address, currency, items, word),
            at,
        )

    def declare_overdue(self, caller: LocalAccount, receivable: int, *, at: int | None = None) -> None:
        """Declares a receivable overdue."""
        self._both(
            caller,
            "RepaymentDesk",
            "declareOverdue",
            (receivable,),
            lambda: self.model.declare_overdue(receivable),
            at,
        )

    def claims_of(self, receivable: int) -> list[Claim]:
        """What a receivable holds of invoices."""
        world = self.model.world
        claimant = (world.note_contract, receivable)
        return [Claim(mark, *claimant) for mark, invoice in world.invoices.known.items() if claimant in invoice.claims]

    def release(self, caller: LocalAccount, claims: list[Claim]) -> None:
        """Frees claims."""
        self.seen.claims |= set(claims)
        rows = [(claim.fingerprint, claim.notes, claim.receivable) for claim in claims]
        self._both(caller, "CreditRegister", "release", (rows,), lambda: self.model.release(claims))

    def sign_credit(self, notes: list[CreditNote], word: Attestation, **domain: Any) -> bytes:
        """The registrar's signature under credit notes; ``domain`` as an attacker would change it."""
        fields = signing.credit_message(notes, word.signer, word.nonce, word.deadline)
        message = signing.typed(self.deployment["CreditRegister"], "CreditNoteBatch", fields, **domain)
        return signing.sign(self.signers[word.signer], message)

    def credit(
        self,
        caller: LocalAccount,
        notes: list[CreditNote],
        *,
        attestation: Attestation | None = None,
        signature: bytes | None = None,
        at: int | None = None,
    ) -> None:
        """Lowers invoices by credit notes."""
        word = attestation or self.attest()
        signed = signature if signature is not None else self.sign_credit(notes, word)
        self.seen.attestations.add((word.signer, word.nonce))
        self.seen.credit_notes |= {note.fingerprint for note in notes}
        self.seen.invoices |= {note.invoice for note in notes}
        rows = [(note.invoice, note.fingerprint, note.amount) for note in notes]
        args = (rows, (word.signer, word.nonce, word.deadline, signed))
        self._both(caller, "CreditRegister", "credit", args, lambda: self.model.credit(notes, word), at)

    # -- passing on

    def accept(self, caller: LocalAccount, *notes: int, at: int | None = None) -> None:
        """Takes offers."""
        self._notes_act(caller, "accept", notes, lambda: self.model.accept(caller.address, list(notes)), at)

    def refuse(self, caller: LocalAccount, *notes: int, at: int | None = None) -> None:
        """Refuses offers."""
        self._notes_act(caller, "refuse", notes, lambda: self.model.refuse(caller.address, list(notes)), at)

    def withdraw(self, caller: LocalAccount, *notes: int, at: int | None = None) -> None:
        """Takes own offers back."""
        self._notes_act(caller, "withdraw", notes, lambda: self.model.withdraw(caller.address, list(notes)), at)

    def lapse(self, caller: LocalAccount, *notes: int, at: int | None = None) -> None:
        """Returns offers whose day has passed."""
        self._notes_act(caller, "lapse", notes, lambda: self.model.lapse(list(notes)), at)

    def _notes_act(
        self,
        caller: LocalAccount,
        function: str,
        notes: tuple[int, ...],
        act: Callable[[], None],
        at: int | None,
    ) -> None:
        self._both(caller, "ReceivableNotes", function, (list(notes),), act, at)

    def set_consent(
        self,
        caller: LocalAccount,
        offeror: int,
        amount: int,
        latest_due_day: int,
        expiry_day: int,
        currency: int = 1,
        *,
        at: int | None = None,
    ) -> None:
        """Sets standing consent."""
        receiver = self.model.world.registry.account(caller.address).party
        self.seen.consents.add((receiver, offeror, currency))
        args = (offeror, currency, amount, latest_due_day, expiry_day)
        self._both(
            caller,
            "ReceivableNotes",
            "setConsent",
            args,
            lambda: self.model.set_consent(caller.address, *args),
            at,
        )

    def split(self, caller: LocalAccount, *splits: tuple[int, list[Portion]], at: int | None = None) -> int:
        """Passes value on; returns the first child's id."""
        rows = [
            (note, [(portion.to, portion.amount, portion.trade) for portion in portions]) for note, portions in splits
        ]
        return self._both(
            caller,
            "ReceivableNotes",
            "split",
            (rows,),
            lambda: self.model.split(caller.address, list(splits)),
            at,
        )

    # -- desks

    def quote(self, financier: Actor, note: int, **changes: Any) -> Quote:
        """A financier's quote for all of a note, for a day, at 6% a year."""
        held = self.model.world.ledger.notes[note]
        fresh = Quote(
            note=note,
            seller=held.holder,
            financier=financier.party,
            max_amount=held.value,
            rate_bps=600,
            recourse=False,
            payer=financier.cash.address,
            registry_reference=keccak(text=f"registry {note}"),
            valid_until=self.chain.now + 86_400,
            nonce=self.fresh_nonce(),
            epoch=self.model.world.registry.parties[financier.party].epoch,
            signer=financier.address,
        )
        return replace(fresh, **changes)

    def sign_quote(self, quote: Quote, key: LocalAccount | None = None, **domain: Any) -> bytes:
        """The quote's signature by the key behind its signer."""
        message = signing.typed(self.deployment["FinancingDesk"], "Quote", signing.quote_message(quote), **domain)
        return signing.sign(key or self.signers[quote.signer], message)

    def finance(
        self,
        caller: LocalAccount,
        *deals: Deal,
        signatures: list[bytes] | None = None,
        at: int | None = None,
    ) -> list[int]:
        """Takes quotes; returns the buyers' notes."""
        signed = signatures if signatures is not None else [self.sign_quote(deal.quote) for deal in deals]
        self.seen.quotes |= {(deal.quote.financier, deal.quote.nonce) for deal in deals}
        rows = [
            (signing.quote_tuple(deal.quote), signature, deal.amount, deal.min_price)
            for deal, signature in zip(deals, signed, strict=True)
        ]
        return self._both(
            caller,
            "FinancingDesk",
            "finance",
            (rows,),
            lambda: self.model.finance(caller.address, list(deals)),
            at,
        )

    def cancel_quote(self, caller: LocalAccount, nonce: int) -> None:
        """Ends a quote."""
        party = self.model.world.registry.account(caller.address).party
        self.seen.quotes.add((party, nonce))
        self._both(
            caller,
            "FinancingDesk",
            "cancelQuote",
            (nonce,),
            lambda: self.model.cancel_quote(caller.address, nonce),
        )

    def repay(
        self,
        caller: LocalAccount,
        *notes: int,
        payer: str | None = None,
        max_total: int = MAX_UINT96,
        at: int | None = None,
    ) -> int:
        """Pays notes; returns what it cost."""
        source = payer or caller.address
        return self._both(
            caller,
            "RepaymentDesk",
            "repay",
            (list(notes), source, max_total),
            lambda: self.model.repay(caller.address, list(notes), source, max_total),
            at,
        )

    # -- rounds

    def open_round(self, caller: LocalAccount, receivable: int, total: int, *, at: int | None = None) -> None:
        """The debtor fixes what it pays."""
        self._both(
            caller,
            "RepaymentDesk",
            "openRound",
            (receivable, total),
            lambda: self.model.open_round(caller.address, receivable, total),
            at,
        )

    def resume_round(self, caller: LocalAccount, receivable: int) -> None:
        """The debtor takes up an unfinished round."""
        self._both(
            caller,
            "RepaymentDesk",
            "resumeRound",
            (receivable,),
            lambda: self.model.resume_round(caller.address, receivable),
        )

    def pay_round(
        self,
        caller: LocalAccount,
        receivable: int,
        *notes: int,
        payer: str | None = None,
        max_total: int = MAX_UINT96,
    ) -> int:
        """Pays shares; returns what it cost."""
        source = payer or caller.address
        return self._both(
            caller,
            "RepaymentDesk",
            "payRound",
            (receivable, list(notes), source, max_total),
            lambda: self.model.pay_round(caller.address, receivable, list(notes), source, max_total),
        )

    def close_round(self, caller: LocalAccount, receivable: int, *, at: int | None = None) -> None:
        """Anyone ends the wait."""
        self._both(caller, "RepaymentDesk", "closeRound", (receivable,), lambda: self.model.close_round(receivable), at)
