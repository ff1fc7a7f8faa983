"""Random lives of the protocol in forge until so many acts were tried: `python -m scripts.setup.fuzz [CALLS]`.

One run is a seed and some hundred lives of tests/foundry/invariant; as many runs as there are cores go side by side. Each
run that ended stands in build/fuzz.json, and the next start goes on from there with the seeds that are left, unless a
contract, a test or a setting has changed since: then it begins anew. A run that broke a rule is told at once, with forge's
counterexample, and the others go on; it fails in the end, as it does for an act never done or a state never reached.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from scripts.setup.foundry_tests import FORGE, LIVES_ALONE, PROJECT, Lives, error_names

REPORT = PROJECT / "build/fuzz.json"
SCRATCH = PROJECT / "build/foundry/fuzz"
DEFAULT_CALLS = 200_000
LIVES_A_RUN = 200
DEPTH = 500
"""As the profile `fuzz` of foundry.toml has it."""
CALLS_A_RUN = LIVES_A_RUN * DEPTH

Run = dict[str, Any]


class RuleBrokenError(Exception):
    """What forge said of the run."""


class Campaign:
    """Runs with different seeds until enough calls were made. Everything that is known of a run is in its entry."""

    def __init__(self, calls: int) -> None:
        self._calls = calls
        self._inputs = _inputs()
        self.runs: list[Run] = _earlier(self._inputs)
        self._children: set[subprocess.Popen[str]] = set()
        self.broken = 0
        """Runs of this start that broke a rule."""

    @property
    def made(self) -> int:
        """Calls of the handler so far."""
        return sum(run["calls"] for run in self.runs)

    def live(self) -> None:
        """Runs what is left, side by side, telling each run as it ends."""
        wanted = -(-self._calls // CALLS_A_RUN)
        known = {run["seed"] for run in self.runs}
        seeds = [seed for seed in range(1, wanted + len(known) + 1) if seed not in known]
        seeds = seeds[: max(0, -(-(self._calls - self.made) // CALLS_A_RUN))]
        if self.runs:
            print(f"{self.made:,} calls stand in {REPORT.relative_to(PROJECT)}; {len(seeds)} runs to go", flush=True)
        begun, before = time.monotonic(), self.made
        workers = os.cpu_count() or 1
        with ThreadPoolExecutor(workers) as pool:
            for future in [pool.submit(self._run, seed) for seed in seeds]:
                try:
                    run = future.result()
                except RuleBrokenError as broken:
                    self.broken += 1
                    print(broken, flush=True)
                    continue
                except BaseException:
                    pool.shutdown(wait=False, cancel_futures=True)
                    self._stop()
                    raise
                self.runs.append(run)
                self._write()
                rate = (self.made - before) / (time.monotonic() - begun)
                left = max(0, self._calls - self.made) / rate
                print(
                    f"seed {run['seed']}: {run['calls']:,} calls, {sum(run['refused'].values()):,} refused, "
                    f"{run['seconds']:.0f} s; {self.made:,} of {self._calls:,}, {rate:,.0f} a second, "
                    f"{left / 60:.1f} min left",
                    flush=True,
                )

    def _run(self, seed: int) -> Run:
        told = SCRATCH / f"lives-{seed}.jsonl"
        told.unlink(missing_ok=True)
        environment = {
            **os.environ,
            "FOUNDRY_PROFILE": "fuzz",
            "FOUNDRY_INVARIANT_RUNS": str(LIVES_A_RUN),
            "FOUNDRY_INVARIANT_FAILURE_PERSIST_DIR": str(SCRATCH / f"failure-{seed}"),
            "CASCADE_LIVES": str(told.relative_to(PROJECT)),
            "FOUNDRY_DISABLE_NIGHTLY_WARNING": "1",
            "NO_COLOR": "1",
        }
        begun = time.monotonic()
        child = subprocess.Popen(
            [str(FORGE), "test", *LIVES_ALONE, "--fuzz-seed", str(seed), "--json"],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._children.add(child)
        said, complaint = child.communicate()
        self._children.discard(child)
        if child.returncode != 0:
            raise RuleBrokenError(f"seed {seed}: {_failure(said) or complaint or said}")
        result = next(iter(next(iter(json.loads(said).values()))["test_results"].values()))
        lives = Lives.read(told)
        told.unlink()
        counts = result["kind"]["Invariant"]
        return {
            "seed": seed,
            "seconds": round(time.monotonic() - begun, 1),
            "lives": lives.count,
            "calls": counts["calls"],
            "reverts": counts["reverts"],
            "calls_per_act": {name.rpartition(".")[2]: act["calls"] for name, act in sorted(counts["metrics"].items())},
            "done": dict(lives.done),
            "refused": dict(lives.refused),
            "states": dict(lives.states),
            "reasons": dict(lives.reasons),
        }

    def _stop(self) -> None:
        for child in list(self._children):
            os.killpg(child.pid, signal.SIGTERM)

    def _write(self) -> None:
        """Whole, or not at all."""
        names = error_names()
        lives = self.lives()
        report = {
            "inputs": self._inputs,
            "calls": self.made,
            "reverts": sum(run["reverts"] for run in self.runs),
            "lives": lives.count,
            "seeds": [run["seed"] for run in self.runs],
            "seconds": round(sum(run["seconds"] for run in self.runs), 1),
            "calls_per_act": dict(_sum(self.runs, "calls_per_act")),
            "done": dict(lives.done),
            "refused": dict(lives.refused),
            "states": dict(lives.states),
            "refusals": {names.get(key, key): seen for key, seen in lives.reasons.most_common()},
            "runs": self.runs,
        }
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        scratch = REPORT.with_suffix(".part")
        scratch.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        scratch.replace(REPORT)

    def lives(self) -> Lives:
        """All runs' lives together."""
        return Lives(
            sum(run["lives"] for run in self.runs),
            _sum(self.runs, "done"),
            _sum(self.runs, "refused"),
            _sum(self.runs, "states"),
            _sum(self.runs, "reasons"),
        )

    def table(self) -> Iterator[str]:
        """Calls of each run, then acts and states."""
        yield f"{'run':>6} {'calls':>12} {'reverts':>8} {'done':>12} {'refused':>12} {'states':>8} {'seconds':>8}"
        for run in self.runs:
            reached = f"{sum(1 for seen in run['states'].values() if seen)}/{len(run['states'])}"
            done, refused = sum(run["done"].values()), sum(run["refused"].values())
            yield (
                f"{run['seed']:>6} {run['calls']:>12,} {run['reverts']:>8,} {done:>12,} {refused:>12,} "
                f"{reached:>8} {run['seconds']:>8.1f}"
            )
        yield f"{'all':>6} {self.made:>12,} {sum(run['reverts'] for run in self.runs):>8,}"
        yield from self.lives().table()


def _sum(runs: Sequence[Run], key: str) -> Counter[str]:
    """Keeps what was never seen, as Counter's own addition does not."""
    total: Counter[str] = Counter()
    for run in runs:
        total.update(run[key])
    return total


def _failure(said: str) -> str:
    """The broken rule and the acts that broke it, of forge's JSON."""
    try:
        suites = json.loads(said)
    except json.JSONDecodeError:
        return ""
    results = [result for suite in suites.values() for result in suite["test_results"].values()]
    return "\n".join(json.dumps(result, indent=1)[:20_000] for result in results if result["status"] != "Success")


def _inputs() -> str:
    """Hash of all that a life depends on."""
    digest = hashlib.sha256()
    paths = [
        PROJECT / "foundry.toml",
        *(PROJECT / "contracts").rglob("*.sol"),
        *(PROJECT / "tests/foundry").rglob("*.sol"),
    ]
    for path in sorted(path for path in paths if "unit" not in path.parts and "proofs" not in path.parts):
        digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _earlier(inputs: str) -> list[Run]:
    """Runs that ended before, of the same inputs."""
    if not REPORT.exists():
        return []
    report = json.loads(REPORT.read_text(encoding="utf-8"))
    return list(report["runs"]) if report.get("inputs") == inputs else []


def main(arguments: Sequence[str]) -> int:
    """Exit code 0 when no rule was broken, and every act and state reached."""
    campaign = Campaign(int(arguments[0].replace("_", "").replace(",", "")) if arguments else DEFAULT_CALLS)
    SCRATCH.mkdir(parents=True, exist_ok=True)
    built = subprocess.run([str(FORGE), "build", "--quiet"], cwd=PROJECT, env={**os.environ, "FOUNDRY_PROFILE": "fuzz"})
    if built.returncode != 0:
        return 1
    try:
        campaign.live()
    except KeyboardInterrupt:
        print(f"stopped at {campaign.made:,} calls; the same command goes on from there")
        return 130
    print("\n".join(campaign.table()))
    missing = campaign.lives().missing()
    for name in missing:
        print(f"never reached: {name}")
    if campaign.broken:
        print(f"{campaign.broken} runs broke a rule: see above")
    return int(bool(missing or campaign.broken))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
