"""Each operator makes just the mutants that it should, of a small contract for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from api.chain.compile import PROJECT, CompilerSettings
from bench.mutation.compiler import Solc
from bench.mutation.mutants import Mutant, mutants_of
from bench.mutation.operators import changes_of
from bench.mutation.syntax import read_units

# What stands around the piece that is looked at, free of anything that an operator would take up.
FRAME = """
pragma solidity 0.8.37;
type Day is uint16;
using { dayEq as ==, dayLt as < } for Day global;
function dayEq(Day a, Day b) pure returns (bool) {}
function dayLt(Day a, Day b) pure returns (bool) {}
library Bits { uint8 internal constant A = 1; uint8 internal constant B = 2; uint16 internal constant WIDE = 4; }
enum Status { None, Open, Shut }
struct Pair { uint96 a; uint96 b; address who; }
interface Manual { function told(uint256 x) external returns (uint256); }
abstract contract ERC2771Context { function _msgSender() internal virtual returns (address) {} }
contract Sample is ERC2771Context {
    event Told(uint256 a, uint256 b, address who);
    error Refused(uint256 a, uint256 b);
    uint256 x; uint256 y; uint8 flags; bool on; address who; Pair pair; Status status; Day d; Day e;
    modifier guarded() { _; }
    function two() internal returns (uint256, uint256) {}
    function take(uint256, uint256, address) internal {}
    /*HERE*/
}
"""

Found = list[tuple[str, str, str]]
Mutate = Callable[[str], Found]


@pytest.fixture(scope="module")
def solc() -> Iterator[Solc]:
    with Solc() as compiler:
        yield compiler


def mutants_in(solc: Solc, source: str) -> list[Mutant]:
    settings = {**CompilerSettings.read(PROJECT).settings, "outputSelection": {"*": {"": ["ast"]}}}
    sources = {"Sample.sol": {"content": source}}
    output = solc.compile({"language": "Solidity", "sources": sources, "settings": settings})
    assert "sources" in output, output
    unit = read_units({"Sample.sol": source.encode()}, output)["Sample.sol"]
    return list(mutants_of(unit, changes_of(unit)))


@pytest.fixture
def mutate(solc: Solc) -> Mutate:
    """The mutants of a function, or of statements in a function: operator, before, after."""

    def made(piece: str) -> Found:
        member = piece if piece.startswith("function") else f"function f() external {{ {piece} }}"
        return [
            (mutant.operator, mutant.before, mutant.after)
            for mutant in mutants_in(solc, FRAME.replace("/*HERE*/", member))
            if mutant.place not in ("Bits.A", "Bits.B", "Bits.WIDE")
        ]

    return made


def of(found: Found, operator: str) -> set[tuple[str, str]]:
    return {(before, after) for name, before, after in found if name == operator}


@pytest.mark.parametrize(
    ("condition", "others"),
    [
        ("x < y", {"x >= y", "x <= y"}),
        ("x <= y", {"x > y", "x < y"}),
        ("x > y", {"x <= y", "x >= y"}),
        ("x >= y", {"x < y", "x > y"}),
        ("x == y", {"x != y", "x <= y", "x >= y"}),
        ("x != y", {"x == y", "x < y", "x > y"}),
        # An unsigned number has nothing below zero, and an address is not compared by size.
        ("x == 0", {"x != 0"}),
        ("who != address(this)", {"who == address(this)"}),
        # A type of our own has the relations that `using` gives it.
        ("d < e", set()),
    ],
)
def test_relational(mutate: Mutate, condition: str, others: set[str]) -> None:
    assert of(mutate(f"on = {condition};"), "relational") == {(condition, other) for other in others}


def test_a_relation_without_an_opposite_is_negated_as_a_condition(mutate: Mutate) -> None:
    assert of(mutate("if (d < e) revert Refused(x, y);"), "condition") == {("d < e", "!(d < e)")}
    assert of(mutate("if (x < y) revert Refused(x, y);"), "condition") == set()


@pytest.mark.parametrize(
    ("operator", "before", "after"),
    [
        ("arithmetic", "x + y", "x - y"),
        ("arithmetic", "x - y", "x + y"),
        ("arithmetic", "x * y", "x / y"),
        ("arithmetic", "x / y", "x * y"),
        ("arithmetic", "x % y", "x * y"),
        ("bitwise", "x & y", "x | y"),
        ("bitwise", "x | y", "x & y"),
        ("bitwise", "x ^ y", "x & y"),
        ("bitwise", "x << y", "x >> y"),
        ("bitwise", "x >> y", "x << y"),
        ("bitwise", "~x", "x"),
    ],
)
def test_arithmetic_and_bits(mutate: Mutate, operator: str, before: str, after: str) -> None:
    found = mutate(f"x = {before};")
    assert found == [("deletion", f"x = {before};", "{}"), (operator, before, after)]


def test_logic(mutate: Mutate) -> None:
    found = mutate("on = on && !(x < y || on);")
    assert of(found, "logical") == {
        ("on && !(x < y || on)", "on || !(x < y || on)"),
        ("!(x < y || on)", "(x < y || on)"),
        ("x < y || on", "x < y && on"),
    }
    assert of(found, "clause") == {
        ("on && !(x < y || on)", "on"),
        ("on && !(x < y || on)", "!(x < y || on)"),
        ("x < y || on", "x < y"),
        ("x < y || on", "on"),
    }


@pytest.mark.parametrize(
    ("literal", "others"),
    [
        ("0", {"1"}),
        ("1", {"2", "0"}),
        ("1_000", {"1001", "999"}),
        ("0xff", {"256", "254"}),
        ("8 hours", {"9 hours", "7 hours"}),
    ],
)
def test_numbers(mutate: Mutate, literal: str, others: set[str]) -> None:
    assert of(mutate(f"x = {literal};"), "literal") == {(literal, other) for other in others}


def test_other_literals(mutate: Mutate) -> None:
    assert of(mutate("on = true;"), "literal") == {("true", "false")}
    assert of(mutate('x = uint256(keccak256("words"));'), "literal") == {('"words"', '""')}


def test_constants_and_members_of_enums(mutate: Mutate) -> None:
    assert of(mutate("flags = Bits.A;"), "constant") == {("Bits.A", "Bits.B")}
    assert of(mutate("flags = Bits.B;"), "constant") == {("Bits.B", "Bits.A")}
    assert of(mutate("x = Bits.WIDE;"), "constant") == set()
    assert of(mutate("status = Status.Shut;"), "constant") == {("Status.Shut", "Status.None")}


def test_deletions(mutate: Mutate) -> None:
    found = mutate(
        "x = y; take(x, y, who); emit Told(x, y, who); delete pair; for (;;) { if (on) break; continue; } (x, y) = two();"
    )
    assert of(found, "deletion") == {
        ("x = y;", "{}"),
        ("take(x, y, who);", "{}"),
        ("emit Told(x, y, who);", "{}"),
        ("delete pair;", "{}"),
        ("break;", "{}"),
        ("continue;", "{}"),
        ("(x, y) = two();", "{}"),
        ("(x, y) = two()", "(, y) = two()"),
        ("(x, y) = two()", "(x, ) = two()"),
    }


def test_what_guards_is_deleted_or_negated(mutate: Mutate) -> None:
    found = mutate("if (on) revert Refused(x, 7);")
    assert of(found, "deletion") == {("revert Refused(x, 7);", "{}")}
    assert of(found, "condition") == {("on", "!(on)")}
    assert of(found, "swap") == {("Refused(x, 7)", "Refused(7, x)")}


def test_conditions_of_what_goes_on(mutate: Mutate) -> None:
    assert of(mutate("if (on) x = y;"), "condition") == {("on", "!(on)"), ("on", "true")}
    assert of(mutate("if (on) x = y; else y = x;"), "condition") == {("on", "!(on)"), ("on", "true"), ("on", "false")}
    assert of(mutate("x = on ? x : y;"), "condition") == {("on", "!(on)"), ("on", "true"), ("on", "false")}


def test_first_values(mutate: Mutate) -> None:
    assert of(mutate("uint256 z = y; x = z;"), "initialiser") == {("uint256 z = y", "uint256 z")}
    assert (
        of(mutate("Pair storage p = pair; p.a; uint256 z = 0; (uint256 v, ) = two(); x = z + v;"), "initialiser")
        == set()
    )


def test_returns(mutate: Mutate) -> None:
    found = mutate("function f() external returns (bool) { return on; }")
    assert found == [("return", "return on;", "{}"), ("condition", "on", "!(on)")]


def test_swaps_are_of_one_type(mutate: Mutate) -> None:
    assert of(mutate("take(x, y, who);"), "swap") == {("take(x, y, who)", "take(y, x, who)")}
    assert of(mutate("emit Told(x, 1, who);"), "swap") == {("Told(x, 1, who)", "Told(1, x, who)")}
    assert of(mutate("pair = Pair({a: 1, b: 2, who: who});"), "swap") == {
        ("Pair({a: 1, b: 2, who: who})", "Pair({a: 2, b: 1, who: who})")
    }
    assert of(mutate("(x, y) = (y, x);"), "swap") == {("(y, x)", "(x, y)")}
    assert of(mutate("take(x, x, who);"), "swap") == set()


def test_modifiers(mutate: Mutate) -> None:
    assert mutate("function f() external guarded {}") == [("modifier", "guarded", "")]


def test_steps(mutate: Mutate) -> None:
    assert of(mutate("++x;"), "step") == {("++x", "--x")}
    assert of(mutate("y = x--;"), "step") == {("x--", "x++"), ("x--", "--x")}


def test_assignments(mutate: Mutate) -> None:
    assert of(mutate("x += y;"), "assignment") == {("x += y", "x -= y"), ("x += y", "x = y")}
    assert of(mutate("flags |= 4;"), "assignment") == {("flags |= 4", "flags &= 4"), ("flags |= 4", "flags = 4")}


def test_who_acts(mutate: Mutate) -> None:
    assert of(mutate("who = msg.sender;"), "sender") == {("msg.sender", "_msgSender()")}
    assert of(mutate("who = _msgSender();"), "sender") == {("_msgSender()", "msg.sender")}


def test_manuals_and_types_are_left_alone(solc: Solc) -> None:
    places = {mutant.place.split(".")[0] for mutant in mutants_in(solc, FRAME)}
    assert places == {"Bits"}


def test_an_id_stays_when_the_code_around_it_moves(solc: Solc) -> None:
    function = "function f() external { x = x + y; y = x + y; x = x + y; }"
    near = mutants_in(solc, FRAME.replace("/*HERE*/", function))
    far = mutants_in(
        solc, FRAME.replace("/*HERE*/", f"/// @dev 说明\n\n function g() external {{ x = y; }} {function}")
    )
    ids = [mutant.id for mutant in near if mutant.place == "Sample.f"]
    assert ids == [mutant.id for mutant in far if mutant.place == "Sample.f"]
    assert len(set(ids)) == len(ids) == 6


def test_edits_count_bytes(solc: Solc) -> None:
    source = FRAME.replace("/*HERE*/", "/* 逾期 */ function f() external { x += y; }")
    made = [mutant.apply(source.encode()).decode() for mutant in mutants_in(solc, source) if mutant.place == "Sample.f"]
    assert made == [source.replace("x += y;", "{}"), source.replace("+=", "-="), source.replace("+=", "=")]
