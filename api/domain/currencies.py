"""Currencies by ISO 4217, and the two rails on which they are paid: a deposit token on the chain, or the books of banks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from api.domain.views import CurrencyView

_OTHER_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_TWO_DIGITS = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE "
    "CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL "
    "HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR "
    "MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK "
    "SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD "
    "XCG YER ZAR ZMW ZWG"
)
MINOR_DIGITS: Mapping[str, int] = {
    **dict.fromkeys(_TWO_DIGITS.split(), 2),
    **{code: digits for digits, codes in _OTHER_DIGITS.items() for code in codes.split()},
}
"""Decimals of each active ISO 4217 currency."""

_CODE_BYTES = 3
_ADDRESS_BYTES = 20


def bank_code(token: str | bytes) -> str | None:
    """The code of a currency on the bank rail, which stands where a token's address would (contracts/libraries/BankRail):
    three capital letters after zeros. None for a deposit token."""
    address = bytes.fromhex(token.removeprefix("0x")) if isinstance(token, str) else token
    head, code = address[: _ADDRESS_BYTES - _CODE_BYTES], address[_ADDRESS_BYTES - _CODE_BYTES :]
    return None if any(head) or not code.isalpha() or not code.isupper() else code.decode("ascii")


def bank_currency(token: str | bytes) -> tuple[str, int] | None:
    """Code and decimals of a currency on the bank rail, by ISO 4217; of a code that is not in it, two decimals."""
    code = bank_code(token)
    return None if code is None else (code, MINOR_DIGITS.get(code, 2))


def by_code(currencies: Iterable[CurrencyView]) -> dict[str, CurrencyView]:
    """Code → currency. Where both rails carry a code it means the deposit token: the bank rail is named by its number."""
    found: dict[str, CurrencyView] = {}
    for view in currencies:
        if view.code not in found or bank_code(found[view.code].token) is not None:
            found[view.code] = view
    return found
