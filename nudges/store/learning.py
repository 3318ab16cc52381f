"""What PostgreSQL believes of its tables: this module has it look again before work on very many rows.

It looks by itself a minute or so after they came. Until then it takes a full table for an empty one, and joins a
thousand people with a hundred thousand by comparing each with each.
"""

from sqlalchemy import text

from nudges.store.engine import Database

_LOOK = text("ANALYZE (SKIP_LOCKED) people, preferences, audience, deliveries")


def look_again(database: Database) -> None:
    """Let the database count roughly what is there; nobody waits for it. SQLite plans without counting."""
    if database.is_sqlite:
        return
    with database.writer.begin() as connection:
        connection.execute(_LOOK)
