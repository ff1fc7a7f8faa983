"""The mutation operators: each looks at one node and proposes what a slip of the pen could have made of it.

Names of operators are the rows of the table in docs/mutation.md. What does not compile is sorted out later, so an
operator need not know all of Solidity's rules; it is only sparing with what it can see is nonsense.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bench.mutation.mutants import Change, Edit
from bench.mutation.syntax import Node, Unit

Operator = Callable[[Node], Iterator[Change]]

# Negation first, then the boundary.
_RELATIONS = {"<": (">=", "<="), "<=": (">", "<"), ">": ("<=", ">="), ">=": ("<", ">"), "==": ("!=",), "!=": ("==",)}
_ARITHMETIC = {"+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",), "%": ("*",), "**": ("*",)}
_BITS = {"&": ("|",), "|": ("&",), "^": ("&",), "<<": (">>",), ">>": ("<<",)}
_ASSIGNMENTS = {"+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "|=": "&=", "&=": "|=", "<<=": ">>=", ">>=": "<<="}
_INTEGER_TYPES = ("uint", "int")
_UNMUTATED = (
    "ImportDirective",
    "PragmaDirective",
    "ErrorDefinition",
    "EventDefinition",
    "StructDefinition",
    "EnumDefinition",
    "UserDefinedValueTypeDefinition",
    "UsingForDirective",
    "InheritanceSpecifier",
    "OverrideSpecifier",
    "StructuredDocumentation",
    "InlineAssembly",
    "ElementaryTypeName",
    "UserDefinedTypeName",
    "ArrayTypeName",
    "Mapping",
)


def changes_of(unit: Unit) -> Iterator[Change]:
    """What all operators propose for a file, in the order of the source."""
    yield from _walk(unit.root)


def _walk(node: Node) -> Iterator[Change]:
    if node.kind in _UNMUTATED or node.data.get("contractKind") == "interface":
        return
    for operator in _OPERATORS.get(node.kind, ()):
        yield from operator(node)
    for child in node.children:
        yield from _walk(child)


# -- expressions


def _relational(node: Node) -> Iterator[Change]:
    sign = node.data["operator"]
    others = _RELATIONS.get(sign, ())
    if sign in ("==", "!=") and _are_integers(node) and not _has_zero(node):
        # "Not equal" that sees one side only; next to zero an unsigned number has no other side.
        others += ("<=", ">=") if sign == "==" else ("<", ">")
    for other in others:
        if _is_defined(node, other):
            yield _resigned("relational", node, other)


def _arithmetic(node: Node) -> Iterator[Change]:
    for other in _ARITHMETIC.get(node.data["operator"], ()):
        yield _resigned("arithmetic", node, other)


def _bitwise(node: Node) -> Iterator[Change]:
    for other in _BITS.get(node.data["operator"], ()):
        yield _resigned("bitwise", node, other)


def _logical(node: Node) -> Iterator[Change]:
    other = {"&&": "||", "||": "&&"}.get(node.data["operator"])
    if other is None:
        return
    yield _resigned("logical", node, other)
    for side in ("leftExpression", "rightExpression"):
        yield _replaced("clause", node, _at(node, side).text)


def _unary(node: Node) -> Iterator[Change]:
    sign, inner = node.data["operator"], _at(node, "subExpression")
    if sign == "!":
        yield _replaced("logical", node, inner.text)
    elif sign == "~":
        yield _replaced("bitwise", node, inner.text)
    elif sign in ("++", "--"):
        other = {"++": "--", "--": "++"}[sign]
        prefix = node.data["prefix"]
        yield _replaced("step", node, other + inner.text if prefix else inner.text + other)
        if node.parent is not None and node.parent.kind != "ExpressionStatement":
            yield _replaced("step", node, inner.text + sign if prefix else sign + inner.text)


def _literal(node: Node) -> Iterator[Change]:
    kind, value = node.data["kind"], node.data.get("value")
    if kind == "bool":
        yield _replaced("literal", node, "false" if value == "true" else "true")
    elif kind == "string" and value:
        yield _replaced("literal", node, '""')
    elif kind == "number":
        number = int(str(value).replace("_", ""), 0) if str(value).replace("_", "").isalnum() else None
        if number is None or _is_hash_sized(str(value)):
            return
        for other in (number + 1, *([number - 1] if number else [])):
            yield _replaced("literal", node, node.text.replace(str(value), str(other), 1))


def _is_hash_sized(value: str) -> bool:
    return value.startswith("0x") and len(value) >= 42


def _constant(node: Node) -> Iterator[Change]:
    """A named constant or a member of an enum for the next one of the same kind and type."""
    declaration = node.unit.declarations.get(node.data.get("referencedDeclaration") or -1)
    if declaration is None or declaration.parent is None:
        return
    if declaration.kind == "EnumValue":
        siblings = [child for child in declaration.parent.children if child.kind == "EnumValue"]
    elif declaration.data.get("constant"):
        siblings = [
            child
            for child in declaration.parent.children
            if child.data.get("constant") and child.type == declaration.type
        ]
    else:
        return
    other = siblings[(siblings.index(declaration) + 1) % len(siblings)]
    if other is not declaration:
        name = declaration.data["name"]
        yield Change("constant", node, (Edit(node.end - len(name), node.end, other.data["name"]),))


def _sender(node: Node) -> Iterator[Change]:
    """Who acts: the party behind a forwarder, or whoever called."""
    contract = node.within("ContractDefinition")
    if contract is None or contract.data["contractKind"] != "contract":
        return
    if node.text == "msg.sender" and "ERC2771Context" in _bases(contract):
        yield _replaced("sender", node, "_msgSender()")
    elif node.text == "_msgSender()":
        yield _replaced("sender", node, "msg.sender")


def _ternary(node: Node) -> Iterator[Change]:
    yield from _negated(_at(node, "condition"))
    for constant in ("true", "false"):
        yield _replaced("condition", _at(node, "condition"), constant)


def _arguments(node: Node) -> Iterator[Change]:
    """Neighbours of one type exchanged: in calls, literals of structs, events and evidence."""
    if node.data["kind"] != "typeConversion":
        yield from _exchanged("swap", node, node.all_at("arguments"))


def _tuple(node: Node) -> Iterator[Change]:
    if node.parent is not None and node.parent.data.get("leftHandSide") is not node.data:
        yield from _exchanged("swap", node, node.all_at("components"))


def _assignment(node: Node) -> Iterator[Change]:
    sign, left, right = node.data["operator"], _at(node, "leftHandSide"), _at(node, "rightHandSide")
    if sign != "=":
        at = node.unit.source.index(sign.encode(), left.end, right.start)
        for other in (*([_ASSIGNMENTS[sign]] if sign in _ASSIGNMENTS else []), "="):
            yield Change("assignment", node, (Edit(at, at + len(sign), other),))
    elif left.kind == "TupleExpression":
        for component in left.all_at("components"):
            yield Change("deletion", node, (Edit(component.start, component.end, ""),))


# -- statements


def _deletion(node: Node) -> Iterator[Change]:
    if node.parent is not None and node.parent.kind == "ForStatement" and node.parent.at("body") is not node:
        return
    operator = "return" if node.kind == "Return" else "deletion"
    yield Change(operator, node, (Edit(node.start, _end_of_statement(node), "{}"),))


def _initialiser(node: Node) -> Iterator[Change]:
    """A variable that starts from nothing instead of its first value."""
    value, declarations = node.at("initialValue"), node.all_at("declarations")
    if value is None or len(declarations) != 1 or node.text.startswith("(") or value.text in ("0", "false"):
        return
    if declarations[0].data["storageLocation"] == "default":
        yield Change("initialiser", node, (Edit(declarations[0].end, value.end, ""),))


def _returned(node: Node) -> Iterator[Change]:
    """The opposite answer, where no other operator gives it."""
    value = node.at("expression")
    if value is not None and value.type == "bool":
        yield from _negated(value)


def _condition(node: Node) -> Iterator[Change]:
    condition, body = _at(node, "condition"), _at(node, "trueBody")
    yield from _negated(condition)
    statements = body.all_at("statements") if body.kind == "Block" else [body]
    if len(statements) > 1 or node.at("falseBody") is not None:
        yield _replaced("condition", condition, "false")
    if [statement.kind for statement in statements] != ["RevertStatement"]:
        yield _replaced("condition", condition, "true")


def _modifier(node: Node) -> Iterator[Change]:
    if node.data.get("kind") == "modifierInvocation":
        yield _replaced("modifier", node, "")


# -- what they share


def _at(node: Node, key: str) -> Node:
    child = node.at(key)
    assert child is not None, (node.kind, key)
    return child


def _replaced(operator: str, node: Node, text: str) -> Change:
    return Change(operator, node, (Edit(node.start, node.end, text),))


def _resigned(operator: str, node: Node, sign: str) -> Change:
    left, right = _at(node, "leftExpression"), _at(node, "rightExpression")
    old = node.data["operator"]
    at = node.unit.source.index(old.encode(), left.end, right.start)
    return Change(operator, node, (Edit(at, at + len(old), sign),))


def _negated(node: Node) -> Iterator[Change]:
    """`!(…)`, unless the relational or the logical operator makes the same."""
    if node.kind == "UnaryOperation" or node.kind == "Literal":
        return
    if node.kind == "BinaryOperation":
        opposite = _RELATIONS.get(node.data["operator"], ("",))[0]
        if opposite and _is_defined(node, opposite):
            return
    yield _replaced("condition", node, f"!({node.text})")


def _exchanged(operator: str, node: Node, items: list[Node]) -> Iterator[Change]:
    for index, first in enumerate(items):
        second = next((item for item in items[index + 1 :] if _exchangeable(first, item)), None)
        if second is not None and second.text != first.text:
            edits = (Edit(first.start, first.end, second.text), Edit(second.start, second.end, first.text))
            yield Change(operator, node, edits)


def _exchangeable(first: Node, second: Node) -> bool:
    kinds = sorted("number" if _is_number(node) else node.type for node in (first, second))
    return kinds[0] == kinds[1] or (kinds[0] == "number" and kinds[1].startswith(_INTEGER_TYPES))


def _is_number(node: Node) -> bool:
    return node.type.startswith("int_const")


def _are_integers(node: Node) -> bool:
    common = node.data["commonType"]["typeString"]
    return "function" not in node.data and common.startswith(_INTEGER_TYPES)


def _has_zero(node: Node) -> bool:
    return any(_at(node, side).type == "int_const 0" for side in ("leftExpression", "rightExpression"))


def _is_defined(node: Node, sign: str) -> bool:
    """Does the type of the operands have this relation? Types of our own have what `using` gives them."""
    name = node.data["commonType"]["typeString"]
    return "function" not in node.data or (name, sign) in node.unit.relations


def _bases(contract: Node) -> set[str]:
    """Names in the source of contracts that this one inherits from, itself included, as far as the trees are known."""
    known = (contract.unit.declarations.get(base) for base in contract.data["linearizedBaseContracts"])
    return {base.data["name"] for base in known if base is not None}


def _end_of_statement(node: Node) -> int:
    """Just behind the semicolon, which solc leaves out of a statement's range."""
    return node.unit.source.index(b";", node.end) + 1


_OPERATORS: Mapping[str, tuple[Operator, ...]] = {
    "BinaryOperation": (_relational, _arithmetic, _bitwise, _logical),
    "UnaryOperation": (_unary,),
    "Literal": (_literal,),
    "Identifier": (_constant,),
    "MemberAccess": (_constant, _sender),
    "FunctionCall": (_arguments, _sender),
    "TupleExpression": (_tuple,),
    "Conditional": (_ternary,),
    "Assignment": (_assignment,),
    "ExpressionStatement": (_deletion,),
    "EmitStatement": (_deletion,),
    "RevertStatement": (_deletion,),
    "Continue": (_deletion,),
    "Break": (_deletion,),
    "Return": (_deletion, _returned),
    "VariableDeclarationStatement": (_initialiser,),
    "IfStatement": (_condition,),
    "ModifierInvocation": (_modifier,),
}
