"""How Alembic reaches the database: over the connection that `store.database` hands in."""

from __future__ import annotations

from alembic import context

from visavis.store.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
