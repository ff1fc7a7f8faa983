"""The order of article 768 as a function: it is the one that AssignmentRegister.precedence gives two by two."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from api.domain.priority import Basis, Place, explained, order


@dataclass(frozen=True)
class Taken:
    registered_at: int
    debtor_notified_at: int
    kind: str = "assignment"


TIMES = st.sampled_from([0, 0, 100, 200, 300])
"""Few, so that ties are frequent."""
CLAIMS = st.lists(st.builds(Taken, TIMES, TIMES, st.sampled_from(["assignment", "assignment", "pledge"])), max_size=8)


def first(a: Taken, b: Taken) -> int:
    """-1: a comes first, 1: b, 0: in proportion. As the contract says it, sentence by sentence."""
    if a.registered_at or b.registered_at:
        return _earlier(a.registered_at, b.registered_at)
    return _earlier(a.debtor_notified_at, b.debtor_notified_at)


def _earlier(a: int, b: int) -> int:
    if a == b:
        return 0
    return -1 if b == 0 or (a != 0 and a < b) else 1


@given(CLAIMS)
def test_two_by_two_it_is_the_contracts(claims: list[Taken]) -> None:
    ranked = [(c, p.place) for c, p in zip(claims, order(claims), strict=True) if p.place is not None]
    for a, place in ranked:
        for b, other in ranked:
            assert (place > other) - (place < other) == first(a, b)


@given(CLAIMS)
def test_a_place_is_one_more_than_those_before_and_is_shared_by_its_equals(claims: list[Taken]) -> None:
    places = order(claims)
    known = [p.place for p in places if p.place is not None]
    for one in places:
        if one.place is not None:
            assert one.place == 1 + sum(other < one.place for other in known)
            assert one.equals == known.count(one.place) - 1
    assert (min(known) == 1) if known else True


@given(CLAIMS, st.randoms())
def test_it_does_not_matter_in_which_order_they_are_told(claims: list[Taken], random: object) -> None:
    shuffled = list(range(len(claims)))
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    places, again = order(claims), order([claims[i] for i in shuffled])
    assert [places[i] for i in shuffled] == again


@given(CLAIMS)
def test_a_pledge_has_no_place_and_takes_none(claims: list[Taken]) -> None:
    assignments = [c for c in claims if c.kind == "assignment"]
    places = order(claims)
    assert [p for c, p in zip(claims, places, strict=True) if c.kind == "assignment"] == order(assignments)
    assert {p for c, p in zip(claims, places, strict=True) if c.kind == "pledge"} <= {Place(None, Basis.UNKNOWN)}


@given(CLAIMS)
def test_notice_decides_nothing_between_the_registered(claims: list[Taken]) -> None:
    told = [Taken(c.registered_at, 7 if c.registered_at else c.debtor_notified_at, c.kind) for c in claims]
    assert order(told) == order(claims)


def test_the_law_told_by_example() -> None:
    claims = [Taken(0, 0), Taken(0, 90), Taken(200, 0), Taken(100, 0), Taken(0, 80), Taken(200, 10), Taken(0, 0)]
    assert [(p.place, p.equals, p.basis) for p in order(claims)] == [
        (6, 1, Basis.PROPORTION),
        (5, 0, Basis.NOTICE),
        (2, 1, Basis.REGISTRATION),
        (1, 0, Basis.REGISTRATION),
        (4, 0, Basis.NOTICE),
        (2, 1, Basis.REGISTRATION),
        (6, 1, Basis.PROPORTION),
    ]


def test_each_place_says_why_in_both_languages() -> None:
    claims = [Taken(86_400, 0), Taken(86_400, 0), Taken(0, 3_600), Taken(0, 0), Taken(0, 0, "pledge")]
    told = [explained(c, p) for c, p in zip(claims, order(claims), strict=True)]
    assert len({zh for zh, _ in told}) == len({en for _, en in told}) == 4
    for zh, _ in told:
        assert "登记" in zh
    assert all("1970-01-02T00:00:00Z" in text and "1" in text for text in told[0])
    assert all("1970-01-01T01:00:00Z" in text for text in told[2])
