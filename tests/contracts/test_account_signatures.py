"""The word of an account that comes to serve a party: to be added, to recover it, to receive its cash. By key or by wallet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils import keccak

from tests.contracts import signing
from tests.contracts.chain import key_of
from tests.contracts.constants import PRODUCT, ZERO_ADDRESS
from tests.contracts.registry_acts import EVIDENCE
from tests.contracts.test_signatures import spoiled
from tests.contracts.twin import Actor, Twin
from tests.contracts.wallets import Wallet
from tests.reference.parties import Right

BAD = Account.from_key(keccak(text="not the signer"))
OLD = key_of("lost key").address


@dataclass(frozen=True)
class Kind:
    """One kind of word: its type, its digest's getter, the terms beside those that each has, and the act that takes it."""

    name: str
    digest: str
    terms: dict[str, Any]
    act: Callable[..., None]


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "AddAccount",
            "addAccountDigest",
            {"rights": 7},
            lambda twin, actor, account, **word: twin.add_account(actor.key, account, 7, **word),
        ),
        Kind(
            "RecoverParty",
            "recoveryDigest",
            {"removed": [OLD]},
            lambda twin, actor, account, **word: twin.announce_recovery(actor.party, account, OLD, **word),
        ),
        Kind(
            "ChangeSettlement",
            "settlementChangeDigest",
            {},
            lambda twin, actor, account, **word: twin.announce_settlement(actor.key, account, **word),
        ),
    )
}
EVERY_KIND = pytest.mark.parametrize("kind", list(KINDS.values()), ids=list(KINDS))
OTHER = {
    "party": 99,
    "account": BAD.address,
    "evidenceHash": keccak(text="other"),
    "nonce": 1,
    "deadline": 1,
    "rights": 1,
    "removed": [],
}


def word_of(
    twin: Twin, kind: Kind, actor: Actor, signer: LocalAccount | Wallet, **changes: Any
) -> tuple[dict[str, Any], int]:
    """What the account signs, and until when."""
    until = twin.chain.now + 3_600
    terms = kind.terms | {"evidenceHash": EVIDENCE}
    return twin.word(kind.name, actor.party, signer, until, **terms) | changes, until


@EVERY_KIND
def test_the_digest_is_the_wallets(twin: Twin, tier1: Actor, kind: Kind) -> None:
    registry, clerk = twin.deployment["ParticipantRegistry"], key_of("clerk")
    for nonce in (0, 1):
        word, _ = word_of(twin, kind, tier1, clerk)
        assert word["nonce"] == nonce
        args = [value for name, value in word.items() if name != "nonce"]
        assert registry.call(kind.digest, *args) == signing.digest_of(signing.typed(registry, kind.name, word))
        kind.act(twin, tier1, clerk)
        if kind.name == "AddAccount":
            twin.set_rights(tier1.key, clerk.address, 0)


@pytest.mark.parametrize(
    ("kind", "term"),
    [(kind, term["name"]) for kind in KINDS.values() for term in signing.TYPES[kind.name]],
    ids=[f"{kind}-{term['name']}" for kind in KINDS for term in signing.TYPES[kind]],
)
def test_every_term_is_signed(twin: Twin, tier1: Actor, kind: Kind, term: str) -> None:
    clerk = key_of("clerk")
    word, until = word_of(twin, kind, tier1, clerk, **{term: OTHER[term]})
    signature = twin.sign_word(kind.name, clerk, word)
    with twin.refused("InvalidSignature", clerk.address):
        kind.act(twin, tier1, clerk, deadline=until, signature=signature, valid=False)


@EVERY_KIND
@pytest.mark.parametrize(
    "domain",
    [{"chainId": 1}, {"verifyingContract": key_of("another registry").address}, {"name": "Another"}, {"version": "2"}],
    ids=["chain", "contract", "name", "version"],
)
def test_a_word_for_another_domain_is_nobodys(twin: Twin, tier1: Actor, kind: Kind, domain: dict[str, Any]) -> None:
    clerk, registry = key_of("clerk"), twin.deployment["ParticipantRegistry"]
    word, until = word_of(twin, kind, tier1, clerk)
    signature = signing.sign(clerk, signing.typed(registry, kind.name, word, **domain))
    with twin.refused("InvalidSignature", clerk.address):
        kind.act(twin, tier1, clerk, deadline=until, signature=signature, valid=False)


@EVERY_KIND
@pytest.mark.parametrize("spoil", list(spoiled(bytes(64) + b"\x1b")))
def test_a_spoiled_word_is_nobodys(twin: Twin, tier1: Actor, kind: Kind, spoil: str) -> None:
    clerk = key_of("clerk")
    word, until = word_of(twin, kind, tier1, clerk)
    signature = spoiled(twin.sign_word(kind.name, clerk, word))[spoil]
    with twin.refused("InvalidSignature", clerk.address):
        kind.act(twin, tier1, clerk, deadline=until, signature=signature, valid=False)


@EVERY_KIND
def test_a_word_is_no_word_of_another_kind(twin: Twin, tier1: Actor, kind: Kind) -> None:
    clerk = key_of("clerk")
    for other in KINDS.values():
        if other is not kind:
            word, until = word_of(twin, other, tier1, clerk)
            signature = twin.sign_word(other.name, clerk, word)
            with twin.refused("InvalidSignature", clerk.address):
                kind.act(twin, tier1, clerk, deadline=until, signature=signature, valid=False)


def test_a_word_brings_a_removed_account_back_once_only(twin: Twin, tier1: Actor) -> None:
    """Who removes an account need not fear that its old signature binds it again."""
    clerk = key_of("clerk")
    word, until = word_of(twin, KINDS["AddAccount"], tier1, clerk)
    signature = twin.sign_word("AddAccount", clerk, word)
    twin.add_account(tier1.key, clerk, 7, deadline=until, signature=signature)
    twin.set_rights(tier1.key, clerk.address, 0)
    for again in (signature, signing.malleate(signature)):
        with twin.refused("InvalidSignature", clerk.address):
            twin.add_account(tier1.key, clerk, 7, deadline=until, signature=again, valid=False)
    twin.add_account(tier1.key, clerk, 7, deadline=until)


def test_a_word_makes_one_announcement(twin: Twin, tier1: Actor) -> None:
    """A vetoed change does not come again with the same signature."""
    cash = key_of("new cash")
    word, until = word_of(twin, KINDS["ChangeSettlement"], tier1, cash)
    signature = twin.sign_word("ChangeSettlement", cash, word)
    twin.announce_settlement(tier1.key, cash, deadline=until, signature=signature)
    twin.veto_settlement(tier1.key)
    with twin.refused("InvalidSignature", cash.address):
        twin.announce_settlement(tier1.key, cash, deadline=until, signature=signature, valid=False)


def test_a_refused_act_uses_no_nonce(twin: Twin, tier1: Actor) -> None:
    clerk = key_of("clerk")
    word, until = word_of(twin, KINDS["AddAccount"], tier1, clerk)
    signature = twin.sign_word("AddAccount", clerk, word)
    with twin.refused("InvalidSignature", clerk.address):
        twin.add_account(tier1.key, clerk, 3, deadline=until, signature=signature, valid=False)
    twin.add_account(tier1.key, clerk, 7, deadline=until, signature=signature)


@EVERY_KIND
def test_neither_zero_nor_a_contract_of_the_protocol_serves_anyone(twin: Twin, tier1: Actor, kind: Kind) -> None:
    registry = twin.deployment["ParticipantRegistry"]
    function, sender = {
        "AddAccount": ("addAccount", tier1.address),
        "RecoverParty": ("announceRecovery", twin.deployment.officers["admission"].address),
        "ChangeSettlement": ("announceSettlementChange", tier1.address),
    }[kind.name]
    for account in (ZERO_ADDRESS, *(twin.deployment[name].address for name in PRODUCT)):
        args = {
            "AddAccount": (account, 1, EVIDENCE, 2**64, bytes(65)),
            "RecoverParty": (tier1.party, account, [], EVIDENCE, 2**64, bytes(65)),
            "ChangeSettlement": (account, EVIDENCE, 2**64, bytes(65)),
        }[kind.name]
        assert registry.refusal(function, *args, sender=sender) == ("InvalidAccount", (account,))


# -- contract wallets (ERC-1271)

OWNERS = tuple(key_of(f"owner {number}") for number in range(3))


@pytest.fixture
def wallet(twin: Twin) -> Wallet:
    """Two of three, with two of them at hand."""
    deployed = Wallet.deploy(twin.deployment, OWNERS, 2)
    return Wallet(deployed.contract, OWNERS[:2])


@EVERY_KIND
def test_a_wallet_of_several_owners_gives_its_word(twin: Twin, tier1: Actor, wallet: Wallet, kind: Kind) -> None:
    kind.act(twin, tier1, wallet)


@EVERY_KIND
@pytest.mark.parametrize(
    "owners",
    [OWNERS[:1], (), OWNERS, (OWNERS[0], OWNERS[0]), (OWNERS[0], BAD)],
    ids=["too few", "none", "too many", "one twice", "a stranger"],
)
def test_a_wallet_without_its_owners_gives_none(
    twin: Twin, tier1: Actor, wallet: Wallet, kind: Kind, owners: tuple[LocalAccount, ...]
) -> None:
    word, until = word_of(twin, kind, tier1, wallet)
    signature = twin.sign_word(kind.name, Wallet(wallet.contract, owners), word)
    with twin.refused("InvalidSignature", wallet.address):
        kind.act(twin, tier1, wallet, deadline=until, signature=signature, valid=False)


@EVERY_KIND
def test_an_owners_own_signature_is_not_the_wallets(twin: Twin, tier1: Actor, wallet: Wallet, kind: Kind) -> None:
    """Nor does a signature for one wallet do for another of the same owners."""
    word, until = word_of(twin, kind, tier1, wallet)
    other = Wallet(Wallet.deploy(twin.deployment, OWNERS, 2).contract, OWNERS[:2])
    for signature in (twin.sign_word(kind.name, OWNERS[0], word), twin.sign_word(kind.name, other, word)):
        with twin.refused("InvalidSignature", wallet.address):
            kind.act(twin, tier1, wallet, deadline=until, signature=signature, valid=False)


def test_a_party_rotates_from_a_key_to_a_wallet(twin: Twin, offered: int, tier1: Actor, wallet: Wallet) -> None:
    """The wallet then administers and acts as the key did, and the key no more."""
    registry, notes = twin.deployment["ParticipantRegistry"], twin.deployment["ReceivableNotes"]
    carrier = tier1.cash
    twin.add_account(tier1.key, wallet, int(Right.GRANTABLE))
    wallet.do(carrier, registry, "setRights", tier1.address, 0, bytes(32))
    twin.model.now = twin.chain.now
    twin.model.set_rights(wallet.address, tier1.address, 0, bytes(32))
    twin.compare()
    with twin.refused("MissingRight", tier1.address, 0, 0, int(Right.ACT)):
        twin.accept(tier1.key, offered)
    wallet.do(carrier, notes, "accept", [offered])
    twin.model.now = twin.chain.now
    twin.model.accept(wallet.address, [offered])
    twin.compare()
