"""Attacks generated from the OpenAPI document, so that none forgets a route: another's object under every path that takes
an id, by everybody; fields that nobody asked for in every body; ids that want to be something else."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import anyio
import pytest

from api.config import Settings
from api.domain.access import ENDPOINTS, NO, NONE, NOT_YOURS
from api.domain.people import Session
from api.main import create_app
from api.store.app.credentials import StoredSessions
from api.store.app.database import Database
from api.store.app.people import StoredPeople
from tests.api.http.everybody import OPERATOR, Everybody, everybody, person
from tests.api.http.raw import raw
from tests.api.http.town import ROLES, Town

DOCUMENT: Mapping[str, Any] = create_app(Settings()).openapi()
OPERATIONS = [(m.upper(), path, o) for path, methods in DOCUMENT["paths"].items() for m, o in methods.items()]
WITH_ID = [(m, path, o) for m, path, o in OPERATIONS if "{" in path]
OBJECTS_IN = [
    one
    for one in WITH_ID
    if one[1] not in ("/certificates/{code}", "/reports/{name}") and not one[1].startswith("/auth/providers/")
]
"""A certificate's code is its holder's to show, an identity provider's id everybody's to know; a report's name is no
object, and whose it is stands in the query."""
WITH_BODY = [
    (m, path, o) for m, path, o in OPERATIONS if "application/json" in o.get("requestBody", {}).get("content", {})
]
OWNER, DEBTOR = "tier5", "other_core"
STRANGERS = [name for name, role in ROLES.items() if name not in (OWNER, DEBTOR) and role != "auditor"]
"""Every role on chain but the auditor's, which sees all."""
NOBODYS = "0123456789abcdef0123456789abcdef"


def named(operations: list[tuple[str, str, Any]]) -> Any:
    return pytest.mark.parametrize(
        ("method", "path", "operation"), operations, ids=[f"{m} {path}" for m, path, _ in operations]
    )


@pytest.fixture(scope="module")
def be(town: Town) -> Iterator[Everybody]:
    with everybody(town) as be:
        yield be


@pytest.fixture(scope="module")
def objects(be: Everybody) -> Iterator[dict[str, str]]:
    """An object of every kind, of tier5's or of its debtor's, by the path's beginning."""
    town, owner = be.town, be.party(OWNER)
    note = town.held(seller=OWNER, debtor=DEBTOR, due_in=100)
    quote = town.quoted(note, DEBTOR)
    operation = be.get(OWNER, "/operations", limit=1)["items"][0]["id"]
    item = town.imported(seller=OWNER, debtor=DEBTOR)
    body = {"party": be.party(DEBTOR), "rows": [{"item": item}]}
    job = be.ask(DEBTOR, "POST", "/jobs/confirmations", json=body).json()["id"]
    town.until(lambda: be.get(DEBTOR, f"/jobs/{job}")["status"], lambda status: status == "done", timeout=60)
    hook = be.ask(OWNER, "POST", "/webhooks", json={"party": owner, "url": "https://example.com/hook"}).json()["id"]
    invited = be.ask(OWNER, "POST", "/people", json={"email": "victim@x.example", "name": "V", "roles": ["viewer"]})
    victim = invited.json()["person"]["id"]
    key = {"name": "k", "scopes": ["read"], "days": 1}
    made = be.ask(OWNER, "POST", "/api-keys", json=key).json()["key"]["id"]
    town.passed(town.passed(town.held(amount=30_000_00, due_in=120), "tier2", 20_000_00), "tier1", 5_000_00)
    (alert, *_) = town.until(lambda: town.get("/alerts", limit=1)["items"], lambda found: bool(found))
    database = Database(town.stack.settings.app_db)
    now = int(time.time())
    session = Session(NOBODYS[::-1], victim, "0" * 64, None, now, now, now + 600)
    account = town.get(f"/parties/{owner}")["settlement_account"]
    anyio.run(StoredSessions(database).open, session)
    anyio.run(StoredPeople(database).link, victim, account)
    database.close()
    yield {
        "/notes": str(note["id"]),
        "/receivables": str(note["receivable"]),
        "/parties": str(owner),
        "/quotes": quote,
        "/quote-requests": str(note["id"]),
        "/operations": operation,
        "/jobs": job,
        "/webhooks": hook,
        "/people": victim,
        "/api-keys": made,
        "/auth/sessions": session.id,
        "/auth/accounts": account,
        "/approvals": NOBODYS,
        "/alerts": str(alert["id"]),
        "/network/changes": "0x" + NOBODYS * 2,
    }
    assert be.ask(OWNER, "DELETE", f"/webhooks/{hook}").status_code == 204


def filled(path: str, value: str) -> str:
    return re.sub(r"\{\w+\}", value, path)


def kind(path: str) -> str:
    return path.partition("/{")[0]


def example(operation: Mapping[str, Any]) -> Any:
    """A body that the document gives as an example."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return None
    schema = content["schema"]
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema["examples"][0]


def query(operation: Mapping[str, Any], party: int) -> dict[str, str]:
    """What the document requires in the query: the asker's own party."""
    return {p["name"]: str(party) for p in operation.get("parameters", ()) if p["in"] == "query" and p.get("required")}


@named(OBJECTS_IN)
def test_another_companys_object_is_not_there(
    be: Everybody, objects: dict[str, str], method: str, path: str, operation: Mapping[str, Any]
) -> None:
    """By every role; also the operator and the auditor where the matrix says no. Nothing changes, and what is answered is
    what would be for an id that nothing has."""
    assert kind(path) in objects, f"no object of a stranger's is known for {path}: add one to `objects`"
    row = ENDPOINTS[method, path]
    askers = list(STRANGERS)
    askers += [OPERATOR] if row.operator in (NONE, NO, NOT_YOURS) else []
    askers += ["auditor"] if row.auditor in (NONE, NO, NOT_YOURS) else []
    open_to_all = row.stranger not in (NONE, NO)
    before = be.town.stack.fact()
    for who in askers:
        asker = person(be.party(who))
        body = example(operation)
        if isinstance(body, dict) and "party" in body and body["party"]:
            body = {**body, "party": be.party(who)}
        answer = be.ask(
            asker,
            method,
            filled(path, objects[kind(path)]),
            params=query(operation, asker.party or be.party(OWNER)),
            json=body,
        )
        if open_to_all and method == "GET":
            told = {name for name, value in answer.json().items() if value is not None}
            assert told == {"id", "name_zh", "name_en", "roles", "status"}, (who, answer.text)
            continue
        assert answer.status_code in (403, 404), (who, answer.status_code, answer.text)
    assert be.town.stack.fact() == before


@named(WITH_BODY)
@pytest.mark.parametrize("extra", ["roles", "status", "seller", "signature", "__proto__"])
def test_a_field_that_nobody_asked_for_is_refused(
    be: Everybody, objects: dict[str, str], method: str, path: str, operation: Mapping[str, Any], extra: str
) -> None:
    body = dict(example(operation))
    if extra in body:
        extra = f"{extra}_"
    who = OPERATOR if body.get("party") == 0 else OWNER
    before = be.town.stack.fact()
    target = filled(path, objects.get(kind(path), "1"))
    answer = be.ask(who, method, target, params=query(operation, be.party(who)), json={**body, extra: "admin"})
    assert answer.status_code == 422, answer.text
    assert [e["rule"] for e in answer.json()["errors"] if e["field"].endswith(extra)] == ["extra-forbidden"]
    assert be.town.stack.fact() == before


FREE = {"CallBody.args"}
"""Arguments of a call: of any shape, and held against the contract's own types."""


def test_no_object_in_any_body_takes_what_it_does_not_name() -> None:
    """Those inside others as well."""
    open_ones: list[str] = []

    def walk(schema: Mapping[str, Any], where: str) -> None:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            if name not in seen:
                seen.add(name)
                walk(DOCUMENT["components"]["schemas"][name], name)
            return
        if where in FREE:
            return
        if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
            open_ones.append(where)
        for name, inner in schema.get("properties", {}).items():
            walk(inner, f"{where}.{name}")
        for inner in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
            walk(inner, where)
        if isinstance(schema.get("items"), dict):
            walk(schema["items"], where)

    seen: set[str] = set()
    for method, path, operation in WITH_BODY:
        walk(operation["requestBody"]["content"]["application/json"]["schema"], f"{method} {path}")
    assert open_ones == []
    assert len(seen) > 20


DISGUISES: list[Callable[[str], str]] = [
    lambda known: known + "%00",
    lambda known: known + "%0d%0aSet-Cookie:%20evil=1",
    lambda known: "..%2f" + known,
    lambda known: known + "%2f..%2f" + known,
    lambda known: known + "%3fparty=0",
    lambda known: known + ";" + known,
    lambda known: "%2e%2e",
    lambda known: known + "%27%20OR%20%271%27=%271",
]


@named([one for one in WITH_ID if one[0] == "GET"])
def test_an_id_in_disguise_is_no_id(
    be: Everybody, objects: dict[str, str], method: str, path: str, operation: Mapping[str, Any]
) -> None:
    """Null bytes, line ends, slashes, a query and a quote, encoded into the path: as written, on a socket."""
    for disguise in DISGUISES:
        target = filled(path, disguise(objects.get(kind(path), "1")))
        status, head, _ = raw(be.town.stack, target)
        assert status in (404, 422), (target, head)
        assert b"evil" not in head.lower()
