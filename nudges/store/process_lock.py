"""One process on a SQLite database: this module is the lock that a running Nudger holds."""

from pathlib import Path

from filelock import FileLock, Timeout

from nudges.errors import AlreadyRunning


def lock_database(path: Path) -> FileLock:
    """Return the held lock of a database; AlreadyRunning when another process has it."""
    lock = FileLock(f"{path}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise AlreadyRunning(f"Another Nudger already works on {path.name}.") from error
    return lock
