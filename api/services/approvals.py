"""Two people for one act: a maker asks, both sign the same digest, and what they signed is carried out."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import anyio
import structlog

from api.domain import typed_data
from api.domain.approvals import (
    OPEN,
    VALID_S,
    ActKind,
    Approval,
    ApprovalBook,
    ApprovalStatus,
    ApprovedRow,
    KeyKind,
    Part,
    Signature,
    Threshold,
    kind_of,
    roles_of,
)
from api.domain.calendar import date_of_day
from api.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, RuleBroken
from api.domain.operations import Call, Contract, Operation
from api.domain.origin import REQUEST_ID, TRACE
from api.domain.people import People, Person
from api.domain.principal import PersonRole, Principal
from api.domain.typed_data import CONFIRMATION
from api.services.acts import Acts, Request, new_operation, operators_kind
from api.services.outside import named_account, operation_kind
from api.services.signing_keys import SigningKeys
from api.services.two_people import Amounts, Sums, TwoPeople, effect_of

_log = structlog.get_logger("approvals")


@dataclass(frozen=True, slots=True)
class ByWallet:
    """Signed by a linked account, 0x-hex."""

    account: str
    signature: str


@dataclass(frozen=True, slots=True)
class ByCode:
    """To be signed by the person's key in the service's keeping, against a fresh one-time code."""

    code: str


Proof = ByWallet | ByCode


class Approvals:
    """Asking, signing, refusing, carrying out."""

    def __init__(
        self,
        acts: Acts,
        book: ApprovalBook,
        rule: TwoPeople,
        amounts: Amounts,
        people: People,
        keys: SigningKeys,
    ) -> None:
        self._acts = acts
        self._book = book
        self._amounts = amounts
        self._people = people
        self._keys = keys
        self.rule = rule

    # -- asking

    def acts_of(self, who: Principal) -> Proposing:
        """Acts in which what needs two people becomes an approval instead of operations."""
        return Proposing(self._acts, self, who)

    def asked_of(self, who: Principal, account: str | None) -> Proposing:
        """Acts in which everything becomes an approval; of a named account, whose key may be elsewhere."""
        return Proposing(self._acts, self, who, always=True, account=account)

    async def known(self, request: Request | None) -> Approval | None:
        """What a request became when it came before; Conflict("IdempotencyKeyReused") when it said something else."""
        found = None if request is None else await self._book.find(request.mark)
        if found is not None and request is not None and found.request_hash != request.body_hash:
            raise Conflict("IdempotencyKeyReused", key=request.key)
        return found

    async def propose(
        self,
        who: Principal,
        party: int,
        calls: Sequence[Call],
        request: Request | None,
        thresholds: Sequence[Threshold] = (),
    ) -> Approval:
        """An approval of just these calls, of one kind, or of a change of thresholds."""
        kinds = {kind_of(effect_of(self._acts.chain, call)) for call in calls} | (
            {ActKind.THRESHOLDS} if thresholds else set()
        )
        if len(kinds) != 1 or (kind := kinds.pop()) is None:
            raise InvalidInput("NothingToApprove")
        made = await self._drafted(who, party, kind, await self._amounts.of(calls), request, calls, thresholds)
        stored = await self._book.put(made)
        _log.info("approval asked for", approval=stored.id, party=party, kind=kind.value, by=stored.prepared_by)
        return stored

    async def of_rows(
        self, who: Principal, party: int, rows: Sequence[tuple[int, str, Mapping[str, Any]]]
    ) -> tuple[Approval | None, Sequence[ApprovedRow]]:
        """An approval of confirmations that a job will send, and the rows that it is of, given by position, token and terms;
        for JobBook.put to store. None, and no rows, where one person is enough for all of them together."""
        hashes = await self._hashes([terms for _, _, terms in rows])
        approved = [ApprovedRow(*row, row_hash) for row, row_hash in zip(rows, hashes, strict=True)]
        signed = await self._signed_of(approved)
        sums = _sums_of(signed)
        if not signed or not await self.rule.takes_two(party, ActKind.CONFIRM, sums):
            return None, ()
        return await self._drafted(who, party, ActKind.CONFIRM, sums, rows=signed), approved

    async def _drafted(
        self,
        who: Principal,
        party: int,
        kind: ActKind,
        sums: Sums,
        request: Request | None = None,
        calls: Sequence[Call] = (),
        thresholds: Sequence[Threshold] = (),
        rows: Sequence[Mapping[str, Any]] = (),
    ) -> Approval:
        chain = self._acts.chain
        approval_id, now = uuid.uuid4().hex, int(time.time())
        deadline = (await chain.head()).time + VALID_S
        encoded = [(call.account, *chain.encoded(call)) for call in calls]
        terms = {
            "id": approval_id,
            "party": party,
            "kind": kind.value,
            "amounts": [{"currency": code, "amount": amount} for code, amount in sums.items()],
            "calls": [{"contract": to, "account": account, "data": data} for account, to, data in encoded],
            "rows": list(rows),
            "thresholds": [{"kind": t.kind.value, "currency": t.currency, "amount": t.amount} for t in thresholds],
            "deadline": deadline,
        }
        typed = typed_data.approval(chain.chain_id, chain.addresses[Contract.FORWARDER], terms)
        made = Approval(
            id=approval_id,
            party=party,
            kind=kind,
            status=ApprovalStatus.PREPARED,
            typed_data=typed,
            digest=chain.digest(typed),
            deadline=deadline,
            prepared_by=who.person or who.credential,
            prepared_means=who.means,
            created_at=now,
            updated_at=now,
            idempotency_key=None if request is None else request.mark,
            request_hash=None if request is None else request.body_hash,
            request_id=REQUEST_ID.get(),
        )
        self._whole(made)
        return made

    async def propose_thresholds(
        self, who: Principal, party: int, thresholds: Sequence[Threshold], request: Request | None
    ) -> Approval:
        """Forbidden("NotCompanyAdmin"): an administrator proposes them."""
        if PersonRole.ADMIN not in who.roles:
            raise Forbidden("NotCompanyAdmin")
        return await self.known(request) or await self.propose(who, party, (), request, thresholds)

    # -- signing

    async def get(self, who: Principal, approval: str) -> Approval:
        """NotFound("UnknownApproval") also when it is another company's."""
        found = await self._book.get(approval)
        if found is None or found.party != who.party:
            raise NotFound("UnknownApproval", approval=approval)
        return found

    async def sign(self, who: Principal, approval_id: str, part: Part, proof: Proof) -> Approval:
        """One person's signature; the checker's carries the act out. Who signed already is answered as it stands."""
        person, approval = await self._person(who), await self.get(who, approval_id)
        if (given := approval.by(part)) is not None and given.person == person.id:
            return approval
        self._require_role(part, approval, person)
        await self._require_open(approval, ApprovalStatus.PREPARED if part is Part.MAKER else ApprovalStatus.SIGNED)
        self._whole(approval)
        await self._require_rows(approval)
        if any(s.person == person.id for s in approval.signatures):
            raise Conflict("SamePerson", approval=approval.id)
        operations = None
        if part is Part.CHECKER:
            await self._require_holding(approval)
            operations = await self._operations(approval)
        account, text = await self._signature(person, approval, proof)
        means = KeyKind.WALLET if isinstance(proof, ByWallet) else KeyKind.CUSTODIAL
        signature = Signature(part, person.id, who.credential, means, account, text, int(time.time()))
        if part is Part.MAKER:
            await self._book.make(approval, signature)
        else:
            await self._book.check(approval, signature, operations)
        _log.info("approval signed", approval=approval.id, part=part.value, person=person.id, account=account)
        return await self.get(who, approval_id)

    async def refuse(self, who: Principal, approval_id: str) -> Approval:
        """By who could have checked it."""
        return await self._end(who, approval_id, Part.CHECKER, ApprovalStatus.REFUSED)

    async def withdraw(self, who: Principal, approval_id: str) -> Approval:
        """By who could have made it."""
        return await self._end(who, approval_id, Part.MAKER, ApprovalStatus.WITHDRAWN)

    async def thresholds(self, party: int) -> tuple[Sequence[Threshold], Mapping[tuple[ActKind, str], int]]:
        """A company's, and what acts by one person came to that count to them now."""
        return await self._book.thresholds(party), await self.rule.done_alone(party)

    # -- carrying out

    def calls_of(self, approval: Approval) -> Sequence[Call]:
        """What it carries out. Conflict("ApprovalAltered")."""
        return self._whole(approval)

    async def approved_calls(self, party: int, approval_id: str) -> Sequence[Call]:
        """What the company's account has to sign outside. NotFound("UnknownApproval"), Conflict("ApprovalNotWaiting")."""
        approval = await self._book.get(approval_id)
        if approval is None or approval.party != party:
            raise NotFound("UnknownApproval", approval=approval_id)
        await self._require_open(approval, ApprovalStatus.APPROVED)
        return self._whole(approval)

    async def rows(self, approval_id: str) -> Sequence[ApprovedRow]:
        """The rows that were signed, by position."""
        return await self._book.rows(approval_id)

    async def expire_jobs(self) -> None:
        """Cancels jobs whose approval was not given in time."""
        deadline = await self._book.first_job_deadline()
        if deadline is not None and deadline < (now := (await self._acts.chain.head()).time):
            await self._book.expire_jobs(now)

    async def carry(self, operations: Sequence[Operation]) -> Sequence[Operation]:
        """Operations of one approval: those that were signed outside, just as it has them, all and in order; or some of a
        job's, each item of which is a row that was signed.

        NotFound("UnknownApproval"), Conflict("ApprovalMismatch")."""
        approval = await self._book.get(operations[0].approval or "")
        if approval is None or {(o.party, o.approval) for o in operations} != {(approval.party, approval.id)}:
            raise NotFound("UnknownApproval", approval=operations[0].approval)
        if approval.job is not None:
            return await self._carry_rows(approval, operations)
        await self._require_open(approval, ApprovalStatus.APPROVED)
        chain = self._acts.chain
        approved = [(call.account, *chain.encoded(call)) for call in self._whole(approval)]
        effects = [effect_of(chain, operation.call) for operation in operations]
        if [(call.account, *chain.encoded(call)) for call in effects] != approved:
            raise Conflict("ApprovalMismatch", approval=approval.id)
        await self._require_holding(approval, *Part)
        return await self._book.carry(approval, operations)

    async def _carry_rows(self, approval: Approval, operations: Sequence[Operation]) -> Sequence[Operation]:
        """Whether the signers may sign was asked when they released the job; what they signed is looked at each time."""
        self._whole(approval)
        for part in Part:
            await self._require_signed(approval, part)
        signed = {rows["token"]: rows["rowsHash"] for rows in approval.message["rows"]}
        there = await self._book.row_hashes(approval.id)
        if signed != {token: self._acts.chain.array_hash(hashes) for token, hashes in there.items()}:
            raise Conflict("ApprovalAltered", approval=approval.id)
        return await self._book.carry_rows(approval, [(o, await self._rows_in(approval, o)) for o in operations])

    async def _rows_in(self, approval: Approval, operation: Operation) -> Sequence[tuple[str, str]]:
        """Token and hash of each row that an operation carries out: it confirms in the party's name, and nothing else."""
        call, confirming = operation.call, (Contract.ISSUANCE, "confirm")
        ours = await self._acts.ledger.party_of_account(call.account) == approval.party
        if not ours or operation.signed is not None or (call.contract, call.function) != confirming:
            raise Conflict("ApprovalMismatch", approval=approval.id)
        tokens = {view.id: view.token for view in await self._acts.ledger.currencies()}
        return [(tokens.get(call.args[0], ""), row_hash) for row_hash in await self._hashes(call.args[1])]

    async def _hashes(self, terms: Sequence[Mapping[str, Any]]) -> Sequence[str]:
        """EIP-712's hashStruct of each Confirmation. Of ten thousand it takes a second: beside the loop, not in it."""
        return await anyio.to_thread.run_sync(self._acts.chain.struct_hashes, CONFIRMATION, "Confirmation", terms)

    async def _signed_of(self, rows: Sequence[ApprovedRow]) -> Sequence[Mapping[str, Any]]:
        """What is signed of rows, as typed_data.approval has it: one entry for each token."""
        codes = {view.token: view.code for view in await self._acts.ledger.currencies()}
        by_token: dict[str, list[ApprovedRow]] = {}
        for row in rows:
            by_token.setdefault(row.token, []).append(row)
        return [
            {
                "currency": codes[token],
                "token": token,
                "count": len(of),
                "amount": sum(row.terms["amount"] for row in of),
                "firstDue": date_of_day(min(row.terms["dueDay"] for row in of)).isoformat(),
                "lastDue": date_of_day(max(row.terms["dueDay"] for row in of)).isoformat(),
                "rowsHash": self._acts.chain.array_hash([row.hash for row in of]),
            }
            for token, of in sorted(by_token.items())
        ]

    async def _require_rows(self, approval: Approval) -> None:
        """That the rows which are kept are those whose hash is signed. Conflict("ApprovalAltered")."""
        if not approval.message["rows"]:
            return
        rows = await self._book.rows(approval.id)
        try:
            hashes = await self._hashes([row.terms for row in rows])
            same = hashes == [row.hash for row in rows] and await self._signed_of(rows) == approval.message["rows"]
        except (KeyError, TypeError, ValueError) as error:
            raise Conflict("ApprovalAltered", approval=approval.id) from error
        if not same or approval.job is None:
            raise Conflict("ApprovalAltered", approval=approval.id)

    async def _operations(self, approval: Approval) -> Sequence[Operation] | None:
        """What goes into the outbox with the checker's signature; None where a key is elsewhere. Each call is tried first:
        RuleBroken names the rule that refuses, and nothing is signed then."""
        calls = self._whole(approval)
        if not all(self._acts.signer.can_sign(call.account) for call in calls):
            return None
        for call in calls:
            await self._acts.chain.simulate(call)
        kinds = [operators_kind(call) or operation_kind(self._acts, call) for call in calls]
        made = [new_operation(k, approval.party, c, None, i) for i, (k, c) in enumerate(zip(kinds, calls, strict=True))]
        return [replace(operation, approval=approval.id, trace=TRACE.get()) for operation in made]

    def _whole(self, approval: Approval) -> Sequence[Call]:
        """The calls of the typed data. Conflict("ApprovalAltered") when it is not what the digest is of, when the row says
        something else than it, or when a call would not be sent as the bytes that are signed."""
        chain, message = self._acts.chain, approval.message
        try:
            calls = [chain.decoded(c["account"], c["contract"], c["data"]) for c in message["calls"]]
            again = [
                {"contract": to, "account": c.account, "data": data} for c in calls for to, data in [chain.encoded(c)]
            ]
            expected = typed_data.approval(chain.chain_id, chain.addresses[Contract.FORWARDER], message)
            row = (approval.id, approval.party, approval.kind.value, approval.deadline)
            same = (
                chain.digest(approval.typed_data) == approval.digest
                and approval.typed_data == expected
                and row == (message["id"], message["party"], message["kind"], message["deadline"])
                and again == message["calls"]
            )
        except (KeyError, TypeError, ValueError, InvalidInput) as error:
            raise Conflict("ApprovalAltered", approval=approval.id) from error
        if not same:
            raise Conflict("ApprovalAltered", approval=approval.id)
        return calls

    async def _signature(self, person: Person, approval: Approval, proof: Proof) -> tuple[str, str]:
        """The account that signed, and its signature. Forbidden("ApprovalSignatureInvalid")."""
        if isinstance(proof, ByCode):
            return await self._keys.sign(person, proof.code, approval.typed_data)
        linked = proof.account in await self._people.accounts(person.id)
        ours = linked and await self._acts.ledger.party_of_account(proof.account) == approval.party
        if not ours or not await self._acts.chain.has_signed(proof.account, approval.typed_data, proof.signature):
            raise Forbidden("ApprovalSignatureInvalid", account=proof.account)
        return proof.account, proof.signature

    async def _require_holding(self, approval: Approval, *parts: Part) -> None:
        """That the signatures given are over this very data, by keys that still are the company's people's. Their roles and
        sessions are looked at with the transaction that carries out."""
        for part in parts or (Part.MAKER,):
            given = await self._require_signed(approval, part)
            ours = given.means is KeyKind.CUSTODIAL or (
                await self._acts.ledger.party_of_account(given.account) == approval.party
            )
            if not ours:
                raise Conflict("SignatureVoid", part=part.value, person=given.person, reason="key")

    async def _require_signed(self, approval: Approval, part: Part) -> Signature:
        """A signature given as this, over this very data."""
        given = approval.by(part)
        if given is None:
            raise Conflict("ApprovalNotWaiting", approval=approval.id, found=approval.status.value)
        if not await self._acts.chain.has_signed(given.account, approval.typed_data, given.signature):
            raise Conflict("SignatureVoid", part=part.value, person=given.person, reason="key")
        return given

    async def _require_open(self, approval: Approval, wanted: ApprovalStatus) -> None:
        """RuleBroken("ApprovalExpired"), Conflict("ApprovalNotWaiting")."""
        now = (await self._acts.chain.head()).time
        found = approval.status_at(now)
        if found is ApprovalStatus.EXPIRED:
            raise RuleBroken("ApprovalExpired", approval=approval.id, deadline=approval.deadline)
        if found is not wanted:
            raise Conflict("ApprovalNotWaiting", approval=approval.id, found=found.value)

    def _require_role(self, part: Part, approval: Approval, person: Person) -> None:
        needed = roles_of(part, approval.kind)
        if not person.roles & needed:
            raise Forbidden("PersonRoleMissing", needed=sorted(needed))

    async def _person(self, who: Principal) -> Person:
        """Forbidden("NotSignedInAsPerson") for a program, which prepares and signs nothing."""
        person = None if who.person is None else await self._people.get(who.person)
        if person is None or not person.active:
            raise Forbidden("NotSignedInAsPerson")
        return person

    async def _end(self, who: Principal, approval_id: str, part: Part, status: ApprovalStatus) -> Approval:
        person, approval = await self._person(who), await self.get(who, approval_id)
        self._require_role(part, approval, person)
        if approval.status is status and approval.ended_by == person.id:
            return approval
        if approval.status not in OPEN:
            raise Conflict("ApprovalNotWaiting", approval=approval.id, found=approval.status.value)
        await self._book.end(approval, status, person.id)
        _log.info("approval ended", approval=approval.id, status=status.value, person=person.id)
        return await self.get(who, approval_id)


def _sums_of(signed: Sequence[Mapping[str, Any]]) -> Sums:
    sums: dict[str, int] = {}
    for rows in signed:
        sums[rows["currency"]] = sums.get(rows["currency"], 0) + rows["amount"]
    return dict(sorted(sums.items()))


class Proposing(Acts):
    """Acts in the name of a principal: what needs two people becomes an approval, the rest operations."""

    def __init__(
        self, acts: Acts, approvals: Approvals, who: Principal, *, always: bool = False, account: str | None = None
    ) -> None:
        """`always`: also what one person could do; `account`: the one that acts, whose key may be elsewhere."""
        super().__init__(acts.chain, acts.box, acts.signer, acts.ledger, acts.operator, acts.tracer)
        self._approvals = approvals
        self._who = who
        self._always = always
        self._account = account
        self.approval: Approval | None = None
        if approvals.rule.required:
            self.word_s += VALID_S  # a checker may take its time

    async def account_of(self, party: int, right: int) -> str:
        if self._account is not None:
            return await named_account(self, self._account, party, right)
        return await super().account_of(party, right)

    async def _hand_over(
        self, kind: str, party: int, calls: Sequence[Call], request: Request | None
    ) -> Sequence[Operation]:
        if not self._always:
            try:
                return await super()._hand_over(kind, party, calls, request)
            except Conflict as error:
                if error.rule != "ApprovalNeeded":
                    raise
        self.approval = await self._approvals.propose(self._who, party, calls, request)
        return ()
