"""A dossier over HTTP: for those who see all, with what two people signed; it holds offline."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from api.chain.artifacts import load_artifacts
from api.chain.bindings import Bindings
from api.domain.errors import InvalidInput
from api.domain.principal import PersonRole
from api.dossier.check import check
from api.dossier.document import canonical
from tests.api.http.test_bulk_approvals import ask, ended
from tests.api.http.town import WAIT, check_problem
from tests.api.http.two import Pair, Signer, done
from tests.dossier.browser import Ask, browsers_check, by_scf, said
from tests.dossier.tampering import changed, fields

MAKER = PersonRole.MAKER


@pytest.fixture(scope="module")
def in_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """The page's check, which says the same."""
    with browsers_check(tmp_path_factory.mktemp("bundle")) as ask_page:
        yield ask_page


def trusted(pair: Pair, content: dict[str, Any]) -> set[bytes]:
    block = pair.stack.rpc("eth_getBlockByNumber", hex(content["block"]), False)
    return {bytes.fromhex(block["hash"][2:])}


def test_a_dossier_shows_who_approved_and_is_for_auditors_alone(
    pair: Pair, maker: Signer, checker: Signer, in_browser: Ask
) -> None:
    asked = maker.http.post("/receivables", json=pair.confirmation(maker.http, amount="5000.00"))
    approval = pair.both(maker, checker, asked.json()["approval"])
    (operation,) = pair.ended(maker.http, approval)
    supplier = pair.person("smith", MAKER).http
    (note,) = pair.town.until(lambda: done(supplier.get("/notes"))["items"], bool)
    done(supplier.post("/notes/accept", json={"party": pair.companies["smith"], "notes": [note["id"]]}, headers=WAIT))

    path = f"/notes/{note['id']}/dossier"
    for http in (maker.http, checker.http, supplier, pair.guarded.operator.http):
        check_problem(http.get(path), "unknown-note", 404)
    check_problem(pair.auditor.http.get("/notes/99999/dossier"), "unknown-note", 404)
    check_problem(pair.auditor.http.get(path, params={"block": 10**9}), "unknown-block", 404)
    answer = pair.auditor.http.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="dossier-{note["id"]}.json"'

    bindings = Bindings(load_artifacts(pair.stack.settings.artifacts))
    content = orjson.loads(answer.content)
    known = trusted(pair, content)
    verdict = check(answer.content, bindings, known)
    assert verdict.story["approvals"] == [
        {
            "id": approval["id"],
            "party": str(pair.companies["assembler"]),
            "kind": "confirm",
            "digest": approval["digest"],
            "maker": maker.account,
            "checker": checker.account,
            "transactions": [operation["tx_hash"]],
        }
    ]
    reads = done(pair.guarded.operator.http.get("/audit/reads"))["items"]
    assert path in {read["target"] for read in reads}

    swapped = content["approvals"][0]["signatures"][::-1]
    proofs = [{**content["approvals"][0], "signatures": swapped}]
    with pytest.raises(InvalidInput, match="DossierApprovalNotSigned"):
        check(canonical({**content, "approvals": proofs}), bindings, known)
    assert in_browser(answer.content, known) == by_scf(answer.content, bindings, known)
    any_change_is_found(content, bindings, known, in_browser)


def test_a_dossier_shows_who_approved_a_job_of_many_rows(
    pair: Pair, maker: Signer, checker: Signer, in_browser: Ask
) -> None:
    job = ask(pair, maker, pair.ledger(maker.http, [("100.00", 60), ("200.00", 60), ("300.00", 60)]))
    before = {n["id"] for n in done(pair.auditor.http.get("/notes", params={"limit": 500}))["items"]}
    approval = pair.both(maker, checker, job["approval"])
    assert ended(pair, maker, job)["status"] == "done"
    notes = pair.town.until(
        lambda: done(pair.auditor.http.get("/notes", params={"limit": 500}))["items"], lambda n: len(n) > len(before)
    )
    note = next(n["id"] for n in notes if n["id"] not in before)

    answer = pair.auditor.http.get(f"/notes/{note}/dossier")
    assert answer.status_code == 200, answer.text
    content = orjson.loads(answer.content)
    bindings = Bindings(load_artifacts(pair.stack.settings.artifacts))
    (found,) = check(answer.content, bindings, trusted(pair, content)).story["approvals"]
    assert (found["id"], found["maker"], found["checker"]) == (approval["id"], maker.account, checker.account)
    ((rows),) = content["approvals"][0]["rows"].values()
    assert len(rows) == 3
    known = trusted(pair, content)
    assert in_browser(answer.content, known) == by_scf(answer.content, bindings, known)
    any_change_is_found(content, bindings, known, in_browser)


def any_change_is_found(content: dict[str, Any], bindings: Bindings, known: set[bytes], in_browser: Ask) -> None:
    """Of what two people signed, in both checks."""
    dice = random.Random(5)
    for way in fields(content["approvals"], ("approvals",)):
        other = canonical(changed(content, way, dice))
        with pytest.raises(InvalidInput):
            check(other, bindings, known)
        assert said(in_browser(other, known)) == said(by_scf(other, bindings, known)), way
