"""What the judges see of the database: this module reads its rows bare, past the app's own store."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from nudges.store.engine import Database


@dataclass(frozen=True)
class Rows:
    """The bare rows as they are committed, past the app's own store."""

    connection: sqlite3.Connection

    def execute(self, query: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        """Return what is committed; nobody asks in the middle of a transaction, least of all by posting in one."""
        assert not self.connection.in_transaction, "something was posted or judged within a transaction"
        cursor = self.connection.cursor()
        cursor.row_factory = sqlite3.Row  # type: ignore[assignment]  # the class is the factory
        return cursor.execute(query, values)


def rows_of(database: Database) -> Rows:
    """Return the rows of a world's database, by its only connection or else by one that only reads."""
    if database.readings is not None:
        return Rows(database.writer.raw_connection().driver_connection)  # type: ignore[arg-type]  # it is SQLite's
    file = f"file:{database.sqlite_path}?mode=ro"
    return Rows(sqlite3.connect(file, uri=True, isolation_level=None, check_same_thread=False))
