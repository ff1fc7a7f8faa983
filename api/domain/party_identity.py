"""Who a party on an invoice is: one canonical identity per legal person, whatever the document calls it.

An identity is a string with a fixed shape, in falling order of strength:

* ``vat:NL820098395B01``      the VAT number, with its country prefix;
* ``id:0106:57151520``        the legal registration id with its scheme (the country stands in for a missing scheme);
* ``name:dekoksmaat``         the folded name.

The folding rules are part of every fingerprint ever issued: changing one is a new fingerprint version, never an edit.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA "
    "CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA "
    "GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP "
    "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS "
    "MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS "
    "RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW "
    "TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
ISO_COUNTRIES = frozenset(_COUNTRIES.split())
# Greece's VAT prefix is EL; one British business has the same number under GB, UK and (Northern Ireland) XI.
_VAT_PREFIX_OF: Mapping[str, str] = {"GR": "EL", "UK": "GB", "XI": "GB"}
_VAT_PREFIXES = ISO_COUNTRIES | {"EL", "UK", "XI"}
# What the trade register appends when the number is the VAT one: the same number with and without it.
_VAT_SUFFIXES: Mapping[str, tuple[str, ...]] = {"NO": ("MVA",), "CH": ("MWST", "TVA", "IVA", "VAT")}
# Invisible although Unicode files them as letters or marks: fillers, joiner, variation selectors.
_INVISIBLE = frozenset(map(chr, [0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0])) | frozenset(
    map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
)
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def settle(step: Callable[[str], str], text: str) -> str:
    """Apply a folding ``step`` until the text stands still, so that folding what is folded changes nothing."""
    for _ in range(6):
        folded = step(text)
        if folded == text:
            return folded
        text = folded
    return text


def casefold_nfkc(text: str) -> str:
    """Unicode NFKC with case folding: full-width, ligature and case variants become one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def is_blank(char: str) -> bool:
    """True for what a reader cannot see: spaces, controls, formatting characters, fillers, variation selectors."""
    return unicodedata.category(char)[0] in "ZC" or char in _INVISIBLE


def fold_name(name: str) -> str:
    """A party's name without case, width, spaces and punctuation; empty if nothing else was in it."""
    return settle(_fold_name_once, name)


def _fold_name_once(name: str) -> str:
    kept = (c for c in casefold_nfkc(name) if not is_blank(c) and unicodedata.category(c) != "Sk")
    return "".join(c for c in kept if unicodedata.category(c)[0] != "P")


def fold_code(code: str) -> str:
    """A registration or tax number: upper case, letters and digits only (spaces, dots, dashes carry no meaning)."""
    return settle(lambda text: "".join(c for c in casefold_nfkc(text).upper() if c.isalnum()), code)


def fold_vat(number: str, country: str | None = None) -> str:
    """A VAT number with its country prefix, or "" if there is no digit in it (``N/A``, ``-``).

    ``country`` (ISO 3166 alpha-2 of the party) supplies a prefix that the document left out. National suffixes that
    say no more than "this is the VAT number" (Norway's MVA, Switzerland's MWST, TVA, IVA) fall away.
    """
    code = fold_code(number)
    if not any(c.isdigit() for c in code):
        return ""
    given = code[:2] if code[:2] in _VAT_PREFIXES else ""
    stated = fold_code(country or "")
    prefix = given or (stated if stated in _VAT_PREFIXES else "")
    prefix = _VAT_PREFIX_OF.get(prefix, prefix)
    return prefix + _without_suffixes(code[len(given) :], _VAT_SUFFIXES.get(prefix, ()))


def _without_suffixes(body: str, suffixes: tuple[str, ...]) -> str:
    while suffix := next((s for s in suffixes if body.endswith(s)), ""):
        body = body.removesuffix(suffix)
    return body


def is_credit_code(code: str) -> bool:
    """Whether ``code`` is a unified social credit code (统一社会信用代码) with the right check character."""
    if len(code) != 18 or any(c not in _USCC_ALPHABET for c in code):
        return False
    return code[17] == credit_code_check(code[:17])


def credit_code_check(first17: str) -> str:
    """The check character for the first 17 characters of a unified social credit code."""
    total = sum(_USCC_ALPHABET.index(c) * w for c, w in zip(first17, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[(31 - total % 31) % 31]


@dataclass(frozen=True, slots=True)
class PartyIdentity:
    """A party as a document names it. ``key`` is its canonical identity (see the module), ``name`` what people read."""

    key: str
    name: str

    def __str__(self) -> str:
        return self.key


def identify(
    *,
    name: str | None,
    vat: str | None = None,
    legal_id: str | None = None,
    legal_scheme: str | None = None,
    country: str | None = None,
) -> PartyIdentity | None:
    """The strongest identity that the given facts support, or None when there is none at all.

    VAT number, else legal id with its scheme, else folded name. A Chinese unified social credit code is the taxpayer
    number by law, so as a legal id it counts as the VAT number.
    """
    shown = " ".join((name or "").split())
    if vat and (folded := fold_vat(vat, country)):
        return PartyIdentity(f"vat:{folded}", shown or folded)
    if legal_id and (code := fold_code(legal_id)):
        if is_credit_code(code):
            return PartyIdentity(f"vat:CN{code}", shown or code)
        scheme = fold_code(legal_scheme or "") or fold_code(country or "")
        return PartyIdentity(f"id:{scheme}:{code}", shown or code)
    if folded_name := fold_name(name or ""):
        return PartyIdentity(f"name:{folded_name}", shown)
    return None


class AliasConflict(ValueError):
    """One identity was given to two parties, or a party's canonical identity would change."""


@dataclass(slots=True)
class AliasTable:
    """Several identities of one party, resolved to its canonical one.

    A canonical identity never changes once a fingerprint was made from it (else the same invoice would get a second
    fingerprint): new identities are added to the group, they never replace its head.
    """

    _canonical: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, groups: Iterable[Iterable[str]]) -> AliasTable:
        """From groups of identity strings, the canonical one first. Raises AliasConflict."""
        table = cls()
        for group in groups:
            keys = list(group)
            if keys:
                table.add(keys[0], keys[1:])
        return table

    def add(self, canonical: str, aliases: Iterable[str] = ()) -> None:
        """Put ``aliases`` under ``canonical``. Raises AliasConflict when one of them belongs to another party."""
        head = normal_key(canonical)
        keys = [head, *map(normal_key, aliases)]
        for key in keys:
            if self._canonical.get(key, head) != head:
                raise AliasConflict(f"{key} already stands for {self._canonical[key]}, not for {head}")
        self._canonical.update(dict.fromkeys(keys, head))

    def resolve(self, party: PartyIdentity) -> PartyIdentity:
        """The same party under its canonical identity; unchanged if the table does not know it."""
        head = self._canonical.get(party.key)
        return party if head is None or head == party.key else PartyIdentity(head, party.name)


def normal_key(key: str) -> str:
    """A hand-written identity string (``name:De Koksmaat``, ``vat:NL 8200.98.395.B.01``) in its folded form.

    Raises ValueError when it has no known prefix or nothing in it.
    """
    kind, _, rest = key.partition(":")
    party: PartyIdentity | None = None
    if kind == "vat":
        party = identify(name=None, vat=rest)
    elif kind == "id":
        scheme, _, code = rest.partition(":")
        party = identify(name=None, legal_id=code, legal_scheme=scheme)
    elif kind == "name":
        party = identify(name=rest)
    if party is None:
        raise ValueError(f"not a party identity: {key!r} (want vat:…, id:SCHEME:… or name:…)")
    return party.key
