"""The deposit token's signed transfers (ERC-3009) and permits (ERC-2612), on the token itself."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from eth_utils import keccak

from tests.contracts import signing
from tests.contracts.chain import key_of
from tests.contracts.deployment import Contract
from tests.contracts.twin import Actor, Twin

WEALTH = 1_000
HOUR = 3_600
NONCE = keccak(text="a nonce")
TERMS = "(address,address,uint256,uint256,uint256,bytes32"
BYTES, PARTS = "bytes)", "uint8,bytes32,bytes32)"
FORMS = pytest.mark.parametrize("form", [BYTES, PARTS])
ACTS = pytest.mark.parametrize("act", ["transfer", "receive"])
OWNER, PAYEE = key_of("owner of tokens"), key_of("payee of tokens")


@pytest.fixture
def token(twin: Twin) -> Contract:
    """With some of it in a plain key's hands."""
    token = twin.deployment["DepositToken"]
    twin.deployment.fund(OWNER.address, PAYEE.address)
    twin.mint(1, OWNER.address, WEALTH)
    twin.seen.accounts |= {OWNER.address, PAYEE.address}
    twin.comparing = False
    return token


def proof(signature: bytes, form: str) -> tuple[Any, ...]:
    """The signature as one form of a function takes it."""
    return (signature,) if form == BYTES else (signature[64], signature[:32], signature[32:64])


def authorization(token: Contract, **changes: Any) -> dict[str, Any]:
    """For the payee, in time."""
    fresh = {
        "from": OWNER.address,
        "to": PAYEE.address,
        "value": 400,
        "validAfter": 0,
        "validBefore": token.chain.now + HOUR,
        "nonce": NONCE,
    }
    return fresh | changes


def signature_of(token: Contract, act: str, message: dict[str, Any], key: LocalAccount = OWNER, **domain: Any) -> bytes:
    return signing.sign(key, signing.typed(token, f"{act.capitalize()}WithAuthorization", message, **domain))


def refusal(
    token: Contract, act: str, form: str, message: dict[str, Any], signature: bytes, sender: str = PAYEE.address
) -> tuple[str, tuple[Any, ...]] | None:
    return token.refusal(
        f"{act}WithAuthorization{TERMS},{form}", *message.values(), *proof(signature, form), sender=sender
    )


@FORMS
@ACTS
def test_an_owners_signature_moves_its_tokens_once(token: Contract, act: str, form: str) -> None:
    message = authorization(token)
    signature = signature_of(token, act, message)
    args = (*message.values(), *proof(signature, form))
    receipt = token.do(PAYEE, f"{act}WithAuthorization{TERMS},{form}", *args)
    assert token.events(receipt, "AuthorizationUsed") == [{"authorizer": OWNER.address, "nonce": NONCE}]
    assert [token.call("balanceOf", a.address) for a in (OWNER, PAYEE)] == [WEALTH - 400, 400]
    assert token.call("authorizationState", OWNER.address, NONCE) is True
    for again in (BYTES, PARTS):
        assert refusal(token, act, again, message, signature) == ("AuthorizationSpent", (OWNER.address, NONCE))


def test_anybody_carries_a_transfer_and_the_payee_alone_a_receipt(token: Contract) -> None:
    stranger, message = key_of("rando").address, authorization(token)
    signatures = {act: signature_of(token, act, message) for act in ("transfer", "receive")}
    assert refusal(token, "transfer", BYTES, message, signatures["transfer"], sender=stranger) is None
    for form in (BYTES, PARTS):
        found = refusal(token, "receive", form, message, signatures["receive"], sender=stranger)
        assert found == ("CallerNotPayee", (stranger, PAYEE.address))


@FORMS
@ACTS
def test_a_signature_of_one_act_is_none_of_another(token: Contract, act: str, form: str) -> None:
    message = authorization(token)
    other = signature_of(token, "receive" if act == "transfer" else "transfer", message)
    typed = signing.typed(token, f"{act.capitalize()}WithAuthorization", message)
    expected = ("AuthorizationInvalid", (OWNER.address, signing.digest_of(typed)))
    assert refusal(token, act, form, message, other) == expected


@ACTS
@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("from", PAYEE.address),
        ("to", OWNER.address),
        ("value", 401),
        ("validAfter", 1),
        ("validBefore", 2**200),
        ("nonce", keccak(text="another")),
    ],
)
def test_every_term_is_signed(token: Contract, act: str, term: str, value: object) -> None:
    message = authorization(token)
    signature, changed = signature_of(token, act, message), message | {term: value}
    found = refusal(token, act, BYTES, changed, signature, sender=changed["to"])
    assert found is not None
    assert found[0] == "AuthorizationInvalid"


@FORMS
@pytest.mark.parametrize("spoil", ["key", "chain", "contract", "high s", "zero", "v flipped"])
def test_a_spoiled_signature_is_nobodys(token: Contract, form: str, spoil: str) -> None:
    message = authorization(token)
    good = signature_of(token, "transfer", message)
    spoiled = {
        "key": lambda: signature_of(token, "transfer", message, key_of("thief")),
        "chain": lambda: signature_of(token, "transfer", message, chainId=1),
        "contract": lambda: signature_of(token, "transfer", message, verifyingContract=PAYEE.address),
        "high s": lambda: signing.malleate(good),
        "zero": lambda: bytes(65),
        "v flipped": lambda: good[:64] + bytes([55 - good[64]]),
    }[spoil]()
    found = refusal(token, "transfer", form, message, spoiled)
    assert found is not None
    assert found[0] == "AuthorizationInvalid"


@ACTS
def test_the_zero_owner_signs_nothing(token: Contract, act: str) -> None:
    message = authorization(token, **{"from": "0x" + "00" * 20})
    found = refusal(token, act, PARTS, message, bytes(65))
    assert found is not None
    assert found[0] == "AuthorizationInvalid"


@ACTS
def test_i_14_clock_authorization_is_valid_between_its_times(token: Contract, act: str) -> None:
    """Strictly after the one and strictly before the other, as ERC-3009 has it."""
    after, before = token.chain.now + 100, token.chain.now + 200
    message = authorization(token, validAfter=after, validBefore=before)
    signature = signature_of(token, act, message)
    for moment, expected in (
        (after - 1, ("AuthorizationNotYetValid", (after,))),
        (after, ("AuthorizationNotYetValid", (after,))),
        (after + 1, None),
        (before - 1, None),
        (before, ("AuthorizationExpired", (before,))),
        (before + 1, ("AuthorizationExpired", (before,))),
    ):
        token.chain.move_to(moment)
        assert refusal(token, act, BYTES, message, signature) == expected, moment


@FORMS
def test_a_cancelled_authorization_moves_nothing(token: Contract, form: str) -> None:
    message = authorization(token)
    word = {"authorizer": OWNER.address, "nonce": NONCE}
    signature = signing.sign(OWNER, signing.typed(token, "CancelAuthorization", word))
    cancel = f"cancelAuthorization(address,bytes32,{form}"
    forged = signing.sign(PAYEE, signing.typed(token, "CancelAuthorization", word))
    found = token.refusal(cancel, OWNER.address, NONCE, *proof(forged, form), sender=PAYEE.address)
    assert found is not None
    assert found[0] == "AuthorizationInvalid"
    receipt = token.do(PAYEE, cancel, OWNER.address, NONCE, *proof(signature, form))
    assert token.events(receipt, "AuthorizationCanceled") == [{"authorizer": OWNER.address, "nonce": NONCE}]
    spent = ("AuthorizationSpent", (OWNER.address, NONCE))
    assert refusal(token, "transfer", form, message, signature_of(token, "transfer", message)) == spent
    assert token.refusal(cancel, OWNER.address, NONCE, *proof(signature, form), sender=PAYEE.address) == spent


def test_a_nonce_is_its_owners_alone(token: Contract, twin: Twin, tier1: Actor) -> None:
    message = authorization(token)
    token.do(
        PAYEE, f"transferWithAuthorization{TERMS},{BYTES}", *message.values(), signature_of(token, "transfer", message)
    )
    assert token.call("authorizationState", tier1.address, NONCE) is False


@ACTS
def test_more_than_there_is_does_not_move(token: Contract, act: str) -> None:
    message = authorization(token, value=WEALTH + 1)
    found = refusal(token, act, BYTES, message, signature_of(token, act, message))
    assert found == ("ERC20InsufficientBalance", (OWNER.address, WEALTH, WEALTH + 1))


def test_a_permit_allows_up_to_its_deadline(token: Contract) -> None:
    until = token.chain.now + HOUR
    message = {"owner": OWNER.address, "spender": PAYEE.address, "value": 5, "nonce": 0, "deadline": until}
    signature = signing.sign(OWNER, signing.typed(token, "Permit", message))
    args = (OWNER.address, PAYEE.address, 5, until, *proof(signature, PARTS))
    token.chain.move_to(until + 1)
    assert token.refusal("permit", *args, sender=PAYEE.address) == ("ERC2612ExpiredSignature", (until,))
    later = message | {"deadline": until + HOUR}
    signature = signing.sign(OWNER, signing.typed(token, "Permit", later))
    token.do(PAYEE, "permit", OWNER.address, PAYEE.address, 5, until + HOUR, *proof(signature, PARTS))
    assert token.call("allowance", OWNER.address, PAYEE.address) == 5
    found = token.refusal(
        "permit", OWNER.address, PAYEE.address, 5, until + HOUR, *proof(signature, PARTS), sender=PAYEE.address
    )
    assert found is not None
    assert found[0] == "ERC2612InvalidSigner"


def test_a_contract_wallet_signs_by_erc_1271(token: Contract, twin: Twin) -> None:
    """Both forms: of one owner, its signature has a key's length."""
    wallet = twin.deployment.deploy("ContractWallet", OWNER.address)
    twin.mint(1, wallet.address, WEALTH)
    for number, form in enumerate((BYTES, PARTS)):
        message = authorization(token, **{"from": wallet.address}, nonce=keccak(text=f"{number}"))
        forged = signature_of(token, "transfer", message, PAYEE)
        found = refusal(token, "transfer", form, message, forged)
        assert found is not None
        assert found[0] == "AuthorizationInvalid"
        args = (*message.values(), *proof(signature_of(token, "transfer", message), form))
        token.do(PAYEE, f"transferWithAuthorization{TERMS},{form}", *args)
    assert token.call("balanceOf", wallet.address) == WEALTH - 800
