"""Every named error as a sentence in Chinese and English: a title that stands alone, a detail that tells with what."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from api.domain.calendar import date_of_day, instant
from api.domain.catalogue_approvals import APPROVAL_TEXTS
from api.domain.catalogue_contracts import CONTRACT_TEXTS
from api.domain.catalogue_dossier import DOSSIER_TEXTS
from api.domain.catalogue_http import HTTP_TEXTS
from api.domain.catalogue_identity import IDENTITY_TEXTS
from api.domain.catalogue_index import INDEX_TEXTS
from api.domain.catalogue_insight import INSIGHT_TEXTS
from api.domain.catalogue_product import PRODUCT_TEXTS
from api.domain.evidence import AMOUNTS, DAYS, TIMES
from api.domain.text import Text

ZH, EN = "zh", "en"

TEXTS: Mapping[str, Text] = {
    **CONTRACT_TEXTS,
    **PRODUCT_TEXTS,
    **INDEX_TEXTS,
    **HTTP_TEXTS,
    **IDENTITY_TEXTS,
    **APPROVAL_TEXTS,
    **DOSSIER_TEXTS,
    **INSIGHT_TEXTS,
}

NOTE_STATUS = {
    "zh": (
        "不存在",
        "待接受",
        "已过期待退回",
        "持有中",
        "已全部转出",
        "已拒收",
        "已撤回",
        "已失效",
        "已兑付",
        "银行处理中",
        "已质押",
        "已冻结",
    ),
    "en": (
        *("none", "offered", "lapsable", "held", "spent", "refused", "withdrawn", "lapsed", "repaid"),
        *("reserved", "pledged", "frozen"),
    ),
}
ROLES = {
    "zh": ("核心企业", "供应商", "资金方", "审计方", "登记方", "仲裁方", "结算银行"),
    "en": ("core enterprise", "supplier", "financier", "auditor", "registrar", "arbiter", "settlement bank"),
}
RIGHTS = {"zh": ("办理", "报价", "管理", "收款"), "en": ("act", "quote", "administer", "settle")}

_PLACE = re.compile(r"\{(\w+)\}")


def explain(rule: str, evidence: Mapping[str, Any], language: str) -> str:
    """What happened, for a person: the title, and the detail where all its evidence is at hand. `language` is "zh" or
    "en". An unknown rule is told by its name, so that nothing is ever hidden."""
    text = TEXTS.get(rule)
    if text is None:
        shown = ", ".join(f"{k}={v}" for k, v in evidence.items())
        return f"{rule}: {shown}" if shown else rule
    detail = _filled(rule, text.detail(language), evidence, language)
    joint = ":" if language == ZH else ": "
    return f"{text.title(language)}{joint}{detail}" if detail else text.title(language)


def title(rule: str, language: str) -> str:
    """The short sentence without evidence; the rule's name when it is unknown."""
    text = TEXTS.get(rule)
    return rule if text is None else text.title(language)


def placeholders(rule: str) -> frozenset[str]:
    """The names of evidence that a rule's details use."""
    text = TEXTS[rule]
    return frozenset(_PLACE.findall(text.zh_detail)) | frozenset(_PLACE.findall(text.en_detail))


def _filled(rule: str, detail: str, evidence: Mapping[str, Any], language: str) -> str:
    if not all(name in evidence for name in _PLACE.findall(detail)):
        return ""
    return _PLACE.sub(lambda m: _shown(rule, m[1], evidence[m[1]], language), detail)


def _shown(rule: str, name: str, value: Any, language: str) -> str:
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(str(v) for v in value)
    if name == "status" and value in NOTE_STATUS[EN]:
        value = NOTE_STATUS[EN].index(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return str(value)
    form = _NUMBERS.get(f"{rule}.{name}") or _NUMBERS.get(name, _plain)
    return form(value, language)


def _plain(value: int, language: str) -> str:
    return str(value)


def _day(value: int, language: str) -> str:
    return date_of_day(value).isoformat()


def _time(value: int, language: str) -> str:
    return instant(value) if 0 < value < 1 << 40 else str(value)


def _amount(value: int, language: str) -> str:
    return f"{value:,}"


def _status(value: int, language: str) -> str:
    names = NOTE_STATUS[language]
    return names[value] if value < len(names) else str(value)


def _bits(table: Mapping[str, tuple[str, ...]]) -> Callable[[int, str], str]:
    def shown(value: int, language: str) -> str:
        names = [name for bit, name in enumerate(table[language]) if value >> bit & 1]
        joint = "、" if language == ZH else ", "
        return joint.join(names) or ("无" if language == ZH else "none")

    return shown


_NUMBERS: dict[str, Callable[[int, str], str]] = {
    **dict.fromkeys(DAYS, _day),
    **dict.fromkeys(TIMES, _time),
    **dict.fromkeys(AMOUNTS, _amount),
    "status": _status,
    "roles": _bits(ROLES),
    "required_roles": _bits(ROLES),
    "rights": _bits(RIGHTS),
    "right": _bits(RIGHTS),
    **dict.fromkeys(("OtherBank.expected", "OtherPayee.expected"), _plain),
    "MissingRole.required": _bits(ROLES),
    "MissingRight.required": _bits(RIGHTS),
}
