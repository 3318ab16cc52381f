"""Slack's word and the people file's, joined: this module holds which of the two is believed."""

from dataclasses import replace
from datetime import UTC, datetime

from nudges.domain.people.people import Person
from nudges.store import people
from nudges.store.engine import Database

HERE = "T0HERE"
NOW = datetime(2027, 1, 12, 10, tzinfo=UTC)
LISTED = Person("U0ANA", first_name="Ana", zone="Europe/Lisbon", title="Agent", language="pt")


def stored(db: Database) -> Person | None:
    with db.reading() as session:
        return people.person(session, HERE, "U0ANA")


def test_where_the_people_file_is_silent_slacks_title_and_language_count(db: Database) -> None:
    with db.begin() as session:
        people.upsert_directory(session, HERE, [LISTED], NOW)
        people.upsert_file(session, HERE, [Person("U0ANA", department="Service")], NOW)
    assert stored(db) == replace(LISTED, department="Service")


def test_where_the_people_file_speaks_it_is_believed_and_a_later_reading_does_not_undo_it(db: Database) -> None:
    with db.begin() as session:
        people.upsert_directory(session, HERE, [LISTED], NOW)
        people.upsert_file(session, HERE, [Person("U0ANA", title="Senior agent", language="en")], NOW)
        people.upsert_directory(session, HERE, [replace(LISTED, title="Boss")], NOW)
    assert stored(db) == replace(LISTED, title="Senior agent", language="en")
