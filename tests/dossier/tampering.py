"""Every way in which one field of a JSON document can be another."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]


def fields(value: Any, at: Path = ()) -> Iterator[Path]:
    """Ways to every value within, but for the whole."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*at, key)
        yield from fields(one, (*at, key))


def changed(content: Any, path: Path, dice: random.Random) -> Any:
    """A copy in which the value at `path` is another, is gone, or stands there twice; what is not on the way is shared."""
    whole = owner = copy.copy(content)
    for key in path[:-1]:
        owner[key] = copy.copy(owner[key])
        owner = owner[key]
    value = owner[path[-1]]
    if isinstance(value, (dict, list)):
        if isinstance(owner, list) and dice.random() < 0.5:
            owner.insert(int(path[-1]), value)
        else:
            del owner[path[-1]]
    elif dice.random() < 0.1:
        del owner[path[-1]]
    else:
        owner[path[-1]] = _other(value, dice)
    return whole


def _other(value: Any, dice: random.Random) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + dice.choice((1, -1))
    if not value:
        return "0"
    position = dice.randrange(len(value))
    alphabet = "0123456789abcdef" if value.startswith("0x") else "0123456789"
    other = dice.choice([c for c in alphabet if c != value[position]])
    return value[:position] + other + value[position + 1 :]


def scrambled(file: bytes, dice: random.Random) -> bytes:
    """A file with one byte changed, one taken out, one put in, a few bits flipped, or cut short."""
    position = dice.randrange(len(file))
    match dice.randrange(6):
        case 0:
            return file[:position] + file[position + 1 :]
        case 1:
            return file[:position] + bytes([dice.randrange(256)]) + file[position:]
        case 2:
            return file[:position]
        case 3:
            return _with(file, position, file[position] ^ 1 << dice.randrange(8))
        case _:
            return _with(file, position, dice.choice([b for b in b"0123456789abcdef" if b != file[position]]))


def _with(file: bytes, position: int, byte: int) -> bytes:
    return file[:position] + bytes([byte]) + file[position + 1 :]
