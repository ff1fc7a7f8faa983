"""The scene for the permission matrix: one of every role, and for every function a call that its rightful caller could make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eth_account.signers.local import LocalAccount
from eth_utils import keccak

from tests.contracts import signing
from tests.contracts.chain import key_of
from tests.contracts.constants import ADMIN_ROLES, CASH, FACE, GRACE, TENOR
from tests.contracts.registry_acts import EVIDENCE
from tests.contracts.twin import Twin
from tests.reference.arithmetic import start_of
from tests.reference.banking import Line
from tests.reference.financing import Deal, Quote
from tests.reference.invoices import CreditNote
from tests.reference.passing import Portion

# The errors that say "not you", as against "not so"
AUTHORITY = {
    "AccessManagedUnauthorized",
    "AccessManagedInvalidAuthority",
    "AccessManagerUnauthorizedAccount",
    "AccessManagerUnauthorizedCall",
    "AccessManagerUnauthorizedCancel",
    "AccessManagerUnauthorizedConsume",
    "AccessManagerBadConfirmation",
    "MissingRight",
    "MissingRole",
    "AccountBoundElsewhere",
    "NotHolder",
    "NotOfferor",
    "NotDesk",
    "NotWriter",
    "PayerNotAuthorised",
    "NotDebtor",
    "QuoteForOtherSeller",
    "QuoteForOtherHolder",
    "NotLender",
    "NotBankDesk",
    "OnlyItself",
    "OtherBank",
    "NotSeller",
    "NotAssigneeNorDebtor",
    "CallerNotPayee",
}

HEADINGS = (
    "administrator",
    *ADMIN_ROLES,
    "core enterprise",
    "holder",
    "receiver",
    "financier",
    "registrar",
    "arbiter",
    "settlement bank",
    "stranger",
    "desk",
    "ledger",
)

DAYS_LATER = GRACE + 3
ROLES = ("core", "tier1", "tier2", "financier", "registrar", "arbiter", "bank")


class Scene:
    """Notes in every state, some days on.

    1: root of a debt long due, offered to nobody's answer (lapsable, then overdue is not declarable);
    2: accepted root of a debt past its grace; 3: root offered by core to the receiver;
    4: accepted root of the holder; 5: child of 4 offered to the receiver; 6: accepted root of the holder, pledged to the
    financier; 7 and 8: accepted roots of the holder's on the bank rail, 8 reserved for a sale;
    9: accepted root of the holder, sold with recourse to the financier as 10 and 11, and overdue; 11 is demanded.
    """

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        core, holder, receiver = (twin.actors[name] for name in ("core", "tier1", "tier2"))
        twin.confirm(core.key, [twin.item(holder.party, FACE, 1) for _ in range(2)])
        twin.accept(holder.key, 2)
        twin.move_to(start_of(twin.today + DAYS_LATER))
        items = [twin.item(receiver.party, FACE, TENOR), twin.item(holder.party, FACE, TENOR)]
        twin.confirm(core.key, items)
        twin.accept(holder.key, 4)
        twin.split(holder.key, (4, [Portion(receiver.party, FACE // 2)]))
        twin.confirm(core.key, [twin.item(holder.party, FACE, TENOR)])
        twin.accept(holder.key, 6)
        twin.pledge(holder.key, twin.loan_quote(twin.actors["financier"], 6))
        self._reserve()
        self.bought = self._sell_with_recourse()
        self.clerk = key_of("clerk of the holder")
        twin.add_account(holder.key, self.clerk, 7)
        self.keys = self._keys()
        self.callers = self._callers()
        self.token = twin.deployment["DepositToken"]
        self.delayed = self._schedule()

    def _reserve(self) -> None:
        twin = self.twin
        core, holder, financier = (twin.actors[name] for name in ("core", "tier1", "financier"))
        twin.confirm(core.key, [twin.item(holder.party, FACE, TENOR) for _ in range(2)], currency=3)
        twin.accept(holder.key, 7, 8)
        self.reservation = twin.reserve_sale(holder.key, Deal(twin.bank_quote(financier, 8), FACE))

    def _sell_with_recourse(self) -> Quote:
        twin = self.twin
        core, holder, financier = (twin.actors[name] for name in ("core", "tier1", "financier"))
        twin.confirm(core.key, [twin.item(holder.party, FACE, 1)])
        twin.accept(holder.key, 9)
        quote = twin.quote(financier, 9, recourse=True)
        twin.finance(holder.key, Deal(quote, FACE // 2), Deal(quote, FACE // 2))
        twin.move_to(start_of(twin.today + DAYS_LATER))
        twin.declare_overdue(key_of("rando"), 8)
        twin.demand(financier.key, 11)
        return quote

    def _schedule(self) -> str:
        """An officer whose acts wait, with one act waiting."""
        deployment, officer = self.twin.deployment, key_of("officer with a delay")
        deployment.fund(officer.address)
        authority, issuer = deployment["AccessManager"], ADMIN_ROLES["issuer"][0]
        authority.do(deployment.operator, "grantRole", issuer, officer.address, 60)
        authority.do(officer, "schedule", self.token.address, self.mint_data(), 0)
        return str(officer.address)

    def _keys(self) -> dict[str, LocalAccount]:
        """Who has a key: everybody but the contracts."""
        deployment = self.twin.deployment
        officers = (deployment.officers[role] for role in ADMIN_ROLES)
        actors = (self.twin.actors[name].key for name in ROLES)
        return dict(zip(HEADINGS, (deployment.operator, *officers, *actors, key_of("rando")), strict=False))

    def _callers(self) -> dict[str, str]:
        contracts = {"desk": self.address_of("FinancingDesk"), "ledger": self.address_of("ReceivableNotes")}
        return {heading: key.address for heading, key in self.keys.items()} | contracts

    def may(self, contract: str, function: str, caller: str) -> bool:
        """Whether the caller is not refused for who it is (it may be refused for other reasons)."""
        address = self.callers[caller]
        args = ACTS[contract][function](self, address)
        refusal = self.twin.deployment[contract].refusal(function, *args, sender=address)
        if refusal is None:
            return True
        # consumeScheduledOp asks its caller a question that an ordinary account cannot answer: no error, no data
        return refusal[0] not in AUTHORITY and refusal[0] != "unknown 0x"

    # -- arguments

    def confirmation(self, _: str) -> tuple[Any, ...]:
        """A new debt of the core enterprise, attested."""
        twin = self.twin
        core, holder = twin.actors["core"], twin.actors["tier1"]
        item, word = twin.item(holder.party, FACE, TENOR), twin.attest()
        signature = twin.sign_batch(core.party, 1, [item], word)
        row = signing.confirmation_tuple(item)
        return (1, [row], (word.signer, word.nonce, word.deadline, signature))

    def credit_notes(self, _: str) -> tuple[Any, ...]:
        """A credit note, attested."""
        note, word = CreditNote(keccak(text="invoice 1"), keccak(text="credit note"), 1), self.twin.attest()
        signature = self.twin.sign_credit([note], word)
        row = (note.invoice, note.fingerprint, note.amount)
        return ([row], (word.signer, word.nonce, word.deadline, signature))

    def deal(self, _: str) -> tuple[Any, ...]:
        """A quote of the financier's for the holder's note."""
        quote = self.twin.quote(self.twin.actors["financier"], 4)
        return ([(signing.quote_tuple(quote), self.twin.sign_quote(quote), FACE // 4, 0)],)

    def loan(self, _: str) -> tuple[Any, ...]:
        """A quote of the financier's to lend against the holder's note."""
        quote = self.twin.loan_quote(self.twin.actors["financier"], 4)
        return (tuple(signing.loan_quote_message(quote).values()), self.twin.sign_loan_quote(quote))

    def bank_deal(self, _: str) -> tuple[Any, ...]:
        """A quote of the financier's for the holder's other note on the bank rail, and a bank's word."""
        twin = self.twin
        deal, word = Deal(twin.bank_quote(twin.actors["financier"], 7), FACE), twin.commitment()
        _, row = twin.sign_commitment("SaleReservation", twin.sale_terms(deal), word)
        return ((signing.quote_tuple(deal.quote), twin.sign_quote(deal.quote), FACE, 0), row)

    def commitment(self) -> tuple[Any, ...]:
        """A bank's word for something else."""
        word = self.twin.commitment()
        return (*signing.commitment_message(word).values(), bytes(65))

    def attestation(self, _: str) -> tuple[Any, ...]:
        """A bank's word that it paid for nothing that is known."""
        payment = self.twin.payment(bytes(32), Line(7, party("tier1")(self), FACE))
        return (signing.payment_tuple(payment), self.twin.sign_payment(payment)[1])

    def registration(self, _: str) -> tuple[Any, ...]:
        """The registrar's word for what the financier bought."""
        word = self.twin.registration(10, self.bought)
        row = tuple(signing.registration_message(word).values())
        return ([(row, self.twin.sign_registration(word), signing.quote_tuple(self.bought))],)

    def signed(self, kind: str, **terms: Any) -> bytes:
        """What the core enterprise signs of its tokens."""
        return signing.sign(self.twin.actors["core"].cash, signing.typed(self.token, kind, terms))

    def authorization(self, kind: str, to: str, parts: bool = False) -> tuple[Any, ...]:
        """The core enterprise's cash for somebody, and its signature in one form or the other."""
        terms = {
            "from": self.twin.actors["core"].cash.address,
            "to": to,
            "value": 1,
            "validAfter": 0,
            "validBefore": self.twin.chain.now + 600,
            "nonce": keccak(text="authorization"),
        }
        signature = self.signed(kind, **terms)
        return (*terms.values(), *(split_signature(signature) if parts else (signature,)))

    def cancellation(self, parts: bool = False) -> tuple[Any, ...]:
        """The end of an authorization."""
        terms = {"authorizer": self.twin.actors["core"].cash.address, "nonce": keccak(text="authorization")}
        signature = self.signed("CancelAuthorization", **terms)
        return (*terms.values(), *(split_signature(signature) if parts else (signature,)))

    def permit(self) -> tuple[Any, ...]:
        """An allowance of the core enterprise's."""
        owner = self.twin.actors["core"].cash.address
        until = self.twin.chain.now + 600
        terms = {"owner": owner, "spender": RECEIVER, "value": 1, "nonce": 0, "deadline": until}
        return (owner, RECEIVER, 1, until, *split_signature(self.signed("Permit", **terms)))

    def new_account(self, caller: str) -> tuple[Any, ...]:
        """A new account that signed for the caller's party."""
        word, signature = self._word("AddAccount", self._party_of(caller), rights=1)
        return (word["account"], 1, EVIDENCE, word["deadline"], signature)

    def recovery(self, _: str) -> tuple[Any, ...]:
        """A new account that signed to recover the holder's party."""
        holder = self.twin.actors["tier1"].party
        word, signature = self._word("RecoverParty", holder, removed=[])
        return (holder, word["account"], [], EVIDENCE, word["deadline"], signature)

    def settlement(self, caller: str) -> tuple[Any, ...]:
        """A new account that signed to receive the cash of the caller's party."""
        word, signature = self._word("ChangeSettlement", self._party_of(caller))
        return (word["account"], EVIDENCE, word["deadline"], signature)

    def _party_of(self, address: str) -> int:
        return int(self.twin.deployment["ParticipantRegistry"].call("account", address)[0])

    def _word(self, kind: str, of: int, **terms: Any) -> tuple[dict[str, Any], bytes]:
        newcomer, until = key_of("newcomer"), self.twin.chain.now + 600
        word = self.twin.word(kind, of, newcomer, until, evidenceHash=EVIDENCE, **terms)
        return word, self.twin.sign_word(kind, newcomer, word)

    def admission(self, _: str) -> tuple[Any, ...]:
        """A new party."""
        cash, key = key_of("admitted cash").address, key_of("admitted").address
        return ([(keccak(text="admitted"), 2, self.twin.today + 9, cash, key, EVIDENCE)],)

    def forwarded(self, _: str) -> tuple[Any, ...]:
        """The holder's act by the forwarder."""
        forwarder, holder = self.twin.deployment["Forwarder"], self.twin.actors["tier1"]
        notes = self.twin.deployment["ReceivableNotes"]
        message = {
            "from": holder.address,
            "to": notes.address,
            "value": 0,
            "gas": 500_000,
            "nonce": forwarder.call("nonces", holder.address),
            "deadline": self.twin.chain.now + 600,
            "data": notes.data("setConsent", 1, 1, 1, 1, 1),
        }
        signature = signing.sign(holder.key, signing.typed(forwarder, "ForwardRequest", message))
        return ((holder.address, notes.address, 0, 500_000, message["deadline"], message["data"], signature),)

    def address_of(self, contract: str) -> str:
        """A deployed contract's address."""
        return self.twin.deployment[contract].address

    def mint_data(self) -> bytes:
        """What the issuer may call."""
        return self.token.data("mint", key_of("rando").address, 1)


# The terms of an authorization, which two functions of each name have in common
TERMS = "(address,address,uint256,uint256,uint256,bytes32"
Arguments = Callable[[Scene, str], tuple[Any, ...]]
RECEIVER = key_of("receiver of a test grant").address


def split_signature(signature: bytes) -> tuple[int, bytes, bytes]:
    """v, r, s."""
    return signature[64], signature[:32], signature[32:64]


def given(*args: Any) -> Arguments:
    """The same arguments whoever calls."""
    return lambda scene, caller: args


def party(name: str) -> Callable[[Scene], int]:
    """The id of a role's party."""
    return lambda scene: scene.twin.actors[name].party


SET_AUTHORITY: dict[str, Arguments] = {"setAuthority": lambda s, c: (s.address_of("AccessManager"),)}

ACTS: dict[str, dict[str, Arguments]] = {
    "AccessManager": {
        "labelRole": given(9, "a label"),
        "grantRole": given(9, RECEIVER, 0),
        "revokeRole": given(1, RECEIVER),
        "renounceRole": lambda s, c: (9, c),
        "setRoleAdmin": given(9, 1),
        "setRoleGuardian": given(9, 1),
        "setGrantDelay": given(9, 60),
        "setTargetFunctionRole": lambda s, c: (s.address_of("Forwarder"), [b"\x01\x02\x03\x04"], 9),
        "setTargetAdminDelay": lambda s, c: (s.address_of("Forwarder"), 60),
        "setTargetClosed": lambda s, c: (s.address_of("Forwarder"), True),
        "updateAuthority": lambda s, c: (s.address_of("Forwarder"), s.address_of("AccessManager")),
        "execute": lambda s, c: (s.token.address, s.mint_data()),
        "schedule": lambda s, c: (s.token.address, s.mint_data(), 0),
        "cancel": lambda s, c: (s.delayed, s.token.address, s.mint_data()),
        "multicall": lambda s, c: ([s.twin.deployment["AccessManager"].data("labelRole", 9, "a label")],),
        "consumeScheduledOp": lambda s, c: (c, s.mint_data()),
    },
    "Forwarder": {
        "execute": lambda s, c: s.forwarded(c),
        "executeBatch": lambda s, c: (list(s.forwarded(c)), c),
        "setOff": given(True),
        **SET_AUTHORITY,
    },
    "ParticipantRegistry": {
        "admit": lambda s, c: s.admission(c),
        "suspend": lambda s, c: (party("tier1")(s), bytes(32)),
        "reinstate": lambda s, c: (party("tier1")(s),),
        "setRoles": lambda s, c: (party("tier1")(s), 2),
        "renewIdentity": lambda s, c: (party("tier1")(s), s.twin.today + 9),
        "addAccount": lambda s, c: s.new_account(c),
        "setRights": lambda s, c: (s.clerk.address, 1, bytes(32)),
        "raiseQuoteEpoch": given(),
        "announceRecovery": lambda s, c: s.recovery(c),
        "vetoRecovery": given(),
        "withdrawRecovery": lambda s, c: (party("tier1")(s),),
        "finishRecovery": lambda s, c: (party("tier1")(s), []),
        "announceSettlementChange": lambda s, c: s.settlement(c),
        "vetoSettlementChange": given(),
        "finishSettlementChange": lambda s, c: (party("tier1")(s),),
        **SET_AUTHORITY,
    },
    "CreditRegister": {
        "setLine": lambda s, c: (party("core")(s), s.token.address, CASH),
        "setWriter": lambda s, c: (RECEIVER, RECEIVER),
        "open": lambda s, c: (
            party("core")(s),
            s.token.address,
            *s.confirmation(c)[1:],
            9,
        ),
        "free": lambda s, c: (party("core")(s), s.token.address, 1),
        "restore": lambda s, c: (party("core")(s), s.token.address, 1),
        "release": given([]),
        "credit": lambda s, c: s.credit_notes(c),
        "countOverdue": lambda s, c: (party("core")(s),),
        "uncountOverdue": lambda s, c: (party("core")(s),),
        **SET_AUTHORITY,
    },
    "ReceivableNotes": {
        "accept": given([5]),
        "refuse": given([5]),
        "withdraw": given([5]),
        "lapse": given([1]),
        "setConsent": given(1, 1, 1, 1, 1),
        "split": lambda s, c: ([(4, [(party("tier3")(s), FACE // 4, b"\x01" * 32)])],),
        "issue": lambda s, c: (party("core")(s), (1, 4, 3, 1, 9, 1), []),
        "assign": lambda s, c: (4, party("tier1")(s), party("financier")(s), RECEIVER, FACE // 4, b"\x01" * 32),
        "convey": lambda s, c: (4, party("tier3")(s), RECEIVER, FACE // 4, 2048),
        "settle": lambda s, c: ([4], [], 0, s.twin.today),
        "restore": given(4, 0),
        "setMark": given(4, 64, True),
        "setPledge": given(4, 1),
        "setCurrency": given(9, RECEIVER),
        "setOverdue": given(2),
        "setRound": given(2, 1, True, False),
        "setDesk": given(RECEIVER, True),
        "setPaused": given(True),
        **SET_AUTHORITY,
    },
    "IssuanceDesk": {
        "confirm": lambda s, c: s.confirmation(c),
        "setPolicy": given((183, 365, 60, 4, 3, 1_825, 10, 100, True)),
        "allowCurrency": lambda s, c: (s.address_of("Reader"),),
        **SET_AUTHORITY,
    },
    "FinancingDesk": {
        "finance": lambda s, c: s.deal(c),
        "agree": lambda s, c: (s.bank_deal(c)[0], party("tier1")(s)),
        "giveBack": lambda s, c: (party("financier")(s), s.twin.model.world.banks.sales[s.reservation].quote_nonce, 0),
        "financeFunded": lambda s, c: (*s.deal(c), [(0, 0, 0, b"")]),
        "recordSale": given(4, (1, 2, 3, 4, 5)),
        "carrySale": given(4, 7),
        "cancelQuote": given(77),
        **SET_AUTHORITY,
    },
    "OrderDesk": {
        "freeze": given([4], b"\x01" * 32),
        "release": given([4], b"\x01" * 32),
        "orderReassignment": lambda s, c: (4, party("tier3")(s), FACE // 4, b"\x01" * 32),
        "executeReassignment": given(1),
        "cancelReassignment": given(1, b"\x01" * 32),
        **SET_AUTHORITY,
    },
    "PledgeDesk": {
        "pledge": lambda s, c: s.loan(c),
        "cancelQuote": given(77),
        "repayLoan": lambda s, c: (6, 1, s.twin.actors["core"].cash.address),
        "releasePledge": given(6),
        "collect": given(6, 1),
        **SET_AUTHORITY,
    },
    "RepaymentDesk": {
        "repay": lambda s, c: ([4], s.twin.actors["core"].cash.address, CASH),
        "openRound": given(2, 1),
        "resumeRound": given(2),
        "payRound": lambda s, c: (2, [2], s.twin.actors["core"].cash.address, CASH),
        "takeShares": lambda s, c: (2, [2], s.twin.today),
        "closeRound": given(2),
        "declareOverdue": given(2),
        "payPledged": lambda s, c: (6, s.token.address, s.twin.actors["core"].cash.address, RECEIVER, 1),
        "probe": lambda s, c: (s.token.address, s.twin.actors["core"].cash.address, 1),
        **SET_AUTHORITY,
    },
    "BankDesk": {
        "reserve": lambda s, c: (s.commitment(), bytes(32), s.twin.today),
        "attest": lambda s, c: s.attestation(c),
        "decline": lambda s, c: (s.reservation, [8]),
        "lapse": lambda s, c: (s.reservation, []),
        **SET_AUTHORITY,
    },
    "BankSaleDesk": {
        "reserveSale": lambda s, c: s.bank_deal(c),
        "deliver": lambda s, c: s.attestation(c)[:1],
        "release": lambda s, c: (s.reservation, 8),
        "rehearse": lambda s, c: (s.reservation,),
        **SET_AUTHORITY,
    },
    "BankRepaymentDesk": {
        "reserveRepayment": lambda s, c: ([7], s.commitment()),
        "reserveRound": lambda s, c: (6, s.commitment()),
        "deliver": lambda s, c: s.attestation(c)[:1],
        "release": lambda s, c: (s.reservation, 7),
        **SET_AUTHORITY,
    },
    "RecourseDesk": {
        "demand": given([10]),
        "honour": lambda s, c: (11, s.twin.actors["tier1"].cash.address, CASH),
        **SET_AUTHORITY,
    },
    "AssignmentRegister": {
        "register": lambda s, c: s.registration(c),
        "notifyDebtor": given([10]),
        **SET_AUTHORITY,
    },
    "DepositToken": {
        "permit": lambda s, c: s.permit(),
        f"transferWithAuthorization{TERMS},bytes)": lambda s, c: s.authorization("TransferWithAuthorization", RECEIVER),
        f"transferWithAuthorization{TERMS},uint8,bytes32,bytes32)": lambda s, c: s.authorization(
            "TransferWithAuthorization", RECEIVER, parts=True
        ),
        f"receiveWithAuthorization{TERMS},bytes)": lambda s, c: s.authorization(
            "ReceiveWithAuthorization", s.twin.actors["tier1"].address
        ),
        f"receiveWithAuthorization{TERMS},uint8,bytes32,bytes32)": lambda s, c: s.authorization(
            "ReceiveWithAuthorization", s.twin.actors["tier1"].address, parts=True
        ),
        "cancelAuthorization(address,bytes32,bytes)": lambda s, c: s.cancellation(),
        "cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)": lambda s, c: s.cancellation(parts=True),
        "transfer": given(RECEIVER, 0),
        "approve": given(RECEIVER, 1),
        "transferFrom": lambda s, c: (c, RECEIVER, 0),
        "burn": given(0),
        "mint": given(RECEIVER, 1),
        **SET_AUTHORITY,
    },
}
