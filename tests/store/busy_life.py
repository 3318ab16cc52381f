"""A process that writes beside others: this module is one busy writer with its own connections.

Run with an address, a number of seconds and a name; it says `ready`, waits for a line, and in the end how often it
has written. See test_wal_stress.py.
"""

import sys
import time
from collections.abc import Callable
from contextlib import suppress

from nudges.errors import StorageError
from nudges.store import audit
from nudges.store.engine import Database, checkpoint, open_database
from tests.fakes import utc

AT_ONCE = 20  # rows of a transaction
NOW = utc("2027-01-12 10:00")
BETWEEN_CHECKPOINTS = 25


def write(database: Database, name: str, is_over: Callable[[], bool]) -> int:
    """Write one small transaction after the other, folding the log in now and then; return how many.

    Between processes SQLite gives turns by chance, so on a busy machine one may wait for longer than its patience; it
    tries again, as the app's jobs do.
    """
    done = 0
    while not is_over():
        with suppress(StorageError):
            with database.begin() as session:
                for _ in range(AT_ONCE):
                    audit.record(session, "T0", actor_id=name, action="write", subject=str(done), now=NOW)
            done += 1
            if done % BETWEEN_CHECKPOINTS == 0:
                checkpoint(database)
    return done


if __name__ == "__main__":
    mine = open_database(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    until = time.monotonic() + float(sys.argv[2])
    print(write(mine, sys.argv[3], lambda: time.monotonic() > until))
    mine.close()
