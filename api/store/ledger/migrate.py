"""Makes the tables of a read model's generation. One of an older schema is not changed in place: it is rebuilt from the
chain."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

HEAD = "0006"
"""The newest revision in migrations/versions."""
_FOLDER = Path(__file__).with_name("migrations")


def create(url: Any, arguments: Mapping[str, Any] | None = None) -> None:
    """Brings an empty database to the present schema; `arguments` are the driver's own."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    engine = create_engine(url, connect_args=dict(arguments or {}), poolclass=NullPool)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(_FOLDER))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
