"""Whole copies of a SQLite database: this module is how one is written, looked at and put in another's place.

Each move is one rename or link of a finished file, so that a crash at any moment leaves the old file or the new one.
"""

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from nudges.errors import AlreadyRunning, StorageError

COMPANIONS = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a database


@dataclass(frozen=True)
class Look:
    """What a file says of itself."""

    revision: str
    instance_id: str  # empty: nothing was ever run on it
    key_fingerprint: str


def look_at(path: Path) -> Look:
    """Return what a database file says of itself; StorageError when it is damaged or not one of Nudger's."""
    try:
        with closing(_reading(path)) as connection:
            _check(connection, path)
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            known = connection.execute("SELECT instance_id, key_fingerprint FROM instance").fetchone()
    except sqlite3.Error as error:
        hint = "Give a file that `nudger backup` has written."
        raise StorageError(f"{path} is no database of Nudger's, or a damaged one ({error}).", hint=hint) from error
    return Look(str(revision[0]) if revision else "", *(known or ("", "")))


def write_copy(source: Path, target: Path) -> None:
    """Write one consistent file, also while others write; it appears whole, for its owner only, and over nothing."""
    if target.exists():
        raise _exists(target)
    with _translated(target):
        handle, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".partial", dir=target.parent)  # mode 0600
        os.close(handle)
        partial = Path(name)
        try:
            fill(source, partial)
            _publish(partial, target)
        finally:
            partial.unlink(missing_ok=True)


def fill(source: Path, target: Path) -> None:
    """Copy a database into an empty file, look whether it is sound, and wait for the disk."""
    with closing(_reading(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    finish(target)


def finish(path: Path) -> None:
    """Make a database one file without a log beside it, look whether it is sound, and wait for the disk."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        _check(connection, path)
    _sync(path)


def take_place(staged: Path, path: Path) -> None:
    """Put a finished file in the place of a sound database; AlreadyRunning when somebody works on that one."""
    with _translated(path), _alone(path):
        staged.replace(path)
        _sync(path.parent)


def move_aside(path: Path, kept: Path) -> None:
    """Give a damaged database another name, with all that lies beside it."""
    with _translated(path):
        for companion in ("", *COMPANIONS):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + companion).rename(kept.with_name(kept.name + companion))


def remove(path: Path) -> None:
    """Delete a database that was never finished."""
    for companion in ("", *COMPANIONS):
        path.with_name(path.name + companion).unlink(missing_ok=True)


def create_private(path: Path) -> None:
    """Make an empty file that only its owner may read."""
    with _translated(path):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Fold the log into the file and keep everybody out: a log left behind would be played into the next database."""
    if not path.exists():
        remove(path)
        yield
        return
    with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            hint = "Wait until other `nudger` commands have ended, then restore again."
            raise AlreadyRunning(f"Somebody works on {path.name} just now ({error}).", hint=hint) from error
        yield


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise StorageError(f"{path} is damaged: {verdict}.", hint="Use another copy.")


def _publish(partial: Path, target: Path) -> None:
    try:
        os.link(partial, target)  # unlike a rename it never replaces a file that appeared meanwhile
    except FileExistsError as error:
        raise _exists(target) from error
    except OSError:  # a disk without hard links
        if target.exists():
            raise _exists(target) from None
        partial.rename(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _exists(target: Path) -> StorageError:
    return StorageError(f"{target} exists already and was left as it is.", hint="Choose another name.")


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = "Look at the folder, its permissions and the disk's free space; the database is as it was."
        raise StorageError(f"{path} could not be written: {error.strerror or error}.", hint=hint) from error
    except sqlite3.Error as error:
        hint = "Look at the disk's free space; the database is as it was."
        raise StorageError(f"{path} could not be written: {error}.", hint=hint) from error
