"""Writing a dossier: transactions from the read model, everything else from the node, and nothing handed out that the
check would not take."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anyio import to_thread

from api.chain.bindings import Bindings
from api.chain.deployment import Deployment
from api.chain.eip712 import typed_data_digest
from api.chain.rpc import Rpc, RpcError
from api.chain.transactions import signer_of
from api.domain.approvals import Approval, ApprovalBook, Part, Signature
from api.domain.errors import InvalidInput, NotFound, Unavailable
from api.domain.operations import Contract
from api.domain.ports import ReadModel
from api.domain.typed_data import as_text
from api.dossier import document as d
from api.dossier.check import Proof, check
from api.dossier.encoding import Header, header_bytes, receipt_bytes, transaction_bytes
from api.dossier.story import CONTRACTS, Held, lineage_of
from api.dossier.tries import BlockTrie, Pool

LINKED_BLOCKS = 1_024
"""Where the story's blocks lie no further apart, all headers between them go in: then the dossier's own block's hash is
all that a reader must trust. Above that the story's own headers go in, and each hash must be trusted."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A block as the node tells it: its header, and what of it goes into the pool."""

    header: Header
    nodes: frozenset[bytes] = frozenset()


class DossierWriter:
    """Implements the Dossiers port over one node and the read model."""

    def __init__(
        self, rpc: Rpc, bindings: Bindings, deployment: Deployment, model: ReadModel, approvals: ApprovalBook
    ) -> None:
        self._rpc = rpc
        self._bindings = bindings
        self._chain = deployment.chain_id
        self._addresses: Mapping[Contract, str] = {contract: deployment.addresses[contract] for contract in CONTRACTS}
        self._model = model
        self._approvals = approvals

    async def write(self, note: int, block: int | None) -> bytes:
        status = await self._model.status()
        at = status.block if block is None else block
        if at > status.block:
            raise NotFound("UnknownBlock", block=at)
        try:
            return await self._write(note, at)
        except InvalidInput as error:
            raise Unavailable("DossierIncomplete", rule=error.rule, evidence=str(error)) from error

    async def _write(self, note: int, at: int) -> bytes:
        hashes = await self._transactions(note, at)
        places = await self._places(hashes)
        wanted: dict[int, list[int]] = {}
        for place in places:
            wanted.setdefault(place.block, []).append(place.index)
        first = min(wanted)
        between = range(first, at + 1) if at - first < LINKED_BLOCKS else sorted({*wanted, at})
        asked = [("eth_getBlockByNumber", (hex(number), number in wanted)) for number in between]
        answers = zip(between, await self._rpc.batch(asked), strict=True)
        blocks = [await self._block(number, answer, wanted.get(number, ())) for number, answer in answers]
        pool = Pool(node for one in blocks for node in one.nodes)
        content: dict[str, Any] = {
            "format": d.FORMAT,
            "chain": self._chain,
            "note": note,
            "block": at,
            "contracts": {contract.value: address for contract, address in self._addresses.items()},
            "headers": ["0x" + one.header.encoded.hex() for one in blocks],
            "transactions": [place.model_dump() for place in places],
            "approvals": [
                await self._approval(a) for a in await self._approvals.of_transactions(hashes) if _by_keys(a)
            ],
            "nodes": [],
            "story": {},
        }
        document = d.Dossier.model_validate(content)
        full = await self._with_state(document, pool)
        return await to_thread.run_sync(self._written, document, full)

    def _written(self, document: d.Dossier, pool: Pool) -> bytes:
        proof = Proof(document, self._bindings, pool)
        story = proof.story()
        nodes = sorted("0x" + pool[node].hex() for node in pool.needed)
        file = d.canonical({**document.model_dump(by_alias=True), "story": story, "nodes": nodes})
        check(file, self._bindings, {header.hash for header in proof.headers})
        return file

    async def _approval(self, approval: Approval) -> Mapping[str, Any]:
        signatures = [
            {"part": s.part.value, "account": s.account, "signature": s.signature} for s in approval.signatures
        ]
        rows = await self._approvals.row_hashes(approval.id)
        return {"message": as_text(approval.message), "rows": rows, "signatures": signatures}

    # -- what belongs to the story

    async def _transactions(self, note: int, at: int) -> Sequence[str]:
        """Hashes of those that changed something of the lineage."""
        journal = [entry for entry in await self._model.story(note) or () if entry.block <= at]
        created = [e for e in journal if e.name in ("NoteOffered", "NoteAssigned")]
        if all(e.args["note"] != note for e in created):
            raise NotFound("UnknownNote", note=note)
        lineage = lineage_of(((e.args["note"], e.args["parent"], e.args["receivable"]) for e in created), note)
        return list(dict.fromkeys(e.tx_hash for e in journal if lineage.concerns(e.name, e.args)))

    async def _places(self, hashes: Sequence[str]) -> Sequence[d.ProvenTransaction]:
        answers = await self._rpc.batch([("eth_getTransactionByHash", (tx,)) for tx in hashes])
        places = [self._place(tx, answer) for tx, answer in zip(hashes, answers, strict=True)]
        return sorted(places, key=lambda p: (p.block, p.index))

    def _place(self, tx: str, answer: Any) -> d.ProvenTransaction:
        if isinstance(answer, RpcError) or not answer or answer.get("blockNumber") is None:
            raise Unavailable("NodeDisagrees", what=f"transaction {tx}")
        return d.ProvenTransaction(block=int(answer["blockNumber"], 16), index=int(answer["transactionIndex"], 16))

    async def _block(self, number: int, block: Any, indices: Collection[int]) -> _Block:
        encoded = header_bytes(block) if block and not isinstance(block, RpcError) else None
        if encoded is None:
            raise Unavailable("NodeDisagrees", what=f"block {number}")
        header = Header.read(encoded)
        if not indices:
            return _Block(header)
        transactions = await _trie(block["transactions"], transaction_bytes, f"transactions of block {number}")
        receipts = await self._receipts(number, [tx["hash"] for tx in block["transactions"]])
        if transactions.root != header.transactions_root or receipts.root != header.receipts_root:
            raise Unavailable("NodeDisagrees", what=f"transactions of block {number}")
        nodes: set[bytes] = set()
        for index in indices:
            nodes |= transactions.proof(index) | receipts.proof(index)
        return _Block(header, frozenset(nodes))

    async def _receipts(self, number: int, hashes: Sequence[str]) -> BlockTrie:
        offered, receipts = await self._rpc.try_call("eth_getBlockReceipts", hex(number))
        if not offered:
            receipts = await self._rpc.batch([("eth_getTransactionReceipt", (tx,)) for tx in hashes])
        if not receipts or any(isinstance(receipt, RpcError) or receipt is None for receipt in receipts):
            raise Unavailable("NodeDisagrees", what=f"receipts of block {number}")
        return await _trie(receipts, receipt_bytes, f"receipts of block {number}")

    # -- the state

    async def _with_state(self, document: d.Dossier, pool: Pool) -> Pool:
        """The pool with the proofs of the words that the story stands or falls with."""
        keys: dict[Contract, list[Held]] = {contract: [] for contract in CONTRACTS}
        for held in await to_thread.run_sync(lambda: Proof(document, self._bindings, pool).holdings):
            keys[held.contract].append(held)
        nodes = set(pool.values())
        for contract, words in keys.items():
            answer = await self._proof(self._addresses[contract], words, document.block)
            nodes |= {bytes.fromhex(node[2:]) for node in answer["accountProof"]}
            nodes |= {bytes.fromhex(node[2:]) for word in answer["storageProof"] for node in word["proof"]}
        return Pool(nodes)

    async def _proof(self, address: str, words: Sequence[Held], block: int) -> Mapping[str, Any]:
        slots = [f"0x{held.slot:064x}" for held in words]
        try:
            found: Mapping[str, Any] = await self._rpc.call("eth_getProof", address, slots, hex(block))
        except RpcError as error:
            if error.missing:
                raise Unavailable("ProofsNotOffered", message=error.message) from error
            raise Unavailable("StatePruned", block=block, message=error.message) from error
        return found


async def _trie(
    items: Sequence[Mapping[str, Any]], encode: Callable[[Mapping[str, Any]], bytes], what: str
) -> BlockTrie:
    try:
        return await to_thread.run_sync(lambda: BlockTrie([encode(item) for item in items]))
    except (KeyError, TypeError, ValueError) as error:
        raise Unavailable("NodeDisagrees", what=what) from error


def _by_keys(approval: Approval) -> bool:
    """Whether its signatures prove themselves: what a contract wallet signed, only the chain can say."""
    digest = typed_data_digest(approval.typed_data)
    return [s.part for s in approval.signatures] == list(Part) and all(_made(digest, s) for s in approval.signatures)


def _made(digest: bytes, signature: Signature) -> bool:
    try:
        return signer_of(digest, bytes.fromhex(signature.signature[2:])) == signature.account
    except ValueError:
        return False
