"""A dossier of each note of a whole story, on both nodes, holds offline; whatever is changed or left out in it is found."""

from __future__ import annotations

import random
from collections.abc import Collection
from typing import Any

import orjson
import pytest

from api.domain.errors import InvalidInput, NotFound, Unavailable
from api.domain.messages import explain
from api.dossier import gather
from api.dossier.check import Verdict, check
from api.dossier.document import canonical
from tests.dossier.conftest import Told
from tests.dossier.tampering import changed, fields, scrambled

pytestmark = pytest.mark.anyio
SEED = 20_261_130


def content_of(file: bytes) -> dict[str, Any]:
    content: dict[str, Any] = orjson.loads(file)
    return content


async def deepest(told: Told) -> int:
    """A tier-4 note that was sold in part, with recourse, and repaid."""
    page = await told.reader.notes(holder=None, receivable=None, status=None, tier=4, cursor=None, limit=10)
    return page.items[0].id


async def shortest(told: Told) -> int:
    """A root that was refused at once."""
    page = await told.reader.notes(holder=None, receivable=None, status="refused", tier=1, cursor=None, limit=1)
    return page.items[0].id


def refused(told: Told, file: bytes, trusted: Collection[bytes]) -> str:
    """The rule by which a changed file is refused; a refusal names itself in both languages."""
    with pytest.raises(InvalidInput) as caught:
        check(file, told.network.bindings, trusted)
    for language in ("zh", "en"):
        assert caught.value.rule not in explain(caught.value.rule, caught.value.evidence, language)
    return caught.value.rule


# -- what holds


async def test_every_note_of_a_story_has_a_dossier_that_holds(told: Told) -> None:
    """The dossier's own block is all that has to be trusted, and it says what the read model says. On ganache, which is
    slow, every fourth."""
    for number in range(1, told.notes + 1, 1 if told.kind == "anvil" else 4):
        file = await told.write(number)
        verdict = check(file, told.network.bindings, {await told.hash_of(content_of(file)["block"])})
        assert (verdict.note, len(verdict.trusted)) == (number, 1)
        await agrees(told, verdict)


async def test_what_banks_carry_has_a_dossier_that_holds(banked: Told) -> None:
    for number in range(1, banked.notes + 1):
        file = await banked.write(number)
        await agrees(banked, check(file, banked.network.bindings, await banked.hashes(file)))


async def agrees(told: Told, verdict: Verdict) -> None:
    found = await told.reader.trace(verdict.note)
    assert found is not None
    trace = found.read
    story = verdict.story
    assert story["path"] == [str(n) for n in trace.path]
    keys = ("id", "parent", "holder", "tier", "value", "status", "flags", "lapse_day", "round", "pledged", "tender_day")
    found = [tuple(note[key] for key in keys) for note in story["notes"]]
    assert found == [
        (
            *(str(n.id), str(n.parent or 0), str(n.holder.id), str(n.tier), str(n.value), n.status, str(n.flags)),
            *(str(n.lapse_day), str(n.round), str(n.pledged), str(n.tender_day)),
        )
        for n in trace.nodes
    ]
    owed = trace.receivable
    assert story["receivable"]["outstanding"] == str(owed.outstanding)
    assert (story["receivable"]["status"], story["receivable"]["flags"]) == (owed.status, str(owed.flags))
    hashes = {d["hash"] for d in story["documents"]}
    assert owed.evidence_hash in hashes and {n.trade_hash for n in trace.nodes if n.origin == "split"} <= hashes
    sold = {leg.source.tx_hash for n in trace.nodes for leg in n.cash if leg.kind == "finance" and leg.bank is None}
    quoted = {q["transaction"] for q in story["quotes"]}
    assert sold <= quoted and all(q["signed_by"] == "key" for q in story["quotes"])


async def test_as_of_a_block_in_the_past(on_anvil: Told) -> None:
    """The state of that block, and of its story only what had happened."""
    note = await deepest(on_anvil)
    view = await on_anvil.reader.note(note)
    assert view is not None and view.closed is not None
    before = view.closed.block - 1
    verdict = check(await on_anvil.write(note, before), on_anvil.network.bindings, {await on_anvil.hash_of(before)})
    (told,) = (n for n in verdict.story["notes"] if n["id"] == str(note))
    assert (verdict.block, int(told["value"]) > 0, view.value) == (before, True, 0)
    with pytest.raises(NotFound, match="UnknownNote"):
        await on_anvil.write(note, view.source.block - 1)
    with pytest.raises(NotFound, match="UnknownBlock"):
        await on_anvil.write(note, 10**6)


# -- what does not


async def test_a_block_that_is_not_trusted_is_named(told: Told) -> None:
    file = await told.write(1)
    block = content_of(file)["block"]
    right = await told.hash_of(block)
    with pytest.raises(InvalidInput) as caught:
        check(file, told.network.bindings, {bytes(32), right[:-1] + bytes([right[-1] ^ 1])})
    assert caught.value.rule == "DossierBlockNotTrusted"
    assert caught.value.evidence == {"block": block, "hash": "0x" + right.hex()}


async def test_where_blocks_lie_far_apart_each_is_to_be_trusted(
    on_anvil: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gather, "LINKED_BLOCKS", 1)
    file = await on_anvil.write(1)
    hashes = await on_anvil.hashes(file)
    verdict = check(file, on_anvil.network.bindings, hashes)
    blocks = {t["block"] for t in content_of(file)["transactions"]} | {verdict.block}
    assert verdict.blocks == len(blocks) < verdict.block - min(blocks)
    # One that no header in the file names as its parent.
    apart = await on_anvil.hash_of(next(b for b in sorted(blocks) if b + 1 not in blocks and b != verdict.block))
    assert refused(on_anvil, file, hashes - {apart}) == "DossierBlockNotTrusted"


async def test_any_changed_field_is_found(told: Told) -> None:
    """Every field of a small dossier."""
    await flip(told, await shortest(told), random.Random(SEED), every=1)


async def test_a_changed_field_of_a_long_story_is_found(on_anvil: Told) -> None:
    await flip(on_anvil, await deepest(on_anvil), random.Random(SEED), every=40)


@pytest.mark.deep
@pytest.mark.timeout(3_600)
async def test_any_changed_field_of_a_long_story_is_found(told: Told) -> None:
    await flip(told, await deepest(told), random.Random(SEED), every=1)


async def flip(told: Told, note: int, dice: random.Random, every: int) -> None:
    file = await told.write(note)
    content, trusted = content_of(file), await told.hashes(file)
    check(file, told.network.bindings, trusted)
    paths = list(fields(content))
    for path in paths[dice.randrange(every) :: every]:
        other = canonical(changed(content, path, dice))
        assert other != file and refused(told, other, trusted), path


async def test_random_bytes_are_found(on_anvil: Told) -> None:
    await scramble(on_anvil, await shortest(on_anvil), 2_500)


@pytest.mark.deep
@pytest.mark.timeout(3_600)
async def test_many_random_bytes_are_found(told: Told) -> None:
    await scramble(told, await deepest(told), 50_000)


async def scramble(told: Told, note: int, times: int) -> None:
    dice = random.Random(SEED)
    file = await told.write(note)
    trusted = await told.hashes(file)
    for _ in range(times):
        other = scrambled(file, dice)
        assert other == file or refused(told, other, trusted)


async def test_a_transaction_that_is_left_out_is_found(on_anvil: Told) -> None:
    """By a forger who has all that a node can prove, and tells the rest of the story as it is. What stays unseen is in the
    list of docs/dossier.md: here a reassignment that was ordered and never executed."""
    ordered = await on_anvil.reader.notes(holder=None, receivable=4, status=None, tier=1, cursor=None, limit=1)
    unseen: list[list[str]] = []
    seen: list[list[str]] = []
    for note in (await deepest(on_anvil), 2, ordered.items[0].id):
        by_transaction: dict[str, list[str]] = {}
        for event in content_of(await on_anvil.write(note))["story"]["events"]:
            by_transaction.setdefault(event["transaction"], []).append(event["name"])
        for transaction, names in by_transaction.items():
            try:
                await on_anvil.hiding(transaction).write(note, None)
            except NotFound:
                seen.append(names)  # of the note itself
            except Unavailable as error:
                assert error.rule == "DossierIncomplete" and error.evidence["rule"].startswith("Dossier")
                seen.append(names)
            else:
                unseen.append(names)
    assert unseen == [["ReassignmentOrdered"]]
    found = {name for names in seen for name in names}
    assert found >= {
        *("ReceivableConfirmed", "NoteOffered", "NoteAccepted", "NoteReturned", "NoteAssigned", "NoteFinanced"),
        *("ValueExtinguished", "PledgeMade", "ClaimPaid", "PledgeReleased", "FreezeOrdered", "ReleaseOrdered"),
        *("AssignmentRegistered", "DebtorNotified", "OverdueDeclared", "RecourseDemanded", "RecourseHonoured"),
        *("RoundOpened", "NoteInRound", "NoteRepaid"),
    }


async def test_one_dossiers_proofs_are_no_others(on_anvil: Told) -> None:
    """A file that is put together from two notes' files."""
    one, other = content_of(await on_anvil.write(1)), content_of(await on_anvil.write(2))
    trusted = await on_anvil.hashes(canonical(one))
    for name in ("note", "transactions", "nodes", "story", "headers"):
        if one[name] != other[name]:
            refused(on_anvil, canonical({**one, name: other[name]}), trusted)
    both = sorted({*one["nodes"], *other["nodes"]})
    assert refused(on_anvil, canonical({**one, "nodes": both}), trusted) == "DossierNodeSuperfluous"


async def test_another_spelling_of_the_same_is_refused(on_anvil: Told) -> None:
    file = await on_anvil.write(await shortest(on_anvil))
    content, trusted = content_of(file), await on_anvil.hashes(file)
    spellings = (
        file + b"\n",
        file.replace(b",", b", ", 1),
        file.replace(b'"format"', b'"f\\u006frmat"'),
        file.replace(b'{"approvals"', b'{"note":1,"approvals"'),
        orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS),
        orjson.dumps(dict(reversed(content.items()))),
    )
    for other in spellings:
        assert other != file
        assert refused(on_anvil, other, trusted) == "DossierUnreadable"


async def test_a_pruned_state_is_named(pruned: Told) -> None:
    """Its node keeps the states of its last few blocks alone."""
    head = (await pruned.reader.status()).block
    check(await pruned.write(1), pruned.network.bindings, {await pruned.hash_of(head)})
    with pytest.raises(Unavailable) as caught:
        await pruned.write(1, head - 20)
    assert (caught.value.rule, caught.value.evidence["block"]) == ("StatePruned", head - 20)


@pytest.mark.parametrize(
    "file", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 10_000, b'{"format":"cascade-dossier/2"}']
)
async def test_what_is_no_dossier_is_named(on_anvil: Told, file: bytes) -> None:
    assert refused(on_anvil, file, {bytes(32)}) in ("DossierUnreadable", "DossierMalformed")
