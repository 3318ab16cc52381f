"""A backup: this module writes one consistent file of the database while everything goes on."""

from dataclasses import dataclass
from pathlib import Path

from nudges.errors import StorageError
from nudges.store.whole_copies import look_at, write_copy


@dataclass(frozen=True)
class Backup:
    """What was written."""

    revision: str  # the shape of the database, as its migrations are named
    size: int


def back_up(database: Path, target: Path) -> Backup:
    """Copy the database into a new file, complete or not at all; StorageError says why it could not be."""
    if not database.is_file():
        hint = "Look at DATABASE_URL, and run this in the folder where Nudger runs."
        raise StorageError(f"There is no database at {database} yet, so nothing was backed up.", hint=hint)
    found = look_at(database)
    write_copy(database, target)
    return Backup(found.revision, target.stat().st_size)
