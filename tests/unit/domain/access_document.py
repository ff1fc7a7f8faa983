"""The tables of docs/permissions.md, "At the API", out of api.domain.access. `python -m tests.unit.domain.access_document`
writes them anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from api.domain import access
from api.domain.access import Fields, Need, Relation
from api.domain.errors import Forbidden
from api.domain.principal import PersonRole, Principal

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "permissions.md"
BEGIN, END = "<!-- tables of api/domain/access.py -->\n", "<!-- end of tables -->\n"
YES, NO = "●", "·"


def person(*roles: PersonRole, party: int = 3) -> Principal:
    return Principal(party, "0" * 32, frozenset(roles), frozenset(), "session", "0" * 32, None)


def key(*scopes: str, party: int = 3) -> Principal:
    return Principal(party, None, frozenset(), frozenset(scopes), "api_key", "0" * 32, None)


CALLERS: Mapping[str, Callable[[int], Principal]] = {
    **{role.value: lambda party, role=role: person(role, party=party) for role in PersonRole},  # type: ignore[misc]
    "key: read": lambda party: key("read", party=party),
    "key: write": lambda party: key("write", party=party),
    "key: read, write": lambda party: key("read", "write", party=party),
}


def may(principal: Principal, need: Need) -> bool:
    try:
        access.admit(principal, need)
    except Forbidden:
        return False
    return True


def tables() -> str:
    """The document's part between its marks."""
    return "\n\n".join(
        (
            "### Who may ask",
            _table(("a company's", *CALLERS), [_callers(need, 3) for need in Need]),
            _table(("the operator's", *CALLERS), [_callers(need, 0) for need in Need]),
            "### What becomes of it",
            _table(
                ("endpoint", "for", "own", "counterparty's", "stranger's", "operator", "auditor"),
                [
                    (f"`{method} {path}`", e.need.value, e.own, e.counterparty, e.stranger, e.operator, e.auditor)
                    for (method, path), e in access.ENDPOINTS.items()
                ],
            ),
            "### A note",
            _fields(access.NOTE, access.NOTE_FIELDS),
            "### A receivable",
            _fields(access.RECEIVABLE, access.RECEIVABLE_FIELDS),
            "### Who took a part of a debt",
            _fields(access.CLAIM, access.CLAIM_FIELDS),
            "### A party",
            _grid({"own": access.PARTY_FIELDS, "another's": access.DIRECTORY}, access.PARTY_FIELDS),
            "",
        )
    )


def _callers(need: Need, party: int) -> tuple[str, ...]:
    return (f"for: {need.value}", *(YES if may(make(party), need) else NO for make in CALLERS.values()))


def _fields(table: Mapping[Relation, Fields], every: Fields) -> str:
    return _grid({relation.value: shown for relation, shown in table.items()}, every)


def _grid(columns: Mapping[str, Fields], every: Fields) -> str:
    rows = [
        (f"`{field}`", *(YES if field in shown else NO for shown in columns.values()))
        for field in sorted(every, key=lambda f: (-sum(f in shown for shown in columns.values()), f))
    ]
    return _table(("field", *columns), rows)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *map(list, rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def parts(text: str) -> tuple[str, str, str]:
    """Before, between and after the marks."""
    before, _, rest = text.partition(BEGIN)
    between, _, after = rest.partition(END)
    return before + BEGIN, between, END + after


if __name__ == "__main__":
    before, _, after = parts(DOCUMENT.read_text(encoding="utf-8"))
    DOCUMENT.write_text(f"{before}\n{tables()}\n{after}", encoding="utf-8")
