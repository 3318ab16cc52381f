"""Statements past the library: this module tests that they give what it gives, and leave it what it alone can do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, event, insert, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.errors import StorageError
from nudges.store import quick
from nudges.store.engine import Database, fetch, fetch_many
from nudges.store.tables import FlagRow, SeenEventRow
from tests.store.rows import HERE, NOON

pytestmark = pytest.mark.sqlite_only  # elsewhere the library is asked for everything
EVENTS = [f"Ev{number}" for number in range(70)]
SEEN = (
    select(col(SeenEventRow.event_id).label("id"), col(SeenEventRow.seen_at))
    .where(col(SeenEventRow.workspace_id) == bindparam("here"), col(SeenEventRow.event_id) != "Ev3")
    .where(col(SeenEventRow.event_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(SeenEventRow.event_id))
)
FIXED = select(col(SeenEventRow.event_id)).where(col(SeenEventRow.event_id).in_(["Ev1", "Ev2"]))
LATER = (
    update(SeenEventRow)
    .where(col(SeenEventRow.event_id).in_(bindparam("ids", expanding=True)))
    .values(seen_at=bindparam("now"))
    .returning(col(SeenEventRow.event_id), col(SeenEventRow.seen_at))
)
NEW = sqlite.insert(SeenEventRow.__table__).on_conflict_do_nothing()  # type: ignore[attr-defined]
FLAG = insert(FlagRow.__table__)  # type: ignore[attr-defined]
FLAGS = select(col(FlagRow.remedies), col(FlagRow.why), col(FlagRow.opened_at))


def add(session: Session, *event_ids: str) -> list[int]:
    values = {"workspace_id": HERE, "seen_at": NOON}
    return [fetch(session, NEW, event_id=one, **values).rowcount for one in event_ids]


def by_library(session: Session, statement: Any, **values: Any) -> list[Any]:
    return list(session.connection().execute(statement, values).all())


@pytest.fixture
def only_sqlite(db: Database) -> Database:
    if not db.is_sqlite:
        pytest.skip("the library is asked for everything on PostgreSQL")
    return db


@pytest.mark.parametrize("ids", [["Ev1"], ["Ev3"], ["Ev1", "Ev2", "Ev9"], EVENTS[:64], EVENTS, []], ids=len)
def test_rows_are_those_of_the_library_whatever_the_length_of_a_list(db: Database, ids: list[str]) -> None:
    with db.begin() as session:
        add(session, *EVENTS)
    with db.reading() as session:
        found = fetch(session, SEEN, here=HERE, ids=ids).all()
        assert found == by_library(session, SEEN, here=HERE, ids=ids)
    assert [row.id for row in found] == sorted(set(ids) - {"Ev3"})
    assert all(row.seen_at == NOON and row.seen_at.tzinfo is UTC for row in found)


def test_a_list_that_stands_in_the_statement_is_kept(db: Database) -> None:
    with db.begin() as session:
        add(session, *EVENTS)
        assert sorted(fetch(session, FIXED).scalars()) == ["Ev1", "Ev2"]


def test_a_change_says_how_many_rows_it_made_and_what_they_are_now(db: Database) -> None:
    later = NOON + timedelta(hours=1)
    with db.begin() as session:
        if db.is_sqlite:
            assert add(session, "Ev1", "Ev2", "Ev1") == [1, 1, 0]
        else:
            session.add_all(SeenEventRow(workspace_id=HERE, event_id=one, seen_at=NOON) for one in ("Ev1", "Ev2"))
        assert sorted(fetch(session, LATER, ids=["Ev1", "Ev2"], now=later)) == [("Ev1", later), ("Ev2", later)]


def test_structured_columns_go_in_and_come_out_as_values(only_sqlite: Database) -> None:
    steps = [{"what": "Ask", "by": "U1"}]
    flag = {"workspace_id": HERE, "scope_type": "team", "scope_id": "a", "kind": "k", "grade": "", "band": "",
            "state": "open", "owner_id": "", "remedies": steps, "period": 1, "opened_at": NOON, "play": "",
            "reason": "", "revision": 0, "why": None}  # fmt: skip
    with only_sqlite.begin() as session:
        assert fetch(session, FLAG, **flag).rowcount == 1
        assert fetch(session, FLAGS).all() == by_library(session, FLAGS) == [(steps, None, NOON)]


def test_a_naive_instant_is_refused_here_too(db: Database) -> None:
    with db.begin() as session, pytest.raises(Exception, match="aware"):
        fetch(session, LATER, ids=["Ev1"], now=datetime(2027, 1, 8))


def test_what_the_database_refuses_says_so_without_values(only_sqlite: Database) -> None:
    plain = insert(SeenEventRow.__table__)  # type: ignore[attr-defined]
    with pytest.raises(StorageError, match="refused: IntegrityError") as refused, only_sqlite.begin() as session:
        for _ in range(2):
            fetch(session, plain, workspace_id=HERE, event_id="Ev-secret", seen_at=NOON)
    assert "secret" not in str(refused.value)
    with only_sqlite.reading() as session:
        assert not by_library(session, SEEN, here=HERE, ids=["Ev-secret"])


def test_who_listens_to_statements_hears_of_these_too(db: Database) -> None:
    heard: list[str] = []
    event.listen(db.reader, "before_cursor_execute", lambda *said: heard.append(said[2]))
    with db.reading() as session:
        fetch(session, SEEN, here=HERE, ids=["Ev1"]).all()
    assert [text for text in heard if "seen_events" in text]


def test_what_was_asked_once_is_not_put_together_again(only_sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with only_sqlite.reading() as session:
        fetch(session, SEEN, here=HERE, ids=["Ev1"])
        monkeypatch.setattr(quick, "_understood", None)
        assert fetch(session, SEEN, here=HERE, ids=["Ev1", "Ev2"]).all() == []


def test_many_rows_go_in_at_once_and_are_counted(only_sqlite: Database) -> None:
    rows = [{"workspace_id": HERE, "event_id": one, "seen_at": NOON} for one in EVENTS]
    with only_sqlite.begin() as session:
        add(session, "Ev1")
        assert fetch_many(session, NEW, rows) == len(EVENTS) - 1
        assert len(fetch(session, SEEN, here=HERE, ids=EVENTS).all()) == len(EVENTS) - 1  # Ev3 is left out
