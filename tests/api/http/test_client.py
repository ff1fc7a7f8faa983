"""The main road once more, as a program of a company walks it: with the generated client."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType
from typing import Any

import httpx
import pytest

from tests.api.http.client import load_client
from tests.api.http.town import REGISTRY, TRADE, Town


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return load_client(tmp_path_factory.mktemp("client"))


@pytest.fixture
def api(module: ModuleType, town: Town) -> Iterator[Any]:
    with module.Client(str(town.http.base_url)) as client:
        yield client


def test_it_is_typed_throughout(module: ModuleType) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "/dev/null", str(module.__file__)]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert checked.returncode == 0, checked.stdout


def test_a_debt_becomes_cash(api: Any, module: ModuleType, town: Town) -> None:
    core, tier1, bank = (town.ids[name] for name in ("core", "tier1", "bank"))
    issued, due = town.today(), town.today() + timedelta(days=100)
    ledger = f"doc_no,vendor,amount,issue_date,due_date,currency\nCLIENT-1,tier1,7000.00,{issued},{due},CNY\n"
    taken = api.imports_import_document({"party": core}, {"file": ("ledger.csv", ledger.encode(), "text/csv")})
    confirmed = api.receivables_confirm({"party": core, "items": [taken["imported"][0]["id"]]}, wait_s=30)
    assert [o["status"] for o in confirmed["operations"]] == ["confirmed"]
    *_, note = module.pages(api.notes_notes, holder=tier1, status="offered")
    api.notes_accept({"party": tier1, "notes": [note["id"]]}, wait_s=30)
    bid = {"note": note["id"], "rate_bps": 400, "max_amount": note["value"], "registry_reference": REGISTRY}
    api.financing_bid({"party": bank, "bids": [bid]})
    (best,) = api.financing_ranked(note=note["id"])["items"]
    deal = {"quote": best["id"], "amount": note["value"], "min_price": best["cash"]}
    before = town.cash("tier1")
    api.financing_finance({"party": tier1, "deals": [deal]}, wait_s=30)
    assert town.cash("tier1") == before + int(best["cash"])
    assert api.notes_note(note["id"])["status"] == "spent"


def test_a_refusal_is_raised_by_its_type(api: Any, module: ModuleType, town: Town) -> None:
    note = town.offered()
    split = {"party": note["holder"]["id"], "splits": [{"note": note["id"], "portions": []}]}
    split["splits"][0]["portions"] = [{"to": town.ids["tier2"], "amount": "1", "trade_hash": TRADE}]
    with pytest.raises(module.Problem) as raised:
        api.notes_split(split)
    assert (raised.value.status, raised.value.type) == (409, "/problems/not-held")
    assert raised.value.evidence["note"] == note["id"]
    assert raised.value.request_id


def test_every_page_of_a_listing(api: Any, module: ModuleType, town: Town) -> None:
    for _ in range(3):
        town.offered()
    whole = town.get("/notes", limit=500)["items"]
    assert [n["id"] for n in module.pages(api.notes_notes, limit=2)] == [n["id"] for n in whole]


def test_what_did_not_arrive_is_sent_again_under_the_same_key(api: Any, town: Town) -> None:
    """The server takes it, the answer is lost: the second try is answered with what the first became."""
    note = town.offered()
    sent: list[str] = []

    class Lossy(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            answer = super().handle_request(request)
            sent.append(request.headers["idempotency-key"])
            if len(sent) == 1:
                answer.read()
                raise httpx.ReadError("the line was cut", request=request)
            return answer

    api.http = httpx.Client(base_url=town.http.base_url, timeout=60, transport=Lossy())
    done = api.notes_accept({"party": note["holder"]["id"], "notes": [note["id"]]}, wait_s=30)
    assert len(sent) == 2
    assert len(set(sent)) == 1
    assert done["operations"][0]["status"] == "confirmed"
    latest = [o for o in town.get("/operations", limit=5)["items"] if o["id"] == done["operations"][0]["id"]]
    assert len(latest) == 1
