"""The database's shapes: this module walks up the migrations and keeps the shape before each, to be copied."""

import shutil
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from nudges.store import migrate
from nudges.store.engine import Database, open_database
from tests.places import PLACES


def steps() -> list[str]:
    """Return the revisions, oldest first."""
    found = ScriptDirectory.from_config(migrate._config()).walk_revisions()
    return [script.revision for script in reversed(list(found))]


def go(db: Database, revision: str) -> None:
    """Take the database to a revision, as its start would."""
    config = migrate._config()
    with db.writer.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if revision == "base" else command.upgrade)(config, revision)


def shapes_before(folder: Path) -> dict[str, Path]:
    """Return an empty database in the shape before each revision, by revision."""
    walking = folder / "walking.db"
    found = {}
    for revision in steps():
        db = open_database(PLACES.address(walking))
        with db.reading():
            pass  # the first one has no file yet
        db.close()
        found[revision] = a_copy(walking, folder / f"before-{revision}.db")
        db = open_database(PLACES.address(walking))
        go(db, revision)
        db.close()
    return found


def a_copy(shape: Path, path: Path) -> Path:
    """Return the path of a database like the one of this shape."""
    shutil.copy(shape, path)
    PLACES.settle(path)
    return path
