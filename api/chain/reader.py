"""The chain as the domain's port sees it: reading, and trying acts without sending them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import anyio
from eth_abi.abi import encode

from api.chain.abi import checksum
from api.chain.bindings import Bindings
from api.chain.deployment import Deployment
from api.chain.eip712 import array_hash, struct_hashes, typed_data_digest
from api.chain.errors import decode_revert, revert_data
from api.chain.rpc import Request, Rpc, RpcError
from api.chain.sender import Sender
from api.chain.transactions import ReadTransaction, read_raw, signer_of, transaction_hash
from api.domain.errors import InvalidInput, NotFound, Unavailable
from api.domain.operations import Call, Contract
from api.domain.ports import DecodedLog, Head, SignedTransaction

_TRIES, _AGAIN_S = 4, 0.05
"""The head may be taken back between its number and what is read at it."""

_IS_VALID_SIGNATURE = bytes.fromhex("1626ba7e")
"""Selector of isValidSignature(bytes32,bytes), and what it answers for yes."""


class ChainReader:
    """Implements the Chain port over one node."""

    def __init__(self, rpc: Rpc, bindings: Bindings, deployment: Deployment, sender: Sender) -> None:
        self.chain_id = deployment.chain_id
        self.addresses: Mapping[Contract, str] = deployment.addresses
        self.tokens: Mapping[str, str] = deployment.tokens
        self._rpc = rpc
        self._bindings = bindings
        self._sender = sender
        self._contract_of = deployment.contract_of()

    async def head(self) -> Head:
        block = await self._rpc.call("eth_getBlockByNumber", "latest", False)
        return Head(int(block["number"], 16), block["hash"], int(block["timestamp"], 16))

    async def call(
        self, contract: Contract, function: str, *args: Any, block: int | None = None, at: str | None = None
    ) -> Any:
        call = Call(contract, function, args, account="", at=at)
        return self._result(call, await self._answer(self._request(call, block)))

    async def calls(self, calls: Sequence[Call], block: int | None = None) -> list[Any]:
        tries = _TRIES if block is None else 1
        while True:
            at = int(await self._rpc.call("eth_blockNumber"), 16) if block is None else block
            answers = await self._rpc.batch([self._request(call, at) for call in calls])
            tries -= 1
            if tries == 0 or not any(isinstance(a, RpcError) and revert_data(a.error) is None for a in answers):
                return [self._result(call, self._checked(a)) for call, a in zip(calls, answers, strict=True)]
            await anyio.sleep(_AGAIN_S)

    async def simulate(self, call: Call) -> Any:
        return self._result(call, await self._answer(self._request(call, None)))

    async def events(self, tx_hash: str) -> list[DecodedLog]:
        receipt = await self._rpc.call("eth_getTransactionReceipt", tx_hash)
        if receipt is None:
            raise NotFound("UnknownTransaction", tx_hash=tx_hash)
        decoded = (self._decoded(log) for log in receipt["logs"])
        return [log for log in decoded if log is not None]

    async def contract_accepts(self, account: str, digest: bytes, signature: bytes) -> bool:
        """Does the contract at `account` take the signature for its own (ERC-1271)? False also when there is none."""
        data = _IS_VALID_SIGNATURE + encode(("bytes32", "bytes"), (digest, signature))
        try:
            answer = await self._rpc.call("eth_call", {"to": account, "data": "0x" + data.hex()}, "latest")
        except RpcError:
            return False
        return bytes.fromhex(str(answer)[2:]) == _IS_VALID_SIGNATURE.ljust(32, b"\0")

    async def unsigned(self, call: Call) -> Mapping[str, Any]:
        calldata = self._bindings.calldata(call)
        gas = await self._sender.gas(call, calldata)
        nonces = await self._sender.nonces([call.account])
        return {
            "chainId": self.chain_id,
            "from": call.account,
            "to": self._sender.destination(call),
            "value": 0,
            "data": "0x" + calldata.hex(),
            "gas": gas,
            "nonce": nonces[call.account],
            **await self._sender.fees(),
        }

    def check_signed(self, call: Call, raw: str) -> SignedTransaction:
        try:
            data = bytes.fromhex(raw.removeprefix("0x"))
            tx = read_raw(data)
        except ValueError as error:
            raise InvalidInput("SignedTransactionInvalid", message=str(error)) from error
        self._compare(call, tx)
        return SignedTransaction(tx.sender, tx.nonce, transaction_hash(data), "0x" + data.hex(), tx.gas)

    async def forward_terms(self, call: Call) -> Mapping[str, Any]:
        calldata = self._bindings.calldata(call)
        return {
            "from": call.account,
            "to": self._sender.destination(call),
            "value": 0,
            "gas": await self._sender.gas(call, calldata),
            "data": "0x" + calldata.hex(),
        }

    def encoded(self, call: Call) -> tuple[str, str]:
        return self._sender.destination(call), "0x" + self._bindings.calldata(call).hex()

    def decoded(self, account: str, to: str, data: str) -> Call:
        contract = self._contract_of.get(checksum(to))
        calldata = bytes.fromhex(data.removeprefix("0x"))
        function = None if contract is None else self._bindings[contract].selectors.get(calldata[:4])
        if contract is None or function is None:
            raise InvalidInput("CallUnreadable", contract=to)
        at = checksum(to) if contract is Contract.TOKEN else None
        return Call(contract, function.name, function.arguments(calldata), account, at)

    def digest(self, typed_data: Mapping[str, Any]) -> str:
        return "0x" + typed_data_digest(typed_data).hex()

    def struct_hashes(self, types: Mapping[str, Any], name: str, values: Sequence[Mapping[str, Any]]) -> list[str]:
        return ["0x" + one.hex() for one in struct_hashes(types, name, values)]

    def array_hash(self, hashes: Sequence[str]) -> str:
        return "0x" + array_hash([bytes.fromhex(one[2:]) for one in hashes]).hex()

    async def has_signed(self, account: str, typed_data: Mapping[str, Any], signature: str) -> bool:
        digest, data = typed_data_digest(typed_data), bytes.fromhex(signature.removeprefix("0x"))
        try:
            if signer_of(digest, data) == account:
                return True
        except ValueError:
            pass
        return await self.contract_accepts(account, digest, data)

    def signed_by(self, typed_data: Mapping[str, Any], signature: str) -> str:
        try:
            return signer_of(typed_data_digest(typed_data), bytes.fromhex(signature.removeprefix("0x")))
        except ValueError as error:
            raise InvalidInput("SignatureInvalid", message=str(error)) from error

    def _compare(self, call: Call, tx: ReadTransaction) -> None:
        expected: dict[str, Any] = {
            "chain_id": self.chain_id,
            "sender": call.account,
            "to": self._sender.destination(call),
            "value": 0,
            "data": self._bindings.calldata(call),
        }
        for name, value in expected.items():
            found = getattr(tx, name)
            if found != value:
                shown = [("0x" + v.hex() if isinstance(v, bytes) else v) for v in (value, found)]
                raise InvalidInput("SignedTransactionMismatch", field=name, expected=shown[0], found=shown[1])

    # -- requests and answers

    def _request(self, call: Call, block: int | None) -> Request:
        fields = {"to": self._sender.destination(call), "data": "0x" + self._bindings.calldata(call).hex()}
        if call.account:
            fields["from"] = call.account
        return "eth_call", (fields, "latest" if block is None else hex(block))

    async def _answer(self, request: Request) -> str:
        try:
            return str(await self._rpc.call_along(request[0], *request[1]))
        except RpcError as error:
            return self._checked(error)

    def _checked(self, answer: Any) -> str:
        if not isinstance(answer, RpcError):
            return str(answer)
        data = revert_data(answer.error)
        if data is None:
            raise Unavailable("ChainRefuses", message=answer.message) from answer
        raise decode_revert(self._bindings, data) from answer

    def _result(self, call: Call, answer: str) -> Any:
        function = self._bindings[call.contract].function(call.function)
        data = bytes.fromhex(answer[2:])
        if not data and function.outputs.types:
            raise Unavailable("NoContractThere", contract=call.contract.value, address=self._sender.destination(call))
        return function.result(data)

    def _decoded(self, log: Mapping[str, Any]) -> DecodedLog | None:
        contract = self._contract_of.get(checksum(log["address"]))
        if contract is None or not log["topics"]:
            return None
        event = self._bindings[contract].events.get(log["topics"][0])
        if event is None:
            return None
        return DecodedLog(
            contract=contract,
            name=event.name,
            args=event.arguments(log["topics"], log["data"]),
            block=int(log["blockNumber"], 16),
            block_hash=log["blockHash"],
            tx_hash=log["transactionHash"],
            log_index=int(log["logIndex"], 16),
            address=checksum(log["address"]),
        )
