"""A company whose account is a contract: it signs in by ERC-1271, with a wallet that accepts on the running chain."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest
from eth_abi.abi import encode
from eth_account.messages import encode_typed_data
from eth_utils.address import to_checksum_address
from siwe import SiweMessage

from api.domain.principal import PersonRole
from tests.api.http.stack import CHAIN_ID, PROJECT, Stack
from tests.api.http.staff import Guarded, Someone, client, signature, stamp
from tests.api.http.town import check_problem
from tests.api.http.wallet import wallet_of

OWNER = 38
"""Of the test accounts: nobody else's here."""


def deployed(stack: Stack) -> str:
    """A ContractWallet of the owner's; its address."""
    artifact = json.loads((PROJECT / "build/artifacts/ContractWallet.json").read_text(encoding="utf-8"))
    owner = wallet_of(OWNER)
    creation = {
        "chainId": CHAIN_ID,
        "nonce": int(stack.rpc("eth_getTransactionCount", owner.address, "latest"), 16),
        "value": 0,
        "data": artifact["bytecode"] + encode(["address"], [owner.address]).hex(),
        "gas": 1_000_000,
        "maxFeePerGas": 10**10,
        "maxPriorityFeePerGas": 10**9,
    }
    raw = owner.sign_transaction(creation).raw_transaction
    sent = stack.rpc("eth_sendRawTransaction", "0x" + bytes(raw).hex())
    stack.rpc("evm_mine")
    return str(to_checksum_address(stack.rpc("eth_getTransactionReceipt", sent)["contractAddress"]))


@pytest.fixture(scope="module")
def wallet(guarded: Guarded) -> str:
    return deployed(guarded.stack)


@pytest.fixture(scope="module")
def keeper(guarded: Guarded, wallet: str) -> Someone:
    """A person of the company that the wallet administers."""
    guarded.admit([guarded.town.admission("walleted", "supplier") | {"administrator": wallet}])
    return guarded.join(guarded.companies["walleted"], PersonRole.CHECKER)


def signed(wallet: str, nonce: dict[str, Any], by: int = OWNER) -> dict[str, str]:
    """The wallet's message, signed by a key."""
    message = SiweMessage(
        domain=nonce["domain"],
        address=wallet,
        uri=nonce["uri"],
        version="1",
        chain_id=CHAIN_ID,
        nonce=nonce["nonce"],
        issued_at=stamp(time.time()),
    ).prepare_message()
    return {"message": message, "signature": signature(wallet_of(by).address, message)}


def sign_in(guarded: Guarded, wallet: str, by: int = OWNER) -> httpx.Response:
    http = client(guarded.stack)
    return http.post("/auth/siwe/sessions", json=signed(wallet, http.post("/auth/siwe/nonces").json(), by))


def test_a_contract_wallet_is_linked_and_signs_in(guarded: Guarded, keeper: Someone, wallet: str) -> None:
    check_problem(sign_in(guarded, wallet), "sign-in-refused", 401)
    stranger = signed(wallet, keeper.http.post("/auth/accounts/nonces").json(), by=OWNER - 1)
    check_problem(keeper.http.post("/auth/accounts", json=stranger), "sign-in-refused", 401)
    own = signed(wallet, keeper.http.post("/auth/accounts/nonces").json())
    assert keeper.http.post("/auth/accounts", json=own).json() == {"accounts": [wallet]}

    answer = sign_in(guarded, wallet)
    assert answer.status_code == 201, answer.text
    http = client(guarded.stack)
    http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    me = http.get("/auth/me").json()
    assert (me["account"], me["person"], me["party"]) == (wallet, keeper.id, guarded.companies["walleted"])
    check_problem(sign_in(guarded, wallet, by=OWNER - 1), "sign-in-refused", 401)


def test_a_contract_that_is_not_the_companys_signs_nobody_in(guarded: Guarded, keeper: Someone) -> None:
    """It accepts, and is no account of the company's on chain; nor is its owner's key."""
    own = signed(deployed(guarded.stack), keeper.http.post("/auth/accounts/nonces").json())
    check_problem(keeper.http.post("/auth/accounts", json=own), "account-of-other-party", 403)
    owner = wallet_of(OWNER).address
    key = signed(owner, keeper.http.post("/auth/accounts/nonces").json())
    check_problem(keeper.http.post("/auth/accounts", json=key), "account-of-other-party", 403)
    check_problem(sign_in(guarded, owner), "sign-in-refused", 401)


def test_a_nonce_of_a_wallet_counts_once_too(guarded: Guarded, keeper: Someone, wallet: str) -> None:
    http = client(guarded.stack)
    body = signed(wallet, http.post("/auth/siwe/nonces").json())
    assert http.post("/auth/siwe/sessions", json=body).status_code == 201
    check_problem(http.post("/auth/siwe/sessions", json=body), "sign-in-refused", 401)


def test_a_contract_wallet_signs_an_approval(guarded: Guarded, keeper: Someone, wallet: str) -> None:
    """By its owner's key over the digest; a stranger's key, and the owner in its own name, sign nothing."""
    admin = guarded.join(guarded.companies["walleted"], PersonRole.ADMIN)
    wanted = [{"kind": "finance", "currency": "CNY", "amount": "1000"}]
    body = {"party": guarded.companies["walleted"], "thresholds": wanted}
    approval = admin.http.post("/approvals/thresholds", json=body).json()
    admin.sign_by_kept_key(approval["id"], "maker")

    def sign(account: str, by: int) -> httpx.Response:
        signable = encode_typed_data(full_message=approval["typed_data"])
        made = "0x" + bytes(wallet_of(by).sign_message(signable).signature).hex()
        body = {"by": "wallet", "part": "checker", "account": account, "signature": made}
        return keeper.http.post(f"/approvals/{approval['id']}/signatures", json=body)

    owner = wallet_of(OWNER).address
    for account, by in ((wallet, OWNER - 1), (owner, OWNER)):
        check_problem(sign(account, by), "approval-signature-invalid", 403)
    answer = sign(wallet, OWNER)
    assert (answer.status_code, answer.json()["status"]) == (200, "executed"), answer.text
    assert [s["account"] for s in answer.json()["signatures"]][1:] == [wallet]
    assert keeper.http.get("/approvals/thresholds").json() == {"thresholds": [{**wanted[0], "used": "0"}]}
