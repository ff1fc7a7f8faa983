"""A small network of parties on a real chain, and every act on it, as short calls. Amounts are minor units, days counted
from the chain's today."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.chain.local import head_time, move_clock
from api.domain.calendar import day_of_time, time_of_day
from api.domain.operations import Call, Contract
from api.domain.ports import DecodedLog
from api.domain.typed_data import TypedData, confirmation_batch, credit_notes, loan_quote, quote, registration
from tests.api.chain.conftest import Network

CORE, TIER1, TIER2, TIER3, TIER4, BANK, FACTOR, REGISTRAR, ARBITER = range(1, 10)
"""Party ids; the account of each has the same number in the test mnemonic."""
_ROLES = {CORE: 3, TIER1: 2, TIER2: 2, TIER3: 2, TIER4: 2, BANK: 4, FACTOR: 4, REGISTRAR: 16 | 64, ARBITER: 32}
_WEALTH = 10**15


def digest(number: int) -> str:
    return f"0x{number:064x}"


@dataclass
class Town:
    """Acts return the events of their transaction."""

    network: Network
    marks: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def account(self, party: int) -> str:
        return self.network.accounts[party]

    @property
    def token(self) -> str:
        return self.network.deployment.tokens["CNY"]

    async def today(self) -> int:
        return day_of_time(await head_time(self.network.rpc))

    async def act(self, *calls: Call) -> list[DecodedLog]:
        """Sends; each must succeed."""
        logs: list[DecodedLog] = []
        for outcome in await self.network.send(*calls):
            assert outcome.error is None, outcome.error
            logs.extend(await self.network.chain().events(outcome.receipt.tx_hash))
        return logs

    def call(self, contract: Contract, function: str, *args: Any, by: int = 0) -> Call:
        return Call(contract, function, args, self.account(by))

    # -- acts

    async def found(self) -> None:
        """Admits everybody, opens a line, gives money and lets the desks take it."""
        expiry = await self.today() + 3_000
        admissions = [
            {
                "creditCodeHash": digest(party),
                "roles": roles,
                "identityExpiry": expiry,
                "settlementAccount": self.account(party),
                "administrator": self.account(party),
                "evidenceHash": digest(party),
            }
            for party, roles in _ROLES.items()
        ]
        await self.act(self.call(Contract.REGISTRY, "admit", admissions))
        payers = (CORE, BANK, FACTOR, TIER4)
        desks = (Contract.FINANCING, Contract.PLEDGE, Contract.REPAYMENT, Contract.RECOURSE)
        addresses = self.network.deployment.addresses
        await self.act(
            self.call(Contract.CREDIT, "setLine", CORE, self.token, 2**96 - 1),
            *(self.call(Contract.TOKEN, "mint", self.account(p), _WEALTH) for p in payers),
            *(self.call(Contract.TOKEN, "approve", addresses[d], 2**256 - 1, by=p) for p in payers for d in desks),
        )

    async def confirm_call(
        self, amounts: Sequence[int], creditor: int = TIER1, due_in: int = 90, currency: tuple[int, str] | None = None
    ) -> Call:
        """Each amount is two thirds of an invoice of its own, as near as it goes. `currency`: number and address, where
        it is not the deposit token."""
        number, token = currency or (1, self.token)
        today = await self.today()
        items: list[dict[str, Any]] = [
            {
                "creditor": creditor,
                "amount": amount,
                "deliveryDay": today,
                "dueDay": today + due_in,
                "evidenceHash": digest(next(self.marks)),
                "invoices": [
                    {
                        "fingerprint": digest(10**9 + next(self.marks)),
                        "invoiceAmount": amount + amount // 2,
                        "claimed": amount,
                    }
                ],
            }
            for amount in amounts
        ]
        message = {"debtor": CORE, "currency": token, "items": items}
        attestation = await self._attested(confirmation_batch, **message)
        return self.call(Contract.ISSUANCE, "confirm", number, items, attestation, by=CORE)

    def claim(self, fingerprint: str, receivable: int) -> dict[str, Any]:
        notes = self.network.deployment.addresses[Contract.NOTES]
        return {"fingerprint": fingerprint, "notes": notes, "receivable": receivable}

    async def credit_call(self, *lowered: tuple[str, int]) -> Call:
        """Credit notes for invoices, by amounts; the first has the number 0."""
        items = [
            {"invoice": invoice, "fingerprint": digest(2 * 10**9 + number), "amount": amount}
            for number, (invoice, amount) in enumerate(lowered)
        ]
        return self.call(Contract.CREDIT, "credit", items, await self._attested(credit_notes, items=items))

    async def _attested(self, typed: Callable[..., TypedData], **message: Any) -> dict[str, Any]:
        deadline = time_of_day(await self.today() + 3_000)
        terms = {"signer": self.account(REGISTRAR), "nonce": next(self.marks), "deadline": deadline}
        deployment = self.network.deployment
        data = typed(deployment.chain_id, deployment.addresses[Contract.CREDIT], **message, **terms)
        return {**terms, "signature": "0x" + self.network.signer.sign_typed_data(terms["signer"], data).hex()}

    async def confirm(self, *amounts: int, creditor: int = TIER1, due_in: int = 90) -> list[int]:
        """The root notes."""
        logs = await self.act(await self.confirm_call(amounts, creditor, due_in))
        return [log.args["root"] for log in logs if log.name == "ReceivableConfirmed"]

    async def accept(self, by: int, *notes: int) -> None:
        await self.act(self.call(Contract.NOTES, "accept", notes, by=by))

    def split_call(self, by: int, note: int, portions: Sequence[tuple[int, int]]) -> Call:
        parts = [{"to": to, "amount": amount, "tradeHash": digest(next(self.marks))} for to, amount in portions]
        return self.call(Contract.NOTES, "split", [{"note": note, "portions": parts}], by=by)

    async def split(self, by: int, note: int, *portions: tuple[int, int]) -> list[int]:
        """Portions are (party, amount); the children."""
        logs = await self.act(self.split_call(by, note, portions))
        return [log.args["note"] for log in logs if log.name == "NoteOffered"]

    async def pass_on(self, by: int, note: int, to: int, amount: int) -> int:
        """Splits to one party, which accepts."""
        (child,) = await self.split(by, note, (to, amount))
        await self.accept(to, child)
        return child

    async def quote_terms(self, seller: int, note: int, buyer: int, amount: int, recourse: bool) -> dict[str, Any]:
        return {
            "note": note,
            "seller": seller,
            "financier": buyer,
            "maxAmount": amount,
            "rateBps": 400,
            "recourse": recourse,
            "payer": self.account(buyer),
            "registryReference": digest(7),
            "validUntil": time_of_day(await self.today() + 2_000),
            "nonce": 2**200 + next(self.marks),
            "epoch": 0,
            "signer": self.account(buyer),
        }

    async def sell_call(self, seller: int, note: int, buyer: int, amount: int, *, recourse: bool = False) -> Call:
        terms = await self.quote_terms(seller, note, buyer, amount, recourse)
        deployment = self.network.deployment
        data = quote(deployment.chain_id, deployment.addresses[Contract.FINANCING], terms)
        signature = "0x" + self.network.signer.sign_typed_data(self.account(buyer), data).hex()
        deal = {"quote": terms, "signature": signature, "amount": amount, "minPrice": 1}
        return self.call(Contract.FINANCING, "finance", [deal], by=seller)

    async def sell(self, seller: int, note: int, buyer: int, amount: int, *, recourse: bool = False) -> int:
        """The buyer's note; 0 when it was the debtor."""
        logs = await self.act(await self.sell_call(seller, note, buyer, amount, recourse=recourse))
        return int(next(log.args["child"] for log in logs if log.name == "NoteFinanced"))

    async def register(self, note: int, quote_taken: Mapping[str, Any], registered_at: int, replaces: int = 0) -> None:
        """The registrar's word for a deal, brought by the buyer."""
        terms = {
            "note": note,
            "registryReference": quote_taken["registryReference"],
            "registeredAt": registered_at,
            "replaces": replaces,
            "signer": self.account(REGISTRAR),
            "nonce": next(self.marks),
            "deadline": time_of_day(await self.today() + 3_000),
        }
        deployment = self.network.deployment
        data = registration(deployment.chain_id, deployment.addresses[Contract.ASSIGNMENTS], terms)
        signature = "0x" + self.network.signer.sign_typed_data(self.account(REGISTRAR), data).hex()
        entry = {"registration": terms, "signature": signature, "quote": quote_taken}
        await self.act(self.call(Contract.ASSIGNMENTS, "register", [entry], by=quote_taken["financier"]))

    async def turn_back(self, note: int, holder: int, seller: int) -> int:
        """The holder demands, the seller pays; the seller's note."""
        await self.act(self.call(Contract.RECOURSE, "demand", [note], by=holder))
        logs = await self.act(self.call(Contract.RECOURSE, "honour", note, self.account(seller), 2**255, by=seller))
        return int(next(log.args["child"] for log in logs if log.name == "RecourseHonoured"))

    def repay_call(self, *notes: int, payer: int = CORE) -> Call:
        return self.call(Contract.REPAYMENT, "repay", notes, self.account(payer), 2**255, by=payer)

    async def repay(self, *notes: int, payer: int = CORE) -> None:
        await self.act(self.repay_call(*notes, payer=payer))

    async def share(self, receivable: int, total: int, *batches: Sequence[int]) -> None:
        """A pro rata round of the debtor's, the first batch by it and the others by the bank for it."""
        await self.act(self.call(Contract.REPAYMENT, "openRound", receivable, total, by=CORE))
        for payer, notes in zip((CORE, *(BANK for _ in batches[1:])), batches, strict=True):
            args = (receivable, notes, self.account(payer), 2**255)
            await self.act(self.call(Contract.REPAYMENT, "payRound", *args, by=payer))

    async def pledge(self, holder: int, note: int, lender: int, amount: int, lent: int) -> None:
        """The lender gets no more than what is pledged."""
        terms = {
            "note": note,
            "holder": holder,
            "lender": lender,
            "pledgedValue": amount,
            "principal": lent,
            "rateBps": 600,
            "cap": amount,
            "payer": self.account(lender),
            "registryReference": digest(8),
            "validUntil": time_of_day(await self.today() + 2_000),
            "nonce": 2**201 + next(self.marks),
            "epoch": 0,
            "signer": self.account(lender),
        }
        deployment = self.network.deployment
        data = loan_quote(deployment.chain_id, deployment.addresses[Contract.PLEDGE], terms)
        signature = "0x" + self.network.signer.sign_typed_data(self.account(lender), data).hex()
        await self.act(self.call(Contract.PLEDGE, "pledge", terms, signature, by=holder))

    async def order(self, function: str, *args: Any) -> None:
        """An arbiter's act; the hash of the order comes last."""
        await self.act(self.call(Contract.ORDER, function, *args, digest(next(self.marks)), by=ARBITER))

    async def move_days(self, days: int) -> None:
        await move_clock(self.network.rpc, time_of_day(await self.today() + days))


async def play(town: Town) -> None:
    """A story in which every kind of event of the spine happens, some of them twice. It takes about forty blocks."""
    one, two, three, four = await town.confirm(1_000_000, 500_000, 70_000, 2**95)
    await town.accept(TIER1, one, two, four)
    await town.act(town.call(Contract.NOTES, "refuse", [three], by=TIER1))
    deep = await town.pass_on(TIER1, one, TIER2, 600_000)
    deeper = await town.pass_on(TIER2, deep, TIER3, 400_000)
    deepest = await town.pass_on(TIER3, deeper, TIER4, 300_000)
    sale = await town.sell_call(TIER4, deepest, BANK, 120_000, recourse=True)
    bought = next(log.args["child"] for log in await town.act(sale) if log.name == "NoteFinanced")
    resold = await town.sell(BANK, bought, FACTOR, 50_000, recourse=True)
    await town.register(bought, sale.args[0][0]["quote"], 1_000)
    await town.register(bought, sale.args[0][0]["quote"], 2_000, replaces=1_000)
    await town.act(town.call(Contract.ASSIGNMENTS, "notifyDebtor", [bought, resold], by=CORE))
    refused, withdrawn, lapsing = await town.split(TIER1, two, (TIER2, 200_000), (TIER3, 200_000), (TIER2, 100_000))
    await town.act(town.call(Contract.NOTES, "refuse", [refused], by=TIER2))
    await town.act(town.call(Contract.NOTES, "withdraw", [withdrawn], by=TIER1))
    await town.act(town.call(Contract.NOTES, "setConsent", TIER1, 1, 500_000, 40_000, 40_000, by=TIER2))
    await town.split(TIER1, two, (TIER2, 50_000), (CORE, 30_000))
    await town.sell(TIER1, two, CORE, 20_000)
    await town.act(town.call(Contract.FINANCING, "cancelQuote", 5, by=FACTOR))
    await town.pledge(TIER1, one, FACTOR, 300_000, 200_000)
    await town.pledge(TIER2, deep, FACTOR, 100_000, 60_000)
    await town.pledge(BANK, bought, FACTOR, 40_000, 40_000)
    await town.pledge(TIER1, four, BANK, 2**95, 1_000)
    await town.act(
        *(
            town.call(Contract.PLEDGE, "repayLoan", deep, amount, town.account(CORE), by=CORE)
            for amount in (10_000, 2**96 - 1)
        ),
        town.call(Contract.PLEDGE, "cancelQuote", 6, by=FACTOR),
    )
    await town.repay(bought)
    await town.order("freeze", [four])
    for receiver, amount in ((TIER2, 1_000), (CORE, 500), (TIER3, 100)):
        await town.order("orderReassignment", four, receiver, amount)
    await town.move_days(40)
    await town.act(*(town.call(Contract.ORDER, "executeReassignment", number, by=TIER4) for number in (1, 2)))
    await town.order("cancelReassignment", 3)
    await town.order("release", [four])
    await town.act(town.call(Contract.PLEDGE, "releasePledge", four, by=BANK))
    await town.act(town.call(Contract.NOTES, "lapse", [lapsing], by=TIER4))
    await govern(town)
    await town.move_days(70)
    await town.act(town.call(Contract.REPAYMENT, "declareOverdue", 1, by=TIER4))
    back = await town.turn_back(resold, FACTOR, BANK)
    back = await town.turn_back(back, BANK, TIER4)
    await town.share(1, 400_000, (one, deep, deeper), (deepest, back))
    await town.repay(one, deep, deeper, deepest, back, payer=BANK)


async def govern(town: Town) -> None:
    """The operator's and administrators' acts."""
    call = town.call
    await town.act(call(Contract.REGISTRY, "suspend", FACTOR, digest(1)), call(Contract.NOTES, "setPaused", True))
    await town.act(
        call(Contract.REGISTRY, "reinstate", FACTOR),
        call(Contract.REGISTRY, "setRoles", TIER4, 6),
        call(Contract.REGISTRY, "renewIdentity", TIER4, 30_000),
        call(Contract.REGISTRY, "raiseQuoteEpoch", by=BANK),
        call(Contract.REGISTRY, "setRights", town.account(TIER3), 5, bytes(32), by=TIER3),
        call(Contract.NOTES, "setPaused", False),
        call(Contract.FORWARDER, "setOff", True),
        call(Contract.CREDIT, "setLine", TIER4, town.token, 77),
        call(Contract.CREDIT, "release", [town.claim(digest(10**9 + 6), 3)], by=TIER2),
        await town.credit_call((digest(10**9 + 2), 400_000), (digest(10**9 + 2), 200_000), (digest(5), 7)),
    )
