"""The API over PostgreSQL, its own tables and the read model in one database: what test_reading and test_story ask of the
files is asked again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.http.stack import Stack, running
from tests.api.http.test_reading import (
    story,
    test_answers_have_the_documented_shape,
    test_filters,
    test_pages_follow_each_other,
    test_search,
    test_the_trace_leads_to_the_root_and_holds_everything_below,
)
from tests.api.http.test_story import test_credit_flows_down_to_tier_4_and_cash_comes_back
from tests.api.http.town import Town
from tests.postgresql import Server, server

__all__ = [
    "server",
    "story",
    "test_answers_have_the_documented_shape",
    "test_credit_flows_down_to_tier_4_and_cash_comes_back",
    "test_filters",
    "test_pages_follow_each_other",
    "test_search",
    "test_the_trace_leads_to_the_root_and_holds_everything_below",
]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Iterator[Stack]:
    url = server.new_database()
    with running(tmp_path_factory.mktemp("postgresql"), SCF_CHAIN_DB_URL=url, SCF_APP_DB_URL=url) as stack:
        yield stack


@pytest.fixture(scope="module")
def town(stack: Stack) -> Town:
    town = Town(stack)
    town.found()
    return town


def test_nothing_is_kept_in_files(town: Town) -> None:
    assert not list(town.stack.settings.home.glob("*.db"))
