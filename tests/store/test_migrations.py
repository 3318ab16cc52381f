"""The database's shape: this module is the tests that migrations and tables say the same, all or nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, inspect, text

from nudges.errors import StorageError
from nudges.store import migrate, newest_shape
from nudges.store.engine import Database, open_database
from nudges.store.tables import Row
from tests.places import PLACES
from tests.store.shapes import a_copy, go, steps
from tests.store.write_newest_shape import migrated_shape

SQLITE = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
OURS = "'public'::regnamespace"
POSTGRESQL = f"""
    SELECT 'column', attrelid::regclass::text || '.' || attname, attrelid::regclass::text,
           concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity, pg_get_expr(adbin, adrelid))
      FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
           LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     WHERE relnamespace = {OURS} AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
    UNION ALL SELECT 'index', indexname, tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'rule', conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
     WHERE connamespace = {OURS}
    UNION ALL SELECT 'trigger', tgname, tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger
     WHERE NOT tgisinternal
    UNION ALL SELECT 'function', proname, '', prosrc FROM pg_proc WHERE pronamespace = {OURS}
    ORDER BY 1, 2, 3, 4
"""


def schema(db: Database) -> list[tuple[str, ...]]:
    with db.writer.connect() as connection:
        return [tuple(row) for row in connection.execute(text(SQLITE if db.is_sqlite else POSTGRESQL))]


def test_the_migrations_make_exactly_the_tables(db: Database) -> None:
    with db.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Row.metadata) == []


def test_a_new_database_is_made_as_all_migrations_would_make_it(tmp_path: Path) -> None:
    written = newest_shape.file_for(PLACES.kind).read_text("utf-8")
    advice = "After a new migration: .venv/bin/python -m tests.store.write_newest_shape"
    assert written == migrated_shape(tmp_path), advice


def test_a_new_database_whose_making_breaks_halfway_is_still_empty_and_made_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    db = open_database(PLACES.address(path))
    with pytest.raises(KeyboardInterrupt):
        _break_at(db, migrate.upgrade, at=40)
    assert inspect(db.writer).get_table_names() == []
    migrate.upgrade(db)
    assert migrate.revisions(db)[0] == migrate.newest()
    db.close()
    PLACES.leave(path)


def test_two_processes_that_find_an_empty_database_make_it_once(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    databases = [open_database(PLACES.address(path)) for _ in range(2)]
    with ThreadPoolExecutor() as threads:
        list(threads.map(migrate.upgrade, databases))
    assert migrate.revisions(databases[0])[0] == migrate.newest()
    for database in databases:
        database.close()
    PLACES.leave(path)


def test_up_down_and_up_again_ends_in_the_same_shape(db: Database) -> None:
    before = schema(db)
    go(db, "base")
    assert [row for row in schema(db) if "alembic_version" not in row[1] + row[2]] == []
    go(db, "head")
    assert schema(db) == before


def test_bringing_it_to_the_newest_shape_twice_changes_nothing(db: Database) -> None:
    before = schema(db)
    migrate.upgrade(db)
    assert schema(db) == before
    present, newest = migrate.revisions(db)
    assert present == newest != ""


@pytest.mark.parametrize("revision", steps())
def test_a_migration_that_breaks_halfway_leaves_the_old_shape(
    revision: str, shapes: dict[str, Path], tmp_path: Path
) -> None:
    total = _statements_of(revision, a_copy(shapes[revision], tmp_path / "dry.db"))
    db = open_database(PLACES.address(a_copy(shapes[revision], tmp_path / "broken.db")))
    before = schema(db)
    for at in sorted({1, total // 2, total - 1}):
        with pytest.raises((StorageError, KeyboardInterrupt)):
            _break_at(db, partial(go, revision=revision), at)
        assert schema(db) == before, f"broken at statement {at} of {total}"
    migrate.upgrade(db)
    assert migrate.revisions(db)[0] == migrate.revisions(db)[1]
    db.close()


def _statements_of(revision: str, path: Path) -> int:
    db = open_database(PLACES.address(path))
    seen: list[str] = []
    event.listen(db.writer, "before_cursor_execute", lambda *parts: seen.append(parts[2]))
    go(db, revision)
    db.close()
    return len(seen)


def _break_at(db: Database, change: Callable[[Database], None], at: int) -> None:
    left = [at]

    def count(*_parts: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt

    event.listen(db.writer, "before_cursor_execute", count)
    try:
        change(db)
    finally:
        event.remove(db.writer, "before_cursor_execute", count)


def test_an_older_database_with_people_in_it_keeps_them_on_the_way_up(tmp_path: Path) -> None:
    db = open_database(PLACES.address(tmp_path / "old.db"))
    go(db, steps()[0])
    with db.begin() as session:
        session.execute(text("INSERT INTO forgotten VALUES ('T1', 'hash', '2027-01-01 00:00:00')"))
    migrate.upgrade(db)
    assert "forgotten" in inspect(db.writer).get_table_names()
    with db.reading() as session:
        assert session.execute(text("SELECT count(*) FROM forgotten")).scalar_one() == 1
    db.close()


def test_the_newest_file_is_the_end_of_the_chain() -> None:
    assert migrate.newest() == ScriptDirectory.from_config(migrate._config()).get_current_head()
