"""Requests that nobody thought of: whatever comes, the answer is a documented one and never a failure of the server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from api.config import load_settings
from api.main import create_app
from tests.api.http.stack import Stack, running

schema = schemathesis.openapi.from_dict(create_app(load_settings({})).openapi()).exclude(path="/operations/events")
"""Without the stream, which ends when its reader wants (tests/api/http/test_events.py)."""
schema.config.seed = 20_250_615


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A network of its own: nobody knows what is left of it afterwards."""
    with running(tmp_path_factory.mktemp("fuzzed")) as stack:
        yield stack


@schema.parametrize()
@settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_makes_the_server_fail(case: Case, fuzzed: Stack) -> None:
    checks = [not_a_server_error, status_code_conformance, content_type_conformance]
    case.call_and_validate(base_url=str(fuzzed.http.base_url), checks=checks)
