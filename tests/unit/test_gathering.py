"""One errand at a time, and whoever comes meanwhile goes along on the next."""

from __future__ import annotations

from collections.abc import Sequence

import anyio
import pytest
from anyio import wait_all_tasks_blocked

from api.gathering import Gathering

pytestmark = pytest.mark.anyio


class Errands:
    """Doubles numbers; refuses odd ones; breaks down over zero. Each errand waits until it is let go."""

    def __init__(self) -> None:
        self.carried: list[list[int]] = []
        self.leave = anyio.Event()

    async def __call__(self, questions: Sequence[int]) -> list[int | Exception]:
        self.carried.append(list(questions))
        await self.leave.wait()
        if 0 in questions:
            raise RuntimeError("nothing to double")
        return [ValueError(q) if q % 2 else 2 * q for q in questions]


async def _ask_all(gathering: Gathering[int, int], questions: Sequence[int], errands: Errands) -> list[int | Exception]:
    answers: dict[int, int | Exception] = {}

    async def ask(question: int) -> None:
        try:
            answers[question] = await gathering.ask(question)
        except (ValueError, RuntimeError) as error:
            answers[question] = error

    async with anyio.create_task_group() as tasks:
        for question in questions:
            tasks.start_soon(ask, question)
        await wait_all_tasks_blocked()
        errands.leave.set()
    return [answers[q] for q in questions]


async def test_who_comes_meanwhile_goes_along_on_the_next() -> None:
    errands = Errands()
    gathering: Gathering[int, int] = Gathering(errands, 10)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(gathering.ask, 2)
        await wait_all_tasks_blocked()
        assert await _ask_all(gathering, [4, 6, 8], errands) == [8, 12, 16]
    assert errands.carried == [[2], [4, 6, 8]]


async def test_no_errand_carries_more_than_it_may() -> None:
    errands = Errands()
    assert await _ask_all(Gathering(errands, 2), [2, 4, 6], errands) == [4, 8, 12]
    assert errands.carried == [[2, 4], [6]]


async def test_one_refusal_is_one_askers() -> None:
    errands = Errands()
    answers = await _ask_all(Gathering(errands, 10), [2, 3, 4], errands)
    assert [answers[0], type(answers[1]), answers[2]] == [4, ValueError, 8]


async def test_an_errand_that_breaks_down_is_everybodys_on_it_and_nobody_elses() -> None:
    errands = Errands()
    answers = await _ask_all(Gathering(errands, 2), [2, 0, 4, 6], errands)
    assert [type(a) for a in answers] == [RuntimeError, RuntimeError, int, int]


async def test_who_leaves_before_it_began_is_not_carried_and_who_leads_is_carried_to_the_end() -> None:
    errands = Errands()
    gathering: Gathering[int, int] = Gathering(errands, 10)
    async with anyio.create_task_group() as first, anyio.create_task_group() as second:
        first.start_soon(gathering.ask, 2)
        await wait_all_tasks_blocked()
        second.start_soon(gathering.ask, 4)
        await wait_all_tasks_blocked()
        second.cancel_scope.cancel()
        first.cancel_scope.cancel()
        errands.leave.set()
    assert await gathering.ask(6) == 12
    assert errands.carried == [[2], [6]]
