"""Asking the database what was built once: this module runs such a statement, and a reading session runs it once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Executable, Row
from sqlalchemy.orm import Session

from nudges.store.quick import QuickResult, driver_of, run_many_quickly, run_quickly

AnyRow = Row[*tuple[Any, ...]]
Values = tuple[Any, ...]
AnyResult = CursorResult[*tuple[Any, ...]] | QuickResult
T = TypeVar("T")
SEEN = "seen"  # where a reading session keeps the rows it has looked at
MADE = "made"  # and what was made of them; see also nudges/store/once.py
_CONNECTION = "connection"


def fetch(session: Session, statement: Executable, **values: Any) -> AnyResult:
    """Run a statement that was built once, past the object layer; what the session holds back is written first.

    Building a statement anew takes several times as long as running it, which counts where it is asked per message.
    """
    connection, driver = _connection(session)
    found = None if driver is None else run_quickly(driver, connection.dialect, statement, values)
    return connection.execute(statement, values) if found is None else found


def fetch_many(session: Session, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> int:
    """Run a statement that was built once for each of these values; return how many rows it changed in all."""
    if not rows:
        return 0
    connection, driver = _connection(session)
    changed = None if driver is None else run_many_quickly(driver, connection.dialect, statement, rows)
    return int(connection.execute(statement, rows).rowcount) if changed is None else changed


def _connection(session: Session) -> tuple[Connection, Any]:
    """Return the session's connection, and the driver's own where statements may be run past the library."""
    # What only reads holds nothing back, and looking for it takes longer than a small statement.
    if SEEN not in session.info and (session.new or session.dirty or session.deleted):
        session.flush()
    found: tuple[Connection, Any] | None = session.info.get(_CONNECTION)
    if found is None:
        # One session is one transaction here, so its connection stays the same.
        connection = session.connection()
        found = session.info[_CONNECTION] = (connection, driver_of(connection))
    return found


def fetch_all(session: Session, statement: Executable, **values: Any) -> Sequence[AnyRow]:
    """Return the rows of a statement that was built once; a reading session asks for the same rows only once.

    What a reading session sees is one state of the data, so asking again could not answer anything else.
    """
    seen: dict[Any, Sequence[AnyRow]] | None = session.info.get(SEEN)
    if seen is None:
        return fetch(session, statement, **values).all()
    key = (statement, *values.values())
    if key not in seen:
        seen[key] = fetch(session, statement, **values).all()
    return seen[key]


def fetch_one(session: Session, statement: Executable, **values: Any) -> AnyRow | None:
    """Return the one row of a statement that was built once, or None; asked once by a reading session, as above."""
    rows = fetch_all(session, statement, **values)
    return rows[0] if rows else None


def fetch_value(session: Session, statement: Executable, make: Callable[[AnyRow], T], **values: Any) -> T | None:
    """Return what is made of the one row, or None; a reading session makes it once and gives the same value again."""
    made: dict[Any, T | None] | None = session.info.get(MADE)
    key = (make, statement, *values.values())
    if made is not None and key in made:
        return made[key]
    row = fetch_one(session, statement, **values)
    value = None if row is None else make(row)
    if made is not None:
        made[key] = value
    return value


def fetch_ahead(session: Session, statement: Executable, found: Mapping[Values, Sequence[AnyRow]]) -> None:
    """Give a reading session the rows of a statement for these values beforehand, so that it need not ask."""
    seen: dict[Any, Sequence[AnyRow]] = session.info[SEEN]
    for values, rows in found.items():
        seen[(statement, *values)] = rows
