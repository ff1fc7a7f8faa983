"""Amounts of yuan as Chinese documents write them out (人民币大写), so that no digit can be added or changed by hand.

By the rules for filling in bills (《支付结算办法》附件一《正确填写票据和结算凭证的基本规定》): digits in their
capital forms, one 零 for any run of zeros between digits, 整 at the end where there are no 分.
"""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
LARGEST = 10**18 - 1
"""Fen: below ten thousand times ten thousand hundred-millions of yuan."""


def yuan_in_capitals(fen: int) -> str:
    """From 1 to LARGEST fen; ValueError otherwise. 12345600 → 人民币壹拾贰万叁仟肆佰伍拾陆元整"""
    if not 0 < fen <= LARGEST:
        raise ValueError(f"{fen} fen cannot be written out")
    yuan, rest = divmod(fen, 100)
    jiao, fraction = divmod(rest, 10)
    return f"人民币{_whole(yuan)}{_fraction(yuan, jiao, fraction)}"


def _whole(yuan: int) -> str:
    """With 元; nothing below one yuan."""
    if yuan == 0:
        return ""
    groups: list[int] = []
    while yuan:
        yuan, group = divmod(yuan, 10_000)
        groups.append(group)
    text, pending = "", False
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if group:
            # A zero stands between two digits wherever places between them are empty.
            text += "零" if text and (pending or group < 1_000) else ""
            text += _group(group) + _unit(index, groups)
        elif index == 2 and text:
            text += "亿" if not text.endswith("亿") else ""
        pending = group == 0
    return text + "元"


def _unit(index: int, groups: list[int]) -> str:
    """万亿 is said once: 壹万贰仟亿, not 壹万亿贰仟亿."""
    return "万" if index == 3 and groups[2] else _GROUPS[index]


def _group(group: int) -> str:
    """Up to four digits."""
    text, zero = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + _DIGITS[digit] + _PLACES[place]
            zero = False
        else:
            zero = True
    return text


def _fraction(yuan: int, jiao: int, fen: int) -> str:
    if not jiao and not fen:
        return "整"
    tenths = f"{_DIGITS[jiao]}角" if jiao else "零" if yuan else ""
    return tenths + (f"{_DIGITS[fen]}分" if fen else "整")
