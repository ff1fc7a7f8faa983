"""Confirmation: a core enterprise acknowledges imported invoices as debts, under the registrar's attestation."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from api.domain.calendar import day_of_date, day_of_time
from api.domain.currencies import by_code
from api.domain.errors import CascadeError, NotFound, RuleBroken, Unavailable
from api.domain.invoices import InvoiceItem
from api.domain.operations import Call, Contract, Operation
from api.domain.ports import BusinessCalendar, ImportedItems, Profiles
from api.domain.records import ImportedItem, Profile
from api.domain.typed_data import confirmation_batch
from api.domain.views import CurrencyView, InvoiceView
from api.services.acts import ACT, Acts, Request, UseCases
from api.services.parties import ROLES

CONFIRMATION_BATCH = 50
"""Receivables per transaction: about 6.2 million gas, a fifth of a usual block."""


@dataclass(frozen=True, slots=True)
class Confirmable:
    """An imported item whose party, currency and days are settled. `terms` as IIssuanceDesk.Confirmation."""

    item: ImportedItem
    currency: CurrencyView
    terms: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What can be confirmed, and what cannot and why, by imported item."""

    ready: Sequence[Confirmable]
    refused: Sequence[tuple[ImportedItem, CascadeError]]


class Issuance(UseCases):
    """Confirming imported items."""

    def __init__(
        self, acts: Acts, items: ImportedItems, profiles: Profiles, business_days: BusinessCalendar, registrar: int
    ) -> None:
        super().__init__(acts)
        self._items = items
        self._profiles = profiles
        self._business_days = business_days
        self.registrar = registrar
        """The party whose accounts attest; 0: the first admitted registrar whose key is at hand."""
        # Drawn once, then counted: 256 neighbours share a storage slot, which saves each 17,100 gas.
        self._nonces = itertools.count(secrets.randbits(56) << 8)

    async def items(self, ids: Sequence[int]) -> Sequence[ImportedItem]:
        """Imported items by id. NotFound("UnknownItem") names the first that is not there."""
        found = await self._items.get(ids)
        missing = set(ids) - {i.id for i in found}
        if missing:
            raise NotFound("UnknownItem", item=min(missing))
        return found

    async def plan(
        self, debtor: int, items: Sequence[ImportedItem], parts: Mapping[int, int] = MappingProxyType({})
    ) -> Plan:
        """Settles party, currency, amount and days of each item; refusals name the rule. Nothing is sent.

        `parts` are amounts of items that are confirmed in part; the others are confirmed whole, less what credit notes took.
        """
        today = day_of_time((await self._acts.chain.head()).time)
        currencies = by_code(await self._acts.ledger.currencies())
        sellers = await self._profiles.of_identities(list({i.item.seller.key for i in items}))
        known = await self._acts.ledger.invoices([i.item.fingerprint for i in items])
        ready: list[Confirmable] = []
        refused: list[tuple[ImportedItem, CascadeError]] = []
        for item in items:
            try:
                claim = _claim(item.item, known.get(item.item.fingerprint), parts.get(item.id))
                ready.append(self._settle(debtor, item, claim, today, currencies, sellers))
            except CascadeError as error:
                refused.append((item, error))
        return Plan(ready, refused)

    async def confirm(
        self, debtor: int, ready: Sequence[Confirmable], request: Request | None = None, *, check: bool = True
    ) -> Sequence[Operation]:
        """Confirms what a plan found ready, in batches of one currency each."""

        return await self._acts.perform("confirm", debtor, request, lambda: self.calls(debtor, ready), check=check)

    async def calls(self, debtor: int, ready: Sequence[Confirmable]) -> Sequence[Call]:
        """The calls that confirm what a plan found ready, attested, in batches of one currency each."""
        account = await self._acts.account_of(debtor, ACT)
        by_currency: dict[int, list[Confirmable]] = {}
        for one in ready:
            by_currency.setdefault(one.currency.id, []).append(one)
        return [
            await self._call(debtor, account, batch)
            for group in by_currency.values()
            for batch in (group[i : i + CONFIRMATION_BATCH] for i in range(0, len(group), CONFIRMATION_BATCH))
        ]

    async def confirm_items(
        self,
        debtor: int,
        ids: Sequence[int],
        request: Request | None = None,
        *,
        parts: Mapping[int, int] = MappingProxyType({}),
        skip_refused: bool = False,
    ) -> tuple[Sequence[Operation], Sequence[tuple[ImportedItem, CascadeError]]]:
        """Plans and confirms in one go: the operations, and what was left out with the reason.

        An item that cannot be confirmed is left out with `skip_refused`, else its rule refuses all; the evidence then
        names the item. RuleBroken("NothingToConfirm") when nothing is left.
        """
        items = await self.items(ids)
        if request is not None and (known := await self._acts.known(request)):
            return known, await self.left_out(debtor, items, [o.call for o in known], parts)
        plan = await self.plan(debtor, items, parts)
        if plan.refused and not skip_refused:
            item, error = plan.refused[0]
            refused = [one.id for one, _ in plan.refused]
            raise RuleBroken(error.rule, **{**error.evidence, "item": item.id, "refused": refused})
        if not plan.ready:
            raise RuleBroken("NothingToConfirm")
        return await self.confirm(debtor, plan.ready, request), plan.refused

    async def left_out(
        self,
        debtor: int,
        items: Sequence[ImportedItem],
        calls: Sequence[Call],
        parts: Mapping[int, int] = MappingProxyType({}),
    ) -> Sequence[tuple[ImportedItem, CascadeError]]:
        """Those that these confirmations do not confirm, with the reason."""
        confirmed = {i["fingerprint"] for call in calls for terms in call.args[1] for i in terms["invoices"]}
        rest = [i for i in items if i.item.fingerprint not in confirmed]
        return (await self.plan(debtor, rest, parts)).refused

    def _settle(
        self,
        debtor: int,
        item: ImportedItem,
        claim: Mapping[str, Any],
        today: int,
        currencies: Mapping[str, CurrencyView],
        sellers: Mapping[str, Profile],
    ) -> Confirmable:
        invoice = item.item
        if item.buyer != debtor:
            raise RuleBroken("ItemOfOtherBuyer", item=item.id, buyer=item.buyer)
        if (currency := currencies.get(invoice.currency)) is None:
            raise RuleBroken("CurrencyWithoutToken", currency=invoice.currency)
        seller = sellers.get(invoice.seller.key)
        if seller is None or seller.party is None:
            raise RuleBroken("SellerNotAdmitted", identity=invoice.seller.key)
        if invoice.due_date is None:
            raise RuleBroken("DueDateMissing", number=invoice.number)
        due = self._business_days.next_business_day(day_of_date(invoice.due_date))
        if due < today:
            raise RuleBroken("DueDayPast", dueDay=due, today=today)
        terms = {
            "creditor": seller.party,
            "amount": claim["claimed"],
            "deliveryDay": min(day_of_date(invoice.issue_date), today),
            "dueDay": due,
            "evidenceHash": item.evidence_hash,
            "invoices": [claim],
        }
        return Confirmable(item, currency, terms)

    async def _attesting_account(self) -> str:
        if self.registrar:
            return await self._acts.account_of(self.registrar, ACT)
        page = await self._acts.ledger.parties(role=ROLES["registrar"], cursor=None, limit=100)
        for party in page.items:
            for account in party.accounts:
                if account.rights & ACT and self._acts.signer.can_sign(account.address):
                    return account.address
        raise Unavailable("NoRegistrar")

    async def _call(self, debtor: int, account: str, batch: Sequence[Confirmable]) -> Call:
        currency = batch[0].currency
        items = [dict(one.terms) for one in batch]
        signer = await self._attesting_account()
        deadline = (await self._acts.chain.head()).time + self._acts.word_s
        nonce = next(self._nonces)
        data = confirmation_batch(
            self._acts.chain.chain_id,
            self._acts.chain.addresses[Contract.CREDIT],
            debtor=debtor,
            currency=currency.token,
            items=items,
            signer=signer,
            nonce=nonce,
            deadline=deadline,
        )
        signature = self._acts.signer.sign_typed_data(signer, data)
        attestation = {"signer": signer, "nonce": nonce, "deadline": deadline, "signature": "0x" + signature.hex()}
        return Call(Contract.ISSUANCE, "confirm", (currency.id, items, attestation), account)


def _claim(invoice: InvoiceItem, known: InvoiceView | None, part: int | None) -> Mapping[str, Any]:
    """The invoice as IIssuanceDesk.InvoiceClaim: a part of it, or all that credit notes left of one that backs nothing."""
    mark, amount = invoice.fingerprint, invoice.payable
    left = amount
    if known is not None:
        if known.amount not in (0, amount):
            raise RuleBroken("InvoiceAmountDiffers", fingerprint=mark, attestedBefore=known.amount, attestedNow=amount)
        if part is None and known.receivables:
            raise RuleBroken("AlreadyClaimed", fingerprint=mark, receivable=known.receivables[0])
        left = max(0, amount - known.claimed - known.credited)
    claimed = part if part is not None else left or amount
    if claimed > left:
        raise RuleBroken("OverInvoice", fingerprint=mark, asked=claimed, left=left)
    return {"fingerprint": mark, "invoiceAmount": amount, "claimed": claimed}
