"""Reports: what is in each, gathered. Who may see one is decided by Sight."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from api.domain.calendar import day_of_time
from api.domain.currencies import bank_code
from api.domain.journal import Journal, journal
from api.domain.operations import Call, Contract
from api.domain.ports import Chain
from api.domain.positions import When
from api.domain.reports import (
    Activity,
    Balance,
    CoreReport,
    FinancierReport,
    NetworkReport,
    Reconciliation,
    Unmatched,
    core_report,
    financier_report,
    network_report,
)
from api.domain.views import CashLeg, PartyView
from api.services.ledger import Ledger
from api.services.verify import Verification

Payment = tuple[str, str, str, int]
"""Payer's account, payee's account, token, amount."""


class Reports:
    """Gathers what reports tell. Past moments are as positions have them."""

    def __init__(self, ledger: Ledger, chain: Chain, verification: Verification) -> None:
        self._ledger = ledger
        self._chain = chain
        self._verification = verification

    async def core(self, party: int, when: When) -> CoreReport:
        """Of a debtor. Holders to be paid and credit lines are those of now, and told only of now."""
        position = await self._ledger.position(party, when)
        view = await self._ledger.party(party)
        due = [d.receivable for d in position.debts if d.due_day <= position.moment.day or d.status == "overdue"]
        now = position.moment.block == (await self._ledger.model.status()).block
        notes = await self._ledger.notes_by_id(await self._ledger.model.live_notes(due)) if due and now else {}
        currencies = await self._ledger.model.currencies()
        return core_report(position, view if now else replace(view, lines=()), currencies, list(notes.values()))

    async def financier(self, party: int, when: When) -> FinancierReport:
        """Of a financier: notes that it bought, as they stood."""
        position = await self._ledger.position(party, when)
        notes = await self._ledger.notes_by_id(n.note for n in position.notes if n.origin == "sale")
        bought = {n.id: leg for n in notes.values() for leg in n.cash if leg.child == n.id and leg.kind == "finance"}
        return financier_report(position, bought)

    async def journal(self, party: int, when: When, since: int | None) -> Journal:
        """A party's books, from day `since` on."""
        position = await self._ledger.position(party, when)
        return journal(await self._ledger.model.deeds(party, position.moment.block), position, since)

    async def network(self, when: When, since: int | None) -> NetworkReport:
        """What happened on and after day `since`."""
        moment = await self._ledger.model.moment(when)
        activity = await self._ledger.model.activity(0, moment.block)
        if since is not None:
            activity = Activity(
                tuple(c for c in activity.confirmed if day_of_time(c.time) >= since),
                tuple(m for m in activity.moved if day_of_time(m.leg.source.time) >= since),
            )
        return network_report(moment, await self._ledger.model.totals(), activity)

    async def reconciliation(self, when: When) -> Reconciliation:
        """Of the moment's day: each cash leg in deposit tokens against the transfers that its transaction made, and the whole
        ledger, as it stands, against the chain. Unavailable("IndexBehind"), ("ChainMoving")."""
        moment = await self._ledger.model.moment(when)
        activity = await self._ledger.model.activity(0, moment.block)
        legs = [m.leg for m in activity.moved if day_of_time(m.leg.source.time) == moment.day]
        on_chain = [leg for leg in legs if leg.bank is None]
        unmatched = await self._unmatched(on_chain)
        outcome = await self._verification.verify()
        return Reconciliation(
            moment.day,
            outcome.block,
            len(legs),
            len(on_chain) - sum(max(0, u.legs - u.transfers) for u in unmatched),
            tuple(unmatched),
            tuple(await self._balances(legs, outcome.block)),
            outcome.counts,
            tuple((d.rule, d.subject, str(d.expected), str(d.found)) for d in outcome.findings.differences),
        )

    async def _unmatched(self, legs: Sequence[CashLeg]) -> list[Unmatched]:
        by_tx: dict[str, list[CashLeg]] = defaultdict(list)
        for leg in legs:
            by_tx[leg.source.tx_hash].append(leg)
        found = []
        for tx, some in by_tx.items():
            told = Counter(_payment(leg) for leg in some)
            moved = Counter(await self._transfers(tx))
            for payment in sorted({*told, *moved}):
                if told[payment] != moved[payment]:
                    found.append(Unmatched(tx, *payment, told[payment], moved[payment]))
        return found

    async def _transfers(self, tx: str) -> list[Payment]:
        """What deposit tokens moved in a transaction; minting and burning are not payments."""
        logs = [
            log for log in await self._chain.events(tx) if log.contract is Contract.TOKEN and log.name == "Transfer"
        ]
        return [
            (log.args["from"].lower(), log.args["to"].lower(), log.address.lower(), int(log.args["value"]))
            for log in logs
            if int(log.args["from"], 16) and int(log.args["to"], 16)
        ]

    async def _balances(self, legs: Sequence[CashLeg], block: int) -> list[Balance]:
        tokens = [c for c in await self._ledger.model.currencies() if bank_code(c.token) is None]
        parties = await self._parties()
        calls = [
            Call(Contract.TOKEN, "balanceOf", (p.settlement_account,), "", at=c.token) for p in parties for c in tokens
        ]
        amounts = iter(await self._chain.calls(calls, block))
        names = await self._ledger.names([p.id for p in parties])
        paid: Counter[tuple[int, str]] = Counter()
        received: Counter[tuple[int, str]] = Counter()
        for leg in legs:
            paid[leg.payer.id, leg.token] += leg.amount
            received[leg.payee.id, leg.token] += leg.amount
        rows = [
            Balance(names[p.id], c, p.settlement_account, next(amounts), paid[p.id, c.token], received[p.id, c.token])
            for p in parties
            for c in tokens
        ]
        return [row for row in rows if row.balance or row.paid or row.received]

    async def _parties(self) -> list[PartyView]:
        views: list[PartyView] = []
        cursor: str | None = None
        while True:
            page = await self._ledger.model.parties(role=None, cursor=cursor, limit=500)
            views += page.items
            if (cursor := page.next) is None:
                return views


def _payment(leg: CashLeg) -> Payment:
    return (leg.payer_account or "").lower(), (leg.payee_account or "").lower(), leg.token.lower(), leg.amount
