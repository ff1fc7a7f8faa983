"""Which addresses may be reached: public ones, so that nobody makes this server knock at doors of its own network."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from api.domain.errors import InvalidInput

LONGEST_URL = 500
_TRANSLATED = tuple(ipaddress.ip_network(n) for n in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
"""IPv6 that stands for an IPv4 address which only the network's edge knows."""


def is_public(address: str) -> bool:
    """Whether an IP address is one that anybody on the internet could reach."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in network for network in _TRANSLATED):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def origin_of(url: str) -> tuple[str, str | None, int | None] | None:
    """Scheme, host and port of a web address, the port also where it goes without saying; None where it is none."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}[parts.scheme]
    except (ValueError, KeyError):
        return None


def check_url(url: str, *, local: bool) -> SplitResult:
    """An address that may be sent to, as far as it tells itself: https and, `local`, http to this machine.

    InvalidInput("WebhookAddressRefused") says why not; names are looked at again when they are resolved.
    """
    parts = _split(url)
    host = parts.hostname or ""
    try:
        loopback, public = is_loopback(host), is_public(host)
    except ValueError:
        if _looks_like_an_address(host):
            raise _refused(url, "address") from None
        loopback, public = host.lower().rstrip(".") == "localhost", True
    if loopback:
        if not local:
            raise _refused(url, "address")
    elif not public:
        raise _refused(url, "address")
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback and local):
        raise _refused(url, "scheme")
    return parts


def _looks_like_an_address(host: str) -> bool:
    """Short and odd spellings (127.1, 2130706433, 127.0.0.1.) that the operating system takes for an address, while clients
    connect to it without resolving."""
    return ":" in host or host.replace(".", "").isdigit()


def _split(url: str) -> SplitResult:
    if len(url) > LONGEST_URL or not url.isascii() or any(c.isspace() or not c.isprintable() for c in url):
        raise _refused(url, "form")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise _refused(url, "form") from error
    if not parts.hostname or parts.username is not None or parts.password is not None or parts.fragment or "\\" in url:
        raise _refused(url, "form")
    return parts


def _refused(url: str, reason: str) -> InvalidInput:
    return InvalidInput("WebhookAddressRefused", url=url[:LONGEST_URL], reason=reason)
