"""What comes while an errand is under way goes along on the next one: one journey for many, and nobody waits for company."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import anyio

Q = TypeVar("Q")
A = TypeVar("A")


@dataclass(slots=True)
class _Asked(Generic[Q]):
    question: Q
    done: bool = False
    answer: Any = None
    error: Exception | None = None


class Gathering(Generic[Q, A]):
    """Carries one errand at a time, at most `most` questions on each, in the order they came.

    `errand` answers in the order of its questions; an Exception among the answers is raised for that question alone, one
    that it raises itself for all of them. A question whose asker is cancelled before its errand began is not carried; an
    errand under way is carried to its end.
    """

    def __init__(self, errand: Callable[[Sequence[Q]], Awaitable[Sequence[A | Exception]]], most: int) -> None:
        self._errand = errand
        self._most = most
        self._waiting: list[_Asked[Q]] = []
        self._turn = anyio.Lock()

    async def ask(self, question: Q) -> A:
        """The answer, or its exception."""
        asked = _Asked(question)
        self._waiting.append(asked)
        try:
            async with self._turn:
                if not asked.done:
                    with anyio.CancelScope(shield=True):
                        await self._carry()
        finally:
            if not asked.done and asked in self._waiting:
                self._waiting.remove(asked)
        if asked.error is not None:
            raise asked.error
        answer: A = asked.answer
        return answer

    async def _carry(self) -> None:
        group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        try:
            answers: Sequence[A | Exception] = await self._errand([a.question for a in group])
        except Exception as error:
            answers = [error] * len(group)
        for asked, answer in zip(group, answers, strict=True):
            asked.done = True
            if isinstance(answer, Exception):
                asked.error = answer
            else:
                asked.answer = answer
