"""Tells parties that somebody is about to control them, or has come to: from the index into the events, which they hear."""

from __future__ import annotations

from collections.abc import Sequence

from api.domain.errors import Unavailable
from api.domain.key_changes import KeyChange, KeyChangeBook
from api.domain.ports import ReadModel


class KeyNotices:
    """May run in several processes: each change in each of its states becomes one event. One that is announced and ended
    between two looks is told by its end alone."""

    def __init__(self, model: ReadModel, book: KeyChangeBook) -> None:
        self._model = model
        self._book = book
        self._stored: Sequence[KeyChange] = ()

    async def look(self) -> None:
        """Stores what came since. While there is no index there is nothing to tell."""
        try:
            changes = await self._model.all_key_changes()
        except Unavailable:
            return
        if changes == self._stored:
            return
        by_key = {change.key: change for change in changes}
        for key in await self._book.unknown(list(by_key)):
            await self._book.put(by_key[key])
        self._stored = changes
