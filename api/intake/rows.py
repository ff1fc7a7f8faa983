"""CSV records with the line they begin on. A stray quote costs its own line, not the rest of the file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.intake.refused import Refused
from api.intake.text import UNDECODABLE


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the line it begins on (1-based), its fields (those that could be read) and what is wrong with it."""

    line: int
    fields: list[str]
    fault: Refused | None = None


class _Lines:
    """Lines that can be put back: the reader's source, which remembers what the current record has taken."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._waiting: list[str] = []
        self.taken: list[str] = []
        self.next_line = 1

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._waiting.pop() if self._waiting else next(self._lines)
        self.taken.append(line)
        return line

    def begin(self) -> None:
        self.next_line += len(self.taken)
        self.taken = []

    def keep_first(self) -> None:
        """Give all lines of the current record back but the first."""
        self._waiting.extend(reversed(self.taken[1:]))
        del self.taken[1:]


def read_records(lines: Iterator[str], delimiter: str, encoding: str, width: int | None = None) -> Iterator[Record]:
    """All records that are not blank; the first fixes the number of columns unless `width` does.

    A quoted field may hold line breaks. When a record of several lines is malformed or has the wrong number of fields,
    only its first line is given up and reading goes on with the second.
    """
    source = _Lines(lines)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    while True:
        source.begin()
        fault: Refused | None = None
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fields, fault = [], Refused("row-malformed", error=str(error))
        if fault is None and not any(field.strip() for field in fields):
            continue
        width = width or len(fields)
        fault = fault or _width_fault(fields, width)
        if fault is not None and len(source.taken) > 1:
            source.keep_first()
            fields, fault = [], Refused("row-malformed", error="a quote is opened and not closed")
        yield Record(source.next_line, fields, fault or _character_fault(source.taken, encoding))


def _width_fault(fields: list[str], width: int) -> Refused | None:
    if len(fields) < width:
        return Refused("row-short", fields=len(fields), columns=width)
    if any(extra.strip() for extra in fields[width:]):
        return Refused("row-long", fields=len(fields), columns=width)
    return None


def _character_fault(taken: Iterable[str], encoding: str) -> Refused | None:
    for line in taken:
        if UNDECODABLE in line or "\ufffd" in line:
            return Refused("encoding-invalid", encoding=encoding)
        if "\0" in line:
            return Refused("nul-character")
    return None
