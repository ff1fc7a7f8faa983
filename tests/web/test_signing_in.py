"""People at the page of a network where everybody signs in: the real API, chain and database."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct, encode_typed_data
from playwright.sync_api import Page, expect

from api.domain.principal import PersonRole
from tests.api.http.provider import Setting, knowing, providing
from tests.api.http.staff import Someone
from tests.api.http.town import WAIT
from tests.api.http.two import Pair, Signer, done
from tests.api.http.wallet import wallet_of
from tests.web.conftest import Place
from tests.web.looking import expect_lines, violations
from tests.web.trade import STRANGER, enter

OpenPage = Callable[..., Page]
ADMIN, MAKER, CHECKER, VIEWER = PersonRole
INJECTED = """
window.ethereum = {
  request: async ({ method, params }) => {
    const answer = await window.walletAsked(method, params ?? []);
    if (answer === null) throw Object.assign(new Error("User rejected the request."), { code: 4001 });
    return answer;
  },
};
"""


@pytest.fixture(scope="module")
def checker(pair: Pair) -> Someone:
    return pair.person("assembler", CHECKER)


@pytest.fixture
def at(pair: Pair, open_page: OpenPage) -> Callable[..., Page]:
    """The page at a view, as a stranger sees it."""

    def opened(view: str = "#/", **options: Any) -> Page:
        page = open_page(Place(str(pair.stack.http.base_url).rstrip("/")), view, **options)
        expect_lines(page, STRANGER)
        return page

    return opened


def asked(pair: Pair, maker: Signer, amount: str = "5000.00") -> str:
    """An approval of a confirmation, nobody's signature on it yet."""
    answer = maker.http.post("/receivables", json=pair.confirmation(maker.http, amount=amount))
    assert answer.status_code == 202, answer.text
    return str(answer.json()["approval"])


def keyfile(pair: Pair, signer: Signer, password: str, folder: Path) -> Path:
    """The signer's linked account as an encrypted keyfile, cheap to open: one whose counter begins with zeros, which its
    writer leaves out."""
    key = wallet_of(pair.wallets.index(signer.account))
    content = Account.encrypt(key.key, password, kdf="pbkdf2", iterations=1)
    while len(content["crypto"]["cipherparams"]["iv"]) == 32:
        content = Account.encrypt(key.key, password, kdf="pbkdf2", iterations=1)
    file = folder / "keyfile.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def wallet(page: Page, pair: Pair, account: str) -> list[str]:
    """Puts a wallet with an account into the page; what it was asked. It says no while `refusing` is its last line."""
    heard: list[str] = []
    key = wallet_of(pair.wallets.index(account))

    def answer(method: str, params: list[str]) -> Any:
        refusing = heard[-1:] == ["refusing"]
        heard.append(method)
        if refusing:
            return None
        if method == "eth_requestAccounts":
            return [account.lower()]
        if method == "personal_sign":
            signable = encode_defunct(hexstr=params[0])
        else:
            signable = encode_typed_data(full_message=json.loads(params[1]))
        return "0x" + bytes(key.sign_message(signable).signature).hex()

    page.expose_function("walletAsked", answer)
    page.add_init_script(INJECTED)
    page.reload()
    return heard


def test_a_stranger_signs_in_where_he_was_going_and_leaves_nothing_behind(
    pair: Pair, checker: Someone, at: Callable[..., Page]
) -> None:
    page = at("#/parties")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page).to_have_title("Sign in · Cascade")
    expect(page.get_by_role("navigation")).to_have_count(0)
    enter(page, checker, code="000000")
    expect(page.get_by_role("alert").filter(has_text="Signing in failed")).to_be_visible()
    enter(page, checker)
    expect(page.get_by_role("heading", level=1)).to_have_text("Parties")
    expect(page.get_by_text(f"Person of {pair.companies['assembler']}, assembler Ltd")).to_be_visible()
    assert page.evaluate("document.cookie") == ""
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Parties")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert "assembler" not in page.content()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_session_that_is_ended_elsewhere_takes_what_it_showed_from_the_screen(
    pair: Pair, at: Callable[..., Page]
) -> None:
    someone = pair.person("assembler", VIEWER)
    page = at("#/parties")
    enter(page, someone)
    expect(page.get_by_role("link", name="assembler Ltd").first).to_be_visible()
    done(pair.person("assembler", ADMIN).http.post(f"/people/{someone.id}/disable"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in", timeout=15_000)
    assert "assembler" not in page.content()


def test_an_invited_person_sets_up_access_at_the_page(pair: Pair, at: Callable[..., Page], axe: str) -> None:
    email, token = pair.guarded.invite(pair.companies["assembler"], VIEWER)
    page = at("#/")
    page.get_by_role("link", name="Set up your access").click()
    page.get_by_label("Set-up token").fill(token)
    page.get_by_label("New password").fill("a long sentence of one's own")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    assert not violations(page, axe)
    someone = Someone(pair.guarded, pair.guarded.anonymous, "", email, "a long sentence of one's own", secret)
    page.get_by_label("One-time code").fill(someone.code())
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("link", name="Sign in").click()
    enter(page, someone, code=someone.code())
    expect(page.get_by_text("assembler Ltd").first).to_be_visible()


def test_a_person_comes_by_the_companys_own_identity_provider(
    pair: Pair, open_page: OpenPage, axe: str, tmp_path: Path
) -> None:
    """Another site, as the browser sees it: it has another name."""
    party, heading = pair.companies["assembler"], "assembler Ltd"
    with providing("localhost") as provider:
        own = Setting(provider, party, name_en="Assembler ID", name_zh="装配账号")
        with knowing(pair.guarded, tmp_path, {"own": own}) as there:
            base = str(there.stack.http.base_url).rstrip("/")
            page = open_page(Place(base), "#/enrol", beside=f"localhost:{provider.port}")
            expect_lines(page, STRANGER)
            email, token = there.invite(party, VIEWER)
            page.get_by_label("Set-up token").fill(token)
            page.get_by_role("button", name="Use Assembler ID").click()
            secret = page.locator("code.secret").inner_text().replace(" ", "")
            someone = Someone(there, there.anonymous, "", email, "", secret)
            page.get_by_label("One-time code").fill(someone.code())
            assert not violations(page, axe)
            page.get_by_role("button", name="Go on with Assembler ID").click()
            expect(page.get_by_text(heading).first).to_be_visible()
            assert page.evaluate("document.cookie") == ""
            page.get_by_role("button", name="Sign out").click()

            # Linked now, and back where he was going.
            page.goto(f"{base}/#/parties")
            page.get_by_role("button", name="Sign in with Assembler ID").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Parties")
            page.get_by_role("button", name="Sign out").click()

            provider.user = "somebody else"
            page.get_by_role("button", name="Sign in with Assembler ID").click()
            expect(page.get_by_role("alert").filter(has_text="linked to nobody active here")).to_be_visible()
            assert not violations(page, axe)

            chinese = open_page(Place(base), page.url.removeprefix(f"{base}/"), locale="zh-CN")
            expect_lines(chinese, STRANGER)
            expect(chinese.get_by_role("alert").filter(has_text="没有绑定")).to_be_visible()
            expect(chinese.get_by_role("button", name="用装配账号登录")).to_be_visible()


def test_two_people_approve_one_with_a_keyfile_one_with_a_code(
    pair: Pair, maker: Signer, checker: Someone, at: Callable[..., Page], tmp_path: Path, axe: str
) -> None:
    approval = asked(pair, maker, "1234.56")
    file = keyfile(pair, maker, "the keyfile's own", tmp_path)

    first = at("#/approvals")
    enter(first, maker.someone)
    first.locator(f"a[href*='{approval}']").click()
    expect(first.get_by_text("Confirm to owe smith Ltd 1,234.56 CNY")).to_be_visible()
    expect(first.get_by_role("heading", name="Sign as maker")).to_be_visible()
    first.get_by_role("button", name="Keyfile", exact=True).click()
    first.get_by_label("Keyfile (keystore v3)").set_input_files(file)
    first.get_by_label("Keyfile password").fill("another")
    first.get_by_role("button", name="Sign as maker").click()
    expect(first.get_by_role("alert").filter(has_text="no keyfile")).to_be_visible()
    first.get_by_label("Keyfile password").fill("the keyfile's own")
    first.get_by_role("button", name="Sign as maker").click()
    expect(first.get_by_text("Waiting for the checker")).to_be_visible()
    expect(first.get_by_role("heading", name="Sign as maker")).to_have_count(0)

    second = at(f"#/approvals?id={approval}", locale="zh-CN", viewport={"width": 360, "height": 780})
    second.get_by_label("电子邮箱").fill(checker.email)
    second.get_by_label("密码").fill(checker.password)
    second.get_by_label("动态验证码").fill(checker.fresh_code())
    second.get_by_role("button", name="登录", exact=True).click()
    expect(second.get_by_text("向smith有限公司确认应付 1,234.56 CNY")).to_be_visible()
    second.get_by_role("button", name="动态验证码").click()
    second.get_by_label("动态验证码").fill(checker.fresh_code())
    second.get_by_role("button", name="创建我的签名密钥").click()
    expect(second.get_by_role("button", name="签名并执行")).to_be_visible()
    assert not violations(second, axe)
    assert second.evaluate("document.documentElement.scrollWidth") <= 360
    second.get_by_label("动态验证码").fill(checker.fresh_code())
    second.get_by_role("button", name="签名并执行").click()
    expect(second.get_by_text("已执行").first).to_be_visible()

    kept = done(pair.auditor.http.get(f"/approvals/{approval}"))
    assert [(s["person"], s["means"]) for s in kept["signatures"]] == [(maker.id, "wallet"), (checker.id, "custodial")]
    (operation,) = pair.ended(maker.http, kept)
    assert operation["status"] == "confirmed"


def test_a_wallet_signs_in_and_signs_unless_its_owner_refuses(
    pair: Pair, maker: Signer, at: Callable[..., Page]
) -> None:
    approval = asked(pair, maker)
    page = at(f"#/approvals?id={approval}")
    heard = wallet(page, pair, maker.account)
    page.get_by_role("button", name="Sign in with the wallet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm debts")
    assert heard == ["eth_requestAccounts", "personal_sign"]
    page.get_by_role("button", name="Wallet", exact=True).click()
    heard.append("refusing")
    page.get_by_role("button", name="Sign as maker").click()
    expect(page.get_by_role("alert").filter(has_text="refused it in the wallet")).to_be_visible()
    page.get_by_role("button", name="Sign as maker").click()
    expect(page.get_by_text("Waiting for the checker")).to_be_visible()
    assert heard[-1] == "eth_signTypedData_v4"


def test_what_is_shown_must_be_what_the_digest_is_of(
    pair: Pair, maker: Signer, at: Callable[..., Page], tmp_path: Path
) -> None:
    """Somebody between the service and the page alters the data that is signed."""
    approval = asked(pair, maker)
    page = at(f"#/approvals?id={approval}")

    def altered(route: Any) -> None:
        answer = route.fetch()
        body = answer.json()
        if "typed_data" in body:
            body["typed_data"]["message"]["deadline"] = "1"
        route.fulfill(response=answer, json=body)

    page.route(f"**/approvals/{approval}", altered)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    enter(page, maker.someone)
    page.get_by_role("button", name="Keyfile", exact=True).click()
    page.get_by_label("Keyfile (keystore v3)").set_input_files(keyfile(pair, maker, "own", tmp_path))
    page.get_by_label("Keyfile password").fill("own")
    page.get_by_role("button", name="Sign as maker").click()
    expect(page.get_by_role("alert").filter(has_text="not that of the data shown")).to_be_visible()
    assert not [url for url in sent if url.endswith("/signatures")]


def test_a_checker_refuses_and_a_maker_withdraws_after_a_second_question(
    pair: Pair, maker: Signer, checker: Someone, at: Callable[..., Page]
) -> None:
    refused, withdrawn = asked(pair, maker), asked(pair, maker)
    done(pair.sign(maker, refused, "maker"))
    page = at(f"#/approvals?id={refused}")
    enter(page, checker)
    page.get_by_role("button", name="Refuse").click()
    page.get_by_role("button", name="Cancel").click()
    assert done(checker.http.get(f"/approvals/{refused}"))["status"] == "signed"
    page.get_by_role("button", name="Refuse").click()
    page.get_by_role("group", name="Refuse").get_by_role("button", name="Refuse").click()
    expect(page.locator(".eyebrow").get_by_text("Refused")).to_be_visible()

    page = at(f"#/approvals?id={withdrawn}")
    enter(page, maker.someone)
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("group", name="Withdraw").get_by_role("button", name="Withdraw").click()
    expect(page.locator(".eyebrow").get_by_text("Withdrawn")).to_be_visible()
    assert done(maker.http.get(f"/approvals/{withdrawn}"))["status"] == "withdrawn"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_people_come_in(
    checker: Someone, at: Callable[..., Page], axe: str, scheme: str
) -> None:
    page = at("#/", color_scheme=scheme)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert not violations(page, axe)
    page.goto(page.url.split("#")[0] + "#/enrol")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your access")
    assert not violations(page, axe)
    page.goto(page.url.split("#")[0] + "#/approvals")
    enter(page, checker)
    expect(page.get_by_role("heading", level=1)).to_have_text("Approvals")
    assert not violations(page, axe)


def test_a_supplier_sees_its_own_and_reads_what_is_not_shown(
    pair: Pair, maker: Signer, checker: Someone, at: Callable[..., Page], axe: str
) -> None:
    """A note two tiers down: who holds it sees who pays and when, and nothing of the debt above it."""
    pair.guarded.admit([pair.town.admission("weaver", "supplier")])
    approval = asked(pair, maker)
    done(pair.sign(maker, approval, "maker"))
    pair.ended(maker.http, checker.sign_by_kept_key(approval, "checker"))
    smith = pair.person("smith", MAKER)
    found = pair.town.until(lambda: done(smith.http.get("/notes?status=offered"))["items"], bool)
    root, parties = found[0]["id"], pair.companies
    done(smith.http.post("/notes/accept", json={"party": parties["smith"], "notes": [root]}, headers=WAIT))
    part = {"to": parties["weaver"], "amount": "100000", "trade_hash": "0x" + "7a" * 32}
    split = {"party": parties["smith"], "splits": [{"note": root, "portions": [part]}]}
    done(smith.http.post("/notes/split", json=split, headers=WAIT))
    weaver = pair.person("weaver", MAKER)
    child = pair.town.until(lambda: done(weaver.http.get("/notes?status=offered"))["items"], bool)[0]

    page = at(f"#/notes/{child['id']}")
    enter(page, weaver)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Note {child['id']}")
    expect(page.get_by_text("assembler Ltd").first).to_be_visible()
    assert "5,000.00" not in page.content()
    assert not violations(page, axe)
    for view in (f"#/receivables/{child['receivable']}", "#/overview", f"#/parties/{parties['smith']}", "#/notes"):
        page.goto(page.url.split("#")[0] + view)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("alert")).to_have_count(0)
    page.goto(page.url.split("#")[0] + f"#/parties/{parties['smith']}")
    expect(page.get_by_text("not shown to you").first).to_be_attached()
