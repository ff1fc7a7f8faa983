"""Reading ranges of blocks from the node.

Blocks that may still be taken back are asked for by their hash, one request each in one round trip, so that headers
and logs are of one and the same chain whatever happens meanwhile; older ones by number, many at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.chain.bindings import Bindings
from api.chain.rpc import Request, Rpc, RpcError
from api.domain.currencies import bank_currency
from api.domain.errors import CascadeError, Unavailable
from api.domain.operations import Contract

Log = Mapping[str, Any]
ENOUGH_LOGS = 8_000
"""What is written together: enough to be quick, little enough to keep memory and the time of a commit small."""
_BLOCKS_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Header:
    number: int
    hash: bytes
    parent: bytes
    time: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """A range of blocks: the logs of our contracts in order, and the headers that are to be kept, by number.
    `linked` says that headers are there for every block."""

    first: int
    last: int
    head: int
    logs: Sequence[Log]
    headers: Mapping[int, Header]
    tokens: Mapping[bytes, tuple[str, int]]
    linked: bool


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
        the node gives up."""
        linked = last > head - self._depth
        headers = await self.headers(range(first, last + 1) if linked else [last])
        if last not in headers or (linked and len(headers) != last - first + 1):
            raise Shifted
        if linked:
            logs, last = await self._logs_by_hash([headers[n] for n in range(first, last + 1)])
            headers = {n: h for n, h in headers.items() if n <= last}
        else:
            logs = await self._logs_by_number(first, last)
            numbers = {int(log["blockNumber"], 16) for log in logs}
            headers |= await self.headers(sorted(numbers - {last}))
        tokens = await self._tokens_in(logs)
        return Fetched(first, last, head, logs, headers, tokens, linked)

    async def _logs_by_number(self, first: int, last: int) -> list[Log]:
        bounds = {"fromBlock": hex(first), "toBlock": hex(last)}
        try:
            logs = await self._rpc.call("eth_getLogs", {"address": self._addresses, **bounds})
        except RpcError as error:
            raise RangeTooBig(error.message) from error
        return list(logs)

    async def _logs_by_hash(self, headers: Sequence[Header]) -> tuple[list[Log], int]:
        """A few blocks a round trip, until there are logs enough; and the last block that they are of."""
        logs: list[Log] = []
        done = 0
        while done < len(headers) and len(logs) < ENOUGH_LOGS:
            some = headers[done : done + _BLOCKS_AT_ONCE]
            requests: list[Request] = [
                ("eth_getLogs", ({"address": self._addresses, "blockHash": "0x" + h.hash.hex()},)) for h in some
            ]
            for answer in await self._rpc.batch(requests):
                if isinstance(answer, RpcError):
                    raise Shifted from answer
                logs.extend(answer)
            done += len(some)
        return logs, headers[done - 1].number

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


def _data(answer: Any) -> bytes:
    if isinstance(answer, RpcError):
        raise ValueError(answer.message)
    return bytes.fromhex(str(answer)[2:])


def _header(block: Any) -> Header:
    if not isinstance(block, Mapping):
        raise Unavailable("ChainRefuses", message="no such block")
    digest, parent = (bytes.fromhex(block[name][2:]) for name in ("hash", "parentHash"))
    return Header(int(block["number"], 16), digest, parent, int(block["timestamp"], 16))
