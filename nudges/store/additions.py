"""Adding what is not there yet: this module is the one statement for it that counts alike on both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session

from nudges.store.insertions import insert_into


def add_new(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Add the rows that are not there yet and return how many that were. Doing it twice adds nothing."""
    if not rows:
        return 0
    connection, key = session.connection(), list(table.primary_key.columns)
    # One statement for all rows, compiled once: thousands of values in a single text take the most time of a wave.
    once = insert_into(connection.dialect.name, table).on_conflict_do_nothing(index_elements=key)
    if connection.dialect.name == "sqlite":
        return connection.execute(once, list(rows)).rowcount
    # Counted by what comes back: PostgreSQL's driver sends batches and knows no count of them all.
    return len(connection.execute(once.returning(*key), list(rows)).all())
