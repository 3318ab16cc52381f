"""Backup and restore: this module is the tests of what outlives them, and of a kill at any moment."""

import os
import shutil
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from nudges.errors import AlreadyRunning, StorageError, WrongKey
from nudges.services.core import Core
from nudges.services.delivery.steer import release
from nudges.services.keeping.back_up import back_up
from nudges.services.keeping.forget_person import forget
from nudges.services.keeping.identity import COPIED, claim_identity
from nudges.services.keeping.restore import Restored, restore
from nudges.services.own.preferences import stop
from nudges.store import forgotten, instance, people
from nudges.store.engine import Database
from nudges.store.marker import Marker
from nudges.store.process_lock import lock_database
from nudges.store.tables import AuditRow, DeliveryRow, ForgottenRow, PersonRow, PreferenceRow, ResponseRow
from nudges.store.whole_copies import look_at
from tests.services.house import ADMIN, ANA, BILLING, TEAM, House, a_text, open_house

IS_SOAK = bool(os.environ.get("NUDGER_SOAK"))
pytestmark = [pytest.mark.sqlite_only, *([pytest.mark.slow] if IS_SOAK else [])]
OUR_FILES = ("restore.py", "whole_copies.py", "carrying.py", "back_up.py")


def path_of(house: House) -> Path:
    found = house.core.db.sqlite_path
    assert found is not None
    return found


def back(house: House, backup: Path, **options: Any) -> Restored:
    """Restore over the database of a closed house."""

    def on(database: Database, workspace_id: str) -> Core:
        return replace(house.core, db=database, workspace_id=workspace_id)

    values: dict[str, Any] = {"key": house.core.key, "clock": house.clock, "core_on": on} | options
    return restore(path_of(house), backup, **values)


def reopened(house: House) -> House:
    """Start on what is in the database's place now; nothing is forgotten at Slack."""
    again = open_house(house.folder.parent, house.clock.now)
    again.messenger.standing = house.messenger.standing
    claim_identity(again.core, workspace_name="Test", marker=Marker(path_of(again)))
    return again


def hold_reason(house: House) -> str:
    with house.core.db.reading() as session:
        here = instance.workspace(session, TEAM)
    assert here is not None
    return here.hold_reason


@pytest.fixture
def running(house: House) -> House:
    """Nine people, a tip on Tuesday at ten; planned, not sent."""
    claim_identity(house.core, workspace_name="Test", marker=Marker(path_of(house)))
    release(house.core, ADMIN)
    house.run(a_text(segments="billing"))
    house.at("2027-01-12 09:00")
    return house


@pytest.fixture
def opened() -> Iterator[Callable[[House], House]]:
    """Reopen houses, and close them in the end."""
    houses: list[House] = []

    def open_again(house: House) -> House:
        houses.append(reopened(house))
        return houses[-1]

    yield open_again
    for one in houses:
        one.core.db.close()


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


def refused(house: House, backup: Path, error: type[StorageError], said: str, **options: Any) -> None:
    before = path_of(house).read_bytes()
    with pytest.raises(error, match=said):
        back(house, backup, **options)
    assert path_of(house).read_bytes() == before
    assert not list(path_of(house).parent.glob("*.restoring*"))
    assert not list(path_of(house).parent.glob("*.before-restore-*"))


def test_a_file_that_does_not_fit_is_refused_and_nothing_changes(running: House, tmp_path: Path) -> None:
    back_up(path_of(running), tmp_path / "backup.db")
    running.core.db.close()
    (tmp_path / "note.txt").write_text("no database")
    shutil.copy(tmp_path / "backup.db", tmp_path / "newer.db")
    for name, statement in (
        ("newer", "UPDATE alembic_version SET version_num = '9999'"),
        ("other", "CREATE TABLE x (y)"),
    ):
        with closing(sqlite3.connect(tmp_path / f"{name}.db")) as connection, connection:
            connection.execute(statement)

    refused(running, tmp_path / "none.db", StorageError, "There is no file")
    refused(running, tmp_path / "note.txt", StorageError, "no database of Nudger's")
    refused(running, tmp_path / "other.db", StorageError, "no database of Nudger's")
    refused(running, tmp_path / "newer.db", StorageError, "newer version")
    refused(running, tmp_path / "backup.db", WrongKey, "another secret key", key=b"x" * 32)


def test_a_damaged_backup_is_refused(running: House, tmp_path: Path) -> None:
    back_up(path_of(running), tmp_path / "backup.db")
    running.core.db.close()
    body = bytearray((tmp_path / "backup.db").read_bytes())
    body[8192:65536] = b"\xff" * (65536 - 8192)
    (tmp_path / "backup.db").write_bytes(body)
    refused(running, tmp_path / "backup.db", StorageError, "damaged")


def test_a_second_process_finds_the_lock_taken(tmp_path: Path) -> None:
    with lock_database(tmp_path / "nudger.db"), pytest.raises(AlreadyRunning):
        lock_database(tmp_path / "nudger.db")


def test_a_command_that_is_writing_just_now_keeps_a_restore_out(running: House, tmp_path: Path) -> None:
    back_up(path_of(running), tmp_path / "backup.db")
    with running.core.db.begin() as session, pytest.raises(AlreadyRunning, match="Somebody works on"):
        people.change_preference(session, TEAM, ANA, channel_id="D1")
        back(running, tmp_path / "backup.db")
    assert hold_reason(running) == ""


def test_a_present_database_that_cannot_be_read_wants_a_word_and_is_kept(
    running: House, tmp_path: Path, opened: Callable[[House], House]
) -> None:
    back_up(path_of(running), tmp_path / "backup.db")
    running.core.db.close()
    path_of(running).write_bytes(b"ruined")
    refused(running, tmp_path / "backup.db", StorageError, "present database cannot be read")

    done = back(running, tmp_path / "backup.db", is_present_lost=True)

    assert done.kept is not None and done.kept.read_bytes() == b"ruined"
    assert not done.was_readable
    assert hold_reason(opened(running)) == COPIED


def killed_at(moment: int, work: Callable[[], object]) -> bool:
    """Do the work in a process that is killed before the given line of ours; return whether it was."""
    child = os.fork()
    if child == 0:
        _die_at(moment)
        try:
            work()
        finally:
            sys.settrace(None)
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _die_at(moment: int) -> None:
    seen = 0

    def at_line(frame: FrameType, event: str, _value: object) -> Any:
        nonlocal seen
        if event == "line":
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)
        return at_line

    def at_call(frame: FrameType, _event: str, _value: object) -> Any:
        return at_line if frame.f_code.co_filename.endswith(OUR_FILES) else None

    sys.settrace(at_call)


@pytest.mark.timeout(1800)
def test_a_kill_at_any_moment_of_a_restore_leaves_one_good_database(running: House, tmp_path: Path) -> None:
    back_up(path_of(running), tmp_path / "backup.db")
    stop(running.core, BILLING[1])
    running.core.db.close()
    home, moment, kills, states = path_of(running).parent, 1, 0, set()
    step = 1 if IS_SOAK else 29

    while True:
        folder = tmp_path / "again"
        shutil.copytree(home, folder)
        here = open_house(folder, running.clock.now)
        here.core.db.close()
        was_killed = killed_at(moment, lambda here=here: back(here, tmp_path / "backup.db"))  # type: ignore[misc]
        states.add(_state(path_of(here)))
        if was_killed:
            assert back(here, tmp_path / "backup.db").was_readable  # and it can be done again
        assert _state(path_of(here)) == "restored"
        assert not [*folder.glob("*.partial"), *folder.glob("*.restoring*")]
        shutil.rmtree(folder)
        if not was_killed:
            break
        moment, kills = moment + step, kills + 1
    assert kills > (200 if IS_SOAK else 8)
    assert states == {"as it was", "restored"}


def _state(path: Path) -> str:
    """Return which of the two databases is in place; either must be sound, and the stop must be in it."""
    look_at(path)
    with closing(sqlite3.connect(path)) as connection:
        reasons = {row[0] for row in connection.execute("SELECT hold_reason FROM workspaces")}
        stopped = connection.execute("SELECT count(*) FROM preferences WHERE stopped_at IS NOT NULL").fetchone()
    assert stopped == (1,)
    assert reasons in ({""}, {COPIED})
    return "restored" if reasons == {COPIED} else "as it was"
