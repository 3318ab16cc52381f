"""Who there is: this module writes `people`, all but what Slack says of them; what people wish is in `wishes`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.people.people import Person, PersonKind
from nudges.domain.people.samples import lot_of
from nudges.store import forgotten, wishes
from nudges.store.engine import fetch, fetch_all, fetch_value, rows_changed
from nudges.store.listed_people import directory_values
from nudges.store.listed_people import upsert_directory as upsert_directory
from nudges.store.tables import PersonRow, PreferenceRow
from nudges.store.wishes import ONE_WISH as ONE_WISH
from nudges.store.wishes import WISH_COLUMNS as WISH_COLUMNS
from nudges.store.wishes import Preference as Preference
from nudges.store.wishes import change_preference as change_preference
from nudges.store.wishes import change_preferences as change_preferences
from nudges.store.wishes import count_wishes as count_wishes
from nudges.store.wishes import preference as preference
from nudges.store.wishes import preferences as preferences
from nudges.store.wishes import preferences_of as preferences_of

FILE_FIELDS = (
    "department", "place", "country", "region", "role", "title",
    "team", "manager_id", "language", "hours", "working_days",
)  # fmt: skip
PERSON_COLUMNS = (
    col(PersonRow.person_id), col(PersonRow.kind), col(PersonRow.first_name), col(PersonRow.slack_zone),
    col(PersonRow.slack_title), col(PersonRow.slack_language),
    *(getattr(PersonRow, name) for name in FILE_FIELDS), col(PersonRow.attributes),
    # A wish, but whoever asks for somebody's working time must not be able to forget it.
    select(col(PreferenceRow.own_hours))
    .where(
        col(PreferenceRow.workspace_id) == col(PersonRow.workspace_id),
        col(PreferenceRow.person_id) == col(PersonRow.person_id),
    )
    .correlate(PersonRow)
    .scalar_subquery()
    .label("own_hours"),
)  # fmt: skip
_BATCH = 500


# Asked for every message, so built once.
ONE_PERSON = select(*PERSON_COLUMNS).where(
    col(PersonRow.workspace_id) == bindparam("workspace_id"), col(PersonRow.person_id) == bindparam("person_id")
)
_SEVERAL = select(*PERSON_COLUMNS).where(
    col(PersonRow.workspace_id) == bindparam("workspace_id"),
    col(PersonRow.person_id).in_(bindparam("ids", expanding=True)),
)
_REPORTS = select(*PERSON_COLUMNS).where(
    col(PersonRow.workspace_id) == bindparam("workspace_id"), col(PersonRow.manager_id) == bindparam("manager_id")
)


def upsert_file(session: Session, workspace_id: str, people: Sequence[Person], now: datetime) -> int:
    """Take over the people file: its columns replace the stored ones, absent people lose theirs. Return its length."""
    known = _known(session, workspace_id, *FILE_FIELDS, "attributes")
    listed = {person.person_id: person for person in people}
    # Somebody whom Slack has not listed yet is nobody to write to: the next reading of the directory says who it is.
    unlisted = {"is_in_directory": False, "kind": PersonKind.STRANGER.value}
    for batch in _batches([id_ for id_ in listed if id_ not in known]):
        rows = [_new_row(workspace_id, now, filed=listed[id_]) | unlisted for id_ in batch]
        session.execute(insert(PersonRow), rows)
    for batch in _batches(list(known)):
        wanted = [_file_values(listed.get(id_) or Person(id_)) for id_ in batch]
        _update_changed(session, workspace_id, known=known, wanted=wanted, now=now)
    return len(people)


def person(session: Session, workspace_id: str, person_id: str) -> Person | None:
    """Return one person, or None."""
    return fetch_value(session, ONE_PERSON, _to_person, workspace_id=workspace_id, person_id=person_id)


def reports_of(session: Session, workspace_id: str, manager_id: str) -> list[Person]:
    """Return who reports to this person; a reading session looks it up once."""
    rows = fetch_all(session, _REPORTS, workspace_id=workspace_id, manager_id=manager_id)
    return [_to_person(row) for row in rows]


def several(session: Session, workspace_id: str, person_ids: Sequence[str]) -> dict[str, Person]:
    """Return these people by id; who is not known is absent."""
    found: dict[str, Person] = {}
    for batch in _batches(person_ids):
        rows = fetch(session, _SEVERAL, workspace_id=workspace_id, ids=list(batch))
        found |= {row.person_id: _to_person(row) for row in rows}
    return found


def everybody(session: Session, workspace_id: str) -> Iterator[Person]:
    """Give all people of the workspace in the order of their ids, as plain rows read in batches."""
    statement = select(*PERSON_COLUMNS).where(_here(workspace_id)).order_by(col(PersonRow.person_id))
    for row in session.execute(statement.execution_options(yield_per=_BATCH)):
        yield _to_person(row)


def is_anybody_known(session: Session, workspace_id: str) -> bool:
    """Return whether the directory has been read and somebody was in it."""
    return session.execute(select(col(PersonRow.person_id)).where(_here(workspace_id)).limit(1)).first() is not None


def those(session: Session, where: Any, *more: Any) -> Iterator[tuple[Person, tuple[Any, ...]]]:
    """Give the people whom the condition holds, in the order of their ids, each with these values of their own."""
    statement = select(*PERSON_COLUMNS, *more).where(where).order_by(col(PersonRow.person_id))
    for row in session.execute(statement.execution_options(yield_per=_BATCH)):
        yield _to_person(row), tuple(row)[len(PERSON_COLUMNS) :]


def first_seen(session: Session, workspace_id: str) -> dict[str, datetime]:
    """Return when each person was first seen."""
    statement = select(col(PersonRow.person_id), col(PersonRow.first_seen_at)).where(_here(workspace_id))
    return {row[0]: row[1] for row in session.execute(statement)}


def erase(session: Session, workspace_id: str, person_id: str, hashed: str, now: datetime) -> None:
    """Forget the person's row and wishes, and leave a keyed tombstone so that no sync brings them back."""
    session.execute(delete(PersonRow).where(_here(workspace_id), col(PersonRow.person_id) == person_id))
    wishes.erase(session, workspace_id, [person_id])
    forgotten.add(session, workspace_id, hashed, now)


def rename_manager(session: Session, workspace_id: str, *, old: str, new: str) -> None:
    """Put something else in the place of a manager's id, so that their team stays a team."""
    where = (_here(workspace_id), col(PersonRow.manager_id) == old)
    rows_changed(session, update(PersonRow).where(*where).values(manager_id=new))


def prune_leavers(session: Session, workspace_id: str, before: datetime) -> int:
    """Forget the wishes and columns of those who left before the instant; return how many."""
    gone = (_here(workspace_id), col(PersonRow.kind) == PersonKind.DEACTIVATED, col(PersonRow.updated_at) < before)
    for batch in _batches(ids := list(session.execute(select(col(PersonRow.person_id)).where(*gone)).scalars())):
        wishes.erase(session, workspace_id, batch)
        row = (_here(workspace_id), col(PersonRow.person_id).in_(batch))
        blank = dict.fromkeys(FILE_FIELDS, "")
        rows_changed(session, update(PersonRow).where(*row).values(attributes={}, **blank))
    return len(ids)


def _here(workspace_id: str) -> Any:
    return col(PersonRow.workspace_id) == workspace_id


def _to_person(row: Any) -> Person:
    values = row._mapping
    kept = {name: values[name] for name in FILE_FIELDS}
    # The people file knows better than Slack where it says something.
    kept["title"] = kept["title"] or values["slack_title"]
    kept["language"] = kept["language"] or values["slack_language"]
    return Person(
        person_id=values["person_id"],
        kind=PersonKind(values["kind"]),
        first_name=values["first_name"],
        zone=values["slack_zone"],
        attributes=values["attributes"] or {},
        own_hours=values["own_hours"] or "",
        **kept,
    )


def _known(
    session: Session, workspace_id: str, *columns: str, among: Sequence[str] | None = None
) -> dict[str, dict[str, Any]]:
    statement = select(col(PersonRow.person_id), *(getattr(PersonRow, name) for name in columns))
    these = () if among is None else (col(PersonRow.person_id).in_(among),)
    rows = session.execute(statement.where(_here(workspace_id), *these)).mappings()
    return {row["person_id"]: dict(row) for row in rows}


def _update_changed(
    session: Session,
    workspace_id: str,
    *,
    known: Mapping[str, Mapping[str, Any]],
    wanted: Iterable[dict[str, Any]],
    now: datetime,
) -> None:
    """Write only what differs: a directory of any size is read every few hours and hardly ever changes."""
    changed = (values for values in wanted if values != known[values["person_id"]])
    changes = [values | {"workspace_id": workspace_id, "updated_at": now} for values in changed]
    if changes:
        session.execute(update(PersonRow), changes)


def _new_row(
    workspace_id: str, now: datetime, *, listed: Person | None = None, filed: Person | None = None
) -> dict[str, Any]:
    """Return a row of somebody whom Slack lists or the file names; the other side is blank until it speaks."""
    nobody = Person((listed or filed or Person("")).person_id)
    seen = {"workspace_id": workspace_id, "lot": lot_of(nobody.person_id), "first_seen_at": now, "updated_at": now}
    return directory_values(listed or nobody) | _file_values(filed or nobody) | seen


def _file_values(person: Person) -> dict[str, Any]:
    values = {name: getattr(person, name) for name in FILE_FIELDS}
    return values | {"person_id": person.person_id, "attributes": dict(person.attributes)}


def _batches(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]
