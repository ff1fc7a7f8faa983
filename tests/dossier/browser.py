"""The check of the page, asked from here; and what `scf check` says, in the same shape."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from api.chain.bindings import Bindings
from api.domain.errors import InvalidInput
from api.dossier.check import check

ROOT = Path(__file__).resolve().parents[2]
Answer = Mapping[str, Any]
Ask = Callable[[bytes, Collection[bytes]], Answer]


@contextmanager
def browsers_check(folder: Path) -> Iterator[Ask]:
    """In a process of its own, bundled into `folder`."""
    command = ["node", "tests/dossier/browser.mjs", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        asked, told = process.stdin, process.stdout

        def answer(file: bytes, trusted: Collection[bytes]) -> Answer:
            line = {"file": base64.b64encode(file).decode(), "trusted": ["0x" + h.hex() for h in trusted]}
            print(json.dumps(line), file=asked, flush=True)
            found: Answer = json.loads(told.readline())
            return found

        yield answer
        asked.close()


def by_scf(file: bytes, bindings: Bindings, trusted: Collection[bytes]) -> Answer:
    try:
        verdict = check(file, bindings, trusted)
    except InvalidInput as refusal:
        return {"rule": refusal.rule, "evidence": {name: str(value) for name, value in refusal.evidence.items()}}
    return {
        "verdict": {
            "note": verdict.note,
            "chain": verdict.chain,
            "block": verdict.block,
            "blockHash": verdict.block_hash,
            "time": verdict.time,
            "contracts": dict(verdict.contracts),
            "trusted": list(verdict.trusted),
            "blocks": verdict.blocks,
            "transactions": verdict.transactions,
            "words": verdict.words,
            "story": verdict.story,
        }
    }


def said(answer: Answer) -> Answer:
    """Without what each library says in its own words, and without which of many spare nodes is named."""
    if "verdict" in answer:
        return answer
    evidence = {k: v for k, v in answer["evidence"].items() if k != "message"}
    return {"rule": answer["rule"], "evidence": {} if answer["rule"] == "DossierNodeSuperfluous" else evidence}
