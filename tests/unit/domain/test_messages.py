"""No error without a sentence in both languages, and no sentence that asks for evidence nobody gives."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from api.chain.bindings import Bindings
from api.domain.catalogue_contracts import CONTRACT_TEXTS
from api.domain.catalogue_product import PRODUCT_TEXTS
from api.domain.messages import EN, TEXTS, ZH, explain, placeholders, title
from api.domain.operations import Contract

PROJECT = Path(__file__).resolve().parents[3]
_KINDS = {"RuleBroken", "InvalidInput", "NotFound", "Conflict", "Forbidden", "Unauthenticated", "Unavailable"}


def raised_rules() -> dict[str, list[str]]:
    """Rule → where it is raised by name in the product's own code."""
    found: dict[str, list[str]] = {}
    for folder in ("api", "scripts"):
        for file in sorted((PROJECT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _KINDS):
                    continue
                if node.args and isinstance(node.args[0], ast.Constant):
                    where = f"{file.relative_to(PROJECT)}:{node.lineno}"
                    found.setdefault(str(node.args[0].value), []).append(where)
    return found


def test_every_custom_error_has_its_text(bindings: Bindings) -> None:
    errors = {
        e["name"]: {i["name"] for i in e["inputs"]}
        for contract in Contract
        for e in bindings[contract].artifact.abi
        if e["type"] == "error"
    }
    assert set(errors) == set(CONTRACT_TEXTS)
    for name, inputs in errors.items():
        assert placeholders(name) <= inputs, name


def test_every_rule_of_the_product_has_its_text() -> None:
    missing = {rule: where for rule, where in raised_rules().items() if rule not in TEXTS}
    assert missing == {}


@pytest.mark.parametrize("rule", sorted(TEXTS))
def test_texts_are_whole(rule: str) -> None:
    text = TEXTS[rule]
    assert text.zh
    assert text.en
    assert "|" not in text.zh + text.en
    assert bool(text.zh_detail) == bool(text.en_detail)
    assert set(_names(text.zh_detail)) == set(_names(text.en_detail))
    assert any("一" <= c <= "鿿" for c in text.zh)
    assert not any("一" <= c <= "鿿" for c in text.en + text.en_detail)


def _names(detail: str) -> list[str]:
    import re

    return re.findall(r"\{(\w+)\}", detail)


def test_catalogues_do_not_overlap() -> None:
    assert not set(CONTRACT_TEXTS) & set(PRODUCT_TEXTS)


@pytest.mark.parametrize(
    ("rule", "evidence", "zh", "en"),
    [
        (
            "OfferLapsed",
            {"note": 3, "lapseDay": 20_000},
            "接受期限已过:票据 3,截止 2024-10-04",
            "The offer has lapsed: note 3, open until 2024-10-04",
        ),
        (
            "MissingRole",
            {"party": 3, "roles": 2, "required": 5},
            "参与方没有所需角色:参与方 3,现有 供应商,需要 核心企业、资金方",
            "The party lacks the role: party 3 has supplier, needs core enterprise, financier",
        ),
        (
            "NotHeld",
            {"note": 1, "status": 8},
            "该票据不在持有状态:票据 1,状态 已兑付",
            "The note is not held: note 1 is repaid",
        ),
        (
            "NotHeld",
            {"note": 1, "status": "held"},
            "该票据不在持有状态:票据 1,状态 持有中",
            "The note is not held: note 1 is held",
        ),
        ("OverLine", {"asked": 1}, "超出授信额度", "The credit line is too small"),
        ("SomethingNew", {"a": 1}, "SomethingNew: a=1", "SomethingNew: a=1"),
    ],
)
def test_explains(rule: str, evidence: dict[str, object], zh: str, en: str) -> None:
    assert explain(rule, evidence, ZH) == zh
    assert explain(rule, evidence, EN) == en


def test_title_is_the_sentence_without_evidence() -> None:
    assert title("ZeroAmount", EN) == "The amount must not be zero"
    assert title("SomethingNew", ZH) == "SomethingNew"
