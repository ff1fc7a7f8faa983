"""`scf demo`: the main job on an embedded chain, from ledger to repayment, then the page. Also `brownie run demo`."""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import anyio
import typer

from api.bootstrap import Services, deploy_network, local_clock, open_services, start_local_chain
from api.config import FILE_NAME, PREFIX, load_settings
from api.domain.calendar import day_of_time
from api.domain.errors import InvalidInput, RuleBroken, Unavailable
from api.domain.invoices import DEMO_NETWORK_KEY, Duplicates
from api.domain.ledgers import ColumnMap
from api.domain.messages import explain
from api.services.intake import ImportReport
from scripts.command import console, for_brownie, guarded
from scripts.intake_flags import ColumnsFlag, language
from scripts.progress import Progress
from scripts.story import report
from scripts.story.play import Play
from scripts.story.sources import Source, ledger_source, sample_source
from scripts.supervise import Supervisor, module_command

TEST_MONEY = {"CNY": "Demo deposit CNY", "GBP": "Demo deposit GBP"}
DEMO_HOME = "demo"
STORY_FILE = "story.json"
RESULT = Path("build/demo.json")

OnceFlag = Annotated[bool, typer.Option("--once", help="Throwaway chain; ends after the story. 演示一次即结束。")]
LedgerFlag = Annotated[Path | None, typer.Option(help="A payables ledger (CSV) in place of the sample. 应付台账。")]
RowsFlag = Annotated[str, typer.Option(help="Documents to take from the ledger, or all. 单据数。")]
ResetFlag = Annotated[bool, typer.Option("--reset", help="Clear the demo's data and stop. 清除演示数据。")]
PortFlag = Annotated[int, typer.Option(help="First port to try for the page. 页面端口。")]
OutputFlag = Annotated[Path, typer.Option(help="Where --once writes its figures. 结果文件。")]


@dataclass(frozen=True)
class Wanted:
    """What the command line asked for. `rows` None takes all documents."""

    once: bool
    ledger: Path | None
    rows: int | None
    columns: ColumnMap
    output: Path
    port: int
    spoken: str


def demo(
    once: OnceFlag = False,
    ledger: LedgerFlag = None,
    rows: RowsFlag = "all",
    column: ColumnsFlag = None,
    reset: ResetFlag = False,
    port: PortFlag = 8000,
    output: OutputFlag = RESULT,
) -> None:
    """Play the main job from ledger to repayment, then serve the page. 演示主流程。"""
    home = load_settings().home / DEMO_HOME
    if reset:
        guarded(lambda: _clear(home))
        return
    wanted = Wanted(once, ledger, _rows(rows), ColumnMap.of(column or ()), output, port, language(None))
    if ledger is not None and not ledger.is_file():
        guarded(lambda: _raise(InvalidInput("FileMissing", field="ledger", file=str(ledger))))
    with _home(home, once) as folder:
        guarded(lambda: _supervised(wanted, folder))


def _supervised(wanted: Wanted, home: Path) -> None:
    environment = {"SCF_HOME": str(home), "SCF_HOST": "127.0.0.1", "SCF_DEMO_KEYS": "true"}
    try:
        with Supervisor(home) as supervisor:
            anyio.run(_play, wanted, home, supervisor, environment)
    except* KeyboardInterrupt:
        console.print("再见 / stopped")


async def _play(wanted: Wanted, home: Path, supervisor: Supervisor, environment: dict[str, str]) -> None:
    began = time.perf_counter()
    progress = Progress(console, wanted.spoken)
    chain = await start_local_chain(home, keeps_state=not wanted.once)
    supervisor.adopt("chain", chain.process)
    environment["SCF_RPC_URL"] = chain.url
    now = await chain.time()
    source = _read(wanted, day_of_time(now), progress)
    environment["SCF_DEMO_ACCOUNTS"] = str(len(source.cast.roles) + 1)
    settings = load_settings({**os.environ, **environment})
    await chain.fund(settings)
    await deploy_network(settings, TEST_MONEY, {})
    for name in ("indexer", "worker"):
        supervisor.start(name, module_command(f"api.{name}"), environment)
    if not wanted.once:
        _start_api(supervisor, environment, wanted.port)
        _remember(home, environment)
    async with open_services(settings) as services, anyio.create_task_group() as tasks:
        tasks.start_soon(_watch, supervisor)
        await services.ledger.model.wait_for((await services.chain.head()).block, 600)
        await _tell(wanted, home, services, source, progress, local_clock(settings))
        result = await _finish(services, source, progress, began)
        await _show(wanted, services, source, progress, supervisor, result)
        if wanted.once:
            _write(wanted.output, result)
            tasks.cancel_scope.cancel()
        else:
            supervisor.start("notifier", module_command("api.notifier"), environment)
            console.print(f"http://127.0.0.1:{environment['SCF_PORT']}/   (Ctrl-C)")
            await anyio.sleep_forever()
    if not result["verify_ok"]:
        raise RuleBroken("VerificationFailed", **result["first_difference"])


def _start_api(supervisor: Supervisor, environment: dict[str, str], first: int) -> None:
    """Starts it on the first free port from `first` on; on the next when somebody else takes that one meanwhile."""
    while True:
        port = _free_port(first)
        environment["SCF_PORT"] = str(port)
        try:
            supervisor.start("api", module_command("api.main"), environment)
            return
        except Unavailable:
            if _is_free(port):
                raise


def _remember(home: Path, environment: Mapping[str, str]) -> None:
    """Notes where this demo runs, so that every command with its folder as SCF_HOME finds it."""
    told = (f"{name.removeprefix(PREFIX).lower()} = {json.dumps(value)}" for name, value in environment.items())
    notice = "# Written by `scf demo` at each start."
    text = "\n".join([notice, *(line for line in told if not line.startswith("home "))])
    (home / FILE_NAME).write_text(text + "\n", encoding="utf-8")


def _read(wanted: Wanted, today: int, progress: Progress) -> Source:
    with progress.stage("import", 0):
        if wanted.ledger is None:
            return sample_source(DEMO_NETWORK_KEY, today)
        return ledger_source(DEMO_NETWORK_KEY, today, wanted.ledger, wanted.rows, wanted.columns)


async def _tell(
    wanted: Wanted, home: Path, services: Services, source: Source, progress: Progress, move_clock: Any
) -> None:
    """Plays the story, or what is left of it; one that is done is not played again."""
    done = home / STORY_FILE
    if done.exists():
        return
    accounts = [a for a in services.signer.accounts() if a != services.acts.operator]
    play = Play(services, source.cast, source.rules, accounts, progress, move_clock)
    await _drain(services)
    await play.admit()
    core = play.parties["core"]
    imported = ImportReport()
    with progress.stage("import", len(source.items)):
        for path in source.files:
            await services.documents.put(path.read_bytes())
        await services.importing.take(core, source.answers, imported, Duplicates(), source.files[0].name)
    _say_taken(wanted, source, imported)
    items = [*imported.imported, *imported.known]
    await play.fund(source.currency, 2 * sum(i.payable for i in items) + 1)
    await play.confirm(items)
    for rule, count in play.refused_items.items():
        console.print(f"  {explain(rule, {}, wanted.spoken)} [{rule}]: {count}")
    await play.pass_down(tier_limit=4)
    await play.finance()
    await play.mature()
    done.write_text(json.dumps({"told": True}), encoding="utf-8")


async def _drain(services: Services) -> None:
    """Waits for what an earlier run left in the outbox."""
    for status in ("queued", "submitted"):
        while (page := await services.box.listing(status=status, kind=None, cursor=None, limit=200)).items:
            await services.box.wait([o.id for o in page.items], 60)
    await services.ledger.model.wait_for((await services.chain.head()).block, 600)


async def _finish(services: Services, source: Source, progress: Progress, began: float) -> dict[str, Any]:
    result = await report.figures(services, source.currency)
    with progress.stage("verify", result["notes"]) as step:
        outcome = await services.verification.verify()
        step(result["notes"])
    result["conservation_ok"] = outcome.holds("I-1")
    result["custody_zero"] = outcome.holds("I-2")
    result["verify_ok"] = outcome.clean
    if outcome.first is not None:
        result["first_difference"] = outcome.first
    result["elapsed_s"] = round(time.perf_counter() - began)
    return result


async def _show(
    wanted: Wanted,
    services: Services,
    source: Source,
    progress: Progress,
    supervisor: Supervisor,
    result: Mapping[str, Any],
) -> None:
    await report.reach(services, wanted.spoken)
    currency = next(c for c in await services.ledger.model.currencies() if c.code == source.currency)
    if len(source.cast.roles) <= report.FEW_PARTIES:
        await report.cash_by_party(services, currency.decimals, wanted.spoken)
    await report.featured_trace(services, wanted.spoken)
    report.where_time_went(progress, wanted.spoken)
    report.peak_memory(supervisor.pids(), wanted.spoken)
    console.print(json.dumps(result, ensure_ascii=False))


def _say_taken(wanted: Wanted, source: Source, imported: ImportReport) -> None:
    """What was taken, refused and assumed, with counts."""
    chinese = wanted.spoken == "zh"
    for zh, en in source.cast.assumptions:
        console.print(f"假定：{zh}" if chinese else f"assumption: {en}")
    console.print(f"日期平移 {source.shift_days} 天" if chinese else f"dates moved by {source.shift_days} days")
    counts = (len(imported.imported), len(imported.known), len(imported.refused))
    text = "导入 {}，已有 {}，拒绝 {}" if chinese else "imported {}, known {}, refused {}"
    console.print(text.format(*counts))
    for rule, count in imported.reasons().items():
        console.print(f"  {rule}: {count}")


def _write(output: Path, result: Mapping[str, Any]) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


async def _watch(supervisor: Supervisor) -> None:
    while True:
        supervisor.check()
        await anyio.sleep(0.2)


@contextmanager
def _home(home: Path, once: bool) -> Iterator[Path]:
    """The folder of this run: the lasting one, or one that is gone afterwards."""
    if not once:
        yield home
        return
    with tempfile.TemporaryDirectory(prefix="cascade-demo-") as folder:
        yield Path(folder)


def _free_port(first: int) -> int:
    for port in range(first, first + 100):
        if _is_free(port):
            return port
    raise InvalidInput("NoFreePort", first=first)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _rows(text: str) -> int | None:
    if text == "all":
        return None
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise typer.BadParameter("want a number of documents, or all", param_hint="--rows")


def _clear(home: Path) -> None:
    """Removes the demo's data, unless a demo is running on it."""
    with Supervisor(home):
        for entry in home.iterdir():
            if entry.name == "lock":
                continue
            if entry.is_dir():
                shutil.rmtree(entry)
            else:
                entry.unlink()


def _raise(error: Exception) -> None:
    raise error


def main(*arguments: str) -> None:
    """For `brownie run`."""
    for_brownie(demo, arguments)
