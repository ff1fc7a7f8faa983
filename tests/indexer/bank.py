"""A settlement bank in the town: its words, signed, and a story in which it reserves, pays, declines and is too late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.chain.eip712 import typed_data_digest
from api.domain.calendar import time_of_day
from api.domain.operations import Call, Contract
from api.domain.typed_data import quote
from tests.indexer.town import BANK, CORE, REGISTRAR, TIER1, TIER2, TIER3, Town, digest

CNY = "0x" + "00" * 17 + b"CNY".hex()
CURRENCY = (2, CNY)
SETTLER = REGISTRAR
"""The settlement bank: the nodes give test ether to ten accounts alone, so the registrar is it too."""
NOBODY = "0x" + "00" * 20
_COMMITMENT = (
    ("bank", "uint32"),
    ("lastDay", "uint16"),
    ("signer", "address"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
)
_TYPES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "SaleReservation": (
        *(("note", "uint40"), ("seller", "uint32"), ("financier", "uint32"), ("amount", "uint96"), ("price", "uint96")),
        *(("currency", "address"), ("quote", "bytes32")),
        *_COMMITMENT,
    ),
    "RepaymentReservation": (
        *(("notes", "uint40[]"), ("debtor", "uint32"), ("principal", "uint256"), ("currency", "address")),
        *_COMMITMENT,
    ),
    "RoundReservation": (
        *(("receivable", "uint40"), ("round", "uint8"), ("debtor", "uint32"), ("currency", "address")),
        *_COMMITMENT,
    ),
    "Attestation": (
        *(("bank", "uint32"), ("reservation", "bytes32"), ("currency", "address"), ("valueDay", "uint16")),
        *(("counted", "uint96"), ("paymentReference", "bytes32"), ("lines", "Line[]")),
        *(("signer", "address"), ("deadline", "uint256")),
    ),
    "Line": (("note", "uint40"), ("payee", "uint32"), ("amount", "uint128"), ("refused", "bool")),
}


class BankHouse:
    """The bank's part of a town."""

    def __init__(self, town: Town) -> None:
        self.town = town

    async def open(self) -> None:
        """The operator allows its currency, and gives the debtor a line in it."""
        await self.town.act(self.town.call(Contract.ISSUANCE, "allowCurrency", CNY))
        await self.town.act(self.town.call(Contract.CREDIT, "setLine", CORE, CNY, 10**15))

    async def owe(self, amount: int, due_in: int = 90) -> int:
        """A debt to tier 1, accepted; its note."""
        logs = await self.town.act(await self.town.confirm_call([amount], due_in=due_in, currency=CURRENCY))
        (note,) = (log.args["root"] for log in logs if log.name == "ReceivableConfirmed")
        await self.town.accept(TIER1, note)
        return int(note)

    def sign(self, primary: str, message: Mapping[str, Any]) -> tuple[str, str]:
        """Digest and signature of the bank's word."""
        deployment = self.town.network.deployment
        types = {name: _TYPES[name] for name in ((primary, "Line") if primary == "Attestation" else (primary,))}
        data = {
            "domain": {
                "name": "Cascade BankDesk",
                "version": "1",
                "chainId": deployment.chain_id,
                "verifyingContract": deployment.addresses[Contract.BANK],
            },
            "types": {name: [{"name": n, "type": t} for n, t in fields] for name, fields in types.items()},
            "primaryType": primary,
            "message": dict(message),
        }
        signature = self.town.network.signer.sign_typed_data(self.town.account(SETTLER), data)
        return "0x" + typed_data_digest(data).hex(), "0x" + signature.hex()

    async def commit(self, primary: str, terms: Mapping[str, Any], days: int = 2) -> tuple[str, dict[str, Any]]:
        """A reservation's id, and the commitment."""
        today = await self.town.today()
        word = {
            "bank": SETTLER,
            "lastDay": today + days,
            "signer": self.town.account(SETTLER),
            "nonce": next(self.town.marks),
            "deadline": time_of_day(today + 2_000),
        }
        reservation, signature = self.sign(primary, {**terms, **word})
        return reservation, {**word, "signature": signature}

    async def reserve_sale(self, note: int, amount: int) -> str:
        """Tier 1 sells to the financier without discount, so that price is amount."""
        town, deployment = self.town, self.town.network.deployment
        terms = {
            "note": note,
            "seller": TIER1,
            "financier": BANK,
            "maxAmount": amount,
            "rateBps": 0,
            "recourse": True,
            "payer": NOBODY,
            "registryReference": digest(7),
            "validUntil": time_of_day(await town.today() + 2_000),
            "nonce": 2**201 + next(town.marks),
            "epoch": 0,
            "signer": town.account(BANK),
        }
        data = quote(deployment.chain_id, deployment.addresses[Contract.FINANCING], terms)
        signature = "0x" + town.network.signer.sign_typed_data(town.account(BANK), data).hex()
        deal = {"quote": terms, "signature": signature, "amount": amount, "minPrice": amount}
        sale = {"note": note, "seller": TIER1, "financier": BANK, "amount": amount, "price": amount, "currency": CNY}
        sale["quote"] = "0x" + typed_data_digest(data).hex()
        reservation, word = await self.commit("SaleReservation", sale)
        await town.act(town.call(Contract.BANK_SALE, "reserveSale", deal, word, by=TIER1))
        return reservation

    async def reserve_repayment(self, notes: Sequence[int], principal: int) -> str:
        terms = {"notes": list(notes), "debtor": CORE, "principal": principal, "currency": CNY}
        reservation, word = await self.commit("RepaymentReservation", terms)
        await self.town.act(self.town.call(Contract.BANK_REPAYMENT, "reserveRepayment", list(notes), word, by=CORE))
        return reservation

    async def reserve_round(self, receivable: int) -> str:
        terms = {"receivable": receivable, "round": 1, "debtor": CORE, "currency": CNY}
        reservation, word = await self.commit("RoundReservation", terms)
        await self.town.act(self.town.call(Contract.BANK_REPAYMENT, "reserveRound", receivable, word, by=CORE))
        return reservation

    async def attest_call(self, reservation: str, *lines: tuple[int, int, int, bool], counted: int = 0) -> Call:
        """Lines are (note, payee, amount, refused)."""
        today = await self.town.today()
        message = {
            "bank": SETTLER,
            "reservation": reservation,
            "currency": CNY,
            "valueDay": today,
            "counted": counted,
            "paymentReference": digest(10**6 + next(self.town.marks)),
            "lines": [dict(zip(("note", "payee", "amount", "refused"), line, strict=True)) for line in lines],
            "signer": self.town.account(SETTLER),
            "deadline": time_of_day(today + 2_000),
        }
        _, signature = self.sign("Attestation", message)
        return self.town.call(Contract.BANK, "attest", message, signature, by=TIER3)

    async def attest(self, reservation: str, *lines: tuple[int, int, int, bool], counted: int = 0) -> str:
        """The payment's reference."""
        call = await self.attest_call(reservation, *lines, counted=counted)
        await self.town.act(call)
        return str(call.args[0]["paymentReference"])

    async def answer(self, function: str, reservation: str, *notes: int, by: int) -> None:
        """The bank declines, or anyone lapses."""
        await self.town.act(self.town.call(Contract.BANK, function, reservation, list(notes), by=by))


async def play_bank(town: Town) -> None:
    """Every event of the bank's desks, some of them twice."""
    house, call = BankHouse(town), town.call
    await house.open()
    one, two = await house.owe(1_000_000), await house.owe(900_000)
    child = await town.pass_on(TIER1, two, TIER2, 300_000)
    sold = await house.reserve_sale(one, 400_000)
    await town.act(call(Contract.NOTES, "setPaused", True))
    again = await house.attest_call(sold, (one, TIER1, 400_000, False))
    await town.act(again)
    await town.act(call(Contract.NOTES, "setPaused", False))
    await town.act(again)
    declined = await house.reserve_sale(one, 100_000)
    await house.answer("decline", declined, one, by=SETTLER)
    await house.attest(declined, (one, TIER1, 100_000, False))
    await town.move_days(88)
    reserved = await house.reserve_repayment([one, two, child], 1_500_000)
    await house.attest(reserved, (one, TIER1, 600_000, False))
    await town.move_days(2)
    await house.attest(reserved, (child, TIER2, 300_000, True))
    await town.move_days(1)
    await house.answer("lapse", reserved, two, by=TIER3)
    await town.act(call(Contract.REPAYMENT, "openRound", 2, 450_000, by=CORE))
    shared = await house.reserve_round(2)
    interest = 150_000 * 500 // (360 * 10_000), 300_000 * 500 // (360 * 10_000)
    await house.attest(shared, (child, TIER2, 150_000, False))
    await house.attest(shared, (two, TIER1, 300_000 + interest[1], False), counted=300_000)
