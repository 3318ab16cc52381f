"""Who this database is: this module is the tests of wrong keys, copies, and crashes at start."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from nudges.errors import WrongKey
from nudges.services.delivery.steer import release
from nudges.services.keeping.identity import COPIED, claim_identity
from nudges.store import instance
from nudges.store.engine import checkpoint
from nudges.store.marker import Marker
from tests.places import PLACES
from tests.services.house import ADMIN, DATABASE, House, a_text, open_house


def start(house: House, marker: Marker | None = None) -> str:
    """Start on the database of a house and return why it is held, if it is."""
    path = house.core.db.sqlite_path
    claim_identity(house.core, workspace_name="Test", marker=marker or (Marker(path) if path else None))
    with house.core.db.reading() as session:
        here = instance.workspace(session, house.core.workspace_id)
    assert here is not None
    return here.hold_reason


def copy_of(house: House, folder: Path) -> House:
    checkpoint(house.core.db)
    house.core.db.close()  # PostgreSQL copies only what nobody is connected to; the next look connects again
    shutil.copytree(house.folder.parent, folder)
    PLACES.settle(folder / DATABASE)
    return open_house(folder)


@pytest.fixture
def started(house: House) -> House:
    """A database that has started twice where it is; the fixture's own copying is behind it."""
    start(house)
    release(house.core, ADMIN)
    assert start(house) == ""
    return house


def test_another_key_is_refused_and_changes_nothing(started: House) -> None:
    with started.core.db.reading() as session:
        before = instance.instance(session)
    with pytest.raises(WrongKey):
        claim_identity(replace(started.core, key=b"x" * 32), workspace_name="Test", marker=None)
    with started.core.db.reading() as session:
        assert instance.instance(session) == before


def test_each_start_counts(started: House) -> None:
    def epoch() -> int:
        with started.core.db.reading() as session:
            found = instance.instance(session)
        assert found is not None
        return found.epoch

    before = epoch()
    start(started)
    assert epoch() == before + 1


def test_a_copied_database_starts_held_and_sends_nothing(started: House, tmp_path: Path) -> None:
    started.run(a_text(segments="billing"))
    started.at("2027-01-12 09:00")
    copy = copy_of(started, tmp_path / "copy")
    assert start(copy) == COPIED
    copy.at("2027-01-12 10:00")
    assert copy.messenger.standing == []
    assert start(started) == ""
    started.at("2027-01-12 10:00")
    assert len(started.messenger.standing) == 9
    copy.core.db.close()


def test_a_copy_stays_held_over_starts_until_somebody_says_so(started: House, tmp_path: Path) -> None:
    copy = copy_of(started, tmp_path / "copy")
    assert [start(copy) for _ in range(3)] == [COPIED] * 3
    assert release(copy.core, ADMIN)
    assert start(copy) == ""
    copy.core.db.close()


@pytest.mark.sqlite_only
def test_an_older_state_put_back_in_its_place_is_held(started: House, tmp_path: Path) -> None:
    path = started.core.db.sqlite_path
    assert path is not None
    checkpoint(started.core.db)
    shutil.copy(path, tmp_path / "backup.db")
    start(started)
    start(started)
    started.core.db.close()
    for rest in ("-wal", "-shm"):
        path.with_name(path.name + rest).unlink(missing_ok=True)
    path.write_bytes((tmp_path / "backup.db").read_bytes())  # the same file, so the same number on the disk
    again = open_house(started.folder.parent)
    assert start(again) == COPIED
    again.core.db.close()


@pytest.mark.sqlite_only
def test_a_database_without_its_marker_is_held(started: House) -> None:
    path = started.core.db.sqlite_path
    assert path is not None
    path.with_name(path.name + ".instance").unlink()
    assert start(started) == COPIED


@pytest.mark.sqlite_only
def test_a_crash_between_the_marker_and_the_commit_does_not_hold(started: House) -> None:
    class Crashing(Marker):
        def write(self, *, instance_id: str, epoch: int) -> None:
            super().write(instance_id=instance_id, epoch=epoch)
            raise KeyboardInterrupt

    path = started.core.db.sqlite_path
    assert path is not None
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            start(started, Crashing(path))
    assert start(started) == ""
