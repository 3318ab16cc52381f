"""What deleted rows leave behind: this module looks for it in a database's own files, and writes the files anew.

SQLite overwrites what is deleted (`secure_delete`), but not the copies that lie about in its pages since they were last
sorted; measured, one person in forty keeps one. PostgreSQL keeps a deleted row until it is vacuumed.
"""

from collections.abc import Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from nudges.errors import StorageError
from nudges.store.engine import Database, checkpoint
from nudges.store.tables import Row

NO_ROOM = "The database's files need as much free space again for a moment; it is tried again by itself."


def is_found(database: Database, traces: Sequence[bytes]) -> bool:
    """Return whether the bytes of one of these stand anywhere in a SQLite database's pages, in use or not.

    Asked of SQLite, never by opening the file ourselves: closing it would drop every lock that this process has on it,
    and the next process to leave would take the log for nobody's and delete it.
    """
    with closing(database.reader.raw_connection()) as raw:
        driver: Any = raw.driver_connection
        pages: bytes = driver.serialize()
    return any(one in pages for one in traces if one)


def write_anew(database: Database) -> bool:
    """Write the database's files anew without what was deleted; False when a reader was in the way: try again."""
    if not database.is_sqlite:
        _vacuum(database)
        return True
    try:
        with closing(database.writer.raw_connection()) as raw:
            driver: Any = raw.driver_connection
            (usual,) = driver.execute("PRAGMA secure_delete").fetchone()
            driver.execute("PRAGMA secure_delete=OFF")  # every page is new, so nothing of the old ones is to be blotted
            try:
                driver.execute("VACUUM")
            finally:
                driver.execute(f"PRAGMA secure_delete={int(usual)}")
    except Exception as error:
        raise StorageError(f"The database could not be written anew ({error}).", hint=NO_ROOM) from error
    return checkpoint(database)


def _vacuum(database: Database) -> None:
    """Let PostgreSQL give up deleted rows now; a table that it is about anyway is left to it."""
    tables = ", ".join(sorted(Row.metadata.tables))
    try:
        with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"VACUUM (SKIP_LOCKED) {tables}"))
    except SQLAlchemyError as error:
        raise StorageError("PostgreSQL could not vacuum the tables.", hint="It is tried again by itself.") from error
