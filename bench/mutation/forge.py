"""forge's tests as the second to look: what the contract tests let through is tried here, in a build of its own whose
artifacts have the mutant's code in them. The tests take contracts from artifacts, so nothing is compiled again."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from api.chain.compile import PROJECT
from bench.mutation.compiler import Codes
from bench.mutation.suite import SuiteBroken, Verdict

_FORGE = PROJECT / "node_modules/.bin/forge"
# foundry.toml: "quick" is what a mutant must survive.
_PROFILE = "quick"
_PATIENCE_S = 600


class Forge:
    """Over a build in `folder`, made on first use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ready = False

    def run(self, codes: Codes) -> Verdict:
        """All tests, up to the first that fails."""
        self._prepare()
        started = time.monotonic()
        files = {name: self._folder / "out" / f"{name}.sol" / f"{name}.json" for name in codes}
        originals = {name: file.read_text(encoding="utf-8") for name, file in files.items()}
        try:
            for name, file in files.items():
                artifact = json.loads(originals[name])
                artifact["bytecode"]["object"] = "0x" + codes[name]
                file.write_text(json.dumps(artifact), encoding="utf-8")
            by, why = next(self._failures(), ("", ""))
        finally:
            for name, file in files.items():
                file.write_text(originals[name], encoding="utf-8")
        return Verdict(by, why, time.monotonic() - started)

    def _prepare(self) -> None:
        if self._ready:
            return
        # Where the random lives write what they did.
        (PROJECT / "build/foundry").mkdir(parents=True, exist_ok=True)
        for test, why in self._failures():
            raise SuiteBroken(f"forge: {test} fails on the original: {why}")
        self._ready = True

    def _failures(self) -> Iterator[tuple[str, str]]:
        for suite, told in self._test().items():
            for test, result in told["test_results"].items():
                if result["status"] == "Failure":
                    yield f"{suite}::{test}", str(result.get("reason") or "")

    def _test(self) -> Mapping[str, Any]:
        environment = {
            **os.environ,
            "FOUNDRY_PROFILE": _PROFILE,
            "FOUNDRY_OUT": str(self._folder / "out"),
            "FOUNDRY_CACHE_PATH": str(self._folder / "cache"),
            "FOUNDRY_DISABLE_NIGHTLY_WARNING": "1",
            "NO_COLOR": "1",
        }
        command = [str(_FORGE), "test", "--json", "--fail-fast"]
        try:
            ran = subprocess.run(
                command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
            )
        except subprocess.TimeoutExpired:
            return {"forge": {"test_results": {"all": {"status": "Failure", "reason": "no end"}}}}
        report = next((line for line in ran.stdout.splitlines() if line.startswith("{")), None)
        if report is None:
            raise SuiteBroken(f"forge: {(ran.stderr or ran.stdout).strip()[-500:]}")
        return dict(json.loads(report))
