"""Reading ranges of blocks from the node.

Blocks that may still be taken back are asked for by their hash, one request each in one round trip, so that headers
and logs are of one and the same chain whatever happens meanwhile; older ones by number, many at a time, together with
the headers of the first and the last, so that ranges link up and a node that has not all of it is found out.

What a node leaves out is not seen in what it answers. So a block whose bloom filter speaks of our events and that comes
without any is held against its receipts, and an answer that may have been cut off at a limit is asked for again."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.chain.bindings import Bindings
from api.chain.rpc import Request, Rpc, RpcError
from api.domain.currencies import bank_currency
from api.domain.errors import CascadeError, Unavailable
from api.domain.operations import Contract
from api.indexer.bloom import Blooms
from api.indexer.refusals import too_much, unknown_block

Log = Mapping[str, Any]
ENOUGH_LOGS = 8_000
"""What is written together: enough to be quick, little enough to keep memory and the time of a commit small."""
_BLOCKS_AT_ONCE = 8
_ROUND = 100
"""Nodes that cut off their answers do so at a round number of logs."""


@dataclass(frozen=True, slots=True)
class Header:
    number: int
    hash: bytes
    parent: bytes
    time: int
    bloom: str = "0x"
    """Of all logs in the block, 0x-hex; empty: not known."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A range of blocks: the logs of our contracts in order, and the headers that are to be kept, by number.
    `linked` says that headers are there for every block; the first and the last are always."""

    first: int
    last: int
    head: int
    logs: Sequence[Log]
    headers: Mapping[int, Header]
    tokens: Mapping[bytes, tuple[str, int]]
    linked: bool
    took_s: float = 0.0


class Shifted(Exception):
    """The chain changed while it was read: look again where it stands."""


class RangeTooBig(Exception):
    """The node will not answer so much at once."""


class Fetcher:
    """Reads one deployment's chain. `depth` is how many of the last blocks may still be taken back."""

    def __init__(self, rpc: Rpc, bindings: Bindings, addresses: Sequence[str], depth: int, currency_topic: str) -> None:
        self._rpc = rpc
        self._addresses = list(addresses)
        self._depth = depth
        self._currency_topic = currency_topic
        token = bindings[Contract.TOKEN]
        self._symbol, self._decimals = token.function("symbol"), token.function("decimals")
        self._blooms = Blooms(addresses)

    async def head(self) -> Header:
        return _header(await self._rpc.call("eth_getBlockByNumber", "latest", False))

    async def headers(self, numbers: Sequence[int]) -> dict[int, Header]:
        """Those of them that the chain has."""
        requests: list[Request] = [("eth_getBlockByNumber", (hex(n), False)) for n in numbers]
        found = [_header(b) for b in await self._rpc.batch(requests) if isinstance(b, Mapping)]
        return {h.number: h for h in found}

    def last_of(self, first: int, count: int, head: int) -> int:
        """Where a range that begins at `first` ends: it does not mix final blocks with others."""
        final = head - self._depth
        return min(first + count - 1, final if first <= final else head)

    async def fetch(self, first: int, last: int, head: int) -> Fetched:
        """Blocks `first` … `last`, or fewer when they are full. Shifted when the chain changes meanwhile, RangeTooBig when
        the node gives up, Unavailable("NodeBehind") or ("NodeIncomplete") when it does not have all of it."""
        began = time.monotonic()
        if last > head - self._depth:
            headers = await self.headers(range(first, last + 1))
            if len(headers) != last - first + 1:
                raise Shifted
            logs, last = await self._logs_by_hash([headers[n] for n in range(first, last + 1)])
            headers = {n: h for n, h in headers.items() if n <= last}
            linked = True
        else:
            logs, headers = await self._logs_by_number(first, last)
            numbers = {int(log["blockNumber"], 16) for log in logs}
            headers |= await self.headers(sorted(numbers - headers.keys()))
            linked = False
        tokens = await self._tokens_in(logs)
        return Fetched(first, last, head, logs, headers, tokens, linked, time.monotonic() - began)

    async def _logs_by_number(self, first: int, last: int) -> tuple[list[Log], dict[int, Header]]:
        """Asked for in one request with the headers of the first and the last block: of the same node, wherever several
        answer behind one address."""
        *ends, logs = await self._rpc.batch(
            [*(("eth_getBlockByNumber", (hex(n), False)) for n in (first, last)), self._range(first, last)]
        )
        if not all(isinstance(end, Mapping) for end in ends):
            raise Unavailable("NodeBehind", block=last)
        found = self._told(logs)
        if len(found) >= _ROUND and len(found) % _ROUND == 0:
            await self._check_whole(found, first, last)
        return found, {h.number: h for h in map(_header, ends)}

    async def _check_whole(self, found: Sequence[Log], first: int, last: int) -> None:
        """RangeTooBig when the answer was cut off: from the block of its last log on there is more."""
        start = int(found[-1]["blockNumber"], 16)
        known = sum(int(log["blockNumber"], 16) >= start for log in found)
        if start == first:
            if await self._ours_in(found[-1]["blockHash"]) not in (None, known):
                raise Unavailable("NodeIncomplete", block=start)
            return
        (again,) = await self._rpc.batch([self._range(start, last)])
        if len(self._told(again)) != known:
            raise RangeTooBig(f"cut off after {len(found)} logs")

    async def _ours_in(self, block_hash: str) -> int | None:
        """How many logs of ours the receipts of a block hold; None where the node gives none."""
        found, receipts = await self._rpc.try_call("eth_getBlockReceipts", block_hash)
        if not found or receipts is None:
            return None
        ours = {address.lower() for address in self._addresses}
        return sum(log["address"].lower() in ours for receipt in receipts for log in receipt["logs"])

    def _range(self, first: int, last: int) -> Request:
        return "eth_getLogs", ({"address": self._addresses, "fromBlock": hex(first), "toBlock": hex(last)},)

    async def _logs_by_hash(self, headers: Sequence[Header]) -> tuple[list[Log], int]:
        """A few blocks a round trip, until there are logs enough; and the last block that they are of."""
        logs: list[Log] = []
        done = 0
        while done < len(headers) and len(logs) < ENOUGH_LOGS:
            some = headers[done : done + _BLOCKS_AT_ONCE]
            requests: list[Request] = [
                ("eth_getLogs", ({"address": self._addresses, "blockHash": hexed(h.hash)},)) for h in some
            ]
            for header, answer in zip(some, await self._rpc.batch(requests), strict=True):
                found = self._told(answer, header)
                if not found and self._blooms.speak_of_us(header.bloom) and await self._ours_in(hexed(header.hash)):
                    raise Unavailable("NodeIncomplete", block=header.number)
                logs.extend(found)
            done += len(some)
        return logs, headers[done - 1].number

    def _told(self, answer: Any, header: Header | None = None) -> list[Log]:
        """The logs of an answer."""
        if not isinstance(answer, RpcError):
            if isinstance(answer, list):
                return answer
            raise Unavailable("NodeIncomplete", block=0 if header is None else header.number)
        if unknown_block(answer):
            raise Shifted from answer
        if not too_much(answer):
            raise answer
        if header is None:
            raise RangeTooBig(answer.message) from answer
        raise CascadeError("BlockTooBig", block=header.number) from answer

    async def _tokens_in(self, logs: Sequence[Log]) -> dict[bytes, tuple[str, int]]:
        """What tokens that are allowed here say of themselves: constants, so they may be asked at any time. A currency on
        the bank rail has no contract to ask; its code says it all."""
        topic = self._currency_topic
        found = [log["topics"][2][-40:] for log in logs if log["topics"] and log["topics"][0] == topic]
        return {bytes.fromhex(a): bank_currency(a) or await self._token(a) for a in found}

    async def _token(self, address: str) -> tuple[str, int]:
        calls = [{"to": "0x" + address, "data": "0x" + f.selector.hex()} for f in (self._symbol, self._decimals)]
        symbol, decimals = await self._rpc.batch([("eth_call", (call, "latest")) for call in calls])
        try:
            return str(self._symbol.result(_data(symbol))), int(self._decimals.result(_data(decimals)))
        except (CascadeError, ValueError, TypeError):
            return "", 0
        except Exception as error:
            if type(error).__module__.startswith(("eth_abi", "faster_eth_abi")):
                return "", 0  # a token without these constants
            raise


def hexed(digest: bytes) -> str:
    return "0x" + digest.hex()


def _data(answer: Any) -> bytes:
    if isinstance(answer, RpcError):
        raise ValueError(answer.message)
    return bytes.fromhex(str(answer)[2:])


def _header(block: Any) -> Header:
    if not isinstance(block, Mapping):
        raise Unavailable("ChainRefuses", message="no such block")
    digest, parent = (bytes.fromhex(block[name][2:]) for name in ("hash", "parentHash"))
    number, time = int(block["number"], 16), int(block["timestamp"], 16)
    return Header(number, digest, parent, time, block.get("logsBloom") or "0x")
