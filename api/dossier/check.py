"""Checking a dossier: without a node, a database or a server, given hashes of blocks that the reader trusts. What does
not hold is an InvalidInput that names it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from eth_hash.auto import keccak

from api.chain.abi import checksum
from api.chain.bindings import Bindings
from api.chain.eip712 import array_hash, struct_hashes, typed_data_digest
from api.chain.transactions import signer_of
from api.domain import typed_data
from api.domain.calendar import day_of_time
from api.domain.errors import InvalidInput
from api.domain.operations import Contract
from api.domain.status import note_status, receivable_status
from api.dossier import document as d
from api.dossier.encoding import (
    Account,
    Header,
    Sent,
    place,
    read_account,
    read_logs,
    read_transaction,
    read_word,
)
from api.dossier.quotes import DEALS, QuoteTaken, quote_of
from api.dossier.story import (
    CONTRACTS,
    Event,
    Held,
    Holdings,
    Lineage,
    NoteState,
    Replay,
    creations,
    lineage_of,
    read_event,
)
from api.dossier.tries import NotProven, Pool

_NO_CODE = keccak(b"")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A dossier that holds. `story` is what it proves; `trusted` are the hashes that it rests on."""

    note: int
    chain: int
    block: int
    block_hash: str
    time: int
    contracts: Mapping[str, str]
    trusted: tuple[str, ...]
    blocks: int
    transactions: int
    words: int
    """Of storage."""
    story: Mapping[str, Any]


def check(file: bytes, bindings: Bindings, trusted: Collection[bytes]) -> Verdict:
    """The verdict; InvalidInput names the first thing that does not hold."""
    document = d.Dossier.read(file)
    proof = Proof(document, bindings, Pool(bytes.fromhex(node[2:]) for node in document.nodes))
    used = _trust(proof.headers, trusted)
    story = proof.story()
    if (field := _difference(document.story, story)) is not None:
        raise InvalidInput("DossierStoryDiffers", field=field)
    if document.nodes != sorted(set(document.nodes)):
        raise InvalidInput("DossierMalformed", field="nodes", message="not ascending")
    for spare in proof.pool.spare():
        raise InvalidInput("DossierNodeSuperfluous", node="0x" + spare.hex())
    return Verdict(
        note=document.note,
        chain=document.chain,
        block=document.block,
        block_hash="0x" + proof.headers[-1].hash.hex(),
        time=proof.headers[-1].time,
        contracts=document.contracts,
        trusted=tuple("0x" + h.hex() for h in used),
        blocks=len(proof.headers),
        transactions=len(document.transactions),
        words=len(proof.held),
        story=story,
    )


def numbers(file: bytes) -> Sequence[int]:
    """The blocks of a dossier, for whoever asks a node of their own for the hashes to trust."""
    return [header.number for header in read_headers(d.Dossier.read(file))]


def read_headers(document: d.Dossier) -> tuple[Header, ...]:
    """The headers: those of the transactions' blocks and of the dossier's own, which is the last, or all from the first of
    these to the last."""
    headers: list[Header] = []
    for position, encoded in enumerate(document.headers):
        try:
            header = Header.read(bytes.fromhex(encoded[2:]))
        except ValueError as error:
            raise InvalidInput("DossierHeaderInvalid", position=position) from error
        if headers and headers[-1].number >= header.number:
            raise InvalidInput("DossierMalformed", field=f"headers.{position}", message="not ascending")
        headers.append(header)
    needed = {document.block, *(t.block for t in document.transactions)}
    found = {header.number for header in headers}
    for number in sorted(needed - found):
        raise InvalidInput("DossierBlockMissing", block=number)
    if max(needed) != document.block:
        raise InvalidInput("DossierMalformed", field="block", message="not the last")
    if found != needed and found != set(range(min(needed), document.block + 1)):
        raise InvalidInput("DossierBlockSuperfluous", block=min(found - needed))
    return tuple(headers)


def _trust(headers: Sequence[Header], trusted: Collection[bytes]) -> Sequence[bytes]:
    """The trusted hashes that the headers rest on: each header is one of these, or the parent of the next.
    InvalidInput("DossierBlockNotTrusted") names the last one that is neither."""
    used: list[bytes] = []
    follower = b""
    for header in reversed(headers):
        if header.hash in trusted:
            used.append(header.hash)
        elif header.hash != follower:
            raise InvalidInput("DossierBlockNotTrusted", block=header.number, hash="0x" + header.hash.hex())
        follower = header.parent
    return used[::-1]


class Proof:
    """What the headers of a document and the nodes of a pool prove. `story` and `approvals` of the document are not looked
    at, but for the signatures."""

    def __init__(self, document: d.Dossier, bindings: Bindings, pool: Pool) -> None:
        self.document = document
        self.pool = pool
        self.headers = read_headers(document)
        self._bindings = bindings
        self._by_number = {header.number: header for header in self.headers}
        if missing := set(CONTRACTS) ^ {*document.contracts}:
            raise InvalidInput("DossierMalformed", field="contracts", message=f"{min(missing)}")
        self.addresses = {Contract(name): address for name, address in document.contracts.items()}
        self._contract_of = {address: contract for contract, address in self.addresses.items()}

    # -- transactions and their events

    @cached_property
    def sent(self) -> Mapping[d.ProvenTransaction, Sent]:
        found: dict[d.ProvenTransaction, Sent] = {}
        last = (-1, -1)
        for position, where in enumerate(self.document.transactions):
            if (where.block, where.index) <= last:
                raise InvalidInput("DossierMalformed", field=f"transactions.{position}", message="not ascending")
            last = (where.block, where.index)
            raw = self._of_block(self._by_number[where.block].transactions_root, where, "DossierTransactionNotProven")
            try:
                sent = read_transaction(raw)
            except ValueError as error:
                raise InvalidInput("DossierTransactionUnreadable", block=where.block, index=where.index) from error
            if sent.read.chain_id != self.document.chain:
                raise InvalidInput(
                    "DossierOfOtherChain",
                    transaction=sent.hash,
                    chain=self.document.chain,
                    found=sent.read.chain_id,
                )
            found[where] = sent
        return found

    def _of_block(self, root: bytes, where: d.ProvenTransaction, rule: str) -> bytes:
        try:
            if found := self.pool.read(root, place(where.index)):
                return found
        except NotProven:
            pass
        raise InvalidInput(rule, block=where.block, index=where.index)

    @cached_property
    def events(self) -> Sequence[Event]:
        """All events of our contracts in the transactions, in order."""
        return [event for where, sent in self.sent.items() for event in self._events(where, sent)]

    def _events(self, where: d.ProvenTransaction, sent: Sent) -> Iterator[Event]:
        header = self._by_number[where.block]
        receipt = self._of_block(header.receipts_root, where, "DossierReceiptNotProven")
        try:
            for position, log in enumerate(read_logs(receipt)):
                if (contract := self._contract_of.get(log.address)) is not None:
                    name, args = read_event(self._bindings, contract, log)
                    place_ = (header.number, header.time, where.index, sent.hash, sent.read.sender, position)
                    yield Event(*place_, contract, name, args)
        except ValueError as error:
            raise InvalidInput("DossierReceiptUnreadable", block=where.block, index=where.index) from error

    # -- the story

    @cached_property
    def lineage(self) -> Lineage:
        return lineage_of(creations(self.events), self.document.note)

    @cached_property
    def _replayed(self) -> tuple[Replay, Sequence[Event]]:
        replay = Replay(self.lineage, self.events)
        mine = [event for event in self.events if replay.apply(event)]
        told = {(event.block, event.index) for event in mine}
        for where in self.document.transactions:
            if (where.block, where.index) not in told:
                raise InvalidInput("DossierTransactionSuperfluous", block=where.block, index=where.index)
        if replay.receivable is None:
            raise InvalidInput("DossierStoryBeginsNowhere", note=self.lineage.path[0])
        return replay, mine

    @cached_property
    def quotes(self) -> Sequence[QuoteTaken]:
        """Those of every deal of the lineage, oldest first."""
        data = {sent.hash: sent.read.data for sent in self.sent.values()}
        return [
            quote_of(self._bindings, self.document.chain, self.addresses, event, data[event.transaction])
            for event in self._replayed[1]
            if (event.contract, event.name) in DEALS
        ]

    @cached_property
    def holdings(self) -> Sequence[Held]:
        """The words of storage that the story stands or falls with."""
        digests = {
            (q.terms["financier"], q.terms["nonce"]): q.digest for q in self.quotes if q.desk is Contract.FINANCING
        }
        return list(Holdings(self._bindings, self._replayed[0], self.addresses).all(digests))

    @cached_property
    def accounts(self) -> Mapping[Contract, Account]:
        found: dict[Contract, Account] = {}
        for contract, address in self.addresses.items():
            try:
                account = read_account(self.pool.of_state(self.headers[-1].state_root, bytes.fromhex(address[2:])))
            except (NotProven, ValueError) as error:
                raise InvalidInput("DossierAccountNotProven", contract=contract.value, address=address) from error
            if account.code_hash == _NO_CODE:
                raise InvalidInput("DossierAccountNotProven", contract=contract.value, address=address)
            found[contract] = account
        return found

    @cached_property
    def held(self) -> Mapping[tuple[Contract, str], Mapping[str, int]]:
        """What the words say, each as the story has it."""
        found: dict[tuple[Contract, str], Mapping[str, int]] = {}
        for held in self.holdings:
            root = self.accounts[held.contract].storage_root
            try:
                word = read_word(self.pool.of_state(root, held.slot.to_bytes(32, "big")))
            except (NotProven, ValueError) as error:
                raise InvalidInput("DossierWordNotProven", contract=held.contract.value, what=held.what) from error
            found[held.contract, held.what] = held.compare(word)
        return found

    def story(self) -> Mapping[str, Any]:
        """The story as a dossier tells it; every number as decimal digits."""
        replay, mine = self._replayed
        accounts, quotes, held = self.accounts, self.quotes, self.held
        assert accounts and replay.receivable is not None
        number = self.lineage.receivable
        owed = held[Contract.NOTES, f"_owed[{number}]"]
        agreed = held[Contract.NOTES, f"_agreed[{number}]"]
        token = self._token
        told = {
            "path": self.lineage.path,
            "receivable": {
                "id": number,
                **{name: value for name, value in {**owed, **agreed}.items() if name != "rest"},
                "token": token,
                "status": receivable_status(owed["flags"], owed["outstanding"]),
            },
            "notes": [self._note(number, note) for number, note in sorted(replay.notes.items())],
            "events": [_event(event) for event in mine],
            "documents": list(_documents(mine)),
            "quotes": [_quote(quote) for quote in quotes],
            "approvals": [self._approval(proof) for proof in self.document.approvals],
        }
        found: Mapping[str, Any] = typed_data.as_text(told)
        return found

    @property
    def _token(self) -> str:
        """The deposit token of the debt, or the address that says the code of a currency on the bank rail."""
        receivable = self._replayed[0].receivable
        assert receivable is not None
        word = self.held[Contract.NOTES, f"currencyToken[{receivable.terms['currency']}]"]
        return checksum(f"0x{word['token']:040x}")

    def _note(self, number: int, note: NoteState) -> Mapping[str, Any]:
        day = day_of_time(self.headers[-1].time)
        return {"id": number, **asdict(note), "status": note_status(note.flags, note.value, note.lapse_day, day)}

    # -- approvals

    def _approval(self, proof: d.ApprovalProof) -> Mapping[str, Any]:
        message = proof.message.model_dump(by_alias=True)
        data = typed_data.approval(self.document.chain, self.addresses[Contract.FORWARDER], message)
        try:
            digest = typed_data_digest(data)
        except ValueError as error:
            raise InvalidInput("DossierApprovalInvalid", approval=proof.message.id) from error
        accounts: list[str] = []
        for part, signature in zip(("maker", "checker"), proof.signatures, strict=True):
            try:
                signer = signer_of(digest, bytes.fromhex(signature.signature[2:]))
            except ValueError:
                signer = ""
            if signature.part != part or signer != signature.account or signer in accounts:
                raise InvalidInput("DossierApprovalNotSigned", approval=proof.message.id, part=part)
            accounts.append(signer)
        self._require_rows(proof)
        carried = [sent.hash for sent in self.sent.values() if self._is_carried_by(sent, proof)]
        if not carried:
            raise InvalidInput("DossierApprovalOfNothing", approval=proof.message.id)
        return {
            "id": proof.message.id,
            "party": proof.message.party,
            "kind": proof.message.kind,
            "digest": _hex(digest),
            "maker": accounts[0],
            "checker": accounts[1],
            "transactions": carried,
        }

    def _require_rows(self, proof: d.ApprovalProof) -> None:
        signed = {rows.token: (rows.count, rows.rows_hash) for rows in proof.message.rows}
        there = {token: (str(len(hashes)), _hash_of(hashes)) for token, hashes in proof.rows.items()}
        if signed != there:
            raise InvalidInput("DossierApprovalRowsDiffer", approval=proof.message.id)

    def _is_carried_by(self, sent: Sent, proof: d.ApprovalProof) -> bool:
        """Whether a transaction makes an approved call, or confirms approved rows and no others."""
        approved = {(call.account, call.contract, call.data) for call in proof.message.calls}
        made = self._calls(sent)
        return any(call in approved for call in made) or any(self._confirms(call, proof) for call in made)

    def _calls(self, sent: Sent) -> Sequence[tuple[str, str, str]]:
        """What a transaction does: by which account, at which contract, with which data; in the forwarder's each request."""
        calls = [(sent.read.sender, sent.read.to, _hex(sent.read.data))]
        if sent.read.to == self.addresses[Contract.FORWARDER]:
            function = self._bindings[Contract.FORWARDER].function("executeBatch")
            with suppress(Exception):  # no calldata of it: then it carried nothing
                requests = function.arguments(sent.read.data)[0] if sent.read.data[:4] == function.selector else ()
                calls += [(request["from"], request["to"], request["data"]) for request in requests]
        return calls

    def _confirms(self, call: tuple[str, str, str], proof: d.ApprovalProof) -> bool:
        _, to, data = call
        confirm = self._bindings[Contract.ISSUANCE].function("confirm")
        if not proof.rows or to != self.addresses[Contract.ISSUANCE] or not data.startswith(_hex(confirm.selector)):
            return False
        try:
            items = confirm.arguments(bytes.fromhex(data[2:]))[1]
        except Exception:  # no calldata of it
            return False
        approved = set(proof.rows.get(self._token, ()))
        return all(_hex(one) in approved for one in struct_hashes(typed_data.CONFIRMATION, "Confirmation", items))


def _hex(data: bytes) -> str:
    return "0x" + data.hex()


def _hash_of(rows: Sequence[str]) -> str:
    return _hex(array_hash([bytes.fromhex(one[2:]) for one in rows]))


def _event(event: Event) -> Mapping[str, Any]:
    return {
        "block": event.block,
        "time": event.time,
        "index": event.index,
        "transaction": event.transaction,
        "sender": event.sender,
        "log": event.log,
        "contract": event.contract.value,
        "name": event.name,
        "args": event.args,
    }


def _documents(events: Iterable[Event]) -> Iterator[Mapping[str, Any]]:
    """Hashes of what lies under the receivable and under each transfer."""
    for event in events:
        if event.name == "ReceivableConfirmed":
            hashed = event.args["terms"]["evidenceHash"]
            yield {"of": "receivable", "id": event.args["receivable"], "hash": hashed}
        elif event.name == "NoteOffered" and event.args["parent"]:
            yield {"of": "note", "id": event.args["note"], "hash": event.args["tradeHash"]}


def _quote(quote: QuoteTaken) -> Mapping[str, Any]:
    return {
        "contract": quote.desk.value,
        "transaction": quote.event.transaction,
        "terms": quote.terms,
        "digest": _hex(quote.digest),
        "signature": quote.signature,
        "signed_by": quote.signed_by,
    }


def _difference(said: Any, proven: Any, at: str = "story") -> str | None:
    """Where two JSON values differ first."""
    if isinstance(said, dict) and isinstance(proven, dict):
        for key in sorted(said.keys() | proven.keys()):
            if key not in said or key not in proven:
                return f"{at}.{key}"
            if (inner := _difference(said[key], proven[key], f"{at}.{key}")) is not None:
                return inner
        return None
    if isinstance(said, list) and isinstance(proven, list):
        for position, (one, other) in enumerate(zip(said, proven, strict=False)):
            if (inner := _difference(one, other, f"{at}.{position}")) is not None:
                return inner
        return None if len(said) == len(proven) else f"{at}.{min(len(said), len(proven))}"
    return None if said == proven and type(said) is type(proven) else at
