"""Looking back: a party's position at every past block is what the read model said when that block was the last."""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from api.chain.bindings import Bindings
from api.domain.calendar import day_of_time
from api.domain.errors import NotFound
from api.domain.operations import Call, Contract
from api.domain.ports import DecodedLog
from api.domain.positions import NOW, Position, When, position_sums
from api.domain.status import ACCEPTED, FROZEN, PLEDGED, RESERVED
from api.indexer.fetch import Fetched
from api.store.ledger.reading import LedgerReader
from tests.indexer.bank import play_bank
from tests.indexer.conftest import Indexes, Where
from tests.indexer.logs import TOKEN, Script
from tests.indexer.town import Town, play

pytestmark = pytest.mark.anyio

C = Contract
PARTIES = range(1, 7)
HASH = b"\x07" * 32
Event = tuple[Any, ...]
Facts = tuple[list[Any], list[Any], list[Any]]


async def live(reader: LedgerReader, party: int) -> Facts:
    """What the listings and the cash legs say of a party at the last block."""
    notes = await reader.notes(holder=party, receivable=None, status=None, tier=None, cursor=None, limit=10_000)
    every = await reader.receivables(debtor=None, status=None, cursor=None, limit=10_000)
    debts = {r.id: r for r in every.items}
    cash: dict[tuple[str, str], list[int]] = {}
    for receivable in debts:
        flow = await reader.fund_flow(receivable)
        for leg in flow.read.legs if flow is not None else ():
            for place, end in enumerate((leg.payer.id, leg.payee.id)):
                if end == party:
                    cash.setdefault((leg.token, leg.kind), [0, 0])[place] += leg.amount
    return (
        [
            (n.id, debts[n.receivable].debtor.id, debts[n.receivable].currency.id, n.face, n.value, n.pledged, n.status)
            for n in notes.items
            if n.value
        ],
        [
            (r.id, r.creditor.id, r.currency.id, r.face_value, r.outstanding, r.status)
            for r in every.items
            if r.debtor.id == party and r.outstanding
        ],
        sorted((*key, *sums) for key, sums in cash.items()),
    )


def told(position: Position) -> Facts:
    """The same of a position."""
    assert position.sums == position_sums(position.notes, position.debts, position.cash)
    return (
        [(n.note, n.debtor.id, n.currency.id, n.face, n.value, n.pledged, n.status) for n in position.notes],
        [(d.receivable, d.creditor.id, d.currency.id, d.face_value, d.outstanding, d.status) for d in position.debts],
        sorted((c.currency.token, c.kind, c.paid, c.received) for c in position.cash),
    )


def unclocked(facts: Facts) -> Facts:
    notes, debts, cash = facts
    return [(*rest, "offered" if status == "lapsable" else status) for *rest, status in notes], debts, cash


@dataclass
class Witness:
    """Writes down what is said at each block, and holds positions against it later."""

    reader: LedgerReader
    parties: Sequence[int] = PARTIES
    seen: dict[int, dict[int, Facts]] = field(default_factory=dict)
    days: dict[int, int] = field(default_factory=dict)

    async def watch(self) -> None:
        status = await self.reader.status()
        self.seen[status.block] = {party: await live(self.reader, party) for party in self.parties}
        self.days[status.block] = day_of_time(status.block_time)

    async def hold(self) -> None:
        for block, facts in self.seen.items():
            for party, expected in facts.items():
                found = await self.reader.position(party, When(block=block))
                assert found.moment.block == block
                if found.moment.day == self.days[block]:
                    assert told(found) == expected, (block, party)
                else:  # an empty block that is not kept: whether an offer's time is over is told as of the block before
                    assert unclocked(told(found)) == unclocked(expected), (block, party)


@pytest.mark.parametrize("story", [play, play_bank])
async def test_every_block_of_a_story(town: Town, indexes: Indexes, story: Callable[[Town], Awaitable[None]]) -> None:
    index = await indexes.new()
    await index.catch_up()
    reader = index.reader()
    witness = Witness(reader, range(1, 10))

    class Watched(Town):
        async def act(self, *calls: Call) -> list[DecodedLog]:
            logs = await super().act(*calls)
            await index.catch_up()
            await witness.watch()
            return logs

    await story(Watched(town.network))
    assert len(witness.seen) > 15
    await witness.hold()
    kinds = {c.kind for party in range(1, 10) for c in (await reader.position(party, NOW)).cash}
    assert kinds >= ({"finance", "repayment", "recourse", "loan", "loan_repayment"} if story is play else {"finance"})
    reader.close()


@dataclass
class Life:
    """Random events of a ledger that could be: what contracts check is true of them, nothing more. Events come a block at a
    time; `notes` is id → [value, flags, parent, holder, receivable, pledged], `debts` id → [outstanding, debtor, overdue]."""

    dice: random.Random
    notes: dict[int, list[int]] = field(default_factory=dict)
    debts: dict[int, list[int]] = field(default_factory=dict)
    loans: dict[int, list[int]] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    day: int = 0

    def block(self) -> list[Event]:
        """What happens in the next block: nothing, now and then."""
        events: list[Event] = []
        for _ in range(self.dice.choice([0, 1, 2, 4, 6])):
            acts = [
                self.confirm,
                self.accept,
                self.accept,
                self.give_back,
                self.split,
                self.split,
                self.sell,
                self.extinguish,
            ]
            more = [self.repay, self.refuse_cash, self.mark, self.pledge, self.repay_loan, self.overdue, self.early]
            act = self.dice.choice([*acts, *more])
            if some := act():
                self.done[act.__name__] += 1
                events += some
        return events

    def _pick(self, *, accepted: bool = True, **but: Any) -> int | None:
        """A note with value that may be acted on."""
        wanted = ACCEPTED if accepted else 0
        some = [n for n, row in self.notes.items() if row[0] and row[1] & (ACCEPTED | RESERVED | FROZEN) == wanted]
        return self.dice.choice(some) if some else None

    def confirm(self) -> list[Event]:
        receivable, note = len(self.debts) + 1, len(self.notes) + 1
        debtor, creditor = self.dice.sample(PARTIES, 2)
        face = self.dice.choice([1, 500, 10_000, 2**96 - 1])
        self.debts[receivable] = [face, debtor, 0]
        self.notes[note] = [face, 0, 0, creditor, receivable, 0]
        terms = (face, 1, 0, self.day + 90, self.day, 1, 4, HASH)
        lapse = max(1, self.day + self.dice.randint(0, 2))  # 0 is a standing consent
        return [
            (C.NOTES, "ReceivableConfirmed", receivable, debtor, note, terms),
            (C.NOTES, "NoteOffered", note, 0, creditor, receivable, face, 1, lapse, HASH),
        ]

    def accept(self) -> list[Event]:
        if (note := self._pick(accepted=False)) is None:
            return []
        self.notes[note][1] |= ACCEPTED
        return [(C.NOTES, "NoteAccepted", note)]

    def give_back(self) -> list[Event]:
        if (note := self._pick(accepted=False)) is None:
            return []
        value, _, parent, _, receivable, _ = self.notes[note]
        flag = self.dice.choice([2, 4, 8])
        self.notes[note][0], self.notes[note][1] = 0, flag
        events: list[Event] = [(C.NOTES, "NoteReturned", note, parent, value, flag)]
        if parent:
            self.notes[parent][0] += value
            return events
        self.debts[receivable][0] -= value
        return [*events, (C.NOTES, "ReceivableCancelled", receivable, value)]

    def _lower(self, note: int) -> int:
        """By how much, of what is not pledged."""
        row = self.notes[note]
        free = row[0] - row[5]
        part = self.dice.choice([free, free // 3, self.dice.randint(0, free)])
        row[0] -= part
        return part

    def _child(self, note: int, flags: int) -> tuple[int, int, int]:
        """Its id, holder and value."""
        value, child = self._lower(note), len(self.notes) + 1
        holder = self.dice.choice([p for p in PARTIES if p != self.notes[note][3]])
        if value:
            self.notes[child] = [value, flags, note, holder, self.notes[note][4], 0]
        return child, holder, value

    def split(self) -> list[Event]:
        if (note := self._pick()) is None:
            return []
        at_once = self.dice.random() < 0.2
        child, holder, value = self._child(note, ACCEPTED if at_once else 0)
        if not value:
            return []
        receivable = self.notes[note][4]
        lapse = 0 if at_once else self.day + self.dice.randint(1, 3)
        events: list[Event] = []
        if at_once:
            events.append((C.NOTES, "ConsentSet", holder, self.notes[note][3], 1, value, 30_000, 30_000))
        return [*events, (C.NOTES, "NoteOffered", child, note, holder, receivable, value, 2, lapse, HASH)]

    def _financed(self, note: int, child: int, buyer: int, value: int) -> Event:
        accounts = ("0x" + "aa" * 20, "0x" + "bb" * 20, TOKEN)
        price = value - self.dice.randint(0, value)
        nonce = self.dice.getrandbits(200)
        seller = self.notes[note][3]
        return (
            C.FINANCING,
            "NoteFinanced",
            note,
            child,
            buyer,
            seller,
            value,
            price,
            400,
            False,
            *accounts,
            HASH,
            nonce,
        )

    def sell(self) -> list[Event]:
        if (note := self._pick()) is None:
            return []
        child, holder, value = self._child(note, ACCEPTED | 32)
        if not value:
            return []
        assigned = (C.NOTES, "NoteAssigned", child, note, holder, self.notes[note][4], value, 2, ACCEPTED | 32)
        return [assigned, self._financed(note, child, holder, value)]

    def extinguish(self) -> list[Event]:
        if (note := self._pick()) is None or not (value := self._lower(note)):
            return []
        receivable = self.notes[note][4]
        self.debts[receivable][0] -= value
        return [(C.NOTES, "ValueExtinguished", note, receivable, value)]

    def early(self) -> list[Event]:
        """The debtor's own quote."""
        if (note := self._pick()) is None or not (value := self._lower(note)):
            return []
        receivable = self.notes[note][4]
        debt = self.debts[receivable]
        debt[0] -= value
        gone = (C.NOTES, "ValueExtinguished", note, receivable, value)
        return [gone, self._financed(note, 0, debt[1], value)]

    def repay(self) -> list[Event]:
        if (note := self._pick()) is None or not (value := self._lower(note)):
            return []
        _, _, _, holder, receivable, _ = self.notes[note]
        self.debts[receivable][0] -= value
        if not self.notes[note][0]:
            self.notes[note][1] |= 16
        interest = self.dice.choice([0, 3])
        payer = f"0x{self.dice.choice([*PARTIES, 77]):040x}"
        return [
            (C.NOTES, "NoteRepaid", note, receivable, holder, value, interest),
            (C.REPAYMENT, "Paid", note, payer, "0x" + "bb" * 20, TOKEN, value + interest),
        ]

    def refuse_cash(self) -> list[Event]:
        if (note := self._pick()) is None:
            return []
        value, receivable = self.notes[note][0] - self.notes[note][5], self.notes[note][4]
        if not value:
            return []
        return [
            (C.NOTES, "NoteRepaid", note, receivable, self.notes[note][3], value, 0),
            (C.NOTES, "NoteRestored", note, receivable, value),
            (C.NOTES, "NoteTendered", note, receivable, value, self.day),
        ]

    def mark(self) -> list[Event]:
        some = [n for n, row in self.notes.items() if row[0]]
        if not some:
            return []
        note, flag = self.dice.choice(some), self.dice.choice([FROZEN, RESERVED])
        marked = [n for n in some if self.notes[n][1] & flag]
        if len(marked) > 2:
            note = self.dice.choice(marked)
        self.notes[note][1] ^= flag
        return [(C.NOTES, "NoteMarked", note, flag, bool(self.notes[note][1] & flag))]

    def pledge(self) -> list[Event]:
        if (note := self._pick()) is None or self.notes[note][1] & PLEDGED:
            return []
        value, _, _, holder, _, _ = self.notes[note]
        lender = self.dice.choice([p for p in PARTIES if p != holder])
        lent = self.dice.randint(1, value)
        self.notes[note][1] |= PLEDGED
        self.notes[note][5] = value
        self.loans[note] = [lender, lent]
        accounts = ("0x" + "aa" * 20, "0x" + "bb" * 20, TOKEN)
        terms = (value, lent, 600, 2**96 - 1, *accounts, HASH, self.dice.getrandbits(200))
        return [(C.PLEDGE, "PledgeMade", note, lender, holder, *terms), (C.NOTES, "NotePledged", note, value)]

    def repay_loan(self) -> list[Event]:
        if not self.loans:
            return []
        note = self.dice.choice(sorted(self.loans))
        lender, left = self.loans.pop(note)
        self.notes[note][1] &= ~PLEDGED
        self.notes[note][5] = 0
        payer = f"0x{self.dice.choice(PARTIES):040x}"
        return [
            (C.PLEDGE, "ClaimPaid", note, lender, left + 5, 0, 0),
            (C.PLEDGE, "LoanRepaid", note, payer, "0x" + "bb" * 20, TOKEN, left + 5),
            (C.PLEDGE, "PledgeReleased", note, lender, 0),
            (C.NOTES, "NotePledged", note, 0),
        ]

    def overdue(self) -> list[Event]:
        if not self.debts:
            return []
        receivable = self.dice.choice(sorted(self.debts))
        debt = self.debts[receivable]
        debt[2] = 1 - debt[2]
        return [(C.NOTES, "OverdueDeclared" if debt[2] else "OverdueEnded", receivable, debt[1])]


def founded(bindings: Bindings, url: str, depth: int) -> Script:
    script = Script(bindings, url, depth)
    script.say(
        (C.ISSUANCE, "PolicySet", 1, (183, 365, 60, 4, 5, 500, 30, 100, True)),
        (C.NOTES, "CurrencyAllowed", 1, TOKEN),
        *((C.REGISTRY, "PartyAdmitted", p, HASH, 127, 21_000, f"0x{p:040x}") for p in PARTIES),
        *((C.REGISTRY, "AccountSet", f"0x{p:040x}", p, 15, HASH) for p in PARTIES),
        tokens={bytes.fromhex(TOKEN[2:]): ("CNY", 2)},
    )
    return script


def kept(script: Script) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that tells of the past."""
    return {
        table: script.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4")
        for table in ("note_past", "receivable_past", "cash_past", "cash_sums")
    }


@pytest.mark.parametrize(
    ("where", "seed"), [*(("sqlite", seed) for seed in range(6)), ("postgresql", 0)], indirect=["where"]
)
async def test_random_histories(bindings: Bindings, where: Where, seed: int) -> None:
    """Blocks are taken back now and then, and other ones come: what is told of those that stay does not change."""
    life = Life(random.Random(seed))
    script = founded(bindings, where("live"), 64)
    reader = LedgerReader(where("live"))
    witness = Witness(reader)
    before: dict[int, Life] = {}
    said: dict[int, list[Event]] = {}
    start = script.cursor.block
    chance = random.Random(seed + 1_000)
    for _ in range(160):
        block = script.cursor.block + 1
        before[block] = copy.deepcopy(life)
        life.day = day_of_time(1_000 * block)
        said[block] = life.block()
        script.say(*said[block])
        await witness.watch()
        if chance.random() < 0.05 and block - start > 12:
            to = block - chance.randint(1, 10)
            script.rewind(to)
            dice, done = life.dice, life.done
            life = before[to + 1]
            life.dice, life.done = dice, done
            witness.seen = {b: facts for b, facts in witness.seen.items() if b <= to}
    await witness.hold()
    assert len(life.done) == 13, life.done
    await by_day(reader, witness, script.cursor.block)
    reader.close()

    other = founded(bindings, where("once"), 64)
    while other.cursor.block < script.cursor.block:
        first = other.cursor.block + 1
        last = min(first + chance.randint(0, 20), script.cursor.block)
        logs = [[other.log(*event, tx=block) for event in said[block]] for block in range(first, last + 1)]
        fetched = other.range(*logs)
        final = Fetched(*(getattr(fetched, name) for name in Fetched.__slots__[:-2]), chance.random() < 0.5)  # type: ignore[arg-type]
        other.cursor = other.applier.apply(other.ledger, final, other.cursor)
    assert kept(other) == kept(script)
    for each in (script, other):
        each.connection.close()


async def by_day(reader: LedgerReader, witness: Witness, last: int) -> None:
    """A day is its last block; its statuses are those of that day."""
    assert len(set(witness.days.values())) > 1
    days = {day_of_time(1_000 * block) for block in witness.seen}
    for day in days:
        block = max(b for b in range(1, last + 1) if day_of_time(1_000 * b) == day)
        for party in PARTIES:
            found = await reader.position(party, When(day=day))
            assert found.moment.day == day
            assert found.moment.block in range(block - 20, block + 1)  # empty ones at its end are perhaps not kept
            assert told(found) == witness.seen[block][party]


async def test_moments_that_there_are_not(bindings: Bindings, where: Where) -> None:
    script = founded(bindings, where("index"), 64)
    reader = LedgerReader(where("index"))
    last = script.cursor.block
    now = await reader.position(1, NOW)
    assert (now.moment.block, now.notes, now.debts, now.cash, now.sums) == (last, (), (), (), ())
    with pytest.raises(NotFound, match="UnknownBlock"):
        await reader.position(1, When(block=last + 1))
    for day in (day_of_time(1_000 * last) + 1, -1):
        with pytest.raises(NotFound, match="UnknownDay"):
            await reader.position(1, When(day=day))
    reader.close()
    script.connection.close()
