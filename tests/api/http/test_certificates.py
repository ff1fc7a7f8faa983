"""Certificates of notes: made for the holder, checked by anyone who has the code, telling no more than is printed."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from pypdf import PdfReader

from api.domain.principal import PersonRole
from tests.api.http.town import WAIT, check_problem
from tests.api.http.two import Pair, done, two_people

MAKER, CHECKER = PersonRole.MAKER, PersonRole.CHECKER
PRINTED = {
    *("note", "value", "currency", "in_capitals", "holder", "debtor", "due_date", "block", "stands", "checked_block"),
}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with two_people(tmp_path_factory.mktemp("certificates")) as pair:
        yield pair


def held(pair: Pair) -> int:
    """A note of 5,000.03 that the supplier took."""
    maker, checker = pair.signer("assembler", MAKER), pair.signer("assembler", CHECKER)
    asked = done(maker.http.post("/receivables", json=pair.confirmation(maker.http, amount="5000.03")))
    pair.ended(maker.http, pair.both(maker, checker, asked["approval"]))
    smith = pair.person("smith", MAKER).http
    notes = pair.town.until(lambda: done(smith.get("/notes", params={"status": "offered"}))["items"], bool)
    body = {"party": pair.companies["smith"], "notes": [notes[0]["id"]]}
    done(smith.post("/notes/accept", json=body, headers=WAIT))
    return int(notes[0]["id"])


def test_a_holder_prints_and_anyone_checks(pair: Pair) -> None:
    note, smith = held(pair), pair.person("smith", MAKER).http
    body = {"party": pair.companies["smith"]}
    answer = smith.post(f"/notes/{note}/certificates", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/pdf"), answer.text
    path = answer.headers["location"]

    pdf = PdfReader(io.BytesIO(answer.content))
    (page,) = pdf.pages
    text = page.extract_text()
    code = path.removeprefix("/certificates/")
    for printed in (str(note), "CNY 5,000.03", "人民币伍仟元零叁分", "smith Ltd", "assembler Ltd"):
        assert printed in text, printed
    assert code in text.replace("\n", "")
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    embedded = [f for f in fonts if "/FontDescriptor" in f]
    assert embedded and all("+" in f["/BaseFont"] for f in embedded), "a subset of the font is in the file"
    assert len(answer.content) < 200_000

    found = pair.guarded.anonymous.get(path)
    assert found.status_code == 200, found.text
    told = found.json()
    assert set(told) == PRINTED
    assert (told["note"], told["value"], told["stands"]) == (note, "500003", True)
    assert told["in_capitals"] == "人民币伍仟元零叁分" and told["holder"]["id"] == pair.companies["smith"]

    # Any other code is on no certificate, and of one that is over nothing but that is told.
    for other in (code[:-1] + ("A" if code[-1] != "A" else "E"), "A" * 58, ("B" if code[0] != "B" else "C") + code[1:]):
        check_problem(pair.guarded.anonymous.get(f"/certificates/{other}"), "unknown-certificate", 404)
    for http in (pair.person("assembler", MAKER).http, pair.person("lender", MAKER).http):
        party = int(http.get("/auth/me").json()["party"])
        check_problem(http.post(f"/notes/{note}/certificates", json={"party": party}), "unknown-note", 404)
    check_problem(
        pair.person("lender", MAKER).http.post(f"/notes/{note}/certificates", json=body), "not-your-party", 403
    )


def test_whoever_guesses_codes_is_slowed_down(pair: Pair) -> None:
    answers = (pair.guarded.anonymous.get(f"/certificates/{'A' * 58}") for _ in range(300))
    slowed = next(answer for answer in answers if answer.status_code == 429)
    check_problem(slowed, "too-many-requests", 429)
