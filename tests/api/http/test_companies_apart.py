"""Companies that share one service, each signed in: what one does, another sees only as far as it has to do with it."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import httpx

from api.domain.principal import PersonRole
from tests.api.http.staff import Guarded
from tests.api.http.town import REGISTRY, WAIT, Town, check_problem

NEWCOMERS = {"attester": "registrar", "reviser": "auditor", "rival": "supplier"}


def done(answer: httpx.Response) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def admitted(guarded: Guarded, town: Town) -> dict[str, int]:
    """The network's companies, and three more."""
    spare = iter(guarded.stack.signer.accounts()[::-1])
    admissions = []
    for name, role in NEWCOMERS.items():
        account = next(spare)
        admissions.append(town.admission(name, role, settlement_account=account, administrator=account))
    body = {"party": 0, "parties": admissions}
    made = done(guarded.operator.http.post("/parties", json=body, headers=WAIT))["parties"]
    return guarded.companies | {name: one["party"] for name, one in zip(NEWCOMERS, made, strict=True)}


def test_companies_that_share_a_service_see_their_own(guarded: Guarded) -> None:
    town = Town(guarded.stack)
    ids = admitted(guarded, town)
    operator = guarded.operator.http
    makes, checks = (guarded.join(ids["assembler"], role) for role in (PersonRole.MAKER, PersonRole.CHECKER))
    as_of = {
        name: guarded.join(ids[name], PersonRole.MAKER).http for name in ids if name not in ("attester", "assembler")
    }
    as_of["assembler"] = makes.http
    line = {"party": 0, "currency": "CNY", "limit": "100000000"}
    done(operator.put(f"/parties/{ids['assembler']}/credit-lines", json=line, headers=WAIT))

    issued, due = town.today() - timedelta(days=10), town.today() + timedelta(days=60)
    text = f"doc_no,vendor,amount,issue_date,due_date,currency\nAPART-1,smith,5000.00,{issued},{due},CNY\n"
    upload = {"file": ("ledger.csv", text.encode(), "text/csv")}
    (item,) = done(as_of["assembler"].post("/imports", data={"party": ids["assembler"]}, files=upload))["imported"]
    confirm = {"party": ids["assembler"], "items": [item["id"]]}
    check_problem(as_of["rival"].post("/receivables", json=confirm), "not-your-party", 403)
    approval = as_of["assembler"].post("/receivables", json=confirm).json()["approval"]
    path = f"/approvals/{approval}"
    for name in ("rival", "lender"):
        check_problem(as_of[name].get(path), "unknown-approval", 404)
    makes.sign_by_kept_key(approval, "maker")
    operation = checks.sign_by_kept_key(approval, "checker")["operations"][0]
    town.until(lambda: as_of["smith"].get("/notes").json()["items"], bool)
    (note,) = done(as_of["smith"].get("/notes"))["items"]
    accept = {"party": ids["smith"], "notes": [note["id"]]}
    check_problem(as_of["lender"].post("/notes/accept", json=accept), "not-your-party", 403)
    done(as_of["smith"].post("/notes/accept", json=accept, headers=WAIT))

    path = f"/notes/{note['id']}"
    whole = done(as_of["smith"].get(path))
    assert (whole["value"], whole["status"]) == ("500000", "held")
    assert done(as_of["assembler"].get(path)) == whole | {"value": None, "status": None, "closed": None}
    for name in ("rival", "lender"):
        check_problem(as_of[name].get(path), "unknown-note", 404)
        assert done(as_of[name].get("/notes"))["items"] == []
        check_problem(as_of[name].get(f"/operations/{operation}"), "unknown-operation", 404)
    check_problem(guarded.anonymous.get(path), "not-authenticated", 401)

    done(as_of["smith"].post("/quote-requests", json={"party": ids["smith"], "note": note["id"]}))
    assert done(as_of["lender"].get(path)) == whole
    bid = {"note": note["id"], "rate_bps": 300, "max_amount": "500000", "registry_reference": REGISTRY}
    done(as_of["lender"].post("/quotes", json={"party": ids["lender"], "bids": [bid]}))
    assert len(done(as_of["smith"].get("/quotes", params={"note": note["id"]}))["items"]) == 1
    check_problem(as_of["rival"].get("/quotes", params={"note": note["id"]}), "unknown-note", 404)

    seen = as_of["reviser"].get(path)
    assert done(seen) == whole
    record = done(operator.get("/audit/reads"))["items"][0]
    assert (record["party"], record["target"]) == (ids["reviser"], path)
    assert record["request_id"] == seen.headers["x-request-id"]
    traces_apart(guarded, as_of, ids["reviser"], note["id"])


def traces_apart(guarded: Guarded, as_of: dict[str, httpx.Client], auditor: int, note: int) -> None:
    """Each is answered the second time from what was kept for it: the same bytes, and nobody else's."""
    path, operator = f"/notes/{note}/trace", guarded.operator.http
    told = {name: as_of[name].get(path) for name in ("smith", "assembler", "lender", "reviser")} | {
        "operator": operator.get(path)
    }
    ask = as_of | {"operator": operator}
    for name, first in told.items():
        again = ask[name].get(path)
        assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
        same = ask[name].get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (same.status_code, same.content) == (304, b"")
        assert {"ratelimit", "x-request-id"} <= same.headers.keys()
    tags = {name: answer.headers["etag"] for name, answer in told.items()}
    for one, other in itertools.combinations(told, 2):
        assert (tags[one] == tags[other]) == (told[one].content == told[other].content)
    assert len(set(tags.values())) >= 3
    shown = ask["assembler"].get(path, headers={"If-None-Match": tags["smith"]})
    assert (shown.status_code, shown.content) == (200, told["assembler"].content)
    check_problem(ask["rival"].get(path, headers={"If-None-Match": ", ".join(tags.values())}), "unknown-note", 404)

    records = [one for one in done(operator.get("/audit/reads"))["items"] if one["target"] == path]
    assert [one["party"] for one in records] == [auditor] * 3
    suspended = {"party": 0, "reason_hash": "0x" + "11" * 32}
    done(operator.post(f"/parties/{auditor}/suspend", json=suspended, headers=WAIT))
    check_problem(ask["reviser"].get(path, headers={"If-None-Match": tags["reviser"]}), "unknown-note", 404)
    done(operator.post(f"/parties/{auditor}/reinstate", json={"party": 0}, headers=WAIT))
    assert ask["reviser"].get(path).content == told["reviser"].content
