"""The main road, told through HTTP alone."""

from __future__ import annotations

from tests.api.http.town import Town


def test_credit_flows_down_to_tier_4_and_cash_comes_back(town: Town) -> None:
    root = town.held(amount=100_000_00, due_in=90)
    tier2 = town.passed(root, "tier2", 60_000_00)
    tier3 = town.passed(tier2, "tier3", 30_000_00)
    tier4 = town.passed(tier3, "tier4", 20_000_00)
    assert tier4["tier"] == 4

    town.quoted(tier4, "bank", rate_bps=500)
    cheapest = town.quoted(tier4, "factor", rate_bps=300)
    ranked = town.get("/quotes", note=tier4["id"], amount="1500000")["items"]
    assert [q["rate_bps"] for q in ranked] == [300, 500]
    assert ranked[0]["id"] == cheapest
    assert ranked[0]["financier"]["name_zh"] == "factor有限公司"
    cash = int(ranked[0]["cash"])
    before = town.cash("tier4")
    town.do("/financings", town.deal(tier4, cheapest, 15_000_00, cash))
    assert town.cash("tier4") == before + cash

    receivable = town.get(f"/receivables/{root['receivable']}")
    assert (receivable["outstanding"], receivable["deepest_tier"]) == ("10000000", 4)
    trace = town.get(f"/notes/{tier4['id']}/trace")
    assert trace["path"] == [root["id"], tier2["id"], tier3["id"], tier4["id"]]

    before_factor, before_tier1 = town.cash("factor"), town.cash("tier1")
    town.do("/repayments", {"party": town.ids["core"], "receivables": [root["receivable"]], "max_total": "10000000"})
    assert town.get(f"/receivables/{root['receivable']}")["status"] == "settled"
    assert town.cash("factor") == before_factor + 15_000_00
    assert town.cash("tier1") == before_tier1 + 40_000_00
    flow = town.get(f"/receivables/{root['receivable']}/fund-flow")
    assert sum(int(leg["principal"]) for leg in flow["legs"] if leg["kind"] == "repayment") == 100_000_00
    assert {leg["kind"] for leg in flow["legs"]} == {"finance", "repayment"}
    taken = {name: ranked[0][name] for name in ("financier", "nonce")}
    assert all(leg["quote"] == (taken if leg["kind"] == "finance" else None) for leg in flow["legs"])
