"""Sending: many accounts' transactions at once, each account's in order, signed once, in few round trips.

The pieces (`prepare`, `broadcast`, `receipts`, `failure`) keep no state about operations, so that the worker can store
what it signed before anything leaves; `send` joins them for those who need no memory (deployment, tests)."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import anyio

from api.chain.bindings import Bindings
from api.chain.deployment import Deployment
from api.chain.errors import decode_revert, revert_data
from api.chain.forwarding import Forwarding
from api.chain.gas import gas_bound
from api.chain.rpc import Request, Rpc, RpcError
from api.chain.transactions import read_raw, transaction_hash
from api.domain.errors import RuleBroken, Unavailable
from api.domain.operations import Call, Contract
from api.domain.ports import SignedTransaction, Signer
from api.domain.sending import Receipt

_GWEI = 10**9
_FEES_KEPT_S = 5.0
_FEE_ROOM = 8
"""Offered over the present base fee: it would take 18 full blocks in a row to outgrow it."""
_ESTIMATE_ROOM_PERCENT = 125
_BROADCAST = 400
"""Transactions in one round trip: anvil's receipts cost more the more of them share a block."""
_FIRST_POLL_S, _LONGEST_POLL_S = 0.004, 0.5
_ALONE_POLLS = 8
"""How often the receipt of a transaction sent alone is looked for: about a second."""
_KNOWN = ("already known", "already imported", "known transaction", "alreadyknown")
_NONCE_LOW = ("nonce too low", "correct nonce")
_TOO_LARGE = ("exceeds block gas limit", "intrinsic gas too high", "gas limit is greater than")
_RAISE_PERCENT = 125
"""Of the last offer, for a replacement; nodes ask for 110."""
_PLAIN_TRANSFER = 21_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """A sent call's end: its receipt, and the rule that refused it, if one did."""

    receipt: Receipt
    error: RuleBroken | None


class Sender:
    """Sends for whatever accounts the signer knows. Implements Courier."""

    def __init__(
        self,
        rpc: Rpc,
        bindings: Bindings,
        chain_id: int,
        signer: Signer,
        deployment: Deployment | None = None,
        max_fee_gwei: int = 1000,
    ) -> None:
        self.rpc = rpc
        self.bindings = bindings
        self.chain_id = chain_id
        self.signer = signer
        self._addresses = dict(deployment.addresses) if deployment else {}
        forwarder = self._addresses.get(Contract.FORWARDER)
        self._forwarding = Forwarding(bindings, forwarder) if forwarder else None
        self._max_fee = max_fee_gwei * _GWEI
        self._fees: Mapping[str, int] = {}
        self._fees_until = 0.0
        self._is_anvil: bool | None = None
        self._automine = False
        self._is_ganache: bool | None = None

    # -- preparing

    async def fees(self) -> Mapping[str, int]:
        """What to offer per unit of gas, as transaction fields; asked at most every few seconds."""
        if time.monotonic() < self._fees_until:
            return self._fees
        block = await self.rpc.call("eth_getBlockByNumber", "latest", False)
        if "baseFeePerGas" in block:
            tip = _GWEI
            most = min(self._max_fee, int(block["baseFeePerGas"], 16) * _FEE_ROOM + tip)
            self._fees = {"maxFeePerGas": most, "maxPriorityFeePerGas": min(tip, most)}
        else:
            price = int(await self.rpc.call("eth_gasPrice"), 16)
            self._fees = {"gasPrice": min(price, self._max_fee)}
        self._fees_until = time.monotonic() + _FEES_KEPT_S
        return self._fees

    async def nonces(self, accounts: Sequence[str]) -> dict[str, int]:
        """The next nonce of each account, transactions under way included."""
        requests: list[Request] = [("eth_getTransactionCount", (a, "pending")) for a in accounts]
        found = {a: int(_value(n), 16) for a, n in zip(accounts, await self.rpc.batch(requests), strict=True)}
        fresh = [account for account, nonce in found.items() if nonce == 0]
        return found | await self._skip_nonce_zero(fresh) if fresh else found

    async def _skip_nonce_zero(self, accounts: Sequence[str]) -> dict[str, int]:
        """Ganache 7 takes nonce 0 for "none given" and carries the same signed transaction out again when it is sent
        again, so there an account's first nonce is 1."""
        if self._is_ganache is None:
            self._is_ganache = str(await self.rpc.call("web3_clientVersion")).lower().startswith("ganache")
        if not self._is_ganache:
            return {}
        for account in accounts:  # one after the other: in a batch some are lost
            await self.rpc.call("evm_setAccountNonce", account, "0x1")
        return dict.fromkeys(accounts, 1)

    async def gas(self, call: Call, calldata: bytes) -> int:
        """The gas limit: the caller's, the bound of its function, or the node's estimate and a quarter.

        RuleBroken when the estimate shows that the contract refuses."""
        bound = gas_bound(call, calldata)
        if bound is not None:
            return bound
        request = {"from": call.account, "to": self.destination(call), "data": "0x" + calldata.hex()}
        try:
            return int(await self.rpc.call("eth_estimateGas", request), 16) * _ESTIMATE_ROOM_PERCENT // 100
        except RpcError as error:
            raise self._refusal(error) from error

    def destination(self, call: Call) -> str:
        """The address that a call goes to."""
        address = call.at or self._addresses.get(call.contract)
        if address is None:
            raise Unavailable("NotDeployed", contract=call.contract.value)
        return address

    async def prepare(self, call: Call, nonce: int) -> SignedTransaction:
        """Signs one call with the nonce given. RuleBroken when it is known already that the contract refuses."""
        calldata = self.bindings.calldata(call)
        gas = await self.gas(call, calldata)
        return self.sign(call.account, nonce, gas, self.destination(call), calldata, await self.fees())

    def sign(
        self, account: str, nonce: int, gas: int, to: str | None, data: bytes, fees: Mapping[str, int]
    ) -> SignedTransaction:
        """Signs raw fields; `to` None creates a contract."""
        fields: dict[str, Any] = {"chainId": self.chain_id, "nonce": nonce, "gas": gas, "to": to, "data": data, **fees}
        raw = self.signer.sign_transaction(account, fields)
        return SignedTransaction(account, nonce, transaction_hash(raw), "0x" + raw.hex(), gas)

    async def refusal(self, call: Call) -> RuleBroken | None:
        """The rule by which a contract would refuse a call at the head, if one would."""
        calldata = "0x" + self.bindings.calldata(call).hex()
        try:
            await self.rpc.call(
                "eth_call", {"from": call.account, "to": self.destination(call), "data": calldata}, "latest"
            )
        except RpcError as error:
            refused = self._refusal(error)
            return refused if isinstance(refused, RuleBroken) else None
        return None

    async def outbid(self, transaction: SignedTransaction, fill: bool) -> SignedTransaction | None:
        """The same transaction at a higher price or, with `fill`, a transfer of nothing to itself under its nonce. None
        when the price is as high as it may be, or the account's key is not at hand."""
        old = read_raw(bytes.fromhex(transaction.raw[2:]))
        fees = _raised(old.fees, await self.fees(), self._max_fee)
        if fees is None or not self.signer.can_sign(old.sender):
            return None
        if fill:
            return self.sign(old.sender, old.nonce, _PLAIN_TRANSFER, old.sender, b"", fees)
        return self.sign(old.sender, old.nonce, old.gas, old.to, old.data, fees)

    # -- sending

    async def broadcast(self, transactions: Sequence[SignedTransaction]) -> list[str | None]:
        """Hands raw transactions to the node, in order, in one round trip; where blocks are made on request, asks for
        one after it (not within: anvil works on a batch's requests side by side). Per transaction: None when the node has
        it, else why it will not take it (now)."""
        if await self._mines_each():
            return [await self._send_alone(t) for t in transactions]
        answers = await self.rpc.batch([("eth_sendRawTransaction", (t.raw,)) for t in transactions])
        await self.mine()
        return [_broadcast_refusal(a) for a in answers]

    async def _send_alone(self, transaction: SignedTransaction) -> str | None:
        """Sends one and looks for its receipt before the next is sent: an anvil that mines at once never mines a
        transaction that arrives while the one before it, of the same account, is being mined."""
        (answer,) = await self.rpc.batch([("eth_sendRawTransaction", (transaction.raw,))])
        if (refusal := _broadcast_refusal(answer)) is not None:
            return refusal
        pause = _FIRST_POLL_S
        for _ in range(_ALONE_POLLS):
            if (await self.receipts([transaction.tx_hash]))[0] is not None:
                break
            await anyio.sleep(pause)
            await self.mine(left=True)
            pause = min(pause * 2, _LONGEST_POLL_S)
        return None

    async def mine(self, left: bool = False) -> None:
        """Asks an anvil whose blocks come on request for one. `left`: asks an anvil that makes them itself too, since it
        leaves what did not fit into a block until something else is sent."""
        mines_each = await self._mines_each()
        if self._is_anvil and (left or not mines_each):
            await self.rpc.call("evm_mine")

    async def _mines_each(self) -> bool:
        """True of an anvil that makes a block as soon as a transaction comes."""
        if self._is_anvil is None:
            self._is_anvil, automine = await self.rpc.try_call("anvil_getAutomine")
            self._automine = bool(self._is_anvil and automine)
        return self._automine

    async def unknown(self, hashes: Sequence[str]) -> set[str]:
        """Those that the node has never had, or has forgotten."""
        answers = await self.rpc.batch([("eth_getTransactionByHash", (h,)) for h in hashes])
        return {h for h, answer in zip(hashes, answers, strict=True) if not isinstance(answer, Mapping)}

    async def receipts(self, hashes: Sequence[str]) -> list[Receipt | None]:
        """The receipts there are, in order; None for what is not mined."""
        answers = await self.rpc.batch([("eth_getTransactionReceipt", (h,)) for h in hashes])
        return [None if a is None or isinstance(a, RpcError) else self._receipt(a) for a in answers]

    def _receipt(self, answer: Mapping[str, Any]) -> Receipt:
        refused = self._forwarding is not None and self._forwarding.refused(answer)
        return Receipt(
            tx_hash=answer["transactionHash"],
            block=int(answer["blockNumber"], 16),
            block_hash=answer["blockHash"],
            ok=int(answer["status"], 16) == 1 and not refused,
            gas_used=int(answer["gasUsed"], 16),
            created=answer.get("contractAddress"),
        )

    async def failure(self, receipt: Receipt, gas: int | None = None) -> RuleBroken:
        """Why a mined transaction reverted: traced where the node can, else replayed on its parent block's state."""
        tx = await self.rpc.call("eth_getTransactionByHash", receipt.tx_hash)
        if self._forwarding is not None and (request := self._forwarding.request_in(tx["to"], tx["input"])):
            return await self._failure_within(request, tx, receipt.block)
        replay = {"from": tx["from"], "to": tx["to"], "data": tx["input"], "value": tx["value"], "gas": tx["gas"]}
        traced = await self._traced(receipt.tx_hash)
        if traced is None:
            for block in (receipt.block - 1, receipt.block):
                traced = await self._replayed(replay, block)
                if traced is not None:
                    break
        limit = int(tx["gas"], 16) if gas is None else gas
        if not traced and receipt.gas_used >= limit * 63 // 64:
            return RuleBroken("OutOfGas", gas=limit)
        return decode_revert(self.bindings, traced or b"")

    async def _failure_within(self, request: Mapping[str, Any], tx: Mapping[str, Any], block: int) -> RuleBroken:
        """Why a request that the forwarder carried was refused: by the forwarder itself, else by the contract that it
        was for, asked by the signer without the forwarder."""
        assert self._forwarding is not None
        if self._forwarding.was_tried(await self.rpc.call("eth_getTransactionReceipt", tx["hash"])):
            fields = {"from": request["from"], "to": request["to"], "data": request["data"], "gas": hex(request["gas"])}
            before, after = await self._replayed(fields, block - 1), await self._replayed(fields, block)
            refusal = after if before is None else before
            return (
                RuleBroken("OutOfGas", gas=request["gas"]) if refusal is None else decode_revert(self.bindings, refusal)
            )
        fields = {"from": tx["from"], "to": tx["to"], "data": self._forwarding.execute(request), "gas": tx["gas"]}
        return decode_revert(self.bindings, await self._replayed(fields, block) or b"")

    async def _traced(self, tx_hash: str) -> bytes | None:
        options = {"tracer": "callTracer", "tracerConfig": {"onlyTopCall": True}}
        try:
            known, trace = await self.rpc.try_call("debug_traceTransaction", tx_hash, options)
        except RpcError:
            return None
        if not known or not isinstance(trace, Mapping) or "structLogs" in trace:
            return None
        return bytes.fromhex(str(trace.get("output") or "0x")[2:])

    async def _replayed(self, request: Mapping[str, Any], block: int) -> bytes | None:
        try:
            await self.rpc.call("eth_call", request, hex(block))
        except RpcError as error:
            return revert_data(error.error)
        return None

    # -- following

    async def height(self) -> int:
        """The number of the last block."""
        return int(await self.rpc.call("eth_blockNumber"), 16)

    async def block_hashes(self, blocks: Sequence[int]) -> dict[int, str]:
        """The present hashes of blocks by number; those beyond the head are left out."""
        answers = await self.rpc.batch([("eth_getBlockByNumber", (hex(b), False)) for b in blocks])
        return {b: a["hash"] for b, a in zip(blocks, answers, strict=True) if isinstance(a, Mapping)}

    async def used_nonces(self, accounts: Sequence[str], block: int) -> dict[str, int]:
        """How many transactions of each account were mined up to a block."""
        requests: list[Request] = [("eth_getTransactionCount", (a, hex(block))) for a in accounts]
        return {a: int(_value(n), 16) for a, n in zip(accounts, await self.rpc.batch(requests), strict=True)}

    def nonce_is_used(self, refusal: str) -> bool:
        """True when the node refuses because the account's nonce is past: mined, by this transaction or another."""
        return any(k in refusal.lower() for k in _NONCE_LOW)

    def never_fits(self, refusal: str) -> bool:
        """True when no block of this chain can hold the transaction."""
        return any(k in refusal.lower() for k in _TOO_LARGE)

    def _refusal(self, error: RpcError) -> Exception:
        data = revert_data(error.error)
        if data is None:
            return Unavailable("ChainRefuses", message=error.message)
        return decode_revert(self.bindings, data)

    async def wait(self, hashes: Sequence[str], timeout_s: float = 120.0) -> list[Receipt]:
        """Receipts of all, in order. Unavailable("NotMined") when some are still missing after `timeout_s`."""
        found: dict[str, Receipt] = {}
        pause, until = _FIRST_POLL_S, time.monotonic() + timeout_s
        while missing := [h for h in hashes if h not in found]:
            new = [r for r in await self.receipts(missing) if r is not None]
            found |= {r.tx_hash: r for r in new}
            if len(new) == len(missing):
                break
            if time.monotonic() > until:
                raise Unavailable("NotMined", tx_hash=next(h for h in missing if h not in found))
            await self.mine(left=not new)
            pause = _FIRST_POLL_S if new else min(pause * 2, _LONGEST_POLL_S)
            await anyio.sleep(pause)
        return [found[h] for h in hashes]

    async def send(self, calls: Sequence[Call], nonces: Mapping[str, int] | None = None) -> list[Outcome]:
        """Sends calls of any accounts and waits for all; each account's are mined in the order given."""
        next_nonce = dict(nonces) if nonces else await self.nonces(list(dict.fromkeys(c.account for c in calls)))
        sent: list[SignedTransaction] = []
        for start in range(0, len(calls), _BROADCAST):
            signed: list[SignedTransaction] = []
            for call in calls[start : start + _BROADCAST]:
                signed.append(await self.prepare(call, next_nonce[call.account]))
                next_nonce[call.account] += 1
            for refusal in await self.broadcast(signed):
                if refusal is not None:
                    raise Unavailable("ChainRefuses", message=refusal)
            sent.extend(signed)
        receipts = await self.wait([s.tx_hash for s in sent])
        return [Outcome(r, None if r.ok else await self.failure(r)) for r in receipts]


def _raised(old: Mapping[str, int], present: Mapping[str, int], most: int) -> Mapping[str, int] | None:
    """An offer that replaces the old one: a quarter above it, or the present price where that is more; None above
    `most`."""
    floors = {name: -(-value * _RAISE_PERCENT // 100) for name, value in old.items()}
    fees = {name: max(floor, present.get(name, 0)) for name, floor in floors.items()}
    total = fees.get("maxFeePerGas", fees.get("gasPrice", 0))
    if total > most:
        fees = {name: max(floors[name], min(value, most)) for name, value in fees.items()}
    return None if max(fees.values()) > most else fees


def _value(answer: Any) -> Any:
    if isinstance(answer, RpcError):
        raise Unavailable("ChainRefuses", message=answer.message) from answer
    return answer


def _broadcast_refusal(answer: Any) -> str | None:
    if not isinstance(answer, RpcError):
        return None
    text = answer.message.lower()
    return None if any(k in text for k in _KNOWN) else answer.message
