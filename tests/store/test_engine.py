"""Sessions: this module is the tests of begin(), readers, instants and busy writers."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select, text

from nudges.errors import StorageError
from nudges.store import audit, instance, responses
from nudges.store.engine import Database, UtcDateTime, open_database
from nudges.store.tables import SeenEventRow
from tests.store.rows import HERE, NOON


def lines(db: Database) -> int:
    with db.reading() as session:
        return len(audit.lines(session, HERE))


def write(db: Database, action: str = "look") -> None:
    with db.begin() as session:
        audit.record(session, HERE, actor_id="U1", action=action, now=NOON)


def test_what_is_written_stands_after_the_block(db: Database) -> None:
    write(db)
    assert lines(db) == 1


def test_an_error_in_the_block_leaves_nothing_behind(db: Database) -> None:
    with pytest.raises(RuntimeError), db.begin() as session:
        audit.record(session, HERE, actor_id="U1", action="look", now=NOON)
        session.flush()
        raise RuntimeError
    assert lines(db) == 0


def test_work_beyond_the_patience_is_not_stored(db: Database) -> None:
    with pytest.raises(StorageError, match="too slow"), db.begin(patience=timedelta(0)) as session:
        audit.record(session, HERE, actor_id="U1", action="look", now=NOON)
    assert lines(db) == 0


def test_waiting_for_another_writer_counts_as_slowness_too(db: Database) -> None:
    db = db.of_workspace(HERE)
    is_held, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        with db.begin() as session:
            instance.workspace(session, HERE)  # the lock is taken with the first statement
            is_held.set()
            assert may_go.wait(5)

    with ThreadPoolExecutor() as pool:
        holding = pool.submit(hold)
        assert is_held.wait(5)
        timer = threading.Timer(0.1, may_go.set)
        timer.start()
        with pytest.raises(StorageError, match="too slow"), db.begin(patience=timedelta(milliseconds=50)) as session:
            audit.record(session, HERE, actor_id="U1", action="look", now=NOON)
        holding.result(5)
    assert lines(db) == 0


def test_a_reader_cannot_write(db: Database) -> None:
    with pytest.raises(StorageError), db.reading() as session:
        session.execute(text("DELETE FROM audit"))


def test_a_reader_sees_one_moment_however_long_it_reads(db: Database) -> None:
    write(db)
    with db.reading() as session:
        before = len(audit.lines(session, HERE))
        write(db)
        assert len(audit.lines(session, HERE)) == before == 1
    assert lines(db) == 2


@pytest.mark.sqlite_only
def test_the_pragmas_that_keep_a_power_cut_harmless_are_set(db: Database) -> None:
    with db.begin() as session:
        assert session.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert session.execute(text("PRAGMA synchronous")).scalar_one() == 2
    with db.reading() as session:
        assert session.execute(text("PRAGMA wal_autocheckpoint")).scalar_one() == 0


def test_an_instant_without_a_zone_is_refused(db: Database) -> None:
    with pytest.raises(StorageError), db.begin() as session:
        responses.see_event(session, HERE, "Ev1", datetime(2027, 1, 12))
        session.flush()
    with pytest.raises(ValueError, match="aware"):
        UtcDateTime().process_bind_param(datetime(2027, 1, 12), db.writer.dialect)


def test_an_instant_comes_back_aware_and_in_utc(db: Database) -> None:
    in_kolkata = datetime(2027, 1, 12, 10, 0, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    with db.begin() as session:
        responses.see_event(session, HERE, "Ev1", in_kolkata)
    with db.reading() as session:
        (found,) = session.execute(select(SeenEventRow.seen_at)).one()
    assert found == in_kolkata
    assert found.tzinfo is UTC


def test_eight_busy_writers_all_get_their_turn(db: Database) -> None:
    def work(name: int) -> None:
        for number in range(15):
            write(db, f"{name}-{number}")
            assert lines(db) > 0

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(work, name) for name in range(8)]:
            done.result(60)
    assert lines(db) == 120


def test_two_processes_writing_wait_for_each_other(db: Database) -> None:
    db, other = db.of_workspace(HERE), open_database(db.url).of_workspace(HERE)
    with other.begin() as session:
        audit.record(session, HERE, actor_id="U1", action="other", now=NOON)
        session.flush()
        with ThreadPoolExecutor() as pool:
            waiting = pool.submit(write, db)
            with pytest.raises(TimeoutError):
                waiting.result(0.05)
            session.commit()
            waiting.result(10)
    other.close()
    assert lines(db) == 2


def test_however_many_threads_of_a_process_wait_it_stands_in_the_servers_queue_only_once(db: Database) -> None:
    db, other = db.of_workspace(HERE), open_database(db.url).of_workspace(HERE)
    pool: Any = db.writer.pool
    with ThreadPoolExecutor(12) as threads:
        with other.begin() as session:
            audit.record(session, HERE, actor_id="U1", action="other", now=NOON)
            session.flush()
            waiting = [threads.submit(write, db, str(number)) for number in range(12)]
            most, until = 0, time.monotonic() + 0.3
            while time.monotonic() < until:  # a process that is suspended now holds the turn once, not twelve times
                most = max(most, pool.checkedout())
                time.sleep(0.01)
        for done in waiting:
            done.result(30)
    other.close()
    assert most == 1
    assert lines(db) == 13


def test_a_database_that_cannot_be_opened_says_so(db: Database) -> None:
    with pytest.raises(StorageError):
        open_database("sqlite:////nowhere/at/all/nudger.db")
    with pytest.raises(StorageError, match="memory"):
        open_database("sqlite://")


def test_a_missing_table_is_a_storage_error_and_no_foreign_one(db: Database) -> None:
    with db.begin() as session:
        session.execute(text("DROP TABLE workspaces"))
    with pytest.raises(StorageError), db.reading() as session:
        instance.workspace(session, HERE)
