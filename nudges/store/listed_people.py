"""Slack's side of `people`: this module finds what a directory changes, and writes just that, many people at a time.

What differs is found while others write. Then it is stored in one transaction, so everybody sees the directory as it
was or as it is now; what is written there is ready as text, so that clicks wait as short a time as can be.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import JSON, BigInteger, Select, Text, UpdateBase, bindparam, cast, func, literal_column, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.people.people import Person, PersonKind
from nudges.domain.people.samples import lot_of
from nudges.store.engine import AnyRow, UtcDateTime, fetch
from nudges.store.insertions import insert_into
from nudges.store.tables import PersonRow

PART = 500
_WORDS = ("kind", "first_name", "slack_zone", "slack_title", "slack_language")
_SAID = ("person_id", *_WORDS, "lot")
_FROM_SLACK = (*_WORDS, "is_in_directory")
_FROM_FILE = (
    "department", "place", "country", "region", "role", "title",
    "team", "manager_id", "language", "hours", "working_days",
)  # fmt: skip
_HERE = col(PersonRow.workspace_id) == bindparam("workspace_id")
_KNOWN = select(col(PersonRow.person_id), *(getattr(PersonRow, name) for name in _FROM_SLACK)).where(
    _HERE, col(PersonRow.person_id).in_(bindparam("among", expanding=True))
)
# Ordered as the key is, so that many are read in parts and not held at once.
_IN_DIRECTORY = (
    select(col(PersonRow.person_id))
    .where(_HERE, col(PersonRow.is_in_directory), col(PersonRow.person_id) > bindparam("after"))
    .order_by(col(PersonRow.person_id))
    .limit(PART)
)
Missing = Callable[[Sequence[str]], Sequence[str]]


def changes(session: Session, workspace_id: str, listed: Iterable[Person], missing: Missing) -> Iterator[str]:
    """Give, ready for `take_over`, whoever is new or differs, and who is in the directory but not listed any more.

    Each is listed once; `missing` says which of some ids are not. Who is gone is marked, never deleted: their
    deliveries still need an owner. It hardly ever changes anything, and it is read every few hours.
    """
    people = iter(listed)
    while batch := list(islice(people, PART)):
        yield from _differing(session, workspace_id, batch)
    after = ""
    while there := fetch(session, _IN_DIRECTORY, workspace_id=workspace_id, after=after).scalars().all():
        gone = [Person(person_id, PersonKind.DEACTIVATED) for person_id in missing(there)]
        if gone:
            yield from _differing(session, workspace_id, gone)
        after = there[-1]


def take_over(session: Session, workspace_id: str, changed: Iterable[str], now: datetime) -> None:
    """Store what has changed; the people file's columns stay."""
    statement = _storing(session.get_bind().dialect.name)
    for rows in changed:
        fetch(session, statement, in_workspace=workspace_id, now=now, rows=rows)


def upsert_directory(session: Session, workspace_id: str, people: Iterable[Person], now: datetime) -> int:
    """Take over what Slack says of everybody, within the caller's transaction; return how many there are."""
    listed: dict[str, Person] = {}
    for person in people:
        listed.setdefault(person.person_id, person)

    def missing(ids: Sequence[str]) -> Sequence[str]:
        return [person_id for person_id in ids if person_id not in listed]

    take_over(session, workspace_id, list(changes(session, workspace_id, listed.values(), missing)), now)
    return len(listed)


def directory_values(person: Person) -> dict[str, Any]:
    """Return what Slack says of somebody, by column."""
    has_left = person.kind == PersonKind.DEACTIVATED  # of a leaver we need to know that they left, and no more
    return {
        "person_id": person.person_id,
        "kind": person.kind.value,
        "first_name": "" if has_left else person.first_name,
        "slack_zone": "" if has_left else person.zone,
        "slack_title": "" if has_left else person.title,
        "slack_language": "" if has_left else person.language,
        "is_in_directory": True,
    }


def _differing(session: Session, workspace_id: str, batch: Sequence[Person]) -> Iterator[str]:
    found = fetch(session, _KNOWN, workspace_id=workspace_id, among=[person.person_id for person in batch])
    known: dict[str, AnyRow] = {row[0]: row for row in found}
    wanted = (directory_values(person) for person in batch)
    rows = [
        {**values, "lot": lot_of(values["person_id"])}
        for values in wanted
        if tuple(known.get(values["person_id"], ())) != tuple(values.values())
    ]
    if rows:
        yield json.dumps(rows)


@lru_cache(maxsize=2)
def _storing(dialect: str) -> UpdateBase:
    """Return what writes these rows, new or known; `rows` is JSON, so a batch costs little more than one."""
    is_postgres = dialect == "postgresql"
    columns = {
        "workspace_id": bindparam("in_workspace", type_=Text()),
        **{name: literal_column("''") for name in _FROM_FILE},
        "attributes": literal_column("'{}'"),
        "is_in_directory": literal_column("true"),
        **{name: bindparam("now", type_=UtcDateTime()) for name in ("first_seen_at", "updated_at")},
    }
    said = _said_postgres() if is_postgres else _said_sqlite()
    each = said.subquery("each_listed")
    spread = {name: each.c[name] for name in _SAID}
    values: list[Any] = [*columns.values(), *spread.values()]
    # Without a condition SQLite takes what follows for that of a join.
    rows = select(*values).select_from(each).where(text("true"))
    insertion = insert_into(dialect, PersonRow)
    new = insertion.from_select([*columns, *spread], rows, include_defaults=False)
    replaced = {name: new.excluded[name] for name in (*_FROM_SLACK, "updated_at")}
    return new.on_conflict_do_update(index_elements=["workspace_id", "person_id"], set_=replaced)


def _said_sqlite() -> Select[Any]:
    each = func.json_each(bindparam("rows", type_=Text())).table_valued("value", name="one")
    return select(*(func.json_extract(each.c.value, f"$.{name}").label(name) for name in _SAID))


def _said_postgres() -> Select[Any]:
    rows = cast(bindparam("rows", type_=Text()), JSON)
    value = func.json_array_elements(rows).table_valued("value", name="one").c.value
    *words, lot = (value.op("->>")(name) for name in _SAID)
    return select(
        *(word.label(name) for word, name in zip(words, _SAID, strict=False)), cast(lot, BigInteger()).label("lot")
    )
