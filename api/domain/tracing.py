"""Traces: how long each step of an act took, from the request to the read model, whichever process takes it.

A step tells routes, kinds, ids and hashes; never addresses, bodies, names or amounts."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Literal, Protocol

Facts = Mapping[str, str | int]
Kind = Literal["internal", "server"]


class Step(Protocol):
    """One that is being taken."""

    def tell(self, name: str, facts: Facts, *, failed: bool = False) -> None:
        """What is known of it only now."""
        ...


class Tracer(Protocol):
    """Takes steps down."""

    @property
    def on(self) -> bool:
        """Whether anything is taken down: what is costly to tell need not be told otherwise."""
        ...

    def step(
        self, name: str, facts: Facts | None = None, *, parent: str | None = None, kind: Kind = "internal"
    ) -> AbstractContextManager[Step]:
        """A step within `parent`, or else within the one that is being taken; see api.domain.origin.TRACE."""
        ...

    def past(self, name: str, parent: str, took_s: float, facts: Facts | None = None) -> None:
        """A step within `parent` that has just ended."""
        ...


class _NoStep:
    def tell(self, name: str, facts: Facts, *, failed: bool = False) -> None:
        pass


class Untraced:
    """What is used where nobody collects traces: takes nothing down."""

    on = False

    def __init__(self) -> None:
        self._step = nullcontext(_NoStep())

    def step(
        self, name: str, facts: Facts | None = None, *, parent: str | None = None, kind: Kind = "internal"
    ) -> AbstractContextManager[Step]:
        return self._step

    def past(self, name: str, parent: str, took_s: float, facts: Facts | None = None) -> None:
        pass


UNTRACED = Untraced()
