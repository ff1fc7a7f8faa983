"""The code on a certificate: read back whole, and nobody's own making."""

from __future__ import annotations

import random
import string

from api.domain.certificates import Certificate

KEY, CHAIN = bytes(range(32)), 31_337
LETTERS = string.ascii_letters + string.digits + "-_"


def test_a_code_reads_back_under_its_key_for_its_chain_alone() -> None:
    for certificate in (Certificate(1, 1, 1, 0), Certificate(2**40 - 1, 2**96 - 1, 2**32 - 1, 2**48 - 1)):
        code = certificate.code(KEY, CHAIN)
        assert len(code) == 58 and set(code) <= set(LETTERS)
        assert Certificate.read(code, KEY, CHAIN) == certificate
        assert Certificate.read(code, KEY, CHAIN + 1) is None
        assert Certificate.read(code, bytes(32), CHAIN) is None


def test_any_other_letter_makes_it_no_code() -> None:
    code = Certificate(158, 5_000_03, 6, 195).code(KEY, CHAIN)
    for place in range(len(code)):
        for letter in LETTERS:
            if letter != code[place]:
                assert Certificate.read(code[:place] + letter + code[place + 1 :], KEY, CHAIN) is None


def test_what_is_no_code() -> None:
    dice = random.Random(7)
    for code in (
        "",
        "A",
        "!",
        "ü" * 58,
        "A" * 57,
        "A" * 59,
        *("".join(dice.choices(LETTERS, k=58)) for _ in range(500)),
    ):
        assert Certificate.read(code, KEY, CHAIN) is None
