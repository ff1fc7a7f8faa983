"""One request that races itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from api.domain.operations import Contract
from tests.api.http.town import WAIT, Town

TIMES = 50


@pytest.mark.parametrize("turn", range(2))
def test_a_duplicate_that_races_itself_fifty_times_is_one_operation(town: Town, turn: int) -> None:
    before = town.cash("core")
    body = {"party": 0, "to": town.ids["core"], "currency": "CNY", "amount": "7"}
    headers = {"Idempotency-Key": f"racing-{turn}-{before}"}

    def post(_: int) -> httpx.Response:
        with httpx.Client(base_url=town.http.base_url, timeout=120) as http:
            return http.post("/deposits", json=body, headers=headers)

    with ThreadPoolExecutor(max_workers=16) as pool:
        answers = list(pool.map(post, range(TIMES)))
    assert {a.status_code for a in answers} == {202}
    assert len({a.json()["operations"][0]["id"] for a in answers}) == 1
    last = town.http.post("/deposits", json=body, headers={**headers, **WAIT}).json()["operations"][0]
    assert (last["id"], last["status"]) == (answers[0].json()["operations"][0]["id"], "confirmed")
    assert town.cash("core") == before + 7
    other = town.http.post("/deposits", json={**body, "amount": "8"}, headers=headers)
    assert other.status_code == 409
    assert town.stack.view(Contract.TOKEN, "balanceOf", _account(town), at=_token(town)) == before + 7


def _account(town: Town) -> str:
    return str(town.get(f"/parties/{town.ids['core']}")["settlement_account"])


def _token(town: Town) -> str:
    deposits = town.get(f"/parties/{town.ids['core']}/deposits")
    return str(next(d["currency"]["token"] for d in deposits if d["currency"]["code"] == "CNY"))
