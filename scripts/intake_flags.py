"""Command line flags about documents, shared by every command that reads some."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from api.config import Settings
from api.domain.invoices import DEMO_NETWORK_KEY, Assumption
from api.domain.ledgers import ColumnMap, DecimalMark, LedgerOptions
from api.domain.party_identity import AliasTable, identify
from api.domain.refusals import Language
from api.intake.aliases import load_aliases
from api.intake.keys import load_network_key

ColumnsFlag = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="ROLE=HEADER",
        help="Ledger column: number, vendor, vendor_vat, amount, date, due_date, currency, buyer (repeat). "
        "台账列映射，可重复。",
    ),
]
EncodingFlag = Annotated[str, typer.Option(help="Encoding of ledgers without a byte order mark. 台账编码。")]
DecimalMarkFlag = Annotated[str, typer.Option(help="Decimal mark of ledgers, '.' or ','. 小数点符号。")]
CurrencyFlag = Annotated[str | None, typer.Option(help="Currency of ledgers that name none. 台账币种。")]
BuyerFlag = Annotated[str | None, typer.Option(help="Whose ledger it is, where no column says. 台账所属企业。")]
CountryFlag = Annotated[
    str | None, typer.Option(help="Country of vendors' tax numbers without a prefix. 税号所属国家代码。")
]
AliasesFlag = Annotated[
    Path | None, typer.Option("--aliases", help="JSON: identities that stand for one party. 同一主体的多个标识。")
]
AssumeDueDaysFlag = Annotated[
    str | None,
    typer.Option(
        metavar="DAYS[-DAYS]",
        help="Assume due dates that no document states: so many days after the issue date. 假定到期日。",
    ),
]
SeedFlag = Annotated[int, typer.Option(help="Seed of the assumed due dates. 假定到期日的随机种子。")]
LanguageFlag = Annotated[
    str | None, typer.Option("--lang", help="en or zh; else SCF_LANG, else the system's language. 语言。")
]


def ledger_options(
    column: list[str] | None,
    encoding: str,
    decimal_mark: str,
    currency: str | None,
    buyer: str | None,
    country: str | None,
    assume_due_days: str | None,
    seed: int,
) -> LedgerOptions:
    """The options that these flags mean. Raises typer.BadParameter."""
    marks: dict[str, DecimalMark] = {".": ".", ",": ","}
    if decimal_mark not in marks:
        raise typer.BadParameter("want '.' or ','", param_hint="--decimal-mark")
    try:
        columns = ColumnMap.of(column or ())
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--column") from None
    return LedgerOptions(
        columns=columns,
        encoding=encoding,
        decimal_mark=marks[decimal_mark],
        currency=currency,
        buyer=identify(name=buyer),
        country=country,
        assumption=assumption(assume_due_days, seed),
    )


def assumption(days: str | None, seed: int) -> Assumption | None:
    """The assumption that `--assume-due-days 60` or `30-90` means. Raises typer.BadParameter."""
    if days is None:
        return None
    first, _, last = days.partition("-")
    try:
        return Assumption(int(first), int(last or first), seed)
    except ValueError:
        raise typer.BadParameter("want DAYS or DAYS-DAYS", param_hint="--assume-due-days") from None


def aliases(path: Path | None) -> AliasTable:
    """The alias table of a file, or an empty one. Raises InvalidInput("AliasFileInvalid")."""
    return AliasTable() if path is None else load_aliases(path)


def network_key(settings: Settings) -> tuple[bytes, bool]:
    """The network key, and whether it is the published demo key, which stands in where no key was configured or made.

    A key file that was named but is not there is an error, never a reason to fall back. Raises as load_network_key.
    """
    path = settings.path(settings.network_key_file)
    named = settings.sources.get("network_key_file", "default") != "default"
    if not named and not path.exists():
        return DEMO_NETWORK_KEY, True
    return load_network_key(path), False


def language(flag: str | None) -> Language:
    """The language for people: the flag, else SCF_LANG, else the system's. Raises typer.BadParameter."""
    system = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    choice = flag or os.environ.get("SCF_LANG") or ("zh" if system.startswith("zh") else "en")
    if choice not in ("en", "zh"):
        raise typer.BadParameter("want en or zh", param_hint="--lang")
    return "zh" if choice == "zh" else "en"
