"""One story in which everybody stands in some relation to something, and ways to ask the API as each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

from api.bootstrap import Services, open_services
from api.config import Identity
from api.domain.access import Relation
from api.domain.principal import PersonRole, Principal
from api.main import create_app
from tests.api.http.town import WAIT, Town

OPERATOR = "operator"


def person(party: int, *roles: PersonRole) -> Principal:
    """Somebody of a party, signed in; an administrator, maker and checker unless named."""
    held = frozenset(roles) or frozenset(PersonRole)
    return Principal(party, f"{party:032x}", held, frozenset(), "session", f"{party:032x}", None)


def key(party: int, *scopes: str) -> Principal:
    return Principal(party, None, frozenset(), frozenset(scopes), "api_key", f"{party:032x}", None)


class Everybody:
    """Asks the API as whomever, over the same network; the app is this process's own, and takes their word for who they
    are."""

    def __init__(self, town: Town, portal: BlockingPortal, services: Services) -> None:
        self.town = town
        self._portal = portal
        settings = replace(services.settings, identity=Identity.REQUIRED, metrics_open=True, requests_per_minute=0)
        self._app: FastAPI = create_app(settings, replace(services, settings=settings))
        self._principals: dict[str, Principal] = {}
        services.identity.sign_in.authenticate = self._known  # type: ignore[method-assign]

    async def _known(self, token: str) -> Principal:
        return self._principals[token]

    def party(self, name: str) -> int:
        return 0 if name == OPERATOR else self.town.ids[name]

    def ask(
        self, who: str | Principal, method: str, path: str, headers: Mapping[str, str] | None = None, **request: Any
    ) -> httpx.Response:
        principal = person(self.party(who)) if isinstance(who, str) else who
        token = str(len(self._principals))
        self._principals[token] = principal
        said = {"Authorization": f"Bearer {token}"}

        async def answer() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=60) as client:
                return await client.request(method, path, headers={**WAIT, **said, **(headers or {})}, **request)

        return self._portal.call(answer)

    def get(self, who: str | Principal, path: str, **query: Any) -> Any:
        answer = self.ask(who, "GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def all_of(self, who: str | Principal, path: str, limit: int = 2, **query: Any) -> list[Any]:
        """Every page, each full but the last."""
        items: list[Any] = []
        cursor: str | None = None
        while True:
            more = {} if cursor is None else {"cursor": cursor}
            page = self.get(who, path, limit=limit, **query, **more)
            items += page["items"]
            if (cursor := page["next"]) is None:
                return items
            assert len(page["items"]) == limit


@contextmanager
def everybody(town: Town) -> Iterator[Everybody]:
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(open_services(town.stack.settings)) as services,
    ):
        yield Everybody(town, portal, services)


@dataclass(frozen=True)
class Story:
    """Notes by name, and their debt."""

    receivable: int
    notes: dict[str, int]
    matured: int
    matured_notes: dict[str, int]
    quotes: dict[str, str]
    item: int
    strangers_item: int


def tell(town: Town, be: Everybody) -> Story:
    """core owes tier1, which passes on to tier2, and tier2 to tier3; tier4 has not answered yet; tier2 sold to the bank,
    and asks the factor too. Another debt is due, and a part of it paid before."""
    ids = town.ids
    due = town.held(amount=9_000_00, due_in=1)
    early = town.passed(due, "tier2", 1_000_00)
    late = town.passed(due, "tier3", 2_000_00)
    town.do("/repayments", {"party": ids["core"], "notes": [early["id"]]})
    town.pass_days(2)

    root = town.held(amount=50_000_00, due_in=120)
    middle = town.passed(root, "tier2", 20_000_00)
    leaf = town.passed(middle, "tier3", 5_000_00)
    offer = town.passed_open(root, "tier4", 1_000_00)
    request = {"party": ids["tier2"], "note": middle["id"], "financiers": [ids["bank"], ids["factor"]]}
    assert be.ask("tier2", "POST", "/quote-requests", json=request).status_code == 201
    quotes = {name: town.quoted(town.note(middle["id"]), name, rate_bps=rate) for name, rate in _RATES.items()}
    town.do("/financings", town.deal(town.note(middle["id"]), quotes["bank"], 6_000_00))
    sold = town.note(town.get("/status")["totals"]["notes"])
    assert sold["origin"] == "sale"
    notes = {"root": root, "middle": middle, "leaf": leaf, "offer": offer, "sold": sold}
    return Story(
        receivable=root["receivable"],
        notes={name: note["id"] for name, note in notes.items()},
        matured=due["receivable"],
        matured_notes={"root": due["id"], "early": early["id"], "late": late["id"]},
        quotes=quotes,
        item=town.imported(),
        strangers_item=town.imported(debtor="other_core"),
    )


_RATES = {"bank": 400, "factor": 500}

_H, _O, _Q, _R, _P, _F = (
    Relation.HOLDER,
    Relation.OFFEROR,
    Relation.OFFERING,
    Relation.RECEIVER,
    Relation.PAYER,
    Relation.FINANCIER,
)
RELATIONS: dict[str, dict[str, set[Relation]]] = {
    "core": {"root": {_O}},
    "tier1": {"root": {_H}, "middle": {_O}, "offer": {_O, _Q}},
    "tier2": {"root": {_R}, "middle": {_H}, "leaf": {_O}, "sold": {_O}},
    "tier3": {"middle": {_R}, "leaf": {_H}},
    "tier4": {"root": {_R}, "offer": {_H}},
    "tier5": {},
    "bank": {"middle": {_R, _F}, "sold": {_H}},
    "factor": {"middle": {_F}},
    "other_core": {},
    "registrar": {},
}
"""How each stands to the notes of the first debt."""
MATURED: dict[str, dict[str, set[Relation]]] = {
    "core": {"root": {_O, _P}, "early": {_P}, "late": {_P}},
    "tier1": {"root": {_H}, "early": {_O}, "late": {_O}},
    "tier2": {"root": {_R}, "early": {_H}},
    "tier3": {"root": {_R}, "late": {_H}},
    "tier5": {},
    "bank": {},
    "factor": {},
}
DEBT: dict[str, set[Relation]] = {
    "core": {Relation.DEBTOR},
    "tier1": {Relation.CREDITOR, _H},
    "tier2": {_H},
    "tier3": {_H},
    "tier4": {_H},
    "bank": {_H, _F},
    "factor": {_F},
    "tier5": set(),
    "other_core": set(),
    "registrar": set(),
}
"""How each stands to the first debt."""
LINEAGE: dict[str, dict[str, set[str]]] = {
    "bank": {"sold": {"root", "middle", "sold"}, "middle": {"root", "middle", "sold"}},
    "factor": {"middle": {"root", "middle"}},
}
"""What who funds a note sees in its trace, lineage included."""
