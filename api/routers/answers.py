"""Writing answers: ready bytes, and what becomes of operations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import anyio
import orjson
from anyio import to_thread
from fastapi import Response

from api.domain.approvals import Approval
from api.domain.operations import Operation, OperationStatus
from api.domain.principal import Principal
from api.etags import FOR_READERS, tag_of
from api.exports.book import Book
from api.exports.formats import DATA, MEDIA_TYPES, Format, file_name, write
from api.routers.deps import Services, Want, Write
from api.schemas.columns import packed
from api.schemas.telling import operation
from api.services.acts import Acts, failure
from api.services.remembered import Answer

Json = dict[str, Any]


def json_answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON as bytes, past the framework's own encoder."""
    return Response(orjson.dumps(content), status, headers, "application/json")


def written_out(content: Json, form: Format) -> Answer:
    """An answer to be kept, in one of the forms of DATA."""
    body = orjson.dumps(packed(content) if form is Format.COLUMNS else content)
    return Answer(body, tag_of(body))


def ready_answer(answer: Answer, form: Format) -> Response:
    """What was written before, under the tag that it has."""
    return Response(answer.body, 200, {"ETag": answer.tag, **FOR_READERS}, MEDIA_TYPES[form])


async def answered(want: Want, content: Json, book: Callable[[Json], Book], tag: str | None = None) -> Response:
    """What was asked for, in the form in which it is wanted; forms beside DATA are files to keep, made in a thread.
    `tag`: the answer's entity tag, where it says more than that of its bytes would."""
    if want.form in DATA:
        made = written_out(content, want.form)
        return ready_answer(Answer(made.body, tag or made.tag), want.form)
    return await filed(want, await to_thread.run_sync(book, content))


async def filed(want: Want, book: Book) -> Response:
    """A book as a file to keep; made in a thread."""
    file = await to_thread.run_sync(write, book, want.form, want.table, want.language)
    shown = "inline" if want.form is Format.HTML else "attachment"
    headers = {
        "Content-Disposition": f'{shown}; filename="{file_name(book, want.form)}"',
        **FOR_READERS,
    }
    if want.form is Format.HTML:
        headers["Content-Security-Policy"] = _style_alone()
    return Response(file, 200, headers, MEDIA_TYPES[want.form])


def _style_alone() -> str:
    """A report's page runs nothing and loads nothing."""
    from api.exports.documents import STYLE_HASH

    nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return f"{nothing}; style-src 'sha256-{STYLE_HASH}'"


async def followed(desk: Services, write: Write, operations: Sequence[Operation]) -> tuple[Sequence[Operation], bool]:
    """The operations, and whether each has ended: waits as long as the request prefers, also for the index.

    RuleBroken when one that was waited for failed: the request then gets the rule's problem.
    """
    if not write.wait_s or not operations:
        return operations, not operations
    started = anyio.current_time()
    seen = await desk.box.wait([o.id for o in operations], write.wait_s)
    for one in seen:
        if one.status is OperationStatus.FAILED:
            raise failure(one)
    if any(one.status is not OperationStatus.CONFIRMED for one in seen):
        return seen, False
    block = max(one.block or 0 for one in seen)
    left = max(write.wait_s - (anyio.current_time() - started), 0.1)
    return seen, await desk.ledger.model.wait_for(block, left)


async def operations_answer(
    desk: Services,
    write: Write,
    operations: Sequence[Operation],
    more: Mapping[str, Any] | None = None,
    approval: Approval | None = None,
) -> Response:
    """200 once everything is confirmed and can be read, else 202 and where to look: also where the request became an
    approval, which its people have yet to sign."""
    seen, ended = await followed(desk, write, operations)
    return written(seen, ended, write, more, approval)


def written(
    operations: Sequence[Operation],
    ended: bool,
    write: Write,
    more: Mapping[str, Any] | None = None,
    approval: Approval | None = None,
) -> Response:
    """The operations of a request, as bytes."""
    headers: dict[str, str] = {}
    if write.wait_s:
        headers["Preference-Applied"] = f"wait={write.wait_s}"
    if approval is not None:
        ended, headers["Location"] = False, f"/approvals/{approval.id}"
    elif not ended and operations:
        headers["Location"] = f"/operations/{operations[0].id}"
    content = {
        "operations": [operation(o, write.language) for o in operations],
        "approval": None if approval is None else approval.id,
        **(more or {}),
    }
    return json_answer(content, 200 if ended else 202, headers)


async def two_person_answer(
    desk: Services, who: Principal, write: Write, tell: Callable[[Acts], Awaitable[Sequence[Operation]]]
) -> Response:
    """The answer to an act that may need two people: its operations, or the approval that it became."""
    approval = await desk.approvals.known(write.request)
    if approval is not None:
        return written((), False, write, None, approval)
    acts = desk.approvals.acts_of(who)
    return await operations_answer(desk, write, await tell(acts), None, acts.approval)
