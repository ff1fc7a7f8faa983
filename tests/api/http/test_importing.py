"""Importing at the API: tried first, row by row; and what of it can be confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.api.http.town import Town

HEADINGS = "doc_no,vendor,amount,issue_date,due_date,currency"


def ledger(town: Town, *rows: str) -> dict[str, Any]:
    """An upload in the core enterprise's name; {past} and {due} in rows are dates."""
    today = town.today()
    days = {"past": today - timedelta(days=60), "due": today + timedelta(days=60), "over": today - timedelta(days=30)}
    text = "\n".join([HEADINGS, *(row.format(**days) for row in rows), ""])
    return {"data": {"party": town.ids["core"]}, "files": {"file": ("ledger.csv", text.encode(), "text/csv")}}


def test_a_document_is_tried_and_nothing_goes_in(town: Town) -> None:
    before = town.get("/imports/items", limit=500)["items"]
    town.http.post("/imports", **ledger(town, "DRY-0,tier1,5.00,{past},{due},CNY"))
    upload = ledger(
        town,
        "DRY-0,tier1,5.00,{past},{due},CNY",
        "DRY-1,tier1,10.00,{past},{due},CNY",
        "dry-1,tier1,10.00,{past},{due},CNY",
        "DRY-2,tier1,ten,{past},{due},CNY",
    )
    answer = town.http.post("/imports/checks", **upload)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [(i["number"], i["payable"], i["item"]) for i in found["new"]] == [("DRY-1", "1000", "line 3")]
    assert [(i["number"], i["file"], i["item"]) for i in found["known"]] == [("DRY-0", "ledger.csv", "line 2")]
    refused = {r["item"]: r["rule"] for r in found["refused"]}
    assert refused["line 4"] == "duplicate-invoice" and set(refused) == {"line 4", "line 5"}
    assert "line 3" in next(r["reason"] for r in found["refused"] if r["rule"] == "duplicate-invoice")
    after = town.get("/imports/items", limit=500)["items"]
    assert len(after) == len(before) + 1
    taken = town.http.post("/imports", **upload).json()
    assert [i["number"] for i in taken["imported"]] == [i["number"] for i in found["new"]]
    assert (taken["known"], taken["refused"]) == (found["known"], found["refused"])


def test_the_plan_says_what_confirming_comes_to(town: Town) -> None:
    upload = ledger(
        town,
        "PLAN-1,tier1,10.00,{past},{due},CNY",
        "PLAN-2,nobody we know,10.00,{past},{due},CNY",
        "PLAN-3,tier1,10.00,{past},{over},CNY",
    )
    ids = {i["number"]: i["id"] for i in town.http.post("/imports", **upload).json()["imported"]}

    def planned() -> dict[int, Any]:
        return {p["item"]["id"]: p for p in town.get("/imports/plan", buyer=town.ids["core"], limit=500)["items"]}

    ready = planned()[ids["PLAN-1"]]
    assert (ready["creditor"]["id"], ready["amount"], ready["refused"]) == (town.ids["tier1"], "1000", None)
    assert ready["currency"]["code"] == "CNY" and ready["due_date"] >= ready["item"]["due_date"]
    assert planned()[ids["PLAN-2"]]["refused"]["type"] == "/problems/seller-not-admitted"
    assert planned()[ids["PLAN-3"]]["refused"]["type"] == "/problems/due-day-past"
    body = {"party": town.ids["core"], "items": [ids["PLAN-1"]]}
    assert town.http.post("/receivables", json=body, headers={"Prefer": "wait=10"}).status_code == 200
    town.until(planned, lambda p: ids["PLAN-1"] not in p)
