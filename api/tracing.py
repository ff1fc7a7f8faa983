"""Whether a process is traced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from api.config import Settings
from api.domain.errors import InvalidInput
from api.domain.tracing import UNTRACED, Tracer


@contextmanager
def open_tracer(settings: Settings, process: str) -> Iterator[Tracer]:
    """The tracer of a process until the block ends; what is left is sent then. InvalidInput("SettingInvalid")."""
    if not settings.traces_url:
        yield UNTRACED
        return
    parts = urlsplit(settings.traces_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        expected = "http(s)://host:port/v1/traces"
        raise InvalidInput("SettingInvalid", name="SCF_TRACES_URL", value=settings.traces_url, expected=expected)
    from api.outbound.traces import OtlpTracer

    tracer = OtlpTracer(settings.traces_url, settings.traces_ratio, process)
    try:
        yield tracer
    finally:
        tracer.close()
