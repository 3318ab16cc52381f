"""One process on a SQLite database: this module is the lock that a running Nudger holds."""

from pathlib import Path

from filelock import FileLock, Timeout

from nudges.errors import AlreadyRunning, StorageError


def lock_database(path: Path) -> FileLock:
    """Return the held lock of a database; AlreadyRunning when another has it, StorageError when it may not."""
    lock = FileLock(f"{path}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise AlreadyRunning(f"Another Nudger already works on {path.name}.") from error
    except OSError as error:
        raise StorageError(f"The folder of {path.name} cannot be written to ({error.strerror}).") from error
    return lock
