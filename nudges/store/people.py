"""Who there is and what they asked of us: this module is the only writer of `people`, `preferences` and `forgotten`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.people import Person, PersonKind
from nudges.store.engine import rows_changed
from nudges.store.tables import ForgottenRow, PersonRow, PreferenceRow

FILE_FIELDS = (
    "department", "place", "country", "region", "role", "title",
    "team", "manager_id", "language", "hours", "working_days",
)  # fmt: skip
_PERSON_COLUMNS = (
    col(PersonRow.person_id), col(PersonRow.kind), col(PersonRow.first_name), col(PersonRow.slack_zone),
    *(getattr(PersonRow, name) for name in FILE_FIELDS), col(PersonRow.attributes),
)  # fmt: skip
_BATCH = 500


@dataclass(frozen=True)
class Preference:
    """What a person asked of us, and the conversation we have with them."""

    stopped_at: datetime | None = None
    paused_until: datetime | None = None
    introduced_at: datetime | None = None
    channel_id: str = ""

    def is_paused(self, now: datetime) -> bool:
        """Whether the person rests at this instant."""
        return self.paused_until is not None and now < self.paused_until


def upsert_directory(session: Session, workspace_id: str, people: Iterable[Person], now: datetime) -> int:
    """Take over what Slack says of everybody; the people file's columns stay. Return how many there are.

    People whom Slack no longer lists are marked deactivated, never deleted: their deliveries still need an owner.
    """
    known = set(session.execute(select(col(PersonRow.person_id)).where(_here(workspace_id))).scalars())
    listed = list(people)
    fresh = [person for person in listed if person.person_id not in known]
    if fresh:
        session.execute(insert(PersonRow), [_new_row(workspace_id, person, now) for person in fresh])
    changes = [_directory_values(workspace_id, person, now) for person in listed if person.person_id in known]
    if changes:
        session.execute(update(PersonRow), changes)
    gone = known - {person.person_id for person in listed}
    for batch in _batches(sorted(gone)):
        where = (_here(workspace_id), col(PersonRow.person_id).in_(batch), col(PersonRow.is_in_directory))
        session.execute(update(PersonRow).where(*where).values(kind=PersonKind.DEACTIVATED, updated_at=now))
    return len(listed)


def upsert_file(session: Session, workspace_id: str, people: Sequence[Person], now: datetime) -> int:
    """Take over the people file: its columns replace the stored ones, absent people lose theirs. Return its length."""
    known = set(session.execute(select(col(PersonRow.person_id)).where(_here(workspace_id))).scalars())
    blank = dict.fromkeys(FILE_FIELDS, "")
    session.execute(update(PersonRow).where(_here(workspace_id)).values(**blank, attributes={}, updated_at=now))
    fresh = [person for person in people if person.person_id not in known]
    if fresh:
        rows = [_new_row(workspace_id, person, now) | {"is_in_directory": False} for person in fresh]
        session.execute(insert(PersonRow), rows)
    changes = [_file_values(workspace_id, person, now) for person in people if person.person_id in known]
    if changes:
        session.execute(update(PersonRow), changes)
    return len(people)


def person(session: Session, workspace_id: str, person_id: str) -> Person | None:
    """Return one person, or None."""
    statement = select(*_PERSON_COLUMNS).where(_here(workspace_id), col(PersonRow.person_id) == person_id)
    row = session.execute(statement).one_or_none()
    return _to_person(row) if row else None


def everybody(session: Session, workspace_id: str) -> Iterator[Person]:
    """Give all people of the workspace in the order of their ids, as plain rows read in batches."""
    statement = select(*_PERSON_COLUMNS).where(_here(workspace_id)).order_by(col(PersonRow.person_id))
    for row in session.execute(statement.execution_options(yield_per=_BATCH)):
        yield _to_person(row)


def first_seen(session: Session, workspace_id: str) -> dict[str, datetime]:
    """Return when each person was first seen."""
    statement = select(col(PersonRow.person_id), col(PersonRow.first_seen_at)).where(_here(workspace_id))
    return {row[0]: row[1] for row in session.execute(statement)}


def preference(session: Session, workspace_id: str, person_id: str) -> Preference:
    """Return what the person asked of us; the defaults when they never did."""
    row = session.get(PreferenceRow, (workspace_id, person_id))
    return _to_preference(row) if row else Preference()


def preferences(session: Session, workspace_id: str) -> dict[str, Preference]:
    """Return the preferences of all who have any."""
    rows = session.execute(select(PreferenceRow).where(col(PreferenceRow.workspace_id) == workspace_id)).scalars()
    return {row.person_id: _to_preference(row) for row in rows}


def change_preference(session: Session, workspace_id: str, person_id: str, **changes: Any) -> Preference:
    """Store the changed fields and return all of them."""
    row = session.get(PreferenceRow, (workspace_id, person_id))
    if row is None:
        row = PreferenceRow(workspace_id=workspace_id, person_id=person_id)
    for name, value in changes.items():
        setattr(row, name, value)
    session.add(row)
    return _to_preference(row)


def erase(session: Session, workspace_id: str, person_id: str, hashed: str, now: datetime) -> None:
    """Forget the person's row and wishes, and leave a keyed tombstone so that no sync brings them back."""
    session.execute(delete(PersonRow).where(_here(workspace_id), col(PersonRow.person_id) == person_id))
    mine = (col(PreferenceRow.workspace_id) == workspace_id, col(PreferenceRow.person_id) == person_id)
    session.execute(delete(PreferenceRow).where(*mine))
    if session.get(ForgottenRow, (workspace_id, hashed)) is None:
        session.add(ForgottenRow(workspace_id=workspace_id, person_hash=hashed, forgotten_at=now))


def lift_tombstone(session: Session, workspace_id: str, hashed: str) -> bool:
    """Let a forgotten person begin anew, because they asked; True when there was a tombstone."""
    where = (col(ForgottenRow.workspace_id) == workspace_id, col(ForgottenRow.person_hash) == hashed)
    return rows_changed(session, delete(ForgottenRow).where(*where)) == 1


def forgotten(session: Session, workspace_id: str) -> frozenset[str]:
    """Return the hashes of all who asked to be forgotten."""
    statement = select(col(ForgottenRow.person_hash)).where(col(ForgottenRow.workspace_id) == workspace_id)
    return frozenset(session.execute(statement).scalars())


def count_wishes(session: Session, workspace_id: str, now: datetime) -> tuple[int, int]:
    """Return how many have stopped and how many rest."""
    here = col(PreferenceRow.workspace_id) == workspace_id
    stopped = session.execute(select(func.count()).where(here, col(PreferenceRow.stopped_at).is_not(None))).scalar_one()
    paused = session.execute(select(func.count()).where(here, col(PreferenceRow.paused_until) > now)).scalar_one()
    return stopped, paused


def _here(workspace_id: str) -> Any:
    return col(PersonRow.workspace_id) == workspace_id


def _to_person(row: Any) -> Person:
    values = row._mapping
    kept = {name: values[name] for name in FILE_FIELDS}
    return Person(
        person_id=values["person_id"],
        kind=PersonKind(values["kind"]),
        first_name=values["first_name"],
        zone=values["slack_zone"],
        attributes=values["attributes"] or {},
        **kept,
    )


def _to_preference(row: PreferenceRow) -> Preference:
    return Preference(row.stopped_at, row.paused_until, row.introduced_at, row.channel_id)


def _new_row(workspace_id: str, person: Person, now: datetime) -> dict[str, Any]:
    values = _directory_values(workspace_id, person, now) | _file_values(workspace_id, person, now)
    return values | {"first_seen_at": now}


def _directory_values(workspace_id: str, person: Person, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id,
        "person_id": person.person_id,
        "kind": person.kind.value,
        "first_name": person.first_name,
        "slack_zone": person.zone,
        "is_in_directory": True,
        "updated_at": now,
    }


def _file_values(workspace_id: str, person: Person, now: datetime) -> dict[str, Any]:
    values = {name: getattr(person, name) for name in FILE_FIELDS}
    key = {"workspace_id": workspace_id, "person_id": person.person_id}
    return values | key | {"attributes": dict(person.attributes), "updated_at": now}


def _batches(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]
