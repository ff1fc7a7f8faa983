"""How notes are packed into repayments: what must be paid in one call is never parted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.services import repayment


@given(st.lists(st.lists(st.integers(), min_size=1, max_size=9), max_size=30), st.integers(1, 8))
def test_units_are_kept_whole_and_in_order(units: list[list[int]], most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repayment, "REPAYMENT_BATCH", most)
        batches = repayment._packed(units)
    assert [note for batch in batches for note in batch] == [note for unit in units for note in unit]
    borders, at = {0}, 0
    for unit in units:
        at += len(unit)
        borders.add(at)
    at = 0
    for batch in batches:
        assert at in borders
        at += len(batch)
        longest = max(map(len, units))
        assert len(batch) <= max(most, longest)
