"""The check in the browser and `scf check` are one: over every note of the stories, and thousands of forgeries, both say the
same of a file, by the same rule, and name the same place."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from api.dossier import facts
from api.dossier.document import canonical
from tests.dossier.browser import ROOT, Ask, browsers_check, by_scf, said
from tests.dossier.conftest import Told
from tests.dossier.tampering import changed, fields, scrambled
from tests.dossier.test_dossier import SEED, content_of, deepest, shortest

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    with browsers_check(tmp_path_factory.mktemp("bundle")) as answer:
        yield answer


async def test_both_say_the_same_of_every_note(told: Told, ask: Ask) -> None:
    for number in range(1, told.notes + 1, 1 if told.kind == "anvil" else 8):
        file = await told.write(number)
        trusted = await told.hashes(file)
        found = ask(file, trusted)
        assert found == by_scf(file, told.network.bindings, trusted), number
        assert found["verdict"]["note"] == number


async def test_both_say_the_same_of_what_banks_carry(banked: Told, ask: Ask) -> None:
    for number in range(1, banked.notes + 1):
        file = await banked.write(number)
        trusted = await banked.hashes(file)
        found = ask(file, trusted)
        assert found == by_scf(file, banked.network.bindings, trusted)


async def test_both_name_the_same_flipped_field(on_anvil: Told, ask: Ask) -> None:
    dice = random.Random(SEED)
    for note, every in ((await shortest(on_anvil), 1), (await deepest(on_anvil), 25)):
        file = await on_anvil.write(note)
        content, trusted = content_of(file), await on_anvil.hashes(file)
        paths = list(fields(content))
        for path in paths[dice.randrange(every) :: every]:
            other = canonical(changed(content, path, dice))
            found = ask(other, trusted)
            assert "verdict" not in found, path
            assert said(found) == said(by_scf(other, on_anvil.network.bindings, trusted)), path


async def test_both_name_the_same_of_random_bytes(on_anvil: Told, ask: Ask) -> None:
    dice = random.Random(SEED)
    file = await on_anvil.write(await shortest(on_anvil))
    trusted = await on_anvil.hashes(file)
    for _ in range(1_500):
        other = scrambled(file, dice)
        found = ask(other, trusted)
        assert said(found) == said(by_scf(other, on_anvil.network.bindings, trusted))


async def test_both_trust_the_same_blocks(on_anvil: Told, ask: Ask) -> None:
    file = await on_anvil.write(2)
    right = await on_anvil.hashes(file)
    for trusted in (set[bytes](), {bytes(32)}, {max(right)}, {min(right)}, right):
        assert said(ask(file, trusted)) == said(by_scf(file, on_anvil.network.bindings, trusted))


async def test_both_read_only_the_canonical_spelling(on_anvil: Told, ask: Ask) -> None:
    file = await on_anvil.write(await shortest(on_anvil))
    trusted = await on_anvil.hashes(file)
    for other in (
        *(b"", b"{}", b"[]", b"null", b"\xff", b'{"format":"cascade-dossier/2"}', b"\xef\xbb\xbf" + file, file + b"\n"),
        file.replace(b'"format"', b'"f\\u006frmat"'),
        file.replace(b'{"approvals"', b'{"note":1,"approvals"'),
        file.replace(b'"approvals":[]', b'"approvals":[-0]'),
    ):
        assert said(ask(other, trusted)) == said(by_scf(other, on_anvil.network.bindings, trusted)), other[:40]


def test_the_facts_are_those_of_the_contracts() -> None:
    assert facts.TARGET.read_text(encoding="utf-8") == facts.text(ROOT / "build/artifacts"), (
        "next: .venv/bin/python -m api.dossier.facts"
    )
