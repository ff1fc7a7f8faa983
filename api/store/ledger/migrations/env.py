"""Alembic's entry: on the connection that the product hands over."""

from __future__ import annotations

from alembic import context

from api.store.ledger.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
