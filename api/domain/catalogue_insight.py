"""Looking back and across: moments that the index does not know, and what cannot be told."""

from __future__ import annotations

from collections.abc import Mapping

from api.domain.text import Text

INSIGHT_TEXTS: Mapping[str, Text] = {
    "MomentAmbiguous": Text(
        "区块与日期只能给出一个",
        "A block or a date is asked for, not both",
        "区块 {block}，{day}",
        "block {block}, {day}",
    ),
    "UnknownFormat": Text(
        "没有这种输出格式", "There is no such form", "{format}（可选：{known}）", "{format} (one of: {known})"
    ),
    "UnknownTable": Text(
        "没有这张表", "There is no such table", "{table}（可选：{known}）", "{table} (one of: {known})"
    ),
    "FontMissing": Text(
        "缺少生成 PDF 所需的字体，请执行 make setup", "The font for PDFs is missing; run make setup", "{file}", "{file}"
    ),
    "ReportPartyMissing": Text(
        "该报告须指明参与方（party）", "This report is about a party: name it (party)", "{report}", "{report}"
    ),
    "UnknownReport": Text("没有这份报告", "There is no such report", "{report}", "{report}"),
    "UnknownAlert": Text("没有这条预警", "There is no such alert", "{alert}", "{alert}"),
    "UnknownBlock": Text("查询库中没有该区块", "The index does not know this block", "区块 {block}", "block {block}"),
    "UnknownDay": Text(
        "账本尚未到该日，或当日尚未开始", "The ledger has not come to this day, or had not begun", "{day}", "{day}"
    ),
}
