"""Answers by columns: read back, they are the answers, whatever is in them; and what repeats is said once."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from api.schemas.columns import packed

_WORDS = st.text(max_size=3)
_SCALARS = st.sampled_from(
    [st.integers(-5, 5), st.booleans(), _WORDS, st.none() | _WORDS, st.none() | st.integers(0, 3)]
)


def unpacked(value: Any) -> Any:
    """As docs/insight.md says that it is read."""
    if isinstance(value, list):
        return [unpacked(part) for part in value]
    if not isinstance(value, dict):
        return value
    if "$rows" in value:
        columns = {name: unpacked(column) for name, column in value["$columns"].items()}
        return [{name: column[row] for name, column in columns.items()} for row in range(value["$rows"])]
    if "$at" in value:
        each = unpacked(value["$of"])
        return [None if place is None else each[place] for place in value["$at"]]
    if "$lengths" in value:
        every = iter(unpacked(value["$of"]))
        return [[next(every) for _ in range(length)] for length in value["$lengths"]]
    return {name: unpacked(part) for name, part in value.items()}


def _answers(parts: st.SearchStrategy[st.SearchStrategy[Any]]) -> st.SearchStrategy[st.SearchStrategy[Any]]:
    """Strategies of what one field of an answer may be: of one kind wherever it stands."""
    objects = st.dictionaries(_WORDS, parts, max_size=4).map(st.fixed_dictionaries)
    return objects | objects.map(lambda one: st.none() | one) | parts.map(lambda one: st.lists(one, max_size=6))


@given(st.recursive(_SCALARS, _answers, max_leaves=8).flatmap(lambda one: one))
def test_what_is_read_back_is_the_answer(answer: Any) -> None:
    assert unpacked(orjson.loads(orjson.dumps(packed(answer)))) == answer


def test_what_repeats_is_said_once() -> None:
    leg = {"payer": {"id": 7, "name": "甲"}, "amount": "12", "bank": None, "legs": [{"n": 1}, {"n": 2}]}
    assert packed({"legs": [leg] * 3}) == {
        "legs": {
            "$rows": 3,
            "$columns": {
                "payer": {"$of": {"$rows": 1, "$columns": {"id": [7], "name": ["甲"]}}, "$at": [0, 0, 0]},
                "amount": {"$of": ["12"], "$at": [0, 0, 0]},
                "bank": [None, None, None],
                "legs": {"$lengths": [2, 2, 2], "$of": {"$rows": 6, "$columns": {"n": [1, 2, 1, 2, 1, 2]}}},
            },
        }
    }
