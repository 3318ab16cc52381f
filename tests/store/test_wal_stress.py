"""Writers, checkpoints and readers at once: this module is the tests that the write-ahead log keeps the database whole.

As in the app there is one writing connection, which alone checkpoints, and many that only read; and other processes
come and go beside it, as commands in a terminal do.
"""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from nudges.store.engine import Database, open_database
from nudges.store.migrate import upgrade
from nudges.store.tables import AuditRow
from tests.store.busy_life import AT_ONCE, write

IS_SOAK = os.environ.get("NUDGER_SOAK") == "1"
LENGTH_S = float(os.environ.get("NUDGER_SECONDS", "3600" if IS_SOAK else "3"))
WRITERS, READERS, OTHERS = 4, 4, 2
ROOT = Path(__file__).resolve().parents[2]
LIFE = [sys.executable, "-m", "tests.store.busy_life"]

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.timeout(LENGTH_S + 120)]


def look(database: Database, is_over: threading.Event) -> int:
    """Read until it is over; a reader sees whole transactions only, and one state from first to last."""
    done, query = 0, select(func.count()).select_from(AuditRow)
    while not is_over.is_set():
        with database.reading() as session:
            before = session.execute(query).scalar_one()
            assert before % AT_ONCE == 0, "a reader saw half a transaction"
            assert session.execute(query).scalar_one() == before, "a reader's state has changed under it"
        done += 1
        is_over.wait(0.01)
    return done


def test_writers_checkpoints_and_readers_at_once_leave_the_database_whole(tmp_path: Path) -> None:
    path = tmp_path / "busy.db"
    database = open_database(f"sqlite:///{path}")
    upgrade(database)
    commands = [[*LIFE, f"sqlite:///{path}", str(LENGTH_S), f"other-{number}"] for number in range(OTHERS)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    others = [subprocess.Popen(command, **pipes) for command in commands]  # type: ignore[call-overload]
    for other in others:
        assert other.stdout.readline() == "ready\n"

    is_over = threading.Event()
    for other in others:
        other.stdin.write("go\n")
        other.stdin.flush()
    until = time.monotonic() + LENGTH_S
    with ThreadPoolExecutor(WRITERS + READERS) as pool:
        looks = [pool.submit(look, database, is_over) for _ in range(READERS)]
        writes = [pool.submit(write, database, f"{one}", lambda: time.monotonic() > until) for one in range(WRITERS)]
        try:
            written = [one.result() for one in writes]
        finally:
            is_over.set()  # a run that has failed ends too
        looked = [one.result() for one in looks]
    told = [int(other.communicate(timeout=60)[0]) for other in others]
    database.close()

    print(f"{sum(written)} transactions here, {sum(told)} in {OTHERS} other processes, {sum(looked)} looks")
    with closing(sqlite3.connect(path)) as found:
        assert found.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert found.execute("SELECT count(*) FROM audit").fetchone()[0] == (sum(written) + sum(told)) * AT_ONCE
    assert min(sum(written), sum(told), sum(looked)) > 0
