"""What nodes mean when they refuse: each says it in its own words, and codes are used for several things."""

from __future__ import annotations

import re

from api.chain.rpc import RpcError

_TOO_MUCH = re.compile(
    "|".join(
        (
            r"more than [\d,]+ (results|logs|events)",  # geth-like services
            r"too many (results|logs|blocks|events)",
            r"(query|result set|response|response body|log response) (is |size )?(too (large|big)|exceed)",
            r"response size (is larger than|should not)",
            r"exceeds? (the )?(max(imum)?|limit|allowed)\b.*(range|results|logs|size|blocks)",  # reth, bsc, besu
            r"(block )?range (is |was )?(too (wide|large|big)|exceed|limit)",
            r"(limited to|maximum( is)?( set to)?|up to) (a |an )?[\d,]+k? ?(block|range)?",
            r"max(imum)? (block )?range",
            r"logs matched by query exceeds limit",  # ethermint
            r"query (timeout|timed out|returned too)",
            r"(execution|request|read) (timeout|timed out)",
            r"entity too large",
        )
    ),
    re.IGNORECASE,
)
_TOO_OFTEN = re.compile(r"too many requests|rate.?limit|request (count|limit)|per second|capacity", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"unknown block|block (was )?not found|header (for hash )?not found|cannot be found", re.IGNORECASE
)


def too_much(error: RpcError) -> bool:
    """A smaller range would do. Not: asked too often, which only waiting helps."""
    return _TOO_OFTEN.search(error.message) is None and _TOO_MUCH.search(error.message) is not None


def unknown_block(error: RpcError) -> bool:
    """The block asked for by its hash is not there, or not any more."""
    return _UNKNOWN.search(error.message) is not None
