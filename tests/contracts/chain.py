"""A test chain over raw JSON-RPC: signed transactions, an exact clock, snapshots. The same on anvil and on ganache."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any

import urllib3
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils import keccak, to_checksum_address

GAS_PRICE = 20 * 10**9
GAS_LIMIT = 6_000_000
CALL_GAS = 40_000_000
# anvil answers a moment before it mines
PATIENCE = 20


class RpcError(Exception):
    """The node refused the request; ``data`` is the revert data of a call, if it was one."""

    def __init__(self, method: str, error: dict[str, Any]) -> None:
        super().__init__(f"{method}: {error.get('message', 'unknown error')}")
        self.data = _revert_data(error.get("data"))


def _revert_data(data: Any) -> bytes:
    # anvil gives the bytes; ganache gives them, or an object that holds them
    if isinstance(data, dict):
        data = data.get("result") or data.get("data")
    return bytes.fromhex(data[2:]) if isinstance(data, str) and data.startswith("0x") else b""


@dataclass(frozen=True)
class Receipt:
    """What became of a transaction. ``timestamp`` is its block's."""

    ok: bool
    timestamp: int
    gas_used: int
    logs: list[dict[str, Any]]
    created: str | None


def key_of(name: str) -> LocalAccount:
    """A test key that follows from its name."""
    account: LocalAccount = Account.from_key(keccak(text=f"cascade test key: {name}"))
    return account


@dataclass
class Chain:
    """One development node. ``now`` is the time of the last block made here."""

    url: str
    _nonces: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connect()
        self.is_anvil = "anvil" in str(self.rpc("web3_clientVersion")).lower()
        self.chain_id = int(self.rpc("eth_chainId"), 16)
        self.now = int(self.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)

    def connect(self) -> None:
        """A connection of its own: in a forked process the parent's stays the parent's."""
        self._pool = urllib3.connection_from_url(self.url, maxsize=1, retries=False, timeout=60)

    def rpc(self, method: str, *params: Any) -> Any:
        """One JSON-RPC request; raises :class:`RpcError`."""
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        headers = {"Content-Type": "application/json"}
        answer = json.loads(self._pool.request("POST", "/", body=json.dumps(request), headers=headers).data)
        if "error" in answer:
            raise RpcError(method, answer["error"])
        return answer["result"]

    # -- the clock

    def set_next(self, timestamp: int) -> None:
        """The next block's time, Unix seconds."""
        if self.is_anvil:
            self.rpc("evm_setNextBlockTimestamp", timestamp)
        else:
            self.rpc("evm_setTime", timestamp * 1000)

    def move_to(self, timestamp: int) -> None:
        """Makes an empty block at just this time."""
        if self.is_anvil:
            self.set_next(timestamp)
            self.rpc("evm_mine")
        else:
            self.set_next(timestamp)
            self.rpc("evm_mine", timestamp)
        self.now = int(self.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)
        assert self.now == timestamp, (self.now, timestamp)

    # -- acting and reading

    def send(
        self,
        sender: LocalAccount,
        to: str | None,
        data: bytes,
        *,
        at: int | None = None,
        gas: int = GAS_LIMIT,
        value: int = 0,
    ) -> Receipt:
        """Signs, sends and mines one transaction ``at`` a time (default: one second on). A revert is no exception."""
        self.set_next(self.now + 1 if at is None else at)
        nonce = self._nonces.get(sender.address)
        if nonce is None:
            nonce = int(self.rpc("eth_getTransactionCount", sender.address, "latest"), 16)
        fields: dict[str, Any] = {
            "nonce": nonce,
            "gas": gas,
            "gasPrice": GAS_PRICE,
            "value": value,
            "data": data,
            "chainId": self.chain_id,
        }
        if to is not None:
            fields["to"] = to
        raw = sender.sign_transaction(fields).raw_transaction
        try:
            self.rpc("eth_sendRawTransaction", "0x" + bytes(raw).hex())
        except RpcError as error:
            # brownie's ganache tells of a revert, and mines it all the same
            if "revert" not in str(error) and "out of gas" not in str(error):
                raise
        self._nonces[sender.address] = nonce + 1
        return self._receipt("0x" + keccak(bytes(raw)).hex())

    def give(self, address: str, wei: int) -> None:
        """Test ether from the node's own first account."""
        source = self.rpc("eth_accounts")[0]
        self.set_next(self.now + 1)
        fields = {"from": source, "to": address, "value": hex(wei), "gas": hex(21_000), "gasPrice": hex(GAS_PRICE)}
        assert self._receipt(self.rpc("eth_sendTransaction", fields)).ok

    def _receipt(self, tx_hash: str) -> Receipt:
        receipt = self.rpc("eth_getTransactionReceipt", tx_hash)
        patience = time.monotonic() + PATIENCE
        while receipt is None and time.monotonic() < patience:
            time.sleep(0.001)
            receipt = self.rpc("eth_getTransactionReceipt", tx_hash)
        assert receipt is not None, f"{tx_hash} was not mined"
        block = self.rpc("eth_getBlockByNumber", receipt["blockNumber"], False)
        self.now = int(block["timestamp"], 16)
        created = receipt.get("contractAddress")
        return Receipt(
            ok=int(receipt["status"], 16) == 1,
            timestamp=self.now,
            gas_used=int(receipt["gasUsed"], 16),
            logs=receipt["logs"],
            created=to_checksum_address(created) if created else None,
        )

    def call(self, to: str, data: bytes, sender: str | None = None) -> bytes:
        """Reads at the last block; raises :class:`RpcError` with the revert data."""
        request = {"to": to, "data": "0x" + data.hex(), "gas": hex(CALL_GAS)}
        if sender is not None:
            request["from"] = sender
        return bytes.fromhex(self.rpc("eth_call", request, "latest")[2:])

    # -- isolation

    def snapshot(self) -> tuple[str, dict[str, int], int]:
        """Marks the state of the chain, to return to once."""
        return self.rpc("evm_snapshot"), dict(self._nonces), self.now

    def revert(self, mark: tuple[str, dict[str, int], int]) -> None:
        """Returns to a mark."""
        snapshot_id, nonces, now = mark
        assert self.rpc("evm_revert", snapshot_id) is True
        if self.is_anvil:
            # Its pool forgets what was mined a moment after the receipt shows: what it still holds was undone.
            self.rpc("anvil_dropAllTransactions")
        self._nonces, self.now = dict(nonces), now
