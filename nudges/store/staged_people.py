"""A directory kept aside until it is complete: this module holds it in a file without a name, which ends with its use.

A reading that breaks off must leave nothing behind, and a hundred thousand people are more than memory should hold. The
file is SQLite's own way of keeping something for a while, whatever the app's database is.
"""

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TextIO

from nudges.domain.people.people import Person, PersonKind

FIELDS = ("person_id", "kind", "first_name", "zone", "title", "language")  # what Slack says of a person
_TABLE = "CREATE TABLE listed (number INTEGER PRIMARY KEY, person_id TEXT NOT NULL UNIQUE, said TEXT NOT NULL)"
# Somebody who is on two pages, because the list moved while it was read, counts as first read.
_KEEP = "INSERT OR IGNORE INTO listed (person_id, said) VALUES (?, ?)"
_MISSING = "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT person_id FROM listed)"


class StagedPeople:
    """People that were read to the end, each once; may be gone through more than once."""

    def __init__(self, aside: sqlite3.Connection) -> None:
        self._aside = aside

    def __iter__(self) -> Iterator[Person]:
        for (said,) in self._aside.execute("SELECT said FROM listed ORDER BY number"):
            person_id, kind, *words = json.loads(said)
            yield Person(person_id, PersonKind(kind), **dict(zip(FIELDS[2:], words, strict=True)))

    def missing(self, ids: Sequence[str]) -> list[str]:
        """Return which of these are not listed."""
        return [found for (found,) in self._aside.execute(_MISSING, (json.dumps(list(ids)),))]


@contextmanager
def staged(people: Iterable[Person]) -> Iterator[StagedPeople]:
    """Read everybody, then give them; raises what reading raises, and nothing is left then."""
    # No name: a file of its own that nobody else can open, and that is gone with the connection.
    with closing(sqlite3.connect("", isolation_level=None)) as aside:
        aside.execute(_TABLE)
        aside.execute("BEGIN")
        aside.executemany(_KEEP, ((one.person_id, _said(one)) for one in people))
        yield StagedPeople(aside)


class KeptLines:
    """Texts of one line each, kept in a file without a name; may be gone through more than once."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def replace(self, lines: Iterable[str]) -> None:
        """Keep these and no others."""
        self._file.seek(0)
        self._file.truncate()
        self._file.writelines(f"{line}\n" for line in lines)

    def __iter__(self) -> Iterator[str]:
        self._file.seek(0)
        yield from self._file


@contextmanager
def kept_lines() -> Iterator[KeptLines]:
    """Give a place for lines, which ends with its use."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        yield KeptLines(file)


def _said(person: Person) -> str:
    return json.dumps([getattr(person, name) for name in FIELDS])
