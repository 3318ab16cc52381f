"""A migration killed anywhere: this module is the tests that the database then opens, is whole and goes on upwards."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Float, Integer, MetaData, event, insert, text

from nudges.store import migrate
from nudges.store.engine import Database, checkpoint, open_database
from tests.places import PLACES
from tests.store.shapes import a_copy, go, steps
from tests.store.test_migrations import schema

IS_LONG = bool(os.environ.get("NUDGER_SOAK"))
ROWS = int(os.environ.get("NUDGER_ROWS", "4000" if IS_LONG else "20"))  # in each table; in the long form 100,000 in all
DROPPED = {"past_reports"}  # by a later migration
NOON = datetime(2027, 1, 12, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def newest(migrated: Path) -> Iterator[list[tuple[str, ...]]]:
    database = open_database(PLACES.address(migrated))
    yield schema(database)
    database.close()


@pytest.mark.slow
@pytest.mark.timeout(7200 if IS_LONG else 180)
@pytest.mark.parametrize("revision", steps())
def test_a_migration_killed_at_any_statement_goes_on_at_the_next_start(
    revision: str, shapes: dict[str, Path], newest: list[tuple[str, ...]], tmp_path: Path
) -> None:
    before = a_copy(shapes[revision], tmp_path / "before.db")
    rows = _fill(before)
    total = _run(before, tmp_path / "dry.db", revision, kill_at=None)
    for at in range(total + 1) if IS_LONG else (total // 2, total):
        killed = tmp_path / f"{at}.db"
        _run(before, killed, revision, kill_at=at)
        database = open_database(PLACES.address(killed))
        migrate.upgrade(database)
        assert schema(database) == newest, f"killed at statement {at} of {total}"
        kept = {name: count for name, count in rows.items() if name not in DROPPED}
        assert _counts(database, kept) == kept
        database.close()
        PLACES.leave(killed)
        killed.unlink()


def _fill(path: Path) -> dict[str, int]:
    """Put rows into each table; return how many are in each."""
    database = open_database(PLACES.address(path))
    tables = MetaData()
    tables.reflect(database.writer)
    names = sorted(
        name for name in tables.tables if name not in ("alembic_version", "instance") and "rollup" not in name
    )
    with database.begin() as session:
        for name in names:
            columns = tables.tables[name].columns
            values = [{one.name: _value(one, number) for one in columns} for number in range(1, ROWS + 1)]
            session.execute(insert(tables.tables[name]), values)
    found = _counts(database, dict.fromkeys(names, 0))
    checkpoint(database)
    database.close()
    return found


def _counts(database: Database, names: dict[str, int]) -> dict[str, int]:
    with database.reading() as session:
        return {name: session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}


def _value(column: Column[Any], number: int) -> Any:
    for kind, value in ((JSON, {}), (Boolean, False), (DateTime, NOON), (Date, date(2027, 1, 12)), (Float, 1.0)):
        if isinstance(column.type, kind):
            return value
    return number if isinstance(column.type, Integer) else f"x{number}"


def _run(before: Path, path: Path, revision: str, *, kill_at: int | None) -> int:
    """Take the step on a copy in a process of its own, killed before that statement or before COMMIT; count them."""
    a_copy(before, path)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _take_step(path, revision, kill_at, writing)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    told = os.read(reading, 4096)
    os.close(reading)
    assert status == (0 if kill_at is None else signal.SIGKILL), f"the child ended with {status}"
    return len(told)


def _take_step(path: Path, revision: str, kill_at: int | None, writing: int) -> None:
    seen = 0

    def kill(*_: object) -> None:
        if seen == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def count(*_: object) -> None:
        nonlocal seen
        kill()
        seen += 1
        os.write(writing, b".")

    try:
        database = open_database(PLACES.address(path))
        event.listen(database.writer, "before_cursor_execute", count)
        event.listen(database.writer, "commit", kill)
        go(database, revision)
        os._exit(0)
    finally:
        os._exit(1)
