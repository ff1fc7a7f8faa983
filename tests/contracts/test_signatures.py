"""What is signed: quotes and attestations. Replay, change, malleability, zero signer, contract wallets."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_account import Account
from eth_utils import keccak

from tests.contracts import signing
from tests.contracts.chain import key_of
from tests.contracts.constants import CASH, FACE, TENOR, ZERO_ADDRESS
from tests.contracts.twin import Actor, Twin
from tests.reference.financing import Deal, price_down
from tests.reference.parties import Admission, Right, Role

BAD = Account.from_key(keccak(text="not the signer"))


def changes(twin: Twin, other: Actor) -> dict[str, object]:
    return {
        "max_amount": FACE + 1,
        "rate_bps": 1,
        "recourse": True,
        "payer": other.address,
        "registry_reference": keccak(text="another"),
        "valid_until": twin.chain.now + 999_999,
        "nonce": 987_654,
    }


@pytest.mark.parametrize(
    "term", ["max_amount", "rate_bps", "recourse", "payer", "registry_reference", "valid_until", "nonce"]
)
def test_a_quote_with_a_changed_term_is_nobodys(
    twin: Twin, held: int, tier1: Actor, financier: Actor, term: str
) -> None:
    quote = twin.quote(financier, held)
    # the financier's own other account, funded, so that the signature alone is wrong
    if term == "payer":
        twin.mint(1, financier.address, CASH)
        twin.approve(financier.key, 1, "FinancingDesk", CASH)
    changed = replace(quote, **{term: changes(twin, financier)[term]})  # type: ignore[arg-type]
    with twin.refused("QuoteSignatureInvalid", financier.address, ...):
        twin.finance(tier1.key, Deal(changed, 500, valid=False), signatures=[twin.sign_quote(quote)])


@pytest.mark.parametrize("term", ["note", "seller", "epoch"])
def test_a_quote_is_for_one_note_seller_and_epoch(
    twin: Twin, core: Actor, tier1: Actor, tier2: Actor, financier: Actor, term: str
) -> None:
    twin.confirm(core.key, [twin.item(tier1.party, FACE, TENOR), twin.item(tier2.party, FACE, TENOR)])
    twin.accept(tier1.key, 1)
    twin.accept(tier2.key, 2)
    quote = twin.quote(financier, 1)
    changed = {
        "note": replace(quote, note=2, seller=tier2.party),
        "seller": replace(quote, note=2, seller=tier2.party),
        "epoch": replace(quote, epoch=1),
    }[term]
    if term == "epoch":
        twin.raise_epoch(financier.key)
    taker = tier1 if term == "epoch" else tier2
    with twin.refused("QuoteSignatureInvalid", financier.address, ...):
        twin.finance(taker.key, Deal(changed, 500, valid=False), signatures=[twin.sign_quote(quote)])


@pytest.mark.parametrize(
    "domain",
    [
        {"chainId": 1},
        {"verifyingContract": key_of("another desk").address},
        {"name": "Another FinancingDesk"},
        {"version": "2"},
    ],
    ids=["chain", "contract", "name", "version"],
)
def test_a_quote_for_another_domain_is_nobodys(
    twin: Twin, held: int, tier1: Actor, financier: Actor, domain: dict[str, object]
) -> None:
    quote = twin.quote(financier, held)
    with twin.refused("QuoteSignatureInvalid", financier.address, ...):
        twin.finance(tier1.key, Deal(quote, FACE, valid=False), signatures=[twin.sign_quote(quote, **domain)])


def spoiled(signature: bytes) -> dict[str, bytes]:
    r, s, v = signature[:32], signature[32:64], signature[64]
    return {
        "high s": signing.malleate(signature),
        "empty": b"",
        "short": signature[:64],
        "long": signature + b"\x00",
        "zero": bytes(65),
        "v of 0 or 1": r + s + bytes([v - 27]),
        "v flipped": r + s + bytes([55 - v]),
        "r and s swapped": s + r + bytes([v]),
    }


@pytest.mark.parametrize("spoil", list(spoiled(bytes(64) + b"\x1b")))
def test_a_spoiled_quote_signature_is_nobodys(
    twin: Twin, held: int, tier1: Actor, financier: Actor, spoil: str
) -> None:
    quote = twin.quote(financier, held)
    signature = spoiled(twin.sign_quote(quote))[spoil]
    with twin.refused("QuoteSignatureInvalid", financier.address, ...):
        twin.finance(tier1.key, Deal(quote, FACE, valid=False), signatures=[signature])


def test_a_quote_by_another_key_is_nobodys(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    quote = twin.quote(financier, held)
    with twin.refused("QuoteSignatureInvalid", financier.address, ...):
        twin.finance(tier1.key, Deal(quote, FACE, valid=False), signatures=[twin.sign_quote(quote, BAD)])


def test_the_zero_signer_signs_nothing(twin: Twin, held: int, core: Actor, tier1: Actor, financier: Actor) -> None:
    """ecrecover answers zero to rubbish: nothing may belong to zero."""
    desk, register = twin.deployment["FinancingDesk"], twin.deployment["CreditRegister"]
    quote = twin.quote(financier, held, signer=ZERO_ADDRESS)
    deal = (signing.quote_tuple(quote), bytes(65), FACE, 0)
    refusal = desk.refusal("finance", [deal], sender=tier1.address)
    assert refusal == ("MissingRight", (ZERO_ADDRESS, 0, 0, int(Right.QUOTE)))
    item = twin.item(tier1.party, FACE, TENOR)
    row = signing.confirmation_tuple(item)
    word = (ZERO_ADDRESS, 1, 2**64, bytes(65))
    refusal = twin.deployment["IssuanceDesk"].refusal("confirm", 1, [row], word, sender=core.address)
    assert refusal == ("MissingRight", (ZERO_ADDRESS, 0, 0, int(Right.ACT)))
    assert register.call("isAttestationNonceUsed", ZERO_ADDRESS, 1) is False


# -- attestations


def test_the_attestation_digest_is_the_wallets(twin: Twin, core: Actor, tier1: Actor, tier2: Actor) -> None:
    items = [
        twin.item(tier1.party, FACE, TENOR),
        twin.item(tier2.party, 7, 3, invoices=(twin.invoice(9, 4), twin.invoice(3))),
    ]
    word = twin.attest()
    register = twin.deployment["CreditRegister"]
    fields = signing.batch_message(core.party, twin.token(1), items, word.signer, word.nonce, word.deadline)
    rows = [signing.confirmation_tuple(item) for item in items]
    digest = register.call(
        "confirmationDigest", core.party, twin.token(1), rows, word.signer, word.nonce, word.deadline
    )
    assert digest == signing.digest_of(signing.typed(register, "ConfirmationBatch", fields))


@pytest.mark.parametrize(
    "domain", [{"chainId": 1}, {"verifyingContract": key_of("another register").address}], ids=["chain", "contract"]
)
def test_an_attestation_for_another_domain_is_nobodys(
    twin: Twin, core: Actor, tier1: Actor, registrar: Actor, domain: dict[str, object]
) -> None:
    items, word = [twin.item(tier1.party, FACE, TENOR)], twin.attest()
    signature = twin.sign_batch(core.party, 1, items, word, **domain)
    with twin.refused("AttestationInvalid", registrar.address, ...):
        twin.confirm(core.key, items, attestation=replace(word, valid=False), signature=signature)


@pytest.mark.parametrize("spoil", ["high s", "empty", "zero", "v flipped"])
def test_a_spoiled_attestation_is_nobodys(twin: Twin, core: Actor, tier1: Actor, registrar: Actor, spoil: str) -> None:
    items, word = [twin.item(tier1.party, FACE, TENOR)], twin.attest()
    signature = spoiled(twin.sign_batch(core.party, 1, items, word))[spoil]
    with twin.refused("AttestationInvalid", registrar.address, ...):
        twin.confirm(core.key, items, attestation=replace(word, valid=False), signature=signature)


@pytest.mark.parametrize("field", ["nonce", "deadline"])
def test_an_attestations_nonce_and_deadline_are_signed(
    twin: Twin, core: Actor, tier1: Actor, registrar: Actor, field: str
) -> None:
    items, word = [twin.item(tier1.party, FACE, TENOR)], twin.attest()
    signature = twin.sign_batch(core.party, 1, items, word)
    other = replace(word, valid=False, **{field: getattr(word, field) + 1})
    with twin.refused("AttestationInvalid", registrar.address, ...):
        twin.confirm(core.key, items, attestation=other, signature=signature)


# -- contract wallets (ERC-1271)


def test_a_contract_wallet_quotes_and_pays(twin: Twin, held: int, tier1: Actor, financier: Actor) -> None:
    owner = key_of("wallet owner")
    twin.deployment.fund(owner.address)
    wallet = twin.deployment.deploy("ContractWallet", owner.address)
    registry, token = twin.deployment["ParticipantRegistry"], twin.deployment["DepositToken"]
    desk = twin.deployment["FinancingDesk"]
    until = twin.chain.now + 3_600
    message = {
        "party": financier.party,
        "account": wallet.address,
        "rights": 7,
        "evidenceHash": keccak(text="authority"),
        "nonce": 0,
        "deadline": until,
    }
    signature = signing.sign(owner, signing.typed(registry, "AddAccount", message))
    registry.do(financier.key, "addAccount", wallet.address, 7, keccak(text="authority"), until, signature)
    token.do(twin.deployment.officers["issuer"], "mint", wallet.address, FACE)
    wallet.do(owner, "execute", token.address, token.data("approve", desk.address, FACE))
    quote = twin.quote(financier, held, signer=wallet.address, payer=wallet.address)
    forged = (signing.quote_tuple(quote), twin.sign_quote(quote, BAD), FACE, 0)
    refusal = desk.refusal("finance", [forged], sender=tier1.address)
    assert refusal is not None
    assert refusal[0] == "QuoteSignatureInvalid"
    good = (signing.quote_tuple(quote), twin.sign_quote(quote, owner), FACE, 0)
    desk.do(tier1.key, "finance", [good])
    price = price_down(FACE, 600, twin.today, twin.model.world.ledger.receivables[1].due_day)
    assert token.call("balanceOf", wallet.address) == FACE - price
    twin.comparing = False


def test_a_contract_wallet_is_a_core_enterprise_and_a_registrar(twin: Twin, tier1: Actor) -> None:
    owner = key_of("wallet owner")
    twin.deployment.fund(owner.address)
    debtor = twin.deployment.deploy("ContractWallet", owner.address)
    witness = twin.deployment.deploy("ContractWallet", owner.address, alias="witness")
    first = twin.admit(
        [
            Admission(keccak(text=f"{role}"), int(role), twin.today + 9, wallet.address, wallet.address)
            for role, wallet in ((Role.CORE_ENTERPRISE, debtor), (Role.REGISTRAR, witness))
        ]
    )
    twin.set_line(first, 1, FACE)
    twin.signers[witness.address] = owner
    item, word = twin.item(tier1.party, FACE, 30), twin.attest(signer=witness.address)
    signature = twin.sign_batch(first, 1, [item], word)
    row = signing.confirmation_tuple(item)
    issuance = twin.deployment["IssuanceDesk"]
    data = issuance.data("confirm", 1, [row], (word.signer, word.nonce, word.deadline, signature))
    debtor.do(owner, "execute", issuance.address, data)
    assert twin.deployment["ReceivableNotes"].call("receivable", 1)[0] == first
    twin.comparing = False
