"""Who comes first among several that took one claim (民法典 第768条, applied to pledges as well by 担保制度解释 第66条):
the registered before the unregistered, by the time of registration; of the unregistered, by the time at which notice
reached the debtor; without either, in proportion. A pure function of what AssignmentRegister holds, as its `precedence`
answers for two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from api.domain.calendar import instant


class Basis(StrEnum):
    """The rule by which a claim has its place."""

    REGISTRATION = "registration"
    NOTICE = "notice"
    PROPORTION = "proportion"
    UNKNOWN = "unknown"
    """A pledge: its registration gives it its place, and is not recorded here."""


class Claim(Protocol):
    """What decides. Times are Unix seconds; 0 is never."""

    @property
    def kind(self) -> str: ...  # assignment | pledge

    @property
    def registered_at(self) -> int: ...

    @property
    def debtor_notified_at(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Place:
    """`place` counts from 1; None where it is not known. `equals` others have the same: they share in proportion."""

    place: int | None
    basis: Basis
    equals: int = 0


_RANKS = {Basis.REGISTRATION: 0, Basis.NOTICE: 1, Basis.PROPORTION: 2}


def order(claims: Sequence[Claim]) -> list[Place]:
    """The place of each, in the order given."""
    keys = [_key(claim) for claim in claims]
    known = [key for key in keys if key is not None]
    return [
        Place(None, Basis.UNKNOWN)
        if key is None
        else Place(1 + sum(other < key for other in known), key[2], known.count(key) - 1)
        for key in keys
    ]


def _key(claim: Claim) -> tuple[int, int, Basis] | None:
    if claim.kind == "pledge":
        return None
    if claim.registered_at:
        return _RANKS[Basis.REGISTRATION], claim.registered_at, Basis.REGISTRATION
    if claim.debtor_notified_at:
        return _RANKS[Basis.NOTICE], claim.debtor_notified_at, Basis.NOTICE
    return _RANKS[Basis.PROPORTION], 0, Basis.PROPORTION


def explained(claim: Claim, place: Place) -> tuple[str, str]:
    """Why a claim has its place, in Chinese and in English."""
    zh, en = _WORDS[place.basis]
    words = {
        "registered": instant(claim.registered_at) if claim.registered_at else "",
        "notified": instant(claim.debtor_notified_at) if claim.debtor_notified_at else "",
    }
    zh, en = zh.format(**words), en.format(**words)
    if place.equals and place.basis is not Basis.PROPORTION:
        zh += f";另有 {place.equals} 项时间相同,与其按比例受偿"
        en += f"; {place.equals} more of the same time share with it in proportion"
    return zh, en


_WORDS = {
    Basis.REGISTRATION: (
        "第768条:已登记的先于未登记的,登记在先的先受偿;本项登记于 {registered}",
        "Article 768: the registered before the unregistered, the earlier registration first; this one's at {registered}",
    ),
    Basis.NOTICE: (
        "第768条:均未登记的,转让通知最先到达债务人的先受偿;本项通知于 {notified}",
        "Article 768: among the unregistered, the one whose notice reached the debtor first; this one's at {notified}",
    ),
    Basis.PROPORTION: (
        "第768条:既未登记也未通知,按融资款或服务报酬的比例受偿",
        "Article 768: neither registered nor notified, in proportion to the financing or the service fees",
    ),
    Basis.UNKNOWN: (
        "质权自登记时设立,按其登记时间与各受让人排序;其登记时间未记于链上,应查登记系统",
        "A pledge arises by its registration and ranks with the assignees by its time, which the registry has",
    ),
}
