"""Tells what was undone: from the index, which loses it when it is made anew, into the events, which keep it."""

from __future__ import annotations

from collections.abc import Sequence

from api.domain.errors import Unavailable
from api.domain.ports import ReadModel
from api.domain.reorganisations import UndoneBook


class Undoing:
    """May run in several processes: each reorganisation becomes one event."""

    def __init__(self, model: ReadModel, book: UndoneBook) -> None:
        self._model = model
        self._book = book
        self._stored: Sequence[str] = ()

    async def look(self) -> None:
        """Stores what came since. While there is no index there is nothing to tell."""
        try:
            keys = await self._model.reorganisations()
        except Unavailable:
            return
        if keys == self._stored:
            return
        for key in await self._book.unknown(keys):
            await self._book.put(await self._model.undone(key))
        self._stored = keys
