"""After a new migration `python -m tests.store.write_newest_shape`: this module writes down the newest shapes."""

import tempfile
from pathlib import Path

from sqlalchemy import event

from nudges.store.engine import Database, open_database
from nudges.store.newest_shape import BETWEEN, file_for
from tests.places import PLACES
from tests.store.shapes import go

# rollup_triggers.py makes what is left out: triggers, and on PostgreSQL their functions.
_MAKING = ("CREATE TABLE", "CREATE INDEX", "CREATE UNIQUE INDEX", "ALTER TABLE", "DROP TABLE", "DROP INDEX")
_TABLES = """
    SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'trigger' AND name NOT LIKE 'sqlite_%'
    ORDER BY tbl_name, type DESC, name
"""


def migrated_shape(folder: Path) -> str:
    """Return what the file has to say for this run's kind of database, found by walking through all migrations."""
    database = open_database(PLACES.address(folder / "walked.db"))
    said: list[str] = []
    event.listen(database.writer, "before_cursor_execute", lambda *parts: said.append(parts[2].strip()))
    go(database, "head")
    shape = _shape(database, said)
    database.close()
    PLACES.leave(folder / "walked.db")
    return shape


def _shape(database: Database, said: list[str]) -> str:
    with database.writer.connect() as connection:
        # SQLite keeps the words; there a migration makes tables anew, which need not be repeated.
        made = list(connection.exec_driver_sql(_TABLES).scalars()) if database.is_sqlite else []
        revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    made = made or [statement for statement in said if statement.startswith(_MAKING)]
    return BETWEEN.join([*made, "INSERT INTO alembic_version VALUES " + f"('{revision}')"]) + "\n"


if __name__ == "__main__":
    for kind in ("sqlite", "postgresql"):
        PLACES.kind = kind
        with tempfile.TemporaryDirectory() as place:
            file_for(kind).write_text(migrated_shape(Path(place)), "utf-8")
    PLACES.close()
