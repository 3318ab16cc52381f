"""How a migration runs: this module hands Alembic the one writing connection and the tables to compare with."""

from alembic import context

from nudges.store import rollup_triggers
from nudges.store.tables import Row

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Row.metadata,
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    if context.get_context().get_current_revision() != context.get_revision_argument():
        rollup_triggers.remove(connection)  # SQLite changes no table that a trigger speaks of
    context.run_migrations()
    rollup_triggers.ensure(connection)
