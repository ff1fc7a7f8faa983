"""`scf fingerprint`: the lines it prints, what it says on the side, its exit codes; and the sample data through it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from api.domain.invoices import DEMO_NETWORK_KEY, Duplicates, InvoiceItem
from api.domain.party_identity import is_credit_code
from api.intake.aliases import load_aliases
from api.intake.keys import create_network_key
from api.intake.reader import Reader
from scripts.fingerprint import fingerprint
from tests.unit.intake.cases import HEADER, ROW, UBL

SAMPLES = Path(__file__).resolve().parents[3] / "scripts" / "samples"
KEYS = ["file", "item", "seller", "buyer", "number", "issue_date", "due_date", "currency", "payable", "fingerprint"]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run the command in an empty folder without settings of its own."""
    monkeypatch.chdir(tmp_path)
    for name in ("SCF_HOME", "SCF_NETWORK_KEY_FILE", "SCF_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    app = typer.Typer()
    app.command()(fingerprint)

    def invoke(*arguments: str, **env: str) -> Result:
        return CliRunner().invoke(app, arguments, env=env)

    return invoke


def lines(result: Result) -> list[dict[str, str]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_one_object_a_line(run, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(UBL)
    (tmp_path / "b.csv").write_text(HEADER + ROW + ",x,y,1.00,2025-01-01,2025-02-01,EUR\n")
    result = run("--json", "./a.xml", "b.csv")
    assert result.exit_code == 0
    item, refusal, row = lines(result)
    assert list(item) == KEYS == list(row)
    assert list(refusal) == ["file", "item", "refused", "rule"]
    assert item == {
        "file": "./a.xml",
        "item": "Invoice",
        "seller": "vat:NL820098395B01",
        "buyer": "name:buyerplc",
        "number": "A-1",
        "issue_date": "2025-03-01",
        "due_date": "2025-06-01",
        "currency": "EUR",
        "payable": "10000",
        "fingerprint": item["fingerprint"],
    }
    assert (refusal["file"], refusal["item"], refusal["rule"]) == ("b.csv", "line 3", "document-number-missing")
    assert row["buyer"] is None
    assert "demo key" in result.stderr


def test_a_file_that_is_not_there_exits_1_but_the_others_are_answered(run, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(UBL)
    result = run("--json", "gone.xml", "a.xml")
    assert result.exit_code == 1
    assert [answer.get("rule") for answer in lines(result)] == ["file-unreadable", None]


def test_a_configured_key_is_used_and_a_named_one_must_be_there(run, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(UBL)
    demo = lines(run("--json", "a.xml"))[0]["fingerprint"]
    create_network_key(tmp_path / "var" / "keys" / "network.key")
    result = run("--json", "a.xml")
    assert lines(result)[0]["fingerprint"] != demo
    assert result.stderr == ""
    gone = run("--json", "a.xml", SCF_NETWORK_KEY_FILE=str(tmp_path / "gone.key"))
    assert gone.exit_code != 0
    assert "NetworkKeyMissing" in str(gone.exception)
    assert gone.stdout == ""


def test_assumptions_are_said(run, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("doc_no,vendor,amount_gbp,payment_date\nA,B,1.00,2025-03-01\n")
    bare, assumed = run("--json", "b.csv"), run("--json", "--assume-due-days", "30-90", "b.csv")
    assert lines(bare)[0]["due_date"] is None
    assert "an import refuses them" in bare.stderr
    assert "2025-03-31" <= lines(assumed)[0]["due_date"] <= "2025-05-30"
    assert "1 due dates are assumptions" in assumed.stderr
    assert lines(bare)[0]["fingerprint"] == lines(assumed)[0]["fingerprint"]


@pytest.mark.parametrize(
    "flags",
    [
        ("--assume-due-days", "x"),
        ("--assume-due-days", "9-3"),
        ("--decimal-mark", "x"),
        ("--column", "a=b"),
        ("--lang", "fr"),
    ],
)
def test_wrong_flags(run, flags: tuple[str, str]) -> None:
    assert run("--json", *flags, "a.xml").exit_code == 2


def test_people_get_plain_lines_in_their_language(run, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(UBL)
    (tmp_path / "c.xml").write_text("<x>\x1b[2J</x>")
    for environment, word in (
        ({"LANG": "zh_CN.UTF-8"}, "格式良好"),
        ({"LANG": "de_DE.UTF-8"}, "well-formed"),
        ({"SCF_LANG": "zh"}, "格式良好"),
    ):
        result = run("a.xml", "c.xml", **environment)
        assert result.exit_code == 0
        good, refused = result.stdout.splitlines()
        assert good.split("\t")[2:7] == ["A-1", "Acme Ltd", "2025-03-01", "2025-06-01", "100.00 EUR"]
        assert word in refused
        assert "\x1b" not in refused


def test_samples_show_every_kind_of_answer(run) -> None:
    story = SAMPLES / "story.json"
    files = [str(SAMPLES / "ledger.csv"), *sorted(map(str, (SAMPLES / "invoices").glob("*.xml")))]
    result = run("--json", "--aliases", str(story), *files)
    assert result.exit_code == 0
    answers = lines(result)
    assert {answer["rule"] for answer in answers if "rule" in answer} == {
        "document-number-missing",
        "total-not-positive",
        "due-date-missing",
        "credit-note",
    }
    good = [answer for answer in answers if "fingerprint" in answer]
    assert len(good) == 39
    assert len({answer["fingerprint"] for answer in good}) == 36
    assert all(answer["seller"].startswith("vat:CN") for answer in good)


def test_sample_story_holds_together() -> None:
    story = json.loads((SAMPLES / "story.json").read_text(encoding="utf-8"))
    parties = {party["id"]: party for party in story["parties"]}
    assert all(is_credit_code(party["credit_code"]) for party in parties.values())
    assert len({party["credit_code"] for party in parties.values()}) == 16
    tiers = [party["tier"] for party in parties.values() if party["role"] == "supplier"]
    assert sorted(set(tiers)) == [1, 2, 3, 4]
    assert len(tiers) == 12
    for split in story["splits"]:
        assert parties[split["to"]]["tier"] == parties[split["from"]]["tier"] + 1
    for giver in {split["from"] for split in story["splits"]}:
        assert sum(split["share_bps"] for split in story["splits"] if split["from"] == giver) < 10_000
    reader = Reader(DEMO_NETWORK_KEY, load_aliases(SAMPLES / "story.json"))
    files = [SAMPLES / story["ledger"], *(SAMPLES / "invoices" / name for name in story["invoices"])]
    duplicates = Duplicates()
    taken = [answer for answer in reader.read_files(files) if isinstance(answer, InvoiceItem)]
    unique = [item for item in map(duplicates.check, taken) if isinstance(item, InvoiceItem)]
    live = [item for item in unique if str(item.due_date) > story["reference_day"]]
    assert (len(unique), len(live)) == (36, 34)
    assert {story["refusal"]["number"], story["shown_note"]["number"]} <= {item.number for item in live}
    assert sum(item.payable for item in live) <= int(story["credit_line"]["limit"])
