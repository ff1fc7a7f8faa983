"""Parties: who is admitted, under what name, with which credit line and how much cash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query, Response

from api.domain.calendar import day_of_date
from api.domain.currencies import bank_code
from api.domain.operations import Operation
from api.etags import weak_tag
from api.exports import ledger as exports
from api.routers.acts import DESKS, currency
from api.routers.answers import answered, followed, json_answer, operations_answer, written
from api.routers.deps import Cursor, Desk, Limit, PartyPath, Past, Seeing, Services, Wanting, Writing
from api.routers.documented import in_forms, reading, writing
from api.schemas import acts, ledger, paths, positions, wire
from api.schemas.base import LARGEST_PARTY, UINT96
from api.schemas.operations import Admissions, Operations
from api.services.parties import ROLES, Admission

router = APIRouter(tags=["parties"])

LEARN_S = 600.0
"""How long an admission is followed in the background, so that its parties get their names."""


@router.get("/parties", response_model=ledger.Page[ledger.Party], responses=reading("CursorInvalid"))
async def parties(
    see: Seeing,
    role: Annotated[ledger.RoleName | None, Query(description="Only parties with this role.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Admitted parties, by id."""
    bits = None if role is None else ROLES[role]
    page = await see.parties(role=bits, cursor=cursor, limit=limit)
    return json_answer(wire.page(page, wire.seen_party))


@router.get("/parties/{id}", response_model=ledger.Party, responses=reading("UnknownParty"))
async def party(see: Seeing, party_id: PartyPath) -> Response:
    """One party."""
    return json_answer(wire.seen_party(await see.party(party_id)))


@router.get(
    "/parties/{id}/deposits",
    response_model=list[ledger.Deposit],
    responses=reading("UnknownParty", "ChainUnreachable"),
)
async def deposits(desk: Desk, see: Seeing, party_id: PartyPath) -> Response:
    """Deposit tokens on the party's settlement account, read from the chain. What banks keep in their books is not there."""
    account = await see.settlement_account(party_id)
    return json_answer(
        [
            {
                "currency": wire.currency(view),
                "account": account,
                "balance": str(await desk.deposits.balance(view.token, account)),
                "may_draw": {
                    name: str(min(await desk.deposits.allowance(view.token, account, contract), UINT96))
                    for name, contract in DESKS.items()
                },
            }
            for view in await desk.ledger.model.currencies()
            if bank_code(view.token) is None
        ]
    )


@router.get(
    "/parties/{id}/position",
    response_model=positions.Position,
    **in_forms("UnknownParty", "UnknownBlock", "UnknownDay", "MomentAmbiguous"),
)
async def position(see: Seeing, party_id: PartyPath, when: Past, want: Wanting) -> Response:
    """What the party holds and owes, and all the cash it paid and received: now, or at the end of any past block or day
    (时点头寸)."""
    content = positions.position(await see.position(party_id, when))
    # A block that changed nothing of the party's is no change: who has the answer of an earlier one is told so.
    same = {**content, "moment": {"date": content["moment"]["date"]}}
    return await answered(want, content, exports.position, weak_tag([want.form, same]))


@router.get("/paths", response_model=ledger.Page[paths.Path], **in_forms("UnknownParty", "CursorInvalid"))
async def ways(
    see: Seeing,
    want: Wanting,
    source: Annotated[int, Query(alias="from", ge=1, le=LARGEST_PARTY, examples=[1])],
    target: Annotated[int, Query(alias="to", ge=1, le=LARGEST_PARTY, examples=[5])],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """How value came from one party to another (流转路径): for each note of `to` that descends from a note of `from`, or from
    its debt, the notes from there to it, with the cash of sales. Without those on which the asker does not see everybody."""
    page = await see.paths(source, target, cursor=cursor, limit=limit)
    content = wire.page(page, lambda one: paths.path(one.receivable, one.notes))
    return await answered(want, content, lambda answer: exports.paths(answer, source, target))


@router.post(
    "/parties",
    response_model=Admissions,
    responses=writing(Admissions, "CreditCodeAlreadyAdmitted", "CreditCodeInvalid", "NameMissing", "IdentityTaken"),
)
async def admit(desk: Desk, write: Writing, body: acts.AdmitBody, tasks: BackgroundTasks) -> Response:
    """The network operator admits parties, all or none of a request's first fifty and of each fifty after."""
    operations = await desk.parties.admit([_admission(a) for a in body.parties], write.request)
    seen, ended = await followed(desk, write, operations)
    ids: Mapping[str, int] = {}
    if ended:
        ids = await desk.parties.learn_ids(seen)
    else:
        tasks.add_task(_learn, desk, operations)
    hashes = [(a.credit_code, desk.parties.credit_code_hash(a.credit_code)) for a in body.parties]
    return written(seen, ended, write, {"parties": [{"credit_code": c, "party": ids.get(h)} for c, h in hashes]})


@router.post(
    "/parties/{id}/suspend",
    response_model=Operations,
    responses=writing(Operations, "UnknownParty", "PartyIsSuspended"),
)
async def suspend(desk: Desk, write: Writing, party_id: PartyPath, body: acts.SuspendBody) -> Response:
    """The operator stops a party from starting anything but repayment, at once; its quotes end."""
    operations = await desk.parties.suspend(party_id, body.reason_hash, write.request)
    return await operations_answer(desk, write, operations)


@router.post(
    "/parties/{id}/reinstate",
    response_model=Operations,
    responses=writing(Operations, "UnknownParty", "PartyNotSuspended"),
)
async def reinstate(desk: Desk, write: Writing, party_id: PartyPath, body: acts.ReinstateBody) -> Response:
    """The operator lets a suspended party act again."""
    return await operations_answer(desk, write, await desk.parties.reinstate(party_id, write.request))


@router.put(
    "/parties/{id}/credit-lines",
    response_model=Operations,
    responses=writing(Operations, "UnknownParty", "CurrencyWithoutToken"),
)
async def set_credit_line(desk: Desk, write: Writing, party_id: PartyPath, body: acts.CreditLineBody) -> Response:
    """The operator sets how much a debtor may owe in one currency; a limit below what is used stops new issues only."""
    await desk.ledger.party(party_id)
    token = (await currency(desk, body.currency)).token
    operations = await desk.parties.set_line(party_id, token, body.limit, write.request)
    return await operations_answer(desk, write, operations)


async def _learn(desk: Services, operations: Sequence[Operation]) -> None:
    """Gives parties their names once their admission is on the chain; `learn_from_ledger` mends what a crash leaves."""
    seen = await desk.box.wait([o.id for o in operations], LEARN_S)
    await desk.parties.learn_ids([o for o in seen if o.block is not None])


def _admission(body: acts.AdmissionBody) -> Admission:
    return Admission(
        name_zh=body.name_zh.strip(),
        name_en=body.name_en.strip(),
        credit_code=body.credit_code,
        roles=sum({ROLES[role] for role in body.roles}),
        identity_expiry=day_of_date(body.identity_expiry),
        settlement_account=body.settlement_account,
        administrator=body.administrator,
        identities=tuple(body.identities),
        evidence_hash=body.evidence_hash,
    )
