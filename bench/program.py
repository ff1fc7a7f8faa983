"""The real processes over a throwaway chain: anvil, indexer, worker and API, as `scf demo --once` starts them, with the
sample's parties admitted and its invoices confirmed and accepted by the first creditors."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from api.bootstrap import Services, deploy_network, local_clock, open_services, start_local_chain
from api.chain.local import free_port
from api.config import Settings, load_settings
from api.domain.calendar import day_of_time
from api.domain.invoices import DEMO_NETWORK_KEY, Duplicates
from api.domain.views import NoteView
from api.services.intake import ImportReport
from scripts.progress import Progress
from scripts.story.play import Play
from scripts.story.sources import Source, sample_source
from scripts.supervise import Supervisor, module_command

_TEST_MONEY = {"CNY": "Demo deposit CNY"}


@dataclass(frozen=True)
class Program:
    """What runs: its services in this process, its API at `url`, the chain at `settings.rpc_url`."""

    services: Services
    settings: Settings
    url: str
    play: Play

    async def held(self) -> list[NoteView]:
        """All notes that are held, the largest first; at most 500."""
        page = await self.services.ledger.notes(status="held", limit=500)
        return sorted(page.items, key=lambda n: -n.value)


@asynccontextmanager
async def program() -> AsyncIterator[Program]:
    """Starts everything on free ports in a folder of its own; ends and removes it afterwards."""
    with tempfile.TemporaryDirectory() as folder, Supervisor(Path(folder)) as supervisor:
        home = Path(folder)
        chain = await start_local_chain(home, keeps_state=False)
        supervisor.adopt("chain", chain.process)
        source = sample_source(DEMO_NETWORK_KEY, day_of_time(await chain.time()))
        environment = {
            "SCF_HOME": folder,
            "SCF_PORT": str(free_port()),
            "SCF_RPC_URL": chain.url,
            "SCF_DEMO_KEYS": "true",
            "SCF_DEMO_ACCOUNTS": str(len(source.cast.roles) + 1),
        }
        settings = load_settings({**os.environ, **environment})
        await chain.fund(settings)
        await deploy_network(settings, _TEST_MONEY, {})
        for name in ("indexer", "worker", "main"):
            supervisor.start(name, module_command(f"api.{name}"), environment)
        async with open_services(settings) as services:
            play = await _confirmed(services, settings, source)
            yield Program(services, settings, f"http://127.0.0.1:{settings.port}", play)


async def _confirmed(services: Services, settings: Settings, source: Source) -> Play:
    accounts = [a for a in services.signer.accounts() if a != services.acts.operator]
    quiet = Progress(Console(quiet=True), "en")
    play = Play(services, source.cast, source.rules, accounts, quiet, local_clock(settings))
    await play.admit()
    report = ImportReport()
    await services.importing.take(play.parties["core"], source.answers, report, Duplicates(), source.files[0].name)
    await play.fund(source.currency, 2 * sum(i.payable for i in report.imported))
    await play.confirm(report.imported)
    await play.pass_down(tier_limit=1)
    return play
