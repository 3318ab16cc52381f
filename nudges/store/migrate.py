"""The database's shape: this module brings it to the newest migration, or says how far it is."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from nudges.errors import StorageError
from nudges.store.engine import Database

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Bring the database to the newest shape; each migration is done whole or not at all."""
    try:
        with database.writer.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        hint = "Run the version of Nudger that last used it, or restore a backup from before."
        raise StorageError("This database has a shape that this version of Nudger does not know.", hint=hint) from error
    except SQLAlchemyError as error:
        raise StorageError(f"The database could not be brought to its newest shape: {error}.") from error


def revisions(database: Database) -> tuple[str, str]:
    """Return the database's revision (empty for a new one) and the newest; StorageError when it cannot be read."""
    try:
        with database.writer.connect() as connection:
            present = MigrationContext.configure(connection).get_current_revision() or ""
    except SQLAlchemyError as error:
        raise StorageError(f"The database cannot be read: {error}.") from error
    return present, ScriptDirectory.from_config(_config()).get_current_head() or ""


def knows(revision: str) -> bool:
    """Return whether this version of Nudger knows the shape; an empty one is that of a new database."""
    return not revision or revision in {one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config
