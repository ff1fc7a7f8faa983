"""A small ledger built by hand from the API's own views: what the page is shown where no chain runs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from api.domain.calendar import day_of_time, time_of_day
from api.domain.interest import discount_up
from api.domain.views import (
    AccountView,
    BackingView,
    CashLeg,
    CurrencyView,
    FlowTotal,
    FundFlow,
    LineView,
    NoteView,
    PartyName,
    PartyView,
    ReceivableView,
    Source,
    Trace,
)

DAY = 86_400
START = 20_500
"""Day number of the first confirmation: 2026-02-16."""

YUAN = CurrencyView(1, "0x" + "c1" * 20, "CNY", 2)
CORE, SUPPLIER, FINANCIER = 1, 2, 4


def digest(*parts: object) -> str:
    """A 32-byte hash in hex, the same for the same parts."""
    return "0x" + hashlib.sha256(repr(parts).encode()).hexdigest()


@dataclass
class Book:
    """Parties, receivables and notes, written act by act; one act a block."""

    day: int = START
    block: int = 100
    parties: dict[int, PartyView] = field(default_factory=dict)
    receivables: dict[int, ReceivableView] = field(default_factory=dict)
    notes: dict[int, NoteView] = field(default_factory=dict)

    # -- acts

    def admit(self, role: int, zh: str, en: str, limit: int = 0) -> int:
        number = len(self.parties) + 1
        account = digest("account", number)[:42]
        lines = (LineView(YUAN.token, limit, 0),) if limit else ()
        self.parties[number] = PartyView(
            number,
            digest("code", number),
            role,
            "active",
            START + 730,
            account,
            0,
            0,
            (AccountView(account, 7),),
            lines,
            self._source(),
            zh,
            en,
        )
        return number

    def confirm(self, debtor: int, creditor: int, face: int, days: int, invoices: int = 1) -> int:
        """The root note of a new receivable due in `days` days, accepted."""
        number, root = len(self.receivables) + 1, len(self.notes) + 1
        source = self._source()
        self.receivables[number] = ReceivableView(
            number,
            self.name(debtor),
            self.name(creditor),
            root,
            face,
            face,
            0,
            0,
            0,
            YUAN,
            self.day - 3,
            self.day + days,
            self.day,
            4,
            3,
            1_500,
            1,
            0,
            "outstanding",
            digest("evidence", number),
            tuple(self._backing(number, n, face // invoices + (n < face % invoices)) for n in range(invoices)),
            1,
            1,
            source,
        )
        self._create(None, number, creditor, face, 1, "confirmation")
        return self.accept(root)

    def _backing(self, receivable: int, n: int, claimed: int) -> BackingView:
        """An invoice of which the receivable claims all, and half of every second one."""
        amount = claimed * (n % 2 + 1)
        return BackingView(digest("invoice", receivable, n), amount, claimed, amount - claimed, 0)

    def accept(self, note: int) -> int:
        self.notes[note] = replace(self.notes[note], status="held", accepted=self._source())
        return note

    def offer(self, parent: int, to: int, amount: int) -> int:
        self._take(parent, amount)
        return self._create(parent, self.notes[parent].receivable, to, amount, self.notes[parent].tier + 1, "split")

    def split(self, parent: int, to: int, amount: int) -> int:
        return self.accept(self.offer(parent, to, amount))

    def refuse(self, note: int) -> None:
        view = self.notes[note]
        self.notes[note] = replace(view, status="refused", value=0, closed=self._source())
        if view.parent is not None:
            parent = self.notes[view.parent]
            self.notes[view.parent] = replace(parent, value=parent.value + view.face, status="held", closed=None)

    def sell(self, note: int, to: int, amount: int, rate_bps: int) -> int:
        """The buyer's note; cash at a discount for the days that are left."""
        view = self.notes[note]
        days = self.receivables[view.receivable].due_day - self.day
        discount = discount_up(amount, rate_bps, days)
        self._take(note, amount)
        child = self._create(note, view.receivable, to, amount, view.tier, "sale", financed=True)
        source = self.notes[child].source
        leg = self._leg("finance", note, child, to, view.holder.id, amount - discount, amount, source)
        leg = replace(leg, discount=discount, rate_bps=rate_bps, registry_reference=f"ZDW-{source.block:08d}")
        self._book(leg, note, child)
        self.notes[child] = replace(self.notes[child], status="held", accepted=source)
        return child

    def repay(self, receivable: int, interest: int = 0) -> None:
        """Pays every note with value left."""
        view = self.receivables[receivable]
        for note in [n for n in self.notes.values() if n.receivable == receivable and n.value > 0]:
            source = self._source()
            leg = self._leg(
                "repayment", note.id, None, view.debtor.id, note.holder.id, note.value + interest, note.value, source
            )
            self._book(replace(leg, interest=interest), note.id)
            self.notes[note.id] = replace(self.notes[note.id], value=0, status="repaid", closed=source)
            view = replace(view, repaid=view.repaid + note.value, outstanding=view.outstanding - note.value)
        self.receivables[receivable] = replace(view, status="settled")

    def overdue(self, receivable: int) -> None:
        self.receivables[receivable] = replace(self.receivables[receivable], status="overdue", flags=2)

    # -- readings

    def name(self, party: int) -> PartyName:
        view = self.parties[party]
        return PartyName(party, view.name_zh, view.name_en)

    def trace(self, note: int) -> Trace:
        path = [note]
        while (parent := self.notes[path[0]].parent) is not None:
            path.insert(0, parent)
        wanted, below = set(path), [note]
        while below:
            wanted.add(here := below.pop())
            below += [n.id for n in self.notes.values() if n.parent == here]
        nodes = tuple(self.notes[n] for n in sorted(wanted))
        return Trace(note, self.receivables[self.notes[note].receivable], tuple(path), nodes)

    def fund_flow(self, receivable: int) -> FundFlow:
        legs = {
            (leg.source.block, leg.source.log_index): leg
            for note in self.notes.values()
            if note.receivable == receivable
            for leg in note.cash
        }
        ordered = tuple(legs[key] for key in sorted(legs))
        sums: dict[tuple[str, PartyName, PartyName], list[int]] = {}
        for leg in ordered:
            sums.setdefault((leg.kind, leg.payer, leg.payee), []).append(leg.amount)
        totals = tuple(FlowTotal(*key, sum(amounts), len(amounts)) for key, amounts in sums.items())
        return FundFlow(self.receivables[receivable], ordered, totals)

    def legs(self) -> Sequence[CashLeg]:
        return [leg for receivable in self.receivables for leg in self.fund_flow(receivable).legs]

    # -- how acts are written down

    def _source(self) -> Source:
        self.block += 1
        time = time_of_day(self.day) + 9 * 3600 + self.block % 480 * 60
        assert day_of_time(time) == self.day
        return Source(digest("transaction", self.block), self.block, 0, time)

    def _create(
        self,
        parent: int | None,
        receivable: int,
        holder: int,
        face: int,
        tier: int,
        origin: str,
        financed: bool = False,
    ) -> int:
        number = len(self.notes) + 1
        trade = digest("trade", number) if origin == "split" else None
        root = self.receivables[receivable].root
        self.notes[number] = NoteView(
            number,
            parent,
            receivable,
            root,
            self.name(holder),
            tier,
            face,
            face,
            "offered",
            origin,
            financed,
            self.day + 10,
            trade,
            self._source(),
            None,
            None,
        )
        view = self.receivables[receivable]
        self.receivables[receivable] = replace(
            view, notes=view.notes + (parent is not None), deepest_tier=max(view.deepest_tier, tier)
        )
        return number

    def _take(self, note: int, amount: int) -> None:
        view = self.notes[note]
        assert view.status == "held"
        assert 0 < amount <= view.value
        left = view.value - amount
        self.notes[note] = replace(view, value=left, status="held" if left else "spent")

    def _leg(
        self,
        kind: str,
        note: int,
        child: int | None,
        payer: int,
        payee: int,
        amount: int,
        principal: int,
        source: Source,
    ) -> CashLeg:
        accounts = (self.parties[payer].settlement_account, self.parties[payee].settlement_account)
        return CashLeg(
            kind,
            note,
            child,
            self.name(payer),
            self.name(payee),
            *accounts,
            YUAN.token,
            amount,
            principal,
            0,
            0,
            None,
            None,
            source,
        )

    def _book(self, leg: CashLeg, *notes: int) -> None:
        for note in notes:
            view = self.notes[note]
            self.notes[note] = replace(view, cash=(*view.cash, leg))


def sample() -> Book:
    """One core enterprise, four tiers, three financiers; receivable 1 repaid, 2 open, 3 overdue. Note 4 is of tier 4."""
    book = Book()
    core = book.admit(CORE, "曜衡汽车股份有限公司", "Yaoheng Motors Co., Ltd.", limit=5_000_000_00)
    t1 = book.admit(SUPPLIER, "江澜座椅系统有限公司", "Jianglan Seating Systems Co., Ltd.")
    t1b = book.admit(SUPPLIER, "澄川制动科技有限公司", "Chengchuan Brake Technology Co., Ltd.")
    t2 = book.admit(SUPPLIER, "芸庭泡棉材料有限公司", "Yunting Foam Materials Co., Ltd.")
    t2b = book.admit(SUPPLIER, "铎安精密铸造有限公司", "Duoan Precision Casting Co., Ltd.")
    t3 = book.admit(SUPPLIER, "桐墟化工原料有限公司", "Tongxu Chemical Feedstock Co., Ltd.")
    t4 = book.admit(SUPPLIER, "晏家湾包装有限公司", "Yanjiawan Packaging Co., Ltd.")
    t4b = book.admit(SUPPLIER, "拓野物流服务有限公司", "Tuoye Haulage Co., Ltd.")
    f1 = book.admit(FINANCIER, "沅洲银行股份有限公司", "Yuanzhou Bank Co., Ltd.")
    f2 = book.admit(FINANCIER, "衡渡商业保理有限公司", "Hengdu Factoring Co., Ltd.")
    f3 = book.admit(FINANCIER, "启穗供应链金融有限公司", "Qisui Supply Chain Finance Co., Ltd.")

    root = book.confirm(core, t1, 1_286_400_35, 120, invoices=3)
    book.day += 2
    tier2 = book.split(root, t2, 640_000_00)
    book.day += 3
    tier3 = book.split(tier2, t3, 315_500_20)
    book.day += 4
    tier4 = book.split(tier3, t4, 128_750_15)
    other4 = book.split(tier3, t4b, 42_000_00)
    side2 = book.split(root, t2b, 210_000_00)
    book.refuse(book.offer(side2, t4b, 55_000_00))
    book.day += 5
    book.sell(tier4, f1, 128_750_15, 385)
    bought = book.sell(root, f2, 300_000_00, 360)
    book.sell(other4, f3, 20_000_00, 410)
    book.sell(tier2, f1, 150_000_07, 372)
    book.sell(bought, f3, 100_000_00, 340)
    book.day = START + 120
    book.repay(1)

    book.day = START + 60
    second = book.confirm(core, t1b, 842_000_00, 150, invoices=2)
    open2 = book.split(second, t2b, 300_000_00)
    book.sell(second, f2, 250_000_00, 365)
    book.offer(open2, t3, 90_000_00)
    book.confirm(core, t1b, 96_400_08, 40)
    book.overdue(3)
    book.day = START + 125
    return book


def wide(notes: int) -> Book:
    """One receivable passed on to five suppliers in `notes` parts."""
    book = Book()
    core = book.admit(CORE, "曜衡汽车股份有限公司", "Yaoheng Motors Co., Ltd.")
    suppliers = [book.admit(SUPPLIER, f"供应商{n}", f"Supplier {n}") for n in range(6)]
    root = book.confirm(core, suppliers[0], notes * 1_000_00, 90)
    for part in range(notes):
        book.split(root, suppliers[1 + part % 5], 1_000_00)
    return book
