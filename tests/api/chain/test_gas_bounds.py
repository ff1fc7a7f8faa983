"""The gas bounds hold with room to spare, single and in batches, in the dearest case: every slot and balance fresh."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from api.chain.gas import gas_bound
from api.chain.local import head_time, move_clock
from api.domain.calendar import day_of_time, time_of_day
from api.domain.operations import Call, Contract
from api.domain.typed_data import (
    TypedData,
    add_account,
    change_settlement,
    confirmation_batch,
    credit_notes,
    loan_quote,
    quote,
    recover_party,
    registration,
)
from tests.api.chain.conftest import Network

pytestmark = pytest.mark.anyio

MOST_OF_BOUND = 0.85
CORE, FIRST, SECOND, BANK, REGISTRAR = range(1, 6)
"""Party ids, which are the numbers of their accounts too."""
FAR = 2**40
ROLES = {CORE: 1, FIRST: 2, SECOND: 2, BANK: 4, REGISTRAR: 48}
FIRST_BOUGHT = 56
"""The bank's first note: 55 are confirmed before."""


def word(number: int) -> str:
    return f"0x{number:064x}"


class Story:
    """Sends acts by the sender's own bounds and holds what they used against the bounds."""

    def __init__(self, network: Network, today: int, now: int) -> None:
        self.network = network
        self.today = today
        self.deadline = now + 10**6
        self.serial = 0
        self.used: dict[str, float] = {}

    async def act(self, party: int, contract: Contract, function: str, *args: Any) -> None:
        call = Call(contract, function, args, self.network.accounts[party])
        (outcome,) = await self.network.send(call)
        assert outcome.error is None, (function, outcome.error)
        bound = gas_bound(call, self.network.bindings.calldata(call))
        assert bound is not None, function
        share = outcome.receipt.gas_used / bound
        self.used[function] = max(self.used.get(function, 0.0), share)

    async def confirm(self, *backing: Sequence[int], of: int = 10**12) -> None:
        """A debt of 10**12 for each list of invoices, from each as much; the invoices are for the amount `of`."""
        token = self.network.deployment.tokens["CNY"]
        items = []
        for marks in backing:
            self.serial += 1
            claimed = 10**12 // len(marks)
            items.append(
                {
                    "creditor": FIRST,
                    "amount": 10**12,
                    "deliveryDay": self.today,
                    "dueDay": self.today + 90,
                    "evidenceHash": word(self.serial),
                    "invoices": [
                        {"fingerprint": word(mark), "invoiceAmount": of or claimed, "claimed": claimed}
                        for mark in marks
                    ],
                }
            )
        data = {"debtor": CORE, "currency": token, "items": items}
        await self.act(CORE, Contract.ISSUANCE, "confirm", 1, items, self._attested(confirmation_batch, **data))

    async def credit(self, *invoices: int) -> None:
        """A credit note of 1 for each."""
        items = [{"invoice": word(mark), "fingerprint": word(10**6 + mark), "amount": 1} for mark in invoices]
        await self.act(0, Contract.CREDIT, "credit", items, self._attested(credit_notes, items=items))

    def _attested(self, typed: Callable[..., TypedData], **message: Any) -> dict[str, Any]:
        """The registrar's word, each under a word of nonces that nobody used."""
        self.serial += 1
        registrar = self.network.accounts[REGISTRAR]
        terms = {"signer": registrar, "nonce": self.serial << 9, "deadline": self.deadline}
        register = self.network.deployment.addresses[Contract.CREDIT]
        data = typed(self.network.deployment.chain_id, register, **message, **terms)
        return {**terms, "signature": "0x" + self.network.signer.sign_typed_data(registrar, data).hex()}

    async def word_of(self, account: str, party: int, typed: Callable[..., TypedData], **terms: Any) -> str:
        """An account's signature to serve a party."""
        deployment = self.network.deployment
        nonce = await self.network.chain().call(Contract.REGISTRY, "nonces", account)
        who = {"party": party, "account": account, "evidenceHash": word(4), "nonce": nonce, "deadline": FAR}
        data = typed(deployment.chain_id, deployment.addresses[Contract.REGISTRY], {**who, **terms})
        return "0x" + self.network.signer.sign_typed_data(account, data).hex()

    async def wait(self) -> None:
        """Until what was announced is ready."""
        head = await self.network.chain().head()
        await move_clock(self.network.rpc, head.time + 10 * 86_400)

    def deals(self, notes: list[int]) -> list[dict[str, Any]]:
        made = []
        for note in notes:
            self.serial += 1
            terms = {
                "note": note,
                "seller": FIRST,
                "financier": BANK,
                "maxAmount": 10**11,
                "rateBps": 400,
                "recourse": True,
                "payer": self.network.accounts[BANK],
                "registryReference": word(self.serial),
                "validUntil": self.deadline,
                "nonce": self.serial << 200,
                "epoch": 0,
                "signer": self.network.accounts[BANK],
            }
            desk = self.network.deployment.addresses[Contract.FINANCING]
            data = quote(self.network.deployment.chain_id, desk, terms)
            signature = "0x" + self.network.signer.sign_typed_data(self.network.accounts[BANK], data).hex()
            made.append({"quote": terms, "signature": signature, "amount": 10**9, "minPrice": 1})
        return made

    def registration(self, note: int, taken: dict[str, Any]) -> dict[str, Any]:
        """The registrar's word for a deal."""
        self.serial += 1
        registrar = self.network.accounts[REGISTRAR]
        terms = {
            "note": note,
            "registryReference": taken["registryReference"],
            "registeredAt": 1,
            "replaces": 0,
            "signer": registrar,
            "nonce": self.serial << 200,
            "deadline": self.deadline,
        }
        register = self.network.deployment.addresses[Contract.ASSIGNMENTS]
        data = registration(self.network.deployment.chain_id, register, terms)
        signature = "0x" + self.network.signer.sign_typed_data(registrar, data).hex()
        return {"registration": terms, "signature": signature, "quote": taken}


def portions(count: int) -> list[dict[str, Any]]:
    return [{"to": SECOND, "amount": 10**6 + i, "tradeHash": word(i + 1)} for i in range(count)]


async def admit(story: Story) -> None:
    def admission(party: int, roles: int) -> dict[str, Any]:
        account = story.network.accounts[party]
        settlement = account if party != SECOND else "0x" + "77" * 20
        return {
            "creditCodeHash": word(party),
            "roles": roles,
            "identityExpiry": story.today + 300,
            "settlementAccount": settlement,
            "administrator": account,
            "evidenceHash": word(party),
        }

    await story.act(0, Contract.REGISTRY, "admit", [admission(p, r) for p, r in ROLES.items() if p <= SECOND])
    await story.act(0, Contract.REGISTRY, "admit", [admission(BANK, ROLES[BANK])])
    await story.act(0, Contract.REGISTRY, "admit", [admission(REGISTRAR, ROLES[REGISTRAR])])


async def money(story: Story) -> None:
    at, token = story.network.deployment.addresses, story.network.deployment.tokens["CNY"]
    for party in (CORE, BANK, FIRST):
        await story.act(0, Contract.TOKEN, "mint", story.network.accounts[party], 10**20)
        for desk in (Contract.FINANCING, Contract.PLEDGE, Contract.REPAYMENT, Contract.RECOURSE):
            await story.act(party, Contract.TOKEN, "approve", at[desk], 2**256 - 1)
    await story.act(CORE, Contract.TOKEN, "transfer", "0x" + "66" * 20, 5)
    await story.act(CORE, Contract.TOKEN, "burn", 5)
    await story.act(0, Contract.CREDIT, "setLine", CORE, token, 2**90)


async def administration(story: Story) -> None:
    helper = story.network.accounts[9]
    signature = await story.word_of(helper, BANK, add_account, rights=3)
    await story.act(BANK, Contract.REGISTRY, "addAccount", helper, 3, word(4), FAR, signature)
    await story.act(BANK, Contract.REGISTRY, "setRights", helper, 0, bytes(32))
    await story.act(BANK, Contract.REGISTRY, "raiseQuoteEpoch")
    await story.act(BANK, Contract.FINANCING, "cancelQuote", 2**255)
    await story.act(SECOND, Contract.NOTES, "setConsent", FIRST, 1, 10**12, story.today + 90, story.today + 90)
    await story.act(0, Contract.REGISTRY, "suspend", BANK, word(1))
    await story.act(0, Contract.REGISTRY, "reinstate", BANK)
    await story.act(0, Contract.REGISTRY, "setRoles", BANK, 4)
    await story.act(0, Contract.REGISTRY, "renewIdentity", BANK, story.today + 200)


async def pledges(story: Story, notes: list[int]) -> None:
    """The lender's and the holder's balances are not fresh, all else is. The last loans are repaid by their notes."""
    desk = story.network.deployment.addresses[Contract.PLEDGE]
    for note in notes:
        story.serial += 1
        terms = {
            "note": note,
            "holder": FIRST,
            "lender": BANK,
            "pledgedValue": 10**8,
            "principal": 10**7,
            "rateBps": 400,
            "cap": 10**8,
            "payer": story.network.accounts[BANK],
            "registryReference": word(story.serial),
            "validUntil": story.deadline,
            "nonce": story.serial << 200,
            "epoch": 3,
            "signer": story.network.accounts[BANK],
        }
        data = loan_quote(story.network.deployment.chain_id, desk, terms)
        signature = "0x" + story.network.signer.sign_typed_data(story.network.accounts[BANK], data).hex()
        await story.act(FIRST, Contract.PLEDGE, "pledge", terms, signature)
    await story.act(BANK, Contract.PLEDGE, "cancelQuote", 2**255)
    await story.act(CORE, Contract.PLEDGE, "repayLoan", notes[0], 10**6, story.network.accounts[CORE])
    await story.act(CORE, Contract.PLEDGE, "repayLoan", notes[0], 10**9, story.network.accounts[CORE])
    await story.act(BANK, Contract.PLEDGE, "releasePledge", notes[1])


async def orders(story: Story, notes: list[int]) -> None:
    """The registrar is the arbiter too. The receiver's account is fresh."""
    await story.act(REGISTRAR, Contract.ORDER, "freeze", notes[:1], word(1))
    await story.act(REGISTRAR, Contract.ORDER, "freeze", notes[1:], word(1))
    for _ in range(2):
        await story.act(REGISTRAR, Contract.ORDER, "orderReassignment", notes[0], SECOND, 10**6, word(2))
    await story.act(REGISTRAR, Contract.ORDER, "cancelReassignment", 2, word(3))
    await move_clock(story.network.rpc, (await head_time(story.network.rpc)) + 2 * 86_400)
    await story.act(FIRST, Contract.ORDER, "executeReassignment", 1)
    await story.act(REGISTRAR, Contract.ORDER, "release", notes[:1], word(4))
    await story.act(REGISTRAR, Contract.ORDER, "release", notes[1:], word(4))


async def control(story: Story) -> None:
    """Recovery and settlement account: vetoed, withdrawn, and finished after their time."""
    helper, cash, other = (story.network.accounts[n] for n in (9, 8, 7))
    clerks = [f"0x{n:040x}" for n in range(1, 30)]
    for removed in ([], [helper, story.network.accounts[BANK], *clerks]):
        for ending in ("vetoRecovery", "withdrawRecovery", "finishRecovery"):
            signature = await story.word_of(other, BANK, recover_party, removed=removed)
            terms = (BANK, other, removed, word(4), FAR, signature)
            await story.act(0, Contract.REGISTRY, "announceRecovery", *terms)
            if ending == "vetoRecovery":
                by = BANK if not removed else 7
                await story.act(by, Contract.REGISTRY, ending)
            elif ending == "withdrawRecovery":
                await story.act(0, Contract.REGISTRY, ending, BANK)
            else:
                await story.wait()
                await story.act(FIRST, Contract.REGISTRY, ending, BANK, removed)
    for ending in ("vetoSettlementChange", "finishSettlementChange"):
        signature = await story.word_of(cash, BANK, change_settlement)
        await story.act(7, Contract.REGISTRY, "announceSettlementChange", cash, word(4), FAR, signature)
        if ending == "vetoSettlementChange":
            await story.act(7, Contract.REGISTRY, ending)
        else:
            await story.wait()
            await story.act(FIRST, Contract.REGISTRY, ending, BANK)


async def assignments(story: Story, quotes: list[dict[str, Any]]) -> None:
    """The bank's notes from the second deal on, registered and notified."""
    bought = range(FIRST_BOUGHT + 1, FIRST_BOUGHT + 1 + len(quotes))
    entries = [story.registration(note, taken) for note, taken in zip(bought, quotes, strict=True)]
    await story.act(BANK, Contract.ASSIGNMENTS, "register", entries[:1])
    await story.act(BANK, Contract.ASSIGNMENTS, "register", entries[1:21])
    await story.act(BANK, Contract.ASSIGNMENTS, "notifyDebtor", [bought[-1]])
    await story.act(BANK, Contract.ASSIGNMENTS, "notifyDebtor", list(bought[:-1]))


async def recourse(story: Story) -> None:
    """Receivables 2 to 12 are not paid in full, and the bank turns to the seller."""
    await move_clock(story.network.rpc, time_of_day(story.today + 100))
    for receivable in range(2, 13):
        await story.act(BANK, Contract.REPAYMENT, "declareOverdue", receivable)
    demanded = [FIRST_BOUGHT + n for n in range(1, 12)]
    await story.act(BANK, Contract.RECOURSE, "demand", demanded[:1])
    await story.act(BANK, Contract.RECOURSE, "demand", demanded[1:])
    await story.act(FIRST, Contract.RECOURSE, "honour", demanded[0], story.network.accounts[FIRST], 2**200)


async def test_bounds_hold(network: Network) -> None:
    head = await network.chain().head()
    story = Story(network, day_of_time(head.time), head.time)
    await admit(story)
    await money(story)
    await story.confirm([1])
    await story.confirm(*([mark] for mark in range(101, 151)))
    some = range(201, 209)
    # invoices whole, invoices in part, and parts whose coming writes out what was claimed before
    await story.confirm(some, range(301, 309), of=0)
    await story.confirm(range(401, 409))
    await story.confirm(range(401, 409))
    await story.credit(301)
    await story.credit(*range(302, 309), 501, 502)
    await story.act(FIRST, Contract.NOTES, "accept", [1])
    await story.act(FIRST, Contract.NOTES, "accept", list(range(2, 52)))
    await story.act(FIRST, Contract.NOTES, "refuse", [52])
    await story.act(CORE, Contract.NOTES, "withdraw", [53])
    notes = network.deployment.addresses[Contract.NOTES]
    for debt, marks in ((52, some), (53, range(301, 309))):
        claims = [{"fingerprint": word(mark), "notes": notes, "receivable": debt} for mark in marks]
        await story.act(FIRST, Contract.CREDIT, "release", claims)
    one, many = story.deals([1]), story.deals(list(range(2, 32)))
    by_allowance = {"kind": 0, "value": 0, "deadline": 0, "signature": "0x"}
    await story.act(FIRST, Contract.FINANCING, "financeFunded", one, [by_allowance])
    await story.act(FIRST, Contract.FINANCING, "finance", many[:1])
    await story.act(FIRST, Contract.FINANCING, "finance", many[1:])
    await assignments(story, [deal["quote"] for deal in many])
    await story.act(FIRST, Contract.NOTES, "split", [{"note": 1, "portions": portions(1)}])
    await story.act(FIRST, Contract.NOTES, "split", [{"note": n, "portions": portions(4)} for n in range(2, 12)])
    await story.act(FIRST, Contract.NOTES, "split", [{"note": 12, "portions": portions(40)}])
    offered = 56 + 31
    await story.act(SECOND, Contract.NOTES, "refuse", list(range(offered, offered + 30)))
    await administration(story)
    await story.act(FIRST, Contract.NOTES, "split", [{"note": 13, "portions": portions(20)}])
    await pledges(story, list(range(32, 50)))
    await orders(story, list(range(14, 34)))
    await story.act(CORE, Contract.REPAYMENT, "repay", [1], network.accounts[CORE], 2**200)
    await story.act(CORE, Contract.REPAYMENT, "repay", list(range(2, 52)), network.accounts[CORE], 2**200)
    await recourse(story)
    await control(story)
    tight = {name: round(share, 2) for name, share in story.used.items() if share > MOST_OF_BOUND}
    print({name: round(share, 2) for name, share in story.used.items()})
    assert tight == {}
