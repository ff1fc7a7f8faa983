"""The pytest side: a plugin that sets the product up once and then runs tests against one mutant after another.

Each mutant has a process of its own, forked from the one that deployed and founded, and a chain that is taken back to
the same mark afterwards; so what one mutant breaks, no other sees. The mutant's code is put under the addresses of the
original (`anvil_setCode`). Mutants that show at deployment alone are deployed anew instead.

The controller ({mod}`bench.mutation.suite`) writes one job a line and reads one answer a line, over two pipes.
"""

from __future__ import annotations

import json
import os
import select
import signal
import time
from collections.abc import Mapping
from typing import Any

import pytest
import requests
from eth_abi.abi import encode

from tests.contracts.abi import type_of
from tests.contracts.chain import CALL_GAS, Chain, RpcError
from tests.contracts.deployment import Contract, Deployment

Job = dict[str, Any]
Answer = dict[str, Any]

JOBS, ANSWERS, FOUNDED = "MUTATION_JOBS", "MUTATION_ANSWERS", "MUTATION_FOUNDED"
# A test that takes this much longer than it does on the original, and then some seconds, will not end.
_PATIENCE_TIMES, _PATIENCE_SECONDS = 20, 20
_WORKER = pytest.StashKey["Worker"]()


class Worker:
    """One per pytest session."""

    def __init__(self) -> None:
        self._answers = os.fdopen(int(os.environ[ANSWERS]), "w")
        self.deployment: Deployment | None = None
        self.codes: dict[str, str] = {}
        self._arguments: dict[str, bytes] = {}
        self._names: dict[str, str] = {}
        self._failure = ""
        self._record_constructors()

    def _record_constructors(self) -> None:
        deploy, arguments, names = Deployment.deploy, self._arguments, self._names

        def recorded(deployment: Deployment, name: str, *args: Any, alias: str | None = None) -> Contract:
            contract = deploy(deployment, name, *args, alias=alias)
            abi = deployment.artifacts[name]["abi"]
            inputs: list[Any] = next((entry["inputs"] for entry in abi if entry["type"] == "constructor"), [])
            names[contract.address.lower()] = name
            arguments[contract.address] = encode([type_of(parameter) for parameter in inputs], args)
            return contract

        Deployment.deploy = recorded  # type: ignore[method-assign,assignment]

    # -- what pytest calls

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self._failure:
            self._failure = report.longreprtext.strip().splitlines()[-1][:300]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        if os.environ[FOUNDED] == "1":
            first = next(item for item in session.items if "twin" in getattr(item, "fixturenames", ()))
            self._run(first, next(item for item in session.items if item is not first))
            if self._failure:
                self._say({"broken": self._failure})
                return True
        self._say({"ready": list(items)})
        with os.fdopen(int(os.environ[JOBS])) as jobs:
            for line in jobs:
                self._say(self._in_a_fork(json.loads(line), items))
        return True

    # -- one mutant

    def _in_a_fork(self, job: Job, items: dict[str, pytest.Item]) -> Answer:
        mark = _rpc("evm_snapshot")
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                self._try(job, items, writing)
            finally:
                os._exit(0)
        os.close(writing)
        answer = self._follow(job, reading, child)
        os.close(reading)
        os.waitpid(child, 0)
        _rpc("evm_revert", mark)
        return answer

    def _follow(self, job: Job, reading: int, child: int) -> Answer:
        """What the child tells, until it ends or a test of its goes on for too long."""
        expected, test = job["tests"], "deployment"
        durations: dict[str, float] = {}
        calls: dict[str, list[str]] = {}
        started, unread = time.monotonic(), b""
        while True:
            patience = _PATIENCE_SECONDS + _PATIENCE_TIMES * expected.get(test, 1.0)
            if not select.select([reading], [], [], patience)[0]:
                os.kill(child, signal.SIGKILL)
                return {"killed": test, "why": "no end"}
            told = os.read(reading, 65_536)
            if not told:
                return {"killed": test, "why": "crash"}
            *lines, unread = (unread + told).split(b"\n")
            for said in map(json.loads, lines):
                if "passed" in said:
                    durations[test] = round(time.monotonic() - started, 3)
                    calls[test] = said["calls"]
                elif "start" in said:
                    test, started = said["start"], time.monotonic()
                else:
                    return {**said, "durations": durations, "calls": calls} if "failed" in said else said

    def _try(self, job: Job, items: dict[str, pytest.Item], writing: int) -> None:
        def say(what: Answer) -> None:
            os.write(writing, (json.dumps(what) + "\n").encode())

        self.codes = job["codes"]
        if self.deployment is not None:
            # The parent's connection stays the parent's.
            self.deployment.chain.connect()
            try:
                self._put_in_place(self.deployment)
            except RpcError as error:
                return say({"killed": "deployment", "why": str(error)})
        observing = job.get("observe", False)
        calls = self._observe() if observing else set[str]()
        tests = [items[name] for name in job["tests"]]
        failed = []
        last = next(item for item in items.values() if item not in tests[-1:])
        for test, following in zip(tests, [*tests[1:], last], strict=True):
            say({"start": test.nodeid})
            self._failure = ""
            self._run(test, following)
            if not self._failure:
                say({"passed": test.nodeid, "calls": sorted(calls)})
            elif not observing:
                return say({"killed": test.nodeid, "why": self._failure})
            else:
                failed.append((test.nodeid, self._failure))
            calls.clear()
        say({"failed": failed} if observing else {"survived": len(tests)})

    def _observe(self) -> set[str]:
        """From now on, `Contract.selector` of every call and the selector of every error is added to what is returned."""
        calls: set[str] = set()
        rpc, names = Chain.rpc, self._names

        def note(frame: Mapping[str, Any]) -> None:
            name = names.get(str(frame.get("to")).lower())
            if name is not None:
                calls.add(f"{name}.{frame.get('input', '0x')[2:10]}")
                if "error" in frame:
                    calls.add(frame.get("output", "0x")[2:10])
            for inner in frame.get("calls", ()):
                note(inner)

        def observed(chain: Chain, method: str, *params: Any) -> Any:
            if method == "eth_call":
                note(rpc(chain, "debug_traceCall", *params, {"tracer": "callTracer"}))
            result = rpc(chain, method, *params)
            if method == "eth_sendRawTransaction":
                note(rpc(chain, "debug_traceTransaction", result, {"tracer": "callTracer"}))
            return result

        Chain.rpc = observed  # type: ignore[method-assign,assignment]
        return calls

    def _run(self, item: pytest.Item, following: pytest.Item) -> None:
        """Tests come in any order: what the last one left for the one after it in the file is ended first."""
        item.session._setupstate.teardown_exact(item)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)

    def _put_in_place(self, deployment: Deployment) -> None:
        """The constructor runs in a call, for the values that it writes into the code."""
        chain = deployment.chain
        for name, code in self.codes.items():
            deployment.artifacts[name]["bytecode"] = "0x" + code  # type: ignore[index]
            for contract in deployment.contracts.values():
                if contract.name == name:
                    data = "0x" + code + self._arguments[contract.address].hex()
                    creation = {"from": deployment.operator.address, "data": data, "gas": hex(CALL_GAS)}
                    chain.rpc("anvil_setCode", contract.address, chain.rpc("eth_call", creation, "latest"))

    def _say(self, answer: Answer) -> None:
        print(json.dumps(answer), file=self._answers, flush=True)


def _rpc(method: str, *params: Any) -> Any:
    request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    return requests.post(os.environ["SCF_TEST_NODE"], json=request, timeout=60).json()["result"]


@pytest.fixture(scope="session", autouse=True)
def _mutated(artifacts: dict[str, Any], pytestconfig: pytest.Config) -> None:
    for name, code in pytestconfig.stash[_WORKER].codes.items():
        artifacts[name]["bytecode"] = "0x" + code


@pytest.fixture(scope="session", autouse=True)
def _seen(_mutated: None, deployed: Deployment, pytestconfig: pytest.Config) -> None:
    pytestconfig.stash[_WORKER].deployment = deployed


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_WORKER] = Worker()
    config.pluginmanager.register(config.stash[_WORKER])
