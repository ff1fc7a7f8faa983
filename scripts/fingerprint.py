"""`scf fingerprint FILE...`: what is in these documents, and the fingerprint of each invoice. Needs no chain."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.config import load_settings
from api.domain.invoices import Answer, InvoiceItem
from api.domain.refusals import Language, printable, reason
from api.intake.money import decimal_text
from api.intake.reader import Reader
from scripts.intake_flags import (
    AliasesFlag,
    AssumeDueDaysFlag,
    BuyerFlag,
    ColumnsFlag,
    CountryFlag,
    CurrencyFlag,
    DecimalMarkFlag,
    EncodingFlag,
    LanguageFlag,
    SeedFlag,
    aliases,
    language,
    ledger_options,
    network_key,
)

NOTES = {
    "demo-key": (
        "no network key configured: using the published demo key, so these fingerprints protect nothing",
        "未配置网络密钥：使用公开的演示密钥，所得指纹不具保护作用",
    ),
    "assumed": (
        "{count} due dates are assumptions (--assume-due-days)",
        "{count} 个到期日为假定值（--assume-due-days）",
    ),
    "no-due-column": (
        "{count} items of ledgers without a due date column: an import refuses them unless told what to assume",
        "{count} 个条目来自没有到期日列的台账：未指定假定规则时，导入将拒绝",
    ),
}
_HEADINGS = {
    "en": ("file", "item", "number", "seller", "issued", "due", "payable", "fingerprint / why refused"),
    "zh": ("文件", "条目", "发票号码", "销售方", "开票日期", "到期日", "应付金额", "指纹 / 拒绝原因"),
}


def fingerprint(
    files: Annotated[list[str], typer.Argument(help="Invoices (UBL, CII) and ledgers (CSV). 发票与台账文件。")],
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a line. 每行一个 JSON 对象。")] = False,
    column: ColumnsFlag = None,
    encoding: EncodingFlag = "utf-8",
    decimal_mark: DecimalMarkFlag = ".",
    currency: CurrencyFlag = None,
    buyer: BuyerFlag = None,
    country: CountryFlag = None,
    alias_file: AliasesFlag = None,
    assume_due_days: AssumeDueDaysFlag = None,
    seed: SeedFlag = 0,
    lang: LanguageFlag = None,
) -> None:
    """Read documents and print each invoice's fingerprint, or why it is refused. 读取单据并输出每张发票的指纹。

    Exits 0 when every item got an answer, refusals included; 1 when a file could not be read.
    """
    spoken = language(lang)
    key, is_demo = network_key(load_settings())
    if is_demo:
        _note("demo-key", spoken)
    options = ledger_options(column, encoding, decimal_mark, currency, buyer, country, assume_due_days, seed)
    reader = Reader(key, aliases(alias_file), replace(options, let_pass_without_due_column=True))
    answers = _Counted(reader.read_files(files))
    if json_:
        for answer in answers:
            print(json.dumps(as_json(answer, spoken)))
    else:
        _show(answers, spoken)
    for rule, count in (("assumed", answers.assumed), ("no-due-column", answers.without_due)):
        if count:
            _note(rule, spoken, count)
    if answers.unreadable:
        raise typer.Exit(1)


class _Counted:
    """The answers as they pass, and how many of them a person must be told about."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self._answers = answers
        self.assumed = 0
        self.without_due = 0
        self.unreadable = 0

    def __iter__(self) -> Iterator[Answer]:
        for answer in self._answers:
            if isinstance(answer, InvoiceItem):
                self.assumed += "due_date" in answer.assumed
                self.without_due += answer.due_date is None
            else:
                self.unreadable += answer.rule == "file-unreadable"
            yield answer


def as_json(answer: Answer, spoken: Language) -> dict[str, str | None]:
    """One answer as it stands on a line of `--json`: identities as canonical strings, `payable` in minor units."""
    if not isinstance(answer, InvoiceItem):
        refused = reason(answer, spoken)
        return {"file": answer.file, "item": answer.item, "refused": refused, "rule": answer.rule}
    return {
        "file": answer.file,
        "item": answer.item,
        "seller": answer.seller.key,
        "buyer": answer.buyer.key if answer.buyer else None,
        "number": answer.number,
        "issue_date": answer.issue_date.isoformat(),
        "due_date": answer.due_date.isoformat() if answer.due_date else None,
        "currency": answer.currency,
        "payable": str(answer.payable),
        "fingerprint": answer.fingerprint,
    }


def _show(answers: Iterable[Answer], spoken: Language) -> None:
    console = Console()
    if not console.is_terminal:
        for answer in answers:
            sys.stdout.write("\t".join(_cells(answer, spoken)) + "\n")
        return
    table = Table(*_HEADINGS[spoken])
    for answer in answers:
        table.add_row(*map(Text, _cells(answer, spoken)), style=None if isinstance(answer, InvoiceItem) else "yellow")
    console.print(table)


def _cells(answer: Answer, spoken: Language) -> tuple[str, ...]:
    return tuple(map(printable, _columns(answer, spoken)))


def _columns(answer: Answer, spoken: Language) -> tuple[str, ...]:
    if not isinstance(answer, InvoiceItem):
        why = f"{reason(answer, spoken)} [{answer.rule}]"
        return (answer.file, answer.item, answer.number or "", "", "", "", "", why)
    amount = f"{decimal_text(answer.payable, answer.currency)} {answer.currency}"
    issued, due = answer.issue_date.isoformat(), answer.due_date.isoformat() if answer.due_date else "–"
    return (answer.file, answer.item, answer.number, answer.seller.name, issued, due, amount, answer.fingerprint)


def _note(rule: str, spoken: Language, count: int = 0) -> None:
    english, chinese = NOTES[rule]
    print((chinese if spoken == "zh" else english).format(count=count), file=sys.stderr)
