"""What something took: this module reads the clock and the processor's time, that of PostgreSQL's processes with it."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import text

from nudges.store.engine import Database


class Took(NamedTuple):
    """Seconds by the clock and of the processor; "each" where it is one row's or one job's share."""

    seconds: float
    worked: float


@contextmanager
def timed(database: Database | None = None) -> Iterator[list[Took]]:
    """Give a list that holds what it took once it is over, the work of the database's own processes with it."""
    took: list[Took] = []
    served = _served(database)
    started, worked = time.perf_counter(), time.process_time()
    yield took
    worked = time.process_time() - worked
    took.append(Took(time.perf_counter() - started, worked + _served(database) - served))


def _served(database: Database | None) -> float:
    """Return the seconds of processor that PostgreSQL's processes have worked; SQLite works in our own."""
    if database is None or database.is_sqlite or not Path("/proc").exists():
        return 0.0
    with database.reading() as session:
        folder = session.execute(text("SHOW data_directory")).scalar_one()
    first = Path(folder, "postmaster.pid").read_text("utf-8").split()[0]
    ticks = 0
    for process in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # After the name: the parent is the second word, its own time the 12th and 13th, that of the ended next.
            words = process.read_text("utf-8").rpartition(")")[2].split()
            if process.parent.name == first or words[1] == first:
                ticks += sum(map(int, words[11 : 15 if process.parent.name == first else 13]))
    return ticks / os.sysconf("SC_CLK_TCK")
