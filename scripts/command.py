"""What every command shares: one entry into the services, one way to print, one way to fail."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import anyio
import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.tree import Tree

from api.bootstrap import Services, open_services
from api.config import load_settings
from api.domain.errors import CascadeError
from api.domain.messages import explain
from api.domain.operations import Operation
from api.exports.book import Book
from api.exports.formats import Format, file_name, write
from api.logs import configure_logging
from scripts.intake_flags import language

T = TypeVar("T")

FormFlag = Annotated[Format | None, typer.Option("--format", help="As a file in this form. 输出格式。")]
TableFlag = Annotated[str | None, typer.Option("--table", help="With csv: which table; the first by default. 表名。")]
OutFlag = Annotated[Path | None, typer.Option("--out", help="Where to write it. 输出文件。")]

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")]
PartyFlag = Annotated[int, typer.Option("--party", help="The acting party's id. 操作方编号。")]
KeyFlag = Annotated[
    str | None, typer.Option("--idempotency-key", help="The same key again gives the first answer. 幂等键。")
]

console = Console(highlight=False, soft_wrap=True, markup=False)


def run(action: Callable[[Services], Awaitable[T]]) -> T:
    """Opens the services of SCF_HOME, does `action`, closes them; a named error ends the command with 1."""

    async def enter() -> T:
        settings = load_settings()
        configure_logging(settings.log_level)
        async with open_services(settings) as services:
            return await action(services)

    return guarded(lambda: anyio.run(enter))


def guarded(action: Callable[[], T]) -> T:
    """Runs `action`; a named error is told in the user's language, and ends the command."""
    try:
        return action()
    except CascadeError as error:
        fail(error)
    except BaseExceptionGroup as group:
        named = group.subgroup(CascadeError)
        if named is None:
            raise
        fail(_first(named))


def fail(error: CascadeError) -> NoReturn:
    """Prints a named error on stderr and exits with 1."""
    print(f"{explain(error.rule, error.evidence, language(None))} [{error.rule}]", file=sys.stderr)
    raise typer.Exit(1)


def emit(data: Any, json_: bool, table: Callable[[], Table | str]) -> None:
    """Prints `data` as JSON, or what `table` makes of it."""
    if json_:
        print(orjson.dumps(data, default=str, option=orjson.OPT_INDENT_2).decode())
    else:
        show(table())


def deliver(book: Book, form: Format, table: str | None, out: Path | None) -> None:
    """Writes a book to a file, or prints it where it is text. The file is named after what is in it unless `out` is given."""
    content = guarded(lambda: write(book, form, table, language(None)))
    if out is None and form is not Format.XLSX:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    file = out or Path(file_name(book, form))
    file.write_bytes(content)
    typer.echo(f"{file}  {len(content):,} B")


def show(what: Table | Tree | str) -> None:
    """Prints a table or a tree; text as it is, its tabs too."""
    if isinstance(what, str):
        print(what, flush=True)
    else:
        console.print(what)


def tabulate(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> Table | str:
    """A table on a terminal, tab-separated lines elsewhere."""
    if not console.is_terminal:
        return "\n".join("\t".join(str(cell) for cell in row) for row in (headings, *rows))
    table = Table(*headings)
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    return table


def show_operations(operations: Sequence[Operation], json_: bool) -> None:
    """What became of an act."""
    rows = [(o.kind, o.status.value, o.tx_hash or "", o.block or "", o.gas_used or "") for o in operations]
    headings = ("act", "status", "transaction", "block", "gas")
    emit([dict(zip(headings, row, strict=True)) for row in rows], json_, lambda: tabulate(headings, rows))


def for_brownie(command: Callable[..., None], arguments: Sequence[str]) -> None:
    """Runs a command's function as `brownie run NAME main -- --party 1 …` does; brownie hands the `--` on."""
    app = typer.Typer(add_completion=False)
    app.command()(command)
    code = app([a for a in arguments if a != "--"], standalone_mode=False)
    if code:
        sys.exit(code)


def _first(group: BaseExceptionGroup[CascadeError]) -> CascadeError:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner
