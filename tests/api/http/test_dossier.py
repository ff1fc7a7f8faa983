"""A dossier over HTTP: for those who see all, with what two people signed; it holds offline."""

from __future__ import annotations

import random
from collections.abc import Iterator

import orjson
import pytest

from api.chain.artifacts import load_artifacts
from api.chain.bindings import Bindings
from api.domain.errors import InvalidInput
from api.domain.principal import PersonRole
from api.dossier.check import check
from api.dossier.document import canonical
from tests.api.http.town import WAIT, check_problem
from tests.api.http.two import Pair, done, two_people
from tests.dossier.tampering import changed, fields

ADMIN, MAKER, CHECKER, VIEWER = PersonRole


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with two_people(tmp_path_factory.mktemp("proving")) as pair:
        yield pair


def test_a_dossier_shows_who_approved_and_is_for_auditors_alone(pair: Pair) -> None:
    maker, checker = pair.signer("assembler", MAKER), pair.signer("assembler", CHECKER)
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
    block = pair.stack.rpc("eth_getBlockByNumber", hex(content["block"]), False)
    trusted = {bytes.fromhex(block["hash"][2:])}
    verdict = check(answer.content, bindings, trusted)
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

    dice = random.Random(5)
    for way in fields(content["approvals"], ("approvals",)):
        with pytest.raises(InvalidInput):
            check(canonical(changed(content, way, dice)), bindings, trusted)
    swapped = content["approvals"][0]["signatures"][::-1]
    proofs = [{**content["approvals"][0], "signatures": swapped}]
    with pytest.raises(InvalidInput, match="DossierApprovalNotSigned"):
        check(canonical({**content, "approvals": proofs}), bindings, trusted)
