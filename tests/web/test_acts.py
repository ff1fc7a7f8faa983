"""One act at the page, from the pressing to its end: how far it is, said no earlier than it is so; once, however the line
behaves; taken back when the chain takes it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.api.http.town import REGISTRY
from tests.api.http.two import done
from tests.web.conftest import Place
from tests.web.looking import expect_lines, violations
from tests.web.trade import CHECKER, DEPTH, RECORD, STRANGER, Trade

OpenPage = Callable[..., Page]
SENT, THROUGH, ENTERED, FINAL = "On its way.", "It went through.", "Entered in the ledger", "Done, for good."


@pytest.fixture
def at(trade: Trade, open_page: OpenPage) -> Callable[..., Page]:
    """The page at a view, as a company's maker sees it; `page.evaluate("heard")` is what its acts have said."""

    def opened(view: str, company: str = "smith", **options: Any) -> Page:
        page = open_page(Place(trade.base), view, **options)
        expect_lines(page, STRANGER)
        page.add_init_script(RECORD)
        page.reload()
        trade.enter(page, company)
        return page

    return opened


def heard(page: Page) -> list[str]:
    return list(page.evaluate("window.heard"))


def open_key(page: Page, file: Path) -> None:
    page.get_by_label("Keyfile (keystore v3)").set_input_files(file)
    page.get_by_label("Keyfile password").fill("its own")
    page.get_by_role("button", name="Open the key").click()


def in_order(said: list[str], *wanted: str) -> None:
    """Each of these was said, in this order, among others."""
    rest = iter(said)
    for words in wanted:
        assert any(words in text for text in rest), (words, said)


def sent(page: Page, path: str) -> list[str | None]:
    """Idempotency keys of the requests to a path, as they go out."""
    keys: list[str | None] = []

    def note(request: Any) -> None:
        if request.method == "POST" and request.url.endswith(path):
            keys.append(request.headers.get("idempotency-key"))

    page.on("request", note)
    return keys


def test_an_act_says_how_far_it_is_and_never_more(trade: Trade, at: Callable[..., Page], axe: str) -> None:
    note = trade.offered()
    page = at(f"#/notes/{note['id']}")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_text(ENTERED)).to_be_visible()
    expect(page.locator(".eyebrow").get_by_text("Held")).to_be_visible()
    expect(page.get_by_text(FINAL)).to_have_count(0)
    assert not violations(page, axe)
    page.get_by_text("Details").first.click()
    expect(page.locator(".act-details").get_by_text("Transaction")).to_be_visible()
    trade.mine(DEPTH - 1)
    expect(page.get_by_text(ENTERED)).to_be_visible()
    trade.mine(1)
    expect(page.get_by_text(FINAL)).to_be_visible()
    in_order(heard(page), ENTERED, FINAL)
    assert not any(FINAL in text for text in heard(page)[:-1])
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_text(FINAL)).to_have_count(0)


def test_a_rule_that_refuses_is_told_in_both_languages_and_it_can_be_tried_again(
    trade: Trade, at: Callable[..., Page]
) -> None:
    """Somebody else of the company was quicker."""
    note = trade.offered()
    page = at(f"#/notes/{note['id']}", locale="zh-CN", viewport={"width": 360, "height": 780})
    expect_lines(page, "409")
    expect_lines(page, "422")
    expect(page.get_by_role("button", name="签收", exact=True)).to_be_visible()
    page.route("**/status", lambda route: route.abort())  # the page does not hear of it
    expect_lines(page, "ERR_FAILED")
    trade.do("smith", "/notes/accept", {"notes": [note["id"]]})
    page.get_by_role("button", name="签收", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="状态 持有中")).to_be_visible()
    page.unroute("**/status")


def test_without_a_line_it_is_sent_again_by_itself_and_done_once(trade: Trade, at: Callable[..., Page]) -> None:
    note = trade.offered()
    before = len(trade.operations("smith", "accept"))
    page = at(f"#/notes/{note['id']}")
    expect_lines(page, "ERR_INTERNET_DISCONNECTED")
    keys = sent(page, "/notes/accept")
    expect(page.get_by_role("button", name="Accept", exact=True)).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_text("No answer yet")).to_be_visible()
    assert trade.note("smith", note["id"])["status"] == "offered"
    page.context.set_offline(False)
    expect(page.get_by_text(ENTERED)).to_be_visible()
    assert len(keys) >= 2
    assert len(set(keys)) == 1
    assert len(trade.operations("smith", "accept")) == before + 1


def test_an_answer_that_comes_after_the_events_is_not_believed_to_be_the_last_word(
    trade: Trade, at: Callable[..., Page]
) -> None:
    """The stream, open for an act before, tells of this one while the page does not know its number yet."""
    first, second = trade.offered(), trade.offered()
    page = at(f"#/notes/{first['id']}")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_text(ENTERED)).to_be_visible()
    page.evaluate(f"location.hash = '#/notes/{second['id']}'")
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(second["id"]))

    def late(route: Route) -> None:
        answer = route.fetch()
        trade.pair.town.until(lambda: trade.note("smith", second["id"])["status"], lambda status: status == "held")
        page.wait_for_timeout(500)
        route.fulfill(response=answer)

    page.route("**/notes/accept", late)
    page.get_by_role("button", name="Accept", exact=True).click()
    # Both acts, and sooner than the page asks beside an open stream.
    expect(page.get_by_text(ENTERED)).to_have_count(2, timeout=8_000)


def test_an_answer_that_was_lost_is_asked_for_again(trade: Trade, at: Callable[..., Page]) -> None:
    note = trade.offered()
    before = len(trade.operations("smith", "accept"))
    page = at(f"#/notes/{note['id']}")
    expect_lines(page, "ERR_FAILED")
    keys = sent(page, "/notes/accept")
    heard_of: list[int] = []

    def lose(route: Route) -> None:
        """The server hears of it; the page does not hear of the server."""
        heard_of.append(route.fetch().status)
        route.abort()

    page.route("**/notes/accept", lose)
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_text("No answer yet")).to_be_visible()
    page.unroute("**/notes/accept")
    expect(page.get_by_text(ENTERED)).to_be_visible()
    assert heard_of[0] == 202
    assert len(set(keys)) == 1
    assert len(trade.operations("smith", "accept")) == before + 1


def test_the_same_act_after_a_reload_goes_on_under_its_key(trade: Trade, at: Callable[..., Page]) -> None:
    note = trade.offered()
    page = at(f"#/notes/{note['id']}")
    expect_lines(page, "ERR_FAILED")
    keys = sent(page, "/notes/accept")
    page.route("**/notes/accept", lambda route: route.abort())
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_text("No answer yet")).to_be_visible()
    page.reload()
    page.unroute("**/notes/accept")
    # Of what was asked the tab remembers a hash and the key.
    (kept,) = page.evaluate("JSON.parse(sessionStorage.getItem('cascade.acts'))")
    assert set(kept) == {"subject", "digest", "key", "operations", "approval"}
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_text(ENTERED)).to_be_visible()
    assert len(keys) >= 2
    assert set(keys) == {kept["key"]}


def test_where_the_stream_is_cut_the_page_asks(trade: Trade, at: Callable[..., Page]) -> None:
    note = trade.offered()
    page = at(f"#/notes/{note['id']}")
    expect_lines(page, "ERR_FAILED", "EventSource")
    page.route("**/operations/events", lambda route: route.abort())
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_text(ENTERED)).to_be_visible(timeout=15_000)
    trade.mine()
    expect(page.get_by_text(FINAL)).to_be_visible(timeout=15_000)


def test_an_act_under_way_is_followed_over_views_and_reloads(trade: Trade, at: Callable[..., Page]) -> None:
    note = trade.offered()
    page = at(f"#/notes/{note['id']}")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_text(ENTERED)).to_be_visible()
    page.goto(f"{trade.base}/#/parties")
    under_way = page.get_by_role("region", name="Under way")
    expect(under_way.get_by_role("heading", name=f"Accept note {note['id']}")).to_be_visible()
    page.reload()
    expect(under_way.get_by_text(ENTERED)).to_be_visible()
    trade.mine()
    expect(under_way.get_by_text(FINAL)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert page.evaluate("sessionStorage.length") == 0


def test_a_block_that_is_replaced_takes_the_act_back_and_it_is_said(trade: Trade, at: Callable[..., Page]) -> None:
    note = trade.offered()
    page = at(f"#/notes/{note['id']}")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_text(ENTERED)).to_be_visible()
    trade.stack.rpc("anvil_reorg", 1, [])
    expect(page.get_by_text("The network replaced its latest entries at")).to_be_visible(timeout=20_000)
    expect(page.get_by_text(ENTERED)).to_be_visible()
    trade.mine()
    expect(page.get_by_text(FINAL)).to_be_visible()
    in_order(heard(page), ENTERED, "Taken back:", ENTERED, FINAL)
    assert trade.note("smith", note["id"])["status"] == "held"


def test_a_company_that_keeps_its_key_signs_here(
    trade: Trade, at: Callable[..., Page], tmp_path: Path, axe: str
) -> None:
    account = trade.pair.admit_with_own_key("tinker", "supplier")
    note = trade.passed_open(trade.held(), "smith", "tinker", 120_000)
    page = at(f"#/notes/{note['id']}", "tinker")
    expect_lines(page, "403")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_text("Your company keeps its own key")).to_be_visible()
    assert not violations(page, axe)
    open_key(page, trade.keyfile(account, "its own", tmp_path))
    expect(page.get_by_text(f"Signed by {account}")).to_be_visible()
    due = done(trade.person("tinker").http.get(f"/receivables/{note['receivable']}"))["due_date"]
    expect(page.get_by_text(f"Accept note {note['id']}: ¥1,200.00 that assembler Ltd pays on {due}")).to_be_visible()
    assert not violations(page, axe)
    page.get_by_role("button", name="Sign and send").click()
    expect(page.get_by_text(ENTERED)).to_be_visible()
    (operation,) = trade.operations("tinker", "accept")
    assert operation["relayed_for"] == account
    assert trade.note("tinker", note["id"])["status"] == "held"


def test_what_the_page_cannot_read_it_says_not_to_sign(trade: Trade, at: Callable[..., Page], tmp_path: Path) -> None:
    """Somebody between the service and the page puts another call in the place of the one that was asked for."""
    account = trade.pair.admit_with_own_key("careful", "supplier")
    note = trade.passed_open(trade.held(), "smith", "careful", 120_000)
    page = at(f"#/notes/{note['id']}", "careful")
    expect_lines(page, "403")

    def altered(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        body["requests"][0]["typed_data"]["message"]["data"] = "0xdeadbeef"
        route.fulfill(response=answer, json=body)

    page.route("**/operations/requests", altered)
    page.get_by_role("button", name="Accept", exact=True).click()
    open_key(page, trade.keyfile(account, "its own", tmp_path))
    expect(page.get_by_role("alert").filter(has_text="cannot read what is to be signed")).to_be_visible()
    expect(page.get_by_role("button", name="Sign and send")).to_have_count(0)


def test_two_people_approve_and_the_company_signs_with_its_own_key(
    trade: Trade, at: Callable[..., Page], tmp_path: Path, axe: str
) -> None:
    account = trade.pair.admit_with_own_key("turner", "supplier")
    offered = trade.passed_open(trade.held(), "smith", "turner", 200_000)
    file = trade.keyfile(account, "its own", tmp_path)
    page = at(f"#/notes/{offered['id']}", "turner")
    expect_lines(page, "403", "409")
    page.get_by_role("button", name="Accept", exact=True).click()
    open_key(page, file)
    page.get_by_role("button", name="Sign and send").click()
    expect(page.get_by_text(ENTERED)).to_be_visible()
    ask = {"party": trade.ids["turner"], "note": offered["id"]}
    done(trade.person("turner").http.post("/quote-requests", json=ask))
    bid = {"note": offered["id"], "rate_bps": 500, "max_amount": "200000", "registry_reference": REGISTRY}
    body = {"party": trade.ids["lender"], "bids": [bid]}
    done(trade.person("lender").http.post("/quotes", json=body))

    sell = page.get_by_role("region", name="Cash today")
    sell.get_by_role("button", name="Take").click()
    sell.get_by_role("button", name="Sell for").click()
    open_key(page, file)
    expect(page.get_by_text(f"Sell ¥2,000.00 of note {offered['id']} to lender Ltd for at least")).to_be_visible()
    page.get_by_role("button", name="Sign and send").click()
    expect(page.get_by_text("Nothing is done yet: this takes two people")).to_be_visible()
    page.get_by_role("link", name="See and sign").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sell or pledge notes")
    approval = page.url.rpartition("id=")[2]
    trade.person("turner").sign_by_kept_key(approval, "maker")
    trade.pair.person("turner", CHECKER).sign_by_kept_key(approval, "checker")
    page.reload()
    expect(page.get_by_role("heading", name="Sign it with the company's key")).to_be_visible()
    open_key(page, file)
    expect(page.get_by_text(f"Sell ¥2,000.00 of note {offered['id']} to lender Ltd for at least")).to_be_visible()
    assert not violations(page, axe)
    page.get_by_role("button", name="Sign and send").click()
    far = page.locator("section.panel").filter(has=page.get_by_role("heading", name="How far it is"))
    expect(far).to_contain_text(ENTERED, timeout=15_000)
    (operation,) = trade.operations("turner", "finance")
    assert (operation["relayed_for"], operation["approval"]) == (account, approval)
