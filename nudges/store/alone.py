"""A scratch database with one thread and one connection: this module opens it, for rehearsals.

With two connections SQLite reads anew on the one what was written on the other, after each commit. With one there is
nothing to be read anew, and what was read holds until it is written.
"""

import sqlite3
from functools import partial
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from nudges.store.engine import STATEMENTS, Database, begin_writing, reading_session
from nudges.store.readings import Readings


def open_alone(url: str) -> Database:
    """Return the SQLite database behind this address; only the thread that opens it may use it, and nobody else."""
    writer = _engine(url, connect_args={"cached_statements": STATEMENTS})
    event.listen(writer, "connect", _prepare)
    event.listen(writer, "begin", begin_writing)
    raw = writer.raw_connection().driver_connection
    # Reading begins no transaction, and ends none that is being written.
    asks_only: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
    reader = _engine(url, creator=lambda: raw, **asks_only)
    reader.connect().close()  # now: what its first use sets would commit a transaction that is under way
    return Database(url, writer, reader, is_scratch=True, readings=Readings(partial(reading_session, reader)))


def _engine(url: str, **more: Any) -> Engine:
    return create_engine(url, poolclass=StaticPool, hide_parameters=True, **more)


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN, not the driver
    # It need not outlive the process, so a transaction is taken back from memory, and nothing waits for disk or locks;
    # its file goes with the rehearsal, whole, so what is deleted before that need not be overwritten.
    rules = ("locking_mode=EXCLUSIVE", "journal_mode=MEMORY", "synchronous=OFF", "foreign_keys=ON", "secure_delete=OFF")
    for pragma in rules:
        connection.execute(f"PRAGMA {pragma}")
