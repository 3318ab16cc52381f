"""Whether anything was stored meanwhile: this module asks SQLite for the number that changes with every commit.

Asking costs a hundredth of looking at the rows themselves.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from nudges.store.engine import Database

Stamp = Callable[[], int | None]


@contextmanager
def stamping(database: Database) -> Iterator[Stamp]:
    """Give what tells the present stamp: two that are equal say that nobody committed anything between them.

    None says nothing: PostgreSQL knows no such number.
    """
    path = database.sqlite_path
    if path is None:
        yield lambda: None
        return
    if database.readings is not None:  # one connection, whose own changes that number does not count
        driver: Any = database.writer.raw_connection().driver_connection
        yield lambda: int(driver.total_changes)
        return
    guard = threading.Lock()
    # A connection of its own: the number tells of the commits of all others, from its own point of view.
    with closing(sqlite3.connect(str(path), isolation_level=None, check_same_thread=False)) as connection:

        def stamp() -> int | None:
            with guard:
                try:
                    return int(connection.execute("PRAGMA data_version").fetchone()[0])
                except sqlite3.Error:  # then the rows themselves are looked at
                    return None

        yield stamp
