"""The database's shape: this module brings it to the newest migration, or says how far it is."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from nudges.errors import StorageError
from nudges.store import newest_shape, rollup_triggers
from nudges.store.engine import Database
from nudges.store.postgres import storage_error

if TYPE_CHECKING:  # Alembic takes a tenth of a second to load, and a start that has nothing to migrate needs none
    from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Bring the database to the newest shape, a new one at once; each migration is done whole or not at all."""
    try:
        with database.writer.begin() as connection:
            newest_shape.make(connection)
            if _present(connection) == [newest()]:
                rollup_triggers.ensure(connection)
                return
        _migrate(database)
    except SQLAlchemyError as error:
        raise _said(error, "could not be brought to its newest shape") from error


def _migrate(database: Database) -> None:
    from alembic import command
    from alembic.util import CommandError

    try:
        with database.writer.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        hint = "Run the version of Nudger that last used it, or restore a backup from before."
        raise StorageError("This database has a shape that this version of Nudger does not know.", hint=hint) from error


def revisions(database: Database) -> tuple[str, str]:
    """Return the database's revision (empty for a new one) and the newest; StorageError when it cannot be read."""
    try:
        with database.writer.connect() as connection:
            present = "".join(_present(connection)[:1])
    except SQLAlchemyError as error:
        raise _said(error, "cannot be read") from error
    return present, newest()


def _said(error: SQLAlchemyError, what: str) -> StorageError:
    if isinstance(error, DBAPIError) and hasattr(error.orig, "sqlstate"):  # PostgreSQL: mostly not there, or not ours
        return storage_error(error)
    return StorageError(f"The database {what}: {getattr(error, 'orig', error)}.")


def newest() -> str:
    """Return the newest revision: migrations are one chain, and each file's name begins with its own."""
    return max(path.name.partition("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*_*.py"))


def knows(revision: str) -> bool:
    """Return whether this version of Nudger knows the shape; an empty one is that of a new database."""
    from alembic.script import ScriptDirectory

    return not revision or revision in {one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()}


def _present(connection: Connection) -> list[str]:
    if not inspect(connection).has_table("alembic_version"):
        return []
    return list(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars())


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config
