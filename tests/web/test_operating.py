"""The network's own view: health, reconciliation, any past day, admission, rules. On the whole demo, where nobody signs in,
but for what is announced."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from eth_account import Account
from playwright.sync_api import Locator, Page, expect

from api.domain.principal import PersonRole
from scripts.story.cast import invented_credit_code
from tests.api.http.staff import Someone
from tests.api.http.two import done
from tests.web.conftest import Demo, Place
from tests.web.looking import expect_lines, fits
from tests.web.trade import DELAY_S, STRANGER, Trade, enter

OpenPage = Callable[..., Page]


def test_health_and_reconciliation_are_told(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(demo, "#/network")
    health = page.get_by_role("region", name="Health")
    expect(health).to_contain_text("All that an act needs is at hand.")
    expect(health).to_contain_text("0 blocks")
    page.get_by_role("tab", name="Reconciliation").click()
    told = demo.read("/reports/reconciliation")
    expect(page.get_by_role("table", name=told["tables"][0]["title"])).to_be_visible()
    expect(page.get_by_role("link", name="PDF")).to_have_attribute("href", re.compile("format=pdf"))


def test_an_alert_leads_to_its_story_and_is_acknowledged_once(demo: Demo, open_page: OpenPage) -> None:
    first = demo.read("/alerts?open=true")["items"][0]
    page = open_page(demo, "#/network")
    alert = page.get_by_role("article", name=first["title"]).filter(has_text=first["why"])
    expect(alert).to_have_count(1)
    for party in first["parties"]:
        expect(alert.get_by_role("link", name=party["name_en"]).first).to_be_visible()
    alert.get_by_label("What there is to say of it").fill("Two instalments of one contract.")
    alert.get_by_role("button", name="I have seen it").click()
    expect(alert).to_have_count(0)
    page.get_by_role("button", name="All").click()
    expect(alert).to_contain_text("Two instalments of one contract.")
    expect(alert.get_by_role("button", name="I have seen it")).to_have_count(0)
    (told,) = [a for a in demo.read("/alerts")["items"] if a["id"] == first["id"]]
    assert told["acknowledged"]["remark"] == "Two instalments of one contract."


@pytest.mark.parametrize(
    ("view", "role"),
    [("holdings", "supplier"), ("desk", "financier"), ("portfolio", "financier"), ("payables", "core_enterprise")],
)
def test_a_companys_own_work_leads_to_a_company(demo: Demo, open_page: OpenPage, view: str, role: str) -> None:
    page = open_page(demo, f"#/{view}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Work of a company")
    page.locator("main").get_by_role("link", name="Parties").click()
    expect(page).to_have_url(re.compile(f"#/parties.role={role}$"))


def test_a_party_as_of_any_day(demo: Demo, open_page: OpenPage) -> None:
    core = demo.read("/parties?role=core_enterprise")["items"][0]["id"]
    confirmed = demo.read(f"/receivables?debtor={core}")["items"][0]["confirmed_date"]
    page = open_page(demo, f"#/parties/{core}")
    page.get_by_role("link", name="See it as of any day").click()
    past = page.get_by_role("region", name="As of a day")
    past.get_by_label("Day").fill(confirmed)
    told = demo.read(f"/parties/{core}/position?date={confirmed}")
    expect(past).to_contain_text(f"At the end of {confirmed}")
    owed = int(told["sums"][0]["owed"])
    expect(past.get_by_role("table", name="As of a day")).to_contain_text(f"¥{owed // 100:,}.{owed % 100:02}")
    assert f"day={confirmed}" in page.url


def test_the_operator_suspends_and_reinstates(demo: Demo, open_page: OpenPage, tmp_path: Path) -> None:
    party = demo.read("/parties?role=supplier")["items"][-1]["id"]
    order = tmp_path / "order.txt"
    order.write_text("by order of a court")
    page = open_page(demo, f"#/parties/{party}")
    page.get_by_label("Reason (a file)").set_input_files(order)
    page.get_by_role("button", name="Suspend").click()
    expect(page.get_by_text("Suspended").first).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Reinstate").click()
    expect(page.locator(".view-head").get_by_text("Active")).to_be_visible(timeout=20_000)


def test_the_operator_admits_a_party(demo: Demo, open_page: OpenPage, tmp_path: Path) -> None:
    authority = tmp_path / "authority.txt"
    authority.write_text("board resolution 3")
    page = open_page(demo, "#/network?tab=admission")
    expect_lines(page, "422")
    form = page.get_by_role("region", name="Admit a party")
    code = invented_credit_code("lathe works")
    for label, value in (
        ("Name in Chinese", "临港车床有限公司"),
        ("Name in English", "Lingang Lathe Works Co., Ltd."),
        ("Unified social credit code", code[:-1] + ("0" if code[-1] != "0" else "1")),
        ("Identity checked until", "2090-12-31"),
        ("Settlement account", "0x" + "51" * 20),
        ("Administering account", "0x" + "52" * 20),
    ):
        form.get_by_label(label).fill(value)
    form.get_by_label("Evidence of authority").set_input_files(authority)
    form.get_by_role("button", name="Admit", exact=True).click()
    expect(form.get_by_label("Unified social credit code")).to_have_attribute("aria-invalid", "true")
    form.get_by_label("Unified social credit code").fill(code)
    form.get_by_role("button", name="Admit", exact=True).click()
    expect(form.get_by_text(re.compile("Entered in the ledger|Done, for good"))).to_be_visible(timeout=20_000)
    page.goto(f"{demo.base}/#/parties")
    page.get_by_role("combobox", name="Search").fill("Lingang")
    page.get_by_role("option", name="Lingang Lathe Works").click()
    expect(page.locator(".view-head").get_by_text("Active")).to_be_visible()


def test_the_operator_pauses_and_sets_the_policy(demo: Demo, open_page: OpenPage) -> None:
    before = demo.read("/network/policy")
    page = open_page(demo, "#/network?tab=rules")
    expect_lines(page, "422")
    rules = page.get_by_role("region", name="Rules")
    expect(rules.get_by_role("button", name="Pause the network")).to_be_hidden()
    rules.get_by_text("In an emergency").click()
    rules.get_by_role("button", name="Pause the network").click()
    expect(rules).to_contain_text("Paused: no new issues, splits or sales.", timeout=20_000)
    assert demo.read("/network/policy")["paused"] is True
    rules.get_by_role("button", name="Let it go on").click()
    expect(rules).to_contain_text("Nothing is paused.", timeout=20_000)
    rules.get_by_text("Change the policy").click()
    rules.get_by_label("Longest tenor, days").fill("366")
    rules.get_by_role("button", name="Set the policy").click()
    expect(rules.get_by_role("alert").first).to_contain_text("366")
    rules.get_by_label("Longest tenor, days").fill(str(before["policy"]["hard_tenor_days"]))
    rules.get_by_label("Grace before overdue, days").fill("6")
    rules.get_by_role("button", name="Set the policy").click()
    expect(rules.get_by_role("heading", name=f"Policy {before['number'] + 1}")).to_be_visible(timeout=20_000)
    assert demo.read("/network/policy")["policy"] == {**before["policy"], "grace_days": 6}


def test_a_change_of_the_rules_is_seen_coming(trade: Trade, open_page: OpenPage) -> None:
    """Where the operator's role has to wait: two people announce it, a company reads it, two carry it out."""
    maker, checker = (trade.pair.guarded.join(0, role) for role in (PersonRole.MAKER, PersonRole.CHECKER))
    before = done(maker.http.get("/network/policy"))

    def rules_of(someone: Someone) -> Locator:
        page = open_page(Place(trade.base), "#/network?tab=rules")
        expect_lines(page, STRANGER)
        enter(page, someone)
        return page.get_by_role("region", name="Rules")

    def by_two(rules: Locator) -> None:
        link = rules.get_by_role("link", name="See and sign").get_attribute("href") or ""
        approval = link.rpartition("id=")[2]
        maker.sign_by_kept_key(approval, "maker")
        (operation,) = trade.pair.ended(maker.http, checker.sign_by_kept_key(approval, "checker"))
        assert operation["status"] == "confirmed", operation

    rules = rules_of(maker)
    rules.get_by_text("Change the policy").click()
    rules.get_by_label("Payment terms that are flagged").fill("61")
    rules.get_by_role("button", name="Set the policy").click()
    by_two(rules)
    expect(rules).to_contain_text("can be carried out from")
    seen = rules_of(trade.person("smith"))
    expect(seen.get_by_role("listitem")).to_contain_text("Another policy · can be carried out from")
    expect(seen.get_by_role("button")).to_have_count(0)
    trade.pair.pass_to(int(trade.stack.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16) + DELAY_S)
    rules = rules_of(maker)
    expect(rules.get_by_role("listitem")).to_contain_text("Another policy · can be carried out since")
    rules.get_by_role("button", name="Carry it out").click()
    by_two(rules)
    expect(rules.get_by_role("heading", name=f"Policy {before['number'] + 1}")).to_be_visible()
    expect(rules).to_contain_text("Nothing is announced.")
    assert done(maker.http.get("/network/policy"))["policy"] == {**before["policy"], "terms_days": 61}


def test_a_recovery_is_announced_and_the_company_hears_of_it_and_vetoes(
    demo: Demo, open_page: OpenPage, tmp_path: Path
) -> None:
    """By an account's keyfile, which signs in the page; the company is told on whatever view it is."""
    party = demo.read("/parties?role=supplier")["items"][0]["id"]
    key = Account.create()
    keyfile, resolution = tmp_path / "keyfile.json", tmp_path / "resolution.txt"
    keyfile.write_text(json.dumps(Account.encrypt(key.key, "open sesame", kdf="scrypt", iterations=2**12)))
    resolution.write_text("board resolution 4")
    page = open_page(demo, f"#/parties/{party}")
    acts = page.get_by_role("region", name="As the operator")
    acts.get_by_text("All keys are lost").click()
    acts.get_by_label("New administering account").fill(key.address)
    acts.get_by_label("Evidence of authority (a file)").set_input_files(resolution)
    acts.get_by_role("button", name="Show what the account signs").click()
    acts.get_by_text("Sign here, with the account's keyfile").click()
    acts.get_by_label("Keyfile (keystore v3)").set_input_files(keyfile)
    acts.get_by_label("Keyfile password").fill("open sesame")
    acts.get_by_role("button", name="Sign", exact=True).click()
    expect(acts.get_by_label("Signature of the account")).to_have_value(re.compile("^0x[0-9a-f]{130}$"))
    acts.get_by_role("button", name="Announce the recovery").click()
    announced = page.get_by_role("region", name="Changes of keys and accounts that are announced")
    expect(announced.get_by_title(key.address)).to_be_visible()
    (told,) = demo.read("/key-changes")["items"]
    assert (told["party"]["id"], told["account"], told["status"]) == (party, key.address, "waiting")
    page.goto(f"{demo.base}/#/network?tab=rules")
    expect(announced.get_by_role("button", name="Withdraw the recovery")).to_be_visible()

    company = open_page(demo, f"#/parties/{party}")
    company.get_by_role("button", name="Work as this company").click()
    company.goto(f"{demo.base}/#/notes")
    heard = company.get_by_text("Another account is to take over your company")
    expect(heard).to_be_visible()
    company.get_by_role("link", name="Look and decide").click()
    company.get_by_role("button", name="Veto the recovery").click()
    expect(heard).to_have_count(0)
    expect(announced).to_contain_text("Nothing is announced.")
    assert demo.read("/key-changes")["items"] == []


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_it_fits_and_is_accessible(demo: Demo, open_page: OpenPage, axe: str, locale: str) -> None:
    page = open_page(demo, "#/network", locale=locale)
    tabs = [f"#/network?tab={tab}" for tab in ("now", "books", "rules", "admission")]
    for view in (*tabs, f"#/parties/1?day={demo.read('/status')['today']}"):
        page.goto(f"{demo.base}/{view}")
        page.reload()
        fits(page, axe, locale)
