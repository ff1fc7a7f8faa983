"""The demo's story, gone on with after a run that ended between two acts of one stage."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rich.console import Console

from api.bootstrap import local_clock, open_services
from api.domain.calendar import day_of_time
from api.domain.invoices import DEMO_NETWORK_KEY
from api.domain.operations import Contract
from scripts.progress import Progress
from scripts.story.cast import CORE
from scripts.story.play import Play
from scripts.story.sources import sample_source
from tests.api.http.stack import Stack, running

MONEY = 10**12

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A network without parties."""
    with running(tmp_path_factory.mktemp("empty")) as stack:
        yield stack


async def test_who_got_the_money_but_no_allowance_gets_that(empty: Stack) -> None:
    async with open_services(empty.settings) as services:
        source = sample_source(DEMO_NETWORK_KEY, day_of_time((await services.chain.head()).time))
        accounts = [a for a in services.signer.accounts() if a != services.acts.operator]
        quiet = Progress(Console(quiet=True), "en")
        play = Play(services, source.cast, source.rules, accounts, quiet, local_clock(empty.settings))
        await play.admit()
        token = services.chain.tokens[source.currency]
        core, factor = play.parties[CORE], source.cast.financiers[0].id
        account = dict(zip((r.id for r in source.cast.roles), accounts, strict=False))
        for role in (CORE, factor):
            await services.acts.finish(await services.deposits.issue(token, account[role], MONEY))
        await services.acts.finish(await services.deposits.approve(core, token, Contract.REPAYMENT, MONEY))

        await play.fund(source.currency, MONEY)

        assert await services.deposits.balance(token, account[factor]) == MONEY
        assert await services.deposits.allowance(token, account[factor], Contract.FINANCING) >= MONEY
        assert await services.deposits.allowance(token, account[CORE], Contract.REPAYMENT) == MONEY
