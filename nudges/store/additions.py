"""Adding what is not there yet: this module is the one statement for it that counts alike on both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def add_new(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Add the rows that are not there yet and return how many that were. Doing it twice adds nothing."""
    if not rows:
        return 0
    connection, key = session.connection(), list(table.primary_key.columns)
    # One statement for all rows, compiled once: thousands of values in a single text take the most time of a wave.
    if connection.dialect.name == "sqlite":
        return connection.execute(sqlite.insert(table).on_conflict_do_nothing(index_elements=key), list(rows)).rowcount
    # Counted by what comes back: PostgreSQL's driver sends batches and knows no count of them all.
    once = postgresql.insert(table).on_conflict_do_nothing(index_elements=key).returning(*key)
    return len(connection.execute(once, list(rows)).all())
