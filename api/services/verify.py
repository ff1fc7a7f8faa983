"""Verification: the chain is read again, note by note and cent by cent, and held against the read model and I-1, I-2,
I-3, I-5 and I-6. It trusts neither the indexer nor what the node said before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from api.domain.calendar import day_of_time
from api.domain.errors import Unavailable
from api.domain.operations import Call, Contract
from api.domain.ports import Chain, Head, ReadModel
from api.domain.verify import (
    Findings,
    batches,
    check_conservation,
    check_lineage,
    compare_note,
    compare_party,
    compare_receivable,
)
from api.domain.views import NoteView, PartyView, ReceivableView

PAGE = 1000
CATCH_UP_S = 120.0
TRIES = 5

Stated = dict[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verification found, at which block."""

    block: int
    findings: Findings

    @property
    def clean(self) -> bool:
        return not self.findings.differences

    @property
    def counts(self) -> Mapping[str, int]:
        """Comparisons made, by rule."""
        return self.findings.counts

    @property
    def first(self) -> Mapping[str, Any] | None:
        """The first difference: rule, subject, expected (chain, or invariant), found."""
        return asdict(self.findings.differences[0]) if self.findings.differences else None

    def holds(self, rule: str) -> bool:
        """Whether nothing was found against `rule`."""
        return self.findings.holds(rule)


class Verification:
    """Reads everything at one block."""

    def __init__(self, chain: Chain, model: ReadModel) -> None:
        self._chain = chain
        self._model = model

    async def verify(self, step: Callable[[int], None] = lambda _: None) -> Outcome:
        """Compares at the head. Unavailable("IndexBehind"), Unavailable("ChainMoving") when no moment stands still.

        `step` is told how many notes more were compared.
        """
        for _ in range(TRIES):
            head = await self._chain.head()
            if not await self._model.wait_for(head.block, CATCH_UP_S):
                raise Unavailable("IndexBehind", block=head.block)
            findings = await self._compare(head, step)
            if (await self._model.status()).block == head.block:
                return Outcome(head.block, findings)
        raise Unavailable("ChainMoving", tries=TRIES)

    async def _compare(self, head: Head, step: Callable[[int], None]) -> Findings:
        findings = Findings()
        await self._parties(findings, head.block)
        receivables, views = await self._receivables(findings, head.block)
        notes = await self._notes(findings, head, step)
        held: dict[int, int] = {}
        for note in notes.values():
            held[note["receivable"]] = held.get(note["receivable"], 0) + note["value"]
        for view in views:
            check_conservation(findings, receivables[view.id], view, held.get(view.id, 0))
        check_lineage(findings, notes, {i: r["tierLimit"] for i, r in receivables.items()})
        await self._custody(findings, head.block)
        await self._lines(findings, head.block, receivables)
        await self._invoices(findings, head.block, views)
        return findings

    async def _parties(self, findings: Findings, block: int) -> None:
        count = await self._chain.call(Contract.REGISTRY, "partyCount", block=block)
        views = await self._all_parties()
        findings.check("read-model", "number of parties", count, len(views))
        stated = await self._stated(Contract.REGISTRY, "party", [v.id for v in views], block)
        for view in views:
            compare_party(findings, stated[view.id], view)

    async def _receivables(self, findings: Findings, block: int) -> tuple[Stated, list[ReceivableView]]:
        count = await self._chain.call(Contract.NOTES, "receivableCount", block=block)
        stated = await self._stated(Contract.NOTES, "receivable", range(1, count + 1), block)
        views: list[ReceivableView] = []
        cursor: str | None = None
        while True:
            page = await self._model.receivables(debtor=None, status=None, cursor=cursor, limit=PAGE)
            views += page.items
            if (cursor := page.next) is None:
                break
        findings.check("read-model", "number of receivables", count, len(views))
        for view in views:
            if view.id in stated:
                compare_receivable(findings, stated[view.id], view)
        return stated, [v for v in views if v.id in stated]

    async def _notes(self, findings: Findings, head: Head, step: Callable[[int], None]) -> Stated:
        count = await self._chain.call(Contract.NOTES, "noteCount", block=head.block)
        today = day_of_time(head.time)
        stated: Stated = {}
        found = 0
        for ids in batches(range(1, count + 1), PAGE):
            stated |= await self._stated(Contract.NOTES, "note", ids, head.block)
            views: Sequence[NoteView] = await self._model.notes_by_id(ids)
            found += len(views)
            for view in views:
                compare_note(findings, stated[view.id], view, today)
            step(len(ids))
        findings.check("read-model", "number of notes", count, found)
        return stated

    async def _custody(self, findings: Findings, block: int) -> None:
        """I-2: no protocol contract holds a token."""
        held = [
            (contract, code, Call(Contract.TOKEN, "balanceOf", (address,), "", at=token))
            for contract, address in self._chain.addresses.items()
            for code, token in self._chain.tokens.items()
        ]
        balances = await self._chain.calls([call for _, _, call in held], block)
        for (contract, code, _), balance in zip(held, balances, strict=True):
            findings.check("I-2", f"{contract.value} holds {code}", 0, balance)

    async def _lines(self, findings: Findings, block: int, receivables: Stated) -> None:
        """I-5: used = sum of what the debtor has outstanding in the currency."""
        tokens = {c.id: c.token for c in await self._model.currencies()}
        owed: dict[tuple[int, str], int] = {}
        for one in receivables.values():
            key = (one["debtor"], tokens.get(one["currency"], ""))
            owed[key] = owed.get(key, 0) + one["outstanding"]
        lines = await self._chain.calls([Call(Contract.CREDIT, "line", key, "") for key in owed], block)
        for (debtor, token), line in zip(owed, lines, strict=True):
            findings.check("I-5", f"line of party {debtor} in {token}", owed[debtor, token], line["used"])
        indexed = {(p.id, one.currency): one for p in await self._all_parties() for one in p.lines}
        for key, line in zip(owed, lines, strict=True):
            view = indexed.get(key)
            found = None if view is None else (view.limit, view.used)
            findings.check("read-model", f"line of party {key[0]} in {key[1]}", (line["limit"], line["used"]), found)

    async def _invoices(self, findings: Findings, block: int, views: Sequence[ReceivableView]) -> None:
        """I-6: every debt that stands is backed to the unit, and no invoice backs more than its amount."""
        notes = self._chain.addresses[Contract.NOTES]
        claims = [(view.id, one.fingerprint) for view in views for one in view.backing]
        parts = await self._chain.calls(
            [Call(Contract.CREDIT, "claimOf", (mark, notes, receivable), "") for receivable, mark in claims], block
        )
        backed: Counter[int] = Counter()
        taken: Counter[str] = Counter()
        for (receivable, mark), part in zip(claims, parts, strict=True):
            backed[receivable] += part
            taken[mark] += part
        for view in views:
            if view.status != "cancelled":
                findings.check("I-6", f"backing of receivable {view.id}", view.face_value, backed[view.id])
        await self._used_of_invoices(findings, block, taken)

    async def _used_of_invoices(self, findings: Findings, block: int, taken: Mapping[str, int]) -> None:
        calls = [Call(Contract.CREDIT, "invoice", (mark,), "") for mark in taken]
        indexed = await self._model.invoices(list(taken))
        for (mark, part), (amount, used) in zip(taken.items(), await self._chain.calls(calls, block), strict=True):
            view = indexed.get(mark)
            found = None if view is None else (view.amount, view.claimed + view.credited)
            findings.check("read-model", f"invoice {mark}", (amount, used), found)
            findings.check("I-6", f"invoice {mark} backs no more than its amount", True, part <= amount)

    async def _all_parties(self) -> list[PartyView]:
        views: list[PartyView] = []
        cursor: str | None = None
        while True:
            page = await self._model.parties(role=None, cursor=cursor, limit=PAGE)
            views += page.items
            if (cursor := page.next) is None:
                return views

    async def _stated(self, contract: Contract, function: str, ids: Sequence[int], block: int) -> Stated:
        """What a getter says of each id."""
        stated: Stated = {}
        for some in batches(ids, PAGE):
            answers = await self._chain.calls([Call(contract, function, (i,), "") for i in some], block)
            stated |= dict(zip(some, answers, strict=True))
        return stated
