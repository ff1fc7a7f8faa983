"""Makes the tables of a chain.db. A read model of an older schema is not changed in place: it is rebuilt from the
chain."""

from __future__ import annotations

import sqlite3
from pathlib import Path

HEAD = "0001"
"""The newest revision in migrations/versions."""
_FOLDER = Path(__file__).with_name("migrations")


def revision(connection: sqlite3.Connection) -> str | None:
    """The schema that the database has; None when it is empty."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone() is None:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def create(file: Path) -> None:
    """Brings a new database file to the present schema."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{file}")
    try:
        with engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(_FOLDER))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
