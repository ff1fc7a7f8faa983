"""Contract wallets (ERC-1271) as core enterprise and as financier: any two of the owners sign, one alone does nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from eth_utils import keccak

from tests.contracts import signing
from tests.contracts.chain import key_of
from tests.contracts.constants import FACE, TENOR
from tests.contracts.deployment import Reverted
from tests.contracts.twin import Actor, Twin
from tests.contracts.wallets import Wallet
from tests.reference.arithmetic import start_of
from tests.reference.financing import Quote
from tests.reference.parties import Admission, Right, Role

OWNERS = tuple(key_of(f"owner {number} of a wallet") for number in (1, 2))
CARRIER = key_of("rando")
HOUR = 3_600


@dataclass(frozen=True)
class Treasury:
    """A party whose only account is a wallet of two owners, who act together."""

    twin: Twin
    wallet: Wallet
    party: int

    @property
    def address(self) -> str:
        return self.wallet.address

    @property
    def one_owner(self) -> Wallet:
        """The same wallet in the hands of one owner."""
        return Wallet(self.wallet.contract, self.wallet.owners[:1])

    def do(self, target: str, function: str, *args: Any, **options: Any) -> Any:
        return self.wallet.do(CARRIER, self.twin.deployment[target], function, *args, **options)

    def refuses_one_owner(self, target: str, function: str, *args: Any) -> None:
        with pytest.raises(Reverted, match="not enough owners"):
            self.one_owner.do(CARRIER, self.twin.deployment[target], function, *args)


@pytest.fixture
def treasury(twin: Twin) -> Treasury:
    """Admitted as core enterprise and financier alike, with cash and a line."""
    wallet = Wallet.deploy(twin.deployment, OWNERS, 2)
    return _treasury(twin, wallet)


def _treasury(twin: Twin, wallet: Wallet) -> Treasury:
    roles = int(Role.CORE_ENTERPRISE | Role.FINANCIER)
    twin.comparing = False
    code = keccak(text="credit code of a treasury")
    party = twin.admit([Admission(code, roles, twin.today + 1_000, wallet.address, wallet.address)])
    twin.mint(1, wallet.address, 2 * FACE)
    twin.set_line(party, 1, 2 * FACE)
    return Treasury(twin, wallet, party)


def confirmation(twin: Twin, debtor: int, creditor: Actor) -> tuple[Any, ...]:
    item, word = twin.item(creditor.party, FACE, TENOR), twin.attest()
    signature = twin.sign_batch(debtor, 1, [item], word)
    row = signing.confirmation_tuple(item)
    return (1, [row], (word.signer, word.nonce, word.deadline, signature))


def test_a_wallet_confirms_adds_an_account_and_repays(twin: Twin, treasury: Treasury, tier1: Actor) -> None:
    notes, token = twin.deployment["ReceivableNotes"], twin.deployment["DepositToken"]
    terms = confirmation(twin, treasury.party, tier1)
    treasury.refuses_one_owner("IssuanceDesk", "confirm", *terms)
    treasury.do("IssuanceDesk", "confirm", *terms)
    assert notes.call("receivable", 1)[0] == treasury.party
    notes.do(tier1.key, "accept", [1])

    clerk, registry = key_of("clerk of a treasury"), twin.deployment["ParticipantRegistry"]
    message = {
        "party": treasury.party,
        "account": clerk.address,
        "rights": int(Right.ACT),
        "evidenceHash": keccak(text="authority"),
        "nonce": 0,
        "deadline": twin.chain.now + HOUR,
    }
    consent = signing.sign(clerk, signing.typed(registry, "AddAccount", message))
    addition = (clerk.address, int(Right.ACT), message["evidenceHash"], message["deadline"], consent)
    treasury.refuses_one_owner("ParticipantRegistry", "addAccount", *addition)
    treasury.do("ParticipantRegistry", "addAccount", *addition)
    assert registry.call("account", clerk.address) == (treasury.party, int(Right.ACT))

    desk = twin.deployment["RepaymentDesk"].address
    treasury.do("DepositToken", "approve", desk, FACE)
    payment = ([1], treasury.address, FACE)
    treasury.refuses_one_owner("RepaymentDesk", "repay", *payment)
    before = token.call("balanceOf", tier1.cash.address)
    treasury.do("RepaymentDesk", "repay", *payment)
    assert token.call("balanceOf", tier1.cash.address) == before + FACE
    assert notes.call("receivable", 1)[2] == 0


# -- as financier: the quote, and its cash by every way that a token leaves to a contract


@dataclass(frozen=True)
class Offer:
    """A quote of the treasury's for tier 1's note."""

    treasury: Treasury
    quote: Quote

    def row(self, amount: int, wallet: Wallet | None = None) -> tuple[Any, ...]:
        twin = self.treasury.twin
        message = signing.typed(twin.deployment["FinancingDesk"], "Quote", signing.quote_message(self.quote))
        return (signing.quote_tuple(self.quote), (wallet or self.treasury.wallet).sign(message), amount, 0)

    def authorization(self, amount: int, wallet: Wallet | None = None) -> tuple[Any, ...]:
        """Funding of that kind."""
        twin = self.treasury.twin
        price, until = twin.price_of(self.quote, amount), twin.chain.now + HOUR
        message = {
            "from": self.treasury.address,
            "to": twin.deployment["FinancingDesk"].address,
            "value": price,
            "validAfter": 0,
            "validBefore": until,
            "nonce": twin.funding_nonce(self.quote, amount),
        }
        typed = signing.typed(twin.deployment["DepositToken"], "ReceiveWithAuthorization", message)
        return (2, price, until, (wallet or self.treasury.wallet).sign(typed))


@pytest.fixture
def offer(twin: Twin, held: int, treasury: Treasury, tier1: Actor) -> Offer:
    quote = Quote(
        note=held,
        seller=tier1.party,
        financier=treasury.party,
        max_amount=FACE,
        rate_bps=600,
        recourse=False,
        payer=treasury.address,
        registry_reference=keccak(text="registry of a treasury's deal"),
        valid_until=twin.chain.now + HOUR,
        nonce=twin.fresh_nonce(),
        epoch=0,
        signer=treasury.address,
    )
    return Offer(treasury, quote)


def test_a_wallets_quote_is_taken_by_its_allowance(twin: Twin, offer: Offer, tier1: Actor) -> None:
    desk, token = twin.deployment["FinancingDesk"], twin.deployment["DepositToken"]
    price = twin.price_of(offer.quote, FACE)
    offer.treasury.do("DepositToken", "approve", desk.address, price)
    forged = offer.row(FACE, offer.treasury.one_owner)
    found = desk.refusal("finance", [forged], sender=tier1.address)
    assert found is not None
    assert found[0] == "QuoteSignatureInvalid"
    desk.do(tier1.key, "finance", [offer.row(FACE)])
    assert token.call("balanceOf", offer.treasury.address) == 2 * FACE - price
    assert twin.deployment["ReceivableNotes"].call("note", 2)[3] == offer.treasury.party


def test_a_wallets_authorization_pays_for_its_deal_alone(twin: Twin, offer: Offer, tier1: Actor) -> None:
    """Two owners' signatures are longer than a key's: the token's form that takes bytes."""
    desk, token = twin.deployment["FinancingDesk"], twin.deployment["DepositToken"]
    price = twin.price_of(offer.quote, FACE // 2)
    funding = offer.authorization(FACE // 2)
    assert len(funding[3]) == 130
    for deal, cash in (
        (offer.row(FACE // 2), offer.authorization(FACE // 2, offer.treasury.one_owner)),
        (offer.row(FACE // 2), (*offer.authorization(FACE // 4)[:1], price, *offer.authorization(FACE // 4)[2:])),
    ):
        found = desk.refusal("financeFunded", [deal], [cash], sender=tier1.address)
        assert found is not None
        assert found[0] == "AuthorizationInvalid"
    desk.do(tier1.key, "financeFunded", [offer.row(FACE // 2)], [funding])
    assert token.call("balanceOf", offer.treasury.address) == 2 * FACE - price
    assert token.call("allowance", offer.treasury.address, desk.address) == 0
    assert token.call("balanceOf", desk.address) == 0
    found = desk.refusal("financeFunded", [offer.row(FACE // 2)], [funding], sender=tier1.address)
    assert found is not None
    assert found[0] == "AuthorizationSpent"


def test_a_wallet_has_no_permit_and_its_allowance_decides(twin: Twin, offer: Offer, tier1: Actor) -> None:
    """ERC-2612 knows keys alone: what two owners sign is no permit, and no harm."""
    desk, token = twin.deployment["FinancingDesk"], twin.deployment["DepositToken"]
    price = twin.price_of(offer.quote, FACE)
    message = {
        "owner": offer.treasury.address,
        "spender": desk.address,
        "value": price,
        "nonce": 0,
        "deadline": twin.chain.now + HOUR,
    }
    signature = offer.treasury.wallet.sign(signing.typed(token, "Permit", message))
    permit = (1, price, message["deadline"], signature)
    found = desk.refusal("financeFunded", [offer.row(FACE)], [permit], sender=tier1.address)
    assert found == ("ERC20InsufficientAllowance", (desk.address, 0, price))
    offer.treasury.do("DepositToken", "approve", desk.address, price)
    desk.do(tier1.key, "financeFunded", [offer.row(FACE)], [permit])
    assert token.call("balanceOf", offer.treasury.address) == 2 * FACE - price


def test_a_wallet_sells_on_and_answers_for_the_debtor(
    twin: Twin, offer: Offer, core: Actor, tier1: Actor, financier: Actor
) -> None:
    """The seller of a sale with recourse, demanded of, pays by two owners' transaction."""
    desk, recourse = twin.deployment["FinancingDesk"], twin.deployment["RecourseDesk"]
    desk.do(tier1.key, "financeFunded", [offer.row(FACE)], [offer.authorization(FACE)])
    onward = Quote(
        note=2,
        seller=offer.treasury.party,
        financier=financier.party,
        max_amount=FACE,
        rate_bps=600,
        recourse=True,
        payer=financier.cash.address,
        registry_reference=keccak(text="onward"),
        valid_until=twin.chain.now + HOUR,
        nonce=twin.fresh_nonce(),
        epoch=0,
        signer=financier.address,
    )
    deal = (signing.quote_tuple(onward), twin.sign_quote(onward), FACE, 0)
    offer.treasury.refuses_one_owner("FinancingDesk", "finance", [deal])
    offer.treasury.do("FinancingDesk", "finance", [deal])
    due = twin.deployment["ReceivableNotes"].call("receivable", 1)[3]
    twin.chain.move_to(start_of(due + 10))
    twin.deployment["RepaymentDesk"].do(CARRIER, "declareOverdue", 1)
    recourse.do(financier.key, "demand", [3])
    owed = recourse.call("claim", 3)
    offer.treasury.do("DepositToken", "approve", recourse.address, owed)
    offer.treasury.do("RecourseDesk", "honour", 3, offer.treasury.address, owed)
    assert twin.deployment["ReceivableNotes"].call("note", 4)[3] == offer.treasury.party
