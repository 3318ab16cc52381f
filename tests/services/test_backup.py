"""Backup and restore: this module is the tests of what outlives them, and that nothing is sent twice or lost."""

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from nudges.errors import AlreadyRunning, StorageError
from nudges.services.delivery.steer import release
from nudges.services.keeping.back_up import back_up
from nudges.services.keeping.forget_person import forget
from nudges.services.keeping.identity import COPIED
from nudges.services.own.preferences import stop
from nudges.store import forgotten, people
from nudges.store.process_lock import lock_database
from nudges.store.tables import AuditRow, DeliveryRow, ForgottenRow, PersonRow, PreferenceRow, ResponseRow
from nudges.store.whole_copies import look_at
from tests.services.house import ADMIN, ANA, BILLING, TEAM, House
from tests.services.restoring import back, hold_reason, path_of

IS_SOAK = bool(os.environ.get("NUDGER_SOAK"))
pytestmark = [pytest.mark.sqlite_only, *([pytest.mark.slow] if IS_SOAK else [])]


def test_a_backup_is_one_private_file_with_everything_that_was_committed(running: House, tmp_path: Path) -> None:
    made = back_up(path_of(running), tmp_path / "backup.db")

    assert [file.name for file in tmp_path.glob("backup*")] == ["backup.db"]
    assert (tmp_path / "backup.db").stat().st_mode & 0o777 == 0o600
    assert made.revision == look_at(tmp_path / "backup.db").revision != ""
    with closing(sqlite3.connect(tmp_path / "backup.db")) as copy:
        assert copy.execute("SELECT count(*) FROM deliveries WHERE status = 'planned'").fetchone() == (9,)


def test_a_backup_never_writes_over_a_file(running: House, tmp_path: Path) -> None:
    (tmp_path / "backup.db").write_text("precious")
    with pytest.raises(StorageError, match="exists already"):
        back_up(path_of(running), tmp_path / "backup.db")
    assert (tmp_path / "backup.db").read_text() == "precious"


def test_a_backup_that_cannot_be_written_leaves_nothing(running: House, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="could not be written"):
        back_up(path_of(running), tmp_path / "nowhere" / "backup.db")
    with pytest.raises(StorageError, match="There is no database"):
        back_up(tmp_path / "none.db", tmp_path / "backup.db")
    assert not list(tmp_path.glob("backup*"))


def test_a_backup_during_writes_holds_whole_transactions_only(running: House, tmp_path: Path) -> None:
    # Each transaction writes a pair of rows, so a torn copy would hold an odd number or fail its check.
    ended, written = threading.Event(), threading.Event()

    def write() -> None:
        for number in range(100_000):
            if ended.is_set():
                return
            with running.core.db.begin() as session:
                for half in ("a", "b"):
                    people.change_preference(session, TEAM, f"U{number}{half}", channel_id="D" * 200)
            written.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert written.wait(10)
    for number in range(10):
        back_up(path_of(running), tmp_path / f"{number}.db")
    ended.set()
    writer.join()

    counts = []
    for number in range(10):
        with closing(sqlite3.connect(tmp_path / f"{number}.db")) as copy:
            counts += copy.execute("SELECT count(*) FROM preferences WHERE channel_id <> ''").fetchone()
    assert all(count % 2 == 0 for count in counts)
    assert len(set(counts)) > 1, "nothing was written meanwhile"
    assert counts == sorted(counts)


def test_a_restored_database_sends_nothing_until_it_is_resumed(
    running: House, tmp_path: Path, opened: Callable[[House], House]
) -> None:
    back_up(path_of(running), tmp_path / "backup.db")
    running.core.db.close()

    done = back(running, tmp_path / "backup.db")

    again = opened(running)
    assert hold_reason(again) == COPIED
    again.at("2027-01-12 10:00")
    assert again.messenger.standing == []
    release(again.core, ADMIN)
    again.tick()
    assert len(again.messenger.standing) == 9
    assert done.kept is not None and look_at(done.kept).instance_id == look_at(path_of(again)).instance_id
    assert done.kept.stat().st_mode & 0o777 == 0o600
    assert len(again.rows(AuditRow, action="restore")) == 1


def test_what_was_sent_since_the_backup_is_not_sent_again(
    running: House, tmp_path: Path, opened: Callable[[House], House]
) -> None:
    back_up(path_of(running), tmp_path / "backup.db")
    running.at("2027-01-12 10:00")
    running.core.db.close()

    done = back(running, tmp_path / "backup.db")

    again = opened(running)
    release(again.core, ADMIN)
    again.walk("2027-01-15 18:00")
    assert done.sent == 9
    assert len(again.messenger.standing) == 9
    assert again.messenger.doubled() == 0
    assert again.states() == {"sent": 9}


def test_a_backup_of_the_middle_of_a_wave_doubles_and_loses_nothing(
    running: House, tmp_path: Path, opened: Callable[[House], House]
) -> None:
    # The copy is taken while a message is at Slack and its row is still in `sending`.
    def copy_once(_person_id: str, _message: object) -> None:
        if len(running.messenger.standing) == 4 and not (tmp_path / "backup.db").exists():
            back_up(path_of(running), tmp_path / "backup.db")

    running.messenger.before_send = copy_once
    running.at("2027-01-12 10:00")
    running.core.db.close()
    for companion in ("", "-wal", "-shm"):  # the disk is lost, the backup is all there is
        path_of(running).with_name(path_of(running).name + companion).unlink(missing_ok=True)

    done = back(running, tmp_path / "backup.db")

    again = opened(running)
    release(again.core, ADMIN)
    again.walk("2027-01-15 18:00")
    assert done.kept is None
    assert again.messenger.doubled() == 0
    assert again.states() == {"sent": 9}


def test_people_who_asked_to_be_forgotten_stay_forgotten(
    running: House, tmp_path: Path, opened: Callable[[House], House]
) -> None:
    back_up(path_of(running), tmp_path / "backup.db")
    forget(running.core, ANA)
    with running.core.db.reading() as session:
        (tombstone,) = forgotten.hashes(session, TEAM)
    running.core.db.close()

    done = back(running, tmp_path / "backup.db")

    again = opened(running)
    assert done.forgotten == 1
    for table in (PersonRow, PreferenceRow, DeliveryRow, ResponseRow):
        assert not again.rows(table, person_id=ANA)
    assert [row.person_hash for row in again.rows(ForgottenRow)] == [tombstone]
    release(again.core, ADMIN)
    again.walk("2027-01-15 18:00")
    assert not again.messenger.sent_to(ANA)
    assert len(again.messenger.standing) == 8


def test_people_who_stopped_since_the_backup_stay_stopped(
    running: House, tmp_path: Path, opened: Callable[[House], House]
) -> None:
    back_up(path_of(running), tmp_path / "backup.db")
    stop(running.core, BILLING[1])
    running.core.db.close()

    back(running, tmp_path / "backup.db")

    again = opened(running)
    release(again.core, ADMIN)
    again.at("2027-01-12 10:00")
    assert not again.messenger.sent_to(BILLING[1])
    assert len(again.messenger.standing) == 8


def test_a_second_process_finds_the_lock_taken(tmp_path: Path) -> None:
    with lock_database(tmp_path / "nudger.db"), pytest.raises(AlreadyRunning):
        lock_database(tmp_path / "nudger.db")
