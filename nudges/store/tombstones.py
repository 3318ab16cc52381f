"""Who asked to be forgotten, kept beside the database: this module is a list that outlives going back to a backup.

Keyed hashes only. A backup is older than some of its lines, and nothing that replaces the database replaces the list.
"""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nudges.errors import StorageError
from nudges.store.engine import Database

SUFFIX = ".forgotten"


@dataclass(frozen=True)
class Tombstone:
    """Somebody asked to be forgotten, or, lifted, to begin anew."""

    workspace_id: str
    person_hash: str
    at: datetime
    is_lifted: bool = False

    @property
    def whose(self) -> tuple[str, str]:
        """Return whom it is about."""
        return self.workspace_id, self.person_hash


class TombstoneFile:
    """One line for each asking, the newest last; only ever added to while Nudger runs."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[tuple[str, str], Tombstone]:
        """Return the last word about everybody; a line that was cut off by a crash counts for nothing."""
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError) as error:
            raise _fault(self.path, "read", error) from error
        found = (_tombstone(line) for line in lines)
        return {one.whose: one for one in found if one is not None}

    def add(self, new: Sequence[Tombstone]) -> None:
        """Add lines and wait for the disk; StorageError when they could not be written."""
        if not new:
            return
        body = "\n" + "".join(_line(one) for one in new)  # first a line's end: the last one may have been cut off
        try:
            handle = os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _fault(self.path, "written", error) from error

    def replace(self, wanted: Iterable[Tombstone]) -> None:
        """Write the whole list anew, for its owner only, in one move."""
        fresh = TombstoneFile(self.path.with_name(self.path.name + ".new"))
        try:
            fresh.path.unlink(missing_ok=True)
            fresh.path.touch(mode=0o600)
            fresh.add(list(wanted))
            fresh.path.replace(self.path)
        except OSError as error:
            raise _fault(self.path, "written", error) from error


def beside(database: Path) -> TombstoneFile:
    """Return the list of a database file."""
    return TombstoneFile(database.with_name(database.name + SUFFIX))


def list_of(database: Database) -> TombstoneFile | None:
    """Return the list beside a database; None where there is no place for one: PostgreSQL, and what is thrown away."""
    path = database.sqlite_path
    return None if path is None or database.is_scratch else beside(path)


def _line(one: Tombstone) -> str:
    when = "lifted_at" if one.is_lifted else "forgotten_at"
    body = {"workspace_id": one.workspace_id, "person_hash": one.person_hash, when: one.at.isoformat()}
    return json.dumps(body) + "\n"


def _tombstone(line: str) -> Tombstone | None:
    try:
        body = json.loads(line)
        is_lifted = "lifted_at" in body
        at = datetime.fromisoformat(body["lifted_at" if is_lifted else "forgotten_at"])
        found = Tombstone(str(body["workspace_id"]), str(body["person_hash"]), at, is_lifted)
    except (ValueError, KeyError, TypeError):
        return None
    return found if at.tzinfo else None


def _fault(path: Path, what: str, error: Exception) -> StorageError:
    hint = "Look at the folder, its permissions and the disk's free space, then try again."
    return StorageError(
        f"{path.name}, the list of who asked to be forgotten, could not be {what} ({error}).", hint=hint
    )
