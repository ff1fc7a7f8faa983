"""Who the seller is: folding, order of strength, aliases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.errors import InvalidInput
from api.domain.party_identity import (
    AliasConflict,
    AliasTable,
    PartyIdentity,
    credit_code_check,
    fold_code,
    fold_name,
    fold_vat,
    identify,
    is_credit_code,
    normal_key,
)
from api.intake.aliases import load_aliases

CREDIT_CODE = "91350100M000100Y43"
"""The worked example of the standard, GB 32100-2015."""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ACCOR SERVICES", "Accor Services"),
        ("POSTURITE (UK)  LTD", "POSTURITE UK LTD"),
        ("THE ROYAL SOCIETY OF ST.GEORGE", "THE ROYAL SOCIETY OF ST GEORGE"),
        ("ＡＣＭＥ（北京）有限公司", "Acme(北京)有限公司"),
        ("Straße", "STRASSE"),
        ("O’Neill", "O`Neill"),
        ("Acme\u200b\u00a0Ltd", "acme ltd"),
        ("江澜座椅 系统", "江澜座椅系统"),
    ],
)
def test_name_variants_fold_together(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("A+B", "AB"), ("Müller", "Muller"), ("Vendor 0065", "Vendor 0083"), ("甲", "乙")]
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@given(st.text())
def test_folding_is_idempotent(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)
    assert fold_code(fold_code(text)) == fold_code(text)


@given(
    st.text(alphabet="ABNOMVCHEUKGRXI0123456789 .-", max_size=16),
    st.sampled_from([None, "NO", "CH", "GR", "NL", "XI", "??"]),
)
def test_vat_folding_is_idempotent(number: str, country: str | None) -> None:
    once = fold_vat(number, country)
    assert fold_vat(once, country) == once


@pytest.mark.parametrize(
    ("number", "country", "folded"),
    [
        ("NL8200.98.395.B.01", None, "NL820098395B01"),
        ("8200.98.395.B.01", "NL", "NL820098395B01"),
        ("nl 8200 98 395 b01", "NL", "NL820098395B01"),
        ("NO123456789MVA", None, "NO123456789"),
        ("123456789 MVA", "NO", "NO123456789"),
        ("CHE-123.456.789 MWST", "CH", "CHE123456789"),
        ("CHE-123.456.789 TVA", None, "CHE123456789"),
        ("GR123456789", None, "EL123456789"),
        ("123456789", "GR", "EL123456789"),
        ("XI123456789", None, "GB123456789"),
        ("DE123456789", "NL", "DE123456789"),
        ("123456789", None, "123456789"),
        ("N/A", "NL", ""),
    ],
)
def test_vat_numbers(number: str, country: str | None, folded: str) -> None:
    assert fold_vat(number, country) == folded


def test_order_of_strength() -> None:
    facts = {"name": "De Koksmaat", "legal_id": "57151520", "legal_scheme": "0106", "country": "NL"}
    assert identify(**facts, vat="NL820098395B01") == PartyIdentity("vat:NL820098395B01", "De Koksmaat")
    assert identify(**facts).key == "id:0106:57151520"
    assert identify(**facts | {"legal_scheme": None}).key == "id:NL:57151520"
    assert identify(**facts, vat="none").key == "id:0106:57151520"
    assert identify(name=" De  Koksmaat ") == PartyIdentity("name:dekoksmaat", "De Koksmaat")
    assert identify(name="  --  ") is None
    assert identify(name=None) is None


def test_credit_code_counts_as_the_taxpayer_number() -> None:
    assert is_credit_code(CREDIT_CODE)
    assert identify(name="x", legal_id=CREDIT_CODE).key == f"vat:CN{CREDIT_CODE}"
    assert identify(name="x", vat=CREDIT_CODE, country="CN").key == f"vat:CN{CREDIT_CODE}"
    wrong = CREDIT_CODE[:-1] + "4"
    assert not is_credit_code(wrong)
    assert identify(name="x", legal_id=wrong, country="CN").key == f"id:CN:{wrong}"
    assert credit_code_check(CREDIT_CODE[:17]) == CREDIT_CODE[17]
    assert not is_credit_code("I" * 18)


def test_aliases_resolve_to_the_first_identity() -> None:
    table = AliasTable.of(
        [["vat:NL820098395B01", "name:De Koksmaat", "id:0106:57151520"], ["name:Other", "name:Other Ltd"], []]
    )
    assert table.resolve(identify(name="DE KOKSMAAT")).key == "vat:NL820098395B01"
    assert table.resolve(identify(name="DE KOKSMAAT")).name == "DE KOKSMAAT"
    assert table.resolve(identify(name="x", legal_id="5715 1520", legal_scheme="0106")).key == "vat:NL820098395B01"
    assert table.resolve(identify(name="other ltd.")).key == "name:other"
    unknown = identify(name="Unknown")
    assert table.resolve(unknown) is unknown


def test_an_identity_stands_for_one_party_for_ever() -> None:
    table = AliasTable.of([["name:a", "name:b"]])
    for canonical, aliases in (("name:c", ["name:b"]), ("name:b", []), ("name:c", ["name:a"])):
        with pytest.raises(AliasConflict):
            table.add(canonical, aliases)
    table.add("name:a", ["name:d"])
    assert table.resolve(PartyIdentity("name:d", "D")).key == "name:a"
    assert table.resolve(PartyIdentity("name:c", "C")).key == "name:c"


@pytest.mark.parametrize("key", ["koksmaat", "vat:", "name:--", "id:0106:", "tax:1"])
def test_keys_must_say_what_they_are(key: str) -> None:
    with pytest.raises(ValueError, match="not a party identity"):
        normal_key(key)


def test_alias_files(tmp_path: Path) -> None:
    path = tmp_path / "aliases.json"
    parties = [{"identities": ["vat:NL820098395B01", "name:De Koksmaat"], "name": "x"}]
    for content in (parties, {"parties": parties, "other": 1}):
        path.write_text(json.dumps(content))
        assert load_aliases(path).resolve(identify(name="de koksmaat")).key == "vat:NL820098395B01"
    for broken in (
        "[",
        "[1]",
        "{}",
        '[{"identities": ["x"]}]',
        '[{"identities": ["name:a"]}, {"identities": ["name:b", "name:a"]}]',
    ):
        path.write_text(broken)
        with pytest.raises(InvalidInput) as caught:
            load_aliases(path)
        assert caught.value.rule == "AliasFileInvalid"
    with pytest.raises(InvalidInput):
        load_aliases(tmp_path / "none.json")
