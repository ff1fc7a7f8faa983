"""What the demo prints at the end: who got what and when, the sums, one note's trace, and where the time went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from api.bootstrap import Services
from api.domain.calendar import date_of_day, day_of_time
from api.domain.views import CashLeg, NoteView, PartyName
from scripts.command import show, tabulate
from scripts.progress import LABELS, Progress
from scripts.trace import as_tree, money

FEW_PARTIES = 60
"""Above this many, the table of parties is left out."""


async def figures(services: Services, code: str) -> dict[str, Any]:
    """The sums of the ledger, as build/demo.json names them: counts, and minor units of the currency `code`."""
    totals = await services.ledger.model.totals()
    sums = next(s for s in totals.sums if s.currency.code == code)
    return {
        "receivables": totals.receivables,
        "notes": totals.notes,
        "max_tier": totals.max_tier,
        "notes_per_tier": {str(tier): count for tier, count in enumerate(totals.notes_per_tier, 1)},
        "refused": totals.refused,
        "financed": sums.financed,
        "cash_paid": sums.cash_paid,
        "repaid": sums.repaid,
        "outstanding": sums.outstanding,
    }


async def reach(services: Services, spoken: str) -> None:
    """How far credit came: receivables accepted, split, at tier 4, financed; by number, and by value of what was so."""
    kinds = {"accepted": "已签收", "split": "已拆分", "tier 4": "到达4级", "financed": "已融资"}
    reached: dict[str, set[int]] = {kind: set() for kind in kinds}
    values = dict.fromkeys(kinds, 0)
    total = value = 0
    cursor: str | None = None
    while True:
        page = await services.ledger.model.notes(
            holder=None, receivable=None, status=None, tier=None, cursor=cursor, limit=1000
        )
        for note in page.items:
            if note.origin == "confirmation":
                total, value = total + 1, value + note.face
            for kind in _reached(note):
                reached[kind].add(note.receivable)
                values[kind] += note.face
        if (cursor := page.next) is None:
            break
    headings = ("应收账款", "数量", "总数", "占比", "金额占比")
    if spoken != "zh":
        headings = ("receivables", "count", "of", "share", "share by value")
    rows = [
        (
            chinese if spoken == "zh" else kind,
            len(reached[kind]),
            total,
            f"{len(reached[kind]) / max(total, 1):.0%}",
            f"{values[kind] / max(value, 1):.0%}",
        )
        for kind, chinese in kinds.items()
    ]
    show(tabulate(headings, rows))


def _reached(note: NoteView) -> Iterator[str]:
    """What a note shows of its receivable."""
    if note.origin == "confirmation" and note.accepted is not None:
        yield "accepted"
    if note.origin == "split" and note.tier == 2:
        yield "split"
    if note.origin == "split" and note.tier == 4:
        yield "tier 4"
    if note.origin == "sale":
        yield "financed"


async def cash_by_party(services: Services, decimals: int, spoken: str) -> None:
    """Who got how much cash, from whom it was, and between which days."""
    gains: dict[PartyName, list[CashLeg]] = {}
    cursor: str | None = None
    while True:
        page = await services.ledger.receivables(debtor=None, status=None, cursor=cursor, limit=500)
        for receivable in page.items:
            for leg in (await services.ledger.fund_flow(receivable.id)).read.legs:
                gains.setdefault(leg.payee, []).append(leg)
        if (cursor := page.next) is None:
            break
    headings = (
        ("参与方", "贴现所得", "到期兑付", "首笔", "末笔")
        if spoken == "zh"
        else ("party", "cash from financing", "cash at maturity", "first", "last")
    )
    rows = []
    for party, legs in sorted(gains.items(), key=lambda kv: kv[0].id):
        days = [date_of_day(day_of_time(leg.source.time)).isoformat() for leg in legs]
        sums = [sum(leg.amount for leg in legs if leg.kind == kind) for kind in ("finance", "repayment")]
        name = party.name_zh if spoken == "zh" else party.name_en
        rows.append((name, *(money(s, decimals) for s in sums), min(days), max(days)))
    show(tabulate(headings, rows))


async def featured_trace(services: Services, spoken: str) -> None:
    """The trace of the note that the page opens on."""
    note = await services.ledger.featured()
    if note is not None:
        show(as_tree((await services.ledger.trace(note)).read, spoken))


def where_time_went(progress: Progress, spoken: str) -> None:
    """Seconds and pieces a second of each stage."""
    headings = ("阶段", "数量", "秒", "每秒") if spoken == "zh" else ("stage", "count", "seconds", "per second")
    rows = []
    for name, seconds in progress.seconds.items():
        count = progress.counts[name]
        label = LABELS[name][0 if spoken == "zh" else 1]
        rows.append((label, count, f"{seconds:.1f}", f"{count / seconds:.0f}" if seconds > 0 else ""))
    show(tabulate(headings, rows))


def peak_memory(pids: Mapping[str, int], spoken: str) -> None:
    """The most memory each process has held (VmHWM), in MiB."""
    rows = []
    for name, pid in pids.items():
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        peak = next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), "0")
        rows.append((name, f"{int(peak) // 1024} MiB"))
    show(tabulate(("进程", "内存峰值") if spoken == "zh" else ("process", "peak memory"), rows))
