"""Brings app.db to the present schema, at every start; does nothing when it is there."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from api.domain.errors import Unavailable
from api.store.app.database import Database

HEAD = "0001"
"""The newest revision in migrations/versions."""
_FOLDER = Path(__file__).with_name("migrations")


def migrate(database: Database) -> None:
    """One transaction, so that of several processes starting at once one migrates and the others find it done."""
    if database.read_now(_revision) != HEAD:
        database.write_now(_upgrade)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _upgrade(connection: Connection) -> None:
    found = _revision(connection)
    if found == HEAD:
        return
    if found is not None and not list((_FOLDER / "versions").glob(f"{found}_*.py")):
        raise Unavailable("DatabaseNewer", revision=found, known=HEAD)
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
