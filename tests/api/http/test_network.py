"""What the operator sets for the whole network where its roles have no delay: the policy, and the pause."""

from __future__ import annotations

from tests.api.http.town import Town


def test_the_policy_holds_for_what_is_confirmed_from_then_on(town: Town) -> None:
    before = town.get("/network/policy")
    assert before["policy"]["tier_limit"] == 4
    body = {"party": 0, **before["policy"], "grace_days": 9}
    note = town.held()
    (operation,) = town.do("/network/policy", body, "PUT")["operations"]
    try:
        assert (operation["kind"], operation["contract"]) == ("set_policy", "IssuanceDesk")
        after = town.get("/network/policy")
        assert (after["number"], after["policy"]["grace_days"]) == (before["number"] + 1, 9)
        debts = [town.get(f"/receivables/{n['receivable']}") for n in (note, town.held())]
        assert [d["grace_days"] for d in debts] == [before["policy"]["grace_days"], 9]
        for wrong, rule, status in (
            ({"hard_tenor_days": 367}, "policy-out-of-bounds", 422),
            ({"tier_limit": 256}, "request-invalid", 422),
            ({"min_child_value": str(2**64)}, "request-invalid", 422),
        ):
            town.refused("/network/policy", {**body, **wrong}, rule, status, "PUT")
    finally:
        town.do("/network/policy", {"party": 0, **before["policy"]}, "PUT")


def test_a_pause_stops_what_is_new_and_nothing_that_is_owed(town: Town) -> None:
    held, offered = town.held(due_in=1), town.offered()
    (operation,) = town.do("/network/pause", {"party": 0, "paused": True}, "PUT")["operations"]
    try:
        assert (operation["kind"], town.get("/network/policy")["paused"]) == ("pause", True)
        town.refused("/notes/split", town.split_body(held, "tier2"), "protocol-paused", 409)
        town.do("/notes/accept", {"party": offered["holder"]["id"], "notes": [offered["id"]]})
        town.do("/repayments", {"party": town.ids["core"], "notes": [held["id"]]})
    finally:
        (operation,) = town.do("/network/pause", {"party": 0, "paused": False}, "PUT")["operations"]
    assert (operation["kind"], town.get("/network/policy")["paused"]) == ("resume", False)
