"""A contract wallet of several owners, as its owners use it: a test account beside plain keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eth_account.messages import SignableMessage, encode_typed_data
from eth_account.signers.local import LocalAccount

from tests.contracts import signing
from tests.contracts.chain import Receipt
from tests.contracts.deployment import Contract, Deployment


@dataclass(frozen=True)
class Wallet:
    """Signs and acts with the keys it is given here, which may be too few."""

    contract: Contract
    owners: tuple[LocalAccount, ...]

    @classmethod
    def deploy(cls, deployment: Deployment, owners: tuple[LocalAccount, ...], threshold: int) -> Wallet:
        """A wallet that any ``threshold`` of the owners control."""
        addresses = sorted((owner.address for owner in owners), key=str.lower)
        return cls(deployment.deploy("MultisigWallet", addresses, threshold), owners)

    @property
    def address(self) -> str:
        """Where it stands."""
        return self.contract.address

    def sign(self, message: SignableMessage) -> bytes:
        """The owners' signatures of typed data, for ERC-1271."""
        return self._by_owners("WalletMessage", {"hash": signing.digest_of(message)})

    def do(self, sender: LocalAccount, target: Contract, function: str, *args: Any, **options: Any) -> Receipt:
        """A call by the wallet that must succeed; any ``sender`` carries it."""
        data = target.data(function, *args)
        call = {"target": target.address, "data": data, "nonce": self.contract.call("nonce")}
        signatures = self._by_owners("WalletCall", call)
        return self.contract.do(sender, "execute", target.address, data, signatures, **options)

    def _by_owners(self, kind: str, message: dict[str, Any]) -> bytes:
        _, name, version, chain_id, verifying, _, _ = self.contract.call("eip712Domain")
        domain = {"name": name, "version": version, "chainId": chain_id, "verifyingContract": verifying}
        typed = encode_typed_data(domain_data=domain, message_types={kind: signing.TYPES[kind]}, message_data=message)
        ordered = sorted(self.owners, key=lambda owner: owner.address.lower())
        return b"".join(signing.sign(owner, typed) for owner in ordered)
