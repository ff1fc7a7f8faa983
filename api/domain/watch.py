"""Watching the ledger: rules over what happened in a stretch of blocks, each with its severity, its reason in both languages,
and what it is about. Rules are pure: the same stretch gives the same alerts under the same keys, so that watching twice tells
nothing twice.

An alert says "look here", never "this is wrong": every one of these shapes has innocent cases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any

from api.domain.calendar import day_of_time
from api.domain.status import ReceivableFlag

Facts = Mapping[str, Any]


class Severity(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the watch is: a block and its hash, the last note, receivable and imported invoice that were looked at."""

    block: int = -1
    hash: str = ""
    note: int = 0
    receivable: int = 0
    item: int = 0


# -- what rules look at


@dataclass(frozen=True, slots=True)
class Step:
    """A note on the way from a root down: who held it, how it came, what came."""

    note: int
    holder: int
    origin: str
    face: int


@dataclass(frozen=True, slots=True)
class Born:
    """A note that came into being in the stretch; `above` leads from the root to its parent."""

    note: int
    receivable: int
    holder: int
    origin: str
    face: int
    block: int
    time: int
    above: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Portion:
    """A child of a note, whenever it came: what was passed to whom."""

    parent: int
    giver: int
    receivable: int
    note: int
    holder: int
    origin: str
    face: int
    block: int
    time: int


@dataclass(frozen=True, slots=True)
class Debt:
    """A receivable that was confirmed, in the stretch or before."""

    receivable: int
    debtor: int
    creditor: int
    currency: int
    face: int
    flags: int
    confirmed_day: int
    block: int
    time: int
    new: bool
    """Whether it was confirmed in the stretch."""


@dataclass(frozen=True, slots=True)
class Sale:
    """Cash for a note in the stretch."""

    note: int
    receivable: int
    seller: int
    financier: int
    face: int
    rate_bps: int
    block: int
    time: int


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a financier that bought in the stretch holds in one currency, by debtor, at its end."""

    financier: int
    currency: int
    by_debtor: Mapping[int, int]
    notes: int
    block: int
    time: int


@dataclass(frozen=True, slots=True)
class Overdue:
    """A debt that was declared overdue in the stretch, and who waits for it."""

    receivable: int
    debtor: int
    outstanding: int
    holders: tuple[int, ...]
    deepest_tier: int
    block: int
    time: int


@dataclass(frozen=True, slots=True)
class Invoice:
    """An imported invoice, of app.db. `issued` is a date's ordinal."""

    id: int
    buyer: int
    seller: str
    number: str
    currency: str
    payable: int
    issued: int
    file: str
    file_hash: str
    fingerprint: str
    receivables: tuple[int, ...] = ()
    """Debts that it backs."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Blocks up to `block`, and of what was before them what the rules look back on."""

    block: int
    time: int
    born: tuple[Born, ...] = ()
    portions: tuple[Portion, ...] = ()
    """All children of notes that got one in the stretch, and what their givers passed on in the thirty days before."""
    debts: tuple[Debt, ...] = ()
    """New ones, and older ones of the same debtors."""
    sales: tuple[Sale, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    overdue: tuple[Overdue, ...] = ()
    invoices: tuple[Invoice, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """`key` names the thing, so that it is told once. `note` and `receivable` lead to its story."""

    key: str
    rule: str
    block: int
    time: int
    parties: tuple[int, ...]
    note: int | None
    receivable: int | None
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Who has seen an alert, when (Unix seconds), and what they say of it. `person` None: locally, or a program."""

    party: int
    person: str | None
    at: int
    remark: str


@dataclass(frozen=True, slots=True)
class KeptAlert:
    """An alert as it is kept."""

    id: int
    alert: Alert
    severity: Severity
    acknowledged: Acknowledged | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Texts take the facts by name."""

    name: str
    severity: Severity
    title: tuple[str, str]
    why: tuple[str, str]
    find: Callable[[Stretch], Iterable[Alert]]


# -- the rules

WASH_PORTIONS, WASH_DAYS = 4, 3
TWIN_DAYS, TWIN_EDITS = 7, 2
MOST_SHARE_BPS, LEAST_NOTES = 5_000, 5
TIMES_USUAL, LEAST_DAYS = 5, 3
LOOK_BACK_DAYS = 30
HIGH_RATE_BPS = 2_400
_DAY = 86_400


def circular(stretch: Stretch) -> Iterator[Alert]:
    """Value of a debt that came back to who had passed it on. A recourse brings a note back by the rules."""
    for note in stretch.born:
        if note.origin not in ("split", "sale"):
            continue
        start = max((i for i, step in enumerate(note.above) if step.holder == note.holder), default=None)
        if start is not None:
            way = [step.note for step in note.above[start:]] + [note.note]
            between = tuple(dict.fromkeys(step.holder for step in note.above[start:]))
            yield Alert(
                f"circular:{note.note}",
                "circular_transfer",
                note.block,
                note.time,
                between,
                note.note,
                note.receivable,
                {"party": note.holder, "notes": way, "amount": note.face},
            )


def washing(stretch: Stretch) -> Iterator[Alert]:
    """One note split again and again to the same receiver within days, which no trade asks for."""
    groups: dict[tuple[int, int], list[Portion]] = defaultdict(list)
    new = {note.note for note in stretch.born}
    for portion in stretch.portions:
        if portion.origin == "split":
            groups[portion.parent, portion.holder].append(portion)
    for (parent, holder), portions in groups.items():
        portions.sort(key=lambda p: (p.time, p.note))
        for last in range(WASH_PORTIONS - 1, len(portions)):
            some = portions[last - WASH_PORTIONS + 1 : last + 1]
            if some[-1].note in new and some[-1].time - some[0].time <= WASH_DAYS * _DAY:
                yield Alert(
                    f"washing:{parent}:{holder}",
                    "wash_splitting",
                    some[-1].block,
                    some[-1].time,
                    (some[0].giver, holder),
                    parent,
                    some[0].receivable,
                    {
                        "party": some[0].giver,
                        "receiver": holder,
                        "note": parent,
                        "count": len(portions),
                        "amount": sum(p.face for p in portions),
                    },
                )
                break


def twins(stretch: Stretch) -> Iterator[Alert]:
    """Debts of the same parties over the same amount within days."""
    groups: dict[tuple[int, int, int, int], list[Debt]] = defaultdict(list)
    for debt in stretch.debts:
        if not debt.flags & ReceivableFlag.CANCELLED:
            groups[debt.debtor, debt.creditor, debt.currency, debt.face].append(debt)
    for (debtor, creditor, _, face), debts in groups.items():
        debts.sort(key=lambda d: d.receivable)
        for first, second in pairwise(debts):
            if second.new and second.confirmed_day - first.confirmed_day <= TWIN_DAYS:
                yield Alert(
                    f"twins:{first.receivable}:{second.receivable}",
                    "near_duplicate",
                    second.block,
                    second.time,
                    (debtor, creditor),
                    None,
                    second.receivable,
                    {
                        "party": creditor,
                        "other": first.receivable,
                        "receivable": second.receivable,
                        "amount": face,
                        "days": second.confirmed_day - first.confirmed_day,
                    },
                )


def edited(stretch: Stretch) -> Iterator[Alert]:
    """Invoices of one seller over one amount within days whose numbers differ by a letter or two."""
    groups: dict[tuple[str, str, int], list[Invoice]] = defaultdict(list)
    for invoice in stretch.invoices:
        groups[invoice.seller, invoice.currency, invoice.payable].append(invoice)
    for invoices in groups.values():
        invoices.sort(key=lambda i: (i.issued, i.id))
        for place, first in enumerate(invoices):
            for second in invoices[place + 1 :]:
                if second.issued - first.issued > TWIN_DAYS:
                    break
                if first.number != second.number and _near(_plain(first.number), _plain(second.number)):
                    yield _pair("edited_number", first, second, stretch)


def renamed(stretch: Stretch) -> Iterator[Alert]:
    """The same file under another name, giving other invoices."""
    files: dict[str, list[Invoice]] = defaultdict(list)
    for invoice in stretch.invoices:
        files[invoice.file_hash].append(invoice)
    for invoices in files.values():
        invoices.sort(key=lambda i: i.id)
        first = invoices[0]
        second = next((i for i in invoices if i.file != first.file), None)
        if second is not None:
            yield _pair("same_file", first, second, stretch)


def _pair(rule: str, first: Invoice, second: Invoice, stretch: Stretch) -> Alert:
    backed = [*second.receivables, *first.receivables]
    return Alert(
        f"{rule}:{first.fingerprint}:{second.fingerprint}",
        rule,
        stretch.block,
        stretch.time,
        tuple(dict.fromkeys((first.buyer, second.buyer))),
        None,
        backed[0] if backed else None,
        {
            "party": second.buyer,
            "number": second.number,
            "other": first.number,
            "file": second.file,
            "other_file": first.file,
            "amount": second.payable,
            "currency": second.currency,
            "items": [first.id, second.id],
        },
    )


def _plain(number: str) -> str:
    return "".join(letter for letter in number.casefold() if letter.isalnum())


def _near(one: str, other: str) -> bool:
    """Whether a letter or two differ, of at least six: running numbers of one series differ in the last place alone, and are
    near only where that is not a step of one to nine."""
    if min(len(one), len(other)) < 6 or _next_in_series(one, other):
        return False
    return _distance(one, other) <= TWIN_EDITS


def _next_in_series(one: str, other: str) -> bool:
    """Both end in digits after the same beginning: numbers of one series, as sellers count them."""
    head, other_head = one.rstrip("0123456789"), other.rstrip("0123456789")
    tail, other_tail = one[len(head) :], other[len(other_head) :]
    return head == other_head and bool(tail) and len(tail) == len(other_tail) and abs(int(tail) - int(other_tail)) < 100


def _distance(one: str, other: str) -> int:
    """Levenshtein's."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, row[0] = row[0], i
        for j, opposite in enumerate(other, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != opposite))
    return row[-1]


def concentration(stretch: Stretch) -> Iterator[Alert]:
    """A financier more than half of whose notes' value is one debtor's."""
    for one in stretch.exposures:
        whole = sum(one.by_debtor.values())
        for debtor, value in sorted(one.by_debtor.items()):
            if one.notes >= LEAST_NOTES and value * 10_000 > MOST_SHARE_BPS * whole and len(one.by_debtor) > 1:
                month = f"{date.fromordinal(date(1970, 1, 1).toordinal() + day_of_time(one.time)):%Y-%m}"
                yield Alert(
                    f"concentration:{one.financier}:{debtor}:{one.currency}:{month}",
                    "concentration",
                    one.block,
                    one.time,
                    (one.financier, debtor),
                    None,
                    None,
                    {"party": one.financier, "debtor": debtor, "amount": value, "percent": value * 100 // whole}
                    | {"currency": one.currency},
                )


def velocity(stretch: Stretch) -> Iterator[Alert]:
    """A party that passes on in a day many times what it usually does. Only parties with a history have a usual."""
    days: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    last: dict[tuple[int, int], Portion] = {}
    new = {note.note for note in stretch.born}
    for portion in stretch.portions:
        day = day_of_time(portion.time)
        days[portion.giver][day] += portion.face
        if portion.note in new:
            last[portion.giver, day] = portion
    for (giver, day), portion in sorted(last.items()):
        before = [sum_ for other, sum_ in days[giver].items() if day - LOOK_BACK_DAYS <= other < day]
        if len(before) >= LEAST_DAYS and days[giver][day] * len(before) > TIMES_USUAL * sum(before):
            yield Alert(
                f"velocity:{giver}:{day}",
                "velocity",
                portion.block,
                portion.time,
                (giver,),
                portion.parent,
                portion.receivable,
                {"party": giver, "amount": days[giver][day], "usual": sum(before) // len(before), "days": len(before)},
            )


def long_terms(stretch: Stretch) -> Iterator[Alert]:
    """Debts that policy flags when they are confirmed."""
    for debt in stretch.debts:
        for flag, name in ((ReceivableFlag.LONG_TENOR, "long_tenor"), (ReceivableFlag.LONG_TERMS, "long_terms")):
            if debt.new and debt.flags & flag:
                yield Alert(
                    f"{name}:{debt.receivable}",
                    name,
                    debt.block,
                    debt.time,
                    (debt.debtor, debt.creditor),
                    None,
                    debt.receivable,
                    {"party": debt.debtor, "receivable": debt.receivable, "amount": debt.face},
                )


def dear(stretch: Stretch) -> Iterator[Alert]:
    """Financing at a rate that courts do not protect."""
    for sale in stretch.sales:
        if sale.rate_bps > HIGH_RATE_BPS:
            yield Alert(
                f"dear:{sale.note}:{sale.block}",
                "high_rate",
                sale.block,
                sale.time,
                (sale.seller, sale.financier),
                sale.note,
                sale.receivable,
                {"party": sale.seller, "financier": sale.financier, "note": sale.note, "rate_bps": sale.rate_bps}
                | {"amount": sale.face},
            )


def overdue_chain(stretch: Stretch) -> Iterator[Alert]:
    """A debt that was declared overdue, and how many wait for it down the chain."""
    for debt in stretch.overdue:
        yield Alert(
            f"overdue:{debt.receivable}:{debt.block}",
            "overdue_chain",
            debt.block,
            debt.time,
            (debt.debtor, *debt.holders),
            None,
            debt.receivable,
            {
                "party": debt.debtor,
                "receivable": debt.receivable,
                "amount": debt.outstanding,
                "count": len(debt.holders),
                "tier": debt.deepest_tier,
            },
        )


RULES: Sequence[Rule] = (
    Rule(
        "circular_transfer",
        Severity.HIGH,
        ("循环流转", "Circular transfer"),
        (
            "参与方 {party} 流转出去的 {amount} 又回到其手中，途经凭证 {notes}",
            "{amount} that party {party} had passed on came back to it, by notes {notes}",
        ),
        circular,
    ),
    Rule(
        "wash_splitting",
        Severity.MEDIUM,
        ("反复拆分", "Wash splitting"),
        (
            f"参与方 {{party}} 在 {WASH_DAYS} 日内将凭证 {{note}} 反复拆给同一接收方 {{receiver}}：{{count}} 份，共 {{amount}}",
            f"Party {{party}} split note {{note}} to the same receiver {{receiver}} again and again within {WASH_DAYS} days: "
            "{count} portions, {amount} in all",
        ),
        washing,
    ),
    Rule(
        "near_duplicate",
        Severity.HIGH,
        ("疑似重复确权", "Near-duplicate debts"),
        (
            "应收账款 {receivable} 与 {other} 双方相同、金额同为 {amount}，相隔 {days} 日",
            "Receivables {receivable} and {other}: the same parties, the same amount {amount}, {days} days apart",
        ),
        twins,
    ),
    Rule(
        "edited_number",
        Severity.HIGH,
        ("疑似改号发票", "Invoice under an edited number"),
        (
            "同一卖方、同一金额 {amount} 的发票号码仅差一两个字符：{number} 与 {other}",
            "Invoices of one seller over the same amount {amount}, and in the number a letter or two differ: {number}, {other}",
        ),
        edited,
    ),
    Rule(
        "same_file",
        Severity.HIGH,
        ("同一文件换名导入", "The same file under another name"),
        (
            "同一文件先后以 {other_file} 与 {file} 之名导入，得到不同的发票",
            "The same file was imported as {other_file} and as {file}, and gave different invoices",
        ),
        renamed,
    ),
    Rule(
        "concentration",
        Severity.MEDIUM,
        ("集中度过高", "Concentration"),
        (
            "资金方 {party} 持有余额的 {percent}% 系于同一核心企业 {debtor}（{amount}）",
            "{percent}% of what financier {party} holds is owed by one debtor, {debtor} ({amount})",
        ),
        concentration,
    ),
    Rule(
        "velocity",
        Severity.MEDIUM,
        ("流转异常加速", "Unusual velocity"),
        (
            "参与方 {party} 当日流转 {amount}，而此前 {days} 个活跃日平均为 {usual}",
            "Party {party} passed on {amount} in a day; on {days} active days before it was {usual} on the average",
        ),
        velocity,
    ),
    Rule(
        "long_tenor",
        Severity.LOW,
        ("期限超过 6 个月", "Tenor above the default"),
        (
            "核心企业 {party} 的应收账款 {receivable}（{amount}）期限超过默认上限",
            "Receivable {receivable} of debtor {party} ({amount}) has a tenor above the default",
        ),
        lambda stretch: (alert for alert in long_terms(stretch) if alert.rule == "long_tenor"),
    ),
    Rule(
        "long_terms",
        Severity.LOW,
        ("账期超过 60 日", "Payment terms above policy"),
        (
            "核心企业 {party} 的应收账款 {receivable}（{amount}）自交付起的账期超过政策",
            "Receivable {receivable} of debtor {party} ({amount}) falls due later after delivery than policy has it",
        ),
        lambda stretch: (alert for alert in long_terms(stretch) if alert.rule == "long_terms"),
    ),
    Rule(
        "high_rate",
        Severity.MEDIUM,
        ("融资成本过高", "Dear financing"),
        (
            "参与方 {party} 以年化 {rate_bps} 个基点向资金方 {financier} 贴现凭证 {note}（{amount}）",
            "Party {party} sold note {note} ({amount}) to financier {financier} at {rate_bps} basis points a year",
        ),
        dear,
    ),
    Rule(
        "overdue_chain",
        Severity.HIGH,
        ("逾期链条", "An overdue chain"),
        (
            "核心企业 {party} 的应收账款 {receivable} 已宣告逾期：未付 {amount}，{count} 个持有方在等，最深第 {tier} 级",
            "Receivable {receivable} of debtor {party} was declared overdue: {amount} unpaid, {count} holders wait, "
            "down to tier {tier}",
        ),
        overdue_chain,
    ),
)
BY_NAME: Mapping[str, Rule] = {rule.name: rule for rule in RULES}


def alerts(stretch: Stretch) -> list[Alert]:
    """What all rules find, each thing once."""
    found = {alert.key: alert for rule in RULES for alert in rule.find(stretch)}
    return sorted(found.values(), key=lambda a: (a.block, a.key))
