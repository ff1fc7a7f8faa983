"""Playing the story: every act through the services, each stage worked out from what stands on the ledger, so that a
run that was cut short goes on where it stopped."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from api.bootstrap import Services
from api.domain.calendar import day_of_time, time_of_day
from api.domain.invoices import InvoiceItem
from api.domain.operations import Contract, Operation
from api.domain.views import NoteView
from api.services.financing import Bid, Take
from api.services.notes import Portion, Split
from api.services.parties import ROLES, Admission
from scripts.progress import Progress
from scripts.story.cast import CORE, REGISTRAR, Cast
from scripts.story.rules import Holding, Rules

IDENTITY_DAYS = 730
OFFERS_AT_ONCE = 50
"""Notes accepted, or offered by splits, in one transaction."""
DEALS_AT_ONCE = 10
PAYING_HOUR = 10 * 3600
"""Seconds into the due day at which the core enterprise pays."""

T = TypeVar("T")
MoveClock = Callable[[int], Awaitable[int]]


@dataclass
class Play:
    """One run of a story over open services. `accounts` are free test accounts, one for each of the cast."""

    services: Services
    cast: Cast
    rules: Rules
    accounts: Sequence[str]
    progress: Progress
    move_clock: MoveClock
    parties: dict[str, int] = field(default_factory=dict)
    refused_items: dict[str, int] = field(default_factory=dict)
    _contracts: dict[str, str] = field(default_factory=dict)

    # -- before the story

    async def admit(self) -> None:
        """Admits the cast, with names; sets the credit line."""
        s = self.services
        expiry = day_of_time((await s.chain.head()).time) + IDENTITY_DAYS
        missing = []
        for role, account in zip(self.cast.roles, self.accounts, strict=False):
            party = await s.ledger.model.party_of_account(account)
            if party is not None:
                self.parties[role.id] = party
                continue
            missing.append(
                Admission(
                    name_zh=role.name_zh,
                    name_en=role.name_en,
                    credit_code=role.credit_code,
                    roles=ROLES[role.role],
                    identity_expiry=expiry,
                    settlement_account=account,
                    administrator=account,
                    evidence_hash=await self._authority_hash(role.name_en, account),
                    identities=role.identities,
                )
            )
        with self.progress.stage("admit", len(missing)) as step:
            operations = await s.acts.finish(await s.parties.admit(missing, check=False))
            await s.parties.learn_ids(operations)
            step(len(missing))
        for role, account in zip(self.cast.roles, self.accounts, strict=False):
            party = await s.ledger.model.party_of_account(account)
            assert party is not None
            self.parties[role.id] = party
        s.issuance.registrar = self.parties[REGISTRAR]

    async def fund(self, currency: str, needed: int) -> None:
        """Test money for whoever pays, and leave for the desks to draw on it."""
        s = self.services
        token = s.chain.tokens[currency]
        payers = [(CORE, Contract.REPAYMENT), *((f.id, Contract.FINANCING) for f in self.cast.financiers)]
        operations: list[Operation] = []
        for role, desk in payers:
            account = self.accounts[[r.id for r in self.cast.roles].index(role)]
            if await s.deposits.balance(token, account) == 0:
                operations += await s.deposits.issue(token, account, needed)
            if await s.deposits.allowance(token, account, desk) == 0:  # a run may end between the two
                operations += await s.deposits.approve(self.parties[role], token, desk)
        line = await s.ledger.party(self.parties[CORE])
        if not any(one.currency == token and one.limit >= self.cast.credit_limit for one in line.lines):
            operations += await s.parties.set_line(self.parties[CORE], token, self.cast.credit_limit)
        await s.acts.finish(operations)

    # -- the story

    async def confirm(self, items: Sequence[InvoiceItem]) -> None:
        """The core enterprise confirms what was imported; what cannot be is counted by rule."""
        s = self.services
        stored = await s.items.by_fingerprints([i.fingerprint for i in items])
        plan = await s.issuance.plan(self.parties[CORE], [stored[i.fingerprint] for i in items])
        for _, error in plan.refused:
            if error.rule != "AlreadyClaimed":
                self.refused_items[error.rule] = self.refused_items.get(error.rule, 0) + 1
        with self.progress.stage("confirm", len(plan.ready)) as step:
            await self._finish(
                await s.issuance.confirm(self.parties[CORE], plan.ready, check=False), step, len(plan.ready)
            )

    async def pass_down(self, tier_limit: int) -> None:
        """Tier by tier: accept or refuse what was offered, then pass on what the rules say."""
        names = {party: role for role, party in self.parties.items()}
        for tier in range(1, tier_limit + 1):
            await self._answer_offers(tier, names)
            if tier < tier_limit:
                await self._split(tier, names)

    async def finance(self) -> None:
        """Holders ask all financiers, and take what gives the most cash today."""
        s = self.services
        names = {party: role for role, party in self.parties.items()}
        wanted: dict[int, list[tuple[NoteView, int]]] = {}
        async for note, holding in self._holdings("held", None, names):
            bps = self.rules.sells_bps(holding)
            if bps and not note.financed and not await self._sold(note):
                wanted.setdefault(note.holder.id, []).append((note, max(note.value * bps // 10_000, 1)))
        total = sum(len(notes) for notes in wanted.values())
        with self.progress.stage("quote", total) as step:
            await self._bid([pair for pairs in wanted.values() for pair in pairs], step)
        with self.progress.stage("finance", total) as step:
            operations: list[Operation] = []
            counts: list[int] = []
            for seller, pairs in wanted.items():
                takes = []
                for note, amount in pairs:
                    ranked = await s.financing.ranked(note.id, amount)
                    if ranked:
                        takes.append(Take(ranked[0].quote.id, ranked[0].amount, ranked[0].cash))
                for batch in _batches(takes, DEALS_AT_ONCE):
                    operations += await s.financing.take(seller, batch, check=False)
                    counts.append(len(batch))
            await self._finish(operations, step, total)

    async def mature(self) -> None:
        """Day by day until nothing is owed: the clock moves to the next due day, and the core enterprise pays."""
        s = self.services
        debtor = self.parties[CORE]
        schedule = await s.repayment.schedule(debtor)
        with self.progress.stage("repay", sum(map(len, schedule.values()))) as step:
            for day, receivables in sorted(schedule.items()):
                head = (await s.chain.head()).time
                await self.move_clock(max(time_of_day(day) + PAYING_HOUR, head + 1))
                await s.ledger.model.wait_for((await s.chain.head()).block, 60)
                notes = await s.repayment.notes_of(receivables)
                await self._finish(await s.repayment.repay(debtor, notes, check=False), None, 0)
                step(len(receivables))

    # -- parts

    async def _answer_offers(self, tier: int, names: Mapping[int, str]) -> None:
        s = self.services
        accepts: dict[int, list[int]] = {}
        refusals: dict[int, list[int]] = {}
        async for note, holding in self._holdings("offered", tier, names):
            side = refusals if self.rules.refuses(holding) else accepts
            side.setdefault(note.holder.id, []).append(note.id)
        total = sum(map(len, accepts.values())) + sum(map(len, refusals.values()))
        with self.progress.stage(f"accept-{tier}", total) as step:
            operations: list[Operation] = []
            for holder, notes in accepts.items():
                for batch in _batches(notes, OFFERS_AT_ONCE):
                    operations += await s.notes.accept(holder, batch, check=False)
            for holder, notes in refusals.items():
                operations += await s.notes.refuse(holder, notes)
            await self._finish(operations, step, total)

    async def _split(self, tier: int, names: Mapping[int, str]) -> None:
        s = self.services
        splits: dict[int, list[Split]] = {}
        async for note, holding in self._holdings("held", tier, names):
            if note.value != note.face or note.financed:
                continue
            portions = [
                Portion(self.parties[x.to], note.value * x.share_bps // 10_000, await self._trade_hash(x.contract))
                for x in self.rules.passes_on(holding)
            ]
            if portions:
                splits.setdefault(note.holder.id, []).append(Split(note.id, portions))
        total = sum(map(len, splits.values()))
        with self.progress.stage(f"split-{tier}", total) as step:
            operations: list[Operation] = []
            for holder, many in splits.items():
                for batch in _batches(many, OFFERS_AT_ONCE):
                    operations += await s.notes.split(holder, batch, check=False)
            await self._finish(operations, step, total)

    async def _bid(self, wanted: Sequence[tuple[NoteView, int]], step: Callable[[int], None]) -> None:
        s = self.services
        for batch in _batches(wanted, 500):
            for financier in self.cast.financiers:
                bids = [
                    Bid(note.id, financier.rate_bps, amount, _registry_reference(note.id))
                    for note, amount in batch
                    if financier.min_amount <= amount <= financier.max_amount
                ]
                await s.financing.bid(self.parties[financier.id], bids)
            step(len(batch))

    async def _sold(self, note: NoteView) -> bool:
        return any(leg.kind == "finance" and leg.note == note.id for leg in note.cash)

    async def _holdings(
        self, status: str, tier: int | None, names: Mapping[int, str]
    ) -> AsyncIterator[tuple[NoteView, Holding]]:
        """Notes of a status, with the document that their receivable stands on."""
        s = self.services
        cursor: str | None = None
        while True:
            page = await s.ledger.model.notes(
                holder=None, receivable=None, status=status, tier=tier, cursor=cursor, limit=1000
            )
            documents = await self._documents({n.receivable for n in page.items})
            for note in page.items:
                number, fingerprint = documents[note.receivable]
                yield note, Holding(note.id, names.get(note.holder.id, ""), note.tier, number, fingerprint)
            if (cursor := page.next) is None:
                return

    async def _documents(self, receivables: Iterable[int]) -> Mapping[int, tuple[str, str]]:
        """Number and fingerprint of the first document of each receivable."""
        s = self.services
        marks = await s.ledger.model.fingerprints(sorted(receivables))
        items = await s.items.by_fingerprints([m[0] for m in marks.values()])
        return {receivable: (items[m[0]].item.number, m[0]) for receivable, m in marks.items()}

    async def _authority_hash(self, party: str, account: str) -> str:
        """The salted hash of the letter that authorises an account to act for a party."""
        return await self._evidence(f"{account} acts for {party}\n兹授权 {account} 代表 {party}\n", f"{account}.txt")

    async def _trade_hash(self, contract: str) -> str:
        """The salted hash of the contract under a transfer."""
        known = self._contracts.get(contract)
        if known is None:
            text = f"Framework supply contract {contract}\n框架供货合同 {contract}\n"
            known = self._contracts[contract] = await self._evidence(text, f"{contract}.txt")
        return known

    async def _evidence(self, text: str, name: str) -> str:
        """The salted hash of a text, which is kept like any original."""
        file_hash = await self.services.documents.put(text.encode())
        return await self.services.evidence.evidence_hash(file_hash, name)

    async def _finish(self, operations: Sequence[Operation], step: Callable[[int], None] | None, total: int) -> None:
        """Follows operations to the end in slices, so that progress shows."""
        done = 0
        for index, batch in enumerate(_batches(operations, max(len(operations) // 20, 1))):
            await self.services.acts.finish(batch)
            if step is not None and operations:
                upto = total * min((index + 1) * len(batch), len(operations)) // len(operations)
                step(max(upto - done, 0))
                done = max(upto, done)
        if step is not None:
            step(total - done)


def _registry_reference(note: int) -> str:
    """Stands for the movable-property registry's number of the assignment."""
    return "0x" + hashlib.sha256(f"demo registry number {note}".encode()).hexdigest()


def _batches(things: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    return (things[i : i + size] for i in range(0, len(things), size))
