"""A database with one thread: this module tests that what is read again is what is there."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert, select
from sqlalchemy.dialects import sqlite
from sqlmodel import col

from nudges.store.alone import open_alone
from nudges.store.engine import Database, fetch, fetch_all, fetch_many
from nudges.store.instants import UtcDateTime
from nudges.store.migrate import upgrade
from nudges.store.tables import SeenEventRow
from tests.store.rows import HERE, NOON

pytestmark = pytest.mark.sqlite_only
SEEN = select(col(SeenEventRow.event_id)).where(col(SeenEventRow.workspace_id) == bindparam("here"))
NEW = insert(SeenEventRow.__table__)  # type: ignore[attr-defined]


@pytest.fixture
def alone(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    (tmp_path / "alone.db").write_bytes(migrated.read_bytes())
    database = open_alone(f"sqlite:///{tmp_path}/alone.db")
    upgrade(database)
    yield database
    database.close()


def note(database: Database, *event_ids: str) -> None:
    with database.begin() as session:
        rows = [{"workspace_id": HERE, "event_id": one, "seen_at": NOON} for one in event_ids]
        assert fetch_many(session, NEW, rows) == len(event_ids)


def seen(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(row.event_id for row in fetch_all(session, SEEN, here=HERE))


def test_what_was_written_is_read(alone: Database) -> None:
    assert seen(alone) == []
    note(alone, "Ev1", "Ev2")
    assert seen(alone) == ["Ev1", "Ev2"]


def test_one_session_reads_until_something_is_written(alone: Database) -> None:
    with alone.reading() as first:
        pass
    with alone.reading() as second:
        assert second is first
    note(alone, "Ev1")
    with alone.reading() as third:
        assert third is not first
    alone.look_anew()
    with alone.reading() as fourth:
        assert fourth is not third


def test_what_is_read_in_a_transaction_is_not_taken_for_what_was_committed(alone: Database) -> None:
    with pytest.raises(ZeroDivisionError), alone.begin() as session:
        fetch(session, NEW, workspace_id=HERE, event_id="Ev1", seen_at=NOON)
        assert seen(alone) == ["Ev1"]  # there is one connection
        raise ZeroDivisionError
    alone.look_anew()
    assert seen(alone) == []


def test_who_reads_round_a_writing_goes_on_reading(alone: Database) -> None:
    with alone.reading() as session:
        assert fetch_all(session, SEEN, here=HERE) == []
        note(alone, "Ev1")
        assert len(fetch(session, SEEN, here=HERE).all()) == 1
        assert seen(alone) == ["Ev1"]


def test_a_reading_that_broke_is_not_given_again(alone: Database) -> None:
    with pytest.raises(ZeroDivisionError), alone.reading() as broken:
        raise ZeroDivisionError
    with alone.reading() as session:
        assert session is not broken


@pytest.mark.parametrize(
    "instant",
    [
        NOON,
        NOON + timedelta(microseconds=7),
        datetime(1, 1, 2, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 30, 5, 999999, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
    ],
    ids=str,
)
def test_an_instant_is_written_as_the_library_writes_it(instant: datetime) -> None:
    dialect = sqlite.dialect()  # type: ignore[no-untyped-call]
    ours, read = UtcDateTime().bind_processor(dialect), UtcDateTime().result_processor(dialect, None)
    library = sqlite.DATETIME().bind_processor(dialect)
    assert ours is not None
    assert read is not None
    assert library is not None
    assert ours(instant) == library(instant.astimezone(UTC))
    assert read(ours(instant)) == instant
