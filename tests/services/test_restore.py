"""What a restore refuses, and where it is killed: this module is the tests that one good database is left."""

import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from nudges.errors import AlreadyRunning, StorageError, WrongKey
from nudges.services.keeping.back_up import back_up
from nudges.services.keeping.identity import COPIED
from nudges.services.own.preferences import stop
from nudges.store import people
from nudges.store.whole_copies import look_at
from tests.services.house import ANA, BILLING, TEAM, House, open_house
from tests.services.restoring import back, hold_reason, path_of, refused

IS_SOAK = bool(os.environ.get("NUDGER_SOAK"))
pytestmark = [pytest.mark.sqlite_only, *([pytest.mark.slow] if IS_SOAK else [])]
OUR_FILES = ("restore.py", "whole_copies.py", "carrying.py", "back_up.py")


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
