"""What people asked of us, and the conversation we have with each: this module is the only writer of `preferences`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, bindparam, delete, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.store.engine import AnyRow, fetch, fetch_many, fetch_value
from nudges.store.insertions import insert_into
from nudges.store.tables import PreferenceRow


@dataclass(frozen=True)
class Preference:
    """What a person asked of us, and the conversation we have with them."""

    stopped_at: datetime | None = None
    paused_until: datetime | None = None
    introduced_at: datetime | None = None
    channel_id: str = ""
    topics: str = ""
    own_hours: str = ""
    fewer_since: datetime | None = None
    back_at: datetime | None = None

    def is_paused(self, now: datetime) -> bool:
        """Whether the person rests at this instant."""
        return self.paused_until is not None and now < self.paused_until


NO_WISH = Preference()
# Asked for every message, so built once.
WISH_NAMES = tuple(field.name for field in fields(Preference))
WISH_COLUMNS = (col(PreferenceRow.person_id), *(getattr(PreferenceRow, name) for name in WISH_NAMES))
ONE_WISH = select(*WISH_COLUMNS).where(
    col(PreferenceRow.workspace_id) == bindparam("workspace_id"), col(PreferenceRow.person_id) == bindparam("person_id")
)

SEVERAL_WISHES = select(*WISH_COLUMNS).where(
    col(PreferenceRow.workspace_id) == bindparam("workspace_id"),
    col(PreferenceRow.person_id).in_(bindparam("ids", expanding=True)),
)


def preference(session: Session, workspace_id: str, person_id: str) -> Preference:
    """Return what the person asked of us; the defaults when they never did."""
    return fetch_value(session, ONE_WISH, _to_preference, workspace_id=workspace_id, person_id=person_id) or NO_WISH


def preferences(session: Session, workspace_id: str) -> dict[str, Preference]:
    """Return the preferences of all who have any."""
    statement = select(*WISH_COLUMNS).where(col(PreferenceRow.workspace_id) == workspace_id)
    return {row[0]: Preference(*row[1:]) for row in session.execute(statement)}


def preferences_of(session: Session, workspace_id: str, person_ids: Sequence[str]) -> dict[str, Preference]:
    """Return what each of these people asked of us; the defaults for who never did."""
    rows = {row[0]: row for row in fetch(session, SEVERAL_WISHES, workspace_id=workspace_id, ids=person_ids)}
    return {one: _to_preference(rows[one]) if one in rows else NO_WISH for one in person_ids}


def change_preference(session: Session, workspace_id: str, person_id: str, **changes: Any) -> Preference:
    """Store the changed fields and return all of them."""
    statement = _changing(session.get_bind().dialect.name, *sorted(changes))
    values = {"workspace_id": workspace_id, "person_id": person_id} | NO_WISH.__dict__ | changes
    return Preference(*fetch(session, statement, **values).one())


def change_preferences(session: Session, workspace_id: str, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """Store the changed fields of several people, by person."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for person_id, changed in changes.items():
        values = {"workspace_id": workspace_id, "person_id": person_id, **NO_WISH.__dict__, **changed}
        alike.setdefault(tuple(sorted(changed)), []).append(values)
    for names, rows in alike.items():
        fetch_many(session, _changing(session.get_bind().dialect.name, *names, is_told=False), rows)


def _to_preference(row: AnyRow) -> Preference:
    return Preference(*row[1:])


@lru_cache(maxsize=32)
def _changing(dialect: str, *names: str, is_told: bool = True) -> Executable:
    everything = ("workspace_id", "person_id", *WISH_NAMES)
    new = insert_into(dialect, PreferenceRow.__table__)  # type: ignore[attr-defined]
    new = new.values({name: bindparam(name) for name in everything})
    changed = {name: new.excluded[name] for name in names}
    upsert = new.on_conflict_do_update(index_elements=["workspace_id", "person_id"], set_=changed)
    return upsert.returning(*(getattr(PreferenceRow, name) for name in WISH_NAMES)) if is_told else upsert


def erase(session: Session, workspace_id: str, person_ids: Sequence[str]) -> None:
    """Forget the wishes of these people."""
    mine = (col(PreferenceRow.workspace_id) == workspace_id, col(PreferenceRow.person_id).in_(person_ids))
    session.execute(delete(PreferenceRow).where(*mine).execution_options(synchronize_session=False))


def count_wishes(session: Session, workspace_id: str, now: datetime) -> tuple[int, int]:
    """Return how many have stopped and how many rest."""
    here = col(PreferenceRow.workspace_id) == workspace_id
    stopped = session.execute(select(func.count()).where(here, col(PreferenceRow.stopped_at).is_not(None))).scalar_one()
    paused = session.execute(select(func.count()).where(here, col(PreferenceRow.paused_until) > now)).scalar_one()
    return stopped, paused
