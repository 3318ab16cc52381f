"""How a migration runs: this module hands Alembic the one writing connection and the tables to compare with."""

from alembic import context

from nudges.store.tables import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
