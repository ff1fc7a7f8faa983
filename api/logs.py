"""How processes log: one line of JSON per event on stderr, where the supervisor reads it."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict

from api.domain.origin import REQUEST_ID


def configure_logging(level: str) -> None:
    """One line of JSON per event on stderr."""
    structlog.configure(
        processors=[
            _with_request,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_line),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
    )


def _with_request(logger: Any, method: str, event: EventDict) -> EventDict:
    """Says in which request it happened."""
    if (request_id := REQUEST_ID.get()) is not None:
        event["request_id"] = request_id
    return event


def _line(event: Mapping[str, Any], **how: Any) -> bytes:
    try:
        return orjson.dumps(event, **how)
    except TypeError:  # amounts beyond 64 bits
        return json.dumps(event, ensure_ascii=False, **how).encode()
