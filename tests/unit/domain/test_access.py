"""The permission matrix of the API: it knows every route, every field, and its document says the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from api.config import Settings
from api.domain import access
from api.domain.access import (
    CLAIM,
    CLAIM_FIELDS,
    ENDPOINTS,
    NOTE,
    NOTE_FIELDS,
    PARTY_FIELDS,
    RECEIVABLE,
    RECEIVABLE_FIELDS,
    Need,
    Standing,
)
from api.domain.errors import Forbidden
from api.domain.principal import LOCAL, PersonRole
from api.main import create_app
from api.routers import deps
from api.schemas import ledger
from tests.unit.domain.access_document import CALLERS, DOCUMENT, key, may, parts, person, tables

PAGE = {"/openapi.json", "/", "/check", "/assets/{name:path}", "/docs", "/docs/start.js", "/docs/{name}"}
"""Files, the same for everybody."""


def routes() -> Iterator[tuple[str, RouteContext]]:
    for route in iter_route_contexts(create_app(Settings()).routes):
        if route.path not in PAGE:
            for method in route.methods - {"HEAD"}:
                yield method, route


def calls(dependant: Dependant) -> set[Any]:
    return {dependant.call, *(call for inner in dependant.dependencies for call in calls(inner))}


def test_every_route_is_in_the_matrix_and_nothing_else_is() -> None:
    found = [(method, route.path) for method, route in routes()]
    assert sorted(found) == sorted(ENDPOINTS)


def test_every_route_but_the_open_ones_looks_at_who_asks() -> None:
    for method, route in routes():
        looks = deps.sight in calls(route.dependant)
        assert looks == (ENDPOINTS[method, route.path].need is not Need.OPEN), (method, route.path)


SEEN_UNCUT = {
    "desk.ledger.model.currencies",
    "desk.ledger.model.status",
    "desk.ledger.model.wait_for",
    "desk.ledger.names",
    "desk.ledger.party",
    "desk.box.wait",
    "desk.items.by_fingerprints",
}
"""What routers may take from the sources themselves: what is everybody's, and what an act of one's own party needs."""


def test_routers_read_through_sight() -> None:
    source = "\n".join(f.read_text(encoding="utf-8") for f in Path(deps.__file__).parent.glob("*.py"))
    found = set(re.findall(r"desk\.(?:ledger|box|items|quotes|evidence|documents|verification)\b[\w.]*", source))
    assert found == SEEN_UNCUT


def test_the_document_shows_the_matrix() -> None:
    _, between, _ = parts(DOCUMENT.read_text(encoding="utf-8"))
    assert between == f"\n{tables()}\n", "next: python -m tests.unit.domain.access_document"


@pytest.mark.parametrize(
    ("shape", "every", "always"),
    [
        (ledger.Note, NOTE_FIELDS, frozenset.intersection(*NOTE.values())),
        (ledger.Receivable, RECEIVABLE_FIELDS, frozenset.intersection(*RECEIVABLE.values())),
        (ledger.Claim, CLAIM_FIELDS, frozenset.intersection(*CLAIM.values())),
        (ledger.Party, PARTY_FIELDS, access.DIRECTORY),
    ],
)
def test_the_documented_shapes_have_its_fields(shape: Any, every: frozenset[str], always: frozenset[str]) -> None:
    """What is not always shown is documented as nullable."""
    assert set(shape.model_fields) == every
    nullable = {n for n, p in shape.model_json_schema()["properties"].items() if {"type": "null"} in p.get("anyOf", [])}
    assert every - nullable <= always


@pytest.mark.parametrize("caller", CALLERS)
def test_only_the_operator_operates(caller: str) -> None:
    assert not may(CALLERS[caller](3), Need.OPERATE)
    assert may(CALLERS[caller](0), Need.OPERATE) == may(CALLERS[caller](0), Need.ACT)


def test_who_reads_does_not_act() -> None:
    for reader in (person(PersonRole.VIEWER), key("read")):
        assert may(reader, Need.READ)
        assert not may(reader, Need.ACT)
    for nobody in (person(), key(), key("admin")):
        assert not may(nobody, Need.READ)
        assert not may(nobody, Need.ACT)
    assert not may(key("write"), Need.READ)


def test_a_party_acts_for_itself() -> None:
    access.acting(person(PersonRole.MAKER, party=3), 3)
    access.acting(LOCAL, 5)
    for other in (0, 5):
        with pytest.raises(Forbidden, match="NotYourParty"):
            access.acting(person(*PersonRole, party=3), other)


def test_an_auditor_sees_all_while_it_is_one() -> None:
    auditor = person(PersonRole.VIEWER, party=9)
    assert access.standing(auditor, access.AUDITOR, active=True) is Standing.ALL
    assert access.standing(auditor, access.AUDITOR, active=False) is Standing.PARTY
    assert access.standing(auditor, access.FINANCIER, active=True) is Standing.PARTY
    assert access.standing(person(*PersonRole, party=0), 0, active=False) is Standing.OPERATOR
