"""Amounts written out: known ones, and any one read back by the rules of the language alone."""

from __future__ import annotations

import random
import re

import pytest

from api.domain.capitals import LARGEST, yuan_in_capitals

KNOWN = {
    1: "壹分",
    10: "壹角整",
    12: "壹角贰分",
    100: "壹元整",
    101: "壹元零壹分",
    110: "壹元壹角整",
    1_000: "壹拾元整",
    10_100: "壹佰零壹元整",
    140_950: "壹仟肆佰零玖元伍角整",
    1_680_32: "壹仟陆佰捌拾元叁角贰分",
    600_714: "陆仟零柒元壹角肆分",
    10_700_053: "壹拾万柒仟元伍角叁分",
    10_000_000: "壹拾万元整",
    100_010_000: "壹佰万零壹佰元整",
    10_000_000_00: "壹仟万元整",
    100_000_000_00: "壹亿元整",
    100_000_001_00: "壹亿零壹元整",
    100_010_000_00: "壹亿零壹万元整",
    110_000_000_000_00: "壹仟壹佰亿元整",
    1_000_000_000_000_00: "壹万亿元整",
    1_200_000_000_000_00: "壹万贰仟亿元整",
    1_020_000_000_000_00: "壹万零贰佰亿元整",
    1_000_000_010_000_00: "壹万亿零壹万元整",
    1_000_010_000_000_00: "壹万亿零壹仟万元整",
    10_000_500_000_00: "壹佰亿零伍拾万元整",
}


@pytest.mark.parametrize(("fen", "text"), KNOWN.items())
def test_known_amounts(fen: int, text: str) -> None:
    assert yuan_in_capitals(fen) == f"人民币{text}"


def read_back(text: str) -> int:
    """By the meaning of the letters, not by how they were written."""
    text = text.removeprefix("人民币")
    whole, _, rest = text.partition("元") if "元" in text else ("", "", text)
    total = section = digit = 0
    for letter in whole:
        if letter in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(letter)
        elif letter in "拾佰仟":
            section += digit * 10 ** ("拾佰仟".index(letter) + 1)
            digit = 0
        elif letter == "万":
            total, section, digit = total + (section + digit) * 10_000, 0, 0
        else:
            total, section, digit = (total + section + digit) * 10**8, 0, 0
    fen = (total + section + digit) * 100
    for value, unit in re.findall("([壹贰叁肆伍陆柒捌玖])([角分])", rest):
        fen += "零壹贰叁肆伍陆柒捌玖".index(value) * (10 if unit == "角" else 1)
    return fen


def test_any_amount_reads_back_to_itself() -> None:
    dice = random.Random(20_261_130)
    amounts = [*range(1, 30_000), *(10**n + d for n in range(2, 18) for d in (-1, 0, 1))]
    amounts += [dice.randrange(1, 10 ** dice.randrange(3, 19)) for _ in range(20_000)]
    # Amounts with many zeros are where the rules bite.
    amounts += [
        int("".join(dice.choice("0001") for _ in range(dice.randrange(3, 18))) or "1") or 1 for _ in range(20_000)
    ]
    seen: dict[str, int] = {}
    for fen in amounts:
        text = yuan_in_capitals(fen)
        assert read_back(text) == fen, (fen, text)
        assert "零零" not in text and not re.search("零[元万亿拾佰仟角分整]", text), (fen, text)
        assert seen.setdefault(text, fen) == fen
        assert text.endswith(("分", "整"))


@pytest.mark.parametrize("fen", [0, -1, LARGEST + 1])
def test_what_cannot_be_written_out(fen: int) -> None:
    with pytest.raises(ValueError, match="cannot be written out"):
        yuan_in_capitals(fen)
