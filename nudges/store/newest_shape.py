"""A new database at once: this module makes the tables that all migrations together would make.

For each kind of database they are written down in a file, and a test holds it equal to the migrations. Walking through
them all takes a quarter of a start, and leaves behind twelve megabytes that nobody needs again. A file that is older
than the newest migration does no harm: the rest is then migrated.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

BETWEEN = ";\n\n"
_FOLDER = Path(__file__).parent / "migrations"
# Of two processes that find an empty database at once, the second waits and then finds it made.
_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended('nudger: the newest shape', 0))")


def file_for(dialect: str) -> Path:
    """Return where the shape of such a database is written down."""
    return _FOLDER / f"newest_{dialect}.sql"


def make(connection: Connection) -> None:
    """Make every table and note their revision, in an empty database only. Needs an open transaction."""
    dialect = connection.dialect.name
    if not _is_empty(connection):
        return
    if dialect == "postgresql":
        connection.execute(_TURN)
        if not _is_empty(connection):
            return
    for statement in file_for(dialect).read_text("utf-8").rstrip().split(BETWEEN):
        connection.exec_driver_sql(statement)


def _is_empty(connection: Connection) -> bool:
    return not inspect(connection).get_table_names()
