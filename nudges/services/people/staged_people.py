"""A directory kept aside until it is complete: this module writes it to a file without a name, which ends with its use.

A reading that breaks off must leave nothing behind, and a hundred thousand people are more than memory should hold.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

from nudges.domain.people.people import Person, PersonKind

FIELDS = ("person_id", "kind", "first_name", "zone", "title", "language")  # what Slack says of a person


class StagedPeople:
    """People that were read to the end; may be gone through more than once."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def __iter__(self) -> Iterator[Person]:
        self._file.seek(0)
        for line in self._file:
            person_id, kind, *words = json.loads(line)
            yield Person(person_id, PersonKind(kind), **dict(zip(FIELDS[2:], words, strict=True)))


@contextmanager
def staged(people: Iterable[Person]) -> Iterator[StagedPeople]:
    """Read everybody, then give them; raises what reading raises, and nothing is left then."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        for person in people:
            file.write(json.dumps([getattr(person, name) for name in FIELDS]) + "\n")
        yield StagedPeople(file)
