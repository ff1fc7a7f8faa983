"""Reports over HTTP: figures that agree with the ledger, in every form and both languages, for those whom they concern."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from beancount import loader
from beancount.core.data import Transaction
from openpyxl import load_workbook
from pypdf import PdfReader

from api.schemas.reports import Report
from tests.api.http.everybody import OPERATOR, Everybody, Story, everybody, tell
from tests.api.http.town import Town, check_problem
from tests.e2e.program import scf

NAMES = ("core-enterprise", "financier", "journal", "network", "reconciliation")
OF_PARTY = NAMES[:3]


@pytest.fixture(scope="module")
def be(town: Town) -> Iterator[Everybody]:
    with everybody(town) as be:
        yield be


@pytest.fixture(scope="module")
def story(town: Town, be: Everybody) -> Story:
    return tell(town, be)


def tables(town: Town, name: str, **query: Any) -> dict[str, list[dict[str, Any]]]:
    answer = town.get(f"/reports/{name}", **query)
    Report.model_validate(answer)
    return {
        table["key"]: [dict(zip([c["key"] for c in table["columns"]], row, strict=True)) for row in table["rows"]]
        for table in answer["tables"]
    }


def minor(amount: str) -> int:
    return int(amount.replace(".", ""))


def test_a_core_enterprise_knows_what_falls_due_when_and_to_whom(town: Town, be: Everybody, story: Story) -> None:
    core = town.ids["core"]
    found = tables(town, "core-enterprise", party=core)
    debts = [r for r in be.all_of("core", "/receivables", debtor=core) if r["outstanding"] != "0"]
    assert sum(minor(row["outstanding"]) for row in found["due"]) == sum(int(r["outstanding"]) for r in debts)
    for row in found["due"]:
        mine = [r for r in debts if r["due_date"][:7] == row["month"] and r["creditor"]["id"] == row["payee"]]
        mine = [r for r in mine if r["currency"]["code"] == row["currency"]]
        assert (row["debts"], minor(row["outstanding"])) == (len(mine), sum(int(r["outstanding"]) for r in mine))
    today = town.get("/status")["today"]
    due = {r["id"] for r in debts if r["due_date"] <= today}
    notes = [n for r in due for n in town.get("/notes", receivable=r, limit=500)["items"] if n["value"] != "0"]
    assert due, "the story has a debt that is due"
    code = {r["id"]: r["currency"]["code"] for r in debts}
    pay: dict[tuple[int, str], int] = defaultdict(int)
    for n in notes:
        pay[n["holder"]["id"], code[n["receivable"]]] += int(n["value"])
    assert {(row["holder"], row["currency"]): minor(row["amount"]) for row in found["pay"]} == pay
    (yuan,) = {r["currency"]["token"] for r in debts if r["currency"]["code"] == "CNY"}
    (line,) = [x for x in town.get(f"/parties/{core}")["lines"] if x["used"] != "0" and x["currency"] == yuan]
    (row,) = [x for x in found["lines"] if x["used"] != "0.00" and x["currency"] == "CNY"]
    assert (minor(row["limit"]), minor(row["used"])) == (int(line["limit"]), int(line["used"]))
    assert minor(row["available"]) == int(line["limit"]) - int(line["used"])


def test_a_financier_knows_its_portfolio(town: Town, story: Story) -> None:
    bank = town.ids["bank"]
    found = tables(town, "financier", party=bank)
    held = {n["id"]: n for n in town.get("/notes", holder=bank, limit=500)["items"] if n["value"] != "0"}
    assert {row["note"]: minor(row["value"]) for row in found["notes"]} == {i: int(n["value"]) for i, n in held.items()}
    whole = sum(int(n["value"]) for n in held.values())
    (sums,) = found["yield"]
    assert minor(sums["value"]) == whole
    rates = {i: next(leg for leg in n["cash"] if leg["child"] == i)["rate_bps"] for i, n in held.items()}
    weighted = sum(rates[i] * int(n["value"]) for i, n in held.items()) / whole
    assert abs(float(sums["rate_percent"]) * 100 - weighted) <= 0.51
    assert sum(minor(row["value"]) for row in found["ladder"]) == whole
    assert sum(minor(row["value"]) for row in found["debtors"]) == whole
    assert abs(sum(float(row["share_percent"]) for row in found["debtors"]) - 100) < 0.1


def test_the_network_in_figures(town: Town, story: Story) -> None:
    found = tables(town, "network")
    totals = town.get("/status")["totals"]
    (sums,) = [s for s in totals["sums"] if s["currency"]["code"] == "CNY"]
    months = [row for row in found["months"] if row["currency"] == "CNY"]
    assert sum(minor(row["financed"]) for row in months) == int(sums["financed"])
    assert sum(minor(row["cash"]) for row in months) == int(sums["cash_paid"])
    assert sum(minor(row["repaid"]) for row in months) == int(sums["repaid"])
    assert sum(row["notes"] for row in found["tiers"]) == totals["notes"]
    (so_far,) = found["totals"]
    assert (so_far["receivables"], so_far["refused"]) == (totals["receivables"], totals["refused"])
    assert any(row["rate_percent"] is not None and row["days_to_cash"] is not None for row in found["tiers"])
    assert tables(town, "network", **{"from": "2140-01-01"})["months"] == []


@pytest.mark.parametrize("who", ["core", "tier1", "tier2", "bank"])
def test_a_journal_is_taken_by_beancount(town: Town, story: Story, who: str) -> None:
    party = town.ids[who]
    answer = town.http.get("/reports/journal", params={"party": party, "format": "beancount"})
    assert answer.headers["content-type"].startswith("text/x-beancount")
    entries, errors, _ = loader.load_string(answer.text)
    assert errors == []
    assert any(isinstance(entry, Transaction) for entry in entries)
    position = town.get(f"/parties/{party}/position")
    balances = tables(town, "journal", party=party)["balances"]
    stood = {row["account"]: minor(row["closing"]) for row in balances if row["currency"] == "CNY"}
    (sums,) = [s for s in position["sums"] if s["currency"]["code"] == "CNY"]
    assert stood.get("Assets:Notes", 0) == int(sums["held"])
    assert stood.get("Liabilities:Notes", 0) == -int(sums["owed"])
    assert stood.get("Assets:Cash", 0) == int(sums["received"]) - int(sums["paid"])


def test_a_day_is_reconciled(town: Town, story: Story) -> None:
    found = tables(town, "reconciliation")
    (summary,) = found["summary"]
    assert summary["verdict"] == "everything agrees"
    assert (summary["unmatched"], summary["differences"]) == (0, 0)
    assert summary["matched"] == summary["legs"]
    for row in found["balances"]:
        deposits = town.get(f"/parties/{row['party']}/deposits")
        (balance,) = [d["balance"] for d in deposits if d["currency"]["code"] == row["currency"]]
        assert minor(row["balance"]) == int(balance)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_report_in_every_form_and_both_languages(town: Town, story: Story, name: str, language: str) -> None:
    query = {"party": town.ids["bank" if name == "financier" else "core"]} if name in OF_PARTY else {}
    headers = {"Accept-Language": language}

    def ask(form: str) -> Any:
        answer = town.http.get(f"/reports/{name}", params={**query, "format": form}, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer

    title = town.http.get(f"/reports/{name}", params=query, headers=headers).json()["title"]
    assert any("一" <= letter <= "鿿" for letter in title) == (language == "zh")
    page = ask("html")
    assert title in page.text
    assert "style-src 'sha256-" in page.headers["content-security-policy"]
    pdf = PdfReader(io.BytesIO(ask("pdf").content))
    assert title.replace(" ", "") in "".join(p.extract_text() for p in pdf.pages).replace(" ", "").replace("\n", "")
    book = load_workbook(io.BytesIO(ask("xlsx").content))
    assert any("一" <= c <= "鿿" for s in book.sheetnames for c in s) == (language == "zh")
    rows = list(csv.reader(io.StringIO(ask("csv").content.decode("utf-8-sig"), newline="")))
    assert all(heading.isascii() for heading in rows[0])
    if name != "journal":
        refused = town.http.get(f"/reports/{name}", params={**query, "format": "beancount"})
        check_problem(refused, "unknown-format", 422)


def test_reports_look_back(town: Town, story: Story) -> None:
    before = town.get("/status")["index"]["block"]
    query = {"party": town.ids["core"]}
    was = tables(town, "core-enterprise", **query)["due"]
    town.held()
    assert tables(town, "core-enterprise", **query)["due"] != was
    assert tables(town, "core-enterprise", **query, block=before)["due"] == was


@pytest.mark.parametrize("who", ["core", "tier1", "bank", "auditor", OPERATOR])
def test_a_report_is_for_whom_it_concerns(town: Town, be: Everybody, story: Story, who: str) -> None:
    for name in OF_PARTY:
        for other in ("core", "bank"):
            answer = be.ask(who, "GET", f"/reports/{name}", params={"party": town.ids[other]})
            if who in (other, "auditor"):
                assert answer.json() == town.get(f"/reports/{name}", party=town.ids[other])
            else:
                check_problem(answer, "unknown-party", 404)
        answer = be.ask(who, "GET", f"/reports/{name}")
        if who == OPERATOR:
            check_problem(answer, "report-party-missing", 422)
        else:
            assert answer.json() == town.get(f"/reports/{name}", party=be.party(who))
    for name in ("network", "reconciliation"):
        answer = be.ask(who, "GET", f"/reports/{name}")
        if who == "auditor":
            assert answer.status_code == 200, answer.text
        else:
            check_problem(answer, "unknown-report", 404)


def test_the_command_writes_reports(town: Town, story: Story, tmp_path: Any) -> None:
    settings = town.stack.settings
    environment = {"SCF_RPC_URL": settings.rpc_url, "SCF_DEMO_KEYS": "1", "SCF_ARTIFACTS": str(settings.artifacts)}

    def run(*arguments: str, **more: str) -> Any:
        return scf(settings.home, "report", *arguments, **environment, **more)

    said = run("network", SCF_LANG="zh")
    assert said.returncode == 0, said.stderr
    assert said.stdout.splitlines()[0] == "网络运行报告"
    out = tmp_path / "core.pdf"
    written = run("core-enterprise", "--party", str(town.ids["core"]), "--format", "pdf", "--out", str(out))
    assert written.returncode == 0, written.stderr
    assert PdfReader(out).pages
    assert "[ReportPartyMissing]" in run("journal").stderr
    said = run("journal", "--party", str(town.ids["core"]), "--format", "beancount")
    assert loader.load_string(said.stdout)[1] == []
