"""Alembic's entry: on a connection that the product hands over, or on the configured app.db."""

from __future__ import annotations

from alembic import context

from api.config import load_settings
from api.store.app.database import Database
from api.store.app.tables import metadata


def run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is not None:
        _migrate(connection)
        return
    database = Database(load_settings().app_db)
    try:
        database.write_now(_migrate)
    finally:
        database.close()


def _migrate(connection: object) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)  # type: ignore[arg-type]
    context.run_migrations()


run()
