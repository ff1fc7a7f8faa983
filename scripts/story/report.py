"""What the demo prints at the end: who got what and when, the sums, one note's trace, and where the time went."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from api.bootstrap import Services
from api.domain.calendar import date_of_day, day_of_time
from api.domain.views import CashLeg, PartyName
from scripts.command import console, tabulate
from scripts.progress import LABELS, Progress
from scripts.trace import as_tree, money

FEW_PARTIES = 60
"""Above this many, the table of parties is left out."""


async def figures(services: Services) -> dict[str, Any]:
    """The sums of the ledger, as build/demo.json names them (minor units, or counts)."""
    totals = await services.ledger.model.totals()
    tiers = range(1, totals["max_tier"] + 1)
    return {
        "receivables": totals["receivables"],
        "notes": totals["notes"],
        "max_tier": totals["max_tier"],
        "notes_per_tier": {str(t): totals[f"notes_tier_{t}"] for t in tiers},
        "refused": totals["refused"],
        "financed": totals["financed"],
        "cash_paid": totals["cash_paid"],
        "repaid": totals["repaid"],
        "outstanding": totals["outstanding"],
    }


async def cash_by_party(services: Services, decimals: int, spoken: str) -> None:
    """Who got how much cash, from whom it was, and between which days."""
    gains: dict[PartyName, list[CashLeg]] = {}
    cursor: str | None = None
    while True:
        page = await services.ledger.receivables(debtor=None, status=None, cursor=cursor, limit=500)
        for receivable in page.items:
            for leg in (await services.ledger.fund_flow(receivable.id)).legs:
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
    console.print(tabulate(headings, rows))


async def featured_trace(services: Services, spoken: str) -> None:
    """The trace of the note that the page opens on."""
    note = await services.ledger.featured()
    if note is not None:
        console.print(as_tree(await services.ledger.trace(note), spoken))


def where_time_went(progress: Progress, spoken: str) -> None:
    """Seconds and pieces a second of each stage."""
    headings = ("阶段", "数量", "秒", "每秒") if spoken == "zh" else ("stage", "count", "seconds", "per second")
    rows = []
    for name, seconds in progress.seconds.items():
        count = progress.counts[name]
        label = LABELS[name][0 if spoken == "zh" else 1]
        rows.append((label, count, f"{seconds:.1f}", f"{count / seconds:.0f}" if seconds > 0 else ""))
    console.print(tabulate(headings, rows))


def peak_memory(pids: Mapping[str, int], spoken: str) -> None:
    """The most memory each process has held (VmHWM), in MiB."""
    rows = []
    for name, pid in pids.items():
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        peak = next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), "0")
        rows.append((name, f"{int(peak) // 1024} MiB"))
    console.print(tabulate(("进程", "内存峰值") if spoken == "zh" else ("process", "peak memory"), rows))
